"""What respondents were asked, and what their answers mean on the scale of the bodies."""

from __future__ import annotations

import re

import pandas as pd

TEXT = "text"
"""The vocabulary of a free text: it has no codes."""
SCALES = {
    "agree3": {"agree": 2, "neutral": 0, "disagree": -2},
    "lean3": {"agree": 1, "neutral": 0, "disagree": -1},
    "yesno": {"yes": 2, "yea": 2, "aye": 2, "abstain": 0, "no": -2, "nay": -2},
    "likert5": {
        "strongly agree": 2,
        "agree": 1,
        "neutral": 0,
        "neither agree nor disagree": 0,
        "disagree": -1,
        "strongly disagree": -2,
    },
    "codes": {"-2.0": -2, "-1.0": -1, "0.0": 0, "-0.0": 0, "1.0": 1, "2.0": 2},
}
"""Each vocabulary: the words that may be written, and the codes they stand for."""
SILENT = frozenset({"", "na", "nan", "n/a", "don't know", "not answered", "prefer not to say"})
"""Words that are no answer: silence, as an empty cell is."""
_NUMBER = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{0,9})?(e[-+]?[0-9])?")
NOT_ASKED = " (not asked)"


def code(answer: object, answers: str, reverse: bool = False) -> int | None:
    """Return the code of one answer as it was written; None where it is silence.

    Case, white space and the kind of apostrophe do not count; nor does how a number is written
    (`1`, `1.0`, `+1`): programs that know no empty whole number write decimals.

    Parameters
    ----------
    answer
        Text, a number, or nothing.
    answers
        The vocabulary, a key of `SCALES`.
    reverse
        Whether agreeing with the question is disagreeing with the proposition.

    Raises
    ------
    KeyError
        When the answer is not in the vocabulary.

    Examples
    --------
    >>> code(" Agree ", "likert5"), code("Agree", "agree3", reverse=True), code("", "codes")
    (1, -2, None)
    """
    if answer is None or answer is pd.NA or answer != answer:
        return None
    word = " ".join(str(answer).split()).casefold().replace("\u2019", "'")
    if word in SILENT:
        return None
    if answers == "codes":
        word = str(float(word)) if _NUMBER.fullmatch(word) else word
    found = SCALES[answers][word]
    return -found if reverse and found else found


def closed(questions: pd.DataFrame) -> pd.DataFrame:
    """Return the questions with answers to choose from, in the order of their ids."""
    asked = questions[questions["answers"] != TEXT]
    return asked.sort_values("question_id", ignore_index=True)


def texts(questions: pd.DataFrame) -> list[str]:
    """Return the questions answered in free text, sorted."""
    return sorted(questions.loc[questions["answers"] == TEXT, "question_id"])


def items(questions: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """Return what agreement is measured over: the questions, and what was not asked.

    Several questions on one proposition are compared each by itself and share its weight
    equally, so that asking twice does not make a proposition count twice. A proposition that
    no question asks about is an item that every respondent is silent on.

    Parameters
    ----------
    questions
        One row per question: `question_id`, `proposition_id`, `answers`.
    propositions
        One row per proposition: `proposition_id`, `label`, `weight`.

    Returns
    -------
    DataFrame
        One row per item, questions first, sorted: `item_id` (the question's id), `asks`
        (proposition_id), `label`, `weight`, `asked` (whether there is a question).
    """
    asked = closed(questions)[["question_id", "proposition_id"]]
    sharing = asked.groupby("proposition_id")["question_id"].transform("size")
    named = propositions[["proposition_id", "label", "weight"]]
    found = asked.assign(sharing=sharing).merge(named, on="proposition_id", validate="many_to_one")
    found["weight"] = found["weight"] / found["sharing"]
    several = found["sharing"] > 1
    found.loc[several, "label"] = found["label"] + " (" + found["question_id"] + ")"
    found = found.rename(columns={"question_id": "item_id"}).assign(asked=True)
    rest = named[~named["proposition_id"].isin(asked["proposition_id"])]
    rest = rest.assign(item_id=rest["proposition_id"] + NOT_ASKED, asked=False)
    columns = ["item_id", "proposition_id", "label", "weight", "asked"]
    table = pd.concat(
        [found.sort_values("item_id")[columns], rest.sort_values("item_id")[columns]],
        ignore_index=True,
    )
    return table.rename(columns={"proposition_id": "asks"}).astype({"asked": bool})


def as_propositions(items: pd.DataFrame) -> pd.DataFrame:
    """Return items in the place of propositions, as the measures of bodies take them."""
    table = items.rename(columns={"item_id": "proposition_id"})
    return table[["proposition_id", "label", "weight", "asked"]]


def on_items(positions: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Repeat positions on propositions for each item that asks about them.

    Parameters
    ----------
    positions
        One row per model (or body) and proposition: `position`.
    items
        As `items` returns them.

    Returns
    -------
    DataFrame
        The rows of `positions` with the item's id as `proposition_id`.
    """
    pairs = items[["item_id", "asks"]].rename(columns={"asks": "proposition_id"})
    found = positions.merge(pairs, on="proposition_id")
    return found.drop(columns="proposition_id").rename(columns={"item_id": "proposition_id"})
