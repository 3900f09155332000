"""The public's agreement beside the bodies': the same measures, over what was asked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.measures import agreement, consensus
from positions.responses import questions
from positions.responses.campaigns import each_text_once
from positions.study.load import Study
from positions.study.schema import DESIGN

PLACED_FROM = 3
"""Questions that a respondent, or a body beside it, must have addressed to be placed."""
ALL = "all"
"""What all respondents together are called among their types."""
BIN = 50
"""Width of a bar of the distribution, in thousandths of agreement."""


def on_design(study: Study) -> pd.DataFrame:
    """Return the models' positions on propositions of the design, which alone count."""
    propositions = study.propositions
    design = propositions.loc[propositions["kind"] == DESIGN, "proposition_id"]
    return study.model_positions[study.model_positions["proposition_id"].isin(design)]


def reference(items: pd.DataFrame, model_positions: pd.DataFrame, model_id: str) -> pd.DataFrame:
    """Return the questions a model speaks to: `question_id`, `position`, `weight`, sorted."""
    mine = model_positions[model_positions["model_id"] == model_id]
    on = questions.on_items(mine[["proposition_id", "position"]], items[items["asked"]])
    on = on.merge(items[["item_id", "weight"]], left_on="proposition_id", right_on="item_id")
    on = on.rename(columns={"item_id": "question_id"})[["question_id", "position", "weight"]]
    return on[on["weight"] > 0].sort_values("question_id", ignore_index=True)


def standpoints(counted: pd.DataFrame) -> pd.DataFrame:
    """Count who takes each position on each question, by type and all together.

    Parameters
    ----------
    counted
        One row per `type`, `campaign`, question and answer: `code`, `n`, `weight`.

    Returns
    -------
    DataFrame
        One row per `body_id` (the type, or `all`), `proposition_id` (the question) and
        `position`: `count` (by weight), `n`.
    """
    said = counted.dropna(subset=["code"]).rename(columns={"code": "position"})
    whole = said.assign(type=ALL)
    both = pd.concat([whole, said.assign(type=_named(said["type"]))], ignore_index=True)
    keys = ["type", "question_id", "position"]
    found = both.groupby(keys, sort=True)[["weight", "n"]].sum().reset_index()
    names = {"type": "body_id", "question_id": "proposition_id", "weight": "count"}
    return found.rename(columns=names).astype({"position": "float64"})


def _named(types: pd.Series) -> pd.Series:
    """Return types as ids that cannot be taken for all respondents together."""
    return "type: " + types.where(types != "", "not given").astype("str")


def types(counted: pd.DataFrame) -> pd.DataFrame:
    """Return all respondents and each type as bodies, with `respondents` and `n`."""
    first = counted[counted["question_id"] == counted["question_id"].min()]
    each = first.groupby("type", sort=True)[["weight", "n"]].sum().reset_index()
    each = each.assign(
        body_id=_named(each["type"]), name=each["type"].replace("", "type not given")
    )
    whole = pd.DataFrame(
        {"body_id": [ALL], "name": ["All respondents"], "weight": [each["weight"].sum()],
         "n": [each["n"].sum()]}
    )  # fmt: skip
    found = pd.concat([whole, each], ignore_index=True).rename(columns={"weight": "respondents"})
    return found.assign(kind="respondents")[["body_id", "name", "kind", "respondents", "n"]]


def scores(
    counted: pd.DataFrame, items: pd.DataFrame, model_positions: pd.DataFrame, once: bool = False
) -> pd.DataFrame:
    """Score how far respondents agree with each model, all together and by type.

    As for a body: the weighted mean nearness of what was answered, with the bounds that silent
    points at their worst and at their best would give. A proposition nobody was asked about is
    silent. An answer weighs what its respondent weighs.

    Parameters
    ----------
    counted
        As for `standpoints`.
    items
        As `questions.items` returns them.
    model_positions
        One row per model and proposition that counts: `position`.
    once
        Count every text once: the responses of a campaign together weigh as one.

    Returns
    -------
    DataFrame
        One row per model and type: `body_id`, `name`, `agreement`, `lower`, `upper`,
        `coverage`, `respondents` (how many), `answered`: the share of the answers they could
        have given that they gave.
    """
    columns = [
        "model_id", "body_id", "name", "agreement", "lower", "upper", "coverage", "respondents",
        "answered",
    ]  # fmt: skip
    if counted.empty:
        return pd.DataFrame(columns=columns)
    if once:
        counted = each_text_once(counted)
    who = types(counted)
    models = questions.on_items(model_positions, items)
    propositions = questions.as_propositions(items)
    taken = standpoints(counted)
    found = agreement.agreement(taken, models, propositions, who)
    asked = questions.on_items(model_positions, items[items["asked"]])
    of = asked.groupby("model_id").size()
    heavy = who.set_index("body_id")["respondents"]
    given = found["body_id"].map(heavy) * found["model_id"].map(of)
    found["answered"] = (found["spoke"] / given).where(given > 0)
    found["respondents"] = found["body_id"].map(who.set_index("body_id")["n"])
    rank = found["body_id"].map({body: place for place, body in enumerate(who["body_id"])})
    found = found.assign(_rank=rank).sort_values(["model_id", "_rank"], ignore_index=True)
    return found[columns]


