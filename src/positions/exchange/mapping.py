"""What the analyst declares where another tool is silent: ids, facts, codes, chosen phrases.

Another tool's file knows nothing of the phase a document belongs to, and its yes is no +2. Such
things are never guessed: they are declared, on the command line or in a file of four columns,
and what is declared and matches nothing is named.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

from positions.exchange.imported import Said
from positions.study import schema
from positions.study.csv_reader import ReadLimits, Record, parse, reporter
from positions.study.problems import ERROR, WARNING, Problem

COLUMNS = ("table", "name", "column", "value")
"""The columns of a file of declarations; a row without a name speaks of every row."""
PHRASES = ("where", "quote")
NONE = "none"
"""The code of a word that is no stance: its rows stay behind, and are listed."""
CODES, CODERS = "codes", "coders"
_OF_CODE = ("body_id", "proposition_id", "stance", "basis")


@dataclasses.dataclass
class Declared:
    """What was declared, by table, name and column; stances by the other tool's word.

    `phrases` are the words chosen from statements too long to quote, by their place.
    """

    values: dict[tuple[str, str, str], str] = dataclasses.field(default_factory=dict)
    stances: dict[str, str] = dataclasses.field(default_factory=dict)
    phrases: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    used: set[tuple[str, str, str]] = dataclasses.field(default_factory=set)

    def value(self, table: str, name: str, column: str) -> str:
        """Return what is declared of a named row, or of every row; "" where nothing is."""
        for key in ((table, name, column), (table, "", column)):
            if key in self.values:
                self.used.add(key)
                return self.values[key]
        return ""

    def own(self, table: str, name: str, column: str) -> str:
        """Return what is declared of this very row."""
        return self.value(table, name, column) if (table, name, column) in self.values else ""

    def filled(self, table: str, name: str, said: Said) -> Said:
        """Fill a row with its facts: a declaration by name counts before the file."""
        cells = dict(said.cells)
        for column in _contract(table):
            if own := self.own(table, name, column):
                cells[column] = own
            elif not cells.get(column) and (default := self.value(table, "", column)):
                cells[column] = default
        return dataclasses.replace(said, cells=cells)

    def unused(self) -> list[Problem]:
        """List declarations of a named row that matched none: a name misspelt, perhaps."""
        return [
            Problem(WARNING, "declarations", 0, 0, column, "declared-unused", name,
                    f"nothing of {table} in the file has this name",
                    "copy the name from the file, or take the row out")
            for table, name, column in sorted(self.values.keys() - self.used) if name
        ]  # fmt: skip


def read_declarations(
    maps: Mapping[str, bytes],
    phrases: Mapping[str, bytes],
    facts: Sequence[str] = (),
    stances: Sequence[str] = (),
) -> Declared:
    """Read every declaration; what is wrong with one is among `problems`.

    Parameters
    ----------
    maps
        Files of declarations by name: CSV with the columns `table`, `name`, `column`, `value`.
    phrases
        Files of chosen phrases by name: CSV with the columns `where` and `quote`.
    facts
        `TABLE.COLUMN=VALUE`, for every row whose cell is empty.
    stances
        `WORD=CODE`, the code from -2 to 2, or `none`.
    """
    declared = Declared()
    for fact in facts:
        match = re.fullmatch(r"(\w+)\.(\w+)=(.*)", fact, re.DOTALL)
        if match is None:
            _wrong(declared, "--fact", fact, "not TABLE.COLUMN=VALUE",
                   "write, for example, sources.phase=options")  # fmt: skip
        else:
            table, column, value = match.groups()
            _declare(declared, "--fact", 0, (table, "", column, value))
    for stance in stances:
        word, sign, code = stance.rpartition("=")
        if not sign or not (re.fullmatch(r"[+-]?[0-2]", code) or code == NONE):
            _wrong(declared, "--stance", stance, "not WORD=CODE with a code from -2 to 2",
                   f"write, for example, yes=1, or yes={NONE}")  # fmt: skip
        else:
            declared.stances[word] = code
    for file, raw in maps.items():
        for record, cells in _rows(declared, file, raw, COLUMNS):
            _declare(declared, file, record.line, cells)
    for file, raw in phrases.items():
        for record, (where, quote) in _rows(declared, file, raw, PHRASES):
            if where in declared.phrases:
                _wrong(declared, file, where, "two phrases for one place", "keep one of them",
                       record.line)  # fmt: skip
            declared.phrases[where] = quote
    return declared


def _rows(
    declared: Declared, file: str, raw: bytes, columns: tuple[str, ...]
) -> list[tuple[Record, tuple[str, ...]]]:
    """Return the records of a file of declarations, once its header is as it must be."""
    parsed, problems = parse(raw, file, columns, ReadLimits())
    declared.problems += [problem for problem in problems if problem.severity == ERROR]
    if parsed.header is None:
        return []
    header = parsed.header.fields
    if not set(columns) <= set(header):
        _wrong(declared, file, ",".join(header), "columns are missing",
               f"the columns are: {','.join(columns)}", 1)  # fmt: skip
        return []
    at = [header.index(name) for name in columns]
    return [(record, tuple(record.fields[i] for i in at)) for record in parsed.records]


def _declare(declared: Declared, file: str, line: int, cells: tuple[str, ...]) -> None:
    table, name, column, value = cells
    allowed = _columns(table)
    if column not in allowed:
        what = f"{table!r} has no column {column!r} to declare"
        fix = f"it has: {', '.join(allowed)}" if allowed else (
            f"the tables are: {', '.join([*schema.contract(), CODERS, CODES])}"
        )  # fmt: skip
        _wrong(declared, file, f"{table}.{column}", what, fix, line)
    elif not value:
        return
    elif declared.values.get((table, name, column), value) != value:
        _wrong(declared, file, name, f"{table}.{column} is declared twice, differently",
               "keep one of them", line)  # fmt: skip
    else:
        declared.values[table, name, column] = value


def _columns(table: str) -> tuple[str, ...]:
    if table == CODES:
        return _OF_CODE
    if table == CODERS:
        return ("coder",)
    if table == "sources":
        return (*_contract(table), "body_id")
    return _contract(table)


def _contract(table: str) -> tuple[str, ...]:
    found = schema.contract().get(table)
    return tuple(found.column_names) if found else ()


def _wrong(declared: Declared, file: str, value: str, what: str, fix: str, line: int = 0) -> None:
    reporter(file, declared.problems)("declaration", what, fix, line=line, value=value)
