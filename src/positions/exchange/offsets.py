"""Where a statement stands: other tools' offsets as code points, found out or declared.

A study counts code points. Programs written in Java or .NET count UTF-16 units, of which an
emoji takes two; some count a line end of CR LF as one character, some the byte-order mark in
front of a text as the first. A file does not say which. It can be found out: whoever marks a
statement begins and ends it between words, and some programs keep the words as its name.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np

from positions.study.quotes import fold, places

_SURE = 0.8
"""The share of statements that must begin and end between words where counting is found out."""
_WORDS_OF_A_NAME = 3
"""Words from which a name that stands elsewhere in the text is no mere label."""


@dataclasses.dataclass(frozen=True)
class OffsetCounting:
    """How a program counts the characters of a text."""

    utf16: bool = False
    crlf_as_one: bool = False
    mark: bool = False

    def __str__(self) -> str:
        units = "UTF-16 units" if self.utf16 else "code points"
        ends = "CR LF as one" if self.crlf_as_one else "CR LF as two"
        return f"{units}, {ends}" + (", the byte-order mark as the first" if self.mark else "")


STANDARD = OffsetCounting()
EVERY = tuple(OffsetCounting(*ways) for ways in itertools.product((False, True), repeat=3))
"""Every way of counting, that of the REFI-QDA standard first."""


@dataclasses.dataclass(frozen=True)
class DeclaredCounting:
    """What was declared of how offsets count; None is found out."""

    utf16: bool | None = None
    crlf_as_one: bool | None = None
    mark: bool | None = None

    def allows(self, counting: OffsetCounting) -> bool:
        """Say whether a way of counting is not excluded by what was declared."""
        ways = zip(dataclasses.astuple(self), dataclasses.astuple(counting), strict=True)
        return all(said in (None, way) for said, way in ways)


UNDECLARED = DeclaredCounting()


class Ruler:
    """A text, and where each way of counting puts its characters."""

    def __init__(self, text: str, marked: bool = False):
        self.text = text
        self._differs = OffsetCounting(
            utf16=any(char > "\uffff" for char in text), crlf_as_one="\r\n" in text, mark=marked
        )
        self._offsets: dict[OffsetCounting, np.ndarray] = {}

    def place(self, start: int, end: int, counting: OffsetCounting) -> tuple[int, int] | None:
        """Return the code points of a stretch; None where there is no such place."""
        first, last = self._at(start, counting), self._at(end, counting)
        return (first, last) if first is not None and last is not None and first < last else None

    def _at(self, offset: int, counting: OffsetCounting) -> int | None:
        way = OffsetCounting(
            counting.utf16 and self._differs.utf16,
            counting.crlf_as_one and self._differs.crlf_as_one,
            counting.mark and self._differs.mark,
        )
        if way == STANDARD:
            return offset if 0 <= offset <= len(self.text) else None
        if way not in self._offsets:
            self._offsets[way] = self._counted(way)
        offsets = self._offsets[way]
        # Behind a CR LF that counts as one, not between its two characters.
        place = int(np.searchsorted(offsets, offset, side="right")) - 1
        return place if place >= 0 and offsets[place] == offset else None

    def _counted(self, way: OffsetCounting) -> np.ndarray:
        codes = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        widths = np.ones(len(codes), dtype="int64")
        if way.utf16:
            widths[codes > 0xFFFF] = 2
        if way.crlf_as_one:
            widths[1:][(codes[:-1] == ord("\r")) & (codes[1:] == ord("\n"))] = 0
        return np.concatenate(([way.mark], way.mark + np.cumsum(widths)))


@dataclasses.dataclass(frozen=True)
class Stretch:
    """A statement as a program marks it: from and to, and the words kept as its name."""

    ruler: Ruler
    start: int
    end: int
    name: str = ""


@dataclasses.dataclass(frozen=True)
class Found:
    """How a file counts: None where it cannot be told; `said` tells people why it is believed."""

    counting: OffsetCounting | None
    candidates: tuple[OffsetCounting, ...]
    said: str = ""


def find_counting(stretches: Sequence[Stretch], declared: DeclaredCounting = UNDECLARED) -> Found:
    """Find out how the offsets of a file count.

    Believed is the way by which more statements are what their names say; then, by which more of
    them lie in their text, begin and end between words, and have no white space at their ends.
    It must do better than every way that puts a statement elsewhere.

    Where what is declared leaves nothing open, nothing is found out.
    """
    candidates = tuple(way for way in EVERY if declared.allows(way))
    by_places: dict[tuple[tuple[int, int] | None, ...], OffsetCounting] = {}
    for way in candidates:
        found = tuple(one.ruler.place(one.start, one.end, way) for one in stretches)
        by_places.setdefault(found, way)
    if len(by_places) == 1:
        return Found(next(iter(by_places.values())), candidates)
    ranked = sorted(
        ((_evidence(stretches, found), way) for found, way in by_places.items()),
        key=lambda pair: pair[0],
        reverse=True,
    )
    (best, counting), (second, other) = ranked[:2]
    named, _, whole, tight = best
    if best == second or (named == second[0] and whole < _SURE * len(stretches)):
        return Found(None, candidates)
    return Found(counting, candidates, (
        f"offsets count {counting}: of {len(stretches)} statements {named} are what their names "
        f"say and {tight} begin and end with whole words, against {second[0]} and {second[3]} if "
        f"they counted {other}"
    ))  # fmt: skip


def _evidence(
    stretches: Sequence[Stretch], found: Sequence[tuple[int, int] | None]
) -> tuple[int, int, int, int]:
    """Count statements that are what their names say, that have a place, are whole, are tight."""
    named = placed = whole = tight = 0
    for stretch, place in zip(stretches, found, strict=True):
        if place is not None:
            text = stretch.ruler.text
            placed += 1
            named += bool(stretch.name) and _agrees(stretch.name, text[slice(*place)])
            whole += is_whole(text, *place)
            tight += is_whole(text, *place) and text[slice(*place)] == text[slice(*place)].strip()
    return named, placed, whole, tight


def is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a stretch cuts no word at either end.

    >>> is_whole("no plan", 3, 7), is_whole("no plan", 4, 7)
    (True, False)
    """
    cuts = any(
        0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum() for at in (start, end)
    )
    return not cuts


