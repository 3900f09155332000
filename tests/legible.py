"""Whether the words of a figure can be read: none cut off, none on another."""

import itertools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Affine2D


def texts_of(chart):
    """Each text drawn with its extent in pixels, and the size of the figure."""
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    found = [t for t in chart.figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    # An annotation's own extent holds its arrow too.
    return [(t, Text.get_window_extent(t, renderer)) for t in found], canvas.get_width_height()


def corners(text, box):
    """The corners of a text as it stands: of one that is turned, those of its turned box."""
    turned = text.get_rotation()
    if turned % 90 == 0 or text.get_rotation_mode() != "anchor":
        return box.corners()
    text.set_rotation(0)
    flat = Text.get_window_extent(text)
    text.set_rotation(turned)
    at = text.get_transform().transform(text.get_position())
    return Affine2D().rotate_deg_around(*at, turned).transform(flat.corners())


def overlap(one, other):
    """How many pixels two boxes share in the direction in which they share least."""
    edges = np.array([box[at] - box[0] for box in (one, other) for at in (1, 2)])
    across = edges / np.linalg.norm(edges, axis=1)[:, None]
    ends = [(one @ line, other @ line) for line in across]
    return min(min(a.max(), b.max()) - max(a.min(), b.min()) for a, b in ends)


def assert_legible(chart):
    texts, (width, height) = texts_of(chart)
    assert len(texts) > 1
    for text, box in texts:
        words = text.get_text()
        cut = box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1
        assert not cut, f"cut off: {words!r}"
    for (one, a), (other, b) in itertools.combinations(texts, 2):
        if a.overlaps(b):
            words = f"overlap: {one.get_text()!r} and {other.get_text()!r}"
            assert overlap(corners(one, a), corners(other, b)) <= 1, words
