"""The figure of a map: points with their spread, landmarks, names that do not overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.transforms import Bbox

from positions.measures.mds import Map
from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    PALE,
    PLUM,
    axes_in,
    blank,
    extents,
    house,
    wrapped,
)
from positions.present.display import Chart

_BEHIND = {"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 0.5}


@house()
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
    """
    called = dict(zip(names.iloc[:, 0], names["name"], strict=True))
    points = placed.points
    figure = blank(6.3, title, subtitle)
    axes = axes_in(figure, 0.02, 0.98, 0.62)
    _frame(axes, points)
    for _, row in points.iterrows():
        _point(axes, row, len(points) <= _FILLED_UP_TO)
    _label(axes, points, [called[name] for name in points["id"]])
    _map_legend(figure, bool(placed.draws))
    said = "; ".join(
        f"{called[row['id']]} ({row['kind']}) {row['x']:+.2f}, {row['y']:+.2f}"
        + (" hollow" if row["hollow"] else "")
        for _, row in points.iterrows()
    )
    alt = f"{title}. Map of {len(points)} points, across and up: {said}."
    return Chart(figure, title, alt)


def _frame(axes: Axes, points: pd.DataFrame) -> None:
    """Equal units both ways, with room for the names."""
    across = float(points["x"].abs().max()) if len(points) else 1.0
    upright = float(points["y"].abs().max()) if len(points) else 1.0
    box = axes.get_window_extent()
    unit = max((across + 0.02) * 1.35 / box.width, (upright + 0.02) * 1.18 / box.height)
    axes.set_xlim(-unit * box.width, unit * box.width)
    axes.set_ylim(-unit * box.height, unit * box.height)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(FAINT)
    axes.axhline(0, color="#E8E8E8", linewidth=0.8, zorder=0)
    axes.axvline(0, color="#E8E8E8", linewidth=0.8, zorder=0)


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
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.008), ncol=4,
                  fontsize=8.5, frameon=False, handletextpad=0.3)  # fmt: skip


def _label(axes: Axes, points: pd.DataFrame, names: Sequence[str]) -> None:
    """Write each name where it covers no other name and no point; models first.

    A name for which there is no free place near its point is left out: the table has it.
    """
    places = axes.transData.transform(points[["x", "y"]].to_numpy())
    taken = [Bbox.from_bounds(x - 7, y - 7, 14, 14) for x, y in places]
    frame = axes.get_window_extent()
    size = 9 if len(points) <= 25 else 7.5
    models = (points["kind"] == "model").to_numpy()
    for row in sorted(range(len(points)), key=lambda number: not models[number]):
        lines = wrapped(names[row], 26)
        words = axes.annotate(lines, (0, 0), xycoords="figure pixels", fontsize=size, zorder=6,
                              color=PLUM if models[row] else "black",
                              fontweight="bold" if models[row] else "normal")  # fmt: skip
        (box,) = extents([words])
        spot = _free(places[row], (box.width + 3, box.height + 3), taken, frame)
        words.remove()
        if spot is None:
            continue
        taken.append(spot)
        _write(axes, (lines, size, bool(models[row])), places[row], spot)


def _write(axes: Axes, words: tuple[str, float, bool], point: np.ndarray, spot: Bbox) -> None:
    """One name at its spot, with a thin line to its point where the two are apart."""
    text, size, model = words
    at = axes.transData.inverted().transform
    x, y = at(((spot.x0 + spot.x1) / 2, (spot.y0 + spot.y1) / 2))
    axes.text(x, y, text, ha="center", va="center", fontsize=size, zorder=6,
              color=PLUM if model else "black", fontweight="bold" if model else "normal",
              bbox=_BEHIND)  # fmt: skip
    end = (np.clip(point[0], spot.x0, spot.x1), np.clip(point[1], spot.y0, spot.y1))
    if math.dist(end, point) > 23:
        (x0, y0), (x1, y1) = at(point), at(end)
        axes.plot([x0, x1], [y0, y1], color=GREY, linewidth=0.6, zorder=3)


def _free(
    point: np.ndarray, size: tuple[float, float], taken: Sequence[Bbox], frame: Bbox
) -> Bbox | None:
    """Return the nearest free spot round a point, right of it if there is room, then all round."""
    width, height = size
    for gap in (12, 20, 35, 55, 81, 112):
        for angle in (0, 180, 30, -30, 150, -150, 60, -60, 120, -120, 90, -90):
            across, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x = point[0] + across * (gap + width / 2) - width / 2
            y = point[1] + up * (gap + height / 2) - height / 2
            box = Bbox.from_bounds(x, y, width, height)
            inside = (box.x0 > frame.x0 + 3 and box.x1 < frame.x1 - 3
                      and box.y0 > frame.y0 + 3 and box.y1 < frame.y1 - 3)  # fmt: skip
            if inside and not any(box.overlaps(other) for other in taken):
                return box
    return None
