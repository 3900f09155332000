"""What every figure is drawn on and with: colours, headline, axes that fit, bars and lines.

Colours are those of the Government Analysis Function; no red against green, no colour alone. One
colour means one thing in all figures.

Most figures are drawn twice: for a page, and for a telephone. There what stands beside a row
stands above it, and a figure is as wide as its words can be read at.
"""

from __future__ import annotations

import contextvars
import dataclasses
import functools
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation, blended_transform_factory
from numpy.typing import ArrayLike

from positions.present.display import Chart, house

DPI = 144
"""Dots of a picture to the inch."""
BLUE, TEAL, PLUM, ORANGE, GREY, LILAC = (
    "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
)  # fmt: skip
"""A body's score, and what is for; claims and process; models; what is against, or costs a score;
words and the law; what the readers make of a score."""
PALE, FAINT, GRID, BAND = "#8C8C8C", "#BFBFBF", "#E0E0E0", "#F2F2F2"
"""Ranges and what has no name: pale marks that carry a number stand out from white 3 to 1, as
WCAG asks. Hatches, lines of a grid and bands behind rows need not."""
SCALE_COLOURS = [ORANGE, "#FBC3A8", BAND, "#A9BFD3", BLUE]
"""From opposes to supports; the sign is printed in each cell."""
WIDTH, NARROW = 9.6, 4.3
"""Widths in inches of a drawing for a page or paper, and of one for a telephone."""
_BELOW, _LINE = 0.35, 0.18
"""Inches that a drawing for a telephone adds for its key, and for a line above a row."""

P = ParamSpec("P")
_for_telephone = contextvars.ContextVar("_for_telephone", default=False)


def twice(draw: Callable[P, Chart]) -> Callable[P, Chart]:
    """Have what draws a chart in the house style draw it for a telephone too, when it is asked."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Chart:
        def again() -> Chart:
            token = _for_telephone.set(True)
            try:
                with house():
                    return draw(*args, **kwargs)
            finally:
                _for_telephone.reset(token)

        with house():
            return dataclasses.replace(draw(*args, **kwargs), again=again)

    return drawn


def narrow() -> bool:
    """Tell whether the drawing is one for a telephone."""
    return _for_telephone.get()


def width() -> float:
    """Return how wide the drawing is, in inches."""
    return NARROW if narrow() else WIDTH


def margins(left: float, right: float) -> tuple[float, float]:
    """Between which shares of the width rows are drawn: on a telephone over all of it."""
    return (0.04, 0.95) if narrow() else (left, right)


def row_height(high: float, lines: int = 1) -> float:
    """Return how high a row is, in inches; on a telephone so many lines stand above it."""
    return high + _LINE * lines * narrow()


@functools.cache
def _drawn() -> frozenset[int]:
    """Return the characters that the font of the figures holds, plain and bold."""
    faces = (font_manager.findfont(f"DejaVu Sans:{weight}") for weight in ("normal", "bold"))
    held = (set(font_manager.get_font(face).get_charmap()) for face in faces)
    return frozenset(set.intersection(*held)) | {ord("\n")}


def printed(words: object) -> str:
    """Words as matplotlib prints them: a dollar sign is no formula.

    A character that the font lacks is drawn as a square; the alternative text and the table
    beside the figure hold it as it is.
    """
    drawn = "".join(char if ord(char) in _drawn() else "\u25a1" for char in str(words))
    return drawn.replace("$", r"\$")


def wrapped(words: object, width: int) -> str:
    """Words broken into lines of at most so many characters, as matplotlib prints them."""
    return printed("\n".join(textwrap.wrap(str(words), width)))


def shortened(words: object, width: int) -> str:
    """Cut words off between words, as matplotlib prints them."""
    return printed(textwrap.shorten(str(words), width, placeholder="…"))


def extents(texts: Iterable[Text]) -> list[Bbox]:
    """Measure where each text will stand in the picture, in its dots."""
    return [text.get_window_extent() for text in texts]


def fit(texts: Sequence[Text], width: float, height: float = math.inf) -> None:
    """Shrink texts alike until each is at most so wide and so high, in inches."""
    scale = 1.0
    for text, box in zip(texts, extents(texts), strict=True):
        dpi = text.get_figure(root=True).dpi  # type: ignore[union-attr]
        if box.width and box.height:
            scale = min(scale, width * dpi / box.width, height * dpi / box.height)
    if scale < 1:
        for text in texts:
            text.set_fontsize(float(text.get_fontsize()) * scale * 0.97)


def ends_inside(axes: Axes) -> None:
    """Keep the outer tick labels of a narrow panel inside it."""
    labels = axes.get_xticklabels()
    labels[0].set_horizontalalignment("left")
    labels[-1].set_horizontalalignment("right")


def blank(height: float, title: str, subtitle: str) -> Figure:
    """Begin a figure with its headline and subtitle; `height` is of the plot, in inches.

    It has its canvas from the start, at the resolution of the picture: words are then measured
    once, for the layout and for the picture.
    """
    small, wide = narrow(), width()
    figure = Figure(figsize=(wide, height + 0.95), dpi=DPI, layout=None, facecolor="white")
    FigureCanvasAgg(figure)
    share = wide / WIDTH
    lines = int(78 * share) if len(title) <= 78 * share else int(110 * share)
    head = _from_top(figure, 0.16, wrapped(title, lines), fontsize=14, fontweight="bold")
    fit([head], 0.976 * wide, 0.45 if small else 0.3)
    at = 0.28 + extents([head])[0].height / DPI if small else 0.48
    below = _from_top(figure, at, wrapped(subtitle, int(118 * share)), fontsize=9.5, color=GREY)
    fit([below], 0.976 * wide, 0.5 if small else 0.31)
    figure.set_figheight(height + 0.95 + _above(figure) + _BELOW * small)
    return figure


def _from_top(figure: Figure, inches: float, words: str, **look: Any) -> Text:
    """Write words at the left, so far from the upper edge, however high the figure becomes."""
    where = figure.transFigure + ScaledTranslation(0, -inches, figure.dpi_scale_trans)
    return figure.text(0.012, 1, words, va="top", transform=where, **look)


def _above(figure: Figure) -> float:
    """Return how many inches of a drawing for a telephone its headline takes beyond a page's."""
    lowest = min(box.y0 for box in extents(figure.texts[:2]))
    return max(0.0, figure.get_figheight() - lowest / DPI - 0.62) if narrow() else 0.0


