"""The small study as a workbook, and workbooks that would take all memory if they were built."""

import csv
import io
import zipfile

import openpyxl
from small import TABLES, package

from positions.study.schema import contract

CONTRACT = contract()
SETTINGS = {name: package()[name] for name in ("title", "description", "version")}
SETTINGS["reference_model"] = "combined"


def typed(table: str, column: str, text: str):
    """A cell as someone types it: a number where the column holds numbers, else text."""
    kind = next(c.type for c in CONTRACT[table].columns if c.name == column)
    if kind == "string" or text == "":
        return text or None
    return float(text) if "." in text else int(text)


def book() -> openpyxl.Workbook:
    """The small study as a workbook."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for file, text in TABLES.items():
        name = file.removesuffix(".csv")
        sheet = made.create_sheet(name)
        header, *rows = csv.reader(io.StringIO(text, newline=""))
        sheet.append(header)
        for row in rows:
            sheet.append([typed(name, c, v) for c, v in zip(header, row, strict=True)])
        for row in sheet.iter_rows():
            for cell in row:
                cell.number_format = "@" if isinstance(cell.value, str) else "General"
    sheet = made.create_sheet("study")
    for pair in SETTINGS.items():
        sheet.append(pair)
    return made


def raw(made: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def saved(made: openpyxl.Workbook, folder):
    path = folder / "small.xlsx"
    made.save(path)
    return path


# --- hostile ones --------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def parts(title="codings"):
    """The parts of a small sound workbook, by name."""
    made = openpyxl.Workbook()
    made.active.title = title
    with zipfile.ZipFile(io.BytesIO(raw(made))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sheet(rows="", before="", behind=""):
    """A sheet whose first row is a header of one cell, with further XML."""
    header = '<row r="1"><c r="A1" t="inlineStr"><is><t>body_id</t></is></c></row>'
    table = f"{before}<sheetData>{header}{rows}</sheetData>{behind}"
    return f'<worksheet xmlns="{MAIN}">{table}</worksheet>'.encode()


def packed(entries):
    """The bytes of an archive; a picture makes it large, so that no ratio gives it away."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        archive.writestr(zipfile.ZipInfo("xl/media/picture.png"), bytes(900_000))
    return held.getvalue()


def hostile(**spoilt):
    """A workbook with a spoilt sheet."""
    return packed({**parts(), SHEET: sheet(**spoilt)})


def rows(cells, number):
    """The same cells in many rows."""
    return "".join(f'<row r="{row}">{cells}</row>' for row in range(2, number + 2))
