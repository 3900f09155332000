"""Figures of bodies by propositions: where each stands, and what that gives or costs its score.

In the house style of `figures`: stances print their sign, silence is hatched, no colour alone.
Computes nothing.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import BoundaryNorm, ListedColormap

from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    ORANGE,
    SCALE_COLOURS,
    SILENT_HATCH,
    UNSEEN_HATCH,
    WIDTH,
    axes_in,
    bars,
    blank,
    boxes,
    ends_inside,
    fit,
    name_rows,
    plain,
    stance_legend,
    unseen,
    wrapped,
)
from positions.present.display import Chart
from positions.words import MISSING, UNSEEN, marks, percent


def matrix(
    positions: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where each body stands on each proposition; signs printed, silence hatched.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, in the order of the columns; and `seen`, where texts were not all read
        whole: their empty cells are dotted, not hatched.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    """
    import seaborn as sns

    at = positions.assign(shown=marks(positions))
    at = at.set_index(["proposition_id", "body_id"])
    rows, columns = propositions["proposition_id"], bodies["body_id"]
    values = at["position"].unstack("body_id").reindex(index=rows, columns=columns)
    printed_marks = at["shown"].unstack("body_id").reindex(index=rows, columns=columns)
    figure = blank(0.31 * len(propositions) + 1.35, title, subtitle)
    axes = axes_in(figure, 0.255, 0.99, 0.62)
    norm = BoundaryNorm([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], 5)
    not_seen = columns.isin(unseen(bodies)).to_numpy()
    for hatch, here in ((SILENT_HATCH, ~not_seen), (UNSEEN_HATCH, not_seen)):
        empty = np.argwhere((values.isna() & here).to_numpy())[:, ::-1]
        boxes(axes, empty, 1, facecolor="white", edgecolor=FAINT, hatch=hatch, linewidth=0)
    if values.size:
        sns.heatmap(
            values, ax=axes, cmap=ListedColormap(SCALE_COLOURS), norm=norm, vmin=-2.5,
            vmax=2.5, cbar=False, linewidths=1, linecolor="white", fmt="",
            annot=printed_marks.astype("object").fillna(""), annot_kws={"fontsize": 8.5},
        )  # fmt: skip
    axes.xaxis.tick_top()
    room = (0.99 - 0.255) * WIDTH / max(len(bodies), 1)
    upright = room < 0.7
    axes.set_xticks(
        np.arange(len(bodies)) + 0.5,
        [wrapped(n, 18 if upright else 14) for n in bodies["name"]],
        rotation=90 if upright else 0, fontsize=8 if upright else 7, va="bottom",
    )  # fmt: skip
    axes.tick_params(length=0)
    fit(axes.get_xticklabels(), room - 0.03, 1.0)
    labels = [wrapped(label, 36) for label in propositions["label"]]
    fit(name_rows(axes, np.arange(len(labels)) + 0.5, labels, 9), 0.255 * WIDTH - 0.15, 0.29)
    axes.set_xlabel("")
    axes.set_ylabel("")
    box = axes.get_position()
    top = 1.35 / figure.get_figheight()
    axes.set_position((box.x0, box.y0, box.width, box.height - top + 0.45 / figure.get_figheight()))
    stance_legend(figure, bool(not_seen.any()))
    spoken = int(values.notna().to_numpy().sum())
    spoke = values.notna().sum()
    each = "; ".join(
        f"{name} spoke on {spoke[key]} of {len(rows)}"
        for key, name in zip(columns, bodies["name"], strict=True)
    )
    alt = (
        f"{title}. Matrix of {len(propositions)} propositions by {len(bodies)} bodies: "
        f"{spoken} cells hold a position from -2 to +2, {values.size - spoken} are silent "
        f"(hatched). {each or 'No body is drawn'}. The table below gives every cell."
    )
    return Chart(figure, title, alt)


def contributions(
    points: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw what each proposition gives a body's score, to the right, and costs it, to the left.

    Parameters
    ----------
    points
        One row per body and proposition, for one model: `gives`, `costs`.
    bodies
        `body_id`, `name`: one panel each, in order; and `seen`, where texts were not all read
        whole: what is not in them is not known to be silence.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    """
    points = points[points["body_id"].isin(bodies["body_id"])]
    reach = max(points["gives"].max(), points["costs"].max(), 0.01) * 1.08 if len(points) else 1
    left, right = 0.29, 0.995
    step = (right - left) / max(len(bodies), 1)
    room = step * WIDTH - 0.12
    not_seen = set(unseen(bodies))
    figure = blank(0.29 * len(propositions) + 1.15, title, subtitle)
    for number, (_, body) in enumerate(bodies.iterrows()):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.015, 0.4, 1.2)
        plain(axes)
        name = wrapped(body["name"], 18 if room > 0.9 else 12)
        fit([axes.set_title(name, fontsize=9, loc="left")], room, 0.34)
        mine = points[points["body_id"] == body["body_id"]].set_index("proposition_id")
        mine = mine.reindex(propositions["proposition_id"])
        places = np.arange(len(mine))
        bars(axes, places, mine["gives"], 0.62, facecolor=BLUE)
        bars(axes, places, -mine["costs"], 0.62, facecolor=ORANGE, hatch="///", edgecolor="white",
             linewidth=0)  # fmt: skip
        empty = UNSEEN if body["body_id"] in not_seen else MISSING
        for place in places[mine["gives"].isna()]:
            axes.text(0, place, empty, ha="center", va="center", fontsize=7, color=GREY,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_xlim(-reach, reach)
        middle = "0" if room > 0.7 else ""
        axes.set_xticks([-reach / 1.08, 0, reach / 1.08],
                        [f"-{reach / 1.08:.0%}", middle, f"+{reach / 1.08:.0%}"],
                        fontsize=7.5)  # fmt: skip
        ends_inside(axes)
        fit(axes.get_xticklabels(), 0.42 * room)
        labels = [wrapped(n, 36) for n in propositions["label"]] if number == 0 else []
        fit(name_rows(axes, range(len(labels)), labels, 9.5), left * WIDTH - 0.15, 0.27)
        axes.set_ylim(len(propositions) - 0.4, -0.6)
    each = "; ".join(
        f"{name} gains {percent(mine['gives'].sum())} and loses {percent(mine['costs'].sum())}, "
        f"spoke on {len(mine)} of {len(propositions)}"
        for key, name in zip(bodies["body_id"], bodies["name"], strict=True)
        if len(mine := points[points["body_id"] == key])
    )
    unknown = f"; {UNSEEN}: not in the text seen" if not_seen else ""
    alt = (
        f"{title}. Bars to the right: what a proposition gives the score; hatched bars to the "
        f"left: what it costs. {MISSING}: did not speak{unknown}. {each or 'No body is drawn'}. "
        "The table below gives every bar."
    )
    return Chart(figure, title, alt)
