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

from positions.measures import cluster_validation
from positions.measures._kernel import Floats, Ints
from positions.measures.clustering import (
    alternatives,
    cut,
    silhouettes,
    tied_merges,
    tree,
)
from positions.measures.distances import (
    DECIMALS,
    LEAST_ADDRESSED,
    LEAST_OVERLAP,
    Comparable,
    between,
    comparable,
)

MOST_GROUPS = 10


@dataclasses.dataclass(frozen=True)
class GroupRules:
    """How bodies are compared and grouped; every number here is printed with the result.

    `overlap` and `addressed` are the least propositions a pair must share and a body must have
    addressed; `bodies` the fewest among which groups are looked for; `draws` how many
    permutations and how many resamples (fewer for large tables, and said); `seed` of PCG64.
    """

    overlap: int = LEAST_OVERLAP
    addressed: int = LEAST_ADDRESSED
    draws: int = 999
    seed: int = 1
    bodies: int = 5


DEFAULT = GroupRules()


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
    rules: GroupRules


def find(
    positions: pd.DataFrame, propositions: pd.DataFrame | None = None, rules: GroupRules = DEFAULT
) -> Groups:
    """Find who stands with whom, and whether they would be found together again.

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
        Least overlap, least addressed, draws, seed.

    Returns
    -------
    Groups
        The verdict and its tables.

    Notes
    -----
    Rousseeuw (1987) for the silhouette, Hennig (2007) for the stability of a group. The null
    keeps who is silent on what, and how each proposition divides those who spoke.

    Examples
    --------
    >>> import positions as ps
    >>> found = ps.analyse(ps.read("data")).groups
    >>> found.verdict, found.groups["size"].tolist()
    ('none', [10, 1])
    """
    base, apart = _compared(positions, propositions, rules)
    if len(apart) < rules.bodies:
        return _too_few(base, apart, rules)
    return _judged(_sharpest(base, apart, rules), rules)


def labels(
    positions: pd.DataFrame, propositions: pd.DataFrame | None = None, rules: GroupRules = DEFAULT
) -> pd.Series:
    """Return the reported group of each body compared: empty in none; no entry if set aside.

    The groups are those of `find`; what else it tells is not asked for, and not computed.
    """
    base, apart = _compared(positions, propositions, rules)
    if len(apart) < rules.bodies:
        return pd.Series("", index=base.cells.index, dtype="str", name="group")
    candidate = _sharpest(base, apart, rules)
    _, groups = _come_back(candidate, rules)
    return _members(candidate, groups, verdict_of(groups)).set_index("body_id")["group"]


def _compared(
    positions: pd.DataFrame, propositions: pd.DataFrame | None, rules: GroupRules
) -> tuple[Comparable, Floats]:
    """Return the bodies that can be compared, and how far apart they are."""
    base = comparable(positions, propositions, overlap=rules.overlap, addressed=rules.addressed)
    apart = np.round(between(base.cells.to_numpy(), base.weights, rules.overlap), DECIMALS)
    return base, apart


@dataclasses.dataclass(frozen=True)
class _Candidate:
    """The sharpest division of the bodies, before it is judged; and how sharp the others are.

    `scores` go with `sizes`, the numbers of groups; `bar` is what chance reaches in `draws`.
    """

    base: Comparable
    apart: Floats
    labels: Ints
    widths: Floats
    sizes: list[int]
    scores: Floats
    bar: float
    draws: int

    @property
    def sharp(self) -> bool:
        """Whether the division is sharper than chance makes it."""
        return bool(self.scores.max() > self.bar)


def _sharpest(base: Comparable, apart: Floats, rules: GroupRules) -> _Candidate:
    """Cut into each number of groups, and take the sharpest division."""
    sizes = list(range(2, min(len(apart) - 1, MOST_GROUPS) + 1))
    labels = cut(apart, sizes)
    widths = silhouettes(apart[None], labels[None])[0]
    scores = np.round(widths.mean(axis=1), 9)
    draws = cluster_validation.affordable(len(apart), rules.draws)
    bar = cluster_validation.threshold(
        cluster_validation.best_by_chance(base, sizes, (draws, rules.seed + 1))
    )
    best = int(scores.argmax())
    return _Candidate(base, apart, labels[best], widths[best], sizes, scores, bar, draws)


def _come_back(candidate: _Candidate, rules: GroupRules) -> tuple[Ints, pd.DataFrame]:
    """Find groups in resamples of the propositions, and how much of each candidate comes back."""
    values, weights = candidate.base.cells.to_numpy(), candidate.base.weights
    size, draws = int(candidate.labels.max()) + 1, (candidate.draws, rules.seed)
    drawn = cluster_validation.bootstrap(values, weights, size, draws)
    return drawn, _groups(candidate, cluster_validation.recovered(candidate.labels, drawn))


