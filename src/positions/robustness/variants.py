"""Variants of the analysis: one level of each choice, named by what departs from the default.

(Steegen, Tuerlinckx, Gelman and Vanpaemel 2016, "Increasing transparency through a multiverse
analysis", Perspectives on Psychological Science 11, 702-712.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations as chosen

import numpy as np
import pandas as pd

DEFAULT = "default"
"""The id of the variant that departs in nothing."""


def one(choices: pd.DataFrame, levels: Mapping[str, str]) -> pd.DataFrame:
    """The one variant that takes these levels, and the default of every other choice.

    Parameters
    ----------
    choices
        As `specifications.available` returns it.
    levels
        Levels by choice.
    """
    return _variants(choices, [list(levels.items())])


def singles(choices: pd.DataFrame) -> pd.DataFrame:
    """The default analysis and every single departure from it.

    Parameters
    ----------
    choices
        As `specifications.available` returns it; rows may be left out, the
        default of each choice may not.

    Returns
    -------
    DataFrame
        One row per variant: `variant_id` (says what departs), `departures` (how many),
        `changed` (the choices that depart) and a column per choice. The default is first.
    """
    other = choices[~choices["default"]]
    return _variants(choices, [[], *([pair] for pair in _pairs(other))])


def pairs(choices: pd.DataFrame) -> pd.DataFrame:
    """Every two departures at once, of different choices; as `singles` in its columns."""
    other = _pairs(choices[~choices["default"]])
    return _variants(choices, [list(two) for two in chosen(other, 2) if two[0][0] != two[1][0]])


def combinations(choices: pd.DataFrame, draws: int = 5000, seed: int = 20210211) -> pd.DataFrame:
    """All combinations of levels where they are few, else a random sample of them.

    Each choice is drawn evenly among its levels, except that for `drop` the kind of thing left
    out is drawn first: a study with many bodies would else hardly ever leave out a proposition.
    No variant comes twice.

    Parameters
    ----------
    choices
        As `specifications.available` returns it.
    draws
        How many variants at most.
    seed
        Where the random numbers start (PCG64).

    Returns
    -------
    DataFrame
        As `singles`, in the order drawn.
    """
    levels = {c: rows["level"].tolist() for c, rows in choices.groupby("choice", sort=False)}
    count = int(np.prod([len(of) for of in levels.values()], dtype=float))
    if count <= draws:
        grid = np.meshgrid(*[np.array(of, dtype=object) for of in levels.values()], indexing="ij")
        return _named(
            choices, pd.DataFrame({c: g.ravel() for c, g in zip(levels, grid, strict=True)})
        )
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = _drawn(levels, draws, generator)
    while len(drawn) < draws:
        more = _drawn(levels, draws, generator)
        drawn = pd.concat([drawn, more]).drop_duplicates().head(draws)
    return _named(choices, drawn.reset_index(drop=True))


def _drawn(
    levels: dict[str, list[str]], draws: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Rows of levels drawn at random, without those that came twice."""
    columns = {}
    for choice, of in levels.items():
        kinds = [level.split()[0] if choice == "drop" else level for level in of]
        share = 1 / len(set(kinds)) / pd.Series(kinds).map(pd.Series(kinds).value_counts())
        places = generator.choice(len(of), size=draws, p=share.to_numpy())
        columns[choice] = np.array(of, dtype=object)[places]
    return pd.DataFrame(columns).drop_duplicates()


def _pairs(choices: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(choices["choice"], choices["level"], strict=True))


def _variants(
    choices: pd.DataFrame, departures: Iterable[Sequence[tuple[str, str]]]
) -> pd.DataFrame:
    """Variants from the list of what departs in each."""
    default = dict(_pairs(choices[choices["default"]]))
    rows = [{**default, **dict(departing)} for departing in departures]
    return _named(choices, pd.DataFrame(rows, columns=list(default)))


def _named(choices: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Give each row of levels its id, which says in what it departs, and no more."""
    default = dict(_pairs(choices[choices["default"]]))
    ids, changed = [], []
    for row in zip(*(levels[choice].tolist() for choice in default), strict=True):
        departing = [
            (choice, level)
            for (choice, usual), level in zip(default.items(), row, strict=True)
            if level != usual
        ]
        ids.append("; ".join(f"{choice}={level}" for choice, level in departing) or DEFAULT)
        changed.append([choice for choice, _ in departing])
    found = levels.astype("str")
    found.insert(0, "variant_id", pd.Series(ids, index=levels.index, dtype="str"))
    found.insert(1, "departures", np.array([len(of) for of in changed], dtype="int64"))
    named = pd.Series([", ".join(of) for of in changed], index=levels.index, dtype="str")
    found.insert(2, "changed", named)
    return found
