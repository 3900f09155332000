"""Tidy tables laid out as people read them: in order, wide, with the basis beside the number."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from positions.present import MISSING, percent
from positions.schema import signed

STANDINGS = ("ranked", "calibration", "too few")
BASIS_MARK = {"stated": "", "implied": "i", "reported": "r"}


def ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of one model's scores that are ranked, most agreeing first."""
    return scores[scores["standing"] == "ranked"]


def in_order(scores: pd.DataFrame) -> pd.DataFrame:
    """The rows of one model's scores: the ranked first, then who is shown apart."""
    return pd.concat([scores[scores["standing"] == standing] for standing in STANDINGS])


def models_in_order(models: pd.DataFrame, reference: str) -> list[tuple[str, str]]:
    """Pairs of model_id and label: the reference model first, the others by id."""
    labels = models.sort_values("model_id").set_index("model_id")["label"]
    first = [(reference, labels[reference])]
    return first + [(key, label) for key, label in labels.items() if key != reference]


def asked(propositions: pd.DataFrame, model_positions: pd.DataFrame, model_id: str) -> pd.DataFrame:
    """The propositions that a model speaks to, in the order of the table."""
    spoken = model_positions.loc[model_positions["model_id"] == model_id, "proposition_id"]
    return propositions[propositions["proposition_id"].isin(spoken)]


def mark(position: float, basis: str, flagged: str) -> str:
    """A position as a cell prints it: sign, kind of evidence, and a star where sources differ.

    >>> mark(2.0, "reported", ""), mark(-0.5, "stated", "mixed")
    ('+2r', '-0.5*')
    """
    return f"{signed(position)}{BASIS_MARK[basis]}{'*' if flagged else ''}"


def grid(positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """Every body's position on every proposition, as printed.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, in the order of the columns.
    propositions
        `proposition_id`, `label`, in the order of the rows.

    Returns
    -------
    DataFrame
        One row per proposition: `Proposition` and a column per body, named by it; missing where
        it did not speak.
    """
    cells = positions.assign(
        shown=[
            mark(*cell)
            for cell in zip(
                positions["position"], positions["basis"], positions["flagged"], strict=True
            )
        ]
    )
    wide = cells.set_index(["proposition_id", "body_id"])["shown"].unstack("body_id")
    wide = wide.reindex(index=propositions["proposition_id"], columns=bodies["body_id"])
    wide.columns = pd.Index(_told_apart(bodies))
    wide.insert(0, "Proposition", propositions["label"].to_numpy())
    return wide.reset_index(drop=True).rename_axis(columns=None)


def _told_apart(bodies: pd.DataFrame) -> list[str]:
    """The bodies' names, with the id where a name alone would not head one column only."""
    taken = {"Proposition", "Question", "Asks about"}
    return [
        f"{name} ({key})" if twice or name in taken else name
        for key, name, twice in zip(
            bodies["body_id"], bodies["name"], bodies["name"].duplicated(keep=False), strict=True
        )
    ]


def side_by_side(scores: pd.DataFrame, labels: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Each body's agreement with each model and its base, a column a model.

    Returns
    -------
    DataFrame
        One row per body, in the order of the first model: `Body`, then a column per model with
        agreement and base, such as `66%, 11 of 19`.
    """
    first = scores[scores["model_id"] == labels[0][0]]
    wide = pd.DataFrame({"Body": first["name"].to_numpy()})
    for model_id, label in labels:
        rows = scores[scores["model_id"] == model_id].set_index("body_id")
        said = {
            key: f"{percent(row['agreement'])}, {row['spoke']} of {row['of']}"
            for key, row in rows.iterrows()
        }
        heading = f"{label} ({model_id})" if label in wide.columns else label
        wide[heading] = first["body_id"].map(said).to_numpy()
    return wide


def beside(
    answers: pd.DataFrame, positions: pd.DataFrame, propositions: pd.DataFrame, bodies: pd.DataFrame
) -> pd.DataFrame:
    """Beside each question of an engagement, where each body stands on what it asks about.

    Returns
    -------
    DataFrame
        One row per question: `Question`, `Asks about`, and a column per body that spoke on any
        of the propositions asked about.
    """
    asked = propositions.set_index("proposition_id").loc[answers["proposition_id"]].reset_index()
    heard = positions[positions["proposition_id"].isin(asked["proposition_id"])]
    shown = bodies[bodies["body_id"].isin(heard["body_id"])]
    unique = asked.drop_duplicates("proposition_id")
    wide = grid(heard, shown, unique).set_axis(unique["proposition_id"], axis=0)
    wide = wide.loc[asked["proposition_id"]].rename(columns={"Proposition": "Asks about"})
    wide.insert(0, "Question", answers["question_id"].to_numpy())
    return wide.reset_index(drop=True).fillna(MISSING)
