"""CSV files that are proved to be plain, read by DuckDB where they lie."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping

from positions.responses import plain, records
from positions.responses.backend import Frame
from positions.responses.database import Workspace, as_text
from positions.responses.layouts import Layout
from positions.responses.mapping import Columns
from positions.responses.plain import Proof
from positions.responses.questions import Survey
from positions.responses.validate import Judged, judge

READ_TOGETHER = 8_000_000
"""Bytes of CSV that are held at once, several times over."""


def judged(
    space: Workspace, laid: Mapping[pathlib.Path, Layout], survey: Survey, wanted: Columns
) -> Judged | None:
    """Judge plain CSV files; None where they must be read carefully, or places must be told.

    Numbers are read as numbers, since that is quicker: a word among them shows itself as an
    error. Where there are only numbers, a type and a respondent, they are counted where they lie:
    to judge anything else takes several passes, which a copy as Parquet is quicker for.
    """
    import duckdb

    proof = _proof(laid) if not wanted.aside else None
    if proof is None:
        return None
    codes = set() if wanted.long else {q.column for q in survey.questions if q.plain_numbers}
    for numbers in (codes, set[str]()) if codes else (codes,):
        rows = _read(space, laid, wanted, (numbers, proof))
        space.in_csv = set(wanted.places) <= {"type", "respondent", *numbers}
        try:
            kept = rows if space.in_csv else space.settle(rows)
            found = judge(kept, survey, space, wanted.unread)
        except duckdb.OutOfMemoryException:
            raise  # says nothing about the file
        except duckdb.Error:
            continue
        clean = not found.rejects and found.unknown.empty
        return found if clean and found.read == proof.records else None
    return None


def _proof(laid: Mapping[pathlib.Path, Layout]) -> Proof | None:
    """Prove that all files are plain, and alike; None where that cannot be proved."""
    first = next(iter(laid.values()))
    whole: Proof | None = None
    for path, layout in laid.items():
        if not layout.delimiter or layout != first:
            return None
        found = plain.proof(path, layout.delimiter, layout.begins - 1, len(layout.names))
        if found is None or (whole and whole.end != found.end):
            return None
        whole = found if whole is None else dataclasses.replace(
            whole, records=whole.records + found.records,
            several_lines=whole.several_lines or found.several_lines,
        )  # fmt: skip
    return whole


def _read(
    space: Workspace,
    laid: Mapping[pathlib.Path, Layout],
    wanted: Columns,
    how: tuple[set[str], Proof],
) -> Frame:
    """Read plain files: some columns as numbers; in one thread where a record has several lines."""
    numbers, proof = how
    layout = next(iter(laid.values()))
    by_place = {place: name for name, place in wanted.places.items()}
    names = [by_place.get(place, f"unread{place}") for place in range(len(layout.names))]
    types = {name: "DOUBLE" if name in numbers else "VARCHAR" for name in names}
    end = proof.end.encode("unicode_escape").decode()
    options = (
        f"delim={as_text(layout.delimiter)}, new_line={as_text(end)}, "
        f"skip={layout.begins - 1}, buffer_size={READ_TOGETHER}, "
        f"max_line_size={records.LONGEST}, parallel={str(not proof.several_lines).lower()}"
    )
    return space.csv(list(laid), types, options, wanted.places)
