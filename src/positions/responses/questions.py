"""What respondents were asked, and what their answers mean on the scale of the bodies."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

TEXT = "text"
"""The vocabulary of a free text: it has no codes."""
CODES = "codes"
"""The vocabulary of numbers that are codes already."""
SCALES: Mapping[str, Mapping[str, int]] = {
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
    CODES: {"-2": -2, "-1": -1, "0": 0, "1": 1, "2": 2},
}
"""Each vocabulary: the words that may be written, and the codes they stand for."""
SILENT = frozenset({"", "na", "nan", "n/a", "don't know", "not answered", "prefer not to say"})
"""Words that are no answer: silence, as an empty cell is."""
SPACES = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""White space as `str.split` has it, as a class of a regular expression."""
HIDDEN = "\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
"""Characters that show nothing, as such a class."""
_HIDDEN = re.compile(f"[{HIDDEN}]")
NOT_ASKED = " (not asked)"
Own = Mapping[str, Mapping[str, "int | None"]]
"""Words of a question's own, folded, by its id: a code, or None for silence."""
NONE: Own = MappingProxyType({})


def folded(text: object) -> str:
    r"""Fold what nobody sees or means: case, white space, hidden characters, apostrophes.

    >>> folded(" Don\u2019t\u00a0 KNOW\u200b"), folded("R-1 ")
    ("don't know", 'r-1')
    """
    seen = _HIDDEN.sub("", str(text))
    return " ".join(seen.split()).casefold().replace("\u2019", "'")


@dataclasses.dataclass(frozen=True)
class Question:
    """A question with answers to choose from.

    `column` is its column while rows are counted: a plain name, whatever the id is. `words` are
    its answers, folded, with their codes, None where they are silence.
    """

    question_id: str
    column: str
    words: Mapping[str, int | None]
    numbers: bool
    reversed: bool

    @property
    def plain_numbers(self) -> bool:
        """Whether nothing but the numbers from -2 to 2 is an answer."""
        return self.numbers and self.words == SCALES[CODES]

    def code(self, answer: object) -> int | None:
        """Return the code of one answer as it was written; None where it is silence.

        How a number is written does not count (`1`, `1.0`, `+1`): programs that know no empty
        whole number write decimals.

        Raises
        ------
        KeyError
            When the answer is none of the question's words.
        """
        if answer is None or answer is pd.NA or answer != answer:
            return None
        word = folded(answer)
        if word not in self.words and self.numbers:
            word = _as_number(word)
        found = self.words[word] if word in self.words or word not in SILENT else None
        return -found if self.reversed and found else found


def _as_number(word: str) -> str:
    """Write a whole number plainly; leave what is none as it is."""
    try:
        number = float(word)
    except ValueError:
        return word
    return str(int(number)) if number.is_integer() else word


@dataclasses.dataclass(frozen=True)
class Survey:
    """What was asked: the questions with answers to choose from, and those in free text.

    `texts` are the columns of free text by id, `ids` what each question asked, in words.
    """

    questions: tuple[Question, ...]
    texts: Mapping[str, str]
    ids: Mapping[str, str]

    @property
    def columns(self) -> dict[str, str]:
        """The plain name of each question's column, by its id."""
        return {q.question_id: q.column for q in self.questions} | dict(self.texts)


def survey(questions: pd.DataFrame, own: Own = NONE) -> Survey:
    """Return what was asked, in the order of the questions' ids.

    Parameters
    ----------
    questions
        One row per question: `question_id`, `question`, `answers`, `reversed`.
    own
        Words of a question's own, beside those of its vocabulary or instead of them.
    """
    rows = closed(questions).to_dict("records")
    found = tuple(
        Question(
            row["question_id"],
            f"q{place}",
            {**SCALES[row["answers"]], **own.get(row["question_id"], {})},
            row["answers"] == CODES,
            row["reversed"] == "yes",
        )
        for place, row in enumerate(rows)
    )
    free = {name: f"text{place}" for place, name in enumerate(texts(questions))}
    asks = questions["question"] if "question" in questions else questions["question_id"]
    return Survey(found, free, dict(zip(questions["question_id"], asks, strict=True)))


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
