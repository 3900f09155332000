"""The codebook's rules across tables: what a study may not say, and what it should look at."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from positions import schema
from positions.problems import ERROR, NOTE, WARNING, Problem
from positions.records import Record

LONGEST_QUOTE = 25
"""Words a phrase may have: other people's texts are quoted, not copied."""

Rows = list[dict[str, Any]]
CELL = ("body_id", "proposition_id", "source_id")


class _Tables:
    """The sound rows of every table with the records they came from.

    `faulty` are the tables in which other rows were refused: a rule that judges by what is
    absent says nothing about those.
    """

    def __init__(
        self,
        values: Mapping[str, Rows],
        records: Mapping[str, Sequence[Record]],
        faulty: Collection[str],
    ):
        self.of = values
        self.records = records
        self.faulty = faulty

    def whole(self, *tables: str) -> bool:
        """Whether every row of these tables is sound."""
        return not set(tables) & set(self.faulty)

    def rows(self, table: str) -> Iterator[tuple[dict[str, Any], Record]]:
        """Each row of a table with its record."""
        yield from zip(self.of[table], self.records[table], strict=True)

    def by_id(self, table: str, column: str) -> dict[str, dict[str, Any]]:
        """The rows of a table by one column."""
        return {row[column]: row for row in self.of[table]}


def check(
    values: Mapping[str, Rows],
    records: Mapping[str, Sequence[Record]],
    package: Mapping[str, Any],
    faulty: Collection[str] = (),
    *,
    allow_unresolved: bool = False,
) -> list[Problem]:
    """Every rule that needs more than one cell, on rows whose cells and keys are sound."""
    tables = _Tables(values, records, faulty)
    return [
        *_reference(tables, package),
        *_sources(tables),
        *_quotes(tables),
        *_disagreements(tables, allow_unresolved),
        *_propositions(tables),
        *_engagement(tables),
        *_claims(tables),
        *_unused(tables),
    ]


def _problem(
    severity: str, table: str, record: Record | None, column: str, rule: str, value: object,
    message: str, fix: str,
) -> Problem:  # fmt: skip
    line, number = (record.line, record.number) if record else (0, 0)
    return Problem(severity, f"{table}.csv", line, number, column, rule, str(value), message, fix)


def _reference(tables: _Tables, package: Mapping[str, Any]) -> Iterator[Problem]:
    """The study names a reference model that it has."""
    if not tables.whole("models", "model_positions"):
        return
    named = package.get("reference_model", "")
    models = sorted(tables.by_id("models", "model_id"))
    if named not in models:
        yield Problem(
            ERROR, schema.DATAPACKAGE, 0, 0, "reference_model", "reference-model", str(named),
            "the study must name the model that agreement is measured against",
            f'write "reference_model": one of {", ".join(models) or "the models"}',
        )  # fmt: skip
    with_positions = {row["model_id"] for row in tables.of["model_positions"]}
    for row, record in tables.rows("models"):
        if row["model_id"] not in with_positions:
            yield _problem(
                WARNING, "models", record, "model_id", "model-without-positions", row["model_id"],
                "the model takes no position, so nothing can agree with it",
                "add its rows to model_positions.csv",
            )  # fmt: skip


def _sources(tables: _Tables) -> Iterator[Problem]:
    """Whole texts carry their hash; wording is repeated only from an earlier source."""
    sources = tables.by_id("sources", "source_id")
    for row, record in tables.rows("sources"):
        if row["text_seen"] == "whole":
            for column in ("characters", "sha256"):
                if not row[column]:
                    yield _problem(
                        ERROR, "sources", record, column, "whole-text", row["source_id"],
                        f"a text seen whole needs its {column}",
                        "write it, or say text_seen = opening",
                    )  # fmt: skip
        yield from _follows(row, record, sources)


def _follows(
    row: dict[str, Any], record: Record, sources: dict[str, dict[str, Any]]
) -> Iterator[Problem]:
    if not row["follows"]:
        return
    chain = [row["source_id"]]
    while (after := sources.get(chain[-1], {}).get("follows", "")) and after not in chain:
        chain.append(after)
    if after:
        yield _problem(
            ERROR, "sources", record, "follows", "follows-loop", row["follows"],
            f"the sources follow each other in a circle: {' -> '.join([*chain, after])}",
            "leave `follows` empty for the one that came first",
        )  # fmt: skip
        return
    if row["follows"] not in sources:
        return
    mine, first = schema.dates(row["published"]), schema.dates(sources[row["follows"]]["published"])
    assert isinstance(mine, tuple)
    assert isinstance(first, tuple)
    if mine[1] < first[0]:
        yield _problem(
            ERROR, "sources", record, "follows", "follows-later", row["follows"],
            f"published {row['published']}, before the source whose wording it repeats",
            "correct one of the two dates, or turn `follows` round",
        )  # fmt: skip


