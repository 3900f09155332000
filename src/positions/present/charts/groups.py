"""Figures of groups, networks and consensus: a table in, a titled chart out. Computes nothing.

In the house style of `figures`: stances print their sign, silence is hatched, no colour alone.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from positions.measures.consensus import WORDS
from positions.measures.groups import Groups
from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    PALE,
    SCALE_COLOURS,
    SILENT_HATCH,
    UNSEEN_HATCH,
    axes_in,
    bars,
    beside,
    blank,
    boxes,
    name_columns,
    name_rows,
    plain,
    printed,
    unseen,
    wrapped,
)
from positions.present.display import Chart
from positions.words import MISSING, UNSEEN, plural, signed

_NAMED_UP_TO = 120
"""Rows up to which names and signs are printed; beyond it only the pattern can be seen."""
_HIGHEST = 16.5
"""Inches of a tree: with its key a page and a half; so many rows are as high as their names."""


# --- the tree and its cells ----------------------------------------------------------------


def dendrogram(
    found: Groups, bodies: pd.DataFrame, propositions: pd.DataFrame, title: str, subtitle: str
) -> Chart:
    """Draw the tree of bodies beside what each of them said, in the order of the tree.

    Parameters
    ----------
    found
        What `groups.find` returned.
    bodies, propositions
        `body_id`, `name`, and `seen` where texts were not all read whole; `proposition_id`,
        `label`, in the order of the columns.
    title, subtitle
        The finding; the measure and its base.
    """
    names = dict(zip(bodies["body_id"], bodies["name"], strict=True))
    shown = propositions[propositions["proposition_id"].isin(found.cells.columns)]
    rows, columns = len(found.order), len(shown)
    height = min(0.27, _HIGHEST / max(rows, 1)) * rows
    lines = math.ceil(columns / _KEY_COLUMNS)
    key = 0.17 * lines + 0.75
    figure = blank(height + key + 0.15, title, subtitle)
    cells = _strip(figure, 0.20, 0.70, (key, height))
    branches = _strip(figure, 0.012, 0.19, (key, height))
    _branches(branches, found)
    values = found.cells.reindex(index=found.order, columns=shown["proposition_id"])
    _cells(cells, values, set(unseen(bodies)))
    _names(cells, [names[body] for body in found.order])
    _divide(cells, branches, found)
    _key(figure, shown["label"].tolist(), key)
    spoken = int(found.cells.notna().to_numpy().sum())
    alt = (
        f"{title}. Tree of {plural(rows, 'body')} beside {columns} propositions, in the order of "
        f"the tree: {'; '.join(names[body] for body in found.order)}. {spoken} cells hold a "
        f"position, in {rows * columns - spoken} nothing was found."
    )
    return Chart(figure, title, alt)


_KEY_COLUMNS = 3


def _strip(figure: Figure, left: float, right: float, span: tuple[float, float]) -> Axes:
    """A panel `span[1]` inches high that begins `span[0]` inches from the bottom."""
    total = figure.get_figheight()
    axes = figure.add_axes((left, span[0] / total, right - left, max(span[1], 0.1) / total))
    plain(axes)
    axes.spines["bottom"].set_visible(False)
    return axes


def _branches(axes: Axes, found: Groups) -> None:
    """The tree, its leaves at the right, a merge as far left as its distance."""
    places = {body: place for place, body in enumerate(found.order)}
    at = [(0.0, places[body] + 0.5) for body in found.cells.index]
    forks = []
    for left, right, distance, _ in found.merges:
        (one, up), (two, down) = at[int(left)], at[int(right)]
        forks.append([(one, up), (distance, up), (distance, down), (two, down)])
        at.append((distance, (up + down) / 2))
    axes.add_artist(LineCollection(forks, colors=GREY, linewidths=1.1))
    reach = float(found.merges[:, 2].max(initial=0.0)) * 1.03 or 1.0
    axes.set_xlim(reach, -0.02 * reach)
    axes.set_ylim(max(len(places), 1), 0)
    axes.set_yticks([])
    axes.set_xticks([reach / 1.03, 0], [f"{reach / 1.03:.2f}", "0"], fontsize=8)
    axes.set_xlabel("distance", fontsize=8, color=GREY, labelpad=-6)


def _cells(axes: Axes, values: pd.DataFrame, not_seen: set[str]) -> None:
    """What each body said; what is silent is hatched, what was not seen is dotted."""
    rows, columns = values.shape
    held = values.to_numpy()
    dotted = values.index.isin(list(not_seen))[:, None]
    for hatch, here in ((SILENT_HATCH, ~dotted), (UNSEEN_HATCH, dotted)):
        boxes(axes, np.argwhere(np.isnan(held) & here)[:, ::-1], 1, facecolor="white",
              edgecolor=FAINT, hatch=hatch, linewidth=0.6)  # fmt: skip
    for level, colour in enumerate(SCALE_COLOURS, -2):
        boxes(axes, np.argwhere(np.rint(held) == level)[:, ::-1], 1, facecolor=colour,
              edgecolor="white", linewidth=0.6)  # fmt: skip
    size = min(7.5, 750 / max(rows, 1), 150 / max(columns, 1))
    for row, column in np.argwhere(~np.isnan(held)) if rows <= _NAMED_UP_TO else ():
        value = held[row, column]
        axes.text(column + 0.5, row + 0.52, signed(round(value, 1)), ha="center", va="center",
                  fontsize=size, color="white" if value > 1.5 else "black")  # fmt: skip
    axes.set_xlim(0, max(columns, 1))
    axes.set_ylim(max(rows, 1), 0)
    numbers = [str(number + 1) for number in range(columns)]
    name_columns(axes, np.arange(columns) + 0.5, numbers, min(8, 170 / max(columns, 1)))


def _names(axes: Axes, names: Sequence[str]) -> None:
    if len(names) > _NAMED_UP_TO:
        axes.set_yticks([])
        return
    axes.set_yticks([])
    where, up, side = axes.get_yaxis_text2_transform(3.5)
    for place, name in enumerate(names):
        axes.text(1, place + 0.5, _shortened(name, 44), transform=where, va=up, ha=side,
                  fontsize=min(8.5, 960 / len(names)))  # fmt: skip


def _shortened(words: object, width: int) -> str:
    return printed(textwrap.shorten(str(words), width, placeholder="…"))


def _divide(cells: Axes, branches: Axes, found: Groups) -> None:
    """A line between the groups, where they are reported."""
    group = found.members.set_index("body_id")["group"]
    if not (group != "").any():
        return
    for place in range(1, len(found.order)):
        if group[found.order[place - 1]] != group[found.order[place]]:
            for axes in (cells, branches):
                axes.axhline(place, color="black", linewidth=1.8, clip_on=False)


def _key(figure: Figure, labels: Sequence[str], height: float) -> None:
    """Which proposition each number stands for, and what the cells mean."""
    total = figure.get_figheight()
    lines = math.ceil(len(labels) / _KEY_COLUMNS)
    for number, label in enumerate(labels):
        column, line = divmod(number, max(lines, 1))
        figure.text(0.012 + column * 0.33, (height - 0.42 - 0.17 * line) / total,
                    f"{number + 1}  {_shortened(label, 46)}", fontsize=8, va="top")  # fmt: skip
    figure.text(0.012, 0.08 / total,
                f"cells: from -2 opposes to +2 supports; hatched {MISSING}: did not speak; dotted "
                f"{UNSEEN}: not in the text seen; black lines part reported groups", fontsize=8,
                color=GREY)  # fmt: skip


# --- the networks --------------------------------------------------------------------------


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
    """
    figure = blank(5.3 if len(bodies) > _ROUND_FROM else 4.0, title, subtitle)
    kinds = (("agree", "same side", BLUE, "-"), ("disagree", "opposite sides", ORANGE, "--"))
    most = max(int(pairs[["agree", "disagree"]].to_numpy().max(initial=1)), 1)
    for panel, (column, words, colour, line) in enumerate(kinds):
        axes = axes_in(figure, 0.005 + 0.5 * panel, 0.495 + 0.5 * panel, 0.35)
        _ring(axes, bodies)
        drawn, said = _drawn(pairs, column)
        figure.text(0.012 + 0.5 * panel, 1 - 0.82 / figure.get_figheight(), f"{words}: {said}",
                    fontsize=10, va="top")  # fmt: skip
        _ties(axes, bodies, drawn, drawn[column].to_numpy() / most, (colour, line))
    figure.text(0.012, 0.08 / figure.get_figheight(),
                f"the wider and darker the line, the more propositions (at most {most})",
                fontsize=8.5, color=GREY)  # fmt: skip
    alt = f"{title}. Two networks of {plural(len(bodies), 'body')}. {_strongest(pairs, bodies)}"
    return Chart(figure, title, alt)


