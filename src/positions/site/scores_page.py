"""Every body's score: in words, a chart and a table, and in how many analyses claims hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from positions.auditing import sentences as of_checks
from positions.auditing.audit import Audit
from positions.measures.blanks import ABOUT
from positions.present import sentences
from positions.present.charts import agreement as agreement_charts
from positions.present.charts.agreement import MANY
from positions.present.vocabulary import vocabulary
from positions.robustness.analysis import test_claims
from positions.site import links, pages, profile_pages, profiles
from positions.words import BLANKS, degrees, percent

FILE, TITLE = "scores.html", "How far does each body agree?"


def content(audited: Audit, of: profiles.Dossier) -> dict[str, Any]:
    """Return what the page shows, but for where the notebooks examine its claims.

    Parameters
    ----------
    audited
        What the study comes to, and what people checked of it.
    of
        All there is to each body: the page leads to it.
    """
    found = audited.analysis
    ranking, featured = found.ranking, found.study.featured
    words = sentences.headline(ranking), sentences.subtitle(found), featured
    return dict(
        model=found.label,
        answer=sentences.answer(found),
        figure=pages.picture(agreement_charts.agreement(ranking, *words)),
        first=[_row(row, of) for _, row in _named(ranking, featured).iterrows()],
        rows=[_row(row, of) for _, row in ranking.iterrows()],
        vocabulary=degrees(),
        coder_effect=sentences.coder_effect(ranking),
        claims=claims(audited),
        checked=f"{of_checks.checked(audited)} {of_checks.certified(audited)}".strip(),
        claims_vocabulary=vocabulary("claims"),
        ranked_from=found.ranked_from,
        blanks=[{"mark": mark, "name": n, "about": ABOUT[n]} for n, mark in BLANKS.items()],
    )


def claims(audited: Audit) -> list[dict[str, str]]:
    """Each claim on scores: in how many single departures it holds, and if checks certify it."""
    found = audited.analysis
    made = found.study.claims
    asked = made[made["kind"] != "same-group"]
    if asked.empty:
        return []
    counts, certified = test_claims(found, asked), of_checks.claims(audited)
    return [
        {
            "wording": row["wording"],
            "claim_id": row["claim_id"],
            "holds": f"{row['words']} ({row['holds']} of {row['holds'] + row['fails']} analyses "
            f"that can judge it, of {row['of']}); {certified[row['claim_id']]}",
        }
        for _, row in counts.iterrows()
    ]


def _named(ranking: pd.DataFrame, featured: Collection[str]) -> pd.DataFrame:
    """Return the featured bodies' rows, where bodies are so many that they might be lost."""
    return ranking[ranking["body_id"].isin(list(featured)) & (len(ranking) > MANY)]


def _row(row: pd.Series, of: profiles.Dossier) -> dict[str, object]:
    body_id = row["body_id"]
    return {
        "file": links.page_of("body", body_id),
        "name": row["name"],
        "agreement": percent(row["agreement"]),
        "coders": profile_pages.between(row["coder_lower"], row["coder_upper"]),
        "lower": percent(row["lower"]),
        "upper": percent(row["upper"]),
        "spoke": row["spoke"],
        "of": row["of"],
        "own": of.own.get(body_id, 0),
        "predates": f"{of.early.get(body_id, 0)} of {row['spoke']}" if of.proposed else "no date",
        "beside": _beside(of.trust.get(body_id)),
        "standing": row["standing"],
        "seen": of.bodies[body_id]["seen"],
    }


def _beside(trust: profiles.Row | None) -> str:
    """Agreement with claims and process, with its base."""
    if trust is None or not trust["of"]:
        return "none asked"
    return f"{percent(trust['agreement'])} ({trust['spoke']} of {trust['of']})"
