"""Numbers, lists, scores and cells are printed in one way everywhere."""

import pandas as pd
import pytest

from positions.words import degree, degrees, listed, marks, percent, plural, short, some


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (0.0, "0%"),
        (0.125, "12%"),  # a half goes to the even
        (0.135, "14%"),
        (23 / 40, "58%"),  # 57.5, though 100 * 0.575 is 57.49999999999999
        (57 / 200, "28%"),  # 28.5
        (0.666, "67%"),
        (1.0, "100%"),
        (float("nan"), "[x]"),
    ],
)
def test_a_percentage_is_whole_and_a_half_goes_to_the_even(share, printed):
    assert percent(share) == printed


@pytest.mark.parametrize(
    ("words", "joined"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_joined_as_a_sentence_does(words, joined):
    assert listed(words) == joined


def test_of_many_names_some_are_listed_and_the_others_counted():
    assert some("abcdefg") == "a, b, c, d, e, f and 1 other"
    assert some("abcdef") == "a, b, c, d, e and f"


@pytest.mark.parametrize(
    ("name", "cut"),
    [("Ann", "Ann"), ("Ann of Leeds", "Ann of…"), ("Annapolis-on-Sea", "Annapol…"), ("", "")],
)
def test_a_long_name_is_cut_between_words_where_it_can_be(name, cut):
    assert short(name, 8) == cut


@pytest.mark.parametrize(
    ("number", "noun", "counted"),
    [
        (0, "body", "0 bodies"),
        (1, "body", "1 body"),
        (2, "source", "2 sources"),
        (3, "survey", "3 surveys"),
        (2, "ranked body", "2 ranked bodies"),
    ],
)
def test_a_noun_is_counted(number, noun, counted):
    assert plural(number, noun) == counted


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "agrees on most of it"),
        (0.8, "agrees on most of it"),
        (0.1 + 0.7, "agrees on most of it"),  # 0.7999999999999999
        (0.799, "agrees more than it disagrees"),
        (0.6, "agrees more than it disagrees"),
        (0.599, "is divided on it"),
        (0.4, "is divided on it"),
        (0.399, "disagrees more than it agrees"),
        (0.2, "disagrees more than it agrees"),
        (0.199, "disagrees with most of it"),
        (0.0, "disagrees with most of it"),
        (float("nan"), "has no score"),
    ],
)
def test_the_words_for_a_score_change_at_each_published_threshold(share, words):
    assert degree(share) == words


def test_the_vocabulary_publishes_every_threshold():
    said = degrees()
    for least, words in (
        ("80%", "agrees on most of it"),
        ("60%", "agrees more than it disagrees"),
        ("40%", "is divided on it"),
        ("20%", "disagrees more than it agrees"),
        ("0%", "disagrees with most of it"),
    ):
        assert f"from {least} “{words}”" in said


def cells(*rows):
    return pd.DataFrame(rows, columns=["position", "basis", "flagged"]).astype(
        {"position": "float64"}
    )


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        ((2.0, "stated", ""), "+2"),
        ((0.0, "implied", ""), "0i"),
        ((-1.0, "reported", ""), "-1r"),
        ((-0.5, "reported", "mixed"), "-0.5r*"),
        ((None, None, None), "[x]"),
    ],
)
def test_a_cell_prints_sign_evidence_and_a_star_where_sources_differ(cell, printed):
    assert marks(cells(cell)).tolist() == [printed]


def test_each_kind_of_blank_has_a_mark_of_its_own():
    kinds = ["silent", "not seen", "reported only", "could not"]
    blank = cells(*[(None, None, None)] * 4).assign(blank=kinds)
    assert marks(blank).tolist() == ["[x]", "[u]", "[o]", "[z]"]


def test_marks_keep_the_index_of_the_cells_and_none_of_no_cells():
    assert marks(cells((1.0, "stated", "")).set_axis([7])).index.tolist() == [7]
    assert marks(cells()).tolist() == []
