"""Ctrl-C ends every command with one sentence and exit code 130; the last site stays."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
import village
from folders import contents
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from positions.cli.main import main

pytestmark = pytest.mark.slow

TOLD = "positions: stopped by Ctrl-C.\n"
HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""What a command in the foreground does of itself, and one in the background does not."""
BEGUN = HEARD + "from positions.cli.main import main; print('begun', flush=True); exit(main({}))"


@pytest.mark.parametrize("after", [0.1, 0.4, 0.7, 1.0])
def test_an_interrupt_is_one_sentence(after):
    arguments = ["diff", "HEAD", "data"]
    with subprocess.Popen(
        [sys.executable, "-c", BEGUN.format(arguments)], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stdout.readline() == "begun\n"
        time.sleep(after)
        run.send_signal(signal.SIGINT)
        _, told = run.communicate(timeout=60)
    # where it fell into code that Python runs from a string, Python itself ends by the signal
    assert run.returncode in (130, -signal.SIGINT)
    assert told == TOLD


def test_an_interrupt_where_python_ignores_exceptions_is_heard_all_the_same():
    code = HEARD + (
        "import os, sys, time\n"
        "from positions.cli import check\n"
        "from positions.cli.main import main\n"
        "class Late:\n"
        "    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "def run(options):\n"
        "    late = Late()\n"
        "    del late\n"
        "    for _ in range(2_000):\n"
        "        time.sleep(0.01)\n"
        "    return 0\n"
        "check.run.__code__ = run.__code__\n"
        "check.run.__globals__.update(Late=Late, time=time)\n"
        "sys.exit(main(['check', 'data']))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=25,
                         check=False)  # fmt: skip
    assert (run.returncode, run.stderr) == (130, TOLD)


# --- the report ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a study, a notebook that takes a while, and a site that was built of another.

    So every report that is begun here has something to do.
    """
    place = tmp_path_factory.mktemp("interrupted")
    (place / "notebooks").mkdir()
    cells = [new_markdown_cell("# How long?"), new_code_cell("import time\ntime.sleep(3)")]
    nbformat.write(new_notebook(cells=cells), place / "notebooks" / "1-long.ipynb")
    before = str(village.write(place / "before", description="The study before."))
    assert main(["report", before, "--out", str(place / "site"), "--notebooks",
                 str(place / "notebooks")]) == 0  # fmt: skip
    village.write(place / "study")
    return place


def stopped(place, words, after):
    """How a report ends, and what it says, if Ctrl-C follows the words on standard error."""
    arguments = ["report", "study", "--out", "site"]
    with subprocess.Popen(
        [sys.executable, "-c", BEGUN.format(arguments)], cwd=place, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        said = []
        while not said or words not in said[-1]:
            said.append(run.stderr.readline())
            assert said[-1], said
        time.sleep(after)
        os.killpg(run.pid, signal.SIGINT)  # as a terminal does: the kernels get it as well
        said += run.stderr
    return run.pid, run.returncode, said


MOMENTS = ["study is read", "at work", "pages of bodies", "1-long: 1 cell ran"]
# After the last notebook only its page remains to be made: the new site may be in place by then.
TOO_LATE = {("1-long: 1 cell ran", after) for after in (0.1, 0.5, 1)}


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="this system sends no signal to a group")
@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("at work", 1),
        *((words, after) for words in MOMENTS for after in (0, 0.1, 0.5, 1)
          if (words, after) not in TOO_LATE),
    ],
)  # fmt: skip
def test_an_interrupted_report_says_one_sentence_and_the_last_site_stays(place, words, after):
    before = contents(place / "site")
    group, ended, said = stopped(place, words, after)
    assert (ended, said[-1]) == (130, TOLD), said
    assert not any("Traceback" in line for line in said)
    assert contents(place / "site") == before
    assert {path.name for path in place.iterdir()} == {
        "before", "study", "notebooks", "site", ".site.lock",
    }  # fmt: skip
    with pytest.raises(ProcessLookupError):  # no kernel goes on
        os.killpg(group, 0)
