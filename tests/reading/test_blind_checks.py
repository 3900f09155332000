"""The queue Check: one order, one verdict a cell, and the file says whether it was blind."""

import json

import bench
import pytest

from positions.auditing.audit import audit
from positions.auditing.notices import notices
from positions.measures.analysis import analyse
from positions.reading.desk_view import Screen
from positions.reading.handing_in import hand_in
from positions.reading.own_files import CHECKS, SEEN
from positions.study import load


@pytest.fixture
def desk(tmp_path):
    return bench.desk(tmp_path)


def lock(desk, cell, stance, **more):
    return desk.act({"act": "lock", "cell": list(cell), "stance": stance, "note": "", **more})


def verdicts(desk):
    """The code of each drawn cell, as the study has it."""
    found = analyse(desk.study).resolved.set_index(["body_id", "proposition_id", "source_id"])
    return {cell: found["stance"].get(cell) for cell in desk.checks.pieces}


def test_coded_and_blank_cells_stand_in_one_order_by_text_and_codebook(desk):
    cells = desk.checks.pieces
    assert len(cells) == 8
    assert ("alpha", "p4", "brief") in cells  # the blank
    assert cells == sorted(cells, key=lambda cell: (cell[2], cell[1], cell[0]))


def test_a_verdict_is_a_row_of_checks_that_the_audit_counts(desk, tmp_path):
    for cell, stance in verdicts(desk).items():
        assert lock(desk, cell, None if stance is None else int(stance))["tone"] == "good"
    row = next(row for row in desk.own.rows(CHECKS) if row["proposition_id"] == "p4"
               and row["body_id"] == "alpha")  # fmt: skip
    assert (row["stance"], row["seen_blind"], row["checked"]) == ("", "yes", "2024-05-02")
    assert hand_in(tmp_path / "study", desk.own).added["checks"] == 8
    found = audit(load.read(tmp_path / "study"))
    assert found.checked == 7
    assert set(found.checks["result"]) == {"counts"}
    assert found.checks["agrees"].all()


def test_a_locked_verdict_stays(desk):
    cell = desk.checks.here
    lock(desk, cell, -2)
    assert "locked already" in lock(desk, cell, 2)["said"]
    desk.queue = "check"
    assert desk.act({"act": "undo"})["said"] == "a verdict that is locked stays as it is"
    assert [row["stance"] for row in desk.own.rows(CHECKS)] == ["-2"]


@pytest.mark.parametrize("stance", [3, -3, "2", True, 1.0, "", [1]])
def test_a_verdict_that_is_none_is_refused(desk, stance):
    assert "choose a verdict" in lock(desk, desk.checks.here, stance)["said"]
    assert "choose a verdict" in desk.act({"act": "lock", "cell": list(desk.checks.here)})["said"]
    assert desk.own.rows(CHECKS) == []


@pytest.mark.parametrize("cell", [None, "x", ["a"], ["a", "b", "c"], 5, [["a"], "b", "c"]])
def test_a_cell_that_was_not_drawn_is_refused(desk, cell):
    said = desk.act({"act": "lock", "cell": cell, "stance": 2})
    assert said == {"said": "that cell is not in your queue", "tone": "bad"}


def test_two_windows_cannot_lock_two_verdicts(tmp_path):
    one, other = bench.desk(tmp_path), bench.desk(tmp_path)
    cell = one.checks.here
    lock(one, cell, 2)
    said = lock(other, cell, -2)
    assert said["tone"] == "bad"
    assert [row["stance"] for row in bench.desk(tmp_path).own.rows(CHECKS)] == ["2"]


def test_after_a_lock_the_next_cell_without_a_verdict_is_looked_at(desk):
    first, second, third = desk.checks.pieces[:3]
    lock(desk, second, 2)
    desk.act({"act": "go", "to": list(first)})
    lock(desk, first, 2)
    assert desk.checks.here == first  # to see what the others read
    desk.act({"act": "go", "to": "next"})
    assert desk.checks.here == third
    desk.act({"act": "go", "to": -2})
    assert desk.checks.here == first
    desk.act({"act": "go", "to": -5})
    assert desk.checks.here == first


def test_work_goes_on_where_it_was_when_the_desk_is_opened_again(tmp_path):
    desk = bench.desk(tmp_path)
    for cell in desk.checks.pieces[:3]:
        lock(desk, cell, 2)
    again = bench.desk(tmp_path)
    assert again.checks.here == desk.checks.pieces[3]
    assert len(again.checks.waiting) == 5


