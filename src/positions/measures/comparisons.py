"""Compare two bodies, or two models, over the same propositions only.

A score rests on what a body happened to address. Two scores on different propositions say little
about each other, so a comparison counts only what both sides address. How many codes stand
behind a lead says how much to make of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from positions.measures import _kernel
from positions.measures._kernel import HIGH, LOW, Floats

JUDGED_FROM = 3
"""Propositions that a comparison, or a claim on one score, must rest on to be judged."""
_DECIMALS = 9
_COLUMNS = {
    "shared": "int64", "agreement": "float64", "other_agreement": "float64", "lead": "float64",
    "codes": "Int64",
}  # fmt: skip


def bodies_compared(compared: pd.DataFrame, bodies: Sequence[str]) -> pd.DataFrame:
    """Compare every two of these bodies over the propositions that both address.

    Parameters
    ----------
    compared
        One row per body and proposition, as `agreement.compared` returns it, for one model.
    bodies
        The bodies to compare, in the order of the rows.

    Returns
    -------
    DataFrame
        One row per pair: `body_id`, `other_id`, `shared` (propositions both address),
        `agreement` and `other_agreement` over these, `lead` (the first less the second), and
        `codes`: the fewest codes of the two whose change would end the lead; missing where they
        share fewer than three.
    """
    near = compared.pivot(index="body_id", columns="proposition_id", values="nearness")
    weight = compared.drop_duplicates("proposition_id").set_index("proposition_id")["weight"]
    near, heavy = near.reindex(list(bodies)), weight.reindex(near.columns).to_numpy()
    rows = []
    for one, other in itertools.combinations(bodies, 2):
        first, second = near.loc[one].to_numpy(), near.loc[other].to_numpy()
        both = ~np.isnan(first) & ~np.isnan(second) & (heavy > 0)
        share = heavy[both] / heavy[both].sum()
        ends = [(share * side[both]).sum() if both.any() else np.nan for side in (first, second)]
        ahead, behind = (first, second) if ends[0] > ends[1] else (second, first)
        gains = np.concatenate([share * ahead[both], share * (1 - behind[both])])
        rows.append((one, other, *_row(int(both.sum()), ends, gains)))
    return _table(rows, ["body_id", "other_id"])


def models_compared(compared: pd.DataFrame) -> pd.DataFrame:
    """Compare every two models for each body, over what both models and the body speak to.

    Parameters
    ----------
    compared
        One row per model, body and proposition, as `agreement.compared` returns it.

    Returns
    -------
    DataFrame
        One row per body and pair of models, sorted: `body_id`, `model_id`, `other_model`,
        `shared`, `agreement`, `other_agreement`, `lead` and `codes`, as `bodies_compared` has
        them; here the codes are the body's own.
    """
    rows = []
    for body_id, mine in compared.groupby("body_id", sort=True):
        wide = mine.pivot(index="proposition_id", columns="model_id", values="reference")
        said = mine.drop_duplicates("proposition_id").set_index("proposition_id")
        said = said.loc[wide.index]
        for one, other in itertools.combinations(wide.columns, 2):
            both = (wide[[one, other]].notna().all(axis=1) & (said["weight"] > 0)).to_numpy()
            share = (said["weight"] / said["weight"][both].sum()).to_numpy()[both]
            ends = wide[[one, other]].to_numpy()[both].T
            found = _models(said["position"].to_numpy()[both], ends, share)
            rows.append((body_id, one, other, *found))
    return _table(rows, ["body_id", "model_id", "other_model"])


def _models(position: Floats, ends: Floats, share: Floats) -> tuple[object, ...]:
    """Compare two models by one body's positions; a code may be changed to any place."""
    far = _kernel.distance(position, ends)
    scores = [1 - (share * side).sum() if len(position) else np.nan for side in far]
    sign = 1 if scores[0] > scores[1] else -1
    # The lead of one model over the other is straight between the ends of the scale and the two.
    places = np.stack([np.full_like(position, LOW), np.full_like(position, HIGH), *ends])
    least = (sign * np.diff(_kernel.distance(places[:, None], ends), axis=1)[:, 0]).min(axis=0)
    gains = share * (sign * np.diff(far, axis=0)[0] - least)
    return _row(len(position), scores, gains)


def _row(shared: int, scores: Sequence[float], gains: Floats) -> tuple[object, ...]:
    """Return one comparison: its base, both scores, the lead, the fewest codes that end it."""
    lead = round(float(scores[0] - scores[1]), _DECIMALS)
    left = (abs(lead) - np.sort(gains)[::-1].cumsum()).round(_DECIMALS)
    codes = int((left > 0).sum()) + (lead != 0) if shared >= JUDGED_FROM else None
    return shared, *scores, lead, codes


def _table(rows: list[tuple[object, ...]], keys: list[str]) -> pd.DataFrame:
    dtypes = dict.fromkeys(keys, "str") | _COLUMNS
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def nearest(models: pd.DataFrame) -> pd.DataFrame:
    """Find the bodies that are nearest to one model, by more than one code can move.

    Parameters
    ----------
    models
        As `models_compared` returns it.

    Returns
    -------
    DataFrame
        One row per body that can be compared with two models at least, sorted: `body_id`, and
        `model_id`, the model that leads every other it shares enough with, each lead by more than
        one code; empty where no model does.
    """
    known = models.dropna(subset=["codes"])
    firm = (known["codes"] > 1).to_numpy(dtype=bool)
    sides = [
        known.assign(model=known[name], firm=firm & (sign * known["lead"] > 0))
        for name, sign in (("model_id", 1), ("other_model", -1))
    ]
    each = pd.concat(sides).groupby(["body_id", "model"])["firm"].all().reset_index()
    won = dict(each.loc[each["firm"], ["body_id", "model"]].itertuples(index=False))
    rows = [(body_id, won.get(body_id, "")) for body_id in sorted(set(each["body_id"]))]
    return pd.DataFrame(rows, columns=["body_id", "model_id"], dtype="str")
