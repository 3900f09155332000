"""Findings on groups, maps, consensus and relations in words, computed from their tables.

The words follow thresholds that are printed beside them. Titles have at most ten words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from positions.measures import cluster_validation, consensus
from positions.measures.cluster_validation import CHANCE
from positions.measures.distances import TIE
from positions.measures.groups import FEWEST_BODIES, Groups
from positions.words import listed, percent, plural

if TYPE_CHECKING:
    from positions.measures.mds import Map

FITS = (
    (0.05, "shows the distances well"),
    (0.10, "shows the distances fairly"),
    (0.20, "shows the distances roughly"),
    (float("inf"), "shows the distances poorly: read the table of distances instead"),
)
"""The vocabulary of stress: up to each stress-1, the words, after Kruskal (1964)."""
TITLE_WORDS = 10
_NAMED = 6
_JOINING = {"and", "of", "the", "for", "to", "in", "or", "&"}


def named(bodies: pd.DataFrame) -> dict[str, str]:
    """Names of bodies (or models, with their `label` as `name`) by id."""
    return dict(zip(bodies.iloc[:, 0], bodies["name"], strict=True))


def short(name: str, words: int) -> str:
    """A name of at most a few words, for a title.

    >>> short("Local Government Association of England", 4)
    'Local Government Association…'
    """
    parts = name.split()
    kept = parts[:words]
    while len(kept) > 1 and kept[-1].casefold() in _JOINING:
        kept.pop()
    return name if len(parts) <= words else " ".join(kept) + "…"


def title(pattern: str, *names: str) -> str:
    """A title of at most ten words: as much of the names as fits.

    >>> title("{} against {} on 3 propositions", "Keep Our NHS Public", "NHS England")
    'Keep Our NHS Public against NHS England on 3 propositions'
    """
    words = [len(name.split()) for name in names]
    while True:
        found = pattern.format(*map(short, names, words))
        longest = max(range(len(words)), key=words.__getitem__)
        if len(found.split()) <= TITLE_WORDS or words[longest] == 1:
            return found
        words[longest] -= 1


def some(names: Iterable[str], most: int = _NAMED) -> str:
    """Join names as a sentence does; of many, the first and how many others.

    >>> some(["a", "b", "c"], 2)
    'a, b and 1 other'
    """
    known = list(names)
    if len(known) <= most:
        return listed(known)
    return f"{', '.join(known[:most])} and {plural(len(known) - most, 'other')}"


# --- groups --------------------------------------------------------------------------------


def group_headline(found: Groups, names: Mapping[str, str]) -> str:
    """The finding on groups in at most ten words."""
    compared = len(found.members)
    if found.verdict == "too few":
        return f"Too few comparable bodies for groups: {compared}"
    if found.verdict == "none":
        return f"No stable groups among {compared} bodies"
    held = found.groups[found.groups["standing"].isin(["stable", "pattern"])]
    several, alone = held[held["size"] > 1], held.loc[held["size"] == 1, "group"]
    opening = "{} stable group" if found.verdict == "stable" else "A pattern, not firm: {} group"
    count = opening.format(len(several)) + ("" if len(several) == 1 else "s")
    if len(alone) == 1:
        return title(f"{count}; {{}} apart", names[alone.iloc[0]])
    return f"{count}; {len(alone)} bodies each apart" if len(alone) else count


def group_sentences(found: Groups, names: Mapping[str, str]) -> list[str]:
    """The verdict on groups, what it rests on, what ties decide and who was set aside.

    Parameters
    ----------
    found
        What `groups.find` returned.
    names
        Name of each body, by id.
    """
    sentences = [_verdict(found, names)]
    if found.verdict != "too few" and not _all_alike(found):
        sentences += [_sharpness(found), _resampling(found)]
    if found.verdict in ("stable", "pattern"):
        sentences.append(ties(found, names))
    return [sentence for sentence in [*sentences, set_aside(found.aside, names)] if sentence]


def _verdict(found: Groups, names: Mapping[str, str]) -> str:
    compared = len(found.members)
    if found.verdict == "too few":
        return (
            f"Too few bodies: {compared} can be compared with one another, and groups are looked "
            f"for among {FEWEST_BODIES} or more."
        )
    if _all_alike(found):
        return (
            f"No stable groups: the {compared} bodies hold the same positions wherever they can "
            "be compared."
        )
    parts = [_part(row, found, names) for _, row in found.groups.iterrows()]
    if found.verdict == "none":
        return f"No stable groups: the sharpest division of the {compared} bodies does not hold."
    if found.verdict == "stable":
        return f"Stable groups: {'; '.join(parts)}."
    return f"A pattern rather than stable groups: {'; '.join(parts)}."


def _all_alike(found: Groups) -> bool:
    return float(found.distances.to_numpy().max(initial=0.0)) <= TIE


def _part(row: pd.Series, found: Groups, names: Mapping[str, str]) -> str:
    inside = found.members.loc[found.members["candidate"] == row["group"], "body_id"]
    others = [names[body] for body in inside if body != row["group"]]
    who = names[row["group"]] + (f" with {some(others, _NAMED - 1)}" if others else "")
    if row["standing"] == "not stable":
        who = f"not held together: {who}"
    elif row["size"] == 1:
        who = f"{who} apart"
    return f"{who} (Jaccard {below(row['jaccard'])})"


def _sharpness(found: Groups) -> str:
    tried = found.choice.iloc[1:]
    best = tried.loc[tried["silhouette"].idxmax()]
    beats = best["silhouette"] > best["chance"]
    reached, bar = told_apart(best["silhouette"], best["chance"])
    return (
        f"The sharpest division, into {int(best['groups'])}, has a mean silhouette of "
        f"{reached}; with the stances on each proposition permuted, "
        f"{CHANCE:.1%} of tables reach no more than {bar}: it is "
        f"{'' if beats else 'not '}sharper than chance makes it."
    )


def told_apart(one: float, two: float) -> tuple[str, str]:
    """Print two numbers with three decimals, or with as many as it takes to tell them apart.

    >>> told_apart(0.5, 0.25), told_apart(0.50004, 0.5)
    (('0.500', '0.250'), ('0.50004', '0.50000'))
    """
    for decimals in range(3, 10):
        printed = (f"{one + 0.0:.{decimals}f}", f"{two + 0.0:.{decimals}f}")
        if printed[0] != printed[1] or one == two:
            return printed
    return printed


def below(number: float) -> str:
    """Three decimals, cut off: what is below a threshold is never printed as having reached it.

    >>> below(0.7499999), below(0.75)
    ('0.749', '0.750')
    """
    return f"{math.floor(round(number, 9) * 1000 + 1e-6) / 1000:.3f}"


def _resampling(found: Groups) -> str:
    made = plural(found.draws, "resample") + " of the propositions"
    if found.draws < found.rules.draws:
        made += f" (fewer than the {found.rules.draws} asked for: the table is large)"
    return (
        f"How much of each group comes back was measured in {made}: a mean Jaccard from "
        f"{cluster_validation.STABLE:.2f} is called stable, from "
        f"{cluster_validation.PATTERN:.2f} a pattern, and less is not reported as a group."
    )


def ties(found: Groups, names: Mapping[str, str]) -> str:
    """Whether another choice among equal distances would give other groups, and who moves."""
    tied = (
        f"Several pairs were equally near at {plural(found.tied, 'merge')}. " if found.tied else ""
    )
    if found.ties.empty:
        return f"{tied}Not one of {found.orders} other orders of the bodies gives other groups."
    moving = found.ties.sort_values(["moves", "body_id"], ascending=[False, True])
    who = some(f"{names[row.body_id]} ({percent(row.moves)})" for row in moving.itertuples())
    return (
        f"{tied}The groups are not settled by the data alone: with ties broken in "
        f"{found.orders} other orders of the bodies, these would at times be elsewhere: {who}."
    )


_LISTED = 12
"""Bodies set aside that a sentence still names one by one."""


def set_aside(aside: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Who was set aside, and why; `aside` of a `Groups` or a `Map`."""
    if aside.empty:
        return ""
    if len(aside) > _LISTED:
        return (
            f"{plural(len(aside), 'body')} set aside, not filled in: too little was found of them, "
            "or too little in common with the others, to compare; the table says who and why."
        )
    whom = aside.groupby("why", sort=True)[aside.columns[0]].agg(list)
    parts = [f"{some((names[b] for b in ids), 12)} ({why})" for why, ids in whom.items()]
    return f"Set aside, not filled in: {'; '.join(parts)}."


