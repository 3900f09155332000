"""List where the analysis could reasonably differ, and make the variants of it.

A *choice* is a place where an analyst could have done otherwise; its *levels* are what could be
done there, the default first. Only levels that the study can tell apart are listed: with one
coder, nobody can ask for another. A *variant* takes one level of each choice; its id says what
departs from the default (Steegen, Tuerlinckx, Gelman and Vanpaemel 2016, "Increasing transparency
through a multiverse analysis", Perspectives on Psychological Science 11, 702-712).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations as chosen

import numpy as np
import pandas as pd

from positions.measures.stances import resolve
from positions.study.load import Study
from positions.study.schema import DESIGN, PROPOSER

DEFAULT = "default"
"""The id of the variant that departs in nothing."""
CHOICES = (
    "kinds", "spacing", "weights", "silence", "evidence", "as_of", "coder", "metric",
    "normalisation", "drop",
)  # fmt: skip
"""The choices, in the order in which they are printed."""

SPACING = {
    "even": "the five codes are equally far apart: -2, -1, 0, 1, 2",
    "direction only": "only for or against counts: -1, -1, 0, 1, 1",
    "extremes stretched": "without reservation is far from with: -3, -1, 0, 1, 3",
}
SILENCE = {
    "left out": "what a body never mentions is left out of its score",
    "neutral": "a silent body counts as taking no side",
    "worst": "a silent body counts at its worst",
    "best": "a silent body counts at its best",
}
WEIGHTS = {
    "equal": "every proposition weighs the same",
    "own": "the weights that the study gives its propositions",
    "by theme": "every theme weighs the same",
    "by salience": "a proposition weighs as many sources as speak to it",
}
EVIDENCE = {
    "all": "all that was coded",
    "stated only": "only what a body stated in terms",
    "own words": "not what others report of a body",
    "whole texts": "only texts that were read whole",
    "independent": "not texts that repeat another's wording",
    "since the model": "only texts surely not older than the model",
}
METRIC = {
    "city-block": "mean of the distances",
    "Euclidean": "root of the mean squared distance: one far point costs more",
    "directional": "scalar product: a strong stance on the model's side counts most",
    "same sign": "share of propositions on the model's side",
}
NORMALISATION = {
    "furthest possible": "a distance is a share of the furthest that the model's position allows",
    "scale width": "a distance is a share of the scale's width",
}

KINDS = {
    "design": "only what the model provides",
    "all kinds": "what its proposer claims and how it is brought about count too",
}

Levels = list[tuple[str, str]]


def available(tables: Study, model_id: str) -> pd.DataFrame:
    """List the choices of the analysis of this study, and what could be chosen instead.

    A level that would leave everything as it is, or nothing at all, is no alternative and is
    left out: stated evidence where all is stated, a theme of one proposition (it is that
    proposition), a phase that ends with the last source, a body that is not ranked anyway. A
    level that could move a score and does not stays in.

    Parameters
    ----------
    tables
        The study's tables.
    model_id
        The reference model.

    Returns
    -------
    DataFrame
        One row per choice and level, in order: `choice`, `level`, `default` (whether the level
        is the default; one per choice), `about` (what it does, in words).

    Raises
    ------
    ValueError
        When the study has no such model.
    """
    if model_id and model_id not in set(tables.models["model_id"]):
        raise ValueError(f"no model {model_id!r}: {', '.join(sorted(tables.models['model_id']))}")
    cells = resolve(tables.codings, tables.adjudications).dropna(subset=["stance"])
    cells = cells.merge(tables.sources, on="source_id", validate="many_to_one")
    asked = tables.model_positions.loc[
        tables.model_positions["model_id"] == model_id, "proposition_id"
    ]
    spoken = tables.propositions[tables.propositions["proposition_id"].isin(asked)]
    propositions = spoken[spoken["kind"] == DESIGN]
    cells = cells[cells["proposition_id"].isin(propositions["proposition_id"])]
    kinds = list(KINDS.items())[: 2 if len(spoken) > len(propositions) else 1]
    levels: dict[str, Levels] = {
        "kinds": kinds,
        "spacing": list(SPACING.items()),
        "weights": _weights(propositions, cells),
        "silence": list(SILENCE.items()),
        "evidence": _evidence(cells, tables.models, model_id),
        "as_of": _as_of(cells),
        "coder": _coder(tables.codings),
        "metric": list(METRIC.items()),
        "normalisation": list(NORMALISATION.items()),
        "drop": _drop(propositions, cells, tables),
    }
    rows = [
        (choice, level, place == 0, about)
        for choice in CHOICES
        for place, (level, about) in enumerate(levels[choice])
    ]
    return pd.DataFrame(rows, columns=["choice", "level", "default", "about"])


def _weights(propositions: pd.DataFrame, cells: pd.DataFrame) -> Levels:
    levels = ["equal"]
    if len(propositions.loc[propositions["weight"] > 0, "weight"].unique()) > 1:
        levels = ["own", "equal"]
    if len(propositions["theme"].unique()) > 1:
        levels.append("by theme")
    if len(cells["source_id"].unique()) > 1:
        levels.append("by salience")
    return [(level, WEIGHTS[level]) for level in levels]


def evidence_masks(
    cells: pd.DataFrame, models: pd.DataFrame, model_id: str
) -> dict[str, pd.Series]:
    """Return which cells count under each class of evidence.

    Parameters
    ----------
    cells
        One row per body, proposition and source: `basis`, `text_seen`, `follows`, `earliest`.
    models
        One row per model: `proposed`.
    model_id
        The model that evidence may be older than; nothing is older than one without a date.

    Returns
    -------
    dict
        Per level of `evidence`, which rows of `cells` count.
    """
    proposed = models.set_index("model_id")["proposed"].get(model_id, "")
    every = cells["basis"].notna()
    return {
        "all": every,
        "stated only": cells["basis"] == "stated",
        "own words": cells["basis"] != "reported",
        "whole texts": cells["text_seen"] == "whole",
        "independent": cells["follows"] == "",
        "since the model": cells["earliest"] >= pd.Timestamp(proposed) if proposed else every,
    }


def _evidence(cells: pd.DataFrame, models: pd.DataFrame, model_id: str) -> Levels:
    masks = evidence_masks(cells, models, model_id)
    return [
        (level, about)
        for level, about in EVIDENCE.items()
        if level == "all" or (masks[level].any() and not masks[level].all())
    ]


def _as_of(cells: pd.DataFrame) -> Levels:
    """Return each phase's last day on which some coded source is still to come."""
    ends = cells.groupby("phase")["latest"].max()
    levels = [("latest", "all sources count")]
    for day, phases in ends.groupby(ends):
        if day < cells["latest"].max():
            named = " and ".join(f"“{phase}”" for phase in sorted(phases.index))
            levels.append((str(day.date()), f"only sources up to the end of phase {named}"))
    return levels