@pytest.mark.parametrize(
    ("coder", "words"),
    [("robo", "robo is a program"), ("eve", "add the row eve,person,<your name>")],
)
def test_only_a_person_whom_the_study_knows_can_check(tmp_path, coder, words):
    desk = bench.desk(tmp_path, coder)
    assert words in desk.checks.refused
    assert desk.checks.pieces == []
    assert desk.queue == "code"


def test_without_a_draw_the_queue_says_how_to_draw(tmp_path):
    assert "positions audit STUDY --draw N" in bench.desk(tmp_path, sample=None).checks.refused


def test_who_coded_a_text_does_not_check_it(tmp_path):
    desk = bench.desk(tmp_path, "ann")
    assert desk.checks.pieces == []
    assert "8 drawn cells of texts that you coded yourself" in desk.checks.skipped
    cleo = bench.desk(tmp_path)
    bench.code(cleo, "brief", "alpha", "p1", 2, "we support the bridge")
    assert {cell[2] for cell in bench.desk(tmp_path).checks.pieces} == {"letter"}


def test_a_cell_that_left_the_study_is_named_and_left_out(tmp_path):
    made, _ = bench.write(tmp_path)
    sample = made / "samples.csv"
    sample.write_text(sample.read_text() + "gone,p1,brief,coded,1,7,2024-05-01,0123456789abcdef\n")
    desk = bench.desk(tmp_path)
    assert len(desk.checks.pieces) == 8
    assert desk.checks.skipped == (
        "1 drawn cell of a body, proposition or source that has left the study: left out."
    )


def test_a_text_that_moved_cannot_be_judged(tmp_path):
    desk = bench.desk(tmp_path)
    cell = desk.checks.here
    (tmp_path / "texts" / f"{cell[2]}.txt").write_text("another")
    assert "is not the text that the study was coded from" in lock(desk, cell, 2)["said"]
    (tmp_path / "texts" / f"{cell[2]}.txt").unlink()
    assert lock(desk, cell, 2)["tone"] == "good"  # read elsewhere: what can be seen of it


def test_who_saw_a_reading_before_is_not_called_blind(tmp_path):
    made, _ = bench.write(tmp_path, bench.coded({("alpha", "p1", "ben"): -2}), sample=None)
    seer = bench.desk(tmp_path)
    seer.queue = "decide"
    Screen(seer).answer({"act": "show"})
    assert [row["proposition_id"] for row in seer.own.rows(SEEN)] == ["p1"]
    (made / "adjudications.csv").write_text(
        "body_id,proposition_id,source_id,stance,reason\nalpha,p1,brief,2,Said so.\n"
    )
    bench.write(tmp_path / "drawn", bench.coded({("alpha", "p1", "ben"): -2}),
                adjudications=[["body_id", "proposition_id", "source_id", "stance", "reason"],
                               ["alpha", "p1", "brief", 2, "Said so."]])  # fmt: skip
    (made / "samples.csv").write_bytes((tmp_path / "drawn/study/samples.csv").read_bytes())
    again = bench.desk(tmp_path)
    said = lock(again, ("alpha", "p1", "brief"), 2)["said"]
    assert "You had seen its readings before: it is shown, not counted." in said
    assert again.own.rows(CHECKS)[0]["seen_blind"] == "no"
    lock(again, ("alpha", "p2", "brief"), 2)
    assert again.own.rows(CHECKS)[1]["seen_blind"] == "yes"


def test_agreement_and_time_left_are_told_of_what_is_locked(tmp_path):
    clock = bench.Clock()
    desk = bench.desk(tmp_path, clock=clock)
    found = verdicts(desk)
    for n, cell in enumerate(desk.checks.pieces[:4]):
        desk.act({"act": "go", "to": list(cell)})
        clock.pass_seconds([30, 90, 60, 600][n])  # ten minutes without an act are a break
        wanted = found[cell] if n else -found[cell]
        lock(desk, cell, None if wanted is None else int(wanted))
    assert desk.checks.agreement() == "The study has your code in 3 of 4 locked cells."
    # The median of 30, 90, 60 and 0 seconds is 45; four cells are left.
    assert desk.checks.left() == (
        "about 3 minutes left at your own pace (an estimate: the median of 4 cells)"
    )


BRIDGE = ("alpha", "p1", "brief")


