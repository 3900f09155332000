"""The queue Decide: cells on which coders differ, or to whose code a check objects.

Whoever looks at one has seen its readings: that is written down first, so that a later check of
the cell by the same person is not called blind.
"""

from __future__ import annotations

import dataclasses
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
from positions.reading.readings import last, reading, readings
from positions.study.load import Study
from positions.study.schema import CELL
from positions.words import plural, signed

CODERS = "the coders differ"
OBJECTS = "a check objects"


@dataclasses.dataclass(frozen=True)
class Open:
    """A cell to be decided, and why."""

    cell: Cell
    why: str


class Deciding:
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
        self.here: Open | None = None
        """The cell that is looked at now; None where there is none."""
        self.update(unchecked)

    def update(self, unchecked: Collection[Cell]) -> None:
        """List anew what is open: checks that were locked since may object."""
        found = sorted(self._open(), key=lambda one: (one.cell[2], one.cell[1], one.cell[0]))
        self._unchecked = set(unchecked)
        self.queue = [one for one in found if one.cell not in self._unchecked]
        if self.here not in self.queue:
            self.here = next(iter(self.waiting or self.queue), None)

    def _open(self) -> list[Open]:
        study = self.study
        settled = set(keys(study.adjudications))
        differ = [cell for cell in keys(disagreements(study.codings)) if cell not in settled]
        found = {cell: Open(cell, CODERS) for cell in differ}
        resolved = resolve(study.codings, study.adjudications)
        coded = set(keys(study.codings))
        codes = dict(zip(keys(resolved), resolved["stance"], strict=True))
        for row in self._checks():
            cell = cell_of(row)
            code = codes.get(cell, pd.NA)
            if cell in coded and code_text(code) != row["stance"]:
                found.setdefault(cell, Open(cell, OBJECTS))
        return list(found.values())

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
    def waiting(self) -> list[Open]:
        """The cells without a decision, in order."""
        decided = self.decided
        return [one for one in self.queue if one.cell not in decided]

    def show(self) -> dict[str, Any]:
        """Return the readings of the cell looked at, once it is written down that they are seen."""
        if self.here is None:
            return {}
        cell = self.here.cell
        if not any(cell_of(row) == cell for row in self._own.rows(SEEN)):
            row = {**dict(zip(CELL, cell, strict=True)), "seen": self._today()}
            self._own.change(SEEN, lambda rows: [*rows, row])
        seen = readings(self.study, cell)
        known = {(row["who"], row["kind"]) for row in seen}
        for row in last(self._own.rows(CHECKS)):
            if cell_of(row) == cell and (self._own.coder, "check") not in known:
                code = int(row["stance"]) if row["stance"] else None
                seen.append(reading(self._own.coder, "check", code, row["note"]))
        decision = self.decided.get(cell)
        return {"why": self.here.why, "readings": seen, "decision": decision}

    def step(self, by: int) -> None:
        """Look at the next cell, or the one before."""
        if self.here is not None:
            at = self.queue.index(self.here) + by
            self.here = self.queue[min(max(at, 0), len(self.queue) - 1)]

    def next(self) -> None:
        """Look at the next cell without a decision."""
        if self.here is not None:
            at = self.queue.index(self.here)
            order, waiting = self.queue[at + 1 :] + self.queue[: at + 1], self.waiting
            self.here = next((one for one in order if one in waiting), self.here)

    def go(self, cell: object) -> None:
        """Look at a cell; it must be one of the queue."""
        self.here = self._known(cell)

    def decide(self, cell: object, stance: object, reason: object) -> str:
        """Save a decision: a stance, or None to strike the cell, and one sentence why.

        Raises
        ------
        DeskError
            When there is no reason, or the stance is none. Nothing was saved.
        """
        known = self._known(cell).cell
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
        if self.here is None or self.here.cell not in self.decided:
            raise DeskError("nothing is decided on this cell")
        known = self.here.cell
        self._own.change(DECISIONS, lambda rows: [r for r in rows if cell_of(r) != known])
        return "The decision on this cell is taken back, and that is saved."

    def left(self) -> str:
        """Say how long the rest takes at this person's own pace."""
        return self.pace.left(len(self.waiting))

    def _known(self, cell: object) -> Open:
        named = tuple(map(str, cell)) if isinstance(cell, list | tuple) else ()
        found = next((one for one in self.queue if one.cell == named), None)
        if found is None:
            raise DeskError("that cell is not in your queue")
        return found

    def _today(self) -> str:
        return self._clock().date().isoformat()
