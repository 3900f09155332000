"""Strip from executed notebooks what differs from run to run and from laptop to laptop.

JupyterLab does it as it saves (`jupyter_lab_config.py` beside this file), `make notebooks` after
it has run them: so running a notebook and saving it changes nothing that git would see, unless an
output changed.
"""

import pathlib
import sys
from typing import Any

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
PASSING = ("collapsed", "execution", "jupyter", "scrolled", "trusted")
"""What JupyterLab notes of a cell: how it is shown, when it ran."""


def tidy(notebook: dict[str, Any]) -> None:
    """Change a notebook, as its file holds it: the same metadata everywhere, no times."""
    notebook["metadata"] = METADATA
    for cell in notebook["cells"]:
        for name in PASSING:
            cell["metadata"].pop(name, None)


if __name__ == "__main__":
    import nbformat

    for path in map(pathlib.Path, sys.argv[1:]):
        read = nbformat.read(path, as_version=4)
        tidy(read)
        nbformat.write(read, path)
