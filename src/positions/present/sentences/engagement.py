"""The published answers to an engagement, in sentences and titles."""

from __future__ import annotations

import pandas as pd

from positions.words import listed, plural


def engagement(answers: pd.DataFrame) -> list[str]:
    """What the published answers say, a sentence."""
    if answers.empty:
        return ["The study holds no answers to an engagement."]
    more = answers[answers["agree"] > answers["disagree"]]
    most = answers[answers["agree"] > 50]
    return [
        f"More agreed than disagreed on {len(more)} of {plural(len(answers), 'question')} "
        f"({listed(more['question_id'].tolist()) or 'none'}).",
        f"A majority of all answers agreed on {len(most)} "
        f"({listed(most['question_id'].tolist()) or 'none'}).",
    ]


def engagement_title(answers: pd.DataFrame) -> str:
    """On how many questions more agreed than disagreed."""
    if answers.empty:
        return "No answers to an engagement"
    more = int((answers["agree"] > answers["disagree"]).sum())
    return f"More agreed than disagreed on {more} of {plural(len(answers), 'question')}"


def engagement_source(answers: pd.DataFrame, sources: pd.DataFrame) -> str:
    """Where the published answers stand, for a subtitle."""
    cited = sources[sources["source_id"].isin(answers["source_id"])]
    said = [
        f"{row['publisher'] or row['title']}, {row['published']}" for _, row in cited.iterrows()
    ]
    where = f" Source: {'; '.join(said)}" if said else ""
    return f"Per cent of responses; number of responses not known.{where}"


def rounding(answers: pd.DataFrame) -> str:
    """Which questions' percentages do not add up to 100, as published."""
    if answers.empty:
        return ""
    total = answers[["agree", "disagree", "neutral"]].sum(axis=1).round(1)
    off = [f"{q} adds up to {t:g}" for q, t in zip(answers["question_id"], total, strict=True)
           if t != 100]  # fmt: skip
    return f"{listed(off)}: rounding in the original." if off else "Each question adds up to 100."
