"""Rows as CSV, for programs and for people with a spreadsheet.

A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula.
Where people open a file, an apostrophe goes before such a text, and comes off when the file is
read again. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

import pandas as pd

# Full-width signs are taken for plain ones by some spreadsheets.
_RUNS = "[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]"
RUNS = f"^'*{_RUNS}"
"""How a cell begins that a spreadsheet runs, or that would be taken for one made inert."""
NUMBER = "^[+-]?[0-9]+([.][0-9]+)?[a-z%]?[*]?$"
"""A number runs nothing, nor does a position with its marks, such as `-1.5i*`."""


def inert(text: str) -> str:
    """Return a cell that no spreadsheet runs; the same text where none would.

    >>> inert("=1+1"), inert("-1.5i*"), inert("'tis"), inert("'=1+1")
    ("'=1+1", '-1.5i*', "'tis", "''=1+1")
    """
    return f"'{text}" if runs(text) else text


def runs(text: str) -> bool:
    """Say whether a spreadsheet would run a cell, or show less of it than it holds."""
    number = re.match(NUMBER, text) and not text.endswith("\n")
    return bool(re.match(RUNS, text)) and not number


def plain(text: str) -> str:
    """Return the text that `inert` was given.

    >>> plain("'=1+1"), plain("'tis"), plain("-2")
    ('=1+1', "'tis", '-2')
    """
    return text[1:] if re.match(f"'+{_RUNS}", text) else text


def table_csv(table: pd.DataFrame) -> str:
    """Write a table for people to open: its headings, and rows with no cell that runs.

    >>> table_csv(pd.DataFrame({"name": ["=1+1", "Ann"], "score": [-1, 2]})).split()
    ['name,score', "'=1+1,-1", 'Ann,2']
    """
    texts = table.select_dtypes(["str", "object", "category"]).columns
    safe = table.assign(**{
        name: table[name].map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
        for name in texts
    })  # fmt: skip
    safe.columns = [inert(str(name)) for name in safe.columns]
    return str(safe.to_csv(index=False, lineterminator="\n"))


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Write rows as the bytes of a CSV file: UTF-8, lines that end in LF.

    Bytes that were no UTF-8 when they were read come out as they were, for the study's reader to
    refuse.
    """
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode("utf-8", "surrogateescape")


def inert_csv(rows: Iterable[Iterable[str]]) -> bytes:
    r"""Write rows as `as_csv` does, for people to open: no cell of them runs.

    >>> inert_csv([["answer", "times"], ["=1+1", "-2"]])
    b"answer,times\n'=1+1,-2\n"
    """
    return as_csv([inert(cell) for cell in row] for row in rows)
