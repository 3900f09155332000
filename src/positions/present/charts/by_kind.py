"""The figure of many bodies, a row per kind of body."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from positions.present.charts.labels import name_points
from positions.present.charts.style import (
    BLUE,
    GREY,
    PALE,
    WIDTH,
    axes_in,
    blank,
    label_rows,
    margins,
    narrow,
    row_height,
    say_key,
    share_axis,
    twice,
)
from positions.present.display import Chart
from positions.words import percent


@twice
def by_kind(scores: pd.DataFrame, title: str, subtitle: str, featured: Sequence[str] = ()) -> Chart:
    """Draw the agreement of every ranked body, a row per kind of body.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model: `body_id`, `name`, `kind`, `agreement`, `spoke`, `of`,
        `standing`. Only the ranked are drawn.
    featured
        The bodies that are named in the figure.
    title, subtitle
        The finding; the measure and its base.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     [["ann", "Ann", "charity", 0.25, 3, 4, "ranked"],
    ...      ["ben", "Ben", "council", 0.75, 4, 4, "ranked"],
    ...      ["cy", "Cy", "council", 1.0, 1, 4, "too few"]],
    ...     columns=["body_id", "name", "kind", "agreement", "spoke", "of", "standing"],
    ... )
    >>> chart = by_kind(scores, "Councils agree more", "Agreement with the plan")
    >>> chart.alt.partition("kind of body. ")[2]
    'council: Ben 75% (4 of 4); charity: Ann 25% (3 of 4).'
    """
    drawn = scores[scores["standing"] == "ranked"]
    middle = drawn.groupby("kind")["agreement"].median().round(9).reset_index()
    kinds = middle.sort_values(["agreement", "kind"], ascending=[False, True])["kind"].tolist()
    figure = blank(row_height(0.62) * max(len(kinds), 1) + 0.5 + row_height(0), title, subtitle)
    axes = axes_in(figure, *margins(0.2, 0.97))
    share_axis(axes)
    axes.set_ylim(len(kinds) - 0.4, -0.6 - 0.3 * narrow())
    points = _stacked(drawn.sort_values(["agreement", "body_id"]), kinds, featured)
    highest = float(points["lift"].max()) if len(points) else 0.0
    label_rows(axes, range(len(kinds)), kinds, room=0.2 * WIDTH - 0.2, wrap=22,
               up=0.18 + highest * row_height(0.62))  # fmt: skip
    _strips(axes, points)
    say_key(figure, "agreement; one point a ranked body, larger the more it spoke on")
    said = "; ".join(
        f"{kind}: "
        + ", ".join(
            f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']})"
            for _, row in drawn[drawn["kind"] == kind].iterrows()
        )
        for kind in kinds
    )
    return Chart(figure, title, f"{title}. Dot chart by kind of body. {said or 'No body'}.")


def _stacked(drawn: pd.DataFrame, kinds: Sequence[str], featured: Sequence[str]) -> pd.DataFrame:
    """Return where each body's point stands: those at the same place are stacked.

    The more are stacked the closer they lie: a stack stays in its row.
    """
    row = drawn["kind"].map({kind: place for place, kind in enumerate(kinds)})
    stacked = drawn.groupby([row, drawn["agreement"].round(2)]).cumcount()
    step = (0.55 / stacked.groupby(row).transform("max").clip(lower=1)).clip(upper=0.13)
    most = max(12, drawn["spoke"].max()) if len(drawn) else 12
    return drawn.assign(
        lift=step * stacked,
        height=row - step * stacked,
        size=(4 + 6 * drawn["spoke"] / most) ** 2,
        named=drawn["body_id"].isin(list(featured)),
    )


def _strips(axes: Axes, points: pd.DataFrame) -> None:
    """Draw the points of every kind, the featured in colour and with their names."""
    others, named = points[~points["named"]], points[points["named"]]
    for colour, dots in ((PALE, others), (BLUE, named)):
        axes.scatter(dots["agreement"], dots["height"], s=dots["size"], c=colour,
                     edgecolors=GREY, linewidths=1, clip_on=False)  # fmt: skip
    names = [(name, {"fontsize": 8.5}) for name in named["name"]] + [("", {})] * len(others)
    name_points(axes, pd.concat([named, others])[["agreement", "height"]].to_numpy(), names, 40)
