"""Variants of the analysis: which there are, and that their scores are what they should be."""

import functools
import math
import pathlib
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made import random_study, study

from positions.measures import stances
from positions.measures.agreement import agreement
from positions.robustness import _plan, multiverse, specifications
from positions.study import load as reader
from positions.study.schema import CELL

DATA = pathlib.Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def shipped():
    return reader.read(DATA)


# --- a study worked by hand ----------------------------------------------------------------
# The model is at a +2, b +2, c +1, d -2. Body x says a +2, b -1, c 0 and is silent on d; an
# earlier source has it at a +2 too. Distances: a 0, b 3 of 4, c 1 of 3: -2 is the furthest from +1.


def by_hand(**changes):
    made = study(
        [("x", "a", "new", 2), ("x", "b", "new", -1), ("x", "c", "new", 0), ("x", "a", "old", 2),
         ("y", "d", "new", -2, "one", "reported"), ("y", "b", "new", 0)],
        {"a": 2, "b": 2, "c": 1, "d": -2},
        themes={"a": "form", "b": "form"},
        sources={"new": {"earliest": "2021-03-01", "phase": "late"},
                 "old": {"earliest": "2021-01-01", "phase": "early", "follows": "new"}},
        proposed="2021-02-11",
    )  # fmt: skip
    default = specifications.singles(specifications.available(made, "m")).head(1)
    return multiverse.scores(made, "m", default.assign(**changes)).set_index("body_id")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (1 + 1 / 4 + 2 / 3) / 3),
        # b is at the other end of the scale, c in its middle and the model at its end
        ({"spacing": "direction only"}, (1 + 0 + 1 / 2) / 3),
        # on -3..3: b at -1 and the model at 3, 4 of 6; c at 0 and the model at 1, 1 of 4
        ({"spacing": "extremes stretched"}, (1 + 2 / 6 + 3 / 4) / 3),
        # a and b share one theme's weight
        ({"weights": "by theme"}, (1 / 2 * 1 + 1 / 2 * 1 / 4 + 2 / 3) / 2),
        # two sources speak to a, one to b, one to c
        ({"weights": "by salience"}, (2 * 1 + 1 / 4 + 2 / 3) / 4),
        ({"silence": "neutral"}, (1 + 1 / 4 + 2 / 3 + 1 / 2) / 4),
        ({"silence": "worst"}, (1 + 1 / 4 + 2 / 3 + 0) / 4),
        ({"silence": "best"}, (1 + 1 / 4 + 2 / 3 + 1) / 4),
        ({"metric": "Euclidean"}, 1 - math.sqrt((0 + 9 / 16 + 1 / 9) / 3)),
        # products +4, -2, 0, of -4..4 for the first two and of -2..2 for c
        ({"metric": "directional"}, (1 + 1 / 4 + 1 / 2) / 3),
        # the silent body cannot do better on d than +4 of 4
        ({"metric": "directional", "silence": "best"}, (1 + 1 / 4 + 1 / 2 + 1) / 4),
        ({"metric": "same sign"}, 1 / 3),
        ({"metric": "same sign", "silence": "neutral"}, 1 / 4),
        # all on a scale 4 wide
        ({"normalisation": "scale width"}, (1 + 1 / 4 + 3 / 4) / 3),
        ({"normalisation": "scale width", "metric": "Euclidean"},
         1 - math.sqrt((9 / 16 + 1 / 16) / 3)),
        ({"drop": "proposition b"}, (1 + 2 / 3) / 2),
        ({"drop": "theme form"}, 2 / 3),
        # without b, a alone is its theme
        ({"drop": "proposition b", "weights": "by theme"}, (1 + 2 / 3) / 2),
        ({"drop": "source new"}, 1),
        ({"as_of": "2021-01-01"}, 1),
        ({"evidence": "independent"}, (1 + 1 / 4 + 2 / 3) / 3),
        # left out, a source speaks to nothing
        ({"evidence": "independent", "weights": "by salience"}, (1 + 1 / 4 * 1 + 2 / 3) / 3),
    ],
)  # fmt: skip
def test_each_choice_does_what_it_says(changes, expected):
    assert by_hand(**changes).loc["x", "agreement"] == pytest.approx(expected, abs=1e-12)


def test_who_spoke_on_fewer_than_three_is_not_ranked_whatever_silence_counts_as():
    for silence in specifications.SILENCE:
        scores = by_hand(silence=silence)
        assert scores["standing"].to_dict() == {"x": "ranked", "y": "too few"}
        assert scores["spoke"].to_dict() == {"x": 3, "y": 2}


