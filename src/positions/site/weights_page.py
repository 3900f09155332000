"""The one page with a script: weights moved by hand, and scores and order that follow.

Its single script is named by its SHA-256 in the page's policy; nothing else may run, and nothing
is asked for. Without script the page shows the table at the study's own weights.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from typing import Any

from markupsafe import Markup

from positions.measures.analysis import Analysis
from positions.measures.stances import BASES
from positions.site import links, pages
from positions.study.schema import CLAIM, DESIGN, PROCESS
from positions.words import percent

FILE, LABEL, TITLE = "weights.html", "Weights", "Move the weights yourself"
KINDS = (DESIGN, CLAIM, PROCESS)
MOST = 5
"""The heaviest that a slider makes a point, or the study's own heaviest where that is more."""


def page(site: pages.Site, found: Analysis) -> str:
    """Return the page.

    Parameters
    ----------
    site
        What every page says of the site.
    found
        The study, with what counts in it.
    """
    script = pages.text_of("weights.js")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return pages.render("weights.html.j2", site, FILE, TITLE, script=Markup(script),
                        script_hash=f"sha256-{digest}", **content(found))  # fmt: skip


def content(found: Analysis) -> dict[str, Any]:
    """Return what the page shows, and what its script reckons with."""
    given, shown = study(found), found.without_proposers(found.ranking)
    return {
        "data": json.dumps(given, ensure_ascii=True, separators=(",", ":")),
        "given": given,
        "model": found.label,
        "rows": [
            {
                "file": links.page_of("body", row["body_id"]),
                "name": row["name"],
                "agreement": percent(row["agreement"]),
                "range": f"{percent(row['lower'])} to {percent(row['upper'])}",
                "base": f"{row['spoke']} of {row['of']}",
                "rank": str(place) if row["standing"] == "ranked" else "-",
            }
            for place, (_, row) in enumerate(shown.iterrows(), 1)
        ],
        "classes": [(key, key.replace("_", ", ")) for key in given["positions"]],
    }


def study(found: Analysis) -> dict[str, Any]:
    """Return the model, the weights and the positions, with every choice of evidence.

    The bodies are those of the ranking, without proposers of the model. A point's own weight
    counts in full in the design; claims and process weigh nothing until they are moved.
    """
    held = found.study.model_positions
    mine = held.loc[held["model_id"] == found.model, ["proposition_id", "position"]]
    points = found.study.propositions.merge(mine, on="proposition_id")
    points = points[points["kind"].isin(KINDS)]
    points = points.sort_values("kind", key=lambda kinds: kinds.map(KINDS.index), kind="stable")
    used = [kind for kind in KINDS if (points["kind"] == kind).any()]
    at = {key: place for place, key in enumerate(points["proposition_id"])}
    shown = found.without_proposers(found.ranking)
    of = {key: place for place, key in enumerate(shown["body_id"])}
    own = [base for base in BASES if base in found.counting.evidence]
    return {
        "bodies": shown["name"].tolist(),
        "least": found.ranked_from,
        "most": max(MOST, float(points["weight"].max()) if len(points) else 0),
        "kinds": [{"name": kind, "weight": int(kind == DESIGN)} for kind in used],
        "points": [
            {"label": row["label"], "kind": used.index(row["kind"]), "weight": row["weight"],
             "reference": row["position"]}
            for row in points.to_dict("records")
        ],
        "evidence": "_".join(own),
        "positions": {
            "_".join(classes): [
                (of[row["body_id"]], at[row["proposition_id"]], row["position"])
                for row in found.narrowed(evidence=classes).positions.to_dict("records")
                if row["body_id"] in of and row["proposition_id"] in at
            ]
            for number in range(len(own), 0, -1)
            for classes in itertools.combinations(own, number)
        },
    }  # fmt: skip
