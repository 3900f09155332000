"""How often are groups reported where there are none, and found where they were planted?

    python benchmarks/simulate_groups.py [--tables 200] [--first 0] [--draws 79] [--of respondents]
                                         [--kinds "two camps" ...]

Tables of five kinds; none of them is used by the package.

- independence: every body takes its stance on every proposition on its own, each proposition with
  its own leaning, a quarter silent at random;
- loudness: sides by the toss of a coin, one half of the bodies always at +-2, the other at +-1;
- one dimension: a graded response model, places of bodies and steps of propositions normal, all
  propositions of one discrimination (logistic), half of them turned round; the second of two
  sizes also with a quarter silent;
- camps: bodies share the stances of their camp, except that a fifth are drawn at random, a
  quarter silent.

Prints one row per kind, with the exact 95% interval of how often groups are reported, and what
planted camps and tables without camps reach when propositions are drawn again, from which the
threshold for groups that come back is taken. `--first` names the first table: other tables tell
whether a rate was chance. With 79 draws, where the package makes 999, camps are found a little less
often and a steep dimension is taken for groups a little more often.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy.stats import binomtest
from sklearn.metrics import adjusted_rand_score

from positions.measures import groups
from positions.measures.cluster_validation import DIVISION
from positions.responses import groups as response_groups
from positions.responses import patterns

SILENT = 0.25
NOISE = 0.20
Table = tuple[np.ndarray, np.ndarray]
"""Positions of bodies by propositions, NaN where silent; the camp of each body."""


def tidy(table: np.ndarray) -> pd.DataFrame:
    """Bodies by propositions as a table of positions, silence left out."""
    body, proposition = np.nonzero(~np.isnan(table))
    return pd.DataFrame(
        {
            "body_id": [f"b{row:04d}" for row in body],
            "proposition_id": [f"p{column:03d}" for column in proposition],
            "position": table[body, proposition],
        }
    )


def silenced(table: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """The table with a share of its cells silent."""
    return np.where(random.random(table.shape) < share, np.nan, table)


def independence(bodies: int, propositions: int, seed: int) -> Table:
    """Stances independent given the proposition's own leaning."""
    random = np.random.Generator(np.random.PCG64(seed))
    leanings = random.dirichlet(np.ones(5), size=propositions)
    table = np.column_stack([random.choice(5, size=bodies, p=p) - 2.0 for p in leanings])
    return silenced(table, SILENT, random), np.zeros(bodies, dtype=int)


def loudness(bodies: int, propositions: int, seed: int) -> Table:
    """Sides at random; half of the bodies loud, half of them quiet."""
    random = np.random.Generator(np.random.PCG64(seed))
    table = random.choice([-1.0, 1.0], size=(bodies, propositions))
    table[::2] *= 2
    return table, np.zeros(bodies, dtype=int)


def dimension(discrimination: float, silent: float = 0.0) -> Callable[[int, int, int], Table]:
    """One smooth dimension: a graded response model."""

    def draw(bodies: int, propositions: int, seed: int) -> Table:
        random = np.random.Generator(np.random.PCG64(seed))
        places = random.standard_normal((bodies, 1, 1))
        steps = np.sort(random.standard_normal((propositions, 4)), axis=1)
        above = 1 / (1 + np.exp(-discrimination * (places - steps)))
        table = (random.random((bodies, propositions, 1)) < above).sum(axis=2) - 2.0
        table[:, ::2] *= -1
        return silenced(table, silent, random), np.zeros(bodies, dtype=int)

    return draw


def camps(number: int) -> Callable[[int, int, int], Table]:
    """Camps that share their stances, but for noise and silence."""

    def draw(bodies: int, propositions: int, seed: int) -> Table:
        random = np.random.Generator(np.random.PCG64(10_000 + seed))
        stances = random.integers(-2, 3, size=(number, propositions)).astype(float)
        camp = np.arange(bodies) % number
        table = stances[camp]
        stray = random.random(table.shape) < NOISE
        table[stray] = random.integers(-2, 3, size=int(stray.sum()))
        return silenced(table, SILENT, random), camp

    return draw


