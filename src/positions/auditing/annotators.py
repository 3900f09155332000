"""May a reader stand in for a person? The alternative-annotator test.

Calderon, Reichart and Dror (2025), "The alternative annotator test for LLM-as-a-judge", ACL. Each
person is left out in turn: does the reader fit the other people at least as well?
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy  # which loads `stats` when it is asked for

from positions.auditing.checking import HEARD
from positions.measures.analysis import Analysis
from positions.measures.stances import by_coder
from positions.study.schema import CELL

ITEMS, PEOPLE = 30, 2
"""Items that a person must have checked with others, and people an item must have."""
EPSILON = 0.1
"""By how much a person may fit better than the reader: what a reader costs less."""
DISCOVERIES = 0.05
NOTHING = 9
"""Stands for the verdict that there is nothing to code."""


def test(people: pd.DataFrame, reader: pd.Series) -> dict[str, object]:
    """Test whether a reader may stand in for people.

    Parameters
    ----------
    people
        Items by people: the verdict, missing where the person did not check the item.
    reader
        The reader's code of each item.

    Returns
    -------
    dict
        `people` (who checked 30 items or more that others checked), `items`, `winning` (the share
        of people for whom the reader is at least as good, at a false discovery rate of 5%;
        missing where there are fewer than two), `advantage` (how often the reader fits at least as
        well, on average) and `may`: whether the winning rate is one half or more.
    """
    shared = people[people.notna().sum(axis=1) >= PEOPLE]
    chances, fits = [], []
    for person in shared.columns:
        mine = shared[shared[person].notna()]
        if len(mine) < ITEMS:
            continue
        others = mine.drop(columns=person)
        with_reader = _fit(others, reader.loc[mine.index])
        with_person = _fit(others, mine[person])
        reader_wins, person_wins = with_reader >= with_person, with_person >= with_reader
        worse = person_wins.astype(float) - reader_wins.astype(float)
        chances.append(_chance(worse.to_numpy()))
        fits.append(float(reader_wins.mean()))
    found: dict[str, object] = {"people": len(chances), "items": len(shared)}
    if len(chances) < PEOPLE:
        return {**found, "winning": np.nan, "advantage": np.nan, "may": pd.NA}
    won = scipy.stats.false_discovery_control(chances, method="by") < DISCOVERIES
    winning = float(won.mean())
    return {**found, "winning": winning, "advantage": float(np.mean(fits)), "may": winning >= 0.5}


def _fit(others: pd.DataFrame, codes: pd.Series) -> pd.Series:
    """Return the share of the other people whose verdict is the same, item by item."""
    same = others.eq(codes, axis=0).where(others.notna())
    return same.mean(axis=1)


def _chance(worse: np.ndarray) -> float:
    """Return the one-sided p-value that the reader is worse by less than epsilon."""
    if np.ptp(worse) == 0:
        return 0.0 if worse[0] < EPSILON else 1.0
    return float(scipy.stats.ttest_1samp(worse, EPSILON, alternative="less").pvalue)


def alternative(analysis: Analysis, checks: pd.DataFrame) -> pd.DataFrame:
    """Test the study's codes, and each reader that is a program, against the people who checked.

    Parameters
    ----------
    checks
        The study's checks, as `checking.checks` returns them. Only those that count are used.

    Returns
    -------
    DataFrame
        One row per reader (`the study's codes` first): `reader` and what `test` returns.
    """
    good = checks[checks["result"].isin(HEARD)]
    said = good.assign(stance=good["stance"].astype("Int64").fillna(NOTHING))
    people = said.pivot(index=CELL, columns="checker", values="stance").astype("float64")
    codings = by_coder(analysis.study.codings)
    programs = analysis.study.coders.query("kind == 'model'")["coder"]
    programs = programs[programs.isin(codings["coder"])]  # others read what came of it alone
    readers = {"the study's codes": analysis.resolved.set_index(CELL)["stance"]}
    readers |= {
        name: codings[codings["coder"] == name].set_index(CELL)["stance"] for name in programs
    }
    rows = []
    for name, codes in readers.items():
        filled = codes.astype("Int64").reindex(people.index).fillna(NOTHING).astype("float64")
        rows.append({"reader": name, **test(people, filled)})
    columns = ["reader", "people", "items", "winning", "advantage", "may"]
    return pd.DataFrame(rows, columns=columns).astype({"may": "boolean"})
