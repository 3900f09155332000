"""What a cell is about follows from the ids of its row and its column, and never from guesses."""

import pandas as pd
import pytest

from positions.present.cell_links import ACROSS, attributes, of_cells, of_columns
from positions.present.display import table

ROWS = pd.DataFrame(
    {
        "body_id": ["lga", "konp"],
        "proposition_id": ["voice", "footing"],
        "source_id": ["brief", "letter"],
        "name": ["LGA", "KONP"],
        "label": ["Voice", "Footing"],
        "stance": ["+2", "-1"],
        "quote": ["we agree", "40 reasons against"],
    }
)


def subjects(data, *columns):
    printed = [[str(cell) for cell in row] for row in data[list(columns)].itertuples(index=False)]
    return of_cells(data, columns, printed)


def test_a_name_is_about_what_it_names_and_a_number_about_all_its_row_is_about():
    assert subjects(ROWS, "name", "label", "stance", "source_id", "quote")[0] == [
        {"body": "lga"},
        {"proposition": "voice"},
        {"body": "lga", "proposition": "voice", "source": "brief"},
        {"source": "brief"},
        {},
    ]


@pytest.mark.parametrize(
    "printed",
    ["0", "+2", "-0.5i*", "+1r", "82%", "1.25", "82%, 7 of 19", "[x], 0 of 19", "struck",
     "not decided"],
)  # fmt: skip
def test_these_are_numbers(printed):
    data = pd.DataFrame({"body_id": ["lga"], "shown": [printed]})
    assert subjects(data, "shown") == [[{"body": "lga"}]]


@pytest.mark.parametrize("printed", ["2021-02-11", "40 reasons", "True", "0.4 to 0.6", "[x]", ""])
def test_these_are_not(printed):
    data = pd.DataFrame({"body_id": ["lga"], "shown": [printed]})
    assert subjects(data, "shown") == [[{}]]


def test_one_word_makes_a_column_no_column_of_numbers():
    data = pd.DataFrame({"body_id": ["a", "b"], "shown": ["40", "forty"]})
    assert subjects(data, "shown") == [[{}], [{}]]


def test_the_cells_of_a_wide_table_are_about_their_row_and_their_column():
    data = pd.DataFrame(
        {"Proposition": ["Voice"], "LGA": ["+2"], "KONP": ["[x]"]},
        index=pd.Index(["voice"], name="proposition_id"),
    )
    data.attrs[ACROSS] = {"body_id": {"LGA": "lga", "KONP": "konp"}}
    assert of_columns(data, list(data)) == [{}, {"body": "lga"}, {"body": "konp"}]
    assert subjects(data, *data) == [
        [{"proposition": "voice"}, {"proposition": "voice", "body": "lga"}, {}]
    ]


def test_a_pair_of_bodies_names_each_and_its_numbers_are_about_neither():
    data = pd.DataFrame(
        {"first": ["a"], "second": ["b"], "one": ["A"], "other": ["B"], "agree": ["3"]}
    )
    assert subjects(data, "one", "other", "agree") == [[{"body": "a"}, {"body": "b"}, {}]]


def test_a_claim_is_named_and_its_counts_are_about_nothing_further():
    data = pd.DataFrame(
        {"claim_id": ["c"], "body_id": ["a"], "wording": ["A agrees"], "holds": ["3"]}
    )
    assert subjects(data, "wording", "holds") == [[{"claim": "c"}, {}]]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_a_missing_id_is_about_nothing(missing):
    data = pd.DataFrame({"body_id": [missing], "name": ["A model"], "x": ["0.25"]})
    assert subjects(data, "name", "x") == [[{}, {}]]


def test_ids_are_escaped_in_the_attributes_of_a_table_and_change_nothing_that_is_read():
    data = pd.DataFrame({"body_id": ["a&b"], "name": ["A"], "share": ["5%"]})
    shown = table(data, "T", headings={"name": "Body", "share": "Share"})
    assert shown.html().count(' data-body="a&amp;b">') == 2
    assert "data" not in shown.plain()
    assert attributes({}) == ""
