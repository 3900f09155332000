"""A document is added at the desk as `positions add` adds it: whole or not at all."""

import json

import bench
import documents_made as made
import pytest
import village
import workbooks
from folders import contents, rows

from positions.cli.main import main
from positions.reading import adding
from positions.reading.desk import Desk
from positions.reading.desk_view import Screen
from positions.study import load, revision

SAID = {"title": "Our answer", "published": "2021-03-09", "published_basis": "shown",
        "kind": "letter", "phase": "combined"}  # fmt: skip
TEXT = "We back the bridge.\n"
POST = ["post", "The post", "Alpha", "2021-03-06", "shown", "letter", "combined",
        "https://alpha.example/post", "opening", "", "", ""]  # fmt: skip


def opened(folder, **more):
    """A desk at its queue Code; of one source only the opening was seen."""
    tables = village.tables()["sources"]
    desk = bench.desk(folder, sources=[*tables, POST], **more)
    desk.queue = "code"
    return desk


def add(desk, **changed):
    asked = {"act": "add", "text": TEXT, "body_id": "alpha", **SAID, **changed}
    return desk.act(asked)


def row(folder, source_id):
    sources = rows(folder / "study" / "sources.csv")
    return next(one for one in sources if one["source_id"] == source_id)


def all_of(folder):
    """All of the study and the texts, but for the locks of writers."""
    return {name: raw for name, raw in contents(folder).items() if not name.endswith(".lock")}


def test_a_pasted_text_is_a_source_that_stands_in_the_queue_at_once(tmp_path):
    desk = opened(tmp_path)
    screen = Screen(desk)
    answer = screen.answer({"act": "add", "text": TEXT, "body_id": "alpha", **SAID})
    assert answer["tone"] == "good"
    assert "20 characters, from pasted text (text)" in answer["said"]
    assert answer["text"]["text"] == TEXT
    here = [item for item in answer["view"]["items"] if item["here"]]
    assert here == [{"id": "alpha-2021-03-09", "label": "alpha-2021-03-09: Our answer",
                     "done": False, "here": True}]  # fmt: skip
    assert answer["view"]["body"] == "alpha"
    assert (tmp_path / "texts" / "alpha-2021-03-09.txt").read_text("utf-8") == TEXT
    said = bench.code(desk, "alpha-2021-03-09", "alpha", "p1", 2, "We back the bridge")
    assert said == {"said": "alpha / p1 +2 coded and saved.", "tone": "good"}


def test_a_file_is_added_as_the_command_adds_it(tmp_path):
    raw = made.pdf("As we said,\nthe mill", "has its uses.")
    (tmp_path / "answer.pdf").write_bytes(raw)
    for name in ("one", "two"):
        opened(tmp_path / name)
    options = [part for name, text in SAID.items()
               for part in (f"--{name.replace('_', '-')}", text)]  # fmt: skip
    study, texts = (str(tmp_path / "one" / name) for name in ("study", "texts"))
    assert main(["add", study, str(tmp_path / "answer.pdf"), "--body", "alpha", "--texts", texts,
                 *options]) == 0  # fmt: skip
    desk = bench.desk(tmp_path / "two")
    desk.queue = "code"
    answer = add(desk, text="", raw=raw, name="answer.pdf")
    assert answer["tone"] == "good"
    assert "on 2 pages, from answer.pdf (PDF, read by pypdf" in answer["said"]
    for part in ("study", "texts"):
        assert all_of(tmp_path / "one" / part) == all_of(tmp_path / "two" / part)


