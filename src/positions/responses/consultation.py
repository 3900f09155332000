"""A consultation's responses as the few tables that everything after them is made of."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import narwhals as nw
import pandas as pd

from positions.responses import (
    campaigns,
    counts,
    database,
    files,
    mapping,
    questions,
    trust,
    validate,
)
from positions.responses.backend import ANY, MILLION, Engine, Frame, NotResponses
from positions.responses.patterns import INDEX
from positions.responses.progress import shown
from positions.responses.questions import Survey
from positions.responses.validate import Judged
from positions.study import csv_cells

MOST_PATTERNS = 100_000
"""Patterns that are held; of more, respondents are sampled."""
TOLERATED = 0.05
"""The share of rows that may be damaged, and of a question's answers that may be unknown."""


@dataclasses.dataclass(frozen=True)
class CountOptions:
    """How responses are counted.

    `campaign_from`: responses of one wording that make a campaign; `shortest`: characters a text
    must have to be compared; `most_patterns`: see `counts.patterns`; `tolerated`: the share of
    rows that may be damaged, and of the answers to a question that may be unknown; `memory`,
    `threads`: see `database.workspace`; `rejects`: the CSV file that rejected rows are listed in;
    `map`: the file that says what columns and words mean.
    """

    campaign_from: int = campaigns.FROM
    shortest: int = campaigns.SHORTEST
    most_patterns: int = MOST_PATTERNS
    tolerated: float = TOLERATED
    memory: str = database.MEMORY
    threads: int = database.THREADS
    rejects: pathlib.Path | None = None
    map: pathlib.Path | None = None


DEFAULT = CountOptions()


@dataclasses.dataclass(frozen=True)
class Consultation:
    """What was counted.

    Attributes
    ----------
    accounts
        One row per fate of the rows read, `used` first, then each reason they were rejected
        for: `fate`, `rows`. They add up to `read`.
    read, respondents
        Rows read, and respondents that count.
    unknown
        One row per question and answer that is none of its words, and so is missing: `answer`,
        `rows`, `file` and `line` where it stands first.
    counted
        One row per `type`, `campaign` (0: none), question and answer: `code`, `n`, `weight`.
    campaigns
        One row per campaign, largest first: `campaign`, `responses`, `text`.
    spread
        One row per `type`, `spoke` and `permille` of agreement with the reference model: `n`,
        `weight`.
    patterns
        One row per `type` and pattern of answers: a column a question (missing where silent);
        `type`, `n` and `weight` are its index, since a question may have any name.
    step
        1 where every respondent is in `patterns`, else how many each there stands for.
    weighted, unread
        Whether responses carry weights; the columns that were not read.
    """

    accounts: pd.DataFrame
    read: int
    respondents: int
    unknown: pd.DataFrame
    counted: pd.DataFrame
    campaigns: pd.DataFrame
    spread: pd.DataFrame
    patterns: pd.DataFrame
    step: int
    weighted: bool
    unread: tuple[str, ...]


def count_files(
    given: Sequence[str | os.PathLike[str]],
    asked: pd.DataFrame,
    reference: pd.DataFrame,
    options: CountOptions = DEFAULT,
) -> Consultation:
    """Count the responses in files, within a bound of memory.

    Parameters
    ----------
    given
        Paths and patterns of CSV files, of Parquet files, or of workbooks.
    asked
        The study's questions.
    reference
        One row per question that the reference model speaks to: `question_id`, `position`,
        `weight`.
    options
        Thresholds and bounds.

    Raises
    ------
    NotResponses
        When the files cannot be read as responses to these questions.
    """
    survey, meant = questions.survey(asked), None
    if options.map is not None:
        meant = mapping.read_map(options.map, survey)
        survey = questions.survey(asked, meant.words)
    paths = files.found(given)
    with (
        database.workspace(options.memory, options.threads) as space,
        shown("counting responses", _passes(asked)) as done,
    ):
        judged, damaged, reasons = files.judged(space, paths, survey, meant)
        done(_passes(asked) / 2)
        if options.rejects is not None:
            _list_rejects(space, [*judged.rejects, *damaged], options.rejects)
        source = ", ".join(map(str, paths[:3])) + (", …" if paths[3:] else "")
        counted = _Counted(judged, reasons, survey, reference, source)
        return _consultation(counted, options, space, done)


def nothing(asked: pd.DataFrame) -> Consultation:
    """Return the same tables without rows, for a study without responses."""
    names = list(questions.closed(asked)["question_id"])
    integer, number, text = "int64", "float64", "str"
    sums = {"n": integer, "weight": number}
    return Consultation(
        accounts=_empty({"fate": text, "rows": integer}),
        read=0,
        respondents=0,
        unknown=_empty(
            {"question_id": text, "answer": text, "rows": integer, "file": text, "line": integer}
        ),
        counted=_empty(
            {"type": text, "campaign": integer, "question_id": text, "code": "Int64", **sums}
        ),
        campaigns=_empty({"campaign": integer, "responses": integer, "text": text}),
        spread=_empty({"type": text, "spoke": integer, "permille": integer, **sums}),
        patterns=_empty({"type": text, **sums, **dict.fromkeys(names, "float32")}).set_index(INDEX),
        step=1,
        weighted=False,
        unread=(),
    )


