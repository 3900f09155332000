"""The figure of the first page draws both scores of each body, wide and narrow."""

import pandas as pd
import pytest

from positions.present.charts.brief import brief
from positions.present.charts.style import NARROW, WIDTH

NONE = float("nan")
SCORES = pd.DataFrame(
    [
        ("Alpha", 0.75, 0.25, 0.9, 3, 4, 0.5, 0.25, 0.75, 1, 2),
        ("Beta $5", NONE, 0.0, 1.0, 0, 4, 0.0, 0.0, 0.5, 1, 2),
    ],
    columns=["name", "agreement", "lower", "upper", "spoke", "of", "trust_agreement",
             "trust_lower", "trust_upper", "trust_spoke", "trust_of"],
)  # fmt: skip


def dots(chart):
    """Where dots stand, by their mark."""
    (axes,) = chart.figure.axes
    lines = [line for line in axes.lines if line.get_marker() in "oD"]
    return [(line.get_marker(), *line.get_xdata()) for line in lines]


@pytest.mark.parametrize("narrow", [False, True])
def test_a_dot_stands_at_each_score_and_none_where_a_body_did_not_speak(narrow):
    chart = brief(SCORES, "A finding", "What is drawn")
    chart = chart.narrow if narrow else chart
    assert dots(chart) == [("o", 0.75), ("D", 0.5), ("D", 0.0)]
    assert chart.figure.get_figwidth() == (NARROW if narrow else WIDTH)
    assert chart.alt == (
        "A finding. What is drawn. Alpha: design 75% (range 25% to 90%, spoke on 3 of 4), claims "
        "and process 50% (range 25% to 75%, spoke on 1 of 2); Beta $5: design did not speak, "
        "claims and process 0% (range 0% to 50%, spoke on 1 of 2)."
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_no_word_leaves_the_picture_or_lies_on_another(narrow):
    names = SCORES.assign(name=["A body with a name so long that nobody would print it whole", "B"])
    chart = brief(names, "A finding", "What is drawn")
    chart = chart.narrow if narrow else chart
    boxes = [text.get_window_extent() for text in chart.figure.axes[0].texts]
    width = chart.figure.get_figwidth() * chart.figure.dpi
    assert all(box.x0 >= 0 and box.x1 <= width for box in boxes)
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


def test_a_study_without_claims_has_one_line_a_body():
    alone = SCORES.assign(trust_of=0, trust_agreement=NONE)
    assert dots(brief(alone, "A finding", "What is drawn")) == [("o", 0.75)]


def test_without_bodies_the_words_say_so():
    assert brief(SCORES.head(0), "Nobody", "None").alt == "Nobody. None. No body is drawn."
