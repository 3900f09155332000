"""Figures of robustness say in words what they draw, also of empty tables."""

import pandas as pd
import pytest

from positions.present.charts import robustness as charts

CHOICES = pd.DataFrame(
    [
        ("silence", "left out"),
        ("silence", "worst"),
        ("drop", "nothing"),
        ("drop", "body a"),
        ("drop", "body b"),
    ],
    columns=["choice", "level"],
)
CURVE = pd.DataFrame(
    [
        ("silence=worst", 0.25, "worst", "nothing"),
        ("default", 0.5, "left out", "nothing"),
        ("drop=body b", 0.75, "left out", "body"),
    ],
    columns=["variant_id", "agreement", "silence", "drop"],
)
TALLY = pd.DataFrame(
    [("A is closest", 2, 1, 1, 4), ("A and B are in one group", 0, 0, 0, 0)],
    columns=["wording", "holds", "not_judged", "fails", "of"],
)
SPREAD = pd.DataFrame(
    [("a", "Ann", 0.5, 0.25, 0.75, 3)],
    columns=["body_id", "name", "default", "low", "high", "analyses"],
)
SCORES = CURVE[["agreement"]].assign(body_id="a", standing="ranked")
SHARES = pd.DataFrame(
    [("a", "Ann", "silence", 0.75), ("a", "Ann", "drop", None)],
    columns=["body_id", "name", "choice", "share"],
)


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        (charts.curve(CURVE, CHOICES, "T", "S"), "3 analyses, from 25% to 75%, lowest first"),
        (charts.curve(CURVE, CHOICES, "T", "S"), "marks for the level of every choice (4 rows)"),
        (charts.curve(CURVE[:0], CHOICES, "T", "S"), "Specification curve: no analysis"),
        (charts.claims(TALLY, "T", "S"), "“A is closest” holds 2, not judged 1, fails 1"),
        (charts.claims(TALLY, "T", "S"), "“A and B are in one group” [x] not evaluated here"),
        (charts.claims(TALLY[:0], "T", "S"), "Stacked bars: no claim."),
        (charts.spread(SPREAD, SCORES, "T", "S"), "Ann 50%; 25% to 75% in 3 analyses"),
        (charts.spread(SPREAD[:0], SCORES, "T", "S"), "default first: no body."),
        (charts.importance(SHARES, "T", "S"), "Ann silence 75%, what is left out [x]"),
        (charts.importance(SHARES[:0], "T", "S"), "shares of variance: no score."),
    ],
)
def test_a_figure_is_drawn_and_told(chart, said):
    assert chart.alt.startswith("T. ")
    assert said in chart.alt
    assert chart.png(dpi=40).startswith(b"\x89PNG")
