"""The figure of two networks: who sides with whom, and who against whom."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba

from positions.present.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    axes_in,
    blank,
    shortened,
    wrapped,
)
from positions.present.display import Chart, house
from positions.words import plural


@house()
def networks(pairs: pd.DataFrame, bodies: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw who sides with whom, and beside it who against whom, bodies on a ring.

    Parameters
    ----------
    pairs
        One row per pair, as `networks.relations` returns it; only the rows given are drawn.
    bodies
        `body_id`, `name`, in their order round the ring (those of a group side by side).
    title, subtitle
        The finding; the measure and its base.

    Examples
    --------
    >>> tied = pd.DataFrame({"first": ["ann", "ann"], "second": ["ben", "cy"],
    ...                      "agree": [2, 0], "disagree": [0, 1]})
    >>> bodies = pd.DataFrame({"body_id": ["ann", "ben", "cy"], "name": ["Ann", "Ben", "Cy"]})
    >>> chart = networks(tied, bodies, "Ann and Ben stand together", "Three bodies")
    >>> chart.alt.split(". ")[2:4]
    ['Same side: Ann and Ben 2', 'Opposite sides: Ann and Cy 1']
    """
    figure = blank(5.3 if len(bodies) > _ROUND_FROM else 4.0, title, subtitle)
    kinds = (("agree", "same side", BLUE, "-"), ("disagree", "opposite sides", ORANGE, "--"))
    most = max(int(pairs[["agree", "disagree"]].to_numpy().max(initial=1)), 1)
    for panel, (column, words, colour, line) in enumerate(kinds):
        axes = axes_in(figure, 0.005 + 0.5 * panel, 0.495 + 0.5 * panel, 0.35)
        places = _ring(axes, bodies)
        drawn, said = _drawn(pairs, column)
        figure.text(0.012 + 0.5 * panel, 1 - 0.82 / figure.get_figheight(), f"{words}: {said}",
                    fontsize=10, va="top")  # fmt: skip
        _ties(axes, places, drawn, drawn[column].to_numpy() / most, (colour, line))
    figure.text(0.012, 0.08 / figure.get_figheight(),
                f"the wider and darker the line, the more propositions (at most {most})",
                fontsize=8.5, color=GREY)  # fmt: skip
    alt = f"{title}. Two networks of {plural(len(bodies), 'body')}. {_strongest(pairs, bodies)}"
    return Chart(figure, title, alt)


_LINES = 150
_ROUND_FROM = 16


def _drawn(pairs: pd.DataFrame, column: str) -> tuple[pd.DataFrame, str]:
    """Return the pairs with a line, of very many the strongest, and the words for it."""
    tied = pairs[pairs[column] > 0].sort_values(column, kind="stable")
    if len(tied) <= _LINES:
        return tied, plural(len(tied), "pair")
    least = tied[column].iloc[-_LINES - 1] + 1
    least = min(least, tied[column].iloc[-1])
    most = tied[tied[column] >= least]
    return most, f"{len(most)} of {len(tied)} pairs drawn, with {least} or more"


def _strongest(pairs: pd.DataFrame, bodies: pd.DataFrame) -> str:
    names = dict(zip(bodies["body_id"], bodies["name"], strict=True))
    parts = []
    for column, words in (("agree", "Same side"), ("disagree", "Opposite sides")):
        rows = pairs[pairs[column] > 0].sort_values(column, ascending=False, kind="stable")
        said = "; ".join(
            f"{names[row['first']]} and {names[row['second']]} {row[column]}"
            for row in rows.head(10).to_dict("records")
        )
        parts.append(f"{words}: {said or 'none'}.")
    return " ".join([*parts, "The table gives every pair."])


def _ring(axes: Axes, bodies: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Draw the bodies on a circle, each name outside it; return where each stands."""
    number = len(bodies)
    many = number > _ROUND_FROM
    axes.set_axis_off()
    inches = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    radius = inches.width / 2 - (1.35 if many else 1.25)
    axes.set_xlim(-inches.width / 2 / radius, inches.width / 2 / radius)
    axes.set_ylim(-inches.height / 2 / radius, inches.height / 2 / radius)
    angles = [math.pi / 2 - 2 * math.pi * place / number for place in range(number)]
    across, up = np.cos(angles), np.sin(angles)
    axes.plot(across, up, "o", markersize=4 if many else 7, color=GREY, zorder=4)
    write = _spoke if many else _beside
    for name, angle in zip(bodies["name"], angles, strict=True):
        write(axes, name, angle, min(8, 420 / max(number, 1)))
    return dict(zip(bodies["body_id"], zip(across, up, strict=True), strict=True))


def _beside(axes: Axes, name: str, angle: float, size: float) -> None:
    """Write a name beside its point on the ring, level."""
    x, y = math.cos(angle), math.sin(angle)
    side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
    height = "center" if abs(y) < 0.75 else "bottom" if y > 0 else "top"
    axes.text(1.1 * x, 1.1 * y, wrapped(name, 17), ha=side, va=height, fontsize=size)


def _spoke(axes: Axes, name: str, angle: float, size: float) -> None:
    """Write a name as a spoke of the ring: the only way to write many without one on another."""
    x, y = math.cos(angle), math.sin(angle)
    left = x < -1e-9
    axes.text(1.06 * x, 1.06 * y, shortened(name, 24), ha="right" if left else "left",
              va="center", rotation_mode="anchor", fontsize=size,
              rotation=math.degrees(angle) + (180 if left else 0))  # fmt: skip


def _ties(
    axes: Axes,
    ring: dict[str, tuple[float, float]],
    pairs: pd.DataFrame,
    strength: np.ndarray,
    look: tuple[str, str],
) -> None:
    """Draw a line for each pair, the stronger the wider and darker; dashed where it is wide."""
    colour, line = look
    axes.add_artist(LineCollection(
        [(ring[first], ring[second])
         for first, second in zip(pairs["first"], pairs["second"], strict=True)],
        colors=[to_rgba(colour, 0.15 + 0.75 * share**1.5) for share in strength],
        linewidths=0.4 + 3.2 * strength,
        linestyles=[line if share > 0.4 else "-" for share in strength], zorder=2,
    ))  # fmt: skip
