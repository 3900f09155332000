"""Charts of the featured bodies draw what their tables hold, and say it in words."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

from positions.present import plot
from positions.present.charts import style
from positions.present.charts.style import SCALE_COLOURS

WORDS = ("A finding", "Measure, base")
SCORES = pd.DataFrame(
    [
        ("Alpha", 0.75, 3, 4, 0.25, 1, 2, True),
        ("Beta", 0.5, 4, 4, 0.25, 2, 2, True),
        ("Core", 0.0, 1, 4, 1.0, 1, 2, False),
        ("Delta", 0.5, 2, 4, float("nan"), 0, 2, True),
    ],
    columns=["name", "agreement", "spoke", "of", "trust", "trust_spoke", "trust_of", "featured"],
)
ROWS = pd.DataFrame(
    [("p1", "Bridge", "design"), ("p2", "Market", "design"), ("p3", "Cheaper", "claim")],
    columns=["proposition_id", "label", "kind"],
)
NONE = float("nan")
CELLS = pd.DataFrame(
    [
        ("a", "p1", 2.0, "stated", False, ""),
        ("a", "p2", -1.0, "implied", True, ""),
        ("a", "p3", 0.0, "reported", False, ""),
        ("b", "p1", NONE, "", False, "silent"),
        ("b", "p2", NONE, "", False, "not seen"),
        ("b", "p3", NONE, "", False, "could not"),
        ("c", "p1", NONE, "", False, "reported only"),
    ],
    columns=["body_id", "proposition_id", "position", "basis", "predates", "blank"],
)
PAIRS = pd.DataFrame(
    [("Alpha and Beta", 3, 1, 5), ("Alpha and Core", 0, 2, 2)],
    columns=["pair", "agree", "disagree", "both_spoke"],
)


def words(axes):
    return [text.get_text() for text in axes.texts]


def shapes(axes):
    return [patch for patch in axes.patches if type(patch) is PathPatch]


def corners(shape):
    """Left, bottom, width and height of each box of a shape: five points of a path each."""
    points = shape.get_path().vertices.reshape(-1, 5, 2)
    return [(*box[0].tolist(), *(box[2] - box[0]).tolist()) for box in points]


def test_two_axes_draw_and_name_each_body_with_both_scores_the_featured_with_their_bases():
    chart = plot.two_axes(SCORES, *WORDS)
    (axes,) = chart.figure.axes
    others, named = axes.collections
    assert others.get_offsets().tolist() == [[0.0, 1.0]]
    assert named.get_offsets().tolist() == [[0.75, 0.25], [0.5, 0.25]]
    assert words(axes) == [
        "Alpha\n75% on 3/4, 25% on 1/2",
        "Beta\n50% on 4/4, 25% on 2/2",
        "Core",
    ]
    assert chart.alt == (
        "A finding. Measure, base. Alpha 75% (3 of 4) and 25% (1 of 2); Beta 50% (4 of 4) and 25% "
        "(2 of 2); Core 0% (1 of 4) and 100% (1 of 2)."
    )


def test_the_strip_tells_own_words_from_what_follows_and_from_reports_and_what_is_older():
    (axes,) = plot.strip(CELLS.head(3), ROWS, [("a", "Alpha")], *WORDS).figure.axes
    stated, implied, reported = shapes(axes)
    assert to_hex(stated.get_facecolor()) == SCALE_COLOURS[4].lower()
    assert to_hex(implied.get_facecolor()) == "#ffffff"
    assert to_hex(reported.get_facecolor()) == SCALE_COLOURS[2].lower()
    assert words(axes)[:3] == ["+2", "-1", "0 r"]
    (struck,) = [line for line in axes.lines if len(line.get_xdata()) == 2]
    assert struck.get_ydata()[0] == pytest.approx(-1 - 0.25)  # the second row, one below


def test_the_strip_draws_each_kind_of_blank_apart():
    columns = [("b", "Beta"), ("c", "Core")]
    chart = plot.strip(CELLS.tail(4), ROWS, columns, *WORDS)
    (axes,) = chart.figure.axes
    hatches = [shape.get_hatch() or "" for shape in shapes(axes)]
    assert hatches == ["////", "..", "", ""]  # silent, not seen, could not, reported only
    assert [text for text in words(axes) if text.startswith("[")] == ["[z]", "[o]"]
    assert chart.alt == "A finding. Measure, base. Beta: nothing; Core: nothing."


def test_the_strip_parts_the_kinds_of_propositions_and_says_each_position_in_words():
    chart = plot.strip(CELLS, ROWS, [("a", "Alpha"), ("b", "Beta")], *WORDS)
    assert chart.alt.endswith("Alpha: Bridge +2, Market -1, Cheaper 0; Beta: nothing.")
    said = [text.get_text() for text in chart.figure.texts]
    assert {"design", "claim"} <= set(said)
    (axes,) = chart.figure.axes
    rows = sorted({shape.get_path().vertices[0][1] + 0.42 for shape in shapes(axes)})
    assert rows == [pytest.approx(up) for up in (-2.7, -1, 0)]  # a gap before the claim


def test_pairs_draw_how_many_points_two_bodies_share_on_the_same_side_on_opposite_and_neither():
    chart = plot.pairs(PAIRS, *WORDS)
    (axes,) = chart.figure.axes
    drawn = [(to_hex(shape.get_facecolor()), corners(shape)) for shape in shapes(axes)]
    # left and width of each: 3 alike, 5 - 3 - 1 neither, 1 apart; then 0, 0 and 2
    assert [(colour, [(box[0], box[2]) for box in found]) for colour, found in drawn] == [
        (style.BLUE.lower(), [(0, 3), (0, 0)]),
        ("#f2f2f2", [(3, 1), (0, 0)]),
        (style.ORANGE.lower(), [(4, 1), (0, 2)]),
    ]
    assert words(axes)[:4] == ["3 same side", "1", "1", "2 opposite sides"]
    assert chart.alt == (
        "A finding. Measure, base. Alpha and Beta: 3 on the same side, 1 on opposite sides, of 5; "
        "Alpha and Core: 0 on the same side, 2 on opposite sides, of 2."
    )


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: plot.two_axes(SCORES.head(0), *WORDS), "No body has both scores."),
        (lambda: plot.strip(CELLS.head(0), ROWS.head(0), [], *WORDS), "Measure, base. ."),
        (lambda: plot.pairs(PAIRS.head(0), *WORDS), "No pair."),
    ],
)
def test_an_empty_table_gives_an_empty_figure(draw, said):
    chart = draw()
    assert chart.png(50).startswith(b"\x89PNG")
    assert chart.alt.endswith(said)
