"""The spreadsheet holds every table whole: text as text, numbers as numbers, nothing active."""

import dataclasses
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
import village
from spreadsheets import assert_inert, book, texts

from positions.measures import analysis
from positions.site import workbook
from positions.study import load

# What spreadsheets, or the library that lays the sheets out, take for something else than text.
TRICKY = [
    "=1+1", "=HYPERLINK(\"http://example.org\")", "{=1}", "+1", "-1", "-", "@SUM(A1)", "\t=1+1",
    "\r=1+1", "a\r\nb", " =1", "'=1", "%", "007", "1-2", "1E5", "1e400", "TRUE", "NA", "#N/A",
    "nan", "inf", "2021-03-01", "http://example.org", "mailto:a@example.org", "internal:'notes'!A1",
    "external:c:\\x.xlsx", "[go](http://example.org)", "[a](b) [c](d)", "$$1$$", "$$", "[note 1]",
    "_x0041_", "_x000D_", "<b>&amp;\"'", "]]>", " before", "after ", "  ", "\n",
    "漢字", "👩‍🚀", "\u200f", "...",
    "\x01\x1f", "\ufffe",
]  # fmt: skip


def made(loaded):
    results = analysis.analyse(loaded)
    return workbook.xlsx(loaded, results.scores, results.positions), results


def rows(sheet):
    """The table of a sheet, heading first, read by where its markup says that it stands."""
    (table,) = sheet.tables.values()
    return [[cell.value for cell in row] for row in sheet[table.ref]]


def expected(data, blank):
    """A table's values as the sheet must hold them."""
    held = [
        [blank if pd.isna(v) or v == "" else round(float(v), 6) if isinstance(v, float) else v
         for v in row]
        for row in data.astype("object").to_numpy().tolist()
    ]  # fmt: skip
    return [list(data.columns), *held]


@pytest.fixture(scope="module")
def shipped():
    loaded = load.read("data")
    return loaded, *made(loaded)


@pytest.fixture(scope="module")
def sheets(shipped):
    """The workbook of the shipped study, as another library reads it."""
    return book(shipped[1])


def with_names(loaded, names):
    """The study with other names for its bodies, as many bodies as names."""
    ids = [f"b{number:03}" for number in range(len(names))]
    bodies = pd.DataFrame(
        {"body_id": ids, "name": names, "kind": "guild", "about": "", "overlaps": ""}
    )
    return dataclasses.replace(loaded, bodies=bodies)


@pytest.fixture
def small(tmp_path):
    return load.read(village.write(tmp_path / "study"))


def test_every_table_of_the_study_and_every_score_stands_in_its_sheet_to_the_last_value(
    shipped, sheets
):
    loaded, _, results = shipped
    assert sheets.sheetnames == [
        "cover", "contents", "notes", "scores", "positions", "codings", "bodies", "sources",
        "propositions", "models", "model_positions", "coders", "adjudications", "samples",
        "outcomes", "engagement", "claims", "assumptions", "columns",
    ]  # fmt: skip
    scores = results.scores[list(workbook.SCORES)]
    assert rows(sheets["scores"]) == expected(scores, "[x]")
    positions = results.positions[list(workbook.POSITIONS)]
    assert rows(sheets["positions"]) == expected(positions, "[z]")
    for name in workbook.TITLES:
        data = getattr(loaded, name)
        if data.empty:
            assert name == "checks"  # nobody has checked yet
            continue
        if name == "sources":
            data = data.drop(columns=["earliest", "latest"])  # read out of `published`
        assert rows(sheets[name]) == expected(data, "[z]"), name
    assert len(rows(sheets["codings"])) == len(loaded.codings) + 1 > 500


def test_each_sheet_is_one_marked_table_with_one_heading_row_and_no_gap_or_merged_cell(sheets):
    for sheet in sheets:
        assert not sheet.merged_cells.ranges
        assert sheet.sheet_state == "visible"
        if sheet.title == "cover":
            continue
        (table,) = sheet.tables.values()
        heading, *values = rows(sheet)
        assert [column.name for column in table.tableColumns] == heading
        assert all(isinstance(name, str) and name.strip() for name in heading)
        assert len(set(heading)) == len(heading)
        assert all(value not in (None, "") for row in values for value in row)
        assert table.headerRowCount == 1
        first = openpyxl.utils.range_boundaries(table.ref)[1]
        assert [sheet.cell(row, 2).value for row in range(1, first)] == [None] * (first - 1)
        assert sheet.cell(1, 1).font.b and sheet.cell(first, 1).font.b
        assert all(cell.alignment.wrap_text for row in sheet[table.ref] for cell in row)


def test_a_sheet_with_a_sign_in_it_says_so_and_the_notes_explain_each(sheets):
    explained = {row[0] for row in rows(sheets["notes"])}
    for name in sheets.sheetnames[3:-1]:
        signs = {v for row in rows(sheets[name]) for v in row
                 if isinstance(v, str) and re.fullmatch(r"\[\w\]", v)}  # fmt: skip
        assert signs <= explained
        for sign in signs:
            assert f"{sign} is explained in the notes" in sheets[name]["A2"].value


