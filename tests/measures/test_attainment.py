"""Attainment against values worked by hand, and against the record of a parliament."""

import csv
import itertools
import pathlib

import numpy as np
import pandas as pd
import pytest

from positions.measures.analysis import analyse
from positions.measures.attainment import attained, attainment, cells
from positions.study import load

SENATE = pathlib.Path(__file__).parents[2] / "examples" / "senate-109"
WHO = pd.DataFrame({"body_id": ["b"], "name": ["Body"], "kind": ["union"]})


def said(*positions, body="b"):
    names = [f"p{n}" for n, value in enumerate(positions) if value is not None]
    values = [value for value in positions if value is not None]
    return pd.DataFrame({"body_id": body, "proposition_id": names, "position": values})


def law(*states, weights=None):
    """Propositions with (status quo, act), in order; None where it is not known."""
    made = pd.DataFrame(states, columns=["status_quo", "act"], dtype="float64")
    made["proposition_id"] = [f"p{n}" for n in range(len(made))]
    return made.assign(weight=weights or 1.0, label="", kind="design", bill=np.nan)


def one(positions, moves):
    return attainment(positions, moves, WHO).iloc[0]


@pytest.mark.parametrize(
    ("s", "q", "o", "a"),
    [
        (2, 0, 1, 1 / 4),  # one step nearer, of the four of the scale
        (2, 1, 1, 0),  # nothing moved
        (-2, 1, 1, 0),
        (2, -2, 2, 1),  # all the way to it
        (-2, -2, 2, -1),  # all the way from it
        (0, -2, 2, 0),  # past it: as far on the other side
        (0, -1, 2, -1 / 4),
        (1, -1, 2, 1 / 4),
    ],
)
def test_attainment_of_one_proposition_by_hand(s, q, o, a):
    assert attained(s, q, o) == a


def test_a_proposition_on_which_nothing_moved_counts_for_nobody():
    # p0 moved from 0 to 1, p1 stayed where the body wanted it: 1/4, not the mean of 1/4 and 0
    row = one(said(2, 2), law((0, 1), (2, 2)))
    assert row["attainment"] == 1 / 4
    assert row[["spoke", "of", "unmoved"]].tolist() == [1, 1, 1]
    assert row["closeness"] == pytest.approx((2 / 3 + 1) / 2)  # 1 - 1/3, and the same
    found = cells(said(2, 2), law((0, 1), (2, 2)))
    assert found["attained"].tolist() == [1 / 4, 0] and found["counts"].tolist() == [True, False]


def test_a_body_that_spoke_on_nothing_that_moved_has_no_attainment_but_bounds():
    row = one(said(None, 2), law((-1, 1), (2, 2)))
    assert pd.isna(row["attainment"])
    assert row[["lower", "upper", "spoke", "of", "unmoved"]].tolist() == [-0.5, 0.5, 0, 1, 1]


def test_without_outcomes_nothing_is_said():
    row = one(said(2), law())
    assert row[["attainment", "lower", "upper", "closeness"]].isna().all()
    assert row[["spoke", "of", "unmoved"]].tolist() == [0, 0, 0]


def test_bounds_by_hand_and_weights():
    # p0 (weight 3): 1/4. p1 unaddressed (weight 1) moved 2: from -1/2 to +1/2.
    row = one(said(2, None), law((0, 1), (1, -1), weights=[3.0, 1.0]))
    assert row["attainment"] == 1 / 4
    assert row["lower"] == (3 * 1 / 4 - 1 / 2) / 4
    assert row["upper"] == (3 * 1 / 4 + 1 / 2) / 4


def test_a_proposition_of_no_weight_counts_for_nobody():
    row = one(said(2, 2), law((0, 1), (-2, 2), weights=[1.0, 0.0]))
    assert row[["attainment", "lower", "upper", "spoke", "of"]].tolist() == [0.25, 0.25, 0.25, 1, 1]
    row = one(said(2), law((0, 1), weights=[0.0]))
    assert pd.isna(row["attainment"]) and row[["spoke", "of", "unmoved"]].tolist() == [0, 0, 0]


