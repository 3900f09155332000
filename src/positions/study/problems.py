"""What is wrong with a study: one `Problem` per fault, located and with its fix."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable

import pandas as pd

from positions.study.unicode_checks import visible

ERROR, WARNING, NOTE = "error", "warning", "note"
_COLOURS = {ERROR: "\033[31m", WARNING: "\033[33m", NOTE: "\033[36m"}
_RANK = {ERROR: 0, WARNING: 1, NOTE: 2}


@dataclasses.dataclass(frozen=True)
class Problem:
    """One fault in a study's files.

    Attributes
    ----------
    severity
        `error`, `warning` or `note`.
    file, line, column
        Where it stands; `line` is the physical line on which the record starts (1 is the header,
        0 means the file as a whole).
    record
        The record, counted from 1 without the header.
    rule
        A stable code.
    value
        The text found.
    message, fix
        What is wrong, and what to do.

    Examples
    --------
    >>> import positions as ps
    >>> study, problems = ps.check("no-such-folder")
    >>> problems[0].severity, problems[0].where(), problems[0].fix
    ('error', 'datapackage.json', 'name a study folder with it')
    """

    severity: str
    file: str
    line: int
    record: int
    column: str
    rule: str
    value: str
    message: str
    fix: str

    def where(self) -> str:
        """Return file, line and column as editors write them."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return visible(f"{place} [{self.column}]" if self.column else place, 200)


class StudyError(Exception):
    """A study was refused; `problems` holds every fault found, worst first.

    Examples
    --------
    >>> import positions as ps
    >>> try:
    ...     ps.read("no-such-folder")
    ... except ps.StudyError as refused:
    ...     print(len(refused.problems), refused.problems[0].file)
    1 datapackage.json
    """

    def __init__(self, problems: Iterable[Problem]):
        self.problems = in_order(problems)
        errors = [problem for problem in self.problems if problem.severity == ERROR]
        super().__init__(f"the study is refused: {count(errors)}\n{as_text(errors)}")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repeats: errors first, then by file, line, column, rule."""
    return sorted(
        set(problems),
        key=lambda p: (
            (_RANK[p.severity], p.file, p.line, p.record, p.column, p.rule),
            (p.value, p.message, p.fix),
        ),
    )


def count(problems: Iterable[Problem]) -> str:
    """Say in words how many errors, warnings and notes there are."""
    found = [problem.severity for problem in problems]
    words = []
    for severity in (ERROR, WARNING, NOTE):
        number = found.count(severity)
        if number:
            words.append(f"{number} {severity}{'' if number == 1 else 's'}")
    return ", ".join(words) or "no problem"


def as_text(problems: Iterable[Problem], colour: bool = False) -> str:
    """Write the problems for people: where, what, and the fix, two lines each."""
    lines = []
    for p in problems:
        head = f"{p.severity}: {p.rule}"
        if colour:
            head = f"{_COLOURS[p.severity]}{head}\033[0m"
        record = f" (record {p.record})" if p.record else ""
        value = f" «{visible(p.value)}»" if p.value else ""
        lines.append(f"{p.where()}: {head}{record}:{value} {visible(p.message, 400)}")
        lines.append(f"    fix: {visible(p.fix, 400)}")
    return "\n".join(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """Write the problems for machines: a JSON list of objects with the fields of `Problem`."""
    return json.dumps([dataclasses.asdict(p) for p in problems], indent=1, ensure_ascii=True)


def as_table(problems: Iterable[Problem]) -> pd.DataFrame:
    """Table the problems for a notebook: what is wrong, where, and what mends it.

    Returns
    -------
    DataFrame
        One row per problem, worst first: `severity`, `rule`, `file`, `line`, `record` (0: the
        file as a whole), `column`, `value` with invisible characters as U+XXXX, `message`,
        `fix`.
    """
    columns = ["severity", "rule", "file", "line", "record", "column", "value", "message", "fix"]
    rows = [
        [
            visible(value) if isinstance(value := getattr(p, name), str) else value
            for name in columns[:-2]
        ]
        + [visible(p.message, 400), visible(p.fix, 400)]
        for p in in_order(problems)
    ]
    dtypes = {name: "int64" if name in ("line", "record") else "str" for name in columns}
    return pd.DataFrame(rows, columns=columns).astype(dtypes)