def recode(folder, stance):
    """Have both coders code a cell anew, and nothing else."""
    codings = bench.coded({("alpha", "p1", "ann"): stance, ("alpha", "p1", "ben"): stance})
    bench.village.write(folder / "stand-in", {"codings": codings, "coders": bench.CODERS})
    (folder / "study" / "codings.csv").write_bytes((folder / "stand-in/codings.csv").read_bytes())


def shown(desk):
    desk.queue = "check"
    return json.dumps(Screen(desk).answer({"act": "go", "to": list(BRIDGE)}))


def test_a_cell_whose_code_changed_is_to_be_checked_again_with_nothing_of_any_reading(tmp_path):
    desk = bench.desk(tmp_path)
    lock(desk, BRIDGE, 2)
    assert desk.checks.stale() == 0 and bench.SECRET in shown(desk)
    hand_in(tmp_path / "study", desk.own)
    recode(tmp_path, 1)
    again = bench.desk(tmp_path)
    assert again.checks.stale() == 1
    assert again.checks.waiting == again.checks.pieces and again.checks.here == BRIDGE
    assert bench.SECRET not in shown(again)
    assert "1 cell that you checked before: the code or the text has changed" in shown(again)
    assert lock(again, BRIDGE, 1)["tone"] == "good"
    assert again.checks.stale() == 0 and bench.SECRET in shown(again)
    assert "locked already" in lock(again, BRIDGE, 2)["said"]
    rows = again.own.rows(CHECKS)
    # the first verdict was followed by the readings: the second is not blind
    assert [(row["stance"], row["seen_blind"]) for row in rows] == [("2", "yes"), ("1", "no")]
    assert hand_in(tmp_path / "study", again.own).added["checks"] == 1
    study = load.read(tmp_path / "study")
    found = audit(study)
    assert sorted(zip(found.checks["stance"], found.checks["result"], strict=True)) == [
        (1, "not blind"), (2, "the code changed"),
    ]  # fmt: skip
    assert found.checked == 0
    assert sorted(p.rule for p in notices(found)) == ["check-stale", "not-blind"]
    other = bench.desk(tmp_path, coder="dan")
    assert other.checks.stale() == 0
    lock(other, BRIDGE, 1)
    hand_in(tmp_path / "study", other.own)
    assert audit(load.read(tmp_path / "study")).checked == 1
    # The code comes back: the verdict that was given on it counts again, and is shown as locked.
    recode(tmp_path, 2)
    assert bench.desk(tmp_path).checks.locked[BRIDGE]["stance"] == "2"


def test_a_verdict_written_by_hand_is_of_what_was_drawn_and_grows_stale_as_well(tmp_path):
    made, _ = bench.write(tmp_path)
    head = "body_id,proposition_id,source_id,checker,stance,seen_blind,checked,mark,note\n"
    (made / "checks.csv").write_text(f"{head}alpha,p1,brief,cleo,2,yes,2024-05-02,,\n")
    assert bench.desk(tmp_path).checks.locked[BRIDGE]["stance"] == "2"
    recode(tmp_path, 1)
    desk = bench.desk(tmp_path)
    assert desk.checks.stale() == 1
    (notice,) = notices(audit(desk.study))
    now = desk.checks.mark(BRIDGE)
    assert notice.rule == "check-stale"
    assert notice.fix == (
        "have it checked again, blind, by another person; by hand in a new row, with the mark "
        f"{now}"
    )
    with (made / "checks.csv").open("a") as file:
        file.write(f"alpha,p1,brief,cleo,1,yes,2024-05-03,{now},\n")
    again = audit(load.read(made))
    assert again.checked == 1
    assert [(p.severity, p.rule) for p in notices(again)] == [("note", "check-superseded")]
    assert bench.desk(tmp_path).checks.locked[BRIDGE]["stance"] == "1"


def test_an_older_verdict_objects_no_more_once_there_is_a_newer_one(tmp_path):
    desk = bench.desk(tmp_path)
    lock(desk, BRIDGE, 0)
    recode(tmp_path, 1)
    clock = bench.Clock()
    clock.pass_seconds(86_400)
    again = bench.desk(tmp_path, clock=clock)
    assert BRIDGE not in again.deciding.pieces  # first it is checked again
    lock(again, BRIDGE, 1)
    again.act({"act": "queue", "queue": "decide"})
    assert BRIDGE not in again.deciding.pieces
