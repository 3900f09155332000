"""A study against its source texts: what is not there as the tables say, and what to write."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from positions.study import quotes
from positions.study.load import Study
from positions.study.problems import ERROR, Problem


def problems(study: Study, stored: dict[str, bytes]) -> list[Problem]:
    """List what is not in the stored texts as the study's tables say.

    The study is as `load.check` reads it, the texts as `quotes.texts` returns them.

    Returns
    -------
    list
        A problem for each text that is not the one that was coded, or whose length and hash
        nobody wrote down, and for each phrase that does not stand at its place. Texts that are
        not there make none.
    """
    whole = quotes.verify_texts(study.sources, stored)
    phrases = {
        "codings": quotes.verify(study.codings, stored),
        "model_positions": models(study, stored),
        "outcomes": outcomes(study, stored),
    }
    return [
        *(_text(place, row, stored) for place, row in _rows(study, "sources", whole)
          if row["result"] == "changed"
          or (row["result"] == "no hash" and row["text_seen"] == "whole")),
        *(_moved(place, row) for place, row in _rows(study, "codings", phrases["codings"])
          if row["result"] == "moved"),
        *(_gone(place, row, stored[row["source_id"]].decode("utf-8", "replace"))
          for table, rows in phrases.items() for place, row in _rows(study, table, rows)
          if row["result"] == "gone"),
    ]  # fmt: skip


def models(study: Study, stored: Mapping[str, bytes]) -> pd.DataFrame:
    """Check that the phrases of the models stand in their texts, wherever in them.

    Returns
    -------
    DataFrame
        The rows of `study.model_positions` with `result`: `found`, `gone`, `absent` (the text is
        not stored) or `none` (no phrase carries it).
    """
    return _anywhere(study.model_positions, stored)


def outcomes(study: Study, stored: Mapping[str, bytes]) -> pd.DataFrame:
    """Check the phrases of `study.outcomes` as `models` checks those of the models."""
    return _anywhere(study.outcomes, stored)


def _anywhere(rows: pd.DataFrame, stored: Mapping[str, bytes]) -> pd.DataFrame:
    """Look for each row's phrase in its text, wherever it stands."""
    found = [
        "none" if not quote else "absent" if source not in stored
        else "found" if quotes.places(quote, stored[source].decode("utf-8", "replace"))
        else "gone"
        for source, quote in zip(rows["source_id"], rows["quote"], strict=True)
    ]  # fmt: skip
    return rows.assign(result=pd.array(found, dtype="str"))


Place = tuple[str, int]
"""A table's file and a line of it."""


def _rows(
    study: Study, table: str, rows: pd.DataFrame
) -> Iterator[tuple[Place, Mapping[Hashable, Any]]]:
    """Give each row of a table, in its order, with its place."""
    file, lines = study.places[table]
    for line, row in zip(lines, rows.to_dict("records"), strict=True):
        yield (file, line), row


def _text(place: Place, row: Mapping[Hashable, Any], stored: Mapping[str, bytes]) -> Problem:
    """Say that a text is another, or was never measured, and what to write."""
    raw = stored[row["source_id"]]
    write = (
        f"write characters {len(raw.decode('utf-8', 'replace'))} and sha256 "
        f"{hashlib.sha256(raw).hexdigest()}"
    )
    if row["result"] == "changed":
        rule, what = "text-changed", "the stored text is not the one that was coded"
        write = f"store the text that was coded; if this one is right, {write}"
    else:
        rule, what = "text-unmeasured", "nobody wrote down the length and the hash of the text"
    return Problem(ERROR, *place, 0, "sha256", rule, row["source_id"], what, write)


def _moved(place: Place, row: Mapping[Hashable, Any]) -> Problem:
    """Say where a phrase stands."""
    found = row["found_at"]
    where = ", ".join(f"{start}-{end}" for start, end in found)
    if pd.isna(row["start"]) or pd.isna(row["end"]):
        what = f"the phrase has no place; it stands at {where}"
    else:
        what = f"the phrase does not stand at {row['start']}-{row['end']}, but at {where}"
    if len(found) > 1:
        fix = "write the start and the end of the one that was read"
    else:
        fix = f"write start {found[0][0]} and end {found[0][1]}, or run with --accept-moves"
    return Problem(ERROR, *place, 0, "start", "phrase-moved", row["quote"], what, fix)


def _gone(place: Place, row: Mapping[Hashable, Any], text: str) -> Problem:
    """Say that a phrase stands nowhere in its text, and show the passage most like it."""
    what = f"the phrase stands nowhere in the text of {row['source_id']}"
    if near := quotes.nearest(row["quote"], text):
        start, end = near
        what += f"; the nearest passage, at {start}-{end}: «{quotes.fold(text[start:end])}»"
    fix = "copy the phrase from the text, letter by letter"
    return Problem(ERROR, *place, 0, "quote", "phrase-gone", row["quote"], what, fix)
