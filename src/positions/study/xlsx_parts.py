"""A workbook's parts, looked through before it is opened: how much they hold, what they hide.

A workbook of 10 kB can merge seventeen thousand million cells, or hold two million empty ones;
whoever builds them all runs out of memory. So each part is read once, element by element, and
nothing of it is kept: cells are counted, and ranges are judged by their corners.
"""

from __future__ import annotations

import dataclasses
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import IO
from xml.parsers import expat

_BLOCK = 1 << 16
_LONGEST_RUN = 1_000_000
"""Bytes between two elements; a cell of Excel holds 32,767 characters."""
_LONGEST_NUMBER = 400
_COSTS = dict.fromkeys(("row", "c", "v", "f", "is", "t", "si"), 1) | {"sheet": 300}
"""How long elements take to be opened: what tables are made of is quick, a sheet is not."""
_ANY = 5
_CORNER = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class Refused(Exception):
    """The workbook may not be opened; the message says why."""


class TooLarge(Exception):
    """The workbook has more elements than may be opened."""


@dataclasses.dataclass
class Part:
    """What one part of a workbook holds: of use where it is a sheet.

    `last_row` and `last_column` are the corner of what is filled in, `rows` how many rows hold
    anything. `formulas`, and cells with words `struck` through, are given by row and column.
    `hidden_rows` and `hidden_columns` nobody sees, the columns as pairs of first and last.
    `merged` are ranges of cells that are one: the first row and column, and how it is written.
    """

    last_row: int = 0
    last_column: int = 0
    rows: int = 0
    formulas: set[tuple[int, int]] = dataclasses.field(default_factory=set)
    struck: set[tuple[int, int]] = dataclasses.field(default_factory=set)
    hidden_rows: set[int] = dataclasses.field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    merged: list[tuple[int, int, str]] = dataclasses.field(default_factory=list)


def look_through(archive: zipfile.ZipFile, most: int) -> dict[str, Part]:
    """Look through every part of a workbook.

    All parts together may have `most` elements; those that take long count several times.

    Returns
    -------
    What each part holds, by its entry's name.

    Raises
    ------
    Refused
        A part declares a document type, holds a text without end, or rows that are out of order.
    TooLarge
        There are more elements.
    """
    parts: dict[str, Part] = {}
    spent = 0
    for entry in archive.infolist():
        look = _Look(entry.filename, most - spent)
        with archive.open(entry) as stream:
            look.through(stream)
        # A sheet that does not say how large it is gets read twice.
        spent += look.spent * (2 if look.is_sheet and not look.is_sized else 1)
        if spent > most:
            raise TooLarge
        parts[entry.filename] = look.part
    return parts


def corner(reference: str) -> tuple[int, int]:
    """Return the row and the column of a cell, by its reference.

    >>> corner("B7")
    (7, 2)
    """
    match = _CORNER.fullmatch(reference)
    if match is None:
        raise Refused(f"{reference[:20]!r} is no cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


class _Look:
    """One part under way: where the last cell stood, and how much was spent."""

    def __init__(self, name: str, most: int):
        self.name, self.most, self.spent = name, most, 0
        self.part = Part()
        self.row = self.column = 0
        self.is_sheet = self.is_number = self.is_sized = self.hides = False
        self.begun = 0
        self.parser = expat.ParserCreate()
        self.elements: Mapping[str, Callable[[Mapping[str, str]], None]] = {
            "row": self._row, "c": self._cell, "v": self._value, "f": self._formula,
            "is": self._filled, "col": self._hidden_column, "mergeCell": self._merged,
            "strike": self._strike, "dimension": self._sized, "sheetFormatPr": self._format,
        }  # fmt: skip

    def through(self, stream: IO[bytes]) -> None:
        """Read the part to its end; one that is no XML, such as a picture, is left alone."""
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._doctype
        quiet = 0
        try:
            while block := stream.read(_BLOCK):
                before = self.spent
                parser.Parse(block, False)
                quiet = 0 if self.spent > before else quiet + len(block)
                if quiet > _LONGEST_RUN:
                    raise Refused(f"{self.name} holds a text of more than {_LONGEST_RUN} bytes")
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            if self.name.endswith((".xml", ".rels")):
                raise Refused(f"{self.name} is not well-formed XML: {error}") from None

    def _doctype(self, *declared: object) -> None:
        raise Refused(f"{self.name} declares a document type")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(":")[2]
        self.spent += _COSTS.get(local, _ANY)
        if self.spent > self.most:
            raise TooLarge
        if self.begun and self.parser.CurrentByteIndex - self.begun > _LONGEST_NUMBER:
            raise Refused(f"{self.name} holds a number of more than {_LONGEST_NUMBER} characters")
        self.begun = 0
        if local == "worksheet":
            self.is_sheet = True
        elif self.is_sheet and local in self.elements:
            self.elements[local](attributes)

    def _sized(self, attributes: Mapping[str, str]) -> None:
        self.is_sized = True

    def _format(self, attributes: Mapping[str, str]) -> None:
        self.hides = _true(attributes.get("zeroHeight"))

    def _row(self, attributes: Mapping[str, str]) -> None:
        row = _number(attributes.get("r", str(self.row + 1)))
        if row <= self.row:
            raise Refused(f"row {row} of {self.name} stands behind row {self.row}")
        self.row, self.column = row, 0
        hidden = _true(attributes.get("hidden")) or _nothing(attributes.get("ht"))
        if hidden or (self.hides and not attributes.get("ht")):
            self.part.hidden_rows.add(row)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self.row, self.column + 1
        if "r" in attributes:
            row, column = corner(attributes["r"])
        if row != self.row or column <= self.column:
            raise Refused(f"cell {attributes['r']} of {self.name} stands out of order")
        # A reader makes empty cells for those left out in front of this one.
        self.spent += (column - self.column - 1) // 8
        self.column = column
        self.is_number = attributes.get("t", "n") == "n"

    def _value(self, attributes: Mapping[str, str]) -> None:
        if self.is_number:
            self.begun = self.parser.CurrentByteIndex
        self._filled(attributes)

    def _formula(self, attributes: Mapping[str, str]) -> None:
        self.part.formulas.add((self.row, self.column))
        self._filled(attributes)

    def _strike(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("val") not in ("0", "false"):
            self.part.struck.add((self.row, self.column))

    def _filled(self, attributes: Mapping[str, str]) -> None:
        if self.part.last_row < self.row:
            self.part.rows += 1
            self.part.last_row = self.row
        self.part.last_column = max(self.part.last_column, self.column)

    def _hidden_column(self, attributes: Mapping[str, str]) -> None:
        if _true(attributes.get("hidden")) or _nothing(attributes.get("width")):
            first = attributes.get("min", "")
            last = attributes.get("max", first)
            self.part.hidden_columns.append((_number(first), _number(last)))

    def _merged(self, attributes: Mapping[str, str]) -> None:
        area = attributes.get("ref", "")
        self.part.merged.append((*corner(area.partition(":")[0]), area))


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,7}", text):
        raise Refused(f"{text[:20]!r} is no row or column")
    return int(text)


def _true(text: str | None) -> bool:
    return text in ("1", "true")


def _nothing(size: str | None) -> bool:
    """Say whether a height or a width is written, and is nothing."""
    return bool(size) and not re.search("[1-9]", str(size))
