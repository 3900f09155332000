"""Whether the words of a figure can be read: none cut off, none on another."""

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

SMALLEST = 4.5
"""Points of the smallest letters, of a figure as wide as a page: a cell of a big matrix."""


def texts_of(chart):
    """Each text drawn with its extent in pixels, and the size of the figure."""
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = [t for t in chart.figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    # An annotation's own extent holds its arrow too.
    return [(t, Text.get_window_extent(t, renderer)) for t in found], canvas.get_width_height()


def assert_legible(chart, smallest=0.0):
    texts, (width, height) = texts_of(chart)
    assert len(texts) > 1
    for text, box in texts:
        words = text.get_text()
        cut = box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
        assert not cut, f"cut off: {words!r}"
        assert text.get_fontsize() >= smallest, f"{text.get_fontsize():.1f} points: {words!r}"
    for (one, a), (other, b) in itertools.combinations(texts, 2):
        wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        where = f"overlap: {one.get_text()!r} and {other.get_text()!r}"
        assert wide <= 1 or high <= 1, where
