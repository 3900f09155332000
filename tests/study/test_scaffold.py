"""A study is begun whole or not at all, passes `check`, and its README leads to a report."""

import csv
import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from positions.cli.main import main
from positions.study import load, scaffold, schema
from positions.study.problems import as_text

ROOT = pathlib.Path(__file__).parents[2]


def listing(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


def test_a_study_that_is_begun_passes_with_warnings_of_its_empty_tables_alone(tmp_path):
    scaffold.write(tmp_path / "water", "Water & bread: “who pays?”")
    loaded, problems = load.check(tmp_path / "water")
    assert {p.rule for p in problems} == {"no-rows"}
    assert (loaded.title, loaded.reference_model) == ("Water & bread: “who pays?”", "")
    assert all(getattr(loaded, name).empty for name in schema.contract())


def test_its_contract_is_the_shipped_one_and_nothing_looser(tmp_path):
    scaffold.write(tmp_path / "water")
    text = (tmp_path / "water" / schema.DATAPACKAGE).read_text("utf-8")
    package = schema.package(text)
    assert (package["name"], package["title"]) == ("water", "water")
    assert schema.loosened(schema.tables(package), schema.contract()) == []


def test_another_validator_finds_the_begun_study_valid(tmp_path):
    from frictionless import Package

    scaffold.write(tmp_path / "water")
    report = Package(str(tmp_path / "water" / schema.DATAPACKAGE)).validate()
    assert report.valid, report.flatten(["type", "message"])


def test_every_file_of_a_begun_study_can_be_read_by_others_as_any_new_file_can(tmp_path):
    scaffold.write(tmp_path / "water")
    (tmp_path / "plain").mkdir()
    assert (tmp_path / "water").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "water").mkdir()
    scaffold.write(tmp_path / "water")
    assert "README.md" in listing(tmp_path / "water")


TAKEN = {
    "is not empty": lambda at: (at.mkdir(), (at / "mine.txt").write_text("mine")),
    "is a file": lambda at: at.write_text("mine"),
    "is a symbolic link": lambda at: ((at.parent / "real").mkdir(), at.symlink_to("real")),
    "is not there; make it first": lambda at: None,
}


@pytest.mark.parametrize("begin", [scaffold.write, scaffold.copy_example])
@pytest.mark.parametrize("why", TAKEN)
def test_a_place_that_is_taken_is_refused_and_left_as_it_was(tmp_path, why, begin):
    at = tmp_path / ("none/water" if "make it first" in why else "water")
    TAKEN[why](at)
    before = listing(tmp_path)
    with pytest.raises(scaffold.CannotBegin, match=why):
        begin(at)
    assert listing(tmp_path) == before


def test_the_folder_that_the_caller_stands_in_is_not_pulled_away(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(scaffold.CannotBegin, match="the folder you stand in"):
        scaffold.write(pathlib.Path("."))
    assert listing(tmp_path) == []


@pytest.mark.parametrize("title", [" ", "a\nb", "a ", "x" * 201, "a\x07b"])
def test_a_title_that_cannot_be_printed_is_refused(tmp_path, title):
    with pytest.raises(scaffold.CannotBegin, match="title"):
        scaffold.write(tmp_path / "water", title)
    assert listing(tmp_path) == []


@pytest.mark.parametrize("name", ["Water", "a b", "-a", "a-", "../a", "a/b", "x" * 101, "ä"])
def test_a_name_that_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(scaffold.CannotBegin, match="no name for a data package"):
        scaffold.write(tmp_path / "water", name=name)
    assert listing(tmp_path) == []


def test_a_folder_without_plain_letters_needs_a_name(tmp_path):
    with pytest.raises(scaffold.CannotBegin, match="write --name"):
        scaffold.write(tmp_path / "水")
    scaffold.write(tmp_path / "水", name="water")
    package = json.loads((tmp_path / "水" / schema.DATAPACKAGE).read_text("utf-8"))
    assert (package["name"], package["title"]) == ("water", "水")


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path):
    full = (
        "import resource, signal, sys; from positions.cli.main import main; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)); "
        "sys.exit(main(['new', sys.argv[1]]))"
    )
    at = tmp_path / "water"
    done = subprocess.run([sys.executable, "-c", full, str(at)], capture_output=True, text=True)
    assert (done.returncode, listing(tmp_path)) == (2, [])
    assert "File too large; nothing was written" in done.stderr


