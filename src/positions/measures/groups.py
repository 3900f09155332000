"""Who stands with whom: groups that are stable, or a sentence that there are none.

Average linkage on distances that respect silence. There may be no groups: a division must be
sharper than chance and than one dimension make it, and come back when other propositions are
drawn.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from scipy.cluster import hierarchy
from scipy.spatial.distance import squareform

from positions.measures import cluster_validation, null_models
from positions.measures._kernel import Floats, Ints
from positions.measures.clustering import alternatives, cut, silhouettes, tree
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
    addressed; `bodies` the fewest among which groups are looked for; `draws` how many tables of
    each kind and how many resamples (fewer for large tables, and said); `seed` of PCG64;
    `overlaps` the other least overlaps with which the verdict is sought.
    """

    overlap: int = LEAST_OVERLAP
    addressed: int = LEAST_ADDRESSED
    draws: int = 999
    seed: int = 1
    bodies: int = 5
    overlaps: tuple[int, ...] = (2, 3, 4, 5)

    def __post_init__(self) -> None:
        if self.draws < 1:
            raise ValueError(f"draws is {self.draws}; at least one table of each kind is drawn")


DEFAULT = GroupRules()


@dataclasses.dataclass(frozen=True)
class Groups:
    """What was found, with all that its verdict rests on.

    Attributes
    ----------
    verdict
        `groups`, `a division, perhaps of a continuum`, `none` or `too few`.
    cells
        The positions compared: bodies by propositions, positions, missing where silent.
    members
        One row per body compared, sorted: `body_id`; `candidate`, the group it is in where the
        silhouette is highest, by the id of the group's leading member, empty if it is alone;
        `group`, the same where the verdict is `groups` and the group comes back, else empty;
        `addressed`; `silhouette`.
    groups
        One row per candidate group of two or more, largest first: `group` (the id of the member
        that addressed most), `size`, `members` (ids joined by "; "), `jaccard`, `draws`,
        `standing`.
    choice
        One row per number of parts: `parts`, `alone` (bodies that are a part by themselves),
        `silhouette` (0 if fewer than two parts hold two bodies), `chosen`.
    tests
        One row per test: see `cluster_validation.comparisons`.
    elsewhere
        One row per least overlap: `overlap`, `compared` (bodies), `verdict`, `chosen`, `same`
        (the verdict, and the groups among the bodies compared in both).
    aside
        One row per body set aside: `body_id`, `addressed`, `why`.
    ties
        One row per body that another tie-break would put elsewhere: `body_id`, `moves`, the
        share of other tie-breaks that do.
    distances, together
        Bodies by bodies: distance; share of resamples in one group.
    merges, order
        The tree, as `scipy.cluster.hierarchy.linkage` gives it, and the bodies in its order.
    draws, orders
        How many tables of each kind and resamples, and how many tie-breaks, were made.
    rules
        What it was asked with.
    """

    verdict: str
    cells: pd.DataFrame
    members: pd.DataFrame
    groups: pd.DataFrame
    choice: pd.DataFrame
    tests: pd.DataFrame
    elsewhere: pd.DataFrame
    aside: pd.DataFrame
    ties: pd.DataFrame
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

    The division with the highest mean silhouette is a candidate; a body alone is no group. It
    must beat the best of 97.5% of tables of two kinds: stances permuted among those who
    addressed each proposition (independence), and stances drawn from one dimension fitted to
    the same table. It must also be a division by sides: that some are louder makes no groups. A
    group is reported only if it comes back in resamples of the propositions. Silence is never
    filled in: bodies that cannot be compared are set aside.

    Which bodies can be compared depends on the overlap asked for. The verdict is sought again
    with other overlaps, and `elsewhere` says whether it holds.

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
    The tables without groups keep who is silent on what, and how each proposition divides those
    who spoke.

    References
    ----------
    Rousseeuw (1987), "Silhouettes", Journal of Computational and Applied Mathematics 20, 53-65,
    for how sharp a division is.

    Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics and
    Data Analysis 52, 258-271, for whether a group comes back.

    Examples
    --------
    >>> import positions as ps
    >>> found = ps.analyse(ps.read("data")).groups
    >>> found.verdict, found.groups["size"].tolist()
    ('none', [8, 2])
    """
    found = _found(positions, propositions, rules)
    return dataclasses.replace(found, elsewhere=_elsewhere(found, positions, propositions))


def _found(positions: pd.DataFrame, propositions: pd.DataFrame | None, rules: GroupRules) -> Groups:
    base, apart = _compared(positions, propositions, rules)
    if len(apart) < rules.bodies:
        return _too_few(base, apart, rules)
    return _judged(_sharpest(base, apart, rules))


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
    _, groups = _come_back(candidate)
    return _members(candidate, groups).set_index("body_id")["group"]


def _compared(
    positions: pd.DataFrame, propositions: pd.DataFrame | None, rules: GroupRules
) -> tuple[Comparable, Floats]:
    """Return the bodies that can be compared, and how far apart they are."""
    base = comparable(positions, propositions, overlap=rules.overlap, addressed=rules.addressed)
    apart = np.round(between(base.cells.to_numpy(), base.weights, rules.overlap), DECIMALS)
    return base, apart


@dataclasses.dataclass(frozen=True)
class _Candidate:
    """The sharpest division of the bodies, and what it is compared with."""

    base: Comparable
    apart: Floats
    labels: Ints
    sizes: list[int]
    scores: Floats
    tests: pd.DataFrame
    draws: int
    rules: GroupRules

    @property
    def parts(self) -> int:
        """Into how many parts it divides them."""
        return int(self.labels.max()) + 1


def _sharpest(base: Comparable, apart: Floats, rules: GroupRules) -> _Candidate:
    """Take the sharpest division of the bodies, and those of tables without groups."""
    values, weights = base.cells.to_numpy(), base.weights
    sizes = list(range(2, min(len(values) - 1, MOST_GROUPS) + 1))
    draws = cluster_validation.affordable(len(values), rules.draws)
    independent, one = (
        cluster_validation.sharpest(
            null_models.dealt(values, loadings, (draws, rules.seed + place)), weights, sizes
        )
        for place, loadings in enumerate(
            (null_models.independence(values), null_models.one_dimension(values)), start=1
        )
    )
    mine = cluster_validation.sharpest(values[None], weights, sizes)
    compared = cluster_validation.comparisons(
        (mine.best[0], mine.sides[0]), (independent.best, independent.sides), one.best
    )
    return _Candidate(base, apart, mine.labels[0], sizes, mine.scores[0], compared, draws, rules)


def _come_back(candidate: _Candidate) -> tuple[Ints, pd.DataFrame]:
    """Find groups in resamples of the propositions, and how much of each candidate comes back."""
    values, weights = candidate.base.cells.to_numpy(), candidate.base.weights
    draws = (candidate.draws, candidate.rules.seed)
    drawn = cluster_validation.bootstrap(values, weights, candidate.parts, draws)
    return drawn, _groups(candidate, cluster_validation.recovered(candidate.labels, drawn))


def _judged(candidate: _Candidate) -> Groups:
    """Ask whether the candidate comes back, and what ties decide."""
    ids, rules = candidate.base.cells.index, candidate.rules
    drawn, groups = _come_back(candidate)
    orders = cluster_validation.affordable(len(ids), min(rules.draws, _ORDERS), 10)
    moved = alternatives(candidate.apart, candidate.labels, orders, rules.seed)
    merges = tree(candidate.apart)
    return Groups(
        verdict=cluster_validation.verdict_of(candidate.tests, groups),
        cells=candidate.base.cells,
        members=_members(candidate, groups),
        groups=groups,
        choice=_choice(candidate),
        tests=candidate.tests,
        elsewhere=pd.DataFrame(),
        aside=candidate.base.aside,
        ties=_ties(ids, moved),
        distances=_square(candidate.apart, ids),
        together=_square(cluster_validation.together(drawn), ids),
        merges=merges,
        order=_order(merges, candidate.apart, ids),
        draws=candidate.draws,
        orders=orders,
        rules=rules,
    )


_ORDERS = 200
_ORDERED_UP_TO = 300


# --- with other thresholds of overlap ------------------------------------------------------


def _elsewhere(
    found: Groups, positions: pd.DataFrame, propositions: pd.DataFrame | None
) -> pd.DataFrame:
    """Look for groups again with other overlaps, in fewer draws, and compare the verdicts."""
    rows = []
    for overlap in sorted({*found.rules.overlaps, found.rules.overlap}):
        chosen = overlap == found.rules.overlap
        draws = min(found.rules.draws, _DRAWS_ELSEWHERE)
        rules = dataclasses.replace(found.rules, overlap=overlap, draws=draws)
        other = found if chosen else _found(positions, propositions, rules)
        same = other.verdict == found.verdict and alike(found.members, other.members)
        rows.append((overlap, len(other.members), other.verdict, chosen, same))
    return pd.DataFrame(rows, columns=["overlap", "compared", "verdict", "chosen", "same"])


def alike(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether the bodies in both tables are grouped alike in them."""
    both = one.merge(other, on="body_id")
    pairs = both[["group_x", "group_y"]].drop_duplicates()
    apart = pairs["group_x"].duplicated() | pairs["group_y"].duplicated()
    return not apart.any() and bool(((pairs == "").sum(axis=1) != 1).all())


