"""Measure how well coders agree, on codes and on whether there was anything to code.

Krippendorff's alpha (ordinal) on the cells that at least two coders coded; agreement on presence
apart, over the cells that at least one coded: text that nobody coded never counts as agreement.
The point estimate comes from the `krippendorff` library.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import krippendorff
import numpy as np
import pandas as pd

from positions.measures.stances import disagreements, readers
from positions.study.schema import CELL, SCALE
from positions.words import signed

DOMAIN = list(range(SCALE[0], SCALE[1] + 1))


def ratings(codings: pd.DataFrame, unit: Sequence[str] = CELL) -> pd.DataFrame:
    """Spread codes out: one row per unit, one column per coder, missing where no row.

    Raises
    ------
    ValueError
        When a coder coded a unit twice; the message names the rows.
    """
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


def summary(
    codings: pd.DataFrame, by: str | None = None, *, draws: int = 2000, seed: int = 20210211
) -> pd.DataFrame:
    """Measure how reliable the codes are, over all cells or apart by a column.

    Parameters
    ----------
    codings
        One row per body, proposition, source and coder: `stance`, and the column `by`.
    by
        A column to report apart by, such as `proposition_id` or `source_id`.
    draws, seed
        Resamples of the cells for the interval, and where their random numbers start.

    Returns
    -------
    DataFrame
        One row per value of `by`, sorted (one row, `all`, without): `cells` that at least one
        coder coded, `both` that all who read the source coded, `presence` their share;
        `same`, the cells among those with one code, and `agreement` their share; `alpha`,
        `lower`, `upper` (95 %); `remark`, why a number is missing.

    Raises
    ------
    ValueError
        When a coder coded a cell twice; the message names the rows.

    References
    ----------
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", for alpha; Hughes (2022)
    for its interval, which is wide and itself unsure where cells are few.

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
    rows = [{name: key, **_row(codes[at], of[at], draws, seed)} for key, at in groups.items()]
    return pd.DataFrame(rows, columns=[name, *_COLUMNS])


_COLUMNS = [
    "cells", "both", "presence", "same", "agreement", "alpha", "lower", "upper", "remark"
]  # fmt: skip


def _row(table: np.ndarray, of: np.ndarray, draws: int, seed: int) -> dict[str, object]:
    """Return one group's row, from its units by coders and how many read the source of each."""
    coded = ~np.isnan(table)
    table = table[:, coded.any(axis=0)]
    several = of >= 2
    both = table[several & (coded.sum(axis=1) == of)]
    ends = [end.reduce(both, axis=1, initial=np.nan) for end in (np.fmin, np.fmax)]
    same = int((ends[0] == ends[1]).sum())
    cells = int(several.sum())
    found = alpha(table[several]) if cells else "one coder: there is nothing to compare"
    lower, upper = (float("nan"),) * 2
    remark = found if isinstance(found, str) else ""
    if not isinstance(found, str):
        lower, upper, undefined = interval(table[several], draws, seed)
        if undefined:
            remark = f"{undefined} of {draws} resamples had one code only and are left out"
    return {
        "cells": cells,
        "both": len(both),
        "presence": len(both) / cells if cells else float("nan"),
        "same": same,
        "agreement": same / len(both) if len(both) else float("nan"),
        "alpha": float("nan") if isinstance(found, str) else found,
        "lower": lower,
        "upper": upper,
        "remark": remark,
    }


def interval(table: np.ndarray, draws: int, seed: int) -> tuple[float, float, int]:
    """Return the 95 % bootstrap interval of ordinal alpha over units.

    Parameters
    ----------
    table
        Units by coders with values of the scale, missing where a coder gave none.
    draws, seed
        How many resamples, and where their random numbers start (PCG64).

    Returns
    -------
    Lower and upper end, and how many resamples had no variation and were left out.
    """
    coincidences = _coincidences(table)
    units = len(coincidences)
    generator = np.random.Generator(np.random.PCG64(seed))
    weights = generator.multinomial(units, np.full(units, 1 / units), size=draws)
    found = _ordinal_alphas(weights @ coincidences)
    known = found[~np.isnan(found)].round(9)
    lower, upper = np.quantile(known, [0.025, 0.975])
    return float(lower), float(upper), int(np.isnan(found).sum())


def _coincidences(table: np.ndarray) -> np.ndarray:
    """Return the flat coincidence matrix of each unit coded twice or more: units x (levels**2)."""
    one_hot = np.stack([(table == level) for level in DOMAIN], axis=-1).astype("float64")
    counts = one_hot.sum(axis=1)
    m = counts.sum(axis=1)
    counts, m = counts[m >= 2], m[m >= 2]
    pairs = counts[:, :, None] * counts[:, None, :]
    levels = np.arange(len(DOMAIN))
    pairs[:, levels, levels] -= counts
    flat: np.ndarray = (pairs / (m - 1)[:, None, None]).reshape(len(counts), -1)
    return flat


def _ordinal_alphas(flat: np.ndarray) -> np.ndarray:
    """Return ordinal alpha of many coincidence matrices at once; missing where nothing varies."""
    levels = len(DOMAIN)
    observed = flat.reshape(-1, levels, levels)
    n_c = observed.sum(axis=2)
    below = np.cumsum(n_c, axis=1)
    # Sum of the marginals between two levels, the outer two counted half.
    between = np.abs(below[:, :, None] - below[:, None, :])
    between = np.where(
        np.arange(levels)[:, None] < np.arange(levels)[None, :],
        between + n_c[:, :, None],
        between + n_c[:, None, :],
    )
    delta = (between - (n_c[:, :, None] + n_c[:, None, :]) / 2) ** 2
    delta[:, np.arange(levels), np.arange(levels)] = 0
    n = n_c.sum(axis=1)
    expected = (n_c[:, :, None] * n_c[:, None, :] * delta).sum(axis=(1, 2)) / (n - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (observed * delta).sum(axis=(1, 2)) / expected, np.nan)


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
        cells = cells.merge(
            mine[CELL].assign(**{f"coder {coder}": pd.Series(said, index=mine.index, dtype="str")}),
            on=CELL, how="left",
        )  # fmt: skip
    decided = adjudications.rename(columns={"stance": "decision"})
    cells = cells.merge(decided[[*CELL, "decision", "reason"]], on=CELL, how="left")
    known = cells["reason"].notna().tolist()
    cells["decision"] = _decisions(cells["decision"].tolist(), known)
    return cells.assign(reason=cells["reason"].fillna(""))


def _decisions(stances: Sequence[Any], known: Sequence[bool]) -> list[str]:
    return [
        "not decided" if not decided else "struck" if pd.isna(stance) else signed(stance)
        for stance, decided in zip(stances, known, strict=True)
    ]
