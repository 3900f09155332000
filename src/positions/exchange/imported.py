"""What another tool's file says in a study's columns, and what of it could not be carried.

Every import ends here: rows for the study's tables, each with the place it came from; a list of
what has no place in a study, with the reason; and the errors that forbid the import. Nothing
that stood in the file is in none of the three.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from positions.study import schema
from positions.study.csv_cells import inert_csv
from positions.study.csv_reader import LONGEST_VALUE
from positions.study.fields import Fault, cell
from positions.study.problems import ERROR, NOTE, WARNING, Problem

NOT_CARRIED = "not-carried"
_FREE = {"bodies": ("about",), "propositions": ("note",), "codings": ("note",)}
"""Text that a study can do without: where it is damaged, it stays behind and its row comes."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where something stands in another tool's file."""

    file: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def at(self, column: str) -> Place:
        """Return the same place, in a column."""
        return dataclasses.replace(self, column=column)


@dataclasses.dataclass(frozen=True)
class Loss(Problem):
    """Something that stays behind.

    A statement too long to quote has its whole text and the name of its source, so that a person
    can choose the words that carry its code.
    """

    source: str = ""
    statement: str = ""


@dataclasses.dataclass(frozen=True)
class Said:
    """One row for a table: its cells as text, and the place that says so.

    A column that is not among the cells is not spoken of, which is not the same as empty. `name`
    is what the file calls it, and `key` its key there, for declarations that name it.
    """

    cells: Mapping[str, str]
    place: Place
    name: str = ""
    key: str = ""


@dataclasses.dataclass
class Carried:
    """What a file says, table by table; the texts it holds, as bytes by source_id."""

    rows: dict[str, list[Said]] = dataclasses.field(default_factory=dict)
    texts: dict[str, bytes] = dataclasses.field(default_factory=dict)
    lost: list[Problem] = dataclasses.field(default_factory=list)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    notes: list[Problem] = dataclasses.field(default_factory=list)

    def say(
        self, table: str, cells: Mapping[str, str], place: Place, name: str = "", key: str = ""
    ) -> None:
        """Add a row for a table."""
        said = dict(cells)
        columns = {column.name: column for column in schema.contract()[table].columns}
        for free in _FREE.get(table, ()):
            found = cell(said.get(free, ""), columns[free])
            if isinstance(found, Fault):
                self.lose(place.at(free), said.pop(free), found.message, found.fix)
        self.rows.setdefault(table, []).append(Said(said, place, name, key))

    def lose(self, place: Place, value: str, why: str, fix: str = "") -> None:
        """List what stays behind: where it stands, what it is, why, and what would carry it."""
        self.lost.append(loss(place, value, why, fix))

    def fault(self, rule: str, place: Place, value: str, what: str, fix: str) -> None:
        """Add an error: nothing is imported while there is one."""
        self.problems.append(fault(rule, place, value, what, fix))

    def note(self, rule: str, place: Place, what: str, fix: str) -> None:
        """Add what was found out about the file, for people to know."""
        self.notes.append(Problem(NOTE, place.file, place.line, 0, place.column, rule, "", what,
                                  fix))  # fmt: skip


def loss(place: Place, value: str, why: str, fix: str = "") -> Loss:
    """Return one thing that stays behind."""
    fix = fix or "nothing to do, unless the study should have it"
    return Loss(WARNING, place.file, place.line, 0, place.column, NOT_CARRIED,
                value[:LONGEST_VALUE], why, fix)  # fmt: skip


def fault(rule: str, place: Place, value: str, what: str, fix: str) -> Problem:
    """Return an error."""
    return Problem(ERROR, place.file, place.line, 0, place.column, rule, value[:LONGEST_VALUE],
                   what, fix)  # fmt: skip


def one_line(text: str) -> str:
    """Return a name as a study holds it: white space folded, none around it."""
    return " ".join(text.split())


def tidy(text: str) -> str:
    """Return a description without white space at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def lost_table(lost: Iterable[Problem]) -> bytes:
    """List what was not carried as CSV: where, of which source, what, why, and the fix.

    The last column is empty: in the row of a long statement, the words that carry its code are
    written there, and the file goes back with `--phrases`.
    """
    rows = [
        [str(Place(p.file, p.line)), getattr(p, "source", ""), p.column,
         getattr(p, "statement", "") or p.value, p.message, p.fix, ""]
        for p in lost
    ]  # fmt: skip
    header = ["where", "source", "column", "what", "why", "fix", "quote"]
    return inert_csv([header, *([_plain(text) for text in row] for row in rows)])


def _plain(text: str) -> str:
    """Return text that can be written: bytes that were no UTF-8 are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode()
