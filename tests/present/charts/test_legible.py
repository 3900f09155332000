"""Every figure of the notebooks can be read, on a page and on a telephone.

On the shipped study and on a made-up one of sixty bodies with long names: no word is cut off and
none lies on another, by what the renderer says of their extents.
"""

import ast
import contextlib
import csv
import os
import pathlib
import random

import any_study
import nbformat
import pytest
from legible import assert_legible

from positions.present.display import Chart

ROOT = pathlib.Path(__file__).parents[3]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("[1-9]*.ipynb"))
NAME = "The National Association of Bridge Keepers, Millers and Market Traders no. {}"
LABEL = "Bridges stay free for carts, no. {}"


def charts(notebook, study):
    """Every chart that a notebook shows of a study, by running its code here."""
    shown, names = [], {}
    cells = nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells
    with contextlib.chdir(ROOT / "notebooks"), pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda *what: shown.extend(what))
        for cell in cells:
            if cell.cell_type != "code":
                continue
            source = cell.source.replace('STUDY = "../data"', f"STUDY = {os.fspath(study)!r}")
            *body, last = ast.parse(source).body
            if not isinstance(last, ast.Expr):
                exec(compile(source, notebook, "exec"), names)
                continue
            exec(compile(ast.Module(body, []), notebook, "exec"), names)
            shown.append(eval(compile(ast.Expression(last.value), notebook, "eval"), names))
    return [chart for chart in shown if isinstance(chart, Chart)]


@pytest.fixture(scope="module")
def sixty(tmp_path_factory):
    """Sixty bodies with long names that speak to most of twelve points, a third of them claims."""
    draw = random.Random(1)
    stances = {
        f"b{at:02d}": [draw.choice((-2, -1, 0, 1, 2, 2, None)) for _ in range(12)]
        for at in range(60)
    }
    folder = any_study.write(
        tmp_path_factory.mktemp("sixty"), stances, [2, -2, 1, 2] * 3,
        proposers=("b59",), featured=("b00", "b01", "b02", "b03"),
    )  # fmt: skip
    rename(folder / "bodies.csv", "name", NAME)
    rename(folder / "propositions.csv", "label", LABEL)
    rename(folder / "propositions.csv", "kind", "claim", rows=range(8, 12))
    return folder


def rename(path, column, words, rows=None):
    """Write words, with the row's number, into a column of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    for at, line in enumerate(lines):
        if rows is None or at in rows:
            line[head.index(column)] = words.format(at)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *lines])


def assert_all_legible(found):
    for chart in found:
        assert_legible(chart)
        if chart.narrow:
            assert_legible(chart.narrow)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("notebook", "drawn", "twice"),
    [*zip(NOTEBOOKS, (4, 8, 5, 4, 1, 1, 0), (0, 8, 3, 2, 1, 1, 0), strict=True)],
)
def test_every_figure_of_the_shipped_study_can_be_read(notebook, drawn, twice):
    found = charts(notebook, ROOT / "data")
    assert (len(found), sum(chart.narrow is not None for chart in found)) == (drawn, twice)
    assert_all_legible(found)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_every_figure_of_sixty_bodies_with_long_names_can_be_read(notebook, sixty):
    found = charts(notebook, sixty)
    assert found or notebook == "7-responses"
    assert_all_legible(found)