def _agrees(name: str, words: str) -> bool:
    """Say whether a name holds the words, or their beginning where a program cuts names."""
    kept = fold(name).removesuffix("\u2026").removesuffix("...").rstrip()
    said = fold(words)
    return bool(kept) and (said == kept or (len(kept) > 10 and said.startswith(kept)))


def place(stretch: Stretch, found: Found) -> tuple[int, int] | str:
    """Return the code points of a statement, or say why they cannot be told."""
    ways = {way: stretch.ruler.place(stretch.start, stretch.end, way) for way in found.candidates}
    text, at = stretch.ruler.text, f"{stretch.start}-{stretch.end}"
    named = {p for p in ways.values() if p and _agrees(stretch.name, text[slice(*p)])}
    if len(named) == 1:
        return named.pop()
    told = ways.values() if found.counting is None else [ways[found.counting]]
    where = {one for one in told if one is not None}
    if not where:
        return f"{at} is no place in its text"
    if len(where) > 1:
        return f"how its offsets {at} count cannot be told from the file"
    return _unless_contradicted(stretch, where.pop())


def _unless_contradicted(stretch: Stretch, found: tuple[int, int]) -> tuple[int, int] | str:
    """Return a place, unless the statement's own name holds other words of its text."""
    text = stretch.ruler.text
    kept = fold(stretch.name).removesuffix("\u2026").removesuffix("...").rstrip()
    if not kept or _agrees(stretch.name, text[slice(*found)]):
        return found
    is_label = len(kept.split()) < _WORDS_OF_A_NAME and is_whole(text, *found)
    if is_label or not (elsewhere := places(kept, text)):
        return found
    opening = " ".join(text[slice(*found)].split()[:6])
    return (
        f"its name holds words that stand at {elsewhere[0][0]}-{elsewhere[0][1]}, its offsets "
        f"{found[0]}-{found[1]} hold \u00ab{opening}\u00bb: one of the two is wrong"
    )
