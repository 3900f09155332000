"""The audit of a study: exact ranges from what people checked, as tidy tables."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Collection
from functools import cached_property

import pandas as pd

from positions.auditing import annotators, checking, estimates
from positions.auditing.bounds import ALPHA
from positions.auditing.claims import DECIMALS, holds, rests_on
from positions.auditing.evidence import evidence
from positions.auditing.frame import BLANK, CODED
from positions.auditing.plan import Plan
from positions.auditing.ranges import Ends, difference
from positions.auditing.tallies import Tallies
from positions.measures.analysis import Analysis, analyse
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
    >>> found.checked, found.claims["certified"].any()
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
        good = self.checks[self.checks["result"].isin((checking.COUNTS, checking.ALONE))]
        known = pd.MultiIndex.from_frame(held).isin(pd.MultiIndex.from_frame(good[CELL]))
        counts = held.assign(codes=1, checked=known.astype("int64"))
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
        everyone = self.analysis.ranked["body_id"]
        rows = {
            stratum: dataclasses.asdict(self._tallies.of(everyone, stratum, self.alpha))
            for stratum in (CODED, BLANK)
        }
        found = pd.DataFrame.from_dict(rows, orient="index").drop(columns=["unseen", "unsettled"])
        return found.rename_axis("stratum").reset_index()

    @cached_property
    def scores(self) -> pd.DataFrame:
        """The range that the checks certify for each ranked body, most agreeing first.

        `agreement`, as the study has it; `lower` and `upper`, if its codes are wrong as often as
        the checks allow; `missed_lower` and `missed_upper`, if stances in its whole texts were
        missed, too; `codes`, `checked`, `wrong`, `most`: see `strata`; `blanks` and
        `blanks_checked`.
        """
        rows = [self._score(body) for body in self.analysis.ranked["body_id"]]
        about = self.analysis.ranked[["body_id", "name", "agreement"]]
        columns = [
            "body_id", "lower", "upper", "missed_lower", "missed_upper", "codes", "checked",
            "wrong", "most", "blanks", "blanks_checked",
        ]  # fmt: skip
        return about.merge(pd.DataFrame(rows, columns=columns), on="body_id", how="left")

    def _score(self, body: str) -> dict[str, object]:
        codes, blank = (self._tallies.of([body], s, self.alpha) for s in (CODED, BLANK))
        ends = self._ends[body]
        low, high = ends.at(codes.unseen)
        beside = ends.at(*self._both([body]))
        return {
            "body_id": body, "lower": low, "upper": high,
            "missed_lower": beside[0], "missed_upper": beside[1], "codes": codes.cells,
            "checked": codes.checked, "wrong": codes.wrong, "most": codes.most,
            "blanks": blank.cells, "blanks_checked": blank.checked,
        }  # fmt: skip

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """How far each pair of ranked bodies is apart, the more agreeing first.

        `difference`, its range `lower` to `upper`, and with missed stances `missed_lower` to
        `missed_upper`; `codes` and `checked` of both; `certified`: the checks certify the order.
        """
        scores = self.analysis.ranked.set_index("body_id")["agreement"]
        rows = [
            {"body_id": one, "other_id": other, "difference": scores[one] - scores[other],
             **self._apart(one, other, [one, other])}
            for one, other in itertools.combinations(scores.index, 2)
        ]  # fmt: skip
        columns = [
            "body_id", "other_id", "difference", "lower", "upper", "missed_lower", "missed_upper",
            "codes", "checked",
        ]  # fmt: skip
        found = pd.DataFrame(rows, columns=columns)
        return found.assign(certified=found["lower"].round(DECIMALS) > 0)

    def _apart(self, one: str, other: str, bodies: list[str]) -> dict[str, object]:
        """Return the range of a difference, with what can be wrong in the codes of bodies."""
        codes = self._tallies.of(bodies, CODED, self.alpha)
        first, second = self._ends[one], self._ends[other]
        low, high = difference(first, second, codes.unseen)
        beside = difference(first, second, *self._both(bodies))
        return {
            "lower": low, "upper": high, "missed_lower": beside[0], "missed_upper": beside[1],
            "codes": codes.cells, "checked": codes.checked,
        }  # fmt: skip

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Whether the checks certify each claim, in their order.

        `certified`: it holds however the codes that nobody checked are wrong, as often as the
        checks allow; missing where the audit cannot judge it. `certified_missed`: also if
        stances were missed. `codes`, `checked`, `most` of the bodies that it rests on.
        """
        rows = [self._claim(claim) for _, claim in self.analysis.study.claims.iterrows()]
        columns = [
            "claim_id", "wording", "certified", "certified_missed", "codes", "checked", "most",
        ]  # fmt: skip
        found = pd.DataFrame(rows, columns=columns)
        return found.astype({"certified": "boolean", "certified_missed": "boolean"})

    def _claim(self, claim: pd.Series) -> dict[str, object]:
        bodies = rests_on(claim, self.analysis)
        row = {"claim_id": claim["claim_id"], "wording": claim["wording"]}
        if bodies is None:
            return {**row, "certified": pd.NA, "certified_missed": pd.NA, "codes": 0,
                    "checked": 0, "most": 0}  # fmt: skip
        codes = self._tallies.of(bodies, CODED, self.alpha)
        return {
            **row, "certified": holds(claim, self._ends, codes.unseen),
            "certified_missed": holds(claim, self._ends, *self._both(bodies)),
            "codes": codes.cells, "checked": codes.checked, "most": codes.most,
        }  # fmt: skip

    def _both(self, bodies: Collection[str]) -> tuple[int, int]:
        """Return how many codes can be wrong, and how many stances missed, at once.

        Where both can be, each may be too small in half of the draws in which a range may miss.
        """
        blanks = self._tallies.of(bodies, BLANK, self.alpha / 2)
        alpha = self.alpha / 2 if blanks.cells else self.alpha
        return self._tallies.of(bodies, CODED, alpha).unseen, blanks.unseen + blanks.unsettled

    @cached_property
    def _tallies(self) -> Tallies:
        return Tallies(self.cells)

    @cached_property
    def _ends(self) -> dict[str, Ends]:
        found = evidence(self.analysis, self.cells)
        return {body: Ends(points) for body, points in found.items()}

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
    >>> ps.audit(ps.read("data")).scores[["lower", "upper"]].notna().all().all()
    True
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha {alpha}: a share between 0 and 1, such as 0.05")
    return Audit(study if isinstance(study, Analysis) else analyse(study), alpha)
