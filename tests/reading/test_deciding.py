"""The queue Decide: disagreements and objections, side by side, with a decision and a reason."""

import bench
import pytest

from positions.measures.analysis import analyse
from positions.reading.desk_view import Screen
from positions.reading.handing_in import hand_in
from positions.reading.own_files import DECISIONS, SEEN, DeskError
from positions.study import load

APART = {("alpha", "p1", "ben"): -2}
CELL = ("alpha", "p1", "brief")


@pytest.fixture
def desk(tmp_path):
    bench.write(tmp_path, bench.coded(APART, without={("beta", "p4", "ben")}), sample=None)
    made = bench.desk(tmp_path, "dan")
    made.act({"act": "queue", "queue": "decide"})
    return made


def decide(desk, cell, stance, reason="The text says so."):
    return desk.act({"act": "decide", "cell": list(cell), "stance": stance, "reason": reason})


def test_it_lists_what_differs_in_code_or_in_whether_there_is_one(desk):
    assert [(cell, desk.deciding.why[cell]) for cell in desk.deciding.pieces] == [
        (CELL, "the coders differ"), (("beta", "p4", "letter"), "the coders differ"),
    ]  # fmt: skip


def test_readings_stand_side_by_side_and_a_coder_without_a_row_is_one(desk):
    view = Screen(desk).answer({"act": "show"})["view"]
    assert [(r["who"], r["stance"], r["quote"]) for r in view["readings"]] == [
        ("ann", 2, "we support the bridge"), ("ben", -2, "we support the bridge"),
    ]  # fmt: skip
    desk.act({"act": "go", "to": 1})
    view = Screen(desk).answer({"act": "show"})["view"]
    assert [(r["who"], r["stance"]) for r in view["readings"]] == [("ann", 2), ("ben", None)]
    text = desk.text.text
    assert [text[a:b] for a, b in view["marks"]] == ["the toll must stay"]


def test_a_decision_is_a_row_of_adjudications_with_one_reason(desk, tmp_path):
    assert (
        decide(desk, CELL, 1, " It  supports. ")["said"] == "Decided and saved: +1. 1 cell to go."
    )
    assert decide(desk, ("beta", "p4", "letter"), None)["said"].startswith(
        "Decided and saved: stru"
    )
    assert [tuple(row.values()) for row in desk.own.rows(DECISIONS)] == [
        (*CELL, "1", "It supports."), ("beta", "p4", "letter", "", "The text says so."),
    ]  # fmt: skip
    hand_in(tmp_path / "study", desk.own)
    found = analyse(load.read(tmp_path / "study")).resolved.set_index("status")["stance"]
    assert found["adjudicated"] == 1
    assert "struck" in found.index


@pytest.mark.parametrize(
    ("stance", "reason", "words"),
    [(2, " ", "say why"), (2, None, "say why"), (3, "x", "choose a decision"),
     ("", "x", "choose a decision"), (2, "a\x07", "[reason]")],
)  # fmt: skip
def test_a_decision_without_a_reason_or_a_code_is_refused(desk, stance, reason, words):
    said = decide(desk, CELL, stance, reason)
    assert (said["tone"], words in said["said"]) == ("bad", True)
    assert desk.own.rows(DECISIONS) == []


def test_a_decision_can_be_changed_and_taken_back_before_it_is_handed_in(desk):
    decide(desk, CELL, 2)
    decide(desk, CELL, -1)
    assert [row["stance"] for row in desk.own.rows(DECISIONS)] == ["-1"]
    desk.act({"act": "go", "to": list(CELL)})
    assert desk.act({"act": "undo"})["tone"] == "good"
    assert desk.own.rows(DECISIONS) == []
    assert desk.act({"act": "undo"})["said"] == "nothing is decided on this cell"


def test_a_check_that_found_another_code_is_an_objection(tmp_path):
    desk = bench.desk(tmp_path)
    for cell in desk.checks.pieces:
        desk.act({"act": "lock", "cell": list(cell), "stance": -2 if cell == CELL else
                  (2 if cell[1] == "p4" and cell[0] == "alpha" else None)})  # fmt: skip
    desk.act({"act": "queue", "queue": "decide"})
    assert {desk.deciding.why[cell] for cell in desk.deciding.pieces} == {"a check objects"}
    desk.act({"act": "go", "to": list(CELL)})
    view = Screen(desk).answer({"act": "show"})["view"]
    assert [(r["who"], r["kind"], r["stance"]) for r in view["readings"]] == [
        ("ann", "coder", 2), ("ben", "coder", 2), ("cleo", "check", -2),
    ]  # fmt: skip
    # What was missed has no phrase to decide on: it is told.
    assert ("alpha", "p4", "brief") not in desk.deciding.pieces
    assert any("1 cell where a check found a stance" in said for said in view["notices"])


def test_what_is_still_to_be_checked_blind_is_not_shown(tmp_path):
    bench.write(tmp_path, sample=(7, 1))
    study = bench.coded(APART)
    bench.village.write(tmp_path / "study", {"codings": study, "coders": bench.CODERS})
    desk = bench.desk(tmp_path)
    answer = Screen(desk).answer({"act": "queue", "queue": "decide"})
    assert answer["view"]["cell"] is None
    assert answer["view"]["notices"] == [
        "Cells that you are still to check blind are not shown here."
    ]
    assert desk.own.rows(SEEN) == []
    desk.act({"act": "queue", "queue": "check"})
    desk.act({"act": "lock", "cell": list(CELL), "stance": 2})
    assert Screen(desk).answer({"act": "queue", "queue": "decide"})["view"]["cell"] == list(CELL)


def test_what_differs_from_the_study_is_not_handed_in_unasked(tmp_path):
    desk = bench.desk(tmp_path, "ann")
    bench.code(desk, "letter", "beta", "p1", -1, "no bridge at any price")
    before = (tmp_path / "study/codings.csv").read_bytes()
    with pytest.raises(DeskError, match=r"beta / p1 / letter / ann .* has '-2' already"):
        hand_in(tmp_path / "study", desk.own)
    assert (tmp_path / "study/codings.csv").read_bytes() == before
    found = hand_in(tmp_path / "study", desk.own, replace=True)
    assert (found.changed["codings"], found.same["codings"]) == (1, 9)
    again = hand_in(tmp_path / "study", desk.own)
    assert (again.changed["codings"], again.same["codings"]) == (0, 10)


def test_what_would_break_the_study_is_not_handed_in(tmp_path):
    desk = bench.desk(tmp_path, "eve")
    bench.code(desk, "brief", "alpha", "p1", 2, "we support the bridge")
    with pytest.raises(DeskError, match=r"coders\.csv does not say who this is"):
        hand_in(tmp_path / "study", desk.own)
    with pytest.raises(DeskError, match="is no folder of a study"):
        hand_in(tmp_path / "study.xlsx", desk.own)
