"""The numbers that a report publishes of a study, gathered for a comparison.

They are computed with the functions that the report and the notebooks use, with the same
defaults: nothing is measured here in a way of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pandas as pd

from positions.measures import agreement, groups, reliability
from positions.measures.analysis import Analysis, analyse
from positions.measures.evidence import Counting
from positions.robustness.analysis import test_claims
from positions.robustness.multiverse import DECIMALS
from positions.robustness.specifications import DEFAULT
from positions.study.load import Study

SHARES = ("agreement", "lower", "upper", "coder_lower", "coder_upper")
"""The numbers of a body and a model that are shares from 0 to 1."""
COUNTS = ("spoke", "of", "rank")
RELIABILITY = ("alpha", "alpha_lower", "alpha_upper", "presence", "same")
"""The numbers of how well coders agree: `same` is the share of cells with one code."""
CLAIM_COLUMNS = ["claim_id", "wording", "verdict", "holds", "judged"]
NUMBERS = ["number", "model_id", "body_id", "scope", "value"]


@dataclasses.dataclass(frozen=True)
class Published:
    """The published numbers of a study, and what they were made from.

    `analysis` is of the evidence that counts; `compared` is as `agreement` gives it.
    `numbers` has one row per number: `number` (its name), `model_id`, `body_id` and `scope` (what
    it is of; empty where that does not apply) and `value`.
    `standings` has `model_id`, `body_id`, `standing`. `grouped` is the verdict on groups;
    `held` the ids of the members of each group that is reported. `claims` has `claim_id`,
    `wording`, `verdict` (by default) and, for those on scores, in how many single departures from
    the default it `holds`, of those `judged`.
    """

    analysis: Analysis
    compared: pd.DataFrame
    numbers: pd.DataFrame
    standings: pd.DataFrame
    grouped: str
    held: tuple[tuple[str, ...], ...]
    claims: pd.DataFrame


def published(study: Study, counting: Counting | None = None) -> Published:
    """Gather what the report publishes of a study.

    Parameters
    ----------
    study
        The study.
    counting
        Which evidence counts; by default all of it, sources that repeat others' wording apart.

    Raises
    ------
    ValueError
        When `counting` names an unknown class of evidence, or no date.
    """
    counting = counting or Counting()
    # A state of the study that lacks the model is read by its own.
    lacks = counting.model not in set(study.model_positions["model_id"])
    found = analyse(study, **vars(counting) | ({"model": None} if lacks else {}))
    scores = _ranked(found.scores)
    grouped = found.groups
    members = grouped.members[grouped.members["group"] != ""]
    held = [tuple(sorted(each)) for _, each in members.groupby("group")["body_id"]]
    claims = _claims(found, grouped)
    of_claims = claims.rename(columns={"claim_id": "scope"}).assign(model_id="", body_id="")
    rows = [
        _long(scores.assign(scope=""), [*SHARES, *COUNTS]), _of_the_whole(found, len(held)),
        _reliability(study), _long(of_claims, ["holds", "judged"]),
    ]  # fmt: skip
    return Published(
        analysis=found,
        compared=agreement.compared(found.positions, study.model_positions, found.design),
        numbers=pd.concat(rows, ignore_index=True).dropna(subset=["value"]).reset_index(drop=True),
        standings=scores[["model_id", "body_id", "standing"]].astype("str"),
        grouped=grouped.verdict,
        held=tuple(sorted(held)),
        claims=claims,
    )


def _ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """Add to each score its rank among the ranked."""
    among = scores["agreement"].where(scores["standing"] == "ranked").round(DECIMALS)
    return scores.assign(rank=among.groupby(scores["model_id"]).rank(method="min", ascending=False))


def _long(table: pd.DataFrame, numbers: Sequence[str]) -> pd.DataFrame:
    """Return numbers that stand side by side in a table, a row each."""
    long = table.melt(["model_id", "body_id", "scope"], numbers, "number", "value")
    return long.astype({"value": "float64"})[NUMBERS]


def _of_the_whole(found: Analysis, groups: int) -> pd.DataFrame:
    """Count bodies, positions, ranked bodies and groups."""
    ranked = (found.scores["standing"] == "ranked").groupby(found.scores["model_id"]).sum()
    rows = [
        ("bodies", "", len(found.study.bodies)), ("positions", "", len(found.positions)),
        *(("ranked", model_id, number) for model_id, number in ranked.items()),
        ("groups", "", groups),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["number", "model_id", "value"])
    return table.astype({"value": "float64"}).assign(body_id="", scope="")[NUMBERS]


def _reliability(study: Study) -> pd.DataFrame:
    """Measure how well coders agree: over all cells, and by how much of a text was seen."""
    if study.codings.empty:
        return pd.DataFrame(columns=NUMBERS).astype({"value": "float64"})
    seen = study.codings.merge(study.sources[["source_id", "text_seen"]], on="source_id")
    apart = reliability.summary(seen, "text_seen").rename(columns={"text_seen": "scope"})
    table = pd.concat([reliability.summary(study.codings), apart], ignore_index=True)
    names = {"lower": "alpha_lower", "upper": "alpha_upper", "agreement": "same"}
    named = table.drop(columns="same").rename(columns=names)
    return _long(named.assign(model_id="", body_id=""), RELIABILITY)


def _claims(found: Analysis, grouped: groups.Groups) -> pd.DataFrame:
    """Judge each claim by default; count the analyses in which those on scores hold."""
    if found.study.claims.empty:
        return pd.DataFrame(columns=CLAIM_COLUMNS, dtype="object")
    members = grouped.members[["body_id", "group"]].assign(variant_id=DEFAULT)
    table = test_claims(found, members=members)
    counts = table[["holds", "fails"]].astype("float64").mask(table["kind"] == "same-group")
    return table.assign(
        verdict=table["default"], holds=counts["holds"], judged=counts.sum(axis=1, skipna=False)
    )[CLAIM_COLUMNS]