def test_who_spoke_on_nothing_has_no_score_whatever_silence_counts_as():
    made = study([("x", "a", "s", 2), ("y", "z", "s", 1)], {"a": 2})
    default = specifications.singles(specifications.available(made, "m")).head(1)
    for silence in specifications.SILENCE:
        scores = multiverse.scores(made, "m", default.assign(silence=silence))
        assert scores["agreement"].fillna(-1).tolist() == [1, -1]


def test_a_dropped_proposition_is_not_spoken_on():
    scores = by_hand(drop="proposition a")
    assert scores.loc["x", ["spoke", "standing"]].tolist() == [2, "too few"]


def test_a_dropped_body_has_no_score_and_its_own_standing():
    scores = by_hand(drop="body y", silence="neutral")
    assert scores.loc["y", "standing"] == "left out"
    assert np.isnan(scores.loc["y", "agreement"])


def test_a_proposer_is_never_ranked():
    made = study(
        [("p", q, "s", 2) for q in "abc"] + [("x", q, "s", 1) for q in "abc"],
        {"a": 2, "b": 2, "c": 2},
        kinds={"p": "proposer"},
    )
    scores = multiverse.scores(
        made, "m", specifications.singles(specifications.available(made, "m"))
    )
    assert set(scores.loc[scores["body_id"] == "p", "standing"]) == {"calibration"}


def test_a_coder_counts_where_that_coder_read_and_the_resolved_stance_elsewhere():
    made = study(
        [("x", "a", "s", 2, "one"), ("x", "a", "s", -2, "two"), ("x", "b", "t", 1, "two")],
        {"a": 2, "b": 2},
        adjudications=[("x", "a", "s", 0)],
    )
    default = specifications.singles(specifications.available(made, "m")).head(1)
    said = {
        coder: multiverse.positions(made, "m", default.assign(coder=coder))["position"].tolist()
        for coder in ("adjudicated", "one", "two")
    }
    assert said == {"adjudicated": [0, 1], "one": [2, 1], "two": [-2, 1]}


def test_a_level_that_the_study_does_not_have_is_refused_by_name():
    for choice, level in {"metric": "chebyshev", "drop": "body nobody", "coder": "z"}.items():
        with pytest.raises(ValueError, match=f"{choice}: no level '{level}' in this study"):
            by_hand(**{choice: level})


def test_no_variants_is_refused():
    with pytest.raises(ValueError, match="no variants"):
        multiverse.scores(random_study(1), "m", pd.DataFrame())


# --- the vectorised pass against the plain loop --------------------------------------------


@functools.cache
def read_by(codings, adjudications, coder):
    """The cells as resolved, or as one coder read them where that coder read."""
    resolved = stances.resolve(codings.table, adjudications.table)
    if coder == "adjudicated":
        return resolved
    own = codings.table[codings.table["coder"] == coder]
    alone = stances.resolve(own, adjudications.table.head(0))
    return pd.concat([resolved[~resolved["source_id"].isin(own["source_id"])], alone])


class Same:
    """A table that is itself and no other, for the cache."""

    def __init__(self, table):
        self.table = table

    def __hash__(self):
        return id(self.table)

    def __eq__(self, other):
        return self.table is other.table


def chosen_cells(tables, variant):
    """The cells that a variant counts, one row a cell: filters in plain pandas."""
    resolved = read_by(Same(tables.codings), Same(tables.adjudications), variant["coder"])
    sources = tables.sources.set_index("source_id")
    of = resolved["source_id"].map
    resolved = {
        "all": resolved,
        "since the model": resolved,
        "stated only": resolved[resolved["basis"] == "stated"],
        "own words": resolved[resolved["basis"] != "reported"],
        "whole texts": resolved[of(sources["text_seen"]) == "whole"],
        "independent": resolved[of(sources["follows"]) == ""],
    }[variant["evidence"]]
    kind, _, key = variant["drop"].partition(" ")
    if kind in ("source", "body"):
        resolved = resolved[resolved[f"{kind}_id"] != key]
    return resolved.sort_values(CELL)


SPACED = {
    "even": {-2: -2, -1: -1, 0: 0, 1: 1, 2: 2},
    "direction only": {-2: -2, -1: -2, 0: 0, 1: 2, 2: 2},
    "extremes stretched": {-2: -2, -1: -2 / 3, 0: 0, 1: 2 / 3, 2: 2},
}


