"""What is wrong with a study: one `Problem` per fault, located and with its fix."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from positions.study.unicode_checks import visible
from positions.words import plural

ERROR, WARNING, NOTE = "error", "warning", "note"
_COLOURS = {ERROR: "\033[31m", WARNING: "\033[33m", NOTE: "\033[36m"}
_RANK = {ERROR: 0, WARNING: 1, NOTE: 2}
_ROOTS = frozenset({
    "archive", "contract", "contract-loosened", "delimiter", "double-header", "empty-file",
    "encoding", "extra-missing", "field-count", "file-missing", "file-unreadable", "header",
    "link", "lone-cr", "no-header", "no-such-folder", "preamble", "quoting", "stray-quote",
    "swallowed-rows", "table-missing", "workbook-damaged", "workbook-kind",
})  # fmt: skip
"""Faults of a file or of its rows: what is wrong with cells may only follow from them."""
SHOWN = 3
"""Faults of one kind that are shown in full where there are many."""
_MANY = 5
_PLACES = 10
"""Places, or values, that a line lists."""


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
        told = as_text(errors, whole=False, hint=" (problems holds them)")
        super().__init__(f"the study is refused: {count(errors)}\n{told}")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repeats: errors first, causes before what may follow."""
    return sorted(
        set(problems),
        key=lambda p: (
            (_RANK[p.severity], not _is_root(p), p.file, p.line, p.record, p.column, p.rule),
            (p.value, p.message, p.fix),
        ),
    )


def _is_root(problem: Problem) -> bool:
    limit = problem.rule.startswith("limit-") and problem.rule != "limit-problems-per-file"
    return limit or problem.rule in _ROOTS


def count(problems: Iterable[Problem]) -> str:
    """Say in words how many errors, warnings and notes there are."""
    found = Counter(problem.severity for problem in problems)
    return ", ".join(plural(found[kind], kind) for kind in _RANK if found[kind]) or "no problem"


def as_text(
    problems: Iterable[Problem], colour: bool = False, whole: bool = True, hint: str = ""
) -> str:
    """Write the problems for people: where, what, and the fix.

    Parameters
    ----------
    problems
        In the order in which they are to be read.
    colour
        Whether a terminal shows it.
    whole
        Whether each problem is written, in two lines. If not, one fault in many places is
        written once, with its places; of many faults of one kind the first are written, and the
        others counted.
    hint
        Where to find those that are only counted.
    """
    if whole:
        return "\n".join(_lines([problem], colour) for problem in problems)
    kinds: dict[tuple[str, ...], list[list[Problem]]] = {}
    for same in _alike(problems):
        first = same[0]
        kinds.setdefault((first.severity, first.file, first.column, first.rule), []).append(same)
    return "\n".join(_of_kind(faults, colour, hint) for faults in kinds.values())


def _alike(problems: Iterable[Problem]) -> Iterable[list[Problem]]:
    """Put together the problems that say the same of different places."""
    found: dict[tuple[str, ...], list[Problem]] = {}
    for p in problems:
        what = (p.severity, p.column, p.rule, p.value, p.message, p.fix)
        found.setdefault(what if p.line else (*what, p.file), []).append(p)
    return found.values()


def _of_kind(faults: list[list[Problem]], colour: bool, hint: str) -> str:
    """Write the faults of one kind: all of a few, of many the first and how many more."""
    few = faults if len(faults) <= _MANY else faults[:SHOWN]
    lines = [_lines(same, colour) for same in few]
    if rest := faults[len(few) :]:
        first = dataclasses.replace(rest[0][0], line=0)
        told = [f"«{visible(p.value)}»" if p.value else f"line {p.line}" for p, *_ in rest]
        lines.append(
            f"{first.where()}: {_head(first, colour)}: {len(rest)} more like these{hint}: "
            f"{_listed(told)}"
        )
    return "\n".join(lines)


def _lines(same: list[Problem], colour: bool) -> str:
    """Write one fault, at its first place: what it is, where it is as well, and the fix."""
    first = same[0]
    record = f" (record {first.record})" if first.record else ""
    value = f" «{visible(first.value)}»" if first.value else ""
    head = f"{first.where()}: {_head(first, colour)}{record}:{value} {visible(first.message, 400)}"
    lines = [head, f"    fix: {visible(first.fix, 400)}"]
    if others := same[1:]:
        rows = plural(len(others), "other row")
        lines.insert(1, f"    the same in {rows}: {_rows(others)}")
    return "\n".join(lines)


def _rows(problems: list[Problem]) -> str:
    """List the lines of some problems, file by file."""
    lines: dict[str, list[str]] = {}
    for p in problems:
        lines.setdefault(visible(p.file, 200), []).append(str(p.line))
    return "; ".join(f"{file}:{_listed(of, ',')}" for file, of in lines.items())


def _head(problem: Problem, colour: bool) -> str:
    head = f"{problem.severity}: {problem.rule}"
    return f"{_COLOURS[problem.severity]}{head}\033[0m" if colour else head


def _listed(texts: list[str], comma: str = ", ") -> str:
    return comma.join(texts[:_PLACES]) + (f"{comma}…" if texts[_PLACES:] else "")


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
