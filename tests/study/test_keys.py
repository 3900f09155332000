"""Rows are told apart by their keys, and name rows that are there."""

import pytest

from positions.study import keys, schema
from positions.study.csv_reader import ReadLimits, Record
from positions.study.problems import ERROR, Problem
from positions.study.validate import Reading

BASE = schema.contract()
EMPTY: dict[str, list[dict]] = {name: [] for name in BASE}


def body(body_id: str, **changed) -> dict:
    return {"body_id": body_id, "name": f"The {body_id}", "kind": "campaign", **changed}


def coding(**changed) -> dict:
    return {
        "body_id": "lga", "proposition_id": "p", "source_id": "s", "coder": "ann", "start": None,
        **changed,
    }  # fmt: skip


def checked(perhaps=None, known=None, problems=(), **tables) -> Reading:
    """The reading after its keys were checked; tables not given hold no row."""
    reading = Reading(ReadLimits(), [*problems])
    for name, rows in {**EMPTY, **tables}.items():
        reading.rows[name] = rows
        reading.lines[name] = [Record(n + 2, n + 1, []) for n in range(len(rows))]
        key = BASE[name].primary_key[0]
        reading.known[name] = {row[key] for row in rows}
    reading.known |= known or {}
    reading.perhaps |= perhaps or {}
    keys.check_keys(BASE, reading)
    return reading


def told(**options) -> list[tuple[str, str, int, str, str]]:
    return [
        (p.severity, p.rule, p.line, p.column, p.value) for p in checked(**options).problems
    ]  # fmt: skip


def test_keys_that_differ_are_sound():
    assert told(bodies=[body("lga"), body("bma")]) == []


def test_every_repetition_names_the_first_row():
    found = checked(bodies=[body("lga"), body("bma"), body("lga"), body("lga")])
    assert [(p.rule, p.line, p.message) for p in found.problems if p.rule == "duplicate"] == [
        ("duplicate", 4, "the same body_id as in line 2"),
        ("duplicate", 5, "the same body_id as in line 2"),
    ]


def test_a_key_of_several_columns_is_repeated_only_as_a_whole():
    known = {"bodies": {"lga"}, "propositions": {"p"}, "sources": {"s"}}
    codings = [coding(), coding(coder="ben"), coding()]
    assert told(codings=codings, known=known) == [
        ("error", "duplicate", 4, "body_id", "lga / p / s / ann")
    ]


def test_several_phrases_of_a_coder_are_told_apart_by_where_they_begin():
    known = {"bodies": {"lga"}, "propositions": {"p"}, "sources": {"s"}}
    placed, other, bare = coding(start=5), coding(start=40), coding()
    assert told(codings=[placed, other], known=known) == []
    for rows in ([placed, bare], [bare, placed], [bare, bare]):
        (found,) = checked(codings=rows, known=known).problems
        assert (found.rule, found.line) == ("duplicate", 3)
        assert found.message == ("the same body_id, proposition_id, source_id, coder as in line 2")
        assert found.fix.endswith("or write where each phrase begins")
    (found,) = checked(codings=[placed, other, coding(start=40)], known=known).problems
    assert found.message.endswith("source_id, coder, start as in line 3")


def test_a_confusable_id_is_told_once_and_names_the_first():
    found = checked(bodies=[body("lga"), body("LGA"), body("Lga"), body("LGA", name="x")])
    assert [(p.line, p.value, p.message) for p in found.problems if p.rule == "confusable-id"] == [
        (3, "LGA", "looks like 'lga' in line 2"),
        (4, "Lga", "looks like 'lga' in line 2"),
    ]


def test_coders_are_confusable_and_repeated_coders_are_not():
    known = {"bodies": {"lga"}, "propositions": {"p", "q", "r"}, "sources": {"s"}}
    codings = [coding(), coding(proposition_id="q"), coding(proposition_id="r", coder="Ann")]
    assert told(codings=codings, known=known) == [("error", "confusable-id", 4, "coder", "Ann")]


@pytest.mark.parametrize("column", ["kind", "name"])
def test_names_that_look_alike_are_warned_of(column):
    bodies = [body("lga", **{column: "Trusts"}), body("bma", **{column: "trusts"})]
    assert told(bodies=bodies) == [("warning", "confusable-name", 3, column, "trusts")]


def test_themes_that_look_alike_are_warned_of():
    rows = [{"proposition_id": "p", "theme": "law"}, {"proposition_id": "q", "theme": "Law"}]
    assert told(propositions=rows) == [("warning", "confusable-name", 3, "theme", "Law")]


