"""Cut answers into groups round profiles, and say how sharp the groups are, without pairs.

City-block distance over what a respondent answered, as between bodies. On a scale of five
levels all sums of distances follow from how many stand at each level, so that time and memory
grow with the number of rows and not with its square.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from positions.measures._kernel import Bools
from positions.responses.patterns import LEVELS, SILENT, Floats, Ints, Levels

Stack = npt.NDArray[np.floating]
_ROUNDS = 12
_ROUNDS_OF_ALL = 5
_TOGETHER = 3
_CODES = (LEVELS + 1) ** _TOGETHER
CANDIDATES = 64
"""Rows among which the first profiles are looked for."""


def _apart(places: Ints) -> Floats:
    found: Floats = np.abs(places[:, None] - places).astype(float)
    return found


_SCALE = np.arange(LEVELS)
_APART = _apart(_SCALE)
"""How far each two levels of the scale are apart."""


@dataclasses.dataclass(frozen=True)
class Answers:
    """Which level each answer is at, in a stack of tables: 1 there and 0 elsewhere.

    Levels that nobody is at add nothing to any sum and are left out: a vote has three of the
    five. The same numbers lie both ways, as sums over rows and over questions are quicker so.

    Attributes
    ----------
    used
        The levels that occur, and the lowest.
    marked
        Draws by rows by questions x levels; all 0 where silent.
    across
        Draws by questions x levels by rows.
    """

    used: Ints
    marked: Stack
    across: Stack

    @classmethod
    def of(cls, rows: Levels) -> Answers:
        """Mark the answers of draws by rows by questions."""
        used = np.array([at for at in range(LEVELS) if not at or (rows == at).any()])
        shown = (np.arange(SILENT + 1)[:, None] == used).astype("float32")
        marked = shown.take(rows, axis=0).reshape(*rows.shape[:-1], -1)
        turned = np.ascontiguousarray(np.swapaxes(rows, -1, -2))
        across = np.empty((*turned.shape[:2], len(used), turned.shape[2]), dtype="float32")
        for place, level in enumerate(used):
            across[:, :, place] = turned == level
        return cls(used, marked, across.reshape(len(rows), -1, turned.shape[2]))

    def __len__(self) -> int:
        return len(self.marked)

    def only(self, draws: Bools) -> Answers:
        """Return some of the draws; the one table if it is the same in all."""
        if len(self) == 1:
            return self
        return Answers(self.used, self.marked[draws], self.across[draws])

    @property
    def apart(self) -> Floats:
        """How far each two of these levels are apart."""
        return _apart(self.used)

    @property
    def by_sides(self) -> Floats:
        """The same if only their sides count: against, neither, for."""
        return _apart(np.sign(self.used - LEVELS // 2))


def fit(
    answers: Answers, weights: Floats, sizes: Sequence[int], start: Ints
) -> list[tuple[Ints, Stack]]:
    """K-medians of a stack of tables: each row to the profile nearest over what it answered.

    The median of those in a group who answered minimises the sum of city-block distances; where
    nobody in it answered, the profile keeps its level. All numbers of groups are cut in step,
    so that each pass over the rows serves all.

    Parameters
    ----------
    answers
        Of as many draws, or of one.
    weights
        Draws (or 1) by questions: whole numbers, exact in any order of summing.
    sizes
        The numbers of groups.
    start
        Draws by profiles by questions: the first profiles, at least as many as groups, each
        level by its place among those used.

    Returns
    -------
    list
        For each size, labels (draws by rows, groups from 0 up) and histograms (draws by groups
        by questions x levels: how many stand where).
    """
    profiles = np.concatenate([start[:, :size] for size in sizes], axis=1)
    ends = np.cumsum(sizes)
    spans = [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]
    labels = np.empty((len(sizes), len(profiles), answers.across.shape[2]), dtype=np.int64)
    counts = np.empty((*profiles.shape[:2], answers.across.shape[1]), dtype="float32")
    levels_apart = answers.apart
    moving = np.arange(len(profiles))  # draws whose profiles moved in the last round
    for _ in range(_ROUNDS):
        before = profiles[moving]
        apart = steps(before, weights, levels_apart) @ answers.across
        found = [nearest(apart[:, span]) for span in spans]
        inside = [membership(each, size) for each, size in zip(found, sizes, strict=True)]
        labels[:, moving] = found
        counts[moving] = np.concatenate(inside, axis=-2) @ answers.marked
        profiles[moving] = middles(counts[moving], before)
        moved = (profiles[moving] != before).any(axis=(1, 2))
        if not moved.any():
            break
        if not moved.all():
            moving = moving[moved]
            answers = answers.only(moved)
            weights = weights[moved] if len(weights) > 1 else weights
    return [(labels[at], counts[:, span]) for at, span in enumerate(spans)]


def nearest(apart: Stack) -> Ints:
    """Return the nearest profile of each row, of several the first.

    Of draws by profiles by rows: draws by rows.
    """
    least = apart[:, 0]
    found = np.zeros(least.shape, dtype=np.int64)
    for place in range(1, apart.shape[1]):
        found = np.where(apart[:, place] < least, place, found)
        least = np.minimum(least, apart[:, place])
    return found


def membership(labels: Ints, size: int) -> Stack:
    """Mark which rows are in which group: draws by groups by rows."""
    found: Stack = (labels[..., None, :] == np.arange(size)[:, None]).astype("float32")
    return found


def steps(profiles: Ints, weights: Floats, levels_apart: Floats = _APART) -> Stack:
    """Return what each answer adds to the distance from each profile."""
    apart = levels_apart[profiles] * weights[..., None, :, None]
    found: Stack = apart.reshape(*apart.shape[:-2], -1).astype("float32")
    return found


def middles(counts: Stack, profiles: Ints) -> Ints:
    """Return the lower median level of each group; as it was where nobody answered."""
    by_level = counts.reshape(*profiles.shape, -1)
    upto = by_level.cumsum(axis=-1)
    total = upto[..., -1]
    middle = (2 * upto >= total[..., None]).argmax(axis=-1)
    return np.where(total > 0, middle, profiles)


def starts(answers: Answers, weights: Floats, most: int) -> Ints:
    """Choose the first profiles: each the row that brings the others nearest to a profile.

    The build step of k-medoids (Kaufman and Rousseeuw 1990, chapter 2) over evenly spaced
    candidates; where a candidate is silent, the median of all stands in. Draws by `most` by
    questions: each level by its place among those used.
    """
    marked, tables, questions = answers.marked, len(answers), weights.shape[-1]
    draws, rows, places = max(tables, len(weights)), marked.shape[1], len(answers.used)
    whole = marked.sum(axis=1).reshape(tables, 1, -1)
    middle = middles(whole, np.zeros((tables, 1, questions), dtype=np.int64))
    some = np.unique(np.linspace(0, rows - 1, min(rows, CANDIDATES)).astype(int))
    shown = marked[:, some].reshape(tables, len(some), questions, places)
    place = shown @ np.arange(places, dtype="float32")
    levels = np.where(shown @ np.ones(places, dtype="float32") > 0, place.astype("int64"), middle)
    levels = np.broadcast_to(levels, (draws, *levels.shape[1:]))
    apart = steps(levels, weights, answers.apart) @ answers.across
    near = np.full((draws, rows), np.inf, dtype=apart.dtype)
    each, chosen = np.arange(draws), []
    for _ in range(most):
        best = np.minimum(near[:, None], apart).sum(axis=2, dtype="float64").argmin(axis=1)
        chosen.append(levels[each, best])
        near = np.minimum(near, apart[each, best])
    return np.stack(chosen, axis=1)


def sharpness(
    answers: Answers,
    weights: Floats,
    fits: Sequence[tuple[Ints, Stack]],
    levels_apart: Floats | None = None,
) -> list[Floats]:
    """Compute the silhouette of each row from counts: how much nearer it is to its own group.

    Exact where all is answered (Rousseeuw 1987). With silence, a mean distance is the sum of
    steps over all shared answers by the sum of their weights, not the mean of the pairs' own
    means: a definition of its own, near to the other. For each of `fits`, draws by rows.
    """
    counts = np.concatenate([found for _, found in fits], axis=-2)
    apart = answers.apart if levels_apart is None else levels_apart
    sums, shared = totals(counts, weights, apart)
    far, base = exactly(sums) @ answers.across, exactly(shared) @ answers.across
    own = exactly(np.repeat(weights, len(apart), axis=-1))
    alone = (own[:, None] @ answers.across)[:, 0]
    widths, at = [], 0
    for labels, found in fits:
        span = slice(at, at + found.shape[-2])
        widths.append(silhouettes(far[:, span], base[:, span], alone, labels))
        at = span.stop
    return widths


def totals(counts: Stack, weights: Floats, levels_apart: Floats = _APART) -> tuple[Floats, Floats]:
    """Return what one at each level is away from all of a group, and its weight."""
    by_level = counts.reshape(*counts.shape[:-1], -1, len(levels_apart)).astype("float64")
    weighted = weights[..., None, :, None]
    sums: Floats = (by_level @ levels_apart * weighted).reshape(counts.shape)
    shared = np.repeat(by_level.sum(axis=-1, keepdims=True) * weighted, len(levels_apart), axis=-1)
    return sums, shared.reshape(counts.shape)


def exactly(numbers: Floats) -> Stack:
    """Whole numbers in the shorter format, where their sums over questions are exact in it."""
    small = numbers.max(initial=0.0) * numbers.shape[-1] < 2**24
    return numbers.astype("float32") if small else numbers


def silhouettes(far: Stack, base: Stack, own: Stack, labels: Ints) -> Floats:
    """Silhouettes from the sums of distances to each group, and the weights they rest on.

    `far` and `base`: groups by rows, after axes for draws, if any; `own` and `labels` by rows.
    """
    far, base = far.astype("float64"), base.astype("float64")
    mine = labels[..., None, :] == np.arange(far.shape[-2])[:, None]
    base = base - np.where(mine, own[..., None, :], 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(base > 0, far / base, np.inf)
    inside = np.take_along_axis(means, labels[..., None, :], axis=-2)[..., 0, :]
    other = np.where(mine, np.inf, means).min(axis=-2)
    widest = np.maximum(inside, other)
    sound = np.isfinite(inside) & np.isfinite(other) & (widest > 0)
    found: Floats = np.divide(
        other - inside, widest, out=np.zeros(labels.shape), where=sound, dtype="float64"
    )
    return found


# --- all rows of a large table -------------------------------------------------------------


def triples(rows: Levels) -> npt.NDArray[np.uint8]:
    """Three answers as one number, so that one look-up does for three: rows by a third."""
    number, questions = rows.shape
    padded = np.full((number, -(-questions // _TOGETHER) * _TOGETHER), SILENT, dtype=np.uint8)
    padded[:, :questions] = rows
    parts = padded.reshape(number, -1, _TOGETHER)
    base = LEVELS + 1
    found: npt.NDArray[np.uint8] = (parts[..., 0] * base + parts[..., 1]) * base + parts[..., 2]
    return np.ascontiguousarray(found.T)


def looked_up(coded: npt.NDArray[np.uint8], table: Floats) -> Floats:
    """Sum over questions of what each answer gives: rows by groups.

    `table`: groups by questions x 5; silence gives nothing.
    """
    groups = len(table)
    by_level = np.zeros((len(coded) * _TOGETHER, LEVELS + 1, groups))
    by_level[: table.shape[1] // LEVELS, :LEVELS] = table.reshape(groups, -1, LEVELS).transpose(
        1, 2, 0
    )
    total = np.zeros((coded.shape[1], groups))
    for place, column in enumerate(coded):
        one, two, three = by_level[place * _TOGETHER : (place + 1) * _TOGETHER]
        sums = (one[:, None, None] + two[None, :, None] + three[None, None, :]).reshape(
            _CODES, groups
        )
        total += sums[column]
    return total


def tallies(
    coded: npt.NDArray[np.uint8], labels: Ints, number: Floats, shape: tuple[int, int]
) -> Floats:
    """How many respondents of each group stand at each level: groups by questions x 5."""
    groups, questions = shape
    found = np.zeros((groups, len(coded) * _TOGETHER, LEVELS + 1))
    offset = labels * _CODES
    for place, column in enumerate(coded):
        counts = np.bincount(offset + column, number, minlength=groups * _CODES)
        cube = counts.reshape(groups, *[LEVELS + 1] * _TOGETHER)
        for at, others in enumerate(((2, 3), (1, 3), (1, 2))):
            found[:, place * _TOGETHER + at] = cube.sum(axis=others)
    return found[:, :questions, :LEVELS].reshape(groups, -1)


def settle(
    coded: npt.NDArray[np.uint8], number: Floats, weights: Floats, profiles: Ints
) -> tuple[Ints, Floats]:
    """K-medians of all rows, begun where a sample ended: labels, and counts by level."""
    for _ in range(_ROUNDS_OF_ALL):
        labels = looked_up(coded, steps(profiles, weights).astype("float64")).argmin(axis=1)
        counts = tallies(coded, labels, number, profiles.shape)
        moved = middles(counts, profiles)
        if np.array_equal(moved, profiles):
            break
        profiles = moved
    return labels, counts


def sharpness_of_all(
    coded: npt.NDArray[np.uint8], weights: Floats, labels: Ints, counts: Floats
) -> Floats:
    """As `sharpness`, for every row of a large table; rows that stand for many are counted so."""
    sums, shared = totals(counts, weights)
    own = looked_up(coded, np.repeat(weights, LEVELS)[None])[:, 0]
    far, base = looked_up(coded, sums).T, looked_up(coded, shared).T
    return silhouettes(far, base, own, labels)
