"""Agreement corrected by many checks: prediction-powered and design-based estimates.

For 200 checked codes and more, where their intervals cover; with fewer the exact ranges serve.
Angelopoulos and others (2023), "Prediction-powered inference", Science 382, 669-674; Egami and
others (2023), "Using imperfect surrogates for downstream inference", NeurIPS 36.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from scipy.special import ndtri

from positions.auditing.bounds import ALPHA
from positions.auditing.frame import CODED, asked, nearness
from positions.measures._kernel import Floats
from positions.measures.analysis import Analysis

LEAST = 200
"""Checked codes from which these estimates are given."""


def ppi_mean(truth: Floats, coded: Floats, rest: Floats) -> float:
    """Return the mean of all codes, corrected by those that people checked.

    Parameters
    ----------
    truth, coded
        Of the checked codes: what people found, and what was coded.
    rest
        What was coded where nobody checked.

    Examples
    --------
    >>> ppi_mean(np.array([1.0, 0.0]), np.array([1.0, 0.5]), np.array([0.5, 1.0]))
    0.5
    """
    return float(rest.mean() + (truth - coded).mean())


def dsl_mean(truth: Floats, coded: Floats, everyone: Floats, probability: float) -> float:
    """Return the mean of all codes, each correction weighed by the chance that it was drawn.

    Parameters
    ----------
    truth, coded
        Of the checked codes: what people found, and what was coded.
    everyone
        What was coded, checked or not.
    probability
        With which probability each of them was drawn.
    """
    return float(everyone.mean() + (truth - coded).sum() / probability / len(everyone))


@dataclasses.dataclass(frozen=True)
class Codes:
    """The codes of some bodies: weight and nearness as coded, and as people found them."""

    weight: Floats
    near: Floats
    checked: np.ndarray
    found_weight: Floats
    found_near: Floats

    def estimate(self) -> dict[str, float]:
        """Return both estimates of the agreement, and the Wald interval of the second.

        Agreement is a ratio of two sums, so each sum is corrected. The interval is that of a
        sample from finitely many codes.
        """
        n, total = int(self.checked.sum()), len(self.weight)
        coded = np.column_stack([self.weight * self.near, self.weight])
        found = np.column_stack([self.found_weight * self.found_near, self.found_weight])
        truth, here, rest = found[self.checked], coded[self.checked], coded[~self.checked]
        columns = range(2)
        if len(rest):
            ppi = [ppi_mean(truth[:, c], here[:, c], rest[:, c]) for c in columns]
        else:
            ppi = [float(truth[:, c].mean()) for c in columns]
        dsl = [dsl_mean(truth[:, c], here[:, c], coded[:, c], n / total) for c in columns]
        ratio = dsl[0] / dsl[1]
        off = (truth - here) @ np.array([1.0, -ratio])
        spread = np.sqrt((1 - n / total) * off.var(ddof=1) / n) / dsl[1]
        reach = float(ndtri(1 - ALPHA / 2) * spread)
        return {"ppi": ppi[0] / ppi[1], "dsl": ratio, "lower": ratio - reach,
                "upper": ratio + reach}  # fmt: skip


def corrected(analysis: Analysis, cells: pd.DataFrame) -> pd.DataFrame:
    """Estimate agreement from all codes and the checked ones: of each ranked body, and of all.

    Returns
    -------
    DataFrame
        One row per body, and one for all together (`body_id` empty), with 200 checked codes or
        more: `codes`, `checked`, `coded` (the mean nearness as coded), `ppi`, `dsl`, `lower`,
        `upper`.
    """
    mine = cells[cells["stratum"] == CODED]
    mine = mine[mine["drawn"] | ~mine["known"]]  # what was checked by choice is no sample
    rows = []
    for body, part in [("", mine), *mine.groupby("body_id")]:
        if int((part["known"] & part["drawn"]).sum()) >= LEAST:
            codes = _codes(analysis, part)
            coded = float(np.average(codes.near, weights=codes.weight))
            rows.append({"body_id": body, "codes": len(part), "checked": int(codes.checked.sum()),
                         "coded": coded, **codes.estimate()})  # fmt: skip
    columns = ["body_id", "codes", "checked", "coded", "ppi", "dsl", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _codes(analysis: Analysis, cells: pd.DataFrame) -> Codes:
    points = asked(analysis).loc[cells["proposition_id"]]
    reference, weight = (points[name].to_numpy("float64") for name in ("reference", "weight"))
    near = nearness(cells["stance"].to_numpy("float64"), reference)
    verdict = cells["verdict"].to_numpy("float64", na_value=np.nan)
    checked = (cells["known"] & cells["drawn"]).to_numpy(bool)
    found = nearness(np.nan_to_num(verdict), reference)
    return Codes(weight, near, checked, np.where(np.isnan(verdict), 0.0, weight), found)