def propositions_of(tables, variant, cells):
    """The propositions of the model that are left, and their weights."""
    left = tables.propositions
    kind, _, key = variant["drop"].partition(" ")
    if kind in ("proposition", "theme"):
        left = left[left[f"{kind}_id" if kind == "proposition" else kind] != key]
    if variant["kinds"] == "design":
        left = left[left["kind"] == "design"]
    asked = left[left["proposition_id"].isin(tables.model_positions["proposition_id"])]
    if variant["weights"] == "equal":
        return asked.assign(weight=1.0)
    if variant["weights"] == "by theme":
        return asked.assign(weight=1 / asked.groupby("theme")["theme"].transform("size"))
    if variant["weights"] == "by salience":
        speak = cells.dropna(subset=["stance"]).groupby("proposition_id")["source_id"].nunique()
        return asked.assign(weight=asked["proposition_id"].map(speak).fillna(0.0))
    return asked


def loop(tables, variant):
    """One variant by `stances.positions`: positions, the model, propositions with weights."""
    cells = chosen_cells(tables, variant)
    model = tables.model_positions[tables.model_positions["model_id"] == tables.reference_model]
    proposed = tables.models.set_index("model_id").loc[tables.reference_model, "proposed"]
    as_of = None if variant["as_of"] == "latest" else variant["as_of"]
    since = proposed if variant["evidence"] == "since the model" else None
    if since or as_of:
        first, last = tables.sources["earliest"], tables.sources["latest"]
        there = first >= pd.Timestamp(since or "1900-01-01")
        there &= last <= stances.as_of_day(as_of or "2100-01-01")
        counted = cells[cells["source_id"].isin(tables.sources.loc[there, "source_id"])]
    else:
        counted = cells
    tables_of_model = SimpleNamespace(**{**vars(tables), "model_positions": model})
    propositions = propositions_of(tables_of_model, variant, counted)
    spaced = SPACED[variant["spacing"]]
    cells = cells.assign(stance=cells["stance"].map(spaced, na_action="ignore").astype("Float64"))
    positions = stances.positions(cells, tables.sources, as_of=as_of, since=since)
    return positions, model.assign(position=model["position"].map(spaced)), propositions


def by_agreement(tables, variant):
    """Scores by `agreement.agreement`; it can express city-block by the furthest possible."""
    positions, model, propositions = loop(tables, variant)
    if variant["silence"] == "neutral":
        every = pd.MultiIndex.from_product([tables.bodies["body_id"], model["proposition_id"]])
        said = positions.set_index(["body_id", "proposition_id"])["position"].reindex(every)
        said.index.names = ["body_id", "proposition_id"]
        positions = said.fillna(0.0).reset_index()
    scores = agreement(positions, model, propositions, tables.bodies).set_index("body_id")
    column = {"worst": "lower", "best": "upper"}.get(variant["silence"], "agreement")
    return scores[column]


def heard(tables, variant):
    """The bodies that spoke on something that is left."""
    positions, model, propositions = loop(tables, variant)
    left = set(model["proposition_id"]) & set(propositions["proposition_id"])
    return set(positions.loc[positions["proposition_id"].isin(left), "body_id"])


def nearness(metric, relative, x, r):
    """One position against one reference, in plain arithmetic."""
    if metric == "same sign":
        return float((x > 1e-9) - (x < -1e-9) == (r > 0) - (r < 0))
    if metric == "directional":
        if relative:
            return 0.5 if r == 0 else 0.5 + x * (1 if r > 0 else -1) / 4
        return 0.5 + x * r / 8
    return 1 - abs(x - r) / (max(r + 2, 2 - r) if relative else 4)


@functools.cache
def unsaid(metric, relative, r):
    """A silent body's nearness: the extremes are looked for all along the scale."""
    along = [nearness(metric, relative, x, r) for x in [r, *(i / 100 for i in range(-200, 201))]]
    return {
        "neutral": nearness(metric, relative, 0, r), "worst": min(along), "best": max(along),
    }  # fmt: skip


def by_arithmetic(tables, variant):
    """Scores of any metric, one body and one proposition after another."""
    positions, model, propositions = loop(tables, variant)
    said = positions.set_index(["body_id", "proposition_id"])["position"].to_dict()
    weight = propositions.set_index("proposition_id")["weight"].to_dict()
    metric, relative = variant["metric"], variant["normalisation"] == "furthest possible"
    found = {}
    for body in tables.bodies["body_id"]:
        total, near = 0.0, 0.0
        for p, r in zip(model["proposition_id"], model["position"], strict=True):
            if p not in weight:
                continue
            if (body, p) in said:
                n = nearness(metric, relative, said[body, p], r)
            elif variant["silence"] == "left out":
                continue
            else:
                n = unsaid(metric, relative, r)[variant["silence"]]
            total += weight[p]
            near += weight[p] * ((1 - n) ** 2 if metric == "Euclidean" else n)
        mean = near / total if total else math.nan
        found[body] = 1 - math.sqrt(mean) if metric == "Euclidean" else mean
    return pd.Series(found)


