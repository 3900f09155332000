"""How much does a score owe to who read? Scores for every choice of readers.

Bounds answer what silence hides; this range answers what the choice of readers does. It is no
uncertainty of the score: readers of one make can err alike. Each source is read by one of the
coders who read it: their codes count, and what they have no row for is
silent. Adjudication plays no part.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from positions.measures import _kernel
from positions.measures._kernel import Floats, Ints
from positions.measures.agreement import asked
from positions.measures.stances import BASES, by_coder, dated_within, readers, strength
from positions.study.schema import CELL

EXACT_UP_TO = 4096
"""Choices of readers up to which a body's range rests on all of them, not on a sample."""
_COLUMNS = {
    "model_id": "str", "body_id": "str", "coder_lower": "float64", "coder_upper": "float64",
    "unsure": "int64",
}  # fmt: skip


def coder_intervals(
    codings: pd.DataFrame,
    sources: pd.DataFrame,
    model_positions: pd.DataFrame,
    propositions: pd.DataFrame,
    *,
    as_of: str | None = None,
    evidence: Collection[str] = BASES,
    since: str | None = None,
    draws: int = 2000,
    seed: int = 20210211,
) -> pd.DataFrame:
    """Bound 95% of each body's scores over all choices of readers.

    Only sources whose readers differ on the body make a choice. Their choices are all looked at
    where they are at most `EXACT_UP_TO`; else a sample of them is.

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder: `stance`, `basis`.
    sources, model_positions, propositions
        As for `positions` and `agreement`.
    as_of, evidence, since
        As for `positions`; a coder's own basis decides whether the reading counts.
    draws, seed
        How many choices a sample has, and where its random numbers start (PCG64).

    Returns
    -------
    DataFrame
        One row per model and body with a score in any choice, sorted: `coder_lower` and
        `coder_upper` (2.5 % and 97.5 %, shares from 0 to 1); `unsure`, on how many of the
        model's propositions the body's position depends on who read. A body none of whose
        sources was read by two coders has no row: nobody knows what a second one would read.
    """
    codings = by_coder(codings[codings["basis"].isin(list(evidence))])
    sources = dated_within(sources, as_of, since)
    codings = codings[codings["source_id"].isin(sources["source_id"])]
    who = readers(codings).sort_values("coder").groupby("source_id")["coder"].agg(list)
    if who.empty or who.map(len).max() < 2:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    seen = codings["source_id"].map(sources.set_index("source_id")["text_seen"])
    codings = codings.assign(strong=strength(codings["basis"], seen)).set_index([*CELL, "coder"])
    table = codings[["stance", "strong"]].unstack("coder").astype("float64")
    keys = table.index.to_frame(index=False)
    said = np.stack([table[kind].to_numpy() for kind in ("stance", "strong")])
    source, ids = pd.factorize(keys["source_id"])
    coders = [table["stance"].columns.get_indexer(names) for names in who[ids]]
    dated = sources.set_index("source_id").loc[ids]
    days = np.stack([_kernel.days(dated[end])[source] for end in ("earliest", "latest")])
    references, weights = asked(model_positions, propositions)
    asked_at = references.columns.get_indexer(keys["proposition_id"])
    body, bodies = pd.factorize(keys["body_id"])
    proposition, _ = pd.factorize(keys["proposition_id"])
    rows = []
    for number, body_id in enumerate(bodies):
        cells = slice(*np.searchsorted(body, [number, number + 1]))
        read, places = pd.factorize(source[cells])
        who_read = [coders[place] for place in places]
        if max(map(len, who_read)) < 2:
            continue
        pairs = _kernel.Pairs.of(body[cells] - number, proposition[cells], 1)
        chosen = _choices(_differing(said[:, cells], read, who_read), draws, seed)
        positions = _positions(said[:, cells], days[:, cells], chosen[:, read], pairs)
        at = asked_at[cells][np.diff(pairs.cell, prepend=-1) > 0]
        positions, at = positions[:, at >= 0], at[at >= 0]  # on what some model asks
        for model_id, reference, weight in zip(
            references.index, references.to_numpy()[:, at], weights[:, at], strict=True
        ):
            ends = _range(positions, reference, weight)
            rows += [(model_id, body_id, *ends)] if ends else []
    found = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)
    return found.sort_values(["model_id", "body_id"], ignore_index=True)


def _differing(said: Floats, source: Ints, coders: Sequence[Ints]) -> list[Ints]:
    """Return which coders of each source to choose from: one will do where all read alike."""
    found = []
    for number, of in enumerate(coders):
        mine = said[:, source == number][..., of].reshape(-1, len(of))
        found.append(of if _differ(mine) else of[:1])
    return found


def _positions(said: Floats, days: Ints, chosen: Ints, pairs: _kernel.Pairs) -> Floats:
    """Return one body's positions, choices of readers by propositions; `chosen` by cells."""
    codes, strengths = said[:, np.arange(said.shape[1]), chosen]
    earliest, latest = days
    stands = _kernel.standing(~np.isnan(codes), earliest, latest, strengths, pairs)
    return _kernel.means(codes, stands, pairs)


def _differ(codes: Floats) -> bool:
    """Return whether any row holds two different values; NaN is a value of its own."""
    first = codes[:, :1]
    return bool(((codes != first) & ~(np.isnan(codes) & np.isnan(first))).any())


def _choices(columns: list[Ints], draws: int, seed: int) -> Ints:
    """Return which coder reads each source: all choices where they are few, else a sample."""
    if math.prod(len(of) for of in columns) <= EXACT_UP_TO:
        return np.array(list(itertools.product(*columns)))
    random = np.random.Generator(np.random.PCG64(seed))
    return np.column_stack([of[random.integers(len(of), size=draws)] for of in columns])


def _range(positions: Floats, reference: Floats, weight: Floats) -> tuple[float, float, int] | None:
    """Return the ends of the scores and how many positions vary; None where no score is."""
    one = np.zeros(len(reference), dtype="int64")
    pairs = _kernel.Pairs.of(one, np.arange(len(reference)), 1)
    far = _kernel.distance(positions, reference)
    scores = 1 - _kernel.mean_distance(far, weight, pairs)[:, 0]
    scores = scores[~np.isnan(scores)].round(9)
    if not len(scores):
        return None
    lower, upper = np.quantile(scores, [0.025, 0.975], method="inverted_cdf")
    varies = [_differ(column[None]) for column in positions.T[~np.isnan(reference)]]
    return float(lower), float(upper), sum(varies)


def coder_draws(codings: pd.DataFrame, draws: int, seed: int) -> list[pd.DataFrame]:
    """Draw one reader for each source from those who read it, and return their codings.

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder.
    draws, seed
        How many draws, and the seed of PCG64.

    Returns
    -------
    list of DataFrame
        One table of codings per draw, to be resolved and dated as any; empty where no source
        has several coders, for then there is nothing to draw.
    """
    read = codings[["source_id", "coder"]].drop_duplicates().sort_values(["source_id", "coder"])
    readers = read.groupby("source_id", sort=True)["coder"].agg(list)
    if codings.empty or readers.map(len).max() < 2:
        return []
    random = np.random.Generator(np.random.PCG64(seed))
    found = []
    for _ in range(draws):
        chosen = {source: who[random.integers(len(who))] for source, who in readers.items()}
        found.append(codings[codings["coder"] == codings["source_id"].map(chosen)])
    return found
