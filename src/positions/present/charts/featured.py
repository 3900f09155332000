"""Charts of the bodies that a study features: two axes, a strip of positions, pairs."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from positions.measures.blanks import COULD_NOT, REPORTED
from positions.present.charts.labels import name_points
from positions.present.charts.matrix import HATCHES
from positions.present.charts.style import (
    BAND,
    BLUE,
    FAINT,
    GREY,
    GRID,
    ORANGE,
    PALE,
    SCALE_COLOURS,
    WIDTH,
    above_rows,
    axes_in,
    bars,
    blank,
    boxes,
    extents,
    fit,
    label_rows,
    margins,
    name_columns,
    narrow,
    plain,
    printed,
    row_height,
    say_key,
    twice,
    width,
    wrapped,
)
from positions.present.display import Chart
from positions.words import BLANKS, percent, signed


@twice
def two_axes(scores: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw each body by its agreement with the design and with the claims and the process.

    Each is named beside its dot, where there is room; the featured first, with their bases.

    Parameters
    ----------
    scores
        One row per body with both scores, shares from 0 to 1: `name`, `agreement`, `spoke`, `of`,
        `trust`, `trust_spoke`, `trust_of`, `featured`.
    title, subtitle
        The finding, and what is drawn.

    Examples
    --------
    >>> scores = pd.DataFrame({
    ...     "name": ["Ann"], "agreement": [0.75], "spoke": [3], "of": [4],
    ...     "trust": [0.25], "trust_spoke": [1], "trust_of": [2], "featured": [True],
    ... })
    >>> two_axes(scores, "Ann likes the plan, not its promises", "Four bodies").alt
    'Ann likes the plan, not its promises. Four bodies. Ann 75% (3 of 4) and 25% (1 of 2).'
    """
    known = scores.dropna(subset=["agreement", "trust"])
    figure = blank(5.6, title, subtitle)
    axes = axes_in(figure, *((0.15, 0.97) if narrow() else (0.09, 0.985)), bottom=0.6)
    ticks = [0, 0.25, 0.5, 0.75, 1]
    for side, shares in ((axes.xaxis, axes.set_xlim), (axes.yaxis, axes.set_ylim)):
        shares(-0.05, 1.05)
        side.set_ticks(ticks, [percent(tick) for tick in ticks])
    plain(axes)
    axes.grid(color=GRID, linewidth=0.8)
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlabel("agreement with the design", fontsize=9.5, color=GREY)
    axes.set_ylabel("agreement with the claims and the process", fontsize=9.5, color=GREY)
    others, named = known[~known["featured"]], known[known["featured"]]
    axes.scatter(others["agreement"], others["trust"], s=34, color=PALE, zorder=2, clip_on=False)
    axes.scatter(named["agreement"], named["trust"], s=80, color=BLUE, zorder=3, clip_on=False)
    order = pd.concat([named, others])
    name_points(axes, order[["agreement", "trust"]].to_numpy(), [
        (_with_bases(row), {"color": BLUE, "fontsize": 9, "fontweight": "bold"})
        if row["featured"] else (row["name"], {"color": GREY, "fontsize": 8})
        for row in order.to_dict("records")
    ])  # fmt: skip
    told = "; ".join(
        f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']}) and "
        f"{percent(row['trust'])} ({row['trust_spoke']} of {row['trust_of']})"
        for row in known.to_dict("records")
    )
    return Chart(figure, title, f"{title}. {subtitle}. {told or 'No body has both scores'}.")


def _with_bases(row: Mapping[Hashable, Any]) -> str:
    """Return the name of a body with both its scores and their bases."""
    return (
        f"{row['name']}\n{percent(row['agreement'])} on {row['spoke']}/{row['of']}, "
        f"{percent(row['trust'])} on {row['trust_spoke']}/{row['trust_of']}"
    )


