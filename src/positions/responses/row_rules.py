"""The rules that a row of responses must keep, the same on every engine.

A rule is a condition, as narwhals has it, of the rows that break it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from positions.responses.backend import MILLION, Frame, gathered
from positions.responses.questions import HIDDEN, SPACES, Survey

HEAVIEST = 100_000
TOTALS = ("total", "totals", "grand total", "sum", "average", "mean")
"""What a row is called that adds up the others."""
REPEATED = "respondent repeated"
Rule = tuple[Any, str, str]
"""The condition of a row that does not count, its reason, and the column it is found in."""


def prepared(frame: Frame) -> Frame:
    """Add what rules look at: `_id` (the respondent, folded), `units` (the weight), `type`."""
    columns = frame.collect_schema().names()
    if "respondent" in columns:
        frame = frame.with_columns(_folded("respondent").alias("_id"))
    if "type" not in columns:
        frame = frame.with_columns(nw.lit("").alias("type"))
    return _weighed(frame) if "weight" in columns else frame


def _folded(column: str) -> Any:
    """Fold case, white space and hidden characters, as `questions.folded` does."""
    text = nw.col(column).cast(nw.String).fill_null("").str.to_lowercase()
    text = text.str.replace_all(f"[{HIDDEN}]", "").str.replace_all(f"[{SPACES}]+", " ")
    return text.str.strip_chars()


def _weighed(frame: Frame) -> Frame:
    """Add `units`, the weight in millionths, and `_unfit` where it is no weight."""
    given = nw.col("weight")
    if frame.collect_schema()["weight"] == nw.String:
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


def with_respondents(rows: Frame) -> Frame:
    """Put beside each answer of a long table what is known of its respondent."""
    answer = ["_id", "question_id"]
    times = rows.group_by(answer).agg(nw.len().alias("_answers"))
    rows = rows.with_columns(_folded("type").alias("_kind"))
    ends = [nw.col("_kind").min().alias("_t0"), nw.col("_kind").max().alias("_t1")]
    if "units" in rows.collect_schema().names():
        ends += [nw.col("units").min().alias("_w0"), nw.col("units").max().alias("_w1")]
    whole = rows.group_by("_id").agg(*ends)
    return rows.join(times, on=answer, how="left").join(whole, on="_id", how="left")


def of_table(rows: Frame, survey: Survey) -> list[Rule]:
    """Return the rules for a table of these columns, in the order in which they apply."""
    columns = rows.collect_schema().names()
    rules: list[Rule] = []
    if "_id" in columns:
        rules.append((nw.col("_id") == "", "no respondent", "respondent"))
        rules.append((nw.col("_id").is_in(TOTALS), "a total, no respondent", "respondent"))
    if "_id" in columns and "_answers" not in columns:
        rules.append((nw.col("_times") > 1, REPEATED, "respondent"))
    if "units" in columns:
        rules.append((nw.col("_unfit") == 1, "no weight", "weight"))
    if "_answers" not in columns:
        return rules
    name = nw.col("question_id")
    known = name.is_in(list(survey.columns))
    rules.append((name.is_null() | ~known, "unknown question", "question_id"))
    rules.append((nw.col("_answers") > 1, "answer repeated", "question_id"))
    rules.append((nw.col("_t0") != nw.col("_t1"), "types differ", "type"))
    if "units" in columns:
        rules.append((nw.col("_w0") != nw.col("_w1"), "weights differ", "weight"))
    return rules


def torn_types(types: pd.Series) -> Rule | None:
    """Return the rule against types that have a line break in them, where there are any."""
    torn = [kind for kind in types.dropna().unique() if len(str(kind).splitlines()) > 1]
    return (nw.col("type").is_in(torn), "line break", "type") if torn else None


def broken(frame: Frame, rules: Sequence[Rule]) -> list[Rule]:
    """Return those of some rules that a row breaks."""
    found: list[Rule] = []
    # What is wrong with a respondent shows among the respondents, whose number is smaller.
    alone = [rule for rule in rules if rule[2] == "respondent"]
    if alone:
        each = frame.group_by("_id").agg(nw.len().alias("_times"))
        found += _of_these(each, alone)
    return found + _of_these(frame, [rule for rule in rules if rule[2] != "respondent"])


def _of_these(frame: Frame, rules: Sequence[Rule]) -> list[Rule]:
    if not rules:
        return []
    sums = [
        nw.when(rule).then(nw.lit(1)).otherwise(nw.lit(0)).sum().alias(f"b{place}")
        for place, (rule, _, _) in enumerate(rules)
    ]
    found = gathered(frame.select(sums)).fillna(0)
    return [rule for place, rule in enumerate(rules) if found[f"b{place}"].iloc[0]]


def marked(frame: Frame, rules: Sequence[Rule]) -> Frame:
    """Write beside each row why it does not count: `_reason`, `_column`, `_value`, else empty."""
    reason, column, value = nw.lit(""), nw.lit(""), nw.lit("")
    for against, name, where in reversed(rules):
        reason = nw.when(against).then(nw.lit(name)).otherwise(reason)
        column = nw.when(against).then(nw.lit(where)).otherwise(column)
        value = nw.when(against).then(nw.col(where).cast(nw.String)).otherwise(value)
    if any(name == REPEATED for _, name, _ in rules):
        times = frame.group_by("_id").agg(nw.len().alias("_times"))
        frame = frame.join(times, on="_id", how="left")
    return frame.with_columns(
        reason.alias("_reason"), column.alias("_column"), value.alias("_value")
    )


def tallied(marked: Frame) -> pd.DataFrame:
    """Count the rows each reason set aside, most first."""
    counts = gathered(marked.group_by("_reason").agg(nw.len().alias("rows")))
    counts = counts.rename(columns={"_reason": "reason"})
    found = counts[counts["reason"] != ""].astype({"reason": "str", "rows": "int64"})
    return found.sort_values(["rows", "reason"], ascending=[False, True], ignore_index=True)


def accepted(marked: Frame) -> Frame:
    """Take the rows that break no rule."""
    return marked.filter(nw.col("_reason") == "")


def rejected(marked: Frame) -> Frame:
    """Take the rows that break a rule, as rejects are listed."""
    bad = marked.filter(nw.col("_reason") != "")
    if "_line" not in marked.collect_schema().names():
        bad = bad.with_columns(nw.lit("").alias("_file"), nw.lit(0).alias("_line"))
    return bad.select(
        nw.col("_file").cast(nw.String).alias("file"),
        nw.col("_line").cast(nw.Int64).alias("line"),
        nw.col("_reason").alias("reason"), nw.col("_column").alias("column"),
        nw.col("_value").alias("value"),
    )  # fmt: skip