def axes_in(
    figure: Figure, left: float, right: float, bottom: float = 0.5, top: float = 0.95
) -> Axes:
    """Axes between two shares of the width; `bottom` and `top` are margins in inches."""
    bottom, top = bottom + _BELOW * narrow(), top + _above(figure)
    total = figure.get_figheight()
    return figure.add_axes((left, bottom / total, right - left, 1 - (bottom + top) / total))


def plain(axes: Axes, *, bottom: bool = True) -> None:
    """Take away what axes do not need: their ticks and sides, of which the bottom may stay."""
    axes.spines[:].set_visible(False)
    axes.spines["bottom"].set_visible(bottom)
    axes.tick_params(length=0, labelsize=9.5)
    axes.set_axisbelow(True)


def share_axis(axes: Axes) -> None:
    """Lay out plain axes whose horizontal one shows shares from nothing to all."""
    plain(axes)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="x", color=GRID, linewidth=0.8)


def name_rows(axes: Axes, places: Iterable[float], words: Iterable[str], size: float) -> list[Text]:
    """Name rows at their left; what is returned can be fitted.

    Words are drawn in a quarter of the time of a tick, which has lines and a grid besides.
    """
    axes.set_yticks([])
    where, up, side = axes.get_yaxis_text1_transform(3.5)
    return [
        axes.text(0, place, said, transform=where, va=up, ha=side, fontsize=size)
        for place, said in zip(places, words, strict=True)
    ]


def label_rows(
    axes: Axes,
    places: Iterable[float],
    names: Iterable[str],
    said: Iterable[str] = (),
    *,
    room: float,
    high: float = 0.37,
    wrap: int = 36,
    size: float = 9.5,
    lines: int = 1,
    up: float = 0.14,
) -> list[Text]:
    """Name rows at their left and say what they come to at their right.

    On a telephone both stand above the row: see `row_height`, which leaves the lines for them.

    Parameters
    ----------
    names, said
        In the order of `places`; nothing is said where `said` is empty.
    room, high
        Inches that a name may take at the left of a row; it is shrunk to fit.
    wrap
        Characters after which a name goes on in a new line.
    size
        Of the letters, in points.
    lines, up
        On a telephone: how many lines a name may take, and above how many inches of marks.

    Returns
    -------
    list
        What is said, as it is drawn.
    """
    places, names, said = list(places), list(names), list(said)
    if narrow():
        axes.set_yticks([])
        above_rows(axes, places, names, up + _LINE * bool(said), lines)
        return above_rows(axes, places[: len(said)], said, up, color=GREY)
    fit(name_rows(axes, places, [wrapped(name, wrap) for name in names], size), room, high)
    texts = beside(axes, 1.03, places[: len(said)], map(printed, said), fontsize=size)
    within = axes.get_position()
    fit(texts, (0.99 - within.x0 - 1.03 * within.width) * WIDTH)
    return texts


