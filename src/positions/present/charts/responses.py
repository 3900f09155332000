"""Charts of individual responses: the public's distribution with the bodies on its axis."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from positions.present.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    WIDTH,
    axes_in,
    blank,
    fit,
    house,
    plain,
    printed,
    share_axis,
)
from positions.present.display import Chart
from positions.words import percent

_LEFT, _RIGHT = 0.075, 0.965
_ROW = 0.2


@house()
def respondents(bars: pd.DataFrame, marked: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw how respondents' agreement is distributed, and where the bodies stand on its axis.

    Parameters
    ----------
    bars
        One row per bar: `low`, `high`, `share` of respondents.
    marked
        One row per body, most agreeing first: `name`, `agreement`, `spoke`, `of`.
    title, subtitle
        The finding; the measure and its base.
    """
    rows = len(marked)
    above = _ROW * rows + 0.1
    figure = blank(2.6 + above, title, subtitle)
    axes = axes_in(figure, _LEFT, _RIGHT, 0.55, 0.95 + above)
    plain(axes)
    share_axis(axes)
    axes.grid(visible=False)
    axes.bar(bars["low"], bars["share"], width=bars["high"] - bars["low"], align="edge",
             color=BLUE, edgecolor="white", linewidth=1)  # fmt: skip
    top = max(float(bars["share"].max()), 0.01) * 1.12
    axes.set_ylim(0, top)
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1) if tick <= top][-3:]
    axes.set_yticks(ticks, [percent(tick) for tick in ticks])
    axes.set_ylabel("share of respondents", fontsize=9, color=GREY)
    axes.set_xlabel("agreement with the model", fontsize=9, color=GREY)
    high = 2.6 - 0.55
    names = []
    for place, (_, row) in enumerate(marked.iterrows()):
        level = top * (1 + (above - _ROW * (place + 0.7)) / high)
        names.append(_mark(axes, row, level))
    fit(names, 0.48 * WIDTH, _ROW)
    return Chart(figure, title, _alt(bars, marked, title))


def _mark(axes: Axes, row: pd.Series, level: float) -> Text:
    """Draw the line of a body, its name at the upper end, on the side with more room."""
    at = row["agreement"]
    axes.plot([at, at], [0, level], color=ORANGE, linewidth=1.4, clip_on=False, zorder=3)
    axes.plot([at], [level], marker="o", color=ORANGE, markersize=5, clip_on=False, zorder=3)
    right = at <= 0.5
    words = f"{row['name']} {percent(at)} (spoke on {row['spoke']} of {row['of']})"
    return axes.annotate(
        printed(words), (at, level), xytext=(6 if right else -6, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=8.5, annotation_clip=False,
        zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )  # fmt: skip


def _alt(bars: pd.DataFrame, marked: pd.DataFrame, title: str) -> str:
    shown = "; ".join(
        f"{percent(row['low'])} to {percent(row['high'])}: {percent(row['share'])}"
        for _, row in bars[bars["share"] > 0].iterrows()
    )
    where = "; ".join(
        f"{row['name']} at {percent(row['agreement'])}, {percent(row['below'])} of respondents "
        "below it"
        for _, row in marked.iterrows()
    )
    return (
        f"{title}. Bars of the share of respondents by agreement: {shown or 'none'}. Bodies on the "
        f"same axis: {where or 'none'}."
    )