_LINES = 150
_ROUND_FROM = 16


def _drawn(pairs: pd.DataFrame, column: str) -> tuple[pd.DataFrame, str]:
    """The pairs with a line: of very many, those with most propositions, and the words for it."""
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


def _angle(place: int, of: int) -> float:
    return math.pi / 2 - 2 * math.pi * place / max(of, 1)


def _ring(axes: Axes, bodies: pd.DataFrame) -> None:
    """The bodies on a circle, each name outside it."""
    number = len(bodies)
    many = number > _ROUND_FROM
    axes.set_axis_off()
    inches = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    radius = inches.width / 2 - (1.35 if many else 1.25)
    axes.set_xlim(-inches.width / 2 / radius, inches.width / 2 / radius)
    axes.set_ylim(-inches.height / 2 / radius, inches.height / 2 / radius)
    angles = [_angle(place, number) for place in range(number)]
    axes.plot(np.cos(angles), np.sin(angles), linestyle="", marker="o",
              markersize=4 if many else 7, color=GREY, zorder=4)  # fmt: skip
    write = _spoke if many else _beside
    for name, angle in zip(bodies["name"], angles, strict=True):
        write(axes, name, angle, min(8, 420 / max(number, 1)))


def _beside(axes: Axes, name: str, angle: float, size: float) -> None:
    """A name beside its point on the ring, level."""
    x, y = math.cos(angle), math.sin(angle)
    side = "center" if abs(x) < 0.2 else "left" if x > 0 else "right"
    height = "center" if abs(y) < 0.75 else "bottom" if y > 0 else "top"
    axes.text(1.1 * x, 1.1 * y, wrapped(name, 17), ha=side, va=height, fontsize=size)


