"""The index: the answer in words, a chart and a table, and in how many analyses claims hold."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd

from positions import (
    addresses,
    agreement,
    analysis,
    dossier,
    figures,
    layout,
    pages,
    present,
    robustwording,
    sheets,
    wording,
)
from positions.study import Study


def content(
    study: Study, found: analysis.Scored, model_id: str, of: dossier.Dossier, as_of: str | None
) -> dict[str, Any]:
    """What the index shows, but for where the notebooks examine its claims.

    Parameters
    ----------
    study, found
        The study, and what it comes to.
    model_id
        The reference model.
    of
        All there is to each body: the index leads to it.
    as_of
        The date that sources were counted up to; None is no limit.
    """
    label = str(study.models.set_index("model_id").loc[model_id, "label"])
    scores = found.scores[found.scores["model_id"] == model_id]
    drawn = layout.on_a_page(scores, study.featured)
    chart = figures.agreement(
        drawn,
        wording.headline(scores, study.featured),
        wording.subtitle(scores, label, as_of),
    )
    return dict(
        model=label,
        answer=wording.answer(scores, agreement.overlapping(scores), study.featured),
        figure=pages.picture(chart),
        first=[_row(row, of) for row in _named(scores, study.featured)],
        rows=[_row(row, of) for _, row in layout.in_order(scores).iterrows()],
        vocabulary=wording.vocabulary(),
        coder_effect=wording.coder_effect(scores),
        claims=claims(study, found.sources, model_id),
        claims_vocabulary=robustwording.vocabulary(),
        ranked_from=agreement.RANKED_FROM,
    )


def claims(study: Study, sources: pd.DataFrame, model_id: str) -> list[dict[str, str]]:
    """Each claim of the study on scores, and in how many single departures it holds."""
    asked = study.claims[study.claims["kind"] != "same-group"]
    if asked.empty:
        return []
    counts = robustwording.degrees(analysis.tally(study, sources, model_id, asked))
    return [
        {
            "wording": row["wording"],
            "claim_id": row["claim_id"],
            "holds": f"{row['words']} ({row['holds']} of {row['holds'] + row['fails']} analyses "
            f"that can judge it, of {row['of']})",
        }
        for _, row in counts.iterrows()
    ]


def _named(scores: pd.DataFrame, featured: Collection[str]) -> list[pd.Series]:
    """The featured bodies' rows, where there are so many bodies that they might be lost."""
    if len(scores) <= layout.MANY:
        return []
    return [row for _, row in scores[scores["body_id"].isin(list(featured))].iterrows()]


def _row(row: pd.Series, of: dossier.Dossier) -> dict[str, object]:
    body_id = row["body_id"]
    return {
        "file": addresses.page_of("body", body_id),
        "name": row["name"],
        "agreement": present.percent(row["agreement"]),
        "coders": sheets.between(row["coder_lower"], row["coder_upper"]),
        "lower": present.percent(row["lower"]),
        "upper": present.percent(row["upper"]),
        "spoke": row["spoke"],
        "of": row["of"],
        "own": of.own.get(body_id, 0),
        "predates": f"{of.early.get(body_id, 0)} of {row['spoke']}" if of.proposed else "no date",
        "standing": row["standing"],
        "seen": of.bodies[body_id]["seen"],
    }
