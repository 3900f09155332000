"""What would take all memory is judged by its corners, or counted, and never built."""

import openpyxl
import pytest
import workbooks
from openpyxl.xml.constants import SHARED_STRINGS as STRINGS
from workbooks import MAIN, SHEET, hostile, packed, parts, rows, sheet

from positions.study import xlsx_reader
from positions.study.csv_reader import ReadLimits
from positions.study.problems import as_text

KINDS = {"codings": {"body_id": "string", "stance": "integer", "weight": "number"}}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
COLUMNS = [*LETTERS, *(a + b for a in LETTERS for b in LETTERS)]
TOO_LARGE = "limit-archive-elements: the workbook holds more cells, formats or ranges"


def found(raw, kinds=KINDS):
    return as_text(xlsx_reader.read_workbook(raw, "x.xlsx", kinds, ReadLimits()).problems)


def named(sheets):
    listed = "".join(
        f'<sheet name="n{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, sheets + 1)
    )
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    text = f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets>{listed}</sheets></workbook>'
    return packed({**parts(), "xl/workbook.xml": text.encode()})


def strings(inside):
    text = f'<sst xmlns="{MAIN}">{inside}</sst>'
    return packed({**parts(), "xl/sharedStrings.xml": text.encode()})


HOSTILE = {
    "all cells merged": (
        lambda: hostile(behind='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "codings:1 [body_id]: error: merged-cells: the cells A1:XFD1048576 are one\n",
    ),
    "whole columns merged": (
        lambda: hostile(behind="<mergeCells>" + "".join(
            f'<mergeCell ref="{name}1:{name}1048576"/>' for name in COLUMNS) + "</mergeCells>"),
        "the cells A1:A1048576 are one (one of 702 such ranges)",
    ),
    "more merged ranges than can be counted": (
        lambda: hostile(behind='<mergeCell ref="A1:XFD1048576"/>' * 50_000), TOO_LARGE,
    ),
    "two million empty cells": (lambda: hostile(rows=rows('<c s="1"/>' * 1000, 2000)), TOO_LARGE),
    "two hundred thousand full cells": (
        lambda: hostile(rows=rows("<c><v>1</v></c>" * 100, 2000)), TOO_LARGE,
    ),
    "a cell far to the right in every row": (
        lambda: hostile(rows="".join(f'<row r="{n}"><c r="GR{n}"><v>1</v></c></row>'
                                  for n in range(2, 50_000))), TOO_LARGE,
    ),
    "a cell in the last corner": (
        lambda: hostile(rows='<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "limit-columns: there are 16384 columns",
    ),
    "a cell in the last row": (
        lambda: hostile(rows='<row r="1048576"><c r="A1048576" t="b"><v>1</v></c></row>'),
        "codings:1048576: error: far-row: of 1048576 rows only 2 hold anything",
    ),
    "a formula in every cell": (
        lambda: hostile(rows=rows('<c><f t="shared" si="0"/></c>' * 10, 6000)), TOO_LARGE,
    ),
    "fifty thousand sheets": (lambda: named(50_000), TOO_LARGE),
    "sixty thousand hidden ranges of columns": (
        lambda: hostile(before="<cols>" + '<col min="1" max="9" hidden="1"/>' * 60_000 + "</cols>"),
        TOO_LARGE,
    ),
    "two sheets in one part": (lambda: named(2), "two sheets have the name 'n2', or one part"),
    "a text of fifty megabytes": (
        lambda: strings(f"<si><t>{'a' * 50_000_000}</t></si>"),
        "xl/sharedStrings.xml holds a text of more than 1000000 bytes",
    ),
    "a number of four thousand digits": (
        lambda: hostile(rows=rows(f"<c><v>{'9' * 4000}</v></c>", 2)),
        f"{SHEET} holds a number of more than 400 characters",
    ),
    "a hundred thousand fonts": (
        lambda: packed({**parts(), "xl/styles.xml": b"<a>" + b"<font/>" * 100_000 + b"</a>"}),
        TOO_LARGE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_take_all_memory_is_refused_by_name(name):
    made, words = HOSTILE[name]
    assert words in found(made())


def test_a_link_over_all_cells_is_no_cell():
    link = '<hyperlink ref="A1:XFD1048576" location="x"/>'
    raw = hostile(behind=f"<hyperlinks>{link}</hyperlinks>")
    assert found(raw) == ""


def test_a_name_for_very_many_ranges_is_not_matched():
    names = f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{"$A:" * 300_000}'
    entries = parts()
    text = (
        entries["xl/workbook.xml"]
        .replace(b"<definedNames/>", b"")
        .replace(
            b"</sheets>", f"</sheets><definedNames>{names}</definedName></definedNames>".encode()
        )
    )
    assert found(packed({**entries, "xl/workbook.xml": text})) == (
        "codings:1: error: empty-file: the sheet is empty\n    fix: write at least the header"
    )


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is():
    raw = hostile(before='<dimension ref="A1:XFD1048576"/>', rows='<row r="2"><c r="A2"/></row>')
    assert found(raw) == ""


@pytest.mark.parametrize(
    ("spoilt", "words"),
    [
        ('<row r="3"/><row r="2"/>', f"row 2 of {SHEET} stands behind row 3"),
        ('<row r="2"><c r="B2"/><c r="A2"/></row>', f"cell A2 of {SHEET} stands out of order"),
        ('<row r="2"><c r="A3"/></row>', f"cell A3 of {SHEET} stands out of order"),
        ('<row r="2.0"/>', "'2.0' is no row or column"),
        ('<row r="2"><c r="A0"/></row>', "'A0' is no cell"),
    ],
)
def test_rows_and_cells_that_are_out_of_order_are_refused_and_not_left_out(spoilt, words):
    assert words in found(hostile(rows=spoilt))


@pytest.mark.parametrize("before", [
    '<sheetFormatPr zeroHeight="1"/>', '<cols><col min="1" max="3" width="0"/></cols>',
])  # fmt: skip
def test_rows_and_columns_of_no_size_are_hidden(before):
    assert "is hidden" in found(hostile(before=before))


def test_one_flipped_byte_is_a_damaged_workbook():
    raw = bytearray(packed(parts()))
    at = raw.index(SHEET.encode()) + len(SHEET) + 40
    raw[at] ^= 0xFF
    assert "workbook-damaged: not an .xlsx file: " in found(bytes(raw))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
         "it is protected by a password\n    fix: take the password off, and save it again"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "it is a file of Excel 97-2003 (.xls), Word or PowerPoint"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
         "it is an OpenDocument spreadsheet (.ods)\n    fix: open it in a spreadsheet program"),
        (b"PK\x03\x04" + bytes(26) + b"xl/workbook.bin", "it is a binary workbook of Excel"),
        (b"PK\x03\x04" + bytes(26) + b"Index/Document.iwa", "it is a file of Numbers"),
        (b"%PDF-1.7", "it is a PDF"),
    ],
)  # fmt: skip
def test_a_spreadsheet_of_another_kind_is_named_as_what_it_is(raw, words):
    assert f"x.xlsx: error: workbook-kind: not an .xlsx file: {words}" in found(raw)


# --- what a cell shows ---------------------------------------------------------------------


def typed(value, **formats):
    """A workbook with one number in a column of numbers, in a format."""
    made = openpyxl.Workbook()
    made.active.title = "codings"
    made.active.append(["body_id", "weight"])
    made.active.append(["a", value])
    for name, shape in formats.items():
        setattr(made.active["B2"], name, shape)
    return workbooks.raw(made)


@pytest.mark.parametrize(
    ("value", "shape", "words"),
    [
        (0.666, "0.0", "the cell shows 0.7 and holds 0.666"),
        (0.5, "0", "the cell shows 1 and holds 0.5"),
        (-2.5, "#,##0", "the cell shows -3 and holds -2.5"),
        (1500, "0,", "the format '0,' may show another number than 1500"),
        (2, ";;;", "the format ';;;' may show another number than 2"),
    ],
)
def test_a_format_that_shows_another_number_is_warned_of(value, shape, words):
    assert f"codings:2 [weight]: warning: number-format (record 1): «{value}» cell B2: {words}" in (
        found(typed(value, number_format=shape))
    )


@pytest.mark.parametrize(
    ("value", "shape"), [(0.5, "0.00"), (2, "0"), (2, "General"), (1500, "#,##0.0#")]
)
def test_a_format_that_shows_the_number_is_not(value, shape):
    assert found(typed(value, number_format=shape)) == ""


STRUCK = openpyxl.styles.Font(strike=True)


def test_a_row_that_is_struck_through_is_warned_of():
    assert found(typed(2, font=STRUCK)).startswith(
        "codings:2: warning: struck-through (record 1): struck through: B2\n"
    )


@pytest.mark.parametrize("shared", [False, True])
def test_words_that_are_struck_through_inside_a_cell_are_warned_of(shared):
    inside = "<r><t>a</t></r><r><rPr><strike/></rPr><t>b</t></r>"
    entries = parts()
    cell = f'<c r="A2" t="inlineStr"><is>{inside}</is></c>'
    if shared:
        cell = '<c r="A2" t="s"><v>0</v></c>'
        entries["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}"><si>{inside}</si></sst>'.encode()
        entries["[Content_Types].xml"] = entries["[Content_Types].xml"].replace(
            b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/>'
            "</Types>".encode(),
        )  # fmt: skip
    raw = packed({**entries, SHEET: sheet(rows=f'<row r="2">{cell}</row>')})
    assert "codings:2: warning: struck-through (record 1): struck through: A2" in found(raw)
    read = xlsx_reader.read_workbook(raw, "x.xlsx", KINDS, ReadLimits()).sheets["codings"]
    assert [record.fields for record in read.records] == [["ab"]]