def _spoke(axes: Axes, name: str, angle: float, size: float) -> None:
    """A name as a spoke of the ring: the only way to write many without one on another."""
    x, y = math.cos(angle), math.sin(angle)
    left = x < -1e-9
    axes.text(1.06 * x, 1.06 * y, _shortened(name, 24), ha="right" if left else "left",
              va="center", rotation_mode="anchor", fontsize=size,
              rotation=math.degrees(angle) + (180 if left else 0))  # fmt: skip


def _ties(
    axes: Axes,
    bodies: pd.DataFrame,
    pairs: pd.DataFrame,
    strength: np.ndarray,
    look: tuple[str, str],
) -> None:
    """A line for each pair, wider and darker the stronger it is; dashed only where it is wide."""
    angles = [_angle(place, len(bodies)) for place in range(len(bodies))]
    ring = dict(
        zip(bodies["body_id"], zip(np.cos(angles), np.sin(angles), strict=True), strict=True)
    )
    colour, line = look
    axes.add_artist(LineCollection(
        [(ring[first], ring[second])
         for first, second in zip(pairs["first"], pairs["second"], strict=True)],
        colors=[to_rgba(colour, 0.15 + 0.75 * share**1.5) for share in strength],
        linewidths=0.4 + 3.2 * strength,
        linestyles=[line if share > 0.4 else "-" for share in strength], zorder=2,
    ))  # fmt: skip


# --- consensus and divisive ----------------------------------------------------------------


def consensus(found: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw, per proposition, what share of those who spoke oppose and support, and the word.

    Parameters
    ----------
    found
        One row per proposition, as `consensus.standings` returns it; drawn by word, then by how
        far apart the bodies are.
    title, subtitle
        The finding; the thresholds.
    """
    order = {word: place for place, word in enumerate(WORDS)}
    drawn = found.assign(_place=found["word"].map(order)).sort_values(
        ["_place", "apart"], ascending=[True, False], kind="stable"
    )
    figure = blank(0.29 * len(drawn) + 0.75, title, subtitle)
    axes = axes_in(figure, 0.29, 0.66, 0.3)
    plain(axes)
    _shares(axes, drawn)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_xlim(-1, 1)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["100%", "50%", "0", "50%", "100%"], fontsize=8.5)
    name_rows(axes, range(len(drawn)), [_shortened(label, 40) for label in drawn["label"]], 9)
    axes.set_ylim(max(len(drawn), 1) - 0.4, -0.6)
    axes.set_title("oppose  |  support, of those who spoke", fontsize=9.5)
    said = "; ".join(
        f"{row['label']}: {_counts(row)}, {row['word']}" for row in drawn.to_dict("records")
    )
    return Chart(figure, title, f"{title}. Diverging bar chart: {said}.")


def _shares(axes: Axes, drawn: pd.DataFrame) -> None:
    """The bars of all propositions, pale where too few spoke, and what is said of each."""
    places = np.arange(len(drawn))
    few = (drawn["word"] == "too few spoke").to_numpy()
    spoke = drawn["spoke"].where(drawn["spoke"] > 0)
    for mine, left, right in ((few, PALE, PALE), (~few, ORANGE, BLUE)):
        bars(axes, places[mine], (drawn["supports"] / spoke)[mine], 0.62, facecolor=right)
        bars(axes, places[mine], (-drawn["opposes"] / spoke)[mine], 0.62, facecolor=left,
             hatch="///", edgecolor="white", linewidth=0)  # fmt: skip
    for place in places[spoke.isna()]:
        axes.text(0, place, MISSING, ha="center", va="center", fontsize=8, color=GREY,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    for place, row in enumerate(drawn.to_dict("records")):
        unmeasured = pd.isna(row["agreement"]) or few[place]
        measure = "" if unmeasured else f"; A {row['agreement'] + 0.0:+.3f}"
        beside(axes, 1.02, [place], [f"{row['word']}: {_counts(row)}{measure}"], fontsize=8,
               color=GREY if few[place] else "black")  # fmt: skip


def _counts(row: dict[str, Any]) -> str:
    return f"{row['supports']} for, {row['opposes']} against of {row['spoke']}"
