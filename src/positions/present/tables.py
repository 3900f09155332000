"""Tidy tables laid out as people read them: in order, wide, with the basis beside the number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from positions.present.cell_links import ACROSS
from positions.words import MISSING, UNSEEN, marks, percent

MANY = 14
"""From more bodies than this, tables and figures turn or show a choice of them."""
ON_A_PAGE, ENDS = 40, 15
"""More bars than this are no picture that can be seen whole: so many of each end are drawn then."""
STANDINGS = ("ranked", "calibration", "too few")


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


def spotlight(scores: pd.DataFrame, featured: Sequence[str] = (), most: int = 6) -> pd.DataFrame:
    """The rows of one model's scores to look at closely.

    The study's featured bodies that have a score; where it features none, the ranked bodies, and
    of many the first and the last of them.
    """
    if len(featured):
        return scores[scores["body_id"].isin(list(featured)) & (scores["spoke"] > 0)]
    found = ranked(scores)
    if len(found) <= most:
        return found
    return pd.concat([found.head(most - most // 2), found.tail(most // 2)])


def close(scores: pd.DataFrame, featured: Sequence[str] = ()) -> pd.DataFrame:
    """All bodies of few; of many the featured ones, or who stands in their place."""
    return scores if len(scores) <= MANY else spotlight(scores, featured)


def parts(bodies: pd.DataFrame, most: int) -> list[pd.DataFrame]:
    """The bodies cut into parts of equal size, at most so many each, so that each fits a page."""
    number = max(1, -(-len(bodies) // most))
    size = max(1, -(-len(bodies) // number))
    return [bodies.iloc[at : at + size] for at in range(0, max(len(bodies), 1), size)]


def foreground(scores: pd.DataFrame, featured: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of one model's scores to draw: all of few; of many, who is not ranked stays out.

    Featured bodies and who is shown as calibration stay in.
    """
    if len(scores) <= MANY:
        return scores
    return scores[(scores["standing"] != "too few") | scores["body_id"].isin(list(featured))]