def test_bodies_of_one_name_are_warned_of_once_each():
    bodies = [body(name, name="The union") for name in ("a", "b", "c")]
    found = checked(bodies=bodies)
    assert [(p.severity, p.rule, p.line, p.message) for p in found.problems] == [
        ("warning", "same-name", 3, "the same name as in line 2"),
        ("warning", "same-name", 4, "the same name as in line 2"),
    ]


@pytest.mark.parametrize("kind", ["Proposer", "proposers", "PROPOSER", "pr0poser"])
def test_a_kind_like_the_reserved_one_is_refused(kind):
    assert told(bodies=[body("lga", kind=kind)]) == [("error", "reserved-kind", 2, "kind", kind)]


@pytest.mark.parametrize("kind", ["proposer", "campaign", "proposal"])
def test_another_kind_and_the_reserved_one_itself_are_sound(kind):
    assert told(bodies=[body("lga", kind=kind)]) == []


def test_a_row_that_names_no_row_is_told_and_left_out():
    known = {"bodies": {"lga"}, "propositions": {"p"}, "sources": {"s"}}
    found = checked(codings=[coding(body_id="bma"), coding()], known=known)
    assert found.rows["codings"] == [coding()]
    assert [record.line for record in found.lines["codings"]] == [3]
    assert [(p.rule, p.line, p.value, p.message, p.fix) for p in found.problems] == [
        ("foreign-key", 2, "bma", "no such body_id in bodies.csv", "add it to bodies.csv")
    ]
    assert found.partial == set()


def test_a_row_that_names_a_row_set_aside_is_left_out_in_silence_and_known_to_be():
    known = {"bodies": {"lga"}, "propositions": {"p"}, "sources": {"s"}}
    found = checked(
        codings=[coding(body_id="bma"), coding()], known=known, perhaps={"bodies": {"bma"}}
    )
    assert found.problems == []
    assert found.rows["codings"] == [coding()]
    assert found.partial == {"codings"}


def test_an_empty_reference_names_nothing():
    row = {"source_id": "s", "follows": ""}
    assert told(sources=[row]) == []
    assert told(sources=[{**row, "follows": "t"}]) == [("error", "foreign-key", 2, "follows", "t")]


def test_where_a_table_could_not_be_read_its_absence_is_told_once():
    reading = Reading(ReadLimits())
    for name in BASE:
        reading.rows[name], reading.lines[name] = [], []
    reading.rows["codings"], reading.lines["codings"] = [coding()], [Record(2, 1, [])]
    reading.known |= {"propositions": {"p"}, "sources": {"s"}}
    reading.add("bodies.csv", "file-missing", "the file is missing", "add it")
    keys.check_keys(BASE, reading)
    assert [p.rule for p in reading.problems] == ["file-missing"]
    assert reading.rows["codings"] == [coding()]


def test_where_a_table_is_empty_every_row_that_names_one_is_told():
    known = {"propositions": {"p"}, "sources": {"s"}}
    assert told(codings=[coding()], known=known) == [
        ("error", "foreign-key", 2, "body_id", "lga")
    ]  # fmt: skip


def test_rows_that_name_what_stands_in_an_unread_part_are_counted_and_not_listed_one_by_one():
    codings = [coding(body_id=name) for name in ("lga", "bma", "rcn", "gmb")]
    known = {"bodies": {"lga"}, "propositions": {"p"}, "sources": {"s"}}
    torn = Problem(ERROR, "bodies.csv", 3, 2, "", "quoting", "", "cannot be split", "")
    reading = checked(codings=codings, known=known, problems=[torn])
    (found,) = [p for p in reading.problems if p.rule == "unread-id"]
    assert reading.problems == [torn, found]
    assert (found.severity, found.line, found.column) == ("note", 3, "body_id")
    assert found.message == "3 rows name ids that the rows read of bodies.csv do not have"
    assert found.fix == "mend bodies.csv first, and check again"
    assert reading.rows["codings"] == [coding()]
    assert reading.partial == {"codings"}


def test_a_name_in_place_of_an_id_is_told_its_id():
    known = {"propositions": {"p"}, "sources": {"s"}}
    bodies = [body("lga", name="Local Government Association"), body("bma")]
    for written, fix in (
        ("local government association", "write 'lga', the body_id of the row with this name"),
        ("Local Government Asociation", "write 'lga', or add it to bodies.csv"),
        ("bmaa", "write 'bma', or add it to bodies.csv"),
        ("unison", "add it to bodies.csv"),
    ):
        found = checked(bodies=bodies, codings=[coding(body_id=written)], known=known)
        assert [p.fix for p in found.problems] == [fix]
