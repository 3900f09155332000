"""Kernels forked from a warm process are the kernels that any Jupyter tool would have started."""

import json
import os
import pathlib
import re
import subprocess
import sys
import time

import awkward
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from test_notebooks import comparable, plainly

from positions.site import provisioner

WARM = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "positions"}
NBVAL = ["-m", "pytest", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "-rA",
         "--nbval-cell-timeout", "10"]  # fmt: skip

SETTLES = """
import json, sys
from test_notebooks import plainly
import pathlib
path = pathlib.Path(sys.argv[1])
print(json.dumps(plainly(path)))
"""


def warmly(path):
    """A notebook executed by nbclient in a forked kernel, from a process of its own."""
    given = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"} | WARM
    given["PYTHONPATH"] = str(pathlib.Path(__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", SETTLES, str(path)], capture_output=True,
                          text=True, env=given, check=True,
                          cwd=pathlib.Path(__file__).parent)  # fmt: skip
    return nbformat.from_dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("name", ["displays", "libraries", "self"])
def test_nbclient_gets_the_same_outputs_from_a_forked_kernel(tmp_path, monkeypatch, name):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    path = awkward.write(tmp_path, name)
    wanted, found = plainly(path), warmly(path)
    for here, there in zip(found.cells, wanted.cells, strict=True):
        assert comparable(here) == comparable(there), there.source


def verdicts(folder, **given):
    """What nbval says of each cell: its outcome, by its name."""
    done = subprocess.run([sys.executable, *NBVAL, "-o", "addopts=", str(folder)], text=True,
                          capture_output=True, env=os.environ | given, cwd=folder)  # fmt: skip
    found = re.findall(r"^(PASSED|FAILED|SKIPPED|ERROR|XFAIL)\b.*?(\S+\.ipynb::\S+ ?\d*)",
                       done.stdout, re.M)  # fmt: skip
    assert found, done.stdout + done.stderr
    return sorted({(name, outcome) for outcome, name in found})


def test_nbval_gives_every_cell_the_verdict_that_it_gives_with_plain_kernels(tmp_path):
    cells = {
        "good": ["import pandas as pd\nx = 1", "x + 1", "pd.DataFrame({'a': range(3)})"],
        "bad": ["x = 1", "x + 2", "1 / 0", "x"],
        "dies": ["x = 1", "import os\nif os.environ.get('DIE'):\n    os._exit(1)", "x"],
        "last": ["'x' in globals()", "import os\nos.path.basename(os.getcwd())"],
    }
    for name, sources in cells.items():
        notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
        client = NotebookClient(notebook, allow_errors=True, kernel_name="python3",
                                resources={"metadata": {"path": str(tmp_path)}})  # fmt: skip
        nbformat.write(client.execute(), tmp_path / f"{name}.ipynb")
    text = (tmp_path / "bad.ipynb").read_text("utf-8")
    assert text.count('"3"') == 1  # the value of x + 2, as it is stored
    (tmp_path / "bad.ipynb").write_text(text.replace('"3"', '"4"'), "utf-8")
    plain, warm = verdicts(tmp_path, DIE="1"), verdicts(tmp_path, DIE="1", **WARM)
    assert warm == plain
    counted = [outcome for name, outcome in warm if name.startswith("bad")]
    assert sorted(counted) == ["FAILED", "FAILED", "PASSED", "PASSED"]
    assert {outcome for name, outcome in warm if name.startswith(("good", "last"))} == {"PASSED"}
    assert "FAILED" in {outcome for name, outcome in warm if name.startswith("dies")}


ONE_KERNEL = """
import os, pathlib, sys, time
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel()
code = "import os, pathlib; _ = pathlib.Path('who').write_text(f'{os.getpid()} {os.getppid()}')"
client.execute_interactive(code)
print(manager.provisioner.process.__class__.__name__, flush=True)
os.kill(os.getpid(), int(sys.argv[1]))
"""


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("by", [9, 15])
def test_kernels_and_their_nursery_end_with_the_process_that_began_them(tmp_path, by):
    done = subprocess.run([sys.executable, "-c", ONE_KERNEL, str(by)], text=True, cwd=tmp_path,
                          capture_output=True, env=os.environ | WARM)  # fmt: skip
    assert done.stdout.splitlines()[-1] == "Forked"
    kernel, nursery = (tmp_path / "who").read_text("ascii").split()
    until = time.monotonic() + 30
    while (alive(kernel) or alive(nursery)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(kernel)
    assert not alive(nursery)


def test_only_a_plain_kernel_of_this_python_is_forked():
    launch = ["-m", "ipykernel_launcher", "-f", "file"]
    assert provisioner._arguments([sys.executable, *launch]) == ["-f", "file"]
    assert provisioner._arguments([sys.executable, "-Xfrozen_modules=off", *launch]) == [
        "-f",
        "file",
    ]
    for other in (["/usr/bin/python3", *launch], [sys.executable, "-I", *launch],
                  [sys.executable, "-m", "xeus", "-f", "file"], ["R", "--slave"]):  # fmt: skip
        assert provisioner._arguments(other) is None
    assert provisioner._as_here(os.environ | {"JPY_SESSION_NAME": "x"})
    assert not provisioner._as_here(os.environ | {"PYTHONHASHSEED": "7"})