def on_a_page(scores: pd.DataFrame, featured: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of one model's scores that a picture with a row a body can show.

    Those of `foreground`; where they are more than a page holds, the ranked who agree most and
    least, the featured and who is shown apart. `skipped` says how many of the ranked are left out
    between a row and the ranked row before it.
    """
    shown = foreground(scores, featured)
    is_ranked = shown["standing"] == "ranked"
    place = is_ranked.cumsum()
    between = is_ranked & (place > ENDS) & (place <= is_ranked.sum() - ENDS)
    left_out = between & ~shown["body_id"].isin(list(featured)) & (len(shown) > ON_A_PAGE)
    drawn = shown[~left_out]
    skipped = left_out.cumsum()[~left_out].where(drawn["standing"] == "ranked").ffill().fillna(0)
    return drawn.assign(skipped=skipped.diff().fillna(skipped).astype(int))


def by_kind(scores: pd.DataFrame, bodies: pd.DataFrame) -> pd.DataFrame:
    """How do kinds of bodies differ in their agreement with one model?

    Returns
    -------
    DataFrame
        One row per kind, sorted: `bodies`, `ranked`, and over the ranked the `median` agreement
        and its `lowest` and `highest` (missing without any).
    """
    rows = scores.merge(bodies[["body_id", "kind"]], on="body_id")
    score = rows["agreement"].where(rows["standing"] == "ranked")
    rows = rows.assign(score=score, ranks=rows["standing"] == "ranked")
    return rows.groupby("kind", as_index=False, sort=True).agg(
        bodies=("body_id", "size"), ranked=("ranks", "sum"), median=("score", "median"),
        lowest=("score", "min"), highest=("score", "max"),
    )  # fmt: skip


def over_time(
    phased: pd.DataFrame, phases: Sequence[str], propositions: pd.DataFrame, bodies: pd.DataFrame
) -> pd.DataFrame:
    """Each body's position on each proposition, phase by phase, as printed.

    Only bodies and propositions with a position in two phases or more have a row.

    Returns
    -------
    DataFrame
        One row per body and proposition: `body_id`, `proposition_id`, `Body`, `Proposition`, a
        column per phase (`[z]` where that phase's documents hold nothing), and `moved`: whether
        they differ.
    """
    cells = phased.assign(shown=marks(phased))
    key = ["body_id", "proposition_id"]
    wide = cells.set_index([*key, "phase"])["shown"].unstack("phase").reindex(columns=list(phases))
    spread = phased.groupby(key)["position"].agg(["size", lambda said: len(set(said.round(9)))])
    wide["moved"] = spread.iloc[:, 1] > 1
    wide = wide[spread["size"] >= 2].rename_axis(columns=None).reset_index()
    wide = wide.merge(bodies[["body_id", "name"]]).merge(propositions[["proposition_id", "label"]])
    wide = wide.rename(columns={"name": "Body", "label": "Proposition"})
    wide[list(phases)] = wide[list(phases)].astype("object").fillna("[z]")
    return wide[[*key, "Body", "Proposition", *phases, "moved"]].sort_values(key, ignore_index=True)


def grid(positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """Every body's position on every proposition, as printed.

    Parameters
    ----------
    positions
        One row per body and proposition: `position`, `basis`, `flagged`.
    bodies
        `body_id`, `name`, in the order of the columns; and `seen`, where texts were not all read
        whole.
    propositions
        `proposition_id`, `label`, in the order of the rows.

    Returns
    -------
    DataFrame
        One row per proposition: `Proposition` and a column per body, named by it; missing where
        it did not speak, `[u]` where it may have, in a part of a text that was not seen. The ids
        are kept as `subjects` reads them: in the index, and each column's in `attrs`.
    """
    cells = positions.assign(shown=marks(positions))
    wide = cells.set_index(["proposition_id", "body_id"])["shown"].unstack("body_id")
    wide = wide.reindex(index=propositions["proposition_id"], columns=bodies["body_id"])
    wide = wide.astype("object").fillna(dict.fromkeys(unseen(bodies), UNSEEN))
    taken = ("Proposition", "Question", "Asks about")
    wide.columns = pd.Index(_told_apart(bodies["body_id"], bodies["name"], taken))
    labels = pd.DataFrame({"Proposition": propositions["label"].to_numpy()}, index=wide.index)
    across = dict(zip(wide.columns, bodies["body_id"], strict=True))
    wide = pd.concat([labels, wide], axis=1)
    wide.attrs[ACROSS] = {"body_id": across}
    return wide


def unseen(bodies: pd.DataFrame) -> list[str]:
    """The bodies whose texts were not all read whole."""
    return bodies.loc[bodies["seen"] != "whole", "body_id"].tolist() if "seen" in bodies else []


def turned(wide: pd.DataFrame) -> pd.DataFrame:
    """A grid with a row per body and a column per proposition: for more bodies than fit across."""
    labels = _told_apart(wide.index, wide["Proposition"], ("Body",))
    turned = wide.drop(columns="Proposition").set_axis(labels, axis=0).T.rename_axis(columns=None)
    turned.insert(0, "Body", turned.index)
    turned.index = turned.index.map(wide.attrs[ACROSS]["body_id"]).rename("body_id")
    turned.attrs[ACROSS] = {"proposition_id": dict(zip(labels, wide.index, strict=True))}
    return turned


def _told_apart(keys: Iterable[str], names: pd.Series, taken: Sequence[str]) -> list[str]:
    """Names as headings, with the id where a name alone would not head one column only."""
    return [
        f"{name} ({key})" if twice or name in taken else name
        for key, name, twice in zip(keys, names, names.duplicated(keep=False), strict=True)
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
    wide = pd.DataFrame({"Body": first["name"].to_numpy()}, index=pd.Index(first["body_id"]))
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
    wide = grid(heard, shown, unique).loc[asked["proposition_id"]]
    wide = wide.rename(columns={"Proposition": "Asks about"})
    wide.insert(0, "Question", answers["question_id"].to_numpy())
    return wide.fillna(MISSING)