def test_a_small_step_that_it_did_not_address_cannot_pull_a_bound_past_the_score():
    # p0: -1. p1 unaddressed moved 1 step: with it at its worst the mean is (-1 - 1/4) / 2 > -1
    row = one(said(-2, None), law((-2, 2), (0, 1)))
    assert row[["lower", "attainment", "upper"]].tolist() == [-1, -1, (-1 + 1 / 4) / 2]


def test_the_bounds_are_what_trying_every_answer_gives():
    rng = np.random.default_rng(5)
    for _ in range(25):
        moves = law(*rng.integers(-2, 3, (4, 2)).tolist(), weights=rng.integers(1, 4, 4).tolist())
        first = [int(v) if rng.random() < 0.5 else None for v in rng.integers(-2, 3, 4)]
        row = one(said(*first), moves)
        free = [n for n, value in enumerate(first) if value is None]
        tried, states = [], moves[["status_quo", "act", "weight"]].to_numpy().tolist()
        for answers in itertools.product([None, -2, -1, 0, 1, 2], repeat=len(free)):
            whole = list(first)
            for n, answer in zip(free, answers, strict=True):
                whole[n] = answer
            total = base = 0.0
            for n, s in enumerate(whole):
                q, o, w = states[n]
                if s is not None and q != o:
                    total, base = total + w * (abs(q - s) - abs(o - s)) / 4, base + w
            if base:
                tried.append(total / base)
        ends = [min(tried), max(tried)] if tried else [np.nan, np.nan]
        assert row[["lower", "upper"]].astype(float).tolist() == pytest.approx(ends, nan_ok=True)


def test_the_end_alone_counts_for_closeness_and_not_for_attainment():
    row = one(said(2, 2), law((0, 1), (None, -2)))
    assert row[["attainment", "spoke", "of"]].tolist() == [1 / 4, 1, 1]
    assert row[["close_spoke", "close_of"]].tolist() == [2, 2]
    assert row["closeness"] == pytest.approx((2 / 3 + 0) / 2)


def test_in_the_senate_attainment_is_the_share_of_votes_on_the_winning_side():
    """A vote is at +2 or -2, a motion is not in force before, and ends at +2 or where it was.

    On what passed, who voted for it attained (4 - 0) / 4 = 1 and who voted against (0 - 4) / 4
    = -1: with w the share of a senator's votes that won, attainment is w - (1 - w) = 2 w - 1. On
    what failed nothing moved. Without the reversion point each vote that won is at 1, each other
    at 0: closeness is the share over all motions. Which side won is the record's result: a
    majority loses where two thirds are needed.
    """
    with (SENATE / "codings.csv").open(encoding="utf-8", newline="") as lines:
        votes = list(csv.DictReader(lines))
    with (SENATE / "propositions.csv").open(encoding="utf-8", newline="") as lines:
        results = {row["proposition_id"]: row["note"] for row in csv.DictReader(lines)}
    senators = [vote for vote in votes if vote["basis"] == "stated"]
    passed = {name for name, note in results.items() if "Rejected" not in note}
    assert 0 < len(passed) < len(results) == 24
    found = analyse(load.read(SENATE)).attainment.set_index("body_id")
    for body_id in {vote["body_id"] for vote in senators}:
        mine = [vote for vote in senators if vote["body_id"] == body_id]
        won = [(v["stance"] == "2") == (v["proposition_id"] in passed) for v in mine]
        moved = [w for v, w in zip(mine, won, strict=True) if v["proposition_id"] in passed]
        row = found.loc[body_id]
        assert row["closeness"] == pytest.approx(sum(won) / len(won))
        assert row["attainment"] == pytest.approx(2 * sum(moved) / len(moved) - 1)
        assert row[["spoke", "of"]].tolist() == [len(moved), len(passed)]
        assert row["unmoved"] == len(mine) - len(moved)
