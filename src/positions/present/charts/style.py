"""What every figure is drawn on and with: colours, headline, axes that fit, bars and lines.

Colours are those of the Government Analysis Function; no red against green, no colour alone.
"""

from __future__ import annotations

import contextlib
import functools
import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike

DPI = 144
"""Dots of a picture to the inch."""
BLUE, TEAL, PLUM, ORANGE, GREY, LILAC = (
    "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1"
)  # fmt: skip
PALE, FAINT = "#8C8C8C", "#BFBFBF"
"""Pale marks that carry a number stand out from white 3 to 1, as WCAG asks; hatches need not."""
WIDTH = 9.6
NARROW = 4.3
"""Widths in inches of a drawing for a page or paper, and of one for a telephone."""


@contextlib.contextmanager
def house() -> Iterator[None]:
    """Set every setting of matplotlib as the house has it, whatever a user's own file says.

    A decorator of what draws, or the head of a `with` block. Letters are drawn without hints,
    which take a third more time and change little.
    """
    with matplotlib.style.context(["default", {"text.hinting": "none"}]):
        yield


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


def blank(height: float, title: str, subtitle: str, width: float = WIDTH) -> Figure:
    """Begin a figure with its headline and subtitle; `height` is of the plot, in inches.

    It has its canvas from the start, at the resolution of the picture: words are then measured
    once, for the layout and for the picture.
    """
    total = height + 0.95
    figure = Figure(figsize=(width, total), dpi=DPI, layout=None, facecolor="white")
    FigureCanvasAgg(figure)
    share = width / WIDTH
    lines = int(78 * share) if len(title) <= 78 * share else int(110 * share)
    head = figure.text(0.012, 1 - 0.16 / total, wrapped(title, lines), va="top", fontsize=14,
                       fontweight="bold", color="black")  # fmt: skip
    fit([head], 0.976 * width, 0.3 if width == WIDTH else 0.42)
    below = figure.text(0.012, 1 - (0.48 if width == WIDTH else 0.6) / total,
                        wrapped(subtitle, int(118 * share)), va="top", fontsize=9.5,
                        color=GREY)  # fmt: skip
    fit([below], 0.976 * width, 0.31 if width == WIDTH else 0.48)
    return figure


def axes_in(
    figure: Figure, left: float, right: float, bottom: float = 0.5, top: float = 0.95
) -> Axes:
    """Axes between two shares of the width; `bottom` and `top` are margins in inches."""
    total = figure.get_figheight()
    return figure.add_axes((left, bottom / total, right - left, 1 - (bottom + top) / total))


def plain(axes: Axes) -> None:
    """Take away what an axis does not need: three of its sides, and its ticks."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9.5)
    axes.set_axisbelow(True)


def share_axis(axes: Axes) -> None:
    """Lay out the horizontal axis as shares from nothing to all."""
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
    axes.grid(axis="x", color="#E0E0E0", linewidth=0.8)


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
) -> None:
    """Write words in rows, from a share of the width of the axes on."""
    look = {"transform": axes.get_yaxis_transform(), "va": "center", **look}
    for place, said in zip(places, words, strict=True):
        axes.text(at, place, said, **look)


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
    """Level bars of one look: the middle at a place, the foot at `left` or 0; none if missing."""
    foot = np.broadcast_to(look.pop("left", 0.0), np.shape(lengths))
    bar = np.column_stack([foot, np.asarray(places) - height / 2, lengths]).astype(float)
    bar = bar[~np.isnan(bar[:, 2])]
    boxes(axes, bar[:, :2], np.column_stack([bar[:, 2], np.full(len(bar), height)]), **look)


def spans(axes: Axes, places: ArrayLike, low: ArrayLike, high: ArrayLike, **look: Any) -> None:
    """Level lines of one look, from `low` to `high`, as one line with gaps."""
    across = np.column_stack([low, high, np.full(np.shape(low), math.nan)])
    axes.plot(across.ravel(), np.repeat(places, 3), **look)
