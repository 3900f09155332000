"""The worst that wrong codes and missed stances can do to a lead, against trying everything."""

import itertools

import numpy as np
import pytest

from positions.auditing.leads import as_coded, lead
from positions.auditing.ranges import BodyEvidence


def body(near, missed=(), weight=1.0, free=()):
    names = tuple(near)
    return BodyEvidence(
        names, np.array([near[name] for name in names], dtype=float),
        np.full(len(names), weight), np.ones(len(names), dtype=bool),
        np.array([name in free for name in names], dtype=bool),
        tuple(missed), np.full(len(missed), weight),
    )  # fmt: skip


def every(one, other, wrong, missed):
    """Every lead there can be: codes at either end or struck, stances missed at either end."""
    sides = [dict(zip(of.names, of.near, strict=True)) for of in (one, other)]
    codes = [(side, name) for side in (0, 1) for name in sides[side]]
    blanks = [(side, name) for side, of in enumerate((one, other)) for name in of.missed]
    for number, many in itertools.product(range(wrong + 1), range(missed + 1)):
        for moved, added in itertools.product(
            itertools.combinations(codes, number), itertools.combinations(blanks, many)
        ):
            for how in itertools.product((0.0, 1.0, None), repeat=number):
                for said in itertools.product((0.0, 1.0), repeat=many):
                    new = [dict(side) for side in sides]
                    for (side, name), value in zip((*moved, *added), (*how, *said), strict=True):
                        new[side][name] = value
                    found = _lead(new)
                    if found is not None:
                        yield found


def _lead(sides):
    both = [n for n, near in sides[0].items()
            if near is not None and sides[1].get(n) is not None]  # fmt: skip
    return sum(sides[0][n] - sides[1][n] for n in both) / len(both) if both else None


def test_a_lead_is_the_mean_difference_over_what_both_address():
    one, other = body({"a": 1, "b": 0.5, "c": 0.75}), body({"b": 0.25, "c": 0, "d": 1})
    assert as_coded(one, other) == pytest.approx((0.25 + 0.75) / 2)
    assert lead(one, other, 0) == pytest.approx((0.5, 0.5))


def test_one_wrong_code_costs_the_leader_its_best_point_or_gives_it_to_the_other():
    one, other = body({"a": 1, "b": 1, "c": 1}), body({"a": 0, "b": 0.5, "c": 1})
    low, _ = lead(one, other, 1)
    assert low == pytest.approx((1.5 - 1) / 3)


def test_a_code_that_is_not_settled_may_be_anywhere():
    one, other = body({"a": 1, "b": 1}, free=("a",)), body({"a": 0, "b": 0})
    assert lead(one, other, 0)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(30))
def test_no_choice_of_wrong_codes_and_missed_stances_leads_out_of_the_range(seed):
    draw = np.random.Generator(np.random.PCG64(seed))

    def made(names):
        spoke = [name for name in names if draw.random() < 0.7]
        return body({name: draw.choice([0, 0.25, 0.5, 1]) for name in spoke},
                    [n for n in names if n not in spoke and draw.random() < 0.6])  # fmt: skip

    one, other = made("abc"), made("abc")
    for wrong, missed in itertools.product(range(3), range(2)):
        low, high = lead(one, other, wrong, missed)
        found = list(every(one, other, wrong, missed))
        if not found or not set(one.names) & set(other.names):
            continue
        assert low <= min(found) + 1e-9 and high >= max(found) - 1e-9
        if missed == 0 and low > 0:
            assert low == pytest.approx(min(found))
        assert (low > 1e-9) <= (min(found) > 0)
