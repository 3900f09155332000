"""Load the heavy libraries once, in a process that then forks: each child is a kernel.

A child must find what a fresh kernel would find. So nothing is loaded that starts a thread or
opens a socket, and a library that asks at its import whether it runs in a kernel is told yes.
"""

from __future__ import annotations

import ast
import atexit
import builtins
import contextlib
import ctypes
import gc
import importlib
import json
import os
import pathlib
import signal
import sys
import types
from collections.abc import Iterable, Iterator

SAFE = frozenset(
    {"PIL", "krippendorff", "matplotlib", "numpy", "pandas", "positions", "scipy", "sklearn"}
)
"""Libraries that may be loaded ahead: their import starts nothing and prints nothing."""

INSIDE = (
    "matplotlib.backends.backend_agg",
    "pandas.io.formats.csvs",
    "pandas.io.formats.string",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
)
"""What this package's functions make libraries import when a chart or a table is shown."""

KERNEL = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "sqlite3",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
)
"""What every kernel imports as it begins: half of the time that a forked one would take."""

PYTHON = [sys.executable, "-X", "frozen_modules=off"]
"""Python as Jupyter starts it for a kernel; without the option debugpy warns as it is loaded."""

_DIE_WITH_PARENT, _ADOPT = 1, 36  # PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER


def imports(notebooks: Iterable[pathlib.Path]) -> list[str]:
    """The safe modules that notebooks import, by name; a notebook that cannot be read has none."""
    names: set[str] = set()
    for path in notebooks:
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError, KeyError):
            for cell in json.loads(path.read_bytes())["cells"]:
                if cell["cell_type"] == "code":
                    names.update(_imported("".join(cell["source"])))
    if any(name.partition(".")[0] == "positions" for name in names):
        names.update(INSIDE)
    return sorted(name for name in names if name.partition(".")[0] in SAFE)


def _imported(source: str) -> Iterator[str]:
    """The modules that a cell's import statements name; `from a import b` may name `a.b`."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def load(names: Iterable[str]) -> None:
    """Import modules as a kernel would; one that is not there is left for the cell to ask for."""
    # pandas fixes how many columns it shows by whether `get_ipython` has a kernel; matplotlib
    # reads its backend from the environment, where a kernel puts its own.
    builtins.get_ipython = lambda: types.SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    given = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = given or "module://matplotlib_inline.backend_inline"
    gc.disable()  # collections would take a fifth of the time, and find nothing
    try:
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    finally:
        gc.enable()
        del builtins.get_ipython  # type: ignore[attr-defined]
        del os.environ["MPLBACKEND"]
        if given is not None:
            os.environ["MPLBACKEND"] = given
    gc.freeze()  # a child's collections then do not copy its parent's memory


def leave_folder_out() -> None:
    """Take the working folder off the path of modules, as `ipykernel_launcher` does.

    A kernel puts its own folder there; a file that stands where the command was given must not
    take a library's name.
    """
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]


def become_kernel(folder: str) -> None:
    """In a child that was just forked: a session, a folder and random numbers of its own."""
    os.setsid()
    _control(_DIE_WITH_PARENT, signal.SIGKILL)
    os.chdir(folder)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()  # else all kernels would draw the same
    os.environ["JPY_PARENT_PID"] = str(os.getppid())


@contextlib.contextmanager
def woken() -> Iterator[int]:
    """A pipe that can be read from when a child has ended."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def leave(status: int) -> None:
    """End a forked process as an interpreter does that is done; never return."""
    with contextlib.suppress(BaseException):
        atexit._run_exitfuncs()
    os._exit(status)


def adopt_orphans() -> None:
    """Become the parent of every process that a child leaves behind, to end it (Linux only)."""
    _control(_ADOPT, 1)


def end_all(known: Iterable[int] = ()) -> None:
    """Kill every child, and the children that it leaves, until there is none.

    Linux tells who the children are; elsewhere they are those that are `known`.
    """
    while True:
        for child in {*known, *_children()}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    try:
        listed = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    except OSError:
        return []
    return [int(number) for number in listed.split()]


def _control(option: int, value: int) -> None:
    """Set an attribute of this process that only Linux knows."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
