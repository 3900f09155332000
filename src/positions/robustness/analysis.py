"""The variants of an analysis, the scores they give, and the claims that hold in them."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from positions.measures.analysis import Analysis
from positions.robustness import claims as of_claims
from positions.robustness import multiverse as of_variants
from positions.robustness import specifications as of_choices

Departures = Literal["one", "two", "any"]


def specifications(
    analysis: Analysis, departures: Departures = "one", *, draws: int = 5000, seed: int = 20210211
) -> pd.DataFrame:
    """List the defensible variants of an analysis (Simonsohn, Simmons and Nelson 2020).

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
    """
    choices = of_choices.available(analysis.tables, analysis.model)
    if departures == "any":
        return of_choices.combinations(choices, draws, seed)
    singles = of_choices.singles(choices)
    if departures == "one":
        return singles
    return pd.concat([singles, of_choices.pairs(choices)], ignore_index=True)


def multiverse(analysis: Analysis, specifications: pd.DataFrame | None = None) -> pd.DataFrame:
    """Score every body in every variant of the analysis (Steegen and others 2016).

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

    A variant in which a body that the claim names has no rank cannot test the claim. It never
    counts as holding.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    claims
        Rows of the study's `claims`; by default all of them.
    specifications
        The variants, as `specifications` lists them; by default every single departure.
    members
        Who is in which group, for claims on groups: see `robustness.claims.verdicts`.

    Returns
    -------
    DataFrame
        One row per claim: see `robustness.claims.tally`.
    """
    chosen = specifications if specifications is not None else _singles(analysis)
    asked = analysis.study.claims if claims is None else claims
    verdicts = of_claims.verdicts(asked, multiverse(analysis, chosen), members)
    return of_claims.tally(asked, verdicts, chosen)


def _singles(analysis: Analysis) -> pd.DataFrame:
    return specifications(analysis, "one")
