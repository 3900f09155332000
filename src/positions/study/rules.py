"""The codebook's rules across tables: what a study may not say, and what it should look at."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from positions.study import check_rules as of_checks
from positions.study import codebook_rules, fields, outcome_rules, schema
from positions.study.csv_reader import Record
from positions.study.problems import ERROR, NOTE, WARNING, Problem
from positions.study.validate import Row, Tables
from positions.words import signed

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)
LEAST_RANKED_FROM = 3
"""A rank on fewer propositions would rest on a phrase or two."""


def check_rules(
    values: Mapping[str, list[Row]],
    records: Mapping[str, Sequence[Record]],
    settings: Mapping[str, Any],
    faulty: Collection[str] = (),
    *,
    files: Mapping[str, str],
) -> list[Problem]:
    """Check every rule that needs more than one cell, on rows whose cells and keys are sound."""
    tables = Tables(values, records, faulty, files)
    return [
        *_reference(tables, settings),
        *_as_of(tables, settings),
        *_created(tables, settings),
        *_ranked_from(tables, settings),
        *_model_positions(tables),
        *_coders(tables),
        *_overlaps(tables),
        *_featured(tables, settings),
        *_sources(tables),
        *_follows(tables),
        *codebook_rules.check_phrases(tables),
        *_disagreements(tables),
        *codebook_rules.check_propositions(tables),
        *_engagement(tables),
        *_claims(tables),
        *_questions(tables),
        *of_checks.check_samples(tables),
        *of_checks.check_checks(tables),
        *outcome_rules.check_outcomes(tables),
        *_unused(tables),
    ]


def _setting(tables: Tables, name: str, value: object, message: str, fix: str) -> Problem:
    return tables.problem(ERROR, "", None, name, name.replace("_", "-"), value, message, fix)


def _reference(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the study names a reference model that it has, and that takes positions."""
    if not tables.whole("models", "model_positions"):
        return
    named = settings.get("reference_model", "")
    models = sorted(tables.by_id("models", "model_id"))
    if not (named or models or tables.of["codings"]) and tables.whole("codings"):
        return  # a study that is only begun: its empty tables are named below
    if named not in models:
        yield _setting(tables, "reference_model", named,
                       "the study must name the model that agreement is measured against",
                       "write as reference_model one of: "
                       f"{', '.join(models) or 'the models'}")  # fmt: skip
    with_positions = {row["model_id"] for row in tables.of["model_positions"]}
    for row, record in tables.rows("models"):
        if row["model_id"] not in with_positions:
            yield tables.problem(
                ERROR if row["model_id"] == named else WARNING,
                "models", record, "model_id", "model-without-positions", row["model_id"],
                "the model takes no position, so nothing can agree with it",
                f"add its rows to {tables.files['model_positions']}",
            )  # fmt: skip


