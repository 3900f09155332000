"""Figures of robustness: a table in, a titled chart with its alternative text out.

Computes nothing. In the house style of `figures`: no red against green, no colour alone, counts
and shares printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from positions.canvas import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    TEAL,
    axes_in,
    blank,
    plain,
    printed,
    share_axis,
    wrapped,
)
from positions.present import MISSING, Chart, percent
from positions.robustwording import NAMES
from positions.variants import DEFAULT


def curve(rows: pd.DataFrame, marks: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw one body's score in every analysis, sorted, and below it the choices of each.

    Parameters
    ----------
    rows
        One row per analysis, lowest score first, as `multiverse.curve` returns it: `variant_id`,
        `agreement`, a column per choice.
    marks
        The rows of the tick matrix, in order: `choice`, `level`.
    title, subtitle
        The finding; the measure, its base and date.
    """
    figure = blank(1.9 + 0.165 * len(marks), title, subtitle)
    below = 0.35 + 0.165 * len(marks)
    top = axes_in(figure, 0.30, 0.985, below + 0.12, 0.95)
    ticks = axes_in(figure, 0.30, 0.985, 0.35, figure.get_figheight() - below)
    size = max(1.2, min(6.0, 260 / max(len(rows), 1)))
    _scores(top, rows, size)
    _ticks(ticks, rows, marks, size)
    ends = (
        f"{len(rows)} analyses, from {percent(rows['agreement'].min())} to "
        f"{percent(rows['agreement'].max())}"
        if len(rows)
        else "no analysis"
    )
    alt = (
        f"{title}. Specification curve: {ends}, lowest first; below each, marks for the level of "
        f"every choice ({len(marks)} rows)."
    )
    return Chart(figure, title, alt)


def _scores(axes: Axes, rows: pd.DataFrame, size: float) -> None:
    """The sorted scores; the default as a large diamond with its label."""
    plain(axes)
    axes.plot(range(len(rows)), rows["agreement"], linestyle="", marker="o", markersize=size,
              color=BLUE, markeredgewidth=0)  # fmt: skip
    for place in np.flatnonzero(rows["variant_id"] == DEFAULT):
        score = rows["agreement"].iloc[place]
        axes.axhline(score, color=ORANGE, linewidth=1, linestyle="--", zorder=1)
        axes.plot([place], [score], marker="D", markersize=7, color=ORANGE, zorder=4)
        # Scores rise to the right: above to the left and below to the right nothing is drawn.
        late = place > len(rows) / 2
        axes.annotate(f"default {percent(score)}", (place, score),
                      xytext=(-5, 7) if late else (6, -15), textcoords="offset points",
                      fontsize=9, color=GREY, ha="right" if late else "left")  # fmt: skip
    axes.set_ylim(-0.04, 1.08)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color="#E0E0E0", linewidth=0.8)
    axes.set_xticks([])
    axes.set_xlim(-1, max(len(rows), 1))


def _ticks(axes: Axes, rows: pd.DataFrame, marks: pd.DataFrame, size: float) -> None:
    """A mark where an analysis takes a level; bands tell the choices apart."""
    plain(axes)
    numbers = {choice: n for n, choice in enumerate(marks["choice"].unique())}
    for place, (choice, level) in enumerate(zip(marks["choice"], marks["level"], strict=True)):
        there = np.flatnonzero(rows[choice] == level)
        shade = numbers[choice] % 2
        axes.axhspan(place - 0.5, place + 0.5, color="#F2F2F2" if shade else "white", zorder=0)
        axes.plot(there, [place] * len(there), linestyle="", marker="|",
                  markersize=7.5, markeredgewidth=max(0.6, size / 3), zorder=2,
                  color=BLUE if shade else TEAL)  # fmt: skip
        first = place == 0 or marks["choice"].iloc[place - 1] != choice
        if first:
            axes.annotate(printed(NAMES[choice]), (-0.43, place), va="center", fontsize=8.5,
                          fontweight="bold", xycoords=("axes fraction", "data"),
                          annotation_clip=False)  # fmt: skip
    axes.set_yticks(range(len(marks)), [printed(level) for level in marks["level"]], fontsize=8)
    axes.set_ylim(len(marks) - 0.5, -0.5)
    axes.set_xlim(-1, max(len(rows), 1))
    axes.set_xticks([])
    axes.set_xlabel("analyses, from the lowest score to the highest", fontsize=9, color=GREY)


