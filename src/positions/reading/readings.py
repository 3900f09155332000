"""What others read in a cell: coders, checks and the decision, side by side.

Whoever calls this has seen the readings. Nothing else of the workbench looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import pandas as pd

from positions.auditing.frame import Cell
from positions.study.load import Study
from positions.study.schema import CELL

T = TypeVar("T", bound=Mapping[str, Any])


def of_cell(table: pd.DataFrame, cell: Cell) -> list[dict[str, Any]]:
    """Return the rows of a table on a cell; what is missing is None."""
    mine = table[(table[CELL] == list(cell)).all(axis=1)]
    filled = mine.astype(object).where(mine.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in filled.to_dict("records")]


def readings(study: Study, cell: Cell, without: str = "") -> list[dict[str, Any]]:
    """Return what is on record of a cell, a row a reading.

    Parameters
    ----------
    study
        The study.
    cell
        Body, proposition and source.
    without
        Whose own checks to leave out.

    Returns
    -------
    list
        Rows with `who`, `kind` (`coder`, `check` or `decision`), `stance` (None: nothing to code),
        `basis`, `quote`, `start`, `end` and `note`. A coder who read the source and has no row for
        the cell has one without a stance: the coder saw nothing to code.
    """
    coded = of_cell(study.codings, cell)
    found = [
        {"who": row["coder"], "kind": "coder",
         **{name: row[name] for name in ("stance", "basis", "quote", "start", "end", "note")}}
        for row in coded
    ]  # fmt: skip
    read = study.codings.loc[study.codings["source_id"] == cell[2], "coder"]
    for coder in sorted(set(read) - {row["coder"] for row in coded}):
        found.append(reading(coder, "coder", None, ""))
    for row in last(of_cell(study.checks, cell)):
        if row["checker"] != without:
            found.append(reading(row["checker"], "check", row["stance"], row["note"]))
    for row in of_cell(study.adjudications, cell):
        found.append(reading("decided", "decision", row["stance"], row["reason"]))
    return found


def last(checks: Iterable[T]) -> list[T]:
    """Return the last verdict of each checker on each cell: an older one is on an older code."""
    by_day = sorted(checks, key=lambda row: str(row["checked"]))  # keeps the order within a day
    found = {tuple(row[name] for name in (*CELL, "checker")): row for row in by_day}
    return list(found.values())


def reading(who: str, kind: str, stance: int | None, note: str) -> dict[str, Any]:
    """Return a reading that no phrase carries."""
    return {"who": who, "kind": kind, "stance": stance, "basis": "", "quote": "", "start": None,
            "end": None, "note": note}  # fmt: skip