def test_what_the_text_has_lost_is_said(tmp_path):
    answer = add(opened(tmp_path), text="<html><body><p>We back it.</p><img src=x></body></html>")
    assert answer["tone"] == "good"
    assert "  - 1 picture" in answer["said"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body_id": ""}, "choose the body that the document is by, or about"),
        ({"body_id": "alfa"}, "the study has no body 'alfa'; write alpha, or add it"),
        ({"text": " "}, "choose a file that is not empty, or paste a text"),
        ({"text": None, "raw": "no bytes"}, "choose a file that is not empty, or paste a text"),
        ({"raw": b"x"}, "choose a file or paste a text, not both"),
        ({"text": "", "raw": b"x" * (adding.MOST + 1), "name": "big.txt"},
         "big.txt has 8,000,001 bytes, and at most 8,000,000 come through the browser; `positions "
         "add` in a terminal takes more"),
        ({"text": "", "raw": made.pdf(None)}, "1 page: a scan or drawings, without a text layer"),
        ({"text": "", "raw": b"\x89PNG\r\n"}, "it is a picture"),
        ({"text": "a \ud800 b"}, "UTF-8"),
        ({"published": "", "kind": " "}, "say what the file does not. published: ISO date, month, "
         "year, or interval earliest/latest; kind: letter, briefing, article, ... ("),
        ({"published": "9 March"}, "published '9 March': "),
        ({"published_basis": "guessed"}, "published basis 'guessed': "),
        ({"source_id": "Brief"}, "the study has a source 'brief' with another text; give this one "
         "another id"),
        ({"source_id": "../x"}, "source id '../x': "),
        ({"follows": "nobody"}, "follows 'nobody': "),
        ({"text": village.text("brief")}, "the study has this text already, as brief."),
        ({"text_of": "nobody"}, "the study has no source 'nobody'"),
        ({"text_of": "brief"}, "the text of brief is stored already; a text is never changed"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_one_sentence_and_nothing_is_written(tmp_path, changed, said):
    desk = opened(tmp_path)
    before = all_of(tmp_path)
    answer = add(desk, **changed)
    assert answer["tone"] == "bad"
    assert answer["said"].startswith("nothing was added: ")
    assert answer["said"].count("nothing was added") == 1
    assert said in answer["said"]
    assert all_of(tmp_path) == before
    assert desk.act({"act": "show"}) == {"said": "", "tone": "good"}


def test_a_disk_that_fails_leaves_nothing_half_written(tmp_path, monkeypatch):
    desk = opened(tmp_path)
    before = all_of(tmp_path)

    def fails(*_):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(revision, "write", fails)
        answer = add(desk)
    assert answer == {"said": "nothing was saved: the disk is full", "tone": "bad"}
    assert all_of(tmp_path) == before
    assert add(desk)["tone"] == "good"


@pytest.mark.parametrize("queue", ["check", "decide"])
def test_who_checks_or_decides_adds_nothing(tmp_path, queue):
    desk = opened(tmp_path)
    desk.act({"act": "queue", "queue": queue})
    before = all_of(tmp_path / "study")
    answer = add(desk)
    assert answer["said"] == "nothing was added: a document is added in the queue Code"
    assert answer["tone"] == "bad"
    assert all_of(tmp_path / "study") == before


def test_what_is_still_to_be_checked_does_not_change_by_a_new_source(tmp_path):
    desk = opened(tmp_path)
    waiting = desk.checks.waiting
    assert add(desk)["tone"] == "good"
    assert desk.checks.waiting == waiting == bench.desk(tmp_path).checks.waiting


def test_two_windows_agree_on_what_was_added(tmp_path):
    one = opened(tmp_path)
    other = bench.desk(tmp_path, "dan")
    other.queue = "code"
    add(one)
    told = other.act({"act": "go", "to": "alpha-2021-03-09"})
    assert told["tone"] == "good"
    assert told["elsewhere"].startswith("Another window of yours has saved since")
    assert Screen(other).answer({"act": "show"})["text"]["text"] == TEXT
    again = add(other, body_id="beta")
    assert "the study has this text already, as alpha-2021-03-09." in again["said"]
    assert "elsewhere" not in one.act({"act": "show"})


def test_sources_that_cannot_be_read_any_more_are_told_and_the_desk_goes_on(tmp_path):
    desk = opened(tmp_path)
    path = tmp_path / "study" / "sources.csv"
    good = path.read_bytes()
    path.write_bytes(b"nonsense")
    told = desk.act({"act": "show"})
    assert "it cannot be read as it is now; `positions check` says why" in told["said"]
    assert bench.code(desk, "brief", "alpha", "p1", 2, "we support the bridge")["tone"] == "good"
    path.write_bytes(good)
    assert desk.act({"act": "show"})["tone"] == "good"


def test_a_workbook_takes_no_documents(tmp_path):
    path = workbooks.saved(workbooks.book(), tmp_path)
    desk = Desk(load.read(path), None, "cleo", tmp_path / "own")
    desk.queue = "code"
    before = path.read_bytes()
    answer = add(desk)
    assert answer["said"].startswith(f"nothing was added: {path} is a file; name a study's folder")
    assert path.read_bytes() == before


# --- a source whose text is not stored -------------------------------------------------------


def test_the_text_of_a_source_that_has_none_is_added_and_what_was_seen_of_it_stays(tmp_path):
    desk = opened(tmp_path)
    before = all_of(tmp_path / "study")
    desk.act({"act": "go", "to": "post"})
    answer = add(desk, text_of="post")
    assert answer["tone"] == "good"
    assert "the row post has its length and hash; text_seen stays opening." in answer["said"]
    assert row(tmp_path, "post") == dict(zip(village.tables()["sources"][0], POST, strict=True)) | {
        "characters": "20", "sha256": row(tmp_path, "post")["sha256"],
    }  # fmt: skip
    after = all_of(tmp_path / "study")
    assert {name for name in after if after[name] != before[name]} == {"sources.csv"}
    assert after["sources.csv"].count(b"\n") == before["sources.csv"].count(b"\n")
    assert bench.code(desk, "post", "alpha", "p1", 2, "We back the bridge")["tone"] == "good"
    texts = str(tmp_path / "texts")
    assert main(["verify", str(tmp_path / "study"), "--texts", texts, "--require"]) == 0


def test_phrases_that_were_typed_get_their_place_where_they_stand_once(tmp_path):
    desk = opened(tmp_path)
    desk.act({"act": "go", "to": "post"})
    for point, words in (("p1", "back the  bridge"), ("p2", "the market"), ("p3", "the")):
        said = desk.act({"act": "code", "source_id": "post", "body_id": "alpha", "stance": 2,
                         "proposition_id": point, "basis": "stated", "quote": words})  # fmt: skip
        assert said["tone"] == "good"
    answer = add(desk, text_of="post", text="We back the bridge and the\nmarket.\n")
    assert answer["said"].endswith(
        "2 of 3 phrases that you typed before stand in it once, and have their place."
    )
    placed = {row["quote"]: (row["start"], row["end"]) for row in desk.own.rows("codings")}
    assert placed == {"back the bridge": ("3", "18"), "the market": ("23", "33"), "the": ("", "")}
    assert desk.act({"act": "undo"})["tone"] == "bad"  # what was typed is not undone in the text
    assert bench.desk(tmp_path).own.rows("codings") == desk.own.rows("codings")


def test_a_text_that_was_coded_is_put_back_and_no_other_in_its_place(tmp_path):
    desk = opened(tmp_path)
    raw = (tmp_path / "texts" / "brief.txt").read_bytes()
    (tmp_path / "texts" / "brief.txt").unlink()
    desk.act({"act": "go", "to": "brief"})
    before = all_of(tmp_path / "study")
    wrong = add(desk, text_of="brief")
    assert "this is not the text that brief was coded from: its SHA-256 is " in wrong["said"]
    assert not (tmp_path / "texts" / "brief.txt").exists()
    assert add(desk, text_of="brief", text="", raw=raw)["tone"] == "good"
    assert (tmp_path / "texts" / "brief.txt").read_bytes() == raw
    assert all_of(tmp_path / "study") == before
    assert desk.coding.here == "brief" and desk.text.text


def test_the_command_adds_the_text_of_a_source_too(tmp_path, capsys):
    opened(tmp_path)
    (tmp_path / "post.txt").write_text(TEXT, "utf-8")
    study, texts = (str(tmp_path / name) for name in ("study", "texts"))
    asked = ["add", study, str(tmp_path / "post.txt"), "--body", "alpha", "--texts", texts]
    assert main([*asked, "--text-of", "post"]) == 0
    assert "the row post has its length and hash" in capsys.readouterr().out
    assert (tmp_path / "texts" / "post.txt").read_text("utf-8") == TEXT
    assert load.read(tmp_path / "study", allow_unresolved=True).sources.set_index("source_id").loc[
        "post", "characters"
    ] == len(TEXT)


def test_the_form_names_what_is_asked_and_what_the_study_has(tmp_path):
    desk = opened(tmp_path)
    view = Screen(desk).answer({"act": "show"})["view"]
    fields = {one["name"]: one for one in view["adding"]["fields"]}
    needed = [name for name, one in fields.items() if one["needed"]]
    assert needed == ["title", "published", "published_basis", "kind", "phase"]
    assert fields["kind"]["known"] == ["briefing", "letter", "news report"]
    assert fields["phase"]["known"] == ["combined"]
    desk.act({"act": "queue", "queue": "check"})
    assert "adding" not in Screen(desk).answer({"act": "show"})["view"]
    assert json.dumps(view, allow_nan=False)
