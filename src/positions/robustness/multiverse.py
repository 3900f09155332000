"""Score every body against a model in many variants of the analysis at once.

One pass of array arithmetic over variants by bodies by propositions, in chunks of bounded memory.
Where `stances.positions` and `agreement.agreement` can express a variant, the scores are theirs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures._kernel import Bools, Floats, Ints, mean_distance
from positions.measures.agreement import RANKED_FROM
from positions.robustness._plan import Cells, Plan, chunks, plan, said
from positions.robustness.proximity import SPACINGS, apart, cost, uncost, unsaid
from positions.robustness.specifications import DEFAULT
from positions.study.load import Study
from positions.study.schema import PROPOSER, SCALE

DECIMALS = 9
"""Scores are rounded to this before they are compared."""
STANDINGS = ("ranked", "too few", "calibration", "left out")


def scores(tables: Study, model_id: str, variants: pd.DataFrame) -> pd.DataFrame:
    """Score how far each body agrees with the model, in each variant of the analysis.

    A body that spoke on fewer than three of the propositions left is not ranked, whatever the
    rule for silence: taking the silent as neutral is not evidence. One that spoke on none has
    no score at all. Proposers are never ranked.
    A proposition to which the study gives no weight has none in any variant.

    Parameters
    ----------
    tables
        The study's tables.
    model_id
        The reference model.
    variants
        One row per variant: `variant_id` and a column per choice, holding levels.

    Returns
    -------
    DataFrame
        One row per variant and body, in the order of the variants, then by body: `variant_id`,
        `body_id`, `agreement` (a share from 0 to 1; missing where the body has no score),
        `spoke` and `of` (propositions that are left), and `standing`: `ranked`, `too few`,
        `calibration` (proposers) or `left out` (the variant drops the body).

    Raises
    ------
    ValueError
        When a level is none that this study has; the message names it.
    """
    asked = tables.model_positions[tables.model_positions["model_id"] == model_id]
    shared = plan(tables, model_id, variants, asked["proposition_id"])
    codes = asked.set_index("proposition_id")["position"] - SCALE[0]
    code = codes.reindex(shared.propositions["proposition_id"]).to_numpy(dtype="int64")
    score = np.full((len(variants), len(shared.bodies)), np.nan)
    spoke = np.zeros(score.shape, dtype="int64")
    for chunk in chunks(shared, shared.place["metric"], shared.place["silence"]):
        stands, counted = said(shared, chunk)
        spoke[chunk] = shared.cells.pairs.sums(~np.isnan(stands))
        weight = _weights(shared, chunk, counted)
        score[chunk] = _agreement(shared, code, (chunk, stands, weight))
    return _tidy(shared, variants["variant_id"], score, spoke)


def _weights(plan: Plan, chunk: Ints, counted: Bools) -> Floats:
    """Return weights (variants x propositions); 0 for what is dropped."""
    own = plan.propositions["weight"].to_numpy(dtype="float64")
    remains = plan.remains[plan.place["drop"][chunk]] & (own > 0)
    weight: Floats = remains.astype("float64")
    place = plan.place["weights"][chunk]
    for number, name in enumerate(plan.names["weights"]):
        those = place == number
        if name == "own":
            weight[those] *= own
        elif name == "by theme":
            same = plan.propositions["theme"].to_numpy()
            size = weight[those] @ (same[:, None] == same[None, :]).astype("float64")
            weight[those] /= np.maximum(size, 1)
        elif name == "by salience":
            weight[those] *= _salience(plan.cells, counted[those], len(own))
    return weight


def _salience(cells: Cells, counted: Bools, propositions: int) -> Floats:
    """Count the sources that count and speak to each proposition (variants x propositions)."""
    if not counted.size:
        return np.zeros((len(counted), propositions))
    proposition = cells.pairs.proposition[cells.pairs.cell]
    order = np.lexsort((cells.source, proposition))
    pairs = np.column_stack([proposition, cells.source])[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(pairs, axis=0) != 0).any(axis=1)])
    speaks = np.logical_or.reduceat(counted[:, order], starts, axis=1)
    member = pairs[starts, :1] == np.arange(propositions)[None, :]
    found: Floats = speaks.astype("float64") @ member.astype("float64")
    return found


def _agreement(plan: Plan, code: Ints, some: tuple[Ints, Floats, Floats]) -> Floats:
    """Score (variants x bodies) a chunk that has one metric and one rule for silence."""
    chunk, stands, weight = some
    at = plan.at(chunk)
    metric = plan.names["metric"][at["metric"][0]]
    silence = plan.names["silence"][at["silence"][0]]
    spaced = np.array([SPACINGS[name][code] for name in plan.names["spacing"]])
    relative = np.array([name == "furthest possible" for name in plan.names["normalisation"]])
    reference, relatively = spaced[at["spacing"]], relative[at["normalisation"]][:, None]
    pairs = plan.cells.pairs
    far = cost(metric, apart(metric, stands, reference[:, pairs.proposition], relatively))
    silent = None
    if silence != "left out":
        silent = cost(metric, unsaid(metric, silence, reference, relatively))
    return 1 - uncost(metric, mean_distance(far, weight, pairs, silent))


def _tidy(plan: Plan, ids: pd.Series, score: Floats, spoke: Ints) -> pd.DataFrame:
    """Table the scores: one row per variant and body, with the standing of each."""
    bodies = plan.bodies["body_id"].to_numpy(dtype=object)
    standing = np.where(spoke < RANKED_FROM, 1, 0)
    standing[:, (plan.bodies["kind"] == PROPOSER).to_numpy()] = 2
    dropped = np.array(plan.names["drop"], dtype=object)[:, None] == [f"body {b}" for b in bodies]
    out = dropped[plan.place["drop"]]
    unheard = out | (spoke == 0)
    standing[out] = 3
    # Words are taken from arrays of words, not made of each row: there are many rows.
    each, names = pd.array(ids, dtype="str"), pd.array(bodies, dtype="str")
    found = {
        "variant_id": each.repeat(len(bodies)),
        "body_id": names.take(np.tile(np.arange(len(bodies)), len(ids))),
        "agreement": np.where(unheard, np.nan, score).ravel(),
        "spoke": spoke.ravel(),
        "of": np.repeat(plan.remains.sum(axis=1)[plan.place["drop"]], len(bodies)),
        "standing": pd.array(STANDINGS, dtype="str").take(standing.ravel()),
    }
    return pd.DataFrame(found)


def positions(tables: Study, model_id: str, variants: pd.DataFrame) -> pd.DataFrame:
    """Return where each body stands on every proposition, in each variant of the analysis.

    Of the choices, only spacing, evidence, as-of date, coder and what is dropped matter here.
    Propositions on which the model says nothing are among them.

    Parameters
    ----------
    tables, model_id, variants
        As for `scores`.

    Returns
    -------
    DataFrame
        One row per variant, body and proposition with a position, in that order: `variant_id`,
        `body_id`, `proposition_id`, `position` in [-2, 2].

    Raises
    ------
    ValueError
        When a level is none that this study has; the message names it.
    """
    shared = plan(tables, model_id, variants, tables.propositions["proposition_id"])
    found = []
    for chunk in chunks(shared):
        stands, _ = said(shared, chunk)
        variant, pair = np.nonzero(~np.isnan(stands))
        body, proposition = shared.cells.pairs.body[pair], shared.cells.pairs.proposition[pair]
        found.append(
            pd.DataFrame(
                {
                    "variant_id": variants["variant_id"].iloc[chunk].to_numpy()[variant],
                    "body_id": shared.bodies["body_id"].to_numpy()[body],
                    "proposition_id": shared.propositions["proposition_id"].to_numpy()[proposition],
                    "position": stands[variant, pair],
                }
            )
        )
    return pd.concat(found, ignore_index=True)


# --- scores laid out -----------------------------------------------------------------------


def ends(scores: pd.DataFrame) -> pd.DataFrame:
    """Find who is closest to the model in each variant, and who furthest.

    Parameters
    ----------
    scores
        One row per variant and body: `agreement`, `standing`.

    Returns
    -------
    DataFrame
        One row per variant, in their order: `variant_id`, `ranked` (how many bodies), `closest`
        and `furthest` (tuples of body_ids: all that tie; missing where none is ranked), and
        their agreement, `most` and `least`.
    """
    ranked = scores[scores["standing"] == "ranked"].sort_values("body_id")
    score = ranked["agreement"].round(DECIMALS)
    by_variant = score.groupby(ranked["variant_id"])
    found = pd.DataFrame(
        {"ranked": by_variant.size(), "most": by_variant.max(), "least": by_variant.min()}
    )
    for name, end in (("closest", "max"), ("furthest", "min")):
        there = ranked[score == by_variant.transform(end)]
        found[name] = there.groupby("variant_id")["body_id"].agg(tuple)
    found = found.reindex(pd.Index(scores["variant_id"].unique(), name="variant_id"))
    found["ranked"] = found["ranked"].fillna(0).astype("int64")
    columns = ["variant_id", "ranked", "closest", "most", "furthest", "least"]
    return found.reset_index()[columns]


def curve(
    scores: pd.DataFrame, variants: pd.DataFrame, body_id: str, most: int = 400
) -> pd.DataFrame:
    """Sort one body's scores over the variants, for a specification curve.

    Where there are more than can be told apart, evenly spaced ranks stand for the rest, the
    lowest and the highest among them.

    Parameters
    ----------
    scores, variants
        As `multiverse.scores` and `variants` give them.
    body_id
        Whose scores.
    most
        How many variants to keep.

    Returns
    -------
    DataFrame
        One row per variant in which the body is ranked, lowest score first: the columns of
        `variants`, and `agreement`. What is dropped is told by its kind (`proposition`, ...).
    """
    mine = scores[(scores["body_id"] == body_id) & (scores["standing"] == "ranked")]
    found = mine[["variant_id", "agreement"]].merge(variants, on="variant_id")
    found["agreement"] = found["agreement"].round(DECIMALS)
    found = found.sort_values(["agreement", "variant_id"], ignore_index=True)
    if len(found) > most:
        found = found.iloc[np.linspace(0, len(found) - 1, most).round().astype("int64")]
    kind = found["drop"].str.split().str[0]
    return found.assign(drop=kind).reset_index(drop=True)


def spread(scores: pd.DataFrame) -> pd.DataFrame:
    """Find the ends between which each body's score moves over the variants.

    Parameters
    ----------
    scores
        One row per variant and body: `agreement`, `standing`; the default among the variants.

    Returns
    -------
    DataFrame
        One row per body ranked in some variant, the highest default first (those not ranked by
        default last): `body_id`, `default` (missing where not ranked by default), `low`, `high`,
        `analyses` (in how many it is ranked).
    """
    ranked = scores[scores["standing"] == "ranked"]
    found = ranked.groupby("body_id")["agreement"].agg(low="min", high="max", analyses="size")
    default = ranked[ranked["variant_id"] == DEFAULT].set_index("body_id")["agreement"]
    found.insert(0, "default", default.reindex(found.index).astype("float64"))
    order = found["default"].round(DECIMALS).sort_values(ascending=False, kind="stable").index
    return found.loc[order].reset_index()


def marks(choices: pd.DataFrame) -> pd.DataFrame:
    """List the rows below a specification curve: `choice`, `level`; things dropped by kind.

    Parameters
    ----------
    choices
        As `specifications.available` returns it.
    """
    kind = choices["level"].str.split().str[0].where(choices["choice"] == "drop")
    levels = choices.assign(level=kind.fillna(choices["level"]))
    return levels[["choice", "level"]].drop_duplicates(ignore_index=True)
