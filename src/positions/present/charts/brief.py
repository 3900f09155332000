"""The figure of the first page: what each featured body makes of the design and of the rest.

On a telephone each line says what it is at its right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.style import (
    BLUE,
    GREY,
    NARROW,
    PALE,
    TEAL,
    axes_in,
    blank,
    fit,
    narrow,
    printed,
    share_axis,
    shortened,
    spans,
    twice,
)
from positions.present.display import Chart
from positions.words import percent

_ROW, _GAP = 0.33, 0.42
"""Height in inches of a line, and of the space that a body's name takes above its lines."""
_ENDS = ("agreement", "lower", "upper", "spoke", "of")
KINDS = {"": ("design", BLUE, "o"), "trust_": ("claims and process", TEAL, "D")}
"""By the head of a column's name: what a line is called, its colour and its mark."""


@twice
def brief(scores: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw a dot with its range for the design, and one for the claims and the process.

    Parameters
    ----------
    scores
        One row per body, in the order drawn: `name`; `agreement`, `lower`, `upper`, `spoke`,
        `of`; and the same with `trust_` before each for the claims and the process. Shares from
        0 to 1; a missing agreement prints that the body did not speak; where `trust_of` is 0 for
        all, the study has no claims and there is one line a body.
    title, subtitle
        The finding, and what is drawn.
    """
    heads = [head for head in KINDS if not head or scores["trust_of"].gt(0).any()]
    step = _GAP + _ROW * len(heads)
    figure = blank(step * max(len(scores), 1) + 0.45, title, subtitle)
    axes = axes_in(figure, *((0.03, 0.6) if narrow() else (0.2, 0.72)), bottom=0.3, top=0.95)
    share_axis(axes)
    axes.set_yticks([])
    axes.set_ylim(step * max(len(scores), 1), 0)
    for number, row in enumerate(scores.to_dict("records")):
        top = number * step
        axes.text(0, top + 0.22, shortened(row["name"], 44 if narrow() else 60), va="center",
                  fontsize=10.5, fontweight="bold", clip_on=False)  # fmt: skip
        for line, head in enumerate(heads):
            _line(axes, row, head, top + _GAP + _ROW * (line + 0.35))
    each = "; ".join(f"{row['name']}: {_told(row, heads)}" for row in scores.to_dict("records"))
    return Chart(figure, title, f"{title}. {subtitle}. {each or 'No body is drawn'}.")


def _line(axes: Axes, row: Mapping[str, Any], head: str, at: float) -> None:
    """Draw one score as a dot on its range, and say what it is beside it."""
    called, colour, mark = KINDS[head]
    score, low, high, spoke, of = (row[f"{head}{name}"] for name in _ENDS)
    beside: dict[str, Any] = {
        "transform": axes.get_yaxis_transform(),
        "va": "center",
        "fontsize": 9,
    }
    if not pd.isna(score):
        spans(axes, [at], [low], [high], color=PALE, linewidth=3, solid_capstyle="round",
              zorder=2, clip_on=False)  # fmt: skip
        axes.plot([score], [at], linestyle="", marker=mark, markersize=8, color=colour, zorder=3,
                  markeredgecolor="white", clip_on=False)  # fmt: skip
    said = "did not speak" if pd.isna(score) else f"{percent(score)}, {spoke} of {of}"
    if narrow():
        fit([axes.text(1.05, at, f"{called}\n{said}", linespacing=1.05, color=GREY,
                       **(beside | {"fontsize": 8.8}))], 0.37 * NARROW)  # fmt: skip
    else:
        axes.text(-0.025, at, printed(called), ha="right", color=GREY, **beside)
        axes.text(1.03, at, f"{said} points" if not pd.isna(score) else said, color=GREY, **beside)


def _told(row: Mapping[str, Any], heads: list[str]) -> str:
    """Return the scores of one body in words."""
    parts = []
    for head in heads:
        score, low, high, spoke, of = (row[f"{head}{name}"] for name in _ENDS)
        known = f"{percent(score)} (range {percent(low)} to " \
                f"{percent(high)}, spoke on {spoke} of {of})"  # fmt: skip
        parts.append(f"{KINDS[head][0]} {'did not speak' if pd.isna(score) else known}")
    return ", ".join(parts)
