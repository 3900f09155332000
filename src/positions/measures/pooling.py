"""Give the probability that one body agrees more than a second, beside the bounds.

Bounds put all that a body did not address at its worst and at its best; they settle next to no
order. Partial pooling assumes instead that what a body did not address is like what it did: each
nearness is a level of all, plus an effect of the body, plus an effect of the proposition, plus
what is left, all drawn from normal distributions. A body that addressed little is pulled to the
level of all.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtri, stdtr

from positions.measures._kernel import Floats, Ints

LEAST = 5
"""With fewer bodies or propositions nothing is known of how they differ: nothing is pooled."""
_GRID = 12
"""Each of the two ratios of widths is averaged over so many values."""


@dataclasses.dataclass(frozen=True)
class Pooled:
    """What partial pooling makes of the nearness of bodies to a model.

    Attributes
    ----------
    widths
        The standard deviations of the effects of `body` and `proposition` and of what is left,
        `residual`, by restricted maximum likelihood; and the `level` of all.
    bodies
        One row per body: `body_id`, `spoke`, `agreement` (of what was seen) and `pooled` (the level
        plus its effect).
    pairs
        One row per two bodies, by id: `body_id`, `other_id`, `difference` of their effects,
        `lower` and `upper` (90 %), and `probability` that the first agrees more, if what was not
        seen is like what was.
    why
        Why nothing is pooled; empty where it is.
    """

    widths: dict[str, float]
    bodies: pd.DataFrame
    pairs: pd.DataFrame
    why: str = ""


def pool(compared: pd.DataFrame) -> Pooled:
    """Pool the nearness of bodies to one model over bodies and propositions.

    The effects are averaged over how wide they may be, by how well each width fits: a plug-in of
    the likeliest widths would be too sure where bodies are few. The priors are flat: of the level,
    the variance of the bodies' effects, the width of the propositions' and the logarithm of what
    is left (Gelman 2006). `benchmarks/pooling.py` counts how often its intervals hold the truth.

    Parameters
    ----------
    compared
        One row per body and proposition, as `agreement.compared` returns it, for one model.
        Weights play no part, but a proposition without weight is left out.

    Returns
    -------
    Pooled
        The widths, a row per body and a row per pair.

    References
    ----------
    Henderson (1975), "Best linear unbiased estimation and prediction under a selection model",
    Biometrics 31, 423-447; Gelman (2006), "Prior distributions for variance parameters in
    hierarchical models", Bayesian Analysis 1, 515-534.
    """
    rows = compared[compared["weight"] > 0]
    body, bodies = pd.factorize(rows["body_id"], sort=True)
    proposition, asked = pd.factorize(rows["proposition_id"], sort=True)
    near = rows["nearness"].to_numpy(dtype="float64")
    if min(len(bodies), len(asked)) < LEAST or np.ptp(near) < 1e-9:
        body, bodies, near = body[:0], bodies[:0], near[:0]
        why = f"fewer than {LEAST} bodies or propositions, or all are equally near"
        table = _bodies(bodies, (body, near), np.zeros(0))
        return Pooled({}, table, _pairs(bodies, None), why)
    equations = Equations.of(near, body, proposition)
    shares, solved = averaged(equations)
    table = _bodies(bodies, (body, near), shares @ (solved.level[:, None] + solved.effects))
    return Pooled(reml(equations), table, _pairs(bodies, (shares, solved)))


def _bodies(bodies: pd.Index, seen: tuple[Ints, Floats], pooled: Floats) -> pd.DataFrame:
    """Table what was seen of each body, and what pooling makes of it."""
    spoke = np.bincount(seen[0], minlength=len(bodies))
    agreement = np.bincount(seen[0], seen[1], len(bodies)) / np.maximum(spoke, 1)
    ids = pd.array(bodies, dtype="str")
    return pd.DataFrame({"body_id": ids, "spoke": spoke, "agreement": agreement, "pooled": pooled})


def _pairs(bodies: pd.Index, found: tuple[Floats, Solved] | None) -> pd.DataFrame:
    """Table each two bodies: by how much the first agrees more, and how likely it is to."""
    pairs = np.triu_indices(len(bodies), 1)
    mean, error, probability = np.zeros((3, len(pairs[0])))
    if found is not None:
        mean, error, probability = differences(*found, pairs)
    reach = ndtri(0.95) * error
    return pd.DataFrame(
        {
            "body_id": pd.array(bodies[pairs[0]], dtype="str"),
            "other_id": pd.array(bodies[pairs[1]], dtype="str"),
            "difference": mean,
            "lower": mean - reach,
            "upper": mean + reach,
            "probability": probability,
        }
    )


def differences(
    shares: Floats, solved: Solved, pairs: tuple[Ints, ...]
) -> tuple[Floats, Floats, Floats]:
    """Return mean, standard error and probability above 0 of the differences of pairs of bodies.

    Parameters
    ----------
    shares, solved
        As `averaged` returns them.
    pairs
        The places of the first and of the second body of each pair.
    """
    (one, other), freedom = pairs, solved.freedom
    mean, square, probability = np.zeros((3, len(one)))
    for share, effect, error in zip(shares, solved.effects, solved.errors, strict=True):
        apart = effect[one] - effect[other]
        variance = error[one, one] + error[other, other] - 2 * error[one, other]
        mean += share * apart
        square += share * (apart**2 + variance * freedom / (freedom - 2))
        probability += share * stdtr(freedom, apart / np.sqrt(variance))
    return mean, np.sqrt(square - mean**2), probability


# --- the mixed model -----------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Equations:
    """Henderson's equations of one table, the bodies' effects first.

    `spoke` (bodies) is how often each body speaks and `told` (bodies) the sum of its numbers;
    `between` (bodies, others), `others` (others, others) and `right` (others) are the cross
    products with the level and the propositions' effects, in this order; `square` is the sum of the
    squared numbers, and `rows` how many numbers there are.
    """

    spoke: Floats
    told: Floats
    between: Floats
    others: Floats
    right: Floats
    square: float
    rows: int

    @classmethod
    def of(cls, near: Floats, body: Ints, proposition: Ints) -> Equations:
        """Set up the equations from numbers, and the body and proposition of each from 0 up."""
        each = np.eye(int(body.max()) + 1)[body]
        rest = np.column_stack(
            [np.ones(len(near)), np.eye(int(proposition.max()) + 1)[proposition]]
        )
        return cls(
            each.sum(axis=0), near @ each, each.T @ rest, rest.T @ rest, near @ rest,
            float(near @ near), len(near),
        )  # fmt: skip

    def solve(self, ratios: Floats) -> Solved:
        """Solve the equations for widths of the effects in units of what is left.

        The bodies' equations are diagonal and solved first, the others after them. Effects are
        solved for in units of their width, so that a width of 0 is no special case.

        Parameters
        ----------
        ratios
            (fits, 2): the widths of body and of proposition.
        """
        wide, narrow = ratios[:, :1], ratios[:, 1:]
        scale = np.hstack([np.ones_like(narrow), np.repeat(narrow, len(self.right) - 1, axis=1)])
        own = wide**2 * self.spoke + 1
        across = self.between * wide[:, :, None] * scale[:, None, :] / own[:, :, None]
        told, right = wide * self.told, self.right * scale
        system = self.others * scale[:, :, None] * scale[:, None, :]
        system[:, range(1, scale.shape[1]), range(1, scale.shape[1])] += 1
        turned = across.swapaxes(1, 2)
        system -= turned @ (across * own[:, :, None])
        inverse = np.linalg.inv(system)
        rest = (inverse @ (right - (turned @ told[..., None])[..., 0])[..., None])[..., 0]
        effects = told / own - (across @ rest[..., None])[..., 0]
        fitted = (effects * told).sum(axis=1) + (rest * right).sum(axis=1)
        left = np.maximum(self.square - fitted, 1e-12) / (self.rows - 1)
        size = np.log(own).sum(axis=1) + np.linalg.slogdet(system)[1]
        criterion = size + (self.rows - 1) * (1 + np.log(2 * np.pi * left))
        errors = across @ inverse @ turned
        errors[:, range(len(self.spoke)), range(len(self.spoke))] += 1 / own
        errors *= (wide**2 * left[:, None])[:, :, None]
        return Solved(criterion, rest[:, 0], effects * wide, errors, left, self.rows - 1)


@dataclasses.dataclass(frozen=True)
class Solved:
    """The equations solved for several widths: one row a fit.

    The REML `criterion` (-2 times the restricted log likelihood), the `level`, the bodies'
    `effects` (fits, bodies) and the covariance of their `errors` (fits, bodies, bodies), the
    variance of what is `left`; and the degrees of `freedom`.
    """

    criterion: Floats
    level: Floats
    effects: Floats
    errors: Floats
    left: Floats
    freedom: int


def averaged(equations: Equations) -> tuple[Floats, Solved]:
    """Solve for a grid of widths; return how much each solution weighs, and the solutions."""
    places = np.tan(np.pi / 2 * (np.arange(_GRID) + 0.5) / _GRID)
    ratios = np.stack(np.meshgrid(places, places), axis=-1).reshape(-1, 2)
    solved = equations.solve(ratios)
    # The grid is dense where ratios are small: its steps are the first term. The second makes
    # the variance of the bodies' effects flat, and not their width.
    prior = np.log1p(ratios**2).sum(axis=1) + np.log(ratios[:, 0])
    likely = prior - solved.criterion / 2
    likely = np.exp(likely - likely.max())
    return likely / likely.sum(), solved


def reml(equations: Equations) -> dict[str, float]:
    """Return the level and the widths of the effects by restricted maximum likelihood."""

    def criterion(ratios: Floats) -> float:
        return float(equations.solve(np.abs(ratios)[None]).criterion[0])

    options = {"xatol": 1e-7, "fatol": 1e-10, "maxiter": 1000}
    found = minimize(criterion, np.array([0.5, 0.5]), method="Nelder-Mead", options=options)
    ratios = np.abs(found.x)
    solved = equations.solve(ratios[None])
    residual = float(np.sqrt(solved.left[0]))
    body, proposition = (float(ratio * residual) for ratio in ratios)
    return {
        "level": float(solved.level[0]), "body": body, "proposition": proposition,
        "residual": residual,
    }  # fmt: skip
