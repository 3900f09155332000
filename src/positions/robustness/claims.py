"""Judge claims in many defensible analyses, and find what breaks them.

A claim is asked of every variant. Where what it speaks of rests on too little there, the claim
cannot be judged: that is counted apart, and never as holding.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

from positions.measures.comparisons import JUDGED_FROM
from positions.robustness.multiverse import DECIMALS, positions
from positions.robustness.specifications import DEFAULT
from positions.robustness.vocabulary import degree
from positions.study.load import Study

HOLDS, FAILS, NOT_JUDGED, NOT_EVALUATED = "holds", "fails", "not judged", "not evaluated here"
VERDICTS = (HOLDS, NOT_JUDGED, FAILS)
POSITION_CHOICES = ["spacing", "evidence", "as_of", "coder", "drop"]
"""The choices that decide where bodies stand; groups of bodies rest on no others."""

PAIR = ["body_id", "other_id"]

Ends = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
Labels = Callable[[pd.DataFrame], "pd.Series[str]"]


def grouped(tables: Study, model_id: str, variants: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Find which bodies are in one group, in each variant.

    Metric, weights, normalisation, silence do not enter how bodies are grouped here: variants
    that differ only in those have the same groups, which are looked for once.

    Parameters
    ----------
    tables, model_id, variants
        As for `multiverse.scores`.
    labels
        From positions (one row per body and proposition: `position`) to a Series of group
        labels by body_id: empty for a body in no group; a body set aside has no entry.

    Returns
    -------
    DataFrame
        One row per variant and body with an entry: `variant_id`, `body_id`, `group`.
    """
    found = []
    kinds = variants.groupby(POSITION_CHOICES, sort=False)
    stood = positions(tables, model_id, variants.loc[kinds.head(1).index])
    each = {key: rows.drop(columns="variant_id") for key, rows in stood.groupby("variant_id")}
    for _, alike in kinds:
        stands = each.get(alike["variant_id"].iloc[0], stood.head(0).drop(columns="variant_id"))
        named = labels(stands.reset_index(drop=True)).dropna()
        columns = {
            "variant_id": np.repeat(alike["variant_id"].to_numpy(), len(named)),
            "body_id": np.tile(named.index.to_numpy(), len(alike)),
            "group": np.tile(named.to_numpy(), len(alike)),
        }
        found.append(pd.DataFrame(columns))
    return pd.concat(found, ignore_index=True).astype("str")


