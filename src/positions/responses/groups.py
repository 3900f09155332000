"""Who among thousands or millions of respondents stands together: the same verdict as on bodies.

Identical answers are one row with a count. Groups are cut round profiles, k-medians on the
city-block distance of `distances`, in a sample and then settled on all (Kaufman and Rousseeuw
1990, chapter 3, "clustering large applications"). No matrix of pairs of respondents is made.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from positions.measures import cluster_validation, null_models
from positions.measures.distances import LEAST_ADDRESSED
from positions.responses import kmedians
from positions.responses.patterns import (
    SILENT,
    Floats,
    Ints,
    Levels,
    codes,
    levels,
    order,
    sample,
)
from positions.study.schema import SCALE

FEWEST_RESPONDENTS = 50
"""Respondents below which no groups are looked for."""
_AT_ONCE = 100_000
"""Answers of permuted samples that are cut together: few enough to stay near the processor."""
NAMES = "ABCDEFGHIJ"
COLUMNS = ["group", "respondents", "share", "jaccard", "draws", "standing"]


@dataclasses.dataclass(frozen=True)
class Grouping:
    """How respondents are grouped; every number here is printed with the result.

    `addressed`: questions a respondent must have answered; `most`: the largest number of groups
    tried; `sample`: respondents on whom the number of groups is chosen and its verdict rests;
    `draws`: tables of each kind without groups, and resamples of the questions; `seed` of PCG64.
    """

    addressed: int = LEAST_ADDRESSED
    most: int = 5
    sample: int = 500
    draws: int = cluster_validation.FEWEST_DRAWS
    seed: int = 1


DEFAULT = Grouping()


@dataclasses.dataclass(frozen=True)
class RespondentGroups:
    """What was found, with all that its verdict rests on.

    Attributes
    ----------
    verdict
        `groups`, `a division, perhaps of a continuum`, `none` or `too few`.
    labels
        Per row of the patterns given: the group from 0 up, -1 where too little was answered.
    groups
        One row per candidate group, largest first: `group` (a letter), `respondents`, `share`
        (by weight), `jaccard`, `draws`, `standing`, as on bodies.
    profiles
        One row per group and question: `group`, `question_id`, `position` (the median),
        `mean`, `answered` (by weight).
    choice
        One row per number of groups: `groups`, `silhouette` (in the sample), `chosen`.
    tests
        One row per test: see `cluster_validation.comparisons`.
    silhouette
        Mean over all who were grouped.
    compared, aside
        Respondents grouped, and those who answered too little.
    sampled
        Respondents in the sample.
    rules
        What it was asked with.
    """

    verdict: str
    labels: Ints
    groups: pd.DataFrame
    profiles: pd.DataFrame
    choice: pd.DataFrame
    tests: pd.DataFrame
    silhouette: float
    compared: int
    aside: int
    sampled: int
    rules: Grouping


def find(
    patterns: pd.DataFrame,
    names: Sequence[str],
    weights: Mapping[str, int] | None = None,
    rules: Grouping = DEFAULT,
) -> RespondentGroups:
    """Find groups among the respondents that are sharper than chance and come back.

    The number of groups is the one whose mean silhouette is highest, in a systematic sample of
    respondents by weight. The verdict is that on bodies: the division must beat 97.5% of samples
    in which each question's answers are permuted among those who answered it, and of samples
    drawn from one dimension fitted to the same answers. It must be a division by sides, and its
    groups must come back when the questions are resampled. Silence is never filled in.

    Parameters
    ----------
    patterns
        One row per pattern, as `patterns.counted` returns them: a column a question, codes from
        -2 to 2, NaN where silent.
    names
        The questions.
    weights
        A whole number a question, in proportion to its weight; 1 by default.
    rules
        Least answered, numbers of groups tried, sample, draws, seed.

    Notes
    -----
    Rousseeuw (1987) for the silhouette, Hennig (2007) for the stability of a group,
    `null_models` for samples without groups. Groups much
    smaller than one in a hundred are too few in the sample to be seen.
    """
    rows = levels(patterns[list(names)].to_numpy())
    number, heavy = (patterns.index.get_level_values(of).to_numpy() for of in ("n", "weight"))
    weight = np.array([1 if weights is None else weights[name] for name in names], dtype=float)
    rows, weight = rows[:, weight > 0], weight[weight > 0]
    kept = [name for name in names if weights is None or weights[name] > 0]
    enough = (rows != SILENT).sum(axis=1) >= rules.addressed
    enough &= heavy > 0
    places = np.flatnonzero(enough)
    places = places[order(rows[places])]
    compared = int(number[places].sum())
    of_all = heavy.astype(float)
    table = _Table(rows[places], number[places], of_all[places], weight, kept)
    aside = int(number.sum()) - compared
    # In order, all rows are alike where the first and the last are.
    if compared < FEWEST_RESPONDENTS or (table.rows[0] == table.rows[-1]).all():
        return _nothing(len(rows), (compared, aside), rules)
    found = _judged(table, rules)
    labels = np.full(len(rows), -1, dtype=np.int64)
    labels[places] = found.labels
    return dataclasses.replace(found, labels=labels, compared=compared, aside=aside)


@dataclasses.dataclass(frozen=True)
class _Table:
    """Patterns in order: levels, respondents, their weight; the questions' weights and names."""

    rows: Levels
    n: Ints
    weight: Floats
    of_questions: Floats
    names: list[str]


