"""In how many analyses a claim holds, what breaks it, and what would turn a ranking."""

import itertools
import pathlib

import numpy as np
import pandas as pd
import pytest
from made import study

from positions.measures import agreement, stances
from positions.robustness import claims as robustness
from positions.robustness import multiverse, sensitivity, specifications, vocabulary
from positions.study import load as reader

DATA = pathlib.Path(__file__).parents[2] / "data"


def claims(*rows):
    columns = ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"]
    return pd.DataFrame(rows, columns=columns).astype({"threshold": "float64"})


def scores(**by_variant):
    """Scores by variant and body; None is a body with a score on two propositions."""
    rows = [
        (variant, body, 0.9, 2, "too few") if score is None
        else (variant, body, score, 7, "ranked")
        for variant, of in by_variant.items()
        for body, score in of.items()
    ]  # fmt: skip
    columns = ["variant_id", "body_id", "agreement", "spoke", "standing"]
    return pd.DataFrame(rows, columns=columns)


def pairs(**by_variant):
    """The same scores of a and b over three propositions that both address; of two with a None."""
    rows = [
        ("a", "b", variant, of.get("a"), of.get("b"), 2 if None in of.values() else 3)
        for variant, of in by_variant.items()
    ]
    columns = ["body_id", "other_id", "variant_id", "agreement", "other_agreement", "shared"]
    return pd.DataFrame(rows, columns=columns).astype(
        {"agreement": "float64", "other_agreement": "float64"}
    )


def verdict(claim, **of):
    found = robustness.verdicts(claims(("c", *claim, "")), scores(v=of), pairs(v=of))
    return found["verdict"].item()


def of_the_shipped(study, variants):
    """Scores and pairs of the shipped study in these variants."""
    two = study.claims[study.claims["kind"] == "more-than"]
    return (
        multiverse.scores(study, "combined", variants),
        multiverse.pairs(study, "combined", variants, two),
    )


# --- verdicts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "of", "expected"),
    [
        (("closest", "a", "", None), {"a": 0.6, "b": 0.5, "c": 0.1}, "holds"),
        (("closest", "b", "", None), {"a": 0.6, "b": 0.5, "c": 0.1}, "fails"),
        (("closest", "a", "", None), {"a": 0.6, "b": 0.6}, "fails"),  # a tie is not closest
        (("closest", "a", "", None), {"a": 0.6, "b": 0.6 - 1e-13}, "fails"),
        (("closest", "a", "", None), {"a": 0.6, "b": None}, "not judged"),  # alone
        (("closest", "a", "", None), {"a": None, "b": 0.6, "c": 0.1}, "not judged"),
        (("closest", "a", "", None), {"a": 0.6, "b": None, "c": 0.1}, "holds"),
        (("furthest", "c", "", None), {"a": 0.6, "b": 0.5, "c": 0.1}, "holds"),
        (("furthest", "c", "", None), {"a": 0.1, "b": 0.5, "c": 0.1}, "fails"),
        (("furthest", "c", "", None), {"a": 0.6, "b": 0.5, "c": None}, "not judged"),
        (("more-than", "a", "b", None), {"a": 0.6, "b": 0.5}, "holds"),
        (("more-than", "a", "b", None), {"a": 0.5, "b": 0.5}, "fails"),
        (("more-than", "a", "b", None), {"a": 0.6, "b": None}, "not judged"),
        (("more-than", "a", "b", None), {"a": None, "b": 0.5}, "not judged"),
        (("above", "a", "", 0.5), {"a": 0.6}, "holds"),
        (("above", "a", "", 0.5), {"a": 0.5}, "fails"),
        (("above", "a", "", 0.5), {"a": None}, "not judged"),
        (("below", "a", "", 0.5), {"a": 0.4}, "holds"),
        (("below", "a", "", 0.5), {"a": 0.5 - 1e-13}, "fails"),
        (("below", "a", "", 0.5), {"a": None}, "not judged"),
        (("same-group", "a", "b", None), {"a": 0.5, "b": 0.5}, "not evaluated here"),
    ],
)
def test_a_claim_is_judged_by_its_kind(claim, of, expected):
    assert verdict(claim, **of) == expected


