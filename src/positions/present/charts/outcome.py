"""The figure of where things stood before, where they ended, and where a few bodies stood."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    LILAC,
    ORANGE,
    PLUM,
    TEAL,
    WIDTH,
    axes_in,
    blank,
    fit,
    house,
    name_rows,
    plain,
    printed,
    wrapped,
)
from positions.present.display import Chart
from positions.study.schema import SCALE
from positions.words import signed

MARKS = (("o", BLUE), ("s", ORANGE), ("^", TEAL), ("D", PLUM), ("v", LILAC), ("P", GREY))
"""The mark and the colour of each body: no two share either."""
STEP = 0.1
"""How far apart the marks of bodies lie that stand at one place, in points of the scale."""


@house()
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
    nothing moved.

    Parameters
    ----------
    moves
        The propositions in the order drawn: `label`, `proposition_id`, `status_quo`, `bill`,
        `act`, as `Analysis.moves` has them.
    cells
        One row per body and proposition with a position: `body_id`, `proposition_id`, `position`.
    bodies
        Pairs of id and name, six at most.
    title, subtitle
        The finding, and what is drawn.
    """
    drawn = list(zip(bodies, MARKS, strict=False))
    figure = blank(0.46 * max(len(moves), 1) + 1.1, title, subtitle)
    axes = axes_in(figure, 0.33, 0.975, bottom=1.15, top=0.85)
    low, high = SCALE
    axes.set_xlim(low - 0.25, high + 0.25)
    axes.set_ylim(len(moves) - 0.4, -0.6)
    axes.set_xticks(range(low, high + 1), [signed(at) for at in range(low, high + 1)])
    plain(axes)
    axes.grid(axis="x", color="#E0E0E0", linewidth=0.8)
    stands = {
        (row["body_id"], row["proposition_id"]): row["position"]
        for row in cells.dropna(subset=["position"]).to_dict("records")
    }
    told = []
    for place, row in enumerate(moves.to_dict("records")):
        before, end = row["status_quo"], row["act"]
        _path(axes, place, before, row["bill"], end)
        said = [
            (name, stands[body, row["proposition_id"]], *look)
            for (body, name), look in drawn if (body, row["proposition_id"]) in stands
        ]  # fmt: skip
        level = _apart([at for _, at, *_ in said])
        for (_, _, mark, colour), across in zip(said, level, strict=True):
            axes.plot([across], [place - 0.2], linestyle="", marker=mark, color=colour,
                      markersize=7, markeredgecolor="white", markeredgewidth=0.6,
                      zorder=4)  # fmt: skip
        began = "not known before" if pd.isna(before) else f"from {signed(before)}"
        where = ", ".join(f"{name} {signed(at)}" for name, at, *_ in said) or "none of them spoke"
        told.append(f"{row['label']}: {began} to {signed(end)}; {where}")
    labels = [wrapped(label, 40) for label in moves["label"]]
    fit(name_rows(axes, range(len(moves)), labels, 9.5), 0.33 * WIDTH - 0.2, 0.42)
    axes.set_xlabel("-2: the contrary   |   +2: just what the proposition says", fontsize=9,
                    color=GREY)  # fmt: skip
    for (_, name), (mark, colour) in drawn:
        axes.plot([], [], linestyle="", marker=mark, color=colour, markersize=7,
                  label=printed(name))  # fmt: skip
    axes.plot([], [], linestyle="", marker="o", markerfacecolor="white", color="black",
              label="before")  # fmt: skip
    if moves["bill"].notna().any():
        axes.plot([], [], linestyle="", marker="|", markersize=12, markeredgewidth=2, color=GREY,
                  label="as introduced")  # fmt: skip
    axes.plot([], [], linestyle="", marker="s", color="black", label="in the end")
    axes.legend(loc="upper center", bbox_to_anchor=(0.27, -0.42 / _inches(axes)), ncols=3,
                frameon=False, fontsize=9, borderaxespad=0)  # fmt: skip
    return Chart(figure, title, f"{title}. {subtitle}. {'. '.join(told) or 'No outcome is known'}.")


def _inches(axes: Axes) -> float:
    """Return how high the axes are, in inches."""
    return float(axes.get_position().height * axes.figure.get_figheight())  # type: ignore[union-attr]


def _apart(places: Sequence[float]) -> list[float]:
    """Set marks that stand at one place beside one another, around it."""
    met: dict[float, int] = {}
    rank = []
    for at in places:
        met[at] = met.get(at, -1) + 1
        rank.append(met[at])
    return [at + STEP * (mine - met[at] / 2) for at, mine in zip(places, rank, strict=True)]


def _path(axes: Axes, place: float, before: float, bill: float, end: float) -> None:
    """Draw the way from the state before to the end, a little below the middle of its row."""
    at = place + 0.14
    axes.plot([bill], [at], linestyle="", marker="|", markersize=15, markeredgewidth=2,
              color=GREY, zorder=3)  # fmt: skip
    if pd.notna(before) and before != end:
        axes.plot([before, end], [at, at], color=FAINT, linewidth=4, zorder=2,
                  solid_capstyle="butt")  # fmt: skip
        axes.annotate("", xy=(end, at), xytext=(before, at), zorder=3,
                      arrowprops={"arrowstyle": "-|>", "color": "black", "linewidth": 1.2,
                                  "shrinkA": 4, "shrinkB": 4})  # fmt: skip
        axes.plot([before], [at], linestyle="", marker="o", markersize=7, color="black",
                  markerfacecolor="white", zorder=4)  # fmt: skip
    axes.plot([end], [at], linestyle="", marker="s", markersize=7, color="black", zorder=4)
