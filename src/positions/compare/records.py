"""What differs between two checked studies: record by record, and in their settings.

Rows are told apart by their keys, never by their place: an order of rows, a way of quoting or a
weight written as 1 instead of left empty is no change. A record under another id is another
record: one taken out and one added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from positions.study import schema
from positions.study.load import Study

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
SETTINGS = "settings"
"""The name under which a study's own settings stand among its tables."""
_SET = (
    "title", "description", "version", "created", "reference_model", "featured", "phases", "as_of",
    "ranked_from", "contact",
)  # fmt: skip
COLUMNS = ["table", "key", "body_id", "change", "column", "old", "new"]
MEANING = {
    ("propositions", "statement"): (
        "Propositions with another wording",
        "Every code on them, old or new, now answers a different sentence.",
    ),
    ("propositions", "weight"): (
        "Propositions with another weight",
        "Scores that rest on them move although no reading changed.",
    ),
    ("propositions", "kind"): (
        "Propositions of another kind",
        "Agreement counts the design alone: scores move although no reading changed.",
    ),
    ("model_positions", "position"): (
        "Positions of models that changed",
        "The yardstick moved: scores move although no reading changed.",
    ),
    ("outcomes", "stance"): (
        "Readings of the outcome that changed",
        "Attainment moves although no reading of a body changed.",
    ),
    ("bodies", "kind"): (
        "Bodies whose kind changed",
        "The kind decides whether a body is ranked.",
    ),
    (SETTINGS, "reference_model"): (
        "The study's settings",
        "The report now speaks first of agreement with a different model.",
    ),
    (SETTINGS, "ranked_from"): (
        "How many propositions a rank needs",
        "Other bodies are ranked although no score moved.",
    ),
    (SETTINGS, "as_of"): (
        "The last day whose sources count",
        "Positions and scores rest on other sources although no reading changed.",
    ),
}
"""Columns that change what is measured: what to call the records, and what follows."""


def records(old: Study, new: Study) -> pd.DataFrame:
    """List the records that were added, taken out or changed, and the settings that changed.

    Only what the studies' tables and settings hold is compared: their codebook, their licence
    and the descriptions of columns are not.

    Returns
    -------
    DataFrame
        One row per table, key and column that differs, in the order of the contract and sorted
        by key: `table`; `key`, its columns joined by " / " to be printed; `body_id`, where the
        key begins with a body, else empty; `change`: `added`, `removed` or
        `changed`; `column`; `old` and `new` as text, empty where nothing stands. A record added
        or taken out has a row for each of its columns that is not empty, its key's apart.
    """
    rows = _settings(old, new)
    for name, table in schema.contract().items():
        frames = [getattr(side, name) for side in (old, new)]
        names = _telling(table, frames)
        mine, theirs = (_values(frame, table, names) for frame in frames)
        for key in sorted(mine.keys() | theirs.keys()):
            was, now = mine.get(key), theirs.get(key)
            change = ADDED if was is None else REMOVED if now is None else CHANGED
            was, now = was or {}, now or {}
            body_id = key[0] if table.primary_key[0] == "body_id" else ""
            about = (name, " / ".join(key), body_id, change)
            rows += [
                (*about, column, was.get(column, ""), now.get(column, ""))
                for column in table.column_names
                if was.get(column, "") != now.get(column, "")
            ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _settings(old: Study, new: Study) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in _SET:
        was, now = (
            ", ".join(value) if isinstance(value := getattr(side, name), tuple) else str(value)
            for side in (old, new)
        )
        if was != now:
            rows.append((SETTINGS, name, "", CHANGED, name, was, now))
    return rows


def _telling(table: schema.TableSchema, frames: Sequence[pd.DataFrame]) -> list[str]:
    """Return what tells records apart: of the key, without what may be empty where that will do."""
    needed = [c.name for c in table.columns if c.required and c.name in table.primary_key]
    twice = any(frame.duplicated(needed).any() for frame in frames)
    return list(table.primary_key) if twice else needed


def _values(
    frame: pd.DataFrame, table: schema.TableSchema, names: Sequence[str]
) -> dict[tuple[str, ...], dict[str, str]]:
    """Return a table's records by what tells them apart: their other columns as text."""
    columns = {c: [_text(value) for value in frame[c].tolist()] for c in table.column_names}
    keys = zip(*(columns[name] for name in names), strict=True)
    others = {name: said for name, said in columns.items() if name not in names}
    return {
        key: {name: said[place] for name, said in others.items()} for place, key in enumerate(keys)
    }


def _text(value: Any) -> str:
    """Write a cell as text: the same number has one spelling, a missing one none."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return ""
    return repr(int(value) if float(value).is_integer() else float(value))


def counts(found: pd.DataFrame) -> pd.DataFrame:
    """Count, in what `records` returned, the records added, taken out or changed.

    Returns
    -------
    DataFrame
        One row per table with a change, in their order: `table`, `added`, `removed`, `changed`.
    """
    each = found.drop_duplicates(["table", "key"])
    wide = each.groupby(["table", "change"], sort=False).size().unstack(fill_value=0)
    wide = wide.reindex(columns=[ADDED, REMOVED, CHANGED], fill_value=0)
    return wide.rename_axis(columns=None).reset_index()


def renamed(found: pd.DataFrame) -> pd.DataFrame:
    """List, of what `records` returned, records that went and came under another key.

    Only a guess: two records that are alike in all else may be so by chance. A record of which
    two could be the twin is left out.

    Returns
    -------
    DataFrame
        One row per pair, sorted: `table`, `old` and `new` (keys).
    """
    twins: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, list[str]]] = {}
    moved = found[found["change"] != CHANGED]
    for (table, change, key), cells in moved.groupby(["table", "change", "key"], sort=True):
        side = "old" if change == REMOVED else "new"
        content = frozenset(zip(cells["column"], cells[side], strict=True))
        twins.setdefault((table, content), {"old": [], "new": []})[side].append(key)
    pairs = [
        (table, *sides["old"], *sides["new"])
        for (table, _), sides in twins.items()
        if len(sides["old"]) == len(sides["new"]) == 1
    ]
    return pd.DataFrame(sorted(pairs), columns=["table", "old", "new"], dtype="str")


def meanings(found: pd.DataFrame) -> pd.DataFrame:
    """List, of what `records` returned, the changes that alter what is measured.

    Returns
    -------
    DataFrame
        The rows of `found` that do, with `opening` (what the records are) and `consequence`.
    """
    pairs = zip(found["table"], found["column"], strict=True)
    known = pd.Series([pair in MEANING for pair in pairs], index=found.index, dtype=bool)
    marked = found[known & (found["change"] == CHANGED)]
    words = [MEANING[pair] for pair in zip(marked["table"], marked["column"], strict=True)]
    return marked.assign(
        opening=[opening for opening, _ in words], consequence=[what for _, what in words]
    ).reset_index(drop=True)