def _as_of(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the last day whose sources count is a date."""
    given = settings.get("as_of", "")
    span = fields.dates(given) if given else None
    if isinstance(span, fields.Fault):
        fix = "write the last day whose sources count as an ISO date, or leave it out"
        yield _setting(tables, "as_of", given, span.message, fix)


def _created(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the study's version is of a moment, as data packages say it (RFC 3339)."""
    given = settings.get("created", "")
    with contextlib.suppress(ValueError):
        if not given or (_MOMENT.fullmatch(given) and dt.datetime.fromisoformat(given)):
            return
    fix = "write when this version was made, such as 2021-02-11T00:00:00Z, or leave it out"
    yield _setting(tables, "created", given, "not a date and time", fix)


def _ranked_from(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that a rank needs a number of propositions, and not too few."""
    given = settings.get("ranked_from", schema.RANKED_FROM)
    if type(given) is not int or given < LEAST_RANKED_FROM:
        what = f"a rank needs a whole number of propositions, from {LEAST_RANKED_FROM} up"
        fix = f"write a number such as {schema.RANKED_FROM}, or leave it out"
        yield _setting(tables, "ranked_from", given, what, fix)


def _model_positions(tables: Tables) -> Iterator[Problem]:
    """Check that a phrase carries each position of a model, or a reason where it is inferred."""
    for row, record in tables.rows("model_positions"):
        if row["basis"] in schema.FIRST["model_positions", "basis"]:
            continue  # its table has no column to name a phrase or a reason in
        named = f"{row['model_id']} / {row['proposition_id']}"
        inferred = row["basis"] == "inferred"
        for column in ("source_id", "quote"):
            if inferred == bool(row[column]):
                yield tables.problem(
                    ERROR, "model_positions", record, column, "model-phrase", row[column] or named,
                    "an inferred position has no phrase" if inferred
                    else f"a position that is {row['basis']} needs its {column}",
                    "leave it empty, or change the basis" if inferred
                    else "write where the phrase stands and the phrase, or basis = inferred",
                )  # fmt: skip
        if row["basis"] in ("inferred", "implied") and not row["reason"].strip():
            yield tables.problem(
                ERROR, "model_positions", record, "reason", "model-reason", named,
                f"a position that is {row['basis']} needs a reason", "say from what it follows",
            )  # fmt: skip
        yield from codebook_rules.check_quote(tables, "model_positions", row, record)


def _coders(tables: Tables) -> Iterator[Problem]:
    """Check that the coders are described, once a study describes any."""
    known = tables.by_id("coders", "coder")
    if not tables.whole("codings", "coders"):
        return
    told = set()
    for row, record in tables.rows("codings"):
        if row["coder"] not in known and row["coder"] not in told:
            told.add(row["coder"])
            yield tables.problem(
                ERROR if known else NOTE, "codings", record, "coder", "coder-unknown",
                row["coder"], f"{tables.files['coders']} does not say who this is",
                "add a row: person or model, the name as printed",
            )  # fmt: skip


def overlaps(text: str) -> list[str]:
    """Return the ids of a cell that holds several, separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


def _overlaps(tables: Tables) -> Iterator[Problem]:
    """Check that whom a body overlaps with is there, and is not the body itself."""
    bodies = tables.by_id("bodies", "body_id")
    if not tables.whole("bodies"):
        return
    for row, record in tables.rows("bodies"):
        for other in overlaps(row["overlaps"]):
            if other not in bodies or other == row["body_id"]:
                yield tables.problem(
                    ERROR, "bodies", record, "overlaps", "overlap", other,
                    "no other body has this id",
                    "write body_ids of the study, separated by semicolons",
                )  # fmt: skip


def _featured(tables: Tables, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Check that the bodies that the study features are bodies it has."""
    named = settings.get("featured", [])
    if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
        fix = 'write "featured": ["body-id", ...], or leave it out'
        yield _setting(tables, "featured", named, "not a list of body_ids", fix)
        return
    bodies = tables.by_id("bodies", "body_id")
    for name in named:
        if tables.whole("bodies") and name not in bodies:
            fix = "write body_ids that the study has, or leave `featured` out"
            yield _setting(tables, "featured", name, "no such body", fix)


def _sources(tables: Tables) -> Iterator[Problem]:
    """Check that texts seen whole carry length and hash, and that no text is there twice."""
    first: dict[str, tuple[Row, Record]] = {}
    for row, record in tables.rows("sources"):
        if row["text_seen"] == "whole":
            for column in ("characters", "sha256"):
                if not row[column]:
                    yield tables.problem(
                        ERROR, "sources", record, column, "whole-text", row["source_id"],
                        f"a text seen whole needs its {column}",
                        "`positions verify --texts` says what to write; or say text_seen = opening",
                    )  # fmt: skip
        if not row["sha256"]:
            continue
        other, line = first.setdefault(row["sha256"], (row, record))
        if other is not row and row["follows"] == other["follows"] == "":
            yield tables.problem(
                WARNING, "sources", record, "sha256", "same-text", row["source_id"],
                f"the same text as {other['source_id']!r} in line {line.line}",
                "keep one of them, or say which it `follows`",
            )  # fmt: skip


def _follows(tables: Tables) -> Iterator[Problem]:
    """Check that wording is repeated only from an earlier source, and never in a circle."""
    sources = tables.by_id("sources", "source_id")
    circles = _circles({name: row["follows"] for name, row in sources.items()})
    for row, record in tables.rows("sources"):
        origin = sources.get(row["follows"])
        if row["source_id"] in circles:
            yield tables.problem(
                ERROR, "sources", record, "follows", "follows-loop", row["follows"],
                f"the sources follow each other in a circle: {circles[row['source_id']]}",
                "leave `follows` empty for the one that came first",
            )  # fmt: skip
        elif origin is not None:
            mine, its = fields.dates(row["published"]), fields.dates(origin["published"])
            if isinstance(mine, tuple) and isinstance(its, tuple) and mine[1] < its[0]:
                yield tables.problem(
                    ERROR, "sources", record, "follows", "follows-later", row["follows"],
                    f"published {row['published']}, before the source whose wording it repeats "
                    f"({origin['published']})",
                    "correct one of the two dates, or turn `follows` round",
                )  # fmt: skip


def _circles(follows: Mapping[str, str]) -> dict[str, str]:
    """Find the sources that stand on a circle, each with the circle in words."""
    found: dict[str, str] = {}
    done: set[str] = set()
    for start in follows:
        path: dict[str, None] = {}
        at = start
        while at and at not in done and at not in path:
            path[at] = None
            at = follows.get(at, "")
        if at in path:
            names = list(path)
            circle = names[names.index(at) :]
            shown = circle if len(circle) < 10 else [*circle[:9], "…"]
            found |= dict.fromkeys(circle, " -> ".join([*shown, at]))
        done |= path.keys()
    return found


def _disagreements(tables: Tables) -> Iterator[Problem]:
    """Check that cells are adjudicated exactly where coders disagree."""
    if not tables.whole("codings", "adjudications"):
        return
    cells: dict[tuple[str, ...], dict[str, list[tuple[int, Record]]]] = defaultdict(dict)
    readers: dict[str, set[str]] = defaultdict(set)
    for row, record in tables.rows("codings"):
        read = cells[tuple(row[c] for c in schema.CELL)]
        read.setdefault(row["coder"], []).append((row["stance"], record))
        readers[row["source_id"]].add(row["coder"])
    decided = {tuple(row[c] for c in schema.CELL) for row in tables.of["adjudications"]}
    split = {
        cell
        for cell, read in cells.items()
        if read.keys() != readers[cell[2]]
        or len({stance for rows in read.values() for stance, _ in rows}) > 1
    }
    for cell in sorted(split - decided):
        said = ", ".join(
            f"{coder} {signed(stance)} (line {record.line})"
            for coder, rows in sorted(cells[cell].items())
            for stance, record in rows
        )
        silent = ", ".join(sorted(readers[cell[2]] - cells[cell].keys()))
        one = len(readers[cell[2]]) == 1
        who = "phrases of one coder disagree" if one else "the coders disagree"
        yield tables.problem(
            ERROR, "codings",
            min((r for rows in cells[cell].values() for _, r in rows), key=lambda r: r.line),
            "stance", "unadjudicated", " / ".join(cell),
            f"{who}: {said}" + (f"; no row by {silent}" if silent else ""),
            f"decide it in {tables.files['adjudications']}, with a reason",
        )  # fmt: skip
    # A coder who found nothing in a source has no row there: one reading may be decided on, too.
    everyone = {coder for who in readers.values() for coder in who}
    alone = {cell for cell, read in cells.items() if len(read) < len(everyone)}
    for row, record in tables.rows("adjudications"):
        if tuple(row[c] for c in schema.CELL) not in split | alone:
            yield tables.problem(
                ERROR, "adjudications", record, "body_id", "nothing-to-adjudicate",
                " / ".join(row[c] for c in schema.CELL), "the coders do not disagree on this cell",
                "delete the row, or correct its key",
            )  # fmt: skip


def _engagement(tables: Tables) -> Iterator[Problem]:
    """Check that published percentages add up, but for rounding."""
    for row, record in tables.rows("engagement"):
        total = round(row["agree"] + row["disagree"] + row["neutral"], 6)
        if abs(total - 100) > 1:
            yield tables.problem(
                ERROR, "engagement", record, "agree", "percentages", f"{total:g}",
                "the three percentages do not add up to 100", "compare them with the source",
            )  # fmt: skip
        elif total != 100:
            yield tables.problem(
                NOTE, "engagement", record, "agree", "rounding", f"{total:g}",
                f"{row['question_id']} adds up to {total:g}",
                "rounding in the original; leave it",
            )  # fmt: skip


def _claims(tables: Tables) -> Iterator[Problem]:
    """Check that a claim names what its kind needs: a second body, or a threshold."""
    for row, record in tables.rows("claims"):
        kind, other = row["kind"], row["other_id"]
        pair = kind in ("more-than", "same-group")
        if pair and not other:
            yield tables.problem(
                ERROR, "claims", record, "other_id", "claim-other", row["claim_id"],
                f"a claim of kind {kind} needs the other body", "write its body_id",
            )  # fmt: skip
        elif pair and other == row["body_id"]:
            yield tables.problem(
                ERROR, "claims", record, "other_id", "claim-other", row["claim_id"],
                "the claim compares a body with itself", "write the other body's body_id",
            )  # fmt: skip
        if kind in ("above", "below") and row["threshold"] is None:
            yield tables.problem(
                ERROR, "claims", record, "threshold", "claim-threshold", row["claim_id"],
                f"a claim of kind {kind} needs a threshold",
                "write a share from 0 to 1, such as 0.5",
            )  # fmt: skip


RESERVED = ("respondent", "type", "weight", "question_id", "answer")
"""Columns of a file of responses that are no question."""


def _questions(tables: Tables) -> Iterator[Problem]:
    """Check that questions are on a proposition, free texts on none, and names are free."""
    for row, record in tables.rows("questions"):
        text, asked = row["answers"] == "text", row["proposition_id"] != ""
        if text == asked:
            yield tables.problem(
                ERROR, "questions", record, "proposition_id", "question-proposition",
                row["proposition_id"],
                "a free text is on no proposition" if text else "the question is on no proposition",
                "leave it empty" if text else "write the proposition it asks about",
            )  # fmt: skip
        if row["question_id"] in RESERVED:
            yield tables.problem(
                ERROR, "questions", record, "question_id", "reserved-column", row["question_id"],
                "a file of responses has a column of this name that is no question",
                f"use another name than {', '.join(RESERVED)}",
            )  # fmt: skip


def _unused(tables: Tables) -> Iterator[Problem]:
    """Name tables without rows, and bodies and sources without a code."""
    for table in ("bodies", "sources", "propositions", "models", "model_positions", "codings"):
        if tables.whole(table) and not tables.of[table]:
            yield tables.problem(
                WARNING, table, None, "", "no-rows", "", "the table holds no row",
                "add its rows",
            )  # fmt: skip
    if not tables.whole("codings", "engagement"):
        return
    for table, column in (("bodies", "body_id"), ("sources", "source_id")):
        used = {row[column] for row in tables.of["codings"]}
        if table == "sources":
            used |= {row["source_id"] for row in tables.of["engagement"]}
            used |= {row["source_id"] for row in tables.of["outcomes"]}
        for row, record in tables.rows(table):
            if row[column] not in used:
                yield tables.problem(
                    NOTE, table, record, column, "unused", row[column],
                    "nothing is coded for it", "leave it, or code it",
                )  # fmt: skip
