"""Workbooks of a few kilobytes that would take all memory, or hours, if they were built."""

import io
import zipfile

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def parts(title="codings"):
    """The parts of a small sound workbook, by name."""
    made = openpyxl.Workbook()
    made.active.title = title
    held = io.BytesIO()
    made.save(held)
    with zipfile.ZipFile(held) as archive:
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


def book(**spoilt):
    """A workbook with a spoilt sheet."""
    return packed({**parts(), SHEET: sheet(**spoilt)})


def rows(cells, number):
    """The same cells in many rows."""
    return "".join(f'<row r="{row}">{cells}</row>' for row in range(2, number + 2))
