"""Is a division into groups real? Sharper than chance, and found again in other draws.

Two questions: how sharp a division does chance make, where no body has to do with another; and
would the groups come back with other propositions asked, or other coders reading? (Hennig 2007,
"Cluster-wise assessment of cluster stability", Computational Statistics and Data Analysis 52,
258-271.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from positions.measures._kernel import Bools, Floats, Ints
from positions.measures.clustering import TOGETHER_UP_TO, cuts, cuts_of_trees, silhouettes
from positions.measures.distances import (
    DECIMALS,
    Comparable,
    between,
    complete,
    resampled,
    spread_out,
)

CHANCE = 0.975
"""The share of permuted tables whose sharpest division an observed division must beat.

Stricter than the customary 0.95, for a group that is none does more harm here than one missed.
"""
STABLE = 0.75
"""Mean Jaccard from which a group is stable."""
PATTERN = 0.60
"""Mean Jaccard from which a group is a pattern; below it, it is not reported as a group."""
BUDGET = 30_000_000
"""Pairs of bodies, over all draws, beyond which fewer draws are made than asked for."""
FEWEST_DRAWS = 39
"""Draws that are always made: with 39, the 97.5th percentile is still one of the draws."""
_CELLS = 4_000_000


def affordable(rows: int, asked: int, fewest: int = FEWEST_DRAWS) -> int:
    """Return how many of the draws asked for are made: fewer for large tables."""
    return min(asked, max(fewest, BUDGET // max(rows, 1) ** 2))


def chunks(draws: int, rows: int) -> Iterator[slice]:
    """Part draws so that they fit in memory; the results do not depend on it."""
    step = max(1, _CELLS // max(rows, 1) ** 2)
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))


# --- sharper than chance -------------------------------------------------------------------


def best_by_chance(base: Comparable, sizes: list[int], draws: tuple[int, int]) -> Floats:
    """Return the sharpest silhouette of each table with stances permuted within propositions.

    Parameters
    ----------
    base
        The bodies compared.
    sizes
        The numbers of groups tried.
    draws
        How many permuted tables, and the seed.
    """
    number, seed = draws
    random = np.random.Generator(np.random.PCG64(seed))
    values = base.cells.to_numpy()
    permuted = np.repeat(values[None], number, axis=0)
    for column in range(values.shape[1]):
        spoke = np.flatnonzero(~np.isnan(values[:, column]))
        permuted[:, spoke, column] = random.permuted(permuted[:, spoke, column], axis=1)
    best = []
    for part in chunks(number, 2 * max(values.shape)):
        stack = between(permuted[part], base.weights, 1)
        # Cut as the observed table is cut, ties included: else the test is not exact.
        labels = cuts_of_trees(np.round(stack, DECIMALS), sizes)
        widths = silhouettes(stack, labels)
        best.append(widths.mean(axis=2).max(axis=1))
    return np.concatenate(best)


def threshold(null: Floats) -> float:
    """Return what the share `CHANCE` of tables, the observed among them, reaches at most."""
    ranked = np.sort(np.round(null, 9))
    place = int(np.ceil(round(CHANCE * (len(ranked) + 1), 9)))
    return float(ranked[min(place, len(ranked)) - 1])


# --- found again ---------------------------------------------------------------------------


def redrawn(
    values: Floats, weights: Floats, draws: int, seed: int, kept: Bools | None = None
) -> Iterator[tuple[Floats, Bools]]:
    """Measure distances over propositions drawn with replacement.

    In a draw, two bodies have a distance as soon as one proposition that both address is drawn;
    bodies without a distance to others are set aside in that draw, never imputed.

    Parameters
    ----------
    values, weights
        Bodies by propositions, NaN where silent; one weight per proposition.
    draws, seed
        How many draws, and the seed of PCG64.
    kept
        Per row: whether it is set aside only when no other can be.

    Yields
    ------
    stack, present
        Draws by bodies by bodies; draws by bodies.
    """
    asked = values.shape[1]
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = random.integers(asked, size=(draws, asked)) + np.arange(draws)[:, None] * asked
    counts = np.bincount(drawn.ravel(), minlength=draws * asked).reshape(draws, asked)
    addressed = (~np.isnan(values)).sum(axis=1)
    for part in chunks(draws, len(values)):
        if len(values) <= TOGETHER_UP_TO:
            stack = resampled(values, counts[part] * weights)
        else:
            stack = np.stack(
                [between(values[:, c > 0], (c * weights)[c > 0], 1) for c in counts[part]]
            )
        yield stack, complete(~np.isnan(stack), addressed, kept)


def bootstrap(values: Floats, weights: Floats, size: int, draws: tuple[int, int]) -> Ints:
    """Cut redrawn tables into the same number of groups.

    Parameters
    ----------
    values, weights
        As for `redrawn`.
    size
        The number of groups.
    draws
        How many draws, and the seed.

    Returns
    -------
    array
        Draws by bodies: labels, -1 where a body is set aside in a draw.
    """
    found = [
        cuts(stack, [size], present)[:, 0] for stack, present in redrawn(values, weights, *draws)
    ]
    return np.concatenate(found)


def recovered(labels: Ints, drawn: Ints) -> Floats:
    """Measure how much of each group comes back in each draw, as Jaccard with the likest group.

    Of a group, only the members that take part in the draw are looked for.

    Parameters
    ----------
    labels
        Per body: its group, from 0 up.
    drawn
        Draws by bodies: groups in each draw, -1 where a body does not take part.

    Returns
    -------
    array
        Draws by groups, from 0 to 1; NaN where no member of the group takes part.
    """
    mine = labels[:, None] == np.arange(labels.max() + 1)
    theirs = drawn[..., None] == np.arange(drawn.max(initial=0) + 1)
    here = (drawn >= 0).astype(float)
    shared = np.einsum("bg,dbc->dgc", mine.astype(float), theirs.astype(float), optimize=True)
    members, sizes = here @ mine, theirs.sum(axis=1)
    union = members[:, :, None] + sizes[:, None, :] - shared
    best = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0).max(axis=2)
    return np.where(members > 0, best, np.nan)


def together(drawn: Ints) -> Floats:
    """Return the share of draws in which each pair of bodies is in one group.

    Of the draws in which both take part; NaN for a pair that never does. Bodies by bodies.
    """
    draws, bodies = drawn.shape
    groups = int(drawn.max(initial=0)) + 1
    inside = (drawn.T[:, :, None] == np.arange(groups)).reshape(bodies, draws * groups)
    here = (drawn >= 0).T.astype(float)
    both = here @ here.T
    joined = inside.astype(float) @ inside.T.astype(float)
    share: Floats = np.divide(joined, both, out=np.full_like(both, np.nan), where=both > 0)
    return share


def word(jaccard: float) -> str:
    """Return the published word for a mean Jaccard.

    >>> word(0.75), word(0.6), word(0.59)
    ('stable', 'pattern', 'not stable')
    """
    if np.isnan(jaccard):
        return "not measured"
    share = round(jaccard, 9)
    return "stable" if share >= STABLE else "pattern" if share >= PATTERN else "not stable"


def vocabulary() -> str:
    """Say what a division must beat, and from which mean Jaccard a group is reported."""
    return (
        "By chance: what the sharpest division of tables with permuted stances reaches, in "
        f"{CHANCE:.1%} of them at most. Mean Jaccard: from {STABLE:.2f} stable, from "
        f"{PATTERN:.2f} a pattern; less is not reported as a group."
    )


# --- in tables drawn elsewhere -------------------------------------------------------------


def over(
    tables: Iterable[pd.DataFrame],
    members: pd.DataFrame,
    propositions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure how much of each group comes back in tables of positions drawn elsewhere.

    For coders: resolve each of `coder_uncertainty.coder_draws` into positions.

    Parameters
    ----------
    tables
        Tables of positions, one a draw.
    members
        One row per grouped body: `body_id`, `candidate`, as `groups.find` returns it.
    propositions
        As for `groups.find`.

    Returns
    -------
    DataFrame
        One row per group: `group`, `jaccard`, `draws`, `standing`.
    """
    names, labels = np.unique(members["candidate"].to_numpy(dtype=str), return_inverse=True)
    drawn = [_one_draw(table, members, propositions, len(names)) for table in tables]
    stack = np.concatenate([np.empty((0, len(members)), dtype=np.int64), *drawn])
    back = recovered(labels, stack) if len(members) else np.empty((0, 0))
    found = group_table(names.tolist(), back)
    found = found[found["group"] != ""]  # where nothing could be divided, nothing comes back
    return found.reset_index(drop=True)


def _one_draw(
    table: pd.DataFrame,
    members: pd.DataFrame,
    propositions: pd.DataFrame | None,
    size: int,
) -> Ints:
    values, weights = spread_out(table, propositions)
    rows = values.reindex(members["body_id"]).to_numpy()
    stack = between(rows, weights, 1)[None]
    spoke = (~np.isnan(rows)).sum(axis=1)
    defined = ~np.isnan(stack)
    present = complete(defined, spoke) & (spoke > 0)
    return cuts(stack, [size], present)[:, 0]


def group_table(names: list[str], back: Floats) -> pd.DataFrame:
    """Table the groups: `jaccard`, the mean over the `draws` in which each could be looked for."""
    counted = (~np.isnan(back)).sum(axis=0) if len(back) else np.zeros(len(names), dtype=int)
    total = np.nansum(back, axis=0) if len(back) else np.zeros(len(names))
    mean = np.divide(total, counted, out=np.full(len(names), np.nan), where=counted > 0)
    table = pd.DataFrame({"group": pd.Series(names, dtype="str"), "jaccard": mean})
    return table.assign(draws=counted, standing=[word(share) for share in mean])
