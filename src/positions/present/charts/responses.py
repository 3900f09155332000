"""Charts of individual responses: their distribution beside the bodies, and groups' votes."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from positions.present.charts.style import (
    BLUE,
    FAINT,
    GREY,
    PALE,
    WIDTH,
    axes_in,
    beside,
    blank,
    fit,
    label_rows,
    narrow,
    printed,
    row_height,
    share_axis,
    twice,
)
from positions.present.display import Chart, house
from positions.words import percent

_LEFT, _RIGHT = 0.075, 0.965
_ROW = 0.2
_LANE = 0.16


@house()
def respondents(bars: pd.DataFrame, marked: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw how respondents' agreement is distributed, and where the bodies stand on its axis.

    Parameters
    ----------
    bars
        One row per bar: `low`, `high`, `share` of respondents.
    marked
        One row per body, most agreeing first: `name`, `agreement`, `spoke`, `of`, `below` (the
        share of respondents who agree less).
    title, subtitle
        The finding; the measure and its base.

    Examples
    --------
    >>> bars = pd.DataFrame({"low": [0.0, 0.5], "high": [0.5, 1.0], "share": [0.25, 0.75]})
    >>> ann = pd.DataFrame({"name": ["Ann"], "agreement": [0.6], "spoke": [3], "of": [4],
    ...                     "below": [0.25]})
    >>> for part in respondents(bars, ann, "Most agree", "80 respondents").alt.split(". "):
    ...     print(part)
    Most agree
    Bars of the share of respondents by agreement: 0% to 50%: 25%; 50% to 100%: 75%
    Bodies on the same axis: Ann at 60%, 25% of respondents below it.
    """
    rows = len(marked)
    above = _ROW * rows + 0.1
    figure = blank(2.6 + above, title, subtitle)
    axes = axes_in(figure, _LEFT, _RIGHT, 0.55, 0.95 + above)
    share_axis(axes)
    axes.grid(visible=False)
    axes.bar(bars["low"], bars["share"], width=bars["high"] - bars["low"], align="edge",
             color=PALE, edgecolor="white", linewidth=1)  # fmt: skip
    top = max(float(bars["share"].max()), 0.01) * 1.12
    axes.set_ylim(0, top)
    ticks = [tick for tick in (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1) if tick <= top][-3:]
    axes.set_yticks(ticks, [percent(tick) for tick in ticks])
    axes.set_ylabel("share of respondents", fontsize=9, color=GREY)
    axes.set_xlabel("agreement with the model", fontsize=9, color=GREY)
    high = 2.6 - 0.55
    names = []
    for place, (_, row) in enumerate(marked.iterrows()):
        level = top * (1 + (above - _ROW * (place + 0.7)) / high)
        names.append(_mark(axes, row, level))
    fit(names, 0.48 * WIDTH, _ROW)
    return Chart(figure, title, _alt(bars, marked, title))


def _mark(axes: Axes, row: pd.Series, level: float) -> Text:
    """Draw the line of a body, its name at the upper end, on the side with more room."""
    at = row["agreement"]
    axes.plot([at, at], [0, level], color=BLUE, linewidth=1.4, clip_on=False, zorder=3)
    axes.plot([at], [level], marker="o", color=BLUE, markersize=5, clip_on=False, zorder=3)
    right = at <= 0.5
    words = f"{row['name']} {percent(at)} (spoke on {row['spoke']} of {row['of']})"
    return axes.annotate(
        printed(words), (at, level), xytext=(6 if right else -6, 0), textcoords="offset points",
        ha="left" if right else "right", va="center", fontsize=8.5, annotation_clip=False,
        zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )  # fmt: skip


