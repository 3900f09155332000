"""Partial pooling: equal to lme4 on two studies, right where it can be worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

import positions as ps
from positions.measures import pooling

# `benchmarks/pooling.R`, R 4.2.2 with lme4 1.1.31, REML: the level, the standard deviations of the
# effects of body and proposition and of the residual, the criterion, and the effects of bodies.
LME4 = {
    "data": (
        (0.5094278037, 0.1374383036, 0.3226870306, 0.1935045737, 28.4112781237),
        {"konp": -0.0792678084, "lga": 0.0725504876, "nhs-providers": 0.1016459283},
    ),
    "examples/senate-109": (
        (0.5955476892, 0.36449786416, 0.07849423456, 0.32075027203, 1716.75684299),
        {"akaka-d-hi": -0.4410907673, "collins-r-me": 0.1092603494, "mccain-r-az": 0.2707175842},
    ),
}


@pytest.mark.parametrize("folder", LME4)
def test_level_widths_criterion_and_effects_are_those_of_lme4(folder):
    table = ps.analyse(ps.read(folder)).pooling_table
    body, bodies = pd.factorize(table["body_id"], sort=True)
    proposition, _ = pd.factorize(table["proposition_id"], sort=True)
    equations = pooling.Equations.of(table["nearness"].to_numpy(), body, proposition)
    (*numbers, criterion), effects = LME4[folder]
    found = pooling.reml(equations)
    assert list(found.values()) == pytest.approx(numbers, abs=1e-5)
    widths = np.array([[numbers[1] / numbers[3], numbers[2] / numbers[3]]])
    solved = equations.solve(widths)
    assert solved.criterion[0] == pytest.approx(criterion, abs=1e-5)
    mine = dict(zip(bodies, solved.effects[0], strict=True))
    assert {body: mine[body] for body in effects} == pytest.approx(effects, abs=1e-6)


def table(codes):
    """The rows that `pool` reads, from bodies by propositions, NaN where silent."""
    body, proposition = np.nonzero(~np.isnan(codes))
    return pd.DataFrame(
        {"body_id": [f"b{at}" for at in body], "proposition_id": [f"p{at}" for at in proposition],
         "weight": 1.0, "nearness": codes[body, proposition]}
    )  # fmt: skip


def test_the_equations_solved_in_blocks_are_those_solved_whole():
    draw = np.random.Generator(np.random.PCG64(1))
    codes = np.where(draw.random((6, 5)) < 0.7, draw.random((6, 5)), np.nan)
    body, proposition = np.nonzero(~np.isnan(codes))
    near, (a, c) = codes[body, proposition], (0.7, 1.3)
    solved = pooling.Equations.of(near, body, proposition).solve(np.array([[a, c]]))
    # The same by generalised least squares: the covariance of the numbers, the residual's being 1.
    same = (body[:, None] == body) * a**2 + (proposition[:, None] == proposition) * c**2
    inside = np.linalg.inv(same + np.eye(len(near)))
    level = (inside @ near).sum() / inside.sum()
    known = (np.arange(6)[:, None] == body) * a**2 @ inside
    assert solved.level[0] == pytest.approx(level)
    assert solved.effects[0] == pytest.approx(known @ (near - level))
    left = (near - level) @ inside @ (near - level) / (len(near) - 1)
    assert solved.left[0] == pytest.approx(left)
    # The error of an effect, that of the level included.
    shift = known.sum(axis=1)
    own = a**2 * np.eye(6) - known @ ((np.arange(6)[:, None] == body) * a**2).T
    error = left * (own + np.outer(shift, shift) / inside.sum())
    assert solved.errors[0] == pytest.approx(error)


def test_a_body_that_addressed_little_is_pulled_to_the_level_of_all():
    draw = np.random.Generator(np.random.PCG64(2))
    codes = np.clip(0.5 + draw.normal(0, 0.2, (8, 1)) + draw.normal(0, 0.2, (8, 9)), 0, 1)
    codes[0] = [1.0, *[np.nan] * 8]
    found = pooling.pool(table(codes))
    row = found.bodies.set_index("body_id").loc["b0"]
    assert (row["spoke"], row["agreement"]) == (1, 1)
    assert found.widths["level"] < row["pooled"] < 0.9


def test_the_probability_of_an_order_is_that_of_students_t_averaged_over_fits():
    effects, errors = np.array([[0.2, 0.0], [0.1, 0.0]]), np.array([np.eye(2) * 0.02] * 2)
    solved = pooling.Solved(np.zeros(2), np.zeros(2), effects, errors, np.ones(2), 10)
    pair = np.array([0]), np.array([1])
    mean, error, probability = pooling.differences(np.array([0.25, 0.75]), solved, pair)
    assert mean[0] == pytest.approx(0.25 * 0.2 + 0.75 * 0.1)
    assert probability[0] == pytest.approx(0.25 * student.cdf(1, 10) + 0.75 * student.cdf(0.5, 10))
    # Within a fit the variance is 0.04 x 10/8; between fits 0.25 x 0.75 x 0.1 squared.
    assert error[0] ** 2 == pytest.approx(0.05 + 0.25 * 0.75 * 0.01)


def test_bodies_in_one_place_are_as_likely_ahead_as_behind():
    draw = np.random.Generator(np.random.PCG64(3))
    codes = draw.random((6, 7))
    codes[1] = codes[0]
    pairs = pooling.pool(table(codes)).pairs.set_index(["body_id", "other_id"])
    assert pairs.loc[("b0", "b1"), "probability"] == pytest.approx(0.5)
    assert len(pairs) == 15


@pytest.mark.parametrize("codes", [np.ones((6, 6)), np.random.default_rng(1).random((4, 9))])
def test_too_little_to_pool_is_said_and_gives_no_probability(codes):
    found = pooling.pool(table(codes))
    assert found.why
    assert found.pairs.empty and found.bodies.empty
