"""Figures of a whole field: many bodies by kind, and positions over time. Computes nothing.

In the house style of `figures`: stances print their sign, silence is hatched, what was not seen
is dotted, no colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from positions.canvas import (
    BLUE,
    GREY,
    PALE,
    SCALE_COLOURS,
    SILENT_HATCH,
    UNSEEN_HATCH,
    WIDTH,
    axes_in,
    blank,
    fit,
    plain,
    printed,
    share_axis,
    stance_legend,
    wrapped,
)
from positions.layout import mark, unseen
from positions.present import Chart, percent


def rows(
    positions: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where many bodies stand: a row per body, a column per proposition.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, `seen`, in the order of the rows.
    propositions
        `proposition_id`, `label`, in the order of the columns.
    """
    figure = blank(0.245 * max(len(bodies), 1) + 2.45, title, subtitle)
    axes = axes_in(figure, 0.27, 0.99, 0.62, 2.75)
    not_seen = set(unseen(bodies))
    at = {(row["body_id"], row["proposition_id"]): row for _, row in positions.iterrows()}
    _cells(
        axes,
        [[at.get((body, key)) for key in propositions["proposition_id"]]
         for body in bodies["body_id"]],
        [UNSEEN_HATCH if body in not_seen else SILENT_HATCH for body in bodies["body_id"]],
    )  # fmt: skip
    axes.set_xlim(0, max(len(propositions), 1))
    axes.set_ylim(max(len(bodies), 1), 0)
    axes.xaxis.tick_top()
    axes.set_xticks(
        np.arange(len(propositions)) + 0.5, [wrapped(n, 36) for n in propositions["label"]],
        rotation=90, fontsize=8,
    )  # fmt: skip
    axes.set_yticks(
        np.arange(len(bodies)) + 0.5, [wrapped(n, 60) for n in bodies["name"]], fontsize=8
    )
    fit(axes.get_xticklabels(), 0.99 * WIDTH, 1.75)
    fit(axes.get_yticklabels(), 0.27 * WIDTH - 0.15, 0.24)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    stance_legend(figure, bool(not_seen))
    spoke = positions.groupby("body_id").size()
    each = "; ".join(
        f"{name} {spoke.get(key, 0)}"
        for key, name in zip(bodies["body_id"], bodies["name"], strict=True)
    )
    alt = (
        f"{title}. Matrix of {len(bodies)} bodies by {len(propositions)} propositions; positions "
        f"held: {each or 'no body is drawn'}. The table below gives every cell."
    )
    return Chart(figure, title, alt)


def _cells(axes: Axes, rows: Sequence[Sequence[pd.Series | None]], hatches: Sequence[str]) -> None:
    """Every cell: the position with its sign, or the hatch of silence or of what was not seen.

    Who calls sets the limits of both axes, so a cell need not widen them. Empty cells that follow
    each other are one shape: to hatch each alone takes most of the time of the picture.
    """
    run: list[tuple[int, int]] = []
    for place, row in enumerate(rows):
        for column, stand in enumerate(row):
            if stand is None:
                run.append((column, place))
            if run and (stand is not None or column == len(row) - 1):
                _empty(axes, run, hatches[place])
                run = []
            if stand is not None:
                _position(axes, column, place, stand)


def _empty(axes: Axes, run: Sequence[tuple[int, int]], hatch: str) -> None:
    """Cells without a position, each a square of its own in one shape."""
    squares = [np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) + corner for corner in run]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(run)
    shape = Path(np.concatenate(squares), codes)
    axes.add_artist(PathPatch(shape, facecolor="white", edgecolor=PALE, hatch=hatch, linewidth=0))


def _position(axes: Axes, column: int, place: int, row: pd.Series) -> None:
    level = int(np.clip(np.floor(row["position"] + 0.5), -2, 2)) + 2
    axes.add_artist(Rectangle((column, place), 1, 1, facecolor=SCALE_COLOURS[level],
                              edgecolor="white", linewidth=1))  # fmt: skip
    axes.text(
        column + 0.5, place + 0.5, mark(row["position"], row["basis"], row["flagged"]),
        ha="center", va="center", fontsize=7, color="white" if level == 4 else "black",
    )  # fmt: skip


