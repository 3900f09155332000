"""Findings in words: sentences and headline titles computed from the tables they speak of.

The words follow thresholds that are printed beside them, so that a sentence can never say more
than its table.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from positions.measures.agreement import RANKED_FROM
from positions.present.tables import MANY, ranked, spotlight
from positions.words import degree, degrees, listed, percent, plural

vocabulary = degrees
LONGEST_TITLE = 10
"""Words a headline may have."""


def headline(scores: pd.DataFrame, featured: Sequence[str] = ()) -> str:
    """The finding in at most ten words: who is nearest to the model and who furthest.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model, with `name`.
    featured
        Of many bodies, those that the headline compares; all ranked ones otherwise.
    """
    found = ranked(scores)
    chosen = found[found["body_id"].isin(list(featured))]
    if len(scores) > MANY and len(chosen) > 1:
        title = f"Featured: {_nearest_and_furthest(chosen)}"
        long = len(title.split()) > LONGEST_TITLE
        return f"Featured: {_nearest_and_furthest(chosen, 3)}" if long else title
    return _nearest_and_furthest(found)


def _nearest_and_furthest(found: pd.DataFrame, words: int = 4) -> str:
    if found.empty:
        return "No body can be ranked"
    scored = found["agreement"].round(9)
    best, worst = found[scored == scored.max()], found[scored == scored.min()]
    if len(found) == 1:
        return f"{_short(best, words)}: {percent(scored.max())} agreement"
    if scored.max() == scored.min():
        return f"All {len(found)} ranked bodies agree equally, {percent(scored.max())}"
    return f"{_short(best, words)} nearest, {_short(worst, words)} furthest"


def _short(bodies: pd.DataFrame, words: int = 4) -> str:
    """The name of a body in at most a few words, for a title; of several, how many they are."""
    if len(bodies) > 1:
        return f"{len(bodies)} bodies tied"
    parts = bodies["name"].iloc[0].split()
    return " ".join(parts[:words]) + ("…" if len(parts) > words else "")


def answer(scores: pd.DataFrame, overlaps: pd.DataFrame, featured: Sequence[str] = ()) -> list[str]:
    """The first sentences of a report: who agrees how far, on what base, and how settled.

    Parameters
    ----------
    scores
        Rows of `agreement` for one model, with `name`.
    overlaps
        One row per ranked body, as `overlapping` returns it.
    featured
        The bodies to speak of one by one where there are many; all ranked ones otherwise.
    """
    found = ranked(scores)
    if found.empty:
        return [
            f"No body is ranked: that takes {RANKED_FROM} propositions spoken on, by one that "
            "neither proposed the model nor legislates for it.",
            _apart(scores),
        ]
    named = spotlight(scores, featured) if len(scores) > MANY else found
    said = [
        f"{row['name']} {degree(row['agreement'])}: {percent(row['agreement'])}, "
        f"spoke on {row['spoke']} of {row['of']}, from {percent(row['lower'])} to "
        f"{percent(row['upper'])} if the silent points spoke."
        for _, row in named.iterrows()
    ]
    return [*said, _field(scores, found, named), settled(overlaps), _apart(scores)]


def _field(scores: pd.DataFrame, found: pd.DataFrame, named: pd.DataFrame) -> str:
    """How the whole field lies, where only some of it was spoken of."""
    if len(named) >= len(found):
        return ""
    more = int((found["agreement"].round(9) > 0.5).sum())
    return (
        f"{len(found)} of {plural(len(scores), 'body')} spoke on enough to be ranked; {more} of "
        f"them agree by more than half, {len(found) - more} do not. The median is "
        f"{percent(found['agreement'].median())}."
    )


def settled(overlaps: pd.DataFrame) -> str:
    """Whether any rank would stand if the silent points spoke."""
    if len(overlaps) < 2:
        return ""
    loose = int((overlaps["overlaps"] > 0).sum())
    if loose == len(overlaps):
        return (
            f"No rank is settled: the bounds of each of the {plural(loose, 'ranked body')} "
            "overlap with another's."
        )
    if loose == 0:
        return "Every rank is settled: no two bounds overlap."
    return (
        f"{plural(len(overlaps) - loose, 'rank')} of {len(overlaps)} "
        f"{'is' if len(overlaps) - loose == 1 else 'are'} settled; the bounds of the others "
        "overlap."
    )


def _apart(scores: pd.DataFrame) -> str:
    """Who is shown apart, and why."""
    few = scores.loc[scores["standing"] == "too few", "name"].tolist()
    proposers = scores.loc[scores["standing"] == "calibration", "name"].tolist()
    parts = []
    if proposers:
        parts.append(
            f"{listed(proposers)} proposed the model or "
            f"{'legislates for it and is' if len(proposers) == 1 else 'legislate for it and are'} "
            "shown apart, as calibration."
        )
    if len(few) > MANY:
        parts.append(
            f"{len(few)} bodies spoke on fewer than {RANKED_FROM} propositions; they are listed "
            "in the table and not ranked."
        )
    elif few:
        parts.append(
            f"Not ranked, with fewer than {RANKED_FROM} propositions spoken on: {listed(few)}."
        )
    return " ".join(parts)


def subtitle(scores: pd.DataFrame, model: str, as_of: str | None) -> str:
    """The measure, its base and its date, for below a headline."""
    found = ranked(scores)
    until = f", sources to {as_of}" if as_of else ""
    return (
        f"Agreement with “{model}”{until}; {len(found)} of {plural(len(scores), 'body')} ranked. "
        f"{settled_briefly(found)}"
    ).strip()


def settled_briefly(found: pd.DataFrame) -> str:
    """Whether the order of the ranked bodies could change, in a few words."""
    bounds = found.sort_values("lower")
    apart = bounds["lower"].iloc[1:].to_numpy() > bounds["upper"].cummax().iloc[:-1].to_numpy()
    if len(found) < 2:
        return ""
    return "No bounds overlap." if apart.all() else "Bounds overlap: the order is not settled."


def one_body(score: pd.Series, model: str) -> list[str]:
    """What the score of one body says, with its base, its bounds and its words."""
    if not score["spoke"]:
        return [f"It spoke on none of the {score['of']} propositions of “{model}”: no score."]
    if pd.isna(score["agreement"]):
        return [f"It spoke only on propositions of “{model}” that have no weight: no score."]
    said = (
        f"Agreement with “{model}”: {percent(score['agreement'])}, over the {score['spoke']} of "
        f"{score['of']} propositions it spoke on; from {percent(score['lower'])} to "
        f"{percent(score['upper'])} if the silent points spoke."
    )
    standing = {
        "ranked": f"In words: it {degree(score['agreement'])}.",
        "too few": f"That is fewer than {RANKED_FROM} propositions, so it is not ranked.",
        "calibration": "It proposed the model or legislates for it, and is shown apart.",
    }
    return [said, standing[score["standing"]]]


def unresolved(resolved: pd.DataFrame) -> str:
    """How many cells the coders disagree on and nobody decided; empty when there are none."""
    open_cells = int((resolved["status"] == "unresolved").sum())
    if not open_cells:
        return ""
    return (
        f"Provisional: on {plural(open_cells, 'cell')} of {len(resolved)} the coders disagree and "
        "nothing was decided. These cells are set aside, and no number here counts them."
    )


def coder_effect(scores: pd.DataFrame) -> str:
    """Whose score would move if another coder had read, and by how much at most.

    Parameters
    ----------
    scores
        One row per body: `name`, `coder_lower`, `coder_upper`.
    """
    known = scores.dropna(subset=["coder_lower"])
    width = (known["coder_upper"] - known["coder_lower"]).round(9)
    moved = known[width > 0]
    if known.empty:
        return "No score rests on texts that two coders read: what another would find is not known."
    if moved.empty:
        return (
            f"No score of the {plural(len(known), 'body')} with one depends on which coder read: "
            "on the cells that make it up they gave the same codes."
        )
    most = moved.loc[width[moved.index].idxmax()]
    return (
        f"The scores of {len(moved)} of {plural(len(known), 'body')} depend on which coder read; "
        f"most of all {most['name']}, from {percent(most['coder_lower'])} to "
        f"{percent(most['coder_upper'])}."
    )
