"""The thresholds behind the words of a report, as sentences to print beside them."""

from __future__ import annotations

from positions.measures import cluster_validation, consensus
from positions.robustness import vocabulary as of_claims
from positions.words import degrees


def vocabulary(of: str) -> str:
    """Say which thresholds the words for a finding follow.

    Parameters
    ----------
    of
        What the words are about: `agreement`, `claims`, `consensus` or `groups`.

    Examples
    --------
    >>> import positions as ps
    >>> ps.vocabulary("agreement")[:56]
    'Words used: from 80% “agrees on most of it”; from 60% “a'

    Returns
    -------
    str
        A sentence.

    Raises
    ------
    KeyError
        When there is no such vocabulary.
    """
    return {
        "agreement": degrees,
        "claims": of_claims.vocabulary,
        "consensus": consensus.vocabulary,
        "groups": cluster_validation.vocabulary,
    }[of]()
