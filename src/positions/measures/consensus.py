"""Find the propositions on which the bodies agree, and those that divide them.

Words follow thresholds that are printed beside them, and a floor on how many spoke: what three
bodies say is not put beside what thirty say without its base.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from positions.study.schema import SCALE

CODES = range(SCALE[0], SCALE[1] + 1)
FLOOR = 3
"""Bodies that must have addressed a proposition before it is called anything."""
CONSENSUS = 0.60
"""Van der Eijk's agreement from which those who spoke are said to agree."""
LEANING = 1.0
"""Mean position, either way, from which agreement is for or against and not in the middle."""
SIDE = 0.25
"""Share of those who spoke that must stand on each side for a proposition to divide them."""

MAJORITY = 0.50
"""A side on which more than this share of those who spoke stand is the majority."""

WORDS = (
    "consensus for",
    "consensus against",
    "majority for",
    "majority against",
    "no clear side",
    "divisive",
    "too few spoke",
)
"""Everything a proposition is called, in the order it is listed in."""


def standings(
    positions: pd.DataFrame, propositions: pd.DataFrame, floor: int = FLOOR
) -> pd.DataFrame:
    """Count who spoke on each proposition; say where they stand and how far apart.

    Silence is left out of every share: the base is `spoke`. A proposition is divisive before it
    is anything else, so that none is on both lists.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2]; or one per position taken, with
        `count`, how many take it.
    propositions
        One row per proposition: `proposition_id`, `label`.
    floor
        The least number of bodies that must have spoken for a word, at least 2.

    Returns
    -------
    DataFrame
        One row per proposition, in the order of `propositions`: `label`; `spoke`, `supports`,
        `neither`, `opposes` (bodies); `mean`; `agreement` (van der Eijk's A, from -1, two
        camps at the ends, through 0, spread evenly, to 1, all at one code); `apart`, the mean
        |s - s'| of two bodies in steps of the scale; `word`, one of `WORDS`. `mean` is missing
        where nobody spoke, `agreement` and `apart` where fewer than two did.

    References
    ----------
    Van der Eijk (2001), "Measuring agreement in ordered rating scales", Quality & Quantity 35,
    325-341, for A.

    Examples
    --------
    >>> said = pd.DataFrame(
    ...     {"body_id": list("abcd"), "proposition_id": "p", "position": [2, 2, 1, -2]}
    ... )
    >>> found = standings(said, pd.DataFrame({"proposition_id": ["p"], "label": ["A bridge"]}))
    >>> found[["spoke", "supports", "opposes", "mean", "word"]].to_records(index=False).tolist()
    [(4, 3, 1, 0.75, 'divisive')]
    """
    columns = ["position", "count"] if "count" in positions else ["position"]
    said = {key: rows[columns].to_numpy() for key, rows in positions.groupby("proposition_id")}
    nobody = np.empty((0, len(columns)))
    rows = [_standing(*said.get(key, nobody).T) for key in propositions["proposition_id"]]
    names = ["spoke", "supports", "neither", "opposes", "mean", "agreement", "apart"]
    table = propositions[["proposition_id", "label"]].reset_index(drop=True)
    table = table.join(pd.DataFrame(rows, columns=names, index=table.index))
    words = [word(row, floor) for row in table.to_dict("records")]
    return table.assign(word=pd.Series(words, dtype="str", index=table.index))


def _standing(
    said: Sequence[float] | np.ndarray, counts: np.ndarray | None = None
) -> tuple[float, ...]:
    stances = np.asarray(said, dtype="float64")
    order = np.argsort(stances, kind="stable")
    stances = stances[order]
    number = np.ones(len(stances), dtype=int) if counts is None else counts[order]
    spoke, supports = number.sum(), number[stances > 0].sum()
    opposes = number[stances < 0].sum()
    base = (spoke, supports, spoke - supports - opposes, opposes)
    if spoke <= 0:
        return (*base, np.nan, np.nan, np.nan)
    mean = float(np.average(stances, weights=number))
    if spoke < 2:
        return (*base, mean, np.nan, np.nan)
    return (*base, mean, van_der_eijk(frequencies(stances, number)), apart(stances, number))


