"""Stability of groups under resampled propositions and coders."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from positions.measures import cluster_validation, distances


def test_the_jaccard_of_a_group_by_hand():
    # Group {0, 1, 2}: drawn {0, 1} and {2, 3}: best is 2 of 3. Group {3}: 1 of 2.
    # Second draw, row 3 set aside: {0, 1, 2} whole; the group {3} cannot be looked for.
    labels = np.array([0, 0, 0, 1])
    drawn = np.array([[0, 0, 1, 1], [0, 0, 0, -1]])
    back = cluster_validation.recovered(labels, drawn)
    assert back[0].tolist() == [2 / 3, 1 / 2]
    assert back[1, 0] == 1
    assert np.isnan(back[1, 1])
    held = cluster_validation.group_table(["a", "d"], back)
    assert held["jaccard"].tolist() == [pytest.approx(5 / 6), 0.5]
    assert held["draws"].tolist() == [2, 1]
    assert held["standing"].tolist() == ["comes back", "does not come back"]


def test_members_set_aside_in_a_draw_are_not_counted_against_the_group():
    back = cluster_validation.recovered(np.array([0, 0, 0]), np.array([[0, 0, -1]]))
    assert back.tolist() == [[1.0]]


def test_the_share_of_draws_in_one_group_counts_draws_in_which_both_take_part():
    drawn = np.array([[0, 0, 1], [0, 1, 1], [0, 0, -1]])
    share = cluster_validation.together(drawn)
    assert share[0, 1] == pytest.approx(2 / 3)
    assert share[1, 2] == 0.5
    assert share[0, 2] == 0


@pytest.mark.parametrize("bodies", [6, 70])
def test_a_redrawn_distance_is_that_of_a_table_with_columns_repeated(bodies):
    random = np.random.Generator(np.random.PCG64(3))
    values = random.integers(-2, 3, size=(bodies, 5)).astype(float)
    values[random.random(values.shape) < 0.2] = np.nan
    again = np.random.Generator(np.random.PCG64(7)).integers(5, size=(4, 5))
    stack = np.concatenate(
        [s for s, _ in cluster_validation.redrawn(values, np.ones(5), 4, seed=7)]
    )
    for draw, columns in enumerate(again):
        expected = distances.between(values[:, columns], np.ones(5), overlap=1)
        np.testing.assert_allclose(stack[draw], expected, atol=1e-12)


def test_bodies_without_a_distance_in_a_draw_are_set_aside_in_it():
    # a speaks on p0 alone, b on p1 alone: whatever is drawn, they never meet.
    values = np.array([[1.0, np.nan], [np.nan, 1.0], [2.0, 2.0]])
    drawn = cluster_validation.bootstrap(values, np.ones(2), 2, (50, 1))
    assert ((drawn[:, 0] == -1) | (drawn[:, 1] == -1)).all()


def test_camps_that_never_agree_come_back_in_every_draw():
    values = np.array([[2.0] * 6] * 3 + [[-2.0] * 6] * 3)
    labels = np.array([0, 0, 0, 1, 1, 1])
    drawn = cluster_validation.bootstrap(values, np.ones(6), 2, (100, 1))
    assert cluster_validation.recovered(labels, drawn).min() == 1
    assert (
        cluster_validation.together(drawn).tolist()
        == (labels[:, None] == labels).astype(float).tolist()
    )


def test_draws_are_made_in_parts_without_losing_or_repeating_one():
    parts = list(cluster_validation.chunks(10, 1500))
    assert [number for part in parts for number in range(10)[part]] == list(range(10))
    assert len(parts) > 1


def test_large_tables_get_fewer_draws_but_never_too_few_for_a_percentile():
    assert cluster_validation.affordable(10, 999) == 999
    assert cluster_validation.affordable(500, 999) == 120
    assert cluster_validation.affordable(5000, 999) == cluster_validation.FEWEST_DRAWS


def test_groups_are_looked_for_in_tables_drawn_elsewhere():
    members = pd.DataFrame({"body_id": list("abcd"), "candidate": ["a", "a", "c", "c"]})
    split = {"a": 2, "b": 2, "c": -2, "d": -2}
    crossed = {"a": 2, "b": -2, "c": 2, "d": -2}
    tables = [
        pd.DataFrame(
            [(b, f"p{i}", float(s)) for b, s in camp.items() for i in range(3)],
            columns=["body_id", "proposition_id", "position"],
        )
        for camp in (split, crossed)
    ]
    groups = cluster_validation.over(tables, members)
    # In the crossed table, each group shares one of its two members with each camp: 1 of 3.
    assert groups["jaccard"].tolist() == [pytest.approx(2 / 3)] * 2
    assert groups["standing"].tolist() == ["does not come back"] * 2


def test_a_body_alone_is_a_part_of_its_own_in_other_tables():
    members = pd.DataFrame({"body_id": list("abcde"), "candidate": ["a", "a", "c", "c", ""]})
    stances = {"a": [2, 2], "b": [2, 2], "c": [-2, -2], "d": [-2, -2], "e": [2, -2]}
    table = pd.DataFrame(
        [(body, f"p{at}", float(s)) for body, row in stances.items() for at, s in enumerate(row)],
        columns=["body_id", "proposition_id", "position"],
    )
    # Cut into three, the camps come back whole; cut into two, e would join one of them.
    assert cluster_validation.over([table], members)["jaccard"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("sharper", "standings", "verdict"),
    [
        ([True, True, True], ["comes back", "comes back"], "groups"),
        ([True, True, False], ["comes back"] * 2, "a division, perhaps of a continuum"),
        ([True, False, True], ["comes back"] * 2, "none"),
        ([False, True, True], ["comes back"] * 2, "none"),
        ([True, True, True], ["comes back", "does not come back"], "none"),
        ([True, True, True], ["comes back"] * 2 + ["does not come back"], "groups"),
    ],
)
def test_the_verdict_follows_from_the_tests_and_from_what_comes_back(sharper, standings, verdict):
    against = ["independence", "independence, by sides", "one dimension"]
    compared = pd.DataFrame({"against": against, "sharper": sharper})
    groups = pd.DataFrame({"standing": standings})
    assert cluster_validation.verdict_of(compared, groups) == verdict


def test_a_division_needs_two_parts_of_two_bodies():
    # Cut into two: {0, 1} and {2, 3}. Into three: one pair stays, two bodies stand alone.
    table = np.array([[2.0, 2.0], [2.0, 1.0], [-2.0, -2.0], [-2.0, -1.0]])
    found = cluster_validation.sharpest(table[None], np.ones(2), [2, 3])
    assert found.labels.tolist() == [[0, 0, 1, 1]]
    # Body 0: 1/8 from its own, (1 + 7/8)/2 from the others: 1 - (1/8) / (15/16) = 13/15.
    # Body 1: (7/8 + 6/8)/2 = 13/16: 1 - 2/13 = 11/13. Bodies 2 and 3 the same.
    assert found.scores[0] == pytest.approx([(13 / 15 + 11 / 13) / 2, 0.0])
    # By sides the bodies of a part are one.
    assert found.sides.tolist() == [1.0]


def test_without_tables_nothing_is_measured():
    members = pd.DataFrame({"body_id": list("ab"), "candidate": ["a", "b"]})
    groups = cluster_validation.over([], members)
    assert groups["standing"].tolist() == ["not measured", "not measured"]
