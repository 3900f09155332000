"""A study as one workbook: read to the same tables, and judged cell by cell."""

import datetime
import sys
import zipfile

import openpyxl
import pytest
from small import assert_same_tables, problems, said, write
from workbooks import book, saved

from positions.study import load
from positions.study.csv_reader import ReadLimits


def test_a_workbook_reads_to_the_tables_of_the_folder(tmp_path):
    path = saved(book(), tmp_path)
    assert said(path) == ""
    one, other = load.read(path), load.read(write(tmp_path / "study"))
    assert_same_tables(one, other)
    assert (one.title, one.description, one.version, one.reference_model) == (
        "A small study", "For tests", "1.0", "combined",
    )  # fmt: skip
    assert {**one.digests, "settings": ""} == {**other.digests, "settings": ""}
    assert one.records == other.records


def test_a_workbook_without_settings_takes_its_title_from_the_file_and_must_name_its_model(
    tmp_path,
):
    made = book()
    del made["study"]
    assert said(saved(made, tmp_path)) == (
        "study [reference_model]: error: reference-model: the study must name the model that "
        "agreement is measured against\n    fix: write as reference_model one of: combined, "
        "voluntary"
    )
    made.create_sheet("study").append(["reference_model", "combined"])
    assert load.read(saved(made, tmp_path)).title == "small"


def spoil(sheet: str, cell: str, value, number_format: str = "General"):
    def change(made):
        made[sheet][cell].value = value
        made[sheet][cell].number_format = number_format

    return change


def chart(made):
    made.remove(made["engagement"])
    made.create_chartsheet("engagement").add_chart(openpyxl.chart.BarChart())


def empty(made):
    made.remove(made["engagement"])
    made.create_sheet("engagement")


