"""The codebook's rules across tables, on rows written by hand."""

import pytest
from small import TABLES, problems, spoilt, write

from positions.study import rules
from positions.study.codebook_rules import _LINTS, misplaced
from positions.study.csv_reader import Record
from positions.study.problems import Problem
from positions.study.rules import _circles
from positions.study.validate import Tables

FILES = {name.removesuffix(".csv"): name for name in TABLES} | {"": "datapackage.json"}
BASE = {
    "bodies": [{"body_id": "lga", "name": "LGA", "overlaps": ""}],
    "sources": [
        {"source_id": "s", "published": "2021", "text_seen": "opening", "characters": None,
         "sha256": "", "follows": ""},
    ],
    "propositions": [{"proposition_id": "p", "statement": "It stands.", "weight": None,
                      "kind": ""}],
    "models": [{"model_id": "m", "proposed": ""}],
    "model_positions": [
        {"model_id": "m", "proposition_id": "p", "position": 1, "basis": "stated", "source_id": "s",
         "quote": "it is so", "reason": ""},
    ],
    "coders": [{"coder": name} for name in ("ann", "ben", "cay")],
    "codings": [
        {"body_id": "lga", "proposition_id": "p", "source_id": "s", "coder": "ann", "stance": 1,
         "basis": "stated", "quote": "so it is", "start": None, "end": None, "note": ""},
    ],
}  # fmt: skip
BASE = {name: BASE.get(name, []) for name in FILES if name}


def found(faulty=(), model="m", setting=(), **changed) -> list[Problem]:
    """The problems of a study of one row a table, some of its tables replaced."""
    tables = {**BASE, **changed}
    records = {
        name: [Record(n + 2, n + 1, []) for n in range(len(rows))] for name, rows in tables.items()
    }
    settings = {"reference_model": model, **dict(setting)}
    return rules.check_rules(tables, records, settings, faulty, files=FILES)


def told(**changed) -> list[tuple[str, str, int, str]]:
    return [(p.severity, p.rule, p.line, p.value) for p in found(**changed)]


def coding(**changed):
    return {**BASE["codings"][0], **changed}


def source(**changed):
    return {**BASE["sources"][0], **changed}


def test_a_study_of_one_row_a_table_has_no_problem():
    assert found() == []


@pytest.mark.parametrize("table", ["models", "model_positions"])
def test_the_reference_model_is_not_looked_for_where_rows_are_missing(table):
    assert told(model="x", faulty=[table]) == []
    assert told(model="x") == [("error", "reference-model", 0, "x")]


def test_without_a_model_the_fix_names_none():
    problem = found(models=[], model_positions=[])[0]
    assert problem.fix == "write as reference_model one of: the models"


def test_two_texts_of_one_hash_are_told_unless_one_follows_the_other():
    one, two = source(sha256="a" * 64), source(source_id="t", sha256="a" * 64)
    codings = [coding(), coding(source_id="t", stance=2)]
    assert told(sources=[one, two], codings=codings) == [("warning", "same-text", 3, "t")]
    for follows in ({"follows": "s"},):
        assert told(sources=[one, {**two, **follows}], codings=codings) == []
    assert told(sources=[{**one, "follows": "t"}, two], codings=codings) == []


def test_a_source_may_follow_one_of_the_same_month_and_not_one_of_the_next():
    for published, rule in (("2021-03", []), ("2021-04", ["follows-later"])):
        sources = [source(published=published), source(source_id="t", published="2021-03-20",
                                                        follows="s")]  # fmt: skip
        codings = [coding(), coding(source_id="t", stance=2)]
        assert [p.rule for p in found(sources=sources, codings=codings)] == rule


def test_a_source_that_follows_a_refused_one_is_left_alone():
    assert told(sources=[source(follows="gone")], faulty=["sources"]) == []


@pytest.mark.parametrize(
    ("follows", "circles"),
    [
        ({"a": "", "b": "a", "c": "b"}, {}),
        ({"a": "a"}, {"a": "a -> a"}),
        ({"a": "b", "b": "a", "c": "a"}, {"a": "a -> b -> a", "b": "a -> b -> a"}),
        ({"c": "a", "a": "b", "b": "a"}, {"a": "a -> b -> a", "b": "a -> b -> a"}),
        ({"a": "gone"}, {}),
    ],
)
def test_only_the_sources_on_a_circle_are_named(follows, circles):
    assert _circles(follows) == circles