@twice
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

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     [["ann", "fares", 2.0, "stated", False, ""],
    ...      ["ann", "tolls", None, "", False, "silent"]],
    ...     columns=["body_id", "proposition_id", "position", "basis", "predates", "blank"],
    ... )
    >>> asked = pd.DataFrame({"proposition_id": ["fares", "tolls"], "label": ["Fares", "Tolls"],
    ...                       "kind": "design"})
    >>> strip(cells, asked, [("ann", "Ann")], "Ann is for fares", "Two points").alt
    'Ann is for fares. Two points. Ann: Fares +2.'
    """
    blocks = rows["kind"].tolist()
    gaps = np.cumsum([0] + [a != b for a, b in itertools.pairwise(blocks)]) * 0.7
    places = -(np.arange(len(rows)) + gaps)
    height = row_height(0.235) * (len(rows) + (gaps[-1] if len(rows) else 0) + 1 + narrow())
    figure = blank(height + 1.3, title, subtitle)
    axes = axes_in(figure, *margins(0.42, 0.985), bottom=0.75, top=1.5)
    axes.set_xlim(-0.5, max(len(columns), 1) - 0.5)
    axes.set_ylim((places[-1] if len(rows) else 0) - 0.6, 0.6 + 0.9 * narrow())
    plain(axes, bottom=False)
    at = {key: place for key, place in zip(rows["proposition_id"], places, strict=True)}
    across = {key: place for place, (key, _) in enumerate(columns)}
    drawn = cells[cells["body_id"].isin(across) & cells["proposition_id"].isin(at)]
    for cell in drawn.to_dict("records"):
        _square(axes, across[cell["body_id"]], at[cell["proposition_id"]], cell)
    label_rows(axes, places, rows["label"], room=0.33 * WIDTH, high=0.2, wrap=60, size=9, up=0.13)
    heads = [wrapped(name, 11 if narrow() else 17) for _, name in columns]
    fit(name_columns(axes, range(len(columns)), heads, 9),
        (0.89 if narrow() else 0.55) * width() / max(len(columns), 1), 0.5)  # fmt: skip
    for kind in dict.fromkeys(blocks):
        first = places[blocks.index(kind)]
        if narrow():
            above_rows(axes, [first], [kind], 0.27, color=GREY, fontweight="bold", fontsize=9)
        else:
            figure.text(0.012, _up(axes, first), printed(kind), fontsize=9, fontweight="bold",
                        color=GREY, va="center")  # fmt: skip
    words = "\n".join(wrapped(line, 60) for line in KEY) if narrow() else "\n".join(KEY)
    figure.text(0.012, 0.1 / figure.get_figheight(), words, fontsize=8, color=GREY)
    return Chart(figure, title, f"{title}. {subtitle}. {_told(drawn, rows, dict(columns))}")


KEY = (
    "full: in its own words; hollow: follows from them; r: reported by others; struck: before the "
    "model",
    "hatched [x]: silent; dotted [u]: not in the part seen; [o]: only reported by others; "
    "[z]: could not speak of it yet",
)


def _up(axes: Axes, place: float) -> float:
    """Return the height of a row in the figure, as a share."""
    dots = axes.transData.transform((0, place))[1]
    return float(axes.figure.transFigure.inverted().transform((0, dots))[1])


def _square(axes: Axes, across: float, up: float, cell: Mapping[str, object]) -> None:
    """Draw one cell of the strip."""
    half = 0.24 if narrow() else 0.42
    corner, size = [(across - 0.42, up - half)], (0.84, 2 * half)
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
        axes.plot(
            [across - 0.3, across + 0.3],
            [up - half + 0.17, up + half - 0.17],
            color=GREY,
            linewidth=0.9,
        )


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


@twice
def pairs(shared: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw for each pair of bodies on how many shared propositions they stand together or apart.

    Parameters
    ----------
    shared
        One row per pair: `pair` (both names), `agree`, `disagree`, `both_spoke`.
    title, subtitle
        The finding, and what is drawn.

    Examples
    --------
    >>> shared = pd.DataFrame({"pair": ["Ann and Ben"], "agree": [2], "disagree": [1],
    ...                        "both_spoke": [4]})
    >>> pairs(shared, "Ann and Ben mostly agree", "Four points").alt.split(". ")[2]
    'Ann and Ben: 2 on the same side, 1 on opposite sides, of 4.'
    """
    figure = blank(row_height(0.42) * max(len(shared), 1) + 0.9, title, subtitle)
    axes = axes_in(figure, *margins(0.42, 0.9), bottom=0.55)
    places = -np.arange(len(shared), dtype=float)
    most = max(int(shared["both_spoke"].max()) if len(shared) else 1, 1)
    axes.set_xlim(0, most + 0.2)
    axes.set_ylim(-len(shared) + 0.4, 0.6)
    plain(axes)
    neither = shared["both_spoke"] - shared["agree"] - shared["disagree"]
    start = np.zeros(len(shared))
    dots = axes.get_window_extent().width / (most + 0.2)
    for counts, colour, word in (
        (shared["agree"], BLUE, "same side"), (neither, BAND, "one takes no side"),
        (shared["disagree"], ORANGE, "opposite sides"),
    ):  # fmt: skip
        length = counts.to_numpy(dtype=float)
        bars(axes, places, length, 0.64, left=start, facecolor=colour, edgecolor=GREY,
             linewidth=0.5)  # fmt: skip
        for at, up, number in zip(start + length / 2, places, counts, strict=True):
            if number:
                ink = "white" if colour == BLUE else "black"
                said = axes.text(at, up, f"{number} {word}", ha="center", va="center",
                                 fontsize=8.5, color=ink)  # fmt: skip
                if extents([said])[0].width > number * dots:
                    said.set_text(f"{number}")
        start = start + length
    label_rows(axes, places, shared["pair"], room=0.4 * WIDTH, wrap=44, size=9, up=0.12)
    axes.set_xticks(range(0, most + 1, max(1, most // 6)))
    say_key(figure, "propositions that both address; blue: same side; orange: opposite sides")
    told = "; ".join(
        f"{row['pair']}: {row['agree']} on the same side, {row['disagree']} on opposite sides, of "
        f"{row['both_spoke']}" for row in shared.to_dict("records")
    )  # fmt: skip
    return Chart(figure, title, f"{title}. {subtitle}. {told or 'No pair'}.")
