"""The process that runs notebooks: libraries loaded once, then one forked child a notebook.

It is started by `execute` as `python -m positions.site.runner` and told two lines of JSON: which
notebooks to load libraries for, and later what to run. It says a line when a notebook is done or
refused. When its standard input ends, by a signal or the death of who started it, it kills all
that it began and ends.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import select
import shutil
import signal
import sys
import tempfile
import time
from typing import Any

from positions.site import late, warm  # noqa: F401

GRACE = 5
"""Seconds that a notebook's process has to end after its last cell, as nbclient gives it."""


@dataclasses.dataclass
class Child:
    """A running notebook: its number, its process, its pipe, and the cell that it is at."""

    number: int
    pid: int
    pipe: int
    deadline: float
    said: bytes = b""
    at: int | None = None
    done: bool = False


def main() -> None:
    """Load, wait for the order, run, and leave nothing behind."""
    warm.leave_folder_out()
    warm.adopt_orphans()
    order = os.fdopen(os.dup(0), "rb", buffering=0)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="positions-"))
    running: list[Child] = []
    try:
        names = warm.imports([pathlib.Path(name) for name in json.loads(order.readline())])
        said = _load(names, folder / "said")
        line = order.readline()
        if line and said:
            _say({"why": "load", "cause": said})
        elif line:
            _supervise(json.loads(line), folder, running)
            order.read()  # until the results have been read
    finally:
        warm.end_all([child.pid for child in running])
        shutil.rmtree(folder, ignore_errors=True)


def _load(names: list[str], note: pathlib.Path) -> str:
    """Load libraries; return what they wrote to standard error, such as a warning."""
    kept = os.dup(2)
    with note.open("wb") as written:
        os.dup2(written.fileno(), 2)
        try:
            warm.load([*names, *warm.KERNEL, "positions.site.kernel"])
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
    return note.read_text("utf-8", "replace").strip()


def _supervise(job: dict[str, Any], folder: pathlib.Path, running: list[Child]) -> None:
    """Run all notebooks, so many at a time; stop at the first that is refused."""
    waiting = list(range(len(job["notebooks"])))
    end = time.monotonic() + job["build_seconds"]
    with warm.woken() as woken:
        while waiting or running:
            while waiting and len(running) < job["workers"]:
                running.append(_begin(job, waiting.pop(0), folder))
            soonest = min([end, *(child.deadline for child in running)])
            pipes = [child.pipe for child in running]
            patience = max(0.0, soonest - time.monotonic())
            ready, _, _ = select.select([0, woken, *pipes], [], [], patience)
            if 0 in ready:
                return  # no one waits for the results
            if woken in ready:
                os.read(woken, 4096)
            for child in list(running):
                verdict = _look(child, child.pipe in ready, job, end)
                if verdict is not None:
                    running.remove(child)
                    result = str(folder / f"{child.number}.json")
                    _say({"notebook": child.number, "at": child.at, "result": result} | verdict)
                    if "why" in verdict:
                        return


def _begin(job: dict[str, Any], number: int, folder: pathlib.Path) -> Child:
    """Fork a notebook's process."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _be_child(job, number, folder, writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return Child(number, pid, reading, time.monotonic() + job["cell_seconds"])


def _be_child(job: dict[str, Any], number: int, folder: pathlib.Path, pipe: int) -> None:
    """Run one notebook and end; never return."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        warm.become_kernel(job["notebooks"][number]["folder"])

        def tell(what: dict[str, object]) -> None:
            os.write(pipe, json.dumps(what).encode() + b"\n")
            if what == {"why": "large"}:
                os._exit(1)

        from positions.site import kernel

        result = folder / f"{number}.json"
        kernel.execute(job["notebooks"][number]["content"], result, job["output_bytes"], tell)
        status = 0
    except BaseException as error:
        said = {"why": "error", "cause": f"{type(error).__name__}: {error}"}
        os.write(pipe, json.dumps(said).encode() + b"\n")
    finally:
        warm.leave(status)


def _look(child: Child, spoke: bool, job: dict[str, Any], end: float) -> dict[str, Any] | None:
    """What became of a child: None while it is at work, else its result or why it has none."""
    now = time.monotonic()
    gone, status = os.waitpid(child.pid, os.WNOHANG)
    verdict = _heard(child, job) if spoke or gone else None
    if verdict is None and not child.done and gone:
        verdict = {"why": "died", "cause": _death(status)}
    if verdict is None and not gone and now >= min(child.deadline, end) and not child.done:
        verdict = {"why": "build" if now >= end else "slow"}
    if verdict is None and child.done and (gone or now >= child.deadline):
        verdict = {}
    if verdict is not None:
        _end(child, gone)
    return verdict


def _heard(child: Child, job: dict[str, Any]) -> dict[str, Any] | None:
    """Read what a child said: the cell it is at, that it is done, or why it failed."""
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(child.pipe, 65536):
            child.said += piece
    *lines, child.said = child.said.split(b"\n")
    for line in lines:
        said = json.loads(line)
        if "why" in said:
            return dict(said)
        child.done = "done" in said
        child.at = said.get("at", child.at)
        child.deadline = time.monotonic() + (GRACE if child.done else job["cell_seconds"])
    return None


def _death(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"


def _end(child: Child, gone: int) -> None:
    """End a child, if it is not gone, and what is left of its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    if not gone:  # it may have no group yet
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
    os.close(child.pipe)


def _say(what: dict[str, Any]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
