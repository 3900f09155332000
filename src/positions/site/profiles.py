"""All there is to each body, proposition and source, by id: codes, phrases, decisions, scores.

The tables are gone through once; the sheets take their part. Scores and positions are those of the
other pages.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from positions.measures import agreement
from positions.measures.analysis import Analysis
from positions.measures.stances import as_of_day, counted
from positions.study.load import Study
from positions.study.schema import CELL
from positions.words import listed, signed

Row = dict[str, Any]
Key = tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Code:
    """One cell: what a body said on a proposition in a source, and how it was read.

    `code` is the code as printed, or `struck` or `not decided`. `phrases` holds each phrase once,
    with a line for each way in which it was read. `decided` is the reason of the adjudication,
    `apart` why the cell does not make the position (empty where it does), `replaced_by` the id of
    the source that it gave way to, where it gave way to one.
    """

    body_id: str
    proposition_id: str
    source_id: str
    code: str
    basis: str
    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    decided: str
    apart: str
    replaced_by: str = ""


@dataclasses.dataclass(frozen=True)
class Dossier:
    """All that the sheets show, by id.

    `bodies`, `propositions` and `sources` are rows of the study's tables, in their order. `codes`
    are by kind (`body`, `proposition`, `source`) and id. By body and proposition: `positions`,
    and `near`, how near each is to the reference model, whose label is `model`, `proposed`
    on that date ("": it has none), and `blanks`, the kind of each blank. By proposition:
    `models`, what each model says on it, `asked`, the questions put on it, `outcomes`, where it
    stood and ended, and `standings`. By body: `scores` against the reference model's design,
    `trust` in its claims and process, `attainment` (`unread` says that no person read the
    outcomes it rests on), and how
    many of the positions behind each score are in its `own` words and how many `early`, from before
    the model was proposed.
    """

    bodies: Mapping[str, Row]
    propositions: Mapping[str, Row]
    sources: Mapping[str, Row]
    codes: Mapping[str, Mapping[str, list[Code]]]
    positions: Mapping[Key, Row]
    near: Mapping[Key, Row]
    model: str
    proposed: str
    models: Mapping[str, list[Row]]
    asked: Mapping[str, list[Row]]
    outcomes: Mapping[str, list[Row]]
    standings: Mapping[str, Row]
    blanks: Mapping[Key, str]
    scores: Mapping[str, Row]
    trust: Mapping[str, Row]
    attainment: Mapping[str, Row]
    unread: str
    own: Mapping[str, int]
    early: Mapping[str, int]


def gather(found: Analysis) -> Dossier:
    """Lay out a study, analysed, for its sheets."""
    study = found.study
    near = agreement.compared(found.positions, study.model_positions, study.propositions)
    near = near[near["model_id"] == found.model]
    counts = near[near["proposition_id"].isin(found.design["proposition_id"])]
    basis = counts.merge(found.positions[["body_id", "proposition_id", "basis"]])
    early = found.contributions
    early = early[(early["model_id"] == found.model) & early["predates"]]
    labels = study.models[["model_id", "label"]]
    models = study.model_positions.merge(labels).sort_values(["model_id", "proposition_id"])
    cells = codes(found)
    return Dossier(
        bodies=_by(found.bodies, "body_id"),
        propositions=_by(study.propositions, "proposition_id"),
        sources=_by(study.sources, "source_id"),
        codes={
            kind: _lists((getattr(code, f"{kind}_id"), code) for code in cells)
            for kind in ("body", "proposition", "source")
        },
        positions=_by(found.positions, "body_id", "proposition_id"),
        near=_by(near, "body_id", "proposition_id"),
        model=labels.set_index("model_id")["label"].get(found.model, ""),
        proposed=found.proposed,
        models=_lists((row["proposition_id"], row) for row in _records(models)),
        asked=_lists((row["proposition_id"], row) for row in _records(study.engagement)),
        outcomes=_lists((row["proposition_id"], row) for row in _records(found.outcomes)),
        standings=_by(found.consensus, "proposition_id"),
        blanks=found.blanks.set_index(["body_id", "proposition_id"])["blank"].to_dict(),
        scores=_by(found.scores[found.scores["model_id"] == found.model], "body_id"),
        trust=_by(found.trust[found.trust["model_id"] == found.model], "body_id"),
        attainment=_by(found.attainment, "body_id") if len(found.outcomes) else {},
        unread=_unread(study),
        own=_counts(basis[basis["basis"] != "reported"]),
        early=_counts(early),
    )


def _unread(study: Study) -> str:
    """Say that no person read where things ended; nothing where one did, or nobody read it."""
    readers = study.coders[study.coders["coder"].isin(study.outcomes["coder"])]
    if readers.empty or (readers["kind"] == "person").any():
        return ""
    return "No person has checked where things stood and ended."


def codes(found: Analysis) -> list[Code]:
    """Every cell of a study, in the order of `Analysis.resolved`."""
    study, counting = found.study, found.counting
    names = dict(zip(study.coders["coder"], study.coders["name"], strict=True))
    named = study.codings.assign(coder=study.codings["coder"].map(lambda key: names.get(key, key)))
    readings = _lists((_key(row), row) for row in _records(named))
    reasons = {_key(row): row["reason"] for row in _records(study.adjudications)}
    makes = counted(found.resolved, found.sources, **counting.of_cells)
    count = {_key(row) for row in _records(makes[CELL])}
    replaced = {_key(row): row["replaced_by"] for row in _records(found.superseded)}
    left_out = _left_out(found)
    return [
        Code(
            body_id=cell["body_id"],
            proposition_id=cell["proposition_id"],
            source_id=cell["source_id"],
            code=_printed(cell),
            basis=cell["basis"],
            phrases=_phrases(readings[_key(cell)], cell["status"]),
            decided=reasons.get(_key(cell), ""),
            apart="" if _key(cell) in count else _apart(cell, left_out, counting.evidence),
            replaced_by=replaced.get(_key(cell), ""),
        )
        for cell in _records(found.resolved)
    ]


# --- rows by id ------------------------------------------------------------------------------


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _by(table: pd.DataFrame, *columns: str) -> dict[Any, Row]:
    """Return the rows of a table by the id in a column, or by the ids in several."""
    return dict(table.set_index(list(columns), drop=False).to_dict("index"))


def _lists(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {str(key): int(number) for key, number in rows.groupby("body_id").size().items()}


def _key(row: Row) -> Key:
    return tuple(row[column] for column in CELL)


# --- one cell --------------------------------------------------------------------------------


def _printed(cell: Row) -> str:
    said = {"struck": "struck", "unresolved": "not decided"}.get(cell["status"])
    return said or signed(cell["stance"])


def _phrases(readings: Sequence[Row], status: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each phrase once, with a line for each way it was read.

    The code is named where the readings are not all of one code, and so is the basis.
    """
    one_code = len({row["stance"] for row in readings}) == 1 and status in ("agreed", "single")
    one_basis = len({row["basis"] for row in readings}) == 1
    ways: dict[str, dict[str, list[str]]] = {}
    for row in readings:
        code = "" if one_code else f" {signed(row['stance'])}"
        basis = "" if one_basis else f", {row['basis']}"
        read = f"{code}{basis}: {row['note']}".removesuffix(": ")
        ways.setdefault(row["quote"], {}).setdefault(read, []).append(row["coder"])
    return tuple(
        (quote, tuple(f"{listed(coders)}{read}" for read, coders in lines.items()))
        for quote, lines in ways.items()
    )


def _left_out(found: Analysis) -> dict[str, str]:
    """Return the sources that do not count, and why."""
    counting, titles = found.counting, found.study.sources.set_index("source_id")["title"]
    own, last = set(found.sources["source_id"]), as_of_day(counting.as_of)
    first = None if counting.since is None else pd.Timestamp(counting.since)
    why = {}
    for source in _records(found.documents):
        if source["source_id"] not in own:
            why[source["source_id"]] = f"repeats the wording of “{titles[source['follows']]}”"
        elif last is not None and source["latest"] > last:
            why[source["source_id"]] = f"may be later than {counting.as_of}"
        elif first is not None and source["earliest"] < first:
            why[source["source_id"]] = f"may be earlier than {counting.since}"
    return why


def _apart(cell: Row, left_out: Mapping[str, str], evidence: Collection[str]) -> str:
    """Why a cell does not make the position that is published."""
    if cell["status"] == "struck":
        return "struck, so there is no code"
    if cell["status"] == "unresolved":
        return "the readers differ and nobody decided"
    if cell["source_id"] in left_out:
        return left_out[cell["source_id"]]
    if cell["basis"] not in evidence:
        return f"evidence that is {cell['basis']} is left out"
    return "a later source, at least as strong, counts in its place"