def coder_sentence(groups: pd.DataFrame, names: Mapping[str, str]) -> str:
    """How far the groups depend on who coded; `groups` as `cluster_validation.over` returns it."""
    if groups.empty:
        return "There are no groups to look for with another coder."
    if not int(groups["draws"].max()):
        return "No source was read by several coders: how far groups depend on them is not known."
    times = plural(int(groups["draws"].max()), "time")
    parts = [
        f"{names[row.group]} and those with it {below(row.jaccard)} ({row.standing})"
        for row in groups.itertuples()
        if row.draws
    ]
    return (
        f"With one of its coders drawn for each source, {times}, mean Jaccard of each group: "
        f"{'; '.join(parts)}."
    )


# --- the map -------------------------------------------------------------------------------


def map_headline(placed: Map, names: Mapping[str, str]) -> str:
    """Who is furthest apart on the map, in at most ten words."""
    points = placed.points[placed.points["kind"] == "body"]
    if len(points) < 2:
        return f"Too few comparable bodies for a map: {len(points)}"
    flat = points[["x", "y"]].to_numpy()
    apart = np.round(np.hypot(*(flat[:, None] - flat[None]).transpose(2, 0, 1)), 6)
    if apart.max() == 0:
        return f"All {len(points)} bodies stand at one place"
    first, second = divmod(int(apart.argmax()), len(points))
    pair = (points["id"].iloc[first], points["id"].iloc[second])
    return title("{} and {} furthest apart", names[pair[0]], names[pair[1]])


