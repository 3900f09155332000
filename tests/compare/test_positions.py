"""Why a position is another now: the words for each thing that can bring it about."""

import editions
import pytest
import village
from editions import coding, compared, with_cell

from positions.measures.evidence import Counting


def only(found, body_id, proposition_id):
    rows = found.positions[
        (found.positions["body_id"] == body_id)
        & (found.positions["proposition_id"] == proposition_id)
    ]
    assert len(rows) == 1, found.positions
    return rows.iloc[0]


def test_another_reading_is_told_with_the_reader(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    row = only(found, "alpha", "p3")
    assert (row["change"], row["old"], row["new"]) == ("moved", 1, -1)
    assert row["why"] == "brief: read -1 (was +1) by ann"
    assert len(found.positions) == 1


def test_a_new_source_and_one_taken_out_are_told(tmp_path):
    there = compared(tmp_path / "a", editions.with_source())
    assert only(there, "alpha", "p4")["why"] == "leaflet: the source is new"
    assert only(there, "alpha", "p4")["change"] == "new"
    tables = village.tables()
    back = compared(
        tmp_path / "b", {name: tables[name] for name in ("sources", "codings")},
        editions.with_source(),
    )  # fmt: skip
    assert only(back, "alpha", "p4")["why"] == "leaflet: the source was taken out"
    assert only(back, "alpha", "p4")["change"] == "gone"


def test_a_later_source_that_supersedes_is_the_reason(tmp_path):
    row = only(compared(tmp_path, editions.with_later()), "alpha", "p1")
    assert (row["old"], row["new"]) == (2, -2)
    assert (row["sources_old"], row["sources_new"]) == (("brief",), ("later",))
    assert row["why"] == "later: the source is new"


def test_a_later_source_seen_in_part_counts_beside_the_one_seen_whole(tmp_path):
    tables = editions.with_source()
    tables["codings"][-1] = coding("alpha", "p1", "leaflet", -2)
    row = only(compared(tmp_path, tables), "alpha", "p1")
    # the mean of +2 in the brief and -2 in the leaflet
    assert (row["old"], row["new"], row["flagged_new"]) == (2, 0, "mixed")
    assert row["sources_new"] == ("brief", "leaflet")
    assert row["why"] == "leaflet: the source is new"


def test_a_source_that_is_now_seen_whole_supersedes_and_says_so(tmp_path):
    before = editions.with_later()
    before["sources"][-1] = [*editions.LATER[:8], "opening", "", "", ""]
    before["codings"][-1][7:9] = ["", ""]
    row = only(compared(tmp_path, editions.with_later(), before), "alpha", "p1")
    assert (row["old"], row["new"]) == (0, -2)
    assert row["why"] == "later: seen: whole (was opening)"


def test_a_last_day_that_shuts_a_source_out_is_the_reason(tmp_path):
    # the news is dated by its month, April, and the study now ends with March
    found = compared(tmp_path, as_of="2021-03")
    assert set(found.positions["change"]) == {"gone"}
    assert set(found.positions["body_id"]) == {"gamma", "maker"}
    assert set(found.positions["why"]) == {"news: no longer in the time that counts"}
    (row,) = found.records.to_dict("records")
    assert (row["key"], row["old"], row["new"]) == ("as_of", "", "2021-03")


def test_a_source_that_is_coded_now_or_no_longer_is_told(tmp_path):
    there = compared(
        tmp_path / "a",
        {"codings": [*village.tables()["codings"], coding("gamma", "p2", "news", 1)]},
    )
    assert only(there, "gamma", "p2")["why"] == "news: coded now"
    back = compared(tmp_path / "b", editions.without("codings", "gamma"))
    assert only(back, "gamma", "p1")["why"] == "news: its codes were taken out"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [(0, "", "letter: decided: struck (was 0)"), (0, -1, "letter: decided: -1 (was 0)"),
     ("", 0, "letter: decided: 0 (was struck)")],
)  # fmt: skip
def test_another_decision_is_told(tmp_path, before, after, why):
    found = compared(tmp_path, editions.read_twice(after), editions.read_twice(before))
    assert only(found, "beta", "p3")["why"] == why


