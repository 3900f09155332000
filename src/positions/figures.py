"""Figures: a table in, a titled chart with its alternative text out. Computes nothing.

Colours are those of the Government Analysis Function; no red against green, no colour alone:
stances print their sign, silence is hatched, every score carries its base.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Rectangle

from positions.canvas import (
    BLUE,
    GREY,
    LILAC,
    ORANGE,
    PALE,
    PLUM,
    SCALE_COLOURS,
    SILENT_HATCH,
    TEAL,
    UNSEEN_HATCH,
    WIDTH,
    axes_in,
    blank,
    ends_inside,
    fit,
    plain,
    printed,
    share_axis,
    stance_legend,
    wrapped,
)
from positions.layout import STANDINGS, marks, unseen
from positions.present import MISSING, Chart, percent

# --- agreement -----------------------------------------------------------------------------


def agreement(scores: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw each body's agreement as a bar with its bounds and its base.

    Parameters
    ----------
    scores
        One row per body, in the order drawn: `name`, `agreement`, `lower`, `upper`, `spoke`,
        `of`, `standing`; and, where there are several coders, `coder_lower`, `coder_upper`.
        Bodies that are not ranked are drawn pale, apart.
    title, subtitle
        The finding; the measure, its base and date.
    """
    drawn = pd.concat([scores[scores["standing"] == s] for s in STANDINGS])
    figure = blank(0.4 * len(drawn) + 0.6, title, subtitle)
    axes = axes_in(figure, 0.285, 0.80)
    plain(axes)
    share_axis(axes)
    places = _apart(drawn["standing"].tolist())
    for place, (_, row) in zip(places, drawn.iterrows(), strict=True):
        colour = BLUE if row["standing"] == "ranked" else PALE
        axes.plot([row["lower"], row["upper"]], [place + 0.31] * 2, color=GREY, linewidth=1.3,
                  marker="|", markersize=6, zorder=3, clip_on=False)  # fmt: skip
        if row.get("coder_upper", 0) > row.get("coder_lower", 0):
            axes.plot([row["coder_lower"], row["coder_upper"]], [place - 0.06] * 2, color=ORANGE,
                      linewidth=3, zorder=3, solid_capstyle="butt")  # fmt: skip
        if not pd.isna(row["agreement"]):
            axes.barh(place - 0.06, row["agreement"], height=0.5, color=colour, zorder=2)
            axes.plot([row["agreement"]], [place - 0.06], marker="o", markersize=7, zorder=4,
                      markerfacecolor=colour, markeredgecolor="white", clip_on=False)  # fmt: skip
        axes.annotate(
            f"{percent(row['agreement'])}, spoke on {row['spoke']} of {row['of']}",
            (1.02, place), xycoords=("axes fraction", "data"), va="center", fontsize=9.5,
            annotation_clip=False,
        )  # fmt: skip
    axes.set_yticks(places, [wrapped(name, 34) for name in drawn["name"]])
    fit(axes.get_yticklabels(), 0.285 * WIDTH - 0.2, 0.37)
    axes.set_ylim(max(places, default=0) + 0.6, -0.6)
    axes.set_xlabel("agreement; thin line: from every silent point at its worst to its best; "
                  "orange: had another coder read",
                    fontsize=9, color=GREY)  # fmt: skip
    return Chart(figure, title, _agreement_alt(drawn, title))


def _apart(standings: Sequence[str]) -> list[float]:
    """Vertical places, with a gap where the standing changes."""
    places, at = [], 0.0
    for i, standing in enumerate(standings):
        if i and standing != standings[i - 1]:
            at += 0.45
        places.append(at)
        at += 1
    return places


def _agreement_alt(drawn: pd.DataFrame, title: str) -> str:
    bars = "; ".join(
        f"{row['name']} {percent(row['agreement'])} (bounds {percent(row['lower'])} to "
        f"{percent(row['upper'])}, spoke on {row['spoke']} of {row['of']}"
        + ("" if row["standing"] == "ranked" else f", {row['standing']}")
        + ")"
        for _, row in drawn.iterrows()
    )
    return f"{title}. Bar chart of agreement with bounds: {bars or 'no body'}."


