"""Tables without groups, to compare a division with: independence, and one dimension.

Both keep who is silent on what, and how each proposition divides those who spoke. Under
independence no body has to do with another. Under one dimension each body has a place on a line,
and the propositions load on it as they do in the table observed: bodies near on the line answer
alike, and there is no gap between camps (Samejima 1969, "Estimation of latent ability using a
response pattern of graded scores", Psychometrika Monograph 17; here in its normal form).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from positions.measures._kernel import Floats, Ints

_PLACES = np.linspace(-3, 3, 21)
_STRENGTHS = np.linspace(0, 0.96, 49)
_LOADINGS = np.concatenate([_STRENGTHS, -_STRENGTHS[1:]])
"""The loadings tried; the weakest come first, so that the weaker wins a tie."""
_START = 44
_ROUNDS = 60


def independence(values: Floats) -> Floats:
    """Return the loadings of a table in which no body has to do with another: 0 throughout."""
    return np.zeros(values.shape[1])


def one_dimension(values: Floats) -> Floats:
    """Return how strongly each proposition depends on a single factor, by maximum likelihood.

    The factor is normal over the bodies. The steps of a proposition stand where they give the
    shares observed. What a body did not address says nothing about its place. Found by
    expectation and maximisation on a grid of places and loadings (Bock and Aitkin 1981).

    Parameters
    ----------
    values
        Bodies by propositions, NaN where silent.

    Returns
    -------
    array
        Per proposition: its loading, from -0.96 to 0.96; the first that is not 0 is positive.
    """
    given = values[..., None] == np.unique(values[~np.isnan(values)])
    bodies, propositions, levels = given.shape
    each = np.arange(propositions)
    likely = _log_likelihoods(given)
    flat = given.reshape(bodies, -1).astype(float)
    loading = _first_axis(values)
    for _ in range(_ROUNDS):
        here = flat @ likely[each, :, :, loading].reshape(propositions * levels, -1)
        here -= _PLACES**2 / 2
        share = np.exp(here - here.max(axis=1, keepdims=True))
        share /= share.sum(axis=1, keepdims=True)
        expected = (flat.T @ share).reshape(propositions, 1, -1)
        total = (expected @ likely.reshape(propositions, -1, len(_LOADINGS)))[:, 0]
        moved = np.round(total, 9).argmax(axis=1)
        if np.array_equal(moved, loading):
            break
        loading = moved
    found: Floats = _LOADINGS[loading]
    turned = found[np.flatnonzero(found)[:1]].sum() < 0
    return -found if turned else found


def _log_likelihoods(given: np.ndarray) -> Floats:
    """Return how likely each answer is: propositions by answers by places by loadings.

    `given` marks which answer each body gave: bodies by propositions by answers.
    """
    upto = given.sum(axis=0).cumsum(axis=1)
    share = upto / np.maximum(upto[:, -1:], 1)
    ends = ndtri(np.concatenate([np.zeros((len(share), 1)), share], axis=1))
    spread = np.sqrt(1 - _STRENGTHS**2)
    below = ndtr((ends[..., None, None] - _PLACES[:, None] * _STRENGTHS) / spread)
    positive = np.log(np.maximum(np.diff(below, axis=1), 1e-9))
    # A loading turned round is the line turned round.
    found: Floats = np.concatenate([positive, positive[:, :, ::-1, 1:]], axis=-1)
    return found


def _first_axis(values: Floats) -> Ints:
    """Begin with a loading of one strength, its sign that of the first principal axis."""
    known = ~np.isnan(values)
    spoke = np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, values - np.where(known, values, 0).sum(axis=0) / spoke, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / spoke)
    scaled = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    axis = np.linalg.svd(scaled, full_matrices=False)[2][0]
    return np.where(axis >= 0, _START, _START + len(_STRENGTHS) - 1)


def dealt(values: Floats, loadings: Floats, draws: tuple[int, int]) -> Floats:
    """Deal the stances on each proposition out again, among those who addressed it.

    Each body draws a place on the line, and for each proposition a number that depends on it as
    the loading says. The stances go to the bodies in the order of their numbers. With loadings
    of 0 that is a random permutation.

    Parameters
    ----------
    values
        Bodies by propositions, NaN where silent.
    loadings
        One per proposition, between -1 and 1.
    draws
        How many tables, and the seed.

    Returns
    -------
    array
        Draws by bodies by propositions.
    """
    number, seed = draws
    bodies, propositions = values.shape
    random = np.random.Generator(np.random.PCG64(seed))
    places = random.standard_normal((number, bodies), dtype="float32")
    tables = np.full((propositions, number, bodies), np.nan)
    for table, column, loading in zip(tables, values.T, loadings.astype("float32"), strict=True):
        spoke = np.flatnonzero(~np.isnan(column))
        drawn = random.standard_normal((number, len(spoke)), dtype="float32")
        drawn *= np.sqrt(1 - loading**2)
        drawn += loading * places[:, spoke]
        dealt_to = spoke[drawn.argsort(axis=1)]
        stances = np.broadcast_to(np.sort(column[spoke]), dealt_to.shape)
        np.put_along_axis(table, dealt_to, stances, axis=1)
    return np.ascontiguousarray(np.moveaxis(tables, 0, -1))
