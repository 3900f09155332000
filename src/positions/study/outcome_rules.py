"""The rules of `outcomes`: a phrase carries each reading, and readers who differ are decided on.

A reader who left a state empty has no row there. Where another has one, that is a difference too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from positions.study import codebook_rules, fields
from positions.study.csv_reader import Record
from positions.study.problems import ERROR, NOTE, WARNING, Problem
from positions.study.schema import CLAIM
from positions.study.validate import Row, Tables
from positions.words import signed

TABLE = "outcomes"
BEFORE, BILL, ACT = "status_quo", "bill", "act"
State = tuple[str, str]
"""A proposition and a state of things."""


def check_outcomes(tables: Tables) -> Iterator[Problem]:
    """Check the readings of where things stood and ended, and what was decided on them."""
    for row, record in tables.rows(TABLE):
        yield from _carried(tables, row, record)
        yield from codebook_rules.check_quote(tables, TABLE, row, record)
    yield from _readers(tables)
    yield from _dates(tables)
    if tables.whole(TABLE):
        yield from _decided(tables)
        yield from _counted(tables)


def _carried(tables: Tables, row: Row, record: Record) -> Iterator[Problem]:
    """Check that a phrase carries what is coded, and a reason what is decided."""
    reads = row["coder"] != ""
    if reads and row["stance"] is None:
        yield tables.problem(
            ERROR, TABLE, record, "stance", "outcome-stance", _named(row),
            "a reading needs a stance", "write it, or delete the row: nothing read has no row",
        )  # fmt: skip
    if not reads and not row["reason"].strip():
        yield tables.problem(
            ERROR, TABLE, record, "reason", "outcome-reason", _named(row),
            "a decision needs a reason", "say in one sentence why it was decided so",
        )  # fmt: skip
    coded = row["stance"] is not None
    for column in ("source_id", "quote"):
        if coded != bool(row[column]):
            yield tables.problem(
                ERROR, TABLE, record, column, "outcome-phrase", row[column] or _named(row),
                f"what is coded needs its {column}" if coded else "what is struck has no phrase",
                "write where the phrase stands and the phrase; without one, code nothing"
                if coded else "leave it empty",
            )  # fmt: skip


def _readers(tables: Tables) -> Iterator[Problem]:
    """Check that the readers are described, once a study describes any."""
    known = tables.by_id("coders", "coder")
    if not known or not tables.whole("coders"):
        return
    for row, record in tables.rows(TABLE):
        if row["coder"] and row["coder"] not in known:
            yield tables.problem(
                ERROR, TABLE, record, "coder", "coder-unknown", row["coder"],
                f"{tables.files['coders']} does not say who this is",
                "add a row: person or model, the name as printed",
            )  # fmt: skip


def _dates(tables: Tables) -> Iterator[Problem]:
    """Check that no phrase tells how things ended before they began."""
    sources = tables.by_id("sources", "source_id")
    proposed = [span for row in tables.of["models"] if (span := _span(row["proposed"])) is not None]
    began: dict[str, tuple[str, str]] = {}
    for row in tables.of[TABLE]:
        if row["state"] == BILL and (span := _published(sources, row)):
            began[row["proposition_id"]] = max(began.get(row["proposition_id"], span), span)
    for row, record in tables.rows(TABLE):
        span = _published(sources, row)
        if row["state"] == BEFORE or span is None:
            continue
        first = min(proposed, default=None)
        if first is not None and span[1] < first[0]:
            when, what = first[0], "anything was proposed"
        elif row["state"] == ACT and span[1] < began.get(row["proposition_id"], span)[0]:
            when, what = began[row["proposition_id"]][0], "the source of the bill as introduced"
        else:
            continue
        yield tables.problem(
            ERROR, TABLE, record, "source_id", "outcome-early", row["source_id"],
            f"published by {span[1]}, before {what} ({when}): it cannot tell of the {row['state']}",
            "correct the source's date, the source or the state",
        )  # fmt: skip


def _published(sources: dict[str, Row], row: Row) -> tuple[str, str] | None:
    """Return the days between which the source of a row was published."""
    return _span(sources[row["source_id"]]["published"]) if row["source_id"] in sources else None


def _span(text: str) -> tuple[str, str] | None:
    span = fields.dates(text) if text else None
    return (str(span[0]), str(span[1])) if isinstance(span, tuple) else None


def _decided(tables: Tables) -> Iterator[Problem]:
    """Check that states are decided on where readers differ, and that somebody read them."""
    read: dict[State, dict[str, tuple[int | None, Record]]] = defaultdict(dict)
    phrases: dict[State, set[str]] = defaultdict(set)
    decisions: dict[State, tuple[Row, Record]] = {}
    for row, record in tables.rows(TABLE):
        state = (row["proposition_id"], row["state"])
        if row["coder"]:
            read[state][row["coder"]] = (row["stance"], record)
            phrases[state].add(row["quote"])
        else:
            decisions[state] = (row, record)
    everyone = {coder for readings in read.values() for coder in readings}
    for state, readings in sorted(read.items()):
        stances = {stance for stance, _ in readings.values()}
        differ = len(stances) > 1 or readings.keys() != everyone
        if differ and state not in decisions:
            said = ", ".join(
                f"{coder} {signed(stance)} (line {record.line})"
                for coder, (stance, record) in sorted(readings.items()) if stance is not None
            )  # fmt: skip
            silent = ", ".join(sorted(everyone - readings.keys()))
            yield tables.problem(
                ERROR, TABLE, min((r for _, r in readings.values()), key=lambda r: r.line),
                "stance", "unadjudicated", " / ".join(state),
                f"the readers differ: {said}" + (f"; no row by {silent}" if silent else ""),
                "add a row without a coder: what was decided, its phrase and the reason",
            )  # fmt: skip
    for state, (row, record) in sorted(decisions.items()):
        readings = read.get(state, {})
        same = {stance for stance, _ in readings.values()} == {row["stance"]}
        same = same and row["quote"] in phrases[state] and readings.keys() == everyone
        if not readings or same:
            yield tables.problem(
                ERROR, TABLE, record, "coder", "nothing-to-adjudicate", " / ".join(state),
                "the readers agree on it" if readings else "nobody read it: a decision needs "
                "a reading to decide on",
                "delete the row, or write who read it",
            )  # fmt: skip


def _counted(tables: Tables) -> Iterator[Problem]:
    """Name propositions whose outcome counts for nothing, or for closeness alone."""
    claims = {row["proposition_id"] for row in tables.of["propositions"] if row["kind"] == CLAIM}
    struck = {
        (row["proposition_id"], row["state"])
        for row in tables.of[TABLE] if row["coder"] == "" and row["stance"] is None
    }  # fmt: skip
    states: dict[str, set[str]] = defaultdict(set)
    for row in tables.of[TABLE]:
        if (state := (row["proposition_id"], row["state"])) not in struck:
            states[state[0]].add(state[1])
    told = set()
    for row, record in tables.rows(TABLE):
        named = row["proposition_id"]
        if named in told or row["state"] not in states[named]:
            continue
        if named in claims:
            told.add(named)
            yield tables.problem(
                WARNING, TABLE, record, "proposition_id", "outcome-on-claim", named,
                "a claim says what the proposals do, not what anyone wants: it counts for nothing",
                "strike it, in a row without a coder and without a stance",
            )  # fmt: skip
        elif row["state"] == ACT and BEFORE not in states[named]:
            told.add(named)
            yield tables.problem(
                NOTE, TABLE, record, "proposition_id", "outcome-without-before", named,
                "where it stood before is not coded: it counts for closeness, not for attainment",
                "leave it, or code where it stood before",
            )  # fmt: skip


def _named(row: Row) -> str:
    return f"{row['proposition_id']} / {row['state']}"
