"""The figure of the published answers to an engagement."""

from __future__ import annotations

import pandas as pd

from positions.present.charts.style import (
    BLUE,
    GREY,
    ORANGE,
    PALE,
    WIDTH,
    axes_in,
    bars,
    blank,
    label_rows,
    margins,
    plain,
    row_height,
    twice,
)
from positions.present.display import Chart


@twice
def engagement(answers: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw published answers as diverging bars: disagree left, agree right, neutral apart.

    Parameters
    ----------
    answers
        One row per question: `question_id`, `question`, `agree`, `disagree`, `neutral` (%).
    title, subtitle
        The finding; who was asked, and when.

    References
    ----------
    Heiberger and Robbins (2014), "Design of diverging stacked bar charts for Likert scales and
    other applications", Journal of Statistical Software 57(5).

    Examples
    --------
    >>> answers = pd.DataFrame({"question_id": ["Q1"], "question": ["Lower fares?"],
    ...                         "agree": [60.5], "disagree": [30.0], "neutral": [9.5]})
    >>> engagement(answers, "Most want lower fares", "200 answers").alt
    'Most want lower fares. Diverging bar chart: Q1 agree 60.5%, disagree 30%, neutral 9.5%.'
    """
    figure = blank(row_height(0.62, 2) * len(answers) + 0.5, title, subtitle)
    left, right = margins(0.36, 0.985)
    step = (right - left - 0.025) / 3
    axes = axes_in(figure, left, left + 2 * step, 0.3, 1.15)
    # Half as wide: a per cent is as long in both.
    side = axes_in(figure, right - step, right, 0.3, 1.15)
    for panel in (axes, side):
        plain(panel, bottom=False)
        panel.set_ylim(len(answers) - 0.4, -0.6)
        panel.set_xticks([])
        panel.set_yticks([])
    places = range(len(answers))
    bars(axes, places, -answers["disagree"], 0.55, facecolor=ORANGE, hatch="///",
         edgecolor="white", linewidth=0)  # fmt: skip
    bars(axes, places, answers["agree"], 0.55, facecolor=BLUE)
    bars(side, places, answers["neutral"], 0.55, facecolor=PALE)
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for place, row in enumerate(answers.to_dict("records")):
        axes.text(-1, place, f"{row['disagree']:g}%", ha="right", va="center", fontsize=9.5,
                  color="black", bbox=behind)  # fmt: skip
        axes.text(1, place, f"{row['agree']:g}%", ha="left", va="center", fontsize=9.5,
                  color="black", bbox=behind)  # fmt: skip
        side.text(row["neutral"] + 1, place, f"{row['neutral']:g}%", va="center", fontsize=9.5)
    axes.axvline(0, color=GREY, linewidth=0.8)
    reach = 1.25 * max(50.0, *answers[["agree", "disagree", "neutral"]].max())
    axes.set_xlim(-reach, reach)
    side.set_xlim(0, reach)
    asked = answers["question_id"] + ": " + answers["question"]
    label_rows(axes, places, asked, room=0.36 * WIDTH - 0.2, high=0.58, wrap=44, lines=2)
    axes.set_title("disagree  |  agree", fontsize=9.5, loc="center")
    side.set_title("neutral", fontsize=9.5, loc="left")
    said = "; ".join(
        f"{r['question_id']} agree {r['agree']:g}%, disagree {r['disagree']:g}%, neutral "
        f"{r['neutral']:g}%"
        for _, r in answers.iterrows()
    )
    return Chart(figure, title, f"{title}. Diverging bar chart: {said or 'no question'}.")
