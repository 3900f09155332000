"""The worst and the best that wrong codes can do, against trying everything."""

import itertools

import numpy as np
import pytest

from positions.auditing.bounds import most_wrong
from positions.auditing.ranges import BodyEvidence, Ends, difference


def body(near, weight=None, open_=None, free=None, missed=()):
    size = len(near)
    return BodyEvidence(
        tuple(map(str, range(size))), np.array(near, dtype=float),
        np.ones(size) if weight is None else np.array(weight, dtype=float),
        np.ones(size, dtype=bool) if open_ is None else np.array(open_, dtype=bool),
        np.zeros(size, dtype=bool) if free is None else np.array(free, dtype=bool),
        tuple(f"blank {n}" for n in range(len(missed))), np.array(missed, dtype=float),
    )  # fmt: skip


def everything(of, wrong, missed):
    """Every score there can be: each wrong code at its worst, at its best or struck."""
    points = [at for at in range(len(of.near)) if of.open[at]]
    found = []
    for number, many in itertools.product(range(wrong + 1), range(missed + 1)):
        for moved, added in itertools.product(
            itertools.combinations(points, number),
            itertools.combinations(range(len(of.missed_weight)), many),
        ):
            for how, said in itertools.product(
                itertools.product("wbs", repeat=number), itertools.product("wb", repeat=many)
            ):
                changed = dict(zip(moved, how, strict=True))
                score = _score(of, changed, dict(zip(added, said, strict=True)))
                found += [score] if score is not None else []
    return min(found), max(found)


def _score(of, moved, added):
    total = weight = 0.0
    for p, near in enumerate(of.near):
        how = moved.get(p, "")
        if how != "s":
            total += of.weight[p] * {"": near, "w": 0.0, "b": 1.0}[how]
            weight += of.weight[p]
    for b, how in added.items():
        total += of.missed_weight[b] * {"w": 0.0, "b": 1.0}[how]
        weight += of.missed_weight[b]
    return total / weight if weight else None


def test_two_wrong_codes_of_four_move_the_score_by_the_two_heaviest():
    of = body([1, 0.75, 0.5, 0])
    assert of.ends(0) == (0.5625, 0.5625)
    assert of.ends(2) == pytest.approx((0.5 / 4, (1 + 0.75 + 1 + 1) / 4))


def test_a_missed_stance_adds_its_point():
    of = body([1, 0.5], missed=[1.0])
    assert of.ends(0, 1) == pytest.approx((1.5 / 3, 2.5 / 3))


def test_a_code_that_is_not_settled_may_be_anywhere_and_a_known_one_nowhere_else():
    of = body([1, 1, 1], open_=[False, False, True], free=[True, False, False])
    assert of.ends(0) == pytest.approx((2 / 3, 1))
    assert of.ends(5) == pytest.approx((1 / 3, 1))


@pytest.mark.parametrize("seed", range(40))
def test_the_ends_are_those_of_trying_every_choice(seed):
    draw = np.random.Generator(np.random.PCG64(seed))
    size, blanks = int(draw.integers(1, 5)), int(draw.integers(0, 3))
    of = body(
        draw.random(size), draw.choice([0.5, 1, 2], size), draw.random(size) < 0.7,
        missed=draw.choice([1.0, 3.0], blanks),
    )  # fmt: skip
    for wrong in range(size):
        for missed in range(blanks + 1):
            assert of.ends(wrong, missed) == pytest.approx(everything(of, wrong, missed))


@pytest.mark.parametrize("seed", range(20))
def test_a_difference_puts_the_wrong_codes_where_they_move_it_most(seed):
    draw = np.random.Generator(np.random.PCG64(seed))
    one, other = (body(draw.random(int(draw.integers(1, 5))), missed=[1.0]) for _ in "ab")
    for wrong in range(5):
        for missed in range(3):
            low = min(
                one.ends(w, m)[0] - other.ends(wrong - w, missed - m)[1]
                for w in range(wrong + 1)
                for m in range(missed + 1)
            )
            assert difference(Ends(one), Ends(other), wrong, missed)[0] == pytest.approx(low)


