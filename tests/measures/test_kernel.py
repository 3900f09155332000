"""The two rules on arrays: which source counts, and how far a body agrees."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.measures import _kernel
from positions.measures._kernel import Pairs

NAN = float("nan")


def one_pair(cells):
    return Pairs.of(np.zeros(cells, dtype=int), np.zeros(cells, dtype=int), 1)


def test_a_cell_gives_way_only_to_one_that_is_surely_later_and_counts():
    # Three sources of one pair: 1 January; some day of January; 1 February.
    earliest, latest = np.array([1, 1, 32]), np.array([1, 31, 32])
    counts = np.array([[True, True, True], [True, True, False], [True, False, False]])
    stands = _kernel.standing(counts, earliest, latest, np.ones(3, dtype=int), one_pair(3))
    assert stands.tolist() == [[False, False, True], [True, True, False], [True, False, False]]


def test_weaker_evidence_that_is_later_supersedes_nothing():
    # In turn of time: strong, weak, middling. The middling one supersedes the weak one alone.
    days, strength = np.array([1, 2, 3]), np.array([[5, 0, 3]])
    counts = np.array([[True, True, True]])
    stands = _kernel.standing(counts, days, days, strength, one_pair(3))
    assert stands.tolist() == [[True, False, True]]
    assert _kernel.standing(counts, days, days, strength[0], one_pair(3)).tolist() == (
        stands.tolist()
    )


def test_a_pair_is_superseded_by_none_of_its_neighbours():
    pairs = Pairs.of(np.array([0, 0, 1]), np.array([0, 1, 0]), 2)
    days = np.array([1, 2, 3])
    assert _kernel.standing(np.ones(3, dtype=bool), days, days, days, pairs).all()


@given(
    st.lists(
        st.tuples(st.booleans(), *(st.integers(0, most) for most in (2, 20, 9, 5))),
        max_size=12,
    )
)
def test_what_stands_is_what_a_plain_loop_finds(rows):
    rows = sorted(rows, key=lambda row: row[1])
    counts, pair, first, long, strength = (
        np.array([row[n] for row in rows], dtype=int) for n in range(5)
    )
    pairs = Pairs.of(pair, np.zeros_like(pair), 3)
    stands = _kernel.standing(counts.astype(bool), first, first + long, strength, pairs)
    for place, (counted, mine, begins, takes, strong) in enumerate(rows):
        later = [other for other in rows if other[0] and other[1] == mine
                 and other[2] > begins + takes and other[4] >= strong]  # fmt: skip
        assert stands[place] == (counted and not later)


def test_a_pair_has_the_mean_of_its_cells_by_weight_and_nan_without_any():
    pairs = Pairs.of(np.array([0, 0, 0, 2]), np.array([0, 0, 1, 0]), 3)
    values = np.array([[2.0, -1.0, NAN, 1.0]])
    found = _kernel.means(values, np.array([[True, True, False, True]]), pairs)
    assert found.tolist()[0][::2] == [0.5, 1.0]
    assert np.isnan(found[0, 1])
    assert _kernel.means(values, np.array([[3, 1, 0, 2]]), pairs)[0, 0] == (3 * 2 - 1) / 4


def test_a_distance_is_a_share_of_the_furthest_that_the_reference_allows():
    # From +2 the scale reaches 4 steps, from -1 it reaches 3 to +2, from 0 it reaches 2.
    reference = np.array([2.0, -1.0, 0.0])
    assert _kernel.furthest(reference).tolist() == [4, 3, 2]
    assert _kernel.distance(np.array([-2.0, 2.0, 2.0]), reference).tolist() == [1, 1, 1]
    assert _kernel.distance(np.array([1.0, 1.0, 1.0]), reference).tolist() == [1 / 4, 2 / 3, 1 / 2]
    assert _kernel.distance(reference, reference).tolist() == [0, 0, 0]


# Body 0 is at 0 from the model on p0 and at 1/2 on p1, silent on p2; body 1 said nothing; body 2
# is at 1 on p2. Weights 1, 2, 1.
PAIRS = Pairs.of(np.array([0, 0, 2]), np.array([0, 1, 2]), 3)
FAR, WEIGHT = np.array([[0.0, 0.5, 1.0]]), np.array([[1.0, 2.0, 1.0]])


def test_silence_is_left_out_of_the_mean_distance():
    found = _kernel.mean_distance(FAR, WEIGHT, PAIRS)[0]
    assert found[[0, 2]].tolist() == [pytest.approx(1 / 3), 1]
    assert np.isnan(found[1])


def test_silence_can_be_put_at_a_distance():
    silent = np.array([[1.0, 0.5, 0.25]])
    found = _kernel.mean_distance(FAR, WEIGHT, PAIRS, silent)[0]
    assert found.tolist() == [(0 + 1 + 0.25) / 4, (1 + 1 + 0.25) / 4, (1 + 1 + 1) / 4]


def test_of_many_respondents_those_silent_are_put_at_a_distance():
    # Half of body 0 answered on p1: the half that did not is at 1.
    share = np.array([1.0, 0.5, 1.0])
    found = _kernel.mean_distance(FAR, WEIGHT, PAIRS, np.ones((1, 3)), share)[0]
    assert found[0] == (1 * 0 + 2 * (0.5 * 0.5 + 0.5 * 1) + 1 * 1) / 4
    assert _kernel.coverage(FAR, WEIGHT, PAIRS, share)[0].tolist() == [2 / 4, 0, 1 / 4]


def test_without_weight_nothing_is_known_and_nothing_warns():
    nothing = np.zeros((1, 3))
    assert np.isnan(_kernel.mean_distance(FAR, nothing, PAIRS)).all()
    assert np.isnan(_kernel.mean_distance(FAR, nothing, PAIRS, np.ones((1, 3)))).all()
    assert np.isnan(_kernel.coverage(FAR, nothing, PAIRS)).all()


def test_without_a_cell_every_body_is_silent():
    none = np.zeros(0, dtype=int)
    pairs = Pairs.of(none, none, 2)
    assert _kernel.standing(np.zeros((4, 0), dtype=bool), none, none, none, pairs).shape == (4, 0)
    assert _kernel.means(np.zeros((4, 0)), np.zeros((4, 0)), pairs).shape == (4, 0)
    found = _kernel.mean_distance(np.zeros((4, 0)), np.ones((4, 3)), pairs, np.ones((4, 3)))
    assert found.tolist() == [[1.0, 1.0]] * 4


def test_days_of_different_units_are_compared_alike():
    for unit in ("s", "ms", "us", "ns"):
        days = pd.Series(pd.to_datetime(["2021-02-11"])).astype(f"datetime64[{unit}]")
        assert _kernel.days(days).tolist() == [1613001600]
