"""What choices are called, and the words for how far a claim holds, with their thresholds."""

from __future__ import annotations

import pandas as pd

NAMES = {
    "spacing": "spacing of the scale",
    "weights": "weights",
    "kinds": "kinds that count",
    "silence": "silence",
    "evidence": "evidence",
    "as_of": "date",
    "coder": "coder",
    "metric": "measure",
    "normalisation": "normalisation",
    "drop": "what is left out",
}
"""What each choice is called."""
DEGREES = ((0.90, "holds in most"), (0.50, "holds in more than half"))
SELDOM = 0.5


def degree(counts: pd.Series) -> str:
    """Say how far a claim holds, in the words that `vocabulary` explains.

    Parameters
    ----------
    counts
        One row of `claims.tally`.
    """
    if not counts["of"]:
        return "not evaluated here"
    judged = counts["holds"] + counts["fails"]
    if not judged:
        return "cannot be judged"
    if counts.get("default") == "not judged":
        return "cannot be judged by default"
    if judged < SELDOM * counts["of"]:
        return "seldom judged"
    if not counts["fails"]:
        return "holds throughout"
    if counts["depends_on"]:
        return f"depends on {NAMES[counts['depends_on']]}"
    if not counts["holds"]:
        return "holds nowhere"
    share = round(counts["holds"] / judged, 9)
    if share >= DEGREES[0][0]:
        return DEGREES[0][1]
    return DEGREES[1][1] if share > DEGREES[1][0] else "does not hold in most"


def vocabulary() -> str:
    """Explain the words for how far a claim holds."""
    return (
        "Words used: “cannot be judged by default” where too little is addressed; of the analyses "
        "in which a claim can be judged: “holds throughout” all; "
        "“depends on …” where every single departure that breaks it is of that one choice; "
        f"“holds in most” from {DEGREES[0][0]:.0%}; “holds in more than half” above "
        f"{DEGREES[1][0]:.0%}; “does not hold in most” up to that; “holds nowhere” none; “seldom "
        f"judged” where fewer than {SELDOM:.0%} of the analyses can judge it"
    )
