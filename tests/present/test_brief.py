"""The sentences of the first page say what a study holds, in counts worked by hand."""

import dataclasses

import made
import pandas as pd
import pytest

from positions.measures.analysis import Analysis
from positions.measures.evidence import Counting
from positions.present import brief

CODES = {
    "ann": {"p0": 2, "p1": 2, "p2": 1, "p3": -2},
    "ben": {"p0": -1, "p1": -2, "p2": 2, "p3": -1},
    "cat": {"p0": -2, "p1": -1, "p2": 0, "p3": 2},
    "eve": {"p0": 2, "p1": 2, "p2": 2, "p3": 2},
}
"""The model is for p0, p2 and p3 (a claim) and against p1; eve proposed it."""
MODEL = {"p0": 2, "p1": -1, "p2": 1, "p3": 2}


def analysis(codes=None, model=None, **changed):
    held = CODES if codes is None else codes
    codings = [(body, key, "s", code) for body, said in held.items() for key, code in said.items()]
    study = made.study(codings, MODEL if model is None else model, kinds={"eve": "proposer"},
                       claimed=["p3"])  # fmt: skip
    about = study.models.assign(about="A bridge and a ferry.")
    empty = pd.DataFrame(columns=["agree", "disagree"])
    given = {"models": about, "engagement": empty, "featured": ("ann", "ben", "cat", "eve")}
    return Analysis(dataclasses.replace(study, **(given | changed)), Counting(), "m")


def test_the_model_is_told_with_its_day_and_its_points_of_the_design():
    found = analysis()
    dated = found.study.models.assign(proposed="2021-02-11")
    assert brief.proposed(analysis(models=dated)) == [
        "The model is called “M”. It was put forward on 11 February 2021.",
        "A bridge and a ferry.",
        "Its design has 3 points: the model says yes to 2 and no to 1.",
    ]
    assert brief.proposed(found)[0] == "The model is called “M”."


def test_without_a_model_it_says_that_there_is_none():
    found = Analysis(analysis().study, Counting(), "")
    assert brief.proposed(found) == ["The study names no model to compare the bodies with."]
    assert brief.support(found) == []


def test_the_ranked_are_counted_and_those_above_half():
    # ann 2, 2 and 1 against 2, -1 and 1: 100%, 0% and 100%; ben 25%, 67% and 67%;
    # cat 0%, 100% and 67%; the proposer has no rank
    assert brief.support(analysis()) == [
        "We read 4 bodies. 3 of them spoke on enough of the design to be ranked, and 3 of these "
        "agree with more than half of it."
    ]
    few = {body: {"p0": 2} for body in CODES}
    assert brief.support(analysis(few)) == [
        "We read 4 bodies. No body spoke on enough of the design to be ranked."
    ]


def test_the_pairs_named_are_the_most_alike_and_the_most_opposed_and_no_proposer():
    # ben and cat: same side on p0 and p1, opposite on p3, cat takes no side on p2;
    # ann and ben: same on p2 and p3, opposite on p0 and p1; ann and cat: opposite on three
    groups, near, apart = brief.together(analysis())
    assert groups == "Too few bodies spoke on the same points to look for groups."
    assert near == (
        "Ann and Ben stand together most often: on the same side on 2 of 4 points."
    )  # as often as Ben and Cat, and first by id
    assert apart == "Ann and Cat clash most often: on opposite sides on 3 of 4 points."


def test_two_bodies_that_share_less_than_three_points_are_not_named():
    few = {body: {key: said[key] for key in ("p0", "p1")} for body, said in CODES.items()}
    assert brief.together(analysis(few))[1:] == ["", ""]


def test_trouble_counts_who_is_against_the_models_side_without_who_proposed_it():
    found = brief.trouble(analysis())
    # p0 (yes): ben and cat against, ann with; p1 (no): ann against, ben and cat with;
    # p3 (yes, a claim): ann and ben against, cat with
    assert found[["proposition_id", "kind", "against", "with_it"]].to_numpy().tolist() == [
        ["p0", "design", 2, 1], ["p1", "design", 1, 2], ["p3", "claim", 2, 1],
    ]  # fmt: skip
    assert brief.trouble(analysis(), most=1)["proposition_id"].tolist() == ["p0", "p3"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], []),
        ([(60, 40)], ["It asked 1 question, and more answers were for than against. More than "
                      "half were for."]),
        ([(40, 45)], ["It asked 1 question, and no more were for than against. Half or less "
                      "were for."]),
        ([(49, 43), (55, 37), (42, 44)],
         ["It asked 3 questions. On 2 of them more answers were for than against. On 1 more than "
          "half of all answers were for."]),
    ],
)  # fmt: skip
def test_the_engagement_is_told_in_counts_of_questions(answers, said):
    table = pd.DataFrame(answers, columns=["agree", "disagree"])
    assert brief.asked(analysis(engagement=table)) == said


@pytest.mark.parametrize(
    ("overlaps", "said"),
    [
        ([], ""),
        ([0], ""),
        ([0, 0], "The order is settled, whatever the bodies think of the other points."),
        ([1, 1], "No place in the order is settled: what a body did not speak on could move it "
                 "past the other."),
        ([0, 1, 1], "1 of 3 places is settled: what a body did not speak on could move it past "
                    "the next."),
    ],
)  # fmt: skip
def test_what_is_settled_is_said_plainly(overlaps, said):
    assert brief._settled(pd.DataFrame({"overlaps": overlaps})) == said
