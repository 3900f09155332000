"""Which published numbers moved between two states of a study, by how much, and on what.

A score's movement is shared out among the propositions on which something changed, so that the
parts add up to it exactly.
"""

from __future__ import annotations

import pandas as pd

from positions.compare.numbers import Published

DECIMALS = 6
"""Decimals to which numbers are published; what differs beyond them has not moved."""
OF = ["number", "model_id", "body_id", "scope"]
MOVED, NEW, GONE = "moved", "new", "gone"
PART_COLUMNS = [
    "model_id", "body_id", "proposition_id", "position_old", "position_new", "reference_old",
    "reference_new", "weight_old", "weight_new", "part",
]  # fmt: skip


def numbers(old: Published, new: Published) -> pd.DataFrame:
    """Tell which published numbers moved, which are new and which are gone.

    Returns
    -------
    DataFrame
        One row per number that differs, sorted: `number`, `model_id`, `body_id`, `scope` (what
        it is of); `change`: `moved`, `new` or `gone`; `old`, `new` and their `difference`
        (missing where there was none).
    """
    both = old.numbers.merge(new.numbers, on=OF, how="outer", suffixes=("_old", "_new"))
    both = both.rename(columns={"value_old": "old", "value_new": "new"})
    both["difference"] = (both["new"] - both["old"]).round(DECIMALS + 3)
    same = both["old"].round(DECIMALS) == both["new"].round(DECIMALS)
    both = both[~same].assign(change=MOVED)
    both.loc[both["old"].isna(), "change"] = NEW
    both.loc[both["new"].isna(), "change"] = GONE
    return both.sort_values(OF, ignore_index=True)[[*OF, "change", "old", "new", "difference"]]


# --- what a movement is made of ------------------------------------------------------------


def parts(old: Published, new: Published) -> pd.DataFrame:
    """Share out the movement of each score among the propositions.

    The parts add up to the movement, those of the way back are their opposites, and where
    nothing changed there is no part. A proposition that is compared on both sides with one weight
    has as its part how much nearer it came, times its share of the weights, the mean of before
    and after. One that enters, leaves or is weighed anew pulls the mean by how far it lies from
    the others, not by how much it gives: its part is its share times its distance from the mean
    of those (where there are none, from the middle of the two scores), now less before.

    Returns
    -------
    DataFrame
        One row per model, body (with a score on both sides) and proposition of which position,
        reference or weight changed, sorted: `position_old`, `position_new`, `reference_old`,
        `reference_new`, `weight_old`, `weight_new` (missing where it was not compared) and
        `part`, a share of the score's scale.
    """
    key = ["model_id", "body_id", "proposition_id"]
    both = old.compared.merge(new.compared, on=key, how="outer", suffixes=("_old", "_new"))
    both = both.assign(share_old=_share(both, "old"), share_new=_share(both, "new"))
    sides = [both[f"{name}_old"] == both[f"{name}_new"]
             for name in ("position", "reference", "weight")]  # fmt: skip
    both["kept"] = sides[0] & sides[1] & sides[2]
    changed = (~both["kept"]).groupby([both["model_id"], both["body_id"]]).transform("any")
    rows = [_parted(each) for _, each in both[changed].groupby(["model_id", "body_id"])]
    found = pd.concat(rows, ignore_index=True) if rows else both.head(0).assign(part=0.0)
    return found.sort_values(key, ignore_index=True)[PART_COLUMNS]


def _share(both: pd.DataFrame, side: str) -> pd.Series:
    """Return each proposition's share of the weights on one side; missing without a score."""
    weight = both[f"weight_{side}"].fillna(0.0)
    total = weight.groupby([both["model_id"], both["body_id"]]).transform("sum")
    return (weight / total).where(total > 0)


def _parted(each: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of one body's movement; no row without a score on both sides."""
    if each[["share_old", "share_new"]].isna().any(axis=None):
        return each.head(0).assign(part=0.0)
    was, now = each["nearness_old"].fillna(0.0), each["nearness_new"].fillna(0.0)
    stays = (each["weight_old"] == each["weight_new"]) & (each["weight_old"] > 0)
    before, after = each["share_old"], each["share_new"]
    if stays.any():
        weight = each.loc[stays, "weight_old"]
        middle = (weight * (was + now)[stays] / 2).sum() / weight.sum()
    else:
        middle = ((before * was).sum() + (after * now).sum()) / 2
    pulls = after * (now - middle) - before * (was - middle)
    part = pulls.mask(stays, (before + after) / 2 * (now - was)) + 0.0
    return each.assign(part=part)[~each["kept"]]


# --- what is published in words ------------------------------------------------------------


def standings(old: Published, new: Published) -> pd.DataFrame:
    """List who is ranked now and was not, or no longer is.

    Returns
    -------
    DataFrame
        One row per model and body, on both sides, whose standing differs, sorted: `model_id`,
        `body_id`, `old`, `new`.
    """
    key = ["model_id", "body_id"]
    both = old.standings.merge(new.standings, on=key, suffixes=("_old", "_new"))
    both = both.rename(columns={"standing_old": "old", "standing_new": "new"})
    return both[both["old"] != both["new"]].sort_values(key, ignore_index=True)


def grouping(old: Published, new: Published) -> pd.DataFrame:
    """List what changed in the groups: the verdict, and groups that are new or gone.

    A group is its members: one that gained a member is one group gone and one new.

    Returns
    -------
    DataFrame
        One row per difference: `what` (`verdict` first, then `group`); `old` and `new`: the
        verdict, or the tuple of the ids of a group's members, missing where it is not reported.
    """
    rows: list[tuple[str, object, object]] = []
    if old.grouped != new.grouped:
        rows.append(("verdict", old.grouped, new.grouped))
    rows += [("group", group, None) for group in old.held if group not in new.held]
    rows += [("group", None, group) for group in new.held if group not in old.held]
    return pd.DataFrame(rows, columns=["what", "old", "new"], dtype="object")


def claims(old: Published, new: Published) -> pd.DataFrame:
    """List the claims that changed their verdict by default, or are new or gone.

    Returns
    -------
    DataFrame
        One row per claim that differs, sorted: `claim_id`, `wording` (as it is now), `old`,
        `new`: `holds`, `fails`, `not judged`, empty where the claim is not made.
    """
    columns = ["claim_id", "wording", "verdict"]
    mine, theirs = (side.claims[columns].astype("str") for side in (old, new))
    both = mine.merge(theirs, on="claim_id", how="outer", suffixes=("_old", "_new")).fillna("")
    both["wording"] = both["wording_new"].where(both["wording_new"] != "", both["wording_old"])
    both = both.rename(columns={"verdict_old": "old", "verdict_new": "new"})
    both = both[both["old"] != both["new"]]
    return both.sort_values("claim_id", ignore_index=True)[["claim_id", "wording", "old", "new"]]
