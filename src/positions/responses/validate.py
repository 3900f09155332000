"""Individual responses, from thousands to tens of millions of rows: which count, which do not.

Each row is judged by rules that are the same on every engine; what is set aside is counted by
reason and can be listed with file and line. An answer that is none of its question's words is
missing in its cell, and counted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from positions.responses import mapping, row_rules
from positions.responses.backend import ANY, Engine, Frame, as_frame, gathered, number
from positions.responses.counts import answers, respondents
from positions.responses.layouts import Layout
from positions.responses.questions import Survey, folded

MOST_UNKNOWN = 20
"""Unknown answers to one question that are listed, the most frequent first."""


@dataclasses.dataclass(frozen=True)
class Judged:
    """Responses of which each row was judged.

    `used`: the rows that count, one a respondent, under plain names of columns. `rejects`: the
    others, lazily: `file`, `line`, `reason`, `column`, `value`; empty where there are none.
    `reasons`: one row per reason: `reason`, `rows`. `read`: rows read (of a long table: answers).
    `answers`: what was answered, as `counts.answers` counts it. `unknown`: one row per question
    and answer that is none of its words: `rows`, and where it stands first (`file`, `line`).
    `unread`: columns that were not read.
    """

    used: Frame
    rejects: tuple[Frame, ...]
    reasons: pd.DataFrame
    read: int
    answers: pd.DataFrame
    unknown: pd.DataFrame
    unread: tuple[str, ...]


def of_table(table: Any, survey: Survey) -> Judged:
    """Judge the rows of a table that narwhals knows, under whatever names its columns have.

    Raises
    ------
    NotResponses
        When a question has no column, or a column cannot be what it is named.
    """
    frame = as_frame(table)
    names = tuple(frame.collect_schema().names())
    plan = mapping.plan(Layout("", "", names, names, 1, {}), survey)
    chosen = [nw.col(names[place]).alias(plain) for plain, place in plan.places.items()]
    return judge(frame.select(chosen), survey, unread=plan.unread)


def judge(
    frame: Frame, survey: Survey, engine: Engine = ANY, unread: tuple[str, ...] = ()
) -> Judged:
    """Judge which rows count, and why the others do not.

    Of a respondent who stands there twice no row counts, for nobody can say which of the two is
    meant, and the first of them would depend on the order of rows. A row has one reason, the
    first that applies in the order of the rules.

    Parameters
    ----------
    frame
        Rows under plain names: a column a question (`Survey.columns`), or `respondent`,
        `question_id` and `answer`; with `type` and `weight` where there are any.
    survey
        What was asked.
    engine
        What counts the rows, and keeps some aside where reading them again would cost more.
    unread
        Names of columns that are not in the frame.
    """
    rows = row_rules.prepared(frame)
    long = "question_id" in rows.collect_schema().names()
    if long:
        rows = row_rules.with_respondents(rows)
    rules = row_rules.broken(rows, row_rules.of_table(rows, survey))
    found = _judged(rows, rules, survey, engine)
    if torn := row_rules.torn_types(found.answers["type"]):
        found = _judged(rows, [*rules, torn], survey, engine)
    used, counted = _typed(found.used, found.answers)
    return dataclasses.replace(found, used=used, answers=counted, unread=unread)


def _judged(rows: Frame, rules: Sequence[row_rules.Rule], survey: Survey, engine: Engine) -> Judged:
    """Set aside the rows that break a rule, and count what the others answered."""
    long = "question_id" in rows.collect_schema().names()
    read, reasons, rejects = 0, no_reasons(), tuple[Frame]()
    used = rows
    if rules or long:
        marked = row_rules.marked(rows, rules)
        read, reasons = number(rows), row_rules.tallied(marked)
        rejects = (row_rules.rejected(marked),) if rules else ()
        rows = row_rules.accepted(marked)
        used = engine.settle(_laid_out(rows, survey) if long else rows)
    counted = answers(used, survey.questions, engine=engine)
    unknown = _unknown(rows if long else used, counted, survey)
    read = read or respondents(counted)
    return Judged(_of_use(used, survey), rejects, reasons, read, counted, unknown, ())


def no_reasons() -> pd.DataFrame:
    """Return a table of reasons without rows."""
    return pd.DataFrame({"reason": pd.Series(dtype="str"), "rows": pd.Series(dtype="int64")})


def _laid_out(rows: Frame, survey: Survey) -> Frame:
    """Lay out one row a respondent and one column a question; missing where silent."""
    columns = rows.collect_schema().names()
    own = [name for name in ("type", "units") if name in columns]
    spread = rows.with_columns(
        nw.when(nw.col("question_id") == name).then(nw.col("answer")).alias(plain)
        for name, plain in survey.columns.items()
    )
    names = [*own, *survey.columns.values()]
    return spread.group_by("_id").agg(*[nw.col(name).max() for name in names])


def _typed(used: Frame, counted: pd.DataFrame) -> tuple[Frame, pd.DataFrame]:
    """Write each type in one way, the most frequent; of equals, the first in order."""
    table = counted[counted["question_id"] == counted["question_id"].min()]
    sizes = table.groupby("type", dropna=False)["n"].sum()
    plain = {kind: "" if pd.isna(kind) else " ".join(str(kind).split()) for kind in sizes.index}
    often = sizes.groupby(sizes.index.map(plain, na_action=None), sort=True).sum()
    order = often.sort_values(ascending=False, kind="stable").index
    best = {folded(way): way for way in reversed(order)}
    label = {kind: best[folded(way)] for kind, way in plain.items()}
    other = {kind: to for kind, to in label.items() if not pd.isna(kind) and kind != to}
    kind = nw.col("type")
    for to in sorted(set(other.values())):
        some = [raw for raw, its in other.items() if its == to]
        kind = nw.when(kind.is_in(some)).then(nw.lit(to)).otherwise(kind)
    if other or any(pd.isna(raw) for raw in label):
        used = used.with_columns(kind.fill_null("").alias("type"))
    named = counted["type"].map(label, na_action=None).astype("str")
    return used, counted.assign(type=named)


def _of_use(used: Frame, survey: Survey) -> Frame:
    """Keep the columns that anything is counted by."""
    weighted = ["units"] if "units" in used.collect_schema().names() else []
    return used.select(["type", *weighted, *survey.columns.values()])


def _unknown(rows: Frame, counted: pd.DataFrame, survey: Survey) -> pd.DataFrame:
    """List answers that are none of their question's words, and where each stands first."""
    sums = counted[~counted["known"]].groupby(["question_id", "answer"], sort=False)["n"].sum()
    found = sums.rename("rows").reset_index()
    found = found.assign(text=found["answer"].astype("str"))
    order = found.sort_values(["question_id", "rows", "text"], ascending=[True, False, True])
    kept = order.groupby("question_id", sort=False).head(MOST_UNKNOWN).reset_index(drop=True)
    first = {
        (name, answer): place
        for name, part in kept.groupby("question_id", sort=False)
        for answer, place in _places(rows, survey, str(name), list(part["answer"])).items()
    }
    places = [
        first.get(key, ("", 0)) for key in zip(kept["question_id"], kept["answer"], strict=True)
    ]
    return pd.DataFrame(
        {"question_id": kept["question_id"].astype("str"), "answer": kept["text"].astype("str"),
         "rows": kept["rows"].astype("int64"),
         "file": pd.Series([file for file, _ in places], dtype="str"),
         "line": pd.Series([line for _, line in places], dtype="int64")}
    )  # fmt: skip


def _places(
    rows: Frame, survey: Survey, name: str, answers: list[object]
) -> dict[object, tuple[str, int]]:
    """Return where each of some answers to a question stands first, as far as places are known."""
    columns = rows.collect_schema().names()
    if "_line" not in columns:
        return {}
    if "question_id" in columns:
        rows, column = rows.filter(nw.col("question_id") == name), "answer"
    else:
        column = survey.columns[name]
    some = rows.filter(nw.col(column).is_in(answers)).group_by(column, "_file")
    found = gathered(some.agg(nw.col("_line").min()))
    found = found.sort_values(["_file", "_line"]).drop_duplicates(column)
    places = zip(found["_file"], found["_line"].astype("int64"), strict=True)
    return dict(zip(found[column], places, strict=True))