TEXT = "format the column as text and type the value afresh"
SHOW = "show it, or delete it"
JUDGED = {
    "a formula": (
        spoil("codings", "E2", "=1+0"),
        "codings:2 [stance]: error: formula-cell (record 1): cell E2: a formula, not a value\n"
        "    fix: paste it as a value\n"
        "codings:2 [stance]: error: required (record 1): the cell is empty\n"
        "    fix: write the stance",
    ),
    "an error": (
        lambda made: setattr(made["codings"]["E2"], "value", "#REF!"),
        "codings:2 [stance]: error: error-cell (record 1): «#REF!» cell E2: an error of the "
        "spreadsheet\n    fix: correct the cell\n"
        "codings:2 [stance]: error: integer (record 1): «#REF!» not a whole number\n    fix: write "
        "it in plain digits: no words, thousands marks, exponents or units",
    ),
    "a date": (
        spoil("sources", "D4", datetime.date(2021, 2, 11), "dd/mm/yyyy"),
        "sources:4 [published]: error: date (record 3): «2021-02-11 00:00:00» not a date in ISO "
        "form\n    fix: write 2021-02-11, 2021-02, 2021 or an interval 2020-11-26/2021-01-08\n"
        "sources:4 [published]: error: date-cell (record 3): «2021-02-11 00:00:00» cell D4: a "
        "spreadsheet's date, not the text of one\n"
        "    fix: format the cell as text and type it as 2021-02-11",
    ),
    "a year as a number": (
        spoil("sources", "D3", 2021),
        "sources:3 [published]: error: number-cell (record 2): «2021» cell D3: a number where text "
        f"belongs: zeros in front may be lost (007)\n    fix: {TEXT}",
    ),
    "an id as a number": (
        spoil("engagement", "A2", 7),
        "engagement:2 [question_id]: error: number-cell (record 1): «7» cell A2: a number where "
        f"text belongs: zeros in front may be lost (007)\n    fix: {TEXT}",
    ),
    "true": (
        spoil("assumptions", "C2", True),
        "assumptions:2 [effect]: error: boolean-cell (record 1): «True» cell C2: TRUE or FALSE, "
        "not a value of the table\n    fix: type it as text",
    ),
    "a stance that only shows as whole": (
        spoil("codings", "E2", 1.4, "0"),
        "codings:2 [stance]: error: integer (record 1): «1.4» not a whole number\n    fix: write "
        "it in plain digits: no words, thousands marks, exponents or units\n"
        "codings:2 [stance]: warning: number-format (record 1): «1.4» cell E2: the cell shows 1 "
        "and holds 1.4\n    fix: format the cell as General, and look at the number",
    ),
    "a percentage": (
        spoil("propositions", "E3", 0.5, "0%"),
        "propositions:3 [weight]: error: percent-cell (record 2): «0.5» cell E3: a percentage "
        "holds a hundredth of what it shows\n    fix: type the number",
    ),
    "a character that cannot be held": (
        spoil("models", "D2", "Two_x0007_bodies", "@"),
        "models:2 [about]: error: escaped-character (record 1): «Two_x0007_bodies» cell D2: a "
        "character that a workbook cannot hold\n    fix: delete it",
    ),
    "merged cells": (
        lambda made: made["codings"].merge_cells("A7:A8"),
        "codings:7 [body_id]: error: merged-cells (record 6): the cells A7:A8 are one\n"
        "    fix: unmerge them, and fill in each cell\n"
        "codings:8 [body_id]: error: required (record 7): the cell is empty\n"
        "    fix: write the body_id",
    ),
    "a hidden row": (
        lambda made: setattr(made["codings"].row_dimensions[3], "hidden", True),
        "codings:3: error: hidden-row (record 2): row 3 is hidden or filtered out\n"
        f"    fix: {SHOW}",
    ),
    "a hidden column": (
        lambda made: setattr(made["codings"].column_dimensions["E"], "hidden", True),
        f"codings:1 [stance]: error: hidden-column: column E is hidden\n    fix: {SHOW}",
    ),
    "hidden columns in a group": (
        lambda made: made["codings"].column_dimensions.group("I", "J", hidden=True),
        f"codings:1 [end]: error: hidden-column: column I is hidden\n    fix: {SHOW}",
    ),
    "a hidden sheet": (
        lambda made: setattr(made["assumptions"], "sheet_state", "veryHidden"),
        "assumptions: error: hidden-sheet: the sheet is hidden\n    fix: unhide it, and look at it",
    ),
    "a blank row": (
        lambda made: made["codings"].insert_rows(4),
        "codings:4: error: blank-row (record 3): «,,,,,,,,,» the row is blank\n    fix: delete it",
    ),
    "a cell to the right of the table": (
        spoil("models", "F3", "an aside"),
        "models:3: error: field-count (record 2): «voluntary,Voluntary,,,,an aside» the row has 6 "
        "fields, the header has 4\n    fix: a field with a comma needs quotation marks: \"a, b\"",
    ),
    "a sheet misnamed": (
        lambda made: setattr(made["engagement"], "title", "Engagement (2)"),
        "Engagement (2): error: unread-sheet: no table of the study is read from this sheet\n"
        "    fix: name it 'engagement'",
    ),
    "a sheet that is no table": (
        lambda made: made.create_sheet("My notes").append(["look at this again"]),
        "My notes: warning: unread-sheet: no table of the study is read from this sheet\n"
        "    fix: take it out, or leave it: it is not read",
    ),
    "a sheet left out": (
        lambda made: made.remove(made["codings"]),
        "codings: error: table-missing: the workbook has no sheet 'codings'\n    fix: add it",
    ),
    "a chart in the place of a table": (
        chart,
        "engagement: error: chart-sheet: the sheet holds a chart, no cells\n"
        "    fix: put the table there",
    ),
    "an empty sheet": (
        empty,
        "engagement:1: error: empty-file: the sheet is empty\n    fix: write at least the header",
    ),
    "a cell far to the right": (
        spoil("models", "XFD1", "far"),
        "models:1: error: limit-columns: there are 16384 columns; the limit is 200\n"
        "    fix: make it smaller, or allow more with --limit columns=NUMBER",
    ),
    "a setting there twice": (
        lambda made: made["study"].append(["title", "Another"]),
        "study:5: error: setting (record 4): «title» there twice\n    fix: "
        "a row holds one of title, description, version, created, reference_model, as_of, "
        "ranked_from, contact and its value",
    ),
    "a setting that is none": (
        lambda made: made["study"].append(["colour", "red"]),
        "study:5: error: setting (record 4): «colour» not a setting\n    fix: "
        "a row holds one of title, description, version, created, reference_model, as_of, "
        "ranked_from, contact and its value",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", JUDGED)
def test_what_a_workbook_shows_otherwise_than_it_holds_is_judged(name, tmp_path):
    change, expected = JUDGED[name]
    made = book()
    change(made)
    assert said(saved(made, tmp_path)) == expected


def test_the_settings_may_have_a_header(tmp_path):
    made = book()
    made["study"].insert_rows(1)
    made["study"]["A1"], made["study"]["B1"] = "key", "value"
    assert said(saved(made, tmp_path)) == ""


def test_a_workbook_says_the_last_day_what_a_rank_needs_and_whom_to_write_to(tmp_path):
    made = book()
    for pair in (["as_of", "2021-06"], ["ranked_from", "4"], ["contact", "one@example.org"],
                 ["created", "2021-07-01T00:00:00Z"]):  # fmt: skip
        made["study"].append(pair)
    read = load.read(saved(made, tmp_path))
    assert (read.as_of, read.ranked_from, read.contact) == ("2021-06", 4, "one@example.org")
    assert read.created == "2021-07-01T00:00:00Z"
    made["study"]["B6"].value = "four"
    assert "ranked-from: «four» a rank needs a whole number" in said(saved(made, tmp_path))


def test_a_version_that_became_a_number_is_refused(tmp_path):
    made = book()
    made["study"]["B3"].value = 1.1
    assert said(saved(made, tmp_path)) == (
        "study:3: error: number-cell (record 2): «1.1» cell B3: a number where text belongs: zeros "
        f"in front may be lost (007)\n    fix: {TEXT}"
    )


def test_formats_on_empty_cells_are_no_rows(tmp_path):
    made = book()
    made["codings"]["A40"].number_format = "@"
    made["codings"].column_dimensions["Z"].hidden = True
    assert said(saved(made, tmp_path)) == ""


def test_line_ends_in_a_cell_are_read_as_in_a_file(tmp_path):
    made = book()
    made["propositions"]["F4"].value = "as worded,_x000D_\nin the first draft"
    one = load.read(saved(made, tmp_path))
    assert one.propositions["note"].tolist()[2] == "as worded,\nin the first draft"


# --- the archive ---------------------------------------------------------------------------


def archive(path, entries: dict[str, bytes], **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return said(path, **options)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "small.xlsx"
    path.write_bytes(b"not an archive")
    assert said(path) == (
        "small.xlsx: error: workbook-damaged: not an .xlsx file: File is not a zip file\n"
        "    fix: name a study's folder, or save the spreadsheet as .xlsx"
    )
    assert archive(path, {"a.txt": b"x"}).startswith(
        "small.xlsx: error: workbook-damaged: cannot be read as a workbook: KeyError: "
    )


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("../evil.xml", "an entry leads out of the archive"),
        ("xl/../../evil.xml", "an entry leads out of the archive"),
        ("/etc/evil.xml", "an entry leads out of the archive"),
        ("C:evil.xml", "an entry leads out of the archive"),
        ("xl/vbaProject.bin", "the workbook holds macros"),
    ],
)
def test_an_archive_with_an_entry_that_has_no_place_in_it_is_refused(name, wrong, tmp_path):
    assert archive(tmp_path / "small.xlsx", {name: b"x"}) == (
        f"small.xlsx: error: archive: «{name}» {wrong}\n"
        "    fix: save it again as .xlsx, without macros or a password"
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_two_entries_of_one_name_is_refused(tmp_path):
    path = tmp_path / "small.xlsx"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("xl/workbook.xml", "one")
        made.writestr("xl/workbook.xml", "two")
    assert said(path) == (
        "small.xlsx: error: archive: «xl/workbook.xml» two entries have the same name\n"
        "    fix: save it again as .xlsx, without macros or a password"
    )


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"archive_bytes": 100}, "limit-archive-bytes: the file has 1"),
        ({"archive_entries": 1}, "limit-archive-entries: the file has 2 entries; the limit is 1"),
        (
            {"archive_inflated": 999_999},
            "limit-archive-inflated: the file has 1000001 bytes unpacked; the limit is 999999",
        ),
        ({"archive_ratio": 99}, "limit-archive-ratio: the file has "),
    ],
)
def test_an_archive_beyond_a_limit_is_refused_by_the_name_of_the_limit(limits, words, tmp_path):
    entries = {"xl/worksheets/sheet1.xml": b"0" * 1_000_000, "b": b"1"}
    generous = {"archive_ratio": 10_000_000, **limits}
    printed = archive(tmp_path / "small.xlsx", entries, limits=ReadLimits(**generous))
    assert words in printed
    assert printed.endswith(f"allow more with --limit {next(iter(limits))}=NUMBER")


