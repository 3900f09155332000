"""The queue Code: one's own phrases, saved, undone and closed."""

import bench
import pytest
import village

from positions.cli.main import main
from positions.exchange.coder_files import CoderOptions
from positions.exchange.formats import ImportOptions, bring
from positions.exchange.mapping import Declared
from positions.reading.desk_view import Screen
from positions.reading.own_files import CODINGS

BRIDGE = ("brief", "alpha", "p1", 2, "we support the bridge")


@pytest.fixture
def desk(tmp_path):
    return bench.desk(tmp_path)


def test_a_phrase_is_coded_at_its_place_and_saved(desk):
    said = bench.code(desk, *BRIDGE)
    assert said == {"said": "alpha / p1 +2 coded and saved.", "tone": "good"}
    text = desk.coding.text("brief").text
    (row,) = desk.own.rows(CODINGS)
    assert text[int(row["start"]) : int(row["end"])] == row["quote"] == "we support the bridge"
    assert (row["coder"], row["stance"], row["basis"]) == ("cleo", "2", "stated")


def test_several_phrases_may_carry_a_cell_and_that_they_differ_is_told(desk):
    bench.code(desk, *BRIDGE)
    said = bench.code(desk, "brief", "alpha", "p1", 1, "a market is welcome")
    assert "Your phrases on this point differ (+1 and +2)" in said["said"]
    assert len(desk.own.rows(CODINGS)) == 2


def test_the_same_phrase_coded_anew_takes_the_place_of_what_it_was(desk):
    bench.code(desk, *BRIDGE)
    bench.code(desk, *BRIDGE[:3], 1, BRIDGE[4], "implied", "It follows.")
    (row,) = desk.own.rows(CODINGS)
    assert (row["stance"], row["basis"], row["note"]) == ("1", "implied", "It follows.")
    assert desk.act({"act": "undo"})["said"] == "Undone and saved: alpha / p1 +1."
    assert desk.own.rows(CODINGS)[0]["stance"] == "2"
    desk.act({"act": "undo"})
    assert desk.own.rows(CODINGS) == []
    assert desk.act({"act": "undo"}) == {"said": "nothing to undo in this window", "tone": "bad"}


def test_a_phrase_is_taken_out_and_put_back(desk):
    bench.code(desk, *BRIDGE)
    before = desk.own.rows(CODINGS)
    key = ["alpha", "p1", "brief", before[0]["start"]]
    assert desk.act({"act": "remove", "key": key})["tone"] == "good"
    assert desk.own.rows(CODINGS) == []
    assert desk.act({"act": "remove", "key": key})["tone"] == "bad"
    desk.act({"act": "undo"})
    assert desk.own.rows(CODINGS) == before


ASKED = {"act": "code", "source_id": "brief", "body_id": "alpha", "proposition_id": "p1",
         "stance": 2, "basis": "stated", "start": 0, "end": 5, "note": ""}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"stance": 3}, "choose a stance"),
        ({"stance": True}, "choose a stance"),
        ({"stance": "2"}, "choose a stance"),
        ({"stance": None}, "choose a stance"),
        ({"basis": "guessed"}, "choose a basis: stated, implied, reported"),
        ({"basis": "implied", "note": " \n"}, "an implied stance needs a note"),
        ({"body_id": "x"}, "choose a body of the study"),
        ({"body_id": ["x"]}, "choose a body of the study"),
        ({"proposition_id": ""}, "choose a proposition of the study"),
        ({"source_id": "x"}, "the study has no source 'x'"),
        ({"start": 5, "end": 5}, "select a phrase of the text"),
        ({"start": 0, "end": 99_999}, "is no place of a text"),
        ({"start": 5, "end": 0}, "is no place of a text"),
        ({"note": "a\x00b"}, "[note]"),
    ],
)
def test_what_the_codebook_does_not_allow_is_refused_and_not_saved(desk, wrong, words):
    said = desk.act(ASKED | wrong)
    assert said["tone"] == "bad"
    assert words in said["said"]
    assert not desk.own.path(CODINGS).exists()


