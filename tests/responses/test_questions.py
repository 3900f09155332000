"""What an answer means: worked by hand from the vocabularies as documented."""

import pandas as pd
import pytest

from positions.responses import questions

ASKED = pd.DataFrame(
    {
        "question_id": ["Q1", "Q2", "Q3", "why"],
        "proposition_id": ["a", "a", "b", ""],
        "answers": ["agree3", "likert5", "codes", "text"],
        "reversed": ["", "yes", "", ""],
    }
)
PROPOSITIONS = pd.DataFrame(
    {"proposition_id": ["a", "b", "c"], "label": ["A", "B", "C"], "weight": [1.0, 2.0, 0.5]}
)


def question(answers, reverse=False, own=questions.NONE):
    """One question in a vocabulary."""
    asked = pd.DataFrame(
        {"question_id": ["Q"], "answers": answers, "reversed": "yes" if reverse else ""}
    )
    return questions.survey(asked, own).questions[0]


@pytest.mark.parametrize(
    ("answer", "answers", "code"),
    [
        ("agree", "agree3", 2), ("Neutral", "agree3", 0), (" DISAGREE ", "agree3", -2),
        ("agree", "lean3", 1), ("disagree", "lean3", -1),
        ("yes", "yesno", 2), ("Aye", "yesno", 2), ("abstain", "yesno", 0), ("nay", "yesno", -2),
        ("strongly  agree", "likert5", 2), ("agree", "likert5", 1),
        ("neither agree nor disagree", "likert5", 0), ("strongly disagree", "likert5", -2),
        ("-2", "codes", -2), ("1.0", "codes", 1), ("+2", "codes", 2), (0.0, "codes", 0),
        (-0.0, "codes", 0), (2, "codes", 2), ("1e0", "codes", 1),
        ("", "codes", None), (None, "codes", None), (float("nan"), "codes", None),
        ("Don\u2019t know", "likert5", None), ("N/A", "yesno", None), ("nan", "codes", None),
    ],
)  # fmt: skip
def test_an_answer_has_the_code_that_the_document_gives_it(answer, answers, code):
    assert question(answers).code(answer) == code


def test_a_reversed_question_turns_the_sign_and_leaves_silence_alone():
    asked = question("likert5", reverse=True)
    assert (asked.code("agree"), asked.code("neutral"), asked.code("")) == (-1, 0, None)


def test_a_question_has_words_of_its_own_beside_those_of_its_vocabulary():
    own = {"Q": {"somewhat agree": 1, "agree": 2, "don't mind": None, "n/a": 0}}
    asked = question("likert5", own=own)
    given = ["Somewhat  Agree", "agree", "strongly agree", "Don\u2019t mind", "N/A", "disagree"]
    assert [asked.code(word) for word in given] == [1, 2, 2, None, 0, -1]
    assert not question("codes", own={"Q": {"5": 2}}).plain_numbers


@pytest.mark.parametrize(
    "written", ["R-1", "r-1 ", " r-1", "r-1\u00a0", "\u200br-1", "R-1\t\ufeff"]
)
def test_ids_that_nobody_can_tell_apart_are_one(written):
    assert questions.folded(written) == "r-1"


@pytest.mark.parametrize(
    ("answer", "answers"),
    [("maybe", "agree3"), ("strongly agree", "agree3"), ("3", "codes"), ("1.5", "codes"),
     ("inf", "codes"), ("0x1", "codes"), ("1", "agree3"), (True, "codes")],
)  # fmt: skip
def test_what_no_vocabulary_has_is_unknown(answer, answers):
    with pytest.raises(KeyError):
        question(answers).code(answer)


def test_questions_on_one_proposition_share_its_weight_and_what_was_not_asked_stays():
    items = questions.items(ASKED, PROPOSITIONS)
    assert items[["item_id", "asks", "weight", "asked"]].to_numpy().tolist() == [
        ["Q1", "a", 0.5, True],
        ["Q2", "a", 0.5, True],
        ["Q3", "b", 2.0, True],
        ["c (not asked)", "c", 0.5, False],
    ]
    assert items["label"].tolist() == ["A (Q1)", "A (Q2)", "B", "C"]


def test_a_models_position_stands_at_each_question_that_asks_about_it():
    models = pd.DataFrame({"model_id": "m", "proposition_id": ["a", "c"], "position": [2, -1]})
    on = questions.on_items(models, questions.items(ASKED, PROPOSITIONS))
    assert sorted(on[["proposition_id", "position"]].to_numpy().tolist()) == [
        ["Q1", 2], ["Q2", 2], ["c (not asked)", -1],
    ]  # fmt: skip
