"""The figure of where things stood and ended: what its alternative text says, and its marks."""

import numpy as np
import pandas as pd
import pytest

from positions.present.charts.outcome import outcome
from positions.present.charts.style import BLUE

MOVES = pd.DataFrame(
    {
        "proposition_id": ["p", "q", "r"],
        "label": ["The lane", "The garden", "The levy"],
        "status_quo": [-2.0, 1.0, np.nan],
        "bill": [0.0, np.nan, np.nan],
        "act": [2.0, 1.0, -2.0],
    }
)
CELLS = pd.DataFrame(
    {
        "body_id": ["a", "b", "a", "c"],
        "proposition_id": ["p", "p", "q", "p"],
        "position": [2, 2, np.nan, -1],
    }
)


def test_the_alternative_text_says_what_is_drawn_and_no_more():
    drawn = outcome(MOVES, CELLS, [("a", "The League"), ("b", "The Union")], "One moved", "Made up")
    assert drawn.alt == (
        "One moved. Made up. The lane: from -2 to +2; The League +2, The Union +2. The garden: "
        "from +1 to +1; none of them spoke. The levy: not known before to -2; none of them spoke."
    )


def test_each_body_has_a_panel_with_a_dot_where_it_stood_and_the_laws_way_beside_it():
    drawn = outcome(MOVES, CELLS, [("a", "The League"), ("b", "The Union")], "One moved", "Made up")
    league, union = drawn.figure.axes
    assert [axes.get_title("left") for axes in (league, union)] == ["The League", "The Union"]
    for axes in (league, union):  # each spoke on the first alone: at +2, a little above its row
        (dots,) = [line for line in axes.lines if line.get_color() == BLUE]
        assert dots.get_xydata().tolist() == [[2.0, pytest.approx(-0.17)]]
        ends = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "s"]
        assert ends == MOVES["act"].tolist()
        # Of the garden nothing moved, and of the levy the beginning is not known: one ring.
        rings = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
        assert [line.get_xdata()[0] for line in rings] == [-2.0]


def test_without_bodies_the_law_is_drawn_alone():
    (axes,) = outcome(MOVES, CELLS, [], "One moved", "Made up").figure.axes
    assert [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "s"] == [2, 1, -2]


def test_without_outcomes_it_says_so():
    drawn = outcome(MOVES.head(0), CELLS, [], "Nothing moved", "Made up")
    assert drawn.alt == "Nothing moved. Made up. No outcome is known."
    assert drawn.png(dpi=20).startswith(b"\x89PNG")
