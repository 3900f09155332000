"""A study as one `.xlsx` file: each sheet becomes the same header and records as a CSV file.

A workbook can show one thing and hold another: formulas, formats, dates, hidden rows, merged
cells. Whatever is not a plain text or a plain number, typed and in sight, is refused by name,
with the sheet as the file, Excel's row number as the line and the cell in the message.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from positions.study import xlsx_cells
from positions.study.csv_reader import Parsed, ReadLimits, Record, Report, exceeded, reporter, shape
from positions.study.problems import ERROR, WARNING, Problem
from positions.study.xlsx_book import LARGEST_GAP, Sheet, open_sheets
from positions.study.xlsx_parts import Part

SETTINGS = "study"
"""The optional sheet of settings: a key and a value in each row."""
KEYS = (
    "title", "description", "version", "created", "reference_model", "as_of", "ranked_from",
    "contact",
)  # fmt: skip
Kinds = Mapping[str, Mapping[str, str]]
"""The type of each column of each table: `string`, `integer` or `number`."""
_SHOWN = 20
"""Merged ranges and hidden columns that are named; a sheet may have thousands."""


@dataclasses.dataclass
class Workbook:
    """What a workbook holds: its tables as records, its settings, and every problem."""

    opened: bool = False
    sheets: dict[str, Parsed] = dataclasses.field(default_factory=dict)
    settings: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: list[Problem] = dataclasses.field(default_factory=list)


def read_workbook(raw: bytes, file: str, kinds: Kinds, limits: ReadLimits) -> Workbook:
    """Read a workbook's bytes into one header and its records per sheet.

    The `kinds` are those of the columns of each table expected: a number in a column of text may
    have lost the zeros in front of it.
    """
    found = Workbook()
    sheets = open_sheets(raw, reporter(file, found.problems), limits, {*kinds, SETTINGS})
    found.opened = sheets is not None
    for sheet in sheets or ():
        report = reporter(sheet.name, found.problems)
        if sheet.name not in kinds and sheet.name != SETTINGS:
            _unread(sheet.name, kinds, report)
            continue
        reading = _Reading(sheet.name, found.problems, kinds.get(sheet.name), limits)
        records = _records(sheet, reading)
        if sheet.name == SETTINGS:
            found.settings = _settings(records, report)
        else:
            found.sheets[sheet.name] = shape(records, list(kinds[sheet.name]), report, limits)
    return found


def read_like_sheets(
    raw: bytes, file: str, kinds: Mapping[str, str], limits: ReadLimits, lenient: bool = False
) -> Workbook:
    """Read a workbook whose every sheet holds the same table: one sheet a coder, for example.

    Where the reader is `lenient`, numbers and days in a column of text are taken as they show.
    """
    found = Workbook()
    sheets = open_sheets(raw, reporter(file, found.problems), limits, None)
    found.opened = sheets is not None
    for sheet in sheets or ():
        reading = _Reading(f"{file}#{sheet.name}", found.problems, kinds, limits, lenient)
        records = _records(sheet, reading)
        found.sheets[sheet.name] = shape(records, list(kinds), reading.report, limits)
    return found


def _unread(name: str, kinds: Kinds, report: Report) -> None:
    """Name a sheet that is no table; refuse it where it may be a table misnamed."""
    plain = re.sub(r"[\W\d_]", "", name.casefold())
    near = [table for table in (*kinds, SETTINGS) if plain == re.sub("_", "", table)]
    report(
        "unread-sheet", "no table of the study is read from this sheet",
        f"name it {near[0]!r}" if near else "take it out, or leave it: it is not read",
        severity=ERROR if near else WARNING,
    )  # fmt: skip


# --- a sheet -------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Reading:
    """How a sheet is read: the types of its columns, where problems go, what it may be at most."""

    file: str
    problems: list[Problem]
    kinds: Mapping[str, str] | None
    limits: ReadLimits
    lenient: bool = False

    @property
    def report(self) -> Report:
        """Where a problem of the sheet is reported."""
        return reporter(self.file, self.problems)


def _records(sheet: Sheet, reading: _Reading) -> list[Record]:
    """Return the rows of a sheet as records of text, the header first; report what is wrong."""
    if sheet.hidden:
        reading.report("hidden-sheet", "the sheet is hidden", "unhide it, and look at it")
    if not _bounded(sheet, reading):
        return []
    header = {place: xlsx_cells.text(cell.value) for place, cell in sheet.cells.get(1, {}).items()}
    _out_of_sight(sheet.part, sheet.cells, header, reading.report)
    records = []
    for row in range(1, max(sheet.cells) + 1):
        if len(reading.problems) > (most := reading.limits.problems_per_file):
            exceeded(reading.report, "problems_per_file", "there are more problems", most, row)
            break
        records.append(_record(row, sheet, header, reading))
    return records


def _bounded(sheet: Sheet, reading: _Reading) -> bool:
    """Say whether a sheet holds a table that is not too large; report why not."""
    report, limits, part = reading.report, reading.limits, sheet.part
    if sheet.chart:
        report("chart-sheet", "the sheet holds a chart, no cells", "put the table there")
    elif part.last_column > limits.columns:
        exceeded(report, "columns", f"there are {part.last_column} columns", limits.columns, 1)
    elif part.last_row - 1 > limits.records:
        exceeded(report, "records", f"the last row is {part.last_row}", limits.records,
                 part.last_row)  # fmt: skip
    elif part.last_row - part.rows > LARGEST_GAP:
        report("far-row", f"of {part.last_row} rows only {part.rows} hold anything",
               f"delete what stands in row {part.last_row}, and the rows between",
               line=part.last_row)  # fmt: skip
    elif not sheet.cells:
        report("empty-file", "the sheet is empty", "write at least the header", line=1)
    else:
        return True
    return False


def _record(row: int, sheet: Sheet, header: Mapping[int, str], reading: _Reading) -> Record:
    """Return one row as text; report its cells that are not plain."""
    written = sheet.cells.get(row, {})
    wide = max(header, default=0)
    # Cells to the right of the header make the row too wide; those left out are empty.
    record = Record(row, row - 1, [""] * (max([wide, *written]) if written else wide))
    for place, cell in sorted(written.items()):
        column = header.get(place, "") if reading.kinds else ""
        found = xlsx_cells.FORMULA if (row, place) in sheet.part.formulas else None
        record.fields[place - 1] = _text(cell, found, record, column, reading)
    struck = [
        cell.coordinate
        for place, cell in sorted(written.items())
        if xlsx_cells.struck(cell) or (row, place) in sheet.part.struck
    ]
    if struck:
        reading.report("struck-through", f"struck through: {', '.join(struck[:5])}",
                       "delete the row if it no longer holds; else take the line off", record,
                       severity=WARNING)  # fmt: skip
    return record


def _text(
    cell: Any, found: xlsx_cells.Finding | None, record: Record, column: str, reading: _Reading
) -> str:
    """Return a cell's text; report a cell that is not plain, and read it as it shows."""
    kind = "string"
    if record.number:
        kind = (reading.kinds or {}).get(column.strip().casefold(), "string")
    plain = xlsx_cells.plain(cell) if reading.lenient and kind == "string" else None
    if plain is not None and found is None:
        return plain
    shown, severity = xlsx_cells.text(cell.value), ERROR
    found = found or xlsx_cells.fault(cell, kind)
    if found is None:
        found, severity = xlsx_cells.doubt(cell), WARNING
    if found is not None:
        rule, what, fix = found
        reading.report(rule, f"cell {cell.coordinate}: {what}", fix, record, column=column,
                       value=shown, severity=severity)  # fmt: skip
    return shown


