"""Valid studies of every kind, on disk: each ordinary result named, and random ones."""

import pathlib

import numpy as np
import village

INFERRED = ("inferred", "", "", "By its terms.")
"""What carries a position of a model here: basis, source, phrase, reason."""
CLAIMS = ("closest", "furthest", "more-than", "above", "below", "same-group")


def write(
    folder: pathlib.Path,
    stances: dict[str, list[int | None]],
    model: list[int | None],
    *,
    weights: list[object] | None = None,
    proposers: tuple[str, ...] = (),
    claims: bool = True,
    engagement: bool = True,
    featured: tuple[str, ...] = (),
) -> pathlib.Path:
    """Write a study in which each body speaks in one source of its own, to one coder.

    `stances` and `model` have one code a proposition, or None where nothing was said. There is a
    second model that speaks to the first proposition alone, and a third that takes no position.
    """
    propositions = [f"p{number}" for number in range(len(model))]
    codings = [
        (body, key, f"s-{body}", "ann", stance, "implied" if stance == 1 else "stated")
        for body, said in stances.items()
        for key, stance in zip(propositions, said, strict=True)
        if stance is not None
    ]
    kinds = {body: "proposer" if body in proposers else f"kind {len(body)}" for body in stances}
    tables = {
        "bodies": [(body, f"Body {body}", kind, "", "") for body, kind in kinds.items()],
        "propositions": [
            (key, f"theme {at % 2}", f"Label ${at}", f"Statement {at}.",
             weights[at] if weights else "", "", "design", "", "")
            for at, key in enumerate(propositions)
        ],
        "models": [("m", "The model", "2021-02-01", ""), ("n", "Second", "", ""),
                   ("none", "Third", "", "")],
        "model_positions": [
            *(("m", key, to, *INFERRED) for key, to in zip(propositions, model, strict=True)
              if to is not None),
            ("n", "p0", 1, *INFERRED),
        ],
        "sources": [_source(f"s-{body}", f"2021-0{1 + at % 5}-01")
                    for at, body in enumerate(stances)] or [_source("s", "2021")],
        "codings": [_coding(*cell) for cell in codings],
        "claims": _claims(list(stances)) if claims else [],
        "engagement": [("Q1", "p0", "Is it wanted?", 60, 30, 10, _first(stances))]
        if engagement else [],
    }  # fmt: skip
    return _written(folder, tables, reference_model="m", featured=list(featured))


def _first(stances):
    return f"s-{next(iter(stances))}" if stances else "s"


def _source(key, published, phase="first", seen="whole", follows=""):
    size = (900, "a" * 64) if seen == "whole" else ("", "")
    return (key, f"Source {key}", "", published, "shown", "letter", phase, "", seen, *size, follows)


def _coding(body, proposition, source, coder, stance, basis):
    note = "It follows." if basis == "implied" else ""
    return (body, proposition, source, coder, stance, basis, "so we said", 0, 10, note)


def _claims(bodies):
    """A claim of every kind that the bodies allow."""
    if not bodies:
        return []
    one, other = bodies[0], bodies[-1]
    kinds = [kind for kind in CLAIMS if one != other or kind not in ("more-than", "same-group")]
    return [
        (f"c-{kind}", kind, one, other if kind in ("more-than", "same-group") else "",
         0.5 if kind in ("above", "below") else "", f"The {kind} claim on {one}")
        for kind in kinds
    ]  # fmt: skip


def _written(folder, tables, **settings):
    heads = {
        **{name: rows[0] for name, rows in village.tables().items()},
        "adjudications": ["body_id", "proposition_id", "source_id", "stance", "reason"],
        "claims": ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
        "outcomes": ["proposition_id", "state", "coder", "stance", "source_id", "quote", "reason"],
    }
    if tables.get("outcomes"):
        tables["sources"] = [*tables["sources"], _source("law", "2022-04-28", seen="opening")]
    seen = {row[0]: row[8] for row in tables.get("sources", [])}
    tables["codings"] = [
        (*row[:7], *(row[7:9] if seen[row[2]] == "whole" else ("", "")), row[9])
        for row in tables.get("codings", [])
    ]
    tables["coders"] = [
        (coder, "person", coder.title(), "", "", "", "")
        for coder in sorted(
            {row[3] for row in tables["codings"]} | {row[2] for row in tables.get("outcomes", [])}
        )
        if coder
    ]
    full = {name: [heads[name], *map(list, tables.get(name, []))] for name in heads}
    return village.write(folder, full, **settings)


