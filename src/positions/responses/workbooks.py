"""Answers in a workbook: the rows of its one sheet, as text.

The workbook is looked through before it is opened, as a study's is. What nobody would see is
refused: hidden rows and columns, formulas, cells that are one.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator
from typing import Any

from positions.responses.backend import NotResponses
from positions.responses.records import Read, Record, unseen
from positions.study import xlsx_book, xlsx_cells
from positions.study.csv_reader import ReadLimits, allowed, reporter
from positions.study.problems import Problem
from positions.study.xlsx_parts import Part

LIMITS = ReadLimits(
    records=1_048_576, columns=16_384, archive_bytes=256 * 1024**2,
    archive_inflated=4 * 1024**3, archive_elements=2_000_000,
)  # fmt: skip
_HEADERS = 3
"""Rows above the answers, in which one cell may stand over several columns."""


def rows(path: pathlib.Path, read: Read = unseen) -> Iterator[Record]:
    """Yield each row of a workbook with its number, its cells as text, and its fault.

    Raises
    ------
    NotResponses
        When it cannot be opened safely, or shows something else than it holds.
    """
    problems: list[Problem] = []
    raw = path.read_bytes()
    parts = xlsx_book.parts(raw, reporter(path.name, problems), allowed(LIMITS))
    if parts is None:
        raise NotResponses(f"{path}: {problems[0].message}; {problems[0].fix}")
    try:
        with xlsx_book.opened(raw) as reader:
            yield from _rows(path, reader, parts, read)
    except NotResponses:
        raise
    except ImportError:
        raise NotResponses(
            f'{path}: a workbook cannot be read without openpyxl; run: pip install "'
            'positions[exchange]"'
        ) from None
    except Exception as error:  # a damaged workbook can raise nearly anything
        what = f"{type(error).__name__}: {error}"
        raise NotResponses(f"{path}: it cannot be read as a workbook: {what[:200]}") from None


def _rows(path: pathlib.Path, reader: Any, parts: dict[str, Part], read: Read) -> Iterator[Record]:
    sheets = [
        (about.name, parts[place.target])
        for about, place in reader.parser.find_sheets()
        if about.state == "visible" and "chartsheet" not in place.Type
    ]
    filled = [(name, part) for name, part in sheets if part.rows]
    if len(filled) != 1:
        names = ", ".join(repr(name) for name, _ in filled) or "none"
        raise NotResponses(
            f"{path}: answers are read from a workbook with one sheet, and those with rows are "
            f"{names}; save the sheet of answers as a workbook of its own"
        )
    name, part = filled[0]
    if what := _out_of_sight(part):
        raise NotResponses(f"{path}#{name}: {what}")
    cells = reader.wb[name].iter_rows(
        min_row=1, max_row=part.last_row, max_col=part.last_column, values_only=True
    )
    for number, values in enumerate(cells, 1):
        read(40)
        fields = [xlsx_cells.text(value) for value in values]
        yield number, fields, "" if any(fields) else "blank line"


def _out_of_sight(part: Part) -> str:
    """Say what a sheet holds that nobody sees, and what to do; empty where there is nothing."""
    if part.hidden_rows:
        return f"row {min(part.hidden_rows)} is hidden or filtered out; show it, or delete it"
    if part.hidden_columns:
        first = min(part.hidden_columns)[0]
        return f"column {first} is hidden; show it, or delete it"
    if part.formulas:
        row, column = min(part.formulas)
        return f"row {row}, column {column}: a formula, not a value; paste it as a value"
    merged = [area for row, _, area in sorted(part.merged) if row > _HEADERS]
    return f"the cells {merged[0]} are one; unmerge them, and fill in each cell" if merged else ""