def _quotes(tables: _Tables) -> Iterator[Problem]:
    """A phrase is short, is one phrase, and its offsets give its length."""
    sources = tables.by_id("sources", "source_id")
    for row, record in tables.rows("codings"):
        yield from _phrase(row, record)
        if row["source_id"] in sources:
            yield from _offsets(row, record, sources[row["source_id"]])
        if row["basis"] == "implied" and not row["note"].strip():
            yield _problem(
                ERROR, "codings", record, "note", "implied-without-note", row["proposition_id"],
                "an implied stance needs a note", "say from what it follows",
            )  # fmt: skip


def _phrase(row: dict[str, Any], record: Record) -> Iterator[Problem]:
    quote = row["quote"]
    if re.search(r"\n[^\n,]*,[^\n,]*,", quote):
        yield _problem(
            ERROR, "codings", record, "quote", "swallowed-rows", quote,
            "the phrase holds what looks like further rows (an unclosed quotation mark?)",
            "close the quotation mark where the phrase ends",
        )  # fmt: skip
    elif re.search(r"\s\s|[^\S ]", quote) or quote != quote.strip():
        yield _problem(
            ERROR, "codings", record, "quote", "quote-white-space", quote,
            "white space in a phrase is folded to one plain space",
            f"write {' '.join(quote.split())!r}",
        )  # fmt: skip
    words = len(quote.split())
    if words > LONGEST_QUOTE:
        yield _problem(
            ERROR, "codings", record, "quote", "quote-length", quote,
            f"the phrase has {words} words; at most {LONGEST_QUOTE} may be quoted",
            "keep the words that carry the code",
        )  # fmt: skip


def _offsets(row: dict[str, Any], record: Record, source: dict[str, Any]) -> Iterator[Problem]:
    start, end, quote = row["start"], row["end"], row["quote"]
    if start is None and end is None:
        if source["text_seen"] == "whole":
            yield _problem(
                ERROR, "codings", record, "start", "offset", "",
                "a phrase from a text seen whole needs its place",
                "write the code-point offsets of its start and end",
            )  # fmt: skip
        return
    if start is None or end is None:
        wrong = "only one end of the phrase's place is given"
    elif end - start < len(quote.replace(" ", "")):
        wrong = f"{end - start} characters cannot hold a phrase of {len(quote)}"
    elif end - start > len(quote) + 40 * (quote.count(" ") + 1):
        wrong = f"{end - start} characters are too many for a phrase of {len(quote)}"
    elif source["characters"] and end > source["characters"]:
        wrong = f"the phrase ends at {end}, the text at {source['characters']}"
    else:
        return
    yield _problem(
        ERROR, "codings", record, "end" if start is not None else "start", "offset",
        f"{'' if start is None else start}-{'' if end is None else end}", wrong,
        "`positions verify --texts` says where the phrase stands",
    )  # fmt: skip


def _disagreements(tables: _Tables, allow_unresolved: bool) -> Iterator[Problem]:
    """Coders who disagree are adjudicated, and nothing else is."""
    if not tables.whole("codings", "adjudications"):
        return
    cells: dict[tuple[str, ...], dict[str, tuple[int, Record]]] = defaultdict(dict)
    readers: dict[str, set[str]] = defaultdict(set)
    for row, record in tables.rows("codings"):
        cells[tuple(row[c] for c in CELL)][row["coder"]] = (row["stance"], record)
        readers[row["source_id"]].add(row["coder"])
    decided = {tuple(row[c] for c in CELL) for row in tables.of["adjudications"]}
    split = {
        cell
        for cell, read in cells.items()
        if read.keys() != readers[cell[2]] or len({stance for stance, _ in read.values()}) > 1
    }
    for cell in sorted(split - decided):
        said = ", ".join(
            f"{coder} {schema.signed(stance)} (line {record.line})"
            for coder, (stance, record) in sorted(cells[cell].items())
        )
        silent = ", ".join(sorted(readers[cell[2]] - cells[cell].keys()))
        yield _problem(
            WARNING if allow_unresolved else ERROR, "codings",
            min((record for _, record in cells[cell].values()), key=lambda r: r.line),
            "stance", "unadjudicated", " / ".join(cell),
            f"the coders disagree: {said}" + (f"; no row by {silent}" if silent else ""),
            "decide it in adjudications.csv, with a reason",
        )  # fmt: skip
    for row, record in tables.rows("adjudications"):
        if tuple(row[c] for c in CELL) not in split:
            yield _problem(
                ERROR, "adjudications", record, "body_id", "nothing-to-adjudicate",
                " / ".join(row[c] for c in CELL), "the coders do not disagree on this cell",
                "delete the row, or correct its key",
            )  # fmt: skip


