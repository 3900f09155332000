"""Measure how well coders agree, on codes and on whether there was anything to code.

Krippendorff's alpha (ordinal) on the cells that at least two coders coded; agreement on presence
apart, over the cells that at least one coded: text that nobody coded never counts as agreement.
The point estimate comes from the `krippendorff` library, its standard error over units from Gwet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import krippendorff
import numpy as np
import pandas as pd
from scipy.special import stdtrit

from positions.measures.stances import by_coder, disagreements, readers
from positions.study.schema import CELL
from positions.words import signed


def ratings(codings: pd.DataFrame, unit: Sequence[str] = CELL) -> pd.DataFrame:
    """Spread codes out: one row per unit, one column per coder, missing where no row.

    Raises
    ------
    ValueError
        When a coder coded a unit twice; the message names the rows.
    """
    if "start" in codings and set(CELL) <= set(unit):  # it may hold several phrases a cell
        codings = by_coder(codings)
    key = [*unit, "coder"]
    if (twice := codings.duplicated(key, keep=False)).any():
        named = "; ".join(" / ".join(map(str, row)) for row in codings.loc[twice, key].to_numpy())
        raise ValueError(f"coders cannot be merged, these rows stand there twice: {named}")
    return codings.set_index(key)["stance"].unstack("coder").astype("float64")


Level = Literal["nominal", "ordinal", "interval", "ratio"]


def alpha(table: pd.DataFrame | np.ndarray, level: Level = "ordinal") -> float | str:
    """Return Krippendorff's alpha, or the reason in words why there is none.

    Parameters
    ----------
    table
        Units by coders, missing where a coder gave no value.
    level
        `nominal`, `ordinal`, `interval` or `ratio`.

    Returns
    -------
    Alpha from -1 to 1, where 0 is the agreement of chance; or a sentence.

    References
    ----------
    Krippendorff, K. (2011), "Computing Krippendorff's alpha-reliability".
    """
    values = np.asarray(table, dtype="float64")
    paired = values[(~np.isnan(values)).sum(axis=1) >= 2] if values.size else values
    if values.ndim < 2 or values.shape[1] < 2:
        return "one coder: there is nothing to compare"
    if len(paired) == 0:
        return "no cell was coded by two coders"
    if len(paired) == 1:
        return "one cell only: too few to tell agreement from chance"
    if len(np.unique(paired[~np.isnan(paired)])) == 1:
        return "every code is the same: agreement cannot be told from chance"
    return float(krippendorff.alpha(paired.T, level_of_measurement=level))


def summary(codings: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Measure how reliable the codes are, over all cells or apart by a column.

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder: `stance`, and the column `by`.
    by
        A column to report apart by, such as `proposition_id` or `source_id`.

    Returns
    -------
    DataFrame
        One row per value of `by`, sorted (one row, `all`, without): `cells` that at least one
        coder coded, `both` that all who read the source coded, `presence` their share;
        `same`, the cells among those with one code, and `agreement` their share; `alpha`, its
        standard error `se` over cells, `lower`, `upper` (95 %); `remark`, why a number is missing.

    Raises
    ------
    ValueError
        When a coder coded a cell twice; the message names the rows.

    References
    ----------
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", for alpha; Gwet (2021) for
    its standard error; Hughes (2022) on intervals, which are unsure where cells are few.

    Examples
    --------
    >>> import positions as ps
    >>> overall = ps.reliability(ps.read("data").codings).iloc[0]
    >>> f"{overall['same']} of {overall['both']} cells alike; alpha {overall['alpha']:.2f}"
    '460 of 483 cells alike; alpha 0.98'
    """
    name = by or "scope"
    unit = CELL if by is None else [by, *(column for column in CELL if column != by)]
    table = ratings(codings, unit)
    read = readers(codings).groupby("source_id").size()
    of = read.reindex(table.index.get_level_values("source_id")).to_numpy()
    groups = {"all": slice(None)} if by is None else table.groupby(level=by, sort=True).indices
    # One table for all groups: a table of each would take ten times as long as what it is for.
    codes = table.to_numpy()
    rows = [{name: key, **_row(codes[at], of[at])} for key, at in groups.items()]
    return pd.DataFrame(rows, columns=[name, *_COLUMNS])


_COLUMNS = [
    "cells", "both", "presence", "same", "agreement", "alpha", "se", "lower", "upper", "remark"
]  # fmt: skip


def _row(table: np.ndarray, of: np.ndarray) -> dict[str, object]:
    """Return one group's row, from its units by coders and how many read the source of each."""
    coded = ~np.isnan(table)
    table = table[:, coded.any(axis=0)]
    several = of >= 2
    both = table[several & (coded.sum(axis=1) == of)]
    ends = [end.reduce(both, axis=1, initial=np.nan) for end in (np.fmin, np.fmax)]
    same = int((ends[0] == ends[1]).sum())
    cells = int(several.sum())
    found = alpha(table[several]) if cells else "one coder: there is nothing to compare"
    unknown = isinstance(found, str)
    error, lower, upper = (float("nan"),) * 3 if unknown else interval(table[several])
    return {
        "cells": cells,
        "both": len(both),
        "presence": len(both) / cells if cells else float("nan"),
        "same": same,
        "agreement": same / len(both) if len(both) else float("nan"),
        "alpha": float("nan") if unknown else found,
        "se": error,
        "lower": lower,
        "upper": upper,
        "remark": found if unknown else "",
    }