def above_rows(
    axes: Axes,
    places: Iterable[float],
    words: Iterable[str],
    up: float,
    lines: int = 1,
    **look: Any,
) -> list[Text]:
    """Write words `up` inches above each row, from the left edge of the figure on.

    They are the figure's, not the axes': no line of another panel strikes them through.
    """
    figure = axes.get_figure(root=True)
    assert figure is not None  # axes stand in a figure
    lift = ScaledTranslation(0, up, figure.dpi_scale_trans)
    where = blended_transform_factory(figure.transFigure, axes.transData) + lift
    look = {"fontsize": 9.5, "va": "bottom", "transform": where, **look}
    look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.3}
    texts = [
        figure.text(0.02, place, wrapped(said, 54 if lines > 1 else 80), **look)
        for place, said in zip(places, words, strict=True)
    ]
    for text in texts:
        fit([text], 0.96 * NARROW, lines * _LINE)
    return texts


def head_panel(axes: Axes, words: str, room: float) -> None:
    """Head one of several panels, in three lines at most of so many inches."""
    letters = max(8, int(12 * room), min(16, max(map(len, words.split()), default=0)))
    lines = textwrap.wrap(words, letters, max_lines=3, placeholder="…")
    head = axes.set_title(printed("\n".join(lines)), fontsize=9.5, loc="left")
    fit([head], room, 0.45)


def say_key(figure: Figure, words: str) -> None:
    """Say at the foot of the figure what is drawn."""
    said = figure.text(0.02, 0.1 / figure.get_figheight(), wrapped(words, 56 if narrow() else 130),
                       fontsize=9, color=GREY)  # fmt: skip
    fit([said], 0.96 * width(), 0.5)


def name_columns(
    axes: Axes, places: Iterable[float], words: Iterable[str], size: float, rotation: float = 0
) -> list[Text]:
    """Name columns above them; what is returned can be fitted."""
    axes.set_xticks([])
    where, up, side = axes.get_xaxis_text2_transform(3.5)
    return [
        axes.text(place, 1, said, transform=where, va=up, ha=side, fontsize=size, rotation=rotation)
        for place, said in zip(places, words, strict=True)
    ]


def beside(
    axes: Axes, at: float, places: Iterable[float], words: Iterable[str], **look: Any
) -> list[Text]:
    """Write words in rows, from a share of the width of the axes on."""
    look = {"transform": axes.get_yaxis_transform(), "va": "center", **look}
    return [axes.text(at, place, said, **look) for place, said in zip(places, words, strict=True)]


def boxes(axes: Axes, corners: ArrayLike, size: ArrayLike, **look: Any) -> None:
    """Rectangles of one look, as one shape: to draw each alone takes most of a picture's time.

    Parameters
    ----------
    corners
        `across, up` of each rectangle.
    size
        Width and height, of all or of each; the caller sets the limits of both axes.
    look
        As of a patch.
    """
    starts = np.asarray(corners, dtype=float).reshape(-1, 1, 2)
    sizes = np.broadcast_to(np.asarray(size, dtype=float), (len(starts), 2))[:, None]
    points = starts + sizes * [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(starts)
    if codes:
        shape = Path(points.reshape(-1, 2), codes)
        axes.add_artist(PathPatch(shape, snap=True, **{"edgecolor": "none", **look}))


def bars(axes: Axes, places: ArrayLike, lengths: ArrayLike, height: float, **look: Any) -> None:
    """Level bars of one look: the middle at a place, the foot at `left` or 0; none if missing.

    On a telephone they are thinner, for words stand above them.
    """
    height *= 0.45 if narrow() else 1
    foot = np.broadcast_to(look.pop("left", 0.0), np.shape(lengths))
    bar = np.column_stack([foot, np.asarray(places) - height / 2, lengths]).astype(float)
    bar = bar[~np.isnan(bar[:, 2])]
    boxes(axes, bar[:, :2], np.column_stack([bar[:, 2], np.full(len(bar), height)]), **look)


def spans(axes: Axes, places: ArrayLike, low: ArrayLike, high: ArrayLike, **look: Any) -> None:
    """Level lines of one look, from `low` to `high`, as one line with gaps."""
    across = np.column_stack([low, high, np.full(np.shape(low), math.nan)])
    axes.plot(across.ravel(), np.repeat(places, 3), **look)
