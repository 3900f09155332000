"""What another tool's file says in a study's columns, and what of it could not be carried.

Every import ends here: rows for the study's tables, each with the place it came from; a list of
what has no place in a study, with the reason; and the errors that forbid the import. Nothing
that stood in the file is in none of the three.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Mapping

from positions.study.csv_reader import LONGEST_VALUE
from positions.study.problems import ERROR, WARNING, Problem

NOT_CARRIED = "not-carried"


@dataclasses.dataclass(frozen=True)
class Said:
    """One row for a table: its cells as text, and the file and line that say so.

    A column that is not among the cells is not spoken of, which is not the same as empty. `name`
    is what the file calls it, for declarations that name it.
    """

    cells: Mapping[str, str]
    file: str
    line: int = 0
    name: str = ""


@dataclasses.dataclass
class Carried:
    """What a file says, table by table; the texts it holds, as bytes by source_id."""

    rows: dict[str, list[Said]] = dataclasses.field(default_factory=dict)
    texts: dict[str, bytes] = dataclasses.field(default_factory=dict)
    lost: list[Problem] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)

    def say(
        self, table: str, cells: Mapping[str, str], file: str, line: int = 0, name: str = ""
    ) -> None:
        """Add a row for a table."""
        self.rows.setdefault(table, []).append(Said(dict(cells), file, line, name))

    def lose(self, file: str, line: int, column: str, value: str, why: str, fix: str = "") -> None:
        """List what stays behind: where it stands, what it is, why, and what would carry it."""
        fix = fix or "nothing to do, unless the study should have it"
        value = value[:LONGEST_VALUE]
        self.lost.append(Problem(WARNING, file, line, 0, column, NOT_CARRIED, value, why, fix))

    def fault(
        self, rule: str, file: str, line: int, column: str, value: str, what: str, fix: str
    ) -> None:
        """Add an error: nothing is imported while there is one."""
        value = value[:LONGEST_VALUE]
        self.problems.append(Problem(ERROR, file, line, 0, column, rule, value, what, fix))


def lost_table(lost: Iterable[Problem]) -> bytes:
    """List what was not carried, as CSV: where it stands, what it is, why, and the fix."""
    rows = [
        [f"{p.file}:{p.line}" if p.line else p.file, p.column, p.value, p.message, p.fix]
        for p in lost
    ]
    rows = [[text.encode("utf-8", "backslashreplace").decode() for text in row] for row in rows]
    return as_csv([["where", "column", "what", "why", "fix"], *rows])


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Write rows as the bytes of a CSV file: UTF-8, lines that end in LF.

    Bytes that were no UTF-8 when they were read come out as they were, for the study's reader to
    refuse.
    """
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode("utf-8", "surrogateescape")
