"""All tables of a report as one accessible spreadsheet: cover, contents, notes, a table a sheet.

Analysts open spreadsheets, and spreadsheets take text for more than text: `=1+1` for a formula,
`007` for a number, `1-2` for a day, an address for a link. Here a text column holds text, exactly
as coded, and a number column numbers. The layout follows the guidance of the UK Government
Analysis Function, "Releasing statistics in spreadsheets" (2021, revised 2023).
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import json
import math
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

import pandas as pd
import xlsxwriter

from positions import __version__ as software
from positions.site.pages import licence
from positions.study.load import Study
from positions.study.schema import DATAPACKAGE
from positions.words import MISSING, plural

NAME = "positions.xlsx"
EMPTY = "[z]"
"""What stands where the study's own table is empty: not applicable, or not given."""
CELL_UNITS, CELL_PART = 32_767, 16_383
"""What a cell holds at most, in UTF-16 units; the code points of each part of a longer text."""
ROWS = 1_048_000
"""Rows that a sheet holds below its heading."""
HEADING = 2
"""The row of a sheet's headings, from 0: its title and how to read it stand above."""
A4 = 9
"""A4 paper, as the file format counts papers."""
LINE, TITLE_LINE, HIGHEST = 15.75, 21, 409
"""Heights in points: of a line, of a line of the cover's title, and the most a row can have."""
TEXT: dict[str, Any] = {"font_name": "Arial", "font_size": 12, "text_wrap": True, "valign": "top"}
FORMS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},
    "number": {"align": "right"},
    "heading": {"bold": True, "bottom": 1},
    "title": {"bold": True, "font_size": 16},
    "subtitle": {"bold": True, "font_size": 14},
    "link": {"font_color": "blue", "underline": 1},
    "above": {"text_wrap": False},
    "above_title": {"text_wrap": False, "bold": True, "font_size": 16},
}
"""How cells look, beyond what all share."""
COVER = 85
"""Width of the cover in characters."""
_EARLIEST = datetime.datetime(1980, 1, 1)

SCORES = {
    "body_id": "Stable id of the body",
    "name": "Its name",
    "model_id": "Stable id of the model its positions are compared with",
    "agreement": "Mean nearness to the model's design over the propositions both address: 0 "
    f"(as far as can be) to 1 (the same); {MISSING} where it spoke on none",
    "lower": "The score if every proposition it is silent on were at its worst",
    "upper": "The score if every proposition it is silent on were at its best",
    "coder_lower": "Lower end of 95% of the scores, each source read by one of its coders",
    "coder_upper": "Upper end of those scores",
    "spoke": "Propositions of the model's design it spoke on",
    "of": "Propositions of the model's design",
    "standing": "Whether it is ranked, spoke on too few to be, or made the model",
}
POSITIONS = {
    "body_id": "Stable id of the body",
    "proposition_id": "Stable id of the proposition",
    "position": "Its latest stance: -2 (opposes) to 2 (supports)",
    "basis": "The most cautious class of evidence among its sources",
    "source_id": "The source or sources it rests on",
    "flagged": "Whether sources differ and none takes the place of another: their mean stands here",
}
TITLES = {
    "codings": "Every coding, with the phrase that carries it",
    "bodies": "The bodies",
    "sources": "The sources",
    "propositions": "The propositions",
    "models": "The models",
    "model_positions": "The models' positions",
    "coders": "Who read the texts",
    "adjudications": "What was decided where coders differed",
    "checks": "What people read who checked",
    "samples": "The cells drawn to be checked",
    "outcomes": "Where things stood before, and where the law ended",
    "engagement": "Published answers to engagement questions",
    "claims": "The claims that are put to the test",
    "assumptions": "What is assumed",
}