def _alt(bars: pd.DataFrame, marked: pd.DataFrame, title: str) -> str:
    shown = "; ".join(
        f"{percent(row['low'])} to {percent(row['high'])}: {percent(row['share'])}"
        for _, row in bars[bars["share"] > 0].iterrows()
    )
    where = "; ".join(
        f"{row['name']} at {percent(row['agreement'])}, {percent(row['below'])} of respondents "
        "below it"
        for _, row in marked.iterrows()
    )
    return (
        f"{title}. Bars of the share of respondents by agreement: {shown or 'none'}. Bodies on the "
        f"same axis: {where or 'none'}."
    )


@twice
def votes(shares: pd.DataFrame, united: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw what share of each group votes for each statement, what unites the groups on top.

    Every group has a lane of its own in a statement's row, so that no mark hides another.

    Parameters
    ----------
    shares
        One row per statement and group: `question_id`, `group`, `share` (missing: nobody voted).
    united
        One row per statement, in the order drawn: `question_id`, `label`, `agree`.
    title, subtitle
        The finding; the measure and its base.

    References
    ----------
    Small, Bjorkegren, Erkkilä, Shaw and Megill (2021), "Polis: Scaling deliberation by mapping high
    dimensional opinion spaces", Recerca 26(2), for group-aware consensus.

    Examples
    --------
    >>> shares = pd.DataFrame({"question_id": "Q1", "group": ["A", "B"], "share": [0.8, 0.5]})
    >>> united = pd.DataFrame({"question_id": ["Q1"], "label": ["Lower fares"], "agree": [0.4]})
    >>> votes(shares, united, "Fares unite", "Two groups").alt.partition("statement: ")[2]
    'Lower fares: A 80%, B 50%, consensus 0.40.'
    """
    groups = sorted(shares["group"].unique())
    table = shares.pivot(index="question_id", columns="group", values="share")
    table = table.reindex(united["question_id"])
    row = row_height(_LANE * len(groups) + 0.12)
    figure = blank(row * len(united) + 0.75, title, subtitle)
    axes = axes_in(figure, *((0.04, 0.8) if narrow() else (0.29, 0.84)), 0.3)
    share_axis(axes)
    places = pd.Series(range(len(united)), dtype="float64")
    for edge in places[1:] - 0.5:
        axes.axhline(edge, color=FAINT, linewidth=0.6, zorder=1)
    for lane, group in enumerate(groups):
        level = places + (lane - (len(groups) - 1) / 2) * _LANE / row
        said = table[group].notna().to_numpy()
        axes.plot(table[group][said], level[said], linestyle="", marker="o", markersize=5,
                  color=BLUE, zorder=3, clip_on=False)  # fmt: skip
        for at, up in zip(table[group][said], level[said], strict=True):
            axes.annotate(printed(f"{group} {percent(at)}"), (at, up), xytext=(6, -0.5),
                          textcoords="offset points", va="center", fontsize=8, zorder=4,
                          annotation_clip=False)  # fmt: skip
    beside(axes, 1.12, places, [f"{agree:.2f}" for agree in united["agree"]], fontsize=9)
    label_rows(axes, places, united["label"], room=0.29 * WIDTH - 0.1, wrap=40, size=9,
               up=_LANE * len(groups) / 2)  # fmt: skip
    axes.set_ylim(max(len(united), 1) - 0.5, -0.5)
    axes.set_title("share of the group that agrees", fontsize=9.5)
    axes.text(1.12, 1.0, "group-aware\nconsensus", transform=axes.transAxes, fontsize=9.5,
              va="bottom", color=GREY)  # fmt: skip
    return Chart(figure, title, _votes_alt(table, united, title))


def _votes_alt(table: pd.DataFrame, united: pd.DataFrame, title: str) -> str:
    said = "; ".join(
        f"{label}: "
        + ", ".join(
            f"{group} {'nobody voted' if pd.isna(share) else percent(share)}"
            for group, share in table.loc[question].items()
        )
        + f", consensus {agree:.2f}"
        for question, label, agree in united[["question_id", "label", "agree"]].itertuples(
            index=False
        )
    )
    return f"{title}. Share of each group that agrees, by statement: {said}."