@pytest.mark.parametrize(("spoke", "expected"), [(3, "holds"), (2, "not judged")])
def test_a_claim_on_one_score_needs_three_propositions_and_no_rank(spoke, expected):
    few = scores(v={"a": 0.6}).assign(spoke=spoke, standing="too few")
    asked = claims(("c", "above", "a", "", 0.5, ""), ("top", "closest", "a", "", None, ""))
    found = robustness.verdicts(asked, few, pairs())["verdict"]
    assert found.tolist() == [expected, "not judged"]


def test_a_claim_about_a_body_without_scores_is_refused_by_name():
    with pytest.raises(ValueError, match="no scores of the bodies z"):
        verdict(("above", "z", "", 0.5), a=0.5)


@pytest.fixture(scope="module")
def shipped():
    return reader.read(DATA)


@pytest.fixture(scope="module")
def sampled(shipped):
    available = specifications.available(shipped, "combined")
    many = specifications.combinations(available, draws=1500)
    return of_the_shipped(shipped, many)


@pytest.mark.slow
def test_no_claim_holds_or_fails_where_it_rests_on_too_little(shipped, sampled):
    verdicts = robustness.verdicts(shipped.claims, *sampled)
    of_one, of_two = (table.set_index(["variant_id", "body_id"]) for table in sampled)
    of_two = of_two.set_index("other_id", append=True)["shared"]
    judged = verdicts[verdicts["verdict"].isin(["holds", "fails"])].merge(shipped.claims)
    assert len(judged) > 1000
    for row in judged.itertuples():
        if row.kind == "more-than":
            assert of_two[row.variant_id, row.body_id, row.other_id] >= 3
            continue
        mine = of_one.loc[(row.variant_id, row.body_id)]
        assert mine["spoke"] >= 3
        assert row.kind != "closest" or mine["standing"] == "ranked"
    assert (verdicts["verdict"] == "not judged").sum() > 1000


def test_verdicts_on_the_shipped_study_equal_a_loop_over_plain_tables(shipped, sampled):
    first = sampled[0]["variant_id"].unique()[:150]
    some, two = (table[table["variant_id"].isin(first)] for table in sampled)
    verdicts = robustness.verdicts(shipped.claims, some, two)
    verdicts = verdicts.set_index(["claim_id", "variant_id"])["verdict"]
    both = two.set_index(["variant_id", "body_id", "other_id"])
    for variant_id, rows in some.groupby("variant_id"):
        rows = rows.set_index("body_id")
        scored = rows[(rows["spoke"] >= 3) & rows["standing"].isin(["ranked", "too few"])]
        scored = scored["agreement"].round(9).to_dict()
        ranked = rows.loc[rows["standing"] == "ranked", "agreement"].round(9).to_dict()
        for claim in shipped.claims.itertuples():
            score = scored if claim.kind in ("above", "below") else ranked
            others = [s for body, s in score.items() if body != claim.body_id]
            mine, other = score.get(claim.body_id), None
            if claim.kind == "more-than":
                pair = both.loc[(variant_id, claim.body_id, claim.other_id)]
                enough = pair["shared"] >= 3
                mine = round(pair["agreement"], 9) if enough else None
                other = round(pair["other_agreement"], 9) if enough else None
            lacks = {"more-than": other is None, "closest": not others, "furthest": not others}
            if claim.kind == "same-group":
                expected = "not evaluated here"
            elif mine is None or lacks.get(claim.kind, False):
                expected = "not judged"
            else:
                holds = {
                    "closest": lambda: mine > max(others),  # noqa: B023
                    "furthest": lambda: mine < min(others),  # noqa: B023
                    "more-than": lambda: mine > other,  # noqa: B023
                    "above": lambda: mine > claim.threshold,  # noqa: B023
                    "below": lambda: mine < claim.threshold,  # noqa: B023
                }[claim.kind]()
                expected = "holds" if holds else "fails"
            assert verdicts[claim.claim_id, variant_id] == expected


