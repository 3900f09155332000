"""A study as one `.xlsx` file: each sheet becomes the same header and records as a CSV file.

A workbook can show one thing and hold another: formulas, formats, dates, hidden rows, merged
cells. Whatever is not a plain text or a plain number, typed and in sight, is refused by name,
with the sheet as the file, Excel's row number as the line and the cell in the message.
"""

from __future__ import annotations

import dataclasses
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from positions.study import safe_archives
from positions.study.csv_reader import Parsed, ReadLimits, Record, Report, exceeded, reporter, shape
from positions.study.problems import ERROR, WARNING, Problem

SETTINGS = "study"
"""The optional sheet of settings: a key and a value in each row."""
KEYS = ("title", "description", "version", "reference_model")
Kinds = Mapping[str, Mapping[str, str]]
"""The type of each column of each table: `string`, `integer` or `number`."""


@dataclasses.dataclass
class Workbook:
    """What a workbook holds: its tables as records, its settings, and every problem."""

    opened: bool = False
    sheets: dict[str, Parsed] = dataclasses.field(default_factory=dict)
    settings: dict[str, str] = dataclasses.field(default_factory=dict)
    problems: list[Problem] = dataclasses.field(default_factory=list)


def read_workbook(raw: bytes, file: str, kinds: Kinds, limits: ReadLimits) -> Workbook:
    """Read a workbook's bytes into one header and its records per sheet.

    Parameters
    ----------
    raw
        The file's bytes.
    file
        Its name, for problems of the file as a whole.
    kinds
        The tables expected, with the type of each of their columns: a number in a column of
        text may have lost the zeros in front of it.
    limits
        What the archive and each sheet may be at most.
    """
    found = Workbook()
    report = reporter(file, found.problems)
    book = _open(raw, report, limits)
    if book is None:
        return found
    found.opened = True
    for name in book.sheetnames:
        sheet = book[name]
        report = reporter(name, found.problems)
        if name not in kinds and name != SETTINGS:
            _unread(name, kinds, report)
            continue
        if getattr(sheet, "sheet_state", "visible") != "visible":
            report("hidden-sheet", "the sheet is hidden", "unhide it, and look at it")
        records = _records(sheet, kinds.get(name), report, limits)
        if name == SETTINGS:
            found.settings = _settings(records, report)
        else:
            found.sheets[name] = shape(records, list(kinds[name]), report, limits)
    return found


def read_like_sheets(
    raw: bytes, file: str, kinds: Mapping[str, str], limits: ReadLimits
) -> Workbook:
    """Read a workbook whose every sheet holds the same table: one sheet a coder, for example.

    Parameters
    ----------
    kinds
        The type of each column of that table.
    """
    found = Workbook()
    book = _open(raw, reporter(file, found.problems), limits)
    if book is None:
        return found
    found.opened = True
    for name in book.sheetnames:
        report = reporter(f"{file}#{name}", found.problems)
        if getattr(book[name], "sheet_state", "visible") != "visible":
            report("hidden-sheet", "the sheet is hidden", "unhide it, and look at it")
        records = _records(book[name], kinds, report, limits)
        found.sheets[name] = shape(records, list(kinds), report, limits)
    return found


def _unread(name: str, kinds: Kinds, report: Report) -> None:
    """Report a sheet that is no table; refuse it where it may be a table misnamed."""
    plain = re.sub(r"[\W\d_]", "", name.casefold())
    near = [table for table in (*kinds, SETTINGS) if plain == re.sub("_", "", table)]
    report(
        "unread-sheet", "no table of the study is read from this sheet",
        f"name it {near[0]!r}" if near else "take it out, or leave it: it is not read",
        severity=ERROR if near else WARNING,
    )  # fmt: skip


# --- the archive ---------------------------------------------------------------------------

_ROWS = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELLS = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FIX = "save it again as .xlsx, without macros or a password"


