"""What each cell of a table is about: a body, a proposition, a source or a claim, by their ids.

A table says it in its HTML (`data-body="lga"` and so on), which changes nothing for readers of the
table alone; a site makes links of it. By the names of its columns: one that names a thing is about
that thing, and a number is about all that its row and its column are about.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from positions.words import BLANKS

IDS = {
    "body_id": "body", "other_id": "body", "first": "body", "second": "body",
    "proposition_id": "proposition", "source_id": "source", "follows": "source",
    "replaced_by": "source", "claim_id": "claim",
}  # fmt: skip
"""The columns that hold ids, and what they are ids of."""
NAMES = {
    "body_id": "body_id", "name": "body_id", "Body": "body_id",
    "other_id": "other_id", "next": "other_id", "one": "first", "other": "second",
    "proposition_id": "proposition_id", "label": "proposition_id",
    "Proposition": "proposition_id", "Asks about": "proposition_id",
    "source_id": "source_id", "title": "source_id", "follows": "follows",
    "replaced_by": "replaced_by",
    "claim_id": "claim_id", "wording": "claim_id",
}  # fmt: skip
"""The columns that name a thing, and the column that holds its id."""
ROW = ("body_id", "proposition_id", "source_id")
"""The ids that say what the numbers of a row are about."""
ACROSS = "across"
"""The attribute of a wide table that says what its columns are about: for the name of an id
column, the id of each heading. What its rows are about its index says, named by an id column."""

Subject = dict[str, str]

_FIGURE = re.compile(r"[+-]?\d+(\.\d+)?%?[ir]?\*?|(\d+%|\[x\]), \d+ of \d+|struck|not decided")
_NOTHING = {"", *BLANKS.values()}


def figures(cells: Sequence[str]) -> bool:
    """Tell whether all that a column prints is numbers, or that nothing was said.

    >>> figures(["+2i", "[x]"]), figures(["66%, 7 of 9"]), figures(["12", "twelve"])
    (True, True, False)
    """
    return all(cell in _NOTHING or _FIGURE.fullmatch(cell) for cell in cells)


def attributes(subject: Mapping[str, str]) -> str:
    """Return what a cell is about, as attributes of its element.

    >>> attributes({"body": "a&b"})
    ' data-body="a&amp;b"'
    """
    return "".join(f' data-{kind}="{html.escape(key)}"' for kind, key in subject.items())


def of_columns(data: pd.DataFrame, columns: Sequence[str]) -> list[Subject]:
    """Return what each column of a wide table is about; nothing for any other column."""
    across = data.attrs.get(ACROSS, {})
    return [
        {IDS[kind]: ids[column] for kind, ids in across.items() if column in ids}
        for column in columns
    ]


def of_cells(
    data: pd.DataFrame, columns: Sequence[str], printed: Sequence[Sequence[str]]
) -> list[list[Subject]]:
    """Return what each cell of a table is about.

    A cell that prints nothing, or that nothing was said, is about nothing. A number of a row
    about a claim is about nothing further: the row is where the claim is examined.

    Parameters
    ----------
    data
        A tidy table, or a wide one with its ids in its index and in `attrs`.
    columns
        The columns that are printed.
    printed
        Their cells as printed, row by row.

    Returns
    -------
    list
        For each row the subject of each cell: ids by `body`, `proposition`, `source`, `claim`.
    """
    ids = {column: data[column].tolist() for column in IDS if column in data.columns}
    if data.index.name in IDS:
        ids[str(data.index.name)] = data.index.tolist()
    whole = [] if "claim_id" in ids else [column for column in ROW if column in ids]
    found = []
    for at, (column, heads) in enumerate(zip(columns, of_columns(data, columns), strict=True)):
        cells = [row[at] for row in printed]
        if heads or figures(cells):
            about = whole
        else:
            about = [NAMES[column]] if NAMES.get(column) in ids else []
        found.append(
            [
                {} if cell in _NOTHING else _subject(ids, about, row) | heads
                for row, cell in enumerate(cells)
            ]
        )
    return [list(row) for row in zip(*found, strict=True)]


def _subject(ids: Mapping[str, list[object]], about: Sequence[str], row: int) -> Subject:
    """Return the ids that a row holds in some columns; what is missing or blank is left out."""
    held = {IDS[column]: ids[column][row] for column in about}
    return {kind: key for kind, key in held.items() if isinstance(key, str) and key}