def _coder(codings: pd.DataFrame) -> Levels:
    coders = sorted(codings["coder"].unique())
    alone = [(c, f"as {c} read it, wherever {c} read") for c in coders] if len(coders) > 1 else []
    return [("adjudicated", "what the coders agree on, else what was decided"), *alone]


def _drop(propositions: pd.DataFrame, cells: pd.DataFrame, tables: Study) -> Levels:
    """Leave out one thing at a time, where something else is left."""
    themes, bodies = propositions.groupby("theme").size(), tables.bodies
    stakeholders = bodies.loc[bodies["kind"] != PROPOSER, "body_id"]
    spoke = cells.groupby("body_id")["proposition_id"].nunique().reindex(stakeholders)
    things = {
        "proposition": propositions["proposition_id"],
        "theme": themes.index[(themes > 1) & (themes < themes.sum())],
        "source": cells["source_id"],
        "body": spoke.index[spoke >= tables.ranked_from],
    }
    levels = [("nothing", "nothing is left out")]
    for kind, ids in things.items():
        unique = sorted(set(ids))
        if len(unique) > 1 or kind == "theme":
            levels += [(f"{kind} {key}", f"the {kind} “{key}” is left out") for key in unique]
    return levels


# --- variants: one level of each choice -----------------------------------------------------


def one(choices: pd.DataFrame, levels: Mapping[str, str]) -> pd.DataFrame:
    """Return the one variant that takes these levels, and the default of all other choices.

    Parameters
    ----------
    choices
        As `available` returns it.
    levels
        Levels by choice.
    """
    return _variants(choices, [list(levels.items())])