def test_a_second_reader_and_the_decision_on_the_two_are_told(tmp_path):
    row = only(compared(tmp_path, editions.read_twice(-1)), "beta", "p3")
    assert row["why"] == "letter: now read by ben, decided: -1"


def test_the_same_position_on_another_basis_is_on_other_evidence(tmp_path):
    found = compared(tmp_path, with_cell("codings", ("alpha", "p1"), "basis", "reported"))
    row = only(found, "alpha", "p1")
    assert (row["change"], row["old"], row["new"]) == ("on other evidence", 2, 2)
    assert row["why"] == "brief: called reported (was stated) by ann"
    assert not found.numbers["number"].isin(["agreement", "lower", "upper"]).any()


def test_another_date_that_lets_two_sources_count_is_told(tmp_path):
    before = editions.with_later()
    sources = [list(row) for row in before["sources"]]
    (brief,) = [row for row in sources if row[0] == "brief"]
    brief[3] = "2021"
    row = only(compared(tmp_path, {"sources": sources}, before), "alpha", "p1")
    assert (row["old"], row["new"], row["flagged_new"]) == (-2, 0, "mixed")
    assert row["why"] == "brief: dated 2021 (was 2021-03-01)"


def test_a_source_that_is_found_to_repeat_another_no_longer_counts(tmp_path):
    before = editions.with_source()
    sources = [list(row) for row in before["sources"]]
    sources[-1][-1] = "brief"
    found = compared(tmp_path / "a", {"sources": sources}, before)
    assert only(found, "alpha", "p4")["why"] == "leaflet: said to repeat brief"
    everything = compared(tmp_path / "b", {"sources": sources}, before, Counting(independent=False))
    assert everything.positions.empty


def test_a_cell_that_becomes_open_because_others_read_its_source_is_told(tmp_path):
    # ben reads one cell of the brief: on its other cells he has no row, and nobody decided
    changed = {"codings": [*village.tables()["codings"], coding("maker", "p4", "brief", 1, "ben")]}
    old = editions.edition(tmp_path / "old")
    village.write(tmp_path / "new", changed)
    new = editions.git.find_edition(str(tmp_path / "new"), allow_unresolved=True)
    found = editions.comparison.compare(old, new)
    row = only(found, "alpha", "p1")
    assert (row["change"], row["why"]) == ("gone", "brief: other coders read the source")


def test_two_readers_who_changed_alike_are_named_together(tmp_path):
    before, after = editions.read_twice(0), editions.read_twice(0)
    for row in after["codings"]:
        if row[:2] == ["beta", "p1"]:
            row[4] = -1
    row = only(compared(tmp_path, after, before), "beta", "p1")
    assert row["why"] == "letter: read -1 (was -2) by ann and ben"


def test_a_source_that_is_superseded_is_no_reason_though_its_reading_changed(tmp_path):
    before = editions.with_later()
    after = [list(row) for row in before["codings"]]
    for row in after:
        if row[:2] == ["alpha", "p1"]:
            row[4] = {"brief": 1, "later": -1}[row[2]]
    row = only(compared(tmp_path, {"codings": after}, before), "alpha", "p1")
    assert row["why"] == "later: read -1 (was -2) by ann"


@pytest.mark.parametrize("later", ["brief 2", "2 brief", "brief; brief", "a brief, too"])
def test_an_id_that_holds_another_is_one_source_of_its_own(tmp_path, later):
    # The reading of the brief changes, yet a later source alone carries the position.
    before, after = editions.with_later(-2, later), editions.with_later(-1, later)
    for tables, first in ((before, 2), (after, 1)):
        for row in tables["codings"]:
            if row[:3] == ["alpha", "p1", "brief"]:
                row[4] = first
    row = only(compared(tmp_path, after, before), "alpha", "p1")
    assert (row["sources_old"], row["sources_new"]) == ((later,), (later,))
    assert row["why"] == f"{later}: read -1 (was -2) by ann"
