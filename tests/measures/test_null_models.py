"""Tables without groups: what they keep, and the single factor they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

from positions.measures import null_models


def one_factor(bodies, loadings, seed, silent=0.0):
    """Stances that depend on a normal place, cut at fixed steps."""
    random = np.random.Generator(np.random.PCG64(seed))
    loadings = np.asarray(loadings)
    own = random.standard_normal((bodies, len(loadings)))
    drawn = loadings * random.standard_normal((bodies, 1)) + np.sqrt(1 - loadings**2) * own
    table = np.digitize(drawn, [-1.0, -0.3, 0.3, 1.0]) - 2.0
    return np.where(random.random(table.shape) < silent, np.nan, table)


@pytest.mark.parametrize("silent", [0.0, 0.3])
def test_the_loadings_of_a_single_factor_are_found_again(silent):
    loadings = [0.9, 0.8, 0.6, 0.4, 0.0, -0.4, -0.8, 0.7, -0.6, 0.5]
    found = null_models.one_dimension(one_factor(4000, loadings, 3, silent))
    assert found == pytest.approx(loadings, abs=0.05)


def test_turning_propositions_round_turns_their_loadings_round():
    table = one_factor(60, [0.8, 0.7, 0.9, 0.6, 0.8], 5, 0.1)
    found = null_models.one_dimension(table)
    turned = null_models.one_dimension(table * [1, -1, 1, -1, 1])
    assert turned == pytest.approx(found * [1, -1, 1, -1, 1])


def test_the_order_of_bodies_does_not_matter():
    table = one_factor(30, [0.8, -0.7, 0.9, 0.6, 0.0], 7, 0.2)
    found = null_models.one_dimension(table)
    assert (null_models.one_dimension(table[::-1]) == found).all()
    assert found[found != 0][0] > 0


def test_a_proposition_on_which_all_agree_has_no_loading():
    table = np.column_stack([one_factor(20, [0.9, 0.9, 0.9], 1), np.full(20, 2.0)])
    assert null_models.one_dimension(table)[3] == 0


@pytest.mark.parametrize("loading", [0.0, 0.8])
def test_dealing_keeps_who_is_silent_and_how_each_proposition_divides(loading):
    table = one_factor(12, [0.9] * 5, 2, 0.3)
    for drawn in null_models.dealt(table, np.full(5, loading), (20, 1)):
        assert (np.isnan(drawn) == np.isnan(table)).all()
        assert (np.sort(drawn, axis=0) == np.sort(table, axis=0))[
            ~np.isnan(np.sort(table, axis=0))
        ].all()


def test_dealing_with_loadings_makes_propositions_go_together_as_they_say():
    table = np.repeat(np.arange(-2.0, 3.0), 400)[:, None].repeat(3, axis=1)
    (drawn,) = null_models.dealt(table, np.array([0.9, 0.9, -0.9]), (1, 4))
    together = np.corrcoef(drawn.T)
    # 0.9 x 0.9 = 0.81 between the numbers that are cut; less between five levels.
    assert 0.68 < together[0, 1] < 0.81
    assert -0.81 < together[0, 2] < -0.68
    (drawn,) = null_models.dealt(table, np.zeros(3), (1, 4))
    assert np.abs(np.corrcoef(drawn.T)[np.triu_indices(3, 1)]).max() < 0.08


def test_a_permutation_is_any_of_all_with_the_same_chance():
    table = np.array([[2.0], [1.0], [-2.0]])
    drawn = null_models.dealt(table, null_models.independence(table), (6000, 1))[:, :, 0]
    kinds, often = np.unique(drawn, axis=0, return_counts=True)
    assert len(kinds) == 6
    assert often == pytest.approx(1000, abs=120)
