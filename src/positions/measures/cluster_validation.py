"""Is a division into groups real? Sharper than chance, and found again in other draws.

Two questions: how sharp a division does chance make, where no body has to do with another; and
would the groups come back with other propositions asked, or other coders reading? (Hennig 2007,
"Cluster-wise assessment of cluster stability", Computational Statistics and Data Analysis 52,
258-271.)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from positions.measures._kernel import HIGH, Bools, Floats, Ints, ratio
from positions.measures.clustering import TOGETHER_UP_TO, cuts, cuts_of_trees, silhouettes
from positions.measures.distances import DECIMALS, between, complete, resampled, spread_out

CHANCE = 0.975
"""The share of tables without groups whose sharpest division an observed one must beat.

Stricter than the customary 0.95, for a group that is none does more harm here than one missed.
"""
CHANCE_OF_SIDES = 0.90
"""The same for the division by sides alone: it guards against loudness, not against chance."""
COMES_BACK = 0.70
"""Mean Jaccard from which a group comes back; below it, it is not reported.

Calibrated by simulation, `benchmarks/simulate_groups.py`: 95% of planted tables reach it.
"""
BUDGET = 30_000_000
"""Pairs of bodies, over all draws, beyond which fewer draws are made than asked for."""
FEWEST_DRAWS = 39
"""Draws that are always made: with 39, the 97.5th percentile is still one of the draws."""
_CELLS = 4_000_000


def affordable(rows: int, asked: int, fewest: int = FEWEST_DRAWS) -> int:
    """Return how many of the draws asked for are made: fewer for large tables."""
    return min(asked, max(fewest, BUDGET // max(rows, 1) ** 2))


def chunks(draws: int, rows: int) -> Iterator[slice]:
    """Part draws so that they fit in memory; the results do not depend on it."""
    step = max(1, _CELLS // max(rows, 1) ** 2)
    for start in range(0, draws, step):
        yield slice(start, min(start + step, draws))


# --- sharper than chance -------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Sharpest:
    """The sharpest division of each of several tables.

    Attributes
    ----------
    labels
        Draws by bodies: the part each body is in, from 0 up.
    scores
        Draws by numbers of parts: the mean silhouette; 0 where fewer than two parts hold two
        bodies or more, for a body alone is no group.
    sides
        Per draw: the mean silhouette of that division on sides alone (for, neither, against).
    """

    labels: Ints
    scores: Floats
    sides: Floats

    @property
    def best(self) -> Floats:
        """Per draw: the mean silhouette of the sharpest division."""
        highest: Floats = self.scores.max(axis=1)
        return highest


def sharpest(tables: Floats, weights: Floats, sizes: list[int]) -> Sharpest:
    """Cut tables into each number of parts, and take the sharpest division of each.

    Parameters
    ----------
    tables
        Draws by bodies by propositions, NaN where silent; every two bodies share a proposition.
    weights
        One per proposition.
    sizes
        The numbers of parts tried.
    """
    found = []
    for part in chunks(len(tables), 2 * max(tables.shape[1:])):
        apart = between(tables[part], weights, 1)
        # Cut as the observed table is cut, ties included: else the test is not exact.
        labels = cuts_of_trees(np.round(apart, DECIMALS), sizes)
        scores = np.round(silhouettes(apart, labels).mean(axis=2), 9)
        members = (labels[..., None] == np.arange(max(sizes))).sum(axis=2)
        scores[(members > 1).sum(axis=2) < 2] = 0.0
        best = labels[np.arange(len(labels)), scores.argmax(axis=1)]
        on_sides = between(HIGH * np.sign(tables[part]), weights, 1)
        sides = silhouettes(on_sides, best[:, None]).mean(axis=(1, 2))
        found.append((best, scores, np.round(sides, 9)))
    return Sharpest(*(np.concatenate(each) for each in zip(*found, strict=True)))


def threshold(null: Floats, share: float = CHANCE) -> float:
    """Return what this share of tables, the observed among them, reaches at most."""
    ranked = np.sort(np.round(null, 9))
    place = int(np.ceil(round(share * (len(ranked) + 1), 9)))
    return float(ranked[min(place, len(ranked)) - 1])


INDEPENDENCE, SIDES, ONE_DIMENSION = "independence", "independence, by sides", "one dimension"
DIVISION = "a division, perhaps of a continuum"
TESTS = ["against", "reached", "bar", "share", "sharper"]
VERDICTS = ("groups", DIVISION, "none", "too few")


def comparisons(
    observed: tuple[float, float], independent: tuple[Floats, Floats], one: Floats
) -> pd.DataFrame:
    """Compare the sharpest division observed with those of tables without groups.

    Parameters
    ----------
    observed
        Its mean silhouette, and the same on sides alone.
    independent
        The same two for each table drawn under independence.
    one
        The mean silhouette for each table drawn from one dimension.

    Returns
    -------
    DataFrame
        One row per test: `against`, `reached`, `bar`, `share` (of tables at or below the bar),
        `sharper`.
    """
    rows = [
        (INDEPENDENCE, observed[0], threshold(independent[0]), CHANCE),
        (SIDES, observed[1], threshold(independent[1], CHANCE_OF_SIDES), CHANCE_OF_SIDES),
        (ONE_DIMENSION, observed[0], threshold(one), CHANCE),
    ]
    table = pd.DataFrame(rows, columns=TESTS[:-1])
    return table.assign(sharper=table["reached"] > table["bar"])


def verdict_of(compared: pd.DataFrame, groups: pd.DataFrame) -> str:
    """Return the verdict: at least two groups must come back, and chance must be beaten.

    Parameters
    ----------
    compared
        As `comparisons` returns it.
    groups
        One row per group of two or more: `standing`.
    """
    sharper = compared.set_index("against")["sharper"]
    several = groups["standing"].eq(word(COMES_BACK)).sum() > 1
    if not (sharper[INDEPENDENCE] and sharper[SIDES] and several):
        return "none"
    return "groups" if sharper[ONE_DIMENSION] else DIVISION


# --- found again ---------------------------------------------------------------------------


def redrawn(
    values: Floats, weights: Floats, draws: int, seed: int, kept: Bools | None = None
) -> Iterator[tuple[Floats, Bools]]:
    """Measure distances over propositions drawn with replacement.

    In a draw, two bodies have a distance as soon as one proposition that both address is drawn;
    bodies without a distance to others are set aside in that draw, never imputed.

    Parameters
    ----------
    values, weights
        Bodies by propositions, NaN where silent; one weight per proposition.
    draws, seed
        How many draws, and the seed of PCG64.
    kept
        Per row: whether it is set aside only when no other can be.

    Yields
    ------
    stack, present
        Draws by bodies by bodies; draws by bodies.
    """
    asked = values.shape[1]
    random = np.random.Generator(np.random.PCG64(seed))
    drawn = random.integers(asked, size=(draws, asked)) + np.arange(draws)[:, None] * asked
    counts = np.bincount(drawn.ravel(), minlength=draws * asked).reshape(draws, asked)
    addressed = (~np.isnan(values)).sum(axis=1)
    for part in chunks(draws, len(values)):
        if len(values) <= TOGETHER_UP_TO:
            stack = resampled(values, counts[part] * weights)
        else:
            stack = np.stack(
                [between(values[:, c > 0], (c * weights)[c > 0], 1) for c in counts[part]]
            )
        yield stack, complete(~np.isnan(stack), addressed, kept)


def bootstrap(values: Floats, weights: Floats, size: int, draws: tuple[int, int]) -> Ints:
    """Cut redrawn tables into the same number of groups.

    Parameters
    ----------
    values, weights
        As for `redrawn`.
    size
        The number of groups.
    draws
        How many draws, and the seed.

    Returns
    -------
    array
        Draws by bodies: labels, -1 where a body is set aside in a draw.
    """
    found = [
        cuts(stack, [size], present)[:, 0] for stack, present in redrawn(values, weights, *draws)
    ]
    return np.concatenate(found)


def recovered(labels: Ints, drawn: Ints) -> Floats:
    """Measure how much of each group comes back in each draw, as Jaccard with the likest group.

    Of a group, only the members that take part in the draw are looked for.

    Parameters
    ----------
    labels
        Per body: its group, from 0 up.
    drawn
        Draws by bodies: groups in each draw, -1 where a body does not take part.

    Returns
    -------
    array
        Draws by groups, from 0 to 1; NaN where no member of the group takes part.
    """
    mine = labels[:, None] == np.arange(labels.max() + 1)
    theirs = drawn[..., None] == np.arange(drawn.max(initial=0) + 1)
    here = (drawn >= 0).astype(float)
    shared = np.einsum("bg,dbc->dgc", mine.astype(float), theirs.astype(float), optimize=True)
    members, sizes = here @ mine, theirs.sum(axis=1)
    union = members[:, :, None] + sizes[:, None, :] - shared
    best = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0).max(axis=2)
    return np.where(members > 0, best, np.nan)


def together(drawn: Ints) -> Floats:
    """Return the share of draws in which each pair of bodies is in one group.

    Of the draws in which both take part; NaN for a pair that never does. Bodies by bodies.
    """
    draws, bodies = drawn.shape
    groups = int(drawn.max(initial=0)) + 1
    inside = (drawn.T[:, :, None] == np.arange(groups)).reshape(bodies, draws * groups)
    here = (drawn >= 0).T.astype(float)
    both = here @ here.T
    joined = inside.astype(float) @ inside.T.astype(float)
    return ratio(joined, both)


def word(jaccard: float) -> str:
    """Return the published word for a mean Jaccard.

    >>> word(0.7), word(0.699)
    ('comes back', 'does not come back')
    """
    if np.isnan(jaccard):
        return "not measured"
    return "comes back" if round(jaccard, 9) >= COMES_BACK else "does not come back"


def vocabulary() -> str:
    """Say what a division must beat, and from which mean Jaccard a group comes back."""
    return (
        "“Groups” must be sharper than the sharpest division of tables without groups, in "
        f"{CHANCE:.1%} of them: tables in which no body has to do with another, and tables in "
        "which all stand on one dimension. Sharper than the first only is “"
        f"{DIVISION}”. By sides alone (for, neither, against) a division must beat "
        f"{CHANCE_OF_SIDES:.0%} of the first. A group comes back from a mean Jaccard of "
        f"{COMES_BACK:.2f}; the threshold is calibrated on simulated tables."
    )


# --- in tables drawn elsewhere -------------------------------------------------------------


def over(
    tables: Iterable[pd.DataFrame],
    members: pd.DataFrame,
    propositions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Measure how much of each group comes back in tables of positions drawn elsewhere.

    For coders: resolve each of `coder_uncertainty.coder_draws` into positions.

    Parameters
    ----------
    tables
        Tables of positions, one a draw.
    members
        One row per grouped body: `body_id`, `candidate`, as `groups.find` returns it.
    propositions
        As for `groups.find`.

    Returns
    -------
    DataFrame
        One row per group: `group`, `jaccard`, `draws`, `standing`.
    """
    names, labels = np.unique(members["candidate"].to_numpy(dtype=str), return_inverse=True)
    alone = int((members["candidate"] == "").sum())
    parts = len(names) + max(alone - 1, 0)
    drawn = [_one_draw(table, members, propositions, parts) for table in tables]
    stack = np.concatenate([np.empty((0, len(members)), dtype=np.int64), *drawn])
    back = recovered(labels, stack) if len(members) else np.empty((0, 0))
    found = group_table(names.tolist(), back)
    return found[found["group"] != ""].reset_index(drop=True)  # a body alone is no group


def _one_draw(
    table: pd.DataFrame,
    members: pd.DataFrame,
    propositions: pd.DataFrame | None,
    size: int,
) -> Ints:
    values, weights = spread_out(table, propositions)
    rows = values.reindex(members["body_id"]).to_numpy()
    stack = between(rows, weights, 1)[None]
    spoke = (~np.isnan(rows)).sum(axis=1)
    present = complete(~np.isnan(stack), spoke) & (spoke > 0)
    return cuts(stack, [size], present)[:, 0]


def group_table(names: list[str], back: Floats) -> pd.DataFrame:
    """Table the groups: `jaccard`, the mean over the `draws` in which each could be looked for."""
    counted = (~np.isnan(back)).sum(axis=0)
    mean = ratio(np.nansum(back, axis=0), counted)
    table = pd.DataFrame({"group": pd.Series(names, dtype="str"), "jaccard": mean})
    return table.assign(draws=counted, standing=[word(share) for share in mean])