def _out_of_sight(
    part: Part, cells: Mapping[int, Mapping[int, Any]], header: Mapping[int, str], report: Report
) -> None:
    """Report rows and columns nobody sees, and cells that stand for several."""
    from openpyxl.utils import get_column_letter

    for row in sorted(part.hidden_rows & cells.keys()):
        report("hidden-row", f"row {row} is hidden or filtered out",
               "show it, or delete it", Record(row, row - 1, []))  # fmt: skip
    written = {column for row in cells.values() for column in row}
    for first, last in sorted(set(part.hidden_columns))[:_SHOWN]:
        if seen := sorted(column for column in written if first <= column <= last):
            named = [header[column] for column in seen if column in header]
            report("hidden-column", f"column {get_column_letter(first)} is hidden",
                   "show it, or delete it", line=1, column=named[0] if named else "")  # fmt: skip
    for row, column, area in sorted(part.merged)[:_SHOWN]:
        more = f" (one of {len(part.merged)} such ranges)" if len(part.merged) > _SHOWN else ""
        report("merged-cells", f"the cells {area} are one{more}",
               "unmerge them, and fill in each cell", Record(row, row - 1, []),
               column=header.get(column, ""))  # fmt: skip


def _settings(records: list[Record], report: Report) -> dict[str, Any]:
    """Return the sheet of settings as key and value; report a row that is no setting."""
    found: dict[str, Any] = {}
    for record in records:
        key, value, *rest = [*(field.strip() for field in record.fields), "", ""]
        if not any((key, value, *rest)):
            continue
        if record.line == 1 and (key, value) == ("key", "value"):
            continue
        if key not in KEYS or any(rest):
            wrong = "not a setting"
        elif key in found:
            wrong = "there twice"
        elif not value:
            wrong = "without a value"
        else:
            # a rank that is no number is left for the rules to refuse
            number = key == "ranked_from" and value.isdecimal()
            found[key] = int(value) if number else value
            continue
        report("setting", wrong, f"a row holds one of {', '.join(KEYS)} and its value",
               record, value=key)  # fmt: skip
    return found
