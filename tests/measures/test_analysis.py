"""What an analysis says of itself, on a study worked by hand."""

import dataclasses
import pathlib

import made
import pandas as pd

from positions.measures import cluster_validation
from positions.measures.analysis import Analysis, analyse
from positions.measures.evidence import Counting
from positions.study import load

EXAMPLE = pathlib.Path(load.__file__).parents[1] / "example"

AGREED = ("a", "p", "s", 1, "ann")
DISPUTED = [("b", "p", "s", 1, "ann"), ("b", "p", "s", 2, "ben")]


def analysis(*codings):
    return Analysis(made.study(codings, {"p": 2}), Counting(), "m")


def test_cells_that_nobody_decided_are_announced_with_their_number():
    said = analysis(AGREED, ("a", "p", "s", 1, "ben"), *DISPUTED).notice
    assert said.startswith("Provisional: on 1 cell of 2 the coders disagree")


def test_where_all_is_decided_nothing_is_announced():
    assert analysis(AGREED).notice == ""


def test_positions_by_phase_rest_on_the_sources_of_the_time_asked_for():
    sources = {"s": {"earliest": "2021-01-05", "phase": "early"},
               "t": {"earliest": "2021-03-05", "phase": "late"}}  # fmt: skip
    study = made.study([("a", "p", "s", 1), ("a", "p", "t", 2)], {"p": 2}, sources=sources)
    until = Analysis(study, Counting(as_of="2021-02"), "m").by_phase
    assert until[["phase", "position"]].to_numpy().tolist() == [["early", 1.0]]
    since = Analysis(study, Counting(since="2021-02-01"), "m").by_phase
    assert since[["phase", "position"]].to_numpy().tolist() == [["late", 2.0]]


def test_groups_by_coder_rest_on_the_sources_of_the_time_asked_for(monkeypatch):
    monkeypatch.setattr(cluster_validation, "over", lambda drawn, *_: drawn)
    sources = {"s": {"earliest": "2021-01-05"}, "t": {"earliest": "2021-03-05"}}
    read = [("a", "p", "s", 1), ("a", "p", "s", 2, "ben"), ("b", "p", "t", 2)]
    study = made.study(read, {"p": 2}, sources=sources)
    since = Analysis(study, Counting(since="2021-02-01"), "m").groups_by_coder(draws=2)
    assert [each["body_id"].tolist() for each in since] == [["b"], ["b"]]


def eight(featured=()):
    """Eight bodies that spoke on three propositions, each agreeing less than the one before."""
    codes = [
        (2, 2, 2),
        (2, 2, 1),
        (2, 1, 1),
        (1, 1, 1),
        (1, 1, 0),
        (1, 0, 0),
        (0, 0, 0),
        (0, 0, -1),
    ]
    codings = [(f"b{at}", f"p{key}", "s", code)
               for at, said in enumerate(codes) for key, code in enumerate(said)]  # fmt: skip
    study = made.study(codings, {"p0": 2, "p1": 2, "p2": 2}, kinds={"mute": "campaign"})
    return dataclasses.replace(study, featured=featured)


def test_a_ranking_has_every_body_and_counts_whose_bounds_touch():
    ranking = Analysis(eight(), Counting(), "m").ranking
    assert ranking["body_id"].tolist() == [*(f"b{at}" for at in range(8)), "mute"]
    # All three propositions of the model were addressed: no bound is wider than its score.
    assert ranking["overlaps"].tolist()[:8] == [0] * 8
    assert ranking["overlaps"].isna().tolist() == [False] * 8 + [True]


def test_without_a_reference_model_a_ranking_has_every_body_and_no_score():
    study = dataclasses.replace(eight(), reference_model="")
    ranking = Analysis(study, Counting(), "").ranking
    assert len(ranking) == 9
    assert set(ranking["standing"]) == {"too few"}
    assert ranking["agreement"].isna().all()


def test_the_featured_are_looked_at_closely_else_the_ends_of_the_ranking():
    def close(featured=()):
        return Analysis(eight(featured), Counting(), "m").featured["body_id"].tolist()

    assert close() == ["b0", "b1", "b2", "b5", "b6", "b7"]
    assert close(("b6", "b3")) == ["b3", "b6"]
    assert close(("mute", "b3")) == ["b3"]


def test_a_document_that_tells_of_the_outcome_alone_counts_for_nobody():
    found = analyse(load.read(EXAMPLE))
    assert set(found.study.sources["source_id"]) - set(found.documents["source_id"]) == {"order"}
    without = dataclasses.replace(found.study, outcomes=found.study.outcomes.head(0))
    bare = analyse(without)
    assert set(bare.documents["source_id"]) == set(without.sources["source_id"])
    for name in ("positions", "scores", "ranking", "blanks"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(bare, name))
    assert bare.attainment["attainment"].isna().all() and bare.outcomes.empty
