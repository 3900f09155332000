"""How far a long job is, on a terminal and only once it takes long."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TextIO

from tqdm import tqdm

LAYOUT = "{desc}: {percentage:.0f}%, {remaining} left"


@contextlib.contextmanager
def shown(
    what: str, total: float, stream: TextIO | None = None, quiet_for: float = 2.0
) -> Iterator[Callable[[float], None]]:
    """Show how much of a job is done while it runs; clear the line when it ends.

    Nothing is written where the stream is no terminal.

    Nothing is shown in the first `quiet_for` seconds. The `total` is in any unit.

    Yields
    ------
    callable
        To be called with how much more has been done.
    """
    with tqdm(desc=what, total=total, file=stream, disable=None, leave=False, delay=quiet_for,
              bar_format=LAYOUT) as bar:  # fmt: skip

        def more(part: float) -> None:
            bar.update(min(part, total - bar.n))

        yield more
