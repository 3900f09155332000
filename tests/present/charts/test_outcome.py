"""The figure of where things stood and ended: what its alternative text says, and its marks."""

import numpy as np
import pandas as pd
import pytest

from positions.present.charts.outcome import MARKS, _apart, outcome

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


def test_marks_of_bodies_at_one_place_stand_beside_one_another():
    assert _apart([2.0, -1.0, 2.0]) == pytest.approx([1.95, -1.0, 2.05])
    assert len({mark for mark, _ in MARKS}) == len({colour for _, colour in MARKS}) == len(MARKS)


def test_without_outcomes_it_says_so():
    drawn = outcome(MOVES.head(0), CELLS, [], "Nothing moved", "Made up")
    assert drawn.alt == "Nothing moved. Made up. No outcome is known."
    assert drawn.png(dpi=20).startswith(b"\x89PNG")
