"""The process that forks kernels for `provisioner`: libraries loaded once, a child a kernel.

It is told of each kernel on a socket, with the descriptors the kernel is to write to and one on
which it says the kernel's number and, later, how the kernel ended. When the socket closes, as it
does with the process that began it, it kills all that it forked and ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import select
import signal
import socket
import sys
from typing import Any

from positions.site import late, warm  # noqa: F401


def main(descriptor: int, notebooks: list[str]) -> None:
    """Load what the notebooks import, then fork kernels until no one is there to ask."""
    warm.leave_folder_out()
    warm.adopt_orphans()
    names = warm.imports([pathlib.Path(name) for name in notebooks])
    warm.load([*names, *warm.KERNEL])
    kernels: dict[int, int] = {}
    try:
        with socket.socket(fileno=descriptor) as channel, warm.woken() as woken:
            while True:
                ready, _, _ = select.select([channel.fileno(), woken], [], [])
                if woken in ready:
                    os.read(woken, 4096)
                    _bury(kernels)
                if channel.fileno() in ready and not _serve(channel, kernels):
                    return
    finally:
        warm.end_all(kernels)


def _serve(channel: socket.socket, kernels: dict[int, int]) -> bool:
    """Fork one kernel; False when there is no one to ask for any."""
    length, descriptors, _, _ = socket.recv_fds(channel, 4, 3)
    if len(length) < 4:
        return False
    order = b""
    while len(order) < int.from_bytes(length, "big"):
        order += channel.recv(65536)
    stdout, stderr, told = descriptors
    pid = os.fork()
    if not pid:
        channel.close()
        for other in kernels.values():
            os.close(other)
        os.close(told)
        _be_kernel(json.loads(order), stdout, stderr)
    os.close(stdout)
    os.close(stderr)
    kernels[pid] = told
    os.write(told, b"%d\n" % pid)
    return True


def _be_kernel(wanted: dict[str, Any], stdout: int, stderr: int) -> None:
    """Become the kernel that `ipykernel_launcher` would be; never return."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.environ.clear()
        os.environ.update(wanted["env"])
        warm.become_kernel(wanted["cwd"])
        os.dup2(stdout, 1)
        os.dup2(stderr, 2)
        os.close(stdout)
        os.close(stderr)
        from ipykernel import kernelapp

        launcher = pathlib.Path(kernelapp.__file__).parent.parent / "ipykernel_launcher.py"
        # Who its parent is, a kernel reads from the environment as its class is made: too early.
        parent = f"--IPKernelApp.parent_handle={os.getppid()}"
        sys.argv = [str(launcher), *wanted["arguments"], parent]
        kernelapp.launch_new_instance()
        status = 0
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        warm.leave(status)


def _bury(kernels: dict[int, int]) -> None:
    """Say how each kernel ended that has."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            if pid in kernels:
                told = kernels.pop(pid)
                with contextlib.suppress(BrokenPipeError):
                    os.write(told, b"%d" % os.waitstatus_to_exitcode(status))
                os.close(told)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
