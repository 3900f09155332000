"""Figures of robustness: a table in, a titled chart with its alternative text out.

Computes nothing. In the house style of `figures`: no red against green, no colour alone, counts
and shares printed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from positions.present.charts.style import (
    BAND,
    BLUE,
    GREY,
    GRID,
    ORANGE,
    PALE,
    SCALE_COLOURS,
    WIDTH,
    axes_in,
    bars,
    beside,
    blank,
    boxes,
    fit,
    label_rows,
    margins,
    name_columns,
    name_rows,
    narrow,
    plain,
    printed,
    row_height,
    say_key,
    share_axis,
    spans,
    twice,
    wrapped,
)
from positions.present.display import Chart, house
from positions.robustness.specifications import DEFAULT
from positions.robustness.vocabulary import NAMES
from positions.words import MISSING, percent


@house()
def curve(rows: pd.DataFrame, choices: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw one body's score in every analysis, sorted, and below it the choices of each.

    Parameters
    ----------
    rows
        One row per analysis, lowest score first: `variant_id`, `agreement`, a column per choice.
        What is left out is told by its kind (`proposition`, ...).
    choices
        The choices and their levels, as `robustness.choices` returns them.
    title, subtitle
        The finding; the measure, its base and date.

    References
    ----------
    Simonsohn, Simmons and Nelson (2020), "Specification curve analysis", Nature Human Behaviour 4,
    1208-1214.

    Examples
    --------
    >>> drawn = pd.DataFrame({"variant_id": ["weights=by theme", "default"],
    ...                       "agreement": [0.5, 0.75], "weights": ["by theme", "equal"]})
    >>> levels = pd.DataFrame({"choice": "weights", "level": ["equal", "by theme"]})
    >>> curve(drawn, levels, "Weights matter", "Agreement of Ann").alt.partition(", lowest")[0]
    'Weights matter. Specification curve: 2 analyses, from 50% to 75%'
    """
    kind = choices["level"].str.split().str[0]
    levels = choices["level"].mask(choices["choice"] == "drop", kind)
    marks = choices[["choice"]].assign(level=levels).drop_duplicates(ignore_index=True)
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
    """Draw the sorted scores; the default as a large diamond with its label."""
    plain(axes)
    axes.plot(range(len(rows)), rows["agreement"], linestyle="", marker="o", markersize=size,
              color=PALE, markeredgewidth=0)  # fmt: skip
    for place in np.flatnonzero(rows["variant_id"] == DEFAULT):
        score = rows["agreement"].iloc[place]
        axes.axhline(score, color=BLUE, linewidth=1, linestyle="--", zorder=1)
        axes.plot([place], [score], marker="D", markersize=7, color=BLUE, zorder=4)
        # Scores rise to the right: above to the left and below to the right nothing is drawn.
        late = place > len(rows) / 2
        axes.annotate(f"default {percent(score)}", (place, score),
                      xytext=(-5, 7) if late else (6, -15), textcoords="offset points",
                      fontsize=9, color=GREY, ha="right" if late else "left")  # fmt: skip
    axes.set_ylim(-0.04, 1.08)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_xticks([])
    axes.set_xlim(-1, max(len(rows), 1))


def _ticks(axes: Axes, rows: pd.DataFrame, marks: pd.DataFrame, size: float) -> None:
    """Draw a mark where an analysis takes a level; bands tell the choices apart."""
    plain(axes)
    places = np.arange(len(marks))
    odd = marks["choice"].factorize()[0] % 2 == 1
    boxes(axes, [(-1, place - 0.5) for place in places[odd]], (max(len(rows), 1) + 1, 1),
          facecolor=BAND, zorder=0)  # fmt: skip
    taken = [
        np.flatnonzero(rows[choice] == level)
        for choice, level in zip(marks["choice"], marks["level"], strict=True)
    ]
    across, up = np.concatenate([[], *taken]), np.repeat(places, [len(mine) for mine in taken])
    axes.plot(across, up, linestyle="", marker="|", markersize=7.5, color=GREY, zorder=2,
              markeredgewidth=max(0.6, size / 3))  # fmt: skip
    first = ~marks["choice"].duplicated().to_numpy()  # levels of one choice follow each other
    called = [printed(NAMES[choice]) for choice in marks["choice"][first]]
    beside(axes, -0.43, places[first], called, fontsize=8.5, fontweight="bold")
    name_rows(axes, places, [printed(level) for level in marks["level"]], 8)
    axes.set_ylim(len(marks) - 0.5, -0.5)
    axes.set_xlim(-1, max(len(rows), 1))
    axes.set_xticks([])
    axes.set_xlabel("analyses, from the lowest score to the highest", fontsize=9, color=GREY)