def test_a_long_circle_is_shown_by_its_first_nine():
    follows = {str(n): str((n + 1) % 12) for n in range(12)}
    shown = "0 -> 1 -> 2 -> 3 -> 4 -> 5 -> 6 -> 7 -> 8 -> … -> 0"
    assert _circles(follows) == dict.fromkeys(follows, shown)
    short = {str(n): str((n + 1) % 9) for n in range(9)}
    assert "…" not in _circles(short)["0"]


@pytest.mark.parametrize(
    ("start", "end", "quote", "whole", "words"),
    [
        (10, 18, "so it is", 18, ""),
        (10, 18, "so it is", None, ""),
        (10, 66, "so it is", None, ""),
        (10, 67, "so it is", None, "57 characters are too many for a phrase of 8"),
        (10, 17, "so it is", None, "7 characters cannot hold a phrase of 8"),
        (0, 7, "so\u00adit is", None, ""),
        (0, 6, "so\u00adit is", None, "6 characters cannot hold a phrase of 8"),
        (0, 6, "halt", None, ""),
        (0, 7, "halt", None, "7 characters are too many for a phrase of 4"),
        (10, 18, "so it is", 17, "the phrase ends at 18, the text at 17"),
        (None, 18, "so it is", None, "only one end of the phrase's place is given"),
        (10, None, "so it is", None, "only one end of the phrase's place is given"),
        (0, 4, "halt", 4, ""),
    ],
)
def test_offsets_must_be_able_to_hold_the_phrase(start, end, quote, whole, words):
    assert misplaced(start, end, quote, whole) == words


def test_a_phrase_of_25_words_and_500_characters_may_be_quoted():
    longest = " ".join(["w" * 19] * 24 + ["w" * 20])
    assert (len(longest.split()), len(longest)) == (25, 500)
    assert found(codings=[coding(quote=longest)]) == []
    assert [p.rule for p in found(codings=[coding(quote=longest + "w")])] == ["quote-length"]
    assert [p.rule for p in found(codings=[coding(quote="w " * 25 + "w")])] == ["quote-length"]


@pytest.mark.parametrize("quote", ["a\tb", "a\u00a0b", "a  b", " a", "a\n"])
def test_white_space_of_a_phrase_is_one_plain_space(quote):
    assert [p.rule for p in found(codings=[coding(quote=quote)])] == ["quote-white-space"]


def test_every_fault_of_a_phrase_is_told_in_one_run():
    bad = coding(quote="w  " * 30, start=1, basis="implied", note=" ")
    assert [p.rule for p in found(codings=[bad])] == [
        "quote-white-space", "quote-length", "offset", "implied-without-note",
    ]  # fmt: skip


def test_an_implied_stance_with_a_note_is_sound():
    assert found(codings=[coding(basis="implied", note="From the title.")]) == []


def test_a_coding_of_a_refused_source_is_judged_without_it():
    assert told(codings=[coding(source_id="gone")], faulty=["sources", "engagement"]) == []


TWO = [coding(), coding(coder="ben", stance=2)]
CELL = {"body_id": "lga", "proposition_id": "p", "source_id": "s", "stance": 1, "reason": "So."}


def test_coders_who_disagree_are_decided_on_or_told():
    assert told(codings=TWO) == [("error", "unadjudicated", 2, "lga / p / s")]
    assert told(codings=TWO, adjudications=[CELL]) == []


def test_the_words_of_a_disagreement_name_every_coder_and_the_first_line():
    bodies = [
        {"body_id": "lga", "name": "LGA", "overlaps": ""},
        {"body_id": "bma", "name": "BMA", "overlaps": ""},
    ]
    codings = [
        coding(coder="cat", stance=0),
        coding(coder="ben", stance=-1),
        coding(coder="ann", body_id="bma"),
    ]
    problems = found(codings=codings, bodies=bodies)
    first, second = (p for p in problems if p.rule == "unadjudicated")
    assert (first.line, first.message) == (
        4, "the coders disagree: ann +1 (line 4); no row by ben, cat",
    )  # fmt: skip
    assert (second.line, second.message) == (
        2, "the coders disagree: ben -1 (line 3), cat 0 (line 2); no row by ann",
    )  # fmt: skip


