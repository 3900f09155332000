"""A person's own pace, and how long the rest takes at it: an estimate, and said to be one."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Hashable

from positions.words import plural

Clock = Callable[[], dt.datetime]
_FROM = 3
"""Pieces from which a pace can be told."""
_BREAK = 300.0
"""Seconds without an act from which a person is taken to have been away."""


class Pace:
    """The time that a person spent on each piece of work: breaks are left out.

    Parameters
    ----------
    clock
        Tells the time.
    piece
        What a piece is called.
    """

    def __init__(self, clock: Clock, piece: str):
        self._clock, self._piece = clock, piece
        self._spent: dict[Hashable, float] = {}
        self._done: dict[Hashable, float] = {}
        self._last: tuple[Hashable, dt.datetime] | None = None

    def touch(self, item: Hashable) -> None:
        """Note that the person is at work on a piece."""
        now = self._clock()
        if self._last and self._last[0] == item:
            gap = (now - self._last[1]).total_seconds()
            if 0 <= gap <= _BREAK:
                self._spent[item] = self._spent.get(item, 0.0) + gap
        self._last = (item, now)

    def finish(self, item: Hashable, size: float = 1.0) -> None:
        """Note that a piece of some size is done."""
        self.touch(item)
        self._done[item] = self._spent.get(item, 0.0) / max(size, 1.0)

    def left(self, size: float) -> str:
        """Say how long pieces of this size in all take; nothing where that cannot be told yet."""
        if len(self._done) < _FROM or size <= 0:
            return ""
        minutes = statistics.median(self._done.values()) * size / 60
        about = "less than a minute" if minutes < 1 else f"about {_long(round(minutes))}"
        return (
            f"{about} left at your own pace (an estimate: the median of {len(self._done)} "
            f"{self._piece}s)"
        )


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else plural(rest, "minute")