@pytest.mark.parametrize("asked", [{}, {"act": None}, {"act": ["x"]}, {"act": "__init__"}])
def test_an_act_that_is_none_is_refused(desk, asked):
    assert desk.act(asked)["tone"] == "bad"


def test_a_text_that_moved_is_not_coded(desk, tmp_path):
    (tmp_path / "texts" / "brief.txt").write_text("another text that is long enough")
    said = desk.act(ASKED)
    assert "is not the text that the study was coded from" in said["said"]
    assert desk.own.rows(CODINGS) == []


# --- a document whose text is not stored -----------------------------------------------------

TYPED = {"act": "code", "source_id": "post", "body_id": "alpha", "proposition_id": "p1",
         "stance": 2, "basis": "stated", "quote": " we  back\nthe bridge ", "note": ""}  # fmt: skip


@pytest.fixture
def post(tmp_path):
    """The desk of a study with a source of which only the opening was seen, and no text."""
    row = ["post", "The post", "Alpha", "2021-03-06", "shown", "letter", "combined", "", "opening",
           "", "", ""]  # fmt: skip
    found = bench.desk(tmp_path, sources=[*village.tables()["sources"], row])
    found.act({"act": "queue", "queue": "code"})
    found.act({"act": "go", "to": "post"})
    return found


def test_a_phrase_is_typed_where_no_text_is_stored_and_has_no_place(post, tmp_path, capsys):
    assert post.act(TYPED) == {"said": "alpha / p1 +2 coded and saved.", "tone": "good"}
    (row,) = post.own.rows(CODINGS)
    assert (row["quote"], row["start"], row["end"]) == ("we back the bridge", "", "")
    again = post.act({**TYPED, "stance": 1, "quote": "perhaps a bridge"})
    assert again["said"].startswith("alpha / p1 +1 coded anew and saved.")
    assert [row["quote"] for row in post.own.rows(CODINGS)] == ["perhaps a bridge"]
    said = post.act({"act": "finish", "source_id": "post"})["said"]
    assert said == "post is finished, with 1 phrase."
    assert main(["workbench", str(tmp_path / "study"), "--coder", "cleo", "--hand-in"]) == 0
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "study"), "--texts", str(tmp_path / "texts")]) == 0
    said = "1 phrases come from texts of which only the opening was seen: no text to check them"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"quote": " \n"}, "type a phrase of the document"),
        ({"quote": None}, "type a phrase of the document"),
        ({"quote": ["x"]}, "type a phrase of the document"),
        ({"quote": "x " * 26}, "the phrase has 26 words, 51 characters; at most 25 and 500"),
        ({"quote": "a\x00b"}, "[quote]"),
        ({"stance": 3}, "choose a stance"),
        ({"basis": "implied"}, "an implied stance needs a note"),
    ],
)
def test_a_typed_phrase_keeps_the_rules_of_the_codebook(post, wrong, words):
    said = post.act({**TYPED, **wrong})
    assert said["tone"] == "bad"
    assert words in said["said"]
    assert not post.own.path(CODINGS).exists()


def test_a_typed_phrase_is_measured(post):
    told = post.act({"act": "measure", "quote": "a  b"})["phrase"]
    assert told == {"start": 0, "end": 0, "quote": "a b", "words": 2, "problem": ""}


def test_a_source_without_its_text_says_so_and_stands_behind_the_others(post, tmp_path):
    assert post.coding.pieces == ["brief", "letter", "news", "post"]
    source = Screen(post).answer({"act": "show"})["view"]["source"]
    assert source["typed"]
    assert source["problem"] == (
        "The text of post is not stored here. Type or paste a phrase as it stands in the document: "
        "it has no place, and cannot be verified. Or add the text."
    )
    (tmp_path / "texts" / "brief.txt").unlink()
    post.act({"act": "go", "to": "brief"})
    source = Screen(post).answer({"act": "show"})["view"]["source"]
    assert not source["typed"]
    whole = "It was read whole, so a phrase needs its place in it: add the text."
    assert source["problem"] == f"The text of brief is not stored here. {whole}"
    assert post.act({**TYPED, "source_id": "brief"})["said"] == source["problem"]
    # Where a text is stored, a typed phrase is none: its place is asked for.
    assert "is no place of a text" in post.act({**TYPED, "source_id": "letter"})["said"]


