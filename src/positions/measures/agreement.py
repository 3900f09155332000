"""Agreement of bodies with a reference model: score, coverage, bounds, contributions.

City-block distance on the coded scale, as voting-advice applications score it (Louwerse and
Rosema 2014, "The design effects of voting advice applications", Acta Politica 49, 286-312), as a
share of the furthest that a body could be from the model on that proposition.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures import _kernel
from positions.measures._kernel import Floats, Numbers, Pairs
from positions.study.schema import PROPOSER, RANKED_FROM

STANDINGS = ("ranked", "calibration", "too few")
"""The order in which bodies are listed: the ranked first, then those shown apart."""


def compared(
    positions: pd.DataFrame, model_positions: pd.DataFrame, propositions: pd.DataFrame
) -> pd.DataFrame:
    """Measure how near each body is to each model, proposition by proposition.

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
        `nearness` from 0 (as far as one can be) to 1 (the same); and `count` as given.
    """
    counted = ["count"] if "count" in positions else []
    references = model_positions.rename(columns={"position": "reference"})
    found = references[["model_id", "proposition_id", "reference"]].merge(
        positions[["body_id", "proposition_id", "position", *counted]], on="proposition_id"
    )
    found = found.merge(propositions[["proposition_id", "weight"]], on="proposition_id")
    ends = (found[column].to_numpy(dtype="float64") for column in ("position", "reference"))
    found["nearness"] = 1 - _kernel.distance(*ends)
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
    ranked_from: int = RANKED_FROM,
) -> pd.DataFrame:
    """Score how far each body agrees with each model, and bound how far it could.

    The score is the weighted mean of `nearness` over the propositions that both address: what
    a body never mentions is left out of it. The bounds put every silent proposition at its
    worst and at its best for the body, so the score always lies within them. Read it with them
    and with `spoke` and `of`.

    Parameters
    ----------
    positions, model_positions, propositions
        As for `compared`.
    bodies
        One row per body: `body_id`, `name`, `kind`; and, with a `count` in `positions`,
        `respondents`, how many the body is. `spoke` and `of` then count their answers.
    ranked_from
        On how many propositions a body must have spoken to have a rank.

    Returns
    -------
    DataFrame
        One row per model and body: `name`, `agreement`, `lower`, `upper` (shares from 0 to 1;
        agreement is missing for a body that spoke on none of the model's propositions), `spoke`
        and `of` (propositions), `coverage` (their weights' share), and `standing`: `ranked`,
        `calibration` (it proposed or legislates) or `too few` (it spoke on fewer than
        `ranked_from`, or on none that weighs). Sorted by model and standing: the ranked and
        those shown apart by agreement, the others by name, as their base is too small to rank.

    References
    ----------
    Louwerse and Rosema (2014), "The design effects of voting advice applications", Acta
    Politica 49, 286-312, for city-block distance on the coded scale.

    Examples
    --------
    Two points addressed, nearness 1 and 3/4; the silent third is at worst 0 and at best 1:

    >>> points = ["p", "q", "r"]
    >>> said = pd.DataFrame({"body_id": "b", "proposition_id": ["p", "q"], "position": [2, 1]})
    >>> model = pd.DataFrame({"model_id": "m", "proposition_id": points, "position": 2})
    >>> asked = pd.DataFrame({"proposition_id": points, "weight": 1.0})
    >>> who = pd.DataFrame({"body_id": ["b"], "name": ["Body"], "kind": ["union"]})
    >>> found = agreement(said, model, asked, who)
    >>> found[["agreement", "lower", "upper", "spoke", "of"]].round(2).to_numpy().tolist()
    [[0.88, 0.58, 0.92, 2.0, 3.0]]
    """
    references, weight = asked(model_positions, propositions)
    numbers = _numbers(positions, bodies, references, weight)
    rows = references.index.to_frame(index=False).merge(bodies, how="cross")
    rows = rows.assign(**{name: found.ravel() for name, found in numbers.items()})
    rows["standing"] = "ranked"
    rows.loc[(rows["spoke"] < ranked_from) | ~(rows["coverage"] > 0), "standing"] = "too few"
    rows.loc[rows["kind"] == PROPOSER, "standing"] = "calibration"
    return _ordered(rows)


def _numbers(
    positions: pd.DataFrame, bodies: pd.DataFrame, references: pd.DataFrame, weight: Floats
) -> dict[str, Numbers]:
    """Return the numbers of all bodies against all models, each models by bodies."""
    pairs, position, count = _in_pairs(positions, bodies["body_id"], references.columns)
    many = "respondents" in bodies
    size = bodies["respondents"].to_numpy() if many else np.ones(len(bodies), dtype="int64")
    answers = np.bincount(pairs.cell, count, len(pairs.body))
    share = np.nan_to_num(_kernel.ratio(answers, size[pairs.body]))
    reference = references.to_numpy()
    far = _kernel.distance(position, reference[:, pairs.proposition[pairs.cell]])
    far = _kernel.means(far, np.broadcast_to(count, far.shape), pairs)
    ends = np.ones_like(reference), np.zeros_like(reference)
    spoke = pairs.sums(np.where(np.isnan(far), 0.0, answers))
    return {
        "agreement": 1 - _kernel.mean_distance(far, weight, pairs, share=share),
        "lower": 1 - _kernel.mean_distance(far, weight, pairs, ends[0], share),
        "upper": 1 - _kernel.mean_distance(far, weight, pairs, ends[1], share),
        "spoke": spoke if many else spoke.astype("int64"),
        "of": (~np.isnan(reference)).sum(axis=1, keepdims=True) * size,
        "coverage": _kernel.coverage(far, weight, pairs, share),
    }


def asked(model_positions: pd.DataFrame, propositions: pd.DataFrame) -> tuple[pd.DataFrame, Floats]:
    """Lay out what each model says on which propositions, and what these weigh.

    Returns
    -------
    references, weights
        Models by propositions, both sorted by id: the model's position, missing where it takes
        none; and the proposition's weight, 0 there.
    """
    known = model_positions[model_positions["proposition_id"].isin(propositions["proposition_id"])]
    references = known.set_index(["model_id", "proposition_id"])["position"].unstack()
    references = references.astype("float64")
    weight = propositions.set_index("proposition_id")["weight"].reindex(references.columns)
    return references, np.where(references.isna(), 0.0, weight.astype("float64"))


def _in_pairs(
    positions: pd.DataFrame, bodies: pd.Series, propositions: pd.Index
) -> tuple[Pairs, Floats, Floats]:
    """Return the pairs of these bodies and propositions, the positions, how many take each."""
    body = pd.Index(bodies).get_indexer(positions["body_id"])
    proposition = propositions.get_indexer(positions["proposition_id"])
    position = positions["position"].to_numpy(dtype="float64")
    count = np.ones(len(positions))
    if "count" in positions:
        count = positions["count"].to_numpy(dtype="float64")
    elif positions.duplicated(["body_id", "proposition_id"]).any():
        raise ValueError("a body has two positions on one proposition")
    order = np.lexsort((position, proposition, body))
    order = order[(body[order] >= 0) & (proposition[order] >= 0)]
    pairs = Pairs.of(body[order], proposition[order], len(bodies))
    return pairs, position[order], count[order]


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    """Sort the most agreeing first; scores are compared rounded, ties go by id.

    Where the base is too small for a rank, an order by score would be one: it goes by name.
    """
    columns = [
        "body_id", "name", "model_id", "agreement", "lower", "upper", "spoke", "of", "coverage",
        "standing",
    ]  # fmt: skip
    few = rows["standing"] == "too few"
    order = rows.assign(
        _standing=rows["standing"].map(STANDINGS.index),
        _score=-rows["agreement"].round(9).mask(few, 0.0),
        _name=rows["name"].str.casefold().where(few, ""),
    )
    keys = ["model_id", "_standing", "_score", "_name", "body_id"]
    return order.sort_values(keys, ignore_index=True)[columns]


def contributions(compared: pd.DataFrame) -> pd.DataFrame:
    """Split each body's score: what each proposition gives to it, and what it costs.

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
    """Mark the propositions on which a body spoke before the model was proposed.

    A source predates a model only when it surely appeared earlier. A model without a date is
    predated by nothing.

    Returns
    -------
    DataFrame
        One row per model, body and proposition that both address: `predates`.
    """
    rows = model_positions[["model_id", "proposition_id"]].merge(
        positions[["body_id", "proposition_id", "latest"]], on="proposition_id"
    )
    rows = rows.merge(models[["model_id", "proposed"]], on="model_id")
    # A month or a year stands for its first day here: earlier than that is surely earlier.
    rows["predates"] = rows["latest"] < pd.to_datetime(rows["proposed"].replace("", None))
    return rows[["model_id", "body_id", "proposition_id", "predates"]]


def overlapping(scores: pd.DataFrame) -> pd.DataFrame:
    """Count with how many others a body could change places: whose bounds overlap.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model: `body_id`, `lower`, `upper`, `standing`.

    Returns
    -------
    DataFrame
        One row per ranked body: `overlaps`, how many other ranked bodies could change places
        with it if the silent spoke.
    """
    ranked = scores[scores["standing"] == "ranked"]
    low, high = ranked["lower"].to_numpy(), ranked["upper"].to_numpy()
    touch = (low[:, None] <= high[None, :]) & (low[None, :] <= high[:, None])
    return ranked[["body_id"]].assign(overlaps=touch.sum(axis=1) - 1)
