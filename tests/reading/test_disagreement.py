"""Cells in the order of how far readers are apart, worked by hand."""

import pandas as pd

from positions.reading.disagreement import by_disagreement
from positions.study import load

CELL = ["body_id", "proposition_id", "source_id"]


def codings(*rows):
    columns = [*CELL, "coder", "stance", "basis", "start"]
    return pd.DataFrame([[*row, "stated", n] for n, row in enumerate(rows)], columns=columns)


def test_cells_stand_by_the_mean_distance_of_all_pairs_of_readers():
    found = by_disagreement(codings(
        ("a", "p", "s", "x", 2), ("a", "p", "s", "y", -2), ("a", "p", "s", "z", -2),
        ("a", "q", "s", "x", 1), ("a", "q", "s", "y", 2), ("a", "q", "s", "z", 2),
        ("b", "p", "s", "x", 2),
        ("b", "p", "t", "x", 2),
    ))  # fmt: skip
    # a/p: (4 + 4 + 0) / 4 over 3 pairs; a/q: (1 + 1 + 0) / 4 over 3; b/p in s: one of three has a
    # code, so that two pairs are half a scale apart; b/p in t: one reader, nobody to differ with.
    assert found[[*CELL, "readers", "of"]].to_numpy().tolist() == [
        ["a", "p", "s", 3, 3], ["b", "p", "s", 1, 3], ["a", "q", "s", 3, 3], ["b", "p", "t", 1, 1],
    ]  # fmt: skip
    assert found["disagreement"].round(6).tolist() == [0.666667, 0.333333, 0.166667, 0]


def test_several_phrases_of_one_reader_count_as_their_mean():
    found = by_disagreement(codings(
        ("a", "p", "s", "x", 2), ("a", "p", "s", "x", -2), ("a", "p", "s", "y", 2),
    ))  # fmt: skip
    assert found["disagreement"].tolist() == [0.5]


def test_the_order_does_not_depend_on_the_order_of_the_rows_and_holds_every_cell():
    made = load.read("data").codings
    found = by_disagreement(made)
    pd.testing.assert_frame_equal(found, by_disagreement(made.iloc[::-1]))
    assert len(found) == len(made[CELL].drop_duplicates())
    assert found["disagreement"].is_monotonic_decreasing
    assert found["disagreement"].between(0, 1).all()
    assert by_disagreement(made.head(0)).empty