def _open(raw: bytes, report: Report, limits: ReadLimits) -> Any:
    """Open the workbook, once its archive is known to be small and plain; else None."""
    try:
        import openpyxl
    except ImportError as error:
        report(
            "extra-missing", f"an .xlsx file cannot be read without {error.name}",
            'run: pip install "positions[exchange]"',
        )  # fmt: skip
        return None
    if not _sound(raw, report, limits):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(raw), keep_links=False)
    except Exception as error:  # a damaged workbook can raise nearly anything
        what = f"{type(error).__name__}: {error}"
        report("workbook-damaged", f"cannot be read as a workbook: {what[:200]}",
               "open it and save it again as .xlsx")  # fmt: skip
        return None


def _sound(raw: bytes, report: Report, limits: ReadLimits) -> bool:
    """Return whether the archive may be unpacked: its size, its entries, their names."""
    if len(raw) > limits.archive_bytes:
        exceeded(report, "archive_bytes", f"the file has {len(raw)} bytes", limits.archive_bytes)
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            faults = [
                *safe_archives.faults(archive, raw, report, limits, _FIX),
                *_macros(archive, report),
            ]
            return not faults and not list(_content_faults(archive, report, limits))
    except safe_archives.DAMAGED as error:
        report("workbook-damaged", f"not an .xlsx file: {error}", "save it again as .xlsx")
        return False


def _macros(archive: zipfile.ZipFile, report: Report) -> Iterator[bool]:
    """Report programs in the workbook: they are no part of a table."""
    for name in archive.namelist():
        if name.lower().endswith("vbaproject.bin"):
            report("archive", "the workbook holds macros", _FIX, value=name)
            yield True


def _content_faults(archive: zipfile.ZipFile, report: Report, limits: ReadLimits) -> Iterator[bool]:
    """Count rows and cells as they stand in the file: a workbook's reader builds them all.

    A document type is looked for here, too: which XML parser openpyxl uses, and whether that
    one refuses it, depends on what else is installed.
    """
    most = limits.records + 1
    for entry in archive.infolist():
        if entry.filename.endswith((".xml", ".rels")) and safe_archives.doctype(archive, entry):
            report(
                "workbook-damaged",
                f"cannot be read as a workbook: {entry.filename} declares a document type",
                "open it and save it again as .xlsx",
            )
            yield True
            continue
        if not entry.filename.startswith("xl/worksheets/") or entry.is_dir():
            continue
        rows = cells = 0
        with archive.open(entry) as stream:
            # A tag cut by the end of a block is missed: one in a million bytes.
            while block := stream.read(1 << 20):
                rows += len(_ROWS.findall(block))
                cells += len(_CELLS.findall(block))
        if rows > most:
            exceeded(report, "records", f"{entry.filename} has {rows} rows", limits.records)
            yield True
        elif cells > most * limits.columns:
            exceeded(report, "columns", f"{entry.filename} has {cells} cells", limits.columns)
            yield True


# --- a sheet -------------------------------------------------------------------------------


def _records(
    sheet: Any, kinds: Mapping[str, str] | None, report: Report, limits: ReadLimits
) -> list[Record]:
    """Read the rows of a sheet as records of text, the header first; report what is wrong."""
    cells = getattr(sheet, "_cells", None)
    if cells is None:
        report("chart-sheet", "the sheet holds a chart, no cells", "put the table there")
        return []
    grid: dict[int, dict[int, Any]] = {}
    for (row, column), cell in cells.items():
        if cell.value is not None and cell.value != "":
            grid.setdefault(row, {})[column] = cell
    if not grid:
        report("empty-file", "the sheet is empty", "write at least the header", line=1)
        return []
    last, width = max(grid), max(map(max, grid.values()))
    if width > limits.columns:
        exceeded(report, "columns", f"there are {width} columns", limits.columns, 1)
        return []
    if last - 1 > limits.records:
        exceeded(report, "records", f"the last row is {last}", limits.records, last)
        return []
    _out_of_sight(sheet, grid, report)
    header = grid.get(1, {})
    names = {place: str(cell.value) for place, cell in header.items()} if kinds else {}
    wide = max(header, default=0)
    records = []
    for row in range(1, last + 1):
        written = grid.get(row, {})
        # Cells to the right of the header make the row too wide; those left out are empty.
        fields = [""] * (max([wide, *written]) if written else wide)
        record = Record(row, row - 1, fields)
        for column, cell in sorted(written.items()):
            kind = (kinds or {}).get(names.get(column, "").strip().casefold(), "string")
            if row == 1:
                kind = "string"
            fields[column - 1] = _text(cell, kind, report, record, names.get(column, ""))
        records.append(record)
    return records