KINDS: dict[str, tuple[Callable[[int, int, int], Table], list[tuple[int, int]]]] = {
    "independence": (independence, [(10, 19), (20, 20)]),
    "loudness": (loudness, [(10, 19), (20, 20)]),
    "one dimension, 1.0": (dimension(1.0), [(10, 19), (20, 20)]),
    "one dimension, 1.75": (dimension(1.75), [(10, 19), (20, 20)]),
    "one dimension, 2.5": (dimension(2.5), [(10, 19), (20, 20)]),
    "one dimension, 2.5, a quarter silent": (dimension(2.5, SILENT), [(20, 20)]),
    "two camps": (camps(2), [(12, 20), (16, 20), (20, 20), (30, 20)]),
    "three camps": (camps(3), [(12, 20), (30, 20)]),
}
RESPONDENTS = (2000, 20)


def of_bodies(table: np.ndarray, draws: int) -> tuple[str, list[str], pd.DataFrame]:
    """The verdict on bodies, the candidate of each body, the groups."""
    rules = groups.GroupRules(draws=draws, overlaps=())
    found = groups.find(tidy(table), rules=rules)
    where = found.members.set_index("body_id")["candidate"]
    ids = [f"b{row:04d}" for row in range(len(table))]
    return found.verdict, where.reindex(ids, fill_value="").tolist(), found.groups


def of_respondents(table: np.ndarray, draws: int) -> tuple[str, list[str], pd.DataFrame]:
    """The verdict on respondents, the candidate of each, the groups."""
    names = [f"q{column:03d}" for column in range(table.shape[1])]
    counted = patterns.counted(table, names)
    rules = response_groups.Grouping(draws=draws)
    found = response_groups.find(counted, names, rules=rules)
    rows = patterns.levels(counted.to_numpy())
    place = {row.tobytes(): str(label) for row, label in zip(rows, found.labels, strict=True)}
    return (
        found.verdict, [place[row.tobytes()] for row in patterns.levels(table)], found.groups,
    )  # fmt: skip


JUDGES = {"bodies": (of_bodies, 79), "respondents": (of_respondents, response_groups.DEFAULT.draws)}
"""How each is judged, and with how many tables of each kind unless told."""


def main() -> None:
    """Print the rates, a row at a time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--draws", type=int)
    parser.add_argument("--of", choices=JUDGES, default="bodies")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    asked = parser.parse_args()
    judge, draws = JUDGES[asked.of]
    columns = ["kind", f"{asked.of} x propositions", "groups", "95% interval", "a division", "none",
               "camps", "comes back"]  # fmt: skip
    for line in (columns, ["---"] * len(columns)):
        print("| " + " | ".join(line) + " |")
    for kind in asked.kinds:
        draw, shapes = KINDS[kind]
        for bodies, propositions in shapes if asked.of == "bodies" else [RESPONDENTS]:
            verdicts, agreement, back = [], [], []
            for seed in range(asked.first, asked.first + asked.tables):
                table, camp = draw(bodies, propositions, seed)
                verdict, candidate, found = judge(table, asked.draws or draws)
                verdicts.append(verdict)
                agreement.append(adjusted_rand_score(camp, candidate))
                back.append(found["jaccard"].nlargest(2).min() if len(found) > 1 else 0.0)
            found, division, none = (verdicts.count(v) for v in ("groups", DIVISION, "none"))
            exact = binomtest(found, asked.tables).proportion_ci()
            low, high = np.quantile(back, (0.025, 0.975))
            row = [
                kind, f"{bodies:,} x {propositions}", f"{found / asked.tables:.1%}",
                f"{exact.low:.1%} to {exact.high:.1%}", f"{division / asked.tables:.1%}",
                f"{none / asked.tables:.1%}",
                f"{np.mean(agreement):.2f}" if "camps" in kind else "", f"{low:.2f} to {high:.2f}",
            ]  # fmt: skip
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
