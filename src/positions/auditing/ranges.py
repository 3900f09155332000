"""How far a score can be off if some of the codes behind it are wrong, or stances were missed."""

from __future__ import annotations

import dataclasses

import numpy as np

from positions.measures._kernel import Bools, Floats


@dataclasses.dataclass(frozen=True)
class BodyEvidence:
    """The points of one body: what it is coded to say, and on which it may have been missed.

    Attributes
    ----------
    names
        The propositions with a position.
    near, weight
        Per point with a position: its nearness and its weight.
    open
        Per point: whether it has a code that nobody knows; only such a point can be wrong.
    free
        Per point: whether it has a code that was to be checked and is not settled.
    missed, missed_weight
        The propositions without a position on which a stance may have been missed; their weights.
    """

    names: tuple[str, ...]
    near: Floats
    weight: Floats
    open: Bools
    free: Bools
    missed: tuple[str, ...]
    missed_weight: Floats

    def ends(self, wrong: int, missed: int = 0) -> tuple[float, float]:
        """Return the lowest and the highest score, with so many wrong codes and missed stances.

        A wrong code moves its whole point to the worst or to the best: to strike it moves a score
        less. What is not settled may be anywhere. A missed stance adds its point at either end.
        """
        added = largest(self.missed_weight, missed)
        total, weight = float(self.weight @ self.near), float(self.weight.sum()) + added
        if weight <= 0:
            return float("nan"), float("nan")
        down, up = (self._moved(self.weight * far, wrong) for far in (self.near, 1 - self.near))
        return (total - down) / weight, (total + up + added) / weight

    def _moved(self, gain: Floats, wrong: int) -> float:
        """Return by how much points move: all that are free, and the heaviest that can be wrong."""
        return float(gain[self.free].sum()) + largest(gain[self.open & ~self.free], wrong)


def largest(gain: Floats, number: int) -> float:
    """Return the sum of the largest, so many at most."""
    return float(np.sort(gain)[::-1][: max(number, 0)].sum())


class Ends:
    """The ends of one body's score for any number of wrong codes and missed stances.

    Each is computed once. More cannot be wrong or missed than there are points for it.
    """

    def __init__(self, evidence: BodyEvidence):
        self._evidence = evidence
        self.wrong = int((evidence.open & ~evidence.free).sum())
        self.missed = len(evidence.missed_weight)
        self._kept: dict[tuple[int, int], tuple[float, float]] = {}

    def at(self, wrong: int, missed: int = 0) -> tuple[float, float]:
        """Return the lowest and the highest score with so many wrong codes and missed stances."""
        key = min(wrong, self.wrong), min(missed, self.missed)
        if key not in self._kept:
            self._kept[key] = self._evidence.ends(*key)
        return self._kept[key]


def difference(one: Ends, other: Ends, wrong: int, missed: int = 0) -> tuple[float, float]:
    """Return the least and the greatest difference of two scores.

    Parameters
    ----------
    one, other
        Their ends.
    wrong, missed
        How many codes may be wrong, and how many stances missed, in both bodies together.
    """
    low, high = float("inf"), float("-inf")
    for here in _splits(wrong, one.wrong, other.wrong):
        for found in _splits(missed, one.missed, other.missed):
            first, second = one.at(here, found), other.at(wrong - here, missed - found)
            low, high = min(low, first[0] - second[1]), max(high, first[1] - second[0])
    return low, high


def _splits(number: int, here: int, there: int) -> range:
    """Return how many of a number can fall here, where the rest falls there."""
    if number >= here + there:
        return range(here, here + 1)
    return range(max(0, number - there), min(number, here) + 1)
