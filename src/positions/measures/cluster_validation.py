"""Would the groups be found again had other propositions been asked, or other coders read?

Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics and Data
Analysis 52, 258-271: draw again, cut again, and ask how much of each group comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from positions.measures.clustering import TOGETHER_UP_TO, cuts
from positions.measures.distances import (
    Bools,
    Floats,
    Ints,
    between,
    complete,
    resampled,
    spread_out,
)

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
    """How many draws are made of those asked for: fewer for large tables, never silently."""
    return min(asked, max(fewest, BUDGET // max(rows, 1) ** 2))


def chunks(draws: int, rows: int) -> Iterator[slice]:
    """Draws in parts that fit in memory; the results do not depend on how they are parted."""
    step = max(1, _CELLS // max(rows, 1) ** 2)
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))


def redrawn(
    values: Floats, weights: Floats, draws: int, seed: int, kept: Bools | None = None
) -> Iterator[tuple[Floats, Bools]]:
    """Distances had other propositions been asked: propositions drawn with replacement.

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


def bootstrap(
    values: Floats, weights: Floats, size: int, method: str, draws: tuple[int, int]
) -> Ints:
    """Cut redrawn tables into the same number of groups.

    Parameters
    ----------
    values, weights
        As for `redrawn`.
    size, method
        The number of groups, and how they are cut.
    draws
        How many draws, and the seed.

    Returns
    -------
    array
        Draws by bodies: labels, -1 where a body is set aside in a draw.
    """
    found = [
        cuts(stack, [size], method, present)[:, 0]
        for stack, present in redrawn(values, weights, *draws)
    ]
    return np.concatenate(found)


def recovered(labels: Ints, drawn: Ints) -> Floats:
    """How much of each group comes back in each draw: Jaccard with the group most like it.

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
    """In what share of the draws is each pair of bodies in one group?

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


def standing(jaccard: float) -> str:
    """The published word for a mean Jaccard.

    >>> standing(0.75), standing(0.6), standing(0.59)
    ('stable', 'pattern', 'not stable')
    """
    if np.isnan(jaccard):
        return "not measured"
    share = round(jaccard, 9)
    return "stable" if share >= STABLE else "pattern" if share >= PATTERN else "not stable"


def vocabulary() -> str:
    """Say from which mean Jaccard a group is called stable, or a pattern."""
    return (
        f"Mean Jaccard: from {STABLE:.2f} stable, from {PATTERN:.2f} a pattern; less is not "
        "reported as a group."
    )


# --- over coders ---------------------------------------------------------------------------


def coder_draws(codings: pd.DataFrame, draws: int, seed: int) -> list[pd.DataFrame]:
    """Codings had each source had one reader, drawn at random from those who read it.

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder.
    draws, seed
        How many draws, and the seed of PCG64.

    Returns
    -------
    list of DataFrame
        One table of codings per draw, to be resolved and dated as any; empty where no source
        has several coders, for then there is nothing to draw.
    """
    read = codings[["source_id", "coder"]].drop_duplicates().sort_values(["source_id", "coder"])
    readers = read.groupby("source_id", sort=True)["coder"].agg(list)
    if codings.empty or readers.map(len).max() < 2:
        return []
    random = np.random.Generator(np.random.PCG64(seed))
    found = []
    for _ in range(draws):
        chosen = {source: who[random.integers(len(who))] for source, who in readers.items()}
        found.append(codings[codings["coder"] == codings["source_id"].map(chosen)])
    return found


def over(
    tables: Iterable[pd.DataFrame],
    members: pd.DataFrame,
    propositions: pd.DataFrame | None = None,
    method: str = "average",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How much of each group comes back in tables of positions that were drawn elsewhere?

    For coders: resolve each of `coder_draws` into positions and hand them over.

    Parameters
    ----------
    tables
        Tables of positions, one a draw.
    members
        One row per grouped body: `body_id`, `candidate`, as `groups.find` returns it.
    propositions, method
        As for `groups.find`.

    Returns
    -------
    groups, pairs
        One row per group: `group`, `jaccard`, `draws`, `standing`. One row per pair of bodies:
        `first`, `second`, `together`.
    """
    names, labels = np.unique(members["candidate"].to_numpy(dtype=str), return_inverse=True)
    drawn = [_one_draw(table, members, propositions, (len(names), method)) for table in tables]
    stack = np.concatenate([np.empty((0, len(members)), dtype=np.int64), *drawn])
    back = recovered(labels, stack) if len(members) else np.empty((0, 0))
    found = group_table(names.tolist(), back)
    found = found[found["group"] != ""]  # where nothing could be divided, nothing comes back
    return found.reset_index(drop=True), pair_table(members["body_id"], together(stack))


def _one_draw(
    table: pd.DataFrame,
    members: pd.DataFrame,
    propositions: pd.DataFrame | None,
    cut: tuple[int, str],
) -> Ints:
    values, weights = spread_out(table, propositions)
    rows = values.reindex(members["body_id"]).to_numpy()
    stack = between(rows, weights, 1)[None]
    spoke = (~np.isnan(rows)).sum(axis=1)
    defined = ~np.isnan(stack)
    present = complete(defined, spoke) & (spoke > 0)
    return cuts(stack, [cut[0]], cut[1], present)[:, 0]


def group_table(names: list[str], back: Floats) -> pd.DataFrame:
    """One row per group: `jaccard`, the mean over the `draws` it could be looked for in."""
    counted = (~np.isnan(back)).sum(axis=0) if len(back) else np.zeros(len(names), dtype=int)
    total = np.nansum(back, axis=0) if len(back) else np.zeros(len(names))
    mean = np.divide(total, counted, out=np.full(len(names), np.nan), where=counted > 0)
    table = pd.DataFrame({"group": pd.Series(names, dtype="str"), "jaccard": mean})
    return table.assign(draws=counted, standing=[standing(share) for share in mean])


def pair_table(ids: pd.Series, shares: Floats) -> pd.DataFrame:
    """One row per pair of bodies, sorted: `first`, `second`, `together`."""
    first, second = np.triu_indices(len(ids), 1)
    names = ids.to_numpy(dtype=str)
    return pd.DataFrame(
        {
            "first": pd.Series(names[first], dtype="str"),
            "second": pd.Series(names[second], dtype="str"),
            "together": shares[first, second],
        }
    )
