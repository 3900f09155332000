"""The audit of a study: exact ranges from what people checked, as tidy tables."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection
from functools import cached_property

import pandas as pd

from positions.auditing import annotators, checking, estimates
from positions.auditing.bounds import ALPHA
from positions.auditing.claims import DECIMALS, Judge
from positions.auditing.evidence import evidence
from positions.auditing.frame import BLANK, CODED, among
from positions.auditing.leads import as_coded, lead, shared
from positions.auditing.plan import Plan
from positions.auditing.tallies import Point, Tallies
from positions.measures.analysis import Analysis, analyse
from positions.measures.comparisons import JUDGED_FROM
from positions.study.load import Study
from positions.study.schema import CELL


@dataclasses.dataclass(frozen=True)
class Audit:
    """What people checked of a study, and what that certifies; `audit` makes it.

    Each table is computed when it is first asked for, and kept. A range misses the score that
    people would have found in at most a share `alpha` of all draws, for one score at a time.

    Attributes
    ----------
    analysis
        The analysis whose scores are audited.
    alpha
        How often a range may miss.

    Examples
    --------
    >>> import positions as ps
    >>> found = ps.audit(ps.read("data"))
    >>> found.checked, bool(found.claims["certified"].any())
    (0, False)
    """

    analysis: Analysis
    alpha: float = ALPHA

    @property
    def codes(self) -> int:
        """How many codes the study has."""
        return int(self.analysis.resolved["stance"].notna().sum())

    @property
    def checked(self) -> int:
        """How many of the study's codes a person checked, without sight of any reading."""
        return int(self.per(["body_id"])["checked"].sum())

    def per(self, columns: list[str]) -> pd.DataFrame:
        """Count the study's codes, and those that a person checked.

        Parameters
        ----------
        columns
            Columns of a cell: `body_id`, `proposition_id`, `source_id`.

        Returns
        -------
        DataFrame
            One row per value of the columns, sorted: `codes`, `checked`.
        """
        held = self.analysis.resolved
        held = held.loc[held["stance"].notna(), CELL]
        good = self.checks[self.checks["result"].isin(checking.HEARD)]
        counts = held.assign(codes=1, checked=among(held, good).astype("int64"))
        return counts.groupby(columns, as_index=False)[["codes", "checked"]].sum()

    @cached_property
    def checks(self) -> pd.DataFrame:
        """What became of each check: see `auditing.checking.checks`."""
        return checking.checks(self.analysis)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """The cells that a draw can take, and what is known of each: see `checking.cells`."""
        return checking.cells(self.analysis)

    @cached_property
    def strata(self) -> pd.DataFrame:
        """One row for the codes and one for the blanks behind all scores.

        `cells`, `drawn`, `checked`, `wrong` (found wrong, or not settled though drawn) and `most`,
        how many can be wrong.
        """
        points = [point for body in self._judge.evidence for point in self._judge.points(body)]
        rows = {
            stratum: dataclasses.asdict(self._tallies.of(points, stratum, self.alpha))
            for stratum in (CODED, BLANK)
        }
        found = pd.DataFrame.from_dict(rows, orient="index").drop(columns=["unseen", "unsettled"])
        return found.rename_axis("stratum").reset_index()

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The range that the checks certify for each body with a score, in order of the ranking.

        `agreement`, as the study has it; `lower` and `upper`, if its codes are wrong as often as
        the checks allow; `missed_lower` and `missed_upper`, if stances in its whole texts were
        missed, too; `codes`, `checked`, `wrong`, `most`: see `strata`; `blanks` and
        `blanks_checked`.
        """
        rows = [self._score(body) for body in self._judge.evidence]
        columns = [
            "body_id", "lower", "upper", "missed_lower", "missed_upper", "codes", "checked",
            "wrong", "most", "blanks", "blanks_checked",
        ]  # fmt: skip
        found = pd.DataFrame(rows, columns=columns)
        about = self.analysis.ranking[["body_id", "name", "agreement"]]
        return about.merge(found, on="body_id", how="inner", validate="one_to_one")

    def _score(self, body: str) -> dict[str, object]:
        points = self._judge.points(body)
        codes, blank = (self._tallies.of(points, s, self.alpha) for s in (CODED, BLANK))
        low, high = self._judge.ends[body].at(codes.unseen)
        beside = self._judge.ends[body].at(*self._both(points))
        return {
            "body_id": body, "lower": low, "upper": high,
            "missed_lower": beside[0], "missed_upper": beside[1], "codes": codes.cells,
            "checked": codes.checked, "wrong": codes.wrong, "most": codes.most,
            "blanks": blank.cells, "blanks_checked": blank.checked,
        }  # fmt: skip

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """How far one body leads the other, over what both address, three points or more.

        `shared` points; `lead`, once checks are heard, and its range `lower` to `upper`; with
        missed stances `missed_lower` to `missed_upper`; `codes` and `checked` on those points;
        `certified`: the checks certify who leads.
        """
        found = self._judge.evidence
        rows = [
            self._apart(one, other)
            for one, other in itertools.combinations(found, 2)
            if len(shared(found[one], found[other])) >= JUDGED_FROM
        ]
        columns = [
            "body_id", "other_id", "shared", "lead", "lower", "upper", "missed_lower",
            "missed_upper", "codes", "checked",
        ]  # fmt: skip
        table = pd.DataFrame(rows, columns=columns)
        ends = table[["lower", "upper"]].astype("float64").round(DECIMALS)
        return table.assign(certified=(ends["lower"] > 0) | (ends["upper"] < 0))

    def _apart(self, one: str, other: str) -> dict[str, object]:
        points = self._judge.shared(one, other)
        codes = self._tallies.of(points, CODED, self.alpha)
        first, second = self._judge.evidence[one], self._judge.evidence[other]
        low, high = lead(first, second, codes.unseen)
        beside = lead(first, second, *self._both(points))
        return {
            "body_id": one, "other_id": other, "shared": len(shared(first, second)),
            "lead": as_coded(first, second), "lower": low, "upper": high,
            "missed_lower": beside[0], "missed_upper": beside[1],
            "codes": codes.cells, "checked": codes.checked,
        }  # fmt: skip

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Whether the checks certify each claim, in their order.

        `certified`: it holds however the codes that nobody checked are wrong, as often as the
        checks allow; missing where the audit cannot judge it. `certified_missed`: also if
        stances were missed. `codes`, `checked`, `most` of the points that it rests on.
        """
        rows = [self._claim(claim) for _, claim in self.analysis.study.claims.iterrows()]
        columns = [
            "claim_id", "wording", "certified", "certified_missed", "codes", "checked", "most",
        ]  # fmt: skip
        found = pd.DataFrame(rows, columns=columns)
        return found.astype({"certified": "boolean", "certified_missed": "boolean"})

    def _claim(self, claim: pd.Series) -> dict[str, object]:
        row = {"claim_id": claim["claim_id"], "wording": claim["wording"]}
        points = self._judge.rests_on(claim)
        if points is None:
            return {**row, "certified": pd.NA, "certified_missed": pd.NA, "codes": 0,
                    "checked": 0, "most": 0}  # fmt: skip
        codes = self._tallies.of(points, CODED, self.alpha)
        return {
            **row, "certified": self._judge.holds(claim, codes.unseen),
            "certified_missed": self._judge.holds(claim, *self._both(points)),
            "codes": codes.cells, "checked": codes.checked, "most": codes.most,
        }  # fmt: skip

    def _both(self, points: Collection[Point]) -> tuple[int, int]:
        """Return how many codes can be wrong, and how many stances missed, at once.

        Where both can be, each may be too small in half of the draws in which a range may miss.
        """
        blanks = self._tallies.of(points, BLANK, self.alpha / 2)
        alpha = self.alpha / 2 if blanks.cells else self.alpha
        return self._tallies.of(points, CODED, alpha).unseen, blanks.unseen + blanks.unsettled

    @cached_property
    def _tallies(self) -> Tallies:
        return Tallies(self.cells)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self.analysis, self.cells, evidence(self.analysis, self.cells))

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """Agreement corrected by 200 checks or more, by PPI and DSL: see `auditing.estimates`."""
        return estimates.corrected(self.analysis, self.cells)

    @cached_property
    def annotators(self) -> pd.DataFrame:
        """Whether a reader may stand in for a person: see `auditing.annotators`."""
        return annotators.alternative(self.analysis, self.checks)

    @cached_property
    def plan(self) -> Plan:
        """How many checks certify what, before anyone starts: see `auditing.plan`."""
        return Plan(self.analysis, self.alpha)


def audit(study: Study | Analysis, *, alpha: float = ALPHA) -> Audit:
    """Say what a person checked, and which scores, pairs and claims the checks certify.

    N codes, n of them drawn at random and checked blind, k found wrong: the number of wrong codes
    has an exact upper end, whatever the codes are. The ranges put that many codes where they move
    a score most. A drawn code that nobody has settled counts as wrong. A code that was corrected
    after its check stays one that was found wrong: the codes beside it are of the same kind.

    Parameters
    ----------
    study
        A study, as `read` returns it, or an `Analysis` of it.
    alpha
        How often a range may miss the score that people would find, at most.

    Returns
    -------
    Audit
        Tidy tables: `scores`, `pairs`, `claims`, `checks` and others.

    Raises
    ------
    ValueError
        When `alpha` is not between 0 and 1.

    Examples
    --------
    >>> import positions as ps
    >>> bool(ps.audit(ps.read("data")).scores[["lower", "upper"]].notna().all(axis=None))
    True
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha {alpha}: a share between 0 and 1, such as 0.05")
    return Audit(study if isinstance(study, Analysis) else analyse(study), alpha)
