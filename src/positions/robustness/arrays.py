"""Where does every body stand, on every proposition, in many variants of the analysis at once?

The rule is that of `stances.positions`, as array arithmetic over variants by cells. Chunks of
variants keep memory bounded.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from positions.measures.stances import CELL, as_of_day, resolve
from positions.robustness.proximity import SPACINGS
from positions.robustness.specifications import (
    EVIDENCE,
    METRIC,
    NORMALISATION,
    SILENCE,
    WEIGHTS,
    Tables,
    evidence_masks,
)
from positions.study.schema import SCALE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.float64, np.int64)

CHUNK = 1 << 18
"""Numbers that one array of a chunk holds, about: 2 MB each, several at a time."""


@dataclasses.dataclass(frozen=True)
class Cells:
    """Every cell that some reading has a stance for, sorted by body, proposition and source.

    `stance` (spacing by reading by cell), `counts` (evidence by reading by cell), `in_time`
    (as-of date by cell) and `kept` (dropped thing by cell) have a row for each level in use.
    `pair` numbers the pairs of body and proposition; `body` and `proposition` are a pair's.
    """

    stance: Floats
    counts: Bools
    in_time: Bools
    kept: Bools
    earliest: Ints
    latest: Ints
    source: Ints
    pair: Ints
    body: Ints
    proposition: Ints


@dataclasses.dataclass(frozen=True)
class Plan:
    """What all chunks share: bodies and propositions in order, the cells, and the levels.

    `names` are the levels of each choice in use, `place` the level of each variant by its place
    among them. `remains` (dropped thing by proposition) says which propositions are left.
    """

    bodies: pd.DataFrame
    propositions: pd.DataFrame
    cells: Cells
    names: dict[str, list[str]]
    place: dict[str, Ints]
    remains: Bools

    def at(self, chunk: Ints) -> dict[str, Ints]:
        """The level of each choice in these variants, by its place."""
        return {choice: place[chunk] for choice, place in self.place.items()}


def positions(tables: Tables, model_id: str, variants: pd.DataFrame) -> pd.DataFrame:
    """Where does each body stand on every proposition, in each variant of the analysis?

    Of the choices, only spacing, evidence, as-of date, coder and what is dropped matter here.
    Propositions on which the model says nothing are among them.

    Parameters
    ----------
    tables, model_id, variants
        As for `multiverse.scores`.

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
        body, proposition = shared.cells.body[pair], shared.cells.proposition[pair]
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


# --- chunks of variants --------------------------------------------------------------------


