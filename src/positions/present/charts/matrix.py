"""Figures of cells: where each body stands on each proposition, at once and over time.

Stances print their sign, each kind of blank has its hatch: nothing is told by colour alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Text

from positions.present.charts.style import (
    DPI,
    FAINT,
    GREY,
    SCALE_COLOURS,
    WIDTH,
    axes_in,
    blank,
    boxes,
    extents,
    fit,
    name_columns,
    name_rows,
    narrow,
    printed,
    row_height,
    twice,
    width,
    wrapped,
)
from positions.present.display import Chart, house
from positions.words import BLANKS, listed, marks, plural

HATCHES = {"silent": "////", "not seen": "..", "reported only": "oo", "could not": ""}
"""How each kind of blank is drawn."""
BLANK_WORDS = {
    "silent": "silent", "not seen": "not in the part seen",
    "reported only": "only reported by others", "could not": "could not speak of it yet",
}  # fmt: skip
"""What each kind of blank is called below a figure."""

EDGES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]
"""Between which positions each colour stands."""


def draw_cells(
    axes: Axes, held: pd.DataFrame, shown: pd.DataFrame | None, blanks: pd.DataFrame,
    size: float,
) -> None:  # fmt: skip
    """Draw each position on its colour, and each kind of blank with its hatch.

    Parameters
    ----------
    axes
        Where to draw: a row of `held` is one unit high, the first at the top.
    held
        Positions from -2 to +2, missing where there is none.
    shown
        What is printed in each cell, of the same shape; None prints nothing.
    blanks
        The kind of blank of each cell, of the same shape; an empty table leaves them white.
    size
        Of the letters, in points.
    """
    import seaborn as sns

    for kind in _kinds(blanks):
        here = np.argwhere((blanks == kind).to_numpy())[:, ::-1]
        hatch = HATCHES[kind]
        boxes(axes, here, 1, facecolor="white", edgecolor=FAINT, hatch=hatch, linewidth=0)
    if held.size:
        sns.heatmap(
            held.reset_index(drop=True).set_axis(range(held.shape[1]), axis=1), ax=axes, cbar=False,
            cmap=ListedColormap(SCALE_COLOURS), norm=BoundaryNorm(EDGES, len(SCALE_COLOURS)),
            vmin=EDGES[0], vmax=EDGES[-1],
            annot=None if shown is None else shown.astype("object").fillna("").to_numpy(), fmt="",
            annot_kws={"fontsize": size}, linewidths=0.8, linecolor="white",
            xticklabels=False, yticklabels=False,
        )  # fmt: skip
        there = held.to_numpy()[held.notna()]
        for text, position in zip(axes.texts, there, strict=shown is not None):
            text.set_color("white" if position >= EDGES[-2] else "black")
            _fit_cell(axes, text, held.shape)
    axes.set_xlim(0, max(held.shape[1], 1))
    axes.set_ylim(max(len(held), 1), 0)
    axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def _fit_cell(axes: Axes, text: Text, shape: tuple[int, int]) -> None:
    """Shrink what is printed in a cell to it, the letters below the number where both are long."""
    box = axes.get_window_extent()
    high, wide = 0.96 * box.height / shape[0], 0.94 * box.width / shape[1]
    if extents([text])[0].width > wide:
        text.set_text(re.sub(r"(?<=\d)(?=[^\d.])", "\n", text.get_text(), count=1))
    fit([text], wide / DPI, high / DPI)


def _kinds(blanks: pd.DataFrame) -> list[str]:
    """Name the kinds of blank that there are in a matrix, in order."""
    there = set(blanks.to_numpy().ravel())
    return [kind for kind in HATCHES if kind in there]


def told(blanks: pd.DataFrame) -> str:
    """Say in words how many cells of a matrix are blank, each kind apart."""
    kinds = [f"{int((blanks == kind).to_numpy().sum())} {BLANK_WORDS[kind]}" for kind in
             _kinds(blanks)]  # fmt: skip
    return f"blank are {listed(kinds)}" if kinds else "none is blank"


def _grid(cells: pd.DataFrame, part: str, rows: pd.Index, columns: pd.Index) -> pd.DataFrame:
    """Lay one column of a table of cells out: a row and a column for each that is asked for.

    Rows and columns are named as the columns of `cells` that tell them apart.
    """
    laid = cells.set_index([*rows.names, *columns.names])[part].unstack(columns.name)
    return laid.reindex(index=rows, columns=columns)


def _all_of(
    cells: pd.DataFrame, rows: pd.Index, columns: pd.Index
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Lay out the positions, what is printed of them, and the kinds of blank."""
    held = _grid(cells, "position", rows, columns).astype("float64")
    shown = _grid(cells.assign(shown=marks(cells)), "shown", rows, columns)
    return held, shown.where(held.notna()), _grid(cells, "blank", rows, columns)


