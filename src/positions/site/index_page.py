"""The first page: what is proposed, who supports what, where trouble lies, how sure; then the way.

About three hundred words and one figure, to be forwarded as it is. Everything else a report says
stands on the pages that it leads to.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from positions.auditing.audit import Audit
from positions.measures.analysis import Analysis
from positions.present import brief
from positions.present.charts.brief import brief as drawn
from positions.present.sentences import above_half
from positions.site import links, pages
from positions.study.schema import DESIGN
from positions.words import percent, plural

FILE, TITLE = "index.html", "The answer"
BESIDE = ["agreement", "lower", "upper", "spoke", "of"]


def content(audited: Audit) -> dict[str, Any]:
    """Return what the first page shows."""
    found = audited.analysis
    shown = featured(found)
    return dict(
        proposed=brief.proposed(found),
        support=brief.support(found),
        figure=_figure(found, shown),
        bodies=[_row(row) for _, row in shown.iterrows()],
        beside=bool(shown["trust_of"].gt(0).any()),
        together=[sentence for sentence in brief.together(found) if sentence],
        points=[_point(row) for _, row in brief.trouble(found).iterrows()],
        asked=brief.asked(found),
        sure=[sentence for sentence in brief.sure(audited) if sentence],
    )


def featured(found: Analysis) -> pd.DataFrame:
    """Return the featured bodies' scores with those for claims and process, headed `trust_`."""
    trust = found.trust[found.trust["model_id"] == found.model].set_index("body_id")[BESIDE]
    shown = found.featured.join(trust.add_prefix("trust_"), on="body_id")
    counts = ["trust_spoke", "trust_of"]
    return shown.assign(**{name: shown[name].fillna(0).astype("int64") for name in counts})


def _figure(found: Analysis, shown: pd.DataFrame) -> dict[str, str]:
    """Draw the featured bodies, for a page and for a telephone; nothing where none has a score."""
    if shown[["agreement", "trust_agreement"]].isna().all(axis=None):
        return {}
    over = above_half(shown)
    title = f"{over} of {plural(len(shown), 'body')} shown {'agrees' if over == 1 else 'agree'} " \
            "with more than half of the design"  # fmt: skip
    subtitle = "Dot: agreement. Line: how far it could move if the body spoke on every point."
    return pages.picture(drawn(shown, title, subtitle))


def _row(row: pd.Series) -> dict[str, object]:
    return {
        "file": links.page_of("body", row["body_id"]),
        "name": row["name"],
        "agreement": _score(row["agreement"], row["spoke"], row["of"]),
        "trust": _score(row["trust_agreement"], row["trust_spoke"], row["trust_of"]),
    }


def _score(share: float, spoke: int, of: int) -> str:
    """Print a score with its base."""
    return f"{percent(share)} ({spoke} of {of})"


def _point(row: pd.Series) -> dict[str, object]:
    return {
        "file": links.page_of("proposition", row["proposition_id"]),
        "label": row["label"],
        "kind": "design" if row["kind"] == DESIGN else row["kind"],
        "reference": "yes" if row["reference"] > 0 else "no",
        "against": row["against"],
        "with_it": row["with_it"],
    }
