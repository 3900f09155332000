"""The numbers that a report publishes of a study, gathered for a comparison.

They are computed with the functions that the report and the notebooks use, with the same
defaults: nothing is measured here in a way of its own.
"""

from __future__ import annotations

import dataclasses

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

    `sources` are those that count; `resolved`, `positions` and `compared` are as `stances` and
    `agreement` give them. `numbers` has one row per number: `number` (its name), `model_id`,
    `body_id` and `scope` (what it is of; empty where that does not apply) and `value`.
    `standings` has `model_id`, `body_id`, `standing`. `grouped` is the verdict on groups;
    `held` the ids of the members of each group that is reported. `claims` has `claim_id`,
    `wording`, `verdict` (by default) and, for those on scores, in how many single departures from
    the default it `holds`, of those `judged`.
    """

    study: Study
    counting: Counting
    sources: pd.DataFrame
    resolved: pd.DataFrame
    positions: pd.DataFrame
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
    rows = [
        _by_body(scores), _of_the_whole(study, found.positions, scores), _reliability(study),
        _holding(claims), _one("groups", len(held)),
    ]  # fmt: skip
    return Published(
        study=study,
        counting=found.counting,
        sources=found.sources,
        resolved=found.resolved,
        positions=found.positions,
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


def _by_body(scores: pd.DataFrame) -> pd.DataFrame:
    long = scores.melt(
        id_vars=["model_id", "body_id"], value_vars=[*SHARES, *COUNTS],
        var_name="number", value_name="value",
    )  # fmt: skip
    return long.astype({"value": "float64"}).assign(scope="")[NUMBERS]


def _of_the_whole(study: Study, positions: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Count bodies, positions and ranked bodies."""
    ranked = scores["standing"] == "ranked"
    by_model = ranked.groupby(scores["model_id"]).sum()
    return pd.concat(
        [
            _one("bodies", len(study.bodies)),
            _one("positions", len(positions)),
            *(_one("ranked", int(many), str(model)) for model, many in by_model.items()),
        ],
        ignore_index=True,
    )


def _one(number: str, value: int, model_id: str = "") -> pd.DataFrame:
    return pd.DataFrame([(number, model_id, "", "", float(value))], columns=NUMBERS)


def _reliability(study: Study) -> pd.DataFrame:
    """Measure how well coders agree: over all cells, and by how much of a text was seen."""
    if study.codings.empty:
        return pd.DataFrame(columns=NUMBERS).astype({"value": "float64"})
    seen = study.codings.merge(study.sources[["source_id", "text_seen"]], on="source_id")
    apart = reliability.summary(seen, "text_seen").rename(columns={"text_seen": "scope"})
    table = pd.concat([reliability.summary(study.codings), apart], ignore_index=True)
    names = {"lower": "alpha_lower", "upper": "alpha_upper", "agreement": "same"}
    long = table.drop(columns="same").rename(columns=names).melt(
        id_vars="scope", value_vars=list(RELIABILITY), var_name="number", value_name="value"
    )  # fmt: skip
    return long.astype({"value": "float64"}).assign(model_id="", body_id="")[NUMBERS]


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


def _holding(claims: pd.DataFrame) -> pd.DataFrame:
    """List how many single departures let each claim on scores hold, and of how many."""
    long = claims.rename(columns={"claim_id": "scope"}).melt(
        id_vars="scope", value_vars=["holds", "judged"], var_name="number", value_name="value"
    )  # fmt: skip
    return long.assign(model_id="", body_id="").astype({"value": "float64"})[NUMBERS]