def test_a_finished_text_is_closed_and_only_then_agreement_is_told(desk):
    bench.code(desk, *BRIDGE)
    bench.code(desk, "brief", "alpha", "p2", -1, "a market is welcome")
    assert desk.coding.agreement() == ""
    said = desk.act({"act": "finish", "source_id": "brief"})["said"]
    assert said == "brief is finished, with 2 phrases."
    # ann and ben read p1 +2, p2 +2, p3 +1: one of three cells is the same.
    assert desk.coding.agreement() == (
        "In the texts you finished, you gave the same code as ann in 1 of 3 and ben in 1 of 3 "
        "cells."
    )
    assert "readings are not changed afterwards" in bench.code(desk, *BRIDGE)["said"]
    assert desk.act({"act": "undo"})["tone"] == "bad"
    assert desk.coding.here == "letter"


@pytest.mark.slow
def test_another_window_is_told_and_cannot_undo_what_it_did_not_do(tmp_path):
    one, other = bench.desk(tmp_path), bench.desk(tmp_path)
    bench.code(one, *BRIDGE)
    said = bench.code(other, *BRIDGE[:3], 1, BRIDGE[4])
    assert "Another window of yours has saved since" in said["elsewhere"]
    assert [row["stance"] for row in one.own.rows(CODINGS)] == ["2"]
    undone = one.act({"act": "undo"})
    assert "Another window of yours has saved since" in undone["elsewhere"]
    assert "another window of yours changed this phrase meanwhile" in undone["said"]
    assert [row["stance"] for row in one.own.rows(CODINGS)] == ["1"]


def test_work_is_there_when_the_desk_is_opened_again(tmp_path):
    bench.code(bench.desk(tmp_path), *BRIDGE)
    again = bench.desk(tmp_path)
    assert [row["quote"] for row in again.coding.rows("brief")] == [BRIDGE[4]]


def test_a_coder_of_the_study_goes_on_from_the_studys_rows(tmp_path):
    desk = bench.desk(tmp_path, "ann")
    assert len(desk.own.rows(CODINGS)) == 10
    bench.code(desk, "letter", "beta", "p1", -1, "no bridge at any price")
    assert len(bench.desk(tmp_path, "ann").own.rows(CODINGS)) == 10


def test_the_own_file_is_what_import_reads(desk, tmp_path):
    bench.code(desk, *BRIDGE)
    desk.own.path(CODINGS)
    taken, _ = bring("coder", desk.own.path(CODINGS), tmp_path / "study", Declared(),
                     ImportOptions(coder=CoderOptions(), unresolved=True))  # fmt: skip
    assert (taken.problems, taken.conflicts) == ([], [])
    assert taken.added["codings"] == 1


def test_time_left_is_the_median_of_finished_texts_and_leaves_breaks_out(tmp_path):
    clock = bench.Clock()
    desk = bench.desk(tmp_path, clock=clock)
    desk.queue = "code"
    sizes = {name: len(desk.coding.text(name).text) for name in desk.coding.pieces}
    for name in ("brief", "letter"):
        desk.act({"act": "go", "to": name})
        clock.pass_seconds(240)
        desk.act({"act": "show"})
        clock.pass_seconds(3600)  # a break
        desk.act({"act": "show"})
        desk.act({"act": "finish", "source_id": name})
    assert desk.coding.left() == ""
    desk.coding.pace.finish("more", 1)  # a third piece, of no time at all
    seconds = sorted([240 / sizes["brief"], 240 / sizes["letter"], 0])[1] * sizes["news"]
    assert desk.coding.left().startswith(f"about {round(seconds / 60)} minute")
    assert "(an estimate: the median of 3 texts)" in desk.coding.left()
