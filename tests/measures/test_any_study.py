"""Every measure gives an answer on every valid study: empty or missing, never an error."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import random_study, study

from positions.measures import (
    agreement,
    cluster_validation,
    coder_uncertainty,
    comparisons,
    consensus,
    groups,
    mds,
    networks,
    reliability,
    stances,
)
from positions.robustness import claims, multiverse, sensitivity, specifications

pytestmark = pytest.mark.slow

FEW = groups.GroupRules(draws=19)


def codes(*said, source="s"):
    """Codings of bodies named a, b, ...: one list of codes each, on propositions p0, p1, ..."""
    return [
        (body, f"p{place}", source, code)
        for body, listed in zip("abcdefgh", said, strict=False)
        for place, code in enumerate(listed)
        if code is not None
    ]


def model(*references):
    return {f"p{place}": code for place, code in enumerate(references) if code is not None}


NO_WEIGHT, PROPOSERS = dict.fromkeys(["p0", "p1", "p2", "p3", "p4"], 0), {"a": "proposer"}
ALIKE, OPPOSED = [[2, 1, 0, -1, 2]] * 6, [[-2, -2, 2, 2, -2]] * 6
EDGES = {
    "no coding": study([], model(2, 1), kinds={"a": "campaign"}),
    "no body": study([], model(2)),
    "no model": study(codes([1, 2], [2]), {}),
    "one body": study(codes([2, -1, 0]), model(2, 2, 1)),
    "one proposition": study(codes([2], [-1], [1]), model(1)),
    "one cell": study(codes([2]), model(0)),
    "all at the model": study(codes(*ALIKE), model(*ALIKE[0])),
    "all opposed": study(codes(*OPPOSED), model(2, 2, -2, -2, 2)),
    "nobody on the model": study(codes([None, 2], [None, -1]), model(1)),
    "no weight": study(codes(*ALIKE), model(2, 2, 2, 2, 2), weights=NO_WEIGHT),
    "one weight": study(codes(*ALIKE), model(2, 2, 2, 2, 2),
                        weights=NO_WEIGHT | {"p1": 2}),
    "only proposers": study(codes(ALIKE[0]), model(2, 2, 2), kinds=PROPOSERS),
    "a group of one": study(codes(*[[2] * 8] * 5, [-2] * 8), model(*[1] * 8)),
    "two groups": study(codes(*[[2] * 8] * 4, *[[-2] * 8] * 4), model(*[2] * 8)),
    "one reader each": study(codes([2, 1], source="s") + codes([1, 2], source="t"), model(2, 2)),
    "readers differ": study(
        [("a", "p0", "s", 2, "x"), ("a", "p0", "s", -2, "y"), ("a", "p1", "s", 1, "x")], model(2, 2)
    ),
}  # fmt: skip


def measured(made):
    """Every table of measures of a study, by name."""
    sources = stances.independent(made.sources)
    resolved = stances.resolve(made.codings, made.adjudications)
    yardstick = made.model_positions, made.propositions
    cells = stances.positions(resolved, sources)
    compared = agreement.compared(cells, *yardstick)
    scores = agreement.agreement(cells, *yardstick, made.bodies)
    found = groups.find(cells, made.propositions, FEW)
    placed = mds.place(cells, *yardstick, rules=FEW)
    drawn = coder_uncertainty.coder_draws(made.codings, 3, 1)
    tables = [stances.positions(stances.resolve(codings, made.adjudications.head(0)), sources)
              for codings in drawn]  # fmt: skip
    return {
        "disagreements": stances.disagreements(made.codings),
        "seen": stances.seen(resolved, sources, made.bodies),
        "by phase": stances.by_phase(resolved, sources),
        "reliability": reliability.summary(made.codings),
        "reliability by proposition": reliability.summary(made.codings, "proposition_id"),
        "positions": cells,
        "scores": scores,
        "contributions": agreement.contributions(compared),
        "overlapping": agreement.overlapping(scores),
        "models compared": comparisons.models_compared(compared),
        "nearest": comparisons.nearest(comparisons.models_compared(compared)),
        "pairs": comparisons.bodies_compared(
            compared[compared["model_id"] == "m"], made.bodies["body_id"].tolist()
        ),
        "predating": agreement.predating(cells, made.models, made.model_positions),
        "coders": coder_uncertainty.coder_intervals(made.codings, sources, *yardstick, draws=20),
        "consensus": consensus.standings(cells, made.propositions),
        "relations": networks.relations(cells),
        "groups": found.groups,
        "members": found.members,
        "group labels": groups.labels(cells, made.propositions, FEW),
        "over coders": cluster_validation.over(tables, found.members, made.propositions),
        "map": placed.points,
    }


def multiplied(made):
    """Every table of the multiverse of a study, by name."""
    choices = specifications.available(made, "m")
    each = specifications.singles(choices)
    many = specifications.combinations(choices, draws=60)
    scores = multiverse.scores(made, "m", many)
    compares = asked(made)[asked(made)["kind"] == "more-than"]
    two = multiverse.pairs(made, "m", each, compares)
    judged = claims.verdicts(asked(made), multiverse.scores(made, "m", each), two)
    cells = stances.positions(stances.resolve(made.codings, made.adjudications), made.sources)
    compared = agreement.compared(cells, made.model_positions, made.propositions)
    ranked = agreement.agreement(cells, made.model_positions, made.propositions, made.bodies, 3)
    return {
        "variants": scores,
        "pairs": two,
        "positions": multiverse.positions(made, "m", each),
        "importance": sensitivity.importance(scores, many),
        "turning": sensitivity.turning(compared, ranked),
        "tally": claims.tally(asked(made), judged, each),
        "breaking": claims.breaking(judged, each),
    }


def asked(made):
    """A claim of each kind that the bodies allow."""
    ids = made.bodies["body_id"].tolist()
    kinds = ["closest", "furthest", "above", "below"] if ids else []
    rows = [(kind, kind, ids[0], "", 0.5, kind) for kind in kinds]
    rows += [(kind, kind, ids[0], ids[1], None, kind) for kind in ("more-than", "same-group")
             if len(ids) > 1]  # fmt: skip
    columns = ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"]
    return pd.DataFrame(rows, columns=columns).astype({"threshold": "float64"})


def is_share(values):
    return bool(values.dropna().between(-1e-12, 1 + 1e-12).all())


def check(made):
    found = measured(made)
    scores = found["scores"]
    for column in ("agreement", "lower", "upper", "coverage"):
        assert is_share(scores[column]), column
    known = scores.dropna(subset=["agreement"])
    assert (known["spoke"] > 0).all()
    spoken = known["agreement"] * known["coverage"]
    assert (known["lower"] >= spoken - 1e-12).all(), "silence at its worst takes nothing away"
    assert np.allclose(known["upper"], spoken + 1 - known["coverage"])
    assert (scores["lower"].isna() == scores["upper"].isna()).all()
    assert not (scores["lower"] > scores["upper"]).any()
    assert set(scores.loc[scores["agreement"].isna(), "standing"]) <= {"too few", "calibration"}
    for column in ("coder_lower", "coder_upper"):
        assert is_share(found["coders"][column].astype("float64"))
    assert is_share(found["contributions"]["gives"])
    assert is_share(found["groups"]["jaccard"].astype("float64"))
    assert np.isfinite(found["map"][["x", "y"]].to_numpy()).all()
    of = multiplied(made)
    assert is_share(of["variants"]["agreement"])
    assert is_share(of["importance"]["share"])
    assert (of["turning"]["cells"] >= 1).all()


@pytest.mark.parametrize("name", EDGES)
def test_every_measure_answers_on_an_ordinary_edge(name):
    check(EDGES[name])


@given(
    seed=st.integers(0, 10_000),
    bodies=st.integers(1, 8),
    propositions=st.integers(1, 7),
    sources=st.integers(1, 5),
    coders=st.integers(1, 3),
    weights=st.lists(st.sampled_from([0, 0.5, 1, 3]), min_size=7, max_size=7),
)
def test_every_measure_answers_on_any_valid_study(
    seed, bodies, propositions, sources, coders, weights
):
    made = random_study(seed, bodies, propositions, sources, coders)
    made.propositions["weight"] = [float(w) for w in weights[: len(made.propositions)]]
    check(made)
