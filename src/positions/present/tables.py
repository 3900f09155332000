"""Tidy tables laid out as people read them: in order, wide, with the basis beside the number."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

MANY = 14
"""From more bodies than this, tables and figures turn or show a choice of them."""
STANDINGS = ("ranked", "calibration", "too few")


def ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of one model's scores that are ranked, most agreeing first."""
    return scores[scores["standing"] == "ranked"]


def in_order(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of one model's scores: the ranked first, then who is shown apart."""
    return pd.concat([scores[scores["standing"] == standing] for standing in STANDINGS])


def models_in_order(models: pd.DataFrame, reference: str) -> list[tuple[str, str]]:
    """Pairs of model_id and label: the reference model first, the others by id."""
    labels = models.sort_values("model_id").set_index("model_id")["label"]
    first = [(reference, labels[reference])]
    return first + [(key, label) for key, label in labels.items() if key != reference]


def spotlight(scores: pd.DataFrame, featured: Sequence[str] = (), most: int = 6) -> pd.DataFrame:
    """The rows of one model's scores to look at closely.

    The study's featured bodies that have a score; where it features none, the ranked bodies, and
    of many the first and the last of them.
    """
    if len(featured):
        return scores[scores["body_id"].isin(list(featured)) & (scores["spoke"] > 0)]
    found = ranked(scores)
    if len(found) <= most:
        return found
    return pd.concat([found.head(most - most // 2), found.tail(most // 2)])


def close(scores: pd.DataFrame, featured: Sequence[str] = ()) -> pd.DataFrame:
    """All bodies of few; of many the featured ones, or who stands in their place."""
    return scores if len(scores) <= MANY else spotlight(scores, featured)


def foreground(scores: pd.DataFrame, featured: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of one model's scores to draw: all of few; of many, who is not ranked stays out.

    Featured bodies and who is shown as calibration stay in.
    """
    if len(scores) <= MANY:
        return scores
    return scores[(scores["standing"] != "too few") | scores["body_id"].isin(list(featured))]