@twice
def spread(spread: pd.DataFrame, scores: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw each body's scores in all analyses on one line, the default as a point.

    Parameters
    ----------
    spread
        One row per body, in the order drawn: `body_id`, `name`, `default` (the score, missing
        where it has no rank by default), `low`, `high`, `analyses` (in how many it has a rank).
    scores
        One row per analysis and body: `body_id`, `agreement`, `standing`.
    title, subtitle
        The finding; the measure, its base and date.

    Examples
    --------
    >>> ends = pd.DataFrame({"body_id": ["ann"], "name": ["Ann"], "default": [0.75], "low": [0.5],
    ...                      "high": [0.75], "analyses": [2]})
    >>> scores = pd.DataFrame({"body_id": "ann", "agreement": [0.5, 0.75], "standing": "ranked"})
    >>> spread(ends, scores, "Ann stays above half", "Two analyses").alt
    'Ann stays above half. Strip chart, default first: Ann 75%; 50% to 75% in 2 analyses.'
    """
    figure = blank(row_height(0.4, 2) * len(spread) + 0.6, title, subtitle)
    axes = axes_in(figure, *margins(0.285, 0.66))
    share_axis(axes)
    places = np.arange(len(spread))
    spans(axes, places, spread["low"], spread["high"], color=PALE, linewidth=1.2, zorder=1)
    rows = pd.Index(spread["body_id"]).get_indexer(scores["body_id"])
    drawn = (rows >= 0) & (scores["standing"] == "ranked")
    axes.plot(scores["agreement"][drawn], rows[drawn], linestyle="", marker="|", markersize=12,
              markeredgewidth=0.9, color=GREY, alpha=0.55, zorder=2)  # fmt: skip
    axes.plot(spread["default"], places, linestyle="", marker="o", markersize=8, color=BLUE,
              zorder=3, markeredgecolor="white", clip_on=False)  # fmt: skip
    said = [
        f"{percent(row['default'])}; {percent(row['low'])} to {percent(row['high'])} "
        f"in {row['analyses']} analyses"
        for row in spread.to_dict("records")
    ]
    called = spread["name"].tolist()
    label_rows(axes, places, called, said, room=0.285 * WIDTH - 0.2, wrap=34)
    axes.set_ylim(max(len(spread), 1) - 0.4, -0.6)
    say_key(figure, "agreement; dot: default; each tick: one analysis")
    each = "; ".join(f"{name} {words}" for name, words in zip(called, said, strict=True))
    return Chart(figure, title, f"{title}. Strip chart, default first: {each or 'no body'}.")


@twice
def claims(tally: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw in how many analyses each claim holds, cannot be judged, and fails.

    Parameters
    ----------
    tally
        One row per claim: `wording`, `holds`, `not_judged`, `fails`, `of`.
    title, subtitle
        The finding; what was varied.

    Examples
    --------
    >>> tally = pd.DataFrame({"wording": ["Ann agrees most"], "holds": [7], "not_judged": [1],
    ...                       "fails": [2], "of": [10]})
    >>> claims(tally, "One claim mostly holds", "Ten analyses").alt
    'One claim mostly holds. Stacked bars: “Ann agrees most” holds 7, not judged 1, fails 2.'
    """
    figure = blank(row_height(0.45, 3) * len(tally) + 0.85, title, subtitle)
    axes = axes_in(figure, *margins(0.345, 0.975), 0.5, 0.9)
    plain(axes, bottom=False)
    _stacked(axes, tally)
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    label_rows(axes, range(len(tally)), tally["wording"], room=0.345 * WIDTH - 0.1, high=0.43,
               wrap=46, size=8.5, lines=3, up=0.2)  # fmt: skip
    axes.set_ylim(max(len(tally), 1) - 0.4, -0.6)
    _claims_legend(figure)
    each = "; ".join(f"“{r['wording']}” {_counts(r)}" for r in tally.to_dict("records"))
    return Chart(figure, title, f"{title}. Stacked bars: {each or 'no claim'}.")


def _counts(row: dict[Any, Any]) -> str:
    if not row["of"]:
        return f"{MISSING} not evaluated here"
    return f"holds {row['holds']}, not judged {row['not_judged']}, fails {row['fails']}"


def _stacked(axes: Axes, tally: pd.DataFrame) -> None:
    """Of each claim three segments, and the counts in words above them."""
    places = np.arange(len(tally))
    looks: dict[str, dict[str, Any]] = {
        "holds": {"facecolor": BLUE},
        "not_judged": {"facecolor": "white", "edgecolor": PALE},
        "fails": {"facecolor": ORANGE, "hatch": "///", "edgecolor": "white"},
    }
    shares = tally[list(looks)].div(tally["of"].where(tally["of"] > 0), axis=0)
    ends = shares.cumsum(axis=1)
    for column, look in looks.items():
        bars(axes, places + 0.17, shares[column], 0.36, left=ends[column] - shares[column],
             linewidth=0.8, **look)  # fmt: skip
    for place, row in enumerate(tally.to_dict("records")):
        axes.text(0.0, place - 0.04, _counts(row), fontsize=8, va="bottom", color=GREY)


def _claims_legend(figure: Figure) -> None:
    handles = [
        Patch(facecolor=BLUE, label="holds"),
        Patch(facecolor="white", edgecolor=PALE, label="cannot be judged: a body is not ranked"),
        Patch(facecolor=ORANGE, hatch="///", edgecolor="white", label="fails"),
    ]
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.005),
                  ncol=1 if narrow() else 3, fontsize=8.5, frameon=False)  # fmt: skip


