"""A study resolved, positioned and scored once, as everything that is published of it needs it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import pandas as pd

from positions.measures import agreement, coder_uncertainty, stances
from positions.study.load import Study


@dataclasses.dataclass(frozen=True)
class Counting:
    """Which evidence counts, and against which model claims are judged (None: the study's own)."""

    model: str | None = None
    as_of: str | None = None
    evidence: Collection[str] = stances.BASES
    independent: bool = True


@dataclasses.dataclass(frozen=True)
class Scored:
    """What a study comes to.

    `sources` are those that count; `resolved` and `positions` are as `stances` gives them;
    `scores` has one row per model and body, as `agreement` gives it, with the ends of the coder
    interval.
    """

    sources: pd.DataFrame
    resolved: pd.DataFrame
    positions: pd.DataFrame
    scores: pd.DataFrame


def scored(study: Study, counting: Counting) -> Scored:
    """Resolve, position and score a study.

    Raises
    ------
    ValueError
        When `counting` names an unknown class of evidence, or no date.
    """
    sources = stances.independent(study.sources) if counting.independent else study.sources
    resolved = stances.resolve(study.codings, study.adjudications)
    as_of, evidence = counting.as_of, counting.evidence
    positions = stances.positions(resolved, sources, as_of=as_of, evidence=evidence)
    yardstick = study.model_positions, study.propositions
    scores = agreement.agreement(positions, *yardstick, study.bodies)
    ends = coder_uncertainty.coder_intervals(
        study.codings, sources, *yardstick, as_of=as_of, evidence=evidence
    )
    scores = scores.merge(ends, on=["model_id", "body_id"], how="left", validate="one_to_one")
    return Scored(sources, resolved, positions, scores)
