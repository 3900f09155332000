"""Robustness in words: a printed vocabulary, a sentence for each claim, and headline titles."""

from __future__ import annotations

import pandas as pd

from positions.words import listed, percent, plural

NAMES = {
    "spacing": "spacing of the scale",
    "weights": "weights",
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
SHOWN = 3
"""Levels of one choice that a sentence names before it counts the rest."""
PAIRS, FURTHEST = 20, 5
"""Pairs of neighbours that are named one by one; how many are named where there are more."""


def degree(counts: pd.Series) -> str:
    """The published words for how far a claim holds; they follow `vocabulary`.

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


def degrees(tally: pd.DataFrame) -> pd.DataFrame:
    """`claims.tally` with the words for each claim beside it: `words`."""
    return tally.assign(words=[degree(row) for _, row in tally.iterrows()])


def vocabulary() -> str:
    """The thresholds behind the words, as a sentence."""
    return (
        "Words used, of the analyses in which a claim can be judged: “holds throughout” all; "
        "“depends on …” where every single departure that breaks it is of that one choice; "
        f"“holds in most” from {DEGREES[0][0]:.0%}; “holds in more than half” above "
        f"{DEGREES[1][0]:.0%}; “does not hold in most” up to that; “holds nowhere” none; “seldom "
        f"judged” where fewer than {SELDOM:.0%} of the analyses can judge it"
    )


def claim(counts: pd.Series, kind: str = "single departure") -> str:
    """In how many analyses a claim holds, a sentence.

    Parameters
    ----------
    counts
        One row of `claims.tally`.
    kind
        What the analyses are, in the singular.
    """
    if not counts["of"]:
        return f"“{counts['wording']}” is not evaluated here."
    apart = f", cannot be judged in {counts['not_judged']}" if counts["not_judged"] else ""
    return (
        f"“{counts['wording']}” holds in {counts['holds']} of {plural(counts['of'], kind)}, fails "
        f"in {counts['fails']}{apart}: {degree(counts)}."
    )


def departure(choice: str, levels: list[str]) -> str:
    """A choice with some of its levels.

    >>> departure("silence", ["worst", "best"])
    'silence (worst, best)'
    """
    more = f" and {len(levels) - SHOWN} more" if len(levels) > SHOWN else ""
    return f"{NAMES[choice]} ({', '.join(levels[:SHOWN])}{more})"


def breaks(claim_id: str, breaking: pd.DataFrame, variants: pd.DataFrame) -> str:
    """What breaks a claim, a sentence.

    Parameters
    ----------
    claim_id
        Which claim.
    breaking
        As `claims.breaking` returns it, over all single departures and pairs.
    variants
        The variants it was found among, with a column per choice.
    """
    mine = breaking.loc[breaking["claim_id"] == claim_id, ["variant_id", "departures"]]
    known = variants[variants["variant_id"].isin(mine["variant_id"])]
    mine = mine.merge(known, on=["variant_id", "departures"])
    if mine.empty:
        return "Nothing that was tried breaks it."
    fewest = int(mine["departures"].iloc[0])
    if fewest == 0:
        return "It fails in the default analysis."
    if fewest == 1:
        levels: dict[str, list[str]] = {}
        for _, row in mine.iterrows():
            levels.setdefault(row["changed"], []).append(row[row["changed"]])
        named = "; ".join(departure(choice, of) for choice, of in levels.items())
        return f"What breaks it: {named}."
    first = mine.iloc[0]
    named = listed([departure(choice, [first[choice]]) for choice in first["changed"].split(", ")])
    more = f", or {plural(len(mine) - 1, 'other way')}" if len(mine) > 1 else ""
    return f"Fewer than {fewest} departures at once do not break it: {named}{more}."


def claims(tally: pd.DataFrame, breaking: pd.DataFrame, variants: pd.DataFrame) -> list[str]:
    """Each claim in words: in how many single departures it holds, and what breaks it.

    Parameters
    ----------
    tally
        As `claims.tally` returns it, over the single departures.
    breaking, variants
        As for `breaks`.
    """
    said = []
    for _, row in tally.iterrows():
        judged = row["holds"] + row["fails"] > 0
        why = breaks(row["claim_id"], breaking, variants) if judged else ""
        said.append(f"{claim(row)} {why}".strip())
    return said or ["The study makes no claim on scores."]


def claims_title(tally: pd.DataFrame) -> str:
    """How many of the claims hold wherever they can be judged."""
    if tally.empty:
        return "The study makes no claim on scores"
    judged = tally[tally["holds"] + tally["fails"] > 0]
    if judged.empty:
        return "No claim can be judged"
    throughout = int((judged["fails"] == 0).sum())
    verb = "holds" if throughout == 1 else "hold"
    return f"{throughout} of {plural(len(judged), 'claim')} {verb} wherever judged"


def curve_title(rows: pd.DataFrame, name: str) -> str:
    """Between what ends one body's score moves, in at most ten words."""
    short = " ".join(name.split()[:4]) or "No body"
    if rows.empty:
        return f"{short} is ranked in {'no' if name else 'any'} analysis"
    low, high = percent(rows["agreement"].min()), percent(rows["agreement"].max())
    return f"{short}: {low} to {high}"


def spread_title(spread: pd.DataFrame) -> str:
    """By how much the choices move a score, at most."""
    if spread.empty:
        return "No body is ranked in any analysis"
    widest = (spread["high"] - spread["low"]).max()
    return f"Single choices move a score by up to {100 * widest:.0f} points"


def importance_title(importance: pd.DataFrame) -> str:
    """Which choice moves most bodies' scores most, in at most ten words."""
    known = importance.dropna(subset=["share"])
    if known.empty:
        return "No choice moves a score"
    most = known.loc[known.groupby("body_id")["share"].idxmax(), "choice"]
    count = most.value_counts()
    choice = min(count.index[count == count.max()])
    bodies = known["body_id"].nunique()
    named = {"as_of": "The date", "coder": "The coder", "metric": "The measure"}
    named |= {"drop": "What is dropped", "spacing": "Spacing"}
    subject = named.get(choice, NAMES[choice].capitalize())
    verb = "move" if choice == "weights" else "moves"
    return f"{subject} {verb} {count[choice]} of {plural(bodies, 'score')} most"


def importance_note(importance: pd.DataFrame) -> str:
    """How to read the shares, and how much of them chance alone would make.

    Parameters
    ----------
    importance
        As `sensitivity.importance` returns it.
    """
    said = (
        "Share of the variance of a body's score over the sampled combinations that one choice "
        "explains by itself. What choices do together is in none of them: they need not add up "
        "to 100%"
    )
    if importance.empty:
        return said
    most = importance.loc[importance["by_chance"].idxmax()]
    return (
        f"{said}. By chance alone a choice explains some, most where it has many levels: up to "
        f"{percent(most['by_chance'])} for {NAMES[most['choice']]}"
    )


def turns(turning: pd.DataFrame, names: pd.Series) -> list[str]:
    """How many codes stand between neighbours in the ranking, a sentence each.

    Of more than `PAIRS` pairs only those are named that the most codes keep apart; how many one
    code would turn is counted.

    Parameters
    ----------
    turning
        As `sensitivity.turning` returns it.
    names
        Names by body_id.
    """
    said = []
    if len(turning) > PAIRS:
        further = turning[turning["cells"] > 1].sort_values("cells", ascending=False, kind="stable")
        said.append(
            f"{len(turning) - len(further)} of {len(turning)} pairs of neighbours would change "
            f"places if one code was another{'; furthest apart:' if len(further) else '.'}"
        )
        turning = further.head(FURTHEST)
    for _, row in turning.iterrows():
        one, other = names[row["body_id"]], names[row["other_id"]]
        said.append(
            f"{other} would be ahead of {one} if {row['cells']} of their {row['of']} codes "
            f"{'was' if row['cells'] == 1 else 'were'} another."
        )
    return said
