"""The queue Decide: cells on which coders differ, or to whose code a check objects.

Whoever looks at one has seen its readings: that is written down first, so that a later check of
the cell by the same person is not called blind.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from positions.auditing.frame import Cell, keys
from positions.measures.stances import disagreements, resolve
from positions.reading.own_files import (
    CHECKS,
    DECISIONS,
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
from positions.reading.readings import last, reading, readings
from positions.study.load import Study
from positions.study.schema import CELL
from positions.words import plural, signed

CODERS = "the coders differ"
OBJECTS = "a check objects"


class Deciding(CellQueue):
    """Disagreements and objections, for one person to decide.

    Parameters
    ----------
    study
        The study.
    own
        The person's own files; their own locked checks object like those in the study.
    clock
        Tells the time.
    unchecked
        Cells that this person is still to check blind: they wait, unseen, until that is done.
    """

    def __init__(self, study: Study, own: OwnFiles, clock: Clock, unchecked: Collection[Cell]):
        self.study, self._own, self._clock = study, own, clock
        self.pace = Pace(clock, "decision")
        self.here = None
        self.update(unchecked)

    def update(self, unchecked: Collection[Cell]) -> None:
        """List anew what is open: checks that were locked since may object."""
        self.why = self._open()
        """Why each cell is open, those among them that are still to be checked."""
        self._unchecked = set(unchecked)
        found = sorted(self.why, key=lambda cell: (cell[2], cell[1], cell[0]))
        self.pieces = [cell for cell in found if cell not in self._unchecked]
        if self.here not in self.pieces:
            self.here = next(iter(self.waiting or self.pieces), None)

    def _open(self) -> dict[Cell, str]:
        study = self.study
        settled = set(keys(study.adjudications))
        differ = [cell for cell in keys(disagreements(study.codings)) if cell not in settled]
        found = dict.fromkeys(differ, CODERS)
        resolved = resolve(study.codings, study.adjudications)
        coded = set(keys(study.codings))
        codes = dict(zip(keys(resolved), resolved["stance"], strict=True))
        for row in self._checks():
            cell = cell_of(row)
            code = codes.get(cell, pd.NA)
            if cell in coded and code_text(code) != row["stance"]:
                found.setdefault(cell, OBJECTS)
        return found

    def missed(self) -> int:
        """Count checks that found a stance where nothing is coded: it needs a phrase first."""
        hidden = set(keys(self.study.codings)) | self._unchecked
        return len({cell_of(r) for r in self._checks() if r["stance"]} - hidden)

    def _checks(self) -> list[Row]:
        """Return the last verdict of each checker on each cell, one's own included."""
        return last([*as_rows(self.study.checks), *self._own.rows(CHECKS)])

    @property
    def decided(self) -> dict[Cell, Row]:
        """The decisions that this person has saved, by their cells."""
        return {cell_of(row): row for row in self._own.rows(DECISIONS)}

    @property
    def waiting(self) -> list[Cell]:
        """The cells without a decision, in order."""
        decided = self.decided
        return [cell for cell in self.pieces if cell not in decided]

    def show(self) -> dict[str, Any]:
        """Return the readings of the cell looked at, once it is written down that they are seen."""
        if self.here is None:
            return {}
        cell = self.here
        if not any(cell_of(row) == cell for row in self._own.rows(SEEN)):
            row = {**dict(zip(CELL, cell, strict=True)), "seen": self._clock().date().isoformat()}
            self._own.change(SEEN, lambda rows: [*rows, row])
        seen = readings(self.study, cell)
        known = {(row["who"], row["kind"]) for row in seen}
        for row in last(self._own.rows(CHECKS)):
            if cell_of(row) == cell and (self._own.coder, "check") not in known:
                code = int(row["stance"]) if row["stance"] else None
                seen.append(reading(self._own.coder, "check", code, row["note"]))
        decision = self.decided.get(cell)
        return {"why": self.why[cell], "readings": seen, "decision": decision}

    def decide(self, cell: object, stance: object, reason: object) -> str:
        """Save a decision: a stance, or None to strike the cell, and one sentence why.

        Raises
        ------
        DeskError
            When there is no reason, or the stance is none. Nothing was saved.
        """
        known = self._known(cell)
        code = code_of(stance, "choose a decision: -2 to +2, or strike the cell")
        said = one_line(reason)
        if not said:
            raise DeskError("say why, in one sentence: the text decides")
        row = {**dict(zip(CELL, known, strict=True)), "stance": code, "reason": said}
        self._own.change(DECISIONS, lambda rows: [*(r for r in rows if cell_of(r) != known), row])
        self.pace.finish(known)
        told = signed(int(code)) if code else "struck"
        return f"Decided and saved: {told}. {plural(len(self.waiting), 'cell')} to go."

    def undo(self) -> str:
        """Take back the decision on the cell looked at."""
        known = self.here
        if known not in self.decided:
            raise DeskError("nothing is decided on this cell")
        self._own.change(DECISIONS, lambda rows: [r for r in rows if cell_of(r) != known])
        return "The decision on this cell is taken back, and that is saved."
