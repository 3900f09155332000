"""Individual responses, from thousands to tens of millions of rows: which count, which do not.

Each row is judged by rules that are the same on every engine; what is set aside is counted by
reason and can be listed with file and line.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions.responses.backend import ANY, MILLION, Engine, NotResponses, gathered
from positions.responses.counts import answers, outside, respondents
from positions.responses.questions import closed, texts

if TYPE_CHECKING:
    from positions.responses.backend import Frame

HEAVIEST = 100_000
PLACE = ("_file", "_line")


@dataclasses.dataclass(frozen=True)
class Judged:
    """Responses of which each row was judged.

    `used`: the rows that count, one a respondent. `rejects`: the others, lazily: `file`, `line`,
    `reason`, `column`, `value`; None where there are none. `reasons`: one row per reason:
    `reason`, `rows`. `read`: rows read (of a long table: answers). `answers`: what was answered,
    as `answers` counts it. `unread`: columns that are no question and were not read.
    """

    used: Frame
    rejects: tuple[Frame, ...]
    reasons: pd.DataFrame
    read: int
    answers: pd.DataFrame
    unread: tuple[str, ...]


def is_long(columns: Sequence[str]) -> bool:
    """Tell whether each row is one answer, not one respondent."""
    return {"question_id", "answer"} <= set(columns)


def judge(frame: Frame, questions: pd.DataFrame, engine: Engine = ANY) -> Judged:
    """Judge which rows count, and why the others do not.

    A row with an answer outside its vocabulary is rejected whole: what else it says may be as
    wrong. Of a respondent who stands there twice no row counts, for nobody can say which of the
    two is meant, and the first of them would depend on the order of rows. A row has one reason,
    the first that applies in the order of the rules.

    Parameters
    ----------
    frame
        Wide (a column a question) or long (`respondent`, `question_id`, `answer`), with
        `type` and `weight` where there are any.
    questions
        One row per question: `question_id`, `answers`, `reversed`.
    engine
        What counts the rows, and keeps some aside where reading them again would cost more.

    Raises
    ------
    NotResponses
        When a column is missing, or a column cannot be what it is named.
    """
    columns = list(frame.collect_schema().names())
    if is_long(columns):
        from positions.responses.longform import judge_long

        return judge_long(frame, questions, engine)
    asked = [*closed(questions)["question_id"], *texts(questions)]
    if missing := [name for name in asked if name not in columns]:
        raise NotResponses(f"no column {missing[0]!r}; questions.csv has a question of that name")
    own = [name for name in ("respondent", "type", "weight", *PLACE) if name in columns]
    unread = tuple(sorted(set(columns) - set(own) - set(asked)))
    rows = weighed(frame.select([*own, *asked]))
    return settled(rows, questions, engine, own_rules(rows), unread)


def settled(
    frame: Frame,
    questions: pd.DataFrame,
    engine: Engine,
    rules: list[tuple[Any, str, str]],
    unread: tuple[str, ...] = (),
) -> Judged:
    """Judge wide rows by rules and by the vocabularies; count what the good ones answered."""
    counted = answers(frame, questions, engine=engine)
    read = respondents(counted)
    unknown = [(found, "unknown answer", name) for name, found in outside(counted, questions)]
    if not unknown and not rules:
        return Judged(frame, (), no_reasons(), read, counted, unread)
    marked = mark(frame, [*rules, *unknown])
    reasons = tallied(marked)
    used = engine.settle(taken(marked, good=True))
    rejects = (taken(marked, good=False),)
    recounted = answers(used, questions, engine=engine)
    return Judged(used, rejects, reasons, read, recounted, unread)


def no_reasons() -> pd.DataFrame:
    """Return a table of reasons without rows."""
    return pd.DataFrame({"reason": pd.Series(dtype="str"), "rows": pd.Series(dtype="int64")})


# --- weights -------------------------------------------------------------------------------


def weighed(frame: Frame) -> Frame:
    """Add `units`, the weight in millionths (missing where it is no weight)."""
    import narwhals as nw

    schema = frame.collect_schema()
    if "type" not in schema:
        frame = frame.with_columns(nw.lit("").alias("type"))
    if "weight" not in schema:
        return frame
    given = nw.col("weight")
    if schema["weight"] == nw.String:
        given = given.str.strip_chars()
        sound = given.str.contains(r"^[0-9]{1,6}(?:[.][0-9]{1,6})?$")
        given = nw.when(sound).then(given).otherwise(nw.lit("-1"))
    number = given.cast(nw.Float64)
    fits = (number >= 0) & (number <= HEAVIEST)
    # Rounded up by hand: engines differ in how they round a half.
    millionths = (nw.when(fits).then(number).otherwise(nw.lit(0.0)) * MILLION + 0.5).floor()
    return frame.with_columns(
        millionths.cast(nw.Int64).alias("units"),
        nw.when(fits).then(nw.lit(0)).otherwise(nw.lit(1)).alias("_unfit"),
    )


def own_rules(frame: Frame, alone: bool = True) -> list[tuple[Any, str, str]]:
    """Return the rules on weight and respondent that some row breaks.

    `alone`: whether a respondent must stand in one row only.
    """
    import narwhals as nw

    columns = frame.collect_schema().names()
    rules: list[tuple[Any, str, str]] = []
    if "respondent" in columns:
        blank = nw.col("respondent").is_null() | (
            nw.col("respondent").cast(nw.String).str.strip_chars() == ""
        )
        if _any(frame, blank):
            rules.append((blank, "no respondent", "respondent"))
        repeats = frame.group_by("respondent").agg(nw.len().alias("_times"))
        if alone and _any(repeats, nw.col("_times") > 1):
            rules.append((nw.col("_times") > 1, "respondent repeated", "respondent"))
    if "units" in columns and _any(frame, nw.col("_unfit") == 1):
        rules.append((nw.col("_unfit") == 1, "no weight", "weight"))
    return rules


def _any(frame: Frame, condition: Any) -> bool:
    import narwhals as nw

    return bool(gathered(frame.filter(condition).select(nw.len().alias("n")))["n"].iloc[0])


# --- marking -------------------------------------------------------------------------------


def mark(frame: Frame, rules: Sequence[tuple[Any, str, str]]) -> Frame:
    """Write beside each row why it does not count: `reason`, `column`, `value`, else empty."""
    import narwhals as nw

    if any(reason == "respondent repeated" for _, reason, _ in rules):
        times = frame.group_by("respondent").agg(nw.len().alias("_times"))
        frame = frame.join(times, on="respondent", how="left")
    reason, column, value = nw.lit(""), nw.lit(""), nw.lit("")
    for broken, name, where in reversed(list(rules)):
        reason = nw.when(broken).then(nw.lit(name)).otherwise(reason)
        column = nw.when(broken).then(nw.lit(where)).otherwise(column)
        value = nw.when(broken).then(nw.col(where).cast(nw.String)).otherwise(value)
    return frame.with_columns(reason.alias("reason"), column.alias("column"), value.alias("value"))


def tallied(marked: Frame) -> pd.DataFrame:
    """Count the rows each reason set aside, most first."""
    import narwhals as nw

    counts = gathered(marked.group_by("reason").agg(nw.len().alias("rows")))
    found = counts[counts["reason"] != ""].astype({"reason": "str", "rows": "int64"})
    return found.sort_values(["rows", "reason"], ascending=[False, True], ignore_index=True)


def taken(marked: Frame, good: bool) -> Frame:
    """Take the rows that count as they came, or the others as rejects are listed."""
    import narwhals as nw

    if good:
        names = marked.collect_schema().names()
        extra = {"reason", "column", "value", "_times", "_unfit", *PLACE}
        return marked.filter(nw.col("reason") == "").select([n for n in names if n not in extra])
    bad = marked.filter(nw.col("reason") != "")
    if "_line" not in marked.collect_schema().names():
        bad = bad.with_columns(nw.lit("").alias("_file"), nw.lit(0).alias("_line"))
    return bad.select(
        nw.col("_file").cast(nw.String).alias("file"),
        nw.col("_line").cast(nw.Int64).alias("line"),
        nw.col("reason"), nw.col("column"), nw.col("value"),
    )  # fmt: skip
