"""Judge a claim whichever of the codes that nobody checked are wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from positions.auditing.ranges import Ends, difference
from positions.measures.analysis import Analysis

DECIMALS = 9
"""Scores are compared rounded, as everywhere."""


def rests_on(claim: pd.Series, analysis: Analysis) -> list[str] | None:
    """Return the bodies whose codes a claim rests on; None where the audit cannot judge it.

    It cannot judge groups, nor bodies without a rank.
    """
    ranked = analysis.ranked["body_id"].tolist()
    named = [body for body in (claim["body_id"], claim["other_id"]) if body]
    if claim["kind"] == "same-group" or not set(named) <= set(ranked):
        return None
    return ranked if claim["kind"] in ("closest", "furthest") else named


def holds(claim: pd.Series, ends: Mapping[str, Ends], wrong: int, missed: int = 0) -> bool:
    """Return whether a claim holds with so many wrong codes and missed stances, wherever they are.

    Parameters
    ----------
    claim
        One row of the study's claims.
    ends
        The ends of each ranked body's score.
    wrong, missed
        How many there can be among the bodies that the claim rests on.
    """
    mine, kind = ends[claim["body_id"]], claim["kind"]
    low, high = mine.at(wrong, missed)
    if kind == "above":
        return bool(round(low, DECIMALS) > claim["threshold"])
    if kind == "below":
        return bool(round(high, DECIMALS) < claim["threshold"])
    others = [claim["other_id"]] if kind == "more-than" else [
        body for body in ends if body != claim["body_id"]
    ]  # fmt: skip
    apart = [difference(mine, ends[other], wrong, missed) for other in others]
    if kind == "furthest":
        return bool(apart) and all(round(high, DECIMALS) < 0 for _, high in apart)
    return bool(apart) and all(round(low, DECIMALS) > 0 for low, _ in apart)
