"""What individual responses say, as sentences and as tables: for the command."""

from __future__ import annotations

import dataclasses
import pathlib
from typing import TYPE_CHECKING

import pandas as pd

from positions.present import display, response_sentences
from positions.responses import pca, questions

if TYPE_CHECKING:
    from positions.responses.respondents import Respondents


@dataclasses.dataclass(frozen=True)
class Summary:
    """What was found: `sentences` in order, and `tables` by name."""

    sentences: list[str]
    tables: dict[str, pd.DataFrame]


def summary(found: Respondents, campaign_from: int) -> Summary:
    """Sum up agreement, campaigns, distribution, consensus and groups of what was counted.

    Parameters
    ----------
    found
        The respondents; the study may have no reference model.
    campaign_from
        Responses of one wording that make a campaign.
    """
    counted, free = found.counted, bool(questions.texts(found.analysis.study.questions))
    sentences = [
        response_sentences.accounts(counted),
        *response_sentences.unknown(counted),
        *response_sentences.types(counted),
        *_on_a_model(found),
        response_sentences.campaign_sentence(counted, campaign_from, free),
        *response_sentences.crowd_sentences(found.groups, counted.step),
    ]
    tables = {
        "accounts": counted.accounts,
        "unknown": counted.unknown,
        "answers": counted.counted,
        "campaigns": counted.campaigns,
        "consensus": found.consensus,
        "groups": found.groups.groups,
        "profiles": found.groups.profiles,
        "silhouettes": found.groups.choice,
        "map": _map(found),
    }
    if found.analysis.model:
        tables |= {"agreement": found.scores, "distribution": found.bars, "bodies": found.bodies}
    return Summary(sentences, tables)


def _on_a_model(found: Respondents) -> list[str]:
    """Say how far respondents agree with the model; without one, on what they agree."""
    if not found.analysis.model:
        return response_sentences.widest(found.consensus)
    marked = found.bodies[found.bodies["standing"] == "ranked"]
    label, weighted = found.analysis.label, found.counted.weighted
    return [
        response_sentences.answer(found.agreement.iloc[0], label, weighted),
        response_sentences.between(found.distribution, marked),
    ]


def _map(found: Respondents) -> pd.DataFrame:
    """Place the models and the groups on the plane of the respondents."""
    items = found.items[found.items["asked"]]
    plane = pca.plane(found.counted.patterns, list(items["item_id"]))
    models = questions.on_items(found.analysis.study.model_positions, items)
    models = models.rename(columns={"proposition_id": "question_id"})
    means = found.groups.profiles.drop(columns="position").rename(columns={"mean": "position"})
    return pd.concat(
        [
            pca.placed(plane, models, "model_id").assign(kind="model"),
            pca.placed(plane, means, "group").assign(kind="group"),
        ],
        ignore_index=True,
    )


def write(found: Summary, folder: pathlib.Path) -> None:
    """Write the sentences and a CSV file a table into a folder; numbers to six decimals."""
    files = {"findings.txt": "\n".join(found.sentences) + "\n"}
    files |= {f"{name}.csv": display.table(data, name).csv() for name, data in found.tables.items()}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