_DRAWS_ELSEWHERE = 199


# --- what is reported ----------------------------------------------------------------------


def _choice(candidate: _Candidate) -> pd.DataFrame:
    cuts = cut(candidate.apart, candidate.sizes)
    sizes = (cuts[..., None] == np.arange(max(candidate.sizes))).sum(axis=1)
    table = pd.DataFrame({"parts": candidate.sizes, "alone": (sizes == 1).sum(axis=1)})
    return table.assign(silhouette=candidate.scores, chosen=table["parts"] == candidate.parts)


def _leaders(candidate: _Candidate) -> dict[int, str]:
    """Name each part of two bodies or more by the member that addressed most."""
    ids = candidate.base.cells.index.to_numpy()
    spoke = candidate.base.cells.notna().to_numpy().sum(axis=1)
    inside = [np.flatnonzero(candidate.labels == part) for part in range(candidate.parts)]
    return {
        part: str(ids[rows[spoke[rows].argmax()]])
        for part, rows in enumerate(inside)
        if len(rows) > 1
    }


def _groups(candidate: _Candidate, back: Floats) -> pd.DataFrame:
    ids, leaders = candidate.base.cells.index.to_numpy(), _leaders(candidate)
    inside = [ids[candidate.labels == part] for part in leaders]
    table = cluster_validation.group_table(list(leaders.values()), back[:, list(leaders)])
    table.insert(1, "size", [len(members) for members in inside])
    table.insert(2, "members", ["; ".join(members) for members in inside])
    return table.sort_values(["size", "group"], ascending=[False, True], ignore_index=True)