def spread(
    spread: pd.DataFrame, scores: pd.DataFrame, names: pd.Series, title: str, subtitle: str
) -> Chart:
    """Draw each body's scores in all analyses on one line, the default as a point.

    Parameters
    ----------
    spread
        One row per body, in the order drawn, as `multiverse.spread` returns it.
    scores
        One row per analysis and body: `body_id`, `agreement`, `standing`.
    names
        Names by body_id.
    title, subtitle
        The finding; the measure, its base and date.
    """
    figure = blank(0.4 * len(spread) + 0.6, title, subtitle)
    axes = axes_in(figure, 0.285, 0.66)
    plain(axes)
    share_axis(axes)
    axes.set_xlim(-0.02, 1.02)
    said = []
    for place, row in enumerate(spread.to_dict("records")):
        mine = scores[(scores["body_id"] == row["body_id"]) & (scores["standing"] == "ranked")]
        axes.plot([row["low"], row["high"]], [place] * 2, color=PALE, linewidth=1.2, zorder=1)
        axes.plot(mine["agreement"], [place] * len(mine), linestyle="", marker="|", markersize=12,
                  markeredgewidth=0.9, color=BLUE, alpha=0.55, zorder=2)  # fmt: skip
        if not pd.isna(row["default"]):
            axes.plot([row["default"]], [place], marker="D", markersize=7, color=ORANGE, zorder=3,
                      markeredgecolor="white", clip_on=False)  # fmt: skip
        text = (
            f"{percent(row['default'])}; {percent(row['low'])} to {percent(row['high'])} "
            f"in {row['analyses']} analyses"
        )
        axes.annotate(text, (1.03, place), xycoords=("axes fraction", "data"), va="center",
                      fontsize=9, annotation_clip=False)  # fmt: skip
        said.append(f"{names[row['body_id']]} {text}")
    axes.set_yticks(range(len(spread)), [wrapped(names[key], 34) for key in spread["body_id"]])
    axes.set_ylim(max(len(spread), 1) - 0.4, -0.6)
    axes.set_xlabel("agreement; diamond: default; each tick: one analysis", fontsize=9, color=GREY)
    drawn = "; ".join(said) or "no body"
    return Chart(figure, title, f"{title}. Strip chart, default first: {drawn}.")


def claims(tallies: Sequence[tuple[str, pd.DataFrame]], title: str, subtitle: str) -> Chart:
    """Draw in how many analyses each claim holds, cannot be judged, and fails.

    Parameters
    ----------
    tallies
        Pairs of a panel's label and a tally of the same claims in the same order, with `wording`,
        `holds`, `not_judged`, `fails`, `of`: one panel each.
    title, subtitle
        The finding; what was varied.
    """
    wording = tallies[0][1]["wording"].tolist()
    figure = blank(0.45 * len(wording) + 1.15, title, subtitle)
    left, right = 0.345, 0.995
    step = (right - left) / len(tallies)
    for number, (label, tally) in enumerate(tallies):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.02, 0.5, 1.2)
        plain(axes)
        axes.spines["bottom"].set_visible(False)
        axes.set_title(wrapped(label, 44), fontsize=10, loc="left")
        for place, row in enumerate(tally.to_dict("records")):
            _stacked(axes, place, row)
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.set_yticks(range(len(wording)) if number == 0 else [],
                        [wrapped(words, 46) for words in wording] if number == 0 else [],
                        fontsize=8.5)  # fmt: skip
        axes.set_ylim(len(wording) - 0.4, -0.6)
    _claims_legend(figure)
    panels = "; ".join(
        f"{label}: "
        + ("; ".join(f"“{r['wording']}” {_counts(r)}" for r in tally.to_dict("records"))
           or "no claim")
        for label, tally in tallies
    )  # fmt: skip
    return Chart(figure, title, f"{title}. Stacked bars. {panels}.")