def word(row: dict[str, float], floor: int = FLOOR) -> str:
    """Return the published word for one proposition's row of `standings`."""
    if row["spoke"] < max(floor, 2):
        return "too few spoke"
    smaller = min(row["supports"], row["opposes"]) / row["spoke"]
    if round(smaller, 9) >= SIDE:
        return "divisive"
    if round(row["agreement"], 9) >= CONSENSUS and round(abs(row["mean"]), 9) >= LEANING:
        return "consensus for" if row["mean"] > 0 else "consensus against"
    for side, name in (("supports", "majority for"), ("opposes", "majority against")):
        if round(row[side] / row["spoke"], 9) > MAJORITY:
            return name
    return "no clear side"


def vocabulary(floor: int = FLOOR) -> str:
    """Say which thresholds lie behind the words."""
    return (
        f"Words used where at least {floor} bodies spoke: “divisive” where at least {SIDE:.0%} "
        f"of them support and at least {SIDE:.0%} oppose; else “consensus” where agreement A is "
        f"at least {CONSENSUS:.2f} and the mean at least {LEANING:+g} or at most {-LEANING:g}; "
        f"else “majority” where more than {MAJORITY:.0%} stand on one side."
    )


def apart(stances: np.ndarray, number: np.ndarray) -> float:
    """Return the mean |s - s'| over pairs of bodies, in steps of the scale.

    `stances` are sorted; `number`: how many stand at each, two or more in all.
    """
    total = number.sum()
    # A value is added once for each before it, and taken away for each after it.
    signs = number * (2 * number.cumsum() - number - total)
    return float(signs @ stances / (total * (total - 1) / 2))


def frequencies(stances: np.ndarray, number: np.ndarray | float = 1.0) -> np.ndarray:
    """Count the bodies at each code; one between two codes is parted between them.

    `number`: how many each stance stands for.

    >>> frequencies(np.array([2.0, 0.5])).tolist()
    [0.0, 0.0, 0.5, 0.5, 1.0]
    """
    counts = np.zeros(len(CODES))
    low = np.floor(stances)
    place = (low - SCALE[0]).astype(int)
    np.add.at(counts, place, (1 - (stances - low)) * number)
    np.add.at(counts, np.minimum(place + 1, len(counts) - 1), (stances - low) * number)
    return counts


def van_der_eijk(counts: Sequence[float] | np.ndarray) -> float:
    """Return van der Eijk's agreement A in a distribution over ordered codes.

    The distribution is taken apart into layers that are spread evenly over some of the codes; A
    is their mean agreement, weighted by what each holds. A variance would call two camps at
    +-1 closer than one broad middle; A asks how much the distribution has one peak.

    Parameters
    ----------
    counts
        How many stand at each code, in the order of the codes; at least three codes.

    Returns
    -------
    float
        From -1 to 1; NaN where nobody stands anywhere.

    Notes
    -----
    Van der Eijk (2001), "Measuring agreement in ordered rating scales", Quality and Quantity
    35, 325-341.

    Examples
    --------
    >>> round(van_der_eijk([30, 40, 210, 130, 530, 50, 10]), 7)
    0.6113333
    """
    rest = np.asarray(counts, dtype="float64").copy()
    total = rest.sum()
    if total <= 0:
        return float("nan")
    found = 0.0
    # Parts of a body leave rounding noise behind, which is no layer.
    while (filled := rest > 1e-12 * total).any():
        height = rest[filled].min()
        found += height * filled.sum() / total * _layer(tuple(filled.tolist()))
        rest[filled] -= height
    return float(found)


def _layer(filled: tuple[bool, ...]) -> float:
    """Return the agreement of one layer: its unimodality, less what it spreads over the codes."""
    codes, held = len(filled), sum(filled)
    if held == 1:
        return 1.0
    if held == codes:
        return 0.0
    triples = list(itertools.combinations(filled, 3))
    one_peak = sum(t in ((True, True, False), (False, True, True)) for t in triples)
    two_peaks = sum(t == (True, False, True) for t in triples)
    shape = ((codes - 2) * one_peak - (codes - 1) * two_peaks) / (
        (codes - 2) * (one_peak + two_peaks)
    )
    return shape * (1 - (held - 1) / (codes - 1))
