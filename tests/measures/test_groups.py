"""Groups: found where planted, not found where there are none, the same in any order."""

from __future__ import annotations

import importlib.util
import pathlib

import numpy as np
import pandas as pd
import pytest

from positions.measures import cluster_validation, groups

ROOT = pathlib.Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location(
    "simulate_groups", ROOT / "benchmarks" / "simulate_groups.py"
)
assert spec is not None
assert spec.loader is not None
simulate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(simulate)

FEW = groups.GroupRules(draws=199)


def camps(**stances: list[list[float | None]]) -> pd.DataFrame:
    """Positions from lists of stances: each keyword is a camp, each list a body of it."""
    return pd.DataFrame(
        [
            (f"{camp}{number}", f"p{column}", float(stance))
            for camp, bodies in stances.items()
            for number, body in enumerate(bodies)
            for column, stance in enumerate(body)
            if stance is not None
        ],
        columns=["body_id", "proposition_id", "position"],
    )


FOR, AGAINST = [2, 2, 1, 2, 2, 1], [-2, -1, -2, -2, -1, -2]
TWO_CAMPS = camps(a=[FOR, FOR, [2, 2, 2, 2, 1, 1]], b=[AGAINST, AGAINST, [-2] * 6])


def test_two_camps_are_stable_groups_named_by_a_member():
    found = groups.find(TWO_CAMPS, rules=FEW)
    assert found.verdict == "stable"
    assert found.members["group"].tolist() == ["a0"] * 3 + ["b0"] * 3
    assert found.groups["members"].tolist() == ["a0; a1; a2", "b0; b1; b2"]
    assert found.groups["jaccard"].min() >= 0.75
    assert found.choice.loc[found.choice["chosen"], "groups"].tolist() == [2]
    assert found.aside.empty


def test_a_group_is_named_by_the_member_that_addressed_most():
    said = TWO_CAMPS[~TWO_CAMPS["body_id"].isin(["a0"]) | (TWO_CAMPS["proposition_id"] < "p5")]
    assert groups.find(said, rules=FEW).groups["group"].tolist() == ["a1", "b0"]


@pytest.mark.parametrize("seed", range(6))
def test_labels_are_the_groups_that_are_found(seed):
    random = np.random.Generator(np.random.PCG64(seed))
    said = camps(
        a=random.choice([1, 2, None], size=(3 + seed % 2, 6)).tolist(),
        b=random.choice([-2, -1, None, seed - 2], size=(seed % 3 + 1, 6)).tolist(),
    )
    members = groups.find(said, rules=FEW).members.set_index("body_id")
    pd.testing.assert_series_equal(groups.labels(said, rules=FEW), members["group"])


def test_bodies_that_hold_the_same_positions_are_no_groups():
    found = groups.find(camps(a=[FOR] * 6), rules=FEW)
    assert found.verdict == "none"
    assert (found.members["group"] == "").all()
    assert (found.groups["standing"] == "chance").all()
    assert found.choice.loc[found.choice["chosen"], "groups"].tolist() == [1]


@pytest.mark.parametrize(
    "said",
    [
        camps(),
        camps(a=[FOR]),
        camps(a=[FOR] * 4),
        camps(a=[[2]] * 9),
        camps(a=[[None] * (4 * place) + [1] * 4 for place in range(6)]),
    ],
    ids=["nobody", "one body", "four bodies", "one proposition", "no overlap"],
)
def test_too_few_comparable_bodies_is_a_result(said):
    found = groups.find(said, rules=FEW)
    assert found.verdict == "too few"
    assert found.groups.empty
    assert len(found.members) < found.rules.bodies


def test_every_body_is_either_compared_or_set_aside():
    said = pd.concat([TWO_CAMPS, camps(c=[[1, 1]])])
    found = groups.find(said, rules=FEW)
    both = [*found.members["body_id"], *found.aside["body_id"]]
    assert sorted(both) == sorted(set(said["body_id"]))
    assert found.aside["body_id"].tolist() == ["c0"]


def test_the_order_of_rows_never_matters():
    said, _ = simulate.planted(9, 8, 3, seed=4)
    said = said[~((said["body_id"] == "b0003") & (said["proposition_id"] > "p002"))]
    rules = groups.GroupRules(draws=19, addressed=3)
    first = groups.find(said, rules=rules)
    random = np.random.Generator(np.random.PCG64(9))
    for _ in range(60):
        again = groups.find(said.iloc[random.permutation(len(said))], rules=rules)
        for table in ("members", "groups", "choice", "aside", "ties", "together", "distances"):
            assert getattr(first, table).equals(getattr(again, table)), table
        assert (first.verdict, first.order, first.tied) == (again.verdict, again.order, again.tied)
        assert (first.merges == again.merges).all()


def test_planted_camps_are_found():
    exact = 0
    for seed in range(5):
        said, camp = simulate.planted(16, 40, 2, seed)
        found = groups.find(said, rules=FEW)
        truth = found.members["body_id"].map(camp)
        assert found.verdict in ("stable", "pattern")
        exact += found.members.groupby(truth)["group"].nunique().eq(1).all()
    assert exact == 5


def test_without_camps_no_groups_are_reported():
    verdicts = [
        groups.find(simulate.null(8, 14, seed), rules=groups.GroupRules(draws=79)).verdict
        for seed in range(20)
    ]
    assert verdicts.count("none") + verdicts.count("too few") >= 17


def test_the_bar_is_the_value_that_leaves_one_fortieth_of_the_tables_above():
    # Of 39 permuted tables and the observed one, 97.5% is 39: it must beat them all.
    assert cluster_validation.threshold(np.arange(39.0)) == 38
    assert cluster_validation.threshold(np.arange(199.0)) == 194


def test_permuting_keeps_who_is_silent_and_how_each_proposition_divides():
    # With every proposition constant, permuting changes nothing: no silhouette but 0.
    base = groups.comparable(camps(a=[FOR] * 6))
    assert cluster_validation.best_by_chance(base, [2, 3], (20, 1)).tolist() == [0.0] * 20


def test_the_result_does_not_depend_on_what_was_drawn_before():
    first = groups.find(TWO_CAMPS, rules=FEW)
    np.random.default_rng(3).random(5)
    groups.find(simulate.null(9, 9, 1), rules=FEW)
    assert groups.find(TWO_CAMPS, rules=FEW).together.equals(first.together)


def test_ids_with_spaces_are_kept_whole():
    said = TWO_CAMPS.assign(body_id="the " + TWO_CAMPS["body_id"])
    found = groups.find(said, rules=FEW)
    assert found.members["group"].tolist() == ["the a0"] * 3 + ["the b0"] * 3