MODEL = [2, 2, 1, -2, 0]
OPPOSED = [-2, -2, -2, 2, 2]
SIX = ("a", "b", "cc", "dd", "e; f", "g&'h")

EDGES = {
    "one body": lambda to: write(to, {"a": [2, 1, -1, 0, None]}, MODEL),
    "one proposition": lambda to: write(to, {"a": [1], "b": [-2], "cc": [None]}, [2]),
    "all at the model": lambda to: write(to, {body: MODEL for body in SIX}, MODEL),
    "all opposed": lambda to: write(to, {body: OPPOSED for body in SIX}, MODEL, featured=SIX[:2]),
    "no weight on the model": lambda to: write(
        to, {body: [*OPPOSED, 1] for body in SIX}, [*MODEL, None], weights=[0, 0, 0, 0, 0, 1]
    ),
    "one weight": lambda to: write(
        to, {"a": MODEL, "b": OPPOSED, "cc": [1, 0, 1, None, 2]}, MODEL, weights=[0, 0, 2, 0, 0]
    ),
    "a group of one": lambda to: write(
        to,
        {body: [2, 2, 2, 2, 2, 2, 2, 2] for body in SIX[:5]} | {SIX[5]: [-2] * 8},
        [2, 2, 1, -2, 0, 2, 2, 1],
    ),
    "two groups": lambda to: write(
        to,
        {body: [2, 2, 2, 1, 2, 2, 1, 2] for body in (*SIX[:3], *"hijklm")}
        | {body: [-2, -2, -1, -2, -2, -2, -2, -1] for body in (*SIX[3:], *"nopqr")},
        [2, 2, 1, -2, 0, 2, 2, 1],
        proposers=SIX[:1],
    ),
    "no claims": lambda to: write(
        to,
        {body: [(at * 7 + 3 * key) % 5 - 2 for key in range(5)] for at, body in enumerate(SIX)},
        MODEL,
        claims=False,
    ),
    "only proposers": lambda to: write(
        to, {"a": MODEL, "b": OPPOSED}, MODEL, proposers=("a", "b"), engagement=False
    ),
    "nobody spoke to the model": lambda to: write(
        to, {"a": [None, None, 1], "b": [None, None, -2]}, [2, 1, None]
    ),
    "no coding": lambda to: write(to, {"a": [None] * 5, "b": [None] * 5}, MODEL),
    "no body": lambda to: write(to, {}, MODEL),
    "no model": lambda to: _written(
        to,
        {"bodies": [("a", "Body a", "guild", "", "")], "sources": [_source("s", "2021-03")],
         "propositions": [("p0", "theme", "Label", "Statement.", "", "", "", "", "")],
         "claims": _claims(["a"]),
         "engagement": [("Q1", "p0", "Is it wanted?", 60, 30, 10, "s")]},
        reference_model="",
    ),
    "things moved": lambda to: _written(
        to,
        {"bodies": [("a", "Body a", "guild", "", ""), ("b", "Body b", "guild", "", "")],
         "sources": [_source("s", "2021-03")], "models": [("m", "The model", "", "")],
         "propositions": [(f"p{at}", "theme", f"Label {at}", "Statement.", "", "", "", "", "")
                          for at in range(4)],
         "model_positions": [("m", f"p{at}", 2, *INFERRED) for at in range(4)],
         "codings": [_coding(body, f"p{at}", "s", "ann", stance, "stated")
                     for body, said in (("a", [2, 2, -1]), ("b", [-2, 1, 2]))
                     for at, stance in enumerate(said)],
         "outcomes": [(f"p{at}", state, "ann", stance, "law", "so it is", "")
                      for at, ends in enumerate([(0, 1), (1, 1), (2, -2)])
                      for state, stance in zip(("status_quo", "act"), ends, strict=True)]},
        reference_model="m", featured=["a", "b"],
    ),
    "only begun": lambda to: _written(to, {}, reference_model=""),
}  # fmt: skip
"""By what is special about it: how to write each study into a folder."""


