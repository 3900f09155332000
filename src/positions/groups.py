"""Who stands with whom: groups that are stable, or a sentence that there are none.

Average linkage on distances that respect silence. The number of groups may be one: a division
must be sharper than chance makes it, and must come back when other propositions are drawn.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from positions import stability
from positions.chance import best_by_chance, threshold
from positions.distances import (
    DECIMALS,
    LEAST_ADDRESSED,
    LEAST_OVERLAP,
    Comparable,
    Floats,
    Ints,
    between,
    comparable,
)
from positions.partitions import (
    alternatives,
    cut,
    silhouettes,
    tied_merges,
    tree,
)

FEWEST_BODIES = 5
"""Bodies below which no groups are looked for."""
MOST_GROUPS = 10


@dataclasses.dataclass(frozen=True)
class Rules:
    """How bodies are compared and grouped; every number here is printed with the result.

    `overlap` and `addressed` are the least propositions a pair must share and a body must have
    addressed; `method` one of `partitions.METHODS`; `draws` how many permutations and how many
    resamples (fewer for large tables, and said); `seed` of PCG64.
    """

    overlap: int = LEAST_OVERLAP
    addressed: int = LEAST_ADDRESSED
    method: str = "average"
    draws: int = 999
    seed: int = 1


DEFAULT = Rules()


@dataclasses.dataclass(frozen=True)
class Groups:
    """What was found, with all that its verdict rests on.

    Attributes
    ----------
    verdict
        `stable`, `pattern`, `none` or `too few`.
    cells
        The positions compared: bodies by propositions, positions, missing where silent.
    members
        One row per body compared, sorted: `body_id`; `candidate`, the group it is in when cut
        where the silhouette is highest, by the id of the group's leading member; `group`, the
        same where the group is reported, else empty; `addressed`; `silhouette`.
    groups
        One row per candidate group, largest first: `group` (the id of the member that addressed
        most), `size`, `members` (ids joined by "; "), `jaccard`, `draws`, `standing`: `stable`,
        `pattern`, `not stable`, or `chance` where the division is no sharper than chance makes it.
    choice
        One row per number of groups: `groups`, `silhouette`, `chance` (what the sharpest
        division of permuted tables reaches, 97.5th percentile), `chosen`.
    aside
        One row per body set aside: `body_id`, `addressed`, `why`.
    ties
        One row per body that another tie-break would put elsewhere: `body_id`, `moves`, the
        share of other tie-breaks that do.
    tied
        At how many merges several pairs were nearest.
    distances, together
        Bodies by bodies: distance; share of resamples in one group.
    merges, order
        The tree, as `scipy.cluster.hierarchy.linkage` gives it, and the bodies in its order.
    draws, orders
        How many resamples (and permutations) and tie-breaks were made.
    rules
        What it was asked with.
    """

    verdict: str
    cells: pd.DataFrame
    members: pd.DataFrame
    groups: pd.DataFrame
    choice: pd.DataFrame
    aside: pd.DataFrame
    ties: pd.DataFrame
    tied: int
    distances: pd.DataFrame
    together: pd.DataFrame
    merges: Floats
    order: list[str]
    draws: int
    orders: int
    rules: Rules


def find(
    positions: pd.DataFrame, propositions: pd.DataFrame | None = None, rules: Rules = DEFAULT
) -> Groups:
    """Who stands with whom, and would they be found together again?

    The division with the highest mean silhouette is a candidate. It counts only if its
    silhouette beats the best of 97.5% of tables in which each proposition's stances are
    permuted among those who addressed it; trying every number of groups is thus paid for. A
    group is reported only if it comes back in resamples of the propositions. Silence is never
    filled in: bodies that cannot be compared are set aside.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2].
    propositions
        One row per proposition: `weight`; without it every proposition weighs 1.
    rules
        Least overlap, least addressed, method, draws, seed.

    Returns
    -------
    Groups
        The verdict and its tables.

    Raises
    ------
    ValueError
        When the method is unknown.

    Notes
    -----
    Rousseeuw (1987) for the silhouette, Hennig (2007) for the stability of a group. The null
    keeps who is silent on what, and how each proposition divides those who spoke.
    """
    base = comparable(positions, propositions, overlap=rules.overlap, addressed=rules.addressed)
    apart = np.round(between(base.cells.to_numpy(), base.weights, rules.overlap), DECIMALS)
    if len(apart) < FEWEST_BODIES:
        return _too_few(base, apart, rules)
    sizes = list(range(2, min(len(apart) - 1, MOST_GROUPS) + 1))
    labels = cut(apart, sizes, rules.method)
    widths = silhouettes(apart[None], labels[None])[0]
    scores = np.round(widths.mean(axis=1), 9)
    draws = stability.affordable(len(apart), rules.draws)
    bar = threshold(best_by_chance(base, sizes, rules.method, (draws, rules.seed + 1)))
    best = int(scores.argmax())
    choice = _choice(sizes, scores, bar)
    sharp = bool(scores[best] > bar)
    candidate = _Candidate(base, apart, labels[best], widths[best], sharp)
    return _judged(candidate, choice, draws, rules)


@dataclasses.dataclass(frozen=True)
class _Candidate:
    """The sharpest division of the bodies, before it is judged."""

    base: Comparable
    apart: Floats
    labels: Ints
    widths: Floats
    sharp: bool


def _judged(candidate: _Candidate, choice: pd.DataFrame, draws: int, rules: Rules) -> Groups:
    """Ask whether the candidate comes back, and what ties decide."""
    values, weights = candidate.base.cells.to_numpy(), candidate.base.weights
    ids = candidate.base.cells.index
    size = int(candidate.labels.max()) + 1
    drawn = stability.bootstrap(values, weights, size, rules.method, (draws, rules.seed))
    groups = _groups(candidate, stability.recovered(candidate.labels, drawn))
    verdict = verdict_of(groups)
    orders = stability.affordable(len(ids), min(rules.draws, _ORDERS), 10)
    moved = alternatives(candidate.apart, candidate.labels, rules.method, orders, rules.seed)
    merges = tree(candidate.apart, "complete" if rules.method == "complete" else "average")
    return Groups(
        verdict=verdict,
        cells=candidate.base.cells,
        members=_members(candidate, groups, verdict),
        groups=groups,
        choice=choice,
        aside=candidate.base.aside,
        ties=_ties(ids, moved),
        tied=tied_merges(candidate.apart, size, rules.method) if len(ids) <= _TIES_UP_TO else 0,
        distances=_square(candidate.apart, ids),
        together=_square(stability.together(drawn), ids),
        merges=merges,
        order=_order(merges, candidate.apart, ids),
        draws=draws,
        orders=orders,
        rules=rules,
    )


_ORDERS = 200
_TIES_UP_TO = 300
_ORDERED_UP_TO = 300


# --- how many groups -----------------------------------------------------------------------


def _choice(sizes: list[int], scores: Floats, chance: float) -> pd.DataFrame:
    best = int(scores.argmax())
    chosen = sizes[best] if scores[best] > chance else 1
    table = pd.DataFrame({"groups": [1, *sizes], "silhouette": [np.nan, *scores], "chance": chance})
    return table.assign(chosen=table["groups"] == chosen)


# --- what is reported ----------------------------------------------------------------------


def _groups(candidate: _Candidate, back: Floats) -> pd.DataFrame:
    ids = candidate.base.cells.index.to_numpy()
    spoke = candidate.base.cells.notna().sum(axis=1).to_numpy()
    rows = []
    for label in range(int(candidate.labels.max()) + 1):
        inside = np.flatnonzero(candidate.labels == label)
        leader = inside[spoke[inside].argmax()]
        rows.append((ids[leader], len(inside), "; ".join(ids[inside])))
    named = pd.DataFrame(rows, columns=["group", "size", "members"])
    held = stability.group_table(named["group"].tolist(), back)
    table = named.merge(held, on="group", validate="one_to_one")
    if not candidate.sharp:
        table["standing"] = "chance"
    return table.sort_values(["size", "group"], ascending=[False, True], ignore_index=True)


def verdict_of(groups: pd.DataFrame) -> str:
    """One group alone is no division: two must come back before any is reported."""
    if groups["standing"].eq("stable").all():
        return "stable"
    return "pattern" if groups["standing"].isin(["stable", "pattern"]).sum() > 1 else "none"


def _members(candidate: _Candidate, groups: pd.DataFrame, verdict: str) -> pd.DataFrame:
    values = candidate.base.cells
    leads = {int(candidate.labels[values.index.get_loc(lead)]): lead for lead in groups["group"]}
    held = groups.loc[groups["standing"].isin(["stable", "pattern"]), "group"]
    members = pd.DataFrame({"body_id": pd.Series(values.index.to_numpy(), dtype="str")})
    members["candidate"] = pd.Series([leads[label] for label in candidate.labels], dtype="str")
    reported = members["candidate"].isin(held) & (verdict in ("stable", "pattern"))
    members["group"] = members["candidate"].where(reported, "").astype("str")
    members["addressed"] = values.notna().sum(axis=1).to_numpy()
    return members.assign(silhouette=candidate.widths)


def _ties(ids: pd.Index, moved: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame({"body_id": pd.Series(ids.to_numpy(), dtype="str")})
    table["moves"] = moved.mean(axis=0) if len(moved) else 0.0
    return table[table["moves"] > 0].reset_index(drop=True)


def _square(values: Floats, ids: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(values, index=ids, columns=ids.rename("other_id"))


def _order(merges: Floats, apart: Floats, ids: pd.Index) -> list[str]:
    """The bodies in the order of the tree's leaves, neighbours as near as the tree allows."""
    if len(ids) < 2:
        return [str(body) for body in ids]
    if len(ids) <= _ORDERED_UP_TO:
        merges = hierarchy.optimal_leaf_ordering(merges, squareform(apart, checks=False))
    return [str(ids[leaf]) for leaf in hierarchy.leaves_list(merges)]


