"""What all variants of the analysis share: cells, levels, dates and places, as arrays.

A variant takes one level of each choice. For each level in use there is an array; a chunk of
variants picks from them, so that memory stays bounded.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

import numpy as np
import pandas as pd

from positions.measures import _kernel
from positions.measures._kernel import Bools, Floats, Ints, Pairs
from positions.measures.stances import as_of_day, by_coder, resolve, strength
from positions.robustness.proximity import SPACINGS
from positions.robustness.specifications import (
    EVIDENCE,
    KINDS,
    METRIC,
    NORMALISATION,
    SILENCE,
    WEIGHTS,
    evidence_masks,
)
from positions.study.load import Study
from positions.study.schema import CELL, DESIGN, SCALE

CHUNK = 1 << 18
"""Numbers that one array of a chunk holds, about: 2 MB each, several at a time."""


@dataclasses.dataclass(frozen=True)
class Cells:
    """Every cell that some reading has a stance for, sorted by body, proposition and source.

    `stance` (spacing by reading by cell), `counts` (evidence by reading by cell),
    `strength` (reading by cell), `in_time` (as-of date by cell) and `kept` (dropped thing by
    cell) have a row for each level in use.
    `pairs` are their pairs of body and proposition.
    """

    stance: Floats
    counts: Bools
    strength: Ints
    in_time: Bools
    kept: Bools
    earliest: Ints
    latest: Ints
    source: Ints
    pairs: Pairs


@dataclasses.dataclass(frozen=True)
class Plan:
    """What all chunks share: bodies and propositions in order, the cells, and the levels.

    `names` are the levels of each choice in use, `place` the level of each variant by its place
    among them. `remains` (dropped thing by proposition) says which propositions are left, and
    `counted` (kinds by proposition) which are of a kind that counts.
    """

    bodies: pd.DataFrame
    propositions: pd.DataFrame
    cells: Cells
    names: dict[str, list[str]]
    place: dict[str, Ints]
    remains: Bools
    counted: Bools

    def left(self, chunk: Ints) -> Bools:
        """Return which propositions make the score, variants by propositions."""
        at = self.at(chunk)
        found: Bools = self.remains[at["drop"]] & self.counted[at["kinds"]]
        return found

    def at(self, chunk: Ints) -> dict[str, Ints]:
        """Return the level of each choice in these variants, by its place."""
        return {choice: place[chunk] for choice, place in self.place.items()}


# --- chunks of variants --------------------------------------------------------------------


def chunks(plan: Plan, *alike: Ints) -> Iterator[Ints]:
    """Yield places of variants that are alike in these choices, few enough for an array."""
    wide = max(len(plan.cells.source), len(plan.bodies) * len(plan.propositions), 1)
    most = max(1, CHUNK // wide)
    count = len(plan.place["metric"])
    kinds = np.column_stack([*alike, np.zeros(count, dtype="int64")])
    for kind in np.unique(kinds, axis=0):
        places = np.flatnonzero((kinds == kind).all(axis=1))
        for start in range(0, len(places), most):
            yield places[start : start + most]


def said(plan: Plan, chunk: Ints) -> tuple[Floats, Bools]:
    """Return positions (variants x pairs; NaN: silent) and which cells count (variants x cells).

    Most bodies are silent on most propositions: only the pairs of body and proposition that some
    cell speaks of have a place.
    """
    cells, at = plan.cells, plan.at(chunk)
    counted = (
        cells.counts[at["evidence"], at["coder"]]
        & cells.in_time[at["as_of"]]
        & cells.kept[at["drop"]]
    )
    strong = cells.strength[at["coder"]]
    stands = _kernel.standing(counted, cells.earliest, cells.latest, strong, cells.pairs)
    stance = cells.stance[at["spacing"], at["coder"]]
    return _kernel.means(stance, stands, cells.pairs), counted


# --- the plan ------------------------------------------------------------------------------


def plan(tables: Study, model_id: str, variants: pd.DataFrame, asked: Collection[str]) -> Plan:
    """Lay out all that is the same for all chunks, in canonical order.

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
    left = [_left(propositions, name) for name in names["drop"]]
    design = (propositions["kind"] == DESIGN).to_numpy()
    counted = [design if name == "design" else np.ones_like(design) for name in names["kinds"]]
    return Plan(bodies, propositions, cells, names, place, np.array(left), np.array(counted))


