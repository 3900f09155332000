"""Which answers are taken, in what form they stand in the study, and what is said of the others."""

import json
import random

import model_answers as made
import pytest
from folders import contents, rows

from positions.cli.main import main
from positions.reading.judging import within_word
from positions.study import load


@pytest.fixture
def folder(tmp_path):
    return made.study(tmp_path / "study")


def accept(folder, *each, coder="reader-1", code=0, more=()):
    path = folder.parent / "answers.jsonl"
    path.write_bytes(made.lines(*each))
    said = ["read", str(folder), "--accept", str(path), "--coder", coder, *more]
    assert main(said) == code


def reasons(folder):
    return [row["reason"] for row in rows(folder / "readings/reader-1-rejects.csv")]


def works(folder):
    return made.of(made.asked(folder), "brief", "works")


# --- what is taken -------------------------------------------------------------------------


def test_a_code_is_taken_with_the_words_of_the_text_and_their_place(folder, capsys):
    asked = made.asked(folder)
    quotes = [made.code(quote="we  support\nthe bridge"),
              made.code("p3", 0, "we take no side on the old mill")]  # fmt: skip
    trade = made.code("p4", -2, 'accept a toll for "every cart"')
    accept(folder, made.line(works(folder), *quotes),
           made.line(made.of(asked, "brief", "trade"), trade))  # fmt: skip
    found = {row["proposition_id"]: row for row in rows(folder / "codings.csv")}
    assert found["p1"]["quote"] == "we support the bridge"
    assert found["p4"]["quote"] == "accept a toll for \u201cevery cart\u201d"
    for row in found.values():
        start, end = int(row["start"]), int(row["end"])
        assert " ".join(made.TEXT[start:end].split()) == row["quote"]
    assert {row["coder"] for row in found.values()} == {"reader-1"}
    told = json.loads((folder / "readings/reader-1.json").read_text("utf-8"))
    assert rows(folder / "coders.csv") == [{
        "coder": "reader-1", "kind": "model", "name": "made-up-1 (automated)",
        "read_from": "2021-03-17", "read_to": "2021-03-17",
        "codebook": told["codebook"]["version"],
        "about": rows(folder / "coders.csv")[0]["about"],
    }]  # fmt: skip
    assert "reader-1: 3 codes taken from 2 of 2 requests; 0 not taken." in capsys.readouterr().out
    assert load.check(folder)[0] is not None
    assert main(["verify", str(folder), "--texts", str(folder / "texts")]) == 0


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"stance": 3}, "not in the scale"),
        ({"stance": "2"}, "not in the scale"),
        ({"stance": True}, "not in the scale"),
        ({"stance": None}, "not in the scale"),
        ({"basis": "quoted"}, "unknown basis"),
        ({"body_id": "Alpha"}, "unknown body"),
        ({"proposition_id": "p2"}, "unknown proposition"),
        ({"proposition_id": "p9"}, "unknown proposition"),
        ({"quote": "we support a bridge"}, "phrase nearly right"),
        ({"quote": "We support the bridge"}, "phrase nearly right"),
        ({"quote": "support the bridge, without any doubt"}, "phrase nearly right"),
        ({"quote": "the bishop of the town was pleased"}, "phrase not there"),
        ({"quote": "..."}, "phrase not there"),
        ({"quote": ""}, "phrase not there"),
        ({"quote": "We say again"}, "phrase there twice"),
        ({"quote": "agree with a mill"}, "phrase begins or ends within a word"),
        ({"quote": "We can"}, "phrase begins or ends within a word"),
        ({"quote": "statutory one"}, "phrase begins or ends within a word"),
        ({"quote": made.TEXT[made.TEXT.index("One two") : made.TEXT.index(" end.")]},
         "phrase too long"),
        ({"basis": "implied"}, "implied without a note"),
        ({"note": "a\x07b"}, "unfit for a table"),
        ({"note": "n" * 301}, "not the schema"),
        ({"note": 7}, "not the schema"),
        ({"quote": ["we support the bridge"]}, "not the schema"),
        ({"extra": 1}, "not the schema"),
    ],
)  # fmt: skip
def test_a_code_that_does_not_stand_up_is_kept_apart_with_its_reason(folder, changed, reason):
    accept(folder, made.line(works(folder), made.code(**changed), made.code("p3", 0, "old mill")))
    assert reasons(folder) == [reason]
    assert [row["proposition_id"] for row in rows(folder / "codings.csv")] == ["p3"]


@pytest.mark.parametrize(("answer", "reason"), made.BAD_ANSWERS)
def test_an_answer_that_is_none_is_named_and_the_others_are_taken(folder, answer, reason):
    asked = made.asked(folder)
    good = made.line(made.of(asked, "brief", "trade"), made.code("p2", 1, "A market is welcome"))
    accept(folder, made.line(works(folder), **answer), good)
    assert reasons(folder) == [reason]
    assert [row["proposition_id"] for row in rows(folder / "codings.csv")] == ["p2"]


