"""The yardstick of plain English is itself held to published values."""

import pytest
import readability


@pytest.mark.parametrize(
    ("text", "ease"),
    [  # as Wikipedia gives them: "Flesch-Kincaid readability tests"
        ("The cat sat on the mat.", 116.1),
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.",
         68.9),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 37.5),
    ],
)  # fmt: skip
def test_it_gives_published_values(text, ease):
    assert readability.flesch(text)[0] == pytest.approx(ease, abs=1)


def test_the_grade_is_the_published_formula():
    # 6 words, 6 syllables, 1 sentence: 0.39 * 6 + 11.8 * 1 - 15.59
    assert readability.flesch("The cat sat on the mat.")[1] == pytest.approx(-1.45)


@pytest.mark.parametrize(
    ("word", "number"),
    [("statutory", 4), ("body", 2), ("bodies", 2), ("model", 2), ("settled", 2), ("ranked", 1),
     ("points", 1), ("engagement", 3), ("association", 5), ("read", 1), ("silent", 2),
     ("question", 2), ("codes", 1), ("clash", 1), ("sides", 1), ("people", 2), ("wrong", 1),
     ("agreed", 2), ("opposite", 3), ("behind", 2)],
)  # fmt: skip
def test_syllables_are_counted_as_one_speaks_them(word, number):
    assert readability.syllables(word) == number
