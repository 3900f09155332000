"""What a study's documents say: which of them count, and the position each body takes in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from functools import cached_property
from typing import Any

import pandas as pd

from positions.measures import blanks, outcomes, reliability, stances
from positions.study import objects
from positions.study.load import Study
from positions.study.schema import DESIGN, PROPOSER
from positions.words import plural


@dataclasses.dataclass(frozen=True)
class Counting:
    """Which evidence counts, and against which model claims are judged (None: the study's own)."""

    model: str | None = None
    as_of: str | None = None
    evidence: Collection[str] = stances.BASES
    since: str | None = None
    independent: bool = True

    @property
    def of_cells(self) -> dict[str, Any]:
        """Which cells of the sources count, as `stances.positions` and others take it."""
        return {"as_of": self.as_of, "evidence": self.evidence, "since": self.since}


@dataclasses.dataclass(frozen=True)
class Evidence:
    """What counts of a study, before anything is measured: the lower half of an `Analysis`.

    Each table is computed when it is first asked for, and kept.
    """

    study: Study
    counting: Counting
    model: str

    @property
    def label(self) -> str:
        """The name of the reference model."""
        return str(self._reference.get("label", "no reference model"))

    @property
    def proposed(self) -> str:
        """The ISO date on which the reference model was proposed; empty where it is not known."""
        return str(self._reference.get("proposed", ""))

    @property
    def _reference(self) -> pd.Series:
        models = self.study.models.set_index("model_id")
        return models.loc[self.model] if self.model else pd.Series(dtype="str")

    @cached_property
    def documents(self) -> pd.DataFrame:
        """The study's sources but those that carry nothing but outcomes: no body speaks there."""
        study = self.study
        if not len(study.outcomes):
            return study.sources
        said = pd.concat(
            [study.codings["source_id"], study.model_positions["source_id"],
             study.engagement["source_id"]]
        )  # fmt: skip
        told = set(study.outcomes["source_id"]) - set(said)
        return study.sources[~study.sources["source_id"].isin(told)]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The documents that count, one row each."""
        found = self.documents
        return stances.independent(found) if self.counting.independent else found

    @cached_property
    def tables(self) -> Study:
        """The study with those of its sources that count, within the time asked for."""
        return dataclasses.replace(self.study, sources=self._in_time)

    @cached_property
    def resolved(self) -> pd.DataFrame:
        """The stance of each cell once all coders are heard: see `measures.stances.resolve`."""
        return stances.resolve(self.study.codings, self.study.adjudications)

    @property
    def notice(self) -> str:
        """What a reader must know first: how many cells are open; empty where none is."""
        unresolved = int((self.resolved["status"] == "unresolved").sum())
        if not unresolved:
            return ""
        return (
            f"Provisional: on {plural(unresolved, 'cell')} of {len(self.resolved)} the coders "
            "disagree and nothing was decided. These cells are set aside, and no number here "
            "counts them."
        )

    @cached_property
    def positions(self) -> pd.DataFrame:
        """One row per body and proposition with evidence: see `measures.stances.positions`."""
        return stances.positions(self.resolved, self.sources, **self.counting.of_cells)

    def without_proposers(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of bodies that did not propose the model: those agree with themselves."""
        bodies = self.study.bodies
        proposers = bodies.loc[bodies["kind"] == PROPOSER, "body_id"]
        return rows[~rows["body_id"].isin(proposers)]

    @cached_property
    def bodies(self) -> pd.DataFrame:
        """The study's bodies with `seen`: whether their texts were read `whole` or in part."""
        return stances.seen(self.resolved, self.sources, self.study.bodies)

    @cached_property
    def models(self) -> pd.DataFrame:
        """The study's models, the reference model first."""
        models = self.study.models
        return models.sort_values("model_id", key=lambda ids: ids != self.model, kind="stable")

    @cached_property
    def disagreements(self) -> pd.DataFrame:
        """Where coders differ, and what was decided: see `measures.reliability.side_by_side`."""
        return reliability.side_by_side(self.study.codings, self.study.adjudications)

    @cached_property
    def superseded(self) -> pd.DataFrame:
        """The cells that a later one on the same point replaced: see `stances.superseded`."""
        return stances.superseded(self.resolved, self.sources, **self.counting.of_cells)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Where things stood before, began and ended, once readers are heard.

        One row per proposition and state, with the phrase: see `measures.outcomes.resolve`.
        Empty where a study has none.
        """
        coders = self.study.coders
        return outcomes.resolve(
            self.study.outcomes, dict(zip(coders["coder"], coders["name"], strict=True))
        )

    @cached_property
    def moves(self) -> pd.DataFrame:
        """How far things moved on each proposition whose end is known: see `outcomes.moves`."""
        return outcomes.moves(self.outcomes, self.study.propositions)

    @property
    def design(self) -> pd.DataFrame:
        """The propositions on what a model provides."""
        return self.study.propositions[self.study.propositions["kind"] == DESIGN]

    @cached_property
    def blanks(self) -> pd.DataFrame:
        """Why each missing position is missing: see `measures.blanks.blanks`."""
        study = self.study
        return blanks.blanks(
            self.positions, self.resolved, self._in_time, study.bodies, study.propositions
        )

    @cached_property
    def cells(self) -> pd.DataFrame:
        """One row per body and proposition of the study, with a position or a kind of blank.

        The columns of `positions` (missing for a blank); `predates`, whether it was taken before
        the reference model was proposed; `blank`, empty where there is a position.
        """
        proposed = pd.Timestamp(self.proposed) if self.proposed else pd.NaT
        said = self.positions.assign(predates=self.positions["latest"] < proposed, blank="")
        found = pd.concat([said, self.blanks.assign(predates=False)], ignore_index=True)
        return found.sort_values(["body_id", "proposition_id"], ignore_index=True)

    @cached_property
    def look_again(self) -> pd.DataFrame:
        """The codes whose phrase names no object of its proposition: see `study.objects`."""
        return objects.unnamed(self.study.codings, self.study.propositions)

    @property
    def ranked_from(self) -> int:
        """How many of a model's propositions a body must have spoken on to be ranked."""
        return self.study.ranked_from

    @property
    def phases(self) -> list[str]:
        """The phases of the proposals that have sources as of the date, in order."""
        return stances.phases(self._in_time, self.study.phases)

    @property
    def _in_time(self) -> pd.DataFrame:
        return stances.dated_within(self.sources, self.counting.as_of, self.counting.since)

    @cached_property
    def by_phase(self) -> pd.DataFrame:
        """Positions within each phase of the proposals: see `measures.stances.by_phase`."""
        return stances.by_phase(self.resolved, self._in_time, evidence=self.counting.evidence)
