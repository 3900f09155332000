"""A study resolved, positioned and measured: each table computed once, when it is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from functools import cached_property

import pandas as pd

from positions.measures import (
    agreement,
    attainment,
    cluster_validation,
    coder_uncertainty,
    comparisons,
    consensus,
    groups,
    mds,
    networks,
    pooling,
    stances,
)
from positions.measures.evidence import Counting, Evidence
from positions.study.load import Study
from positions.study.schema import CLAIM, PROCESS

CLOSE = 6
"""How many bodies are looked at closely where a study features none."""


@dataclasses.dataclass(frozen=True)
class Analysis(Evidence):
    """What a study says, as tidy tables; `analyse` makes it.

    Each table is computed when it is first asked for, and kept. Change a copy, not the table.

    Attributes
    ----------
    study
        The study analysed.
    counting
        The options it was analysed with.
    model
        The id of the reference model; empty in a study without one.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("data"))
    >>> analysis.label, len(analysis.ranked), analysis.scores is analysis.scores
    ('Combined (options 1 and 2)', 3, True)
    """

    @cached_property
    def contributions(self) -> pd.DataFrame:
        """One row per model, body and proposition of the design that both address, sorted.

        `position`, `reference`, `weight`, `nearness` (0 to 1); `gives` and `costs` (shares of the
        score); `predates`: whether the body spoke before the model was proposed.
        """
        study = self.study
        compared = agreement.compared(self.positions, study.model_positions, self.design)
        early = agreement.predating(self.positions, study.models, study.model_positions)
        return agreement.contributions(compared).merge(
            early, on=["model_id", "body_id", "proposition_id"], how="left", validate="one_to_one"
        )

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Agreement with what each model provides: one row per model and body.

        Only propositions of the kind `design` count: approving of a design, believing its
        proposer and liking the timetable are three things. For the other two see `trust`.
        Columns and order are those of `measures.agreement.agreement`, with `coder_lower`,
        `coder_upper` and `unsure` (see `coder_uncertainty`); `predates`, the positions taken
        before the model was proposed; the body's `kind` and what was `seen` of its texts.
        """
        study, key = self.study, ["model_id", "body_id"]
        found = agreement.agreement(
            self.positions, study.model_positions, self.design, study.bodies, study.ranked_from
        )
        ends = coder_uncertainty.coder_intervals(
            study.codings, self.sources, study.model_positions, self.design,
            **self.counting.of_cells,
        )  # fmt: skip
        early = self.contributions.groupby(key, as_index=False)["predates"].sum()
        ends = ends.astype(dict.fromkeys(["coder_lower", "coder_upper", "unsure"], "float64"))
        found = found.merge(ends, on=key, how="left", validate="one_to_one")
        found = found.merge(early, on=key, how="left", validate="one_to_one")
        found["predates"] = found["predates"].fillna(0).astype("int64")
        about = self.bodies[["body_id", "kind", "seen"]]
        return found.merge(about, on="body_id", how="left", validate="many_to_one")

    @cached_property
    def trust(self) -> pd.DataFrame:
        """Agreement with what its proposer claims and with the process, shaped as `scores`."""
        study = self.study
        beside = study.propositions[study.propositions["kind"].isin((CLAIM, PROCESS))]
        return agreement.agreement(
            self.positions, study.model_positions, beside, study.bodies, study.ranked_from
        )

    @cached_property
    def attained(self) -> pd.DataFrame:
        """Attainment of each body on each proposition: see `measures.attainment.cells`."""
        return attainment.cells(self.positions, self.moves)

    @cached_property
    def attainment(self) -> pd.DataFrame:
        """How much nearer to each body's positions things ended than they stood before.

        One row per body, both with the point that things would have reverted to and without it:
        see `measures.attainment.attainment`. It says nothing of who brought the outcome about.
        """
        return attainment.attainment(self.positions, self.moves, self.study.bodies)

    @cached_property
    def ranking(self) -> pd.DataFrame:
        """One row per body, judged by the reference model: the ranked, then those apart.

        Those without a rank come last, by name: a score on a small base gives no order. The rows of
        `scores`, with `overlaps`: how many other ranked bodies could change places
        with it (missing where it has no rank). Without a reference model no body has a score.
        """
        mine = self.scores[self.scores["model_id"] == self.model]
        if mine.empty:
            mine = self._without_score()
        found = mine.reset_index(drop=True)
        loose = agreement.overlapping(found).astype({"overlaps": "Int64"})
        return found.merge(loose, on="body_id", how="left", validate="one_to_one")

    def _without_score(self) -> pd.DataFrame:
        about = self.bodies[["body_id", "name", "kind", "seen"]].sort_values(
            "name", key=lambda names: names.str.casefold(), kind="stable"
        )
        nothing = {"model_id": self.model, "standing": "too few", "spoke": 0, "of": 0}
        found = about.assign(**nothing, predates=0).reindex(columns=self.scores.columns)
        return found.astype(self.scores.dtypes)

    @property
    def ranked(self) -> pd.DataFrame:
        """The rows of `ranking` that have a rank, most agreeing first."""
        return self.ranking[self.ranking["standing"] == "ranked"]

    @cached_property
    def featured(self) -> pd.DataFrame:
        """The rows of `ranking` to look at closely.

        The bodies that the study features, if they took a position. Where it features none, the
        ranked ones; of more than six the first three and the last three. Where none is ranked
        either, up to six with a score, the largest base first.
        """
        if self.study.featured:
            heard = self.ranking["body_id"].isin(self.positions["body_id"])
            return self.ranking[heard & self.ranking["body_id"].isin(self.study.featured)]
        ranked = self.ranked
        if ranked.empty:
            few = self.ranking[self.ranking["standing"] == "too few"].dropna(subset=["agreement"])
            return few.sort_values("spoke", ascending=False, kind="stable").head(CLOSE)
        return ranked if len(ranked) <= CLOSE else ranked.iloc[[0, 1, 2, -3, -2, -1]]

    @cached_property
    def nearest(self) -> pd.DataFrame:
        """The model each body is nearest to, if one is: see `comparisons.nearest`."""
        return comparisons.nearest(self.models_compared)

    @cached_property
    def models_compared(self) -> pd.DataFrame:
        """Every two models for each body, over what both and it speak to: see `comparisons`."""
        return comparisons.models_compared(self.contributions)

    @property
    def pooling_table(self) -> pd.DataFrame:
        """The rows of `contributions` that are pooled: the reference model's, no proposer's."""
        mine = self.contributions[self.contributions["model_id"] == self.model]
        return self.without_proposers(mine)

    @cached_property
    def pooled(self) -> pooling.Pooled:
        """How likely each order of two bodies is, if what was not seen is like what was.

        See `measures.pooling.pool`. Bounds assume nothing of what was not seen; this assumes much.
        """
        return pooling.pool(self.pooling_table)

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every two featured bodies, over what both address: `comparisons.bodies_compared`.

        Judged by the reference model. Its proposers are not compared.
        """
        bodies = self.without_proposers(self.featured)["body_id"].tolist()
        return comparisons.bodies_compared(self.pooling_table, bodies)

    @cached_property
    def consensus(self) -> pd.DataFrame:
        """What unites and what divides, one row per proposition: see `measures.consensus`."""
        return consensus.standings(self.positions, self.study.propositions)

    @cached_property
    def relations(self) -> pd.DataFrame:
        """Pairs of bodies by shared propositions, same and opposite sides: see `networks`."""
        return networks.relations(self.positions)

    @cached_property
    def groups(self) -> groups.Groups:
        """Who stands with whom, or why there are no groups: see `measures.groups.find`.

        Proposers of the model take no part: they agree with themselves.
        """
        return groups.find(self.without_proposers(self.positions), self.study.propositions)

    def groups_by_coder(self, draws: int = 20, seed: int = 20210211) -> pd.DataFrame:
        """Look for the groups again with one coder for each source, drawn at random.

        Returns
        -------
        DataFrame
            One row per group: `group`, `jaccard` (how much of it came back, on average), `draws`
            (0 where no source was read by several coders), `standing`.
        """
        drawn = [
            stances.positions(
                stances.resolve(codings, self.study.adjudications.head(0)), self.sources,
                **self.counting.of_cells,
            )
            for codings in coder_uncertainty.coder_draws(self.study.codings, draws, seed)
        ]  # fmt: skip
        return cluster_validation.over(drawn, self.groups.members, self.study.propositions)

    def map(self, landmarks: Collection[str] | None = None) -> mds.Map:
        """Place bodies and models on a plane: see `measures.mds.place`.

        Parameters
        ----------
        landmarks
            Two models from which the plane takes its direction, the left and the right one. By
            default the reference model lies right, and left the model that differs most from it.
        """
        study = self.study
        chosen = self._furthest() if landmarks is None else tuple(landmarks)
        return mds.place(self.positions, study.model_positions, study.propositions, chosen)

    def _furthest(self) -> tuple[str, ...]:
        """Name the model that differs most from the reference model, and that; none if alone."""
        held = self.study.model_positions.set_index(["proposition_id", "model_id"])["position"]
        wide = held.unstack().drop(columns=self.model, errors="ignore")
        if self.model not in held.index.get_level_values("model_id"):
            return ()
        apart = wide.sub(held.xs(self.model, level="model_id"), axis=0).abs().mean().dropna()
        return (str(apart.idxmax()), self.model) if len(apart) else ()

    def narrowed(self, **options: object) -> Analysis:
        """Analyse the same study with some options changed, such as `evidence=("stated",)`."""
        return analyse(self.study, **(dataclasses.asdict(self.counting) | options))


def analyse(
    study: Study,
    *,
    model: str | None = None,
    as_of: str | None = None,
    evidence: Collection[str] = stances.BASES,
    since: str | None = None,
    independent: bool = True,
) -> Analysis:
    """Resolve a study's codings into positions and compare them with its models.

    Silence is left out of every score; the bounds say how far it could move one.

    Parameters
    ----------
    study
        A study, as `read` returns it.
    model
        The id of the reference model; None is the study's own.
    as_of
        ISO date, month or year; sources that may be later do not count. None is the study's own
        last day, where it names one.
    evidence
        The classes of evidence that count, of `stated`, `implied` and `reported`.
    since
        ISO date; sources that may be earlier do not count.
    independent
        Leave out sources that repeat the wording of an earlier one.

    Returns
    -------
    Analysis
        Tidy tables: `positions`, `scores`, `contributions`, `consensus` and others.

    Raises
    ------
    ValueError
        When the study has no such model, `evidence` names an unknown class, or a date is none.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("data"), model="combined")
    >>> analysis.ranked.set_index("body_id").loc["lga", ["spoke", "of"]].tolist()
    [9, 19]
    """
    chosen = model or study.reference_model
    if chosen and chosen not in set(study.models["model_id"]):
        known = ", ".join(study.models["model_id"])
        raise ValueError(f"no model {chosen!r}; the study has {known}")
    if unknown := set(evidence) - set(stances.BASES):
        raise ValueError(f"evidence {sorted(unknown)}: the classes are {', '.join(stances.BASES)}")
    last = as_of or study.as_of or None
    stances.as_of_day(last)
    counting = Counting(model, last, tuple(evidence), since, independent)
    return Analysis(study, counting, chosen)
