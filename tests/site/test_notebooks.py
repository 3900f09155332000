"""A notebook that fails, hangs or hides something is refused by notebook, cell and cause."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import awkward
import nbclient
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from positions.site import notebooks
from positions.site.notebooks import BuildError, Limits, run, run_all, set_parameters


def write(path, *sources, stored=False, tags=()):
    """A notebook of code cells; `stored` as if it had been run, `tags` on the last cell."""
    cells = [new_markdown_cell("# Title")]
    for number, source in enumerate(sources, 1):
        cells.append(new_code_cell(source, execution_count=number if stored else None))
    cells[-1].metadata["tags"] = list(tags)
    nbformat.write(new_notebook(cells=cells), path)
    return path


def refused(path, **limits):
    """Why a notebook is refused."""
    with pytest.raises(BuildError) as caught:
        run(path, {}, Limits(**({"cell_seconds": 60} | limits)))
    return str(caught.value)


def test_a_failing_cell_is_named_with_its_notebook_and_its_traceback(tmp_path):
    path = write(tmp_path / "1-sums.ipynb", "a = 1", "b = a / 0\nb", "c = 3", stored=True)
    said = refused(path)
    assert said.startswith("1-sums.ipynb: code cell 2 of 3 (b = a / 0) failed\n")
    assert "ZeroDivisionError: division by zero" in said
    assert "\x1b" not in said  # no terminal colours


def test_a_hanging_cell_is_named_when_its_time_is_up(tmp_path):
    path = write(tmp_path / "slow.ipynb", "a = 1", "import time\ntime.sleep(90)", "b = 2",
                 stored=True)  # fmt: skip
    said = refused(path, cell_seconds=2)
    assert said == "slow.ipynb: code cell 2 of 3 (import time) took longer than 2 seconds"


def test_a_cell_that_kills_its_kernel_is_named(tmp_path):
    path = write(tmp_path / "dead.ipynb", "a = 1", "import os; os._exit(1)", "b = 2", stored=True)
    said = refused(path)
    assert said.startswith("dead.ipynb: code cell 2 of 3 (import os; os._exit(1)) failed\n")
    assert "died" in said


def test_an_error_that_a_tag_lets_pass_is_refused(tmp_path):
    path = write(tmp_path / "tagged.ipynb", "a = 1", "int('x')", tags=["raises-exception"])
    said = refused(path)
    assert said.startswith("tagged.ipynb: code cell 2 of 2 raised ValueError: invalid literal")


def test_a_warning_is_refused(tmp_path):
    path = write(tmp_path / "warned.ipynb", "import warnings", "warnings.warn('3 rows dropped')")
    said = refused(path)
    assert said.startswith("warned.ipynb: code cell 2 of 2 wrote to standard error: ")
    assert "UserWarning: 3 rows dropped" in said


def test_a_failing_shell_line_is_refused_for_what_it_wrote(tmp_path):
    said = refused(write(tmp_path / "shell.ipynb", "import sys; print('lost', file=sys.stderr)"))
    assert said == "shell.ipynb: code cell 1 of 1 wrote to standard error: lost"


def test_a_notebook_that_is_a_link_is_not_followed(tmp_path):
    write(tmp_path / "real.ipynb", "a = 1")
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    assert refused(tmp_path / "link.ipynb") == (
        "link.ipynb: is a symbolic link; put the notebook itself there"
    )


@pytest.mark.parametrize("content", [
    "{not json", "[]", '{"nbformat": 4}', '{"nbformat": 4, "cells": [1]}',
    '{"nbformat": 4, "cells": [{"source": "1"}]}', '{"nbformat": 3, "worksheets": []}',
    '{"nbformat": 4, "cells": [{"source": [1], "metadata": {}, "cell_type": "code"}]}',
    '{"nbformat": 4, "cells": [{"source": "1", "metadata": {}}]}',
    '{"nbformat": 4, "cells": [{"source": "1", "cell_type": "code", "metadata": {"tags": null}}]}',
])  # fmt: skip
def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path, content):
    (tmp_path / "odd.ipynb").write_text(content)
    assert refused(tmp_path / "odd.ipynb").startswith("odd.ipynb: cannot be read as a notebook")


def test_one_refused_notebook_stops_the_build_of_all(tmp_path):
    paths = [write(tmp_path / "a.ipynb", "1 + 1"), write(tmp_path / "b.ipynb", "1 / 0")]
    with pytest.raises(BuildError, match=r"^b\.ipynb: code cell 1 of 1 \(1 / 0\) failed"):
        run_all(paths, {})


def test_notebooks_come_back_executed_in_order_and_their_files_are_left_alone(tmp_path):
    paths = [
        write(tmp_path / "b.ipynb", "STUDY = 'here'\nSTUDY", "2 + 2", tags=[]),
        write(tmp_path / "a.ipynb", "'stored'", stored=True),
    ]
    before = [path.read_bytes() for path in paths]
    told = []
    executed = run_all(paths, {"STUDY": "there"}, progress=told.append)
    assert list(executed) == ["b", "a"]
    shown = [cell["outputs"][0]["data"]["text/plain"] for cell in executed["b"]["cells"][1:]]
    assert shown == ["'here'", "4"]  # no cell is tagged, so none was changed
    assert [path.read_bytes() for path in paths] == before
    assert sorted(told) == ["a: 1 cells", "b: 2 cells"]


def test_no_output_that_was_stored_outlives_its_code(tmp_path):
    stored = [new_output("stream", name="stdout", text="97 of 98")]
    cells = [new_code_cell("", outputs=stored, execution_count=1), new_code_cell("2")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "emptied.ipynb")
    executed = run(tmp_path / "emptied.ipynb", {})
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


def test_parameters_reach_the_cells_below(tmp_path):
    path = tmp_path / "p.ipynb"
    cells = [new_code_cell("MODEL = None", metadata={"tags": ["parameters"]}),
             new_code_cell("MODEL")]  # fmt: skip
    nbformat.write(new_notebook(cells=cells), path)
    executed = run(path, {"MODEL": "plan"})
    assert executed["cells"][1]["outputs"][0]["data"]["text/plain"] == "'plan'"


# --- the same outputs as a plain kernel's ------------------------------------------------------


def plainly(path):
    """A notebook executed by nbclient in a plain kernel."""
    (notebook,) = notebooks.prepare([path], {}).values()
    return nbclient.NotebookClient(
        nbformat.from_dict(notebook),
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],
    ).execute()


def ours(path):
    """A notebook executed by us, though it holds errors and warnings."""
    prepared = notebooks.prepare([path], {})
    with notebooks.runner([path]) as process:
        notebooks._have_run(process, prepared, Limits())
        ((_, notebook),) = notebooks._executed(process, prepared, Limits())
    return notebook


def comparable(cell):
    """A cell as text, without what no two kernels share: process numbers, ids of widgets.

    Nor do they share where a stream is cut into pieces: a timer does that.
    """
    part, outputs = dict(cell), []
    for output in cell.get("outputs", []):
        name = output.get("name")
        if outputs and name and outputs[-1].get("name") == name:
            outputs[-1]["text"] += output["text"]
        else:
            outputs.append(dict(output))
    part |= {"outputs": outputs}
    text = re.sub(r"ipykernel_\d+", "ipykernel_N", json.dumps(part, indent=1, sort_keys=True))
    ids = dict.fromkeys(re.findall(r"\b[0-9a-f]{32}\b", text))
    for number, found in enumerate(ids):
        text = text.replace(found, f"id-{number}")
    return text


@pytest.mark.parametrize("name", awkward.SETS)
def test_every_cell_has_the_outputs_that_a_plain_kernel_gives_it(tmp_path, monkeypatch, name):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # under which kernels leave descriptors alone
    path = awkward.write(tmp_path, name)
    wanted, found = plainly(path), ours(path)
    for here, there in zip(found["cells"], wanted.cells, strict=True):
        assert comparable(here) == comparable(there), there.source
    assert sorted(found["metadata"]) == sorted(wanted.metadata)
    assert found["metadata"]["language_info"] == wanted.metadata["language_info"]
    widgets = [json.dumps(n["metadata"].get("widgets", {})) for n in (found, wanted)]
    assert sorted(re.findall(r'"_model_name": "\w+"', widgets[0])) == sorted(
        re.findall(r'"_model_name": "\w+"', widgets[1])
    )


def test_a_stream_is_one_output_however_it_was_flushed(tmp_path):
    source = "import sys, time\nfor n in range(4):\n    print(n, flush=True)\n    time.sleep(0.15)"
    executed = run(write(tmp_path / "slowly.ipynb", source, "print(4)\n'shown'"), {})
    assert executed["cells"][1]["outputs"] == [
        {"output_type": "stream", "name": "stdout", "text": "0\n1\n2\n3\n"}
    ]
    assert [output["output_type"] for output in executed["cells"][2]["outputs"]] == [
        "stream",
        "execute_result",
    ]


# --- limits, and what a notebook may not do to others -------------------------------------------


def test_a_cell_that_a_tag_leaves_out_is_refused(tmp_path):
    path = write(tmp_path / "left.ipynb", "a = 1", "b = 2", tags=["skip-execution"])
    assert refused(path) == "left.ipynb: code cell 2 of 2 was not run: a tag leaves it out"


def test_a_build_that_takes_too_long_is_stopped_at_the_cell_it_has_come_to(tmp_path):
    path = write(tmp_path / "long.ipynb", "import time", *["time.sleep(1)"] * 20)
    said = refused(path, build_seconds=4)
    assert re.fullmatch(
        r"long\.ipynb: code cell \d+ of 21 \(time\.sleep\(1\)\) was at work when the 4 seconds of "
        r"the build were over",
        said,
    )


def test_a_cell_that_puts_out_too_much_is_named(tmp_path):
    path = write(tmp_path / "flood.ipynb", "a = 1", "while True:\n    print('x' * 1000)", "b = 2")
    assert refused(path, output_bytes=3_000_000) == (
        "flood.ipynb: code cell 2 of 3 (while True:) put out more than the 3,000,000 bytes that a "
        "notebook may"
    )


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed by SIGKILL"),
        ("import ctypes; ctypes.string_at(0)", "killed by SIGSEGV"),
        ("import os; os.abort()", "killed by SIGABRT"),
        ("import os; os.kill(0, 9)", "killed by SIGKILL"),
        ("exit()\n", "a cell called exit()"),
    ],
)
def test_a_kernel_that_dies_is_refused_with_how_it_died(tmp_path, source, told):
    path = write(tmp_path / "dead.ipynb", "a = 1", source, "b = 2", "c = 3")
    said = refused(path)
    assert re.match(r"dead\.ipynb: code cell 2 of 4 \(.*\) failed\nKernel died", said)
    assert said.endswith(f"({told})")


def test_a_cell_that_takes_all_memory_is_refused_with_its_error(tmp_path):
    path = write(
        tmp_path / "full.ipynb",
        "import resource\nresource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))",
        "held = bytearray(8 << 30)",
    )
    said = refused(path)
    assert said.startswith("full.ipynb: code cell 2 of 2 (held = bytearray(8 << 30)) failed\n")
    assert "MemoryError" in said


def test_notebooks_share_no_names_no_folder_no_random_numbers_and_no_process(tmp_path):
    told = ("import os\nos.getpid(), os.getpgid(0), os.getcwd(), 'mark' in globals(), "
            "os.environ.get('MARK'), 'json5' in globals()")  # fmt: skip
    paths = []
    for name in "abc":
        (tmp_path / name).mkdir()
        paths.append(write(tmp_path / name / f"{name}.ipynb", told,
                           "import numpy, random\nfloat(numpy.random.rand()), random.random()",
                           "mark = 1\nos.environ['MARK'] = 'x'\nos.chdir('/')"))  # fmt: skip
    executed = run_all(paths, {})
    seen = [
        [cell["outputs"][0]["data"]["text/plain"] for cell in executed[name]["cells"][1:3]]
        for name in "abc"
    ]
    who, numbers = zip(*seen, strict=True)
    numbers = [number for pair in numbers for number in pair.strip("()").split(", ")]
    assert len(set(numbers)) == 6
    for name, line in zip("abc", who, strict=True):
        pid, group, folder, *others = eval(line)
        assert (pid, folder, others) == (group, str(tmp_path / name), [False, None, False])
    assert len({eval(line)[0] for line in who}) == 3


def test_more_notebooks_than_may_run_at_a_time_wait_their_turn(tmp_path):
    stamps = "import time\nbegun = time.time()\ntime.sleep(0.5)\nbegun, time.time()"
    paths = [write(tmp_path / f"{n}.ipynb", stamps) for n in range(4)]
    executed = run_all(paths, {}, Limits(workers=2))
    spans = sorted(
        eval(executed[str(n)]["cells"][1]["outputs"][0]["data"]["text/plain"]) for n in range(4)
    )
    assert max(sum(a <= at < b for a, b in spans) for at, _ in spans) == 2


LINGERS = "import subprocess\nlast = subprocess.Popen(['sleep', '{n}'], start_new_session={apart})"


def sleepers(*numbers):
    """Which of the processes `sleep N` there are."""
    alive = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            alive |= {n for n in numbers if words[:2] == [b"sleep", str(n).encode()]}
    return alive


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_process_that_a_notebook_began_outlives_the_build(tmp_path):
    a, b = 700_000 + os.getpid() % 10_000, 800_000 + os.getpid() % 10_000
    paths = [write(tmp_path / "a.ipynb", LINGERS.format(n=a, apart=False)),
             write(tmp_path / "b.ipynb", LINGERS.format(n=b, apart=True))]  # fmt: skip
    run_all(paths, {})
    assert sleepers(a, b) == set()


BUILD = """
import pathlib, sys
from positions.site.notebooks import run_all
run_all([pathlib.Path(name) for name in sys.argv[1:]], {})
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_builder_that_is_stopped_leaves_no_process_behind(tmp_path, by):
    a, b = 710_000 + os.getpid() % 10_000, 810_000 + os.getpid() % 10_000
    wait = "\nlast.wait()"
    paths = [write(tmp_path / "a.ipynb", LINGERS.format(n=a, apart=False) + wait),
             write(tmp_path / "b.ipynb", LINGERS.format(n=b, apart=True) + wait)]  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", BUILD, *paths], stderr=subprocess.DEVNULL) as one:
        wanted = {a, b}
        until = time.monotonic() + 60
        while sleepers(a, b) != wanted and time.monotonic() < until:
            time.sleep(0.05)
        assert sleepers(a, b) == wanted
        one.send_signal(by)
        assert one.wait() != 0
    while sleepers(a, b) and time.monotonic() < until:
        time.sleep(0.05)
    assert sleepers(a, b) == set()


def test_a_library_that_warns_as_it_is_loaded_is_refused(tmp_path, monkeypatch):
    (tmp_path / "krippendorff.py").write_text("import warnings\nwarnings.warn('made up')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    said = refused(write(tmp_path / "warned.ipynb", "import krippendorff"))
    assert said.startswith("the libraries of the notebooks: wrote to standard error as they were")
    assert "UserWarning: made up" in said


def test_an_address_format_is_checked_as_ever_though_its_module_is_put_off():
    asked = """
import sys
from positions.site import late
import nbformat, jsonschema
assert "lark" not in sys.modules
check = jsonschema.Draft202012Validator(
    {"format": "iri"}, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
print([check.is_valid(text) for text in ("https://a.example/ä", "no iri", "a:b", "%")])
import rfc3987_syntax
print("lark" in sys.modules, rfc3987_syntax.__file__ is not None)
"""
    plain = asked.replace(
        "from positions.site import late", "sys.modules.pop('lark', None)"
    ).replace('assert "lark" not in sys.modules', "")
    said = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        for code in (asked, plain)
    ]
    assert said[0] == said[1]
    assert said[0].splitlines()[1] == "True True"
