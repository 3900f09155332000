"""All tables of a report as one accessible spreadsheet: cover, contents, notes, a table a sheet.

Analysts open spreadsheets, and spreadsheets take text for more than text: `=1+1` for a formula,
`007` for a number, `1-2` for a day, an address for a link. Here a text column holds text, exactly
as coded, and a number column numbers. The layout follows the guidance of the UK Government
Analysis Function, "Releasing statistics in spreadsheets" (2021, revised 2023), through gptables.
"""

from __future__ import annotations

import dataclasses
import datetime
import io
import json
import math
import warnings
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

import pandas as pd

from positions import __version__ as software
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
_EARLIEST = datetime.datetime(1980, 1, 1)

SCORES = {
    "body_id": "Stable id of the body",
    "name": "Its name",
    "model_id": "Stable id of the model its positions are compared with",
    "agreement": "Mean nearness to the model over the propositions both address: 0 (opposite "
    f"ends) to 1 (the same); {MISSING} where it spoke on none",
    "lower": "The score if every proposition it is silent on were at its worst",
    "upper": "The score if every proposition it is silent on were at its best",
    "coder_lower": "Lower end of 95% of the scores, each source read by one of its coders",
    "coder_upper": "Upper end of those scores",
    "spoke": "Propositions of the model it spoke on",
    "of": "Propositions of the model",
    "standing": "Whether it is ranked, spoke on too few to be, or made the model",
}
POSITIONS = {
    "body_id": "Stable id of the body",
    "proposition_id": "Stable id of the proposition",
    "position": "Its latest stance: -2 (opposes) to 2 (supports)",
    "basis": "The most cautious class of evidence among its sources",
    "source_id": "The source or sources it rests on",
    "flagged": "Whether sources of one day differ, so that their mean stands here",
}
TITLES = {
    "codings": "Every coding, with the phrase that carries it",
    "bodies": "The bodies",
    "sources": "The sources",
    "propositions": "The propositions",
    "models": "The models",
    "model_positions": "The models' positions",
    "adjudications": "What was decided where coders differed",
    "engagement": "Published answers to engagement questions",
    "claims": "The claims that are put to the test",
    "assumptions": "What is assumed",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Verbatim:
    """Text written as it stands: gptables, which reads links and notes into text, leaves it be."""

    text: str


@dataclasses.dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: its label, its title, its table, and the meaning of each column."""

    label: str
    title: str
    data: pd.DataFrame
    meanings: dict[str, str]

    @property
    def blank(self) -> str:
        """What stands where a number or a text is missing."""
        return MISSING if self.label == "scores" else EMPTY


def xlsx(study: Study, scores: pd.DataFrame, positions: pd.DataFrame) -> bytes:
    """Write all tables of a study, and what was computed from them, as one `.xlsx` file.

    A table without rows, or with more than a sheet can hold, has no sheet; the notes say so. A
    text that is longer than a cell can hold goes on in further columns, `note (continued 2)`.
    Numbers are rounded to six decimals, as in the CSV files.

    Parameters
    ----------
    study
        The study.
    scores, positions
        As `build.analyse` returns them: one row per body and model, and one per body and
        proposition spoken on.

    Returns
    -------
    bytes
        The same for the same study, on whatever day and machine it is made: the file is dated by
        the study's latest source.
    """
    sheets = list(_sheets(study, scores, positions))
    kept = [sheet for sheet in sheets if 0 < len(sheet.data) <= ROWS]
    left_out = [sheet for sheet in sheets if sheet not in kept]
    kept.append(_columns(kept))
    with warnings.catch_warnings():
        # gptables leaves a file of its own open, and calls pandas as pandas 4 will not be called.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        return _book(study, kept, left_out)


def _book(study: Study, sheets: Sequence[Sheet], left_out: Sequence[Sheet]) -> bytes:
    from gptables.core.wrappers import GPWorkbook

    stored = io.BytesIO()
    book: Any = GPWorkbook(stored, {"in_memory": True})
    book.set_properties(
        {"title": study.title[:255], "created": _dated(study), "author": "positions"}
    )
    cover, page = _cover(study), _new(book, "cover")
    page.write_cover(cover)
    for at, words in enumerate([cover.title, "", *cover.intro, "", *cover.about]):
        page.set_row(at, _height([words], [cover.width], LINE if at else TITLE_LINE))
    tables = {"notes": _notes(left_out), **{sheet.label: _table(sheet) for sheet in sheets}}
    for label, table in {"contents": book.make_table_of_contents(tables), **tables}.items():
        page, widths = _new(book, label), _widths(table.table)
        page.write_gptable(table, False, [])
        page.repeat_rows(HEADING)
        for at, width in enumerate(widths):
            page.set_column(at, at, width)
        for at, row in enumerate(table.table.itertuples(index=False), HEADING + 1):
            page.set_row(at, _height(row, widths))
    book.close()
    return stored.getvalue()


def _new(book: Any, label: str) -> Any:
    """A fresh sheet that writes verbatim text as text, whatever it looks like."""
    page = book.add_worksheet(label)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)  # one page wide, as many high as it takes
    page.add_write_handler(
        Verbatim,
        lambda sheet, row, column, cell, form=None: sheet.write_string(
            row, column, cell.text, form
        ),
    )
    return page


def _dated(study: Study) -> datetime.datetime:
    """The day of the study's latest source, which is no day of today's."""
    latest = study.sources["latest"].max()
    return _EARLIEST if pd.isna(latest) else max(_EARLIEST, latest.to_pydatetime())


def _cover(study: Study) -> Any:
    from gptables import Cover

    title, *more = _parts(study.title)
    more += _parts(study.description or "The study gives no description of itself.")
    version = f"version {study.version or 'not given'}"
    return Cover(
        title=Verbatim(title),
        intro=[Verbatim(part) for part in more],
        about=[
            *map(Verbatim, _parts(f"Made by positions {software} from this study, {version}.")),
            "Coded tables: CC BY 4.0. The phrases quoted are their authors'.",
            "The notes say what [x] and [z] mean, and how text is kept; the sheet columns says "
            "what each column holds.",
        ],
        cover_label="cover",
    )


# --- the tables ----------------------------------------------------------------------------


def _sheets(study: Study, scores: pd.DataFrame, positions: pd.DataFrame) -> Iterator[Sheet]:
    """The computed tables, then those of the study."""
    yield Sheet("scores", "Agreement of each body with each model", scores[list(SCORES)], SCORES)
    yield Sheet("positions", "Position of each body on each proposition it spoke on",
                positions[list(POSITIONS)], POSITIONS)  # fmt: skip
    contract = json.loads(resources.files("positions").joinpath(DATAPACKAGE).read_text("utf-8"))
    fields = {r["name"]: r["schema"]["fields"] for r in contract["resources"]}
    for name, title in TITLES.items():
        meanings = {field["name"]: field["description"] for field in fields[name]}
        yield Sheet(name, title, getattr(study, name)[list(meanings)], meanings)


def _columns(sheets: Sequence[Sheet]) -> Sheet:
    """What each column of each sheet holds."""
    rows = [
        (sheet.label, column, meaning)
        for sheet in sheets
        for column, meaning in sheet.meanings.items()
    ]
    names = ["sheet", "column", "meaning"]
    return Sheet("columns", "What each column holds", pd.DataFrame(rows, columns=names), {})


def _table(sheet: Sheet) -> Any:
    """One table as gptables takes it, every cell its own text or number."""
    from gptables import GPTable

    cells = _cells(sheet)
    words = [c for c in cells if c not in sheet.data or sheet.data[c].dtype.kind not in "if"]
    forms = [
        {"column": {"columns": words, "format": {"num_format": "@", "valign": "top"}}},
        {
            "column": {
                "columns": [c for c in cells if c not in words],
                "format": {"align": "right", "valign": "top"},
            }
        },
    ]
    gaps = (cells == Verbatim(sheet.blank)).any(axis=None)
    return GPTable(
        cells,
        f"table_{sheet.label}",
        sheet.title,
        instructions=f"This worksheet contains one table of {plural(len(cells), 'row')}."
        + (f" {sheet.blank} is explained in the notes." if gaps else ""),
        index_columns={2: 0},
        additional_formatting=[form for form in forms if form["column"]["columns"]],
    )


def _cells(sheet: Sheet) -> pd.DataFrame:
    """Every value as a number, as verbatim text, or as the sign for what is missing."""
    blank = Verbatim(sheet.blank)
    columns: dict[str, list[object]] = {}
    for name in sheet.data:
        values = sheet.data[name]
        if values.dtype.kind in "if":
            columns[name] = [blank if pd.isna(v) else _number(v) for v in values]
            continue
        parts = [_parts(str(v)) if not pd.isna(v) else [""] for v in values]
        for at in range(max(map(len, parts))):
            heading = f"{name} (continued {at + 1})" if at else name
            columns[heading] = [Verbatim(p[at]) if at < len(p) and p[at] else blank for p in parts]
    return pd.DataFrame(columns, dtype=object)


def _number(value: Any) -> int | float:
    return int(value) if float(value).is_integer() else round(float(value), 6)


def _parts(text: str) -> list[str]:
    """A text in parts that a cell can hold; nearly always one."""
    if len(text) <= CELL_PART or len(text.encode("utf-16-le")) <= 2 * CELL_UNITS:
        return [text]
    return [text[at : at + CELL_PART] for at in range(0, len(text), CELL_PART)]


def _shown(cell: Any) -> str:
    """A cell's words: verbatim text, a number, or the text of a link within the file."""
    return next(iter(cell)) if isinstance(cell, dict | list) else str(getattr(cell, "text", cell))


def _widths(cells: pd.DataFrame) -> list[int]:
    """Widths in characters: a column's longest cell, within reason; the rest wraps."""
    longest = cells.map(lambda cell: len(_shown(cell))).max()
    return [min(max(int(most), len(name), 8) + 2, 60) for name, most in longest.items()]


def _height(row: Sequence[Any], widths: Sequence[int], line: float = LINE) -> float:
    """The height of a row in points, generously: not every program finds it on its own."""
    lines = [
        sum(max(1, math.ceil(1.15 * len(part) / width)) for part in _shown(cell).split("\n"))
        for cell, width in zip(row, widths, strict=True)
    ]
    return min(line * max(lines), HIGHEST)


def _notes(left_out: Sequence[Sheet]) -> Any:
    from gptables import GPTable

    rows = [
        (MISSING, "The body spoke on none of the model's propositions: silence is not neutrality, "
         "and is no number."),
        (EMPTY, "The cell is empty in the study's table: not applicable, or not given."),
        ("Text", "Text columns hold text exactly as coded. A cell that begins with = + - or @ is "
         "no formula, 007 and 1-2 are no numbers, and addresses are no links."),
        ("Long text", "A text longer than a cell can hold goes on in the columns “continued”."),
        ("Numbers", "Rounded to six decimals, as in the CSV files beside this file. Those are "
         "exact data for programs: a spreadsheet would take some of their cells for formulas, "
         "numbers or days. This file is the one to open in a spreadsheet."),
    ]  # fmt: skip
    for sheet in left_out:
        many = f"more rows ({len(sheet.data)}) than a sheet can hold"
        rows.append(
            (sheet.label, f"No sheet: the table has {many if len(sheet.data) else 'no rows'}.")
        )
    cells = pd.DataFrame(rows, columns=["Sign or word", "What it means"]).map(Verbatim)
    return GPTable(
        cells, "table_notes", "Notes", index_columns={2: 0},
        instructions="This worksheet contains one table.",
        additional_formatting=[{"column": {"columns": [0, 1], "format": {"valign": "top"}}}],
    )  # fmt: skip
