"""Pieces of work in one order: which is looked at, which comes next, how long the rest takes."""

from __future__ import annotations

from typing import Generic, TypeVar

from positions.auditing.frame import Cell
from positions.reading.own_files import DeskError
from positions.reading.pace import Pace

Piece = TypeVar("Piece", str, Cell)


class Queue(Generic[Piece]):
    """The pieces of one person's work.

    Attributes
    ----------
    pieces
        All of them, in order.
    here
        The one that is looked at now; None or empty where there is none.
    pace
        The person's own.
    """

    pieces: list[Piece]
    here: Piece | None
    pace: Pace

    @property
    def waiting(self) -> list[Piece]:
        """The pieces that are not done, in order."""
        raise NotImplementedError

    def step(self, by: int) -> None:
        """Look at the next piece, or the one before."""
        if self.here:
            at = self.pieces.index(self.here) + by
            self.here = self.pieces[min(max(at, 0), len(self.pieces) - 1)]

    def next(self) -> None:
        """Look at the next piece that is not done, behind this one or from the beginning."""
        if self.here:
            at, waiting = self.pieces.index(self.here), set(self.waiting)
            order = self.pieces[at + 1 :] + self.pieces[: at + 1]
            self.here = next((piece for piece in order if piece in waiting), self.here)

    def left(self) -> str:
        """Say how long the rest takes at this person's own pace."""
        return self.pace.left(len(self.waiting))


class CellQueue(Queue[Cell]):
    """Cells, each of which is of a text."""

    @property
    def source(self) -> str:
        """The source that is looked at; empty where there is none."""
        return self.here[2] if self.here else ""

    def go(self, cell: object) -> None:
        """Look at a cell.

        Raises
        ------
        DeskError
            When it is none of the queue.
        """
        self.here = self._known(cell)

    def _known(self, cell: object) -> Cell:
        named = tuple(map(str, cell)) if isinstance(cell, list | tuple) else ()
        found = next((one for one in self.pieces if one == named), None)
        if found is None:
            raise DeskError("that cell is not in your queue")
        return found
