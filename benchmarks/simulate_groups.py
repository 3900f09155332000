"""How often are groups reported where there are none, and found where they were planted?

    python benchmarks/simulate_groups.py [TABLES]

Null tables: every body takes its stance on every proposition on its own, each proposition with
its own leaning, a quarter silent at random. Planted tables: bodies in camps that share their
stances, except that a fifth of the stances are drawn at random. Prints one row per kind of
table; nothing here is used by the package.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from positions.measures import groups

SILENT = 0.25
NOISE = 0.20


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


def null(bodies: int, propositions: int, seed: int) -> pd.DataFrame:
    """A table without groups: stances independent given the proposition's own leaning."""
    random = np.random.Generator(np.random.PCG64(seed))
    leanings = random.dirichlet(np.ones(5), size=propositions)
    table = np.column_stack([random.choice(5, size=bodies, p=p) - 2.0 for p in leanings])
    table[random.random(table.shape) < SILENT] = np.nan
    return tidy(table)


def planted(
    bodies: int, propositions: int, camps: int, seed: int
) -> tuple[pd.DataFrame, dict[str, int]]:
    """A table of camps, and which camp each body is in."""
    random = np.random.Generator(np.random.PCG64(seed))
    stances = random.integers(-2, 3, size=(camps, propositions)).astype(float)
    camp = np.arange(bodies) % camps
    table = stances[camp]
    stray = random.random(table.shape) < NOISE
    table[stray] = random.integers(-2, 3, size=int(stray.sum()))
    table[random.random(table.shape) < SILENT] = np.nan
    return tidy(table), {f"b{row:04d}": int(which) for row, which in enumerate(camp)}


def null_rate(bodies: int, propositions: int, tables: int) -> tuple[float, float]:
    """Share of null tables with neither stable groups nor a pattern, and share without stable."""
    found = [groups.find(null(bodies, propositions, seed)) for seed in range(tables)]
    none = np.mean([f.verdict in ("none", "too few") for f in found])
    return float(none), float(np.mean([f.verdict != "stable" for f in found]))


def planted_rate(
    bodies: int, propositions: int, camps: int, tables: int
) -> tuple[float, float, float]:
    """Share of planted tables with groups reported, with every camp exact, and mean agreement."""
    reported, exact, agreement = [], [], []
    for seed in range(tables):
        table, camp = planted(bodies, propositions, camps, 10_000 + seed)
        found = groups.find(table)
        truth = [camp[body] for body in found.members["body_id"]]
        score = adjusted_rand_score(truth, found.members["candidate"])
        held = found.verdict in ("stable", "pattern")
        reported.append(held)
        exact.append(held and score == 1)
        agreement.append(score if held else 0.0)
    return float(np.mean(reported)), float(np.mean(exact)), float(np.mean(agreement))


def main() -> None:
    """Print the rates."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for bodies, propositions in ((8, 14), (12, 20), (30, 20)):
        none, unstable = null_rate(bodies, propositions, tables)
        print(
            f"null {bodies} x {propositions}: no stable groups in {unstable:.1%} of {tables} "
            f"tables, neither groups nor a pattern in {none:.1%}",
            flush=True,
        )
    for bodies, propositions, camps in ((12, 20, 2), (12, 20, 3), (30, 20, 3), (30, 40, 3)):
        held, exact, score = planted_rate(bodies, propositions, camps, tables)
        print(
            f"planted {bodies} x {propositions}, {camps} camps: groups reported in {held:.1%}, "
            f"every camp exact in {exact:.1%}, mean adjusted Rand {score:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
