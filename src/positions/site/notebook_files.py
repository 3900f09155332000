"""Notebooks as their files hold them: read as if never run, with parameters set."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

Notebook = dict[str, Any]
"""A notebook as its file holds it, each text in one piece."""

PARAMETERS = "parameters"
"""The tag of the one cell in which an analyst, or the report, sets the parameters."""


class BuildError(Exception):
    """The report cannot be built; the message names the notebook, the cell and the cause."""


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the code cells of a notebook, in order."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def prepare(
    notebooks: Sequence[pathlib.Path], parameters: Mapping[str, object]
) -> dict[pathlib.Path, Notebook]:
    """Read notebooks as if they had never been run, with parameters set.

    Raises
    ------
    BuildError
        When a file is a link, or no notebook of the present format.
    """
    prepared = {}
    for path in notebooks:
        if path.is_symlink():
            raise BuildError(f"{path.name}: is a symbolic link; put the notebook itself there")
        prepared[path] = _fresh(path)
        set_parameters(prepared[path], parameters)
    return prepared


def _fresh(path: pathlib.Path) -> Notebook:
    """Read a notebook; no output that was stored is trusted."""
    try:
        notebook = json.loads(path.read_bytes())
        version = notebook["nbformat"]
        for cell in notebook["cells"] if version == 4 else []:
            cell["source"] = "".join(cell["source"])
            cell["source"].encode("utf-8")  # half a character is none
            cell["metadata"]["tags"] = list(cell["metadata"].get("tags", []))
            if cell["cell_type"] == "code":
                cell |= {"outputs": [], "execution_count": None}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"{type(error).__name__}: {error}"
        raise BuildError(f"{path.name}: cannot be read as a notebook: {what}") from None
    if version != 4:
        raise BuildError(
            f"{path.name}: cannot be read as a notebook: its format is {version!r}, not 4; open it "
            "in JupyterLab and save it"
        )
    return dict(notebook)


def set_parameters(notebook: Notebook, parameters: Mapping[str, object]) -> None:
    """Write values into the cell tagged `parameters`, over the ones assigned there."""
    for cell in notebook["cells"]:
        if PARAMETERS not in cell["metadata"].get("tags", []):
            continue
        lines = []
        for line in cell["source"].splitlines():
            name = line.partition(" = ")[0]
            lines.append(f"{name} = {parameters[name]!r}" if name in parameters else line)
        cell["source"] = "\n".join(lines)


def shipped() -> pathlib.Path:
    """Return the notebooks of the working folder, else those that ship with the package.

    A checkout's stand at its root: the package has its own copy only once it is installed.
    """
    package = pathlib.Path(__file__).parents[1]
    found = [pathlib.Path("notebooks"), package / "notebooks", package.parents[1] / "notebooks"]
    return next((folder for folder in found if folder.is_dir()), found[0])