def _counts(row: dict[str, object]) -> str:
    if not row["of"]:
        return f"{MISSING} not evaluated here"
    return f"holds {row['holds']}, not judged {row['not_judged']}, fails {row['fails']}"


def _stacked(axes: Axes, place: int, row: dict[str, int]) -> None:
    """One claim: three segments, and the counts in words above them."""
    at = 0.0
    looks: dict[str, dict[str, Any]] = {
        "holds": {"facecolor": BLUE},
        "not_judged": {"facecolor": "white", "edgecolor": PALE},
        "fails": {"facecolor": ORANGE, "hatch": "///", "edgecolor": "white"},
    }
    for column, look in looks.items():
        share = row[column] / row["of"] if row["of"] else 0.0
        axes.barh(place + 0.17, share, left=at, height=0.36, linewidth=0.8, **look)
        at += share
    axes.text(0.0, place - 0.04, _counts(dict(row)), fontsize=8, va="bottom", color=GREY)


def _claims_legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=BLUE, label="holds"),
        Patch(facecolor="white", edgecolor=PALE, label="cannot be judged: a body is not ranked"),
        Patch(facecolor=ORANGE, hatch="///", edgecolor="white", label="fails"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.005), ncol=3,
                  fontsize=8.5, frameon=False)  # fmt: skip


def importance(importance: pd.DataFrame, names: pd.Series, title: str, subtitle: str) -> Chart:
    """Draw how much of the spread of each body's score each choice explains, shares printed.

    Parameters
    ----------
    importance
        One row per body and choice: `body_id`, `choice`, `share`, as `sensitivity.importance`
        returns it; bodies in the order drawn.
    names
        Names by body_id.
    title, subtitle
        The finding; what was varied.
    """
    bodies = importance["body_id"].unique()
    columns = importance["choice"].unique()
    wide = importance.set_index(["body_id", "choice"])["share"].unstack()
    wide = wide.reindex(index=bodies, columns=columns)
    figure = blank(0.37 * len(bodies) + 0.5, title, subtitle)
    axes = axes_in(figure, 0.285, 0.995, 0.1, 1.32)
    plain(axes)
    axes.spines["bottom"].set_visible(False)
    for row, body_id in enumerate(bodies):
        for column, choice in enumerate(columns):
            _cell(axes, (row, column), wide.loc[body_id, choice])
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim(max(len(bodies), 1) - 0.5, -0.5)
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(columns)), [wrapped(NAMES[c], 11) for c in columns], fontsize=8)
    axes.set_yticks(range(len(bodies)), [wrapped(names[key], 34) for key in bodies])
    said = "; ".join(
        f"{names[body]} "
        + ", ".join(f"{NAMES[choice]} {percent(wide.loc[body, choice])}" for choice in columns)
        for body in bodies
    )
    return Chart(figure, title, f"{title}. Table of shares of variance: {said or 'no score'}.")


def _cell(axes: Axes, place: tuple[int, int], share: float) -> None:
    """One share: a bar as wide as it is, and the number."""
    row, column = place
    if not pd.isna(share):
        axes.barh(row, 0.9 * share, left=column - 0.45, height=0.82, color="#A9BFD3", zorder=1)
    axes.barh(row, 0.9, left=column - 0.45, height=0.82, facecolor="none", edgecolor=PALE,
              linewidth=0.6, zorder=2)  # fmt: skip
    axes.text(column, row, percent(share), ha="center", va="center", fontsize=9, zorder=3)
