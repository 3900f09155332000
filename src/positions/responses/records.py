"""Records of a CSV file of answers, one by one, and the physical line each begins on.

The careful way through a file, which is the truth about it. A record ends where the line ends
outside of quotation marks. One that breaks the rules of quoting within its line is set aside. A
quotation mark that reaches beyond its line and is not closed as it should be ends the reading: it
may have swallowed any number of respondents.
"""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Callable, Iterator, Sequence

from positions.responses.backend import NotResponses
from positions.study import csv_reader

LONGEST = 1_000_000
"""Characters a record may have."""
Record = tuple[int, list[str], str]
"""The line a record begins on, its fields, and its fault: empty where it has none."""
FIELD_COUNT = "field count"
Read = Callable[[float], None]
"""Told how many lines more were read."""


def unseen(lines: float) -> None:
    """Tell nobody how many lines more were read."""


def records(path: pathlib.Path, delimiter: str, read: Read = unseen) -> Iterator[Record]:
    """Yield each record of a file, the header first.

    Faults are `blank line`, `not UTF-8`, `NUL` and `quotes`; how many fields a record must have
    is not known here.

    The file is in UTF-8, with or without a byte-order mark.

    Raises
    ------
    NotResponses
        Where nobody can say in which line a record ends.
    """
    whole = csv_reader.record_pattern(delimiter)
    held: list[str] = []
    begins, length, inside = 1, 0, False
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        for number, line in enumerate(handle, 1):
            read(1)
            if not held and '"' not in line:
                text = line.rstrip("\r\n")
                yield number, text.split(delimiter), _fault(text)
                continue
            begins = begins if held else number
            held.append(line)
            length += len(line)
            inside ^= bool(line.count('"') % 2)
            if length > LONGEST:
                raise NotResponses(_torn(path, begins))
            if inside:
                continue
            text = "".join(held).rstrip("\r\n")
            if whole.fullmatch(text):
                yield begins, next(csv.reader(held, delimiter=delimiter)), _fault(text)
            elif len(held) == 1:
                yield begins, text.split(delimiter), "quotes"
            else:
                raise NotResponses(_torn(path, begins))
            held, length = [], 0
    if held:
        raise NotResponses(_torn(path, begins))


def _fault(text: str) -> str:
    """Return what is wrong with a record whose quotation marks are right."""
    if not text:
        return "blank line"
    if "\0" in text:
        return "NUL"
    if not text.isascii() and any("\ud800" <= mark <= "\udfff" for mark in text):
        return "not UTF-8"  # bytes that are no UTF-8 were read as lone surrogates
    return ""


def _torn(path: pathlib.Path, line: int) -> str:
    return (
        f"{path}:{line}: a quotation mark that is opened in this row is not closed as it should "
        'be: nobody can say where the row ends; put the field in "...", doubling the marks inside'
    )


def no_csv(raw: bytes) -> str:
    """Say why bytes are the beginning of no CSV file in UTF-8; empty where they may be."""
    for marks, what, fix in csv_reader.SIGNATURES:
        if raw.startswith(marks):
            return f"{what}; {fix}"
    return ""


def shown(fields: Sequence[str], most: int = 200) -> str:
    """Return the beginning of a damaged record; bytes that are no text as `?`."""
    text = ",".join(fields)[:most]
    return text.encode("utf-8", "replace").decode("utf-8")