def _judged(table: _Table, rules: Grouping) -> RespondentGroups:
    """Cut a sample, ask whether chance cuts as sharply, settle on all, ask what comes back."""
    drawn = sample(table.weight, min(rules.sample, int(table.n.sum())))
    some = table.rows[drawn]
    of_questions = table.of_questions[None]
    sizes = list(range(2, rules.most + 1))
    mine, profiles = _cut(some[None], of_questions, sizes)
    best = int(mine.scores[0].argmax())
    compared = _compared(some, of_questions, sizes, mine, rules)
    coded = kmedians.triples(table.rows)
    first = profiles[0, : sizes[best]]
    labels, counts = kmedians.settle(coded, table.weight, table.of_questions, first)
    labels, counts = _by_size(labels, counts, table)
    back = resampled(some, labels[drawn], table.of_questions, (rules.draws, rules.seed))
    each = kmedians.sharpness_of_all(coded, table.of_questions, labels, counts)
    groups = _groups(labels, table, back)
    tried = pd.DataFrame({"groups": sizes, "silhouette": mine.scores[0]})
    return RespondentGroups(
        verdict=cluster_validation.verdict_of(compared, groups),
        labels=labels,
        groups=groups,
        profiles=_profiles(counts, table.names),
        choice=tried.assign(chosen=tried["groups"] == sizes[best]),
        tests=compared,
        silhouette=round(float(each @ table.weight / table.weight.sum()), 9),
        compared=0,
        aside=0,
        sampled=len(drawn),
        rules=rules,
    )


def _cut(
    tables: Levels, of_questions: Floats, sizes: Sequence[int]
) -> tuple[cluster_validation.Sharpest, Ints]:
    """Cut samples into each number of groups: the sharpest of each, and its profiles.

    How sharp is said also on sides alone. Of profiles there are as many as the most groups tried.
    """
    answers = kmedians.Answers.of(tables)
    start = kmedians.starts(answers, of_questions, max(sizes))
    fits = kmedians.fit(answers, of_questions, sizes, start)
    widths = kmedians.sharpness(answers, of_questions, fits)
    scores = np.round(np.stack([width.mean(axis=1) for width in widths], axis=1), 9)
    best = scores.argmax(axis=1)
    labels = np.stack([fits[at][0][draw] for draw, at in enumerate(best)])
    counts = np.zeros((len(tables), max(sizes), answers.across.shape[1]), dtype="float32")
    for draw, at in enumerate(best):
        counts[draw, : sizes[at]] = fits[at][1][draw]
    chosen = [(labels, counts)]
    (on_sides,) = kmedians.sharpness(answers, of_questions, chosen, answers.by_sides)
    sides = on_sides.mean(axis=1)
    found = cluster_validation.Sharpest(labels, scores, np.round(sides, 9))
    return found, answers.used[kmedians.middles(counts, start)]


