"""From records to rows: each cell by its column's rule, and what the reading knows so far."""

from __future__ import annotations

import dataclasses
import difflib
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from positions.study import csv_cells, fields, schema, unicode_checks
from positions.study.csv_reader import LONGEST_VALUE, Parsed, ReadLimits, Record, exceeded, reporter
from positions.study.problems import ERROR, NOTE, WARNING, Problem

Row = dict[str, Any]
_CUT = ("quoting", "swallowed-rows", "limit-")
"""How rules begin that leave rows of a table unseen."""
_TOTALS = re.compile(r"(grand |sub-?)?totals?\W*(\(.{0,20}\))?|sum|average|mean", re.IGNORECASE)


@dataclasses.dataclass
class Reading:
    """What has been read of a study so far: its rows with their records, and every problem.

    `known` holds, by table, every id that stands in its key column, also in rows that broke a
    rule of their own; `perhaps` every field of records that could not be laid under the header;
    `partial` are the tables that lack rows because of a fault in another table.
    """

    limits: ReadLimits
    problems: list[Problem] = dataclasses.field(default_factory=list)
    read: dict[str, int] = dataclasses.field(default_factory=dict)
    rows: dict[str, list[Row]] = dataclasses.field(default_factory=dict)
    lines: dict[str, list[Record]] = dataclasses.field(default_factory=dict)
    known: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    perhaps: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    partial: set[str] = dataclasses.field(default_factory=set)
    started: float = dataclasses.field(default_factory=time.monotonic)

    def add(
        self, file: str, rule: str, message: str, fix: str, record: Record | None = None,
        column: str = "", value: str = "", severity: str = ERROR,
    ) -> None:  # fmt: skip
        """Add a problem; by default an error of the file as a whole."""
        report = reporter(file, self.problems)
        report(rule, message, fix, record, column, value, severity=severity)

    def pairs(self, table: schema.TableSchema) -> Iterator[tuple[Row, Record]]:
        """Yield each sound row of a table with the record it came from."""
        yield from zip(self.rows[table.name], self.lines[table.name], strict=True)

    def faulty(self, table: schema.TableSchema) -> bool:
        """Return whether an error left the table without some of its rows; warnings do not."""
        return table.name in self.partial or any(
            p.file == table.path and p.severity == ERROR for p in self.problems
        )

    def cut(self, table: schema.TableSchema) -> bool:
        """Return whether rows of the table were not seen at all: it may hold any further id."""
        return any(p.file == table.path and p.rule.startswith(_CUT) for p in self.problems)

    def late(self, file: str) -> bool:
        """Return whether the time is up, and report it once."""
        if time.monotonic() - self.started < self.limits.seconds:
            return False
        if not any(problem.rule == "limit-seconds" for problem in self.problems):
            exceeded(reporter(file, self.problems), "seconds", "reading takes longer",
                     f"{self.limits.seconds:g}")  # fmt: skip
        return True


@dataclasses.dataclass(frozen=True)
class Tables:
    """The sound rows `of` every table with the records they came from, for rules across tables.

    `faulty` are the tables in which other rows were refused: a rule that judges by what is
    absent says nothing about those. `files` are the tables' files, "" the settings' file.
    """

    of: Mapping[str, list[Row]]
    records: Mapping[str, Sequence[Record]]
    faulty: Collection[str]
    files: Mapping[str, str]

    def whole(self, *tables: str) -> bool:
        """Return whether every row of these tables is sound."""
        return not set(tables) & set(self.faulty)

    def rows(self, table: str) -> Iterator[tuple[Row, Record]]:
        """Yield each row of a table with its record."""
        yield from zip(self.of[table], self.records[table], strict=True)

    def by_id(self, table: str, column: str) -> dict[str, Row]:
        """Return the rows of a table by one column."""
        return {row[column]: row for row in self.of[table]}

    def problem(
        self, severity: str, table: str, record: Record | None, column: str, rule: str,
        value: object, message: str, fix: str,
    ) -> Problem:  # fmt: skip
        """Make a problem of a table, at a record or of the file as a whole."""
        line, number = (record.line, record.number) if record else (0, 0)
        text = str(value)[:LONGEST_VALUE]
        file = self.files[table]
        return Problem(severity, file, line, number, column, rule, text, message, fix)


