"""Responses of which each row is one answer, judged and laid out as one row a respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from positions.responses.backend import Engine, NotResponses, gathered
from positions.responses.counts import answers, meant, outside
from positions.responses.questions import closed, texts
from positions.responses.validate import (
    PLACE,
    Judged,
    mark,
    no_reasons,
    own_rules,
    taken,
    tallied,
    weighed,
)

if TYPE_CHECKING:
    from positions.responses.backend import Frame

ANSWER = ["respondent", "question_id"]


def judge_long(frame: Frame, questions: pd.DataFrame, engine: Engine) -> Judged:
    """Judge which answers count, and why the others do not.

    Each row is judged by itself; a respondent whose other answers count is kept. Of two answers
    of one respondent to one question neither counts. Where `type` or `weight` are not the same
    on all rows of a respondent, none of them counts.
    """
    import narwhals as nw

    columns = list(frame.collect_schema().names())
    if "respondent" not in columns:
        raise NotResponses("a long table needs a column 'respondent': whose answer is each row?")
    own = [name for name in ("respondent", "type", "weight", *PLACE) if name in columns]
    unread = tuple(sorted(set(columns) - {*own, "question_id", "answer"}))
    rows = weighed(frame.select([*own, "question_id", "answer"]))
    rules = [*_rules(rows, columns), *_outside(rows, questions)]
    read = int(gathered(rows.select(nw.len().alias("n")))["n"].iloc[0])
    rejects: tuple[Frame, ...] = ()
    reasons = no_reasons()
    if rules:
        marked = mark(_about(rows), rules)
        reasons, rejects = tallied(marked), (taken(marked, good=False),)
        rows = taken(marked, good=True)
    used = engine.settle(laid_out(rows, questions))
    counted = answers(used, questions, engine=engine)
    return Judged(used, rejects, reasons, read, counted, unread)


def _about(rows: Frame) -> Frame:
    """Put beside each row what is known of its respondent and of its answer."""
    import narwhals as nw

    times = rows.group_by(ANSWER).agg(nw.len().alias("_answers"))
    weighted = "units" in rows.collect_schema().names()
    ends = [nw.col("type").min().alias("_t0"), nw.col("type").max().alias("_t1")]
    if weighted:
        ends += [nw.col("units").min().alias("_w0"), nw.col("units").max().alias("_w1")]
    whole = rows.group_by("respondent").agg(*ends)
    joined = rows.join(times, on=ANSWER, how="left")
    return joined.join(whole, on="respondent", how="left")


def _rules(rows: Frame, columns: list[str]) -> list[tuple[Any, str, str]]:
    """Return the rules on respondents and repeats that some row breaks."""
    import narwhals as nw

    found = [rule for rule in own_rules(rows, alone=False)]
    whole = _about(rows)
    checks = [(nw.col("_answers") > 1, "answer repeated", "question_id")]
    if "type" in columns:
        checks.append((nw.col("_t0") != nw.col("_t1"), "types differ", "type"))
    if "weight" in columns:
        checks.append((nw.col("_w0") != nw.col("_w1"), "weights differ", "weight"))
    broken = gathered(
        whole.select(
            nw.when(rule).then(nw.lit(1)).otherwise(nw.lit(0)).sum().alias(f"b{i}")
            for i, (rule, _, _) in enumerate(checks)
        )
    )
    return found + [check for i, check in enumerate(checks) if broken[f"b{i}"].iloc[0]]


def _outside(rows: Frame, questions: pd.DataFrame) -> list[tuple[Any, str, str]]:
    """Return the rules against questions nobody asked and unknown answers."""
    import narwhals as nw

    asked = closed(questions)
    names = list(asked["question_id"])
    counted = rows.filter(nw.col("question_id").is_in(names))
    table = gathered(counted.group_by("question_id", "answer").agg(nw.len().alias("n")))
    table["answer"] = table["answer"].astype("object")
    table = meant(table, asked)
    every = [*names, *texts(questions)]
    stranger = nw.col("question_id").is_null() | ~nw.col("question_id").is_in(every)
    rules: list[tuple[Any, str, str]] = []
    if int(gathered(rows.filter(stranger).select(nw.len().alias("n")))["n"].iloc[0]):
        rules.append((stranger, "unknown question", "question_id"))
    for name, answer in outside(table, questions, "answer"):
        rules.append(((nw.col("question_id") == name) & answer, "unknown answer", "answer"))
    return rules


def laid_out(rows: Frame, questions: pd.DataFrame) -> Frame:
    """Lay out one row a respondent and one column a question; missing where silent."""
    import narwhals as nw

    names = [*closed(questions)["question_id"], *texts(questions)]
    columns = rows.collect_schema().names()
    own = [name for name in ("type", "units") if name in columns]
    spread = rows.with_columns(
        nw.when(nw.col("question_id") == name).then(nw.col("answer")).alias(name) for name in names
    )
    return spread.group_by("respondent").agg(*[nw.col(name).max() for name in [*own, *names]])