def fit_words(stress: float) -> str:
    """The published words for a map's stress."""
    return next(words for most, words in FITS if round(stress, 9) <= most)


def _above(number: float) -> str:
    """Three decimals, rounded up: what is above a threshold is never printed as below it."""
    return f"{math.ceil(round(number, 9) * 1000 - 1e-6) / 1000:.3f}"


def map_sentences(placed: Map, names: Mapping[str, str]) -> list[str]:
    """How faithful the map is, how firm its places, who is drawn hollow, who is not on it.

    Parameters
    ----------
    placed
        What `mds.place` returned.
    names
        Name of each body and model, by id.
    """
    # Imported here: drawing maps takes scikit-learn, and words on groups need no map.
    from positions.measures.mds import HOLLOW_BELOW, SPREAD

    if len(placed.points) < 3:
        few = "Too few bodies and models can be compared for a map."
        return [part for part in (few, set_aside(placed.aside, names)) if part]
    fit = f"The map {fit_words(placed.stress)} (stress-1 {_above(placed.stress)})."
    circles = (
        f"A circle holds {SPREAD:.0%} of the places a point takes in {placed.draws} redraws of "
        "the propositions."
        if placed.draws
        else "How firm the places are was not measured: the table is too large."
    )
    hollow = placed.points.loc[placed.points["hollow"], "id"]
    guess = (
        f"Hollow, for they share fewer than {HOLLOW_BELOW} propositions with half of the others, "
        f"and their place is mostly a guess: {some(names[body] for body in hollow)}."
        if len(hollow)
        else ""
    )
    return [part for part in (fit, circles, guess, set_aside(placed.aside, names)) if part]


# --- consensus and divisive ----------------------------------------------------------------


def consensus_headline(found: pd.DataFrame) -> str:
    """On how many propositions bodies agree and divide, in at most ten words."""
    spoken = found[found["word"] != "too few spoke"]
    if spoken.empty:
        return "Too few bodies spoke on any proposition"
    agree = int(spoken["word"].str.startswith("consensus").sum())
    divide = int((spoken["word"] == "divisive").sum())
    return f"Consensus on {agree} of {plural(len(spoken), 'proposition')}, division on {divide}"


def consensus_sentences(found: pd.DataFrame, floor: int = consensus.FLOOR) -> list[str]:
    """Which propositions unite and which divide those who spoke, each with its base."""
    sentences = []
    for word, opening in (
        ("consensus for", "Consensus for"),
        ("consensus against", "Consensus against"),
        ("divisive", "Divisive"),
    ):
        rows = found[found["word"] == word]
        rows = rows.sort_values("apart", ascending=word != "divisive", kind="stable")
        if len(rows):
            said = "; ".join(
                f"“{row.label}” ({row.supports} for, {row.opposes} against, {row.spoke} spoke)"
                for row in rows.itertuples()
            )
            sentences.append(f"{opening}: {said}.")
    few = int((found["word"] == "too few spoke").sum())
    if few:
        sentences.append(
            f"On {plural(few, 'proposition')} fewer than {floor} bodies spoke: nothing is said of "
            f"{'it' if few == 1 else 'them'}."
        )
    return sentences


# --- relations -----------------------------------------------------------------------------


def relations_headline(pairs: pd.DataFrame, names: Mapping[str, str]) -> str:
    """The sharpest conflict in at most ten words."""
    if pairs.empty:
        return "No two bodies spoke on one proposition"
    worst = pairs.sort_values(["disagree", "first", "second"], ascending=[False, True, True])
    row = worst.iloc[0]
    if row["disagree"] == 0:
        return "No two bodies take opposite sides"
    points = plural(int(row["disagree"]), "proposition")
    return title(f"{{}} against {{}} on {points}", names[row["first"]], names[row["second"]])


def relations_sentences(pairs: pd.DataFrame, names: Mapping[str, str], most: int = 3) -> list[str]:
    """The pairs most in conflict and most congruent, each with its base."""
    sentences = []
    for column, opening in (("disagree", "Most in conflict"), ("agree", "Most congruent")):
        rows = pairs[pairs[column] > 0].sort_values(
            [column, "first", "second"], ascending=[False, True, True]
        )
        if len(rows):
            said = "; ".join(
                f"{names[row['first']]} and {names[row['second']]} ({row[column]} of the "
                f"{row['both_spoke']} on which both spoke)"
                for row in rows.head(most).to_dict("records")
            )
            sentences.append(f"{opening}: {said}.")
    return sentences or ["No two bodies take a side on one proposition."]