@house()
def matrix(
    cells: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where each body stands on each proposition: a column per body.

    Parameters
    ----------
    cells
        One row per body and proposition: `position` (missing for a blank), `basis`, `flagged`,
        `blank`.
    bodies
        `body_id`, `name`, in the order of the columns.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    title, subtitle
        The finding; what is drawn.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     [["ann", "fares", 2.0, "stated", False, ""],
    ...      ["ann", "tolls", None, "", False, "silent"]],
    ...     columns=["body_id", "proposition_id", "position", "basis", "flagged", "blank"],
    ... )
    >>> ann = pd.DataFrame({"body_id": ["ann"], "name": ["Ann"]})
    >>> asked = pd.DataFrame({"proposition_id": ["fares", "tolls"], "label": ["Fares", "Tolls"]})
    >>> for part in matrix(cells, ann, asked, "Ann is for fares", "Two points").alt.split("; "):
    ...     print(part)
    Ann is for fares. Matrix of 2 propositions by 1 body: 1 cell holds a position from -2 to +2
    blank are 1 silent. Ann spoke on 1 of 2. The table below gives every cell.
    """
    columns = pd.Index(bodies["body_id"])
    held, shown, blanks = _all_of(cells, pd.Index(propositions["proposition_id"]), columns)
    figure = blank(0.31 * max(len(propositions), 1) + 1.55, title, subtitle)
    axes = axes_in(figure, 0.255, 0.99, 0.82, 1.85)
    draw_cells(axes, held, shown, blanks, 8.5)
    room = (0.99 - 0.255) * WIDTH / max(len(bodies), 1)
    upright = room < 0.7
    names = [wrapped(name, 18 if upright else 14) for name in bodies["name"]]
    heads = name_columns(axes, np.arange(len(names)) + 0.5, names, 8 if upright else 7,
                         90 if upright else 0)  # fmt: skip
    fit(heads, room - 0.03, 1.0)
    labels = [wrapped(label, 36) for label in propositions["label"]]
    fit(name_rows(axes, np.arange(len(labels)) + 0.5, labels, 9), 0.255 * WIDTH - 0.15, 0.29)
    _key(figure, blanks)
    spoke = held.notna().sum()
    hold = "holds" if spoke.sum() == 1 else "hold"
    each = "; ".join(
        f"{name} spoke on {spoke[key]} of {len(held)}"
        for key, name in zip(columns, bodies["name"], strict=True)
    )
    alt = (
        f"{title}. Matrix of {plural(len(propositions), 'proposition')} by "
        f"{plural(len(bodies), 'body')}: {plural(spoke.sum(), 'cell')} {hold} a position from "
        f"-2 to +2; {told(blanks)}. {each or 'No body is drawn'}. The table below gives every cell."
    )
    return Chart(figure, title, alt)


@house()
def rows(
    cells: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where many bodies stand: a row per body, a column per proposition.

    Parameters
    ----------
    cells
        One row per body and proposition: `position` (missing for a blank), `basis`, `flagged`,
        `blank`.
    bodies
        `body_id`, `name`, in the order of the rows.
    propositions
        `proposition_id`, `label`, in the order of the columns.
    title, subtitle
        The finding; what is drawn.

    References
    ----------
    Wilkinson and Friendly (2009), "The history of the cluster heat map", The American Statistician
    63, 179-184.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     [["ann", "fares", 2.0, "stated", False, ""],
    ...      ["ben", "fares", None, "", False, "silent"]],
    ...     columns=["body_id", "proposition_id", "position", "basis", "flagged", "blank"],
    ... )
    >>> bodies = pd.DataFrame({"body_id": ["ann", "ben"], "name": ["Ann", "Ben"]})
    >>> asked = pd.DataFrame({"proposition_id": ["fares"], "label": ["Fares"]})
    >>> chart = rows(cells, bodies, asked, "Ann alone spoke", "One point")
    >>> chart.alt.partition("; ")[2].partition(". ")[0]
    'positions held: Ann 1; Ben 0; of the cells blank are 1 silent'
    """
    lines = pd.Index(bodies["body_id"])
    held, shown, blanks = _all_of(cells, lines, pd.Index(propositions["proposition_id"]))
    figure = blank(0.245 * max(len(bodies), 1) + 2.65, title, subtitle)
    axes = axes_in(figure, 0.27, 0.99, 0.82, 2.75)
    draw_cells(axes, held, shown, blanks, 7)
    columns = [wrapped(label, 36) for label in propositions["label"]]
    fit(name_columns(axes, np.arange(len(columns)) + 0.5, columns, 8, 90), 0.99 * WIDTH, 1.75)
    called = [wrapped(name, 60) for name in bodies["name"]]
    fit(name_rows(axes, np.arange(len(called)) + 0.5, called, 8), 0.27 * WIDTH - 0.15, 0.24)
    _key(figure, blanks)
    each = "; ".join(
        f"{name} {spoke}"
        for name, spoke in zip(bodies["name"], held.notna().sum(axis=1), strict=True)
    )
    alt = (
        f"{title}. Matrix of {plural(len(bodies), 'body')} by "
        f"{plural(len(propositions), 'proposition')}; positions "
        f"held: {each or 'no body is drawn'}; of the cells {told(blanks)}. The table below gives "
        "every cell."
    )
    return Chart(figure, title, alt)