def test_every_claim_of_the_shipped_study_holds_by_default_or_cannot_be_judged(shipped):
    default = specifications.singles(specifications.available(shipped, "combined")).head(1)
    verdicts = robustness.verdicts(shipped.claims, *of_the_shipped(shipped, default))
    verdicts = verdicts.set_index("claim_id")["verdict"]
    # NHS Providers and Keep Our NHS Public share two propositions of the design.
    assert verdicts.pop("nhs-providers-above-konp") == "not judged"
    assert set(verdicts) == {"holds"}


def test_the_order_of_rows_never_matters_to_verdicts(shipped, sampled):
    shuffled = (table.sample(frac=1, random_state=1) for table in sampled)
    keys = ["claim_id", "variant_id"]
    one = robustness.verdicts(shipped.claims, *sampled).sort_values(keys, ignore_index=True)
    other = robustness.verdicts(shipped.claims, *shuffled).sort_values(keys, ignore_index=True)
    pd.testing.assert_frame_equal(one, other)


# --- groups --------------------------------------------------------------------------------


def test_claims_about_groups_are_judged_by_the_labels_that_are_passed():
    made = study(
        [(body, p, "s", code) for body, code in {"a": 2, "b": 2, "c": -2, "d": 1}.items()
         for p in "pqr"] + [("a", "p", "t", 2), ("b", "p", "t", -1)],
        {"p": 2, "q": 2, "r": 2},
        sources={"s": {"earliest": "2021-01-01"}, "t": {"earliest": "2021-06-01"}},
    )  # fmt: skip
    seen = []

    def by_first_position(positions):
        seen.append(positions)
        first = positions[positions["proposition_id"] == "p"].set_index("body_id")["position"]
        return first[first.index != "c"].map({2.0: "for", -1.0: "against"}).fillna("")

    each = specifications.singles(specifications.available(made, "m"))
    each = each[each["variant_id"].isin(["default", "metric=Euclidean", "drop=source t"])]
    groups = robustness.grouped(made, "m", each, by_first_position)
    assert len(seen) == 2, "metric decides nothing about groups"
    asked = claims(
        ("ab", "same-group", "a", "b", None, ""),
        ("ac", "same-group", "a", "c", None, ""),
        ("dd", "same-group", "d", "a", None, ""),
    )
    found = robustness.verdicts(asked, multiverse.scores(made, "m", each), pairs(), groups)
    wide = found.set_index(["claim_id", "variant_id"])["verdict"].unstack()
    assert wide.loc["ab"].to_dict() == {
        "default": "fails", "metric=Euclidean": "fails", "drop=source t": "holds",
    }  # fmt: skip
    assert set(wide.loc["ac"]) == {"not judged"}, "c is set aside"
    assert set(wide.loc["dd"]) == {"fails"}, "d is in no group"


def test_two_scores_of_a_body_in_one_variant_are_refused_not_written_over():
    twice = pd.concat([scores(v0={"a": 0.2}), scores(v0={"a": 0.8})], ignore_index=True)
    with pytest.raises(ValueError, match="two scores in one variant"):
        robustness.verdicts(claims(("c", "above", "a", "", 0.5, "A is above half")), twice, pairs())


# --- tallies -------------------------------------------------------------------------------


def made_up(*rows):
    """Variants and verdicts of one claim, from (variant_id, changed, verdict)."""
    table = pd.DataFrame(rows, columns=["variant_id", "changed", "verdict"])
    count = table["changed"].str.split(", ").str.len().where(table["changed"] != "", 0)
    of = table[["variant_id", "changed"]].assign(departures=count.astype("int64"))
    verdicts = table[["variant_id", "verdict"]].assign(
        claim_id="c", moved=pd.array([False] + [True] * (len(table) - 1), dtype="boolean")
    )
    return of, verdicts