@pytest.mark.parametrize("table", ["codings", "adjudications"])
def test_disagreements_are_not_looked_for_where_rows_are_missing(table):
    assert told(codings=TWO, faulty=[table]) == []


def test_a_decision_on_what_coders_agree_on_is_told():
    assert told(adjudications=[CELL]) == [("error", "nothing-to-adjudicate", 2, "lga / p / s")]
    assert told(codings=TWO, adjudications=[{**CELL, "body_id": "x"}]) == [
        ("error", "unadjudicated", 2, "lga / p / s"),
        ("error", "nothing-to-adjudicate", 2, "x / p / s"),
    ]


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("Systems should not be put on a statutory footing.", "reversed"),
        ("Systems shouldn't be put there.", "reversed"),
        ("Systems shouldn\u2019t be put there.", "reversed"),
        ("Boards CANNOT work.", "reversed"),
        ("No board should have a veto.", "reversed"),
        ("The plan is no longer wanted.", "reversed"),
        ("It is workable and leaves clear who decides.", "double-barrelled"),
        ("It is workable and/or cheap.", "double-barrelled"),
        ("It is workable; it is cheap.", "double-barrelled"),
        ("It is workable as well as cheap.", "double-barrelled"),
        ("It is workable And Is cheap.", "double-barrelled"),
        ("The NHS and local authorities should plan.", None),
        ("Notice should be given in the north.", None),
        ("Formal accountability should run to Parliament.", None),
        ("Knotted boards and islands work.", None),
    ],
)
def test_a_proposition_hard_to_code_is_told(statement, rule):
    assert [name for pattern, name, _, _ in _LINTS if pattern.search(statement)] == (
        [rule] if rule else []
    )


def proposition(name, **changed):
    return {**BASE["propositions"][0], "proposition_id": name, **changed}


def test_a_proposition_with_one_code_is_constant_only_where_there_are_more_codes():
    pair = [proposition("p"), proposition("q")]
    codings = [coding(), coding(proposition_id="q", stance=0)]
    assert told(propositions=pair, codings=codings) == [
        ("note", "constant", 2, "p"), ("note", "constant", 3, "q"),
    ]  # fmt: skip
    assert told(propositions=pair) == [("note", "never-addressed", 3, "q")]
    assert told(propositions=pair, faulty=["codings"]) == []
    assert told(propositions=pair, faulty=["propositions"]) == []


def test_a_weight_left_out_counts_as_one_and_all_nought_is_refused():
    nought = [proposition("p", weight=0.0)]
    assert told(propositions=nought) == [("error", "no-weight", 0, "0")]
    assert told(propositions=[*nought, proposition("q")]) == [("note", "never-addressed", 3, "q")]


def question(agree, disagree, neutral):
    row = {"question_id": "Q", "agree": agree, "disagree": disagree, "neutral": neutral}
    return {"engagement": [{**row, "source_id": "s"}]}


@pytest.mark.parametrize(
    ("shares", "rule"),
    [
        ((50, 40, 10), []),
        ((49.2, 43.0, 7.8), []),
        ((50, 40, 11), ["rounding"]),
        ((50, 40, 9), ["rounding"]),
        ((50, 40, 11.1), ["percentages"]),
        ((50, 40, 8.9), ["percentages"]),
    ],
)
def test_percentages_add_up_but_for_one_of_rounding(shares, rule):
    assert [p.rule for p in found(**question(*shares))] == rule


def test_bodies_and_sources_that_carry_nothing_are_noted():
    bodies = [
        {"body_id": "lga", "name": "L", "overlaps": ""},
        {"body_id": "bma", "name": "B", "overlaps": ""},
    ]
    sources = [source(), source(source_id="t"), source(source_id="u")]
    shown = {"engagement": [{**question(50, 40, 10)["engagement"][0], "source_id": "t"}]}
    assert told(bodies=bodies, sources=sources, **shown) == [
        ("note", "unused", 3, "bma"), ("note", "unused", 4, "u"),
    ]  # fmt: skip
    assert told(bodies=bodies, faulty=["codings"]) == []
    assert told(bodies=bodies, faulty=["engagement"]) == []


