"""Find the choices that move a body's score most, and the codes that would turn a ranking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures.agreement import contributions
from positions.robustness.multiverse import DECIMALS
from positions.robustness.specifications import CHOICES


def importance(scores: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Measure how much of the spread of a body's score each choice explains by itself.

    Main effects only: the sum of squares between the levels of one choice, over that of all
    scores. What choices do together is in none of them, so they need not add up to 1. A choice
    with many levels explains a little by chance alone: `by_chance` says how much to expect of
    one that does nothing.

    Parameters
    ----------
    scores
        One row per variant and body, over a random sample of combinations: `agreement`,
        `standing`. Variants in which a body is not ranked play no part.
    variants
        One row per variant, with a column per choice.

    Returns
    -------
    DataFrame
        One row per body that is ranked in two variants at least and choice of two levels at
        least, by body and in the order of the choices: `body_id`, `choice`, `share` (from 0 to
        1; missing where the score never varies), `by_chance`, `levels`, `variants` (how many
        the share rests on).

    References
    ----------
    The correlation ratio of Pearson (1905); over all combinations with equal weights, the first-
    order index of Sobol (1993), "Sensitivity estimates for nonlinear mathematical models".

    Examples
    --------
    Two weights and two rules for silence, combined; the score changes with the weights alone:

    >>> import positions as ps
    >>> variants = pd.DataFrame("as it is", index=range(4), columns=list(ps.robustness.NAMES))
    >>> variants["variant_id"] = list("abcd")
    >>> variants["weights"] = ["equal", "equal", "by theme", "by theme"]
    >>> variants["silence"] = ["left out", "worst", "left out", "worst"]
    >>> scores = pd.DataFrame({"variant_id": list("abcd"), "body_id": "ann",
    ...                        "agreement": [0.5, 0.5, 0.75, 0.75], "standing": "ranked"})
    >>> importance(scores, variants)[["choice", "share"]]
        choice  share
    0  weights    1.0
    1  silence    0.0
    """
    ranked = scores.loc[scores["standing"] == "ranked", ["variant_id", "body_id", "agreement"]]
    at = pd.Index(variants["variant_id"]).get_indexer(ranked["variant_id"])
    ranked, at = ranked[at >= 0], at[at >= 0]
    codes = {choice: pd.factorize(variants[choice])[0] for choice in CHOICES}
    scored = ranked["agreement"].round(DECIMALS).to_numpy()
    rows = []
    for body_id, places in sorted(ranked.groupby("body_id").indices.items()):
        score = scored[places]
        total = float(((score - score.mean()) ** 2).sum())
        for choice in CHOICES:
            level = codes[choice][at[places]]
            size = np.bincount(level)
            levels = int((size > 0).sum())
            if levels < 2:
                continue
            mean = np.bincount(level, score) / np.maximum(size, 1)
            between = float((size * (mean - score.mean()) ** 2).sum())
            share = between / total if total > 1e-12 else float("nan")
            of = len(score)
            rows.append((body_id, choice, share, (levels - 1) / (of - 1), levels, of))
    columns = ["body_id", "choice", "share", "by_chance", "levels", "variants"]
    return pd.DataFrame(rows, columns=columns)


def turning(compared: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Count the codes that stand between each ranked body and the next.

    Only cells that are coded may change, to any place on the scale; what is silent stays silent.
    The measure is the default one: city-block, by the furthest possible, silence left out.

    Parameters
    ----------
    compared
        One row per model, body and proposition, as `agreement.compared` returns it, for one model.
    scores
        One row per body, most agreeing first, as `agreement.agreement` returns it for one model:
        `body_id`, `agreement`, `spoke`, `standing`.

    Returns
    -------
    DataFrame
        One row per ranked body but the last, with the one after it: `body_id`, `other_id`,
        `lead`, `cells` (the fewest whose codes must change for the two to turn), and `of`, how
        many the two have.

    Raises
    ------
    ValueError
        When `compared` holds several models.

    Notes
    -----
    The largest gains first is exact here. The score is a weighted mean over cells that stay
    coded, so its base is fixed, and the lead is a sum of one term per cell: changing a cell
    shrinks the lead by an amount that no other cell touches. For each cell take its largest such
    amount, its gain: at the model's place for the body behind, at the place furthest from the
    model for the one ahead. Any k changed cells shrink the lead by at most the sum of the k
    largest gains. So k cells can turn the ranking only if those do, and the first k at which they
    exceed the lead is the fewest. There always is one: with all changed, one body is at the
    model's place throughout and the other nowhere.
    """
    if len(compared["model_id"].unique()) > 1:
        raise ValueError("cells of several models; choose one")
    ranked = scores[scores["standing"] == "ranked"].set_index("body_id")
    mine, rows = dict(list(contributions(compared).groupby("body_id"))), []
    for body_id, other_id in zip(ranked.index[:-1], ranked.index[1:], strict=True):
        fewest = _fewest(mine[body_id], mine[other_id])
        lead = ranked.loc[body_id, "agreement"] - ranked.loc[other_id, "agreement"]
        of = ranked.loc[body_id, "spoke"] + ranked.loc[other_id, "spoke"]
        rows.append((body_id, other_id, lead, fewest, of))
    return pd.DataFrame(rows, columns=["body_id", "other_id", "lead", "cells", "of"])


def _fewest(ahead: pd.DataFrame, behind: pd.DataFrame) -> int:
    """Return how many cells must change, from those of the body ahead and the one behind it."""
    lead = ahead["gives"].sum() - behind["gives"].sum()
    gain = np.concatenate([ahead["gives"], behind["costs"]]).round(DECIMALS)
    left = (lead - np.sort(gain)[::-1].cumsum()).round(DECIMALS)
    return 1 + int((left >= 0).sum())
