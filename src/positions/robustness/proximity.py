"""Measure nearness to a reference in several ways, on several spacings of the scale.

City-block and Euclidean distance, the directional measure (Rabinowitz and Macdonald 1989, "A
directional theory of issue voting", American Political Science Review 83, 93-121) and the share
of propositions on the same side. Arrays in, arrays out.
"""

from __future__ import annotations

import numpy as np

from positions.measures import _kernel
from positions.measures._kernel import HIGH, LOW, WIDTH, Bools, Floats

SPACINGS: dict[str, Floats] = {
    "even": np.array([-2.0, -1.0, 0.0, 1.0, 2.0]),
    "direction only": np.array([-2.0, -2.0, 0.0, 2.0, 2.0]),
    "extremes stretched": np.array([-2.0, -2 / 3, 0.0, 2 / 3, 2.0]),
}
"""Where each code from -2 to +2 stands. All are put on the same ends, so that -1, -1, 0, 1, 1 and
-3, -1, 0, 1, 3 are shares of a scale as wide as the even one."""


def apart(metric: str, said: Floats, reference: Floats, relative: Bools) -> Floats:
    """Measure how far a position is from a reference, from 0 (as near as can be) to 1.

    `directional` is the scalar product of both, seen from the middle of the scale, turned so that
    0 is the strongest support of the model's side; where the model takes no side, every position
    is at 0.5. `same sign` is 0 on the model's side and 1 elsewhere: taking no side is not the
    side of a model that takes one.

    Parameters
    ----------
    metric
        `city-block`, `Euclidean`, `directional` or `same sign`.
    said, reference
        Positions in [-2, 2], of shapes that broadcast.
    relative
        Whether to measure by the furthest that the reference allows, not by the scale's width.

    Returns
    -------
    Floats
        Of the broadcast shape; NaN where `said` is.

    Raises
    ------
    ValueError
        When there is no such metric.
    """
    if metric == "same sign":
        # Means of several sources may miss 0 by a rounding error.
        other = np.sign(np.round(said, 12)) != np.sign(reference)
        return np.where(np.isnan(said), np.nan, other)
    if metric == "directional":
        reach = np.where(relative, HIGH * np.abs(reference), HIGH * HIGH)
        product: Floats = said * reference / np.where(reach == 0, 1.0, reach)
        return (1 - product) / 2
    if metric in ("city-block", "Euclidean"):
        share = np.where(relative, 1.0, _kernel.furthest(reference) / WIDTH)
        return _kernel.distance(said, reference) * share
    raise ValueError(f"no metric {metric!r}")


def unsaid(metric: str, silence: str, reference: Floats, relative: Bools) -> Floats:
    """Return how far a silent body is taken to be, under a rule for silence.

    Parameters
    ----------
    metric, reference, relative
        As for `apart`.
    silence
        `neutral` (as if it took no side), `worst` or `best` (the furthest and the nearest that
        any position on the scale is).

    Returns
    -------
    Floats
        Of the shape of `reference`.

    Raises
    ------
    ValueError
        When there is no such rule.
    """
    if silence == "neutral":
        return apart(metric, np.zeros_like(reference), reference, relative)
    if silence not in ("worst", "best"):
        raise ValueError(f"no rule for silence {silence!r}")
    ends = [np.full_like(reference, LOW), np.full_like(reference, HIGH), reference]
    far = np.array([apart(metric, end, reference, relative) for end in ends])
    found: Floats = far.max(axis=0) if silence == "worst" else far.min(axis=0)
    return found


def cost(metric: str, distance: Floats) -> Floats:
    """Return what a distance counts in the mean: itself, or for `Euclidean` its square."""
    return np.square(distance) if metric == "Euclidean" else distance


def uncost(metric: str, mean: Floats) -> Floats:
    """Return the distance that costs this much: itself, or for `Euclidean` the root."""
    return np.sqrt(mean) if metric == "Euclidean" else mean