ONE = claims(("c", "above", "a", "", 0.5, "A is above half"))


def test_a_tally_leaves_out_the_default_and_counts_what_cannot_be_judged_apart():
    of, verdicts = made_up(
        ("default", "", "holds"), ("1", "silence", "holds"), ("2", "metric", "not judged"),
        ("3", "silence", "fails"), ("4", "silence, metric", "fails"),
    )  # fmt: skip
    row = robustness.tally(ONE, verdicts, of).iloc[0]
    assert row[["default", "holds", "not_judged", "fails", "of"]].tolist() == [
        "holds", 1, 1, 2, 4,
    ]  # fmt: skip
    assert row["share"] == pytest.approx(1 / 3)
    assert row["unmoved"] == 0
    assert row["depends_on"] == "silence"


def test_a_claim_depends_on_no_single_choice_when_two_break_it():
    of, verdicts = made_up(
        ("default", "", "holds"), ("1", "silence", "fails"), ("2", "metric", "fails")
    )
    assert robustness.tally(ONE, verdicts, of)["depends_on"].item() == ""


def test_a_claim_that_fails_by_default_depends_on_nothing():
    of, verdicts = made_up(("default", "", "fails"), ("1", "silence", "fails"))
    assert robustness.tally(ONE, verdicts, of)["depends_on"].item() == ""
    assert robustness.breaking(verdicts, of)["variant_id"].tolist() == ["default"]


def test_a_departure_that_moves_no_score_of_a_claim_is_not_counted_for_it():
    made = dict(
        default={"a": 0.6, "b": 0.5, "c": 0.2}, x={"a": 0.6, "b": 0.5, "c": 0.1},
        y={"a": 0.6, "b": 0.4, "c": 0.1}, z={"a": 0.6, "b": None, "c": 0.2},
    )  # fmt: skip
    asked = claims(("top", "closest", "a", "", None, ""), ("more", "more-than", "a", "b", None, ""))
    verdicts = robustness.verdicts(asked, scores(**made), pairs(**made))
    of = pd.DataFrame(
        {"variant_id": ["default", "x", "y", "z"], "departures": [0, 1, 1, 1],
         "changed": ["", "drop", "drop", "drop"]}
    )  # fmt: skip
    found = robustness.tally(asked, verdicts, of)
    # In x only c moves, which is neither the best of a's rivals nor one of the pair.
    assert found["unmoved"].tolist() == [1, 1]
    assert found["of"].tolist() == [2, 2]


def test_all_single_departures_that_break_a_claim_are_listed():
    of, verdicts = made_up(
        ("default", "", "holds"), ("1", "silence", "fails"), ("2", "metric", "holds"),
        ("3", "drop", "fails"), ("4", "silence, metric", "fails"),
    )  # fmt: skip
    found = robustness.breaking(verdicts, of)
    assert found["variant_id"].tolist() == ["1", "3"]
    assert set(found["departures"]) == {1}


def test_where_no_single_departure_breaks_a_claim_the_smallest_combinations_are_listed():
    of, verdicts = made_up(
        ("default", "", "holds"), ("1", "silence", "not judged"), ("2", "metric", "holds"),
        ("3", "silence, metric", "fails"), ("4", "silence, metric, drop", "fails"),
    )  # fmt: skip
    assert robustness.breaking(verdicts, of)["variant_id"].tolist() == ["3"]


# --- which choice matters ------------------------------------------------------------------


def two_by_two(*four):
    pairs = list(itertools.product(["city-block", "Euclidean"], ["left out", "worst"]))
    rows = [(f"v{n}", metric, silence) for n, (metric, silence) in enumerate(pairs)]
    of = pd.DataFrame(rows, columns=["variant_id", "metric", "silence"])
    of = of.assign(**{c: "one" for c in specifications.CHOICES if c not in of})
    return scores(**{f"v{n}": {"a": s} for n, s in enumerate(four)}), of


