"""`positions import` and `positions export`: what they print, write and return."""

import argparse
import pathlib
import re

import dnamade
import polismade
import pytest
import small
import village
from folders import contents, rows

from positions.cli import exports, imports
from positions.cli.main import main
from positions.exchange import formats
from positions.study import holdings, load

DNA = ["--stance", "yes=2", "--stance", "no=-1", "--fact", "sources.phase=one", "--fact",
       "codings.basis=stated", "--fact", "propositions.theme=trade"]  # fmt: skip


def test_an_import_that_lacks_facts_writes_nothing_unless_told_to(tmp_path, capsys):
    path, folder = str(dnamade.write(tmp_path / "x.dna")), tmp_path / "study"
    assert main(["import", "dna", path, str(folder), *DNA]) == 1
    out, err = capsys.readouterr()
    assert not folder.exists()
    assert "Still to be filled in:" in err
    assert "datapackage.json [reference_model]: error: reference-model" in err
    assert out.endswith("nothing was written (--incomplete writes all the same); 5 things were not "
                        "carried.\n")  # fmt: skip
    assert main(["import", "dna", path, str(folder), *DNA, "--incomplete", "--lost",
                 str(tmp_path / "lost.csv"), "--texts", str(tmp_path / "texts")]) == 0  # fmt: skip
    assert "1 bodies, 1 sources, 3 propositions, 3 codings added; 5 things were not carried." in (
        capsys.readouterr().out
    )
    lost = rows(tmp_path / "lost.csv")
    assert len(lost) == 5
    assert lost[0]["where"] == "x.dna#STATEMENTS:4"
    assert (tmp_path / "texts" / "letter.txt").read_bytes() == dnamade.TEXT.encode()
    before = contents(folder)
    assert main(["import", "dna", path, str(folder), *DNA, "--incomplete"]) == 0
    assert contents(folder) == before
    assert "3 codings there already" in capsys.readouterr().out


def test_a_long_statement_is_carried_by_the_words_chosen_in_the_list_of_what_was_lost(tmp_path):
    path, folder = str(dnamade.write(tmp_path / "x.dna")), tmp_path / "study"
    lost = tmp_path / "lost.csv"
    assert main(["import", "dna", path, str(folder), *DNA, "--lost", str(lost), "--dry-run"]) == 1
    assert [row["what"] for row in rows(lost) if "at most 25" in row["why"]] == [dnamade.LONG]
    lost.write_text(lost.read_text().replace('for --phrases",\n', 'for --phrases",w7 w8\n'))
    assert main(["import", "dna", path, str(folder), *DNA, "--fact", "sources.kind=talk",
                 "--incomplete", "--phrases", str(lost)]) == 0  # fmt: skip
    assert ",w7 w8,21,26," in (folder / "codings.csv").read_text()


