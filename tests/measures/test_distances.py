"""Distances that respect silence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

from positions.measures import distances

SILENT = np.nan


def table(rows: dict[str, list[float | None]]) -> pd.DataFrame:
    """A table of positions from one list of stances a body; None is silence."""
    return pd.DataFrame(
        [
            (body, f"p{number}", float(stance))
            for body, stances in rows.items()
            for number, stance in enumerate(stances)
            if stance is not None
        ],
        columns=["body_id", "proposition_id", "position"],
    )


def between(said, propositions=None, overlap=distances.LEAST_OVERLAP):
    """The distance of every two bodies, by their ids."""
    values, weights = distances.spread_out(said, propositions)
    found = distances.between(values.to_numpy(), weights, overlap)
    return pd.DataFrame(found, index=values.index, columns=values.index.to_numpy())


def test_the_distance_is_the_mean_step_over_what_both_addressed_as_a_share_of_the_scale():
    # a and b share p0, p1, p2: |2-1| + |2+2| + |0-0| = 5 of 12 steps.
    said = table({"a": [2, 2, 0, None], "b": [1, -2, 0, 2]})
    assert between(said).loc["a", "b"] == pytest.approx(5 / 12, abs=1e-15)
    assert distances.overlaps(distances.spread_out(said)[0].to_numpy()).tolist() == [[3, 3], [3, 4]]


def test_weights_count_a_proposition_as_often_as_they_say():
    # 3 * |2-1| + 1 * |2+2| = 7 of 4 * 4 steps.
    said = table({"a": [2, 2], "b": [1, -2]})
    weights = pd.DataFrame({"proposition_id": ["p0", "p1"], "weight": [3.0, 1.0]})
    assert between(said, weights, overlap=2).loc["a", "b"] == 7 / 16


def test_a_proposition_of_weight_zero_does_not_count_as_shared():
    said = table({"a": [2, 2, 1], "b": [1, -2, 1]})
    weights = pd.DataFrame({"proposition_id": ["p0", "p1", "p2"], "weight": [1.0, 0.0, 1.0]})
    assert np.isnan(between(said, weights).loc["a", "b"])
    assert between(said, weights, overlap=2).loc["a", "b"] == 1 / 8


def test_below_the_least_overlap_there_is_no_distance():
    said = table({"a": [2, 2, 2, None], "b": [2, 2, None, 2], "c": [2, 2, 2, 2]})
    found = between(said)
    assert np.isnan(found.loc["a", "b"])
    assert found.loc["a", "c"] == 0
    assert found.loc["b", "c"] == 0


def test_a_position_on_an_unlisted_proposition_is_refused_by_name():
    weights = pd.DataFrame({"proposition_id": ["p0"], "weight": [1.0]})
    with pytest.raises(ValueError, match="no weight for the proposition 'p1'"):
        distances.spread_out(table({"a": [1, 1]}), weights)


@pytest.mark.parametrize("bodies", [2, 9, 90])
def test_on_complete_data_it_is_scipys_weighted_city_block_distance(bodies):
    random = np.random.Generator(np.random.PCG64(bodies))
    values = random.integers(-2, 3, size=(bodies, 14)).astype(float)
    weights = random.uniform(0.5, 2, size=14)
    expected = squareform(pdist(values, "cityblock", w=weights)) / weights.sum() / 4
    assert np.abs(distances.between(values, weights) - expected).max() < 1e-12
    stack = distances.resampled(values, np.stack([weights, 2 * weights]))
    assert np.abs(stack - expected).max() < 1e-12


stances = st.sampled_from([SILENT, -2.0, -1.0, -0.5, 0.0, 1 / 3, 1.0, 2.0])


@given(st.lists(st.lists(stances, min_size=6, max_size=6), min_size=2, max_size=7))
def test_with_silence_it_is_the_loop_a_reader_would_write(rows):
    values = np.array(rows)
    found = distances.between(values, np.ones(6), overlap=2)
    for i, one in enumerate(rows):
        for j, two in enumerate(rows):
            steps = [abs(a - b) for a, b in zip(one, two, strict=True) if a == a and b == b]
            if i == j:
                assert found[i, j] == 0
            elif len(steps) < 2:
                assert np.isnan(found[i, j])
            else:
                assert abs(found[i, j] - sum(steps) / len(steps) / 4) < 1e-12


def test_of_a_stack_of_tables_the_distances_are_those_of_each():
    random = np.random.Generator(np.random.PCG64(1))
    stack = random.choice([SILENT, -2.0, -1.0, 0.5, 1 / 3, 2.0], size=(20, 7, 9))
    weights = random.uniform(0.5, 2, size=9)
    found = distances.between(stack, weights, 2)
    for table, apart in zip(stack, found, strict=True):
        np.testing.assert_allclose(distances.between(table, weights, 2), apart, atol=1e-12)


def test_who_addressed_too_little_is_set_aside_with_the_number():
    said = table({"a": [1, 1, 1, 1], "b": [1, 1, 1, 1], "c": [1, 1, 1, None]})
    found = distances.comparable(said)
    assert found.cells.index.tolist() == ["a", "b"]
    assert found.aside.to_dict("records") == [
        {
            "body_id": "c",
            "addressed": 3,
            "why": "addressed 3 of the 4 propositions needed at least",
        }
    ]


def test_the_body_with_most_undefined_distances_goes_and_the_rest_stays():
    # d shares 4 propositions with c only; with a and b it shares none.
    first, second = [1, 1, 1, 1, None, None, None, None], [None] * 4 + [1] * 4
    said = table({"a": first, "b": first, "c": [1] * 8, "d": second})
    found = distances.comparable(said)
    assert found.cells.index.tolist() == ["a", "b", "c"]
    assert found.aside["why"].tolist() == ["shared fewer than 3 propositions with 2 of the others"]


def test_of_two_that_cannot_both_stay_the_one_that_addressed_less_goes_else_the_first():
    full = [1] * 9
    three = [1] * 4 + [None] * 5
    five = [None] * 4 + [1] * 5
    assert distances.comparable(table({"a": five, "b": three, "c": full})).aside[
        "body_id"
    ].tolist() == ["b"]
    four = [None] * 5 + [1] * 4
    assert distances.comparable(table({"b": four, "a": three, "c": full})).aside[
        "body_id"
    ].tolist() == ["a"]


def test_a_kept_row_goes_only_when_no_other_can():
    defined = np.array([[[True, False, True], [False, True, True], [True, True, True]]])
    stays = distances.complete(defined, np.array([4, 9, 9]), np.array([True, False, False]))
    assert stays.tolist() == [[True, False, True]]
    stays = distances.complete(defined, np.array([4, 9, 9]), np.array([True, True, False]))
    assert stays.tolist() == [[False, True, True]]


def test_two_positions_of_a_body_on_one_proposition_are_refused_not_written_over():
    twice = pd.concat([table({"a": [1], "b": [2]}), table({"a": [-2]})], ignore_index=True)
    with pytest.raises(ValueError, match="two positions on one proposition"):
        distances.spread_out(twice)
