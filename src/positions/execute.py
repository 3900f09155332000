"""Run notebooks on a study: each in its own process, with a time limit, nothing hidden."""

from __future__ import annotations

import concurrent.futures
import pathlib
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
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    set_parameters(notebook, parameters)
    client = nbclient.NotebookClient(
        notebook,
        timeout=cell_seconds,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # a note on TCP at every start is no news
    )
    try:
        client.execute()
    except CellTimeoutError:
        raise BuildError(
            f"{path.name}: {_at_work(notebook)} took longer than {cell_seconds} seconds"
        ) from None
    except (CellExecutionError, DeadKernelError) as error:
        raise BuildError(f"{path.name}: {_at_work(notebook)} failed\n{error}") from None
    _nothing_hidden(path, notebook)
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


def _at_work(notebook: Any) -> str:
    """The cell that was at work: the last one that was begun."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    begun = [number for number, cell in enumerate(code, 1) if cell.get("execution_count")]
    number = min(len(begun) + (not _failed(code)), len(code))
    first = code[number - 1].source.strip().splitlines()[:1] if code else [""]
    return f"code cell {number} of {len(code)} ({''.join(first)})"


def _failed(code: Sequence[Any]) -> bool:
    return any(output.output_type == "error" for cell in code for output in cell.outputs)


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
