"""Sentences never say more than their table, and stay sentences where it is empty."""

import dataclasses

import made
import pandas as pd
import pytest

from positions.measures.analysis import Analysis
from positions.measures.evidence import Counting
from positions.present import sentences

CODES = {"ann": (2, 2, 2), "ben": (2, 1, 0), "cat": (-2, -2, -2), "dan": (2,)}
"""Against a model at +2 throughout: 100%, 75%, 0%; the last spoke on too little."""


def analysis(codes=None, as_of=None, featured=(), proposer=None, names=()):
    codings = [
        (body, f"p{key}", "s", code)
        for body, said in (codes or CODES).items()
        for key, code in enumerate(said)
    ]
    kinds = {proposer: "proposer"} if proposer else {}
    kinds |= dict.fromkeys(names, "campaign")
    study = made.study(codings, {"p0": 2, "p1": 2, "p2": 2}, kinds=kinds)
    return Analysis(dataclasses.replace(study, featured=featured), Counting(as_of=as_of), "m")


def scores(*shares, standing="ranked"):
    return pd.DataFrame({"agreement": pd.Series(shares, dtype="float64"), "standing": standing})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (scores(0.9, 0.5, 0.2), "Agreement above half: 1 of 3 ranked bodies"),
        (scores(0.6), "Agreement above half: 1 of 1 ranked body"),
        (scores(), "Agreement above half: 0 of 0 ranked bodies"),
        (scores(0.9, standing="too few"), "Agreement above half: 0 of 0 ranked bodies"),
        (scores(0.5 + 1e-12), "Agreement above half: 0 of 1 ranked body"),
    ],
)
def test_the_headline_counts_the_ranked_above_half(found, said):
    assert sentences.headline(found) == said


def test_the_answer_gives_each_body_its_words_score_base_and_bounds_and_then_the_field():
    said = sentences.answer(analysis())
    assert said[:4] == [
        "Ann agrees on most of it: 100%, spoke on 3 of 3; 100% to 100% if unaddressed points were "
        "all against / for.",
        "Ben agrees more than it disagrees: 75%, spoke on 3 of 3; 75% to 75% if unaddressed points "
        "were all against / for.",
        "Cat disagrees with most of it: 0%, spoke on 3 of 3; 0% to 0% if unaddressed points were "
        "all against / for.",
        "3 of 4 bodies spoke on 3 propositions or more and are ranked; 2 of them agree by more "
        "than half, 1 do not. The median is 75%.",
    ]
    assert said[4:] == [
        "Every rank is settled: no bounds overlap.",
        "A score without a rank, on fewer than 3 propositions: Dan.",
    ]


def test_claims_are_told_beside_the_score_and_move_it_not():
    # three of the design at +2, and the claim, p2, at -2
    study = made.study(
        [("ann", f"p{at}", "s", code) for at, code in enumerate((2, 2, -2, 2))],
        {"p0": 2, "p1": 2, "p2": 2, "p3": 2}, claimed=["p2"],
    )  # fmt: skip
    said, *_ = sentences.answer(Analysis(study, Counting(), "m"))
    assert said == (
        "Ann agrees on most of it: 100%, spoke on 3 of 3; 100% to 100% if unaddressed points were "
        "all against / for. Beside it, claims and process: 0%, spoke on 1 of 1."
    )


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        (None, ""),
        ({"agreement": float("nan"), "spoke": 0, "of": 0}, ""),
        (
            {"agreement": float("nan"), "spoke": 0, "of": 5},
            "Beside it, claims and process: it spoke on none of 5 points.",
        ),
        (
            {"agreement": 0.25, "spoke": 2, "of": 5},
            "Beside it, claims and process: 25%, spoke on 2 of 5.",
        ),
    ],
)
def test_what_stands_beside_a_score_has_its_base_or_is_not_spoken_of(trust, said):
    assert sentences.beside(trust) == said


def test_the_answer_speaks_of_the_featured():
    said = sentences.answer(analysis(featured=("ben",)))
    assert [sentence.split()[0] for sentence in said[:2]] == ["Ben", "3"]


def test_an_answer_without_a_ranked_body_does_not_deny_what_the_proposer_said():
    first, second = sentences.answer(analysis({"ann": (2, 2, 2)}, proposer="ann"))
    assert first.startswith("No body is ranked: that takes 3 propositions spoken on, by one that")
    assert (
        second == "Ann proposed the model or legislates for it and is shown apart, as calibration."
    )


def test_of_many_bodies_without_a_rank_some_are_named_and_the_others_counted():
    names = [f"b{at:02}" for at in range(20)]
    assert sentences.answer(analysis(names=names))[-1].endswith(" B13 and 7 others.")


@pytest.mark.parametrize(
    ("overlaps", "said"),
    [
        ([], ""),
        ([0], ""),
        ([0, 0], "Every rank is settled: no bounds overlap."),
        ([1, 1, 0], "Settled: 1 of 3 ranks. The bounds of the others overlap."),
        ([1, 1], "Settled: 0 of 2 ranks. The bounds of the others overlap."),
    ],
)
def test_settled_says_how_many_ranks_would_stand(overlaps, said):
    assert sentences.settled(pd.DataFrame({"overlaps": overlaps})) == said


def test_the_subtitle_gives_measure_and_date():
    assert sentences.subtitle(analysis(as_of="2021-03")).startswith(
        "Agreement with the design of “M”, sources up to 2021-03. Every rank"
    )
    assert sentences.subtitle(analysis({"ann": (2, 2, 2)})) == "Agreement with the design of “M”."


def score(spoke, standing, share=0.75):
    return pd.Series({"agreement": share, "lower": 0.1, "upper": 0.9, "spoke": spoke, "of": 8,
                      "standing": standing})  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (score(4, "ranked"), "In words: it agrees more than it disagrees."),
        (score(2, "too few"), "That is too small a base for a rank."),
        (
            score(4, "calibration"),
            "It proposed the model or legislates for it, and is shown apart.",
        ),
    ],
)
def test_one_body_is_told_its_score_its_base_and_its_standing(row, said):
    first, second = sentences.one_body(row, "Plan")
    assert first == (
        f"Agreement with the design of “Plan”: 75%, over the {row['spoke']} of 8 propositions it "
        "spoke on; 10% to 90% if unaddressed points were all against / for."
    )
    assert second == said


@pytest.mark.parametrize(
    ("spoke", "said"),
    [
        (0, "It spoke on none of the 8 points of the design of “Plan”: no score."),
        (3, "It spoke only on points of the design of “Plan” without weight: no score."),
    ],
)
def test_a_body_without_a_score_is_told_why(spoke, said):
    assert sentences.one_body(score(spoke, "too few", float("nan")), "Plan") == [said]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([], "No score rests on texts that two coders read."),
        ([(None, None)], "No score rests on texts that two coders read."),
        ([(0.5, 0.5)], "None of the 1 score on texts read twice has such a range."),
        ([(0.5, 0.5), (0.2, 0.4)], "1 of the 2 scores on texts read twice have such a range; the "
                                   "widest is that of B, 20% to 40%."),
    ],
)  # fmt: skip
def test_who_has_a_range_across_coders_is_counted_and_the_widest_named(ends, said):
    found = pd.DataFrame(ends, columns=["coder_lower", "coder_upper"], dtype="float64")
    assert sentences.coder_effect(found.assign(name=["A", "B"][: len(ends)])) == said
