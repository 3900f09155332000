"""Run notebooks on a study: each in its own process, with a time limit, nothing hidden."""

from __future__ import annotations

import asyncio
import concurrent.futures
import pathlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

PARAMETERS = "parameters"
"""The tag of the one cell in which an analyst, or the report, sets the parameters."""


class BuildError(Exception):
    """The report cannot be built; the message names the notebook, the cell and the cause."""


def run_all(
    notebooks: Sequence[pathlib.Path],
    parameters: Mapping[str, object],
    *,
    cell_seconds: int = 120,
    workers: int = 2,
    progress: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Execute notebooks side by side.

    Parameters
    ----------
    notebooks
        Their paths. Each runs in its own kernel, in its own folder.
    parameters
        Values for the names assigned in the cell tagged `parameters`; a name that the cell
        does not assign is left out.
    cell_seconds
        The time limit of a cell, in seconds.
    workers
        How many run at a time.
    progress
        Is told a line when a notebook is done.

    Returns
    -------
    The executed notebooks by file stem, in the order given. Nothing is written.

    Raises
    ------
    BuildError
        At the first cell that fails, hangs, or writes to standard error (a warning).
    """
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        running = {pool.submit(run, path, parameters, cell_seconds): path for path in notebooks}
        executed = {}
        for done in concurrent.futures.as_completed(running):
            try:
                executed[running[done]] = done.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            progress(f"{running[done].stem}: {_cells(executed[running[done]])} cells")
    return {path.stem: executed[path] for path in notebooks}


def _cells(notebook: Any) -> int:
    return sum(cell.cell_type == "code" for cell in notebook.cells)


def run(path: pathlib.Path, parameters: Mapping[str, object], cell_seconds: int) -> Any:
    """Execute one notebook with parameters set; return it executed."""
    if path.is_symlink():
        raise BuildError(f"{path.name}: is a symbolic link; put the notebook itself there")
    notebook = _fresh(path)
    set_parameters(notebook, parameters)
    begun: list[int] = []
    client = nbclient.NotebookClient(
        notebook,
        on_cell_execute=lambda cell, cell_index: begun.append(cell_index),
        timeout=cell_seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # a note on TCP at every start is no news
    )
    try:
        asyncio.run(client.async_execute())  # a loop of its own, closed at the end
    except CellTimeoutError:
        raise BuildError(
            f"{path.name}: {_at_work(notebook, begun)} took longer than {cell_seconds} seconds"
        ) from None
    except (CellExecutionError, DeadKernelError) as error:
        cause = re.sub(r"\x1b\[[0-9;]*m", "", str(error))  # colours are for terminals
        raise BuildError(f"{path.name}: {_at_work(notebook, begun)} failed\n{cause}") from None
    _nothing_hidden(path, notebook)
    return notebook


def _fresh(path: pathlib.Path) -> Any:
    """Read a notebook as if it had never been run: nothing that was stored is trusted."""
    try:
        notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        raise BuildError(f"{path.name}: cannot be read as a notebook: {error}") from None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def set_parameters(notebook: Any, parameters: Mapping[str, object]) -> None:
    """Write values into the cell tagged `parameters`, over the ones assigned there."""
    for cell in notebook.cells:
        if PARAMETERS not in cell.metadata.get("tags", []):
            continue
        lines = []
        for line in cell.source.splitlines():
            name = line.partition(" = ")[0]
            lines.append(f"{name} = {parameters[name]!r}" if name in parameters else line)
        cell.source = "\n".join(lines)


def _at_work(notebook: Any, begun: Sequence[int]) -> str:
    """The cell that was at work: the last one that was begun, of all the notebook's cells."""
    code = [at for at, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    if not begun:
        return f"code cell 1 of {len(code)}"
    first = notebook.cells[begun[-1]].source.strip().splitlines()[:1]
    return f"code cell {code.index(begun[-1]) + 1} of {len(code)} ({''.join(first)})"


def _nothing_hidden(path: pathlib.Path, notebook: Any) -> None:
    """Refuse an error under a tag that lets it pass, and anything written to standard error."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        for output in cell.outputs:
            if output.output_type == "error":
                what = f"raised {output.ename}: {output.evalue}"
            elif output.output_type == "stream" and output.name == "stderr":
                what = f"wrote to standard error: {output.text.strip()}"
            else:
                continue
            raise BuildError(f"{path.name}: code cell {number} of {len(code)} {what}")
