"""Run notebooks on a study: each in its own process, within limits, nothing hidden."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from positions.site import warm

Notebook = dict[str, Any]
"""A notebook as its file holds it, each text in one piece."""

PARAMETERS = "parameters"
"""The tag of the one cell in which an analyst, or the report, sets the parameters."""


class BuildError(Exception):
    """The report cannot be built; the message names the notebook, the cell and the cause."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a build may take.

    `cell_seconds`: the time of a cell. `build_seconds`: the time of all notebooks together.
    `output_bytes`: how much a notebook may put out. `workers`: how many run at a time; by default
    one a processor, and at least two.
    """

    cell_seconds: float = 120
    build_seconds: float = 1800
    output_bytes: int = 50_000_000
    workers: int = dataclasses.field(default_factory=lambda: max(2, os.cpu_count() or 2))


@contextlib.contextmanager
def runner(notebooks: Sequence[pathlib.Path]) -> Iterator[subprocess.Popen[str]]:
    """The process that will run notebooks; it loads their libraries as it waits for the order.

    Begun early, it loads while the study is read. It ends with the block, and all that it began
    ends with it: also when this process is killed.
    """
    process = subprocess.Popen(
        [*warm.PYTHON, "-m", "positions.site.runner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C comes to this process alone, which then ends the other
    )
    try:
        _order(process, [str(path.absolute()) for path in notebooks])
        yield process
    finally:
        with contextlib.suppress(OSError):  # it has died
            process.stdin.close()  # type: ignore[union-attr]
        process.stdout.close()  # type: ignore[union-attr]
        process.wait()


def _order(process: subprocess.Popen[str], what: object) -> None:
    """Write one order; that the process has died is found out where its answers are read."""
    with contextlib.suppress(OSError):
        process.stdin.write(json.dumps(what) + "\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]


def run_all(
    notebooks: Sequence[pathlib.Path],
    parameters: Mapping[str, object],
    limits: Limits = Limits(),
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Notebook]:
    """Execute notebooks side by side.

    Parameters
    ----------
    notebooks
        Their paths. Each runs in its own kernel, in its own folder.
    parameters
        Values for the names assigned in the cell tagged `parameters`; a name that the cell
        does not assign is left out.
    limits
        What they may take.
    progress
        Is told a line when a notebook is done.

    Returns
    -------
    The executed notebooks by file stem, in the order given. Nothing is written.

    Raises
    ------
    BuildError
        At the first cell that fails, hangs, is not run, puts out too much, or writes to standard
        error (a warning).
    """
    with runner(notebooks) as process:
        prepared = prepare(notebooks, parameters)
        executed = {}
        for path, notebook in begin(process, prepared, limits):
            executed[path] = notebook
            progress(f"{path.stem}: {cells(notebook)} cells")
    return {path.stem: executed[path] for path in notebooks}


def run(
    path: pathlib.Path, parameters: Mapping[str, object], limits: Limits = Limits()
) -> Notebook:
    """Execute one notebook with parameters set; return it executed."""
    return run_all([path], parameters, limits)[path.stem]


def cells(notebook: Notebook) -> int:
    """How many code cells a notebook has."""
    return len(_code(notebook))


def _code(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def prepare(
    notebooks: Sequence[pathlib.Path], parameters: Mapping[str, object]
) -> dict[pathlib.Path, Notebook]:
    """Read notebooks as if they had never been run, with parameters set."""
    prepared = {}
    for path in notebooks:
        if path.is_symlink():
            raise BuildError(f"{path.name}: is a symbolic link; put the notebook itself there")
        prepared[path] = _fresh(path)
        set_parameters(prepared[path], parameters)
    return prepared


def begin(
    process: subprocess.Popen[str], prepared: Mapping[pathlib.Path, Notebook], limits: Limits
) -> Iterator[tuple[pathlib.Path, Notebook]]:
    """Have notebooks run; what is returned gives each with its outputs, as it is done.

    The iterator raises `BuildError` at the first that is refused.
    """
    _have_run(process, prepared, limits)
    return _nothing_hidden(_executed(process, prepared, limits))


def _have_run(
    process: subprocess.Popen[str], prepared: Mapping[pathlib.Path, Notebook], limits: Limits
) -> None:
    order = [
        {"folder": str(path.parent.absolute()), "content": notebook}
        for path, notebook in prepared.items()
    ]
    _order(process, dataclasses.asdict(limits) | {"notebooks": order})


def _executed(
    process: subprocess.Popen[str], prepared: Mapping[pathlib.Path, Notebook], limits: Limits
) -> Iterator[tuple[pathlib.Path, Notebook]]:
    """Each notebook as its kernel left it, as it is done."""
    paths = list(prepared)
    for _ in paths:
        said = json.loads(process.stdout.readline() or '{"why": "gone"}')  # type: ignore[union-attr]
        if said.get("why") in ("load", "gone"):
            raise BuildError(f"the libraries of the notebooks: {_cause(said, limits)}")
        path = paths[said["notebook"]]
        if "why" in said:
            place = _at_work(prepared[path], said["at"])
            raise BuildError(f"{path.name}: {place} {_cause(said, limits)}")
        yield path, json.loads(pathlib.Path(said["result"]).read_bytes())


def _cause(said: Mapping[str, Any], limits: Limits) -> str:
    """Why a notebook was refused, in words."""
    return {
        "slow": f"took longer than {limits.cell_seconds:g} seconds",
        "build": f"was at work when the {limits.build_seconds:g} seconds of the build were over",
        "large": f"put out more than the {limits.output_bytes:,} bytes that a notebook may",
        "died": f"failed\nKernel died ({said.get('cause')})",
        "load": f"wrote to standard error as they were loaded: {said.get('cause')}",
        "gone": "the process that loads them died",
        # Colours are for terminals.
        "error": "failed\n" + re.sub(r"\x1b\[[0-9;]*m", "", str(said.get("cause"))),
    }[said["why"]]


def _fresh(path: pathlib.Path) -> Notebook:
    """Read a notebook: no output that was stored is trusted."""
    try:
        notebook = json.loads(path.read_bytes())
        version = notebook["nbformat"]
        for cell in notebook["cells"] if version == 4 else []:
            cell["source"] = "".join(cell["source"])
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


def _at_work(notebook: Notebook, at: int | None) -> str:
    """The cell that was at work, of all the notebook's code cells; `at` counts all cells."""
    cells = notebook["cells"]
    code = [number for number, cell in enumerate(cells) if cell["cell_type"] == "code"]
    if at is None:
        return f"code cell 1 of {len(code)}"
    first = cells[at]["source"].strip().splitlines()[:1]
    return f"code cell {code.index(at) + 1} of {len(code)} ({''.join(first)})"


def _nothing_hidden(
    executed: Iterable[tuple[pathlib.Path, Notebook]],
) -> Iterator[tuple[pathlib.Path, Notebook]]:
    """Refuse an error under a tag that lets it pass, standard error, and a cell left out."""
    for path, notebook in executed:
        code = _code(notebook)
        for number, cell in enumerate(code, 1):
            what = _hidden(cell)
            if what:
                raise BuildError(f"{path.name}: code cell {number} of {len(code)} {what}")
        yield path, notebook


def _hidden(cell: Mapping[str, Any]) -> str | None:
    """What a cell has that a reader of the page would not see."""
    if cell["source"].strip() and cell["execution_count"] is None:
        return "was not run: a tag leaves it out"
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            return f"raised {output['ename']}: {output['evalue']}"
        if output["output_type"] == "stream" and output["name"] == "stderr":
            return f"wrote to standard error: {output['text'].strip()}"
    return None