@pytest.mark.slow
def test_the_example_shows_the_public_beside_the_bodies(tmp_path):
    at = tmp_path / "ferry"
    assert main(["new", str(at), "--example"]) == 0
    assert main(["report", str(at), "--out", str(tmp_path / "site"), "--notebooks",
                 str(ROOT / "notebooks")]) == 0  # fmt: skip
    with open(at / "responses" / "answers.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(tmp_path / "site" / "tables" / "responses-consensus.csv", encoding="utf-8",
              newline="") as file:  # fmt: skip
        found = {row["question_id"]: row for row in csv.DictReader(file)}
    for question in ("Q1", "Q3"):
        given = [row[question] for row in rows]
        for_it = given.count("agree") + given.count("strongly agree")
        against = given.count("disagree") + given.count("strongly disagree")
        if question == "Q3":  # asked the other way round
            for_it, against = against, for_it
        assert float(found[question]["supports"]) == for_it
        assert float(found[question]["opposes"]) == against
    page = (tmp_path / "site" / "7-responses.html").read_text("utf-8")
    assert f"Of {len(rows)} rows read, {len(rows)} are used" in page
    assert '<a href="body-league.html">' in page


def test_the_example_passes_and_every_phrase_stands_in_its_texts(tmp_path, capsys):
    at = tmp_path / "first"
    assert main(["new", str(at), "--example"]) == 0
    problems = load.check(at)[1]
    assert {p.severity for p in problems} <= {"note"}, as_text(problems)
    assert main(["verify", str(at), "--texts", str(at / "texts"), "--require"]) == 0
    assert "55 of 55 phrases" in capsys.readouterr().out


def test_the_command_says_what_comes_next_and_refuses_a_second_time(tmp_path, capsys):
    at = tmp_path / "two words"
    assert main(["new", str(at), "--title", "Two words"]) == 0
    assert f"positions check '{at}'" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main(["new", str(at)])
    assert stopped.value.code == 2
    assert "is not empty" in capsys.readouterr().err


def test_a_study_without_codes_has_no_report_and_is_told_why(tmp_path, capsys):
    scaffold.write(tmp_path / "water")
    assert main(["report", str(tmp_path / "water"), "--out", str(tmp_path / "site")]) == 1
    assert "nothing is coded yet" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


@pytest.mark.slow
def test_who_follows_the_readme_to_the_letter_has_a_study_and_its_report(tmp_path, capsys):
    at = tmp_path / "street"
    scaffold.write(at, "The street")
    readme = (at / "README.md").read_text("utf-8")
    (at / "texts").mkdir()
    refused = {}
    for step, name, rows in blocks(readme):
        with (at / name).open("a", encoding="utf-8", newline="") as file:
            file.write(rows)
        if name == "model_positions.csv":
            name_the_reference(at, readme)
        if name == "codings.csv":
            put_in_places(at, readme)
        problems = load.check(at)[1]
        refused[step] = {p.rule for p in problems if p.severity == "error"}
    assert {step: rules for step, rules in refused.items() if rules} == {"6": {"unadjudicated"}}
    assert {p.severity for p in problems} <= {"note"}, as_text(problems)
    capsys.readouterr()
    texts = ["--texts", str(at / "texts")]
    assert main(["verify", str(at), *texts, "--require"]) == 0
    assert "12 of 12 phrases" in capsys.readouterr().out
    (tmp_path / "notebooks").mkdir()
    shutil.copy(ROOT / "notebooks" / "6-engagement.ipynb", tmp_path / "notebooks")
    assert main(["report", str(at), "--out", str(tmp_path / "site"), *texts, "--notebooks",
                 str(tmp_path / "notebooks")]) == 0  # fmt: skip
    answer = (tmp_path / "site" / "scores.html").read_text("utf-8")
    # Traders: +2 at +2, -1 at +2, +2 at -2: (1 + 1/4 + 0) / 3. Walkers: (1 + 1 + 3/4) / 3.
    assert "Walkers&#39; League agrees on most of it: 92%" in answer
    assert "Traders&#39; Union is divided on it: 42%" in answer
    assert not (tmp_path / "site" / "6-engagement.html").exists()


def blocks(readme):
    """The example rows of the README in their order: step, file, rows."""
    for section in re.split(r"^## ", readme, flags=re.MULTILINE)[1:]:
        for name, rows in re.findall(r"^```(\S+\.(?:csv|txt))\n(.*?)^```", section, re.M | re.S):
            yield section.partition(".")[0], name, rows


def name_the_reference(at, readme):
    said = re.search(r'`("reference_model": "\w+")`', readme)[1]
    path = at / schema.DATAPACKAGE
    text = path.read_text("utf-8")
    assert text.count('"reference_model": ""') == 1
    path.write_text(text.replace('"reference_model": ""', said), encoding="utf-8")


def put_in_places(at, readme):
    command = re.search(r"`positions (verify \. --texts texts --accept-moves[^`]*)`", readme)[1]
    given = {".": str(at), "texts": str(at / "texts")}
    assert main([given.get(word, word) for word in command.split()]) == 0
