"""Spreadsheets as tests look at them: read by openpyxl, and out of their markup."""

import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl


def book(raw):
    return openpyxl.load_workbook(io.BytesIO(raw), data_only=False)


def texts(raw, label, column):
    """The text cells of a column by row, read out of the markup by the rules of ECMA-376."""
    at = book(raw).sheetnames.index(label) + 1
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        stored = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        cells = archive.read(f"xl/worksheets/sheet{at}.xml").decode()
    strings = [item[0].text for item in stored]
    found = re.findall(rf'<c r="{column}(\d+)"[^>]* t="s"><v>(\d+)</v></c>', cells)
    return {int(row): re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), strings[int(n)])
               for row, n in found}  # fmt: skip


def assert_inert(raw):
    """No formula, no link out of the file, no macro, nothing that asks for anything."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert "<f>" not in text and "<f " not in text, name
            assert "TargetMode" not in text, name
            assert not re.search(r"vba|externalLink|connections|oleObject", name), name
            if name.startswith("xl/worksheets/sheet"):
                assert len(re.findall("<hyperlink ", text)) == text.count('location="')
