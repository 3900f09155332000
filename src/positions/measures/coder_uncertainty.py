"""What if another reader had read? Agreement when each cell is read by one coder at random.

The bounds of a score answer "what if the silent spoke"; this interval answers how much the score
owes to who read. In each draw every cell takes the reading of one of the coders who read its
source: a code, or no row. Adjudication plays no part in it.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from positions.measures.stances import BASES, CELL, as_of_day, readers
from positions.study.schema import SCALE

WIDTH = SCALE[1] - SCALE[0]


def coder_intervals(
    codings: pd.DataFrame,
    sources: pd.DataFrame,
    model_positions: pd.DataFrame,
    propositions: pd.DataFrame,
    *,
    as_of: str | None = None,
    evidence: Collection[str] = BASES,
    draws: int = 2000,
    seed: int = 20210211,
) -> pd.DataFrame:
    """Between what ends does each score lie when the coder of each cell is drawn at random?

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder: `stance`, `basis`.
    sources, model_positions, propositions
        As for `positions` and `agreement`.
    as_of, evidence
        As for `positions`; a coder's own basis decides whether the reading counts.
    draws, seed
        How many draws, and where their random numbers start (PCG64).

    Returns
    -------
    DataFrame
        One row per model and body with a score in any draw, sorted: `coder_lower` and
        `coder_upper` (95 %, shares from 0 to 1); `unsure`, how many of the body's cells on the
        model's propositions coders read differently. A body none of whose sources was read by
        two coders has no row: what another would have read is not known.
    """
    codings = codings[codings["basis"].isin(list(evidence))]
    if (day := as_of_day(as_of)) is not None:
        sources = sources[sources["latest"] <= day]
    codings = codings[codings["source_id"].isin(sources["source_id"])]
    cells, drawn = _draw(codings, draws, seed)
    cells = cells.merge(sources[["source_id", "earliest", "latest"]], on="source_id")
    read = cells["source_id"].map(readers(codings).groupby("source_id").size())
    twice = set(cells.loc[read > 1, "body_id"])
    keys, positions = _positions(cells, drawn)
    rows = []
    for model_id, model in model_positions.groupby("model_id", sort=True):
        rows.append(_scores(keys, positions, model, propositions).assign(model_id=model_id))
    if not rows:
        return pd.DataFrame(columns=["model_id", "body_id", "coder_lower", "coder_upper", "unsure"])
    found = pd.concat(rows, ignore_index=True)
    return found.loc[
        found["body_id"].isin(twice),
        ["model_id", "body_id", "coder_lower", "coder_upper", "unsure"],
    ].reset_index(drop=True)


def _draw(codings: pd.DataFrame, draws: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """The cells, and their stance in each draw (cells x draws; missing: the reader has no row)."""
    table = codings.set_index([*CELL, "coder"])["stance"].unstack("coder").astype("float64")
    table = table.sort_index()
    read = readers(codings).sort_values("coder")
    read["column"] = table.columns.get_indexer(read["coder"])
    columns = {source_id: of.to_numpy() for source_id, of in read.groupby("source_id")["column"]}
    generator = np.random.Generator(np.random.PCG64(seed))
    said, drawn = table.to_numpy(), np.empty((len(table), draws))
    for place, source_id in enumerate(table.index.get_level_values("source_id")):
        among = columns[source_id]
        drawn[place] = said[place, among[generator.integers(len(among), size=draws)]]
    cells = table.index.to_frame(index=False)
    return cells, drawn


def _positions(cells: pd.DataFrame, drawn: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """The position on each body and proposition in each draw, by the rule of `positions`."""
    earliest = cells["earliest"].to_numpy().astype("int64")
    latest = cells["latest"].to_numpy().astype("int64")
    groups = cells.groupby(["body_id", "proposition_id"], sort=True).indices
    found = np.full((len(groups), drawn.shape[1]), np.nan)
    for number, places in enumerate(groups.values()):
        said = drawn[places]
        if len(places) == 1:
            found[number] = said[0]
            continue
        there = ~np.isnan(said)
        newest = np.where(there, earliest[places, None], np.iinfo("int64").min).max(axis=0)
        counts = there & (latest[places, None] >= newest)
        number_of = counts.sum(axis=0)
        total = np.where(counts, said, 0).sum(axis=0)
        found[number] = np.where(number_of, total / np.maximum(number_of, 1), np.nan)
    keys = pd.DataFrame(list(groups), columns=["body_id", "proposition_id"])
    return keys, found


def _scores(
    keys: pd.DataFrame, positions: np.ndarray, model: pd.DataFrame, propositions: pd.DataFrame
) -> pd.DataFrame:
    """Quantiles over the draws of each body's agreement with one model."""
    reference = keys["proposition_id"].map(model.set_index("proposition_id")["position"])
    weight = keys["proposition_id"].map(propositions.set_index("proposition_id")["weight"])
    asked = reference.notna().to_numpy()
    said, r = positions[asked], reference[asked].to_numpy(dtype="float64")[:, None]
    w = weight[asked].to_numpy(dtype="float64")[:, None]
    there = ~np.isnan(said)
    near = np.where(there, w * (1 - np.abs(said - r) / WIDTH), 0)
    varies = there.any(axis=1) & ((np.nanmax(np.where(there, said, -9), axis=1)
              != np.nanmin(np.where(there, said, 9), axis=1)) | ~there.all(axis=1))  # fmt: skip
    rows = []
    for body_id, places in keys[asked].reset_index(drop=True).groupby("body_id").indices.items():
        total = np.where(there[places], w[places], 0).sum(axis=0)
        scores = near[places].sum(axis=0)[total > 0] / total[total > 0]
        if len(scores):
            lower, upper = np.quantile(scores.round(9), [0.025, 0.975])
            rows.append((body_id, lower, upper, int(varies[places].sum())))
    return pd.DataFrame(rows, columns=["body_id", "coder_lower", "coder_upper", "unsure"])
