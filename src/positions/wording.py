"""Findings in words: sentences and headline titles computed from the tables they speak of.

The words follow thresholds that are printed beside them, so that a sentence can never say more
than its table.
"""

from __future__ import annotations

import pandas as pd

from positions.agreement import RANKED_FROM
from positions.present import listed, percent, plural

DEGREES = (
    (0.80, "agrees on most of it"),
    (0.60, "agrees more than it disagrees"),
    (0.40, "is divided on it"),
    (0.20, "disagrees more than it agrees"),
    (0.00, "disagrees with most of it"),
)
"""The vocabulary of agreement: from each share upwards, the words."""


def degree(share: float) -> str:
    """The published words for an agreement score.

    >>> degree(0.66), degree(0.05)
    ('agrees more than it disagrees', 'disagrees with most of it')
    """
    if pd.isna(share):
        return "did not speak to it"
    return next(words for least, words in DEGREES if round(share, 9) >= least)


def vocabulary() -> str:
    """The thresholds behind the words, as a sentence."""
    return "Words used: " + "; ".join(f"from {least:.0%} “{words}”" for least, words in DEGREES)


def base(spoke: int, of: int) -> str:
    """What a score rests on."""
    return f"spoke on {spoke} of {of}"


def ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of one model's scores that are ranked, most agreeing first."""
    return scores[scores["standing"] == "ranked"]


def headline(scores: pd.DataFrame) -> str:
    """The finding in at most ten words: who is nearest to the model and who furthest.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model, with `name`.
    """
    found = ranked(scores)
    if found.empty:
        return "No body spoke on enough to be ranked"
    best, worst = found.iloc[0], found.iloc[-1]
    if len(found) == 1:
        return f"{_short(best['name'])}: {percent(best['agreement'])} agreement"
    if round(best["agreement"] - worst["agreement"], 9) == 0:
        return f"All {len(found)} ranked bodies agree equally, {percent(best['agreement'])}"
    return f"{_short(best['name'])} nearest, {_short(worst['name'])} furthest"


def _short(name: str, words: int = 4) -> str:
    """A name of at most a few words, for a title."""
    parts = name.split()
    return name if len(parts) <= words else " ".join(parts[:words]) + " …"


def answer(scores: pd.DataFrame, overlaps: pd.DataFrame, model: str) -> list[str]:
    """The first sentences of a report: who agrees how far, on what base, and how settled.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model, with `name`.
    overlaps
        One row per ranked body, as `overlapping` returns it.
    model
        The model's label.
    """
    found = ranked(scores)
    if found.empty:
        return [f"No body spoke on {RANKED_FROM} of the propositions, so none is ranked."]
    said = [
        f"{row.name_} {degree(row.agreement)} ({percent(row.agreement)}, "
        f"{base(row.spoke, row.of)}; from {percent(row.lower)} to {percent(row.upper)} if the "
        f"silent points spoke)"
        for row in found.rename(columns={"name": "name_"}).itertuples()
    ]
    first = f"Measured against “{model}”: {'; '.join(said)}."
    return [first, settled(overlaps), _apart(scores)]


def settled(overlaps: pd.DataFrame) -> str:
    """Whether any rank would stand if the silent points spoke."""
    if len(overlaps) < 2:
        return ""
    loose = int((overlaps["overlaps"] > 0).sum())
    if loose == len(overlaps):
        return (
            f"No rank is settled: the bounds of each of the {plural(loose, 'ranked body')} "
            "overlap with another's."
        )
    if loose == 0:
        return "Every rank is settled: no two bounds overlap."
    return (
        f"{plural(len(overlaps) - loose, 'rank')} of {len(overlaps)} "
        f"{'is' if len(overlaps) - loose == 1 else 'are'} settled; the bounds of the others "
        "overlap."
    )


def _apart(scores: pd.DataFrame) -> str:
    """Who is shown apart, and why."""
    few = scores.loc[scores["standing"] == "too few", "name"].tolist()
    proposers = scores.loc[scores["standing"] == "calibration", "name"].tolist()
    parts = []
    if proposers:
        parts.append(
            f"{listed(proposers)} proposed the model or legislate for it and are shown apart, "
            "as calibration."
        )
    if few:
        parts.append(
            f"Not ranked, with fewer than {RANKED_FROM} propositions spoken on: {listed(few)}."
        )
    return " ".join(parts)
