"""What was said, in whose words, and how well its readers agree: in sentences and titles."""

from __future__ import annotations

import pandas as pd

from positions.measures.stances import as_of_day
from positions.words import listed, percent, plural

NAMED = 50
"""Bodies a sentence may name one by one."""


def evidence(
    positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame
) -> list[str]:
    """How much was said at all, by whom, and in whose words."""
    reported = int((positions["basis"] == "reported").sum())
    implied = int((positions["basis"] == "implied").sum())
    cells = len(bodies) * len(propositions)
    silent = sorted(set(bodies["body_id"]) - set(positions["body_id"]))
    names = bodies.set_index("body_id")["name"]
    return [
        f"{plural(positions['body_id'].nunique(), 'body')} took a position on "
        f"{positions['proposition_id'].nunique()} of {len(propositions)} propositions: "
        f"{len(positions)} positions in {cells} cells; nothing was found for the other "
        f"{cells - len(positions)}.",
        f"{len(positions) - reported - implied} rest on what a body stated in terms, {implied} on "
        f"what follows from its words, {reported} on what others report of it.",
        f"Nothing counts here of {listed([names[key] for key in silent])}." if silent else "",
    ]


def spoken_title(positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame) -> str:
    """How many of all cells hold a position."""
    return f"Bodies spoke on {len(positions)} of {len(bodies) * len(propositions)} points"


def until(sources: pd.DataFrame, as_of: str | None) -> str:
    """The span of the sources, for a subtitle."""
    if (day := as_of_day(as_of)) is not None:
        sources = sources[sources["latest"] <= day]
    if sources.empty:
        return f"No source is surely of {as_of} or earlier" if as_of else "No sources"
    first, last = sources["earliest"].min().date(), sources["latest"].max().date()
    return (
        f"Position of each body on each proposition; {plural(len(sources), 'source')} from "
        f"{first} to {as_of or last}"
    )


def own_words(counts: pd.DataFrame) -> str:
    """Who speaks in their own words throughout, and who only as others report them.

    More than `NAMED` of them are counted, not named.

    Parameters
    ----------
    counts
        One row per body: `name`, `reported`, `spoke`.
    """
    own = counts.loc[counts["reported"] == 0, "name"].tolist()
    told = counts.loc[counts["reported"] == counts["spoke"], "name"].tolist()
    parts = []
    for what, names in (
        ("In their own words throughout", own),
        ("Only as others report them", told),
    ):
        if len(names) > NAMED:
            parts.append(f"{what}: {len(names)} of {plural(len(counts), 'body')}.")
        elif names:
            parts.append(f"{what}: {listed(names)}.")
    return " ".join(parts)


def not_seen(bodies: pd.DataFrame) -> str:
    """Of how many bodies only the beginning of a text was seen; empty when of none."""
    part = int((bodies["seen"] != "whole").sum())
    if not part:
        return ""
    return (
        f"Of {part} of {plural(len(bodies), 'body')} only the beginning of a document, or a phrase "
        "of it, was seen: where nothing was found, that is not silence, and is marked [u]."
    )


def set_aside(sources: pd.DataFrame, kept: pd.DataFrame) -> str:
    """Which sources are left out because they repeat another's wording; empty when none is."""
    out = sources[~sources["source_id"].isin(kept["source_id"])]
    if out.empty:
        return ""
    return (
        f"{plural(len(out), 'source')} set aside because it repeats another's wording: "
        if len(out) == 1
        else f"{plural(len(out), 'source')} set aside because they repeat another's wording: "
    ) + f"{listed(out['source_id'].tolist())}."


def reliability(overall: pd.DataFrame, coders: int) -> list[str]:
    """How far the coders agree, in sentences.

    Parameters
    ----------
    overall
        The one row of `reliability.summary` over all cells.
    coders
        How many coders read.
    """
    row = overall.iloc[0]
    if coders < 2 or not row["cells"]:
        return ["One coder read: how reliable the codes are cannot be told."]
    first = (
        f"{plural(coders, 'coder')}; of {plural(row['cells'], 'cell')} that any of them coded, all "
        f"coded {row['both']} ({percent(row['presence'])}), and {row['same']} of these alike "
        f"({percent(row['agreement'])})."
    )
    if pd.isna(row["alpha"]):
        return [first, f"Krippendorff's alpha is not given: {row['remark']}."]
    return [
        first,
        f"Krippendorff's alpha (ordinal) is {row['alpha']:.2f}; 95% interval over cells "
        f"{row['lower']:.2f} to {row['upper']:.2f}.",
    ]


def evidence_title(scores: pd.DataFrame) -> str:
    """By how much the choice of evidence moves a ranked body's score, at most."""
    spread = scores.groupby("body_id")["agreement"].agg(lambda a: a.max() - a.min())
    if spread.dropna().empty:
        return "No body has a score under any evidence"
    return f"Choice of evidence moves a score by {100 * spread.max():.0f} points at most"


def evidence_changes(scores: pd.DataFrame) -> list[str]:
    """Who can no longer be ranked under a narrower class of evidence, a sentence each class."""
    said = []
    for kind, rows in scores.groupby("evidence", sort=True):
        lost = rows.loc[rows["standing"] != "ranked", "name"].tolist()
        if lost:
            said.append(f"With “{kind}” too little is left to rank {listed(lost)}.")
    return said
