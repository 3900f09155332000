"""Figures: a table in, a titled chart with its alternative text out. Computes nothing.

Colours are those of the Government Analysis Function; no red against green, no colour alone:
stances print their sign, silence is hatched, every score carries its base.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from positions.measures.agreement import STANDINGS
from positions.present.charts.style import (
    BLUE,
    GREY,
    GRID,
    LILAC,
    PALE,
    WIDTH,
    above_rows,
    axes_in,
    beside,
    blank,
    ends_inside,
    head_panel,
    label_rows,
    margins,
    name_rows,
    narrow,
    plain,
    printed,
    row_height,
    say_key,
    share_axis,
    spans,
    twice,
    width,
)
from positions.present.display import Chart
from positions.words import MISSING, percent, plural

MANY = 14
"""Of more bodies than this, those without a rank are left to the table."""
ON_A_PAGE, ENDS = 40, 15
"""More bars than this are no picture that can be seen whole: so many of each end are drawn then."""


KEY = (
    "dot: agreement (hollow: not ranked); line: range if unaddressed points were all against / all "
    "for; lilac: between the readers"
)


@twice
def agreement(
    scores: pd.DataFrame, title: str, subtitle: str, featured: Sequence[str] = ()
) -> Chart:
    """Draw each body's agreement as a dot on its bounds, with its base.

    Bodies that are not ranked are hollow, apart. Of many bodies they are left out, and of
    more than a page holds so are the ranked in the middle. The picture says how many.

    Parameters
    ----------
    scores
        One row per body, in the order drawn: `body_id`, `name`, `agreement`, `lower`, `upper`,
        `spoke`, `of`, `standing`; and, where there are several coders, `coder_lower`,
        `coder_upper`.
    title, subtitle
        The finding; the measure, its base and date.
    featured
        Bodies that are never left out.

    References
    ----------
    Cleveland and McGill (1984), "Graphical perception", Journal of the American Statistical
    Association 79, 531-554, for dots on a common scale.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     [["ann", "Ann", 0.75, 0.6, 0.8, 3, 4, "ranked"],
    ...      ["ben", "Ben", 0.5, 0.1, 0.9, 1, 4, "too few"]],
    ...     columns=["body_id", "name", "agreement", "lower", "upper", "spoke", "of", "standing"],
    ... )
    >>> chart = agreement(scores, "Ann agrees most", "Agreement with the plan")
    >>> for part in chart.alt.partition("with bounds: ")[2].split("; "):
    ...     print(part)
    Ann 75% (bounds 60% to 80%, spoke on 3 of 4)
    Ben 50% (bounds 10% to 90%, spoke on 1 of 4, too few).
    """
    drawn = _on_a_page(scores, featured)
    skipped = drawn["skipped"].to_numpy()
    figure = blank(row_height(0.4, 2) * (len(drawn) + (skipped > 0).sum()) + 0.6, title, subtitle)
    axes = axes_in(figure, *margins(0.285, 0.80))
    share_axis(axes)
    places = _apart(drawn["standing"].tolist(), skipped)
    _dots_on_bounds(axes, drawn.assign(place=places))
    said = [
        f"{percent(score)}, spoke on {spoke} of {of}"
        for score, spoke, of in zip(drawn["agreement"], drawn["spoke"], drawn["of"], strict=True)
    ]
    label_rows(axes, places, drawn["name"], said, room=0.285 * WIDTH - 0.2, wrap=34)
    _say_skipped(axes, places, skipped)
    axes.set_ylim(max(places, default=0) + 0.6, -0.6)
    say_key(figure, KEY)
    return Chart(figure, title, _agreement_alt(drawn, title))


def _dots_on_bounds(axes: Axes, drawn: pd.DataFrame) -> None:
    """Draw each score as a dot on its bounds, and below what the coders make of it."""
    spans(axes, drawn["place"], drawn["lower"], drawn["upper"], color=PALE, linewidth=3, zorder=2,
          solid_capstyle="round", clip_on=False)  # fmt: skip
    if "coder_upper" in drawn:
        told = drawn[drawn["coder_upper"] > drawn["coder_lower"]]
        spans(axes, told["place"] + 0.24, told["coder_lower"], told["coder_upper"], color=LILAC,
              linewidth=3, zorder=3, solid_capstyle="butt")  # fmt: skip
    is_ranked = drawn["standing"] == "ranked"
    for fill, mine in ((BLUE, drawn[is_ranked]), ("white", drawn[~is_ranked])):
        axes.plot(mine["agreement"], mine["place"], linestyle="", marker="o", markersize=9,
                  zorder=4, color=BLUE, markerfacecolor=fill, markeredgewidth=1.6,
                  clip_on=False)  # fmt: skip


def _on_a_page(scores: pd.DataFrame, featured: Sequence[str]) -> pd.DataFrame:
    """Return the rows that fit, by standing; `skipped`: ranked ones left out before each.

    Of many bodies those without a rank stay out. Of more than a page holds, the ranked who agree
    most and least are drawn. The featured and those shown as calibration stay in.
    """
    shown = pd.concat([scores[scores["standing"] == standing] for standing in STANDINGS])
    if len(shown) > MANY:
        shown = shown[shown["body_id"].isin(list(featured)) | (shown["standing"] != "too few")]
    ranked = shown["standing"] == "ranked"
    place = ranked.cumsum()
    middle = ranked & (place > ENDS) & (place <= ranked.sum() - ENDS)
    out = middle & ~shown["body_id"].isin(list(featured)) & (len(shown) > ON_A_PAGE)
    drawn = shown[~out]
    before = out.cumsum()[~out].where(drawn["standing"] == "ranked").ffill().fillna(0)
    return drawn.assign(skipped=before.diff().fillna(before).astype("int64"))


def _apart(standings: Sequence[str], skipped: np.ndarray) -> list[float]:
    """Vertical places: a gap where the standing changes, a row where bodies are left out."""
    places, at = [], 0.0
    for i, standing in enumerate(standings):
        if i and standing != standings[i - 1]:
            at += 0.45
        at += skipped[i] > 0
        places.append(at)
        at += 1
    return places


def _say_skipped(axes: Axes, places: Sequence[float], skipped: np.ndarray) -> None:
    """Say in the row above each place how many bodies are left out there."""
    gaps = [(place - 1, n) for place, n in zip(places, skipped, strict=True) if n]
    rows, words = [place for place, _ in gaps], [f"({n} more: in the table)" for _, n in gaps]
    if narrow():
        above_rows(axes, rows, words, 0)
    else:
        name_rows(axes, rows, words, 8.5)


def _agreement_alt(drawn: pd.DataFrame, title: str) -> str:
    each = "; ".join(
        f"{_left_out(skipped)}{row['name']} {percent(row['agreement'])} (bounds "
        f"{percent(row['lower'])} to {percent(row['upper'])}, spoke on {row['spoke']} of "
        f"{row['of']}" + ("" if row["standing"] == "ranked" else f", {row['standing']}") + ")"
        for row, skipped in zip(drawn.to_dict("records"), drawn["skipped"], strict=True)
    )
    return f"{title}. Dot chart of agreement with bounds: {each or 'no body'}."


def _left_out(number: int) -> str:
    return f"({plural(number, 'body')} left out, which the table gives); " if number else ""


@twice
def models(
    scores: pd.DataFrame,
    models: pd.DataFrame,
    title: str,
    subtitle: str,
    featured: Sequence[str] = (),
) -> Chart:
    """Draw each body's agreement with several models side by side, one panel a model.

    Parameters
    ----------
    scores
        One row per model and body: `model_id`, `body_id`, `name`, `agreement`, `lower`,
        `upper`, `spoke`, `of`, `standing`. Bodies are drawn in the order of the first model, and
        left out as in `agreement`.
    models
        One row per model, in the order drawn: `model_id`, `label`.
    title, subtitle
        The finding; the measure and its base.
    featured
        Bodies that are never left out.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     [["plan", "ann", "Ann", 0.75, 0.6, 0.8, 3, 4, "ranked"],
    ...      ["bill", "ann", "Ann", 0.25, 0.2, 0.4, 2, 4, "ranked"]],
    ...     columns=["model_id", "body_id", "name", "agreement", "lower", "upper", "spoke", "of",
    ...              "standing"],
    ... )
    >>> two = pd.DataFrame({"model_id": ["plan", "bill"], "label": ["The plan", "The bill"]})
    >>> chart = models(scores, two, "Ann is nearer the plan", "Agreement with each")
    >>> chart.alt.partition("a model. ")[2]
    'The plan: Ann 75% (3 of 4); The bill: Ann 25% (2 of 4).'
    """
    labels = list(zip(models["model_id"], models["label"], strict=True))
    first = _on_a_page(scores[scores["model_id"].isin(models["model_id"].head(1))], featured)
    skipped = first["skipped"].to_numpy()
    places = _apart([""] * len(first), skipped)
    bodies = first[["body_id", "name"]].assign(place=places)
    scores = scores[scores["body_id"].isin(bodies["body_id"])]
    rows_high = len(bodies) + (skipped > 0).sum()
    figure = blank(row_height(0.4) * rows_high + 0.95, title, subtitle)
    left, right = margins(0.22, 0.985)
    step = (right - left) / max(len(labels), 1)
    for number, (model_id, label) in enumerate(labels):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.025, 0.45, 1.2)
        plain(axes)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 0.5, 1], ["0%", "" if narrow() else "50%", "100%"], fontsize=8.5)
        ends_inside(axes)
        axes.grid(axis="x", color=GRID, linewidth=0.8)
        head_panel(axes, label, step * width() - 0.1)
        rows = scores[scores["model_id"] == model_id]  # none, where it takes no position
        _dots(axes, rows.merge(bodies[["body_id", "place"]]))
        axes.set_yticks([])
        if number == 0:
            label_rows(axes, places, bodies["name"], room=left * WIDTH - 0.1, wrap=26, up=0.21)
            _say_skipped(axes, places, skipped)
        axes.set_ylim(rows_high - 0.4, -0.6)
    panels = "; ".join(
        f"{label}: "
        + ", ".join(
            f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']})"
            for row in scores[scores["model_id"] == model_id].to_dict("records")
        )
        for model_id, label in labels
    )
    missing = _left_out(int(skipped.sum())).replace("; ", ". ")
    return Chart(figure, title, f"{title}. Dot chart, one panel a model. {missing}{panels}.")


def _dots(axes: Axes, rows: pd.DataFrame) -> None:
    """Draw the scores of a model with their bounds; hollow where the body is not ranked."""
    spans(axes, rows["place"], rows["lower"], rows["upper"], color=PALE, linewidth=3, zorder=2)
    solid = rows["standing"] == "ranked"
    for fill, mine in ((BLUE, rows[solid]), ("white", rows[~solid])):
        axes.plot(mine["agreement"], mine["place"], linestyle="", marker="o", markersize=7,
                  zorder=3, color=BLUE, clip_on=False, markerfacecolor=fill)  # fmt: skip
    inches = axes.figure.dpi_scale_trans
    for row in rows.to_dict("records"):
        if pd.isna(row["agreement"]):
            axes.text(0.5, row["place"], MISSING, ha="center", va="center", fontsize=9)
            continue
        side, aside = ("left", 7 / 72) if row["agreement"] < 0.5 else ("right", -7 / 72)
        axes.text(row["agreement"], row["place"], f"{row['spoke']}/{row['of']}", ha=side,
                  transform=axes.transData + ScaledTranslation(aside, 7 / 72, inches),
                  va="center", fontsize=7.5, color=GREY)  # fmt: skip


_MARKERS = ["o", "s", "D", "^", "v", "P"]


@twice
def evidence(scores: pd.DataFrame, classes: Sequence[str], title: str, subtitle: str) -> Chart:
    """Draw each body's agreement under several classes of evidence, one row a body and class.

    Parameters
    ----------
    scores
        One row per body and class: `body_id`, `name`, `evidence`, `agreement`, `lower`,
        `upper`, `spoke`, `of`, `standing`.
    classes
        The classes, in the order drawn.
    title, subtitle
        The finding; the measure and its base.

    Examples
    --------
    >>> scores = pd.DataFrame(
    ...     [["ann", "Ann", "all", 0.75, 0.6, 0.8, 3, 4, "ranked"],
    ...      ["ann", "Ann", "stated", 0.5, 0.2, 0.9, 2, 4, "ranked"]],
    ...     columns=["body_id", "name", "evidence", "agreement", "lower", "upper", "spoke", "of",
    ...              "standing"],
    ... )
    >>> chart = evidence(scores, ["all", "stated"], "Stated words say less", "Agreement")
    >>> chart.alt.partition("with bounds. ")[2]
    'Ann, all: 75% (3 of 4); Ann, stated: 50% (2 of 4).'
    """
    called = dict(zip(scores["body_id"], scores["name"], strict=True))
    high = len(classes) + 0.7
    rows = len(called) * high
    figure = blank(row_height(0.235) * rows + 0.5 + row_height(0), title, subtitle)
    axes = axes_in(figure, *margins(0.27, 0.66))
    share_axis(axes)
    tops = {body_id: number * high for number, body_id in enumerate(called)}
    for offset, kind in enumerate(classes):
        mine = scores[scores["evidence"] == kind].drop_duplicates("body_id")
        places = mine["body_id"].map(tops) + offset
        spans(axes, places, mine["lower"], mine["upper"], color=PALE, linewidth=3, zorder=2)
        axes.plot(mine["agreement"], places, linestyle="", marker=_MARKERS[offset], markersize=7,
                  color=BLUE, zorder=3, clip_on=False)  # fmt: skip
        bases = [
            f"{kind}: {percent(score)}, {spoke} of {of}"
            for score, spoke, of in zip(mine["agreement"], mine["spoke"], mine["of"], strict=True)
        ]
        if narrow():
            above_rows(axes, places, bases, 0.07, color=GREY)
        else:
            beside(axes, 1.03, places, map(printed, bases), fontsize=8.5)
    if narrow():
        above_rows(axes, tops.values(), called.values(), 0.25)
    else:
        middles = [top + (len(classes) - 1) / 2 for top in tops.values()]
        label_rows(axes, middles, called.values(), room=0.27 * WIDTH - 0.2, wrap=32,
                   high=0.235 * len(classes))  # fmt: skip
    axes.set_ylim(rows - 0.9, -0.8 - 0.4 * narrow())
    axes.set_yticks([])
    said = "; ".join(
        f"{row['name']}, {row['evidence']}: {percent(row['agreement'])} "
        f"({row['spoke']} of {row['of']})"
        for _, row in scores.iterrows()
    )
    return Chart(figure, title, f"{title}. Dot chart with bounds. {said or 'No body is drawn'}.")
