"""A notebook that fails, hangs or hides something is refused by notebook, cell and cause."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from positions.execute import BuildError, Limits, run, run_all, set_parameters


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


@pytest.mark.parametrize("content", ["{not json", "[]", '{"nbformat": 4}'])
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
    shown = [cell.outputs[0].data["text/plain"] for cell in executed["b"].cells[1:]]
    assert shown == ["'here'", "4"]  # no cell is tagged, so none was changed
    assert [path.read_bytes() for path in paths] == before
    assert sorted(told) == ["a: 1 cells", "b: 2 cells"]


def test_no_output_that_was_stored_outlives_its_code(tmp_path):
    stored = [new_output("stream", name="stdout", text="97 of 98")]
    cells = [new_code_cell("", outputs=stored, execution_count=1), new_code_cell("2")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "emptied.ipynb")
    executed = run(tmp_path / "emptied.ipynb", {})
    assert [len(cell.outputs) for cell in executed.cells] == [0, 1]


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
    assert executed.cells[1].outputs[0].data["text/plain"] == "'plan'"
