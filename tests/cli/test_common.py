"""What every command does alike: extras that lack, what a terminal would obey, locks."""

import importlib.metadata
import os
import subprocess
import sys

import pytest
import village

from positions.cli import common
from positions.cli.main import main

CODES = "\x1b[2J\x9b31m\u202e"


def assert_harmless(text):
    """Nothing in it that a terminal would obey; the line ends are its own."""
    assert not [char for char in text if not char.isprintable() and char != "\n"]


# --- extras --------------------------------------------------------------------------------


def installed(home, extras):
    """A made-up distribution on the path whose extras need what is or is not there."""
    held = home / "made_up-1.0.dist-info"
    held.mkdir()
    wanted = [f"Requires-Dist: {need}; extra == '{extra}'\n" for extra, need in extras]
    (held / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: made-up\nVersion: 1\n{''.join(wanted)}"
    )
    return str(home)


def test_an_extra_that_lacks_is_said_with_what_to_run(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(installed(tmp_path, [
        ("report", "no-such-package>=1.0"), ("report", "numpy>=1"), ("report", "no-such.other"),
        ("lab", "no-such-lab"), ("whole", "pandas<9,>=2"),
    ]))  # fmt: skip
    assert common.lacking("report", "made-up") == (
        'this needs no-such-package, no-such.other; run: pip install "made-up[report]"'
    )
    assert common.lacking("whole", "made-up") == ""
    assert common.lacking("", "made-up") == ""
    assert common.lacking("report", "not-installed-at-all") == ""


def test_a_command_asks_for_its_extra_before_it_reads_anything(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(importlib.metadata, "requires",
                        lambda name: ["no-such-package>=1; extra == 'report'"])  # fmt: skip
    for command in ("report", "responses"):
        assert main([command, str(tmp_path / "none")]) == 2
        assert capsys.readouterr().err == (
            f"positions {command}: this needs no-such-package; run: pip install "
            '"positions[report]"\n'
        )
    assert main(["check", str(village.write(tmp_path / "study"))]) == 0


# --- what a terminal would obey ------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [["check", f"no{CODES}"], ["verify", f"no{CODES}"], ["diff", f"no{CODES}", "data"],
     ["export", "csv", f"no{CODES}", "--out", "x"], ["import", "dna", f"no{CODES}", f"to{CODES}"],
     ["report", f"no{CODES}"], ["responses", f"no{CODES}"]],
)  # fmt: skip
def test_a_name_in_an_argument_cannot_move_the_cursor(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    try:
        assert main(arguments) == 1
    except SystemExit as left:
        assert left.code == 2
    printed = capsys.readouterr()
    assert "<U+001B>[2J<U+009B>31m<U+202E>" in printed.out + printed.err
    assert_harmless(printed.out + printed.err)


def test_a_wrong_option_cannot_move_the_cursor(capsys):
    with pytest.raises(SystemExit):
        main(["check", "data", f"--json{CODES}", f"more{CODES}"])
    assert_harmless(capsys.readouterr().err)


def test_a_study_in_a_folder_with_a_strange_name_is_checked_and_named_harmlessly(tmp_path, capsys):
    folder = village.write(tmp_path / f"study{CODES}")
    assert main(["check", str(folder)]) == 0
    assert_harmless(capsys.readouterr().out)
    assert main(["new", str(tmp_path / f"new{CODES}"), "--title", "New", "--name", "new"]) == 0
    assert_harmless(capsys.readouterr().out)


def test_the_header_of_a_column_that_nobody_reads_cannot_move_the_cursor(tmp_path, capsys):
    folder = tmp_path / "ex"
    assert main(["new", str(folder), "--example"]) == 0
    (path,) = (folder / "responses").glob("*.csv")
    header, *rows = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([f"{header},\x1b[2Jodd", *(f"{row}," for row in rows)]) + "\n", "utf-8"
    )
    capsys.readouterr()
    main(["responses", str(folder)])
    printed = capsys.readouterr()
    assert "[2Jodd" in printed.out + printed.err
    assert_harmless(printed.out + printed.err)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_is_printed_into_a_pipe_is_utf_8_whatever_the_locale(tmp_path, encoding):
    run = subprocess.run(
        [sys.executable, "-m", "positions", "check", "Ålesund Σ"], cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True,
    )  # fmt: skip
    assert run.stdout.decode("utf-8").endswith("Ålesund Σ: the study is refused; 1 error.\n")


# --- what may not be read ------------------------------------------------------------------


@pytest.fixture
def ordinary():
    """Whoever runs the tests is no superuser, whom nothing is closed to, for a while."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no permission bits")
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    yield
    os.seteuid(before)


@pytest.mark.parametrize("closed", [".", "datapackage.json", "codings.csv"])
def test_a_study_that_may_not_be_read_is_refused_in_a_sentence(closed, tmp_path, capsys, ordinary):
    os.seteuid(os.getuid())
    folder = village.write(tmp_path / "study")
    assert main(["check", str(folder)]) == 0  # all that it takes is loaded
    for path in (tmp_path, *tmp_path.parents[:3]):
        path.chmod(0o755)
    (folder / closed).chmod(0)
    if os.getuid() == 0:
        os.seteuid(65534)
    capsys.readouterr()
    assert main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert f"file-unreadable: Permission denied ({folder}" in out
    assert "is refused; 1 error" in out
    assert main(["new", str(folder / "within")]) in (1, 2)
    assert "Permission denied" in capsys.readouterr().err
