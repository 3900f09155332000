"""Which source counts, and how far a body agrees: the two rules of the package, on arrays.

Every measure that needs one of them calls it here: scores, the range between readers, the
multiverse. Leading axes (variants, draws, models) are free; a rule works along the last one.
NaN is silence.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from positions.study.schema import SCALE

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Numbers = Floats | Ints | Bools

LOW, HIGH = SCALE
WIDTH = HIGH - LOW
_BEFORE_ALL = np.iinfo("int64").min


@dataclasses.dataclass(frozen=True)
class Pairs:
    """The pairs of body and proposition that some cell speaks of.

    Attributes
    ----------
    cell
        Per cell: its pair, from 0 up; cells of one pair stand together.
    body, proposition
        Per pair: the places of its body and its proposition; pairs of one body stand together.
    bodies
        How many bodies there are, those that said nothing included.
    """

    cell: Ints
    body: Ints
    proposition: Ints
    bodies: int

    @classmethod
    def of(cls, body: Ints, proposition: Ints, bodies: int) -> Pairs:
        """Find the pairs of cells that are sorted by body, then by proposition."""
        new = (np.diff(body, prepend=-1) != 0) | (np.diff(proposition, prepend=-1) != 0)
        first = np.flatnonzero(new)
        return cls(np.cumsum(new) - 1, body[first], proposition[first], bodies)

    def sums(self, numbers: Numbers) -> Floats:
        """Add up numbers of pairs by body; 0 for a body without a pair."""
        found = np.zeros((*numbers.shape[:-1], self.bodies))
        if numbers.size:
            starts = _starts(self.body)
            found[..., self.body[starts]] = np.add.reduceat(numbers, starts, axis=-1)
        return found


def _starts(ids: Ints) -> Ints:
    """Return where each run of one number begins."""
    return np.flatnonzero(np.diff(ids, prepend=-1))


def days(dates: npt.ArrayLike) -> Ints:
    """Return dates as whole numbers that can be compared; a missing one is before all."""
    return np.asarray(dates, dtype="datetime64[s]").astype("int64")


def standing(counts: Bools, earliest: Ints, latest: Ints, strength: Ints, pairs: Pairs) -> Bools:
    """Return which cells make the position of their pair: those that nothing supersedes.

    A cell gives way only to a cell of its pair that counts, is surely later and rests on evidence
    that is at least as strong. Where two may be of the same day, or the later is weaker, both
    stand.

    Parameters
    ----------
    counts
        (..., cells): whether a cell counts at all.
    earliest, latest
        (cells): the days between which its source was published, as `days` returns them.
    strength
        (..., cells): how strong the evidence is, as `stances.strength` numbers it.
    pairs
        The pairs of the cells.
    """
    stands = counts.copy()
    # A cell that is alone in its pair has nothing to give way to, and most are.
    cells = np.flatnonzero(np.bincount(pairs.cell)[pairs.cell] > 1)
    if not len(cells):
        return stands
    starts = _starts(pairs.cell[cells])
    pair = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(cells)))
    counted, strong, last = counts[..., cells], strength[..., cells], latest[cells]
    left = counted.copy()
    for level in np.unique(strong):
        dated = np.where(counted & (strong >= level), earliest[cells], _BEFORE_ALL)
        newest = np.maximum.reduceat(dated, starts, axis=-1)
        left &= (strong != level) | (last >= newest[..., pair])
    stands[..., cells] = left
    return stands


def means(values: Floats, weights: Numbers, pairs: Pairs) -> Floats:
    """Return the mean of each pair's cells, (..., pairs); NaN where none of them has weight.

    Parameters
    ----------
    values
        (..., cells): numbers; NaN only where the weight is 0.
    weights
        (..., cells): what each cell weighs, or whether it takes part.
    pairs
        The pairs of the cells.
    """
    shape = (*np.broadcast_shapes(values.shape, weights.shape)[:-1], len(pairs.body))
    if not len(pairs.cell):
        return np.empty(shape)
    starts = _starts(pairs.cell)
    taking = np.where(weights, values, 0.0) * weights
    weight = np.add.reduceat(weights.astype("float64"), starts, axis=-1)
    return ratio(np.add.reduceat(taking, starts, axis=-1), weight)


def furthest(reference: Floats) -> Floats:
    """Return how far the scale reaches from each reference, in steps."""
    found: Floats = np.maximum(reference - LOW, HIGH - reference)
    return found


def distance(position: Floats, reference: Floats) -> Floats:
    """Return how far positions are from references, as a share of the furthest they could be.

    0 is the same place, 1 the end of the scale that is further from the reference; NaN where one
    of the two is not known. The shapes broadcast.
    """
    found: Floats = np.abs(position - reference) / furthest(reference)
    return found


def mean_distance(
    far: Floats,
    weight: Floats,
    pairs: Pairs,
    silent: Floats | None = None,
    share: Floats | float = 1.0,
) -> Floats:
    """Return each body's weighted mean distance, (..., bodies); NaN where nothing has weight.

    Parameters
    ----------
    far
        (..., pairs): the distance of each pair; NaN where the body is silent.
    weight
        (..., propositions): what each proposition weighs, 0 where it takes no part.
    pairs
        The pairs.
    silent
        (..., propositions): how far a silent body is taken to be; None leaves silence out.
    share
        (pairs): how much of the body spoke, where a body is many respondents.
    """
    heard = np.where(np.isnan(far), 0.0, share)
    counted = weight[..., pairs.proposition] * heard
    total = pairs.sums(np.where(counted > 0, counted * far, 0.0))
    if silent is None:
        return ratio(total, pairs.sums(counted))
    # What is silent is added, not taken from all that could be: a difference that should be 0
    # would miss it by a rounding error, and its root by far more.
    quiet = np.ones((*far.shape[:-1], pairs.bodies, weight.shape[-1]))
    quiet[..., pairs.body, pairs.proposition] -= heard
    total += (quiet @ (weight * silent)[..., None])[..., 0]
    return ratio(total, weight.sum(axis=-1, keepdims=True))


def coverage(far: Floats, weight: Floats, pairs: Pairs, share: Floats | float = 1.0) -> Floats:
    """Return which share of the weight each body addressed, (..., bodies); as `mean_distance`."""
    heard = np.where(np.isnan(far), 0.0, share)
    addressed = pairs.sums(weight[..., pairs.proposition] * heard)
    return ratio(addressed, weight.sum(axis=-1, keepdims=True))


def ratio(part: Numbers, whole: Numbers) -> Floats:
    """Divide a part by the whole; NaN where the whole is not above 0."""
    found = np.full(part.shape, np.nan)
    np.divide(part, whole, out=found, where=np.broadcast_to(whole > 0, part.shape))
    return found
