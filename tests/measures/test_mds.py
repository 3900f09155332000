"""The map: stress by hand, orientation fixed, distances that can be shown are shown."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import smacof

from positions.measures import cluster_validation, distances, mds
from positions.measures.groups import GroupRules

QUICK = GroupRules(draws=5)


def random_table(bodies: int, seed: int, silent: float = 0.15) -> pd.DataFrame:
    random = np.random.Generator(np.random.PCG64(seed))
    table = random.integers(-2, 3, size=(bodies, 8)).astype(float)
    table[random.random(table.shape) < silent] = np.nan
    rows, columns = np.nonzero(~np.isnan(table))
    return pd.DataFrame(
        {
            "body_id": [f"b{row}" for row in rows],
            "proposition_id": [f"p{column}" for column in columns],
            "position": table[rows, columns],
        }
    )


def model(name: str, stances: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model_id": name,
            "proposition_id": [f"p{number}" for number in range(len(stances))],
            "position": stances,
        }
    )


MODELS = pd.concat([model("low", [-2] * 8), model("high", [2] * 8), model("mid", [0] * 8)])


def test_stress_by_hand():
    # On the map 3, 4, 5; asked for 3, 4, 7. Stretched b times, the misfit over the squares shown
    # is least where b = 74 / 60: 1 - 60 squared / (50 x 74).
    flat = np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    asked = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 7.0], [4.0, 7.0, 0.0]])
    assert mds.stress(asked, flat) == pytest.approx((1 - 3600 / 3700) ** 0.5, abs=1e-6)
    assert mds.stress(np.zeros((2, 2)), np.zeros((2, 2))) == 0


def test_stress_does_not_depend_on_how_large_the_map_is_drawn():
    draw = np.random.Generator(np.random.PCG64(1))
    flat, far = draw.normal(size=(9, 2)), squareform(draw.random(36))

    def misfit(stretched):
        shown = pdist(flat) * stretched
        return np.sqrt(((shown - squareform(far)) ** 2).sum() / (shown**2).sum())

    least = minimize_scalar(misfit, bounds=(1e-3, 10), method="bounded").fun
    assert mds.stress(far, flat) == pytest.approx(least, abs=1e-5)
    assert mds.stress(far, 7 * flat) == mds.stress(far, flat)


def test_distances_that_fit_the_plane_are_shown_as_they_are():
    random = np.random.Generator(np.random.PCG64(2))
    points = random.normal(size=(9, 2))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    flat = mds.classical(apart)
    shown = np.hypot(*(flat[:, None] - flat[None]).transpose(2, 0, 1))
    assert np.abs(shown - apart).max() < 1e-9


def test_the_fit_is_no_worse_than_that_of_many_random_starts():
    said = random_table(9, 3)
    placed = mds.place(said, MODELS, rules=QUICK)
    values, weights = distances.spread_out(
        pd.concat([said, MODELS.rename(columns={"model_id": "body_id"})])
    )
    apart = distances.between(values.to_numpy(), weights)
    best = min(
        mds.stress(apart, smacof(apart, n_init=1, random_state=seed, normalized_stress=False)[0])
        for seed in range(20)
    )
    assert placed.stress <= best + 0.02


@pytest.mark.parametrize("seed", range(5))
def test_redrawn_maps_are_those_of_scikit_learn(seed):
    values, weights = distances.spread_out(random_table(12, seed, 0.3))
    start = mds.classical(np.nan_to_num(distances.between(values.to_numpy(), weights)))
    for stack, present in cluster_validation.redrawn(values.to_numpy(), weights, 20, seed):
        found = mds._refitted(stack, present, start)
        for apart, here, flat in zip(stack, present, found, strict=True):
            expected, _ = smacof(
                apart[np.ix_(here, here)], init=start[here], n_init=1, eps=1e-6, max_iter=300,
                normalized_stress=False,
            )  # fmt: skip
            assert np.abs(flat[here] - expected).max() < 1e-7
            assert not flat[~here].any()


def test_a_redrawn_map_on_which_nothing_is_apart_is_one_point():
    start = np.array([[0.5, 0.5], [-0.5, 0.5], [0.0, -1.0]])
    here = np.array([[True, True, True], [True, False, False], [False, False, False]])
    assert not mds._refitted(np.zeros((3, 3, 3)), here, start).any()


def test_the_left_landmark_is_left_and_level_with_the_right_one():
    placed = mds.place(random_table(9, 1), MODELS, None, ("low", "high"), QUICK)
    points = placed.points.set_index("id")
    assert points["x"]["low"] < points["x"]["high"]
    assert points["y"]["low"] == pytest.approx(points["y"]["high"], abs=2e-6)
    assert points["y"][points["y"].abs().idxmax()] > 0
    mirrored = mds.place(random_table(9, 1), MODELS, None, ("high", "low"), QUICK).points
    assert mirrored.set_index("id")["x"]["high"] < mirrored.set_index("id")["x"]["low"]


def test_one_landmark_is_level_with_the_middle_and_right_of_it_and_none_is_no_error():
    one = MODELS[MODELS["model_id"] == "high"]
    placed = mds.place(random_table(9, 1), one, None, ("high",), QUICK)
    high = placed.points.set_index("id").loc["high"]
    assert high["x"] > 0
    assert high["y"] == pytest.approx(0, abs=2e-6)
    assert len(mds.place(random_table(9, 1), MODELS[:0], rules=QUICK).points) == 9


def test_the_order_of_rows_never_matters():
    said = random_table(9, 6)
    random = np.random.Generator(np.random.PCG64(1))
    first = mds.place(said, MODELS, None, ("low", "high"), QUICK)
    for _ in range(5):
        again = mds.place(
            said.iloc[random.permutation(len(said))],
            MODELS.iloc[random.permutation(len(MODELS))],
            None, ("low", "high"), QUICK,
        )  # fmt: skip
        pd.testing.assert_frame_equal(first.points, again.points, check_exact=True)
        assert first.stress == again.stress


def test_a_map_laid_over_another_undoes_turning_mirroring_and_shifting():
    random = np.random.Generator(np.random.PCG64(4))
    target = random.normal(size=(7, 2))
    turned = target @ np.array([[0.6, 0.8], [0.8, -0.6]]) + 3
    assert np.abs(mds.laid_over(turned, target) - target).max() < 1e-12
    assert np.abs(mds.laid_over(2 * turned, target) - target).max() > 0.1


def test_who_shares_little_is_hollow_and_who_shares_too_little_is_set_aside():
    said = pd.concat(
        [
            random_table(6, 8, silent=0),
            model("thin", [1, 1, 1, 1]).rename(columns={"model_id": "body_id"}),
            model("lone", [1, 1, 1]).rename(columns={"model_id": "body_id"}),
        ]
    )
    placed = mds.place(said, MODELS, None, ("low", "high"), QUICK)
    points = placed.points.set_index("id")
    assert points["hollow"]["thin"]
    assert not points["hollow"]["low"]
    assert placed.aside["id"].tolist() == ["lone"]


def test_identical_bodies_stand_at_one_place():
    said = pd.concat(
        [model(f"b{n}", [1] * 6).rename(columns={"model_id": "body_id"}) for n in range(4)]
    )
    placed = mds.place(said, MODELS[:0], rules=QUICK)
    assert (placed.points[["x", "y", "spread"]] == 0).all(axis=None)
    assert placed.stress == 0


def test_a_model_that_speaks_to_little_leaves_the_map_to_the_bodies():
    said = random_table(6, 1, silent=0)
    placed = mds.place(said, model("slight", [1, 1]), rules=QUICK)
    assert placed.points["id"].tolist() == sorted(set(said["body_id"]))
    assert placed.aside[["id", "why"]].to_numpy().tolist() == [
        ["slight", "addressed fewer than 3 propositions"]
    ]


def test_an_unknown_landmark_is_refused_by_name():
    with pytest.raises(ValueError, match="landmark 'left' is no model"):
        mds.place(random_table(5, 1), MODELS, None, ("left",))
    with pytest.raises(ValueError, match="3 landmarks: two at most"):
        mds.place(random_table(5, 1), MODELS, None, ("low", "mid", "high"))


def test_a_left_landmark_alone_on_the_map_stays_left():
    flat = np.array([[0.0, 2.0], [1.0, -1.0], [-1.0, -1.0]])
    assert mds.oriented(flat, left=0)[0].tolist() == pytest.approx([-2, 0])
    assert mds.oriented(flat, right=0)[0].tolist() == pytest.approx([2, 0])
    assert mds.oriented(flat, left=1, right=2)[[1, 2], 0].tolist() == pytest.approx([-1, 1])


@pytest.mark.parametrize(
    ("stress", "words"),
    [
        (0.0, "well (stress-1 0.000)"),
        (0.05, "well (stress-1 0.050)"),
        (0.0501, "fairly (stress-1 0.051)"),
        (0.2, "roughly (stress-1 0.200)"),
    ],
)
def test_stress_has_its_published_words_and_is_rounded_up(stress, words):
    placed = mds.place(random_table(5, 1), MODELS, rules=QUICK)
    assert dataclasses.replace(placed, stress=stress).fit == f"shows the distances {words}"
