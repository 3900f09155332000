"""The codes that a score rests on, and the blanks that could hide a stance: what can be drawn."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from positions.measures import _kernel, blanks, stances
from positions.measures.analysis import Analysis
from positions.measures.comparisons import JUDGED_FROM
from positions.study.schema import CELL

HEAVIEST, CODED, BLANK = "heaviest", "coded", "blank"
"""Strata: all of the heaviest codes; codes and blanks drawn at random."""


Cell = tuple[str, str, str]
"""Body, proposition and source."""


def mark(cell: Cell, stance: object, text: str) -> str:
    """Return the fingerprint of a code and its text; it shows no reader what the code is.

    Parameters
    ----------
    cell
        The cell: two cells with one code have different fingerprints.
    stance
        The code; missing where nothing is coded.
    text
        The SHA-256 of the text; empty where it was not seen whole.
    """
    code = "" if pd.isna(stance) else str(int(stance))  # type: ignore[call-overload]
    return hashlib.sha256("\n".join((*cell, code, text)).encode()).hexdigest()[:16]


def ticket(seed: int, cell: Cell) -> str:
    """Return the number that decides whether a cell is drawn: the smallest are.

    It depends on the seed and the cell alone. So a cell that enters the study later has the
    chance that it would have had (permanent random numbers, Ohlsson 1995).
    """
    return hashlib.sha256("\n".join((str(seed), *cell)).encode()).hexdigest()


def frame(analysis: Analysis) -> pd.DataFrame:
    """List every cell that a draw can take.

    The codes are those that make a position on the reference model's design of a body whose score
    can be judged. The blanks are the body's own whole texts, crossed with the points of the design
    on which it is silent. What was not seen whole cannot be checked for silence, and is not here.

    Returns
    -------
    DataFrame
        One row per cell, sorted: the cell; `stratum`, `coded` or `blank`; `stance` (missing for a
        blank); `pull`, the share of the body's score that the code can move; and `mark`.
    """
    found = pd.concat([_coded(analysis), _blank(analysis)], ignore_index=True)
    texts = analysis.study.sources.set_index("source_id")["sha256"]
    marks = [
        mark(cell, stance, texts[cell[2]])
        for cell, stance in zip(keys(found), found["stance"], strict=True)
    ]
    found["mark"] = pd.array(marks, dtype="str")
    return found.sort_values(CELL, ignore_index=True)


def asked(analysis: Analysis) -> pd.DataFrame:
    """Return the points of the reference model's design: `reference`, `weight`, by their id."""
    held = analysis.study.model_positions
    mine = held[held["model_id"] == analysis.model].set_index("proposition_id")["position"]
    points = analysis.design.set_index("proposition_id")[["weight"]]
    return points.join(mine.rename("reference"), how="inner").sort_index()


def scored(analysis: Analysis) -> list[str]:
    """Return the bodies whose score can be judged, in the order of the ranking.

    They spoke on three points of the design or more; proposers of the model are not among them.
    """
    ranking = analysis.ranking
    enough = (ranking["spoke"] >= JUDGED_FROM) & (ranking["coverage"] > 0)
    return list(ranking.loc[enough & (ranking["standing"] != "calibration"), "body_id"])


def counted(analysis: Analysis, resolved: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that make positions of these bodies on the design."""
    cells = stances.counted(resolved, analysis.sources, **analysis.counting.of_cells)
    mine = cells["body_id"].isin(scored(analysis))
    return cells[mine & cells["proposition_id"].isin(asked(analysis).index)]


def _coded(analysis: Analysis) -> pd.DataFrame:
    cells = counted(analysis, analysis.resolved)[[*CELL, "stance"]]
    points = asked(analysis).loc[cells["proposition_id"]]
    near = nearness(cells["stance"].to_numpy("float64"), points["reference"].to_numpy())
    both = cells.groupby(CELL[:2])["stance"].transform("size").to_numpy()
    weight = pd.Series(points["weight"].to_numpy() / both, index=cells.index)
    share = weight / weight.groupby(cells["body_id"]).transform("sum")
    return cells.assign(stratum=CODED, pull=share * np.maximum(near, 1 - near))


def _blank(analysis: Analysis) -> pd.DataFrame:
    silent = analysis.blanks[analysis.blanks["blank"] == blanks.SILENT]
    silent = silent[silent["body_id"].isin(scored(analysis))]
    silent = silent[silent["proposition_id"].isin(asked(analysis).index)]
    read = analysis.resolved[analysis.resolved["basis"] != "reported"]
    whole = analysis.tables.sources.query("text_seen == 'whole'")["source_id"]
    own = read.loc[read["source_id"].isin(whole), ["body_id", "source_id"]].drop_duplicates()
    cells = silent[CELL[:2]].merge(own, on="body_id")
    cells = cells[~among(cells, analysis.resolved)]
    nothing = pd.array([pd.NA] * len(cells), dtype="Int64")
    return cells.assign(stance=nothing, stratum=BLANK, pull=0.0)


def nearness(position: _kernel.Floats, reference: _kernel.Numbers) -> _kernel.Floats:
    """Return how near positions are to the references, from 0 to 1."""
    return 1 - _kernel.distance(position, np.asarray(reference, dtype="float64"))


def among(rows: pd.DataFrame, others: pd.DataFrame) -> _kernel.Bools:
    """Return which rows are of a cell that is among others."""
    found: _kernel.Bools = pd.MultiIndex.from_frame(rows[CELL]).isin(
        pd.MultiIndex.from_frame(others[CELL])
    )
    return found


def keys(rows: pd.DataFrame) -> list[Cell]:
    """Return the cell of each row."""
    return list(rows[CELL].itertuples(index=False, name=None))
