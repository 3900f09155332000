"""The figure of where things stood before, where they ended, and where each of a few bodies stood.

A panel a body: one sees in one glance how near things came to it, and no mark needs a legend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.style import (
    BLUE,
    GREY,
    GRID,
    PALE,
    WIDTH,
    axes_in,
    blank,
    ends_inside,
    head_panel,
    label_rows,
    margins,
    plain,
    row_height,
    say_key,
    twice,
    width,
)
from positions.present.display import Chart
from positions.study.schema import SCALE
from positions.words import signed

KEY = (
    "ring: before; stroke: as introduced; square: in the end; blue dot: the body; from -2 (the "
    "contrary) to +2 (just so)"
)


@twice
def outcome(
    moves: pd.DataFrame,
    cells: pd.DataFrame,
    bodies: Sequence[tuple[str, str]],
    title: str,
    subtitle: str,
) -> Chart:
    """Draw on each proposition where things stood before and ended, and where bodies stood.

    A hollow ring is the state before, an upright stroke the bill as introduced, an arrow leads to
    the end; a filled square alone is an end of which the beginning is not known, or on which
    nothing moved. Each body has a panel, with a dot where it stood.

    Parameters
    ----------
    moves
        The propositions in the order drawn: `label`, `proposition_id`, `status_quo`, `bill`,
        `act`, as `Analysis.moves` has them.
    cells
        One row per body and proposition with a position: `body_id`, `proposition_id`, `position`.
    bodies
        Pairs of id and name, six at most: one panel each, in order. Without one the law is drawn
        alone.
    title, subtitle
        The finding, and what is drawn.

    Examples
    --------
    >>> moves = pd.DataFrame({"label": ["Fares"], "proposition_id": ["fares"], "status_quo": [-2.0],
    ...                       "bill": [1.0], "act": [2.0]})
    >>> cells = pd.DataFrame({"body_id": ["ann"], "proposition_id": ["fares"], "position": [2.0]})
    >>> outcome(moves, cells, [("ann", "Ann")], "Fares came to Ann", "One point").alt
    'Fares came to Ann. One point. Fares: from -2 to +2; Ann +2.'
    """
    asked, drawn = moves["proposition_id"].tolist(), list(bodies)[:6]
    known = cells.dropna(subset=["position"]).set_index(["body_id", "proposition_id"])["position"]
    figure = blank(row_height(0.36) * max(len(moves), 1) + 1.1, title, subtitle)
    left, right = margins(0.3, 0.985)
    step = (right - left) / max(len(drawn), 1)
    for number, (body, name) in enumerate(drawn or [("", "")]):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.02, 0.55, 1.3)
        _panel(axes, moves)
        head_panel(axes, name, step * width() - 0.1)
        spoke = [(place, key) for place, key in enumerate(asked) if (body, key) in known]
        axes.plot([known[body, key] for _, key in spoke], [place - 0.17 for place, _ in spoke],
                  linestyle="", marker="o", color=BLUE, markersize=7, zorder=4)  # fmt: skip
        if number == 0:
            label_rows(axes, range(len(moves)), moves["label"], room=0.3 * WIDTH - 0.2, high=0.33,
                       up=0.18)  # fmt: skip
    say_key(figure, KEY)
    told = [_told(row, drawn, known) for row in moves.to_dict("records")]
    return Chart(figure, title, f"{title}. {subtitle}. {'. '.join(told) or 'No outcome is known'}.")


def _panel(axes: Axes, moves: pd.DataFrame) -> None:
    """Draw the law's way on every proposition, and the scale."""
    low, high = SCALE
    plain(axes)
    axes.set_xlim(low - 0.35, high + 0.35)
    axes.set_ylim(len(moves) - 0.4, -0.6)
    axes.set_yticks([])
    axes.set_xticks([low, 0, high], [signed(at) for at in (low, 0, high)])
    axes.set_xticks(range(low, high + 1), minor=True)
    axes.tick_params(which="minor", length=0)
    axes.grid(axis="x", which="both", color=GRID, linewidth=0.8)
    ends_inside(axes)
    for place, row in enumerate(moves.to_dict("records")):
        _path(axes, place + 0.14, row["status_quo"], row["bill"], row["act"])


def _path(axes: Axes, at: float, before: float, bill: float, end: float) -> None:
    """Draw the way from the state before to the end, a little below the middle of its row."""
    axes.plot([bill], [at], linestyle="", marker="|", markersize=11, markeredgewidth=1.6,
              color=GREY, zorder=3)  # fmt: skip
    if pd.notna(before) and before != end:
        axes.annotate("", xy=(end, at), xytext=(before, at), zorder=3,
                      arrowprops={"arrowstyle": "-|>", "color": PALE, "linewidth": 1.4,
                                  "shrinkA": 3, "shrinkB": 3})  # fmt: skip
        axes.plot([before], [at], linestyle="", marker="o", markersize=5, color=GREY,
                  markerfacecolor="white", zorder=4)  # fmt: skip
    axes.plot([end], [at], linestyle="", marker="s", markersize=5, color=GREY, zorder=4)


def _told(row: Mapping[Any, Any], bodies: Sequence[tuple[str, str]], known: pd.Series) -> str:
    """Return one proposition in words."""
    before, key = row["status_quo"], row["proposition_id"]
    began = "not known before" if pd.isna(before) else f"from {signed(before)}"
    said = [f"{name} {signed(known[body, key])}" for body, name in bodies if (body, key) in known]
    where = ", ".join(said) or "none of them spoke"
    return f"{row['label']}: {began} to {signed(row['act'])}; {where}"
