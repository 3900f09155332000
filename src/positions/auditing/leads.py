"""How far one body can be behind the other over what both address, if some codes are wrong."""

from __future__ import annotations

import pandas as pd

from positions.auditing.ranges import BodyEvidence, largest


def lead(
    one: BodyEvidence, other: BodyEvidence, wrong: int, missed: int = 0
) -> tuple[float, float]:
    """Return the least and the greatest lead of one body over the other.

    A wrong code puts its body at the worst on a point that both address, or the point out. A
    missed stance brings in a point that the other addresses, or half of one that neither does.

    Parameters
    ----------
    one, other
        Their points.
    wrong, missed
        How many of their codes on shared points may be wrong, and how many stances missed, in both
        bodies together.
    """
    return _least(one, other, wrong, missed), -_least(other, one, wrong, missed)


def shared(one: BodyEvidence, other: BodyEvidence) -> list[str]:
    """Return the points that both bodies address."""
    return [name for name in one.names if name in other.names]


def as_coded(one: BodyEvidence, other: BodyEvidence) -> float:
    """Return the lead of one body over the other, with every code as it is."""
    mine, theirs = (_table(of).loc[shared(one, other)] for of in (one, other))
    total = float(mine["weight"].sum())
    lead_ = float((mine["weight"] * (mine["near"] - theirs["near"])).sum())
    return lead_ / total if total else float("nan")


def _least(one: BodyEvidence, other: BodyEvidence, wrong: int, missed: int) -> float:
    both = shared(one, other)
    mine, theirs = _table(one).loc[both], _table(other).loc[both]
    weight = mine["weight"]
    gains = [mine.assign(gain=weight * mine["near"]),
             theirs.assign(gain=weight * (1 - theirs["near"]))]  # fmt: skip
    moves = pd.concat(gains)
    free = moves[moves["free"]]
    open_ = moves[moves["open"] & ~moves["free"]]
    joins = _joins(one, other)
    least = float((weight * (mine["near"] - theirs["near"])).sum())
    least -= float(free["gain"].sum()) + largest(open_["gain"].to_numpy(), wrong)
    least -= largest(joins["gain"].to_numpy(), missed)
    if least >= 0:
        total = float(weight.sum()) + largest(joins["weight"].to_numpy(), missed)
        return least / total if total else float("nan")
    # A point that is struck leaves fewer to share a lag: the most that can be are taken out.
    gone = float(free["weight"].sum()) + largest(open_["weight"].to_numpy(), wrong)
    left = float(weight.sum()) - gone
    return max(-1.0, least / left) if left > 0 else -1.0


def _table(of: BodyEvidence) -> pd.DataFrame:
    columns = {"near": of.near, "weight": of.weight, "open": of.open, "free": of.free}
    return pd.DataFrame(columns, index=list(of.names))


def _joins(one: BodyEvidence, other: BodyEvidence) -> pd.DataFrame:
    """Return by how much each missed stance could lower the lead, and the weight it brings in.

    A code of the other body on such a point can be wrong, too: that is taken to be so.
    """
    rows = []
    for here, there in ((one, other), (other, one)):
        for name, weight in zip(here.missed, here.missed_weight, strict=True):
            if name in there.names:
                rows.append((_known(here is one, there, name) * weight, weight))
            elif name in there.missed:
                rows.append((weight / 2, weight / 2))
    return pd.DataFrame(rows, columns=["gain", "weight"], dtype="float64")


def _known(first: bool, there: BodyEvidence, name: str) -> float:
    """Return how far the other body is ahead on a point where the first may have been missed."""
    at = there.names.index(name)
    if there.open[at] or there.free[at]:
        return 1.0
    return float(there.near[at] if first else 1 - there.near[at])