def differs(tables, model_id, drawn):
    """The largest difference of the pass from the plain loop, and how many scores were compared."""
    of_model = SimpleNamespace(**{**vars(tables), "reference_model": model_id})
    scores = multiverse.scores(tables, model_id, drawn)
    found = scores.set_index(["variant_id", "body_id"])["agreement"]
    worst, compared = 0.0, 0
    for _, variant in drawn.iterrows():
        if variant["metric"] == "city-block" and variant["normalisation"] == "furthest possible":
            expected = by_agreement(of_model, variant)
        else:
            expected = by_arithmetic(of_model, variant)
        kind, _, key = variant["drop"].partition(" ")
        expected = expected.drop(key, errors="ignore") if kind == "body" else expected
        if variant["silence"] != "left out":
            expected = expected.where(expected.index.isin(heard(of_model, variant)))
        ours = found[variant["variant_id"]].reindex(expected.index)
        assert (ours.isna() == expected.isna()).all(), variant["variant_id"]
        worst = max(worst, (ours - expected).abs().max())
        compared += int(expected.notna().sum())
    return worst, compared


@pytest.mark.slow
def test_single_departures_of_the_shipped_study_equal_the_plain_loop(shipped):
    each = specifications.singles(specifications.available(shipped, "combined"))
    # All of the choices, and some of the many things that can be left out.
    drop = each[each["changed"] == "drop"]
    drawn = pd.concat([each.drop(drop.index), drop.sample(15, random_state=1)])
    worst, compared = differs(shipped, "combined", drawn)
    assert compared > 5 * len(drawn)
    assert worst < 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_random_combinations_on_random_studies_equal_the_plain_loop(seed):
    made = random_study(seed)
    available = specifications.available(made, "m")
    assert available.groupby("choice").size().min() >= 2
    worst, compared = differs(
        made, "m", specifications.combinations(available, draws=30, seed=seed)
    )
    assert compared > 100
    assert worst < 1e-12


def test_city_block_by_the_arithmetic_of_the_tests_equals_the_library():
    made = random_study(9)
    drawn = specifications.combinations(specifications.available(made, "m"), draws=8).assign(
        metric="city-block", normalisation="furthest possible"
    )
    for _, variant in drawn.iterrows():
        a, b = by_agreement(made, variant), by_arithmetic(made, variant)
        pd.testing.assert_series_equal(a, b.reindex(a.index), check_names=False, atol=1e-12)


def test_positions_of_the_default_are_those_of_the_analysis(shipped):
    default = specifications.singles(specifications.available(shipped, "combined")).head(1)
    found = multiverse.positions(shipped, "combined", default)
    resolved = stances.resolve(shipped.codings, shipped.adjudications)
    expected = stances.positions(resolved, shipped.sources)
    columns = ["body_id", "proposition_id", "position"]
    pd.testing.assert_frame_equal(found[columns], expected[columns])


def test_chunks_of_any_size_give_the_same_scores(monkeypatch):
    made = random_study(3)
    drawn = specifications.combinations(specifications.available(made, "m"), draws=60)
    whole = multiverse.scores(made, "m", drawn)
    monkeypatch.setattr(_plan, "CHUNK", 1)
    pd.testing.assert_frame_equal(multiverse.scores(made, "m", drawn), whole)


@pytest.mark.parametrize("seed", [5, 6])
def test_the_order_of_rows_never_matters(seed):
    made = random_study(seed)
    shuffled = SimpleNamespace(
        **{
            name: table.sample(frac=1, random_state=seed).reset_index(drop=True)
            if isinstance(table, pd.DataFrame)
            else table
            for name, table in vars(made).items()
        }
    )
    available = specifications.available(made, "m")
    pd.testing.assert_frame_equal(specifications.available(shuffled, "m"), available)
    drawn = specifications.combinations(available, draws=200)
    first = multiverse.scores(made, "m", drawn)
    pd.testing.assert_frame_equal(multiverse.scores(shuffled, "m", drawn), first)
    turned = multiverse.scores(made, "m", drawn.iloc[::-1])
    order = ["variant_id", "body_id"]
    pd.testing.assert_frame_equal(
        turned.sort_values(order, ignore_index=True), first.sort_values(order, ignore_index=True)
    )


