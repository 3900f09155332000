"""`positions add`: a document becomes a source, whole or not at all."""

import hashlib
import io
import json
import sys

import documents_made as made
import pytest
import village
from folders import contents, rows

from positions.cli.main import main
from positions.study import load

SAID = {"title": "Our answer", "published": "2021-03-09", "published-basis": "shown",
        "kind": "letter", "phase": "combined"}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    village.write_texts(village.write(tmp_path / "study") / "texts")
    return tmp_path / "study"


def arguments(study, file, *more, **changed):
    said = {name: text for name, text in {**SAID, **changed}.items() if text}
    options = [part for name, text in said.items() for part in (f"--{name}", text)]
    return ["add", str(study), str(file), "--body", "alpha", *options, *map(str, more)]


def added(study, source_id="alpha-2021-03-09"):
    return next(row for row in rows(study / "sources.csv") if row["source_id"] == source_id)


def test_a_pdf_becomes_a_source_with_its_text_and_what_was_lost(study, tmp_path, capsys):
    file = tmp_path / "answer.pdf"
    file.write_bytes(made.pdf("As we said,\nthe mill", "has its uses."))
    before = (study / "sources.csv").read_bytes()
    assert main(arguments(study, file, publisher="Alpha")) == 0
    out = capsys.readouterr().out
    raw = (study / "texts" / "alpha-2021-03-09.txt").read_bytes()
    assert raw == b"As we said,\nthe mill\n\x0chas its uses.\n"
    assert (study / "sources.csv").read_bytes().startswith(before)
    row = added(study)
    assert row["characters"] == str(len(raw)) == "36"
    assert row["sha256"] == hashlib.sha256(raw).hexdigest()
    assert (row["text_seen"], row["publisher"], row["url"]) == ("whole", "Alpha", "")
    about = json.loads((study / "texts" / "alpha-2021-03-09.json").read_text("utf-8"))
    assert about["file"] == "answer.pdf"
    assert about["file_sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert (about["body_id"], about["pages"], about["read_by"][:6]) == ("alpha", 2, "pypdf ")
    assert "36 characters on 2 pages, from answer.pdf (PDF, read by pypdf" in out
    assert "do not publish it" in out
    assert load.read(study).sources["source_id"].tolist()[0] == "alpha-2021-03-09"
    assert main(["verify", str(study), "--texts", str(study / "texts"), "--require"]) == 0


def test_the_same_file_again_is_said_and_nothing_is_written(study, tmp_path, capsys):
    file = tmp_path / "answer.pdf"
    file.write_bytes(made.pdf("As we said"))
    assert main(arguments(study, file)) == 0
    before = contents(study)
    capsys.readouterr()
    again = tmp_path / "copy.txt"
    again.write_bytes(b"As we said\n")
    for each in (file, again):
        assert main(arguments(study, each, "--id", "other")) == 0
        assert "nothing was added: the study has this text already, as alpha-2021-03-09" in (
            capsys.readouterr().out
        )
        assert contents(study) == before
    assert main(arguments(study, again, "--id", "other", follows="alpha-2021-03-09")) == 0
    assert added(study, "other")["follows"] == "alpha-2021-03-09"


def test_what_the_file_does_not_say_is_named_in_one_error(study, tmp_path, capsys):
    file = tmp_path / "answer.pdf"
    file.write_bytes(made.pdf("As we said", None, title="Draft 3"))
    before = contents(study)
    assert main(["add", str(study), str(file), "--body", "alpha", "--kind", "letter"]) == 2
    err = capsys.readouterr().err
    assert [line.split()[0] for line in err.splitlines()[1:]] == [
        "--title", "--published", "--published-basis", "--phase", "--text-seen",
    ]  # fmt: skip
    assert "the title as shown (the file calls itself «Draft 3»)" in err
    assert "(combined)" in err
    assert contents(study) == before


def test_on_a_terminal_it_asks(study, tmp_path, capsys, monkeypatch):
    file = tmp_path / "answer.txt"
    file.write_bytes(b"As we said")
    answers = iter(["Our answer", "2021-03-09", "shown", "letter", "combined"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["add", str(study), str(file), "--body", "alpha"]) == 0
    assert added(study)["title"] == "Our answer"


def test_standard_input_is_read_and_never_asked(study, monkeypatch, capsys):
    typed = io.BytesIO("café\n\fzwei".encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(typed, encoding="utf-8"))
    assert main(arguments(study, "-")) == 0
    assert added(study)["characters"] == "10"
    assert (study / "texts" / "alpha-2021-03-09.txt").read_bytes() == "café\n\fzwei".encode()


@pytest.mark.parametrize(
    ("changed", "more", "said"),
    [
        ({"published": "9 March"}, (), "sources.csv:5 [published]: error: date"),
        ({"published-basis": "guessed"}, ("--id", "x"), "[published_basis]: error: pattern"),
        ({}, ("--id", "brief"), "the study has a source 'brief' with another text; give this "
                                "one another id (--id)"),
        ({}, ("--id", "Brief"), "the study has a source 'brief' with another text"),
        ({}, ("--id", "a/b"), "id-form"),
        ({}, ("--body", "alfa"), "the study has no body 'alfa'; write alpha, or add it to "
                                 "bodies.csv"),
        ({"follows": "nobody"}, (), "[follows]: error: foreign-key"),
        ({}, ("--id", "loose"), "loose.txt is there already, and no source has it"),
    ],
)  # fmt: skip
def test_a_fact_that_is_wrong_is_one_error_and_nothing_is_written(
    study, tmp_path, capsys, changed, more, said
):
    file = tmp_path / "answer.txt"
    file.write_bytes(b"As we said")
    (study / "texts" / "loose.txt").write_bytes(b"x")
    before = contents(study)
    assert main(arguments(study, file, *more, **changed)) == 1
    assert said in capsys.readouterr().err
    assert contents(study) == before


def test_a_study_or_a_file_that_is_not_there_is_one_sentence(study, tmp_path, capsys):
    file = tmp_path / "answer.txt"
    assert main(arguments(study, file)) == 1
    assert capsys.readouterr().err.strip().endswith("answer.txt: No such file or directory")
    file.write_bytes(b"x")
    assert main(arguments(tmp_path / "nowhere", file)) == 1
    assert "nowhere is not there; name a study's folder" in capsys.readouterr().err
    assert main(arguments(study, file, "--dry-run")) == 0
    assert "Nothing was written: --dry-run." in capsys.readouterr().out
    assert not (study / "texts" / "alpha-2021-03-09.txt").exists()


def test_texts_elsewhere_come_and_go_with_the_row(study, tmp_path, capsys, monkeypatch):
    from positions.study import revision

    file, texts = tmp_path / "answer.txt", tmp_path / "far" / "texts"
    file.write_bytes(b"As we said")
    before = contents(study)

    def fails(*_):
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(revision, "write", fails)
        assert main(arguments(study, file, "--texts", texts)) == 1
    assert "nothing was added: the disk is full" in capsys.readouterr().err
    assert contents(study) == before
    assert contents(texts) == {}
    assert main(arguments(study, file, "--texts", texts)) == 0
    assert set(contents(texts)) == {"alpha-2021-03-09.txt", "alpha-2021-03-09.json"}


def test_a_library_that_is_not_there_is_named_with_its_extra(study, tmp_path, capsys, monkeypatch):
    file = tmp_path / "answer.pdf"
    file.write_bytes(made.pdf("As we said"))
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert main(arguments(study, file)) == 1
    assert capsys.readouterr().err == (
        "positions: answer.pdf: it cannot be read without pypdf; run: pip install "
        '"positions[reading]"\n'
    )


def test_the_same_file_gives_the_same_bytes_twice(tmp_path):
    file = tmp_path / "answer.docx"
    file.write_bytes(made.word("One", "Two"))
    made_twice = []
    for name in ("one", "two"):
        study = village.write(tmp_path / name)
        assert main(arguments(study, file)) == 0
        made_twice.append(contents(study))
    assert made_twice[0] == made_twice[1]
