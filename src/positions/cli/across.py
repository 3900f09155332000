"""What `positions read --across` does: for how many readers each claim of the study holds."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from positions.cli.common import DATA, GOOD, complain, refuse, say
from positions.cli.task import answered

_FIRST = 3
"""Cells that are named, of those on which readers differ most."""

if TYPE_CHECKING:
    import pandas as pd

    from positions.reading.requests import Task
    from positions.study.load import Study


def across(files: Sequence[pathlib.Path], task: Task) -> int:
    """Say it of the study's own readers, and of those whose answers are in the files."""
    from positions.measures.analysis import analyse
    from positions.robustness import readers
    from positions.study.problems import StudyError
    from positions.words import plural

    try:
        study = _with(files, task)
    except StudyError as error:
        refuse(error.problems, "nothing was compared.")
    judged = readers.by_reader(analyse(study))
    if judged.empty:
        complain("positions: the study has no reader, or makes no claim on scores.")
        return DATA
    listed = judged.drop_duplicates("reader")
    named = [
        f"{row['reader']} ({row['kind'] or 'coder'}, {plural(row['sources'], 'source')})"
        for _, row in listed.iterrows()
    ]
    say(f"{plural(len(named), 'reader')}: {'; '.join(named)}.")
    for _, claim in readers.across(judged).iterrows():
        say(f"  {claim['wording']}: {claim['words']}{_but(judged, claim['claim_id'])}.")
    from positions.reading.disagreement import by_disagreement
    from positions.study.schema import CELL

    cells = by_disagreement(study.codings)
    cells = cells[cells["disagreement"] > 0]
    if len(cells):
        first = [" / ".join(row[name] for name in CELL) for _, row in cells.head(_FIRST).iterrows()]
        say(f"Readers differ on {plural(len(cells), 'cell')}; look first at: {'; '.join(first)}.")
    say("That readers agree is no accuracy: readers of one make can err alike.")
    return GOOD


def _but(judged: pd.DataFrame, claim_id: str) -> str:
    """Name the readers for whom a claim fails, or cannot be judged."""
    from positions.robustness.claims import FAILS, NOT_JUDGED
    from positions.words import listed

    mine = judged[judged["claim_id"] == claim_id]
    if (mine["verdict"] == NOT_JUDGED).all():
        return ""
    said = ""
    for verdict, what in ((FAILS, "fails for"), (NOT_JUDGED, "cannot be judged for")):
        if len(those := mine.loc[mine["verdict"] == verdict, "reader"]):
            said += f"; {what} {listed(those.tolist())}"
    return said


def _with(files: Sequence[pathlib.Path], task: Task) -> Study:
    """Return the study with the codes of each file, by a reader of the file's name."""
    from positions.reading import judging

    study = task.study
    for path in files:
        codes, _ = judging.judge(answered(path, task), task.requests, task.texts)
        if path.stem in set(study.codings["coder"]) | set(study.coders["coder"]):
            raise OSError(f"{path}: the study has a reader {path.stem!r} already; rename the file")
        if len(study.coders):
            told = {"coder": path.stem, "kind": "model", "name": path.stem}
            study = study.with_rows("coders", [told], allow_unresolved=True)
        rows = [{**code.row, "coder": path.stem} for code in codes]
        study = study.with_rows("codings", rows, allow_unresolved=True)
    return study
