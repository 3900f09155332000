"""What Linux and macOS alone have is not needed: a report is built, and files come in and out."""

import ast
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
NOTEBOOKS = str(HERE.parent / "notebooks")
SOURCES = [
    path
    for folder in ("src", "lab", "docs", "examples", "benchmarks")
    for path in pathlib.Path(folder).rglob("*.py")
]


def elsewhere(*arguments, **options):
    """Run Python as on a system that has neither fcntl nor os.fork, nor the like."""
    paths = [str(HERE / "elsewhere"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, check=False,
        encoding="utf-8", env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, **options,
    )  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["import fcntl", "from resource import getrlimit", "import pwd, grp, termios",
     "import os; os.fork()", "from os import getuid", "import os.path, signal; signal.SIGKILL",
     "import os as system; system.O_NOFOLLOW", "import socket; socket.AF_UNIX"],
)  # fmt: skip
def test_what_other_systems_lack_is_hidden(code):
    told = elsewhere("-c", code).stderr
    assert any(words in told for words in ("this system has none", "attribute", "cannot import"))


def test_libraries_and_all_that_every_system_has_are_there():
    code = "import os, sys, pandas, subprocess; print(sys.platform, os.name, os.path.sep)"
    run = elsewhere("-c", code)
    assert run.stdout == f"win32 nt {os.sep}\n", run.stderr


FILES = (
    (["new", "ex", "--example"], "ex/codings.csv"),
    (["check", "ex"], None),
    (["verify", "ex", "--texts", "ex/texts", "--require"], None),
    (["responses", "ex", "--out", "counted"], "counted/findings.txt"),
    (["export", "refi-qda", "ex", "--out", "ex.qdpx", "--texts", "ex/texts"], "ex.qdpx"),
    (["export", "csv", "ex", "--out", "ex.csv"], "ex.csv"),
    (["export", "polis", "ex", "--out", "polis"], "polis/comments.csv"),
    (["import", "refi-qda", "ex.qdpx", "ex"], None),
    (["read", "ex", "--prepare", "asked.jsonl"], "asked.jsonl"),
    (["read", "ex", "--accept", "ex/readings/plain.jsonl", "--coder", "plain", "--dry-run"], None),
    (
        [
            "add",
            "ex",
            "ex/README.md",
            "--body",
            "forum",
            "--title",
            "T",
            "--published",
            "2024-05-01",
            "--published-basis",
            "shown",
            "--kind",
            "letter",
            "--phase",
            "debate",
        ],
        "ex/texts/forum-2024-05-01.json",
    ),
    (["import", "coder", "ex.csv", "ex"], None),
    (["workbench", "ex", "--coder", "ann", "--hand-in"], None),
    (["diff", "ex", "ex", "--exit-code"], None),
)
REPORTS = (
    (["new", "ex", "--example"], "ex/codings.csv"),
    (["report", "ex", "--out", "site", "--texts", "ex/texts", "--notebooks", NOTEBOOKS],
     "site/index.html"),
    (["report", "ex", "--out", "site", "--notebooks", NOTEBOOKS], "site/7-responses.html"),
)  # fmt: skip
COMMANDS = """
import contextlib, io, sys
from positions.cli.main import main
for arguments in {}:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        ended = main(arguments)
    assert ended == 0, (arguments, ended, said.getvalue())
"""


@pytest.mark.slow
@pytest.mark.parametrize("commands", [FILES, REPORTS], ids=["files", "reports"])
def test_files_come_in_and_go_out_and_a_report_is_built_elsewhere(tmp_path, commands):
    run = elsewhere("-c", COMMANDS.format([of for of, _ in commands]), cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    for _, written in commands:
        assert written is None or (tmp_path / written).exists(), written


# --- files ---------------------------------------------------------------------------------


def named(call):
    """The name of what is called, and the names of the arguments that are given by name."""
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return called, {keyword.arg for keyword in call.keywords}


def modes(call):
    """The mode of a file that is opened, where it is written out."""
    given = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
    return [each.value for each in given if isinstance(each, ast.Constant)]


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_what_is_written_as_text_names_its_encoding_and_its_line_ends(path):
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        called, keywords = named(call)
        place = f"{path}:{call.lineno}"
        if called == "write_text":
            assert {"encoding", "newline"} <= keywords, place
        if called == "read_text":
            assert call.args or "encoding" in keywords, place
        if called in ("open", "NamedTemporaryFile", "TemporaryFile") and {"w", "x", "a"} & {
            mode.strip("+t") for mode in modes(call) if isinstance(mode, str)
        }:
            assert {"encoding", "newline"} <= keywords, place
