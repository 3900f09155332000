"""What stands between two notebooks in one kernel: all put back, no failure passed over.

A kernel is kept for its next notebook because libraries take seconds to load. This runs inside
the kernel, by what IPython and the libraries offer to anyone. What a notebook does to a library
itself, such as another function in the place of one of its own, is not undone.
"""

from __future__ import annotations

import copy
import gc
import json
import locale
import logging
import os
import pathlib
import random
import sys
import threading
import time
import traceback
import warnings
import weakref
from contextlib import ExitStack
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from IPython.core.getipython import get_ipython
from matplotlib import pyplot

from positions.present import display

GRACE = 5.0
"""Seconds that threads have to end after a notebook's last cell."""

_changes = ExitStack()
_state: dict[str, Any] = {}
_guarded: set[int] = set()
_begun_by: weakref.WeakKeyDictionary[threading.Thread, int] = weakref.WeakKeyDictionary()
_failed: list[tuple[int, str]] = []


def guard(builder: int) -> None:
    """Watch signals and threads from here on; note the state in which every notebook begins.

    Parameters
    ----------
    builder
        The number of the process that runs the notebooks, which none of them may stop.
    """
    groups: list[int] = []
    if sys.platform != "win32":
        groups.append(os.getpgid(builder))
    _guarded.update({-1, builder, *groups, *(-group for group in groups)})
    sys.addaudithook(_watch)
    threading.excepthook = _note_failure
    pyplot.switch_backend(matplotlib.get_backend())  # else the first chart would configure it
    shell: Any = get_ipython()
    shell.events.register("post_run_cell", _note_threads)
    _state.update(
        done=0,
        environment=dict(os.environ),
        path=list(sys.path),
        threads=set(threading.enumerate()),
        locale=locale.setlocale(locale.LC_ALL),
        handlers=list(logging.root.handlers),
        printing=np.get_printoptions(),
        configured=[(part, _settings(part)) for part in _parts(shell)],
    )


def begin(folder: str) -> None:
    """Go to a notebook's folder, in the state that every notebook begins in."""
    os.chdir(folder)
    _state.update(folder=folder, neighbours=False)
    random.seed()
    np.random.seed()  # noqa: NPY002 many notebooks still draw from it
    _changes.enter_context(warnings.catch_warnings())
    _changes.enter_context(matplotlib.rc_context())
    _changes.callback(_put_back)


def end() -> str:
    """Put back what a notebook changed, and wait for the threads that it began.

    Returns
    -------
    str
        JSON: the threads that `failed`, each with the number of its cell and a traceback, and
        whether the kernel is `worn`: a thread is still running, or a module from the notebook's
        folder was imported, whose name may be that of another in the next one's.
    """
    shell: Any = get_ipython()
    shell.reset(new_session=True)
    _changes.close()
    gc.collect()  # a pool of threads ends when nothing refers to it
    until = time.monotonic() + GRACE
    begun = set(threading.enumerate()) - _state["threads"]
    for thread in begun:
        if not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
    failed = list(_failed)
    _failed.clear()
    _state["done"] = 0
    left = any(thread.is_alive() and not thread.daemon for thread in begun)
    return json.dumps({"failed": failed, "worn": left or _state["neighbours"]})


def _put_back() -> None:
    """Undo what libraries have no context for."""
    pyplot.close("all")
    with warnings.catch_warnings(action="ignore"):  # some options are on their way out
        pd.reset_option("all")
        display.dollars_as_written()
    np.set_printoptions(**_state["printing"])
    logging.disable(logging.NOTSET)
    logging.root.setLevel(logging.WARNING)
    logging.root.handlers[:] = _state["handlers"]
    locale.setlocale(locale.LC_ALL, _state["locale"])
    for part, settings in _state["configured"]:
        for name, value in settings.items():
            if getattr(part, name) != value:
                setattr(part, name, copy.copy(value))
    os.environ.clear()
    os.environ.update(_state["environment"])
    sys.path[:] = _state["path"]


def _parts(shell: Any) -> list[Any]:
    """Return what `%config` and a registered way of showing can change."""
    return [shell, *shell.configurables, *shell.display_formatter.formatters.values()]


def _settings(part: Any) -> dict[str, Any]:
    return {name: copy.copy(value) for name, value in part.trait_values(config=True).items()}


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a signal to what runs the notebook; note when a file beside it is run or imported."""
    if event in ("os.kill", "os.killpg") and arguments[0] in _guarded:
        raise PermissionError("a notebook may not signal the process that runs it")
    if event == "exec" and "folder" in _state:
        file = pathlib.Path(getattr(arguments[0], "co_filename", ""))
        _state["neighbours"] |= file.is_relative_to(_state["folder"])


def _note_failure(about: threading.ExceptHookArgs) -> None:
    """Keep the traceback of a thread, which may fail when its cell has long been done."""
    cell = _begun_by.get(about.thread, _state["done"] + 1) if about.thread else 0
    said = traceback.format_exception(about.exc_type, about.exc_value, about.exc_traceback)
    _failed.append((cell, "".join(said)))


def _note_threads(result: Any) -> None:
    """Note which cell began each thread that is still there as the cell ends."""
    _state["done"] = result.execution_count or 0
    for thread in set(threading.enumerate()) - _state["threads"]:
        _begun_by.setdefault(thread, _state["done"])
