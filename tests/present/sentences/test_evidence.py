"""Sentences on the evidence never say more than their table."""

import pandas as pd
import pytest
from sentences import claims_nothing, functions

from positions.present.sentences import evidence as evidence_sentences

POSITIONS = pd.DataFrame(
    [("a", "p1", "stated"), ("a", "p2", "implied"), ("b", "p1", "reported")],
    columns=["body_id", "proposition_id", "basis"],
)
FOUR = pd.DataFrame({"proposition_id": ["p1", "p2", "p3", "p4"], "label": ["A", "B", "C", "D"]})
THREE = pd.DataFrame({"body_id": ["a", "b", "c"], "name": ["Alpha", "Beta", "Core"]})


def test_how_much_was_said_is_counted_and_the_silent_are_named():
    assert evidence_sentences.evidence(POSITIONS, THREE, FOUR) == [
        "2 bodies took a position on 2 of 4 propositions: 3 positions in 12 cells; nothing was "
        "found for the other 9.",
        "1 rest on what a body stated in terms, 1 on what follows from its words, 1 on what "
        "others report of it.",
        "Nothing counts here of Core.",
    ]
    assert (
        evidence_sentences.spoken_title(POSITIONS, THREE, FOUR) == "Bodies spoke on 3 of 12 points"
    )


SOURCES = pd.DataFrame(
    {
        "source_id": ["s1", "s2"],
        "title": ["First", "Second"],
        "publisher": ["", "News"],
        "published": ["2021-01-01", "2021-03"],
        "earliest": pd.to_datetime(["2021-01-01", "2021-03-01"]),
        "latest": pd.to_datetime(["2021-01-01", "2021-03-31"]),
    }
)


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        (None, "Position of each body on each proposition; 2 sources from 2021-01-01 to "
               "2021-03-31"),
        ("2021-03", "Position of each body on each proposition; 2 sources from 2021-01-01 to "
                    "2021-03"),
        ("2021-03-30", "Position of each body on each proposition; 1 source from 2021-01-01 to "
                       "2021-03-30"),
        ("2020", "No source is surely of 2020 or earlier"),
    ],
)  # fmt: skip
def test_the_span_of_the_sources_counts_only_those_that_count(as_of, said):
    assert evidence_sentences.until(SOURCES, as_of) == said


def test_own_words_are_told_from_reports():
    counts = pd.DataFrame(
        {"name": ["Alpha", "Beta", "Core"], "reported": [0, 1, 3], "spoke": [2, 2, 3]}
    )
    assert evidence_sentences.own_words(counts) == (
        "In their own words throughout: Alpha. Only as others report them: Core."
    )


KINDS = pd.DataFrame(
    [
        ("a", "Twin", "all", 0.5, "ranked"), ("a", "Twin", "stated", 0.25, "too few"),
        ("b", "Twin", "all", 0.9, "ranked"), ("b", "Twin", "stated", 0.8, "ranked"),
    ],
    columns=["body_id", "name", "evidence", "agreement", "standing"],
)  # fmt: skip


def test_the_most_that_evidence_moves_is_of_one_body_even_where_two_share_a_name():
    # 0.50 - 0.25; over the name alone it would be 0.90 - 0.25
    assert (
        evidence_sentences.evidence_title(KINDS)
        == "Choice of evidence moves a score by 25 points at most"
    )


def test_who_can_no_longer_be_ranked_is_named_by_class():
    assert evidence_sentences.evidence_changes(KINDS) == [
        "With “stated” too little is left to rank Twin."
    ]


def test_more_names_than_a_sentence_bears_are_counted():
    many = pd.DataFrame({"name": [f"B{n}" for n in range(60)], "reported": 0, "spoke": 2})
    many.loc[:2, "reported"] = 2
    assert evidence_sentences.own_words(many) == (
        "In their own words throughout: 57 of 60 bodies. Only as others report them: B0, B1 and B2."
    )


def test_what_was_not_seen_is_said_not_to_be_silence():
    said = evidence_sentences.not_seen(pd.DataFrame({"seen": ["whole", "opening"]}))
    assert said.startswith("Of 1 of 2 bodies only the beginning")
    assert "that is not silence, and is marked [u]" in said


def test_sources_that_repeat_anothers_wording_are_named():
    assert evidence_sentences.set_aside(SOURCES, SOURCES.head(1)) == (
        "1 source set aside because it repeats another's wording: s2."
    )


# --- nothing at all ------------------------------------------------------------------------

ONE_READER = pd.DataFrame(
    [(0, 1, 0.5, 1, 1.0, float("nan"), "one cell only")],
    columns=["cells", "both", "presence", "same", "agreement", "alpha", "remark"],
)

EMPTY = {
    "evidence": lambda: evidence_sentences.evidence(POSITIONS.head(0), THREE, FOUR),
    "evidence, no body": lambda: evidence_sentences.evidence(
        POSITIONS.head(0), THREE.head(0), FOUR.head(0)
    ),
    "spoken_title": lambda: evidence_sentences.spoken_title(POSITIONS.head(0), THREE.head(0), FOUR),
    "until": lambda: evidence_sentences.until(SOURCES.head(0), None),
    "own_words": lambda: evidence_sentences.own_words(
        pd.DataFrame({"name": [], "reported": [], "spoke": []})
    ),
    "evidence_title": lambda: evidence_sentences.evidence_title(KINDS.head(0)),
    "evidence_title, no score": lambda: evidence_sentences.evidence_title(
        KINDS.assign(agreement=float("nan"))
    ),
    "evidence_changes": lambda: evidence_sentences.evidence_changes(KINDS.head(0)),
    "not_seen": lambda: evidence_sentences.not_seen(pd.DataFrame({"seen": []})),
    "set_aside": lambda: evidence_sentences.set_aside(SOURCES.head(0), SOURCES.head(0)),
    "reliability": lambda: evidence_sentences.reliability(ONE_READER, 1),
    "reliability, no alpha": lambda: evidence_sentences.reliability(ONE_READER.assign(cells=2), 2),
}


@pytest.mark.parametrize("name", EMPTY)
def test_of_an_empty_table_nothing_is_claimed_and_nothing_breaks(name):
    claims_nothing(EMPTY[name]())


def test_every_sentence_function_has_been_given_an_empty_table():
    spoken = {name.partition(",")[0] for name in EMPTY}
    assert functions(evidence_sentences) - spoken == set()