def test_a_sheet_of_too_many_rows_is_refused_before_it_is_built(tmp_path):
    path = saved(book(), tmp_path)
    assert "codings:8: error: limit-records: the last row is 8; the limit is 3\n" in said(
        path, limits=ReadLimits(records=3)
    )


def test_a_last_row_far_down_is_refused(tmp_path):
    made = book()
    made["codings"]["A1048576"].value = "far"
    assert said(saved(made, tmp_path), limits=ReadLimits(records=1000)) == (
        "codings:1048576: error: limit-records: the last row is 1048576; the limit is 1000\n"
        "    fix: make it smaller, or allow more with --limit records=NUMBER"
    )
    assert said(saved(made, tmp_path)) == (
        "codings:1048576: error: far-row: of 1048576 rows only 9 hold anything\n"
        "    fix: delete what stands in row 1048576, and the rows between"
    )


def unpacked(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as whole:
        return {name: whole.read(name) for name in whole.namelist()}


def test_a_number_that_was_calculated_is_refused(tmp_path):
    path = saved(book(), tmp_path)
    entries = unpacked(path)
    sheet = "xl/worksheets/sheet3.xml"
    assert entries[sheet].count(b"<v>0.5</v>") == 1
    entries[sheet] = entries[sheet].replace(b"<v>0.5</v>", b"<v>0.30000000000000004</v>")
    assert archive(path, entries) == (
        "propositions:4 [weight]: error: calculated-cell (record 3): «0.30000000000000004» cell "
        "E4: 0.30000000000000004 has more digits than can be typed\n"
        "    fix: type the number as published"
    )
    entries[sheet] = entries[sheet].replace(b"0.30000000000000004", b"0.123456789012345")
    assert archive(path, entries) == ""


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet6.xml", "xl/styles.xml"])
def test_a_document_type_with_entities_is_refused(name, tmp_path):
    path = saved(book(), tmp_path)
    entries = unpacked(path)
    entries[name] = b'<!DOCTYPE x [<!ENTITY a "boom">]>' + entries[name]
    told = f"workbook-damaged: {name} declares a document type"
    assert archive(path, entries).startswith(f"small.xlsx: error: {told}")
    entries[name] = entries[name].decode().encode("utf-16")  # in another encoding, too
    assert told in archive(path, entries)


def test_any_entry_cut_short_is_refused_without_a_traceback(tmp_path):
    path = saved(book(), tmp_path)
    entries = unpacked(path)
    for name in entries:
        cut = {**entries, name: entries[name][: len(entries[name]) // 2]}
        printed = archive(path, cut)
        assert "error: " in printed or name.startswith(("docProps", "xl/theme", "_rels")), name
        problems(path)


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch):
    path = saved(book(), tmp_path)
    monkeypatch.setitem(sys.modules, "openpyxl.reader.excel", None)
    printed = said(path)
    assert printed == (
        "small.xlsx: error: extra-missing: an .xlsx file cannot be read without openpyxl\n"
        '    fix: run: pip install "positions[exchange]"'
    )


def test_a_workbook_that_just_fits_the_limits_is_read(tmp_path):
    assert said(saved(book(), tmp_path), limits=ReadLimits(records=7, columns=12)) == ""
    assert "limit-columns: there are 12 columns; the limit is 11" in said(
        saved(book(), tmp_path), limits=ReadLimits(columns=11)
    )


def test_the_ratio_is_said_in_whole_numbers(tmp_path):
    path = tmp_path / "small.xlsx"
    printed = archive(path, {"xl/a.xml": b"0" * 1_000_000})
    times = 1_000_000 // path.stat().st_size
    assert printed.startswith(
        f"small.xlsx: error: limit-archive-ratio: the file has {times} times its size unpacked; "
        "the limit is 100\n"
    )


def test_a_number_in_the_header_is_refused(tmp_path):
    made = book()
    made["models"]["E1"].value = 7
    assert said(saved(made, tmp_path)).startswith(
        "models:1 [7]: error: header: «7» no column of this table\n"
    )
    assert "number-cell" not in said(saved(made, tmp_path))


@pytest.mark.parametrize("formula", [
    openpyxl.worksheet.formula.ArrayFormula("E2:E2", "=1+0"),
    openpyxl.worksheet.formula.DataTableFormula("E2:E2", dt2D=True, r1="A1", r2="A2"),
])  # fmt: skip
def test_a_formula_over_several_cells_is_a_formula(formula, tmp_path):
    made = book()
    made["codings"]["E2"] = formula
    assert said(saved(made, tmp_path)).startswith(
        "codings:2 [stance]: error: formula-cell (record 1): cell E2: a formula, not a value"
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["title", None], "«title» without a value"),
        (["title", "One", "Two"], "«title» not a setting"),
        ([None, "One"], "not a setting"),
        (["key", "value"], "«key» not a setting"),
    ],
)
def test_a_row_of_settings_is_a_key_and_its_value(row, words, tmp_path):
    made = book()
    del made["study"]
    sheet = made.create_sheet("study")
    for pair in ([None, None], ["reference_model", "combined"], row):
        sheet.append(pair)
    assert f": error: setting (record 2): {words}\n" in said(saved(made, tmp_path))
