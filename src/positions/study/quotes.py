"""Check that each phrase stands in its source text where the table says it stands.

Texts are other people's and are not shipped. Whoever has them, as files `<source_id>.txt`, can
check every phrase. White space, curly and straight quotation marks, soft hyphens and no-break
spaces fold before phrases are compared; nothing else does. Offsets change only when asked for.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import pathlib

import pandas as pd

from positions import _files
from positions.study.csv_cells import as_csv

_QUOTES = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f", "''''\"\"\"\"")
_SOFT_HYPHEN = "\u00ad"


def fold(text: str) -> str:
    r"""Fold what may differ between a phrase and its text: white space, quotation marks.

    >>> fold("the\n  \u2018Bill\u2019")
    "the 'Bill'"
    """
    return " ".join(text.replace(_SOFT_HYPHEN, "").translate(_QUOTES).split())


def places(quote: str, text: str) -> list[tuple[int, int]]:
    """Find a phrase in a text: the code-point offsets of every occurrence.

    >>> places("a b", "a  b, a b")
    [(0, 4), (6, 9)]
    """
    folded, offsets = _folded_with_offsets(text)
    sought = fold(quote)
    found, at = [], folded.find(sought) if sought else -1
    while at >= 0:
        found.append((offsets[at], offsets[at + len(sought) - 1] + 1))
        at = folded.find(sought, at + 1)
    return found


def _folded_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold a text and return, for each character left, where it stood."""
    characters: list[str] = []
    offsets: list[int] = []
    for at, char in enumerate(text):
        if char == _SOFT_HYPHEN:
            continue
        if char.isspace():
            if characters and characters[-1] != " ":
                characters.append(" ")
                offsets.append(at)
            continue
        characters.append(char.translate(_QUOTES))
        offsets.append(at)
    return "".join(characters), offsets


def texts(folder: str | pathlib.Path, sources: pd.DataFrame) -> dict[str, bytes]:
    """Read the stored texts of the sources, as bytes; links are not followed."""
    found = {}
    for source_id in sources["source_id"]:
        path = pathlib.Path(folder) / f"{source_id}.txt"
        if path.is_file() and not path.is_symlink() and path.name == f"{source_id}.txt":
            found[source_id] = path.read_bytes()
    return found


def verify_texts(sources: pd.DataFrame, stored: dict[str, bytes]) -> pd.DataFrame:
    """Check that the stored texts are the ones that were coded.

    Returns
    -------
    DataFrame
        One row per source: `result`: `same` (length and SHA-256 agree), `changed`, `no hash`
        (the table gives none to compare with) or `absent` (no stored text).
    """

    def result(row: pd.Series) -> str:
        raw = stored.get(row["source_id"])
        if raw is None:
            return "absent"
        if not row["sha256"]:
            return "no hash"
        same = hashlib.sha256(raw).hexdigest() == row["sha256"]
        same &= len(raw.decode("utf-8", "replace")) == row["characters"]
        return "same" if same else "changed"

    results = [result(row) for _, row in sources.iterrows()]
    return sources[["source_id", "text_seen"]].assign(result=pd.Series(results, dtype="str"))


def verify(codings: pd.DataFrame, stored: dict[str, bytes]) -> pd.DataFrame:
    """Check that each phrase stands where the table says, letter by letter.

    Parameters
    ----------
    codings
        One row per coding: `source_id`, `quote`, `start`, `end`.
    stored
        The texts' bytes by source_id, as `texts` returns them.

    Returns
    -------
    DataFrame
        The key columns of `codings`, one row each, with `result`: `found` (at its offsets);
        `moved` (not there, but elsewhere: `found_at` lists the places as start-end); `gone`
        (nowhere in the text); `absent` (no stored text to check against).
    """
    decoded = {name: raw.decode("utf-8", "replace") for name, raw in stored.items()}
    results, found_at = [], []
    starts, ends = codings["start"].fillna(-1).tolist(), codings["end"].fillna(-1).tolist()
    columns = (codings["source_id"].tolist(), codings["quote"].tolist(), starts, ends)
    for source_id, quote, start, end in zip(*columns, strict=True):
        text = decoded.get(source_id)
        where: list[tuple[int, int]] = []
        if text is None:
            result = "absent"
        elif start >= 0 and fold(text[start:end]) == fold(quote):
            result = "found"
        else:
            where = places(quote, text)
            result = "moved" if where else "gone"
        results.append(result)
        found_at.append(tuple(where))
    key = ["body_id", "proposition_id", "source_id", "coder", "quote", "start", "end"]
    return codings[key].assign(
        result=pd.Series(results, dtype="str", index=codings.index),
        found_at=pd.Series(found_at, dtype="object", index=codings.index),
    )


def nearest(quote: str, text: str) -> tuple[int, int] | None:
    """Find the passage of a text that is most like a phrase which stands nowhere in it.

    It is laid around the longest run of characters that the two share, and widened to whole
    words. None where they share less than a third of the phrase.

    >>> nearest("a market is welcomf", "As we said, a market is welcome.")
    (12, 32)
    """
    folded, offsets = _folded_with_offsets(text)
    sought = fold(quote)
    matcher = difflib.SequenceMatcher(None, folded, sought, autojunk=False)
    shared = matcher.find_longest_match()
    if 3 * shared.size < len(sought) or not shared.size:
        return None
    start = max(shared.a - shared.b, 0)
    end = min(start + len(sought), len(folded))
    start = folded.rfind(" ", 0, start + 1) + 1
    end = len(folded) if (after := folded.find(" ", end - 1)) < 0 else after
    return offsets[start], offsets[end - 1] + 1


def accept_moves(table: str | pathlib.Path, checked: pd.DataFrame) -> int:
    """Write new offsets for phrases that moved and stand in their text exactly once.

    Every other cell of the file stays as it was. The file is replaced in one step.

    The `table` is the file `codings.csv` of the study, `checked` what `verify` found.

    Returns
    -------
    How many rows have new offsets.
    """
    once = checked[(checked["result"] == "moved") & (checked["found_at"].map(len) == 1)]
    key = ["body_id", "proposition_id", "source_id", "coder", "quote"]
    new = dict(zip(once[key].itertuples(index=False, name=None), once["found_at"], strict=True))
    path = pathlib.Path(table)
    header, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    at = {name: header.index(name) for name in [*key, "start", "end"]}
    changed = 0
    for row in rows:
        if place := new.get(tuple(row[at[name]] for name in key)):
            row[at["start"]], row[at["end"]] = map(str, place[0])
            changed += 1
    mode = path.stat().st_mode
    _files.put(path, as_csv([header, *rows]))
    path.chmod(mode)
    return changed
