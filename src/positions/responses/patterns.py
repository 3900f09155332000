"""Patterns of answers and how many gave each: identical rows are counted, not repeated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from positions.study.schema import SCALE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]

LEVELS = SCALE[1] - SCALE[0] + 1
SILENT = LEVELS
"""The level that stands for silence, after those of the scale."""
INDEX = ["type", "n", "weight"]
"""What is known of each pattern beside its answers: the index of a table of patterns."""
_BITS = 3
_PER_KEY = 21


def levels(matrix: npt.ArrayLike) -> Levels:
    """Turn codes from -2 to 2, NaN where silent, into levels from 0 to 4, 5 where silent.

    Raises
    ------
    ValueError
        When a code is not a whole number of the scale.
    """
    codes = np.asarray(matrix)
    if codes.dtype.kind != "f":
        codes = codes.astype("float32")
    silent = np.isnan(codes)
    shifted = codes - codes.dtype.type(SCALE[0])
    shifted[silent] = SILENT
    with np.errstate(invalid="ignore"):  # what is too large for a byte is refused below
        whole: Levels = shifted.astype(np.int8)
    inside = (whole >= 0) & (whole < LEVELS)
    if not ((whole == shifted) & (inside | silent)).all():
        raise ValueError(f"codes must be whole numbers from {SCALE[0]} to {SCALE[1]}, or missing")
    return whole


def keys(rows: Levels) -> npt.NDArray[np.uint64]:
    """Pack each row into whole numbers that sort as the row does."""
    number, columns = rows.shape
    wide = -(-max(columns, 1) // _PER_KEY)
    packed = np.zeros((number, wide), dtype=np.uint64)
    for column in range(columns):
        key = packed[:, column // _PER_KEY]
        key <<= np.uint64(_BITS)
        key |= rows[:, column].astype(np.uint64)
    return packed


def order(rows: Levels) -> Ints:
    """Return the places of rows in the order of their patterns."""
    packed = keys(rows)
    found: Ints = np.lexsort(packed.T[::-1])
    return found


def counted(
    matrix: npt.ArrayLike,
    names: Sequence[str],
    types: Sequence[str] | None = None,
    weights: npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Count the patterns of a matrix in memory, as `counts.patterns` counts those of a table.

    Parameters
    ----------
    matrix
        Respondents by questions: codes from -2 to 2, NaN where silent.
    names
        The questions.
    types, weights
        Per respondent; one type, and 1, by default.

    Returns
    -------
    DataFrame
        One row per `type` and pattern, sorted: the codes, by `type`, `n` and `weight`.
    """
    rows = levels(matrix)
    kinds, kind = np.unique(
        np.asarray(types if types is not None else [""] * len(rows)), return_inverse=True
    )
    packed = np.column_stack([kind.astype(np.uint64), keys(rows)])
    places = np.lexsort(packed.T[::-1])
    ordered = packed[places]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    starts = np.flatnonzero(first)
    heavy = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype="float64")
    table = pd.DataFrame(codes(rows[places[starts]]), columns=list(names))
    table.index = pd.MultiIndex.from_arrays(
        [
            pd.Series(kinds[kind[places[starts]]], dtype="str"),
            np.diff(np.append(starts, len(rows))),
            np.add.reduceat(heavy[places], starts) if len(starts) else heavy,
        ],
        names=INDEX,
    )
    return table


def codes(rows: Levels) -> npt.NDArray[np.float32]:
    """Turn levels into codes again, NaN where silent."""
    found: npt.NDArray[np.float32] = rows.astype("float32") + SCALE[0]
    found[rows == SILENT] = np.nan
    return found


def sample(weights: Floats, size: int) -> Ints:
    """Draw rows that stand for all, evenly along their weights.

    A systematic sample: along the rows, laid end to end by their weights, every so far one is
    taken. A row may be taken several times. No chance is in it.

    >>> sample(np.array([1.0, 2.0, 1.0]), 4).tolist()
    [0, 1, 1, 2]
    """
    ends = np.cumsum(weights)
    points = (np.arange(size) + 0.5) * (ends[-1] / size)
    found: Ints = np.minimum(np.searchsorted(ends, points), len(weights) - 1)
    return found
