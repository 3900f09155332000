"""Score every body against a model in many variants of the analysis at once.

One pass of array arithmetic over variants by bodies by propositions, in chunks of bounded memory.
Where `stances.positions` and `agreement.agreement` can express a variant, the scores are theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from positions.measures._kernel import Bools, Floats, Ints, mean_distance, ratio
from positions.robustness._plan import Cells, Plan, chunks, plan, said
from positions.robustness.proximity import SPACINGS, apart, cost, uncost, unsaid
from positions.study.load import Study
from positions.study.schema import PROPOSER, SCALE

DECIMALS = 9
"""Scores are rounded to this before they are compared."""
STANDINGS = ("ranked", "too few", "calibration", "left out")


def scores(tables: Study, model_id: str, variants: pd.DataFrame) -> pd.DataFrame:
    """Score how far each body agrees with the model, in each variant of the analysis.

    A body that spoke on fewer of the propositions left than a rank needs has none, whatever the
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
    shared, code = _prepared(tables, model_id, variants)
    score = np.full((len(variants), len(shared.bodies)), np.nan)
    spoke = np.zeros(score.shape, dtype="int64")
    for chunk, stands, weight in _measured(shared):
        spoke[chunk] = shared.cells.pairs.sums(~np.isnan(stands))
        score[chunk] = _agreement(shared, code, (chunk, stands, weight))
    return _tidy(shared, variants["variant_id"], score, (spoke, tables.ranked_from))


def pairs(
    tables: Study, model_id: str, variants: pd.DataFrame, wanted: pd.DataFrame
) -> pd.DataFrame:
    """Compare two bodies over what both address, in each variant of the analysis.

    What a silent body counts as plays no part: only what both address is compared.

    Parameters
    ----------
    tables, model_id, variants
        As for `scores`.
    wanted
        One row per pair: `body_id`, `other_id`.

    Returns
    -------
    DataFrame
        One row per pair and variant, in that order: `body_id`, `other_id`, `variant_id`,
        `agreement` and `other_agreement` over what both address, and `shared`, how many
        propositions that is.
    """
    shared, code = _prepared(tables, model_id, variants)
    ids = wanted[["body_id", "other_id"]].drop_duplicates()
    place = pd.Index(shared.bodies["body_id"])
    sides = [place.get_indexer(ids[column]) for column in ids]
    found = np.full((3, len(ids), len(variants)), np.nan)
    for chunk, stands, weight in _measured(shared):
        far, metric = _far(shared, code, chunk, stands)
        for row, pair in enumerate(zip(*sides, strict=True)):
            *means, found[2, row, chunk] = _over_both(shared, pair, far, weight)
            found[:2, row, chunk] = [1 - uncost(metric, mean) for mean in means]
    rows = ids.loc[ids.index.repeat(len(variants))].reset_index(drop=True)
    return rows.assign(
        variant_id=pd.array(np.tile(variants["variant_id"], len(ids)), dtype="str"),
        agreement=found[0].ravel(), other_agreement=found[1].ravel(),
        shared=found[2].ravel().astype("int64"),
    )  # fmt: skip


def _over_both(
    plan: Plan, bodies: tuple[int, int], far: Floats, weight: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return the mean distance of two bodies over what both address, and how much that is."""
    cells = [np.flatnonzero(plan.cells.pairs.body == body) for body in bodies]
    on = [plan.cells.pairs.proposition[at] for at in cells]
    common, *at = np.intersect1d(on[0], on[1], return_indices=True)
    first, second = (far[:, mine[some]] for mine, some in zip(cells, at, strict=True))
    heavy = np.where(np.isnan(first) | np.isnan(second), 0.0, weight[:, common])
    means = [
        ratio((np.where(heavy > 0, side, 0.0) * heavy).sum(axis=1), heavy.sum(axis=1))
        for side in (first, second)
    ]
    return means[0], means[1], (heavy > 0).sum(axis=1)


def _prepared(tables: Study, model_id: str, variants: pd.DataFrame) -> tuple[Plan, Ints]:
    """Lay out the variants, and the code of the model on each proposition it speaks to."""
    asked = tables.model_positions[tables.model_positions["model_id"] == model_id]
    shared = plan(tables, model_id, variants, asked["proposition_id"])
    codes = asked.set_index("proposition_id")["position"] - SCALE[0]
    return shared, codes.reindex(shared.propositions["proposition_id"]).to_numpy(dtype="int64")


def _measured(plan: Plan) -> Iterator[tuple[Ints, Floats, Floats]]:
    """Yield chunks of one metric and one rule for silence: positions and weights of each."""
    for chunk in chunks(plan, plan.place["metric"], plan.place["silence"]):
        stands, counted = said(plan, chunk)
        stands[~plan.left(chunk)[:, plan.cells.pairs.proposition]] = np.nan
        yield chunk, stands, _weights(plan, chunk, counted)


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
    far, metric = _far(plan, code, chunk, stands)
    silence, silent = plan.names["silence"][plan.at(chunk)["silence"][0]], None
    if silence != "left out":
        silent = cost(metric, unsaid(metric, silence, *_references(plan, code, chunk)))
    return 1 - uncost(metric, mean_distance(far, weight, plan.cells.pairs, silent))


def _far(plan: Plan, code: Ints, chunk: Ints, stands: Floats) -> tuple[Floats, str]:
    """Return what each pair's distance costs (variants x pairs), and the metric of the chunk."""
    metric = plan.names["metric"][plan.at(chunk)["metric"][0]]
    reference, relatively = _references(plan, code, chunk)
    far = apart(metric, stands, reference[:, plan.cells.pairs.proposition], relatively)
    return cost(metric, far), metric


def _references(plan: Plan, code: Ints, chunk: Ints) -> tuple[Floats, Bools]:
    """Return where the model stands (variants x propositions), and how distance is measured."""
    at = plan.at(chunk)
    spaced = np.array([SPACINGS[name][code] for name in plan.names["spacing"]])
    relative = np.array([name == "furthest possible" for name in plan.names["normalisation"]])
    return spaced[at["spacing"]], relative[at["normalisation"]][:, None]


def _tidy(plan: Plan, ids: pd.Series, score: Floats, base: tuple[Ints, int]) -> pd.DataFrame:
    """Table the scores: one row per variant and body, with the standing of each."""
    bodies, (spoke, ranked_from) = plan.bodies["body_id"].to_numpy(dtype=object), base
    standing = np.where(spoke < ranked_from, 1, 0)
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
