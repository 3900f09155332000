"""Cuts, silhouettes and ties, against independent libraries and published examples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import squareform
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_samples, silhouette_score

from positions.measures import clustering, distances

COUNTRIES = [
    "BEL", "BRA", "CHI", "CUB", "EGY", "FRA", "IND", "ISR", "USA", "USS", "YUG", "ZAI"
]  # fmt: skip
# Rousseeuw (1987), table 1: how unlike twelve countries seemed to students of politics.
UNLIKE = [
    5.58,
    7.00, 6.50,
    7.08, 7.00, 3.83,
    4.83, 5.08, 8.17, 5.83,
    2.17, 5.75, 6.67, 6.92, 4.92,
    6.42, 5.00, 5.58, 6.00, 4.67, 6.42,
    3.42, 5.50, 6.42, 6.42, 5.00, 3.92, 6.17,
    2.50, 4.92, 6.25, 7.33, 4.50, 2.25, 6.33, 2.75,
    6.08, 6.67, 4.25, 2.67, 6.00, 6.17, 6.17, 6.92, 6.17,
    5.25, 6.83, 4.50, 3.75, 5.75, 5.42, 6.08, 5.83, 6.67, 3.67,
    4.75, 3.00, 6.08, 6.67, 5.00, 5.58, 4.83, 6.17, 5.67, 6.50, 6.92,
]  # fmt: skip
# His figures 2 and 3: two partitions of the countries, and the silhouette of each country.
TWO = (
    {"USA": 0.43, "BEL": 0.39, "FRA": 0.35, "ISR": 0.30, "BRA": 0.22, "EGY": 0.20, "ZAI": 0.19},
    {"CUB": 0.40, "USS": 0.34, "CHI": 0.33, "YUG": 0.26, "IND": -0.04},
)
THREE = (
    {"USA": 0.47, "FRA": 0.44, "BEL": 0.42, "ISR": 0.37, "EGY": 0.02},
    {"ZAI": 0.28, "BRA": 0.25, "IND": 0.17},
    {"CUB": 0.48, "USS": 0.44, "YUG": 0.31, "CHI": 0.31},
)


def square(lower: list[float]) -> np.ndarray:
    """A full matrix from its lower triangle, row by row."""
    rows = int((1 + (1 + 8 * len(lower)) ** 0.5) / 2)
    found = np.zeros((rows, rows))
    found[np.tril_indices(rows, -1)] = lower
    return found + found.T


def drawn(rows: int, seed: int, stack: int = 1) -> np.ndarray:
    """Distances of tables of random stances."""
    random = np.random.Generator(np.random.PCG64(seed))
    tables = random.normal(size=(stack, rows, 12)).clip(-2, 2)
    return np.stack([distances.between(table, np.ones(12)) for table in tables])


@pytest.mark.parametrize(("groups", "mean"), [(TWO, 0.28), (THREE, 0.33)])
def test_silhouettes_are_those_rousseeuw_published(groups, mean):
    labels = [place for c in COUNTRIES for place, group in enumerate(groups) if c in group]
    widths = clustering.silhouettes(square(UNLIKE)[None], np.array([[labels]]))[0, 0]
    published = {country: width for group in groups for country, width in group.items()}
    assert {c: round(w, 2) for c, w in zip(COUNTRIES, widths, strict=True)} == pytest.approx(
        published, abs=0.0051
    )
    assert round(widths.mean(), 2) == mean


def test_average_linkage_gives_the_heights_of_the_textbook_example_of_five_bacteria():
    # Distances 17 to 43 of five bacteria (Sneath and Sokal's method, UPGMA); by hand: a and b
    # join at 17; e joins them at (23 + 21)/2 = 22; c and d join at 28; all of them at
    # (21 + 31 + 30 + 34 + 39 + 43)/6 = 33.
    lower = [17, 21, 30, 31, 34, 28, 23, 21, 39, 43]
    merges = clustering.tree(square([float(x) for x in lower]))
    assert merges[:, 2].tolist() == [17, 22, 28, 33]
    assert clustering.cut_trees(merges[None], [1, 2, 3])[0].tolist() == [
        [0, 0, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 1, 2, 0],
    ]


def test_the_tree_is_scipys():
    apart = drawn(25, 1)[0]
    expected = linkage(squareform(apart, checks=False), "average")
    found = clustering.tree(apart)
    assert np.abs(found - expected).max() < 1e-12
    assert np.abs(cophenet(found) - cophenet(expected)).max() < 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("rows", [3, 8, 30, 80])
def test_every_cut_and_silhouette_is_sklearns(rows):
    stack = drawn(rows, rows, stack=3)
    sizes = range(2, min(rows, 9))
    labels = clustering.cuts(stack, sizes)
    widths = clustering.silhouettes(stack, labels)
    for draw, apart in enumerate(stack):
        for place, size in enumerate(sizes):
            model = AgglomerativeClustering(size, metric="precomputed", linkage="average")
            mine = labels[draw, place]
            assert not clustering.outside(mine, model.fit_predict(apart)).any()
            assert clustering.cut(apart, [size])[0].tolist() == mine.tolist()
            theirs = silhouette_samples(apart, mine, metric="precomputed")
            assert np.abs(widths[draw, place] - theirs).max() < 1e-12
            score = silhouette_score(apart, mine, metric="precomputed")
            assert abs(widths[draw, place].mean() - score) < 1e-12


def test_a_silhouette_by_hand():
    # Groups {0, 1} and {2}: row 0 has a = 1, b = 4: 3/4; row 1 has a = 1, b = 2: 1/2; alone: 0.
    apart = square([1.0, 4.0, 2.0])
    widths = clustering.silhouettes(apart[None], np.array([[[0, 0, 1], [0, 0, 0]]]))
    assert widths.tolist() == [[[0.75, 0.5, 0.0], [0.0, 0.0, 0.0]]]


def test_identical_rows_have_silhouette_zero_and_no_warning():
    apart = np.zeros((1, 4, 4))
    labels = clustering.cuts(apart, [2])
    assert clustering.silhouettes(apart, labels).tolist() == [[[0.0, 0.0, 0.0, 0.0]]]


def test_groups_are_numbered_by_their_first_row():
    apart = square([4.0, 4.0, 1.0, 1.0, 4.0, 4.0])
    assert clustering.cut(apart, [2])[0].tolist() == [0, 1, 1, 0]
    assert clustering.cuts(apart[None], [2])[0, 0].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("rows", [6, 70])
def test_rows_that_take_no_part_are_left_out_of_every_group(rows):
    apart = drawn(rows, 5)[0]
    present = np.ones((2, rows), dtype=bool)
    present[1, 2] = False
    labels = clustering.cuts(np.stack([apart, apart]), [2], present)[:, 0]
    assert labels[1, 2] == -1
    rest = np.delete(np.arange(rows), 2)
    alone = clustering.cuts(apart[np.ix_(rest, rest)][None], [2])[0, 0]
    assert not clustering.outside(labels[1, rest], alone).any()


def test_more_groups_than_rows_leave_each_row_on_its_own():
    assert clustering.cuts(drawn(3, 2), [5])[0, 0].tolist() == [0, 1, 2]


def test_a_tie_that_decides_the_groups_is_found_with_who_moves():
    # On a line at 0, 1, 2 and 9: row 1 is as near to 0 as to 2.
    line = np.array([0.0, 1.0, 2.0, 9.0])
    apart = np.abs(line[:, None] - line)
    labels = clustering.cut(apart, [3])[0]
    moved = clustering.alternatives(apart, labels, orders=60, seed=1)
    assert set(np.flatnonzero(moved.any(axis=0))) <= {0, 1, 2}
    assert 0.2 < moved.any(axis=1).mean() < 0.8


def test_a_tie_that_changes_nothing_moves_nobody():
    line = np.array([0.0, 1.0, 5.0, 6.0])
    apart = np.abs(line[:, None] - line)
    labels = clustering.cut(apart, [2])[0]
    assert not clustering.alternatives(apart, labels, 50, 1).any()


def test_partitions_are_matched_so_that_fewest_rows_differ():
    assert clustering.outside(np.array([0, 0, 1, 1]), np.array([1, 1, 1, 0])).tolist() == [
        False, False, True, False,
    ]  # fmt: skip