def test_the_contents_lead_to_every_sheet_and_the_columns_are_all_explained(sheets):
    cells = [row[0] for row in sheets["contents"]["A4":"A30"] if row[0].value]
    links = {cell.hyperlink.location for cell in cells}
    assert links == {f"'{name}'!A1" for name in sheets.sheetnames[2:]}
    listed = {(row[0], row[1]) for row in rows(sheets["columns"])[1:]}
    assert listed == {(n, c) for n in sheets.sheetnames[3:-1] for c in rows(sheets[n])[0]}
    assert all(row[2].strip() for row in rows(sheets["columns"]))


def test_no_sheet_holds_a_formula_or_a_link_out_of_the_file(shipped):
    assert_inert(shipped[1])


def test_text_that_looks_like_something_else_stays_text_to_the_last_character(small):
    raw, _ = made(with_names(small, TRICKY))
    assert_inert(raw)
    sheet = book(raw)["bodies"]
    assert list(texts(raw, "bodies", "B").values()) == ["name", *TRICKY]
    for row in sheet["A4" : f"D{3 + len(TRICKY)}"]:
        assert (row[1].data_type, row[1].number_format) == ("s", "@")
        assert row[1].hyperlink is None


def test_numbers_stay_numbers_in_columns_of_numbers(small):
    raw, results = made(small)
    sheet = book(raw)["scores"]
    table = rows(sheet)
    at = table[0].index("agreement")
    assert [row[at] for row in table[1:]] == results.scores["agreement"].round(6).tolist()
    assert {sheet.cell(row, at + 1).data_type for row in range(4, 4 + len(table) - 1)} == {"n"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("x" * 32_767, 1), ("x" * 32_768, 3), ("👩" * 16_383, 1), ("👩" * 16_384, 2),
        ("ab\n=c" * 20_000, 7),
    ],
)  # fmt: skip
def test_a_text_longer_than_a_cell_can_hold_goes_on_in_further_columns(small, text, parts):
    heading, first, second = rows(book(made(with_names(small, ["short", text]))[0])["bodies"])
    names = [name for name in heading if name.startswith("name")]
    assert names == ["name", *(f"name (continued {n})" for n in range(2, parts + 1))]
    assert "".join(second[1 : 1 + parts]) == text
    assert first[1 : 1 + parts] == ["short", *["[z]"] * (parts - 1)]
    assert all(len(part.encode("utf-16-le")) <= 2 * 32_767 for part in second if part)


def test_a_table_without_rows_has_no_sheet_and_the_notes_say_so(small):
    read = book(made(small)[0])
    assert not {"adjudications", "claims", "assumptions"} & set(read.sheetnames)
    said = dict(rows(read["notes"]))
    assert said["claims"] == said["adjudications"] == "No sheet: the table has no rows."


def test_a_table_with_more_rows_than_a_sheet_can_hold_is_named_in_the_notes(small, monkeypatch):
    monkeypatch.setattr(workbook, "ROWS", 9)
    read = book(made(small)[0])
    assert "codings" not in read.sheetnames and "positions" not in read.sheetnames
    assert dict(rows(read["notes"]))["codings"] == (
        "No sheet: the table has more rows (10) than a sheet can hold."
    )


def test_titles_that_look_like_formulas_links_or_notes_stay_titles(small):
    for title in ("=1+1", "[go](http://example.org)", "$$1$$", "<b>"):
        raw, _ = made(dataclasses.replace(small, title=title, description=title))
        assert_inert(raw)
        assert [book(raw)["cover"][cell].value for cell in ("A1", "A3")] == [title, title]


def test_the_same_study_gives_the_same_bytes_whatever_the_day_and_the_order_of_rows(
    tmp_path, monkeypatch
):
    one, _ = made(load.read(village.write(tmp_path / "one")))
    turned = {name: [head, *reversed(body)] for name, (head, *body) in village.tables().items()}
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    two, _ = made(load.read(village.write(tmp_path / "two", turned)))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    # The news of April 2021 are the latest source: they came out by the last day of that month.
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", core)) == {"2021-04-30T"}


def test_a_title_and_a_description_longer_than_a_cell_can_hold_go_on_below(small):
    long = "T" * 40_000
    read = book(made(dataclasses.replace(small, title=long, description=long))[0])["cover"]
    held = [read.cell(row, 1).value for row in range(1, read.max_row + 1)]
    assert "".join(part for part in held if set(part) == {"T"}) == 2 * long


def test_the_cover_names_the_licence_of_the_study(small):
    for names, told in (
        (("CC0 1.0", "ODbL"), "Coded tables: CC0 1.0 and ODbL. The phrases quoted are their auth"),
        ((), "The study names no licence for its tables. The phrases quoted are their authors'."),
    ):
        read = book(made(dataclasses.replace(small, licences=names))[0])["cover"]
        held = [row[0].value for row in read.iter_rows()]
        assert any(text.startswith(told) for text in held), held


def test_basis_is_explained_as_the_package_means_it(sheets):
    told = {tuple(row[:2]): row[2] for row in rows(sheets["columns"])}
    assert told["positions", "basis"] == "The most cautious class of evidence among its sources"
