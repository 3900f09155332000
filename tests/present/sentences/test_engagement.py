"""Sentences on published answers never say more than their table."""

import pandas as pd
import pytest
from sentences import claims_nothing, functions

from positions.present.sentences import engagement as engagement_sentences

SOURCES = pd.DataFrame(
    {
        "source_id": ["s1", "s2"],
        "title": ["First", "Second"],
        "publisher": ["", "News"],
        "published": ["2021-01-01", "2021-03"],
    }
)
ANSWERS = pd.DataFrame(
    [
        ("Q1", "s1", 51.0, 40.0, 9.0),
        ("Q2", "s2", 45.0, 40.0, 15.0),
        ("Q3", "s2", 50.0, 50.0, 0.0),
        ("Q4", "s2", 30.0, 60.0, 10.1),
    ],
    columns=["question_id", "source_id", "agree", "disagree", "neutral"],
)


def test_more_agreed_and_a_majority_agreed_are_two_things():
    # a draw is no lead, and 50% is no majority
    assert engagement_sentences.engagement(ANSWERS) == [
        "More agreed than disagreed on 2 of 4 questions (Q1 and Q2).",
        "A majority of all answers agreed on 1 (Q1).",
    ]
    assert (
        engagement_sentences.engagement_title(ANSWERS)
        == "More agreed than disagreed on 2 of 4 questions"
    )


def test_when_nowhere_more_agreed_it_says_none():
    assert engagement_sentences.engagement(ANSWERS.tail(1)) == [
        "More agreed than disagreed on 0 of 1 question (none).",
        "A majority of all answers agreed on 0 (none).",
    ]


def test_percentages_that_do_not_add_up_are_named():
    assert (
        engagement_sentences.rounding(ANSWERS) == "Q4 adds up to 100.1: rounding in the original."
    )
    assert engagement_sentences.rounding(ANSWERS.head(3)) == "Each question adds up to 100."


def test_the_source_of_the_answers_is_its_publisher_or_else_its_title():
    assert engagement_sentences.engagement_source(ANSWERS, SOURCES) == (
        "Per cent of responses; number of responses not known. Source: First, 2021-01-01; "
        "News, 2021-03"
    )


# --- nothing at all ------------------------------------------------------------------------

EMPTY = {
    "engagement": lambda: engagement_sentences.engagement(ANSWERS.head(0)),
    "engagement_title": lambda: engagement_sentences.engagement_title(ANSWERS.head(0)),
    "engagement_source": lambda: engagement_sentences.engagement_source(ANSWERS.head(0), SOURCES),
    "rounding": lambda: engagement_sentences.rounding(ANSWERS.head(0)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_of_an_empty_table_nothing_is_claimed_and_nothing_breaks(name):
    claims_nothing(EMPTY[name]())


def test_every_sentence_function_has_been_given_an_empty_table():
    spoken = {name.partition(",")[0] for name in EMPTY}
    assert functions(engagement_sentences) - spoken == set()
