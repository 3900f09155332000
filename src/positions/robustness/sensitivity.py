"""Which choice moves a body's score most, and which codes would turn a ranking?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures.agreement import contributions
from positions.robustness.multiverse import DECIMALS
from positions.robustness.specifications import CHOICES
from positions.study.schema import SCALE

WIDTH = SCALE[1] - SCALE[0]


def importance(scores: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """How much of the spread of a body's score does each choice explain by itself?

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


def recoding(compared: pd.DataFrame, body_id: str, other_id: str) -> pd.DataFrame:
    """Which fewest cells, coded otherwise, would put the other body ahead?

    Only cells that are coded may change, to any place on the scale; what is silent stays silent.
    The measure is the default one: city-block, silence left out.

    Parameters
    ----------
    compared
        One row per model, body and proposition, as `agreement.compared` returns it, for one model.
    body_id
        Who agrees more now, or as much.
    other_id
        Who is to be ahead.

    Returns
    -------
    DataFrame
        One row per cell to change, the most effective first: `body_id`, `proposition_id`,
        `position`, `to` (the place to code it at), `gain` (by how much the lead shrinks) and
        `lead` (what is left of it; below 0 in the last row). Where `other_id` is ahead already
        there is no row.

    Raises
    ------
    ValueError
        When `compared` holds several models, or a body has no cell in it.

    Notes
    -----
    Greedy is exact here. The score is a weighted mean over cells that stay coded, so its base is
    fixed, and the lead is a sum of one term per cell: changing a cell shrinks the lead by an
    amount that no other cell touches. For each cell take its largest such amount, its gain: at
    the model's place for the other body, at the end of the scale furthest from the model for the
    leading one. Any k changed cells shrink the lead by at most the sum of their gains, and that
    is at most the sum of the k largest gains, which the greedy choice attains. So k cells can
    turn the ranking only if the k largest gains do, and the first k at which they exceed the
    lead is the fewest. There always is such a number: with all changed, one body is at the
    model's place throughout and the other nowhere.
    """
    mine = _contributions(compared)
    if missing := [key for key in (body_id, other_id) if key not in mine]:
        raise ValueError(f"{', '.join(missing)}: no cell on the model's propositions")
    return _recoded(mine[body_id], mine[other_id])


def _contributions(compared: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The cells of each body on one model's propositions, with what they give and cost."""
    if len(compared["model_id"].unique()) > 1:
        raise ValueError("cells of several models; choose one")
    return dict(list(contributions(compared).groupby("body_id")))


def _recoded(ahead: pd.DataFrame, behind: pd.DataFrame) -> pd.DataFrame:
    """The cells to change, from those of the body that is ahead and of the one behind it."""
    lead = float(ahead["gives"].sum() - behind["gives"].sum())
    reference = ahead["reference"].to_numpy()
    end = np.where(reference > sum(SCALE) / 2, SCALE[0], SCALE[1])
    worst = 1 - np.abs(reference - end) / WIDTH
    share = (ahead["weight"] / ahead["weight"].sum()).to_numpy()
    cells = pd.concat([ahead, behind])[["body_id", "proposition_id", "position"]].assign(
        to=np.concatenate([end, behind["reference"]]).astype("int64"),
        gain=np.concatenate([ahead["gives"] - share * worst, behind["costs"]]),
    )
    gain = cells["gain"].round(DECIMALS).to_numpy()
    order = np.lexsort((cells["proposition_id"], cells["body_id"], -gain))
    cells = cells.iloc[order[gain[order] > 0]]
    left = (lead - cells["gain"].cumsum()).round(DECIMALS)
    # A cell is needed as long as the lead before it is not yet below 0.
    needed = left.shift(fill_value=round(lead, DECIMALS)) >= 0
    return cells.assign(lead=left)[needed].reset_index(drop=True)


def turning(compared: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """How many codes stand between each ranked body and the next?

    Parameters
    ----------
    compared
        As for `recoding`.
    scores
        One row per body, most agreeing first, as `agreement.agreement` returns it for one model:
        `body_id`, `agreement`, `spoke`, `standing`.

    Returns
    -------
    DataFrame
        One row per ranked body but the last, with the one after it: `body_id`, `other_id`,
        `lead`, `cells` (the fewest to code otherwise for the two to turn), and `of`, how many
        the two have.
    """
    ranked = scores[scores["standing"] == "ranked"].set_index("body_id")
    mine, rows = _contributions(compared), []
    for body_id, other_id in zip(ranked.index[:-1], ranked.index[1:], strict=True):
        changed = _recoded(mine[body_id], mine[other_id])
        lead = ranked.loc[body_id, "agreement"] - ranked.loc[other_id, "agreement"]
        of = ranked.loc[body_id, "spoke"] + ranked.loc[other_id, "spoke"]
        rows.append((body_id, other_id, lead, len(changed), of))
    return pd.DataFrame(rows, columns=["body_id", "other_id", "lead", "cells", "of"])