def standings(counted: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Measure on which questions respondents agree, and which divide them.

    As `consensus.standings`, with a row a `question_id`.
    """
    taken = standpoints(counted)
    taken = taken[taken["body_id"] == ALL]
    asked = items[items["asked"]]
    found = consensus.standings(taken, questions.as_propositions(asked))
    return found.rename(columns={"proposition_id": "question_id"})


# --- single respondents beside bodies ------------------------------------------------------


def placed(spread: pd.DataFrame, asked: int) -> pd.DataFrame:
    """Count single respondents by their agreement: `permille`, `n`, `weight`, sorted.

    Those who answered too few questions to be placed are left out, as bodies are: fewer than
    three, or than all where fewer were asked.
    """
    kept = spread[spread["spoke"] >= min(PLACED_FROM, max(asked, 1))]
    return kept.groupby("permille", sort=True)[["n", "weight"]].sum().reset_index()


def bins(distribution: pd.DataFrame) -> pd.DataFrame:
    """Return the distribution as bars: `low`, `high`, `n`, `share` (by weight)."""
    at = (distribution["permille"].clip(upper=999) // BIN).astype("int64")
    sums = distribution.groupby(at)[["n", "weight"]].sum()
    sums = sums.reindex(range(1000 // BIN), fill_value=0)
    total = sums["weight"].sum()
    low = np.arange(len(sums)) * BIN / 1000
    return pd.DataFrame(
        {"low": low, "high": low + BIN / 1000, "n": sums["n"].to_numpy(dtype="int64"),
         "share": sums["weight"].to_numpy() / total if total else 0.0}
    )  # fmt: skip


def quantile(distribution: pd.DataFrame, share: float) -> float:
    """Return the agreement that this share of respondents, by weight, does not exceed."""
    upto = distribution["weight"].cumsum()
    if distribution.empty or not upto.iloc[-1]:
        return float("nan")
    reached = upto >= share * upto.iloc[-1] - 1e-9
    return float(distribution["permille"][reached].iloc[0]) / 1000


def bodies_scores(
    positions: pd.DataFrame,
    items: pd.DataFrame,
    model_positions: pd.DataFrame,
    bodies: pd.DataFrame,
    model_id: str,
) -> pd.DataFrame:
    """Score how far each body agrees, over what respondents were asked about.

    Rows of `agreement.agreement` for one model: what both a body and the public could speak to.
    """
    asked = items[items["asked"]]
    found = agreement.agreement(
        questions.on_items(positions[["body_id", "proposition_id", "position"]], asked),
        questions.on_items(model_positions[model_positions["model_id"] == model_id], asked),
        questions.as_propositions(asked),
        bodies,
        PLACED_FROM,
    )
    return found[found["spoke"] > 0].reset_index(drop=True)


def beside(distribution: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Place each body in the public's distribution.

    Parameters
    ----------
    distribution
        As `placed` returns it.
    scores
        As `bodies_scores` returns them.

    Returns
    -------
    DataFrame
        One row per body, most agreeing first: `body_id`, `name`, `agreement`, `spoke`, `of`,
        `below` and `above`: the share of respondents, by weight, who agree less and more than
        the body, both to the thousandth.
    """
    total = distribution["weight"].sum()
    rows = []
    for at in scores["agreement"]:
        place = int(np.floor(round(at * 1000, 6)))
        less = distribution.loc[distribution["permille"] < place, "weight"].sum()
        more = distribution.loc[distribution["permille"] > place, "weight"].sum()
        rows.append((less / total, more / total) if total else (np.nan, np.nan))
    shares = pd.DataFrame(rows, columns=["below", "above"], index=scores.index, dtype="float64")
    columns = ["body_id", "name", "agreement", "spoke", "of", "standing"]
    table = (
        scores[columns]
        .join(shares)
        .sort_values(["agreement", "body_id"], ascending=[False, True], ignore_index=True)
    )
    return table
