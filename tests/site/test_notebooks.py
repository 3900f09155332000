"""A notebook that fails, hangs or hides something is refused by notebook, cell and cause."""

import asyncio
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import nbclient
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from positions.site import cells
from positions.site.kernels import Kernel, Limits
from positions.site.notebook_files import BuildError, prepare, set_parameters
from positions.site.notebooks import interrupted_later, kernels


def write(path, *sources, stored=False, tags=()):
    """A notebook of code cells; `stored` as if it had been run, `tags` on the last cell."""
    made = [new_markdown_cell("# Title")]
    for number, source in enumerate(sources, 1):
        made.append(new_code_cell(source, execution_count=number if stored else None))
    made[-1].metadata["tags"] = list(tags)
    nbformat.write(new_notebook(cells=made), path)
    return path


def shown(notebook):
    """What the last line of each code cell comes to, as text."""
    found = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [cell["outputs"][0]["data"]["text/plain"] if cell["outputs"] else "" for cell in found]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A function that runs a notebook in the kernel that ran the one before it."""
    kernel = Kernel(tmp_path_factory.mktemp("kernel"))
    kernel.worn = True

    async def execute(path, parameters, limits):
        if kernel.worn:
            await kernel.stop()
            await kernel.start()
            await cells.ready(kernel)
        ends = time.monotonic() + limits.build_seconds
        prepared = prepare([path], parameters)[path]
        return await cells.execute(kernel, path, prepared, limits, ends)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:

        def run(path, parameters=None, **limits):
            # A kernel that finds this does not look at what child processes write.
            os.environ.pop("PYTEST_CURRENT_TEST", None)
            try:
                return runner.run(execute(path, parameters or {}, Limits(**limits)))
            except BuildError as error:
                over = "died|longer|bytes that|seconds of the build"
                kernel.worn = kernel.worn or bool(re.search(over, str(error)))
                if not kernel.worn:
                    runner.run(cells._ask(kernel, "end()"))  # a build would be over
                raise

        yield run
        runner.run(kernel.stop())


@pytest.fixture
def refused(run):
    """A function that tells why a notebook is refused."""

    def refused(path, **limits):
        with pytest.raises(BuildError) as caught:
            run(path, **({"cell_seconds": 60} | limits))
        return str(caught.value)

    return refused


# --- what a cell may not do ------------------------------------------------------------------


def test_a_failing_cell_is_named_with_its_notebook_and_its_traceback(tmp_path, refused):
    path = write(tmp_path / "1-sums.ipynb", "a = 1", "b = a / 0\nb", "c = 3", stored=True)
    said = refused(path)
    assert said.startswith("1-sums.ipynb: code cell 2 of 3 (b = a / 0) failed\n")
    assert "ZeroDivisionError: division by zero" in said
    assert "\x1b" not in said  # no terminal colours


def test_a_hanging_cell_is_named_when_its_time_is_up(tmp_path, refused):
    path = write(tmp_path / "slow.ipynb", "a = 1", "import time\ntime.sleep(90)", "b = 2",
                 stored=True)  # fmt: skip
    said = refused(path, cell_seconds=2)
    assert said == "slow.ipynb: code cell 2 of 3 (import time) took longer than 2 seconds"


@pytest.mark.slow
def test_an_error_that_a_tag_lets_pass_is_refused(tmp_path, refused):
    path = write(tmp_path / "tagged.ipynb", "a = 1", "int('x')", tags=["raises-exception"])
    said = refused(path)
    assert said.startswith("tagged.ipynb: code cell 2 of 2 (int('x')) failed\n")
    assert "ValueError: invalid literal" in said


@pytest.mark.slow
def test_an_error_that_is_only_shown_is_refused(tmp_path, refused):
    source = "try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()"
    said = refused(write(tmp_path / "shown.ipynb", "a = 1", source))
    assert said == (
        "shown.ipynb: code cell 2 of 2 (try:) raised ZeroDivisionError: division by zero"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import warnings\nwarnings.warn('3 rows dropped')", "UserWarning: 3 rows dropped"),
        ("import sys\nprint('lost', file=sys.stderr)", "wrote to standard error: lost"),
        ("import logging\nlogging.getLogger('a').warning('logged')", "standard error: logged"),
        ("import os\n_ = os.write(2, b'past Python')", "wrote to standard error: past Python"),
        ("import subprocess\n_ = subprocess.run(['ls', '/nowhere'])", "No such file or directory"),
        ("!ls /nowhere >/dev/null 2>&1", "CalledProcessError"),
        ("!false", "CalledProcessError: Command 'false' returned non-zero exit status 1"),
        ("found = !false", "CalledProcessError: Command 'false' returned non-zero exit status 1"),
        ("!false\n!true", "CalledProcessError"),
        ("%%bash\nfalse", "CalledProcessError"),
    ],
)
def test_a_warning_and_a_failed_command_are_refused(tmp_path, refused, source, told):
    said = refused(write(tmp_path / "loud.ipynb", "a = 1", source, "b = 2"))
    assert said.startswith("loud.ipynb: code cell 2 of 3 (")
    assert told in said


@pytest.mark.slow
def test_a_thread_that_fails_is_named_by_the_cell_that_began_it(tmp_path, refused):
    late = "import threading, time\nthreading.Thread(target=lambda: (time.sleep(1), 1 / 0)).start()"
    said = refused(write(tmp_path / "late.ipynb", "", "a = 1", late, "b = 2"))
    assert said.startswith("late.ipynb: code cell 3 of 4 (import threading, time) failed in a ")
    assert "ZeroDivisionError: division by zero" in said


def test_a_thread_that_fails_at_once_is_refused(tmp_path, refused):
    now = "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()"
    said = refused(write(tmp_path / "now.ipynb", "a = 1", now, "b = 2"))
    assert said.startswith("now.ipynb: code cell 2 of 3 (import threading) failed in a thread")
    assert "ZeroDivisionError: division by zero" in said


def test_a_cell_that_a_tag_leaves_out_is_refused(tmp_path, refused):
    path = write(tmp_path / "left.ipynb", "a = 1", "b = 2", tags=["skip-execution"])
    assert refused(path) == "left.ipynb: code cell 2 of 2 (b = 2) was not run: a tag leaves it out"


@pytest.mark.slow
def test_a_build_that_takes_too_long_is_stopped_at_the_cell_it_has_come_to(tmp_path, refused):
    path = write(tmp_path / "long.ipynb", "import time", *["time.sleep(1)"] * 20)
    said = refused(path, build_seconds=4)
    assert re.fullmatch(
        r"long\.ipynb: code cell \d+ of 21 \(time\.sleep\(1\)\) was at work when the 4 seconds of "
        r"the build were over",
        said,
    )


@pytest.mark.slow
def test_a_cell_that_puts_out_too_much_is_named(tmp_path, refused):
    path = write(tmp_path / "flood.ipynb", "a = 1", "while True:\n    print('x' * 1000)", "b = 2")
    assert refused(path, output_bytes=300_000) == (
        "flood.ipynb: code cell 2 of 3 (while True:) put out more than the 300,000 bytes that a "
        "notebook may"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
        ("import os; os.kill(0, 9)", "killed by SIGKILL"),
        ("exit()", "a cell called exit()"),
    ],
)
def test_a_kernel_that_dies_is_refused_with_how_it_died(tmp_path, refused, source, told):
    said = refused(write(tmp_path / "dead.ipynb", "a = 1", source, "b = 2", "c = 3"))
    assert re.match(r"dead\.ipynb: code cell 2 of 4 \(.*\) failed\nKernel died \(", said)
    assert said.endswith(f"({told})")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("exit()", "a cell called exit()"),
        ("import os, threading\nthreading.Timer(0.2, os._exit, [3]).start()", "exit code 3"),
    ],
)
def test_a_kernel_that_dies_after_the_last_cell_is_noticed(tmp_path, refused, source, told):
    said = refused(write(tmp_path / "last.ipynb", "a = 1", source))
    assert re.match(r"last\.ipynb: code cell 2 of 2 \(.*\) failed\nKernel died \(", said)
    assert said.endswith(f"({told})")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.slow
@pytest.mark.parametrize("how", ["kill(os.getppid(), signal.SIGSTOP)",
                                 "killpg(os.getpgid(os.getppid()), signal.SIGTERM)"])  # fmt: skip
def test_a_cell_may_not_stop_the_process_that_runs_it(tmp_path, refused, how):
    said = refused(write(tmp_path / "stop.ipynb", "import os, signal", f"os.{how}"))
    assert said.startswith("stop.ipynb: code cell 2 of 2 (os.kill")
    assert said.endswith("PermissionError: a notebook may not signal the process that runs it")


def test_a_cell_that_takes_all_memory_is_refused_with_its_error(tmp_path, refused):
    said = refused(write(tmp_path / "full.ipynb", "held = bytearray(1 << 60)"))
    assert said.startswith("full.ipynb: code cell 1 of 1 (held = bytearray(1 << 60)) failed\n")
    assert "MemoryError" in said


# --- files that are no notebooks, parameters ---------------------------------------------------


def test_a_notebook_that_is_a_link_is_not_followed(tmp_path):
    write(tmp_path / "real.ipynb", "a = 1")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    with pytest.raises(BuildError, match=r"^link\.ipynb: is a symbolic link; put the notebook it"):
        prepare([tmp_path / "link.ipynb"], {})


@pytest.mark.parametrize("content", [
    "{not json", "[]", '{"nbformat": 4}', '{"nbformat": 4, "cells": [1]}',
    '{"nbformat": 4, "cells": [{"source": "1"}]}', '{"nbformat": 3, "worksheets": []}',
    '{"nbformat": 4, "cells": [{"source": [1], "metadata": {}, "cell_type": "code"}]}',
    '{"nbformat": 4, "cells": [{"source": "1", "metadata": {}}]}',
    '{"nbformat": 4, "cells": [{"source": "1", "cell_type": "code", "metadata": {"tags": null}}]}',
    '{"nbformat": 4, "cells": [{"source": "\\ud800", "cell_type": "raw", "metadata": {}}]}',
])  # fmt: skip
def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path, content):
    (tmp_path / "odd.ipynb").write_text(content)
    with pytest.raises(BuildError, match=r"^odd\.ipynb: cannot be read as a notebook"):
        prepare([tmp_path / "odd.ipynb"], {})


def test_no_output_that_was_stored_outlives_its_code(tmp_path, run):
    stored = [new_output("stream", name="stdout", text="97 of 98")]
    made = [new_code_cell("", outputs=stored, execution_count=1), new_code_cell("2")]
    nbformat.write(new_notebook(cells=made), tmp_path / "emptied.ipynb")
    executed = run(tmp_path / "emptied.ipynb")
    assert [len(cell["outputs"]) for cell in executed["cells"]] == [0, 1]


def test_parameters_are_set_only_in_the_tagged_cell_and_only_where_it_assigns_them():
    source = 'STUDY = "../data"  # the folder\nMODEL = None\nOTHER = 1\nSTUDYING = 2'
    notebook = new_notebook(
        cells=[
            new_code_cell(source, metadata={"tags": ["parameters"]}),
            new_code_cell(source),
            new_markdown_cell(source),
        ]
    )
    set_parameters(notebook, {"STUDY": "/it's here", "MODEL": ("a", None), "ABSENT": 5})
    assert notebook.cells[0].source == (
        "STUDY = \"/it's here\"\nMODEL = ('a', None)\nOTHER = 1\nSTUDYING = 2"
    )
    assert notebook.cells[1].source == source
    assert notebook.cells[2].source == source


def test_parameters_reach_the_cells_below(tmp_path, run):
    path = tmp_path / "p.ipynb"
    made = [new_code_cell("MODEL = None", metadata={"tags": ["parameters"]}),
            new_code_cell("MODEL")]  # fmt: skip
    nbformat.write(new_notebook(cells=made), path)
    assert shown(run(path, {"MODEL": "plan"})) == ["", "'plan'"]


# --- one kernel for several notebooks ----------------------------------------------------------


def test_a_stream_is_one_output_however_it_was_flushed(tmp_path, run):
    source = "import sys, time\nfor n in range(4):\n    print(n, flush=True)\n    time.sleep(0.15)"
    executed = run(write(tmp_path / "slowly.ipynb", source, "print(4)\n'shown'"))
    assert executed["cells"][1]["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": "0\n1\n2\n3\n"}
    ]
    assert [output["output_type"] for output in executed["cells"][2]["outputs"]] == [
        "stream",
        "execute_result",
    ]


CHANGES = """
import decimal, locale, logging, os, random, sys, warnings
import matplotlib, numpy, pandas
from matplotlib import pyplot
mark, In, pandas.DataFrame.mark = 1, [], 1
del pandas.DataFrame.mark
os.environ["MARK"] = "x"
os.environ.pop("HOME", None)
sys.path.insert(0, "/nowhere")
pandas.set_option("display.max_rows", 2, "display.precision", 1)
numpy.set_printoptions(precision=1)
matplotlib.rcParams["figure.dpi"] = 20
pyplot.style.use("ggplot")
figure = pyplot.figure()
logging.disable(logging.CRITICAL)
logging.root.addHandler(logging.NullHandler())
warnings.simplefilter("ignore")
locale.setlocale(locale.LC_ALL, "C")
random.seed(1)
numpy.random.seed(1)
%config InlineBackend.figure_format = "svg"
%config InteractiveShell.ast_node_interactivity = "all"
get_ipython().display_formatter.formatters["text/html"].for_type(int, lambda n: "<b>int</b>")
os.chdir("/")
"""
TOLD = """
import locale, logging, os, random, sys, warnings
import matplotlib, numpy, pandas
from matplotlib import pyplot
here = dict(os.environ)
[here.pop(name, None) for name in ("OMP_NUM_THREADS", "IPYTHONDIR", "JPY_PARENT_PID")]
sorted(here.items())
"""
QUESTIONS = (
    "sorted(name for name in globals() if not name.startswith('_'))",
    "os.path.basename(os.getcwd()), [p for p in sys.path if 'site' not in p]",
    "pandas.Series([1.23456, 2, 3])",
    "numpy.array([1.23456]), pyplot.rcParams['figure.dpi'], pyplot.rcParams['axes.facecolor']",
    "pyplot.get_fignums(), logging.root.handlers, logging.root.isEnabledFor(logging.ERROR)",
    "locale.setlocale(locale.LC_ALL), warnings.filters[0][0], len(Out), In[1][:5], _ih[-1][:5]",
    "pyplot.plot([1, 2]);",
    "1\n2",
)


@pytest.mark.slow
def test_a_notebook_puts_out_what_it_would_in_a_kernel_of_its_own(tmp_path, run):
    run(write(tmp_path / "a.ipynb", CHANGES))
    path = write(tmp_path / "b.ipynb", TOLD, *QUESTIONS, "random.random(), numpy.random.rand()")
    kept, again = run(path), run(path)
    alone = nbclient.NotebookClient(
        nbformat.from_dict(prepare([path], {})[path]), timeout=120, kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}}, record_timing=False,
    ).execute()  # fmt: skip
    for one, other, third in zip(kept["cells"], alone["cells"], again["cells"], strict=True):
        if "random.random()" in one["source"]:
            drawn = [cell["outputs"][0]["data"]["text/plain"] for cell in (one, other, third)]
            assert len(set(drawn)) == 3
        else:
            assert one == other == third


def test_a_dataframe_with_two_dollars_is_never_a_formula(tmp_path, run):
    source = "import pandas, positions as ps\nps.words\npandas.DataFrame({'a': ['$5m and $6m']})"
    path = write(tmp_path / "dollars.ipynb", source)
    for _ in ("in a fresh state", "after another notebook"):
        (output,) = run(path)["cells"][1]["outputs"]
        assert 'class="dataframe tex2jax_ignore mathjax_ignore"' in output["data"]["text/html"]


@pytest.mark.slow
def test_a_kernel_in_which_a_thread_goes_on_is_not_used_again(tmp_path, run):
    source = ("import os, threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()\n"
              "os.getpid()")  # fmt: skip
    first, second = (shown(run(write(tmp_path / f"{n}.ipynb", source)))[0] for n in "ab")
    assert first != second


@pytest.mark.slow
def test_a_kernel_that_imported_a_module_beside_a_notebook_is_not_used_again(tmp_path, run):
    for folder, value in (("one", 1), ("two", 2)):
        (tmp_path / folder / "part").mkdir(parents=True)
        (tmp_path / folder / "part" / "beside.py").write_text(f"NUMBER = {value}")
    source = "import os\nfrom part import beside\nbeside.NUMBER, os.getpid()"
    first, second = (
        eval(shown(run(write(tmp_path / folder / "a.ipynb", source)))[0])
        for folder in ("one", "two")
    )
    assert (first[0], second[0]) == (1, 2)
    assert first[1] != second[1]


def test_a_pool_of_threads_that_nobody_closed_does_not_wear_a_kernel_out(tmp_path, run):
    source = ("import os\nfrom concurrent.futures import ThreadPoolExecutor\n"
              "pool = ThreadPoolExecutor(2)\npool.submit(int).result(), os.getpid()")  # fmt: skip
    first, second = (shown(run(write(tmp_path / f"{n}.ipynb", source)))[0] for n in "ab")
    assert first == second


# --- several kernels ---------------------------------------------------------------------------


def run_all(folder, paths, parameters, limits):
    """Run notebooks in several kernels; return them executed, by name and in order."""
    with kernels(folder / "kernels", len(paths), limits) as run:
        executed = dict(run(prepare(paths, parameters)))
    return {path.stem: executed[path] for path in paths}


def test_notebooks_come_back_executed_in_order_and_their_files_are_left_alone(tmp_path):
    stamps = "import time\nbegun = time.time()\ntime.sleep(0.5)\nbegun, time.time()"
    paths = [write(tmp_path / f"{name}.ipynb", stamps, "2 + 2", stored=True) for name in "cadb"]
    before = [path.read_bytes() for path in paths]
    executed = run_all(tmp_path, paths, {"STUDY": "there"}, Limits(workers=2))
    assert list(executed) == ["c", "a", "d", "b"]
    assert [path.read_bytes() for path in paths] == before
    found = [shown(notebook) for notebook in executed.values()]
    assert {four for _, four in found} == {"4"}
    spans = [eval(span) for span, _ in found]
    assert max(sum(a <= at < b for a, b in spans) for at, _ in spans) == 2  # at a time


@pytest.mark.slow
def test_one_refused_notebook_stops_the_build_of_all(tmp_path):
    paths = [write(tmp_path / "a.ipynb", "import time\ntime.sleep(300)"),
             write(tmp_path / "b.ipynb", "1 / 0")]  # fmt: skip
    with pytest.raises(BuildError, match=r"^b\.ipynb: code cell 1 of 1 \(1 / 0\) failed"):
        run_all(tmp_path, paths, {}, Limits(workers=2))


@pytest.mark.slow
def test_a_library_that_warns_as_it_is_loaded_is_refused(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("")
    (tmp_path / "matplotlib_inline.py").write_text("")
    (tmp_path / "sitecustomize.py").write_text(
        "import sys, types\nsys.modules['matplotlib.pyplot'] = None"
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with pytest.raises(BuildError, match=r"^the libraries of the notebooks: "):
        run_all(tmp_path, [write(tmp_path / "a.ipynb", "1")], {}, Limits())


BUILD = """
import pathlib, sys
from positions.site.notebook_files import prepare
from positions.site.notebooks import interrupted_later, kernels
folder, *names = map(pathlib.Path, sys.argv[1:])
with kernels(folder / "kernels", len(names)) as run:
    list(run(prepare(names, {})))