def read_rows(table: schema.TableSchema, parsed: Parsed, reading: Reading) -> None:
    """Turn a table's records into rows of values; what is wrong goes to the problems."""
    rows: list[Row] = []
    lines: list[Record] = []
    reading.rows[table.name], reading.lines[table.name] = rows, lines
    reading.read[table.name] = parsed.read
    reading.perhaps[table.name] = {field for record in parsed.misfits for field in record.fields}
    if parsed.header is None or not _header(table, parsed.header, reading):
        return
    header = parsed.header.fields
    at = header.index(table.primary_key[0])
    reading.known[table.name] = {
        unicodedata.normalize("NFC", record.fields[at]) for record in parsed.records
    }
    columns = {column.name: column for column in table.columns}
    ordered = [columns[name] for name in header]
    empty = {column.name: "" if column.type == "string" else None for column in table.left_out}
    before = len(reading.problems)
    for count, record in enumerate(parsed.records):
        if count % 1000 == 0 and reading.late(table.path):
            return
        if len(reading.problems) - before >= reading.limits.problems_per_file:
            exceeded(reporter(table.path, reading.problems), "problems_per_file",
                     "there are more problems", reading.limits.problems_per_file,
                     record.line)  # fmt: skip
            return
        row = _row(table, record, ordered, reading)
        if row is not None:
            rows.append(row | empty)
            lines.append(record)


def _header(table: schema.TableSchema, record: Record, reading: Reading) -> bool:
    """Return whether the header names each column of the contract once, in any order."""
    wanted, found = table.column_names, record.fields
    sound = True
    for name, times in Counter(found).items():
        if name in wanted and times == 1:
            continue
        sound = False
        if times > 1:
            message, fix = f"the column stands there {times} times", "keep one of them"
        else:
            near = difflib.get_close_matches(name[:100].strip().lower(), wanted, 1, 0.7)
            message = "no column of this table"
            fix = f"write {near[0]!r}" if near else (
                f"delete the column; the columns are: {', '.join(wanted)}"
            )  # fmt: skip
        column = name[:100]
        if column:  # what was said of the cells of a column that is none is taken back
            reading.problems[:] = [
                p for p in reading.problems if (p.file, p.column) != (table.path, column)
            ]
        reading.add(table.path, "header", message, fix, record, column, name)
    for name in wanted:
        if name not in found:
            sound = False
            fix = f"add the column; the columns are: {', '.join(wanted)}"
            reading.add(table.path, "header", "the column is missing", fix, record, name)
    return sound


def _row(
    table: schema.TableSchema, record: Record, columns: list[fields.Column], reading: Reading
) -> Row | None:
    """Return the values of one record by column; None where a cell breaks its rule."""
    place, first = next((i, text) for i, text in enumerate(record.fields) if text.strip())
    if _TOTALS.fullmatch(first.strip()):
        reading.add(table.path, "totals-row", "a row of totals", "delete it; totals are computed",
                    record, columns[place].name, first)  # fmt: skip
        return None
    row: Row = {}
    sound = True
    for text, column in zip(record.fields, columns, strict=True):
        value = fields.cell(text, column)
        if "\n" in text and fields.holds_rows(text, len(columns)):
            value = fields.SWALLOWED
        if isinstance(value, fields.Fault):
            sound = False
            shown = _without_bytes(text)
            reading.add(
                table.path, value.rule, value.message, value.fix, record, column.name, shown
            )
            continue
        row[column.name] = value
        if column.type == "string":
            for severity, rule, message, fix in _doubts(text, value):
                reading.add(table.path, rule, message, fix, record, column.name, text, severity)
    return row if sound else None


def _doubts(text: str, value: object) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a reader should know of a sound text: severity, rule, message and fix."""
    if csv_cells.runs(text):
        yield (WARNING, "runs", "a spreadsheet would run this cell as a formula",
               "keep the table out of spreadsheets, or begin it with a letter or a quotation mark",
        )  # fmt: skip
    if value != text:
        yield (NOTE, "unicode-form", "read with its accents joined to their letters (NFC)",
               "type it afresh, to have the file say the same")  # fmt: skip
    if not text.isascii():
        for found in unicode_checks.doubts(text):
            yield (WARNING, *found)


def _without_bytes(text: str) -> str:
    """Write out bytes that are no UTF-8, so that the text can be saved."""
    return "".join(
        f"<{unicode_checks.code_point(char)}>" if "\ud800" <= char <= "\udfff" else char
        for char in text
    )