def _propositions(tables: _Tables) -> Iterator[Problem]:
    """Codebook lint: propositions that are hard to code, or that tell bodies apart no more."""
    stances: dict[str, set[int]] = defaultdict(set)
    for row in tables.of["codings"]:
        stances[row["proposition_id"]].add(row["stance"])
    lints = (
        (r"\band (is|are|was|has|have|should|must|will|leaves?|makes?|gives?|keeps?|does)\b"
         r"|and/or|;",
         "double-barrelled", "it says two things; a body may hold one of them", "split it in two"),
        (r"\b(should|must|do|does|is|are|will|can)(n't| not\b)|\b(never|cannot|neither)\b",
         "reversed", "it is put in the negative; support is easily coded as opposition",
         "turn it round"),
    )  # fmt: skip
    for row, record in tables.rows("propositions"):
        for pattern, rule, message, fix in lints:
            if found := re.search(pattern, row["statement"]):
                yield _problem(WARNING, "propositions", record, "statement", rule, found.group(),
                               f"{row['proposition_id']}: {message}", fix)  # fmt: skip
        said = stances[row["proposition_id"]]
        if not tables.whole("codings"):
            continue
        if not said:
            yield _problem(
                NOTE, "propositions", record, "proposition_id", "never-addressed",
                row["proposition_id"], "nobody addresses it", "leave it out, or look again",
            )  # fmt: skip
        elif len(said) == 1 and len(tables.of["codings"]) > 1:
            yield _problem(
                NOTE, "propositions", record, "proposition_id", "constant",
                row["proposition_id"], f"every code on it is {schema.signed(min(said))}",
                "it tells no bodies apart",
            )  # fmt: skip
    weights = [row["weight"] for row in tables.of["propositions"]]
    if weights and all(weight == 0 for weight in weights):
        yield _problem(ERROR, "propositions", None, "weight", "no-weight", "0",
                       "every proposition has weight 0", "give one of them a weight")  # fmt: skip


def _engagement(tables: _Tables) -> Iterator[Problem]:
    """Published percentages add up, but for rounding."""
    for row, record in tables.rows("engagement"):
        total = round(row["agree"] + row["disagree"] + row["neutral"], 6)
        if abs(total - 100) > 1:
            yield _problem(ERROR, "engagement", record, "agree", "percentages", total,
                           "the three percentages do not add up to 100",
                           "compare them with the source")  # fmt: skip
        elif total != 100:
            yield _problem(NOTE, "engagement", record, "agree", "rounding", total,
                           f"{row['question_id']} adds up to {total:g}",
                           "rounding in the original; leave it")  # fmt: skip


def _claims(tables: _Tables) -> Iterator[Problem]:
    """A claim names what its kind needs: another body, or a threshold."""
    for row, record in tables.rows("claims"):
        if row["kind"] in ("more-than", "same-group"):
            if not row["other_id"]:
                yield _problem(ERROR, "claims", record, "other_id", "claim-other", row["claim_id"],
                               f"a claim of kind {row['kind']} needs the other body",
                               "write its body_id")  # fmt: skip
            elif row["other_id"] == row["body_id"]:
                yield _problem(ERROR, "claims", record, "other_id", "claim-other", row["claim_id"],
                               "the claim compares a body with itself",
                               "write the other body's body_id")  # fmt: skip
        if row["kind"] in ("above", "below") and row["threshold"] is None:
            yield _problem(ERROR, "claims", record, "threshold", "claim-threshold", row["claim_id"],
                           f"a claim of kind {row['kind']} needs a threshold",
                           "write a share from 0 to 1, such as 0.5")  # fmt: skip


def _unused(tables: _Tables) -> Iterator[Problem]:
    """Bodies and sources that carry no code: named, not dropped."""
    if not tables.whole("codings", "engagement"):
        return
    for table, column in (("bodies", "body_id"), ("sources", "source_id")):
        used = {row[column] for row in tables.of["codings"]}
        if table == "sources":
            used |= {row["source_id"] for row in tables.of["engagement"]}
        for row, record in tables.rows(table):
            if row[column] not in used:
                yield _problem(NOTE, table, record, column, "unused", row[column],
                               "nothing is coded for it", "leave it, or code it")  # fmt: skip
    names: dict[str, Record] = {}
    for row, record in tables.rows("bodies"):
        if row["name"] in names:
            yield _problem(WARNING, "bodies", record, "name", "same-name", row["name"],
                           f"the same name as in line {names[row['name']].line}",
                           "make the names differ, or the bodies one")  # fmt: skip
        names.setdefault(row["name"], record)
