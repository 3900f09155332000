"""How many codes and blanks were drawn and checked, and how many of them can be wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np
import pandas as pd

from positions.auditing.bounds import most_wrong
from positions.auditing.frame import BLANK, HEAVIEST
from positions.measures._kernel import Ints
from positions.study.schema import CELL

_NONE = np.zeros(6, dtype="int64")
Point = tuple[str, str]
"""A body and a proposition."""


@dataclasses.dataclass(frozen=True)
class Tally:
    """How many of some cells were drawn and checked, and how many can be wrong.

    Attributes
    ----------
    cells, drawn, checked
        How many there are, were drawn and are known.
    wrong
        How many a check found wrong, or was to settle and has not.
    most
        The most that can be wrong, those included.
    unseen
        How many of those can be among the cells that nobody drew and nobody knows.
    unsettled
        How many were drawn and are not known.
    """

    cells: int
    drawn: int
    checked: int
    wrong: int
    most: int
    unseen: int
    unsettled: int


class Tallies:
    """The cells that a draw can take, counted by point.

    Parameters
    ----------
    cells
        One row per cell, as `checking.cells` returns it.
    """

    def __init__(self, cells: pd.DataFrame):
        drawn, known, wrong = (cells[name].astype(bool) for name in ("drawn", "known", "wrong"))
        numbers = [drawn | True, drawn, known, wrong, drawn & wrong, drawn & ~known]
        counts = pd.concat(numbers, axis=1).astype("int64").set_axis(range(len(_NONE)), axis=1)
        by_point = counts.groupby([cells[name] for name in (*CELL[:2], "stratum")]).sum()
        self._counts: dict[tuple[str, ...], Ints] = dict(
            zip(by_point.index, by_point.to_numpy(), strict=True)
        )

    def of(self, points: Collection[Point], stratum: str, alpha: float) -> Tally:
        """Count the codes on some points (with the heaviest), or the blanks.

        Parameters
        ----------
        points
            Which, each once.
        stratum
            `coded` or `blank`.
        alpha
            How often the most that can be wrong may be too small.
        """
        mine, heavy = (
            sum((self._counts.get((*point, name), _NONE) for point in points), _NONE)
            for name in (stratum, HEAVIEST)
        )
        cells, drawn, _, wrong, found, _ = mine.tolist()
        # A check of a cell that nobody drew can find more wrong than the draw alone allows.
        most = max(most_wrong(cells, drawn, found, alpha), wrong)
        unseen = most - wrong
        if stratum != BLANK:
            mine, most = mine + heavy, most + int(heavy[3])
        cells, drawn, known, wrong, _, unsettled = mine.tolist()
        return Tally(cells, drawn, known, wrong, most, unseen, unsettled)
