"""The command: exit codes, what it prints, and where."""

import hashlib
import json
import os
import pathlib
import subprocess
import sys

import pytest
import small
import village

from positions.cli.main import main


@pytest.fixture
def folder(tmp_path):
    return village.write(tmp_path / "study")


def spoilt(folder, old, new, file="codings.csv"):
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new))
    return folder


def usage(capsys, *arguments):
    """What a wrong use is told; it exits with 2."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


# --- check ---------------------------------------------------------------------------------


def test_a_sound_study_passes_with_exit_code_0(folder, capsys):
    assert main(["check", str(folder)]) == 0
    said = capsys.readouterr().out
    assert said.endswith("the study passes; 7 warnings, 1 note.\n")
    assert "The study names nobody to write to" in said


def test_a_study_that_names_whom_to_write_to_is_not_reminded(folder, capsys):
    package = folder / "datapackage.json"
    named = json.loads(package.read_text("utf-8")) | {"contact": "Clerk, clerk@example.org"}
    package.write_text(json.dumps(named), "utf-8")
    assert main(["check", str(folder)]) == 0
    assert "nobody to write to" not in capsys.readouterr().out


def test_a_faulty_study_is_refused_with_exit_code_1_and_the_place(folder, capsys):
    assert main(["check", str(spoilt(folder, "alpha,p1,brief,ann,2", "alpha,p1,brief,ann,7"))]) == 1
    out = capsys.readouterr().out
    assert "codings.csv:2 [stance]: error" in out
    assert "is refused; 1 error" in out


def test_a_study_that_is_not_there_is_refused_with_exit_code_1(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none")]) == 1
    assert "the folder does not exist" in capsys.readouterr().out


@pytest.mark.parametrize(("stance", "code", "severities"), [(2, 0, {"note"}), (7, 1, {"error"})])
def test_check_writes_json_and_nothing_else(folder, capsys, stance, code, severities):
    spoilt(folder, "alpha,p1,brief,ann,2", f"alpha,p1,brief,ann,{stance}")
    assert main(["check", str(folder), "--json"]) == code
    problems = json.loads(capsys.readouterr().out)
    assert severities <= {problem["severity"] for problem in problems}
    assert all({"file", "line", "column", "rule", "message", "fix"} <= set(p) for p in problems)


def test_printed_to_a_file_there_are_no_colours(folder, capsys):
    main(["check", str(spoilt(folder, "alpha,p1,brief,ann,2", "alpha,p1,brief,ann,7"))])
    assert "\x1b" not in capsys.readouterr().out


def test_digests_are_those_that_the_assurance_page_shows(folder, capsys):
    assert main(["check", str(folder), "--digests"]) == 0
    printed = capsys.readouterr().out
    # sorted by key and plainly quoted, the file has the same hash for any tool
    found = hashlib.sha256((folder / "models.csv").read_bytes()).hexdigest()
    assert f"{found}  models\n" in printed
    other = spoilt(folder, "The council's plan.", "A plan.", file="models.csv")
    assert main(["check", str(other), "--digests"]) == 0
    changed = set(printed.splitlines()) ^ set(capsys.readouterr().out.splitlines())
    assert {line.split()[1] for line in changed} == {"models"}


# --- verify --------------------------------------------------------------------------------


def test_without_texts_verify_says_that_nothing_was_verified_here(folder, capsys):
    assert main(["verify", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "10 phrases not verified here: texts absent (3 of 3 sources)." in out
    assert "<source_id>.txt" in out
    assert "phrases stand" not in out


def test_where_texts_are_required_their_absence_is_exit_code_1(folder, capsys):
    assert main(["verify", str(folder), "--require"]) == 1
    assert "not verified here: texts absent" in capsys.readouterr().out


def test_phrases_that_stand_in_their_texts_are_verified(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    assert main(["verify", str(folder), "--texts", str(texts), "--require"]) == 0
    assert capsys.readouterr().out == (
        "10 of 10 phrases stand in the stored texts at their offsets.\n"
    )


def test_a_text_that_is_missing_is_said_beside_those_that_were_verified(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    (texts / "news.txt").unlink()
    assert main(["verify", str(folder), "--texts", str(texts)]) == 0
    out = capsys.readouterr().out
    assert "7 of 7 phrases stand" in out
    assert "3 phrases not verified here: texts absent (1 of 3 sources)." in out
    assert main(["verify", str(folder), "--texts", str(texts), "--require"]) == 1


def test_a_phrase_changed_by_one_letter_is_named_with_the_passage_like_it(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    spoilt(folder, "a market is welcome", "a market is welcomf")
    assert main(["verify", str(folder), "--texts", str(texts)]) == 1
    start = village.text("brief").index("a market is welcome")
    assert capsys.readouterr().out.splitlines() == [
        "codings.csv:3 [quote]: error: phrase-gone: «a market is welcomf» the phrase stands "
        f"nowhere in the text of brief; the nearest passage, at {start}-{start + 20}: «a market "
        "is welcome.»",
        "    fix: copy the phrase from the text, letter by letter",
        "9 of 10 phrases stand in the stored texts at their offsets.",
    ]


def test_phrases_of_outcomes_are_verified_or_said_to_come_from_openings(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    head = "proposition_id,state,coder,stance,source_id,quote,reason\n"
    (folder / "outcomes.csv").write_text(
        head + "p1,status_quo,ann,-2,brief,a market is welcome,\n"
        "p1,status_quo,ben,-2,brief,a market is welcome,\n", "utf-8",
    )  # fmt: skip
    assert main(["verify", str(folder), "--texts", str(texts)]) == 0
    assert "2 of 2 phrases of the outcomes stand in the stored texts." in capsys.readouterr().out
    held = "ben,-2,brief,a market is held"
    spoilt(folder, "ben,-2,brief,a market is welcome", held, "outcomes.csv")
    assert main(["verify", str(folder), "--texts", str(texts)]) == 1
    out = capsys.readouterr().out
    assert "outcomes.csv:3 [quote]: error: phrase-gone: «a market is held»" in out
    assert "1 of 2 phrases of the outcomes stand" in out
    assert main(["verify", "data"]) == 0
    assert "phrases of the outcomes come from texts of which only the opening was seen" in (
        capsys.readouterr().out
    )


def test_a_text_changed_by_one_letter_is_named_with_what_it_moves(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    text = village.text("brief")
    (texts / "brief.txt").write_text("X" + text)
    assert main(["verify", str(folder), "--texts", str(texts)]) == 1
    out = capsys.readouterr().out
    digest = hashlib.sha256(("X" + text).encode()).hexdigest()
    assert (
        "sources.csv:2 [sha256]: error: text-changed: «brief» the stored text is not the one that "
        "was coded\n    fix: store the text that was coded; if this one is right, write characters "
        f"{len(text) + 1} and sha256 {digest}\n"
    ) in out
    at = text.index("a market is welcome")
    assert (
        "codings.csv:3 [start]: error: phrase-moved: «a market is welcome» the phrase does not "
        f"stand at {at}-{at + 19}, but at {at + 1}-{at + 20}\n    fix: write start {at + 1} and "
        f"end {at + 20}, or run with --accept-moves\n"
    ) in out


def test_lengths_hashes_and_places_that_are_still_missing_are_said(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    sources, codings = village.tables()["sources"], village.tables()["codings"]
    for row in sources[1:]:
        row[9:11] = ["", ""]
    for row in codings[1:]:
        row[7:9] = ["", ""]
    bare = village.write(tmp_path / "bare", {"sources": sources, "codings": codings})
    assert main(["check", str(bare)]) == 1
    capsys.readouterr()
    assert main(["verify", str(bare), "--texts", str(texts), "--all"]) == 1
    out = capsys.readouterr().out
    for source_id in village.DATES:
        raw = village.text(source_id).encode()
        assert f"write characters {len(raw)} and sha256 {hashlib.sha256(raw).hexdigest()}\n" in out
    assert out.count("the phrase has no place; it stands at ") == 10
    assert "0 of 10 phrases stand in the stored texts" in out
    assert main(["verify", str(bare), "--texts", str(texts), "--accept-moves"]) == 1
    assert "10 phrases have new offsets in codings.csv" in capsys.readouterr().out
    assert (bare / "codings.csv").read_text() == (folder / "codings.csv").read_text()


def test_disagreements_are_no_matter_where_phrases_are_verified(folder, tmp_path, capsys):
    texts = village.write_texts(tmp_path / "texts")
    codings = village.tables()["codings"]
    codings.append(["alpha", "p1", "brief", "ben", 1, *codings[1][5:]])
    undecided = village.write(tmp_path / "undecided", {"codings": codings})
    assert main(["verify", str(undecided), "--texts", str(texts)]) == 0
    assert "11 of 11 phrases stand" in capsys.readouterr().out


def test_a_folder_of_texts_that_is_not_there_is_wrong_usage(folder, tmp_path, capsys):
    for command in ("verify", "report"):
        told = usage(capsys, command, folder, "--texts", tmp_path / "none")
        assert "none is not a folder" in told


# --- report --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--model", "option-9"], "no model 'option-9'; the study has plan, still"),
        (["--as-of", "yesterday"], "as-of date 'yesterday': not a date in ISO form"),
        (["--evidence", "rumoured"], "invalid choice: 'rumoured'"),
        (["--notebooks", "no-such-folder"], "no-such-folder is not a folder"),
        (["--cell-seconds", "soon"], "invalid int value: 'soon'"),
    ],
)
def test_a_wrong_option_of_report_is_wrong_usage(folder, tmp_path, capsys, arguments, told):
    (tmp_path / "notebooks").mkdir()
    said = usage(capsys, "report", folder, "--out", tmp_path / "site",
                 "--notebooks", tmp_path / "notebooks", *arguments)  # fmt: skip
    assert told in said
    assert not (tmp_path / "site").exists()


def test_a_reference_model_that_takes_no_position_is_refused_by_name(tmp_path, capsys):
    models = [*village.tables()["models"], ["mute", "Mute", "", ""]]
    folder = village.write(tmp_path / "study", {"models": models})
    (tmp_path / "notebooks").mkdir()
    told = usage(capsys, "report", folder, "--notebooks", tmp_path / "notebooks", "--model", "mute")
    assert "the model 'mute' takes no position" in told


def test_no_report_is_made_of_a_faulty_study(folder, tmp_path, capsys):
    spoilt(folder, "alpha,p1,brief,ann,2", "alpha,p1,brief,ann,7")
    assert main(["report", str(folder), "--out", str(tmp_path / "site")]) == 1
    printed = capsys.readouterr()
    assert "codings.csv:2 [stance]: error" in printed.err
    assert "the study is refused; nothing was done." in printed.err
    assert printed.out == ""
    assert not (tmp_path / "site").exists()


def test_a_folder_that_may_not_be_replaced_is_exit_code_3(folder, tmp_path, capsys):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "thesis.doc").write_text("mine")
    assert main(["report", str(folder), "--out", str(tmp_path / "site"), "--notebooks",
                 str(tmp_path / "notebooks")]) == 3  # fmt: skip
    err = capsys.readouterr().err
    assert "the report was not built" in err
    assert "holds files that no build made" in err
    assert "last good report" not in err


def test_a_folder_without_notebooks_is_exit_code_3(folder, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["report", str(folder), "--out", str(tmp_path / "site"), "--notebooks",
                 str(tmp_path / "empty")]) == 3  # fmt: skip
    assert "no notebooks in" in capsys.readouterr().err


# --- help ----------------------------------------------------------------------------------


def test_help_loads_no_library():
    asked = (
        "import sys\nfrom positions.cli.main import main\ntry: main(['--help'])\n"
        "finally: assert not {'pandas', 'numpy', 'jupyter_client'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True)


def test_help_shows_examples_and_exit_codes(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    out = capsys.readouterr().out
    for line in ("positions check", "positions check STUDY --json",
                 "positions verify --texts texts", "positions report --out site"):  # fmt: skip
        assert f"\n  {line} " in out
    assert "exit codes: 0 good, 1 a problem in the data, 2 wrong usage, 3" in out


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check", "--jsn"]])
def test_an_unknown_command_or_option_is_wrong_usage(capsys, arguments):
    assert "usage: positions" in usage(capsys, *arguments)


def test_the_module_runs_as_a_command_and_hands_on_its_exit_code(folder):
    run = subprocess.run(
        [sys.executable, "-m", "positions", "check", folder / "none"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == ""


# --- diff ----------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path):
    """Two studies that differ in one stance: Alpha on p3, +1 to -1."""
    old = village.write(tmp_path / "old")
    new = spoilt(village.write(tmp_path / "new"), "alpha,p3,brief,ann,1", "alpha,p3,brief,ann,-1")
    return str(old), str(new)


@pytest.mark.slow
def test_a_comparison_is_exit_code_0_and_4_only_where_it_is_asked_for(pair, capsys):
    old, new = pair
    assert main(["diff", old, new]) == 0
    assert "3 published numbers moved." in capsys.readouterr().out
    assert main(["diff", old, new, "--exit-code"]) == 4
    assert main(["diff", old, old, "--exit-code"]) == 0


@pytest.mark.slow
def test_diff_writes_json_or_lines_for_a_changelog_and_nothing_else(pair, capsys):
    assert main(["diff", *pair, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["moved"] == 3
    assert main(["diff", *pair, "--markdown"]) == 0
    printed = capsys.readouterr()
    assert all(line.startswith("- ") for line in printed.out.splitlines())
    assert printed.err == ""
    usage(capsys, "diff", *pair, "--markdown", "--json")


def test_a_side_that_is_refused_shows_its_problems_and_compares_nothing(pair, capsys):
    old, new = pair
    path = pathlib.Path(new) / "codings.csv"
    path.write_text(path.read_text().replace("alpha,p1,brief,ann,2", "alpha,p1,brief,ann,7"))
    for order in ((old, new), (new, old)):
        assert main(["diff", *order]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "codings.csv:2 [stance]: error" in printed.err
        assert f"{new}: the study is refused; nothing was compared." in printed.err
    (pathlib.Path(old) / "bodies.csv").unlink()
    assert main(["diff", old, new]) == 1
    refused = capsys.readouterr().err
    for side in pair:  # whoever mends one is told of the other
        assert f"{side}: the study is refused; nothing was compared." in refused


def test_a_comparison_with_what_is_not_there_is_wrong_usage(pair, capsys):
    told = usage(capsys, "diff", "v9", pair[1])
    assert "'v9' is no folder or workbook that is there" in told
    assert "no revision" in told


def test_what_git_or_a_tree_says_cannot_move_the_cursor(pair, capsys):
    told = usage(capsys, "diff", "v9:\x1b[2J", pair[1])
    assert "\x1b" not in told


@pytest.mark.slow
def test_a_folder_that_begins_with_a_dash_is_compared_after_two_dashes(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    village.write(tmp_path / "-old")
    village.write(tmp_path / "data")
    assert main(["diff", "--exit-code", "--", "-old"]) == 0
    assert capsys.readouterr().out.startswith("From -old to data:\n- Nothing differs")


def test_the_study_as_it_stands_is_compared_with_a_revision_of_its_repository(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{name}_NAME", "Ann")
        monkeypatch.setenv(f"{name}_EMAIL", "ann@example.org")
    folder = village.write(tmp_path / "data")
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "v1"]):
        subprocess.run(["git", *arguments], check=True, cwd=tmp_path)
    spoilt(folder, "alpha,p3,brief,ann,1", "alpha,p3,brief,ann,-1")
    assert main(["diff", "v1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("From v1 (")
    assert "Alpha, from 91.7% to 75.0% (-16.7 points)" in out
    assert main(["diff", "v1", "v1:data", "--exit-code"]) == 0


def test_no_report_is_made_since_a_study_that_is_refused_or_not_there(pair, tmp_path, capsys):
    old, new = pair
    (tmp_path / "notebooks").mkdir()
    place = ["--out", str(tmp_path / "site"), "--notebooks", str(tmp_path / "notebooks")]
    assert "no revision" in usage(capsys, "report", new, *place, "--since", "v9")
    (pathlib.Path(old) / "codings.csv").unlink()
    assert main(["report", new, *place, "--since", old]) == 1
    assert "the study is refused; nothing was compared" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_limit_that_an_error_names_is_raised_by_the_option_that_it_names(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    assert main(["check", str(folder), "--limit", "records=2"]) == 1
    assert "fix: make it smaller, or allow more with --limit records=NUMBER" in (
        capsys.readouterr().out
    )
    assert main(["check", str(folder), "--limit", "records=20"]) == 0
    assert "POSITIONS_LIMITS" not in os.environ
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(folder), "--limit", "rows=20"])
    assert "'rows=20': write NAME=NUMBER, with one of bytes_per_file" in capsys.readouterr().err


def test_many_faults_of_a_kind_are_counted_unless_all_are_asked_for(tmp_path, capsys):
    rows = "".join(f"b{n},b{n}, ,\n" for n in range(40))
    folder = small.write(tmp_path / "study", {"bodies.csv": small.TABLES["bodies.csv"] + rows})
    assert main(["check", str(folder)]) == 1
    folded = capsys.readouterr().out
    assert "the same in 39 other rows: bodies.csv:6,7,8,9,10,11,12,13,14,15,…" in folded
    assert main(["check", str(folder), "--all"]) == 1
    assert capsys.readouterr().out.count("[kind]: error: required") == 40


def test_a_table_in_other_capitals_is_named_as_it_must_be(tmp_path, capsys):
    folder = small.write(tmp_path / "study")
    (folder / "codings.csv").rename(folder / "Codings.csv")
    assert main(["check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "codings.csv: error: file-missing" in said
    assert "fix: rename 'Codings.csv'" in said
    assert "take it out" not in said
