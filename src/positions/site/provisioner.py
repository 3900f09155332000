"""Kernels for any Jupyter tool, forked from a process that has the libraries loaded.

A kernel provisioner of `jupyter_client`: with `JUPYTER_DEFAULT_PROVISIONER_NAME=positions` in the
environment, nbval, nbclient and the rest start their kernels through it, themselves unchanged.
Each kernel is ipykernel's own, in a process of its own, with the environment, the folder and the
streams it would have had. What is not a plain kernel of this very Python starts as ever.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import subprocess
import sys
import time
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from positions.site import warm

LAUNCHER = ["-m", "ipykernel_launcher"]

_nursery: tuple[subprocess.Popen[bytes], socket.socket] | None = None


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking the nursery for one; all else is jupyter_client's."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel: forked where that gives the same kernel, else as ever."""
        arguments = _arguments(cmd)
        env = kwargs.get("env") or dict(os.environ)
        if arguments is None or kwargs.get("independent") or not _as_here(env):
            return await super().launch_kernel(cmd, **kwargs)
        cwd = str(kwargs.get("cwd") or os.getcwd())
        streams = [_descriptor(kwargs.get(name), name) for name in ("stdout", "stderr")]
        self.process: Any = Forked({"arguments": arguments, "env": env, "cwd": cwd}, streams)
        # Its session's group, that is: until it has one, the group is the nursery's.
        self.pid = self.pgid = self.process.pid
        self.cwd = cwd
        return self.connection_info


def _arguments(cmd: list[str]) -> list[str] | None:
    """What a command tells ipykernel; None for a command that is not this Python's ipykernel."""
    for at in range(1, len(cmd) - 1):
        if cmd[at : at + 2] == LAUNCHER and all(word.startswith("-X") for word in cmd[1:at]):
            here = os.path.realpath(cmd[0]) == os.path.realpath(sys.executable)
            return cmd[at + 2 :] if here and cmd[0].startswith(sys.prefix) else None
    return None


def _as_here(env: dict[str, str]) -> bool:
    """Whether libraries loaded in this environment are as they would be in that one."""

    def decisive(given: Any) -> dict[str, str]:
        prefixes = ("PYTHON", "MPL", "OMP_", "OPENBLAS_", "MKL_", "LC_", "LANG", "TZ", "LD_")
        return {name: given[name] for name in given if name.startswith(prefixes)}

    return decisive(env) == decisive(os.environ)


def _descriptor(stream: Any, name: str) -> int:
    """The file descriptor that a kernel is to write to."""
    if stream in (None, subprocess.PIPE):
        return 1 if name == "stdout" else 2
    if stream == subprocess.DEVNULL:
        return os.open(os.devnull, os.O_WRONLY)
    return int(stream if isinstance(stream, int) else stream.fileno())


class Forked:
    """A kernel that is a grandchild, with what `jupyter_client` asks of a child."""

    stdin = stdout = stderr = None

    def __init__(self, wanted: dict[str, Any], streams: list[int]) -> None:
        self.returncode: int | None = None
        self._said, told = os.pipe()
        descriptors = array.array("i", [*streams, told])
        channel = _channel(wanted["cwd"])
        order = json.dumps(wanted).encode()
        channel.sendmsg(
            [len(order).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
        )
        channel.sendall(order)
        os.close(told)
        number = b""
        while not number.endswith(b"\n"):
            piece = os.read(self._said, 1)
            if not piece:
                raise RuntimeError("the process that forks kernels died; start the kernel again")
            number += piece
        self.pid = int(number)

    def poll(self) -> int | None:
        """The exit code, or None while the kernel lives."""
        if self.returncode is None and _readable(self._said):
            # Nothing more to read: the nursery is gone, and the kernel with it.
            self.returncode = int(os.read(self._said, 64) or -signal.SIGKILL)
            os.close(self._said)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end; return the exit code."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if until is not None and time.monotonic() > until:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.01)
        return int(self.returncode or 0)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the kernel has ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _readable(descriptor: int) -> bool:
    return bool(select.select([descriptor], [], [], 0)[0])


def _channel(folder: str) -> socket.socket:
    """The way to the nursery, which is begun at the first kernel and ends with this process."""
    global _nursery
    if _nursery is None or _nursery[0].poll() is not None:
        ours, theirs = socket.socketpair()
        notebooks = [str(path) for path in sorted(pathlib.Path(folder).glob("*.ipynb"))]
        process = subprocess.Popen(
            [*warm.PYTHON, "-m", "positions.site.nursery", str(theirs.fileno()), *notebooks],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        _nursery = process, ours
        atexit.register(_close, process, ours)
    return _nursery[1]


def _close(process: subprocess.Popen[bytes], ours: socket.socket) -> None:
    """End the nursery with this process; were it killed, the socket would close all the same."""
    ours.close()
    process.wait()