@house()
def importance(importance: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw how much of the spread of each body's score each choice explains, shares printed.

    Parameters
    ----------
    importance
        One row per body and choice: `body_id`, `name`, `choice`, `share`; bodies in the order
        drawn.
    title, subtitle
        The finding; what was varied.

    Examples
    --------
    >>> shares = pd.DataFrame({"body_id": "ann", "name": "Ann", "choice": ["weights", "silence"],
    ...                        "share": [0.75, 0.25]})
    >>> importance(shares, "Weights matter most", "All analyses").alt.partition(": ")[2]
    'Ann weights 75%, silence 25%.'
    """
    names = dict(zip(importance["body_id"], importance["name"], strict=True))
    bodies = list(names)
    columns = importance["choice"].unique()
    wide = importance.set_index(["body_id", "choice"])["share"].unstack()
    wide = wide.reindex(index=bodies, columns=columns)
    figure = blank(0.37 * len(bodies) + 0.5, title, subtitle)
    axes = axes_in(figure, 0.285, 0.995, 0.1, 1.32)
    plain(axes, bottom=False)
    held = wide.to_numpy()
    cells = np.argwhere(np.full(held.shape, True))
    foot = cells[:, 1] - 0.45
    bars(
        axes, cells[:, 0], 0.9 * held.ravel(), 0.82, left=foot, facecolor=SCALE_COLOURS[3], zorder=1
    )
    bars(axes, cells[:, 0], np.full(held.size, 0.9), 0.82, left=foot, facecolor="none",
         edgecolor=PALE, linewidth=0.6, zorder=2)  # fmt: skip
    for (row, column), share in zip(cells, held.ravel(), strict=True):
        axes.text(column, row, percent(share), ha="center", va="center", fontsize=9, zorder=3)
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim(max(len(bodies), 1) - 0.5, -0.5)
    called = [wrapped(NAMES[choice], 13) for choice in columns]
    heads = name_columns(axes, range(len(called)), called, 8)
    fit(heads, 0.71 * WIDTH / max(len(called), 1) - 0.05)
    label_rows(axes, range(len(bodies)), names.values(), room=0.285 * WIDTH - 0.2, high=0.33,
               wrap=34)  # fmt: skip
    said = "; ".join(
        f"{names[body]} "
        + ", ".join(f"{NAMES[choice]} {percent(wide.loc[body, choice])}" for choice in columns)
        for body in bodies
    )
    return Chart(figure, title, f"{title}. Table of shares of variance: {said or 'no score'}.")
