"""Figures of a whole field: many bodies by kind, and positions over time. Computes nothing.

In the house style of `figures`: stances print their sign, silence is hatched, what was not seen
is dotted, no colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    PALE,
    SCALE_COLOURS,
    SILENT_HATCH,
    UNSEEN_HATCH,
    WIDTH,
    axes_in,
    blank,
    boxes,
    fit,
    name_columns,
    name_rows,
    plain,
    printed,
    share_axis,
    stance_legend,
    unseen,
    wrapped,
)
from positions.present.display import Chart
from positions.words import marks, percent


def rows(
    positions: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where many bodies stand: a row per body, a column per proposition.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, `seen`, in the order of the rows.
    propositions
        `proposition_id`, `label`, in the order of the columns.
    """
    figure = blank(0.245 * max(len(bodies), 1) + 2.45, title, subtitle)
    axes = axes_in(figure, 0.27, 0.99, 0.62, 2.75)
    not_seen = set(unseen(bodies))
    places = (
        pd.Index(bodies["body_id"]).get_indexer(positions["body_id"]),
        pd.Index(propositions["proposition_id"]).get_indexer(positions["proposition_id"]),
    )
    hatches = [UNSEEN_HATCH if key in not_seen else SILENT_HATCH for key in bodies["body_id"]]
    _cells(axes, positions, places, hatches, len(propositions))
    columns = [wrapped(label, 36) for label in propositions["label"]]
    fit(name_columns(axes, np.arange(len(columns)) + 0.5, columns, 8, 90), 0.99 * WIDTH, 1.75)
    called = [wrapped(name, 60) for name in bodies["name"]]
    fit(name_rows(axes, np.arange(len(called)) + 0.5, called, 8), 0.27 * WIDTH - 0.15, 0.24)
    stance_legend(figure, bool(not_seen))
    spoke = positions.groupby("body_id").size()
    each = "; ".join(
        f"{name} {spoke.get(key, 0)}"
        for key, name in zip(bodies["body_id"], bodies["name"], strict=True)
    )
    alt = (
        f"{title}. Matrix of {len(bodies)} bodies by {len(propositions)} propositions; positions "
        f"held: {each or 'no body is drawn'}. The table below gives every cell."
    )
    return Chart(figure, title, alt)


def _cells(
    axes: Axes,
    positions: pd.DataFrame,
    places: tuple[np.ndarray, np.ndarray],
    hatches: Sequence[str],
    across: int,
) -> None:
    """Every cell: the position with its sign, or the hatch of silence or of what was not seen.

    Parameters
    ----------
    positions
        `position`, `basis`, `flagged`.
    places
        The row and the column of each position; one is -1 where it is not drawn.
    hatches
        The hatch of the empty cells of each row.
    across
        How many columns there are.
    """
    stands = positions.assign(row=places[0], column=places[1], shown=marks(positions))
    stands = stands[(stands["row"] >= 0) & (stands["column"] >= 0)]
    empty = np.full((len(hatches), across), True)
    empty[stands["row"], stands["column"]] = False
    for hatch in dict.fromkeys(hatches):
        here = np.argwhere(empty & (np.array(hatches) == hatch)[:, None])
        boxes(axes, here[:, ::-1], 1, facecolor="white", edgecolor=FAINT, hatch=hatch, linewidth=0)
    level = np.clip(np.floor(stands["position"] + 0.5), -2, 2) + 2
    for number, colour in enumerate(SCALE_COLOURS):
        here = stands.loc[level == number, ["column", "row"]]
        boxes(axes, here, 1, facecolor=colour, edgecolor="white", linewidth=1)
    for row, column, shown, dark in zip(
        stands["row"], stands["column"], stands["shown"], level == 4, strict=True
    ):
        axes.text(column + 0.5, row + 0.5, shown, ha="center", va="center", fontsize=7,
                  color="white" if dark else "black")  # fmt: skip
    axes.set_xlim(0, max(across, 1))
    axes.set_ylim(max(len(hatches), 1), 0)
    for side in axes.spines.values():
        side.set_visible(False)