@twice
def phases(phased: pd.DataFrame, order: Sequence[str], title: str, subtitle: str) -> Chart:
    """Draw how positions stand from phase to phase: a row per body and proposition.

    Parameters
    ----------
    phased
        One row per phase, body and proposition, in order of the rows drawn: `body_id`, `name`,
        `proposition_id`, `label`, `phase`, `position`, `basis`, `flagged`.
    order
        The phases, in the order of the columns.
    title, subtitle
        The finding; what is drawn.

    Examples
    --------
    >>> phased = pd.DataFrame(
    ...     [["ann", "Ann", "fares", "Fares", "bill", 2.0, "stated", False],
    ...      ["ann", "Ann", "fares", "Fares", "act", -1.0, "stated", False],
    ...      ["ann", "Ann", "tolls", "Tolls", "act", 1.0, "stated", False]],
    ...     columns=["body_id", "name", "proposition_id", "label", "phase", "position", "basis",
    ...              "flagged"],
    ... )
    >>> phases(phased, ["bill", "act"], "Ann turned on fares", "Two phases").alt
    'Ann turned on fares. Table-like chart by phase. Positions that differ: Ann: Fares.'
    """
    drawn = phased.drop_duplicates(["body_id", "proposition_id"])
    lines = pd.MultiIndex.from_frame(drawn[["body_id", "proposition_id"]])
    columns = pd.Index(order, dtype="str", name="phase")
    held = _grid(phased, "position", lines, columns).astype("float64")
    shown = _grid(phased.assign(shown=marks(phased)), "shown", lines, columns)
    figure = blank(row_height(0.27) * max(len(drawn), 1) + 1.0, title, subtitle)
    left = 0.5 if narrow() else 0.53
    axes = axes_in(figure, left, 0.99, 0.62, 1.25)
    draw_cells(axes, held, shown, pd.DataFrame(), 7)
    heads = name_columns(axes, np.arange(len(order)) + 0.5, [wrapped(n, 14) for n in order], 8.5)
    fit(heads, (0.98 - left) * width() / max(len(order), 1))
    said = [f"{name}: {label}" for name, label in zip(drawn["name"], drawn["label"], strict=True)]
    words = [wrapped(line, 32) if narrow() else printed(line) for line in said]
    fit(name_rows(axes, np.arange(len(said)) + 0.5, words, 8), left * width() - 0.15,
        row_height(0.26))  # fmt: skip
    _key(figure, pd.DataFrame())  # empty cells are blank: see the subtitle
    differs = (held.max(axis=1) - held.min(axis=1)).round(9) > 0
    moved = "; ".join(words for words, differ in zip(said, differs, strict=True) if differ)
    alt = f"{title}. Table-like chart by phase. Positions that differ: {moved or 'none'}."
    return Chart(figure, title, alt)


def _key(figure: Figure, blanks: pd.DataFrame) -> None:
    """Say below a matrix what colours, letters, and the hatches of the blanks in it mean."""
    words = ["-2 opposes", "-1 leans against", "0 takes no side", "+1 with reservations",
             "+2 supports"]  # fmt: skip
    handles = [Patch(facecolor=c, edgecolor=GREY, linewidth=0.5, label=w)
               for c, w in zip(SCALE_COLOURS, words, strict=True)]  # fmt: skip
    there = _kinds(blanks)
    handles += [Patch(facecolor="white", edgecolor=FAINT, hatch=HATCHES[kind],
                      label=f"{BLANKS[kind]} {BLANK_WORDS[kind]}") for kind in there]  # fmt: skip
    figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.005, 0.004),
                  ncol=2 if narrow() else 5, fontsize=7.5, frameon=False, handlelength=1.2,
                  columnspacing=0.9)  # fmt: skip
    letters = (
        "no letter: own words; i: implied by them; r: reported by others; *: sources differ, mean "
        "shown"
    )
    up, wide = (0.56, 56) if narrow() else (0.45 if there else 0.3, 120)
    figure.text(0.012, 0.012 + up / figure.get_figheight(), wrapped(letters, wide), fontsize=8,
                color=GREY)  # fmt: skip
