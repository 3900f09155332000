"""Consensus and division: van der Eijk's A by hand and as published, words that fit the table."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.measures import consensus


def said(*columns: list[float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Positions and propositions from one list of stances a proposition."""
    rows = [
        (f"b{body}", f"p{number}", float(stance))
        for number, column in enumerate(columns)
        for body, stance in enumerate(column)
    ]
    ids = [f"p{number}" for number in range(len(columns))]
    return (
        pd.DataFrame(rows, columns=["body_id", "proposition_id", "position"]),
        pd.DataFrame({"proposition_id": ids, "label": ids}),
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([30, 40, 210, 130, 530, 50, 10], 0.6113333),  # the example of the R package agrmt
        ([0, 0, 7, 0, 0], 1.0),
        ([3, 3, 3, 3, 3], 0.0),
        ([5, 0, 0, 0, 5], -1.0),
        # Two next to each other: every triple with both has one peak: 1 - 1/4.
        ([0, 4, 4, 0, 0], 0.75),
        # Codes 2 and 5: one triple with one peak, two with two: U = (3 - 8)/9; times 3/4.
        ([0, 1, 0, 0, 1], -5 / 9 * 0.75),
        # Layers [0 1 0 0 1] of 2 and [0 0 0 0 1] of 2: half of each.
        ([0, 1, 0, 0, 3], 0.5 * (-5 / 9 * 0.75) + 0.5),
    ],
)
def test_agreement_is_as_published_or_worked_by_hand(counts, expected):
    assert consensus.van_der_eijk(counts) == pytest.approx(expected, abs=1e-7)


def test_a_position_between_two_codes_is_parted_between_them():
    assert consensus.frequencies(np.array([-2.0, -0.25, 2.0])).tolist() == [1, 0.25, 0.75, 0, 1]


def test_a_row_of_the_table_by_hand():
    table = consensus.standings(*said([2, 1, 0, -1], [2], []))
    first = table.iloc[0]
    assert (first["spoke"], first["supports"], first["neither"], first["opposes"]) == (4, 2, 1, 1)
    assert first["mean"] == 0.5
    # Pairs differ by 1, 2, 3, 1, 2, 1: 10/6.
    assert first["apart"] == pytest.approx(10 / 6)
    assert first["word"] == "divisive"
    assert table["word"].tolist()[1:] == ["too few spoke", "too few spoke"]
    assert table["mean"].iloc[1] == 2
    assert table[["mean", "agreement", "apart"]].iloc[2].isna().all()


@pytest.mark.parametrize(
    ("stances", "word"),
    [
        ([2, 2, 1], "consensus for"),
        ([-2, -2, -1], "consensus against"),
        ([2, 2, 2, 2, -2], "majority for"),
        ([1, 1, 0], "majority for"),
        ([-2, 0, -1, 0, -1], "majority against"),
        ([0, 0, 0], "no clear side"),
        ([1, 0, 0], "no clear side"),
        ([2, -2, 2], "divisive"),
        ([2, 2], "too few spoke"),
    ],
)
def test_the_word_of_a_proposition(stances, word):
    assert consensus.standings(*said(stances))["word"].tolist() == [word]


stance = st.sampled_from([-2.0, -1.5, -1.0, 0.0, 1 / 3, 0.5, 1.0, 2.0])


@given(st.lists(st.lists(stance, max_size=9), min_size=1, max_size=6), st.integers(2, 6))
def test_the_words_never_contradict_the_table(columns, floor):
    table = consensus.standings(*said(*columns), floor)
    for column, row in zip(columns, table.to_dict("records"), strict=True):
        pluses, minuses = sum(s > 0 for s in column), sum(s < 0 for s in column)
        assert (row["supports"], row["opposes"], row["spoke"]) == (pluses, minuses, len(column))
        word = row["word"]
        assert (word == "too few spoke") == (len(column) < floor)
        if word in ("consensus for", "majority for"):
            assert pluses > minuses
            assert minuses < len(column) / 4
        if word in ("consensus against", "majority against"):
            assert minuses > pluses
            assert pluses < len(column) / 4
        if word.startswith("consensus"):
            # Nobody agrees whose stances are two steps apart on average.
            pairs = [abs(a - b) for a, b in itertools.combinations(column, 2)]
            assert sum(pairs) / len(pairs) < 2
            assert abs(sum(column)) >= len(column) - 1e-6
        if word == "divisive":
            assert min(pluses, minuses) >= len(column) / 4 - 1e-9


def test_the_vocabulary_prints_its_thresholds():
    words = consensus.vocabulary()
    assert "at least 3 bodies" in words
    assert "at least 25%" in words
    assert "0.60" in words
    assert "more than 50%" in words
