"""Strip from executed notebooks what differs from run to run: timings, kernel versions."""

import pathlib
import sys

import nbformat

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def tidy(path: pathlib.Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        tidy(pathlib.Path(name))
