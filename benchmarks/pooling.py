"""How often do the 90% intervals of partial pooling hold the true difference of two bodies?

Tables are drawn from the model that is assumed: 1,000 of them, 200 of each setting. The first
setting has the widths and the gaps of the shipped study; the others are of 17 bodies and 19
propositions, each addressed with a chance of 3 in 10. Within 88% to 92% is as good as right.

    python benchmarks/pooling.py
"""

from __future__ import annotations

import numpy as np

from positions.measures import pooling

SETTINGS = [
    # bodies, propositions, width of body, of proposition, residual, share addressed
    (56, 19, 0.14, 0.32, 0.19, 0.11),
    (17, 19, 0.1, 0.2, 0.3, 0.3),
    (17, 19, 0.2, 0.2, 0.3, 0.3),
    (17, 19, 0.3, 0.2, 0.3, 0.3),
    (17, 19, 0.4, 0.1, 0.3, 0.3),
]
TABLES = 200


def drawn(random: np.random.Generator, setting: tuple) -> tuple[np.ndarray, ...]:
    """Draw a table in which every body and every proposition is heard: effects, places, numbers."""
    bodies, propositions, wide, narrow, residual, share = setting
    heard = np.zeros((bodies, propositions), dtype=bool)
    while not (heard.any(axis=0).all() and heard.any(axis=1).all()):
        heard = random.random((bodies, propositions)) < share
        # A body that nobody heard would not be in the table: it addresses one point at least.
        heard[np.arange(bodies), random.integers(propositions, size=bodies)] = True
    body, proposition = np.nonzero(heard)
    effects = random.normal(0, wide, bodies)
    near = effects[body] + random.normal(0, narrow, propositions)[proposition]
    return effects, body, proposition, 0.5 + near + random.normal(0, residual, len(body))


def held(random: np.random.Generator, setting: tuple) -> float:
    """Return the share of pairs whose true difference lies in its interval, in one table."""
    effects, body, proposition, near = drawn(random, setting)
    shares, solved = pooling.averaged(pooling.Equations.of(near, body, proposition))
    pairs = np.triu_indices(len(effects), 1)
    mean, error, _ = pooling.differences(shares, solved, pairs)
    true = effects[pairs[0]] - effects[pairs[1]]
    return float((np.abs(mean - true) <= 1.6448536 * error).mean())


def main() -> None:
    """Print the share of each setting and of all."""
    random = np.random.Generator(np.random.PCG64(1))
    every = []
    for setting in SETTINGS:
        found = [held(random, setting) for _ in range(TABLES)]
        every += found
        print(setting, f"{np.mean(found):.1%}, give or take {np.std(found) / TABLES**0.5:.1%}")
    print(f"all {len(every)} tables: {np.mean(every):.1%}")


if __name__ == "__main__":
    main()
