"""The queue Check: cells that were drawn, read by a person who has seen no reading of them.

Coded and blank cells stand in one order, which depends on neither, and what is told of a cell
before its verdict is locked is made without looking at any reading.
"""

from __future__ import annotations

import functools
from typing import Any

import pandas as pd

from positions.auditing.frame import Cell, keys, mark
from positions.measures.stances import resolve
from positions.reading.own_files import (
    CHECKS,
    SEEN,
    DeskError,
    OwnFiles,
    Row,
    as_rows,
    cell_of,
    code_of,
    code_text,
    one_line,
)
from positions.reading.pace import Clock, Pace
from positions.reading.queues import CellQueue
from positions.reading.readings import readings
from positions.study.load import Study
from positions.study.schema import CELL
from positions.words import plural


def _skipped(own: int, gone: int) -> str:
    """Say how many drawn cells are not this person's to check, and why."""
    told = []
    if own:
        told.append(f"{plural(own, 'drawn cell')} of texts that you coded yourself: not yours to "
                    "check.")  # fmt: skip
    if gone:
        told.append(f"{plural(gone, 'drawn cell')} of a body, proposition or source that has left "
                    "the study: left out.")  # fmt: skip
    return " ".join(told)


class BlindChecks(CellQueue):
    """The drawn cells for one person.

    Parameters
    ----------
    study
        The study. Of a cell's readings nothing is told until its verdict is locked.
    own
        The person's own files.
    clock
        Tells the time, and the day of a verdict.
    """

    def __init__(self, study: Study, own: OwnFiles, clock: Clock):
        self.study, self._own, self._clock = study, own, clock
        self.pace = Pace(clock, "cell")
        self.refused = self._who()
        """Why this person cannot check; empty where they can."""
        self.pieces, self.skipped = ([], "") if self.refused else self._queue()
        self.here = next(iter(self.waiting or self.pieces), None)

    def _who(self) -> str:
        coder, known = self._own.coder, self.study.coders.set_index("coder")["kind"]
        if self.study.samples.empty:
            return (
                "No cell is drawn to be checked: `positions audit STUDY --draw N --seed S` draws "
                "them (docs/checking.md)."
            )
        if coder not in known.index:
            return (
                f"coders.csv does not say who {coder} is: add the row {coder},person,<your name> "
                "before you check."
            )
        if known[coder] != "person":
            return f"{coder} is a program (coders.csv): only a person can check."
        return ""

    def _queue(self) -> tuple[list[Cell], str]:
        """Order the drawn cells by their texts, then as the codebook has its propositions."""
        study = self.study
        codings = study.codings
        coded = set(codings.loc[codings["coder"] == self._own.coder, "source_id"])
        coded |= {row["source_id"] for row in self._own.rows("codings")}
        known = [
            set(getattr(study, table)[column])
            for column, table in zip(CELL, ("bodies", "propositions", "sources"), strict=True)
        ]
        _, lines = study.places["propositions"]
        line = dict(zip(study.propositions["proposition_id"], lines, strict=True))
        drawn = keys(study.samples)
        there = [c for c in drawn if all(name in ids for name, ids in zip(c, known, strict=True))]
        mine = [cell for cell in there if cell[2] not in coded]
        skipped = _skipped(len(there) - len(mine), len(drawn) - len(there))
        return sorted(mine, key=lambda cell: (cell[2], line[cell[1]], cell[0])), skipped

    @property
    def locked(self) -> dict[Cell, Row]:
        """The verdicts that are locked, by their cells: those in the study and one's own.

        A verdict on a code or a text that has changed since is not among them: its cell is to be
        checked again.
        """
        return {cell_of(row): row for row in self._verdicts if self._stands(row)}

    @property
    def _verdicts(self) -> list[Row]:
        checks = self.study.checks
        mine = checks[checks["checker"] == self._own.coder]
        return [*as_rows(mine), *self._own.rows(CHECKS)]

    def _stands(self, row: Row) -> bool:
        """Say whether a verdict is on the code and the text as they are now."""
        cell = cell_of(row)
        seen = row["mark"] or self._drawn.get(cell, "")
        return not seen or cell not in self._texts_of or seen == self.mark(cell)

    @property
    def waiting(self) -> list[Cell]:
        """The cells without a verdict, in order."""
        locked = self.locked
        return [cell for cell in self.pieces if cell not in locked]

    def lock(self, cell: object, stance: object, note: object, problem: str = "") -> str:
        """Lock the verdict on a cell: it is saved, and cannot be changed.

        Parameters
        ----------
        cell
            The cell that the person looked at.
        stance
            From -2 to +2; None where there is nothing to code.
        note
            Why.
        problem
            Why its text cannot be judged; empty where it can.

        Returns
        -------
        What was saved, in a sentence.

        Raises
        ------
        DeskError
            When the cell is locked already, or the verdict is none. Nothing was saved.
        """
        known = self._known(cell)
        if problem:
            raise DeskError(problem)
        code = code_of(stance, "choose a verdict: -2 to +2, or nothing to code")
        if known in self.locked:
            raise DeskError("your verdict on this cell is locked already, and stays as it is")
        # who locked a verdict once was shown the readings then
        shown = [*self._own.rows(SEEN), *self._verdicts]
        seen = any(cell_of(row) == known for row in shown)
        row = {
            **dict(zip(CELL, known, strict=True)), "checker": self._own.coder,
            "stance": code, "seen_blind": "no" if seen else "yes",
            "checked": self._clock().date().isoformat(), "mark": self.mark(known),
            "note": one_line(note),
        }  # fmt: skip

        def act(rows: list[Row]) -> list[Row]:
            if any(cell_of(other) == known and self._stands(other) for other in rows):
                raise DeskError(
                    "another window of yours locked a verdict on this cell meanwhile; that one "
                    "stays"
                )
            return [*rows, row]

        self._own.change(CHECKS, act)
        self.pace.finish(known)
        blind = "" if not seen else " You had seen its readings before: it is shown, not counted."
        return f"Locked and saved.{blind} {plural(len(self.waiting), 'cell')} to go."

    def mark(self, cell: Cell) -> str:
        """Return the fingerprint of the code that the study has now, and of its text."""
        return mark(cell, self._codes.get(cell, pd.NA), self._texts_of[cell])

    def told(self, cell: Cell) -> dict[str, Any]:
        """Return what others read in a cell: nothing, until its verdict is locked."""
        verdict = self.locked.get(cell)
        if verdict is None:
            return {"locked": False}
        return {
            "locked": True, "verdict": verdict["stance"], "note": verdict["note"],
            "blind": verdict["seen_blind"], "readings": readings(self.study, cell, self._own.coder),
        }  # fmt: skip

    def agreement(self) -> str:
        """Say in how many locked cells the study has the code that this person found."""
        codes, locked = self._codes, self.locked
        done = [cell for cell in self.pieces if cell in locked]
        if not done:
            return ""
        same = sum(locked[cell]["stance"] == code_text(codes.get(cell, pd.NA)) for cell in done)
        return f"The study has your code in {same} of {plural(len(done), 'locked cell')}."

    def stale(self) -> int:
        """Count the cells to be checked again: the code or the text has changed since."""
        return len({cell_of(row) for row in self._verdicts} & set(self.waiting))

    @functools.cached_property
    def _drawn(self) -> dict[Cell, str]:
        """Return the marks of the cells as they were drawn."""
        return dict(zip(keys(self.study.samples), self.study.samples["mark"], strict=True))

    @functools.cached_property
    def _texts_of(self) -> dict[Cell, str]:
        """Return the hash of the text of each cell in the queue."""
        texts = self.study.sources.set_index("source_id")["sha256"]
        return {cell: texts[cell[2]] for cell in self.pieces}

    @functools.cached_property
    def _codes(self) -> dict[Cell, object]:
        """Return the codes of the study; cells without one are not in it."""
        found = resolve(self.study.codings, self.study.adjudications)
        found = found[found["stance"].notna()]
        return dict(zip(keys(found), found["stance"], strict=True))
