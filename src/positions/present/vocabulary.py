"""The thresholds behind the words of a report, as sentences to print beside them."""

from __future__ import annotations

from positions.measures import cluster_validation, consensus
from positions.present.sentences import agreement, robustness


def vocabulary(of: str) -> str:
    """Say which thresholds the words for a finding follow.

    Parameters
    ----------
    of
        What the words are about: `agreement`, `claims`, `consensus` or `groups`.

    Examples
    --------
    >>> import positions as ps
    >>> ps.vocabulary("groups")
    'Mean Jaccard: from 0.75 stable, from 0.60 a pattern; less is not reported as a group.'
    """
    return {
        "agreement": agreement.vocabulary,
        "claims": robustness.vocabulary,
        "consensus": consensus.vocabulary,
        "groups": cluster_validation.vocabulary,
    }[of]()