# --- coverage ------------------------------------------------------------------------------

SETTINGS = [(12, 6, 0.0), (12, 6, 0.25), (30, 10, 0.1), (89, 10, 0.02), (89, 40, 0.02),
            (89, 40, 0.06), (89, 40, 0.3), (89, 80, 0.1)]  # fmt: skip


def simulated(draw, codes, checks, rate, adverse):
    """One study: does the certified range hold the score that people would find?

    `adverse`: the wrong codes are the heaviest, each as far from the truth as it can be.
    """
    near, weight = draw.random(codes).round(2), draw.choice([0.5, 1, 2], codes)
    wrong = draw.random(codes) < rate
    if adverse:
        wrong = np.zeros(codes, dtype=bool)
        wrong[np.argsort(-near * weight)[: round(rate * codes)]] = True
    truth = np.where(wrong, 0.0 if adverse else draw.random(codes), near)
    struck = wrong & (draw.random(codes) < 0.2) & ~np.array(adverse)
    there = np.where(struck, 0.0, weight)
    if not there.sum():
        return True
    score = float((truth * there).sum() / there.sum())
    sample = np.zeros(codes, dtype=bool)
    sample[draw.permutation(codes)[:checks]] = True
    found = int((wrong & sample).sum())
    kept = ~(struck & sample)
    of = body(np.where(sample, truth, near)[kept], weight[kept], ~sample[kept])
    low, high = of.ends(most_wrong(codes, checks, found) - found)
    return low - 1e-9 <= score <= high + 1e-9


@pytest.mark.parametrize(("codes", "checks", "rate"), SETTINGS)
def test_the_range_holds_the_true_score_in_95_of_100_studies_and_more(codes, checks, rate):
    draw = np.random.Generator(np.random.PCG64(codes * checks))
    held = sum(simulated(draw, codes, checks, rate, adverse=False) for _ in range(1000))
    assert held >= 950


@pytest.mark.parametrize(("codes", "checks", "rate"), SETTINGS)
def test_it_does_where_the_wrong_codes_are_the_worst_there_can_be(codes, checks, rate):
    draw = np.random.Generator(np.random.PCG64(codes * checks + 1))
    held = sum(simulated(draw, codes, checks, rate, adverse=True) for _ in range(1000))
    assert held >= 950 - 3 * (1000 * 0.95 * 0.05) ** 0.5  # exact: see test_bounds


def simulated_blanks(draw, blanks, checks, rate):
    """One study with stances missed: is the score with all of them found in the range?"""
    codes = 12
    near, wrong = draw.random(codes), draw.random(codes) < 0.1
    truth = np.where(wrong, draw.random(codes), near)
    there, said = draw.random(blanks) < rate, draw.random(blanks)
    score = float((truth.sum() + said[there].sum()) / (codes + there.sum()))
    sample, read = (np.zeros(size, dtype=bool) for size in (codes, blanks))
    sample[draw.permutation(codes)[:6]] = True
    read[draw.permutation(blanks)[:checks]] = True
    known = np.concatenate([np.where(sample, truth, near), said[there & read]])
    of = body(known, open_=np.concatenate([~sample, np.zeros(len(known) - codes, dtype=bool)]),
              missed=np.ones(int((~read).sum())))  # fmt: skip
    found, found_blank = int((wrong & sample).sum()), int((there & read).sum())
    low, high = of.ends(
        most_wrong(codes, 6, found, 0.025) - found,
        most_wrong(blanks, checks, found_blank, 0.025) - found_blank,
    )
    return low - 1e-9 <= score <= high + 1e-9


@pytest.mark.parametrize(
    ("blanks", "checks", "rate"), [(10, 5, 0.1), (40, 15, 0.05), (40, 15, 0.5)]
)
def test_the_range_with_missed_stances_holds_the_score_of_who_missed_none(blanks, checks, rate):
    draw = np.random.Generator(np.random.PCG64(blanks + checks))
    assert sum(simulated_blanks(draw, blanks, checks, rate) for _ in range(1000)) >= 950
