"""How many checks certify what, if all are clean: asked before anyone starts."""

from __future__ import annotations

import bisect
import dataclasses
import math
from functools import cached_property

import numpy as np
import pandas as pd

from positions.auditing.bounds import ALPHA, clean_checks
from positions.auditing.claims import Judge
from positions.auditing.evidence import evidence
from positions.auditing.frame import CODED, frame
from positions.measures.analysis import Analysis
from positions.study.schema import CELL

SHARES = (0.2, 0.1, 0.05)
"""Shares of wrong codes that a plan says how to exclude."""


@dataclasses.dataclass(frozen=True)
class Plan:
    """What it takes to certify a study, if every check is clean. It looks at no check.

    Attributes
    ----------
    analysis
        The analysis whose claims are to be certified.
    alpha
        How often a range may miss.
    """

    analysis: Analysis
    alpha: float = ALPHA

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The cells that a draw can take, none of them known."""
        return frame(self.analysis).assign(known=False, drawn=False, wrong=False, verdict=pd.NA)

    @cached_property
    def codes(self) -> pd.DataFrame:
        """Those of the cells that are codes, the heaviest first."""
        mine = self.cells[self.cells["stratum"] == CODED]
        return mine.sort_values(["pull", *CELL], ascending=[False, True, True, True])

    @cached_property
    def exclusions(self) -> pd.DataFrame:
        """How many checks exclude that more than a share of all codes is wrong.

        One row per share: `share`, `checks` (drawn at random, all clean), `of`, and
        `probability`, with which each code is then in the sample.
        """
        number = len(self.codes)
        rows = [
            {"share": share, "checks": clean_checks(number, math.floor(share * number), self.alpha),
             "of": number}
            for share in SHARES
        ]  # fmt: skip
        found = pd.DataFrame(rows, columns=["share", "checks", "of"])
        return found.assign(probability=found["checks"] / max(number, 1))

    @cached_property
    def needs(self) -> pd.DataFrame:
        """How many checks certify each claim, one claim at a time.

        `codes` it rests on; `tolerates`, how many of them may be wrong wherever they are (missing:
        it does not hold as coded); `checks`, how many of them to draw at random, if all are clean;
        `in_all`, how many codes of the study to draw so that as many are among them, on average.
        Missing where the audit cannot judge the claim.
        """
        rows = [self._need(claim) for _, claim in self.analysis.study.claims.iterrows()]
        columns = ["claim_id", "wording", "codes", "tolerates", "checks", "in_all"]
        found = pd.DataFrame(rows, columns=columns)
        return found.astype(dict.fromkeys(columns[2:], "Int64"))

    def _need(self, claim: pd.Series) -> dict[str, object]:
        row: dict[str, object] = {"claim_id": claim["claim_id"], "wording": claim["wording"]}
        codes = self._codes_of(claim)
        if codes is None:
            return row
        number = row["codes"] = len(codes)
        if not self._judge.holds(claim, 0):
            return row
        wrong = 0
        while wrong < number and self._judge.holds(claim, wrong + 1):
            wrong += 1
        needed = clean_checks(number, wrong, self.alpha)
        in_all = math.ceil(needed / max(number, 1) * len(self.codes))
        return {**row, "tolerates": wrong, "checks": needed, "in_all": in_all}

    def _codes_of(self, claim: pd.Series) -> pd.DataFrame | None:
        """Return the codes that a claim rests on, the heaviest first."""
        points = self._judge.rests_on(claim)
        if points is None:
            return None
        mine = pd.MultiIndex.from_frame(self.codes[CELL[:2]]).isin(points)
        return self.codes[mine]

    @cached_property
    def claims(self) -> pd.DataFrame:
        """The rows of `needs`, with `heaviest`: how many to check with the heaviest first."""
        asked = self.analysis.study.claims
        numbers = [
            pd.NA if pd.isna(needed) else self._heaviest(claim)
            for (_, claim), needed in zip(asked.iterrows(), self.needs["checks"], strict=True)
        ]
        return self.needs.assign(heaviest=pd.array(numbers, dtype="Int64"))

    def _heaviest(self, claim: pd.Series) -> int:
        """Return how many of the heaviest codes certify a claim, even if all others are wrong."""
        mine = self._codes_of(claim)
        if mine is None:
            return 0

        def enough(first: int) -> bool:
            return self._known(mine.iloc[first:]).holds(claim, len(mine))

        return bisect.bisect_left(range(len(mine)), True, key=enough)

    def _known(self, rest: pd.DataFrame) -> Judge:
        """Return the judge of claims where all codes but these are known to be right."""
        unknown = rest.groupby("body_id")["proposition_id"].agg(set).to_dict()
        found = {
            body: dataclasses.replace(
                points, open=np.array([name in unknown.get(body, ()) for name in points.names])
            )
            for body, points in self._judge.evidence.items()
        }
        return Judge(self.analysis, self.cells, found)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.analysis, self.cells, evidence(self.analysis, self.cells))
