"""Individual respondents beside the bodies of an analysis: each table computed when asked for."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Sequence
from functools import cached_property

import pandas as pd

from positions.measures.analysis import Analysis
from positions.responses import (
    agreement,
    consultation,
    groups,
    questions,
    study_files,
    votes,
)


@dataclasses.dataclass(frozen=True)
class Respondents:
    """What individual respondents answered, as tidy tables; `respondents` makes it.

    Attributes
    ----------
    analysis
        The analysis of the bodies that the respondents are set beside.
    counted
        The answers as counted: see `responses.consultation.Consultation`.
    """

    analysis: Analysis
    counted: consultation.Consultation

    @property
    def number(self) -> int:
        """How many respondents count; 0 in a study without responses."""
        return self.counted.respondents

    @cached_property
    def items(self) -> pd.DataFrame:
        """What was asked, one row per question, and what was not: see `responses.questions`."""
        study = self.analysis.study
        return questions.items(study.questions, study.propositions)

    @cached_property
    def models(self) -> pd.DataFrame:
        """The models' positions on the design, over which agreement is measured."""
        return agreement.on_design(self.analysis.study)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """One row per model and type of respondent: see `responses.agreement.scores`.

        Every response counts; in `each_text_once` a text that many sent counts as one.
        """
        models, key = self.models, ["model_id", "body_id"]
        found = agreement.scores(self.counted.counted, self.items, models)
        once = agreement.scores(self.counted.counted, self.items, models, once=True)
        once = once[[*key, "agreement"]].rename(columns={"agreement": "each_text_once"})
        return found.merge(once, on=key, validate="one_to_one")

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """The rows of `scores` against the reference model, all respondents first.

        `type` stands for `body_id`: a type of respondent is no body.
        """
        mine = self.scores[self.scores["model_id"] == self.analysis.model]
        return mine.rename(columns={"body_id": "type"}).reset_index(drop=True)

    @cached_property
    def asked(self) -> int:
        """How many questions the reference model speaks to."""
        return len(agreement.reference(self.items, self.models, self.analysis.model))

    @cached_property
    def distribution(self) -> pd.DataFrame:
        """Single respondents by agreement with the model: `permille`, `n`, `weight`, sorted.

        Who answered too little to be ranked, were it a body, is left out.
        """
        return agreement.placed(self.counted.spread, self.asked)

    @cached_property
    def bars(self) -> pd.DataFrame:
        """The distribution in bars of five points: `low`, `high`, `n`, `share` (by weight)."""
        return agreement.bins(self.distribution)

    def quantile(self, share: float) -> float:
        """Return the agreement that this share of respondents, by weight, does not exceed."""
        return agreement.quantile(self.distribution, share)

    @cached_property
    def bodies(self) -> pd.DataFrame:
        """Bodies among the respondents, most agreeing first: see `responses.agreement.beside`.

        A body is judged here over the points of the design that respondents were asked about.
        """
        found = agreement.bodies_scores(
            self.analysis.positions, self.items, self.models, self.analysis.study.bodies,
            self.analysis.model,
        )  # fmt: skip
        return agreement.beside(self.distribution, found)

    @cached_property
    def consensus(self) -> pd.DataFrame:
        """On which questions respondents agree: see `responses.agreement.standings`."""
        return agreement.standings(self.counted.counted, self.items)

    @property
    def _asked(self) -> pd.DataFrame:
        return self.items[self.items["asked"]]

    @property
    def are_votes(self) -> bool:
        """Whether all answers are votes: for, against or neither, of one strength."""
        return votes.are_votes(self.counted.patterns, self._asked["item_id"].tolist())

    @cached_property
    def votes(self) -> pd.DataFrame:
        """How each group voted on each question: see `votes.shares`. Groups have their letters."""
        return self._of_votes(votes.shares)

    @cached_property
    def united(self) -> pd.DataFrame:
        """On which questions all groups agree, as Polis measures it: see `votes.consensus`."""
        return self._of_votes(votes.consensus)

    @cached_property
    def representative(self) -> pd.DataFrame:
        """What each group stands for, as Polis measures it: see `votes.representative`.

        Groups have their letters.
        """
        return self._of_votes(votes.representative)

    def _of_votes(self, measure: Callable[..., pd.DataFrame]) -> pd.DataFrame:
        """Measure the answers where they are votes, and of groups; else there is no row."""
        names = self._asked["item_id"].tolist()
        found = measure(self.counted.patterns, names, self.groups.labels)
        if not (self.are_votes and len(self.groups.groups)):
            found = found.head(0)
        if "group" in found:
            found = found.assign(group=[groups.NAMES[group] for group in found["group"]])
        return found

    @cached_property
    def groups(self) -> groups.RespondentGroups:
        """Who among the respondents stands together: see `responses.groups.find`."""
        asked = self._asked
        whole = consultation.as_integers(asked["weight"])
        weights = dict(zip(asked["item_id"], whole, strict=True))
        return groups.find(self.counted.patterns, list(weights), weights)


def respondents(
    analysis: Analysis,
    files: Sequence[str | os.PathLike[str]] = (),
    counting: consultation.CountOptions = consultation.DEFAULT,
) -> Respondents:
    """Count the individual responses of a study and set them beside its bodies.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    files
        Files of answers; by default those in the study's folder `responses`. A study without
        any has no respondents, and tables without rows.
    counting
        Thresholds, and bounds of memory.

    Returns
    -------
    Respondents
        Tidy tables: `agreement`, `distribution`, `bodies`, `consensus` and others.

    Raises
    ------
    NotResponses
        When there are answers, and they cannot be read, or not one row of them counts.

    Examples
    --------
    >>> import positions as ps
    >>> ps.respondents(ps.analyse(ps.read("data"))).number
    0
    """
    study = analysis.study
    found = study_files.counted(study, analysis.model, files, counting)
    return Respondents(analysis, found or consultation.nothing(study.questions))