def test_scores_of_analyses_that_are_not_listed_do_not_count_towards_importance():
    of_four, variants = two_by_two(0.0, 0.2, 0.6, 0.8)
    more = pd.concat([of_four, scores(v9={"a": 1.0})], ignore_index=True)
    pd.testing.assert_frame_equal(
        sensitivity.importance(more, variants), sensitivity.importance(of_four, variants)
    )


def test_importance_is_the_share_of_the_sum_of_squares_between_levels():
    # Mean 0.4, total 0.4. By metric the means are 0.1 and 0.7: 4 x 0.09 = 0.36. By silence they
    # are 0.3 and 0.5: 4 x 0.01 = 0.04.
    found = sensitivity.importance(*two_by_two(0.0, 0.2, 0.6, 0.8)).set_index("choice")
    assert found["share"].to_dict() == {
        "metric": pytest.approx(0.9), "silence": pytest.approx(0.1),
    }  # fmt: skip
    assert found["by_chance"].tolist() == [pytest.approx(1 / 3)] * 2


def test_importance_on_the_shipped_study_is_that_of_the_plain_formula(shipped, sampled):
    each = specifications.combinations(specifications.available(shipped, "combined"), draws=1500)
    by_variant, _ = sampled
    known = by_variant[by_variant["standing"] == "ranked"].merge(each, on="variant_id")
    for _, row in sensitivity.importance(by_variant, each).iterrows():
        mine = known[known["body_id"] == row["body_id"]]
        score = mine["agreement"]
        level = score.groupby(mine[row["choice"]]).transform("mean")
        between = ((level - score.mean()) ** 2).sum() / ((score - score.mean()) ** 2).sum()
        assert row["share"] == pytest.approx(between, rel=1e-6)
        assert row["variants"] == len(mine)


def test_what_two_choices_do_together_is_in_neither_share():
    found = sensitivity.importance(*two_by_two(0.0, 1.0, 1.0, 0.0))
    assert found["share"].tolist() == [0, 0]


def test_a_score_that_never_varies_has_no_shares():
    found = sensitivity.importance(*two_by_two(0.5, 0.5, 0.5, 0.5))
    assert found["share"].isna().all()


def test_importance_leaves_out_variants_in_which_the_body_is_not_ranked():
    found = sensitivity.importance(*two_by_two(0.0, None, 0.6, None))
    assert found["choice"].tolist() == ["metric"]
    assert found[["share", "variants"]].iloc[0].tolist() == [1.0, 2]


# --- what would turn a ranking -------------------------------------------------------------


def compared(made):
    return agreement.compared(positions(made), made.model_positions, made.propositions)


def positions(made):
    return stances.positions(stances.resolve(made.codings, made.adjudications), made.sources)


def turned(made, ranked_from=1):
    """How many codes stand between the first body and the second, however little they said."""
    tables = positions(made), made.model_positions, made.propositions, made.bodies
    return sensitivity.turning(compared(made), agreement.agreement(*tables, ranked_from))


def test_one_cell_turns_a_ranking_when_its_gain_exceeds_the_lead():
    # x: (1 + 1 + 3/4 + 1/2)/4 = 13/16. y: (0 + 1)/2 = 1/2. y's first cell alone is worth 1/2.
    made = study(
        [("x", "a", "s", 2), ("x", "b", "s", 2), ("x", "c", "s", 1), ("x", "d", "s", 0),
         ("y", "a", "s", -2), ("y", "b", "s", 2)],
        dict.fromkeys("abcd", 2),
    )  # fmt: skip
    found = turned(made).iloc[0]
    assert found[["body_id", "other_id", "cells", "of"]].tolist() == ["x", "y", 1, 6]
    assert found["lead"] == pytest.approx(5 / 16)


