"""Two bodies, or two models, over what both address: by hand, and by trying every change."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from positions.measures import agreement, comparisons


def compared(said, models, weights=None):
    """The table of `agreement.compared`, from stances by body and positions by model."""
    positions = [(body, p, s) for body, of in said.items() for p, s in of.items()]
    held = [(model, p, r) for model, of in models.items() for p, r in of.items()]
    asked = sorted({p for _, p, _ in (*positions, *held)})
    return agreement.compared(
        pd.DataFrame(positions, columns=["body_id", "proposition_id", "position"]),
        pd.DataFrame(held, columns=["model_id", "proposition_id", "position"]),
        pd.DataFrame(
            {"proposition_id": asked, "weight": [(weights or {}).get(p, 1.0) for p in asked]}
        ),
    )


def test_two_bodies_are_compared_over_what_both_address():
    # a scores 1, 1/2, 0 on p, q, r and 1 on s; b scores 1/2, 1/2, 1/2 on p, q, r alone.
    table = compared(
        {"a": {"p": 2, "q": 0, "r": -2, "s": 2}, "b": {"p": 0, "q": 0, "r": 0}},
        {"m": dict.fromkeys("pqrs", 2)},
    )
    row = comparisons.bodies_compared(table, ["a", "b"]).iloc[0]
    assert row[["body_id", "other_id", "shared"]].tolist() == ["a", "b", 3]
    assert (row["agreement"], row["other_agreement"]) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (row["lead"], row["codes"]) == (0, 0)


def test_a_lead_over_fewer_than_three_propositions_is_not_judged():
    table = compared({"a": {"p": 2, "q": 2}, "b": {"p": -2, "q": -2}}, {"m": {"p": 2, "q": 2}})
    row = comparisons.bodies_compared(table, ["a", "b"]).iloc[0]
    assert (row["shared"], row["lead"]) == (2, 1)
    assert pd.isna(row["codes"])


def test_models_are_compared_over_what_both_and_the_body_speak_to():
    # On p, q, r and s the body is with m on all and 4 steps from n on s alone; on t only m speaks.
    models = {"m": dict.fromkeys("pqrst", 2), "n": {"p": 2, "q": 2, "r": 2, "s": -2}}
    table = compared({"a": dict.fromkeys("pqrst", 2)}, models)
    row = comparisons.models_compared(table).iloc[0]
    assert row[["model_id", "other_model", "shared"]].tolist() == ["m", "n", 4]
    assert (row["agreement"], row["other_agreement"]) == (1, 0.75)
    # Its code on s alone tells the two apart: one code ends the lead.
    assert row["codes"] == 1
    assert comparisons.nearest(comparisons.models_compared(table))["model_id"].tolist() == [""]


def test_a_body_is_nearest_where_one_code_cannot_end_the_lead():
    apart = {"m": dict.fromkeys("pqr", 2), "n": dict.fromkeys("pqr", -2), "o": {"p": 2}}
    found = comparisons.models_compared(compared({"a": dict.fromkeys("pqr", 2)}, apart))
    # The lead is 1; each code is worth 2/3: from m's end to n's. The model o shares too little.
    assert found["codes"].tolist()[0] == 2
    assert comparisons.nearest(found).to_numpy().tolist() == [["a", "m"]]


def fewest_by_force(lead, positions):
    """The fewest codes of a list whose change takes a lead to 0 or below, trying them all."""
    ways = itertools.product(range(-2, 3), repeat=len(positions))
    changes = [(sum(np.not_equal(way, positions)), way) for way in ways]
    return min(number for number, way in changes if lead(way) <= 1e-9)


STANCES = st.lists(st.integers(-2, 2), min_size=4, max_size=4)


def by_letter(codes):
    return dict(zip("pqrs", codes, strict=True))


@settings(max_examples=25)
@given(STANCES, STANCES, STANCES, st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_the_codes_behind_a_lead_of_models_are_the_fewest_of_all_changes(said, m, n, weights):
    models = {"m": by_letter(m), "n": by_letter(n)}
    table = compared({"a": by_letter(said)}, models, by_letter(weights))
    row = comparisons.models_compared(table).iloc[0]
    sign = np.sign(row["lead"])

    def lead(way):
        far = [
            sum(
                w * abs(s - r) / max(r + 2, 2 - r)
                for s, r, w in zip(way, held, weights, strict=True)
            )
            for held in (n, m)
        ]
        return sign * (far[0] - far[1])

    assert row["codes"] == (fewest_by_force(lead, said) if sign else 0)


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(*[st.lists(st.integers(-2, 2), min_size=3, max_size=3)] * 3)
def test_the_codes_behind_a_lead_of_bodies_are_the_fewest_of_all_changes(a, b, m):
    said = {"a": dict(zip("pqr", a, strict=True)), "b": dict(zip("pqr", b, strict=True))}
    table = compared(said, {"m": dict(zip("pqr", m, strict=True))})
    row = comparisons.bodies_compared(table, ["a", "b"]).iloc[0]
    sign = np.sign(row["lead"])

    def lead(way):
        near = [1 - abs(s - r) / max(r + 2, 2 - r) for s, r in zip(way, m * 2, strict=True)]
        return sign * (sum(near[:3]) - sum(near[3:]))

    assert row["codes"] == (fewest_by_force(lead, a + b) if sign else 0)
