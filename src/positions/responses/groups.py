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

from positions.measures import cluster_validation
from positions.measures.cluster_validation import threshold
from positions.measures.distances import LEAST_ADDRESSED
from positions.measures.groups import verdict_of
from positions.responses import kmedians
from positions.responses.patterns import SILENT, Floats, Ints, Levels, codes, levels, order, sample
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
    `draws`: permutations, and resamples of the questions; `seed` of PCG64.
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
        `stable`, `pattern`, `none` or `too few`.
    labels
        Per row of the patterns given: the group from 0 up, -1 where too little was answered.
    groups
        One row per candidate group, largest first: `group` (a letter), `respondents`, `share`
        (by weight), `jaccard`, `draws`, `standing`, as on bodies.
    profiles
        One row per group and question: `group`, `question_id`, `position` (the median),
        `mean`, `answered` (by weight).
    choice
        One row per number of groups: `groups`, `silhouette` (in the sample), `chance` (97.5th
        percentile of permuted samples), `chosen`.
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
    respondents by weight. It counts only if it beats 97.5% of samples in which each question's
    answers are permuted among those who answered it. A group is reported only if it comes back
    when the questions are resampled. Silence is never filled in.

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
    Rousseeuw (1987) for the silhouette, Hennig (2007) for the stability of a group. Groups much
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
    marked = kmedians.indicators(some)[None]
    sizes = list(range(2, rules.most + 1))
    start = kmedians.starts(marked, of_questions, rules.most)
    fits = kmedians.fit(marked, of_questions, sizes, start)
    scores = np.round([w.mean() for w in kmedians.sharpness(marked, of_questions, fits)], 9)
    bar = threshold(by_chance(some, of_questions, sizes, (rules.draws, rules.seed + 1)))
    best = int(scores.argmax())
    sharp = bool(scores[best] > bar)
    profiles = kmedians.middles(fits[best][1], start[:, : sizes[best]])[0]
    coded = kmedians.triples(table.rows)
    labels, counts, profiles = kmedians.settle(coded, table.weight, table.of_questions, profiles)
    labels, counts = _by_size(labels, counts, table)
    back = resampled(some, labels[drawn], table.of_questions, (rules.draws, rules.seed))
    each = kmedians.sharpness_of_all(coded, table.of_questions, labels, counts)
    groups = _groups(labels, table, back, sharp)
    tried = pd.DataFrame({"groups": [1, *sizes], "silhouette": [np.nan, *scores], "chance": bar})
    return RespondentGroups(
        verdict=verdict_of(groups),
        labels=labels,
        groups=groups,
        profiles=_profiles(counts, table.names),
        choice=tried.assign(chosen=tried["groups"] == (sizes[best] if sharp else 1)),
        silhouette=round(float(each @ table.weight / table.weight.sum()), 9),
        compared=0,
        aside=0,
        sampled=len(drawn),
        rules=rules,
    )


def by_chance(
    some: Levels, of_questions: Floats, sizes: Sequence[int], draws: tuple[int, int]
) -> Floats:
    """Cut samples whose answers are permuted within the questions; the sharpest of each."""
    number, seed = draws
    random = np.random.Generator(np.random.PCG64(seed))
    permuted = np.repeat(some[None], number, axis=0)
    for column in range(some.shape[1]):
        said = np.flatnonzero(some[:, column] != SILENT)
        permuted[:, said, column] = random.permuted(permuted[:, said, column], axis=1)
    best = []
    for part in np.array_split(permuted, min(number, max(1, permuted.size // _AT_ONCE))):
        marked = kmedians.indicators(part)
        start = kmedians.starts(marked, of_questions, max(sizes))
        fits = kmedians.fit(marked, of_questions, sizes, start)
        widths = kmedians.sharpness(marked, of_questions, fits)
        best.append(np.max([width.mean(axis=1) for width in widths], axis=0))
    return np.concatenate(best)


def resampled(some: Levels, labels: Ints, of_questions: Floats, draws: tuple[int, int]) -> Floats:
    """Measure how much of each group comes back when other questions are drawn.

    The sample is cut again, into as many groups, from a start of its own.
    """
    number, seed = draws
    asked, size = some.shape[1], int(labels.max()) + 1
    random = np.random.Generator(np.random.PCG64(seed))
    times = random.multinomial(asked, np.full(asked, 1 / asked), size=number)
    marked = kmedians.indicators(some)[None]
    weighted = times * of_questions
    start = kmedians.starts(marked, weighted, size)
    ((again, _),) = kmedians.fit(marked, weighted, [size], start)
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


def _groups(labels: Ints, table: _Table, back: Floats, sharp: bool) -> pd.DataFrame:
    names = list(NAMES[: back.shape[1]])
    held = cluster_validation.group_table(names, back)
    number = np.bincount(labels, table.n, minlength=len(names)).astype("int64")
    share = np.bincount(labels, table.weight, minlength=len(names)) / table.weight.sum()
    found = held.assign(respondents=number, share=share)[COLUMNS]
    return found if sharp else found.assign(standing="chance")


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
        choice=pd.DataFrame(columns=["groups", "silhouette", "chance", "chosen"]),
        silhouette=float("nan"),
        compared=counts[0],
        aside=counts[1],
        sampled=0,
        rules=rules,
    )
