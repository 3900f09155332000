"""Estimates from many checks, against an independent implementation and values by hand."""

import audited
import numpy as np
import pytest

from positions.auditing.audit import audit
from positions.auditing.estimates import LEAST, Codes, dsl_mean, ppi_mean

# Computed with ppi_mean_pointestimate(..., lam=1) of ppi-python 0.2.3.
SMALL, LARGE = 0.625, 0.498359669811321


def test_the_mean_is_that_of_the_reference_implementation():
    truth = np.array([1, 0.5, 0, 1, 0.75, 0.25])
    coded = np.array([1, 0.75, 0.25, 0.5, 0.75, 0])
    rest = np.array([0.5, 1, 1, 0, 0.25, 0.75, 0.5, 1, 0.25])
    assert ppi_mean(truth, coded, rest) == pytest.approx(SMALL)
    i, j = np.arange(240), np.arange(900)
    truth, coded, rest = (i * 37 % 101) / 100, (i * 37 % 101 + i % 7) / 106, (j * 53 % 97) / 96
    assert ppi_mean(truth, coded, rest) == pytest.approx(LARGE, abs=1e-14)


def test_each_correction_is_weighed_by_the_chance_of_being_drawn():
    """Two of four checked, one found 1/2 lower: the mean of 3/4 falls by 1/2 * 2 / 4."""
    coded = np.array([1.0, 1.0, 0.5, 0.5])
    found = dsl_mean(np.array([0.5, 0.5]), np.array([1.0, 0.5]), coded, 0.5)
    assert found == pytest.approx(0.75 - 0.25)


def codes(size, checked, rate, draw):
    near = draw.choice([0, 0.25, 0.5, 0.75, 1], size)
    truth = np.where(draw.random(size) < rate, draw.choice([0, 0.5, 1], size), near)
    struck = draw.random(size) < 0.05
    sample = np.zeros(size, dtype=bool)
    sample[draw.permutation(size)[:checked]] = True
    weight = draw.choice([1.0, 2.0], size)
    found = np.where(struck, 0.0, weight)
    return Codes(weight, near, sample, found, truth), float(found @ truth / found.sum())


def test_the_interval_holds_what_people_would_find_in_about_95_of_100_studies():
    draw = np.random.Generator(np.random.PCG64(20210211))
    made = [codes(900, LEAST, 0.15, draw) for _ in range(1000)]
    ends = [(of.estimate(), truth) for of, truth in made]
    held = sum(found["lower"] <= truth <= found["upper"] for found, truth in ends)
    assert 930 <= held <= 970
    assert np.mean([found["dsl"] - truth for found, truth in ends]) == pytest.approx(0, abs=0.002)


def test_all_codes_checked_is_what_people_found():
    of, truth = codes(250, 250, 0.3, np.random.Generator(np.random.PCG64(1)))
    found = of.estimate()
    assert [found[name] for name in ("ppi", "dsl", "lower", "upper")] == pytest.approx([truth] * 4)


def test_below_200_checked_codes_no_estimate_is_given_and_from_200_up_one_for_all(tmp_path):
    few = audited.study(tmp_path / "few")
    assert audit(audited.all_checked(few, 16)).estimates.empty
    stances = {f"body-{n:02}": [2, 1, -1, 2, -2, 0] for n in range(40)}
    many = audited.study(tmp_path / "many", stances)
    rows = audit(audited.all_checked(many, 220)).estimates
    assert rows[["body_id", "codes", "checked"]].to_numpy().tolist() == [["", 240, 220]]
    assert rows["dsl"].tolist() == pytest.approx(rows["coded"].tolist())