def test_a_study_without_a_coded_cell_on_the_model_has_no_scores():
    made = study([("x", "z", "s", 2), ("y", "z", "s", 1)], {"a": 2})
    default = specifications.singles(specifications.available(made, "m")).head(1)
    scores = multiverse.scores(made, "m", default)
    assert scores["agreement"].isna().all()
    assert (scores["standing"] == "too few").all()
    silent = multiverse.scores(made, "m", default.assign(silence="neutral", weights="by salience"))
    assert silent["agreement"].isna().all()


# --- which variants there are --------------------------------------------------------------


def test_alternatives_that_the_study_does_not_have_are_left_out():
    made = study([("x", "a", "s", 2), ("x", "b", "s", 1), ("y", "a", "s", 1)], {"a": 2, "b": 2})
    levels = specifications.available(made, "m").groupby("choice")["level"].apply(list)
    assert levels["coder"] == ["adjudicated"]
    assert levels["evidence"] == ["all"]
    assert levels["as_of"] == ["latest"]
    assert levels["weights"] == ["equal", "by theme"]
    assert levels["drop"] == ["nothing", "proposition a", "proposition b"]


def test_alternatives_that_the_study_has_are_offered():
    made = random_study(2)
    levels = specifications.available(made, "m").groupby("choice")["level"].apply(list)
    assert levels["weights"] == ["own", "equal", "by theme", "by salience"]
    assert levels["evidence"] == [
        "all", "stated only", "own words", "whole texts", "independent", "since the model",
    ]  # fmt: skip
    assert levels["coder"] == ["adjudicated", "coder-0", "coder-1", "coder-2"]
    ends = made.sources.groupby("phase")["latest"].max().sort_values()
    assert levels["as_of"] == ["latest", *ends.head(2).dt.date.astype(str)]
    # theme-2 holds one proposition of the model's six: prop-2 and prop-5; prop-6 is not the model's
    assert "theme theme-2" in levels["drop"]
    assert "proposition prop-6" not in levels["drop"]
    assert "body body-0" not in levels["drop"], "a proposer is not ranked"


def test_a_model_that_the_study_does_not_have_is_refused():
    with pytest.raises(ValueError, match="no model 'n': m"):
        specifications.available(random_study(1), "n")


def small():
    return pd.DataFrame(
        [("metric", "city-block", True, ""), ("metric", "Euclidean", False, ""),
         ("metric", "directional", False, ""), ("drop", "nothing", True, ""),
         ("drop", "body a", False, ""), ("drop", "body b", False, ""),
         ("drop", "source s", False, "")],
        columns=["choice", "level", "default", "about"],
    )  # fmt: skip


def test_single_departures_are_the_default_and_each_other_level_once():
    found = specifications.singles(small())
    assert found["variant_id"].tolist() == [
        "default", "metric=Euclidean", "metric=directional", "drop=body a", "drop=body b",
        "drop=source s",
    ]  # fmt: skip
    assert found["departures"].tolist() == [0, 1, 1, 1, 1, 1]
    assert found["changed"].tolist() == ["", "metric", "metric", "drop", "drop", "drop"]
    assert found.iloc[1][["metric", "drop"]].tolist() == ["Euclidean", "nothing"]


def test_pairs_depart_in_two_choices_never_twice_in_one():
    found = specifications.pairs(small())
    assert len(found) == 2 * 3
    assert found["variant_id"].iloc[0] == "metric=Euclidean; drop=body a"
    assert set(found["changed"]) == {"metric, drop"}


def test_all_combinations_are_taken_where_they_are_few():
    found = specifications.combinations(small(), draws=12)
    assert len(found) == 3 * 4
    assert found["variant_id"].is_unique


def test_a_sample_is_seeded_and_has_no_variant_twice():
    available = specifications.available(random_study(2), "m")
    first = specifications.combinations(available, draws=500, seed=1)
    assert len(first) == 500
    assert first["variant_id"].is_unique
    pd.testing.assert_frame_equal(first, specifications.combinations(available, draws=500, seed=1))
    assert set(specifications.combinations(available, draws=500, seed=2)["variant_id"]) != set(
        first["variant_id"]
    )


def test_what_is_dropped_is_drawn_by_kind_first():
    # Of three kinds (nothing, body, source) each comes in about a third, give or take 0.021 (the
    # standard error of 500 draws); drawn by level, `body` would come in 40 of 42.
    many = [("drop", f"body {n}", False, "") for n in range(40)]
    other = [("x", str(n), n == 0, "") for n in range(5000)]
    levels = pd.DataFrame(
        [*other, ("drop", "nothing", True, ""), *many, ("drop", "source s", False, "")],
        columns=["choice", "level", "default", "about"],
    )
    found = specifications.combinations(levels, draws=500)["drop"].str.split().str[0]
    assert found.value_counts(normalize=True).between(0.25, 0.42).all()
