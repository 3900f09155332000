"""Cut distances into groups by average linkage, and measure how good a cut is.

Everything here takes a *stack*, draws by rows by rows, because the same cut is asked for of
thousands of resampled tables. Rows come in canonical order; of several pairs at the smallest
distance the first is merged, and `alternatives` says what another choice would have given.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.cluster import hierarchy
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import squareform

from positions.measures._kernel import Bools, Floats, Ints
from positions.measures.distances import TIE

TOGETHER_UP_TO = 64
"""Rows up to which all draws are merged at once; beyond it one draw at a time is faster."""


def cuts(stack: Floats, sizes: Sequence[int], present: Bools | None = None) -> Ints:
    """Cut every matrix of a stack into each number of groups (Sokal and Michener 1958).

    Parameters
    ----------
    stack
        Draws by rows by rows, distances; defined among the rows present.
    sizes
        The numbers of groups, each from 1 up.
    present
        Draws by rows: which rows take part; all by default.

    Returns
    -------
    array
        Draws by sizes by rows: labels from 0 up in the order of each group's first row, -1
        where the row does not take part. With fewer rows than groups each row is its own.
    """
    if present is None:
        present = np.ones(stack.shape[:2], dtype=bool)
    if stack.shape[1] <= TOGETHER_UP_TO:
        return _together(stack, sizes, present)
    labels = np.full((len(stack), len(sizes), stack.shape[1]), -1, dtype=np.int64)
    for draw, (matrix, here) in enumerate(zip(stack, present, strict=True)):
        labels[draw][:, here] = cut(matrix[np.ix_(here, here)], sizes)
    return labels


def cut(distances: Floats, sizes: Sequence[int]) -> Ints:
    """Cut one matrix into each number of groups, as its printed tree is cut; sizes by rows."""
    labels: Ints = cuts_of_trees(distances[None], sizes)[0]
    return labels


def cuts_of_trees(stack: Floats, sizes: Sequence[int]) -> Ints:
    """Cut every matrix as `cut` does, so that ties fall alike; draws by sizes by rows."""
    return cut_trees(np.stack([tree(matrix) for matrix in stack]), sizes)


def tree(distances: Floats) -> Floats:
    """Agglomerate; return the merges as `scipy.cluster.hierarchy.linkage` does."""
    if len(distances) < 2:
        return np.empty((0, 4))
    merges: Floats = hierarchy.linkage(squareform(distances, checks=False), "average")
    return merges


def cut_trees(merges: Floats, sizes: Sequence[int]) -> Ints:
    """Undo the last merges of trees until each number of groups is left.

    Cuts by count, not by height: at a tie a cut by height gives fewer groups than asked for.

    Parameters
    ----------
    merges
        Draws by merges by four, each as `tree` returns it.
    sizes
        The numbers of groups.

    Returns
    -------
    array
        Draws by sizes by rows.
    """
    draws, rows = len(merges), merges.shape[1] + 1
    every = np.arange(draws)
    labels = np.repeat(np.arange(rows)[None], draws, axis=0)
    first_row = np.repeat(np.arange(2 * rows - 1)[None], draws, axis=0)
    found = np.repeat(labels[:, None], len(sizes), axis=1)
    for step in range(rows - min(sizes)):
        nodes = merges[:, step, :2].astype(np.int64)
        ends = np.sort(first_row[every[:, None], nodes], axis=1)
        labels = np.where(labels == ends[:, 1:], ends[:, :1], labels)
        first_row[:, rows + step] = ends[:, 0]
        found[:, [size == rows - step - 1 for size in sizes]] = labels[:, None]
    return _in_order(found)


def _together(stack: Floats, sizes: Sequence[int], present: Bools) -> Ints:
    """Merge all draws in step; a draw is left alone once it has come down to the last size."""
    draws, rows = present.shape
    labels = np.where(present, np.arange(rows), -1)
    found = np.repeat(labels[:, None], len(sizes), axis=1)
    apart = np.where(present[:, :, None] & present[:, None, :], stack, np.inf)
    apart[:, np.arange(rows), np.arange(rows)] = np.inf
    counts = np.ones((draws, rows))
    left = present.sum(axis=1)
    while len(live := np.flatnonzero(left > min(sizes))):
        _merge(apart, counts, labels, live)
        left[live] -= 1
        for place, size in enumerate(sizes):
            reached = live[left[live] == size]
            found[reached, place] = labels[reached]
    return _in_order(found)


def _merge(apart: Floats, counts: Floats, labels: Ints, live: Ints) -> None:
    """Merge the nearest two groups of each live draw."""
    rows = apart.shape[1]
    flat = (apart if len(live) == len(apart) else apart[live]).reshape(len(live), -1)
    nearest = flat <= flat.min(axis=1, keepdims=True) + TIE
    first, second = np.divmod(nearest.argmax(axis=1), rows)
    a, b = counts[live, first][:, None], counts[live, second][:, None]
    joined = (a * apart[live, first] + b * apart[live, second]) / (a + b)
    joined[np.arange(len(live)), first] = np.inf
    apart[live, first], apart[live, :, first] = joined, joined
    apart[live, second], apart[live, :, second] = np.inf, np.inf
    counts[live, first] += counts[live, second]
    labels[live] = np.where(labels[live] == second[:, None], first[:, None], labels[live])


def _in_order(labels: Ints) -> Ints:
    """Renumber groups, so far named by their first rows, from 0 in the order of these."""
    leads = labels == np.arange(labels.shape[-1])
    rank = leads.cumsum(axis=-1) - 1
    named = np.take_along_axis(rank, np.maximum(labels, 0), axis=-1)
    return np.where(labels < 0, -1, named)


# --- how good is a cut ---------------------------------------------------------------------


def silhouettes(stack: Floats, labels: Ints) -> Floats:
    """Measure how much nearer each row is to its own group than to the next one.

    From 1 (well inside) through 0 (between two) to -1 (nearer to another). A row alone in its
    group has 0, and so has every row where all are in one group (Rousseeuw 1987, "Silhouettes",
    Journal of Computational and Applied Mathematics 20, 53-65).

    Parameters
    ----------
    stack
        Draws by rows by rows, distances.
    labels
        Draws by sizes by rows, as `cuts` returns them, every row taking part.

    Returns
    -------
    array
        Draws by sizes by rows.
    """
    draws, sizes, rows = labels.shape
    groups = int(labels.max(initial=0)) + 1
    inside = (labels[..., None] == np.arange(groups)).astype(float)
    sums = stack @ inside.transpose(0, 2, 1, 3).reshape(draws, rows, sizes * groups)
    sums = sums.reshape(draws, rows, sizes, groups).transpose(0, 2, 1, 3)
    counts = np.repeat(inside.sum(axis=2)[:, :, None], rows, axis=2)
    mine = inside.astype(bool)
    size = counts[mine].reshape(labels.shape)
    own = sums[mine].reshape(labels.shape) / np.maximum(size - 1, 1)
    means = np.divide(sums, counts, out=np.full_like(sums, np.inf), where=(counts > 0) & ~mine)
    other = means.min(axis=3)
    widest = np.maximum(own, other)
    sound = (size > 1) & np.isfinite(other) & (widest > 0)
    found: Floats = np.divide(other - own, widest, out=np.zeros_like(own), where=sound)
    return found


# --- ties ----------------------------------------------------------------------------------


def alternatives(distances: Floats, labels: Ints, orders: int, seed: int) -> Bools:
    """Find the rows that change their group when ties are broken in other orders.

    Parameters
    ----------
    distances
        Rows by rows.
    labels
        Per row: the group it was put in.
    orders
        How many random orders of the rows to try.
    seed
        Of the orders.

    Returns
    -------
    array
        Orders by rows: whether the row is outside the group that matches its own best.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    rows, size = len(distances), int(labels.max()) + 1
    moved = np.zeros((orders, rows), dtype=bool)
    at_once = TOGETHER_UP_TO if rows <= TOGETHER_UP_TO else 1
    for start in range(0, orders, at_once):
        shuffled = [random.permutation(rows) for _ in range(min(at_once, orders - start))]
        stack = np.stack([distances[np.ix_(order, order)] for order in shuffled])
        found = cuts(stack, [size])[:, 0]
        for place, order in enumerate(shuffled):
            moved[start + place, order] = outside(labels[order], found[place])
    return moved


def outside(labels: Ints, other: Ints) -> Bools:
    """Find the rows that two partitions place differently, groups matched for fewest of them."""
    table = np.zeros((labels.max() + 1, other.max() + 1))
    np.add.at(table, (labels, other), 1)
    matched = np.full(len(table), -1)
    mine, theirs = linear_sum_assignment(-table)
    matched[mine] = theirs
    moved: Bools = matched[labels] != other
    return moved