def verdicts(
    claims: pd.DataFrame,
    scores: pd.DataFrame,
    pairs: pd.DataFrame,
    groups: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge each claim in each variant.

    `closest` and `furthest` speak of ranks: the body must agree more, or less, than every other
    ranked body. `more-than` compares two bodies over what both address, if that is three
    propositions or more. `above` and `below` need a score on three or more. All are strict: a tie
    does not do. Two bodies of which one is in no group are not in one group.

    Parameters
    ----------
    claims
        One row per claim: `claim_id`, `kind`, `body_id`, `other_id`, `threshold`.
    scores
        One row per variant and body: `agreement`, `spoke`, `standing`, as `multiverse.scores`
        gives it.
    pairs
        One row per variant and pair of bodies that a claim compares, as `multiverse.pairs` gives
        it.
    groups
        One row per variant and body: `group`, as `grouped` gives it; without it no `same-group`
        claim is evaluated.

    Returns
    -------
    DataFrame
        One row per claim and variant, in the order of both: `claim_id`, `variant_id`, `verdict`
        (`holds`, `fails`, `not judged` or `not evaluated here`), and `moved`: whether a number
        that the claim compares differs from the default variant's (missing where the default is
        not among the variants, or the claim is of groups).

    Raises
    ------
    ValueError
        When a claim speaks of a body that has no row in `scores`, or a body has two in a variant.
    """
    order, scored, ranked = _wide(scores)
    if strange := sorted({*claims["body_id"], *claims["other_id"]} - {"", *scored.columns}):
        raise ValueError(f"no scores of the bodies {', '.join(strange)} that claims speak of")
    of_two = {key: rows.set_index("variant_id") for key, rows in pairs.groupby(PAIR)}
    found = []
    for _, claim in claims.iterrows():
        if claim["kind"] == "same-group":
            verdict, moved = _same_group(claim, groups, order), None
        elif claim["kind"] == "more-than":
            ends = _of_two(of_two[claim["body_id"], claim["other_id"]].loc[order])
            verdict, moved = _verdict(claim, ends), _moved(order, ends)
        else:
            ends = _ends(claim, scored, ranked)
            verdict, moved = _verdict(claim, ends), _moved(order, ends)
        rows = {"claim_id": claim["claim_id"], "variant_id": order, "verdict": verdict}
        found.append(pd.DataFrame(rows).assign(moved=moved))
    columns = pd.DataFrame(columns=["claim_id", "variant_id", "verdict", "moved"])
    everything = pd.concat(found, ignore_index=True) if found else columns
    return everything.astype({"verdict": "str", "moved": "boolean"})


def _wide(scores: pd.DataFrame) -> tuple[pd.Index, pd.DataFrame, pd.DataFrame]:
    """Return the variants in order, the scores that can be judged, and those with a rank."""
    variant, order = _runs(scores["variant_id"])
    body, bodies = pd.factorize(scores["body_id"], sort=True)
    if len(np.unique(variant * max(len(bodies), 1) + body)) < len(scores):
        raise ValueError("a body has two scores in one variant")
    ranked = (scores["standing"] == "ranked").to_numpy()
    enough = ranked | (scores["standing"] == "too few") & (scores["spoke"] >= JUDGED_FROM)
    found = []
    for there in (np.flatnonzero(enough), np.flatnonzero(ranked)):
        wide = np.full((len(order), len(bodies)), np.nan)
        wide[variant[there], body[there]] = scores["agreement"].to_numpy()[there].round(DECIMALS)
        found.append(pd.DataFrame(wide, index=order, columns=bodies))
    return order, found[0], found[1]


def _runs(ids: pd.Series) -> tuple[npt.NDArray[np.int64], pd.Index]:
    """Factorize ids as pandas does; quicker where one id stands in many rows in a row."""
    values = ids.to_numpy(dtype=object)
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]][: len(values)])
    codes, unique = pd.factorize(ids.iloc[starts])
    return np.repeat(codes, np.diff(starts, append=len(values))), unique


def _of_two(rows: pd.DataFrame) -> Ends:
    """Return both scores over what two bodies address; missing where that is too little."""
    enough = (rows["shared"] >= JUDGED_FROM).to_numpy()
    first, second = (
        np.where(enough, rows[column].to_numpy().round(DECIMALS), np.nan)
        for column in ("agreement", "other_agreement")
    )
    return first, second


def _ends(claim: pd.Series, scored: pd.DataFrame, ranked: pd.DataFrame) -> Ends:
    """Return a body's score in every variant, and what the claim sets against it."""
    body, kind = claim["body_id"], claim["kind"]
    if kind in ("above", "below"):
        against = np.full(len(scored), claim["threshold"], dtype="float64")
        return scored[body].to_numpy(), against
    others = ranked.drop(columns=body)
    best = others.max(axis=1) if kind == "closest" else others.min(axis=1)
    return ranked[body].to_numpy(), best.to_numpy()


def _verdict(claim: pd.Series, ends: Ends) -> npt.NDArray[np.object_]:
    """Judge a claim about scores in every variant; NaN is a score that cannot be judged."""
    mine, against = ends
    holds = mine < against if claim["kind"] in ("furthest", "below") else mine > against
    judged = ~np.isnan(mine) & ~np.isnan(against)
    return np.where(judged, np.where(holds, HOLDS, FAILS), NOT_JUDGED).astype(object)


def _moved(order: pd.Index, ends: Ends) -> npt.NDArray[np.bool_] | None:
    """Return whether the numbers that a claim compares differ from the default's."""
    if DEFAULT not in order:
        return None
    default, moved = order.get_loc(DEFAULT), np.zeros(len(order), dtype=bool)
    for end in ends:
        moved |= ~((end == end[default]) | (np.isnan(end) & np.isnan(end[default])))
    return moved


def _same_group(
    claim: pd.Series, groups: pd.DataFrame | None, order: pd.Index
) -> npt.NDArray[np.object_]:
    if groups is None:
        return np.full(len(order), NOT_EVALUATED, dtype=object)
    label = groups.set_index(["variant_id", "body_id"])["group"].unstack()
    label = label.reindex(index=order, columns=[claim["body_id"], claim["other_id"]])
    one, other = label.iloc[:, 0], label.iloc[:, 1]
    judged = one.notna() & other.notna()
    holds = (one == other) & (one != "")
    return np.where(judged, np.where(holds, HOLDS, FAILS), NOT_JUDGED).astype(object)


