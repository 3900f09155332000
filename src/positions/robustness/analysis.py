"""The variants of an analysis, the scores they give, and the claims that hold in them."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from positions.measures import groups
from positions.measures.analysis import Analysis
from positions.robustness import claims as of_claims
from positions.robustness import multiverse as of_variants
from positions.robustness import sensitivity
from positions.robustness import specifications as of_choices

Departures = Literal["one", "two", "any"]


def choices(analysis: Analysis) -> pd.DataFrame:
    """List the choices that an analysis rests on, and what could be done instead.

    Parameters
    ----------
    analysis
        As `analyse` returns it.

    Returns
    -------
    DataFrame
        One row per choice and level: see `robustness.specifications.available`.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> levels = choices(analysis)
    >>> print(levels.loc[levels["choice"] == "silence", ["level", "about"]].to_string(index=False))
       level                                               about
    left out what a body never mentions is left out of its score
     neutral              a silent body counts as taking no side
       worst                   a silent body counts at its worst
        best                    a silent body counts at its best
    """
    return of_choices.available(analysis.tables, analysis.model)


def specifications(
    analysis: Analysis, departures: Departures = "one", *, draws: int = 5000, seed: int = 20210211
) -> pd.DataFrame:
    """List the defensible variants of an analysis.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    departures
        `one`: the default and every variant that departs from it in one choice; `two`: those, and
        every variant that departs in two; `any`: combinations of levels, drawn at random where
        they are many.
    draws, seed
        How many combinations at most, and where the random numbers start (PCG64).

    Returns
    -------
    DataFrame
        One row per variant: `variant_id` (says what departs), `departures` (how many), `changed`
        (the choices that depart) and a column per choice. The default comes first.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour
    4, 1208-1214.

    Examples
    --------
    >>> import positions as ps
    >>> each = ps.specifications(ps.analyse(ps.read("data")))
    >>> each["variant_id"].head(3).tolist()
    ['default', 'kinds=all kinds', 'spacing=direction only']
    """
    levels = choices(analysis)
    if departures == "any":
        return of_choices.combinations(levels, draws, seed)
    singles = of_choices.singles(levels)
    if departures == "one":
        return singles
    return pd.concat([singles, of_choices.pairs(levels)], ignore_index=True)


def multiverse(analysis: Analysis, specifications: pd.DataFrame | None = None) -> pd.DataFrame:
    """Score every body in every variant of the analysis.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    specifications
        The variants, as `specifications` lists them; by default every single departure.

    Returns
    -------
    DataFrame
        One row per variant and body: see `robustness.multiverse.scores`.

    References
    ----------
    Steegen, Tuerlinckx, Gelman and Vanpaemel (2016), "Increasing transparency through a
    multiverse analysis", Perspectives on Psychological Science 11, 702-712.

    Examples
    --------
    >>> import positions as ps
    >>> scores = ps.multiverse(ps.analyse(ps.read("data")))
    >>> lga = scores.query("body_id == 'lga' and standing == 'ranked'")["agreement"]
    >>> f"{lga.min():.0%} to {lga.max():.0%}"
    '33% to 86%'
    """
    chosen = specifications if specifications is not None else _singles(analysis)
    return of_variants.scores(analysis.tables, analysis.model, chosen)


def test_claims(
    analysis: Analysis,
    claims: pd.DataFrame | None = None,
    specifications: pd.DataFrame | None = None,
    members: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count in how many variants of the analysis each claim holds.

    A variant in which a claim rests on too little cannot test it, and never counts as holding: see
    `robustness.claims.verdicts`.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    claims
        Rows of the study's `claims`; by default all of them.
    specifications
        The variants, as `specifications` lists them; by default every single departure.
    members
        Who is in which group, as `regroup` finds it; without it no claim on groups is judged.

    Returns
    -------
    DataFrame
        One row per claim: see `robustness.claims.tally`.

    Examples
    --------
    >>> import positions as ps
    >>> found = ps.test_claims(ps.analyse(ps.read("data"))).set_index("claim_id")
    >>> found.loc["konp-below-half", ["holds", "fails", "not_judged", "of"]].tolist()
    [28, 1, 4, 33]
    """
    chosen = specifications if specifications is not None else _singles(analysis)
    asked = analysis.study.claims if claims is None else claims
    return of_claims.tally(asked, verdicts(analysis, asked, chosen, members), chosen)


def verdicts(
    analysis: Analysis,
    claims: pd.DataFrame,
    specifications: pd.DataFrame,
    members: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge each claim in each variant of the analysis: see `robustness.claims.verdicts`."""
    two = claims[claims["kind"] == "more-than"]
    tables, model = analysis.tables, analysis.model
    pairs = of_variants.pairs(tables, model, specifications, two)
    return of_claims.verdicts(claims, multiverse(analysis, specifications), pairs, members)


def breaking(analysis: Analysis, claims: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the fewest departures from the analysis, of one or two, that make a claim fail.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    claims
        Rows of the study's `claims`; by default all of them.

    Returns
    -------
    DataFrame
        One row per claim and variant of the fewest departures: see `robustness.claims.breaking`.

    Examples
    --------
    The traders' agreement is (3/4 + 1 + 0 + 0) / 4, which is 44%: they are silent on one point of
    five. Each of these changes alone brings it to half or more:

    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> found = breaking(analysis).set_index("claim_id").loc["traders-under-half"]
    >>> for variant in found["variant_id"]:
    ...     print(variant)
    spacing=direction only
    silence=best
    metric=same sign
    drop=proposition garden
    drop=proposition levy
    """
    chosen = specifications(analysis, "two")
    asked = analysis.study.claims if claims is None else claims
    return of_claims.breaking(verdicts(analysis, asked, chosen), chosen)


def regroup(analysis: Analysis, specifications: pd.DataFrame) -> pd.DataFrame:
    """Look for groups again in each variant that moves positions, in 99 resamples each.

    Proposers of the model take no part, as in `Analysis.groups`.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    specifications
        The variants, as `specifications` lists them.

    Returns
    -------
    DataFrame
        One row per variant and body compared: see `robustness.claims.grouped`.

    Examples
    --------
    Three bodies can be compared here, too few to look for groups:

    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> found = regroup(analysis, ps.specifications(analysis).head(1))
    >>> found["body_id"].tolist(), found["group"].unique().tolist()
    (['buses', 'league', 'traders'], [''])
    """

    def labels(positions: pd.DataFrame) -> pd.Series:
        others, rules = analysis.without_proposers(positions), groups.GroupRules(draws=99)
        return groups.labels(others, analysis.study.propositions, rules)

    return of_claims.grouped(analysis.tables, analysis.model, specifications, labels)


def turning(analysis: Analysis) -> pd.DataFrame:
    """Count the codes that would have to differ for each ranked body to be overtaken.

    Parameters
    ----------
    analysis
        As `analyse` returns it.

    Returns
    -------
    DataFrame
        One row per ranked body but the last: see `robustness.sensitivity.turning`.

    Examples
    --------
    The league agrees by (1 + 1 + 1 + 1/2) / 4, the buses by (1 + 1 + 1/4) / 3. One code turns them:

    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> turning(analysis)[["body_id", "other_id", "lead", "cells", "of"]].head(1)
      body_id other_id   lead  cells  of
    0  league    buses  0.125      1   7
    """
    cells = analysis.contributions
    mine = cells[cells["model_id"] == analysis.model]
    return sensitivity.turning(mine, analysis.ranking)


def _singles(analysis: Analysis) -> pd.DataFrame:
    return specifications(analysis, "one")