def _outcomes(draw, keys):
    """Outcomes of some propositions, read by two who may differ; some decided, some struck."""
    rows = []
    for key in keys:
        for state in ("status_quo", "bill", "act"):
            usual = int(draw.integers(-2, 3))
            said = [usual if draw.random() < 0.7 else int(draw.integers(-2, 3)) for _ in "12"]
            read = [reader for reader in (0, 1) if draw.random() < 0.8]
            rows += [(key, state, f"law {reader}", said[reader], "law", "so it is", "")
                     for reader in read]  # fmt: skip
            if read and (len(read) == 1 or said[0] != said[1]) and draw.random() < 0.8:
                decided = (said[0], "law", "so it stands") if draw.random() < 0.7 else ("", "", "")
                rows.append((key, state, "", *decided, "Decided."))
    return rows


def random(
    folder: pathlib.Path, seed: int, *, bodies: int, propositions: int, sources: int, coders: int
) -> pathlib.Path:
    """Write a random valid study: dates, coders, bases, weights, silence, all that may differ.

    How often bodies speak, and how much they differ, is itself drawn.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    speaks, differs = draw.choice([0.1, 0.4, 1]), draw.choice([0, 0.2, 1])
    keys = [f"p{p}" for p in range(propositions)]
    cells = [
        (f"b{b}", key, f"s{s}")
        for s in range(sources)
        for b in range(bodies)
        for key in keys
        if draw.random() < speaks
    ]
    readers = {f"s{s}": [f"coder {c}" for c in range(draw.integers(1, coders + 1))]
               for s in range(sources)}  # fmt: skip
    codings, open_cells = [], []
    for body, key, source in cells:
        usual = 2 - int(body[1:]) % 2
        said = [
            int(draw.integers(-2, 3)) if draw.random() < differs else usual for _ in readers[source]
        ]
        basis = draw.choice(["stated", "implied", "reported"])
        codings += [_coding(body, key, source, coder, stance, basis)
                    for coder, stance in zip(readers[source], said, strict=True)]  # fmt: skip
        if len(set(said)) > 1:
            decided = int(draw.integers(-2, 3)) if draw.random() < 0.8 else ""
            open_cells.append((body, key, source, decided, "Decided."))
    tables = {
        "bodies": [(f"b{b}", f"Body {b}", str(draw.choice(["guild", "union", "proposer"])), "",
                    f"b{b - 1}" if b and draw.random() < 0.2 else "")
                   for b in range(bodies)],
        "propositions": [
            (key, f"theme {draw.integers(3)}", f"Label {key}", "Statement.",
             str(draw.choice(["", "0", "1", "2.5"])) if at else "", "",
             str(draw.choice(["", "design", "claim", "process", "context"])),
             str(draw.choice(["", "2021-03"])), str(draw.choice(["", "said"])))
            for at, key in enumerate(keys)
        ],
        "models": [("m", "The model", str(draw.choice(["", "2021-02-01"])), ""),
                   ("n", "Second", "", "")],
        "model_positions": [
            *(("m", key, int(draw.integers(-2, 3)), *INFERRED) for key in keys[:-1] or keys),
            *(("n", key, int(draw.integers(-2, 3)), *INFERRED) for key in keys
              if draw.random() < 0.3),
        ],
        "sources": [
            _source(f"s{s}", f"2021-0{draw.integers(1, 6)}", f"phase {s % 3}",
                    str(draw.choice(["whole", "opening"])))
            for s in range(sources)
        ],
        "codings": codings,
        "adjudications": open_cells if draw.random() < 0.5 else [],
        "claims": _claims([f"b{b}" for b in range(bodies)]),
        "engagement": [("Q1", keys[0], "Is it wanted?", 60, 30, 10, "s0")],
        "outcomes": _outcomes(np.random.Generator(np.random.PCG64(seed + 1)), keys)
        if seed % 2 else [],
    }  # fmt: skip
    return _written(folder, tables, reference_model="m")
