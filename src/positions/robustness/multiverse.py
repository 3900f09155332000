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
        stands[~shared.left(chunk)[:, shared.cells.pairs.proposition]] = np.nan
        spoke[chunk] = shared.cells.pairs.sums(~np.isnan(stands))
        weight = _weights(shared, chunk, counted)
        score[chunk] = _agreement(shared, code, (chunk, stands, weight))
    return _tidy(shared, variants["variant_id"], score, spoke)


def _weights(plan: Plan, chunk: Ints, counted: Bools) -> Floats:
    """Return weights (variants x propositions); 0 for what is dropped."""
    own = plan.propositions["weight"].to_numpy(dtype="float64")
    weight: Floats = (plan.left(chunk) & (own > 0)).astype("float64")
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
    named = np.array([f"body {key}" for key in bodies], dtype=object)
    dropped = np.array([named == name for name in plan.names["drop"]], dtype=bool)
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
        "of": np.repeat(plan.left(np.arange(len(ids))).sum(axis=1), len(bodies)),
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
