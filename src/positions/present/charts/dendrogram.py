"""The figure of groups: the tree of bodies beside what each of them said."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from positions.measures.groups import Groups
from positions.present.charts.matrix import BLANK_WORDS, draw_cells, told
from positions.present.charts.style import (
    GREY,
    WIDTH,
    blank,
    fit,
    name_columns,
    plain,
    shortened,
)
from positions.present.display import Chart, house
from positions.words import BLANKS, plural, signed

_NAMED_UP_TO = 120
"""Rows up to which names and signs are printed; beyond it only the pattern can be seen."""
_HIGHEST = 16.5
"""Inches of a tree: with its key a page and a half; so many rows are as high as their names."""


@house()
def dendrogram(
    found: Groups,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    blanks: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw the tree of bodies beside what each of them said, in the order of the tree.

    Parameters
    ----------
    found
        What `groups.find` returned.
    bodies, propositions
        `body_id`, `name`; `proposition_id`, `label`, in the order of the columns.
    blanks
        One row per body and proposition without a position: `blank`, its kind.
    title, subtitle
        The finding; the measure and its base.

    References
    ----------
    Wilkinson and Friendly (2009), "The history of the cluster heat map", The American Statistician
    63, 179-184.

    Examples
    --------
    Ann and Ben say the same, and the contrary of the others:

    >>> import positions as ps
    >>> from positions.measures.groups import GroupRules
    >>> said = {"ann": 2, "ben": 2, "cy": -2, "dee": -2, "eve": -2}
    >>> cells = pd.DataFrame([(b, p, said[b]) for b in said for p in "pqrs"],
    ...                      columns=["body_id", "proposition_id", "position"])
    >>> found = ps.find_groups(cells, rules=GroupRules(draws=9))
    >>> bodies = pd.DataFrame({"body_id": list(said), "name": [b.title() for b in said]})
    >>> asked = pd.DataFrame({"proposition_id": list("pqrs"), "label": list("PQRS")})
    >>> none = pd.DataFrame(columns=["body_id", "proposition_id", "blank"])
    >>> chart = dendrogram(found, bodies, asked, none, "Two sides", "Five bodies")
    >>> chart.alt.partition("of the tree: ")[2].split("; ")[:2]
    ['Ann', 'Ben']
    """
    names = dict(zip(bodies["body_id"], bodies["name"], strict=True))
    shown = propositions[propositions["proposition_id"].isin(found.cells.columns)]
    rows, columns = len(found.order), len(shown)
    height = min(0.27, _HIGHEST / max(rows, 1)) * rows
    key = 0.17 * math.ceil(columns / _KEY_COLUMNS) + 0.75
    figure = blank(height + key + 0.15, title, subtitle)
    panel = _strip(figure, 0.135, 0.765, (key, height))
    branches = _strip(figure, 0.012, 0.13, (key, height))
    _branches(branches, found)
    values = found.cells.reindex(index=found.order, columns=shown["proposition_id"])
    kinds = blanks.set_index(["body_id", "proposition_id"])["blank"].unstack("proposition_id")
    kinds = kinds.reindex(index=values.index, columns=values.columns)
    _cells(panel, values, kinds)
    _names(panel, [names[body] for body in found.order])
    _divide(panel, branches, found)
    _key(figure, shown["label"].tolist(), key)
    spoken = int(found.cells.notna().to_numpy().sum())
    alt = (
        f"{title}. Tree of {plural(rows, 'body')} beside {columns} propositions, in the order of "
        f"the tree: {'; '.join(names[body] for body in found.order)}. {spoken} cells hold a "
        f"position; {told(kinds)}."
    )
    return Chart(figure, title, alt)


_KEY_COLUMNS = 3


def _strip(figure: Figure, left: float, right: float, span: tuple[float, float]) -> Axes:
    """Add a panel `span[1]` inches high that begins `span[0]` inches from the bottom."""
    total = figure.get_figheight()
    axes = figure.add_axes((left, span[0] / total, right - left, max(span[1], 0.1) / total))
    plain(axes, bottom=False)
    return axes


def _branches(axes: Axes, found: Groups) -> None:
    """Draw the tree, its leaves at the right, a merge as far left as its distance."""
    places = {body: place for place, body in enumerate(found.order)}
    at = [(0.0, places[body] + 0.5) for body in found.cells.index]
    forks = []
    for left, right, distance, _ in found.merges:
        (one, up), (two, down) = at[int(left)], at[int(right)]
        forks.append([(one, up), (distance, up), (distance, down), (two, down)])
        at.append((distance, (up + down) / 2))
    axes.add_artist(LineCollection(forks, colors=GREY, linewidths=1.1))
    reach = float(found.merges[:, 2].max(initial=0.0)) * 1.03 or 1.0
    axes.set_xlim(reach, -0.02 * reach)
    axes.set_ylim(max(len(places), 1), 0)
    axes.set_yticks([])
    axes.set_xticks([reach / 1.03, 0], [f"{reach / 1.03:.2f}", "0"], fontsize=8)
    axes.set_xlabel("distance", fontsize=8, color=GREY, labelpad=-6)


def _cells(axes: Axes, values: pd.DataFrame, blanks: pd.DataFrame) -> None:
    """Draw what each body said, below the number of each proposition."""
    rows, columns = values.shape
    size = min(7.5, 750 / max(rows, 1), 220 / max(columns, 1))
    signs = values.round(1).map(signed, na_action="ignore") if rows <= _NAMED_UP_TO else None
    draw_cells(axes, values, signs, blanks, size)
    numbers = [str(number + 1) for number in range(columns)]
    name_columns(axes, np.arange(columns) + 0.5, numbers, min(8, 170 / max(columns, 1)))


def _names(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks([])
    if len(names) > _NAMED_UP_TO:
        return
    where, up, side = axes.get_yaxis_text2_transform(3.5)
    within = axes.get_position()
    for place, name in enumerate(names):
        text = axes.text(1, place + 0.5, shortened(name, 44), transform=where, va=up, ha=side,
                         fontsize=min(8.5, 960 / len(names)))  # fmt: skip
        fit([text], (0.98 - within.x1) * WIDTH)


def _divide(cells: Axes, branches: Axes, found: Groups) -> None:
    """Draw a line between the groups, where they are reported."""
    group = found.members.set_index("body_id")["group"]
    if not (group != "").any():
        return
    for place in range(1, len(found.order)):
        if group[found.order[place - 1]] != group[found.order[place]]:
            for axes in (cells, branches):
                axes.axhline(place, color="black", linewidth=1.8, clip_on=False)


def _key(figure: Figure, labels: Sequence[str], height: float) -> None:
    """Which proposition each number stands for, and what the cells mean."""
    total = figure.get_figheight()
    lines = math.ceil(len(labels) / _KEY_COLUMNS)
    for number, label in enumerate(labels):
        column, line = divmod(number, max(lines, 1))
        figure.text(0.012 + column * 0.33, (height - 0.42 - 0.17 * line) / total,
                    f"{number + 1}  {shortened(label, 46)}", fontsize=8, va="top")  # fmt: skip
    kinds = "; ".join(f"{BLANKS[kind]} {word}" for kind, word in BLANK_WORDS.items())
    figure.text(0.012, 0.08 / total,
                f"from -2 opposes to +2 supports; hatched {kinds}; black lines part groups",
                fontsize=7.5, color=GREY)  # fmt: skip
