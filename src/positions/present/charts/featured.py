"""Charts of the bodies that a study features: two axes, a strip of positions, pairs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from positions.measures.blanks import COULD_NOT, REPORTED
from positions.present.charts.matrix import HATCHES, SCALE_COLOURS
from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    axes_in,
    blank,
    boxes,
    fit,
    house,
    name_columns,
    name_rows,
    plain,
    printed,
    wrapped,
)
from positions.present.display import Chart
from positions.words import BLANKS, percent, signed

LINE = 0.052
"""Least distance between two names in the picture of two axes, as a share of its height."""


@house()
def two_axes(scores: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw each body by its agreement with the design and with the claims and the process.

    Parameters
    ----------
    scores
        One row per body with both scores, shares from 0 to 1: `name`, `agreement`, `spoke`, `of`,
        `trust`, `trust_spoke`, `trust_of`, `featured` (whether it is named).
    title, subtitle
        The finding, and what is drawn.
    """
    known = scores.dropna(subset=["agreement", "trust"])
    figure = blank(5.6, title, subtitle)
    axes = axes_in(figure, 0.09, 0.72, bottom=0.6)
    for side in (axes.set_xlim, axes.set_ylim):
        side(-0.04, 1.04)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    axes.set_xticks(ticks, [percent(tick) for tick in ticks])
    axes.set_yticks(ticks, [percent(tick) for tick in ticks])
    plain(axes)
    axes.grid(color="#E0E0E0", linewidth=0.8)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlabel("agreement with the design", fontsize=9.5, color=GREY)
    axes.set_ylabel("agreement with the claims and the process", fontsize=9.5, color=GREY)
    others, named = known[~known["featured"]], known[known["featured"]]
    axes.scatter(others["agreement"], others["trust"], s=34, color=PALE, zorder=2)
    axes.scatter(named["agreement"], named["trust"], s=80, color=BLUE, zorder=3)
    _named_beside(axes, named)
    told = "; ".join(
        f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']}) and "
        f"{percent(row['trust'])} ({row['trust_spoke']} of {row['trust_of']})"
        for row in known.to_dict("records")
    )
    return Chart(figure, title, f"{title}. {subtitle}. {told or 'No body has both scores'}.")


def _named_beside(axes: Axes, named: pd.DataFrame) -> None:
    """Name bodies in a column at the right, each joined to its point by a thin line."""
    order = named.sort_values(["trust", "agreement", "name"])
    heights: list[float] = []
    for wanted in order["trust"]:
        heights.append(max(wanted, heights[-1] + 2 * LINE if heights else -1.0))
    over = max(heights, default=0.0) - 1.0
    for row, height in zip(order.to_dict("records"), heights, strict=True):
        at = height - max(over, 0.0)
        axes.annotate(
            f"{wrapped(row['name'], 30)}\n{percent(row['agreement'])} on {row['spoke']}/{row['of']}"
            f", {percent(row['trust'])} on {row['trust_spoke']}/{row['trust_of']}",
            xy=(row["agreement"], row["trust"]), xytext=(1.08, at), annotation_clip=False,
            va="center", ha="left", fontsize=9, color=BLUE,
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.8, "shrinkB": 5},
        )  # fmt: skip


