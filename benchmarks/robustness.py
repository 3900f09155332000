"""Scores of many variants: one pass of array arithmetic against a plain loop, in processor time.

The loop calls `stances.positions` and `agreement.agreement` once for each variant. First the two
are compared; only then are they timed. Run it from the project's folder:

    OMP_NUM_THREADS=1 python benchmarks/robustness.py [variants] [loops]
"""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd

from positions.measures import stances
from positions.measures.agreement import agreement
from positions.robustness import multiverse, specifications
from positions.study.schema import CELL

BODIES, PROPOSITIONS, SOURCES, CODERS = 60, 21, 80, 2
MODEL = "model"
SPACED = {
    "even": {-2: -2.0, -1: -1.0, 0: 0.0, 1: 1.0, 2: 2.0},
    "direction only": {-2: -2.0, -1: -2.0, 0: 0.0, 1: 2.0, 2: 2.0},
    "extremes stretched": {-2: -2.0, -1: -2 / 3, 0: 0.0, 1: 2 / 3, 2: 2.0},
}
COLUMN = {"left out": "agreement", "worst": "lower", "best": "upper"}


def study(seed: int = 1) -> SimpleNamespace:
    """A made-up study of the size of a large real one, as the tables of a read study."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows = []
    for s in range(SOURCES):
        for p in np.flatnonzero(draw.random(PROPOSITIONS) < 0.6):
            code = int(draw.integers(-2, 3))
            basis = str(draw.choice(["stated", "implied", "reported"], p=[0.6, 0.2, 0.2]))
            body = s % BODIES
            rows += [
                (f"body-{body:02}", f"prop-{p:02}", f"source-{s:02}", f"coder-{c}", code, basis)
                for c in range(CODERS)
            ]
    codings = pd.DataFrame(rows, columns=[*CELL, "coder", "stance", "basis"])
    first = pd.Timestamp("2020-11-01") + pd.to_timedelta(draw.integers(0, 400, SOURCES), unit="D")
    return SimpleNamespace(
        bodies=pd.DataFrame({"body_id": [f"body-{b:02}" for b in range(BODIES)]}).assign(
            name="Body", kind=["proposer"] * 2 + ["campaign"] * (BODIES - 2)
        ),
        propositions=pd.DataFrame(
            {"proposition_id": [f"prop-{p:02}" for p in range(PROPOSITIONS)]}
        ).assign(
            theme=[f"theme-{p % 6}" for p in range(PROPOSITIONS)], weight=1.0, kind="design"
        ),
        models=pd.DataFrame({"model_id": [MODEL], "label": ["Model"], "proposed": ["2021-02-11"]}),
        model_positions=pd.DataFrame(
            {"model_id": MODEL, "proposition_id": [f"prop-{p:02}" for p in range(PROPOSITIONS)],
             "position": draw.choice([-2, -1, 1, 2], PROPOSITIONS)}
        ),
        sources=pd.DataFrame(
            {"source_id": [f"source-{s:02}" for s in range(SOURCES)],
             "phase": [f"phase-{s % 5}" for s in range(SOURCES)], "earliest": first,
             "latest": first, "text_seen": ["opening" if s % 9 == 0 else "whole"
                                            for s in range(SOURCES)],
             "follows": ["source-00" if s % 11 == 1 else "" for s in range(SOURCES)]}
        ),
        ranked_from=7,
        codings=codings,
        adjudications=pd.DataFrame({c: pd.Series(dtype="str") for c in CELL}).assign(
            stance=pd.Series(dtype="Int64")
        ),
    )  # fmt: skip


def by_loop(tables: SimpleNamespace, resolved: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Scores of each variant, one call after another."""
    return pd.concat(
        _one(tables, resolved, variant).assign(variant_id=variant["variant_id"])
        for _, variant in drawn.iterrows()
    )


def _one(tables: SimpleNamespace, resolved: pd.DataFrame, variant: pd.Series) -> pd.DataFrame:
    sources, propositions, bodies = tables.sources, tables.propositions, tables.bodies
    kind, _, key = variant["drop"].partition(" ")
    if kind in ("source", "body"):
        resolved = resolved[resolved[f"{kind}_id"] != key]
    if kind == "theme":
        propositions = propositions[propositions["theme"] != key]
    if kind == "proposition":
        propositions = propositions[propositions["proposition_id"] != key]
    if variant["evidence"] in ("whole texts", "independent"):
        whole = variant["evidence"] == "whole texts"
        kept = sources["text_seen"] == "whole" if whole else sources["follows"] == ""
        resolved = resolved[resolved["source_id"].isin(sources.loc[kept, "source_id"])]
    evidence = {"stated only": ("stated",), "own words": ("stated", "implied")}
    spaced = SPACED[variant["spacing"]]
    said = stances.positions(
        resolved.assign(stance=resolved["stance"].astype("int64").map(spaced)),
        sources,
        as_of=None if variant["as_of"] == "latest" else variant["as_of"],
        evidence=evidence.get(variant["evidence"], stances.BASES),
        since="2021-02-11" if variant["evidence"] == "since the model" else None,
    )
    if variant["weights"] == "by theme":
        size = propositions.groupby("theme")["theme"].transform("size")
        propositions = propositions.assign(weight=1 / size)
    model = tables.model_positions
    model = model.assign(position=model["position"].map(spaced))
    scores = agreement(said, model, propositions, bodies)
    score = scores[COLUMN[variant["silence"]]].where(scores["spoke"] > 0)
    score = score.where(variant["drop"] != "body " + scores["body_id"])
    return scores[["body_id"]].assign(agreement=score)


def main(count: int = 10_000, loops: int = 100) -> None:
    """Compare, then time, and print the ratio."""
    tables = study()
    available = specifications.available(tables, MODEL)
    start = time.process_time()
    every = specifications.combinations(available, draws=count)
    named = time.process_time() - start
    plain = available[
        available["level"].isin(
            [*SPACED, "equal", "by theme", *COLUMN, "city-block", "furthest possible", "design"]
        )
        | available["choice"].isin(["evidence", "as_of", "drop"])
        | (available["level"] == "adjudicated")
    ]
    drawn = specifications.combinations(plain, draws=loops)
    resolved = stances.resolve(tables.codings, tables.adjudications)
    start = time.process_time()
    looped = by_loop(tables, resolved, drawn)
    loop = (time.process_time() - start) / len(drawn)
    keys = ["variant_id", "body_id"]
    ours = multiverse.scores(tables, MODEL, drawn).set_index(keys)["agreement"]
    theirs = looped.set_index(keys)["agreement"].reindex(ours.index)
    assert (ours.isna() == theirs.isna()).all()
    worst = float((ours - theirs).abs().max())
    assert worst < 1e-12, worst
    print(f"{len(drawn)} variants by both: {ours.notna().sum()} scores, differ by {worst:.1e}")
    start = time.process_time()
    scores = multiverse.scores(tables, MODEL, every)
    one_pass = time.process_time() - start
    print(
        f"{len(every)} variants x {BODIES} bodies x {PROPOSITIONS} propositions: {len(scores)} "
        f"scores in {one_pass:.2f} s (the variants themselves {named:.2f} s)"
    )
    print(f"plain loop: {1000 * loop:.1f} ms a variant, {loop * len(every):.0f} s for as many")
    print(f"ratio: {loop * len(every) / one_pass:.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
