"""Respondents by the thousand or million on a plane, with bodies and models placed among them.

Principal components of the patterns of answers, each with its count; time grows with the number
of patterns and the square of the number of questions, never with pairs of respondents.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from positions.responses.patterns import Floats

_DECIMALS = 6


@dataclasses.dataclass(frozen=True)
class Plane:
    """The mean answer to each question, the two axes, and the share of the spread they show."""

    names: tuple[str, ...]
    mean: Floats
    axes: Floats
    shown: float


def plane(patterns: pd.DataFrame, names: Sequence[str]) -> Plane:
    """Find the plane on which respondents spread most, by weight.

    A silent answer is put at the mean of those who answered: it pulls a respondent nowhere. The
    patterns are as `patterns.counted` returns them.
    """
    codes = patterns[list(names)].to_numpy(dtype="float64")
    weight = patterns.index.get_level_values("weight").to_numpy(dtype="float64")
    said = ~np.isnan(codes)
    filled = np.where(said, codes, 0.0)
    base = weight @ said
    mean = np.divide(weight @ filled, base, out=np.zeros(len(base)), where=base > 0)
    away = np.where(said, codes - mean, 0.0)
    spread = (away * weight[:, None]).T @ away / max(weight.sum(), 1e-300)
    values, vectors = np.linalg.eigh(spread)
    axes = np.zeros((len(mean), 2))
    for axis in range(min(2, len(mean))):
        vector = vectors[:, -1 - axis]
        # An eigenvector has no sign of its own: its largest part points up.
        lead = np.flatnonzero(np.abs(vector) > np.abs(vector).max() - 1e-6)[0]
        axes[:, axis] = vector * np.sign(vector[lead])
    total = values.sum()
    shown = float(values[-2:].sum() / total) if total > 0 else 0.0
    return Plane(tuple(names), mean, axes, round(shown, _DECIMALS))


def on_plane(found: Plane, codes: npt.ArrayLike) -> Floats:
    """Place rows of answers on the plane: rows by two.

    Who answered little stands near the middle for that alone: places are stretched by the root
    of all questions over those answered (Small et al. 2021, "Polis: scaling deliberation by
    mapping high dimensional opinion spaces", Recerca 26(2)).
    """
    rows = np.asarray(codes, dtype="float64")
    said = ~np.isnan(rows)
    away = np.where(said, rows - found.mean, 0.0)
    stretch = np.sqrt(rows.shape[1] / np.maximum(said.sum(axis=1), 1))
    places: Floats = np.round(away @ found.axes * stretch[:, None], _DECIMALS) + 0.0
    return places


def placed(found: Plane, positions: pd.DataFrame, key: str) -> pd.DataFrame:
    """Place bodies, models or groups among the respondents.

    Parameters
    ----------
    found
        The plane of the respondents.
    positions
        One row per `key` and question: `question_id`, `position`.
    key
        The column of ids.

    Returns
    -------
    DataFrame
        One row per id, sorted: `id`, `x`, `y`, `answered` (questions).
    """
    wide = positions.pivot(index=key, columns="question_id", values="position")
    rows = wide.reindex(columns=list(found.names)).sort_index()
    x, y = on_plane(found, rows.to_numpy()).T
    return pd.DataFrame(
        {"id": rows.index.astype("str"), "x": x, "y": y, "answered": rows.notna().sum(axis=1)}
    ).reset_index(drop=True)