def test_a_tie_is_no_turn():
    # x is at 1 over two cells, y at 0 over three. Both of x's cells cost it 1/2 each: a tie.
    made = study(
        [("x", p, "s", 2) for p in "ab"] + [("y", p, "s", -2) for p in "abc"],
        dict.fromkeys("abc", 2),
    )
    assert turned(made)["cells"].tolist() == [3]


def test_cells_of_several_models_are_refused():
    cells = compared(study([("x", "a", "s", 2)], {"a": 2}))
    both = pd.concat([cells, cells.assign(model_id="n")])
    with pytest.raises(ValueError, match="cells of several models"):
        sensitivity.turning(both, pd.DataFrame())


def fewest_by_force(cells, ahead, behind):
    """The fewest changes over every assignment of codes to every cell of the two."""
    rows = [cells[cells["body_id"] == body] for body in (ahead, behind)]
    both = pd.concat(rows)
    codes = np.array(list(itertools.product(range(-2, 3), repeat=len(both))), dtype=float)
    reference = both["reference"].to_numpy()
    near = 1 - np.abs(codes - reference) / np.maximum(reference + 2, 2 - reference)
    weight = both["weight"].to_numpy()
    size = len(rows[0])
    first = (near[:, :size] @ weight[:size]) / weight[:size].sum()
    second = (near[:, size:] @ weight[size:]) / weight[size:].sum()
    changes = (codes != both["position"].to_numpy()).sum(axis=1)
    return int(changes[(second - first).round(9) > 0].min())


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_gains_turn_a_ranking_in_as_few_codes_as_any_recoding(seed):
    draw = np.random.Generator(np.random.PCG64(seed))
    names = list("abcdef")
    made = study(
        [("x", p, "s", int(draw.integers(-2, 3))) for p in draw.choice(names, 3, replace=False)]
        + [("y", p, "s", int(draw.integers(-2, 3))) for p in draw.choice(names, 4, replace=False)],
        {p: int(draw.integers(-2, 3)) for p in names},
        weights={p: int(draw.integers(1, 4)) for p in names},
    )
    found = turned(made).iloc[0]
    expected = fewest_by_force(compared(made), found["body_id"], found["other_id"])
    assert found["cells"] == expected


def test_turning_counts_the_codes_between_neighbours():
    made = study(
        [("x", p, "s", 2) for p in "abc"] + [("y", p, "s", 1) for p in "abc"]
        + [("z", p, "s", -2) for p in "abc"],
        dict.fromkeys("abc", 2),
    )  # fmt: skip
    found = turned(made, 3)
    # x leads y by 1/4, one cell is worth up to 1/3; y leads z by 3/4, one cell is worth up to 1/3.
    assert found[["body_id", "other_id", "cells", "of"]].to_numpy().tolist() == [
        ["x", "y", 1, 6], ["y", "z", 3, 6],
    ]  # fmt: skip


# --- words -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holds", "not_judged", "fails", "depends_on", "expected"),
    [
        (10, 0, 0, "", "holds throughout"),
        (10, 5, 0, "", "holds throughout"),
        (4, 5, 0, "", "seldom judged"),
        (0, 5, 0, "", "cannot be judged"),
        (0, 0, 0, "", "not evaluated here"),
        (9, 0, 1, "", "holds in most"),
        (89, 0, 11, "", "holds in more than half"),
        (9, 0, 1, "silence", "depends on silence"),
        (5, 0, 5, "", "does not hold in most"),
        (51, 0, 49, "", "holds in more than half"),
        (0, 0, 5, "", "holds nowhere"),
    ],
)
def test_words_follow_their_thresholds(holds, not_judged, fails, depends_on, expected):
    counts = pd.Series(
        {"holds": holds, "not_judged": not_judged, "fails": fails, "depends_on": depends_on,
         "of": holds + not_judged + fails}
    )  # fmt: skip
    assert vocabulary.degree(counts) == expected
