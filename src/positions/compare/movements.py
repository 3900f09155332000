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
JOINT = "; "
"""What stands between the ids of a group's members."""
MOVED, NEW, GONE = "moved", "new", "gone"
PART_COLUMNS = [
    "model_id", "body_id", "proposition_id", "position_old", "position_new", "reference_old",
    "reference_new", "weight_old", "weight_new", "part",
]  # fmt: skip


def numbers(old: Published, new: Published) -> pd.DataFrame:
    """Which published numbers moved, which are new and which are gone?

    Returns
    -------
    DataFrame
        One row per number that differs, sorted: `number`, `model_id`, `body_id`, `scope` (what
        it is of); `change`: `moved`, `new` or `gone`; `old`, `new` and their `difference`
        (missing where there was none); `redrawn`: whether only the random draws behind it fell
        otherwise. That can be so of the ends of a coder interval alone: its draws are made for
        all cells in one row, and another cell before them shifts those of all that follow.
    """
    both = old.numbers.merge(new.numbers, on=OF, how="outer", suffixes=("_old", "_new"))
    both = both.rename(columns={"value_old": "old", "value_new": "new"})
    both["difference"] = (both["new"] - both["old"]).round(DECIMALS + 3)
    same = both["old"].round(DECIMALS) == both["new"].round(DECIMALS)
    both = both[~same].assign(change=MOVED)
    both.loc[both["old"].isna(), "change"] = NEW
    both.loc[both["new"].isna(), "change"] = GONE
    untouched = _untouched(old, new)
    pairs = zip(both["model_id"], both["body_id"], strict=True)
    ends = both["number"].isin(["coder_lower", "coder_upper"]) & (both["change"] == MOVED)
    both["redrawn"] = ends & pd.Series(
        [pair in untouched for pair in pairs], both.index, dtype=bool
    )
    columns = [*OF, "change", "old", "new", "difference", "redrawn"]
    return both.sort_values(OF, ignore_index=True)[columns]


def _untouched(old: Published, new: Published) -> set[tuple[str, str]]:
    """Model and body of which nothing changed that their coder interval rests on."""
    mine, theirs = _readings(old), _readings(new)
    bodies = [body for body in mine if mine[body] == theirs.get(body)]
    before, after = _yardsticks(old), _yardsticks(new)
    models = [model for model in before if before[model] == after.get(model)]
    return {(model, body) for model in models for body in bodies}


def _readings(side: Published) -> dict[str, frozenset[tuple[object, ...]]]:
    """Per body: its readings, with the dates of their sources and who read those."""
    codings = side.study.codings
    codings = codings[codings["basis"].isin(list(side.counting.evidence))]
    who = codings.groupby("source_id")["coder"].agg(lambda coders: " / ".join(sorted(set(coders))))
    rows = codings.merge(side.sources[["source_id", "earliest", "latest"]], on="source_id")
    rows = rows.assign(who=rows["source_id"].map(who))[
        ["body_id", "proposition_id", "source_id", "coder", "stance", "earliest", "latest", "who"]
    ]
    found: dict[str, set[tuple[object, ...]]] = {}
    for body_id, *said in rows.itertuples(index=False, name=None):
        found.setdefault(body_id, set()).add(tuple(said))
    return {body: frozenset(said) for body, said in found.items()}


def _yardsticks(side: Published) -> dict[str, frozenset[tuple[object, ...]]]:
    """Per model: its positions and their weights."""
    rows = side.study.model_positions.merge(side.study.propositions, on="proposition_id")
    return {
        str(model_id): frozenset(
            each[["proposition_id", "position", "weight"]].itertuples(index=False, name=None)
        )
        for model_id, each in rows.groupby("model_id", sort=True)
    }


# --- what a movement is made of ------------------------------------------------------------


def parts(old: Published, new: Published) -> pd.DataFrame:
    """How much of each score's movement comes from each proposition?

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
    """Each proposition's share of the weights on one side; missing where there is no score."""
    weight = both[f"weight_{side}"].fillna(0.0)
    total = weight.groupby([both["model_id"], both["body_id"]]).transform("sum")
    return (weight / total).where(total > 0)


def _parted(each: pd.DataFrame) -> pd.DataFrame:
    """The parts of one body's movement against one model; no row without a score on both sides."""
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
    """Who is ranked now and was not, or no longer is?

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
    """Is the verdict on groups another, and which groups are new or no longer reported?

    A group is its members: one that gained a member is one group gone and one new.

    Returns
    -------
    DataFrame
        One row per difference: `what` (`verdict` first, then a `group` by its members' ids),
        `old` and `new`, empty where a group is not reported.
    """
    rows = [("verdict", old.grouped, new.grouped)] if old.grouped != new.grouped else []
    rows += [("group", JOINT.join(group), "") for group in old.held if group not in new.held]
    rows += [("group", "", JOINT.join(group)) for group in new.held if group not in old.held]
    return pd.DataFrame(rows, columns=["what", "old", "new"], dtype="str")


def claims(old: Published, new: Published) -> pd.DataFrame:
    """Which claims changed their verdict, by default, or are new or gone?

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