def field(scores: pd.DataFrame, title: str, subtitle: str, featured: Sequence[str] = ()) -> Chart:
    """Draw the agreement of every ranked body, a row per kind of body.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model: `body_id`, `name`, `kind`, `agreement`, `spoke`, `of`,
        `standing`. Only the ranked are drawn.
    featured
        The bodies that are named in the figure.
    """
    drawn = scores[scores["standing"] == "ranked"]
    middle = drawn.groupby("kind")["agreement"].median().round(9).reset_index()
    kinds = middle.sort_values(["agreement", "kind"], ascending=[False, True])["kind"].tolist()
    figure = blank(0.62 * max(len(kinds), 1) + 0.5, title, subtitle)
    axes = axes_in(figure, 0.2, 0.97)
    plain(axes)
    share_axis(axes)
    axes.set_xlim(-0.02, 1.02)
    _strips(axes, drawn.sort_values(["agreement", "body_id"]), kinds, featured)
    name_rows(axes, range(len(kinds)), [wrapped(kind, 22) for kind in kinds], 9.5)
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    axes.set_xlabel("agreement; one point a ranked body, larger the more it spoke on", fontsize=9,
                    color=GREY)  # fmt: skip
    said = "; ".join(
        f"{kind}: "
        + ", ".join(
            f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']})"
            for _, row in drawn[drawn["kind"] == kind].iterrows()
        )
        for kind in kinds
    )
    return Chart(figure, title, f"{title}. Dot chart by kind of body. {said or 'No body'}.")


def _strips(axes: Axes, drawn: pd.DataFrame, kinds: Sequence[str], featured: Sequence[str]) -> None:
    """The points of every kind; bodies at the same place are stacked, featured ones named.

    The more are stacked the closer they lie: a stack stays in its row.
    """
    row = drawn["kind"].map({kind: place for place, kind in enumerate(kinds)})
    stacked = drawn.groupby([row, drawn["agreement"].round(2)]).cumcount()
    step = (0.55 / stacked.groupby(row).transform("max").clip(lower=1)).clip(upper=0.13)
    most = max(12, drawn["spoke"].max()) if len(drawn) else 12
    drawn = drawn.assign(
        height=row - step * stacked,
        size=(4 + 6 * drawn["spoke"] / most) ** 2,
        named=drawn["body_id"].isin(list(featured)),
    )
    for colour, dots in ((PALE, drawn[~drawn["named"]]), (BLUE, drawn[drawn["named"]])):
        axes.scatter(dots["agreement"], dots["height"], s=dots["size"], c=colour,
                     edgecolors=GREY, linewidths=1, clip_on=False)  # fmt: skip
    named = drawn[drawn["named"]]
    for body, number in zip(
        named.to_dict("records"), named.groupby("kind").cumcount(), strict=True
    ):
        right, above = body["agreement"] > 0.6, number % 2 == 0
        axes.annotate(printed(body["name"]), (body["agreement"], body["height"]), fontsize=8.5,
                      xytext=(-9 if right else 9, 10 if above else -11),
                      textcoords="offset points", ha="right" if right else "left",
                      va="center")  # fmt: skip


def phases(phased: pd.DataFrame, order: Sequence[str], title: str, subtitle: str) -> Chart:
    """Draw how positions stand from phase to phase: a row per body and proposition.

    Parameters
    ----------
    phased
        One row per phase, body and proposition, in order of the rows drawn: `body_id`, `name`,
        `proposition_id`, `label`, `phase`, `position`, `basis`, `flagged`.
    order
        The phases, in the order of the columns.
    """
    key, phased = ["body_id", "proposition_id"], phased.reset_index(drop=True)
    drawn = phased.drop_duplicates(key)
    figure = blank(0.27 * max(len(drawn), 1) + 1.0, title, subtitle)
    axes = axes_in(figure, 0.53, 0.99, 0.62, 1.25)
    lines = pd.MultiIndex.from_frame(drawn[key])
    places = (
        lines.get_indexer(pd.MultiIndex.from_frame(phased[key])),
        pd.Index(order, dtype="str").get_indexer(phased["phase"]),
    )
    _cells(axes, phased, places, [""] * len(lines), len(order))
    name_columns(axes, np.arange(len(order)) + 0.5, [wrapped(phase, 14) for phase in order], 8.5)
    called = [
        printed(f"{name}: {label}")
        for name, label in zip(drawn["name"], drawn["label"], strict=True)
    ]
    fit(name_rows(axes, np.arange(len(called)) + 0.5, called, 8), 0.53 * WIDTH - 0.15, 0.26)
    stance_legend(figure, silent=False)  # empty cells are blank: see the subtitle
    ends = phased.groupby(key)["position"]
    moved = drawn[(ends.transform("max") - ends.transform("min")).round(9)[drawn.index] > 0]
    said = "; ".join(
        f"{name} on {label}" for name, label in zip(moved["name"], moved["label"], strict=True)
    )
    alt = f"{title}. Table-like chart by phase. Positions that differ: {said or 'none'}."
    return Chart(figure, title, alt)