def _compared(
    some: Levels,
    of_questions: Floats,
    sizes: Sequence[int],
    mine: cluster_validation.Sharpest,
    rules: Grouping,
) -> pd.DataFrame:
    """Compare a cut with those of samples without groups."""
    values = codes(some).astype("float64")
    independent, one = (
        without_groups(values, loadings, of_questions, sizes, (rules.draws, rules.seed + place))
        for place, loadings in enumerate(
            (null_models.independence(values), null_models.one_dimension(values)), start=1
        )
    )
    return cluster_validation.comparisons(
        (mine.best[0], mine.sides[0]), (independent.best, independent.sides), one.best
    )


def without_groups(
    values: Floats,
    loadings: Floats,
    of_questions: Floats,
    sizes: Sequence[int],
    draws: tuple[int, int],
) -> cluster_validation.Sharpest:
    """Cut samples drawn with these loadings on one dimension."""
    tables = levels(null_models.dealt(values, loadings, draws))
    parts = np.array_split(tables, min(len(tables), max(1, tables.size // _AT_ONCE)))
    found = [_cut(part, of_questions, sizes)[0] for part in parts]
    return cluster_validation.Sharpest(
        *(
            np.concatenate([getattr(each, name) for each in found])
            for name in ("labels", "scores", "sides")
        )
    )


def resampled(some: Levels, labels: Ints, of_questions: Floats, draws: tuple[int, int]) -> Floats:
    """Measure how much of each group comes back when other questions are drawn.

    The sample is cut again, into as many groups, from a start of its own.
    """
    number, seed = draws
    asked, size = some.shape[1], int(labels.max()) + 1
    random = np.random.Generator(np.random.PCG64(seed))
    times = random.multinomial(asked, np.full(asked, 1 / asked), size=number)
    answers = kmedians.Answers.of(some[None])
    weighted = times * of_questions
    start = kmedians.starts(answers, weighted, size)
    ((again, _),) = kmedians.fit(answers, weighted, [size], start)
    silent = ~((some != SILENT).astype(float) @ (weighted > 0).T > 0).T
    back: Floats = cluster_validation.recovered(labels, np.where(silent, -1, again))
    return back


def _by_size(labels: Ints, counts: Floats, table: _Table) -> tuple[Ints, Floats]:
    """Put groups in the order of their weight, largest first; of equals, the first found."""
    size = np.bincount(labels, table.weight, minlength=len(counts))
    places = np.argsort(-np.round(size, 6), kind="stable")
    rank = np.empty(len(places), dtype=np.int64)
    rank[places] = np.arange(len(places))
    return rank[labels], counts[places]


def _groups(labels: Ints, table: _Table, back: Floats) -> pd.DataFrame:
    names = list(NAMES[: back.shape[1]])
    held = cluster_validation.group_table(names, back)
    number = np.bincount(labels, table.n, minlength=len(names)).astype("int64")
    share = np.bincount(labels, table.weight, minlength=len(names)) / table.weight.sum()
    return held.assign(respondents=number, share=share)[COLUMNS]


def _profiles(counts: Floats, names: Sequence[str]) -> pd.DataFrame:
    """Return where each group stands on each question."""
    by_level = counts.reshape(len(counts), len(names), -1)
    total = by_level.sum(axis=-1)
    scale = np.arange(SCALE[0], SCALE[1] + 1)
    mean = np.divide(by_level @ scale, total, out=np.full_like(total, np.nan), where=total > 0)
    middle = kmedians.middles(counts, np.zeros(total.shape, dtype=np.int64)).astype(np.int8)
    position = codes(np.where(total > 0, middle, SILENT).astype(np.int8))
    index = pd.MultiIndex.from_product(
        [list(NAMES[: len(counts)]), list(names)], names=["group", "question_id"]
    )
    found = {"position": position.ravel(), "mean": mean.ravel(), "answered": total.ravel()}
    return pd.DataFrame(found, index=index).reset_index()


def _nothing(rows: int, counts: tuple[int, int], rules: Grouping) -> RespondentGroups:
    return RespondentGroups(
        verdict="too few",
        labels=np.full(rows, -1, dtype=np.int64),
        groups=pd.DataFrame(columns=COLUMNS),
        profiles=pd.DataFrame(columns=["group", "question_id", "position", "mean", "answered"]),
        choice=pd.DataFrame(columns=["groups", "silhouette", "chosen"]),
        tests=pd.DataFrame(columns=cluster_validation.TESTS),
        silhouette=float("nan"),
        compared=counts[0],
        aside=counts[1],
        sampled=0,
        rules=rules,
    )
