"""The report of the made-up study, as a builder for tests that let it fail or kill it."""

import dataclasses
import functools
import pathlib

import nbformat
import village
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from positions.site import build as site
from positions.study import load


@functools.cache
def _inputs(folder):
    cells = [new_markdown_cell("# Sums"), new_code_cell("print(1 + 1)")]
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), folder / "notebooks" / "1-sums.ipynb")
    return load.read(village.write(folder / "study")), folder / "notebooks"


def build(out, text):
    """Build the site in OUT with TEXT on its index; what it is made of lies two folders up."""
    out = pathlib.Path(out)
    loaded, notebooks = _inputs(out.parent.parent / "inputs")
    loaded = dataclasses.replace(loaded, description=text)
    site.build(loaded, out, notebooks=notebooks)
