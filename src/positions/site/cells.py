"""Run a notebook's cells in a kernel by nbclient, and refuse the first that fails or hides.

A cell is refused by its number, its first line and the cause.
"""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import re
import time
from collections.abc import Mapping
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from positions.site.kernels import PATIENCE, Kernel, Limits
from positions.site.notebook_files import BuildError, Notebook

SESSION = "__import__('positions.site.session', fromlist=['end'])"
"""The module in the kernel, without a name there that a notebook would find."""


class Refused(Exception):
    """A cell that fails the build; the message says why."""


class Client(NotebookClient):
    """nbclient, with what else ends a build: a flood, an exit, a line past Python to stderr."""

    def __init__(self, notebook: Any, kernel: Kernel, most_bytes: int, **given: Any) -> None:
        super().__init__(
            notebook,
            km=kernel.manager,
            record_timing=False,
            coalesce_streams=True,
            force_raise_errors=True,  # whatever tag a cell has
            on_cell_execute=self.begun,
            on_cell_executed=self.ended,
            **given,
        )
        self.kc, self.kernel = kernel.client, kernel
        self.at, self.bytes_left, self.read = 0, most_bytes, kernel.log.stat().st_size

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Count what a message holds, and kill a kernel that sends too much."""
        flooded = self.bytes_left < 0
        self.bytes_left -= len(json.dumps(msg["content"], default=str))
        if self.bytes_left >= 0:
            return super().process_message(msg, cell, cell_index)
        if not flooded:
            self.killing = asyncio.ensure_future(self.kernel.manager.provisioner.kill())
        return None

    def begun(self, cell: Any, cell_index: int) -> None:
        """Note the cell that is at work."""
        self.at = cell_index

    def ended(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """Refuse a cell that asked its kernel to end, or that wrote to standard error."""
        reply = execute_reply["content"]
        if any(part.get("source") == "ask_exit" for part in reply.get("payload", [])):
            raise Refused("failed\nKernel died (a cell called exit())")
        with self.kernel.log.open("rb") as log:
            log.seek(self.read)
            past_python = log.read().decode("utf-8", "replace")
        texts = [out["text"] for out in cell.outputs if out.get("name") == "stderr"]
        said = ("".join(texts) or past_python).strip()
        if said and reply["status"] == "ok":  # an error says more
            raise Refused(f"wrote to standard error: {said}")


async def ready(kernel: Kernel) -> None:
    """Wait for a kernel, and have it load the libraries that nearly every notebook asks for.

    Raises
    ------
    BuildError
        When it does not start, or a library warns as it is loaded.
    """
    try:
        await kernel.client.wait_for_ready(timeout=PATIENCE)
        await _ask(kernel, f"guard({os.getpid()})")
    except (RuntimeError, DeadKernelError, CellExecutionError, Refused) as error:
        said = _plain(f"{error}\n{kernel.log.read_text('utf-8', 'replace')}")
        raise BuildError(f"the libraries of the notebooks: {said}") from None


async def _ask(kernel: Kernel, call: str) -> str:
    """Call a function of the session in the kernel; return what it printed."""
    cell = new_code_cell(f"print({SESSION}.{call})")  # type: ignore[no-untyped-call]
    notebook = new_notebook(cells=[cell])  # type: ignore[no-untyped-call]
    client = Client(notebook, kernel, 1_000_000, timeout=PATIENCE)
    await client.async_execute_cell(cell, 0, store_history=False)
    return "".join(output.get("text", "") for output in cell.outputs)


async def execute(
    kernel: Kernel, path: pathlib.Path, notebook: Notebook, limits: Limits, ends: float
) -> Notebook:
    """Run a notebook; return it executed.

    Parameters
    ----------
    kernel
        One that is `ready`. It is marked as worn where something of the notebook goes on in it.
    path, notebook
        The file, in whose folder the cells run, and what to run.
    limits
        What it may take.
    ends
        When the build must be done, by `time.monotonic`.

    Raises
    ------
    BuildError
        At the first cell that fails, hangs, is not run, puts out too much, or writes to standard
        error.
    """

    def seconds(cell: Any) -> float:
        return max(0.01, min(limits.cell_seconds, ends - time.monotonic()))

    begun = nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]
    client = Client(begun, kernel, limits.output_bytes, timeout_func=seconds)
    try:
        await _ask(kernel, f"begin({str(path.parent.absolute())!r})")
        await client.async_execute()
        for client.at, cell in enumerate(begun["cells"]):
            _show_all(cell)
        after = json.loads(await _ask(kernel, "end()"))
        kernel.worn = after["worn"]
        for number, said in after["failed"]:
            counts = [cell.get("execution_count") for cell in begun["cells"]]
            client.at = counts.index(number) if number in counts else client.at
            raise Refused(f"failed in a thread that it began\n{said}")
    except (CellTimeoutError, DeadKernelError, CellExecutionError, Refused) as error:
        cause = await _cause(error, client, kernel, limits, ends)
        raise BuildError(f"{path.name}: {_place(begun, client.at)} {cause}") from None
    return dict(begun)


async def _cause(
    error: Exception, client: Client, kernel: Kernel, limits: Limits, ends: float
) -> str:
    """Why a notebook was refused, in words."""
    if isinstance(error, CellExecutionError):
        return f"failed\n{_plain(error.traceback)}"
    if isinstance(error, CellTimeoutError):
        if time.monotonic() < ends:
            return f"took longer than {limits.cell_seconds:g} seconds"
        return f"was at work when the {limits.build_seconds:g} seconds of the build were over"
    if client.bytes_left < 0:
        return f"put out more than the {limits.output_bytes:,} bytes that a notebook may"
    if isinstance(error, DeadKernelError):
        return f"failed\nKernel died ({await kernel.fate()})"
    return str(error)


def _plain(text: str) -> str:
    """Text without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip()


def _show_all(cell: Mapping[str, Any]) -> None:
    """Refuse a cell that was left out, and an error that was shown as if it were a result."""
    if cell["cell_type"] != "code":
        return
    if cell["source"].strip() and cell["execution_count"] is None:
        raise Refused("was not run: a tag leaves it out")
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            raise Refused(f"raised {output['ename']}: {output['evalue']}")


def _place(notebook: Notebook, at: int) -> str:
    """Name the cell that was at work, of all code cells; `at` counts all cells."""
    cells = notebook["cells"]
    code = [number for number, cell in enumerate(cells) if cell["cell_type"] == "code"]
    number = sum(place <= at for place in code)
    first = cells[code[number - 1]]["source"].strip().splitlines()[:1] if number else []
    return f"code cell {number or 1} of {len(code)} ({''.join(first)})"
