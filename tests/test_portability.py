"""What Linux and macOS alone have is not needed: a report is built, and files come in and out."""

import ast
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
SOURCES = [*pathlib.Path("src").rglob("*.py"), *pathlib.Path("lab").glob("*.py")]


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


def test_a_report_is_built_and_files_come_in_and_go_out_elsewhere(tmp_path):
    notebooks = pathlib.Path("notebooks").absolute()
    for arguments, written in (
        (["new", "ex", "--example"], "ex/codings.csv"),
        (["check", "ex"], None),
        (["verify", "ex", "--texts", "ex/texts", "--require"], None),
        (["report", "ex", "--out", "site", "--texts", "ex/texts", "--notebooks", notebooks],
         "site/index.html"),
        (["report", "ex", "--out", "site", "--notebooks", notebooks], "site/6-responses.html"),
        (["responses", "ex", "--out", "counted"], "counted/findings.txt"),
        (["export", "refi-qda", "ex", "--out", "ex.qdpx", "--texts", "ex/texts"], "ex.qdpx"),
        (["export", "csv", "ex", "--out", "ex.csv"], "ex.csv"),
        (["export", "polis", "ex", "--out", "polis"], "polis/comments.csv"),
        (["import", "refi-qda", "ex.qdpx", "ex"], None),
        (["import", "coder", "ex.csv", "ex"], None),
        (["diff", "ex", "ex", "--exit-code"], None),
    ):  # fmt: skip
        run = elsewhere("-m", "positions", *arguments, cwd=tmp_path)
        assert run.returncode == 0, (arguments, run.stderr)
        assert written is None or (tmp_path / written).exists(), arguments
        assert "Traceback" not in run.stderr


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
