"""Judge a claim whichever of the codes that nobody checked are wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property

import pandas as pd

from positions.auditing.frame import BLANK
from positions.auditing.leads import lead, shared
from positions.auditing.ranges import BodyEvidence, Ends, difference
from positions.auditing.tallies import Point
from positions.measures.analysis import Analysis
from positions.measures.comparisons import JUDGED_FROM

DECIMALS = 9
"""Scores are compared rounded, as everywhere."""


@dataclasses.dataclass(frozen=True)
class Judge:
    """The points of the bodies that have a score, and the claims that rest on them.

    Attributes
    ----------
    analysis
        The analysis whose claims are judged.
    cells
        One row per cell that a draw can take.
    evidence
        The points of each body.
    """

    analysis: Analysis
    cells: pd.DataFrame
    evidence: Mapping[str, BodyEvidence]

    @cached_property
    def ends(self) -> dict[str, Ends]:
        """The ends of each body's score."""
        return {body: Ends(points) for body, points in self.evidence.items()}

    def points(self, body: str) -> list[Point]:
        """Return the points behind a body's score as it was coded, and its blanks."""
        return [(body, name) for name in sorted(self._coded[body] | self._blank[body])]

    def shared(self, one: str, other: str) -> list[Point]:
        """Return the points that both bodies were coded on, of each body, and the blanks of both.

        They are chosen before any check is heard: what a check finds must not choose its base.
        """
        both = self._coded[one] & self._coded[other]
        return [(body, name) for body in (one, other) for name in sorted(both | self._blank[body])]

    @cached_property
    def _coded(self) -> dict[str, set[str]]:
        return self._named(self.cells[self.cells["stratum"] != BLANK])

    @cached_property
    def _blank(self) -> dict[str, set[str]]:
        return self._named(self.cells[self.cells["stratum"] == BLANK])

    def _named(self, cells: pd.DataFrame) -> dict[str, set[str]]:
        named = cells.groupby("body_id")["proposition_id"].agg(set).to_dict()
        return {body: named.get(body, set()) for body in self.evidence}

    def rests_on(self, claim: pd.Series) -> list[Point] | None:
        """Return the points that a claim rests on; None where the audit cannot judge it.

        It cannot judge groups, nor what rests on fewer than three points, nor the rank of a body
        without one.
        """
        body, other, kind = claim["body_id"], claim["other_id"], claim["kind"]
        if kind == "same-group" or not {body, other} - {""} <= self.evidence.keys():
            return None
        if kind in ("above", "below"):
            return self.points(body)
        if kind == "more-than":
            enough = len(shared(self.evidence[body], self.evidence[other])) >= JUDGED_FROM
            return self.shared(body, other) if enough else None
        if body not in self._ranked or len(self._ranked) < 2:
            return None
        return [point for each in self._ranked for point in self.points(each)]

    def holds(self, claim: pd.Series, wrong: int, missed: int = 0) -> bool:
        """Return whether a claim holds with so many wrong codes and missed stances, wherever.

        Parameters
        ----------
        claim
            One row of the study's claims that can be judged.
        wrong, missed
            How many there can be among the points that the claim rests on.
        """
        body, kind = claim["body_id"], claim["kind"]
        if kind == "more-than":
            low, _ = lead(self.evidence[body], self.evidence[claim["other_id"]], wrong, missed)
            return round(low, DECIMALS) > 0
        low, high = self.ends[body].at(wrong, missed)
        if kind == "above":
            return bool(round(low, DECIMALS) > claim["threshold"])
        if kind == "below":
            return bool(round(high, DECIMALS) < claim["threshold"])
        others = [self.ends[other] for other in self._ranked if other != body]
        apart = [difference(self.ends[body], other, wrong, missed) for other in others]
        if kind == "closest":
            return all(round(low, DECIMALS) > 0 for low, _ in apart)
        return all(round(high, DECIMALS) < 0 for _, high in apart)

    @cached_property
    def _ranked(self) -> list[str]:
        return [body for body in self.analysis.ranked["body_id"] if body in self.evidence]
