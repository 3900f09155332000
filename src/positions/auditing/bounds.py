"""How many codes may be wrong, once some were checked: exact, for a finite number of codes.

N codes, n of them drawn at random and checked, k found wrong. Then at most K+ of the N are wrong,
and this statement is false in at most a share `alpha` of all draws, whatever the codes are.
"""

from __future__ import annotations

import functools

import numpy as np
import scipy  # which loads `stats` when it is asked for

ALPHA = 0.05
"""How often a range may miss, at most."""


@functools.cache
def most_wrong(codes: int, checked: int, wrong: int, alpha: float = ALPHA) -> int:
    """Return the most codes that can be wrong: max K with P(Hypergeom(N, K, n) <= k) > alpha.

    Parameters
    ----------
    codes
        N, how many codes there are.
    checked
        n, how many of them were drawn at random and checked.
    wrong
        k, how many of those were found wrong.
    alpha
        How often the answer may be too small, at most.

    Returns
    -------
    int
        K+, those found wrong included.

    References
    ----------
    Buonaccorsi (1987), "A note on confidence intervals for proportions in finite populations",
    The American Statistician 41, 215-218.

    Examples
    --------
    Four clean checks of eleven: five wrong codes would stay unseen in C(6,4) of C(11,4) draws.

    >>> most_wrong(11, 4, 0), round(15 / 330, 3)
    (4, 0.045)
    """
    if not 0 <= wrong <= checked <= codes:
        raise ValueError(f"{wrong} wrong of {checked} checked of {codes} codes cannot be")
    if checked in (0, codes):
        return wrong if checked else codes
    candidates = np.arange(wrong, codes - checked + wrong + 1)
    unseen = scipy.stats.hypergeom.cdf(wrong, codes, candidates, checked)
    # A chance of exactly alpha counts as possible, on every machine.
    return int(candidates[unseen > alpha * (1 - 1e-9)].max())


def clean_checks(codes: int, most: int, alpha: float = ALPHA) -> int:
    """Return how many checks, all clean, exclude that more than `most` of the codes are wrong.

    Examples
    --------
    >>> clean_checks(11, 4), clean_checks(89, 4), clean_checks(11, 11)
    (4, 40, 0)
    """
    if most >= codes:
        return 0
    for checked in range(1, codes):
        if most_wrong(codes, checked, 0, alpha) <= most:
            return checked
    return codes
