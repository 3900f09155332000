"""Other tools' offsets become code points, and a phrase is what stands there."""

from hypothesis import given
from hypothesis import strategies as st

from positions.exchange.offsets import Phrase, from_utf16, phrase

TEXTS = st.text(alphabet=st.sampled_from("ab \n\u00e9\u4e2d\U0001f600\U00020000"), max_size=30)


@given(TEXTS, st.data())
def test_an_offset_in_utf_16_units_is_the_code_point_that_begins_there(text, data):
    at = data.draw(st.integers(0, len(text)))
    units = sum(2 if ord(char) > 0xFFFF else 1 for char in text[:at])
    assert from_utf16(text, units) == at
    if at < len(text) and ord(text[at]) > 0xFFFF:
        assert from_utf16(text, units + 1) is None


def test_an_offset_outside_the_text_is_none():
    assert from_utf16("ab", 3) is None
    assert from_utf16("ab", -1) is None


def test_white_space_at_the_ends_is_left_out_and_inside_is_folded():
    text = "We say: \n support   the\nplan  now"
    found = phrase(text, 7, 29)
    assert found == Phrase("support the plan", 10, 28)
    assert text[found.start : found.end] == "support   the\nplan"


def test_a_phrase_of_25_words_is_taken_and_one_of_26_is_not_cut():
    text = " ".join(["word"] * 26)
    assert isinstance(phrase(text, 0, len(text) - 5), Phrase)
    assert phrase(text, 0, len(text)) == (
        "it has 26 words, 129 characters; at most 25 and 500 may be quoted"
    )


def test_the_words_chosen_must_stand_in_the_statement_once():
    text = "no plan. " + "word " * 30 + "a good plan"
    assert phrase(text, 9, len(text), "a good  plan") == Phrase("a good plan", 159, 170)
    assert (
        phrase(text, 9, len(text), "word") == "the phrase chosen stands 30 times in the statement"
    )
    assert (
        phrase(text, 9, len(text), "no plan") == "the phrase chosen stands nowhere in the statement"
    )


def test_places_that_are_none_say_so():
    assert phrase("abc", 2, 2) == "it stands at 2-2, in a text of 3 characters"
    assert phrase("abc", 0, 4) == "it stands at 0-4, in a text of 3 characters"
    assert phrase("a  b", 1, 3) == "it holds only white space"
