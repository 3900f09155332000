"""Where could the analysis reasonably have gone another way?

A *choice* is a place where an analyst could have done otherwise; its *levels* are what could be
done there, the default first. Only levels that the study can tell apart are listed: with one
coder, nobody can ask for another.
"""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from positions.agreement import PROPOSER
from positions.stances import resolve

CHOICES = (
    "spacing", "weights", "silence", "evidence", "as_of", "coder", "metric", "normalisation",
    "drop",
)  # fmt: skip
"""The choices, in the order in which they are printed."""

SPACING = {
    "even": "the five codes are equally far apart: -2, -1, 0, 1, 2",
    "direction only": "only for or against counts: -1, -1, 0, 1, 1",
    "extremes stretched": "without reservation is far from with: -3, -1, 0, 1, 3",
}
SILENCE = {
    "left out": "what a body never mentions is left out of its score",
    "neutral": "a silent body counts as taking no side",
    "worst": "a silent body counts at its worst",
    "best": "a silent body counts at its best",
}
METRIC = {
    "city-block": "mean of the distances",
    "Euclidean": "root of the mean squared distance: one far point costs more",
    "directional": "scalar product: a strong stance on the model's side counts most",
    "same sign": "share of propositions on the model's side",
}
NORMALISATION = {
    "scale width": "a distance is a share of the scale's width",
    "furthest possible": "a distance is a share of the furthest that the proposition allows",
}

Levels = list[tuple[str, str]]


class Tables(Protocol):
    """The tables of a study that the variants are made from; a read `Study` has them all."""

    @property
    def bodies(self) -> pd.DataFrame:
        """One row per body."""

    @property
    def sources(self) -> pd.DataFrame:
        """One row per source."""

    @property
    def propositions(self) -> pd.DataFrame:
        """One row per proposition."""

    @property
    def models(self) -> pd.DataFrame:
        """One row per reference model."""

    @property
    def model_positions(self) -> pd.DataFrame:
        """One row per model and proposition."""

    @property
    def codings(self) -> pd.DataFrame:
        """One row per body, proposition, source and coder."""

    @property
    def adjudications(self) -> pd.DataFrame:
        """One row per decided disagreement."""


def available(tables: Tables, model_id: str) -> pd.DataFrame:
    """Where could the analysis of this study reasonably have gone another way?

    A level that would leave everything as it is, or nothing at all, is no alternative and is
    left out: stated evidence where all is stated, a theme of one proposition (it is that
    proposition), a phase that ends with the last source. A level that only makes no difference
    to the scores stays in.

    Parameters
    ----------
    tables
        The study's tables.
    model_id
        The reference model.

    Returns
    -------
    DataFrame
        One row per choice and level, in order: `choice`, `level`, `default` (whether the level
        is the default; one per choice), `about` (what it does, in words).

    Raises
    ------
    ValueError
        When the study has no such model.
    """
    if model_id not in set(tables.models["model_id"]):
        raise ValueError(f"no model {model_id!r}: {', '.join(sorted(tables.models['model_id']))}")
    cells = resolve(tables.codings, tables.adjudications).dropna(subset=["stance"])
    cells = cells.merge(tables.sources, on="source_id", validate="many_to_one")
    asked = tables.model_positions.loc[
        tables.model_positions["model_id"] == model_id, "proposition_id"
    ]
    propositions = tables.propositions[tables.propositions["proposition_id"].isin(asked)]
    levels: dict[str, Levels] = {
        "spacing": list(SPACING.items()),
        "weights": _weights(propositions, cells),
        "silence": list(SILENCE.items()),
        "evidence": _evidence(cells, tables.models, model_id),
        "as_of": _as_of(cells),
        "coder": _coder(tables.codings),
        "metric": list(METRIC.items()),
        "normalisation": list(NORMALISATION.items()),
        "drop": _drop(propositions, cells, tables.bodies),
    }
    rows = [
        (choice, level, place == 0, about)
        for choice in CHOICES
        for place, (level, about) in enumerate(levels[choice])
    ]
    return pd.DataFrame(rows, columns=["choice", "level", "default", "about"])


def _weights(propositions: pd.DataFrame, cells: pd.DataFrame) -> Levels:
    equal = ("equal", "every proposition weighs the same")
    levels = [equal]
    if len(propositions.loc[propositions["weight"] > 0, "weight"].unique()) > 1:
        levels = [("own", "the weights that the study gives its propositions"), equal]
    if len(propositions["theme"].unique()) > 1:
        levels.append(("by theme", "every theme weighs the same"))
    if len(cells["source_id"].unique()) > 1:
        levels.append(("by salience", "a proposition weighs as many sources as speak to it"))
    return levels


def evidence_masks(
    cells: pd.DataFrame, models: pd.DataFrame, model_id: str
) -> dict[str, tuple[str, pd.Series]]:
    """Which cells count under each class of evidence?

    Parameters
    ----------
    cells
        One row per body, proposition and source: `basis`, `text_seen`, `follows`, `earliest`.
    models
        One row per model: `proposed`.
    model_id
        The model that evidence may be older than.

    Returns
    -------
    dict
        Per level: what it means in words, and which rows of `cells` count.
    """
    found = {
        "all": ("all that was coded", cells["basis"].notna()),
        "stated only": ("only what a body stated in terms", cells["basis"] == "stated"),
        "own words": ("not what others report of a body", cells["basis"] != "reported"),
        "whole texts": ("only texts that were read whole", cells["text_seen"] == "whole"),
        "independent": ("not texts that repeat another's wording", cells["follows"] == ""),
    }
    proposed = models.set_index("model_id").loc[model_id, "proposed"]
    if proposed:
        since = cells["earliest"] >= pd.Timestamp(proposed)
        found["since the model"] = ("only texts surely not older than the model", since)
    return found


def _evidence(cells: pd.DataFrame, models: pd.DataFrame, model_id: str) -> Levels:
    masks = evidence_masks(cells, models, model_id)
    return [
        (level, about)
        for level, (about, counts) in masks.items()
        if level == "all" or (counts.any() and not counts.all())
    ]


def _as_of(cells: pd.DataFrame) -> Levels:
    """Each phase's last day on which some coded source is still to come."""
    ends = cells.groupby("phase")["latest"].max()
    levels = [("latest", "all sources count")]
    for day, phases in ends.groupby(ends):
        if day < cells["latest"].max():
            named = " and ".join(f"“{phase}”" for phase in sorted(phases.index))
            levels.append((str(day.date()), f"only sources up to the end of phase {named}"))
    return levels


def _coder(codings: pd.DataFrame) -> Levels:
    coders = sorted(codings["coder"].unique())
    alone = [(c, f"as {c} read it, wherever {c} read") for c in coders] if len(coders) > 1 else []
    return [("adjudicated", "what the coders agree on, else what was decided"), *alone]


def _drop(propositions: pd.DataFrame, cells: pd.DataFrame, bodies: pd.DataFrame) -> Levels:
    """One thing left out at a time, where something else is left."""
    themes = propositions.groupby("theme").size()
    proposers = bodies.loc[bodies["kind"] == PROPOSER, "body_id"]
    things = {
        "proposition": propositions["proposition_id"],
        "theme": themes.index[(themes > 1) & (themes < themes.sum())],
        "source": cells["source_id"],
        "body": cells.loc[~cells["body_id"].isin(proposers), "body_id"],
    }
    levels = [("nothing", "nothing is left out")]
    for kind, ids in things.items():
        unique = sorted(set(ids))
        if len(unique) > 1 or kind == "theme":
            levels += [(f"{kind} {key}", f"the {kind} “{key}” is left out") for key in unique]
    return levels
