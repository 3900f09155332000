"""Attainment: how much nearer to a body's position the outcome lies than where things stood.

Said of positions alone. That the outcome lies near to what a body wanted does not say that the
body brought it there. It is of wishes: a proposition that judges the proposals ("they are clear")
has no outcome, since to deny it is a judgement, and no wish that the law could meet.

Notes
-----
For a position s, the state before q (the reversion point) and the outcome o on the coded scale,
attainment is (|q - s| - |o - s|) / 4, from -1 (moved all the way from the body) to +1 (all the way
to it). Where q = o nothing moved, and the proposition counts for nobody. Without the reversion
point, closeness is 1 - |o - s| / f, f the furthest that a position can be from o: a body that
liked things as they were, and kept them, is close and attained nothing. Which of the two is
counted changes results (Bernhagen, Dür and Marshall 2014, "Measuring lobbying success spatially",
Interest Groups & Advocacy 3, 202-218), so both are given.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures import agreement
from positions.measures._kernel import WIDTH, Floats

ACT = "act"
COLUMNS = [
    "body_id", "name", "kind", "attainment", "lower", "upper", "spoke", "of", "nearer", "further",
    "unmoved", "closeness", "closeness_lower", "closeness_upper", "close_spoke", "close_of",
]  # fmt: skip


def attained(
    position: Floats | float, status_quo: Floats | float, outcome: Floats | float
) -> Floats:
    """Return (|q - s| - |o - s|) / 4.

    Examples
    --------
    A body at +2; the law moved from 0 to +1, and then not at all:

    >>> attained(2.0, 0.0, 1.0).item(), attained(2.0, 1.0, 1.0).item()
    (0.25, 0.0)
    """
    s, q, o = (np.asarray(value, dtype="float64") for value in (position, status_quo, outcome))
    return np.asarray((np.abs(q - s) - np.abs(o - s)) / WIDTH, dtype="float64")


def cells(positions: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Measure attainment proposition by proposition.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2].
    moves
        One row per proposition of which the end is known: `status_quo`, `act`, `weight`, as
        `outcomes.moves` returns it.

    Returns
    -------
    DataFrame
        One row per body and proposition that it spoke on and of which both states are known,
        sorted: `position`, `status_quo`, `act`, `weight`, `attained` (-1 to 1), and `counts`:
        whether anything moved there, and it weighs.
    """
    known = moves.dropna(subset=["status_quo", ACT])
    found = positions[["body_id", "proposition_id", "position"]].merge(
        known[["proposition_id", "status_quo", ACT, "weight"]], on="proposition_id"
    )
    ends = (found[name].to_numpy(dtype="float64") for name in ("position", "status_quo", ACT))
    found["attained"] = attained(*ends)
    found["counts"] = (found["status_quo"] != found[ACT]) & (found["weight"] > 0)
    return found.sort_values(["body_id", "proposition_id"], ignore_index=True)