def test_many_faults_of_a_kind_are_counted_unless_all_are_asked_for(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    said = "".join(f"nobody-{n},body,konp-letter,-1,stated,halt the bill\n" for n in range(9))
    file = tmp_path / "ann.csv"
    file.write_text("body_id,proposition_id,source_id,stance,basis,quote\n" + said)
    asked = ["import", "coder", str(file), str(folder), "--coder", "ann"]
    assert main(asked) == 1
    said = capsys.readouterr().err
    assert said.count("no such body_id in the study") == 3
    assert "6 more like these (--all lists them): «nobody-3», «nobody-4»" in said
    assert main([*asked, "--all"]) == 1
    assert capsys.readouterr().err.count("no such body_id in the study") == 9


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    before = contents(folder)
    (tmp_path / "ann.csv").write_text("body_id,proposition_id,source_id,stance,basis,quote\n"
                                      "nhsp,voice,nhsp-brief,-1,stated,a seat\n")  # fmt: skip
    file = str(tmp_path / "ann.csv")
    assert main(["import", "coder", file, str(folder), "--coder", "ann", "--dry-run"]) == 0
    assert "1 codings added; nothing was written: --dry-run" in capsys.readouterr().out
    assert contents(folder) == before
    assert main(["import", "coder", file, str(folder), "--coder", "ann"]) == 0
    assert len(load.read(folder).codings) == 8


def test_a_conflict_is_listed_and_written_only_when_asked(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    before = contents(folder)
    (tmp_path / "ann.csv").write_text(
        "body_id,proposition_id,source_id,stance,basis,quote\n"
        "konp,body,konp-letter,-1,stated,halt the bill\n"
    )
    arguments = ["import", "coder", str(tmp_path / "ann.csv"), str(folder), "--coder", "ann"]
    assert main(arguments) == 1
    assert "ann.csv:2 [stance]: error: conflict: «-1»" in capsys.readouterr().err
    assert contents(folder) == before
    assert main([*arguments, "--replace"]) == 0
    assert "1 codings replaced" in capsys.readouterr().out
    assert "konp,body,konp-letter,ann,-1,stated,halt the bill,5,18," in (
        (folder / "codings.csv").read_text()
    )


def test_every_export_writes_once_and_not_over_another_file(tmp_path, capsys):
    folder = str(village.write(tmp_path / "study"))
    for kind, name in (("csv", "c.csv"), ("graphml", "g"), ("refi-qda", "p.qdpx"),
                       ("codebook", "b.qdc"), ("polis", "polis")):  # fmt: skip
        out = tmp_path / name
        for _ in range(2):
            assert main(["export", kind, folder, "--out", str(out)]) == 0
        assert f"{out}: written. Not carried: " in capsys.readouterr().out
        target = out if out.is_file() else sorted(out.iterdir())[0]
        target.write_bytes(b"mine")
        assert main(["export", kind, folder, "--out", str(out)]) == 1
        assert target.read_bytes() == b"mine"
        assert "is there already, and differs" in capsys.readouterr().err
        assert main(["export", kind, folder, "--out", str(out), "--replace"]) == 0
        assert target.read_bytes() != b"mine"


def test_links_in_a_folder_are_not_written_through(tmp_path, capsys):
    folder = str(village.write(tmp_path / "study"))
    mine, out = tmp_path / "mine.csv", tmp_path / "polis"
    mine.write_text("mine")
    out.mkdir()
    (out / "votes.csv").symlink_to(mine)
    assert main(["export", "polis", folder, "--out", str(out), "--replace"]) == 1
    assert "votes.csv is a link" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (pathlib.Path(folder) / "responses").symlink_to(elsewhere)
    export = tmp_path / "export"
    export.mkdir()
    for name, text in polismade.ADMIN.items():
        (export / name).write_text(text)
    stances = ["--stance", "agree=2", "--stance", "disagree=-2", "--stance", "pass=0"]
    assert main(["import", "polis", str(export), folder, *stances, "--incomplete"]) == 1
    assert "responses is a link" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["../x.csv", "/x.csv", "a/../../x.csv", "C:x.csv", "a\\x.csv", ""])
def test_no_file_is_written_outside_its_folder(name, tmp_path):
    with pytest.raises(OSError, match="is no name of a file in"):
        holdings.put(tmp_path, {name: b"x"})


def test_what_goes_out_as_csv_comes_back_the_same(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    assert main(["export", "csv", str(folder), "--out", str(tmp_path / "c.csv")]) == 0
    before = contents(folder)
    assert main(["import", "coder", str(tmp_path / "c.csv"), str(folder)]) == 0
    assert "7 codings there already; 0 things were not carried." in capsys.readouterr().out
    assert contents(folder) == before
    empty = small.write(tmp_path / "empty", {
        "codings.csv": small.TABLES["codings.csv"].split("\n", 1)[0] + "\n",
        "adjudications.csv": None})  # fmt: skip
    assert main(["import", "coder", str(tmp_path / "c.csv"), str(empty), "--allow-unresolved"]) == 0
    assert load.read(empty, allow_unresolved=True).codings.equals(load.read(folder).codings)


def test_texts_at_hand_go_out_with_their_own_offsets(tmp_path, capsys):
    folder = village.write(tmp_path / "study")
    village.write_texts(tmp_path / "texts")
    texts, out = str(tmp_path / "texts"), str(tmp_path / "p.qdpx")
    assert main(["export", "refi-qda", str(folder), "--out", out, "--texts", texts]) == 0
    assert "3 of 3 sources with their texts." in capsys.readouterr().out
    assert main(["import", "refi-qda", str(tmp_path / "p.qdpx"), str(folder)]) == 0
    assert "10 codings there already; 0 things" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path, capsys):
    for kind in ("coder", "dna", "refi-qda", "polis"):
        assert main(["import", kind, str(tmp_path / "no"), str(tmp_path / "study")]) == 1
        assert "no: error: " in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_the_document_names_options_that_there_are_and_every_format():
    text = pathlib.Path("docs/exchange.md").read_text("utf-8")
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    for command in (imports, exports):
        command.add(commands)
    told = "".join(command.format_help() for command in commands.choices.values())
    assert set(re.findall(r"--[a-z][a-z-]+", text)) <= set(re.findall(r"--[a-z][a-z-]+", told))
    assert set(formats.LEFT_OUT) == set(exports.FORMATS)
    for kind in (*imports.FORMATS, *exports.FORMATS):
        assert re.search(rf"positions (import|export) {kind}\b|, {kind}\b", text), kind
