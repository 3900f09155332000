"""Agreement of bodies with a reference model: score, coverage, bounds, contributions.

City-block distance on the coded scale, as voting-advice applications score it (Louwerse and
Rosema 2014, "The design effects of voting advice applications", Acta Politica 49, 286-312).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.study.schema import SCALE

WIDTH = SCALE[1] - SCALE[0]
RANKED_FROM = 3
"""Propositions a body must have spoken on to be ranked."""
PROPOSER = "proposer"
"""The kind of body that is shown apart, as calibration, and never ranked."""


def compared(
    positions: pd.DataFrame, model_positions: pd.DataFrame, propositions: pd.DataFrame
) -> pd.DataFrame:
    """How near is each body to each model, proposition by proposition?

    Only propositions that the body addressed and the model speaks to are compared.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2]. Where a body is many
        respondents, one row per position they take, and `count`, how many take it.
    model_positions
        One row per model and proposition: `position` in [-2, 2].
    propositions
        One row per proposition: `weight`.

    Returns
    -------
    DataFrame
        One row per model, body and proposition, sorted: `position`, `reference`, `weight`,
        `nearness` from 0 (opposite ends of the scale) to 1 (the same); and `count` as given.
    """
    counted = ["count"] if "count" in positions else []
    references = model_positions.rename(columns={"position": "reference"})
    found = references[["model_id", "proposition_id", "reference"]].merge(
        positions[["body_id", "proposition_id", "position", *counted]], on="proposition_id"
    )
    found = found.merge(propositions[["proposition_id", "weight"]], on="proposition_id")
    found["nearness"] = 1 - (found["position"] - found["reference"]).abs() / WIDTH
    key = ["model_id", "body_id", "proposition_id"]
    order = [*key, "position"] if counted else key
    return found[[*key, "position", "reference", "weight", "nearness", *counted]].sort_values(
        order, ignore_index=True
    )


def agreement(
    positions: pd.DataFrame,
    model_positions: pd.DataFrame,
    propositions: pd.DataFrame,
    bodies: pd.DataFrame,
) -> pd.DataFrame:
    """How far does each body agree with each model, and how far could it?

    The score is the weighted mean of `nearness` over the propositions that both address: what
    a body never mentions is left out of it. The bounds put every silent proposition at its
    worst and at its best for the body; read the score with them and with `spoke` and `of`.

    Parameters
    ----------
    positions, model_positions, propositions
        As for `compared`.
    bodies
        One row per body: `body_id`, `name`, `kind`; and, with a `count` in `positions`,
        `respondents`, how many the body is. `spoke` and `of` then count their answers.

    Returns
    -------
    DataFrame
        One row per model and body, sorted by model, then most agreeing first: `name`, `agreement`,
        `lower`, `upper` (shares from 0 to 1; agreement is missing for a body that spoke on
        none of the model's propositions), `spoke` and `of` (propositions), `coverage` (their
        weights' share), and `standing`: `ranked`, `calibration` (who proposed or legislates)
        or `too few` (fewer than three propositions, or none that weighs).
    """
    models = _reach(model_positions, propositions)
    many = ["respondents"] if "respondents" in bodies else []
    rows = models.merge(bodies[["body_id", "name", "kind", *many]], how="cross")
    for column in ("of", "total", "worst") if many else ():
        rows[column] = rows[column] * rows["respondents"]
    spoken = _spoken(compared(positions, model_positions, propositions), models)
    rows = rows.merge(spoken, on=["model_id", "body_id"], how="left")
    rows["spoke"] = rows["spoke"].fillna(0).astype("float64" if many else "int64")
    for column in ("near", "weight", "worst_spoken"):
        rows[column] = rows[column].fillna(0.0)
    rows["agreement"] = (rows["near"] / rows["weight"]).where(rows["weight"] > 0)
    rows["lower"] = (rows["near"] + rows["worst"] - rows["worst_spoken"]) / rows["total"]
    rows["upper"] = (rows["near"] + rows["total"] - rows["weight"]) / rows["total"]
    rows["coverage"] = rows["weight"] / rows["total"]
    rows["standing"] = "ranked"
    rows.loc[(rows["spoke"] < RANKED_FROM) | (rows["weight"] == 0), "standing"] = "too few"
    rows.loc[rows["kind"] == PROPOSER, "standing"] = "calibration"
    return _ordered(rows)


def _reach(model_positions: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """Per model: how many propositions it speaks to, their weight, and the worst nearness."""
    known = model_positions.merge(propositions[["proposition_id", "weight"]], on="proposition_id")
    known = known.assign(worst=known["weight"] * _worst(known["position"]))
    by_model = known.groupby("model_id", sort=True)
    sums = by_model[["weight", "worst"]].sum().rename(columns={"weight": "total"})
    sums.insert(0, "of", by_model.size())
    return sums.reset_index()


def _worst(reference: pd.Series) -> pd.Series:
    """The nearness of a body at the end of the scale that is furthest from the reference."""
    return 1 - np.maximum(reference - SCALE[0], SCALE[1] - reference) / WIDTH


def _spoken(near: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Per model and body: sums over the propositions that both address."""
    count = near.get("count", 1)
    weight = near["weight"] * count
    near = near.assign(
        spoke=count,
        near=weight * near["nearness"],
        worst_spoken=weight * _worst(near["reference"]),
        weight=weight,
    )
    sums = near.groupby(["model_id", "body_id"], sort=True)
    return sums[["spoke", "near", "weight", "worst_spoken"]].sum().reset_index()


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Most agreeing first; scores are rounded before they are compared, ties go by id."""
    columns = [
        "body_id", "name", "model_id", "agreement", "lower", "upper", "spoke", "of", "coverage",
        "standing",
    ]  # fmt: skip
    order = rows.assign(_score=-rows["agreement"].round(9).fillna(-1.0))
    return order.sort_values(["model_id", "_score", "body_id"], ignore_index=True)[columns]


def contributions(compared: pd.DataFrame) -> pd.DataFrame:
    """What moves each body's score: how many points does each proposition give, and cost?

    Parameters
    ----------
    compared
        One row per model, body and proposition, as `compared` returns it.

    Returns
    -------
    DataFrame
        The rows of `compared` with `gives` and `costs`, shares of the score's scale: over a
        body and model, `gives` adds up to the agreement and `costs` to what it lacks of 1.
    """
    total = compared.groupby(["model_id", "body_id"])["weight"].transform("sum")
    share = (compared["weight"] / total).where(total > 0, 0.0)
    return compared.assign(
        gives=share * compared["nearness"], costs=share * (1 - compared["nearness"])
    )


def predating(
    positions: pd.DataFrame, models: pd.DataFrame, model_positions: pd.DataFrame
) -> pd.DataFrame:
    """On which of a model's propositions did a body speak before the model was proposed?

    A source predates a model only when it surely appeared earlier. A model without a date is
    predated by nothing.

    Returns
    -------
    DataFrame
        One row per model, body and proposition that both address: `predates`.
    """
    proposed = pd.to_datetime(models.set_index("model_id")["proposed"].replace("", None))
    rows = model_positions[["model_id", "proposition_id"]].merge(
        positions[["body_id", "proposition_id", "latest"]], on="proposition_id"
    )
    # A month or a year stands for its first day here: earlier than that is surely earlier.
    rows["predates"] = rows["latest"] < rows["model_id"].map(proposed)
    return rows[["model_id", "body_id", "proposition_id", "predates"]]


def overlapping(scores: pd.DataFrame) -> pd.DataFrame:
    """Which bodies' ranks are not settled: whose bounds overlap?

    Parameters
    ----------
    scores
        Rows of `agreement` for one model: `body_id`, `lower`, `upper`, `standing`.

    Returns
    -------
    DataFrame
        One row per ranked body: `overlaps`, how many other ranked bodies could change places
        with it if the silent spoke, and `ranked`, how many there are besides it.
    """
    ranked = scores[scores["standing"] == "ranked"]
    low, high = ranked["lower"].to_numpy(), ranked["upper"].to_numpy()
    touch = (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])
    return pd.DataFrame(
        {
            "body_id": ranked["body_id"].to_numpy(),
            "overlaps": touch.sum(axis=1) - 1,
            "ranked": len(ranked) - 1,
        }
    )


def nearest(scores: pd.DataFrame) -> pd.DataFrame:
    """Which model is each body nearest to?

    Only models on which the body spoke on enough to be ranked are compared. Scores are rounded
    to nine decimals before they are compared; bodies with a tie have a row for each model.

    Parameters
    ----------
    scores
        One row per model and body: `body_id`, `model_id`, `agreement`, `spoke`, `of`,
        `standing`.

    Returns
    -------
    DataFrame
        The rows of `scores` of the nearest models, sorted by body and model.
    """
    known = scores[scores["standing"] == "ranked"]
    rounded = known["agreement"].round(9)
    best = rounded.groupby(known["body_id"]).transform("max")
    return known[rounded == best].sort_values(["body_id", "model_id"], ignore_index=True)


def dated(sources: pd.DataFrame, proposed: str) -> pd.DataFrame:
    """Which sources surely appeared before a model was proposed?

    Parameters
    ----------
    sources
        One row per source: `earliest`, `latest` (days).
    proposed
        ISO date of the model; empty when it has none.

    Returns
    -------
    DataFrame
        `sources` with `before`: `yes`, `no`, or `unknown` where the source's date is an interval
        that holds the model's, or the model has no date.
    """
    before = pd.Series("unknown", index=sources.index, dtype="str")
    if proposed:
        day = pd.Timestamp(proposed)
        before[sources["latest"] < day] = "yes"
        before[sources["earliest"] >= day] = "no"
    return sources.assign(before=before)
