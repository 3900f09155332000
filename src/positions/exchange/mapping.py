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
from positions.study.csv_cells import plain
from positions.study.csv_reader import Record, allowed, parse, reporter
from positions.study.problems import ERROR, WARNING, Problem
from positions.study.quotes import fold

COLUMNS = ("table", "name", "column", "value")
"""The columns of a file of declarations; a row without a name speaks of every row."""
PHRASES = ("source", "what", "quote")
"""The columns of a file of chosen phrases; it may have more, as the list of losses has."""
NONE = "none"
"""The code of a word that is no stance: its rows stay behind, and are listed."""
CODES, CODERS, CASES, VARIABLES = "codes", "coders", "cases", "variables"
COLUMN_NAMES, WORDS = "columns", "words"
_EXTRA = {
    CODES: ("body_id", "proposition_id", "stance", "basis"), CODERS: ("coder",),
    CASES: ("body_id",), VARIABLES: ("bodies", "sources"), COLUMN_NAMES: ("column",),
    WORDS: ("stance", "basis"),
}  # fmt: skip
"""What can be declared of what is no table of a study."""


@dataclasses.dataclass
class Declared:
    """What was declared, by table, name and column; stances by the other tool's word.

    `phrases` are the words chosen from statements too long to quote, by the name of the source
    and the statement itself: neither a new export nor a renamed file changes those.
    """

    values: dict[tuple[str, str, str], str] = dataclasses.field(default_factory=dict)
    stances: dict[str, str] = dataclasses.field(default_factory=dict)
    phrases: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    used: set[tuple[str, ...]] = dataclasses.field(default_factory=set)

    def value(self, table: str, name: str, column: str) -> str:
        """Return what is declared of a named row, or of every row; "" where nothing is."""
        for key in ((table, name, column), (table, "", column)):
            if key in self.values:
                self.used.add(key)
                return self.values[key]
        return ""

    def own(self, table: str, column: str, *names: str) -> str:
        """Return what is declared of this very row, by any of its names; "" where nothing is."""
        found = ""
        for name in names:
            if name and (table, name, column) in self.values:
                found = found or self.value(table, name, column)
        return found

    def chosen(self, source: str, statement: str) -> str:
        """Return the words that a person chose from a statement; "" where none were."""
        key = _statement(source, statement)
        if key in self.phrases:
            self.used.add(key)
        return self.phrases.get(key, "")

    def filled(self, table: str, name: str, said: Said) -> Said:
        """Fill a row with its facts: a declaration by name counts before the file."""
        cells = dict(said.cells)
        for column in _contract(table):
            if own := self.own(table, column, name, said.key):
                cells[column] = own
            elif not cells.get(column) and (default := self.value(table, "", column)):
                cells[column] = default
        return dataclasses.replace(said, cells=cells)

    def unused(self) -> list[Problem]:
        """List declarations that matched nothing: a name misspelt, a statement changed."""
        named = [
            Problem(WARNING, "declarations", 0, 0, column, "declared-unused", name,
                    f"nothing of {table} in the file has this name",
                    "copy the name from the file, or take the row out")
            for table, name, column in sorted(self.values.keys() - self.used) if name
        ]  # fmt: skip
        return named + [
            Problem(WARNING, "declarations", 0, 0, "quote", "declared-unused",
                    self.phrases[source, statement],
                    f"no long statement of {source!r} in the file begins «{statement[:60]}»",
                    "copy source and statement from --lost, or take the row out")
            for source, statement in sorted(self.phrases.keys() - self.used)
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
        Files of chosen phrases by name: CSV with the columns `source`, `what` (the statement)
        and `quote`, among others; rows without a quote choose nothing.
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
        for record, (source, statement, quote) in _rows(declared, file, raw, PHRASES):
            key = _statement(source, statement)
            if quote and declared.phrases.setdefault(key, quote) != quote:
                _wrong(declared, file, quote, "two phrases for one statement", "keep one of them",
                       record.line)  # fmt: skip
    return declared


def _rows(
    declared: Declared, file: str, raw: bytes, columns: tuple[str, ...]
) -> list[tuple[Record, tuple[str, ...]]]:
    """Return the records of a file of declarations, once its header is as it must be."""
    parsed, problems = parse(raw, file, columns, allowed())
    declared.problems += [problem for problem in problems if problem.severity == ERROR]
    if parsed.header is None:
        return []
    header = parsed.header.fields
    if not set(columns) <= set(header):
        _wrong(declared, file, ",".join(header), "columns are missing",
               f"the columns are: {','.join(columns)}", 1)  # fmt: skip
        return []
    at = [header.index(name) for name in columns]
    return [(record, tuple(plain(record.fields[i]) for i in at)) for record in parsed.records]


def _statement(source: str, statement: str) -> tuple[str, str]:
    return fold(source), fold(statement)


def _declare(declared: Declared, file: str, line: int, cells: tuple[str, ...]) -> None:
    table, name, column, value = cells
    allowed = _columns(table)
    if column not in allowed:
        what = f"{table!r} has no column {column!r} to declare"
        fix = f"it has: {', '.join(allowed)}" if allowed else (
            f"the tables are: {', '.join([*schema.contract(), *_EXTRA])}"
        )  # fmt: skip
        _wrong(declared, file, f"{table}.{column}", what, fix, line)
    elif not value:
        return
    elif table == VARIABLES and value not in _contract(column):
        _wrong(declared, file, value, f"{column} has no such column",
               f"it has: {', '.join(_contract(column))}", line)  # fmt: skip
    elif declared.values.get((table, name, column), value) != value:
        _wrong(declared, file, name, f"{table}.{column} is declared twice, differently",
               "keep one of them", line)  # fmt: skip
    else:
        declared.values[table, name, column] = value


def _columns(table: str) -> tuple[str, ...]:
    return _EXTRA.get(table) or (
        (*_contract(table), "body_id") if table == "sources" else _contract(table)
    )


def _contract(table: str) -> tuple[str, ...]:
    found = schema.contract().get(table)
    return tuple(found.column_names) if found else ()


def _wrong(declared: Declared, file: str, value: str, what: str, fix: str, line: int = 0) -> None:
    reporter(file, declared.problems)("declaration", what, fix, line=line, value=value)
