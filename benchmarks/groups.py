"""Groups against what one would write with scipy and scikit-learn: equal first, then timed.

    python benchmarks/groups.py [REPEATS]

Each pair does the same job on the same data; the numbers are checked to be equal before any is
timed; the two run in turns, one thread each. The ratio of the medians is what counts: seconds
depend on the machine. `gower` style means one numpy pass over all pairs per proposition, as
packages for mixed data do it.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")

import time
from collections.abc import Callable

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.cluster import AgglomerativeClustering

from positions.measures import cluster_validation, clustering, distances


def answers(bodies: int, propositions: int, silent: float, seed: int = 1) -> np.ndarray:
    """Random stances, some silent."""
    random = np.random.Generator(np.random.PCG64(seed))
    table = random.integers(-2, 3, size=(bodies, propositions)).astype(float)
    table[random.random(table.shape) < silent] = np.nan
    return table


def gower_style(table: np.ndarray) -> np.ndarray:
    """One pass over all pairs per proposition."""
    total = np.zeros((len(table), len(table)))
    shared = np.zeros_like(total)
    for column in table.T:
        steps = np.abs(column[:, None] - column)
        known = ~np.isnan(steps)
        total += np.where(known, steps, 0)
        shared += known
    with np.errstate(invalid="ignore"):
        found = total / shared / 4
    np.fill_diagonal(found, 0)
    return found


def mean_step(one: np.ndarray, two: np.ndarray) -> float:
    """The distance of two rows, for scipy to call."""
    steps = np.abs(one - two)
    known = ~np.isnan(steps)
    return float(steps[known].sum() / known.sum() / 4)


def with_scipy(table: np.ndarray) -> np.ndarray:
    """Scipy's cdist with a Python callable."""
    return cdist(table, table, mean_step)


def ours(table: np.ndarray) -> np.ndarray:
    """The package's distances."""
    return distances.between(table, np.ones(table.shape[1]), 1)


def stability_loop(table: np.ndarray, size: int, columns: np.ndarray) -> np.ndarray:
    """Share of resamples in which each pair is in one group: scipy in a loop, nobody silent."""
    together = np.zeros((len(table), len(table)))
    for drawn in columns:
        merges = linkage(pdist(table[:, drawn], "cityblock") / (4 * table.shape[1]), "average")
        labels = fcluster(merges, size, "maxclust")
        together += labels[:, None] == labels
    return together / len(columns)


def sklearn_loop(table: np.ndarray, size: int, columns: np.ndarray) -> np.ndarray:
    """The same with scikit-learn's agglomerative clustering."""
    model = AgglomerativeClustering(size, metric="precomputed", linkage="average")
    together = np.zeros((len(table), len(table)))
    for drawn in columns:
        apart = squareform(pdist(table[:, drawn], "cityblock") / (4 * table.shape[1]))
        labels = model.fit_predict(apart)
        together += labels[:, None] == labels
    return together / len(columns)


def our_stability(table: np.ndarray, size: int, draws: int, seed: int) -> np.ndarray:
    """The package's resamples and shares."""
    weights = np.ones(table.shape[1])
    return cluster_validation.together(
        cluster_validation.bootstrap(table, weights, size, (draws, seed))
    )


def timed(repeats: int, jobs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median seconds of each job, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            taken[name].append(time.perf_counter() - start)
    return {name: float(np.median(times)) for name, times in taken.items()}


def report(what: str, medians: dict[str, float], scale: dict[str, float]) -> None:
    """Print the ratio of each peer to the package; `scale` extrapolates a peer's part job."""
    mine = medians["ours"]
    for name, seconds in medians.items():
        if name != "ours":
            ratio = seconds * scale.get(name, 1) / mine
            print(f"{what}: {name} / ours = {ratio:.1f}  (ours {mine:.4f} s)", flush=True)


def distance_benchmark(repeats: int) -> None:
    """Distances of 3,000 bodies on 20 propositions, a tenth silent."""
    table = answers(3000, 20, 0.1)
    assert np.allclose(ours(table), gower_style(table), atol=1e-12, rtol=0)
    part = table[:300]
    assert np.allclose(ours(part), with_scipy(part), atol=1e-12, rtol=0)
    jobs = {
        "ours": lambda: ours(table),
        "gower style": lambda: gower_style(table),
        "scipy callable (10% of the rows, scaled)": lambda: with_scipy(part),
    }
    scale = {"scipy callable (10% of the rows, scaled)": 100.0}
    report("distances 3000 x 20", timed(repeats, jobs), scale)


def stability_benchmark(repeats: int, draws: int = 10_000) -> None:
    """Co-membership of 10 bodies over resamples of 40 propositions, cut into 3."""
    random = np.random.Generator(np.random.PCG64(2))
    # Stances of many decimals have no ties, so that all three must find the same groups.
    table = random.normal(size=(10, 40)).clip(-1.999, 1.999)
    columns = np.random.Generator(np.random.PCG64(3)).integers(40, size=(draws, 40))
    few = columns[:500]
    mine = our_stability(table, 3, 500, 3)
    assert np.array_equal(mine, stability_loop(table, 3, few))
    assert np.array_equal(mine, sklearn_loop(table, 3, few))
    part = columns[: draws // 10]
    jobs = {
        "ours": lambda: our_stability(table, 3, draws, 3),
        "scipy loop (10% of the draws, scaled)": lambda: stability_loop(table, 3, part),
        "scikit-learn loop (10%, scaled)": lambda: sklearn_loop(table, 3, part),
    }
    scale = dict.fromkeys(list(jobs)[1:], 10.0)
    report(f"stability 10 x 40, {draws} resamples", timed(repeats, jobs), scale)


def silhouette_benchmark(repeats: int) -> None:
    """Choosing among 2 to 9 groups by silhouette in 200 tables of 10 bodies."""
    from sklearn.metrics import silhouette_score

    stack = np.stack([ours(answers(10, 40, 0, seed)) for seed in range(200)])
    sizes = range(2, 10)
    labels = clustering.cuts(stack, sizes)

    def loop() -> np.ndarray:
        return np.array(
            [
                [silhouette_score(apart, cut, metric="precomputed") for cut in cuts]
                for apart, cuts in zip(stack, labels, strict=True)
            ]
        )

    mine = clustering.silhouettes(stack, labels).mean(axis=2)
    assert np.allclose(mine, loop(), atol=1e-12, rtol=0)
    jobs = {"ours": lambda: clustering.silhouettes(stack, labels), "scikit-learn loop": loop}
    report("silhouettes of 200 tables, 2 to 9 groups", timed(repeats, jobs), {})


def main() -> None:
    """Check, time and print."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    distance_benchmark(repeats)
    stability_benchmark(repeats)
    silhouette_benchmark(repeats)


if __name__ == "__main__":
    main()
