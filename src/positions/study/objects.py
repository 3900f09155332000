"""Is the object named? A queue of codes whose phrase shares no word with its proposition."""

from __future__ import annotations

import re

import pandas as pd

from positions.study.load import Study
from positions.study.problems import NOTE, Problem

_COMMON = """
    a an and any are as at be been being but by can could do does for from has have how
    in into is it its local may more must nhs no not of on only or other own proposals
    proposed should so some such system systems than that the their them there these
    they this those to under was we were what when where which while who will with
    within without would
"""
COMMON = frozenset(_COMMON.split())
"""Words that name no proposition's object."""


def words_of(text: str) -> set[str]:
    """Return the words of a text that can name an object, in small letters."""
    return set(re.findall(r"[a-z]+", text.lower().replace("\u2019", "'"))) - COMMON


def unnamed(codings: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """List the codes whose phrase shares no word with the proposition it is coded on.

    The right phrase behind the wrong proposition is the commonest mistake of coders. Such a code
    is not wrong by that: a reader looks at it again.

    Parameters
    ----------
    codings
        One row per reading: `quote`, `proposition_id`.
    propositions
        One row per proposition: `statement`, `label`, `terms` (words that name its object).

    Returns
    -------
    DataFrame
        The rows of `codings` to look at again, in their order.
    """
    named = {
        row.proposition_id: words_of(f"{row.statement} {row.label} {row.terms}")
        for row in propositions.itertuples()
    }
    shares = [
        bool(words_of(quote) & named.get(proposition, set()))
        for quote, proposition in zip(codings["quote"], codings["proposition_id"], strict=True)
    ]
    return codings[~pd.Series(shares, index=codings.index, dtype=bool)]


def look_again(study: Study) -> list[Problem]:
    """List as notes, each with its place, the codes that `unnamed` returns."""
    file, lines = study.places["codings"]
    at = dict(zip(study.codings.index, lines, strict=True))
    label = study.propositions.set_index("proposition_id")["label"]
    return [
        Problem(NOTE, file, at[row.Index], 0, "quote", "object-unnamed", row.quote,
                f"shares no word with “{label[row.proposition_id]}”",
                "read it again: is this what it speaks of?")
        for row in unnamed(study.codings, study.propositions).itertuples()
    ]  # fmt: skip
