"""The figure of what unites and what divides those who spoke."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from positions.measures.consensus import WORDS
from positions.present.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    axes_in,
    bars,
    blank,
    label_rows,
    margins,
    narrow,
    plain,
    row_height,
    twice,
)
from positions.present.display import Chart
from positions.words import MISSING


@twice
def consensus(found: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw, per proposition, what share of those who spoke oppose and support, and the word.

    Parameters
    ----------
    found
        One row per proposition, as `consensus.standings` returns it; drawn by word, then by how
        far apart the bodies are.
    title, subtitle
        The finding; the thresholds.

    References
    ----------
    Heiberger and Robbins (2014), "Design of diverging stacked bar charts for Likert scales and
    other applications", Journal of Statistical Software 57(5).

    Examples
    --------
    >>> import positions as ps
    >>> said = {"fares": [2, 2, 2, 1], "tolls": [2, 2, -2, -2]}
    >>> rows = [(b, p, said[p][b]) for p in said for b in range(4)]
    >>> positions = pd.DataFrame(rows, columns=["body_id", "proposition_id", "position"])
    >>> asked = pd.DataFrame({"proposition_id": ["tolls", "fares"], "label": ["Tolls", "Fares"]})
    >>> found = ps.consensus(positions, asked, floor=4)
    >>> consensus(found, "All want fares", "Four bodies").alt.partition(": ")[2]
    'Fares: 4 for, 0 against of 4, consensus for; Tolls: 2 for, 2 against of 4, divisive.'
    """
    order = {word: place for place, word in enumerate(WORDS)}
    drawn = found.assign(_place=found["word"].map(order)).sort_values(
        ["_place", "apart"], ascending=[True, False], kind="stable"
    )
    figure = blank(row_height(0.29, 2) * len(drawn) + 0.75, title, subtitle)
    axes = axes_in(figure, *margins(0.29, 0.66), 0.3)
    plain(axes)
    _shares(axes, drawn)
    axes.axvline(0, color=GREY, linewidth=0.8)
    axes.set_xlim(-1, 1)
    axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["100%", "50%", "0", "50%", "100%"], fontsize=8.5)
    few = (drawn["word"] == "too few spoke").to_numpy()
    said = [_said(row) for row in drawn.to_dict("records")]
    words = label_rows(axes, range(len(drawn)), drawn["label"], said, room=0.29 * WIDTH - 0.15,
                       high=0.27, wrap=40, size=9)  # fmt: skip
    for text in itertools.compress(words, few):
        text.set_color(GREY)
    axes.set_ylim(max(len(drawn), 1) - 0.4, -0.6)
    axes.set_title("oppose  |  support, of those who spoke", fontsize=9.5,
                   pad=10 if narrow() else 6)  # fmt: skip
    told = "; ".join(
        f"{row['label']}: {_counts(row)}, {row['word']}" for row in drawn.to_dict("records")
    )
    return Chart(figure, title, f"{title}. Diverging bar chart: {told}.")


def _shares(axes: Axes, drawn: pd.DataFrame) -> None:
    """Draw the bars of all propositions, pale where too few spoke, and what is said of each."""
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


def _said(row: dict[str, Any]) -> str:
    unmeasured = pd.isna(row["agreement"]) or row["word"] == "too few spoke"
    measure = "" if unmeasured else f"; A {row['agreement'] + 0.0:+.3f}"
    return f"{row['word']}: {_counts(row)}{measure}"


def _counts(row: dict[str, Any]) -> str:
    return f"{row['supports']} for, {row['opposes']} against of {row['spoke']}"