def interval(table: np.ndarray, level: Level = "ordinal") -> tuple[float, float, float]:
    """Return the standard error of alpha over units, and its 95 % interval.

    Parameters
    ----------
    table
        Units by coders, missing where a coder gave no value; two units at least were given two.
    level
        As for `alpha`.

    Returns
    -------
    The standard error, and the ends by Student's t; the upper end is 1 at most.
    """
    found = alpha(table, level)
    if isinstance(found, str):
        raise ValueError(found)
    counts, values = _counts(table)
    error = standard_error(counts, agreement_weights(counts, values, level))
    reach = error * float(stdtrit(len(counts) - 1, 0.975))
    return error, found - reach, min(1.0, found + reach)


def _counts(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many coders gave each value (units with two codes or more, by values)."""
    paired = table[(~np.isnan(table)).sum(axis=1) >= 2]
    values = np.unique(paired[~np.isnan(paired)])
    return (paired[:, :, None] == values).sum(axis=1).astype("float64"), values


def agreement_weights(counts: np.ndarray, values: np.ndarray, level: Level) -> np.ndarray:
    """Return how much two values agree, from 0 (the furthest) to 1 (the same).

    Parameters
    ----------
    counts
        Units by values: how many coders gave the value. Ordinal distance rests on them: how many
        values lie between two, the two themselves counted half (Krippendorff 2011).
    values
        The values, sorted.
    level
        As for `alpha`.
    """
    one, other = values[:, None], values[None, :]
    if level == "nominal":
        return np.eye(len(values))
    if level == "ordinal":
        middle = np.cumsum(counts.sum(axis=0)) - counts.sum(axis=0) / 2
        one, other = middle[:, None], middle[None, :]
    far = (one - other) ** 2
    if level == "ratio":
        far = np.divide(far, (one + other) ** 2, out=np.zeros_like(far), where=far > 0)
    found: np.ndarray = 1 - far / far.max()
    return found


def standard_error(counts: np.ndarray, weights: np.ndarray) -> float:
    """Return the standard error of alpha over units, as the package irrCAC gives it.

    The variance of what each unit adds to alpha, linearised; the weights are taken as given.

    Parameters
    ----------
    counts
        Units by values: how many coders gave the value, two or more in each unit.
    weights
        Values by values, as `agreement_weights` returns them.

    References
    ----------
    Gwet (2021), "Handbook of inter-rater reliability", 5th edition, volume 1, chapter 8.
    """
    units, coders = len(counts), counts.sum(axis=1)
    usual = coders.mean()
    alike = (counts * (counts @ weights.T - 1)).sum(axis=1) / (usual * (coders - 1))
    share = counts.mean(axis=0) / usual
    chance = share @ weights @ share
    few = 1 / coders.sum()
    observed = (1 - few) * alike.mean() + few
    more = (coders - usual) / usual
    each = (alike - observed * more - chance) / (1 - chance)
    by_chance = counts @ ((weights + weights.T) / 2 @ share) / usual - chance * more
    about = (alike.mean() - chance) / (1 - chance)
    each = each - 2 * (1 - about) * (by_chance - chance) / (1 - chance)
    return float(np.sqrt(((each - about) ** 2).sum() / (units * (units - 1))))


def side_by_side(codings: pd.DataFrame, adjudications: pd.DataFrame) -> pd.DataFrame:
    """Set out every disagreement: what each coder read, and what was decided.

    Returns
    -------
    DataFrame
        One row per cell in dispute, sorted: `kind` (`presence` or `code`), a column per coder
        (`coder ann`) with its code and phrase (missing where it has no row), `decision` (a code,
        `struck` or `not decided`) and `reason`.
    """
    cells = disagreements(codings)[[*CELL, "kind"]]
    for coder in sorted(set(codings["coder"])):
        mine = codings[codings["coder"] == coder]
        said = [
            f"{signed(stance)}: “{quote}”"
            for stance, quote in zip(mine["stance"], mine["quote"], strict=True)
        ]
        told = mine[CELL].assign(
            **{f"coder {coder}": pd.Series(said, index=mine.index, dtype="str")}
        )
        cells = cells.merge(
            told.groupby(CELL, sort=False).agg("; ".join).reset_index(), on=CELL, how="left"
        )
    decided = adjudications.rename(columns={"stance": "decision"})
    cells = cells.merge(decided[[*CELL, "decision", "reason"]], on=CELL, how="left")
    said = ["struck" if pd.isna(stance) else signed(stance) for stance in cells["decision"]]
    said = pd.Series(said, index=cells.index, dtype="str")
    cells["decision"] = said.where(cells["reason"].notna(), "not decided")
    return cells.assign(reason=cells["reason"].fillna(""))
