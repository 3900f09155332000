"""The id that was meant: by its row's name or label, or by a slip of the key."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import Any

NAMES = {
    "bodies": ("name",), "sources": ("title",), "propositions": ("label", "statement"),
    "models": ("label",), "coders": ("name",),
}  # fmt: skip
"""The columns of a table that name its rows for people."""
_SEARCHED = 2_000
"""Ids among which a near one is looked for; with more, looking takes longer than it helps."""


def plain(name: str) -> str:
    """Return a name in NFC, with its white space folded."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def by_name(
    table: str, ids: Collection[str], key: str, rows: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Return the id that each id and name stands for, in small letters; none that two rows share.

    >>> by_name("bodies", {"lga"}, "body_id", [{"body_id": "lga", "name": "L.G.A."}])
    {'lga': 'lga', 'l.g.a.': 'lga'}
    """
    owners: dict[str, set[str]] = {one.casefold(): {one} for one in ids}
    for row in rows:
        for column in NAMES.get(table, ()):
            owners.setdefault(plain(row.get(column, "")).casefold(), set()).add(row[key])
    return {name: min(own) for name, own in owners.items() if name and len(own) == 1}


def exactly(value: str, known: Mapping[str, str]) -> str:
    """Return the id whose name this is, whatever its capitals; "" for none."""
    return known.get(plain(value).casefold(), "")


def nearest(value: str, known: Mapping[str, str]) -> str:
    """Return the id that a name, or a slip of the key, stands for; "" where none is near."""
    if len(set(known.values())) > _SEARCHED:
        return exactly(value, known)
    found = difflib.get_close_matches(plain(value).casefold(), known, 1, 0.6)
    return known[found[0]] if found else ""