def _too_few(base: Comparable, apart: Floats, rules: Rules) -> Groups:
    ids = base.cells.index
    merges = tree(apart, "complete" if rules.method == "complete" else "average")
    members = pd.DataFrame({"body_id": pd.Series(ids.to_numpy(), dtype="str")})
    members = members.assign(candidate="", group="", silhouette=0.0)
    members["addressed"] = base.cells.notna().sum(axis=1).to_numpy()
    columns = ["body_id", "candidate", "group", "addressed", "silhouette"]
    nothing = np.full_like(apart, np.nan)
    return Groups(
        verdict="too few",
        cells=base.cells,
        members=members[columns],
        groups=pd.DataFrame(columns=["group", "size", "members", "jaccard", "draws", "standing"]),
        choice=pd.DataFrame(columns=["groups", "silhouette", "chance", "chosen"]),
        aside=base.aside,
        ties=pd.DataFrame(columns=["body_id", "moves"]),
        tied=0,
        distances=_square(apart, ids),
        together=_square(nothing, ids),
        merges=merges,
        order=_order(merges, apart, ids),
        draws=0,
        orders=0,
        rules=rules,
    )


def labels(
    positions: pd.DataFrame, propositions: pd.DataFrame | None = None, rules: Rules = DEFAULT
) -> pd.Series:
    """The reported group of each body compared: empty in none, no entry for a body set aside."""
    members = find(positions, propositions, rules).members
    return members.set_index("body_id")["group"]
