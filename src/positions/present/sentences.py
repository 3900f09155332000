"""How far bodies agree with the reference model, in the sentences of the index and of the sheets.

The words follow thresholds that are printed beside them, so that a sentence can never say more
than its table.
"""

from __future__ import annotations

import pandas as pd

from positions.measures.analysis import Analysis
from positions.words import degree, listed, percent, plural, some

NAMED = 14
"""How many bodies without a rank a sentence may name one by one."""


def headline(scores: pd.DataFrame) -> str:
    """Say how many of the ranked bodies agree by more than half.

    Parameters
    ----------
    scores
        One row per body: `agreement`, `standing`.
    """
    ranked = scores[scores["standing"] == "ranked"]
    return f"Agreement above half: {above_half(ranked)} of {plural(len(ranked), 'ranked body')}"


def above_half(ranked: pd.DataFrame) -> int:
    """Count the ranked bodies that agree by more than half."""
    return int((ranked["agreement"].round(9) > 0.5).sum())


def subtitle(found: Analysis) -> str:
    """Say what the scores measure, their date, and how many ranks are settled."""
    until = f", sources up to {found.counting.as_of}" if found.counting.as_of else ""
    return f"Agreement with the design of “{found.label}”{until}. {settled(found.ranked)}".strip()


def settled(ranked: pd.DataFrame) -> str:
    """Say how many ranks would stand whatever bodies think of points they did not address.

    Parameters
    ----------
    ranked
        The ranked rows of `Analysis.ranking`.
    """
    alone = int((ranked["overlaps"] == 0).sum())
    if len(ranked) < 2:
        return ""
    if alone == len(ranked):
        return "Every rank is settled: no bounds overlap."
    return f"Settled: {alone} of {len(ranked)} ranks. The bounds of the others overlap."


def answer(found: Analysis) -> list[str]:
    """Say who agrees how far, on what base, and how settled that is; some may be empty."""
    ranked = found.ranked
    trust = found.trust[found.trust["model_id"] == found.model].set_index("body_id")
    each = [_finding(row, trust) for _, row in found.featured.iterrows()]
    if ranked.empty:
        return [
            f"No body is ranked: that takes {found.ranked_from} propositions spoken on, by one "
            "that neither proposed the model nor legislates for it.",
            *each,
            _apart(found),
        ]
    more = above_half(ranked)
    field = (
        f"{len(ranked)} of {plural(len(found.ranking), 'body')} spoke on {found.ranked_from} "
        "propositions or more and are ranked; "
        f"{more} of them agree by more than half, {len(ranked) - more} do not. The median is "
        f"{percent(ranked['agreement'].median())}."
    )
    return [*each, field, settled(ranked), _apart(found)]


def _finding(row: pd.Series, trust: pd.DataFrame) -> str:
    """Say how far one body agrees, on what base, and how far with claims and process."""
    mine = trust.loc[row["body_id"]] if row["body_id"] in trust.index else None
    unranked = " It is not ranked." if row["standing"] == "too few" else ""
    return (
        f"{row['name']} {degree(row['agreement'])}: {percent(row['agreement'])}, spoke on "
        f"{row['spoke']} of {row['of']}; {_bounds(row)}.{unranked} {beside(mine)}"
    ).strip()


def _bounds(row: pd.Series) -> str:
    return (
        f"{percent(row['lower'])} to {percent(row['upper'])} if unaddressed points were all "
        "against / for"
    )


def _apart(found: Analysis) -> str:
    """Say who is shown apart or not ranked, and why."""
    ranking = found.ranking
    few = ranking.loc[ranking["standing"] == "too few", "name"].tolist()
    proposers = ranking.loc[ranking["standing"] == "calibration", "name"].tolist()
    said = []
    if proposers:
        one = len(proposers) == 1
        said.append(
            f"{listed(proposers)} proposed the model or "
            f"{'legislates for it and is' if one else 'legislate for it and are'} shown apart, as "
            "calibration."
        )
    if few:
        said.append(
            f"A score without a rank, on fewer than {found.ranked_from} propositions: "
            f"{some(few, NAMED)}."
        )
    return " ".join(said)


def one_body(score: pd.Series, model: str) -> list[str]:
    """Say what the score of one body is, with its base, its bounds and its words."""
    if not score["spoke"]:
        return [
            f"It spoke on none of the {score['of']} points of the design of “{model}”: no score."
        ]
    if pd.isna(score["agreement"]):
        return [f"It spoke only on points of the design of “{model}” without weight: no score."]
    said = (
        f"Agreement with the design of “{model}”: {percent(score['agreement'])}, over the "
        f"{score['spoke']} of {score['of']} propositions it spoke on; {_bounds(score)}."
    )
    standing = {
        "ranked": f"In words: it {degree(score['agreement'])}.",
        "too few": "That is too small a base for a rank.",
        "calibration": "It proposed the model or legislates for it, and is shown apart.",
    }
    return [said, standing[score["standing"]]]


def beside(trust: pd.Series | None) -> str:
    """Say how far one body agrees with the claims and the process; empty if a study has none.

    Parameters
    ----------
    trust
        Its row of `Analysis.trust` against one model; None where that model has neither.
    """
    if trust is None or not trust["of"]:
        return ""
    if not trust["spoke"]:
        return f"Beside it, claims and process: it spoke on none of {plural(trust['of'], 'point')}."
    return (
        f"Beside it, claims and process: {percent(trust['agreement'])}, spoke on "
        f"{trust['spoke']} of {trust['of']}."
    )


def coder_effect(scores: pd.DataFrame) -> str:
    """Say how many scores differ between the readers, and which range is the widest.

    Parameters
    ----------
    scores
        One row per body: `name`, `coder_lower`, `coder_upper`.
    """
    known = scores.dropna(subset=["coder_lower"])
    width = (known["coder_upper"] - known["coder_lower"]).round(9)
    if known.empty:
        return "No score rests on texts that two coders read."
    if not width.max() > 0:
        return f"None of the {plural(len(known), 'score')} on texts read twice has such a range."
    widest = known.loc[width.idxmax()]
    return (
        f"{(width > 0).sum()} of the {plural(len(known), 'score')} on texts read twice have such "
        f"a range; the widest is that of {widest['name']}, {percent(widest['coder_lower'])} to "
        f"{percent(widest['coder_upper'])}."
    )
