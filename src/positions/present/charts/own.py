"""A chart of an analyst's own, on the figure that all others are drawn on."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.text import Text

from positions.present.charts.style import (
    BLUE,
    GREY,
    LILAC,
    ORANGE,
    PLUM,
    TEAL,
    axes_in,
    blank,
    plain,
)
from positions.present.display import Chart, house


@house()
def own(
    draw: Callable[[Axes], object], title: str, subtitle: str, *, alt: str, height: float = 3.0
) -> Chart:
    """Draw a chart of your own in the house style.

    Parameters
    ----------
    draw
        Is given matplotlib axes, and draws on them. Its colours follow those of the house.
    title, subtitle
        The finding; the measure, its base and date.
    alt
        What the chart shows, in words, for readers who cannot see it.
    height
        Of the plot, in inches; the width is that of every chart.

    Returns
    -------
    Chart
        In a notebook a picture with its alternative text; `png()` gives it as bytes.

    Raises
    ------
    ValueError
        When `alt` is empty.

    Examples
    --------
    >>> import positions as ps
    >>> chart = ps.plot.own(lambda axes: axes.barh(["a", "b"], [1, 2]), "B leads", "Made up",
    ...                     alt="Two bars: a 1, b 2.")
    >>> chart.alt
    'B leads. Two bars: a 1, b 2.'
    """
    if not alt.strip():
        raise ValueError("alt is empty: say in words what the chart shows")
    figure = blank(height, title, subtitle)
    axes = axes_in(figure, 0.285, 0.97)
    plain(axes)
    axes.set_prop_cycle(color=[BLUE, TEAL, PLUM, ORANGE, GREY, LILAC])
    draw(axes)
    for text in axes.findobj(Text):
        text.set_parse_math(False)
    return Chart(figure, title, f"{title}. {alt}")