def test_an_empty_table_is_told_unless_its_rows_were_refused():
    assert ("warning", "no-rows", 0, "") in told(codings=[])
    assert [p.column for p in found(codings=[]) if p.rule == "no-rows"] == [""]
    assert told(codings=[], faulty=["codings"]) == []


def test_a_value_is_carried_up_to_a_thousand_characters():
    tables = Tables({}, {}, (), {"t": "t.csv"})
    problem = tables.problem("note", "t", Record(5, 4, []), "c", "r", "v" * 1001, "m", "f")
    assert problem == Problem("note", "t.csv", 5, 4, "c", "r", "v" * 1000, "m", "f")


def test_warnings_in_a_table_do_not_switch_its_rules_off(tmp_path):
    changed = {
        **spoilt("codings.csv", "halt the bill,5,18,", "halt the bill,5,18,wh\u200by"),
        **spoilt("adjudications.csv", "lga,footing,lga-view,1,The support has a condition.\n", ""),
    }
    assert [p.rule for p in problems(write(tmp_path / "study", changed))] == [
        "unadjudicated", "hidden-character",
    ]  # fmt: skip


def position(**changed):
    return {**BASE["model_positions"][0], **changed}


@pytest.mark.parametrize(
    ("changed", "column", "fix"),
    [
        ({"quote": ""}, "quote",
         "write where the phrase stands and the phrase, or basis = inferred"),
        ({"source_id": ""}, "source_id",
         "write where the phrase stands and the phrase, or basis = inferred"),
        ({"basis": "inferred", "source_id": "", "reason": "so"}, "quote",
         "leave it empty, or change the basis"),
        ({"basis": "inferred", "source_id": "", "quote": ""}, "reason",
         "say from what it follows"),
        ({"basis": "implied"}, "reason", "say from what it follows"),
        ({"quote": "it  is so"}, "quote", "write 'it is so'"),
    ],
)  # fmt: skip
def test_a_models_position_has_a_phrase_or_a_reason(changed, column, fix):
    (problem,) = found(model_positions=[position(**changed)])
    assert (problem.severity, problem.column, problem.fix) == ("error", column, fix)


def test_an_inferred_position_with_a_reason_is_sound():
    inferred = position(basis="inferred", source_id="", quote="", reason="It follows.")
    assert told(model_positions=[inferred]) == []


def test_a_coder_whom_nobody_describes_is_an_error_once_others_are_described():
    strange = [coding(), coding(source_id="s", coder="dora")]
    assert ("error", "coder-unknown", 3, "dora") in told(codings=strange)
    assert told(coders=[]) == [("note", "coder-unknown", 2, "ann")]


def test_a_body_overlaps_with_other_bodies_of_the_study():
    two = [{"body_id": "lga", "name": "LGA", "overlaps": "b; c"},
           {"body_id": "b", "name": "B", "overlaps": "b"}]  # fmt: skip
    said = told(bodies=two)
    assert [row for row in said if row[1] == "overlap"] == [
        ("error", "overlap", 2, "c"), ("error", "overlap", 3, "b"),
    ]  # fmt: skip


def of_setting(name, value):
    """The problems of a study of one row a table that has a setting."""
    return [(problem.rule, problem.value) for problem in found(setting=[(name, value)])]


def test_the_last_day_is_a_date():
    assert of_setting("as_of", "royal assent") == [("as-of", "royal assent")]


@pytest.mark.parametrize(
    "moment",
    [
        "2021-02",
        "2021-02-11",
        "20210211T000000Z",
        "today",
        "2021-02-30T00:00:00Z",
        "2021-02-11T25:00:00Z",
        "2021-02-11T00:00:00",
    ],
)
def test_a_version_is_of_a_moment(moment):
    assert of_setting("created", moment) == [("created", moment)]


@pytest.mark.parametrize("moment", ["", "2021-02-11T09:30:00Z", "2021-02-11T00:00:00.5+01:00"])
def test_when_a_version_was_made_is_said_as_data_packages_say_it_or_not_at_all(moment):
    assert of_setting("created", moment) == []
