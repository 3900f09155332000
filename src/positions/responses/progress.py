"""How far a long job is, with the time left: on a terminal, and only once it takes long."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

QUIET_FOR = 2.0
"""Seconds before anything is shown: what is done by then needs no progress."""
_BETWEEN = 0.2


def left(seconds: float) -> str:
    """Write time left as people say it.

    >>> left(8.2), left(95), left(7300)
    ('9 s', '2 min', '2 h 2 min')
    """
    whole = int(-(-seconds // 1))
    minutes = -(-whole // 60)
    if whole < 90:
        return f"{whole} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


@contextlib.contextmanager
def shown(
    what: str,
    total: float,
    stream: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[float], None]]:
    """Show how much of a job is done while it runs, and clear the line when it ends.

    The time left supposes that what is left goes as fast as what is done. Nothing is written
    where no one looks on (the stream is no terminal), nor in the first two seconds.

    Parameters
    ----------
    what
        The job, in a few words.
    total
        How much there is to do, in any unit.
    stream
        Where to show it; standard error by default.
    clock
        Seconds, from any start.

    Yields
    ------
    callable
        To be called with how much more has been done.
    """
    out = sys.stderr if stream is None else stream
    looked_on, started = out.isatty(), clock()
    done, last, width = 0.0, started, 0

    def more(part: float) -> None:
        nonlocal done, last, width
        done += part
        now = clock()
        if not looked_on or now - started < QUIET_FOR or now - last < _BETWEEN or done <= 0:
            return
        share = min(done / total, 1.0) if total else 1.0
        rest = left((now - started) / share * (1 - share))
        line = f"{what}: {share:.0%}, {rest} left"
        out.write("\r" + line.ljust(width))
        out.flush()
        last, width = now, max(width, len(line))

    try:
        yield more
    finally:
        if width:
            out.write("\r" + " " * width + "\r")
            out.flush()
