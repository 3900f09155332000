"""The committed notebooks were run as they stand, and hide nothing."""

import ast
import pathlib
import re

import nbformat
import pytest

import positions as ps

FOLDER = pathlib.Path(__file__).parent.parent / "notebooks"
WORKBENCH = FOLDER / "0-workbench.ipynb"
NOTEBOOKS = sorted(path for path in FOLDER.glob("*.ipynb") if path != WORKBENCH)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def kinds(cell):
    return {kind for output in cell.outputs for kind in output.get("data", {})}


def test_there_are_notebooks_and_no_links_among_them():
    assert NOTEBOOKS
    assert not any(path.is_symlink() for path in NOTEBOOKS)


def test_it_begins_with_a_question_and_answers_it_before_the_next_heading(notebook):
    first, *others = notebook.cells
    assert first.cell_type == "markdown"
    assert re.match(r"# .*\?$", first.source.splitlines()[0])
    for cell in others:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            break
        if cell.cell_type == "code" and "text/html" in kinds(cell):
            return
    pytest.fail("no computed answer below the title")


def test_its_cells_ran_once_each_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(
        range(1, len(code(notebook)) + 1)
    )
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.get("execution_count", cell.execution_count) == cell.execution_count


def test_each_cell_that_shows_something_has_its_output_and_no_other_cell_has(notebook):
    for cell in code(notebook):
        last = ast.parse(cell.source).body[-1]
        shows = isinstance(last, ast.Expr) or "display(" in cell.source
        assert bool(cell.outputs) == shows, cell.source


def test_it_holds_no_error_no_warning_and_no_print(notebook):
    for cell in code(notebook):
        kinds_of = {output.output_type for output in cell.outputs}
        assert kinds_of <= {"execute_result", "display_data"}
        if "display_data" in kinds_of:
            assert "display(" in cell.source


def test_its_first_code_cell_alone_holds_the_parameters(notebook):
    tagged = ["parameters" in cell.metadata.get("tags", []) for cell in code(notebook)]
    assert tagged == [True] + [False] * (len(tagged) - 1)
    assert not any("raises-exception" in c.metadata.get("tags", []) for c in code(notebook))
    names = [line.partition(" = ")[0] for line in code(notebook)[0].source.splitlines()]
    assert names[:4] == ["STUDY", "MODEL", "AS_OF", "EVIDENCE"]
    assert code(notebook)[0].source.startswith('STUDY = "../data"')


PREAMBLE = """\
import positions as ps

study = ps.read(STUDY, allow_unresolved=ALLOW_UNRESOLVED)
a = ps.analyse(study, model=MODEL, as_of=AS_OF, evidence=EVIDENCE, independent=INDEPENDENT)"""


def test_it_begins_as_every_notebook_does_and_imports_nothing_behind_the_public_names(notebook):
    first = code(notebook)[1].source
    assert first.endswith(PREAMBLE)
    everything = "\n".join(cell.source for cell in code(notebook))
    imported = [line for line in everything.splitlines() if re.match(r"\s*(from|import) ", line)]
    assert [line for line in imported if "positions" in line] == ["import positions as ps"]
    asked = set(re.findall(r"\bps\.(\w+)", everything))
    assert asked <= set(ps.__all__)


def test_each_of_its_names_is_bound_in_one_cell(notebook):
    bound = []
    for cell in code(notebook):
        assigned = [node for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
        targets = [target for node in assigned for target in node.targets]
        parts = [part for target in targets for part in ast.walk(target)]
        bound += {
            part.id
            for part in parts
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
    assert sorted(bound) == sorted(set(bound))


def test_its_code_calls_no_shell(notebook):
    for cell in code(notebook):
        for line in cell.source.splitlines():
            assert not re.match(r"\s*([!%]|from .* import \*)", line), line
            assert not line.rstrip().endswith(";")


def test_every_picture_has_alternative_text_and_a_plain_twin(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            if "image/png" not in output.data:
                continue
            assert output.metadata["image/png"]["alt"].strip()
            assert output.data["text/plain"] == output.metadata["image/png"]["alt"]


def test_every_other_output_has_a_plain_twin(notebook):
    for cell in code(notebook):
        for output in cell.outputs:
            assert output.data["text/plain"].strip()


def test_every_picture_is_followed_by_its_table_before_the_next_heading(notebook):
    waiting = None
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and re.search(r"^#", cell.source, re.M):
            assert waiting is None, waiting
        elif cell.cell_type == "code":
            if any("<table" in o.get("data", {}).get("text/html", "") for o in cell.outputs):
                waiting = None
            if "image/png" in kinds(cell):
                waiting = cell.source
    assert waiting is None


def test_no_prose_holds_a_percentage_that_was_typed_but_none_and_all(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            typed = re.findall(r"\d+(?=\s*(?:%|per cent|percent))", cell.source)
            assert set(typed) <= {"0", "100"}, cell.source


def test_it_carries_no_trace_of_where_and_when_it_was_run(notebook):
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert not any("execution" in cell.metadata for cell in notebook.cells)
    assert "ipykernel" not in str(notebook.cells)
    assert not re.search(r"/(home|root|tmp|Users)/", str(notebook.cells))


def test_the_workbench_was_run_with_nobody_at_it_and_holds_no_widget():
    notebook = nbformat.read(WORKBENCH, as_version=4)
    parameters, preamble, last = code(notebook)
    assert parameters.source == 'STUDY = "../data"\nTEXTS = None\nCODER = ""\nOWN = None'
    assert preamble.source == (
        "import positions as ps\n\nstudy = ps.read(STUDY, allow_unresolved=True)"
    )
    assert last.source == "ps.workbench(study, texts=TEXTS, coder=CODER, folder=OWN)"
    assert [kinds(cell) for cell in code(notebook)] == [
        set(), set(), {"text/plain", "text/html"},
    ]  # fmt: skip
    assert last.outputs[0].data["text/plain"].startswith("Nobody sits at the workbench yet.")
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
