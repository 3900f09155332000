"""Sentences on groups say what their tables say, and titles have at most ten words."""

from __future__ import annotations

import dataclasses
import itertools

import pandas as pd
import pytest

from positions.measures import groups
from positions.present.sentences import groups as group_sentences

LONG = {
    f"{camp}{n}": f"The Very Long Name of Body {camp} Number {n}"
    for camp in "abc"
    for n in range(3)
}


def camps(stances: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"{camp}{n}", f"p{column}", float(stance if column else 1))
            for camp, stance in stances.items()
            for n in range(3)
            for column in range(6)
        ],
        columns=["body_id", "proposition_id", "position"],
    )


FOUND = groups.find(camps({"a": 2, "b": -2}), rules=groups.GroupRules(draws=99))


def test_stable_groups_are_named_with_their_members_and_measure():
    sentences = group_sentences.group_sentences(FOUND, {b: b.upper() for b in LONG})
    assert sentences[0] == (
        "Stable groups: A0 with A1 and A2 (Jaccard 1.000); B0 with B1 and B2 (Jaccard 1.000)."
    )
    assert group_sentences.group_headline(FOUND, LONG) == "2 stable groups"


def test_a_group_that_does_not_come_back_is_not_called_one():
    weak = FOUND.groups.assign(jaccard=[0.8, 0.5], standing=["stable", "not stable"])
    members = FOUND.members.assign(group="")
    found = dataclasses.replace(FOUND, verdict="none", groups=weak, members=members)
    sentences = group_sentences.group_sentences(found, LONG)
    assert sentences[0] == (
        "No stable groups: the sharpest division of the 6 bodies does not hold."
    )
    assert group_sentences.group_headline(found, LONG) == "No stable groups among 6 bodies"


def test_ties_that_decide_are_said_with_who_moves():
    moving = pd.DataFrame({"body_id": ["a0", "b1"], "moves": [0.25, 0.5]})
    found = dataclasses.replace(FOUND, ties=moving, tied=2, orders=200)
    text = group_sentences.ties(found, {b: b.upper() for b in LONG})
    assert text.startswith("Several pairs were equally near at 2 merges.")
    assert text.endswith("these would at times be elsewhere: B1 (50%) and A0 (25%).")


@pytest.mark.parametrize("verdict", ["stable", "pattern", "none", "too few"])
@pytest.mark.parametrize("sizes", list(itertools.combinations_with_replacement([1, 2], 3)))
def test_every_headline_has_at_most_ten_words(verdict, sizes):
    table = pd.DataFrame({"group": ["a0", "b0", "c0"], "size": sizes, "standing": "stable"})
    found = dataclasses.replace(FOUND, verdict=verdict, groups=table)
    title = group_sentences.group_headline(found, LONG)
    assert 0 < len(title.split()) <= 10
    if verdict == "stable":
        assert title.startswith(f"{sizes.count(2)} stable group")


def test_coders_are_spoken_of_only_where_there_are_several():
    measured = pd.DataFrame(
        {"group": ["a0"], "jaccard": [0.8], "draws": [50], "standing": ["stable"]}
    )
    assert group_sentences.coder_sentence(measured, {"a0": "A"}) == (
        "With one of its coders drawn for each source, 50 times, mean Jaccard of each group: "
        "A and those with it 0.800 (stable)."
    )
    nothing = measured.assign(draws=0, jaccard=float("nan"))
    assert group_sentences.coder_sentence(nothing, {}).startswith("No source was read by several")


@pytest.mark.parametrize(
    ("stress", "words"), [(0.0, "well"), (0.05, "well"), (0.051, "fairly"), (0.2, "roughly")]
)
def test_stress_has_its_published_words(stress, words):
    assert group_sentences.fit_words(stress) == f"shows the distances {words}"


def test_a_number_below_a_threshold_is_never_printed_as_having_reached_it():
    weak = FOUND.groups.assign(jaccard=[0.7499, 0.6], standing=["pattern", "pattern"])
    found = dataclasses.replace(FOUND, verdict="pattern", groups=weak)
    first = group_sentences.group_sentences(found, LONG)[0]
    assert "(Jaccard 0.749)" in first
    assert "(Jaccard 0.600)" in first


def test_a_silhouette_that_beats_chance_is_printed_as_more():
    choice = FOUND.choice.assign(silhouette=[None, *([0.50004] * (len(FOUND.choice) - 1))])
    found = dataclasses.replace(FOUND, choice=choice.assign(chance=0.5))
    second = group_sentences.group_sentences(found, LONG)[1]
    assert "0.50004" in second
    assert "no more than 0.50000: it is sharper than chance" in second