def _out_of_sight(sheet: Any, grid: Mapping[int, Mapping[int, Any]], report: Report) -> None:
    """Report rows and columns nobody sees, and cells that stand for several."""
    for row in sorted(grid):
        if row in sheet.row_dimensions and sheet.row_dimensions[row].hidden:
            report("hidden-row", f"row {row} is hidden or filtered out",
                   "show it, or delete it", Record(row, row - 1, []))  # fmt: skip
    written = {column for cells in grid.values() for column in cells}
    for letter, column in sorted(sheet.column_dimensions.items()):
        span = range(column.min or 0, (column.max or 0) + 1)
        if column.hidden and written & set(span):
            report("hidden-column", f"column {letter} is hidden", "show it, or delete it",
                   line=1, column=_header(grid, written & set(span)))  # fmt: skip
    for merged in sorted(sheet.merged_cells.ranges, key=str):
        report("merged-cells", f"the cells {merged} are one",
               "unmerge them, and fill in each cell",
               Record(merged.min_row, merged.min_row - 1, []),
               column=_header(grid, {merged.min_col}))  # fmt: skip


def _header(grid: Mapping[int, Mapping[int, Any]], columns: set[int]) -> str:
    names = [grid[1][c].value for c in sorted(columns) if c in grid.get(1, {})]
    return str(names[0]) if names else ""


# --- a cell --------------------------------------------------------------------------------


def _text(cell: Any, kind: str, report: Report, record: Record, column: str) -> str:
    """Return a cell's text; report a cell that is not plain, and read it as it shows."""
    value = cell.value
    shown = str(getattr(value, "text", value))
    fault = _fault(cell, kind)
    if fault:
        rule, what, fix = fault
        report(rule, f"cell {cell.coordinate}: {what}", fix, record, column=column, value=shown)
    if isinstance(value, str):
        return value.replace("_x000D_\n", "\n").replace("\r\n", "\n")
    return shown


def _fault(cell: Any, kind: str) -> tuple[str, str, str] | None:
    """Say why a cell is no plain text or number: rule, what, fix."""
    value, held = cell.value, cell.data_type
    if held == "f" or hasattr(value, "ref"):
        return "formula-cell", "a formula, not a value", "paste it as a value"
    if held == "e":
        return "error-cell", "an error of the spreadsheet", "correct the cell"
    if isinstance(value, bool):
        return "boolean-cell", "TRUE or FALSE, not a value of the table", "type it as text"
    if isinstance(value, str):
        if re.search("_x(?!000D_\n)[0-9A-Fa-f]{4}_", value):
            return "escaped-character", "a character that a workbook cannot hold", "delete it"
        return None
    if not isinstance(value, int | float):
        return (
            "date-cell", "a spreadsheet's date, not the text of one",
            "format the cell as text and type it as 2021-02-11",
        )  # fmt: skip
    if kind == "string":
        return (
            "number-cell", "a number where text belongs: zeros in front may be lost (007)",
            "format the column as text and type the value afresh",
        )  # fmt: skip
    if "%" in cell.number_format:
        return "percent-cell", "a percentage holds a hundredth of what it shows", "type the number"
    if isinstance(value, float) and len(repr(value).lstrip("-0.").replace(".", "")) > 15:
        return (
            "calculated-cell", f"{value!r} has more digits than can be typed",
            "type the number as published",
        )  # fmt: skip
    return None


def _settings(records: list[Record], report: Report) -> dict[str, str]:
    """Read the sheet of settings as key and value; report a row that is no setting."""
    found: dict[str, str] = {}
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
            found[key] = value
            continue
        report("setting", wrong, f"a row holds one of {', '.join(KEYS)} and its value",
               record, value=key)  # fmt: skip
    return found
