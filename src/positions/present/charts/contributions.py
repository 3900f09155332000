"""The figure of what each proposition gives a body's score, and what it costs it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.present.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    WIDTH,
    axes_in,
    bars,
    blank,
    ends_inside,
    fit,
    head_panel,
    label_rows,
    margins,
    plain,
    row_height,
    twice,
    width,
)
from positions.present.display import Chart
from positions.words import BLANKS, percent


@twice
def contributions(
    points: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    blanks: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw what each proposition gives a body's score, to the right, and costs it, to the left.

    Parameters
    ----------
    points
        One row per body and proposition, for one model: `gives`, `costs`.
    bodies
        `body_id`, `name`: one panel each, in order.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    blanks
        One row per body and proposition without a position: `blank`, its kind.
    title, subtitle
        The finding; the measure and its base.

    Examples
    --------
    Ann is for fares, which gives half of her score, and against tolls, which costs the other:

    >>> points = pd.DataFrame({"body_id": "ann", "proposition_id": ["fares", "tolls"],
    ...                        "gives": [0.5, 0.0], "costs": [0.0, 0.5]})
    >>> asked = pd.DataFrame({"proposition_id": ["fares", "tolls", "bikes"],
    ...                       "label": ["Fares", "Tolls", "Bikes"]})
    >>> blank_cells = pd.DataFrame({"body_id": ["ann"], "proposition_id": ["bikes"],
    ...                             "blank": ["silent"]})
    >>> ann = pd.DataFrame({"body_id": ["ann"], "name": ["Ann"]})
    >>> chart = contributions(points, ann, asked, blank_cells, "Tolls cost half", "Agreement")
    >>> chart.alt.split(". ")[3]
    'Ann gains 50% and loses 50%, spoke on 2 of 3'
    """
    points = points[points["body_id"].isin(bodies["body_id"])]
    reach = max(points["gives"].max(), points["costs"].max(), 0.01) * 1.08 if len(points) else 1
    left, right = margins(0.29, 0.995)
    step = (right - left) / max(len(bodies), 1)
    room = step * width() - 0.12
    kinds = blanks.set_index(["body_id", "proposition_id"])["blank"]
    figure = blank(row_height(0.29) * len(propositions) + 1.15, title, subtitle)
    for number, (_, body) in enumerate(bodies.iterrows()):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.015, 0.4, 1.2)
        plain(axes)
        head_panel(axes, body["name"], room)
        mine = points[points["body_id"] == body["body_id"]].set_index("proposition_id")
        mine = mine.reindex(propositions["proposition_id"])
        places = np.arange(len(mine))
        bars(axes, places, mine["gives"], 0.62, facecolor=BLUE)
        bars(axes, places, -mine["costs"], 0.62, facecolor=ORANGE, hatch="///", edgecolor="white",
             linewidth=0)  # fmt: skip
        for place in places[mine["gives"].isna()]:
            kind = kinds.get((body["body_id"], mine.index[place]))
            if kind is None:  # it has a position, and the model has none
                continue
            axes.text(0, place, BLANKS[kind], ha="center", va="center", fontsize=7, color=GREY,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_xlim(-reach, reach)
        middle = "0" if room > 0.7 else ""
        axes.set_xticks([-reach / 1.08, 0, reach / 1.08],
                        [f"-{reach / 1.08:.0%}", middle, f"+{reach / 1.08:.0%}"],
                        fontsize=7.5)  # fmt: skip
        ends_inside(axes)
        fit(axes.get_xticklabels(), 0.42 * room)
        axes.set_yticks([])
        if number == 0:
            label_rows(axes, places, propositions["label"], room=left * WIDTH - 0.15, high=0.27)
        axes.set_ylim(len(propositions) - 0.4, -0.6)
    each = "; ".join(
        f"{name} gains {percent(mine['gives'].sum())} and loses {percent(mine['costs'].sum())}, "
        f"spoke on {len(mine)} of {len(propositions)}"
        for key, name in zip(bodies["body_id"], bodies["name"], strict=True)
        if len(mine := points[points["body_id"] == key])
    )
    alt = (
        f"{title}. Bars to the right: what a proposition gives the score; hatched bars to the "
        f"left: what it costs. In brackets: kinds of blank. {each or 'No body is drawn'}. "
        "The table below gives every bar."
    )
    return Chart(figure, title, alt)