def singles(choices: pd.DataFrame) -> pd.DataFrame:
    """List the default analysis and every single departure from it.

    Parameters
    ----------
    choices
        As `available` returns it; rows may be left out, the default of each choice may not.

    Returns
    -------
    DataFrame
        One row per variant: `variant_id` (says what departs), `departures` (how many),
        `changed` (the choices that depart) and a column per choice. The default is first.
    """
    other = choices[~choices["default"]]
    return _variants(choices, [[], *([pair] for pair in _pairs(other))])


def pairs(choices: pd.DataFrame) -> pd.DataFrame:
    """List every two departures at once, of different choices; as `singles` in its columns."""
    other = _pairs(choices[~choices["default"]])
    return _variants(choices, [list(two) for two in chosen(other, 2) if two[0][0] != two[1][0]])


def combinations(choices: pd.DataFrame, draws: int = 5000, seed: int = 20210211) -> pd.DataFrame:
    """List all combinations of levels where they are few, else a random sample of them.

    Each choice is drawn evenly among its levels, except that for `drop` the kind of thing left
    out is drawn first: a study with many bodies would else hardly ever leave out a proposition.
    No variant comes twice.

    Parameters
    ----------
    choices
        As `available` returns it.
    draws
        How many variants at most.
    seed
        Where the random numbers start (PCG64).

    Returns
    -------
    DataFrame
        As `singles`, in the order drawn.
    """
    levels = {c: rows["level"].tolist() for c, rows in choices.groupby("choice", sort=False)}
    count = int(np.prod([len(of) for of in levels.values()], dtype=float))
    if count <= draws:
        grid = np.meshgrid(*[np.array(of, dtype=object) for of in levels.values()], indexing="ij")
        return _named(
            choices, pd.DataFrame({c: g.ravel() for c, g in zip(levels, grid, strict=True)})
        )
    generator = np.random.Generator(np.random.PCG64(seed))
    drawn = _drawn(levels, draws, generator)
    while len(drawn) < draws:
        more = _drawn(levels, draws, generator)
        drawn = pd.concat([drawn, more]).drop_duplicates().head(draws)
    return _named(choices, drawn.reset_index(drop=True))


def _drawn(
    levels: dict[str, list[str]], draws: int, generator: np.random.Generator
) -> pd.DataFrame:
    """Draw rows of levels at random, without those that came twice."""
    columns = {}
    for choice, of in levels.items():
        kinds = [level.split()[0] if choice == "drop" else level for level in of]
        share = 1 / len(set(kinds)) / pd.Series(kinds).map(pd.Series(kinds).value_counts())
        places = generator.choice(len(of), size=draws, p=share.to_numpy())
        columns[choice] = np.array(of, dtype=object)[places]
    return pd.DataFrame(columns).drop_duplicates()


def _pairs(choices: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(choices["choice"], choices["level"], strict=True))


def _variants(
    choices: pd.DataFrame, departures: Iterable[Sequence[tuple[str, str]]]
) -> pd.DataFrame:
    """Make variants from the list of what departs in each."""
    default = dict(_pairs(choices[choices["default"]]))
    rows = [{**default, **dict(departing)} for departing in departures]
    return _named(choices, pd.DataFrame(rows, columns=list(default)))


def _named(choices: pd.DataFrame, levels: pd.DataFrame) -> pd.DataFrame:
    """Give each row of levels its id, which says in what it departs, and no more."""
    default = dict(_pairs(choices[choices["default"]]))
    ids, changed = [], []
    for row in zip(*(levels[choice].tolist() for choice in default), strict=True):
        departing = [
            (choice, level)
            for (choice, usual), level in zip(default.items(), row, strict=True)
            if level != usual
        ]
        ids.append("; ".join(f"{choice}={level}" for choice, level in departing) or DEFAULT)
        changed.append([choice for choice, _ in departing])
    found = levels.astype("str")
    found.insert(0, "variant_id", pd.Series(ids, index=levels.index, dtype="str"))
    found.insert(1, "departures", np.array([len(of) for of in changed], dtype="int64"))
    named = pd.Series([", ".join(of) for of in changed], index=levels.index, dtype="str")
    found.insert(2, "changed", named)
    return found
