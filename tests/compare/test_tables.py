"""A comparison in tables: what is, with what was in brackets, row by row."""

import dataclasses

import editions
import pytest
import village
from editions import compared, with_cell

from positions.compare import movements
from positions.compare import tables as change_tables


def by_caption(found):
    every = [*change_tables.numbers(found), change_tables.positions(found),
             *change_tables.records(found)]  # fmt: skip
    return {table.caption: table.cells() for table in every if len(table.data)}


def test_a_stance_that_moved_stands_in_each_table_once(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    assert by_caption(found) == {
        "Agreement with “The plan”: one body's numbers moved": [
            ["Alpha", "75.0% (was 91.7%)", "-16.7", "56.2% to 81.2% (was 68.8% to 93.8%)",
             "[x]", "3 of 4", "1", "ranked"],
        ],
        "What the movements are made of": [
            ["Alpha", "The plan", "Mend the mill", "-16.7", "position -1 (was +1)",
             "brief: read -1 (was +1) by ann"],
        ],
        "Positions that changed: 1 moved": [
            ["Alpha", "Mend the mill", "-1 (was +1)", "implied", "brief",
             "brief: read -1 (was +1) by ann"],
        ],
        "Codings: 1 changed": [
            ["alpha / p3 / brief / ann", "changed", "stance", "-1", "1"],
        ],
    }  # fmt: skip


def test_a_new_source_stands_there_whole(tmp_path):
    shown = by_caption(compared(tmp_path, editions.with_source()))
    (row,) = shown["What the movements are made of"]
    assert row[3:] == ["-22.9", "position +2 (new)", "leaflet: the source is new"]
    (row,) = shown["Positions that changed: 1 new"]
    assert row[2:5] == ["+2 (new)", "stated (new)", "leaflet (new)"]
    (row,) = shown["Sources: 1 added"]
    assert row[:3] == ["leaflet", "added", "all"]
    assert row[3].startswith("title: The leaflet; publisher: Alpha; published: 2021-05-01;")
    assert row[4] == "not there"
    assert ["Positions taken", "the study", "11 (was 10)"] in shown[
        "Numbers of the study as a whole that moved"
    ]


def test_a_weight_and_a_yardstick_that_moved_are_told_as_such(tmp_path):
    changed = {
        **with_cell("propositions", ("p3",), "weight", 3),
        **with_cell("model_positions", ("plan", "p1"), "position", -2),
    }
    rows = by_caption(compared(tmp_path, changed))["What the movements are made of"]
    told = {(row[0], row[2]): row[4:] for row in rows}
    assert told["Beta", "Mend the mill"] == [
        "position 0, weight 3 (was 1)", "no reading changed"
    ]  # fmt: skip
    assert told["Gamma", "Build the bridge"] == [
        "position +1, the model's -2 (was +2)", "no reading changed"
    ]  # fmt: skip


def test_a_proposition_of_another_kind_is_the_reason_of_what_it_moves(tmp_path):
    found = compared(tmp_path, with_cell("propositions", ("p3",), "kind", "claim"))
    rows = by_caption(found)["What the movements are made of"]
    assert {(row[0], row[2]): row[5] for row in rows} == {
        (name, "Mend the mill"): "the proposition is of the kind claim (was design)"
        for name in ("Alpha", "Beta")
    }


def test_who_moved_stands_before_who_is_new_and_the_furthest_first(tmp_path):
    changed = {
        **with_cell("propositions", ("p3",), "weight", 3),
        "bodies": [*village.tables()["bodies"], ["aaa", "Aaa", "parish", "", ""]],
    }
    first = change_tables.scores(compared(tmp_path, changed))[0]
    # beta +12.5, alpha -6.7, then who moved by nothing, and who is new
    assert [row[0] for row in first.cells()] == ["Beta", "Alpha", "Gamma", "Maker", "Aaa"]
    assert first.cells()[-1][1:5] == ["[x]", "[x]", "0.0% to 100.0% (new)", "[x]"]


def test_records_of_a_body_know_it_and_those_of_another_table_do_not(tmp_path):
    changed = {
        **with_cell("codings", ("beta", "p1"), "note", "Plainly."),
        **with_cell("engagement", ("Q1",), "question", "Is a ford wanted?"),
        **with_cell("bodies", ("gamma",), "about", "A parish."),
    }
    tables = change_tables.records(compared(tmp_path, changed))
    assert [table.data["body_id"].tolist() for table in tables] == [["gamma"], ["beta"], [""]]


def test_groups_whose_ids_hold_what_joins_them_are_told_apart(tmp_path):
    found = compared(tmp_path)
    before = dataclasses.replace(found.before, held=(("alpha; beta", "gamma"),))
    after = dataclasses.replace(found.after, held=(("alpha", "beta; gamma"),))
    rows = movements.grouping(before, after)
    assert rows["old"].tolist() == [("alpha; beta", "gamma"), None]
    assert rows["new"].tolist() == [None, ("alpha", "beta; gamma")]


def test_no_cell_of_a_record_is_blank(tmp_path):
    changed = {
        **with_cell("bodies", ("alpha",), "about", ""),
        **editions.without("engagement", "Q1"),
    }
    emptied, removed = change_tables.records(compared(tmp_path, changed))
    assert emptied.cells() == [["alpha", "changed", "about", "(empty)", "Traders."]]
    assert removed.cells()[0][:4] == ["Q1", "removed", "all", "not there"]


@pytest.mark.parametrize(
    ("old", "new", "printed"),
    [("a", "a", "a"), ("a", "b", "b (was a)"), (None, "b", "b (new)"), ("a", None, "[x] (was a)"),
     (None, float("nan"), "[x]")],
)  # fmt: skip
def test_what_is_stands_before_what_was(old, new, printed):
    assert change_tables.was(old, new) == printed


@pytest.mark.slow
def test_groups_that_came_apart_are_listed_by_their_members(tmp_path):
    # three camps of four, each for its own four of twelve propositions; then one body changes camp
    names = [f"q{number:02}" for number in range(12)]
    bodies = [f"b; {number:02}" for number in range(12)]

    def codings(turned):
        return [village.tables()["codings"][0], *[
            editions.coding(body, name, "leaflet", (-2, 2)[turned.get(body, place // 4) == on // 4])
            for place, body in enumerate(bodies) for on, name in enumerate(names)
        ]]  # fmt: skip

    before = {
        "bodies": [village.tables()["bodies"][0],
                   *[[b, b.upper(), "guild", "", ""] for b in bodies]],
        "propositions": [*village.tables()["propositions"],
                         *[[n, "t", n, f"The {n} should be.", "", "", "", "", ""] for n in names]],
        "sources": [*village.tables()["sources"], editions.LEAFLET],
        "codings": codings({}),
    }  # fmt: skip
    found = compared(tmp_path, {"codings": codings({"b; 03": 1})}, before)
    table = change_tables.grouping(found)
    assert table.cells() == [
        ["Group no longer reported", "B; 00, B; 01, B; 02, B; 03"],
        ["Group no longer reported", "B; 04, B; 05, B; 06, B; 07"],
        ["New group", "B; 00, B; 01, B; 02"],
        ["New group", "B; 03, B; 04, B; 05, B; 06, B; 07"],
    ]


def test_a_reliability_that_moved_by_little_is_printed_so_that_it_can_be_seen():
    assert change_tables._value("alpha", 0.98412, 0.98411) == "0.98411 (was 0.98412)"
    assert change_tables._value("presence", 0.95, 0.96) == "0.960 (was 0.950)"
    assert change_tables._value("bodies", 4, 5) == "5 (was 4)"