def chunks(plan: Plan, *alike: Ints) -> Iterator[Ints]:
    """Places of variants, few enough for an array of them; alike in these choices."""
    wide = max(len(plan.cells.pair), len(plan.bodies) * len(plan.propositions), 1)
    most = max(1, CHUNK // wide)
    count = len(plan.place["metric"])
    kinds = np.column_stack([*alike, np.zeros(count, dtype="int64")])
    for kind in np.unique(kinds, axis=0):
        places = np.flatnonzero((kinds == kind).all(axis=1))
        for start in range(0, len(places), most):
            yield places[start : start + most]


def said(plan: Plan, chunk: Ints) -> tuple[Floats, Bools]:
    """Positions (variants x pairs, NaN: silent) and which cells count at all (variants x cells).

    The rule is that of `stances.positions`: a cell gives way only to one of a source that is
    surely later; the others' mean is the position. Most bodies are silent on most propositions:
    only the pairs of body and proposition that some cell speaks of have a place.
    """
    cells, at = plan.cells, plan.at(chunk)
    counted = (
        cells.counts[at["evidence"], at["coder"]]
        & cells.in_time[at["as_of"]]
        & cells.kept[at["drop"]]
    )
    if not counted.size:
        return np.empty((len(chunk), 0)), counted
    starts = np.flatnonzero(np.diff(cells.pair, prepend=-1))
    first = np.iinfo("int64").min
    newest = np.maximum.reduceat(np.where(counted, cells.earliest, first), starts, axis=1)
    standing = counted & (cells.latest >= newest[:, cells.pair])
    stance = np.where(standing, cells.stance[at["spacing"], at["coder"]], 0.0)
    number = np.add.reduceat(standing.astype("int64"), starts, axis=1)
    total = np.add.reduceat(stance, starts, axis=1)
    there = (number > 0) & plan.remains[at["drop"]][:, cells.proposition]
    mean = np.divide(total, number, out=np.full(total.shape, np.nan), where=there)
    return mean, counted


def by_body(plan: Plan, numbers: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """Sums over each body's pairs (variants x bodies), from numbers of pairs."""
    body = plan.cells.body
    sums = np.zeros((len(numbers), len(plan.bodies)), dtype=numbers.dtype)
    starts = np.flatnonzero(np.diff(body, prepend=-1))
    if starts.size:
        sums[:, body[starts]] = np.add.reduceat(numbers, starts, axis=1)
    return sums


# --- the plan ------------------------------------------------------------------------------


def plan(tables: Tables, model_id: str, variants: pd.DataFrame, asked: Collection[str]) -> Plan:
    """Everything that is the same for all chunks, in canonical order.

    Parameters
    ----------
    tables, model_id, variants
        As for `multiverse.scores`.
    asked
        The propositions to look at.

    Raises
    ------
    ValueError
        When there are no variants, or a level is none that this study has.
    """
    if variants.empty:
        raise ValueError("there are no variants to look at")
    bodies = tables.bodies.sort_values("body_id", ignore_index=True)
    propositions = tables.propositions[tables.propositions["proposition_id"].isin(asked)]
    propositions = propositions.sort_values("proposition_id", ignore_index=True)
    names, place = {}, {}
    for choice, known in _known(tables).items():
        codes, levels = pd.factorize(variants[choice], sort=True)
        if strange := [str(level) for level in levels if known and level not in known]:
            raise ValueError(f"{choice}: no level {strange[0]!r} in this study")
        names[choice] = [str(level) for level in levels]
        place[choice] = codes.astype("int64")
    cells = _cells(tables, model_id, names, (bodies, propositions))
    left = [_left(propositions, name, ("proposition", "theme")) for name in names["drop"]]
    return Plan(bodies, propositions, cells, names, place, np.array(left))


def _known(tables: Tables) -> dict[str, Collection[str]]:
    """The levels that each choice could have in this study; none given for dates."""
    things = (
        (tables.propositions, "proposition"), (tables.sources, "source"), (tables.bodies, "body"),
    )  # fmt: skip
    drop = {"nothing"} | {f"theme {theme}" for theme in tables.propositions["theme"]}
    drop |= {f"{kind} {key}" for table, kind in things for key in table[f"{kind}_id"]}
    return {
        "spacing": SPACINGS,
        "weights": WEIGHTS,
        "silence": SILENCE,
        "evidence": EVIDENCE,
        "as_of": (),
        "coder": {"adjudicated", *tables.codings["coder"]},
        "metric": METRIC,
        "normalisation": NORMALISATION,
        "drop": drop,
    }


def _left(rows: pd.DataFrame, name: str, kinds: tuple[str, str]) -> Bools:
    """Which rows are left when one thing is dropped, such as `source konp-letter`."""
    kind, _, key = name.partition(" ")
    if kind not in kinds:
        return np.ones(len(rows), dtype=bool)
    left: Bools = rows[kind if kind == "theme" else f"{kind}_id"].to_numpy(dtype=object) != key
    return left


def _in_time(cells: pd.DataFrame, name: str) -> Bools:
    """Which cells are of sources surely not later than an as-of date."""
    if name == "latest":
        return np.ones(len(cells), dtype=bool)
    found: Bools = (cells["latest"] <= as_of_day(name)).to_numpy(dtype=bool)
    return found


def _reading(tables: Tables, resolved: pd.DataFrame, coder: str) -> pd.DataFrame:
    """The cells as one coder read them, where that coder read; elsewhere as resolved.

    To leave out what a coder never read would change who is heard, not who read.
    """
    if coder == "adjudicated":
        return resolved.dropna(subset=["stance"])
    own = tables.codings.loc[tables.codings["coder"] == coder, [*CELL, "stance", "basis"]]
    others = resolved[~resolved["source_id"].isin(own["source_id"])]
    return pd.concat([others.dropna(subset=["stance"]), own])


def _cells(
    tables: Tables,
    model_id: str,
    names: dict[str, list[str]],
    order: tuple[pd.DataFrame, pd.DataFrame],
) -> Cells:
    """The arrays of all cells on these propositions, for the levels in use."""
    bodies, propositions = order
    resolved = resolve(tables.codings, tables.adjudications)[[*CELL, "stance", "basis"]]
    found = [
        _reading(tables, resolved, coder).assign(reading=n)
        for n, coder in enumerate(names["coder"])
    ]
    rows = pd.concat(found)
    rows = rows[rows["proposition_id"].isin(propositions["proposition_id"])]
    about = ["source_id", "text_seen", "follows", "earliest", "latest"]
    rows = rows.merge(tables.sources[about], on="source_id", validate="many_to_one")
    first, at, start, pair = _numbered(rows)
    unique = rows.iloc[first]
    pairs = unique.iloc[start]
    code = np.zeros((len(found), len(unique)), dtype="int64")
    code[rows["reading"], at] = rows["stance"].astype("int64") - SCALE[0]
    counts = np.zeros((len(names["evidence"]), *code.shape), dtype=bool)
    masks = evidence_masks(rows, tables.models, model_id)
    for number, name in enumerate(names["evidence"]):
        counts[number, rows["reading"], at] = masks[name]
    return Cells(
        stance=np.array([SPACINGS[name][code] for name in names["spacing"]]),
        counts=counts,
        in_time=np.array([_in_time(unique, name) for name in names["as_of"]]),
        kept=np.array([_left(unique, name, ("source", "body")) for name in names["drop"]]),
        earliest=unique["earliest"].to_numpy().astype("int64"),
        latest=unique["latest"].to_numpy().astype("int64"),
        source=pd.factorize(unique["source_id"])[0].astype("int64"),
        pair=pair,
        body=pd.Index(bodies["body_id"]).get_indexer(pairs["body_id"]),
        proposition=pd.Index(propositions["proposition_id"]).get_indexer(pairs["proposition_id"]),
    )


def _numbered(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints]:
    """Cells, in the order of their ids: the first row of each, and the cell of each row.

    Then the same of pairs of body and proposition: the first cell of each, the pair of each cell.
    """
    codes = [pd.factorize(rows[column], sort=True) for column in CELL]
    sources = max(len(codes[2][1]), 1)
    pair_of_row = codes[0][0] * max(len(codes[1][1]), 1) + codes[1][0]
    cells, first, at = np.unique(
        pair_of_row * sources + codes[2][0], return_index=True, return_inverse=True
    )
    _, start, pair = np.unique(cells // sources, return_index=True, return_inverse=True)
    return first, at, start, pair.astype("int64")
