"""Run notebooks side by side, within limits, with nothing hidden.

nbclient runs the cells. A worker has one kernel of this very Python, which is kept for the next
notebook with everything put back in between (`session`). An error, a warning, a hang or a flood
ends the build.
"""

from __future__ import annotations

import asyncio
import contextlib
import pathlib
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from positions.site.kernels import DEFAULT, Kernel, Limits
from positions.site.notebook_files import Notebook

Job = tuple[pathlib.Path, Notebook]
Run = Callable[[Mapping[pathlib.Path, Notebook]], Iterator[Job]]
"""Has prepared notebooks run, and gives each with its outputs, as it is done."""


@contextlib.contextmanager
def interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back until the block, which imports, has ended.

    One that falls between the taking and the giving back of Python's lock on imports leaves it
    taken: the thread that runs the notebooks imports too, and would wait for ever.
    """
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    held: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held:
        signal.raise_signal(signal.SIGINT)


@contextlib.contextmanager
def kernels(folder: pathlib.Path, most: int, limits: Limits = DEFAULT) -> Iterator[Run]:
    """Start kernels that load libraries while the block does other work.

    The block is given the function that has notebooks run. The kernels end with the block.

    Parameters
    ----------
    folder
        Takes what the kernels write for themselves.
    most
        How many notebooks there are to run: no more kernels are started.
    limits
        What the notebooks may take.

    Raises
    ------
    BuildError
        At the first cell that fails, hangs, is not run, puts out too much, or writes to standard
        error (a warning).
    """
    jobs: asyncio.Queue[Job | None] = asyncio.Queue()
    done: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
    workers = min(most, limits.workers)
    zmq_can = asyncio.SelectorEventLoop  # on every system
    runner = asyncio.Runner(loop_factory=zmq_can)
    # The loop lives and ends in its own thread: where a report is asked for, one may be running.
    with ThreadPoolExecutor(1) as thread:
        loop = thread.submit(runner.get_loop).result()
        begun = [Kernel(folder / str(number), workers) for number in range(workers)]
        work = loop.create_task(_work_together(begun, jobs, done.put, limits))
        serving = thread.submit(loop.run_until_complete, _to_the_end(work, begun))
        serving.add_done_callback(lambda _: done.put(None))

        def run(prepared: Mapping[pathlib.Path, Notebook]) -> Iterator[Job]:
            # The longest first: it should not be at work alone when all others are done.
            longest = sorted(prepared.items(), key=lambda job: -len(job[1]["cells"]))
            for job in [*longest, *[None] * workers]:
                loop.call_soon_threadsafe(jobs.put_nowait, job)
            return _as_done(done, serving)

        try:
            yield run
        finally:
            loop.call_soon_threadsafe(work.cancel)
            thread.submit(runner.close).result()


def _as_done(done: queue.SimpleQueue[Job | None], serving: Future[None]) -> Iterator[Job]:
    """Give each notebook as it is done; raise what ended the kernels."""
    while True:
        with contextlib.suppress(queue.Empty):
            job = done.get(timeout=0.5)  # not for ever: Windows would not see Ctrl-C
            if job is None:
                return serving.result()
            yield job


async def _to_the_end(work: asyncio.Task[None], kernels: Sequence[Kernel]) -> None:
    """Wait until the work is done, refused or cancelled, and leave no kernel behind."""
    try:
        await work
    finally:
        for kernel in kernels:
            await kernel.stop()


async def _work_together(
    kernels: Sequence[Kernel],
    jobs: asyncio.Queue[Job | None],
    put: Callable[[Job], None],
    limits: Limits,
) -> None:
    """Run jobs in all kernels; the first notebook that is refused ends the work."""
    for kernel in kernels:
        await kernel.start()
    ends = time.monotonic() + limits.build_seconds
    try:
        async with asyncio.TaskGroup() as group:
            for kernel in kernels:
                group.create_task(_work(kernel, jobs, put, limits, ends))
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


async def _work(
    kernel: Kernel,
    jobs: asyncio.Queue[Job | None],
    put: Callable[[Job], None],
    limits: Limits,
    ends: float,
) -> None:
    """Run one job after another in one kernel."""
    from positions.site import cells  # nbclient takes a second, in which the kernels load

    await cells.ready(kernel)
    while (job := await jobs.get()) is not None:
        if kernel.worn:
            await kernel.stop()
            await kernel.start()
            await cells.ready(kernel)
        put((job[0], await cells.execute(kernel, *job, limits, ends)))
