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

FEW = groups.GroupRules(draws=199, overlaps=())


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


FOR = [2, 2, 1, 2, 2, 1] * 2
AGAINST = [-2, -1, -2, -2, -1, -2] * 2
TWO_CAMPS = camps(a=[FOR] * 7 + [[2] * 12], b=[AGAINST] * 7 + [[-2] * 12])


def test_two_camps_are_groups_named_by_a_member():
    found = groups.find(TWO_CAMPS, rules=FEW)
    assert found.verdict == "groups"
    assert found.members["group"].tolist() == ["a0"] * 8 + ["b0"] * 8
    assert found.groups["members"].tolist()[0] == "a0; a1; a2; a3; a4; a5; a6; a7"
    assert found.groups["standing"].tolist() == ["comes back"] * 2
    chosen = found.choice[found.choice["chosen"]]
    assert chosen[["parts", "alone"]].to_numpy().tolist() == [[2, 0]]
    assert found.tests["sharper"].all()
    assert found.aside.empty


def test_so_few_bodies_may_stand_at_two_ends_of_one_line():
    # Eight bodies, all for or all against: on one steep line none of eight may stand between.
    found = groups.find(camps(a=[[2] * 8] * 4, b=[[-2] * 8] * 4), rules=FEW)
    assert found.verdict == "a division, perhaps of a continuum"
    assert found.tests["sharper"].tolist() == [True, True, False]
    assert set(found.members["candidate"]) == {"a0", "b0"}
    assert (found.members["group"] == "").all()


def test_a_body_alone_is_no_group():
    found = groups.find(camps(a=[FOR] * 9, b=[AGAINST]), rules=FEW)
    assert found.verdict == "none"
    assert found.choice["silhouette"].tolist() == [0.0] * 8
    stands_apart = camps(a=[FOR] * 8, b=[AGAINST] * 8, c=[[2, -2] * 6])
    found = groups.find(stands_apart, rules=FEW)
    assert found.verdict == "groups"
    chosen = found.choice[found.choice["chosen"]]
    assert chosen[["parts", "alone"]].to_numpy().tolist() == [[3, 1]]
    assert found.groups["size"].tolist() == [8, 8]
    assert found.members.set_index("body_id").loc["c0", ["candidate", "group"]].tolist() == ["", ""]


def test_loud_and_quiet_bodies_are_no_groups():
    for seed in range(4):
        table, _ = simulate.loudness(20, 20, seed)
        found = groups.find(simulate.tidy(table), rules=FEW)
        sharper = found.tests.set_index("against")["sharper"]
        assert sharper["independence"]
        assert not sharper["independence, by sides"]
        assert found.verdict == "none"


def test_rules_that_draw_nothing_are_refused():
    with pytest.raises(ValueError, match="draws is 0; at least one table"):
        groups.GroupRules(draws=0)


def test_one_smooth_dimension_makes_no_groups():
    verdicts = [
        groups.find(simulate.tidy(simulate.dimension(2.5)(20, 20, seed)[0]), rules=FEW).verdict
        for seed in range(6)
    ]
    assert "groups" not in verdicts
    assert "a division, perhaps of a continuum" in verdicts


def test_the_verdict_is_sought_with_other_overlaps():
    # c speaks on two propositions that a and b address: compared only where two are enough.
    said = pd.concat([TWO_CAMPS, camps(c=[[2, 2]] * 6)])
    rules = groups.GroupRules(draws=59, addressed=2)
    found = groups.find(said, rules=rules)
    assert found.elsewhere["overlap"].tolist() == [2, 3, 4, 5]
    assert found.elsewhere["compared"].tolist() == [22, 16, 16, 16]
    assert found.elsewhere["chosen"].tolist() == [False, True, False, False]
    assert found.elsewhere["same"].tolist()[1:] == [True] * 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"x": "x", "y": "x", "z": ""}, {"x": "y", "y": "y", "w": ""}, True),
        ({"x": "x", "y": "x"}, {"x": "x", "y": "y"}, False),
        ({"x": "x", "y": "y"}, {"x": "x", "y": "x"}, False),
        ({"x": "x", "y": ""}, {"x": "x", "y": "x"}, False),
        ({"x": ""}, {"y": "y"}, True),
    ],
    ids=["named otherwise", "parted", "joined", "taken in", "nobody in both"],
)
def test_groups_are_the_same_where_shared_bodies_are_parted_alike(one, other, same):
    def members(labels):
        return pd.DataFrame({"body_id": list(labels), "group": list(labels.values())})

    assert groups.alike(members(one), members(other)) is same


def test_a_group_is_named_by_the_member_that_addressed_most():
    said = TWO_CAMPS[(TWO_CAMPS["body_id"] != "a0") | (TWO_CAMPS["proposition_id"] < "p8")]
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
    assert not found.tests["sharper"].any()


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


@pytest.mark.slow
def test_the_order_of_rows_never_matters():
    said = simulate.tidy(simulate.camps(3)(9, 8, 4)[0])
    said = said[~((said["body_id"] == "b0003") & (said["proposition_id"] > "p002"))]
    rules = groups.GroupRules(draws=19, addressed=3, overlaps=(2,))
    first = groups.find(said, rules=rules)
    random = np.random.Generator(np.random.PCG64(9))
    for _ in range(60):
        again = groups.find(said.iloc[random.permutation(len(said))], rules=rules)
        for table in (
            "members", "groups", "choice", "tests", "elsewhere", "aside", "ties", "together",
            "distances",
        ):  # fmt: skip
            assert getattr(first, table).equals(getattr(again, table)), table
        assert (first.verdict, first.order) == (again.verdict, again.order)
        assert (first.merges == again.merges).all()


def test_planted_camps_are_found():
    exact = 0
    for seed in range(5):
        table, camp = simulate.camps(2)(16, 40, seed)
        found = groups.find(simulate.tidy(table), rules=FEW)
        truth = camp[found.members["body_id"].str[1:].astype(int)]
        assert found.verdict == "groups"
        exact += found.members.groupby(truth)["group"].nunique().eq(1).all()
    assert exact == 5


def test_without_camps_no_groups_are_reported():
    rules = groups.GroupRules(draws=79, overlaps=())
    verdicts = [
        groups.find(simulate.tidy(simulate.independence(8, 14, seed)[0]), rules=rules).verdict
        for seed in range(20)
    ]
    assert verdicts.count("none") + verdicts.count("too few") >= 19


def test_the_bar_is_the_value_that_leaves_one_fortieth_of_the_tables_above():
    # Of 39 permuted tables and the observed one, 97.5% is 39: it must beat them all.
    assert cluster_validation.threshold(np.arange(39.0)) == 38
    assert cluster_validation.threshold(np.arange(199.0)) == 194
    assert cluster_validation.threshold(np.arange(39.0), 0.9) == 35


def test_the_result_does_not_depend_on_what_was_drawn_before():
    first = groups.find(TWO_CAMPS, rules=FEW)
    np.random.default_rng(3).random(5)
    groups.find(simulate.tidy(simulate.independence(9, 9, 1)[0]), rules=FEW)
    assert groups.find(TWO_CAMPS, rules=FEW).together.equals(first.together)


def test_ids_with_spaces_are_kept_whole():
    said = TWO_CAMPS.assign(body_id="the " + TWO_CAMPS["body_id"])
    found = groups.find(said, rules=FEW)
    assert found.members["group"].tolist() == ["the a0"] * 8 + ["the b0"] * 8
