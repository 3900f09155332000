"""How sharp a division does chance make, where no body has anything to do with another?"""

from __future__ import annotations

import numpy as np

from positions import stability
from positions.distances import Comparable, Floats, between
from positions.partitions import cuts, silhouettes

CHANCE = 0.95
"""The share of permuted tables whose sharpest division an observed division must beat."""


def best_by_chance(
    base: Comparable, sizes: list[int], method: str, draws: tuple[int, int]
) -> Floats:
    """The sharpest silhouette in each table whose stances are permuted within propositions.

    Parameters
    ----------
    base
        The bodies compared.
    sizes, method
        The numbers of groups tried, and how they are cut.
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
    for part in stability.chunks(number, len(values) * 2):
        stack = np.stack([between(table, base.weights, 1) for table in permuted[part]])
        widths = silhouettes(stack, cuts(stack, sizes, method))
        best.append(widths.mean(axis=2).max(axis=1))
    return np.concatenate(best)


def threshold(null: Floats) -> float:
    """The value that 95% of permuted tables stay below or at, counting the observed as one."""
    ranked = np.sort(np.round(null, 9))
    place = int(np.ceil(round(CHANCE * (len(ranked) + 1), 9)))
    return float(ranked[min(place, len(ranked)) - 1])
