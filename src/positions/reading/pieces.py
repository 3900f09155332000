"""A long text in pieces that a model can take in: cut between paragraphs, with overlap."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONGEST, OVERLAP = 24_000, 1_200
"""Characters of a piece at most, and that a piece repeats of the one before it at most."""
_BETWEEN = re.compile(r"\s*(?:\n\s*\n|\f)\s*")
_WITHIN = (re.compile(r"(?<=[.!?])\s+"), re.compile(r"\s+"))
Part = tuple[int, int, bool]
"""Where a part begins and ends, and whether a paragraph ends with it."""


def pieces(text: str, longest: int, overlap: int) -> list[tuple[int, int]]:
    r"""Cut a text into pieces by code-point offsets; together they hold all of it.

    A text that is short enough is one piece. A piece ends with a paragraph where one ends in its
    second half, else with a sentence, else with a word. It begins with the last paragraphs or
    sentences of the piece before, as far as `overlap` goes, so that what runs over a cut stands
    whole in one of the two.

    Parameters
    ----------
    text
        The stored text.
    longest, overlap
        In characters; the overlap is at most half of a piece.

    >>> pieces("one\n\ntwo\n\nthree", longest=11, overlap=5)
    [(0, 10), (5, 15)]
    """
    if longest < 2 or not 0 <= overlap <= longest // 2:
        raise ValueError(f"pieces of {longest} with an overlap of {overlap}: at most half of them")
    if len(text) <= longest:
        return [(0, len(text))]
    parts = list(_parts(text, max(1, overlap // 2 or longest // 4), overlap))
    found: list[tuple[int, int]] = []
    first = 0
    while True:
        last = _last(parts, first, longest)
        found.append((parts[first][0], parts[last][1]))
        if last + 1 == len(parts):
            return found
        first = _again(parts, first, last, overlap, longest)


def _last(parts: Sequence[Part], first: int, longest: int) -> int:
    """Return with which part a piece ends: as far as it goes, or at the paragraph before that."""
    start, last = parts[first][0], first
    while last + 1 < len(parts) and parts[last + 1][1] - start <= longest:
        last += 1
    if last + 1 == len(parts):
        return last
    ends = [at for at in range(first, last + 1) if parts[at][2]]
    enough = ends and parts[ends[-1]][1] - start > longest // 2
    return ends[-1] if enough else last


def _again(parts: Sequence[Part], first: int, last: int, overlap: int, longest: int) -> int:
    """Return with which part the next piece begins: those that fit the overlap come again."""
    end, upcoming = parts[last][1], parts[last + 1][1]
    begin = last + 1
    while (
        begin - 1 > first
        and end - parts[begin - 1][0] <= overlap
        and upcoming - parts[begin - 1][0] <= longest
    ):
        begin -= 1
    return begin


def _parts(text: str, most: int, whole: int) -> Iterator[Part]:
    """Give paragraphs, each with the white space behind it; long ones sentence by sentence."""
    start = 0
    for end in [*(found.end() for found in _BETWEEN.finditer(text)), len(text)]:
        if end == start:
            continue
        while end - start > max(most, whole):
            at = _cut(text, start, start + most)
            yield start, at, False
            start = at
        yield start, end, True
        start = end


def _cut(text: str, start: int, end: int) -> int:
    """Return where to cut a long paragraph: behind a sentence, else a word, else anywhere."""
    for pattern in _WITHIN:
        found = [match.end() for match in pattern.finditer(text, start + 1, end)]
        if found and found[-1] > start + (end - start) // 2:
            return found[-1]
    return end
