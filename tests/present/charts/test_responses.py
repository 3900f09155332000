"""The charts of respondents draw what their tables hold, and say it in words."""

import pandas as pd
import pytest

from positions.present import plot

SHARES = pd.DataFrame(
    [
        ("park", "A", 1.0), ("park", "B", 0.25),
        ("bus", "A", 0.8), ("bus", "B", float("nan")),
    ],
    columns=["question_id", "group", "share"],
)  # fmt: skip
UNITED = pd.DataFrame(
    [("bus", "The bus", 0.571), ("park", "The park", 0.171)],
    columns=["question_id", "label", "agree"],
)


def test_each_group_has_a_mark_at_its_share_in_a_lane_of_its_own():
    chart = plot.votes(SHARES, UNITED, "A finding", "Measure, base")
    (axes,) = chart.figure.axes
    marks = {}
    for line in axes.lines:
        if line.get_marker() == "o":
            marks |= dict(zip(line.get_ydata(), line.get_xdata(), strict=True))
    # The bus is drawn first, in the order given; of its two lanes only A's has a mark.
    assert [share for _, share in sorted(marks.items())] == pytest.approx([0.8, 1.0, 0.25])
    assert all(-0.5 < place < 1.5 for place in marks)
    assert [text.get_text() for text in axes.texts if text.get_text()[0] in "AB"] == [
        "A 80%", "A 100%", "B 25%",
    ]  # fmt: skip


def test_what_the_votes_show_is_said_in_words():
    chart = plot.votes(SHARES, UNITED, "A finding", "Measure, base")
    assert chart.alt == (
        "A finding. Share of each group that agrees, by statement: The bus: A 80%, B nobody "
        "voted, consensus 0.57; The park: A 100%, B 25%, consensus 0.17."
    )
