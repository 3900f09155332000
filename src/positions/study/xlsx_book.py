"""A workbook, opened once its parts were looked through: its sheets, with their filled cells."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from positions.study import safe_archives, xlsx_parts
from positions.study.csv_reader import ReadLimits, Report, exceeded
from positions.study.xlsx_parts import Part

_FIX = "save it again as .xlsx, without macros or a password"
_AGAIN = "open it and save it again as .xlsx"
LARGEST_GAP = 1_000
"""Blank rows that a table may have; more of them, and something stands far below it."""


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A sheet: what its part holds, and its filled cells by place."""

    name: str
    hidden: bool
    chart: bool
    part: Part
    cells: Mapping[int, Mapping[int, Any]]


def open_sheets(
    raw: bytes, report: Report, limits: ReadLimits, wanted: set[str] | None
) -> list[Sheet] | None:
    """Open a workbook that is known to be small and plain; None where it may not be opened."""
    found = parts(raw, report, limits)
    if found is None:
        return None
    try:
        with opened(raw) as reader, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(_filled(reader, found, limits, wanted))
    except ImportError:
        report("extra-missing", "an .xlsx file cannot be read without openpyxl",
               'run: pip install "positions[exchange]"')  # fmt: skip
    except xlsx_parts.Refused as error:
        report("workbook-damaged", str(error), _AGAIN)
    except Exception as error:  # a damaged workbook can raise nearly anything
        what = f"{type(error).__name__}: {error}"
        report("workbook-damaged", f"cannot be read as a workbook: {what[:200]}", _AGAIN)
    return None


@contextlib.contextmanager
def opened(raw: bytes) -> Iterator[Any]:
    """Open a workbook whose parts were looked through; its rows are read as they come.

    Of its parts only those that tables need are opened: its names, for one, are matched by a
    pattern that takes hours on a long one.
    """
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.styles.stylesheet import apply_stylesheet

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = ExcelReader(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False, rich_text=True
        )
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        reader.read_worksheets()
    with contextlib.closing(reader.wb):
        yield reader


def parts(raw: bytes, report: Report, limits: ReadLimits) -> dict[str, Part] | None:
    """Judge the archive: its size, its entries and their names, what each part holds."""
    if len(raw) > limits.archive_bytes:
        exceeded(report, "archive_bytes", f"the file has {len(raw)} bytes", limits.archive_bytes)
        return None
    if stranger := safe_archives.stranger(raw):
        report("workbook-kind", f"not an .xlsx file: {stranger[0]}", stranger[1])
        return None
    most = limits.archive_elements * max(1, len(raw) >> 20)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if any([*safe_archives.faults(archive, raw, report, limits, _FIX),
                    *_macros(archive, report)]):  # fmt: skip
                return None
            return xlsx_parts.look_through(archive, most)
    except xlsx_parts.Refused as error:
        report("workbook-damaged", str(error), _AGAIN)
    except xlsx_parts.TooLarge:
        exceeded(report, "archive_elements", "the workbook holds more cells, formats or ranges",
                 most)  # fmt: skip
    except safe_archives.DAMAGED as error:
        report("workbook-damaged", f"not an .xlsx file: {error}",
               "name a study's folder, or save the spreadsheet as .xlsx")  # fmt: skip
    return None


def _macros(archive: zipfile.ZipFile, report: Report) -> Iterator[bool]:
    """Report programs in the workbook: never run, and no part of a table."""
    for name in archive.namelist():
        if name.lower().endswith("vbaproject.bin"):
            report("archive", "the workbook holds macros", _FIX, value=name)
            yield True


def _filled(
    reader: Any, parts: Mapping[str, Part], limits: ReadLimits, wanted: set[str] | None
) -> Iterator[Sheet]:
    """Yield each sheet with its filled cells, as far as they are wanted and not too many."""
    taken: set[str] = set()
    for about, place in reader.parser.find_sheets():
        if {about.name, place.target} & taken:
            raise xlsx_parts.Refused(f"two sheets have the name {about.name!r}, or one part")
        taken |= {about.name, place.target}
        hidden, chart = about.state != "visible", "chartsheet" in place.Type
        part = Part() if chart else parts[place.target]
        cells: dict[int, dict[int, Any]] = {}
        if part.rows and (wanted is None or about.name in wanted) and _fits(part, limits):
            rows = reader.wb[about.name].iter_rows(
                min_row=1, max_row=part.last_row, max_col=part.last_column
            )
            for number, row in enumerate(rows, 1):
                # A formula that was never calculated has no value, and is a cell all the same.
                filled = {
                    at: cell
                    for at, cell in enumerate(row, 1)
                    if cell.value not in (None, "") or (number, at) in part.formulas
                }
                if filled:
                    cells[number] = filled
        yield Sheet(about.name, hidden, chart, part, cells)


def _fits(part: Part, limits: ReadLimits) -> bool:
    fits = part.last_row - 1 <= limits.records and part.last_column <= limits.columns
    return fits and part.last_row - part.rows <= LARGEST_GAP
