"""The rules of `checks` and `samples`: who checks is a person, and what is gone is named.

A cell that was drawn or checked can leave the study later. Its row stays, and is named.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator

from positions.study import schema
from positions.study.csv_reader import Record
from positions.study.problems import ERROR, WARNING, Problem
from positions.study.validate import Row, Tables

Cell = tuple[str, ...]
Marks = dict[tuple[str, ...], dict[str, tuple[str, Record]]]
"""Of each checker's verdicts on a cell: the mark that counts, as it is written, and where."""
_TABLES = {"body_id": "bodies", "proposition_id": "propositions", "source_id": "sources"}
BLANK = "blank"
"""The stratum of cells in which nothing is coded."""


def check_samples(tables: Tables) -> Iterator[Problem]:
    """Check that one seed drew the sample, and name the cells that have left the study."""
    coded = _coded(tables)
    seeds: dict[int, Record] = {}
    for row, record in tables.rows("samples"):
        seeds.setdefault(row["seed"], record)
        if len(seeds) > 1:
            first = next(iter(seeds))
            yield tables.problem(
                ERROR, "samples", record, "seed", "two-seeds", row["seed"],
                f"line {seeds[first].line} was drawn with seed {first}; cells of two draws have no "
                "common probability",
                "keep the rows of the draw that was checked",
            )  # fmt: skip
        if _whole(tables) and _gone(tables, row, coded):
            yield tables.problem(
                WARNING, "samples", record, "source_id", "cell-gone", " / ".join(_cell(row)),
                "the cell was drawn, and the study has no such code any more",
                "leave the row: the audit shows it and does not count it",
            )  # fmt: skip


def check_checks(tables: Tables) -> Iterator[Problem]:
    """Check that people check, and that what they checked is there or was drawn."""
    if not tables.of["checks"]:
        return
    kinds = {row["coder"]: row["kind"] for row in tables.of["coders"]}
    drawn = {_cell(row): row for row, _ in tables.rows("samples")}
    coded = _coded(tables)
    marks: Marks = defaultdict(dict)
    for row, record in tables.rows("checks"):
        yield from _twice(tables, row, record, (drawn.get(_cell(row)), marks))
        if kinds.get(row["checker"], "person") != "person":
            yield tables.problem(
                ERROR, "checks", record, "checker", "checker-no-person", row["checker"],
                "only a person can check; this reader is a program",
                f"put what a program read into {tables.files['codings']}",
            )  # fmt: skip
        sample = drawn.get(_cell(row))
        if not _whole(tables) or (sample and not _gone(tables, sample, coded)):
            continue
        if not sample and (unknown := _unknown(tables, row)):
            yield _misspelt(tables, row, record, unknown)
        elif sample or _cell(row) not in coded:
            yield tables.problem(
                WARNING, "checks", record, "source_id", "cell-gone", " / ".join(_cell(row)),
                "the cell was checked, and the study has no code there",
                "leave the row: the audit shows it and does not count it; or correct its key",
            )  # fmt: skip


def _twice(
    tables: Tables, row: Row, record: Record, known: tuple[Row | None, Marks]
) -> Iterator[Problem]:
    """Find a second verdict of one checker on one code and text.

    A verdict on a code that has changed since stands beside the newer one: their marks differ.
    """
    sample, marks = known
    mine = marks[*_cell(row), row["checker"]]
    mark = row["mark"] or (sample["mark"] if sample else "")
    written, first = mine.get(mark) or next(iter(mine.values()), ("", record))
    if mine and (mark in mine or not mark or "" in mine) and written != row["mark"]:
        yield tables.problem(
            ERROR, "checks", record, "checker", "two-verdicts", " / ".join(_cell(row)),
            f"{row['checker']} has a verdict on this code and this text in line {first.line}",
            "keep the one that was made blind",
        )  # fmt: skip
    mine.setdefault(mark, (row["mark"], record))


def _whole(tables: Tables) -> bool:
    """Return whether no row is missing that a cell could name."""
    return tables.whole("codings", "samples", *_TABLES.values())


def _cell(row: Row) -> Cell:
    return tuple(row[column] for column in schema.CELL)


def _coded(tables: Tables) -> set[Cell]:
    return {_cell(row) for row in tables.of["codings"]}


def _unknown(tables: Tables, row: Row) -> str:
    """Return the first column of a cell that names nothing; "" where all name something."""
    for column, table in _TABLES.items():
        if row[column] not in tables.by_id(table, column):
            return column
    return ""


def _gone(tables: Tables, row: Row, coded: set[Cell]) -> bool:
    """Return whether a cell that was drawn is no longer one of the study."""
    if row["stratum"] == BLANK:
        return bool(_unknown(tables, row))
    return _cell(row) not in coded


def _misspelt(tables: Tables, row: Row, record: Record, column: str) -> Problem:
    """Say that a check names what is not there, and what is nearly so called."""
    known = tables.by_id(_TABLES[column], column)
    near = difflib.get_close_matches(row[column], sorted(known), 1, 0.6)
    file = tables.files[_TABLES[column]]
    return tables.problem(
        ERROR, "checks", record, column, "check-unknown", row[column],
        f"no such {column} in {file}, and no such cell was drawn",
        f"write {near[0]!r}" if near else f"write a {column} of {file}",
    )  # fmt: skip