def field(
    scores: pd.DataFrame, bodies: pd.DataFrame, featured: Sequence[str], title: str, subtitle: str
) -> Chart:
    """Draw the agreement of every ranked body, a row per kind of body.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model: `body_id`, `name`, `agreement`, `spoke`, `of`,
        `standing`. Only the ranked are drawn.
    bodies
        `body_id`, `kind`.
    featured
        The bodies that are named in the figure.
    """
    drawn = scores[scores["standing"] == "ranked"].merge(bodies[["body_id", "kind"]])
    middle = drawn.groupby("kind")["agreement"].median().round(9).reset_index()
    kinds = middle.sort_values(["agreement", "kind"], ascending=[False, True])["kind"].tolist()
    figure = blank(0.62 * max(len(kinds), 1) + 0.5, title, subtitle)
    axes = axes_in(figure, 0.2, 0.97)
    plain(axes)
    share_axis(axes)
    axes.set_xlim(-0.02, 1.02)
    for place, kind in enumerate(kinds):
        mine = drawn[drawn["kind"] == kind].sort_values(["agreement", "body_id"])
        _strip(axes, place, mine, featured)
    axes.set_yticks(range(len(kinds)), [wrapped(kind, 22) for kind in kinds])
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlabel("agreement; one point a ranked body, larger the more it spoke on", fontsize=9,
                    color=GREY)  # fmt: skip
    said = "; ".join(
        f"{kind}: "
        + ", ".join(
            f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']})"
            for _, row in drawn[drawn["kind"] == kind].iterrows()
        )
        for kind in kinds
    )
    return Chart(figure, title, f"{title}. Dot chart by kind of body. {said or 'No body'}.")


def _strip(axes: Axes, place: int, mine: pd.DataFrame, featured: Sequence[str]) -> None:
    """The points of one kind; bodies at the same place are stacked, featured ones named."""
    taken: dict[float, int] = {}
    above = True
    for _, row in mine.iterrows():
        at = round(row["agreement"], 2)
        height = place - 0.13 * taken.get(at, 0)
        taken[at] = taken.get(at, 0) + 1
        named = row["body_id"] in featured
        axes.plot([row["agreement"]], [height], marker="o", markersize=4 + row["spoke"] / 2,
                  color=BLUE if named else PALE, markeredgecolor=GREY, clip_on=False)  # fmt: skip
        if named:
            right = row["agreement"] > 0.6
            axes.annotate(printed(row["name"]), (row["agreement"], height), fontsize=8.5,
                          xytext=(-9 if right else 9, 10 if above else -11),
                          textcoords="offset points", ha="right" if right else "left",
                          va="center")  # fmt: skip
            above = not above


def phases(
    phased: pd.DataFrame, over_time: pd.DataFrame, order: Sequence[str], title: str, subtitle: str
) -> Chart:
    """Draw how positions stand from phase to phase: a row per body and proposition.

    Parameters
    ----------
    phased
        One row per phase, body and proposition: `position`, `basis`, `flagged`.
    over_time
        What to draw: `body_id`, `proposition_id`, `Body`, `Proposition`, in order of the rows.
    order
        The phases, in the order of the columns.
    """
    figure = blank(0.27 * max(len(over_time), 1) + 1.0, title, subtitle)
    axes = axes_in(figure, 0.53, 0.99, 0.62, 1.25)
    at = {
        (row["body_id"], row["proposition_id"], row["phase"]): row for _, row in phased.iterrows()
    }
    lines = [(line["body_id"], line["proposition_id"]) for _, line in over_time.iterrows()]
    _cells(axes, [[at.get((*line, phase)) for phase in order] for line in lines], [""] * len(lines))
    axes.set_xlim(0, max(len(order), 1))
    axes.set_ylim(max(len(over_time), 1), 0)
    axes.xaxis.tick_top()
    axes.set_xticks(np.arange(len(order)) + 0.5, [wrapped(n, 14) for n in order], fontsize=8.5)
    names = [f"{line['Body']}: {line['Proposition']}" for _, line in over_time.iterrows()]
    axes.set_yticks(np.arange(len(names)) + 0.5, [printed(n) for n in names], fontsize=8)
    fit(axes.get_yticklabels(), 0.53 * WIDTH - 0.15, 0.26)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    stance_legend(figure)
    moved = over_time[over_time["moved"]]
    said = "; ".join(f"{line['Body']} on {line['Proposition']}" for _, line in moved.iterrows())
    alt = f"{title}. Table-like chart by phase. Positions that differ: {said or 'none'}."
    return Chart(figure, title, alt)
