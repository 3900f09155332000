"""The points of each body once its checks are heard: what is known, and what can be wrong."""

from __future__ import annotations

import pandas as pd

from positions.auditing.frame import BLANK, CODED, among, asked, counted, nearness, scored
from positions.auditing.ranges import BodyEvidence
from positions.measures.analysis import Analysis
from positions.study.schema import CELL

_PAIR = CELL[:2]


def heard(analysis: Analysis, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the study's resolved cells with the verdicts of people in place of its codes."""
    known = cells[cells["known"]].set_index(CELL)["verdict"]
    found = analysis.resolved.set_index(CELL)
    stance = found["stance"].copy()
    there = stance.index.isin(known.index)
    stance[there] = known.reindex(stance.index[there])
    new = known[~known.index.isin(found.index)].dropna()
    added = pd.DataFrame({"stance": new, "basis": "stated", "coders": 1, "status": "checked"})
    found = found.assign(stance=stance)
    return (pd.concat([found, added]) if len(added) else found).reset_index()


def evidence(analysis: Analysis, cells: pd.DataFrame) -> dict[str, BodyEvidence]:
    """Return the points of each body that has a score, with people's verdicts in place of codes.

    Parameters
    ----------
    analysis
        The study.
    cells
        One row per cell that a draw can take, as `checking.cells` returns it.
    """
    now = counted(analysis, heard(analysis, cells))[[*CELL, "stance"]]
    about = cells[cells["stratum"] != BLANK].set_index(CELL)[["known", "drawn", "stratum"]]
    state = about.reindex(pd.MultiIndex.from_frame(now[CELL]))
    # A code that only a verdict brought forward was never one that could be drawn.
    brought = cells[(cells["stratum"] == BLANK) & cells["known"]]
    known = state["known"].eq(True).to_numpy() | among(now, brought)
    free = ~known & (state["drawn"].ne(False) | state["stratum"].ne(CODED)).to_numpy()
    now = now.assign(stance=now["stance"].astype("float64"), open=~known & ~free, free=free)
    points = now.groupby(_PAIR).agg(
        stance=("stance", "mean"), open=("open", "any"), free=("free", "any")
    )
    points = points.reset_index().join(asked(analysis), on="proposition_id")
    blank = cells[(cells["stratum"] == BLANK) & ~cells["known"]].drop_duplicates(_PAIR)
    blank = blank.join(asked(analysis), on="proposition_id")
    return {
        body: _evidence(points[points["body_id"] == body], blank[blank["body_id"] == body])
        for body in scored(analysis)
    }


def _evidence(points: pd.DataFrame, blank: pd.DataFrame) -> BodyEvidence:
    near = nearness(points["stance"].to_numpy(), points["reference"].to_numpy())
    blank = blank[~blank["proposition_id"].isin(points["proposition_id"])]
    return BodyEvidence(
        tuple(points["proposition_id"]), near, points["weight"].to_numpy("float64"),
        points["open"].to_numpy(bool), points["free"].to_numpy(bool),
        tuple(blank["proposition_id"]), blank["weight"].to_numpy("float64"),
    )  # fmt: skip