def test_an_answer_in_a_fence_is_read_and_one_with_words_around_it_is_not(folder):
    inner = json.dumps({"codes": [made.code()]})
    accept(folder, made.line(works(folder), content=f"```json\n{inner}\n```"))
    assert len(rows(folder / "codings.csv")) == 1
    other = made.study(folder.parent / "other")
    accept(other, made.line(works(other), content=f"Here it is:\n```json\n{inner}\n```"), code=1)
    assert rows(other / "codings.csv") == []


def test_a_try_that_failed_gives_way_and_two_different_answers_do_not_count(folder):
    key = works(folder)
    fails = made.line(key, response={"status_code": 429, "body": None})
    accept(folder, fails, made.line(key, made.code()), made.line(key, made.code()))
    assert (len(rows(folder / "codings.csv")), reasons(folder)) == (1, [])
    other = made.study(folder.parent / "other")
    accept(other, made.line(key, made.code()), made.line(key, made.code(stance=1)), code=1)
    assert rows(other / "codings.csv") == []


def test_a_reader_that_contradicts_itself_has_no_code_on_that_cell(folder):
    two = [made.code(), made.code(stance=-1, quote="without any doubt"),
           made.code("p3", 0, "old mill"), made.code("p3", 0, "old mill")]  # fmt: skip
    accept(folder, made.line(works(folder), *two))
    assert reasons(folder) == ["the same again", "two codes for one cell", "two codes for one cell"]
    assert [row["proposition_id"] for row in rows(folder / "codings.csv")] == ["p3"]


def test_several_phrases_of_one_stance_are_several_rows(folder):
    accept(folder, made.line(works(folder), made.code(), made.code(quote="without any doubt")))
    assert len(rows(folder / "codings.csv")) == 2
    assert load.check(folder)[0] is not None


def test_a_phrase_outside_the_part_that_was_sent_is_not_taken(folder):
    more = ["--longest", "200", "--overlap", "60"]
    asked = made.asked(folder, longest=200, overlap=60)
    first = min(
        (key for key, r in asked.items() if (r.source_id, r.theme) == ("brief", "works")),
        key=lambda key: asked[key].start,
    )
    accept(folder, made.line(first, made.code(), made.code("p3", 0, "the old mill")), more=more)
    assert reasons(folder) == ["phrase not in the part sent"]


@pytest.mark.parametrize(
    ("text", "at", "inside"),
    [("disagree", 3, True), ("dis agree", 4, False), ("can\u2019t", 3, True),
     ("can\u2019 t", 3, False), ("non-stop", 4, True), ("non- stop", 5, False),
     ("re\u0301al", 2, True), ("1.5", 1, True),
     ("end. Next", 3, False), ("a\u00adb", 1, True), ("x", 0, False), ("x", 1, False)],
)  # fmt: skip
def test_a_place_lies_within_a_word_or_not(text, at, inside):
    assert within_word(text, at) == inside


# --- all or none, once, byte for byte ------------------------------------------------------


def answers(folder):
    asked = made.asked(folder)
    return [
        made.line(works(folder), made.code(), made.code("p3", 7, "old mill"),
                  created=1_616_003_000),
        made.line(made.of(asked, "brief", "trade"), made.code("p2", 1, "A market is welcome"),
                  provider="a server", request={"temperature": 0}),
        made.line(made.of(asked, "letter", "works"), refusal="no"),
    ]  # fmt: skip


def test_the_same_answers_again_change_nothing_in_whatever_order(folder, capsys):
    each = answers(folder)
    accept(folder, *each)
    before = contents(folder)
    capsys.readouterr()
    accept(folder, *reversed(each), "", each[0])
    assert contents(folder) == before
    assert "all of it is there already; nothing was written" in capsys.readouterr().out


def test_a_reading_is_made_again_byte_for_byte(tmp_path):
    found = []
    for name in ("one", "two"):
        folder = made.study(tmp_path / name / "study")
        each = answers(folder)
        random.Random(name).shuffle(each)
        accept(folder, *each)
        found.append(contents(folder))
    assert found[0] == found[1]
    assert {"readings/reader-1.json", "readings/reader-1-rejects.csv",
            "readings/reader-1-record.md"} <= set(found[0])  # fmt: skip