def models(
    scores: pd.DataFrame, labels: Sequence[tuple[str, str]], title: str, subtitle: str
) -> Chart:
    """Draw each body's agreement with several models side by side, one panel a model.

    Parameters
    ----------
    scores
        One row per model and body: `model_id`, `body_id`, `name`, `agreement`, `lower`,
        `upper`, `spoke`, `of`, `standing`. Bodies are drawn in the order of the first model.
    labels
        Pairs of model_id and label, in the order drawn.
    """
    first = scores[scores["model_id"] == labels[0][0]]
    bodies = first[["body_id", "name"]]
    figure = blank(0.4 * len(bodies) + 0.95, title, subtitle)
    left, right = 0.22, 0.985
    step = (right - left) / len(labels)
    for number, (model_id, label) in enumerate(labels):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.025, 0.45, 1.2)
        plain(axes)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 0.5, 1], ["0%", "50%", "100%"], fontsize=8.5)
        ends_inside(axes)
        axes.grid(axis="x", color="#E0E0E0", linewidth=0.8)
        fit([axes.set_title(wrapped(label, 24), fontsize=10, loc="left")],
             step * WIDTH - 0.1, 0.34)  # fmt: skip
        rows = scores[scores["model_id"] == model_id].set_index("body_id")
        for place, body_id in enumerate(bodies["body_id"]):
            if body_id in rows.index:  # a model that takes no position has no scores
                _dot(axes, place, rows.loc[body_id])
        names = [wrapped(name, 26) for name in bodies["name"]] if number == 0 else []
        axes.set_yticks(range(len(bodies)) if number == 0 else [], names)
        fit(axes.get_yticklabels(), left * WIDTH - 0.1, 0.37)
        axes.set_ylim(len(bodies) - 0.4, -0.6)
    panels = "; ".join(
        f"{label}: "
        + ", ".join(
            f"{row['name']} {percent(row['agreement'])} ({row['spoke']} of {row['of']})"
            for _, row in scores[scores["model_id"] == model_id].iterrows()
        )
        for model_id, label in labels
    )
    return Chart(figure, title, f"{title}. Dot chart, one panel a model. {panels}.")


def _dot(axes: Axes, place: float, row: pd.Series) -> None:
    """One score with its bounds; hollow where the body is not ranked."""
    axes.plot([row["lower"], row["upper"]], [place, place], color=PALE, linewidth=3, zorder=2)
    if pd.isna(row["agreement"]):
        axes.text(0.5, place, MISSING, ha="center", va="center", fontsize=9)
        return
    solid = row["standing"] == "ranked"
    axes.plot([row["agreement"]], [place], marker="o", markersize=7, zorder=3, color=BLUE,
              clip_on=False, markerfacecolor=BLUE if solid else "white")  # fmt: skip
    base = f"{row['spoke']}/{row['of']}"
    low = row["agreement"] < 0.5
    axes.annotate(base, (row["agreement"], place), xytext=(7 if low else -7, 7),
                  textcoords="offset points", ha="left" if low else "right", fontsize=7.5,
                  color=GREY, va="center")  # fmt: skip


# --- the matrix ----------------------------------------------------------------------------