def _members(candidate: _Candidate, groups: pd.DataFrame) -> pd.DataFrame:
    values, leaders = candidate.base.cells, _leaders(candidate)
    candidates = [leaders.get(int(part), "") for part in candidate.labels]
    verdict = cluster_validation.verdict_of(candidate.tests, groups)
    held = set(groups.loc[groups["standing"] == "comes back", "group"])
    held = held if verdict == "groups" else set()
    columns = {
        "body_id": pd.Series(values.index.to_numpy(), dtype="str"),
        "candidate": pd.Series(candidates, dtype="str"),
        "group": pd.Series([lead if lead in held else "" for lead in candidates], dtype="str"),
        "addressed": values.notna().to_numpy().sum(axis=1),
        "silhouette": silhouettes(candidate.apart[None], candidate.labels[None, None])[0, 0],
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
        choice=pd.DataFrame(columns=["parts", "alone", "silhouette", "chosen"]),
        tests=pd.DataFrame(columns=cluster_validation.TESTS),
        elsewhere=pd.DataFrame(),
        aside=base.aside,
        ties=pd.DataFrame(columns=["body_id", "moves"]),
        distances=_square(apart, ids),
        together=_square(nothing, ids),
        merges=merges,
        order=_order(merges, apart, ids),
        draws=0,
        orders=0,
        rules=rules,
    )
