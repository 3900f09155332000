"""Characters that show nothing are named, and those that look like others are told."""

import pytest

from positions.study.unicode_checks import (
    code_point,
    damage,
    doubts,
    hidden,
    is_invisible,
    mixed_scripts,
    named,
    skeleton,
    visible,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("LGA", "LGA"),
        ("L G", "L G"),
        ("L\u00a0G", "L<U+00A0>G"),
        ("L\nG\t", "L<U+000A>G<U+0009>"),
        ("\u202eAGL", "<U+202E>AGL"),
        ("\u0301e\u0301", "<U+0301>e\u0301"),
        ("a\u3164b\ufe0fc\u2800", "a<U+3164>b<U+FE0F>c<U+2800>"),
        ("\udc93", "<0x93>"),
        ("\ue000\U000f0000", "<U+E000><U+F0000>"),
        ("é ü 字 🙂", "é ü 字 🙂"),
    ],
)
def test_what_shows_nothing_is_shown_by_its_code_point(text, shown):
    assert visible(text) == shown


def test_a_value_of_eighty_characters_is_whole_and_a_longer_one_is_cut_in_the_middle():
    assert visible("a" * 80) == "a" * 80
    assert visible("a" * 40 + "b" * 41) == "a" * 38 + " … " + "b" * 38
    assert visible("a" * 30 + "b" * 30, longest=20) == "a" * 8 + " … " + "b" * 8


def test_a_plain_space_is_not_invisible_and_every_other_white_space_is():
    assert not is_invisible(" ")
    assert not is_invisible("a")
    assert all(is_invisible(char) for char in "\t\n\r\u00a0\u2003\u200b\u3164\u034f")


def test_a_byte_that_is_no_utf_8_is_named_as_a_byte():
    assert code_point("\udc80") == "0x80"
    assert code_point("\udcff") == "0xff"
    assert code_point("\ud800") == "U+D800"
    assert code_point("\udd00") == "U+DD00"


def test_characters_are_named_once_and_in_order():
    assert named("\ufeff\u200b\ufeff") == "U+200B, U+FEFF"
    assert named("") == ""


def test_the_hidden_characters_of_an_id_are_found():
    assert hidden("a\u200bb c\u00a0") == "\u200b\u00a0"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain, é 字 \n\t\r\n \u2018quoted\u2019 🙂", None),
        ("a\u00a0b\u00adc\u200dd", None),
        ("a\udc93b", ("encoding", "0x93: not UTF-8 (Windows-1252 or Latin-1?)",
                      "save the file as UTF-8")),
        ("\x00", ("nul", "U+0000: a NUL character", "delete it; the file may be damaged")),
        ("a\ufeff", ("byte-order-mark", "U+FEFF: a byte-order mark inside the text", "delete it")),
        ("\x80", ("control-character", "U+0080: Windows-1252 that was read as Latin-1?",
                  "type the characters afresh: quotation marks, dashes")),
        ("\x9f", ("control-character", "U+009F: Windows-1252 that was read as Latin-1?",
                  "type the characters afresh: quotation marks, dashes")),
        ("\x08\x0b\x0c\x0e\x1f\x7f",
         ("control-character", "U+0008, U+000B, U+000C, U+000E, U+001F, U+007F: a control "
          "character or no character", "delete it")),
        ("\ufdd0\uffff\U0001fffe\U0010ffff",
         ("control-character", "U+FDD0, U+FFFF, U+1FFFE, U+10FFFF: a control character or no "
          "character", "delete it")),
    ],
)  # fmt: skip
def test_characters_that_no_text_needs_are_damage(text, found):
    assert damage(text) == found


def test_every_doubt_of_a_text_is_said():
    assert [rule for rule, _, _ in doubts("\u202ea\ufffdb\u00e2\u20acc\u200b")] == [
        "bidirectional", "replacement-character", "mojibake", "hidden-character",
    ]  # fmt: skip
    assert doubts("naïve \u201cquoted\u201d \u2013 café, 100 £") == []


@pytest.mark.parametrize("text", ["\u00c3\u00a9", "\u00c2\u00a3", "\u00ef\u00bb\u00bf"])
def test_utf_8_read_as_windows_1252_is_recognised(text):
    assert doubts(f"caf{text}") == [
        (
            "mojibake",
            "looks like UTF-8 that was read as Windows-1252",
            "copy the text again from its source",
        )
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LGA", "lga"),
        ("reader-1", "reader-l"),
        ("reader_1", "reader 1"),
        ("b0dy", "body"),
        ("nhs\u2013ics", "nhs-ics"),
        ("nhs\u2212ics", "nhs-ics"),
        ("\uff2c\uff27\uff21", "lga"),
        ("\u0412\u041c\u0410", "bma"),  # Cyrillic capitals
        ("\u0392\u039c\u0391", "BMA"),  # Greek capitals
        ("\u0440\u0430\u0441\u0435", "pace"),  # Cyrillic small letters
        ("\u03bf", "o"),
        ("konp\u2019s", "konp's"),
    ],
)
def test_ids_that_look_the_same_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(("one", "other"), [("lga", "lgb"), ("a-b", "ab"), ("é", "e"), ("m", "n")])
def test_ids_that_look_different_have_two_skeletons(one, other):
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("lga", ()),
        ("l\u0433a", ("CYRILLIC", "LATIN")),
        ("lg\u03b1", ("GREEK", "LATIN")),
        ("\u0430\u0431\u0432", ()),
        ("tōkyō-東京-とうきょう", ()),
        ("café-1", ()),
    ],
)
def test_an_id_of_scripts_that_borrow_each_others_letters_is_told(text, scripts):
    assert mixed_scripts(text) == scripts
