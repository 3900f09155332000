"""How sharp a division does chance make, where no body has anything to do with another?"""

from __future__ import annotations

import numpy as np

from positions.measures import cluster_validation
from positions.measures.clustering import cuts_of_trees, silhouettes
from positions.measures.distances import DECIMALS, Comparable, Floats, between

CHANCE = 0.975
"""The share of permuted tables whose sharpest division an observed division must beat.

Stricter than the customary 0.95, for a group that is none does more harm here than one missed.
"""


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
    for part in cluster_validation.chunks(number, 2 * max(values.shape)):
        stack = between(permuted[part], base.weights, 1)
        # Cut as the observed table is cut, ties included: else the test is not exact.
        labels = cuts_of_trees(np.round(stack, DECIMALS), sizes, method)
        widths = silhouettes(stack, labels)
        best.append(widths.mean(axis=2).max(axis=1))
    return np.concatenate(best)


def threshold(null: Floats) -> float:
    """What the share `CHANCE` of tables, the observed among them, reaches at most."""
    ranked = np.sort(np.round(null, 9))
    place = int(np.ceil(round(CHANCE * (len(ranked) + 1), 9)))
    return float(ranked[min(place, len(ranked)) - 1])