@house()
def strip(
    cells: pd.DataFrame,
    rows: pd.DataFrame,
    columns: Sequence[tuple[str, str]],
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where a few bodies, and the model, stand on each proposition, in blocks of kind.

    What a body says in its own voice is a full square, what follows from it a hollow one; `r`
    marks what others report. A line strikes through what predates the model. Blanks are hatched
    (silent), dotted (not seen), marked `o` (only reported by others) or left white (could not).

    Parameters
    ----------
    cells
        One row per body and proposition: `body_id`, `proposition_id`, `position` (missing for a
        blank), `basis`, `predates`, `blank` (its kind; empty for a position).
    rows
        The propositions in order: `proposition_id`, `label`, `kind`.
    columns
        Pairs of id and name, in order.
    title, subtitle
        The finding, and what is drawn.
    """
    blocks = rows["kind"].tolist()
    gaps = np.cumsum([0] + [a != b for a, b in itertools.pairwise(blocks)]) * 0.7
    places = -(np.arange(len(rows)) + gaps)
    height = 0.235 * (len(rows) + (gaps[-1] if len(rows) else 0) + 1)
    figure = blank(height + 1.3, title, subtitle)
    axes = axes_in(figure, 0.42, 0.985, bottom=0.75, top=1.5)
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim((places[-1] if len(rows) else 0) - 0.6, 0.6)
    plain(axes)
    axes.spines["bottom"].set_visible(False)
    at = {key: place for key, place in zip(rows["proposition_id"], places, strict=True)}
    across = {key: place for place, (key, _) in enumerate(columns)}
    drawn = cells[cells["body_id"].isin(across) & cells["proposition_id"].isin(at)]
    for cell in drawn.to_dict("records"):
        _square(axes, across[cell["body_id"]], at[cell["proposition_id"]], cell)
    names = name_rows(axes, places, [printed(label) for label in rows["label"]], 9)
    fit(names, 0.33 * WIDTH)
    heads = name_columns(axes, range(len(columns)), [wrapped(n, 17) for _, n in columns], 9)
    fit(heads, 0.55 * WIDTH / max(len(columns), 1))
    for kind in dict.fromkeys(blocks):
        first = places[blocks.index(kind)]
        figure.text(0.012, _up(axes, first), printed(kind), fontsize=9, fontweight="bold",
                    color=GREY, va="center")  # fmt: skip
    figure.text(0.012, 0.1 / figure.get_figheight(), KEY, fontsize=8, color=GREY)
    return Chart(figure, title, f"{title}. {subtitle}. {_told(drawn, rows, dict(columns))}")


KEY = (
    "full: in its own words; hollow: follows from them; r: reported by others; struck: before the "
    "model\nhatched [x]: silent; dotted [u]: not in the part seen; [o]: only reported by others; "
    "[z]: could not speak of it yet"
)


def _up(axes: Axes, place: float) -> float:
    """Return the height of a row in the figure, as a share."""
    dots = axes.transData.transform((0, place))[1]
    return float(axes.figure.transFigure.inverted().transform((0, dots))[1])


def _square(axes: Axes, across: float, up: float, cell: Mapping[str, object]) -> None:
    """Draw one cell of the strip."""
    corner, size = [(across - 0.42, up - 0.42)], (0.84, 0.84)
    if cell["blank"]:
        hatch = "" if cell["blank"] == REPORTED else HATCHES[str(cell["blank"])]
        boxes(axes, corner, size, facecolor="white", edgecolor=FAINT, hatch=hatch, linewidth=0.5)
        if cell["blank"] in (REPORTED, COULD_NOT):
            axes.text(across, up, BLANKS[str(cell["blank"])], ha="center", va="center", fontsize=8,
                      color=GREY)  # fmt: skip
        return
    position = float(str(cell["position"]))
    colour = SCALE_COLOURS[round(position) + 2]
    hollow = cell["basis"] == "implied"
    edge = colour if abs(round(position)) == 2 else GREY
    boxes(axes, corner, size, facecolor="white" if hollow else colour, edgecolor=edge,
          linewidth=2.2 if hollow else 0.6)  # fmt: skip
    dark = abs(round(position)) == 2 and not hollow
    said = signed(position) + (" r" if cell["basis"] == "reported" else "")
    axes.text(across, up, said, ha="center", va="center", fontsize=9,
              color="white" if dark and position > 0 else "black")  # fmt: skip
    if cell["predates"]:
        axes.plot([across - 0.3, across + 0.3], [up - 0.25, up + 0.25], color=GREY, linewidth=0.9)


def _told(cells: pd.DataFrame, rows: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Return the strip in words."""
    label = rows.set_index("proposition_id")["label"]
    said = cells[cells["blank"] == ""]
    parts = []
    for key, name in names.items():
        mine = said[said["body_id"] == key]
        told = ", ".join(
            f"{label[row['proposition_id']]} {signed(row['position'])}"
            for row in mine.to_dict("records")
        )
        parts.append(f"{name}: {told or 'nothing'}")
    return "; ".join(parts) + "."


@house()
def pairs(shared: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw for each pair of bodies on how many shared propositions they stand together or apart.

    Parameters
    ----------
    shared
        One row per pair: `pair` (both names), `agree`, `disagree`, `both_spoke`.
    title, subtitle
        The finding, and what is drawn.
    """
    figure = blank(0.42 * max(len(shared), 1) + 0.9, title, subtitle)
    axes = axes_in(figure, 0.42, 0.9, bottom=0.55)
    places = -np.arange(len(shared), dtype=float)
    most = max(int(shared["both_spoke"].max()) if len(shared) else 1, 1)
    axes.set_xlim(0, most + 0.2)
    axes.set_ylim(-len(shared) + 0.4, 0.6)
    plain(axes)
    neither = shared["both_spoke"] - shared["agree"] - shared["disagree"]
    start = np.zeros(len(shared))
    for counts, colour, word in (
        (shared["agree"], BLUE, "same side"), (neither, "#F2F2F2", "one takes no side"),
        (shared["disagree"], ORANGE, "opposite sides"),
    ):  # fmt: skip
        length = counts.to_numpy(dtype=float)
        corners = np.column_stack([start, places - 0.32])
        boxes(axes, corners, np.column_stack([length, np.full(len(length), 0.64)]),
              facecolor=colour, edgecolor=GREY, linewidth=0.5)  # fmt: skip
        for at, up, number in zip(start + length / 2, places, counts, strict=True):
            if number:
                ink = "white" if colour == BLUE else "black"
                said = f"{number} {word}" if number > 1 else f"{number}"
                axes.text(at, up, said, ha="center", va="center", fontsize=8.5, color=ink)
        start = start + length
    names = name_rows(axes, places, [wrapped(name, 44) for name in shared["pair"]], 9)
    fit(names, 0.4 * WIDTH)
    axes.set_xticks(range(0, most + 1, max(1, most // 6)))
    axes.set_xlabel("propositions that both address", fontsize=9, color=GREY)
    told = "; ".join(
        f"{row['pair']}: {row['agree']} on the same side, {row['disagree']} on opposite sides, of "
        f"{row['both_spoke']}" for row in shared.to_dict("records")
    )  # fmt: skip
    return Chart(figure, title, f"{title}. {subtitle}. {told or 'No pair'}.")
