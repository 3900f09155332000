"""The report of the made-up study, as a builder for tests that let it fail or kill it."""

import dataclasses
import functools
import pathlib

import nbformat
import village
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from positions.site import build as site
from positions.study import load

QUICK = [
    new_markdown_cell("# What was asked?"),
    new_code_cell("STUDY = ''\nMODEL = None\nAS_OF = None\nEVIDENCE = ()",
                  metadata={"tags": ["parameters"]}),
    new_code_cell("print(MODEL, AS_OF, *EVIDENCE)"),
]  # fmt: skip
"""The cells of a notebook that takes its parameters and little time."""


def notebooks(folder, cells=QUICK, name="1-quick"):
    """Write one notebook into a folder, which is made; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


@functools.cache
def _inputs(folder):
    return load.read(village.write(folder / "study")), notebooks(folder / "notebooks")


def build(out, text):
    """Build the site in OUT with TEXT on its index; what it is made of lies two folders up."""
    out = pathlib.Path(out)
    loaded, quick = _inputs(out.parent.parent / "inputs")
    loaded = dataclasses.replace(loaded, description=text)
    site.build(loaded, out, notebooks=quick)