def attainment(positions: pd.DataFrame, moves: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Measure each body's attainment over all propositions, bounded for what it did not address.

    The weighted mean over the propositions that moved and that it spoke on. The bounds are the
    least and the most it could be, whatever the body had said on any of the others: an
    unaddressed proposition gives at worst and at best what it moved, |q - o| / 4, against or for
    the body. Closeness is agreement with the outcome, moved or not.

    Parameters
    ----------
    positions, moves
        As for `cells`.
    bodies
        One row per body: `body_id`, `name`, `kind`.

    Returns
    -------
    DataFrame
        One row per body, in the order of `bodies`: `attainment`, `lower`, `upper` (-1 to 1;
        attainment is missing for a body that spoke on nothing that moved); `spoke` and `of`
        (propositions that moved), on how many of those it spoke on things ended `nearer` to its
        position and `further` from it, `unmoved` (that it spoke on and that did not); `closeness`,
        `closeness_lower`, `closeness_upper` (0 to 1), `close_spoke` and `close_of` (propositions
        of which the end is known).

    References
    ----------
    Bernhagen, Dür and Marshall (2014), "Measuring lobbying success spatially", Interest Groups
    & Advocacy 3, 202-218, for the two countings.

    Examples
    --------
    Two points moved from 0 to +1. The body wanted one fully and never spoke of the other, which
    is at worst -1/4 and at best +1/4:

    >>> said = pd.DataFrame({"body_id": ["b"], "proposition_id": ["p"], "position": [2]})
    >>> law = pd.DataFrame({"proposition_id": ["p", "r"], "status_quo": 0.0, "act": 1.0,
    ...                     "weight": 1.0})
    >>> who = pd.DataFrame({"body_id": ["b"], "name": ["Body"], "kind": ["union"]})
    >>> attainment(said, law, who)[["attainment", "lower", "upper", "spoke"]].values.tolist()
    [[0.25, 0.0, 0.25, 1.0]]
    """
    each = cells(positions, moves)
    weighs = moves["status_quo"].notna() & (moves["weight"] > 0)
    moved = moves[weighs & (moves["status_quo"] != moves[ACT])]
    known = moved.set_index("proposition_id")
    most = pd.DataFrame(
        {"value": (known["status_quo"] - known[ACT]).abs() / WIDTH, "weight": known["weight"]},
        dtype="float64",
    )
    spoken = {body_id: rows for body_id, rows in each.groupby("body_id")}
    rows = [
        (body_id, *_bounded(spoken.get(body_id, each.head(0)), most))
        for body_id in bodies["body_id"]
    ]
    found = bodies[["body_id", "name", "kind"]].merge(
        pd.DataFrame(rows, columns=["body_id", *COLUMNS[3:11]]), on="body_id"
    )
    near = _closeness(positions, moves, bodies)
    return found.merge(near, on="body_id", how="left", validate="one_to_one")[COLUMNS]


def _bounded(mine: pd.DataFrame, most: pd.DataFrame) -> tuple[float | int, ...]:
    """Return one body's attainment, its bounds, and how many propositions it rests on."""
    counted = mine[mine["counts"]]
    value = counted["attained"].to_numpy(dtype="float64")
    weight = counted["weight"].to_numpy(dtype="float64")
    silent = most.drop(index=counted["proposition_id"])
    rest, heavy = silent["value"].to_numpy(), silent["weight"].to_numpy()
    mean = float((value * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")
    least = 0.0 - _most(-value, weight, rest, heavy)  # never -0.0
    greatest = _most(value, weight, rest, heavy)
    ways = int((value > 0).sum()), int((value < 0).sum())
    still = int((mine["status_quo"] == mine[ACT]).sum())
    return mean, least, greatest, len(counted), len(most), *ways, still


def _most(value: Floats, weight: Floats, rest: Floats, heavy: Floats) -> float:
    """Return the greatest mean, whichever of the rest is spoken on and at its best.

    The best come first, and each is added only while it lifts the mean: a small gain on one more
    proposition would lower a higher one.
    """
    order = np.argsort(-rest, kind="stable")
    total = (value * weight).sum() + np.concatenate([[0.0], np.cumsum((rest * heavy)[order])])
    base = weight.sum() + np.concatenate([[0.0], np.cumsum(heavy[order])])
    if not (base > 0).any():
        return float("nan")
    return float((total[base > 0] / base[base > 0]).max())


def _closeness(positions: pd.DataFrame, moves: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """Return agreement with the outcome, under its own names."""
    ends = moves[["proposition_id", ACT]].rename(columns={ACT: "position"})
    found = agreement.agreement(positions, ends.assign(model_id=ACT), moves, bodies, 1)
    return found[["body_id", "agreement", "lower", "upper", "spoke", "of"]].set_axis(
        ["body_id", "closeness", "closeness_lower", "closeness_upper", "close_spoke", "close_of"],
        axis="columns",
    )
