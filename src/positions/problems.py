"""What is wrong with a study: one `Problem` per fault, located and with its fix."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterable

ERROR, WARNING, NOTE = "error", "warning", "note"
_COLOURS = {ERROR: "\033[31m", WARNING: "\033[33m", NOTE: "\033[36m"}
_RANK = {ERROR: 0, WARNING: 1, NOTE: 2}


@dataclasses.dataclass(frozen=True)
class Problem:
    """One fault in a study's files.

    `rule` is a stable code; `line` the physical line in the file on which the record starts
    (1 is the header, 0 means the file as a whole); `record` the record counted from 1 without
    the header; `value` the text found.
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
        """File, line and column, as an editor understands them."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
        place = ":".join(parts)
        return f"{place} [{self.column}]" if self.column else place


class StudyError(Exception):
    """A study was refused; `problems` holds every fault found, worst first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = in_order(problems)
        errors = [problem for problem in self.problems if problem.severity == ERROR]
        super().__init__(f"the study is refused: {count(errors)}\n{as_text(errors)}")


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems without repeats: errors first, then by file, line, column, rule."""
    return sorted(
        set(problems),
        key=lambda p: (_RANK[p.severity], p.file, p.line, p.column, p.rule, p.value, p.message),
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


def visible(text: str, longest: int = 80) -> str:
    r"""Show invisible characters as U+XXXX and cut long values in the middle.

    Control, format (zero width, bidirectional), private and unassigned characters and every
    white space but the plain space are shown; so are combining marks that would stand alone.

    >>> visible("LGA\u200b")
    'LGA<U+200B>'
    """
    shown = "".join(
        f"<U+{ord(char):04X}>"
        if char != " " and (unicodedata.category(char)[0] in "CZ" or (i == 0 and _mark(char)))
        else char
        for i, char in enumerate(text)
    )
    if len(shown) > longest:
        half = longest // 2 - 2
        shown = f"{shown[:half]} … {shown[-half:]}"
    return shown


def _mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def as_text(problems: Iterable[Problem], colour: bool = False) -> str:
    """Write the problems for people: where, what, and the fix, two lines each."""
    lines = []
    for p in problems:
        head = f"{p.severity}: {p.rule}"
        if colour:
            head = f"{_COLOURS[p.severity]}{head}\033[0m"
        value = f" «{visible(p.value)}»" if p.value else ""
        lines.append(f"{p.where()}: {head}:{value} {visible(p.message, 400)}")
        lines.append(f"    fix: {visible(p.fix, 400)}")
    return "\n".join(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """Write the problems for machines: a JSON list of objects with the fields of `Problem`."""
    return json.dumps([dataclasses.asdict(p) for p in problems], indent=1, ensure_ascii=True)
