"""What individual responses say, as sentences and as tables: for the command."""

from __future__ import annotations

import dataclasses
import pathlib
from typing import TYPE_CHECKING

import pandas as pd

from positions.measures import stances
from positions.present.sentences import responses as response_sentences
from positions.responses import agreement as response_agreement
from positions.responses import consultation, pca, questions
from positions.responses import groups as response_groups

if TYPE_CHECKING:
    from positions.responses.consultation import Consultation, Counting
    from positions.study.load import Study


@dataclasses.dataclass(frozen=True)
class Summary:
    """What was found: `sentences` in order, and `tables` by name."""

    sentences: list[str]
    tables: dict[str, pd.DataFrame]


def whole_weights(items: pd.DataFrame) -> dict[str, int]:
    """Return what each question weighs, as whole numbers."""
    asked = items[items["asked"]]
    return dict(zip(asked["item_id"], consultation.as_integers(asked["weight"]), strict=True))


def summary(study: Study, model_id: str, found: Consultation, options: Counting) -> Summary:
    """Sum up agreement, campaigns, distribution, consensus and groups of what was counted.

    Parameters
    ----------
    study
        The study the responses are mapped on.
    model_id
        The reference model; empty in a study without models.
    found
        What was counted.
    options
        How it was counted.
    """
    items = questions.items(study.questions, study.propositions)
    weights = whole_weights(items)
    grouped = response_groups.find(found.patterns, list(weights), weights)
    standings = response_agreement.standings(found.counted, items)
    measured = _beside_a_model(study, model_id, found, items) if model_id else Summary([], {})
    free = bool(questions.texts(study.questions))
    sentences = [
        response_sentences.accounts(found),
        *response_sentences.unknown(found),
        *response_sentences.types(found),
        *(measured.sentences or response_sentences.widest(standings)),
        response_sentences.campaign_sentence(found, options.campaign_from, free),
        *response_sentences.crowd_sentences(grouped, found.step),
    ]
    tables = {
        "accounts": found.accounts,
        "unknown": found.unknown,
        "answers": found.counted,
        "campaigns": found.campaigns,
        "consensus": standings,
        "groups": grouped.groups,
        "profiles": grouped.profiles,
        "silhouettes": grouped.choice,
        "map": _map(study, items, found, grouped),
    }
    return Summary(sentences, {**tables, **measured.tables})


def _beside_a_model(
    study: Study, model_id: str, found: Consultation, items: pd.DataFrame
) -> Summary:
    """Say how far respondents agree with a model, and where the bodies stand among them."""
    label = str(study.models.set_index("model_id").loc[model_id, "label"])
    scores = response_agreement.scores(found.counted, items, study.model_positions)
    once = response_agreement.scores(found.counted, items, study.model_positions, once=True)
    asked = len(response_agreement.reference(items, study.model_positions, model_id))
    placed = response_agreement.placed(found.spread, asked)
    marked = response_agreement.beside(placed, _bodies(study, items, model_id))
    mine, other = (table[table["model_id"] == model_id] for table in (scores, once))
    both = scores.merge(
        once[["model_id", "body_id", "agreement"]].rename(columns={"agreement": "each_text_once"}),
        on=["model_id", "body_id"], validate="one_to_one",
    )  # fmt: skip
    return Summary(
        [
            response_sentences.answer(mine, other, label, found.weighted),
            response_sentences.between(placed, marked[marked["standing"] == "ranked"]),
        ],
        {"agreement": both, "distribution": response_agreement.bins(placed), "bodies": marked},
    )


def _map(
    study: Study,
    items: pd.DataFrame,
    found: Consultation,
    grouped: response_groups.RespondentGroups,
) -> pd.DataFrame:
    """Place the models and the groups on the plane of the respondents."""
    plane = pca.plane(found.patterns, list(items.loc[items["asked"], "item_id"]))
    models = questions.on_items(study.model_positions, items[items["asked"]])
    models = models.rename(columns={"proposition_id": "question_id"})
    means = grouped.profiles.drop(columns="position").rename(columns={"mean": "position"})
    return pd.concat(
        [
            pca.placed(plane, models, "model_id").assign(kind="model"),
            pca.placed(plane, means, "group").assign(kind="group"),
        ],
        ignore_index=True,
    )


def _bodies(study: Study, items: pd.DataFrame, model_id: str) -> pd.DataFrame:
    """Score the bodies over what respondents were asked about."""
    positions = stances.positions(
        stances.resolve(study.codings, study.adjudications), stances.independent(study.sources)
    )
    return response_agreement.bodies_scores(
        positions, items, study.model_positions, study.bodies, model_id
    )


def write(found: Summary, folder: pathlib.Path) -> None:
    """Write the sentences and a CSV file a table into a folder; numbers to six decimals."""
    (folder / "findings.txt").write_text("\n".join(found.sentences) + "\n", encoding="utf-8")
    for name, table in found.tables.items():
        floats = table.select_dtypes("float").round(6)
        rounded = table.assign(**{str(column): floats[column] for column in floats})
        text = rounded.to_csv(index=False, lineterminator="\n")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