def _known(tables: Study) -> dict[str, Collection[str]]:
    """Return the levels that each choice could have in this study; none for dates."""
    things = (
        (tables.propositions, "proposition"), (tables.sources, "source"), (tables.bodies, "body"),
    )  # fmt: skip
    drop = {"nothing"} | {f"theme {theme}" for theme in tables.propositions["theme"]}
    drop |= {f"{kind} {key}" for table, kind in things for key in table[f"{kind}_id"]}
    return {
        "kinds": KINDS,
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


def _left(rows: pd.DataFrame, name: str) -> Bools:
    """Return which rows are left when one thing is dropped, such as `source konp-letter`."""
    kind, _, key = name.partition(" ")
    column = kind if kind == "theme" else f"{kind}_id"
    if column not in rows:
        return np.ones(len(rows), dtype=bool)
    left: Bools = rows[column].to_numpy(dtype=object) != key
    return left


def _in_time(cells: pd.DataFrame, name: str) -> Bools:
    """Return which cells are of sources surely not later than an as-of date."""
    if name == "latest":
        return np.ones(len(cells), dtype=bool)
    found: Bools = (cells["latest"] <= as_of_day(name)).to_numpy(dtype=bool)
    return found


def _reading(tables: Study, resolved: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Return the cells as one coder read them, where that coder read; elsewhere as resolved.

    To leave out what a coder never read would change who is heard, not who read.
    """
    if coder == "adjudicated":
        return resolved.dropna(subset=["stance"])
    own = by_coder(tables.codings[tables.codings["coder"] == coder])[[*CELL, "stance", "basis"]]
    others = resolved[~resolved["source_id"].isin(own["source_id"])]
    return pd.concat([others, own]).dropna(subset=["stance"])


def _cells(
    tables: Study,
    model_id: str,
    names: dict[str, list[str]],
    order: tuple[pd.DataFrame, pd.DataFrame],
) -> Cells:
    """Build the arrays of all cells on these propositions, for the levels in use."""
    bodies, propositions = order
    resolved = resolve(tables.codings, tables.adjudications)[[*CELL, "stance", "basis"]]
    found = [
        _reading(tables, resolved, coder).assign(reading=n)
        for n, coder in enumerate(names["coder"])
    ]
    rows = pd.concat(found)
    rows = rows.merge(propositions[["proposition_id", "theme"]], on="proposition_id")
    about = ["source_id", "text_seen", "follows", "earliest", "latest"]
    rows = rows.merge(tables.sources[about], on="source_id", validate="many_to_one")
    at = rows.groupby(CELL, sort=True).ngroup().to_numpy()
    unique = rows.drop_duplicates(CELL).sort_values(CELL)
    code = np.zeros((len(found), len(unique)), dtype="int64")
    code[rows["reading"], at] = rows["stance"].astype("int64") - SCALE[0]
    counts = np.zeros((len(names["evidence"]), *code.shape), dtype=bool)
    masks = evidence_masks(rows, tables.models, model_id)
    for number, name in enumerate(names["evidence"]):
        counts[number, rows["reading"], at] = masks[name]
    strong = np.zeros(code.shape, dtype="int64")
    strong[rows["reading"], at] = strength(rows["basis"], rows["text_seen"])
    return Cells(
        strength=strong,
        stance=np.array([SPACINGS[name][code] for name in names["spacing"]]),
        counts=counts,
        in_time=np.array([_in_time(unique, name) for name in names["as_of"]]),
        kept=np.array([_left(unique, name) for name in names["drop"]]),
        earliest=_kernel.days(unique["earliest"]),
        latest=_kernel.days(unique["latest"]),
        source=pd.factorize(unique["source_id"])[0].astype("int64"),
        pairs=Pairs.of(
            pd.Index(bodies["body_id"]).get_indexer(unique["body_id"]),
            pd.Index(propositions["proposition_id"]).get_indexer(unique["proposition_id"]),
            len(bodies),
        ),
    )