def _empty(columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def count(
    table: Any, asked: pd.DataFrame, reference: pd.DataFrame, options: CountOptions = DEFAULT
) -> Consultation:
    """Count the responses in a table that narwhals knows: on Spark, on Polars, on pandas.

    The same as `read`, on the engine that the table belongs to. Rejected rows are counted; they
    are listed where `responses.validate.of_table` is asked.
    """
    survey = questions.survey(asked)
    judged = validate.of_table(table, survey)
    counted = _Counted(judged, validate.no_reasons(), survey, reference, "the table")
    return _consultation(counted, options, ANY, lambda part: None)


def _passes(asked: pd.DataFrame) -> float:
    """Return the steps of the work, for its progress: reading is taken as half of it."""
    return 2.0 * (3 + len(asked) / counts.TOGETHER)


def _list_rejects(space: database.Workspace, parts: Sequence[Frame], path: pathlib.Path) -> None:
    """Write every rejected row: file, line, reason, column, value, and no cell that runs."""
    if parts:
        rows = nw.concat(list(parts)).sort("file", "line")
        safe = [_inert(nw.col(name)).alias(name) for name in ("file", "column", "value")]
        space.write(rows.with_columns(safe), path, "format csv, header")


def _inert(text: Any) -> Any:
    """Put an apostrophe before cells that a spreadsheet would run, as `csv_cells.inert` does."""
    runs = text.str.contains(csv_cells.RUNS) & ~text.str.contains(csv_cells.NUMBER)
    return nw.when(runs).then(nw.concat_str([nw.lit("'"), text])).otherwise(text)


@dataclasses.dataclass(frozen=True)
class _Counted:
    """Responses judged: the damage, what was asked, what it is measured by, where it is from."""

    judged: Judged
    damaged: pd.DataFrame
    survey: Survey
    reference: pd.DataFrame
    source: str

    def accounts(self) -> pd.DataFrame:
        """Return what became of each row that was read."""
        used = self.judged.read - int(self.judged.reasons["rows"].sum())
        reasons = pd.concat([self.damaged, self.judged.reasons])
        reasons = reasons.groupby("reason", as_index=False).sum()
        fates = pd.DataFrame({"fate": ["used"], "rows": [used]})
        return pd.concat([fates, reasons.rename(columns={"reason": "fate"})], ignore_index=True)


def _consultation(
    found: _Counted, options: CountOptions, engine: Engine, done: Callable[[float], None]
) -> Consultation:
    """Count everything in the rows that hold."""
    judged, accounts = found.judged, found.accounts()
    try:
        trust.check(accounts, judged.answers, judged.unknown, options.tolerated)
    except NotResponses as error:
        raise NotResponses(f"{found.source}: {error}") from None
    asked, columns = found.survey.questions, found.survey.columns
    rows, sent = campaigns.told_apart(
        judged.used,
        list(found.survey.texts.values()),
        options.campaign_from,
        options.shortest,
        engine,
    )
    counted = judged.answers.assign(campaign=0)
    if found.survey.texts:
        rows = engine.settle(rows)
        counted = counts.answers(rows, asked, ("type", "campaign"), engine)
    rows = counts.coded(rows, counted, asked, engine)
    if engine.in_csv:
        rows = engine.settle(rows)
    done(1)
    names = [columns[name] for name in found.reference["question_id"]]
    positions = dict(zip(names, found.reference["position"], strict=True))
    whole = dict(zip(names, as_integers(found.reference["weight"]), strict=True))
    spread = counts.scored(rows, positions, whole)
    done(1)
    plain = [question.column for question in asked]
    patterns, step = counts.patterns(rows, plain, options.most_patterns, engine)
    done(1)
    ids = {question.column: question.question_id for question in asked}
    return Consultation(
        accounts=accounts,
        read=int(accounts["rows"].sum()),
        respondents=counts.respondents(counted),
        unknown=judged.unknown,
        counted=_summed(counted),
        campaigns=sent,
        spread=_in_weights(spread),
        patterns=_in_weights(patterns).set_index(INDEX).rename(columns=ids),
        step=step,
        weighted="units" in judged.used.collect_schema().names(),
        unread=judged.unread,
    )


def _summed(counted: pd.DataFrame) -> pd.DataFrame:
    """Add up answers of one code, however they were written; silence has no code."""
    keys = ["type", "campaign", "question_id", "code"]
    found = counted.groupby(keys, dropna=False, sort=True)[["n", "units"]].sum().reset_index()
    return _in_weights(found)


def _in_weights(table: pd.DataFrame) -> pd.DataFrame:
    """Turn millionths into weights."""
    return table.drop(columns="units").assign(weight=table["units"] / MILLION)


def as_integers(weights: Sequence[float] | pd.Series) -> list[int]:
    """Return whole numbers in proportion to weights, which are read as fractions.

    >>> as_integers([1, 0.5, 1 / 3])
    [6, 3, 2]
    """
    parts = [Fraction(float(weight)).limit_denominator(10_000) for weight in weights]
    common = lcm(1, *(part.denominator for part in parts))
    if common > 1_000_000:
        raise NotResponses("the weights of the propositions have no common fraction")
    return [int(part * common) for part in parts]