def _judged(candidate: _Candidate, rules: GroupRules) -> Groups:
    """Ask whether the candidate comes back, and what ties decide."""
    ids, size = candidate.base.cells.index, int(candidate.labels.max()) + 1
    drawn, groups = _come_back(candidate, rules)
    verdict = verdict_of(groups)
    orders = cluster_validation.affordable(len(ids), min(rules.draws, _ORDERS), 10)
    moved = alternatives(candidate.apart, candidate.labels, orders, rules.seed)
    merges = tree(candidate.apart)
    return Groups(
        verdict=verdict,
        cells=candidate.base.cells,
        members=_members(candidate, groups, verdict),
        groups=groups,
        choice=_choice(candidate),
        aside=candidate.base.aside,
        ties=_ties(ids, moved),
        tied=tied_merges(candidate.apart, size) if len(ids) <= _TIES_UP_TO else 0,
        distances=_square(candidate.apart, ids),
        together=_square(cluster_validation.together(drawn), ids),
        merges=merges,
        order=_order(merges, candidate.apart, ids),
        draws=candidate.draws,
        orders=orders,
        rules=rules,
    )


_ORDERS = 200
_TIES_UP_TO = 300
_ORDERED_UP_TO = 300


# --- how many groups -----------------------------------------------------------------------


def _choice(candidate: _Candidate) -> pd.DataFrame:
    sizes, scores = candidate.sizes, candidate.scores
    chosen = sizes[int(scores.argmax())] if candidate.sharp else 1
    table = pd.DataFrame(
        {"groups": [1, *sizes], "silhouette": [np.nan, *scores], "chance": candidate.bar}
    )
    return table.assign(chosen=table["groups"] == chosen)


# --- what is reported ----------------------------------------------------------------------


def _groups(candidate: _Candidate, back: Floats) -> pd.DataFrame:
    ids = candidate.base.cells.index.to_numpy()
    spoke = candidate.base.cells.notna().to_numpy().sum(axis=1)
    inside = [np.flatnonzero(candidate.labels == n) for n in range(candidate.labels.max() + 1)]
    leaders = [ids[rows[spoke[rows].argmax()]] for rows in inside]
    table = cluster_validation.group_table(leaders, back)
    table.insert(1, "size", [len(rows) for rows in inside])
    table.insert(2, "members", ["; ".join(ids[rows]) for rows in inside])
    if not candidate.sharp:
        table["standing"] = "chance"
    return table.sort_values(["size", "group"], ascending=[False, True], ignore_index=True)


def verdict_of(groups: pd.DataFrame) -> str:
    """Return the verdict on groups: two must come back before any is reported."""
    if groups["standing"].eq("stable").all():
        return "stable"
    return "pattern" if groups["standing"].isin(["stable", "pattern"]).sum() > 1 else "none"


def _members(candidate: _Candidate, groups: pd.DataFrame, verdict: str) -> pd.DataFrame:
    values = candidate.base.cells
    leads = {int(candidate.labels[values.index.get_loc(lead)]): lead for lead in groups["group"]}
    candidates = [leads[label] for label in candidate.labels]
    held = set(groups.loc[groups["standing"].isin(["stable", "pattern"]), "group"])
    held = held if verdict in ("stable", "pattern") else set()
    columns = {
        "body_id": pd.Series(values.index.to_numpy(), dtype="str"),
        "candidate": pd.Series(candidates, dtype="str"),
        "group": pd.Series([lead if lead in held else "" for lead in candidates], dtype="str"),
        "addressed": values.notna().to_numpy().sum(axis=1),
        "silhouette": candidate.widths,
    }
    return pd.DataFrame(columns)


def _ties(ids: pd.Index, moved: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame({"body_id": pd.Series(ids.to_numpy(), dtype="str")})
    table["moves"] = moved.mean(axis=0) if len(moved) else 0.0
    return table[table["moves"] > 0].reset_index(drop=True)


def _square(values: Floats, ids: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(values, index=ids, columns=ids.rename("other_id"))


def _order(merges: Floats, apart: Floats, ids: pd.Index) -> list[str]:
    """Order the bodies as the tree's leaves, neighbours as near as the tree allows."""
    if len(ids) < 2:
        return [str(body) for body in ids]
    if len(ids) <= _ORDERED_UP_TO:
        merges = hierarchy.optimal_leaf_ordering(merges, squareform(apart, checks=False))
    return [str(ids[leaf]) for leaf in hierarchy.leaves_list(merges)]


def _too_few(base: Comparable, apart: Floats, rules: GroupRules) -> Groups:
    ids = base.cells.index
    merges = tree(apart)
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