"""


def alive(pid):
    """Whether a process still does anything."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_builder_that_is_stopped_leaves_no_kernel_behind(tmp_path, by):
    told = ("import os, pathlib, time\n_ = pathlib.Path('{n}').write_text(str(os.getpid()))\n"
            "time.sleep(300)")  # fmt: skip
    paths = [write(tmp_path / f"{n}.ipynb", told.format(n=n)) for n in "ab"]
    until = time.monotonic() + 60
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, tmp_path, *paths], stderr=subprocess.DEVNULL
    ) as one:
        while not all((tmp_path / n).exists() for n in "ab"):
            assert time.monotonic() < until
            time.sleep(0.05)
        kernels = [(tmp_path / n).read_text() for n in "ab"]
        one.send_signal(by)
        assert one.wait() != 0
    while any(map(alive, kernels)):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_ctrl_c_during_an_import_is_heard_once_all_of_it_is_there(tmp_path, monkeypatch):
    (tmp_path / "interrupted_import.py").write_text(
        "import signal\nsignal.raise_signal(signal.SIGINT)\nwhole = True\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interrupted_later():
        import interrupted_import
    assert interrupted_import.whole
    assert signal.getsignal(signal.SIGINT) is before


def test_in_a_thread_which_hears_no_ctrl_c_an_import_is_let_be():
    def importing():
        with interrupted_later():
            return signal.getsignal(signal.SIGINT)

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(importing).result() is signal.getsignal(signal.SIGINT)
