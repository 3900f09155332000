"""The figure of a map: points with their spread, landmarks, names that do not overlap."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from positions.measures.mds import Map
from positions.present.charts.labels import name_points
from positions.present.charts.style import (
    BLUE,
    FAINT,
    GRID,
    PALE,
    PLUM,
    axes_in,
    blank,
    narrow,
    twice,
)
from positions.present.display import Chart


@twice
def map(placed: Map, names: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw the map: bodies with their spread, models as diamonds, guesses hollow.

    Parameters
    ----------
    placed
        What `mds.place` returned.
    names
        One row per body and model: an id, and `name`.
    title, subtitle
        The finding; the measure, its base and stress.

    Examples
    --------
    Ann says what the plan says, Cy the contrary; they stand one unit of distance apart:

    >>> import positions as ps
    >>> said = {"ann": 2, "cy": -2}
    >>> cells = pd.DataFrame([(b, p, said[b]) for b in said for p in "pqrs"],
    ...                      columns=["body_id", "proposition_id", "position"])
    >>> plan = cells[cells["body_id"] == "ann"].rename(columns={"body_id": "model_id"})
    >>> placed = ps.mds(cells, plan.assign(model_id="plan"), landmarks=("plan",))
    >>> names = pd.DataFrame({"id": ["ann", "cy", "plan"], "name": ["Ann", "Cy", "The plan"]})
    >>> chart = map(placed, names, "Ann stands with the plan", "Stress-1 0.000")
    >>> for part in chart.alt.partition("up: ")[2].split("; "):
    ...     print(part)
    Ann (body) +0.33, +0.00 hollow
    Cy (body) -0.67, +0.00 hollow
    The plan (model) +0.33, +0.00.
    """
    called = dict(zip(names.iloc[:, 0], names["name"], strict=True))
    points = placed.points
    figure = blank(4.6 if narrow() else 6.3, title, subtitle)
    axes = axes_in(figure, 0.02, 0.98, 0.62)
    _frame(axes, points)
    for _, row in points.iterrows():
        _point(axes, row, len(points) <= _FILLED_UP_TO)
    # Models first: they are the landmarks.
    order = points.sort_values("kind", key=lambda kinds: kinds != "model", kind="stable")
    size = 9 if len(points) <= _FILLED_UP_TO else 7.5
    name_points(axes, order[["x", "y"]].to_numpy(), [
        (called[row["id"]], {"color": PLUM, "fontsize": size, "fontweight": "bold"}
         if row["kind"] == "model" else {"color": "black", "fontsize": size})
        for row in order.to_dict("records")
    ])  # fmt: skip
    _map_legend(figure, bool(placed.draws))
    said = "; ".join(
        f"{called[row['id']]} ({row['kind']}) {row['x']:+.2f}, {row['y']:+.2f}"
        + (" hollow" if row["hollow"] else "")
        for _, row in points.iterrows()
    )
    alt = f"{title}. Map of {len(points)} points, across and up: {said}."
    return Chart(figure, title, alt)


def _frame(axes: Axes, points: pd.DataFrame) -> None:
    """Equal units both ways, with room for the names and for every circle."""
    box, spread = axes.get_window_extent(), points["spread"].fillna(0)
    unit = (
        1 / box.width
        if points.empty
        else max(
            room / dots
            for side, most, dots in (("x", 1.35, box.width), ("y", 1.18, box.height))
            for room in (
                (float(points[side].abs().max()) + 0.02) * most,
                float((points[side].abs() + spread).max()) * 1.02,
            )
        )
    )
    axes.set_xlim(-unit * box.width, unit * box.width)
    axes.set_ylim(-unit * box.height, unit * box.height)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(FAINT)
    axes.axhline(0, color=GRID, linewidth=0.8, zorder=0)
    axes.axvline(0, color=GRID, linewidth=0.8, zorder=0)


_FILLED_UP_TO = 25


def _point(axes: Axes, row: pd.Series, filled: bool) -> None:
    model = row["kind"] == "model"
    colour = PLUM if model else BLUE
    if not pd.isna(row["spread"]):
        axes.add_patch(Circle((row["x"], row["y"]), row["spread"], facecolor=colour, zorder=1,
                              alpha=0.06 if filled else 0.0, edgecolor="none"))  # fmt: skip
        axes.add_patch(Circle((row["x"], row["y"]), row["spread"], facecolor="none", zorder=1,
                              alpha=0.45 if filled else 0.2, edgecolor=colour, linewidth=0.6,
                              linestyle="--" if model else "-"))  # fmt: skip
    axes.plot([row["x"]], [row["y"]], marker="D" if model else "o", markersize=8 if model else 6.5,
              markerfacecolor="white" if row["hollow"] else colour, markeredgecolor=colour,
              markeredgewidth=1.4, linestyle="none", zorder=4 if model else 5)  # fmt: skip


def _map_legend(figure: Figure, spread: bool) -> None:
    def dot(marker: str, colour: str, fill: str, words: str) -> Line2D:
        return Line2D([], [], marker=marker, color=colour, markerfacecolor=fill, linestyle="none",
                      label=words)  # fmt: skip

    handles = [
        dot("o", BLUE, BLUE, "body"),
        dot("o", BLUE, "white", "body whose place is mostly a guess"),
        dot("D", PLUM, PLUM, "model (landmark)"),
    ]
    if spread:
        handles.append(dot("o", PALE, "none", "circle: 80% of its places when redrawn"))
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.008),
                  ncol=1 if narrow() else 4, fontsize=8.5, frameon=False,
                  handletextpad=0.3)  # fmt: skip