# --- over all variants ---------------------------------------------------------------------


def tally(claims: pd.DataFrame, verdicts: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Count in how many variants each claim holds, and name the choice it depends on.

    The default itself is not counted, nor a departure that moves nothing which the claim rests
    on: "46 of 48" are departures that could have broken it. A share is of the variants in which
    the claim can be judged; how many cannot stands beside it.

    Parameters
    ----------
    claims
        One row per claim: `claim_id`, `kind`, `wording`.
    verdicts
        One row per claim and variant, as `verdicts` gives it.
    variants
        One row per variant: `departures`, `changed`.

    Returns
    -------
    DataFrame
        One row per claim, in their order: `claim_id`, `kind`, `wording`; `default`, the verdict
        of the default (missing where it is not among the variants); `holds`, `not_judged`,
        `fails` and their sum `of`; `share` (of `holds` in those judged; missing where none is);
        `unmoved`, how many variants are not counted, for nothing that the claim rests on differs
        from the default (missing without it); `depends_on`, the one choice that all single
        departures share that break a claim which holds by default, else empty; and `words`, how
        far it holds.
    """
    at = pd.Index(variants["variant_id"]).get_indexer(verdicts["variant_id"])
    about = variants[["departures", "changed"]].iloc[at[at >= 0]]
    asked = verdicts[at >= 0].assign(**{name: about[name].to_numpy() for name in about})
    by_claim = dict(list(asked.groupby("claim_id", sort=False)))
    rows = [
        {**claim[["claim_id", "kind", "wording"]], **_counted(by_claim[claim["claim_id"]])}
        for _, claim in claims.iterrows()
    ]
    columns = [
        "claim_id", "kind", "wording", "default", "holds", "not_judged", "fails", "of", "share",
        "unmoved", "depends_on",
    ]  # fmt: skip
    found = pd.DataFrame(rows, columns=columns)
    found = found.astype({"default": "str", "depends_on": "str", "unmoved": "Int64"})
    words = [degree(row) for _, row in found.iterrows()]
    return found.assign(words=pd.Series(words, index=found.index, dtype="str"))


def _counted(mine: pd.DataFrame) -> dict[str, object]:
    """Count one claim's verdicts over the variants that depart from the default."""
    verdict, departures = mine["verdict"].to_numpy(dtype=object), mine["departures"].to_numpy()
    default, departing = verdict[departures == 0].tolist(), departures > 0
    moved = mine["moved"][departing]
    departing &= mine["moved"].fillna(True).to_numpy(dtype=bool)
    holds, not_judged, fails = (int((verdict[departing] == word).sum()) for word in VERDICTS)
    broke = mine["changed"][(verdict == FAILS) & (departures == 1)]
    choices = broke.unique().tolist()
    return {
        "default": default[0] if default else None,
        "holds": holds,
        "not_judged": not_judged,
        "fails": fails,
        "of": holds + not_judged + fails,
        "share": holds / (holds + fails) if holds + fails else float("nan"),
        "unmoved": int((~moved).sum()) if moved.notna().all() else None,
        "depends_on": choices[0] if default == [HOLDS] and len(choices) == 1 else "",
    }


def breaking(verdicts: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Find the fewest departures from the default that make a claim fail.

    Only variants that are given are looked at: with the single departures and all pairs, no
    shorter way can be missed. A claim that fails by default is broken by doing nothing.

    Parameters
    ----------
    verdicts, variants
        As for `tally`.

    Returns
    -------
    DataFrame
        One row per claim and variant of the fewest departures in which it fails, in the order of
        the variants: `claim_id`, `variant_id`, `departures`, `changed`. A claim that nothing
        breaks has no row.
    """
    known = variants[["variant_id", "departures", "changed"]]
    failed = verdicts.loc[verdicts["verdict"] == FAILS, ["claim_id", "variant_id"]]
    failed = failed.merge(known, on="variant_id")
    fewest = failed.groupby("claim_id")["departures"].transform("min")
    return failed[failed["departures"] == fewest].reset_index(drop=True)
