"""Measure how far apart two bodies are, over what both of them addressed.

Pairwise-complete city-block distance on the coded scale: a proposition that one of the two did
not address says nothing about how near they are (Gower 1971, "A general coefficient of
similarity and some of its properties", Biometrics 27, 857-871, on unknown values).
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from positions.measures._kernel import WIDTH, Bools, Floats, Ints, ratio

LEAST_OVERLAP = 3
"""Propositions two bodies must both have addressed to have a distance."""
LEAST_ADDRESSED = 4
"""Propositions a body must have addressed to be grouped or placed on a map."""
TIE = 1e-9
"""Distances nearer to one another than this are the same: below it lies only rounding noise."""
DECIMALS = 12
"""Distances are rounded to this before they are cut, so that any machine gives the same."""


@dataclasses.dataclass(frozen=True)
class Comparable:
    """The bodies among whom every distance is defined, and those set aside.

    `cells` holds one row per body and one column per proposition, both sorted by id; NaN is
    silence. `weights` go with its columns. `aside` has one row per body set aside: `body_id`,
    `addressed`, `why`.
    """

    cells: pd.DataFrame
    weights: Floats
    aside: pd.DataFrame


def spread_out(
    positions: pd.DataFrame, propositions: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, Floats]:
    """Lay positions out as bodies by propositions, both in the order of their ids.

    A proposition of weight 0 is left out: it cannot count towards what two bodies share.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2].
    propositions
        One row per proposition: `weight`. Without it every proposition weighs 1.

    Returns
    -------
    values, weights
        One row per body, NaN where it is silent; one weight per column.

    Raises
    ------
    ValueError
        When a position is on a proposition that `propositions` does not list, or a body has two
        on one.
    """
    if positions.duplicated(["body_id", "proposition_id"]).any():
        raise ValueError("a body has two positions on one proposition")
    rows, bodies = pd.factorize(positions["body_id"], sort=True)
    columns, asked = pd.factorize(positions["proposition_id"], sort=True)
    table = np.full((len(bodies), len(asked)), np.nan)
    table[rows, columns] = positions["position"]
    values = pd.DataFrame(
        table, index=bodies.rename("body_id"), columns=asked.rename("proposition_id")
    )
    if propositions is None:
        return values, np.ones(values.shape[1])
    weights = propositions.set_index("proposition_id")["weight"].reindex(values.columns)
    if weights.isna().any():
        raise ValueError(f"no weight for the proposition {weights.index[weights.isna()][0]!r}")
    counted = weights.to_numpy(dtype="float64") > 0
    return values.loc[:, counted], weights.to_numpy(dtype="float64")[counted]


def between(values: Floats, weights: Floats, overlap: int = LEAST_OVERLAP) -> Floats:
    """Return the distance of every pair of rows: mean |s - s'|/4 over what both address.

    Undefined (NaN) for two rows that share fewer than `overlap` propositions; never imputed.
    |s - s'| is the sum of the steps of the scale that lie between the two, so that all pairs
    come out of two matrix products.

    Parameters
    ----------
    values
        Rows by propositions, positions in [-2, 2], NaN where silent; or draws of such tables.
    weights
        One positive weight per proposition.
    overlap
        The least number of propositions two rows must share, from 1 up.

    Returns
    -------
    array
        Rows by rows, symmetric, from 0 to 1; zero on the diagonal. Of draws, one such table each.
    """
    known = ~np.isnan(values)
    steps = np.unique(values[known])
    asked = known.astype(float)
    above = [
        (values > low) * (weights * gap)
        for low, gap in zip(steps[:-1], np.diff(steps), strict=True)
    ]
    below = [known & (values <= low) for low in steps[:-1]]
    # One product of twice the width is quicker than adding a large product to its transpose.
    nothing = np.zeros((*values.shape[:-1], 0))
    left = np.concatenate([*above, *below, nothing], axis=-1)
    right = np.concatenate([*below, *above, nothing], axis=-1)
    shared = (asked * weights) @ asked.swapaxes(-1, -2)
    counts = shared if np.all(weights == 1) else asked @ asked.swapaxes(-1, -2)
    too_few = counts < overlap - 0.5
    apart: Floats = left @ right.swapaxes(-1, -2)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart /= shared
    apart /= WIDTH
    apart[too_few] = np.nan
    each = np.arange(values.shape[-2])
    apart[..., each, each] = 0.0
    return apart


def overlaps(values: Floats) -> Ints:
    """Count the propositions that both rows of a pair address; rows by rows."""
    asked = (~np.isnan(values)).astype(float)
    counts: Ints = np.rint(asked @ asked.T).astype(np.int64)
    return counts


def resampled(values: Floats, weights: Floats) -> Floats:
    """Return the distances of a small table under many weightings at once.

    Parameters
    ----------
    values
        Rows by propositions, NaN where silent.
    weights
        Draws by propositions: what each proposition weighs in each draw, 0 where not drawn.

    Returns
    -------
    array
        Draws by rows by rows; NaN where the two share no proposition of positive weight.
    """
    rows = len(values)
    first, second = np.triu_indices(rows, 1)
    steps = np.abs(values[first] - values[second])
    both = ~np.isnan(steps)
    apart = weights @ np.where(both, steps, 0.0).T
    shared = weights @ both.T.astype(float)
    apart = ratio(apart, shared * WIDTH)
    stack = np.zeros((len(weights), rows, rows))
    stack[:, first, second] = apart
    stack[:, second, first] = apart
    return stack


def complete(defined: Bools, addressed: Ints, kept: Bools | None = None) -> Bools:
    """Choose the rows that stay, so that every distance among them is defined.

    Greedy: the row with most undefined distances goes first; of several, the one that addressed
    least, then the first by order. The largest complete set could be larger, but no reader could
    follow how it was found.

    Parameters
    ----------
    defined
        Draws by rows by rows: whether the distance is defined.
    addressed
        Per row: how many propositions it addressed.
    kept
        Per row: whether it goes only when no other can (reference models).

    Returns
    -------
    array
        Draws by rows: whether the row stays.
    """
    draws, rows = defined.shape[:2]
    stays = np.ones((draws, rows), dtype=bool)
    missing = (~defined).sum(axis=2)
    most = int(addressed.max(initial=0)) + 1
    while len(open_draws := np.flatnonzero(missing.max(axis=1, initial=0) > 0)):
        counts = missing[open_draws]
        rank = np.where(counts > 0, counts * most + (most - addressed), 0)
        if kept is not None:
            rank = np.where(kept, np.minimum(rank, 1), rank * 2)
        worst = rank.argmax(axis=1)
        stays[open_draws, worst] = False
        missing[open_draws] -= ~defined[open_draws, worst]
        missing[open_draws, worst] = 0
        missing[~stays] = 0
    return stays


def comparable(
    positions: pd.DataFrame,
    propositions: pd.DataFrame | None = None,
    *,
    overlap: int = LEAST_OVERLAP,
    addressed: int = LEAST_ADDRESSED,
) -> Comparable:
    """Choose the bodies among whom every distance is defined; say who is set aside and why.

    A body that addressed little, or shares little with the others, is set aside by name. Its
    silence is not filled in.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`.
    propositions
        One row per proposition: `weight`; without it every proposition weighs 1.
    overlap
        The least number of propositions two bodies must share to have a distance.
    addressed
        The least number of propositions a body must have addressed.
    """
    values, weights = spread_out(positions, propositions)
    table = values.to_numpy()
    spoke = (~np.isnan(table)).sum(axis=1)
    enough = np.flatnonzero(spoke >= addressed)
    defined = (overlaps(table[enough]) >= overlap) | np.eye(len(enough), dtype=bool)
    stays = complete(defined[None], spoke[enough])[0]
    why = {
        row: f"addressed {spoke[row]} of the {addressed} propositions needed at least"
        for row in np.flatnonzero(spoke < addressed)
    }
    for row, gaps in zip(enough[~stays], (~defined).sum(axis=1)[~stays], strict=True):
        why[row] = f"shared fewer than {overlap} propositions with {gaps} of the others"
    kept = enough[stays]
    spoken = (~np.isnan(table[kept])).any(axis=0)
    others = sorted(why)
    aside = {
        "body_id": pd.Series(values.index[others].to_numpy(), dtype="str"),
        "addressed": spoke[others],
        "why": pd.Series([why[row] for row in others], dtype="str"),
    }
    return Comparable(values.iloc[kept, spoken], weights[spoken], pd.DataFrame(aside))
