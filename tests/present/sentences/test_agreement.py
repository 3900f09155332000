"""Sentences never say more than their table, and stay sentences when the table is empty."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import claims_nothing, functions

from positions.measures import agreement
from positions.present.sentences import agreement as agreement_sentences

SCORES = ["model_id", "body_id", "name", "agreement", "lower", "upper", "spoke", "of", "standing"]
DTYPES = {"agreement": "float64", "lower": "float64", "upper": "float64", "spoke": "int64",
          "of": "int64"}  # fmt: skip
LONG = "The Royal Society of Bridge and Market Builders"


def scores(*rows):
    """Rows of one model: name, agreement, spoke, standing; most agreeing first."""
    return pd.DataFrame(
        [
            ("plan", f"b{i}", name, share, 0.1, 0.9, spoke, 8, standing)
            for i, (name, share, spoke, standing) in enumerate(rows)
        ],
        columns=SCORES,
    ).astype(DTYPES)


def overlaps(*counts):
    return pd.DataFrame(
        {"body_id": [f"b{i}" for i in range(len(counts))], "overlaps": list(counts)}
    ).astype({"overlaps": "int64"})


NOBODY = scores()


# --- the headline --------------------------------------------------------------------------


def test_the_headline_names_the_nearest_and_the_furthest_of_the_ranked():
    found = scores(
        ("Maker", 1.0, 8, "calibration"),
        ("Alpha", 0.7, 5, "ranked"),
        ("Core", 0.5, 5, "ranked"),
        ("Beta", 0.2, 5, "ranked"),
        ("Gamma", 0.0, 1, "too few"),
    )
    assert agreement_sentences.headline(found) == "Alpha nearest, Beta furthest"


def test_a_headline_of_long_names_has_at_most_ten_words():
    found = scores((LONG, 0.7, 5, "ranked"), (f"Another {LONG}", 0.2, 5, "ranked"))
    assert agreement_sentences.headline(found) == (
        "The Royal Society of… nearest, Another The Royal Society… furthest"
    )


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.7, 0.7, 0.2), "2 bodies tied nearest, N2 furthest"),
        ((0.7, 0.2, 0.2), "N0 nearest, 2 bodies tied furthest"),
        ((0.7, 0.7, 0.2, 0.2), "2 bodies tied nearest, 2 bodies tied furthest"),
        ((0.25, 0.25, 0.25), "All 3 ranked bodies agree equally, 25%"),
        ((0.1 + 0.2, 0.3), "All 2 ranked bodies agree equally, 30%"),
    ],
)
def test_a_headline_says_ties(shares, said):
    found = scores(*[(f"N{i}", share, 5, "ranked") for i, share in enumerate(shares)])
    assert agreement_sentences.headline(found) == said


def test_a_headline_of_one_ranked_body_gives_its_score():
    found = scores((LONG, 0.7, 5, "ranked"), ("Gamma", 0.0, 1, "too few"))
    assert agreement_sentences.headline(found) == "The Royal Society of…: 70% agreement"


@pytest.mark.parametrize("found", [NOBODY, scores(("Maker", 1.0, 8, "calibration"))])
def test_a_headline_without_a_ranked_body_says_no_more_than_that(found):
    assert agreement_sentences.headline(found) == "No body can be ranked"


names = st.lists(st.sampled_from(["Alpha", "of", "the", "Bridge", "NHS"]), min_size=1, max_size=7)
bodies = st.lists(
    st.tuples(
        names.map(" ".join),
        st.sampled_from([0.0, 0.125, 0.1 + 0.2, 0.3, 0.5, 1.0]) | st.floats(0, 1),
        st.sampled_from(["ranked", "calibration", "too few"]),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(bodies)
def test_whom_a_headline_names_really_is_nearest_and_furthest(drawn):
    drawn = sorted(drawn, key=lambda body: -round(body[1], 9))
    found = scores(*[(f"{n} {i}", share, 4, how) for i, (n, share, how) in enumerate(drawn)])
    said = agreement_sentences.headline(found)
    assert len(said.split()) <= 10
    ranked = [(f"{n} {i}", round(share, 9))
              for i, (n, share, how) in enumerate(drawn) if how == "ranked"]  # fmt: skip
    if " nearest, " not in said:
        assert len({share for _, share in ranked}) <= 1
        return
    near, far = said.removesuffix(" furthest").split(" nearest, ")
    for words, extreme in ((near, max), (far, min)):
        edge = extreme(share for _, share in ranked)
        there = [name for name, share in ranked if share == edge]
        if words.endswith(" bodies tied"):
            assert words == f"{len(there)} bodies tied"
            assert len(there) > 1
        else:
            assert len(there) == 1
            assert there[0].startswith(words.removesuffix("…"))


# --- the answer ----------------------------------------------------------------------------


def test_the_answer_gives_each_ranked_body_its_words_score_base_and_bounds():
    found = scores(("Alpha", 0.66, 5, "ranked"), ("Beta", 0.125, 8, "ranked"))
    assert agreement_sentences.answer(found, overlaps(1, 1))[:2] == [
        "Alpha agrees more than it disagrees: 66%, spoke on 5 of 8, from 10% to 90% if the "
        "silent points spoke.",
        "Beta disagrees with most of it: 12%, spoke on 8 of 8, from 10% to 90% if the silent "
        "points spoke.",
    ]


def test_the_answer_names_who_is_shown_apart_and_who_is_not_ranked():
    found = scores(
        ("Alpha", 0.66, 5, "ranked"),
        ("Maker", 1.0, 8, "calibration"),
        ("Gamma", 0.6, 2, "too few"),
        ("Delta", 0.6, 1, "too few"),
    )
    assert agreement_sentences.answer(found, overlaps(0))[-1] == (
        "Maker proposed the model or legislates for it and is shown apart, as calibration. "
        "Not ranked, with fewer than 3 propositions spoken on: Gamma and Delta."
    )


def test_an_answer_without_a_ranked_body_does_not_deny_what_the_proposer_said():
    found = scores(("Maker", 1.0, 8, "calibration"))
    said = agreement_sentences.answer(found, overlaps())
    assert said[0].startswith("No body is ranked: that takes 3 propositions spoken on, by one that")
    assert "Maker" in said[1]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((), ""),
        ((0,), ""),
        ((1, 1), "No rank is settled: the bounds of each of the 2 ranked bodies overlap with "
                 "another's."),
        ((0, 0), "Every rank is settled: no two bounds overlap."),
        ((1, 1, 0), "1 rank of 3 is settled; the bounds of the others overlap."),
        ((1, 1, 0, 0), "2 ranks of 4 are settled; the bounds of the others overlap."),
    ],
)  # fmt: skip
def test_settled_says_how_many_ranks_would_stand(counts, said):
    assert agreement_sentences.settled(overlaps(*counts)) == said


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ([], ""),
        ([(0.1, 0.9)], ""),
        ([(0.5, 0.9), (0.1, 0.4)], "No bounds overlap."),
        ([(0.5, 0.9), (0.1, 0.5)], "Bounds overlap: the order is not settled."),
        ([(0.0, 1.0), (0.1, 0.2), (0.5, 0.6)], "Bounds overlap: the order is not settled."),
    ],
)
def test_whether_the_order_is_settled_is_said_briefly(bounds, said):
    found = pd.DataFrame(bounds, columns=["lower", "upper"], dtype="float64")
    assert agreement_sentences.settled_briefly(found) == said


shares = st.integers(0, 8).map(lambda eighths: eighths / 8)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(st.tuples(shares, shares).map(sorted), max_size=5))
def test_the_brief_and_the_long_word_on_what_is_settled_agree(bounds):
    found = pd.DataFrame(
        [(f"b{i}", low, high, "ranked") for i, (low, high) in enumerate(bounds)],
        columns=["body_id", "lower", "upper", "standing"],
    )
    brief, long = (
        agreement_sentences.settled_briefly(found),
        agreement_sentences.settled(agreement.overlapping(found)),
    )
    assert (brief == "No bounds overlap.") == long.startswith("Every rank is settled")
    assert (brief == "") == (long == "")


def test_the_subtitle_gives_measure_base_and_date():
    found = scores(("Alpha", 0.66, 5, "ranked"), ("Gamma", 0.6, 2, "too few"))
    assert agreement_sentences.subtitle(found, "Plan", "2021-03") == (
        "Agreement with “Plan”, sources to 2021-03; 1 of 2 bodies ranked."
    )
    assert (
        agreement_sentences.subtitle(found, "Plan", None)
        == "Agreement with “Plan”; 1 of 2 bodies ranked."
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("Alpha", 0.75, 4, "ranked"), "In words: it agrees more than it disagrees."),
        (("Alpha", 0.75, 2, "too few"), "That is fewer than 3 propositions, so it is not ranked."),
        (("Alpha", 0.75, 4, "calibration"),
         "It proposed the model or legislates for it, and is shown apart."),
    ],
)  # fmt: skip
def test_one_body_is_told_its_score_its_base_and_its_standing(row, said):
    first, second = agreement_sentences.one_body(scores(row).iloc[0], "Plan")
    assert first == (
        f"Agreement with “Plan”: 75%, over the {row[2]} of 8 propositions it spoke on; from 10% "
        "to 90% if the silent points spoke."
    )
    assert second == said


@pytest.mark.parametrize(
    ("spoke", "said"),
    [
        (0, "It spoke on none of the 8 propositions of “Plan”: no score."),
        (3, "It spoke only on propositions of “Plan” that have no weight: no score."),
    ],
)
def test_a_body_without_a_score_is_told_why(spoke, said):
    row = scores(("Alpha", float("nan"), spoke, "too few")).iloc[0]
    assert agreement_sentences.one_body(row, "Plan") == [said]


def test_a_body_whose_every_proposition_is_without_weight_is_not_ranked():
    propositions = pd.DataFrame(
        {"proposition_id": ["p1", "p2", "p3", "p4"], "weight": [0.0, 0.0, 0.0, 1.0]}
    )
    model = propositions[["proposition_id"]].assign(model_id="plan", position=2)
    said = propositions[["proposition_id"]].head(3).assign(body_id="a", position=2.0)
    who = pd.DataFrame({"body_id": ["a"], "name": ["Alpha"], "kind": ["guild"]})
    score = agreement.agreement(said, model, propositions, who)
    assert score[["spoke", "standing"]].to_numpy().tolist() == [[3, "too few"]]
    assert agreement_sentences.headline(score) == "No body can be ranked"


# --- nothing at all ------------------------------------------------------------------------

EMPTY = {
    "headline": lambda: agreement_sentences.headline(NOBODY),
    "answer": lambda: agreement_sentences.answer(NOBODY, overlaps()),
    "settled": lambda: agreement_sentences.settled(overlaps()),
    "subtitle": lambda: agreement_sentences.subtitle(NOBODY, "Plan", None),
    "settled_briefly": lambda: agreement_sentences.settled_briefly(NOBODY),
    "coder_effect": lambda: agreement_sentences.coder_effect(
        pd.DataFrame({"name": [], "coder_lower": [], "coder_upper": []})
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EMPTY)
def test_of_an_empty_table_nothing_is_claimed_and_nothing_breaks(name):
    claims_nothing(EMPTY[name]())


def test_every_sentence_function_has_been_given_an_empty_table():
    spoken = {name.partition(",")[0] for name in EMPTY}
    assert functions(agreement_sentences) - spoken == {"one_body", "unresolved"}


def test_who_gains_or_loses_by_another_coder_is_named_with_both_ends():
    scores = pd.DataFrame(
        {"name": ["A", "B"], "coder_lower": [0.5, 0.2], "coder_upper": [0.5, 0.4]}
    )
    assert agreement_sentences.coder_effect(scores) == (
        "The scores of 1 of 2 bodies depend on which coder read; most of all B, from 20% to 40%."
    )
    same = scores.assign(coder_upper=scores["coder_lower"])
    assert agreement_sentences.coder_effect(same).startswith(
        "No score of the 2 bodies with one depends"
    )


def test_scores_that_rest_on_one_coder_are_said_to():
    alone = pd.DataFrame({"name": ["A"], "coder_lower": [None], "coder_upper": [None]})
    assert agreement_sentences.coder_effect(alone) == (
        "No score rests on texts that two coders read: what another would find is not known."
    )


def test_of_many_bodies_the_headline_speaks_of_the_featured_and_says_so():
    names = [f"body {n}" for n in range(20)]
    scores = pd.DataFrame(
        {
            "body_id": names,
            "name": names,
            "agreement": [1 - n / 20 for n in range(20)],
            "standing": "ranked",
        }
    )
    assert agreement_sentences.headline(scores, ["body 7", "body 3", "body 9"]) == (
        "Featured: body 3 nearest, body 9 furthest"
    )
    assert agreement_sentences.headline(scores) == "body 0 nearest, body 19 furthest"
