"""Rows of responses counted by what was answered, on any engine.

Written once with narwhals: the same calls run on DuckDB, on pandas, on Polars and on Spark. Rows
are counted as they were written, and what an answer means is decided on the few that differ.
Sums are of whole numbers (weights in millionths), so that no order of rows, number of threads
or engine changes a digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import numpy as np
import pandas as pd

from positions.measures import _kernel
from positions.responses.backend import (
    ANY,
    MOST_COMBINATIONS,
    Engine,
    Frame,
    NotResponses,
    counted_by,
    gathered,
)
from positions.responses.patterns import SILENT, codes, keys
from positions.responses.questions import Question
from positions.study.schema import SCALE

TOGETHER = 3
"""Questions counted in one pass: few enough that their combinations stay few."""
MOST_TYPES = 1_000
MOST_SPELLINGS = 1_000
PARTS = 12
"""A distance is counted in this many parts: the furthest, 2 to 4 steps, divides it evenly."""
SILENCE = 9
"""What stands for silence among codes while rows are counted: engines differ on empty keys."""


# --- what was answered ---------------------------------------------------------------------


def answers(
    frame: Frame, asked: Sequence[Question], by: Sequence[str] = ("type",), engine: Engine = ANY
) -> pd.DataFrame:
    """Count how often each answer was given, as it was written, by each type.

    Three questions at a time: their combinations are few, so the engine holds little, and
    columns that a pass does not need are not read.

    The rows have a column a question; respondents are told apart by the columns `by`.

    Returns
    -------
    DataFrame
        One row per `by`, question and answer: `question_id`, `answer` (as written; None or NaN
        where there is none), `code` (missing where silent), `known` (whether it is one of the
        question's words), `n`, `units` (weight in millionths).
    """
    some = [asked[start : start + TOGETHER] for start in range(0, len(asked), TOGETHER)]
    sets = [[*by, *(question.column for question in part)] for part in some]
    tables = engine.combinations(frame, sets)
    parts = [
        _one_question(found, question, by)
        for part, names, table in zip(some, sets, tables, strict=True)
        for found in [_checked(table, names)]
        for question in part
    ]
    if not parts:
        raise NotResponses("questions.csv has no question with answers to choose from")
    return pd.concat(parts, ignore_index=True)


def _checked(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Refuse combinations that cannot be those of answers and types."""
    if len(found) > MOST_COMBINATIONS:
        raise NotResponses(
            f"the columns {', '.join(keys)} have over {MOST_COMBINATIONS} combinations of values: "
            "are they answers to choose from?"
        )
    if found["type"].nunique() > MOST_TYPES:
        raise NotResponses(
            f"`type` has {found['type'].nunique()} values, over {MOST_TYPES}: are they types?"
        )
    return found


def _one_question(found: pd.DataFrame, question: Question, by: Sequence[str]) -> pd.DataFrame:
    """Return the counts of one of the questions that were counted together, with codes."""
    keys = [*by, question.column]
    sums = found.groupby(keys, dropna=False, sort=False)[["n", "units"]].sum()
    table = sums.reset_index().rename(columns={question.column: "answer"})
    table["answer"] = table["answer"].astype("object")
    written = [None if pd.isna(answer) else answer for answer in table["answer"]]
    meaning = {answer: _meaning(question, answer) for answer in set(written)}
    meanings = [meaning[answer] for answer in written]
    table["code"] = pd.array([code for code, _ in meanings], dtype="Int64")
    table["known"] = pd.array([known for _, known in meanings], dtype="bool")
    return table.assign(question_id=question.question_id)


def _meaning(question: Question, answer: object) -> tuple[int | None, bool]:
    """Return an answer's code, and whether it is one of the question's words."""
    try:
        return question.code(answer), True
    except KeyError:
        return None, False


def respondents(counted: pd.DataFrame) -> int:
    """Count the respondents: each has one entry per question, be it silence."""
    first = counted["question_id"].iloc[0] if len(counted) else ""
    return int(counted.loc[counted["question_id"] == first, "n"].sum())


def spellings(counted: pd.DataFrame, name: str) -> dict[object, int | None]:
    """Return how the known answers to a question are written, with their codes."""
    mine = counted[(counted["question_id"] == name) & counted["known"]].dropna(subset=["answer"])
    if mine["answer"].nunique() > MOST_SPELLINGS:
        raise NotResponses(f"{name}: its answers are written in over {MOST_SPELLINGS} ways")
    pairs = zip(mine["answer"], mine["code"], strict=True)
    return {answer: None if pd.isna(value) else int(value) for answer, value in pairs}


# --- codes and patterns --------------------------------------------------------------------


def coded(
    frame: Frame, counted: pd.DataFrame, asked: Sequence[Question], engine: Engine = ANY
) -> Frame:
    """Put codes from -2 to 2 in place of answers, and `SILENCE` in place of silence."""
    whole = frame.collect_schema()
    numbers, words = [], {}
    for question in asked:
        name, written = question.column, spellings(counted, question.question_id)
        every = counted.loc[counted["question_id"] == question.question_id, "known"].all()
        if every and whole[name].is_integer() and all(written[key] == key for key in written):
            numbers.append(nw.col(name).fill_null(SILENCE).cast(nw.Int8))
        else:
            words[name] = {answer: value for answer, value in written.items() if value is not None}
    if numbers:
        frame = frame.with_columns(numbers)
    return engine.recoded(frame, words, SILENCE)


def patterns(
    frame: Frame, names: Sequence[str], most: int, engine: Engine = ANY
) -> tuple[pd.DataFrame, int]:
    """Count which patterns of answers were given, by each type of respondent.

    Where there are more different patterns than `most`, one respondent in so many is taken,
    and stands for them: of a pattern its share, rounded up or down by a lot that is drawn from
    the answers themselves. Frequent patterns keep their share, and no order of rows, number of
    threads or engine changes the sample.

    Returns
    -------
    DataFrame, int
        One row per type and pattern, sorted: the codes (missing where silent), `n`, `units`;
        and how many each taken stands for, 1 where all were taken.
    """
    columns = ["type", *names]
    each = engine.settle(counted_by(frame, columns))
    about = gathered(each.select(nw.len().alias("rows"), nw.col("n").sum().alias("of")))
    rows, of = int(about["rows"].iloc[0]), int(about["of"].iloc[0])
    step = 1 if rows <= most else -(-of // most)
    if step > 1:
        each = _thinned(each, columns, names, step)
    return _in_order(gathered(each), list(names)), step


def _thinned(counted: Frame, columns: list[str], names: Sequence[str], step: int) -> Frame:
    """One respondent in `step` of each pattern, the rest by lot (universal hashing of answers)."""
    draw = np.random.Generator(np.random.PCG64(0))
    lot = nw.lit(int(draw.integers(_PRIME))).cast(nw.Int64)
    for name, factor in zip(names, draw.integers(1, _PRIME, len(names)), strict=True):
        lot = lot + (nw.col(name).cast(nw.Int64) + 3) * int(factor)
    number = nw.col("n").cast(nw.Int64)
    up = (lot % _PRIME) % step < number % step
    taken = number // step + nw.when(up).then(nw.lit(1)).otherwise(nw.lit(0))
    kept = counted.with_columns(taken.cast(nw.Int64).alias("_taken"))
    kept = kept.filter(nw.col("_taken") > 0)
    return kept.with_columns(
        (nw.col("units") // number * nw.col("_taken") * step).alias("units"),
        (nw.col("_taken") * step).alias("n"),
    ).select([*columns, "n", "units"])


_PRIME = 2**31 - 1


def _in_order(found: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Patterns sorted by type and codes, silence last and missing; in little memory."""
    written = found[names].to_numpy(dtype="int8")
    rows = np.where(written == SILENCE, SILENT, written - SCALE[0]).astype("int8")
    kind = np.unique(found["type"].to_numpy(dtype=str), return_inverse=True)[1]
    places = np.lexsort([*keys(rows).T[::-1], kind])
    table = pd.DataFrame(codes(rows[places]), columns=names)
    table.insert(0, "type", found["type"].to_numpy()[places])
    table["type"] = table["type"].astype("str")
    return table.assign(n=found["n"].to_numpy()[places], units=found["units"].to_numpy()[places])


def scored(frame: Frame, reference: Mapping[str, int], weights: Mapping[str, int]) -> pd.DataFrame:
    """Count single respondents by their agreement with a model, by type.

    A respondent's agreement is a body's: the weighted mean nearness over what it answered. It
    is counted to the thousandth, rounded down, in whole numbers.

    Parameters
    ----------
    frame
        Coded rows.
    reference
        The model's position on what each question asks about.
    weights
        A whole number a question, in proportion to its weight.

    Returns
    -------
    DataFrame
        One row per `type`, `spoke` (questions answered) and `permille`: `n`, `units`. Those
        who answered nothing the model speaks to are not in it.
    """
    near, weight, spoke = nw.lit(0), nw.lit(0), nw.lit(0)
    for name, position in reference.items():
        answer = nw.col(name).cast(nw.Int64)
        said = answer != SILENCE
        step = PARTS // int(_kernel.furthest(np.array(position)))
        part = (PARTS - (answer - position).abs() * step) * weights[name]
        near = near + nw.when(said).then(part).otherwise(nw.lit(0))
        weight = weight + nw.when(said).then(nw.lit(weights[name])).otherwise(nw.lit(0))
        spoke = spoke + nw.when(said).then(nw.lit(1)).otherwise(nw.lit(0))
    frame = frame.with_columns(near.alias("_near"), weight.alias("_weight"), spoke.alias("spoke"))
    frame = frame.filter(nw.col("_weight") > 0)
    # Equal sums are counted together before they are divided: divisions are slow.
    alike = counted_by(frame, ["type", "spoke", "_near", "_weight"])
    share = (nw.col("_near") * 1000) // (nw.col("_weight") * PARTS)
    alike = alike.with_columns(share.cast(nw.Int64).alias("permille"))
    keys = ["type", "spoke", "permille"]
    sums = alike.group_by(keys).agg(nw.col("n").sum(), nw.col("units").sum())
    sums = sums.with_columns(nw.col("n").cast(nw.Int64), nw.col("units").cast(nw.Int64))
    found = _checked(gathered(sums), keys)
    summed = found.groupby(keys, as_index=False, sort=True)[["n", "units"]].sum()
    return summed.astype({"spoke": "int64", "permille": "int64"})
