"""What an analyst must look at: checks that do not count, texts that moved, cells not settled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from positions.auditing import checking
from positions.auditing.audit import Audit
from positions.auditing.frame import Cell, among, keys, mark
from positions.study.load import Study
from positions.study.problems import NOTE, WARNING, Problem, in_order
from positions.study.schema import CELL
from positions.words import plural

_STALE = {
    checking.RECODED: (
        WARNING, "check-stale", "the code has changed since it was checked: the check is shown, "
        "not counted, and its cell counts as wrong until it is checked again",
    ),
    checking.NEW_TEXT: (
        WARNING, "text-moved", "the text has changed since it was checked: the check is shown, not "
        "counted, and its cell counts as wrong until it is checked again",
    ),
    checking.NOT_BLIND: (
        NOTE, "not-blind", "the checker had seen a reading: the check is shown, not counted",
    ),
    checking.OWN: (
        NOTE, "own-code", "the checker is a coder of this cell: the check is shown, not counted",
    ),
}  # fmt: skip

_AGAIN = (
    NOTE, "check-superseded", "the code or the text has changed since, and the same person has "
    "checked the cell again: the newer check counts",
)  # fmt: skip
_WHO = [*CELL, "checker"]


def notices(found: Audit) -> list[Problem]:
    """List, each with its place, what does not count and what waits for a person.

    Returns
    -------
    list
        Warnings and notes: `check-stale`, `text-moved`, `check-superseded`, `not-blind`,
        `own-code`, `checkers-differ` and `sample-grown`. What is gone is named by the study's own
        check.
    """
    study = found.analysis.study
    listed = found.checks
    return in_order(
        [*_checks(study, listed), *_samples(found), *_differ(study, found.cells, listed)]
    )


def _checks(study: Study, listed: pd.DataFrame) -> Iterator[Problem]:
    counted = listed["result"].isin(checking.HEARD)
    again = set(listed.loc[counted, _WHO].itertuples(index=False, name=None))
    texts = study.sources.set_index("source_id")["sha256"]
    for line, cell, row in _placed(study, "checks", listed):
        if row["result"] in _STALE:
            severity, rule, what = _STALE[row["result"]]
            fix = "let another person check the cell, or leave the row"
            if row["result"] in (checking.RECODED, checking.NEW_TEXT):
                now = mark(cell, row["code"], texts[row["source_id"]])
                fix = (f"have it checked again, blind, by another person; by hand in a new row, "
                       f"with the mark {now}")  # fmt: skip
                if tuple(row[_WHO]) in again:
                    severity, rule, what = _AGAIN
                    fix = "leave the row: it stays on record"
            yield _problem(study, "checks", line, severity, rule, cell, what, fix)


def _differ(study: Study, cells: pd.DataFrame, listed: pd.DataFrame) -> Iterator[Problem]:
    open_ = set(keys(cells[cells["why"] == checking.DIFFER]))
    for line, cell, _ in _placed(study, "checks", listed):
        if cell in open_:
            yield _problem(
                study, "checks", line, NOTE, "checkers-differ", cell,
                "people differ on this cell: it counts as wrong until they agree",
                "let them read the text together, and write what they decide",
            )  # fmt: skip


def _samples(found: Audit) -> Iterator[Problem]:
    study = found.analysis.study
    texts = study.sources.set_index("source_id")["sha256"]
    for line, cell, row in _placed(study, "samples", study.samples):
        text = texts.get(cell[2])
        if text is not None and checking.coded_as(row["mark"], cell, text) is None:
            yield _problem(
                study, "samples", line, WARNING, "text-moved", cell,
                "the text has changed since the cell was drawn",
                "store the text that was drawn, or check the cell in the new text",
            )  # fmt: skip
    if new := int((~among(found.cells[found.cells["drawn"]], study.samples)).sum()):
        file, _ = study.places["samples"]
        yield Problem(
            NOTE, file, 0, 0, "", "sample-grown", str(new),
            f"{plural(new, 'cell')} came into the study after the draw, which would take them",
            "draw again with the same numbers: their rows are added",
        )  # fmt: skip


def _placed(study: Study, table: str, rows: pd.DataFrame) -> Iterator[tuple[int, Cell, pd.Series]]:
    _, lines = study.places[table]
    for line, cell, (_, row) in zip(lines, keys(rows), rows.iterrows(), strict=True):
        yield line, cell, row


def _problem(
    study: Study, table: str, line: int, severity: str, rule: str, cell: Cell, what: str,
    fix: str,
) -> Problem:  # fmt: skip
    file, _ = study.places[table]
    return Problem(severity, file, line, 0, "source_id", rule, " / ".join(cell), what, fix)
