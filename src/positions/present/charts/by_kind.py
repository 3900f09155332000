"""The figure of many bodies, a row per kind of body."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.style import (
    BLUE,
    GREY,
    PALE,
    axes_in,
    blank,
    house,
    name_rows,
    plain,
    printed,
    share_axis,
    wrapped,
)
from positions.present.display import Chart
from positions.words import percent


@house()
def by_kind(scores: pd.DataFrame, title: str, subtitle: str, featured: Sequence[str] = ()) -> Chart:
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
    """Draw the points of every kind; bodies at the same place are stacked, featured ones named.

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
