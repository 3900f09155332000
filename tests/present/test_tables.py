"""Tidy tables laid out for reading: order, marks, bases, and nobody lost on the way."""

import pandas as pd

from positions.present import tables


def scores(*rows):
    columns = ["model_id", "body_id", "name", "agreement", "spoke", "of", "standing"]
    return pd.DataFrame(rows, columns=columns)


PLAN = scores(
    ("plan", "m", "Maker", 1.0, 4, 4, "calibration"),
    ("plan", "a", "Alpha", 0.66, 3, 4, "ranked"),
    ("plan", "g", "Gamma", 0.6, 1, 4, "too few"),
    ("plan", "b", "Beta", 0.2, 4, 4, "ranked"),
)


def test_ranked_keeps_the_ranked_in_their_order():
    assert tables.ranked(PLAN)["body_id"].tolist() == ["a", "b"]


def test_the_ranked_come_first_then_calibration_then_too_few():
    assert tables.in_order(PLAN)["body_id"].tolist() == ["a", "b", "m", "g"]


def test_every_standing_has_its_place_in_the_order():
    assert sorted(tables.in_order(PLAN)["body_id"]) == sorted(PLAN["body_id"])


def test_the_reference_model_comes_first_and_the_others_by_id():
    models = pd.DataFrame({"model_id": ["z", "a", "m"], "label": ["Z", "A", "M"]})
    assert tables.models_in_order(models, "m") == [("m", "M"), ("a", "A"), ("z", "Z")]


def test_of_many_bodies_those_with_too_few_stay_out_of_the_figure_but_the_featured():
    scores = pd.DataFrame(
        {
            "body_id": [f"b{n}" for n in range(20)],
            "standing": ["ranked"] * 3 + ["too few"] * 17,
            "spoke": [3] * 3 + [1] * 16 + [0],
        }
    )
    assert tables.foreground(scores, ["b9"])["body_id"].tolist() == ["b0", "b1", "b2", "b9"]
    assert len(tables.foreground(scores.head(10))) == 10
    assert tables.spotlight(scores, ["b9", "b19"])["body_id"].tolist() == ["b9"]
