"""How another tool counts is declared, or found out from names and from the ends of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.exchange.offsets import (
    EVERY,
    STANDARD,
    DeclaredCounting,
    OffsetCounting,
    Ruler,
    Stretch,
    find_counting,
    place,
)

TEXTS = st.text(alphabet=st.sampled_from("ab \n\r\u00e9\u4e2d\U0001f600"), max_size=30)
UTF16 = OffsetCounting(utf16=True)
EMOJI = "\U0001f600\U0001f600 Hello. We want parking kept. No fees."
ENDS = "One.\r\nTwo.\r\nWe want parking kept. No fees."


def units(text, counting, marked):
    """How many characters a program counts in a text, written out one by one."""
    number = 1 if counting.mark and marked else 0
    text = text.replace("\r\n", "\n") if counting.crlf_as_one else text
    return number + sum(2 if counting.utf16 and ord(char) > 0xFFFF else 1 for char in text)


@given(TEXTS, st.sampled_from(EVERY), st.booleans(), st.data())
def test_a_place_by_any_way_of_counting_is_the_code_points_it_was_made_from(
    text, counting, marked, data
):
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))
    if any(text[at - 1 : at + 1] == "\r\n" for at in (first, last)) or first == last:
        return  # inside a line end, where a program that counts one character has no place
    start, end = units(text[:first], counting, marked), units(text[:last], counting, marked)
    assert Ruler(text, marked).place(start, end, counting) == (first, last)


def test_an_offset_between_the_halves_of_a_character_or_outside_is_no_place():
    ruler = Ruler("a\U0001f600b")
    assert ruler.place(0, 2, UTF16) is None
    assert ruler.place(0, 3, UTF16) == (0, 2)
    assert ruler.place(0, 5, UTF16) is None
    assert ruler.place(0, 4, STANDARD) is None
    assert ruler.place(2, 2, STANDARD) is None


def stretches(text, phrases, counting, names=(), marked=False):
    ruler = Ruler(text, marked)
    made = []
    for at, phrase in enumerate(phrases):
        start = units(text[: text.index(phrase)], counting, marked)
        name = names[at] if names else ""
        made.append(Stretch(ruler, start, start + units(phrase, counting, False), name))
    return made


PHRASES = ("We want parking kept.", "No fees.")


@pytest.mark.parametrize(
    ("text", "counting", "words"),
    [
        (EMOJI, UTF16, "offsets count UTF-16 units, CR LF as two: of 2 statements 0 are what "
         "their names say and 2 begin and end with whole words, against 0 and 0"),
        (EMOJI, STANDARD, "offsets count code points, CR LF as two"),
        (ENDS, OffsetCounting(crlf_as_one=True), "offsets count code points, CR LF as one"),
        (ENDS, STANDARD, "offsets count code points, CR LF as two"),
    ],
)  # fmt: skip
def test_the_ends_of_words_tell_how_a_program_counts(text, counting, words):
    made = stretches(text, PHRASES, counting)
    found = find_counting(made)
    assert found.said.startswith(words)
    assert [text[slice(*place(one, found))] for one in made] == list(PHRASES)


def test_names_decide_where_the_ends_of_words_cannot():
    text = "\U0001f600,a,b,c"
    for counting in (STANDARD, UTF16):
        made = stretches(text, ["a"], counting, ["a"])
        assert place(made[0], find_counting(made)) == (2, 3)
    unnamed = stretches(text, ["a"], UTF16)
    assert place(unnamed[0], find_counting(unnamed)) == (
        "how its offsets 3-4 count cannot be told from the file"
    )


def test_what_is_declared_is_not_found_out():
    made = stretches(EMOJI, PHRASES, UTF16)
    found = find_counting(made, DeclaredCounting(utf16=False, crlf_as_one=False, mark=False))
    assert (found.counting, found.said) == (STANDARD, "")
    assert EMOJI[slice(*place(made[0], found))] == " want parking kept. No"[:21]
    half = find_counting(made, DeclaredCounting(utf16=True))
    assert half.counting == UTF16


def test_a_mark_in_front_that_counts_is_found_out_by_the_names():
    made = stretches("We want parking kept.", ["We want", "parking kept."],
                     OffsetCounting(mark=True), ["We want", "parking kept."],
                     marked=True)  # fmt: skip
    found = find_counting(made)
    assert found.counting == OffsetCounting(mark=True)
    assert [place(one, found) for one in made] == [(0, 7), (8, 21)]


def test_texts_without_rare_characters_have_one_way_to_count():
    made = stretches("We want parking kept.", ["want"], STANDARD)
    assert find_counting(made).said == ""
    assert place(made[0], find_counting(made)) == (3, 7)


def test_a_name_that_holds_other_words_of_the_text_contradicts_the_offsets():
    text = "We want parking kept. Please do not close it."
    one = Stretch(Ruler(text), 3, 24, "We want parking kept.")
    assert place(one, find_counting([one])) == (
        "its name holds words that stand at 0-21, its offsets 3-24 hold "
        "\u00abwant parking kept. Pl\u00bb: one of the two is wrong"
    )


@pytest.mark.parametrize("name", [
    "", "Parking", "a note of mine that stands nowhere", "We want parking\u2026", "close",
    "We want  parking kept.",
])  # fmt: skip
def test_a_label_or_the_beginning_of_the_words_contradicts_nothing(name):
    text = "We want parking kept. Please do not close it."
    one = Stretch(Ruler(text), 0, 21, name)
    assert place(one, find_counting([one])) == (0, 21)


def test_of_two_programs_in_one_file_each_name_tells_its_own():
    text = f"{EMOJI} The end is near."
    made = [
        *stretches(text, PHRASES, UTF16, PHRASES),
        *stretches(text, ["The end is near."], STANDARD, ["The end is near."]),
    ]
    found = find_counting(made)
    assert [text[slice(*place(one, found))] for one in made] == [*PHRASES, "The end is near."]


@pytest.mark.parametrize(("start", "end"), [(2, 1), (0, 99), (5, 5)])
def test_places_that_are_none_say_so(start, end):
    one = Stretch(Ruler("one two"), start, end)
    assert place(one, find_counting([one])) == f"{start}-{end} is no place in its text"