def test_the_manifest_holds_what_is_needed_and_names_what_is_missing(folder):
    accept(folder, *answers(folder))
    told = json.loads((folder / "readings/reader-1.json").read_text("utf-8"))
    assert told["model"] == ["made-up-1"]
    assert (told["provider"], told["parameters"]) == (["a server"], [{"temperature": 0}])
    assert told["time"] == {
        "first": "2021-03-17T16:53:20+00:00",
        "last": "2021-03-17T17:43:20+00:00",
    }
    assert told["tokens"] == {"in": 300, "out": 30}
    assert told["counts"] == {
        "asked": 4, "answered": 2, "refused": 1, "codes_taken": 2, "rejected": 2,
    }  # fmt: skip
    assert told["rejects"] == {"not in the scale": 1, "refused": 1}
    assert (told["missing"], len(told["requests"])) == ([], 3)
    other = made.study(folder.parent / "other")
    bare = json.loads(made.line(works(other), made.code()))
    del bare["response"]["body"]["model"], bare["response"]["body"]["created"]
    accept(other, json.dumps(bare), more=["--provider", "ours"])
    told = json.loads((other / "readings/reader-1.json").read_text("utf-8"))
    assert (told["missing"], told["provider"]) == (["model", "parameters", "time"], ["ours"])
    assert rows(other / "coders.csv")[0]["name"] == "reader-1 (automated)"


def test_the_record_fills_what_is_known_and_names_what_only_people_know(folder):
    accept(folder, *answers(folder))
    record = (folder / "readings/reader-1-record.md").read_text("utf-8")
    assert "**Model name and version.** made-up-1 (fingerprints fp_1)" in record
    assert "**Third party involvement.** a server" in record
    for name in ("Senior responsible owner", "Impact assessments", "Website URL"):
        assert f"**{name}.** MISSING: " in record
        assert name in record.split("## ")[0]
    assert "Model parameters" not in record.split("## ")[0]


def test_more_answers_may_join_a_reading_and_other_ones_may_not(folder, capsys):
    each = answers(folder)
    accept(folder, each[0])
    accept(folder, *each)
    assert len(rows(folder / "codings.csv")) == 2
    assert len(rows(folder / "coders.csv")) == 1
    before = contents(folder)
    accept(folder, made.line(works(folder), made.code(stance=1)), *each[1:], code=1)
    assert "reader-1 has read already: 1 of its 3 answers are missing here or differ" in (
        capsys.readouterr().err
    )
    accept(folder, each[0], code=1)
    assert contents(folder) == before


def test_a_name_that_a_person_has_or_that_names_no_file_is_refused(folder, capsys):
    table = folder / "coders.csv"
    table.write_text(
        table.read_text("utf-8") + "ann,person,Ann,,,1,\n", encoding="utf-8", newline=""
    )
    accept(folder, *answers(folder), coder="ann", code=1)
    assert "the study has a coder 'ann' who is no reading of this kind" in capsys.readouterr().err
    accept(folder, *answers(folder), coder="../x", code=1)
    assert "write --coder with small letters" in capsys.readouterr().err
    assert not (folder / "readings").exists()


def test_answers_to_what_has_changed_since_are_unknown(folder, capsys):
    each = answers(folder)
    (folder / "rulings.md").write_text("A ruling.", encoding="utf-8", newline="")
    accept(folder, *each, code=1, more=["--codebook", str(folder / "rulings.md")])
    assert "no answer can be used (unknown request: 3)" in capsys.readouterr().err


def test_a_text_that_is_not_the_one_measured_is_not_read(folder, capsys):
    each = answers(folder)
    (folder / "texts" / "brief.txt").write_text("Other words.", encoding="utf-8", newline="")
    accept(folder, *each, code=1)
    assert "not the text that the study measured: brief" in capsys.readouterr().err


def test_two_readers_leave_what_they_differ_on_to_be_decided(folder, capsys):
    accept(folder, made.line(works(folder), made.code()))
    accept(folder, made.line(works(folder), made.code(stance=1)), coder="reader-2")
    assert "1 cell on which readers differ wait for a decision in adjudications.csv" in (
        capsys.readouterr().out
    )
    assert load.check(folder)[0] is None
    assert load.check(folder, allow_unresolved=True)[0] is not None


def test_prepare_writes_a_batch_and_sends_nothing(folder, tmp_path, capsys, monkeypatch):
    import socket

    monkeypatch.setattr(socket, "socket", None)
    out = tmp_path / "requests.jsonl"
    assert main(["read", str(folder), "--prepare", str(out), "--theme", "works", "--model", "m",
                 "--parameter", "temperature=0.5"]) == 0  # fmt: skip
    each = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    asked = made.asked(folder)
    assert [e["custom_id"] for e in each] == [
        made.of(asked, source, "works") for source in ("brief", "letter", "news")
    ]
    assert each[0]["body"]["temperature"] == 0.5
    assert "3 requests on 3 texts" in capsys.readouterr().out
    first = out.read_bytes()
    assert main(["read", str(folder), "--prepare", str(out), "--theme", "works", "--model", "m",
                 "--parameter", "temperature=0.5"]) == 0  # fmt: skip
    assert out.read_bytes() == first


def test_a_theme_or_source_that_is_none_is_wrong_usage(folder, tmp_path, capsys):
    for option in ("--theme", "--source"):
        with pytest.raises(SystemExit):
            main(["read", str(folder), "--prepare", str(tmp_path / "x"), option, "nothing"])
        assert "'nothing'" in capsys.readouterr().err
