"""Any file of answers, record by record: sound rows copied with their place, the others listed."""

from __future__ import annotations

import csv
import pathlib
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from positions.responses import layouts, records
from positions.responses.backend import Frame, number
from positions.responses.database import Workspace
from positions.responses.layouts import FINISHED, STATUS, Layout
from positions.responses.mapping import Columns
from positions.responses.questions import folded
from positions.responses.validate import no_reasons

FAULTS = ("file", "line", "reason", "column", "value")
_UNFINISHED = frozenset({"", "0", "false", "no", "incomplete", "partial", "in progress"})
_TRIALS = frozenset({"1", "2", "8", "9", "17", "survey preview", "survey test", "spam",
                     "possible spam", "offline survey preview"})  # fmt: skip
"""What survey programs write of a response that is unfinished, a trial, or spam."""
# The end of a line must be said: one within a field may be taken for it.
_COPIED = (
    f"delim=',', new_line='\\n', parallel=false, max_line_size={4 * records.LONGEST}, "
    f"buffer_size={8 * records.LONGEST}"
)
Rows = tuple[Frame, tuple[Frame, ...], pd.DataFrame]


def copied(
    space: Workspace,
    laid: Mapping[pathlib.Path, Layout],
    wanted: Columns,
    read: records.Read,
) -> Rows:
    """Copy the sound records of files with the place of each; list the others.

    Returns
    -------
    rows, faults, reasons
        Sound rows under plain names, with `_file` and `_line`; the others as rejects are listed;
        and how many each reason set aside.
    """
    good, bad = space.folder / "sound.csv", space.folder / "damaged.csv"
    reasons: Counter[str] = Counter()
    written = 0
    with (
        open(good, "w", encoding="utf-8", newline="") as out,
        open(bad, "w", encoding="utf-8", newline="") as aside,
    ):
        sound, damaged = (
            csv.writer(h, quoting=csv.QUOTE_ALL, lineterminator="\n") for h in (out, aside)
        )
        for path, layout in laid.items():
            for line, fields, fault in layouts.rows(path, layout, read):
                if reason := fault or _set_aside(fields, wanted.aside):
                    reasons[reason] += 1
                    value = records.shown(fields) if fault else ""
                    damaged.writerow([path.name, line, reason, "", value])
                else:
                    kept = (fields[place] for place in wanted.places.values())
                    sound.writerow([path.name, line, *kept])
                    written += 1
    place = {"_file": "VARCHAR", "_line": "BIGINT"}
    types = {**place, **dict.fromkeys(wanted.places, "VARCHAR")}
    rows = space.settle(space.csv([good], types, _COPIED, types))
    if (again := number(rows)) != written:
        raise AssertionError(f"{written} rows were copied, and {again} read again")
    listed = {name: "BIGINT" if name == "line" else "VARCHAR" for name in FAULTS}
    faults = space.csv([bad], listed, _COPIED, listed)
    counted = pd.DataFrame(sorted(reasons.items()), columns=["reason", "rows"])
    return rows, (faults,), pd.concat([no_reasons(), counted], ignore_index=True)


def _set_aside(fields: Sequence[str], columns: Mapping[str, int]) -> str:
    """Say why a survey program's row is no answer; empty where it is one."""
    if STATUS in columns and folded(fields[columns[STATUS]]) in _TRIALS:
        return "preview or test"
    if FINISHED in columns and folded(fields[columns[FINISHED]]) in _UNFINISHED:
        return "not finished"
    return ""