def matrix(
    positions: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw where each body stands on each proposition; signs printed, silence hatched.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, in the order of the columns; and `seen`, where texts were not all read
        whole: their empty cells are dotted, not hatched.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    """
    import seaborn as sns

    shown = marks(positions)
    at = positions.assign(shown=pd.Series(shown, index=positions.index, dtype="str"))
    at = at.set_index(["proposition_id", "body_id"])
    rows, columns = propositions["proposition_id"], bodies["body_id"]
    values = at["position"].unstack("body_id").reindex(index=rows, columns=columns)
    printed_marks = at["shown"].unstack("body_id").reindex(index=rows, columns=columns)
    figure = blank(0.31 * len(propositions) + 1.35, title, subtitle)
    axes = axes_in(figure, 0.255, 0.99, 0.62)
    norm = BoundaryNorm([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], 5)
    not_seen = set(unseen(bodies))
    for row, column in np.argwhere(values.isna().to_numpy()):
        hatch = UNSEEN_HATCH if values.columns[column] in not_seen else SILENT_HATCH
        axes.add_patch(Rectangle((column, row), 1, 1, facecolor="white", edgecolor=PALE,
                                 hatch=hatch, linewidth=0))  # fmt: skip
    if values.size:
        sns.heatmap(
            values, ax=axes, cmap=ListedColormap(SCALE_COLOURS), norm=norm, vmin=-2.5,
            vmax=2.5, cbar=False, linewidths=1, linecolor="white", fmt="",
            annot=printed_marks.astype("object").fillna(""), annot_kws={"fontsize": 8.5},
        )  # fmt: skip
    axes.xaxis.tick_top()
    room = (0.99 - 0.255) * WIDTH / max(len(bodies), 1)
    upright = room < 0.7
    axes.set_xticks(
        np.arange(len(bodies)) + 0.5,
        [wrapped(n, 18 if upright else 14) for n in bodies["name"]],
        rotation=90 if upright else 0, fontsize=8 if upright else 7, va="bottom",
    )  # fmt: skip
    axes.set_yticks(
        np.arange(len(propositions)) + 0.5, [wrapped(n, 36) for n in propositions["label"]],
        rotation=0, fontsize=9,
    )  # fmt: skip
    axes.tick_params(length=0)
    fit(axes.get_xticklabels(), room - 0.03, 1.0)
    fit(axes.get_yticklabels(), 0.255 * WIDTH - 0.15, 0.29)
    axes.set_xlabel("")
    axes.set_ylabel("")
    box = axes.get_position()
    top = 1.35 / figure.get_figheight()
    axes.set_position((box.x0, box.y0, box.width, box.height - top + 0.45 / figure.get_figheight()))
    stance_legend(figure, bool(not_seen))
    spoken = int(values.notna().to_numpy().sum())
    spoke = values.notna().sum()
    each = "; ".join(
        f"{name} spoke on {spoke[key]} of {len(rows)}"
        for key, name in zip(columns, bodies["name"], strict=True)
    )
    alt = (
        f"{title}. Matrix of {len(propositions)} propositions by {len(bodies)} bodies: "
        f"{spoken} cells hold a position from -2 to +2, {values.size - spoken} are silent "
        f"(hatched). {each or 'No body is drawn'}. The table below gives every cell."
    )
    return Chart(figure, title, alt)


# --- contributions -------------------------------------------------------------------------


def contributions(
    points: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
    title: str,
    subtitle: str,
) -> Chart:
    """Draw what each proposition gives a body's score, to the right, and costs it, to the left.

    Parameters
    ----------
    points
        One row per body and proposition, for one model: `gives`, `costs`.
    bodies
        `body_id`, `name`: one panel each, in order.
    propositions
        `proposition_id`, `label`, in the order of the rows.
    """
    points = points[points["body_id"].isin(bodies["body_id"])]
    reach = max(points["gives"].max(), points["costs"].max(), 0.01) * 1.08 if len(points) else 1
    left, right = 0.29, 0.995
    step = (right - left) / max(len(bodies), 1)
    room = step * WIDTH - 0.12
    figure = blank(0.29 * len(propositions) + 1.15, title, subtitle)
    for number, (_, body) in enumerate(bodies.iterrows()):
        axes = axes_in(figure, left + number * step, left + (number + 1) * step - 0.015, 0.4, 1.2)
        plain(axes)
        name = wrapped(body["name"], 18 if room > 0.9 else 12)
        fit([axes.set_title(name, fontsize=9, loc="left")], room, 0.34)
        mine = points[points["body_id"] == body["body_id"]].set_index("proposition_id")
        mine = mine.reindex(propositions["proposition_id"])
        for place, (gives, costs) in enumerate(zip(mine["gives"], mine["costs"], strict=True)):
            if pd.isna(gives):
                axes.text(0, place, MISSING, ha="center", va="center", fontsize=7, color=GREY)
            else:
                axes.barh(place, gives, height=0.62, color=BLUE)
                axes.barh(place, -costs, height=0.62, color=ORANGE, hatch="///",
                          edgecolor="white", linewidth=0)  # fmt: skip
        axes.axvline(0, color=GREY, linewidth=0.8)
        axes.set_xlim(-reach, reach)
        middle = "0" if room > 0.7 else ""
        axes.set_xticks([-reach / 1.08, 0, reach / 1.08],
                        [f"-{reach / 1.08:.0%}", middle, f"+{reach / 1.08:.0%}"],
                        fontsize=7.5)  # fmt: skip
        ends_inside(axes)
        fit(axes.get_xticklabels(), 0.42 * room)
        labels = [wrapped(n, 36) for n in propositions["label"]] if number == 0 else []
        axes.set_yticks(range(len(propositions)) if number == 0 else [], labels)
        fit(axes.get_yticklabels(), left * WIDTH - 0.15, 0.27)
        axes.set_ylim(len(propositions) - 0.4, -0.6)
    each = "; ".join(
        f"{name} gains {percent(mine['gives'].sum())} and loses {percent(mine['costs'].sum())}, "
        f"spoke on {len(mine)} of {len(propositions)}"
        for key, name in zip(bodies["body_id"], bodies["name"], strict=True)
        if len(mine := points[points["body_id"] == key])
    )
    alt = (
        f"{title}. Bars to the right: what a proposition gives the score; hatched bars to the "
        f"left: what it costs. {MISSING}: did not speak. {each or 'No body is drawn'}. The table "
        "below gives every bar."
    )
    return Chart(figure, title, alt)


def evidence(scores: pd.DataFrame, classes: Sequence[str], title: str, subtitle: str) -> Chart:
    """Draw each body's agreement under several classes of evidence, one row a body and class.

    Parameters
    ----------
    scores
        One row per body and class: `body_id`, `name`, `evidence`, `agreement`, `lower`,
        `upper`, `spoke`, `of`, `standing`.
    classes
        The classes, in the order drawn.
    """
    names = dict(zip(scores["body_id"], scores["name"], strict=True))
    markers = ["o", "s", "D", "^", "v", "P"]
    colours = [BLUE, TEAL, PLUM, ORANGE, GREY, LILAC]
    rows = len(names) * (len(classes) + 0.7)
    figure = blank(0.235 * rows + 0.5, title, subtitle)
    axes = axes_in(figure, 0.27, 0.66)
    plain(axes)
    share_axis(axes)
    axes.set_xlim(-0.02, 1.02)
    ticks = []
    for number, body_id in enumerate(names):
        top = number * (len(classes) + 0.7)
        ticks.append(top + (len(classes) - 1) / 2)
        for offset, kind in enumerate(classes):
            row = scores[(scores["body_id"] == body_id) & (scores["evidence"] == kind)].iloc[0]
            place = top + offset
            axes.plot([row["lower"], row["upper"]], [place] * 2, color=PALE, linewidth=3, zorder=2)
            if not pd.isna(row["agreement"]):
                axes.plot([row["agreement"]], [place], marker=markers[offset], markersize=7,
                          color=colours[offset], zorder=3)  # fmt: skip
            axes.annotate(
                f"{printed(kind)}: {percent(row['agreement'])}, {row['spoke']} of {row['of']}",
                (1.03, place), xycoords=("axes fraction", "data"), va="center", fontsize=8.5,
                annotation_clip=False,
            )  # fmt: skip
    axes.set_yticks(ticks, [wrapped(name, 32) for name in names.values()])
    fit(axes.get_yticklabels(), 0.27 * WIDTH - 0.2, 0.235 * len(classes))
    axes.set_ylim(rows - 0.9, -0.8)
    said = "; ".join(
        f"{row['name']}, {row['evidence']}: {percent(row['agreement'])} "
        f"({row['spoke']} of {row['of']})"
        for _, row in scores.iterrows()
    )
    return Chart(figure, title, f"{title}. Dot chart with bounds. {said or 'No body is drawn'}.")


# --- the engagement ------------------------------------------------------------------------


def engagement(answers: pd.DataFrame, title: str, subtitle: str) -> Chart:
    """Draw published answers as diverging bars: disagree left, agree right, neutral apart.

    Parameters
    ----------
    answers
        One row per question: `question_id`, `question`, `agree`, `disagree`, `neutral` (%).
    """
    figure = blank(0.62 * len(answers) + 0.5, title, subtitle)
    axes = axes_in(figure, 0.36, 0.76, 0.3, 1.15)
    side = axes_in(figure, 0.785, 0.985, 0.3, 1.15)  # half as wide: a per cent is as long in both
    for panel in (axes, side):
        plain(panel)
        panel.set_ylim(len(answers) - 0.4, -0.6)
    for place, (_, row) in enumerate(answers.iterrows()):
        axes.barh(place, -row["disagree"], color=ORANGE, height=0.55, hatch="///",
                  edgecolor="white", linewidth=0)  # fmt: skip
        axes.barh(place, row["agree"], color=BLUE, height=0.55)
        side.barh(place, row["neutral"], color=PALE, height=0.55)
        axes.text(-1, place, f"{row['disagree']:g}%", ha="right", va="center", fontsize=9.5,
                  color="black",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        axes.text(1, place, f"{row['agree']:g}%", ha="left", va="center", fontsize=9.5,
                  color="black",
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
        side.text(row["neutral"] + 1, place, f"{row['neutral']:g}%", va="center", fontsize=9.5)
    axes.axvline(0, color=GREY, linewidth=0.8)
    reach = 1.25 * max(50.0, *answers[["agree", "disagree", "neutral"]].max())
    axes.set_xlim(-reach, reach)
    axes.set_xticks([])
    side.set_xlim(0, reach)
    side.set_xticks([])
    axes.set_yticks(
        range(len(answers)),
        [wrapped(f"{r['question_id']}: {r['question']}", 44) for _, r in answers.iterrows()],
    )
    fit(axes.get_yticklabels(), 0.36 * WIDTH - 0.2, 0.58)
    side.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    side.spines["bottom"].set_visible(False)
    axes.set_title("disagree  |  agree", fontsize=9.5, loc="center")
    side.set_title("neutral", fontsize=9.5, loc="left")
    said = "; ".join(
        f"{r['question_id']} agree {r['agree']:g}%, disagree {r['disagree']:g}%, neutral "
        f"{r['neutral']:g}%"
        for _, r in answers.iterrows()
    )
    return Chart(figure, title, f"{title}. Diverging bar chart: {said or 'no question'}.")
