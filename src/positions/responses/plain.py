"""Proof, from its bytes, that a CSV file is so plain that any sound reader reads it alike.

A quick reader of CSV guesses where a file is damaged, and says nothing. So it may read a file only
once it is proved that each record has as many fields as the header, that quotation marks stand
only where RFC 4180 has them, that all lines end alike, and that the text is UTF-8 without NUL. All
other files are read carefully.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

from positions.responses.records import LONGEST

BLOCK = 1024**2
"""Bytes that are looked at together; what is known of each takes some dozen times as much."""
_QUOTE, _LF, _CR, _FILLER = b'"'[0], b"\n"[0], b"\r"[0], b"x"[0]
Bytes = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True)
class Proof:
    """A plain file: its records, whether one has several lines, and how all of them end."""

    records: int
    several_lines: bool
    end: str


def proof(path: pathlib.Path, delimiter: str, header: int, width: int) -> Proof | None:
    """Prove that a file is plain; None where that cannot be proved.

    A line is told by its marks alone: with every other byte taken out, each record must be the
    same few bytes, as in `,,,,` and a line end for five fields.

    Above the first record stand `header` physical lines; each record has `width` fields.
    """
    if width < 2:
        return None  # an empty line would be an empty field
    with open(path, "rb") as handle:
        above = [handle.readline() for _ in range(header)]
        end = b"\r\n" if above[-1].endswith(b"\r\n") else b"\n"
        if any(b"\r" in line.removesuffix(end) for line in above):
            return None
        unit = delimiter.encode() * (width - 1) + end
        others = bytes(set(range(256)) - {*unit, _QUOTE, _CR, _LF, 0})
        found, several = 0, False
        for block in _blocks(handle, end):
            # Two signs of a number: programs differ in what they make of them.
            if b"+-" in block or not _is_text(block):
                return None
            if b'"' in block:
                marks = np.frombuffer(block, np.uint8)
                inside = _inside(marks)
                if not _quoted_well(marks, inside, delimiter.encode()[0]):
                    return None
                several = several or bool((marks[inside] == _LF).any())
                block = np.where(inside | (marks == _QUOTE), _FILLER, marks).tobytes()
            marks_only = block.translate(None, others)
            here = len(marks_only) // len(unit)
            if marks_only != unit * here:
                return None
            found += here
    return Proof(found, several, end.decode())


def _blocks(handle: IO[bytes], end: bytes) -> Iterator[bytes]:
    """Yield a file in blocks of whole records; the last line gets an end if it has none.

    In place of a record that is too long stands a byte that no plain file has.
    """
    rest = b""
    while more := handle.read(BLOCK):
        block = rest + more
        cut = _last_end(block)
        if cut:
            yield block[:cut]
        rest = block[cut:]
        if len(rest) > LONGEST:
            yield b"\0"
    if rest:
        yield rest if rest.endswith(b"\n") else rest + end


def _last_end(block: bytes) -> int:
    """Return where the last whole record of a block ends."""
    if b'"' not in block:
        return block.rfind(b"\n") + 1
    marks = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero((marks == _LF) & ~_inside(marks))
    return int(ends[-1]) + 1 if len(ends) else 0


def _is_text(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _inside(marks: Bytes) -> npt.NDArray[np.bool_]:
    """Tell which bytes stand between quotation marks, the opening ones with them."""
    return np.bitwise_xor.accumulate(marks == _QUOTE)


def _quoted_well(marks: Bytes, inside: npt.NDArray[np.bool_], delimiter: int) -> bool:
    """Tell whether each quotation mark opens or closes a whole field, or is one of two."""
    if inside[-1]:
        return False
    places = np.flatnonzero(marks == _QUOTE)
    opening = inside[places]
    before = np.where(places > 0, marks[places - 1], _LF)
    at = np.minimum(places + 1, len(marks) - 1)
    after = marks[at]
    line_end = (after == _LF) | (
        (after == _CR) & (marks[np.minimum(at + 1, len(marks) - 1)] == _LF)
    )
    opens = (before == delimiter) | (before == _LF) | (before == _QUOTE)
    closes = (after == delimiter) | (after == _QUOTE) | line_end
    return bool(np.where(opening, opens, closes).all())
