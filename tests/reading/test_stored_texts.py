"""Phrases stand at exact places, in code points, whatever the text is written in."""

import pytest
import village

from positions.reading.own_files import DeskError
from positions.reading.stored_texts import find, phrase, stored
from positions.study import load, quotes

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SUPPORT = "\u05ea\u05d5\u05de\u05db\u05d9\u05dd"


@pytest.mark.parametrize(
    ("text", "start", "end", "found"),
    [
        ("We back it.", 0, 7, (0, 7, "We back")),
        ("We back it.", 2, 8, (3, 7, "back")),
        # An emoji is one code point, though two of a browser's units.
        ("\U0001f68c We back it", 2, 9, (2, 9, "We back")),
        # A family of three and its joiners is never cut.
        (f"a {FAMILY} b", 2, 4, (2, 7, FAMILY)),
        # A thumb keeps its colour, a letter its accent, whichever end was missed.
        ("a \U0001f44d\U0001f3fd b", 2, 3, (2, 4, "\U0001f44d\U0001f3fd")),
        ("cafe\u0301 ouvert", 0, 4, (0, 5, "cafe\u0301")),
        ("cafe\u0301 ouvert", 4, 5, (3, 5, "e\u0301")),
        # A line end of CR LF counts as two and folds to one space.
        ("We\r\nback\r\n\r\nit", 0, 14, (0, 14, "We back it")),
        ("We\r\nback", 2, 8, (4, 8, "back")),
        # Right to left: places are those of the stored text, not of the screen.
        (f"\u05d0\u05e0\u05d5 {SUPPORT} ok", 4, 10, (4, 10, SUPPORT)),
        ("We back it.", 4, 4, (4, 4, "")),
        ("   ", 0, 3, (3, 3, "")),
    ],
)  # fmt: skip
def test_a_phrase_is_whole_and_without_the_space_around_it(text, start, end, found):
    made = phrase(text, start, end)
    assert (made.start, made.end, made.quote) == found
    if made.quote:
        assert (made.start, made.end) in quotes.places(made.quote, text)


@pytest.mark.parametrize(
    "place", [(-1, 2), (3, 2), (0, 6), ("0", 2), (0, None), (0.0, 2), (True, 2)]
)
def test_a_place_that_is_none_is_refused(place):
    with pytest.raises(DeskError, match="is no place of a text of 5 characters"):
        phrase("a b c", *place)


def test_twenty_five_words_may_be_quoted_and_not_one_more():
    text = "one " * 26
    assert phrase(text, 0, 4 * 25).problem == ""
    assert phrase(text, 0, 4 * 26).problem.startswith("the phrase has 26 words, 103 characters")
    assert phrase("x" * 501, 0, 501).problem.startswith("the phrase has 1 words, 501 characters")


def test_words_are_found_whatever_their_capitals_and_white_space_and_from_the_top_again():
    text = "\u0130stanbul.\r\nNo  Plan. A plan."
    first = find(text, "no plan", 0)
    assert text[first.start : first.end] == "No  Plan"
    second = find(text, "plan", first.end)
    assert (second.start, text[second.start : second.end]) == (text.rindex("plan"), "plan")
    assert find(text, "no plan", first.end) == first
    assert find(text, "market", 0) is None
    assert find(text, "", 0) is None


def test_a_text_that_is_absent_or_another_than_was_coded_says_so(tmp_path):
    study = load.read(village.write(tmp_path / "study"))
    texts = village.write_texts(tmp_path / "texts")
    assert stored(study, texts, "brief").problem == ""
    (texts / "brief.txt").write_text("another")
    assert "is not the text that the study was coded from" in stored(study, texts, "brief").problem
    (texts / "brief.txt").unlink()
    absent = stored(study, texts, "brief")
    assert (absent.text, absent.problem) == ("", "no text brief.txt is stored here")
    assert "no source 'x'" in stored(study, texts, "x").problem
