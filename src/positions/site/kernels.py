"""Kernels of this very Python: a process each, begun and ended by jupyter_client."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import signal
import subprocess
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

ARGUMENTS = [
    "--HistoryManager.hist_file=:memory:",
    "--InteractiveShell.system_raise_on_error=True",  # `!false` is an error
    "--log-level=ERROR",
]
PATIENCE = 60
"""Seconds that a kernel has to start, to load libraries, and to end a notebook."""


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


DEFAULT = Limits()


class Kernel:
    """A kernel in a folder of its own, where no settings of a user lie.

    `manager` and `client` are jupyter_client's. `log` takes what the process and its children
    write to standard error past Python. `worn`: it must not be used again.
    """

    def __init__(self, folder: pathlib.Path, workers: int = 1) -> None:
        self.log, self.worn = folder / "stderr.txt", False
        self.threads = max(1, (os.cpu_count() or 1) // workers)
        self.manager: Any = None
        self.client: Any = None

    async def start(self) -> None:
        """Start the process; it loads while others do something else."""
        folder, self.worn = str(self.log.parent), False
        given = {"OMP_NUM_THREADS": str(self.threads)} | os.environ | {"IPYTHONDIR": folder}
        self.manager = AsyncKernelManager(
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),  # none but this Python's own
            connection_file=str(self.log.with_name("connection.json")),
        )
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            await self.manager.start_kernel(
                extra_arguments=ARGUMENTS, cwd=folder, env=given, stdout=subprocess.DEVNULL,
                stderr=log,
            )  # fmt: skip
        self.client = self.manager.client()
        self.client.start_channels(hb=False)  # the manager tells whether the kernel lives

    async def stop(self) -> None:
        """End the process at once, with all of its group."""
        if self.client is not None:
            self.client.stop_channels()
        if self.manager is not None and self.manager.has_kernel:
            await self.manager.shutdown_kernel(now=True)

    async def fate(self) -> str:
        """Return how the process ended, in words."""
        code = await self.manager.provisioner.poll()
        if code is None or code >= 0:
            return f"exit code {code}"
        return f"killed by {signal.Signals(-code).name}"
