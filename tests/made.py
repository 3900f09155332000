"""Small studies made by hand, and random ones, for the tests of variants and claims."""

import dataclasses
import pathlib

import numpy as np
import pandas as pd

from positions.study.load import Study
from positions.study.schema import CELL


def study(
    codings,
    references,
    *,
    themes=None,
    weights=None,
    sources=None,
    kinds=None,
    proposed="",
    adjudications=(),
    claims=(),
    claimed=(),
):
    """A study of one model, `m`, from codings (body, proposition, source, stance, coder, basis).

    Of its propositions those `claimed` are claims, the others the design.
    """
    rows = [
        dict(zip(("body_id", "proposition_id", "source_id", "stance", "coder", "basis"),
                 (*row, *("one", "stated")[len(row) - 4 :]), strict=True))
        for row in codings
    ]  # fmt: skip
    propositions = sorted({row["proposition_id"] for row in rows} | set(references))
    bodies = sorted({row["body_id"] for row in rows} | set(kinds or {}))
    dated = {s: {} for s in sorted({row["source_id"] for row in rows})} | (sources or {})
    held = {field.name: () for field in dataclasses.fields(Study)}
    return Study(**held | dict(
        bodies=pd.DataFrame(
            {"body_id": bodies, "name": [b.title() for b in bodies],
             "kind": [(kinds or {}).get(b, "campaign") for b in bodies]}, dtype="str"
        ),
        propositions=pd.DataFrame(
            {"proposition_id": propositions,
             "theme": [(themes or {}).get(p, p) for p in propositions],
             "label": propositions, "since": "",
             "kind": ["claim" if p in claimed else "design" for p in propositions],
             "weight": [float((weights or {}).get(p, 1)) for p in propositions]}
        ).astype({"proposition_id": "str", "theme": "str", "label": "str"}),
        models=pd.DataFrame({"model_id": ["m"], "label": ["M"], "proposed": [proposed]}),
        model_positions=typed(
            [("m", p, r) for p, r in references.items()],
            model_id="str", proposition_id="str", position="int64",
        ),
        sources=typed(
            [_source(key, **given) for key, given in dated.items()],
            source_id="str", phase="str", text_seen="str", follows="str",
            earliest="datetime64[s]", latest="datetime64[s]",
        ),
        codings=typed(
            rows, body_id="str", proposition_id="str", source_id="str", stance="int64",
            coder="str", basis="str",
        ),
        adjudications=pd.DataFrame(
            list(adjudications), columns=[*CELL, "stance"]
        ).astype({"stance": "Int64"}),
        claims=pd.DataFrame(
            list(claims),
            columns=["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
        ).astype({"threshold": "float64"}),
        folder=pathlib.Path(),
        reference_model="m",
        ranked_from=3,
    ))  # fmt: skip


def typed(rows, **dtypes):
    """A table with these columns, of the same types whether or not it has rows."""
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _source(key, earliest="2021-01-01", latest=None, phase="all", text_seen="whole", follows=""):
    ends = pd.Timestamp(earliest), pd.Timestamp(latest or earliest)
    return (key, phase, text_seen, follows, *ends)


def random_study(seed, bodies=8, propositions=7, sources=6, coders=3):
    """Everything that may differ does: dates and intervals, readers, bases, weights, silence."""
    draw = np.random.Generator(np.random.PCG64(seed))
    codings, adjudications = [], []
    for s in range(sources):
        readers = [f"coder-{c}" for c in range(coders) if c == s % coders or draw.random() < 0.6]
        for b in range(bodies):
            for p in range(propositions):
                if draw.random() > 0.25:
                    continue
                cell = (f"body-{b}", f"prop-{p}", f"source-{s}")
                said = [c for c in readers if draw.random() < 0.9] or readers[:1]
                codes = [int(draw.integers(-2, 3)) if draw.random() < 0.4 else 1 for _ in said]
                basis = draw.choice(["stated", "implied", "reported"], size=len(said))
                codings += [
                    (*cell, x, c, str(how)) for c, x, how in zip(said, codes, basis, strict=True)
                ]
                if len(said) < len(readers) or len(set(codes)) > 1:
                    decided = pd.NA if draw.random() < 0.2 else int(draw.integers(-2, 3))
                    adjudications += [(*cell, decided)]
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(draw.integers(0, 90, sources), unit="D")
    span = pd.to_timedelta(draw.integers(0, 30, sources) * draw.integers(0, 2, sources), unit="D")
    dated = {
        f"source-{s}": {
            "earliest": days[s], "latest": days[s] + span[s], "phase": f"phase-{s % 3}",
            "text_seen": "opening" if s == 1 else "whole", "follows": "source-0" if s == 2 else "",
        }
        for s in range(sources)
    }  # fmt: skip
    return study(
        codings,
        {f"prop-{p}": int(draw.integers(-2, 3)) for p in range(propositions - 1)},
        themes={f"prop-{p}": f"theme-{p % 3}" for p in range(propositions)},
        weights={f"prop-{p}": 1 + p % 3 for p in range(propositions)},
        claimed=["prop-1"],
        kinds={"body-0": "proposer"} | {f"body-{b}": "campaign" for b in range(1, bodies)},
        sources=dated,
        proposed="2021-02-01",
        adjudications=adjudications,
    )