@dataclasses.dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: its label, its title, its table, and the meaning of each column."""

    label: str
    title: str
    data: pd.DataFrame
    meanings: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def blank(self) -> str:
        """What stands where a number or a text is missing."""
        return MISSING if self.label == "scores" else EMPTY


def xlsx(study: Study, scores: pd.DataFrame, positions: pd.DataFrame, checked: str = "") -> bytes:
    """Write all tables of a study, and what was computed from them, as one `.xlsx` file.

    A table without rows, or with more than a sheet can hold, has no sheet; the notes say so. A
    text that is longer than a cell can hold goes on in further columns, `note (continued 2)`.
    Numbers are rounded to six decimals, as in the CSV files.

    Parameters
    ----------
    study
        The study.
    scores, positions
        As an `Analysis` has them: one row per body and model, and one per body and proposition
        spoken on.
    checked
        How many codes a person checked, in a sentence; it stands on the cover and on each sheet.

    Returns
    -------
    bytes
        The same for the same study, on whatever day and machine it is made: the file is dated by
        the study's latest source.
    """
    sheets = list(_sheets(study, scores, positions))
    kept = [sheet for sheet in sheets if 0 < len(sheet.data) <= ROWS]
    notes = _notes([sheet for sheet in sheets if sheet not in kept])
    kept = [notes, *kept, _columns(kept)]
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        book.set_properties(
            {"title": study.title[:255], "created": _dated(study), "author": "positions"}
        )
        forms = {name: book.add_format(TEXT | form) for name, form in FORMS.items()}
        _cover(_new(book, "cover"), study, forms, checked)
        for sheet in [_contents(kept), *kept]:
            _table(_new(book, sheet.label), sheet, forms, checked)
    return stored.getvalue()


def _new(book: Any, label: str) -> Any:
    page = book.add_worksheet(label)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # one page wide, as many high as it takes
    return page


def _dated(study: Study) -> datetime.datetime:
    """Return the day of the study's latest source: today's would change the file."""
    latest = study.sources["latest"].max()
    return _EARLIEST if pd.isna(latest) else max(_EARLIEST, latest.to_pydatetime())


def _cover(page: Any, study: Study, forms: dict[str, Any], checked: str) -> None:
    """Write what the file is and under which terms it is given, one paragraph a row."""
    title, *more = _parts(study.title)
    version = f"version {study.version or 'not given'}"
    lines = [
        (title, "title"),
        ("What was studied", "subtitle"),
        *((part, "text") for part in more),
        *((p, "text") for p in _parts(study.description or "The study does not describe itself.")),
        ("About these data", "subtitle"),
        *((p, "text") for p in _parts(checked) if checked),
        *((p, "text") for p in _parts(f"Made by positions {software} from this study, {version}.")),
        *((part, "text") for part in _parts(licence(study.licences))),
        (f"The notes say what {MISSING} and {EMPTY} mean, and how text is kept. The sheet columns "
         "says what each column holds.", "text"),
    ]  # fmt: skip
    page.set_column(0, 0, COVER)
    for row, (text, form) in enumerate(lines):
        page.set_row(row, _height([text], [COVER], LINE if row else TITLE_LINE))
        page.write_string(row, 0, text, forms[form])


# --- the tables ----------------------------------------------------------------------------


def _sheets(study: Study, scores: pd.DataFrame, positions: pd.DataFrame) -> Iterator[Sheet]:
    """Give the computed tables, then those of the study."""
    yield Sheet("scores", "Agreement of each body with each model", scores[list(SCORES)], SCORES)
    yield Sheet("positions", "Position of each body on each proposition it spoke on",
                positions[list(POSITIONS)], POSITIONS)  # fmt: skip
    contract = json.loads(resources.files("positions").joinpath(DATAPACKAGE).read_text("utf-8"))
    fields = {r["name"]: r["schema"]["fields"] for r in contract["resources"]}
    for name, title in TITLES.items():
        meanings = {field["name"]: field["description"] for field in fields[name]}
        yield Sheet(name, title, getattr(study, name)[list(meanings)], meanings)


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    rows = [(sheet.label, sheet.title) for sheet in sheets]
    return Sheet("contents", "Table of contents", pd.DataFrame(rows, columns=["Sheet", "Title"]))


def _columns(sheets: Sequence[Sheet]) -> Sheet:
    """List what each column of each sheet holds."""
    rows = [
        (sheet.label, column, meaning)
        for sheet in sheets
        for column, meaning in sheet.meanings.items()
    ]
    names = ["sheet", "column", "meaning"]
    return Sheet("columns", "What each column holds", pd.DataFrame(rows, columns=names))


def _table(page: Any, sheet: Sheet, forms: dict[str, Any], checked: str) -> None:
    """Write one table below its title, marked as a table; every cell is its own text or number."""
    columns = _cells(sheet)
    gaps = any(sheet.blank in cells for cells in columns.values())
    above = f"This worksheet contains one table of {plural(len(sheet.data), 'row')}."
    above += f" {sheet.blank} is explained in the notes." if gaps else ""
    above += f" {checked}" if checked else ""
    page.write_string(0, 0, sheet.title, forms["above_title"])
    page.write_string(1, 0, above, forms["above"])
    page.add_table(HEADING, 0, HEADING + len(sheet.data), len(columns) - 1, {
        "name": f"table_{sheet.label}", "autofilter": False, "style": None,
        "columns": [{"header": name, "header_format": forms["heading"]} for name in columns],
    })  # fmt: skip
    widths = []
    for at, (name, cells) in enumerate(columns.items()):
        longest = max(len(str(cell)) for cell in [name, *cells])
        widths.append(min(max(longest, 8) + 2, 60))  # the rest wraps
        page.set_column(at, at, widths[-1])
        _column(page, at, cells, forms, linked=sheet.label == "contents" and not at)
    for at, row in enumerate([list(columns), *zip(*columns.values(), strict=True)], HEADING):
        page.set_row(at, _height(row, widths))
    page.freeze_panes(HEADING + 1, 0)
    page.repeat_rows(HEADING)


def _column(page: Any, at: int, cells: list[Any], forms: dict[str, Any], linked: bool) -> None:
    """Write the cells of a column, each as what it is."""
    numbers = any(not isinstance(cell, str) for cell in cells)
    for row, cell in enumerate(cells, HEADING + 1):
        if not isinstance(cell, str):
            page.write_number(row, at, cell, forms["number"])
        elif linked:
            page.write_url(row, at, f"internal:'{cell}'!A1", forms["link"], cell)
        else:
            page.write_string(row, at, cell, forms["number" if numbers else "text"])


def _cells(sheet: Sheet) -> dict[str, list[Any]]:
    """Every value by column: a number, a text as it stands, or the sign for what is missing."""
    columns: dict[str, list[Any]] = {}
    for name, values in sheet.data.items():
        if values.dtype.kind in "if":
            columns[name] = [sheet.blank if pd.isna(v) else _number(v) for v in values]
            continue
        parts = [_parts(str(v)) if not pd.isna(v) else [""] for v in values]
        for at in range(max(map(len, parts))):
            heading = f"{name} (continued {at + 1})" if at else name
            columns[heading] = [p[at] if at < len(p) and p[at] else sheet.blank for p in parts]
    return columns


def _number(value: Any) -> int | float:
    return int(value) if float(value).is_integer() else round(float(value), 6)


def _parts(text: str) -> list[str]:
    """Split a text into parts that a cell can hold; nearly always one."""
    if len(text) <= CELL_PART or len(text.encode("utf-16-le")) <= 2 * CELL_UNITS:
        return [text]
    return [text[at : at + CELL_PART] for at in range(0, len(text), CELL_PART)]


def _height(row: Sequence[Any], widths: Sequence[int], line: float = LINE) -> float:
    """Return the height of a row in points, generously: not every program finds it itself."""
    lines = [
        sum(max(1, math.ceil(1.15 * len(part) / width)) for part in str(cell).split("\n"))
        for cell, width in zip(row, widths, strict=True)
    ]
    return min(line * max(lines), HIGHEST)


def _notes(left_out: Sequence[Sheet]) -> Sheet:
    """Say what signs mean, how text and numbers are kept, and which tables have no sheet."""
    rows = [
        (MISSING, "The body spoke on none of the model's propositions: silence is not neutrality, "
         "and is no number."),
        (EMPTY, "The cell is empty in the study's table: not applicable, or not given."),
        ("Text", "Text columns hold text exactly as coded. A cell that begins with = + - or @ is "
         "no formula, 007 and 1-2 are no numbers, and addresses are no links."),
        ("Long text", "A text longer than a cell can hold goes on in the columns “continued”."),
        ("Numbers", "Rounded to six decimals, as in the CSV files beside this file. Those are "
         "for programs: a spreadsheet would take some of their cells for numbers or days, and an "
         "apostrophe stands before what it would run. This file is the one to open in a "
         "spreadsheet."),
    ]  # fmt: skip
    for sheet in left_out:
        many = f"more rows ({len(sheet.data)}) than a sheet can hold"
        rows.append(
            (sheet.label, f"No sheet: the table has {many if len(sheet.data) else 'no rows'}.")
        )
    names = ["Sign or word", "What it means"]
    return Sheet("notes", "Notes", pd.DataFrame(rows, columns=names))
