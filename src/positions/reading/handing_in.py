"""A coder's own files into the study: what was coded, checked and decided, all or nothing."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping

from positions.reading.own_files import CHECKS, CODINGS, DECISIONS, DeskError, OwnFiles, Row
from positions.study import holdings, revision, schema
from positions.study.csv_cells import as_csv, plain
from positions.study.fields import Fault, cell
from positions.study.problems import ERROR, Problem, as_text
from positions.words import plural

TABLES = (CODINGS, CHECKS, DECISIONS)


@dataclasses.dataclass(frozen=True)
class HandedIn:
    """How many rows of each table came in, and how many the study had already."""

    added: dict[str, int]
    changed: dict[str, int]
    same: dict[str, int]

    def said(self) -> str:
        """Say so in a line a table."""
        return "\n".join(
            f"{table}: {plural(self.added[table], 'row')} added, {self.changed[table]} changed, "
            f"{self.same[table]} there already"
            for table in TABLES
        )


def hand_in(folder: pathlib.Path, own: OwnFiles, *, replace: bool = False) -> HandedIn:
    """Put a coder's own rows into a study; nothing else of it changes.

    Parameters
    ----------
    folder
        The study's folder.
    own
        The coder's own files.
    replace
        Let one's own rows take the place of rows with the same key that differ.

    Returns
    -------
    HandedIn
        What came in. Cells on which coders now differ are left open: the queue Decide lists them.

    Raises
    ------
    DeskError
        When the study is none, a row differs from one that is there, or the study would have an
        error that it has not now. Nothing was written.
    positions._files.SwitchError
        When another change of the study is under way.
    """
    if not folder.is_dir():
        raise DeskError(f"{folder} is no folder of a study: rows go into a folder, not into .xlsx")
    base = holdings.known(folder)
    if base.problems:
        raise DeskError(as_text(base.problems, whole=False))
    files, conflicts = dict(base.files), list[Problem]()
    found = HandedIn({}, {}, {})
    for table in TABLES:
        raw, clashes = _joined(base, table, own.rows(table), found)
        conflicts += clashes
        if raw is not None:
            files[schema.contract()[table].path] = raw
    if conflicts and not replace:
        raise DeskError(f"nothing was written\n{as_text(conflicts, whole=False)}")
    problems = revision.new_problems(base.files, files, unresolved=True)
    if errors := [problem for problem in problems if problem.severity == ERROR]:
        raise DeskError(f"nothing was written\n{as_text(errors, whole=False)}")
    revision.write(folder, base.files, files)
    return found


def _joined(
    base: holdings.Holdings, table: str, mine: list[Row], found: HandedIn
) -> tuple[bytes | None, list[Problem]]:
    """Return a table with one's own rows, None where it stays as it is; and rows that differ."""
    contract = schema.contract()[table]
    header = base.headers.get(table, contract.column_names)
    there = {_key(contract, row): at for at, row in enumerate(base.rows.get(table, []))}
    rows = [dict(row) for row in base.rows.get(table, [])]
    new, changed, same, conflicts = [], 0, 0, []
    for row in mine:
        at = there.get(_key(contract, row))
        if at is None:
            new.append(row)
        elif _values(contract, rows[at]) == _values(contract, row):
            same += 1
        else:
            changed += 1
            conflicts.append(_conflict(contract, rows[at], row))
            rows[at] |= row
    found.added[table], found.changed[table], found.same[table] = len(new), changed, same
    if not (new or changed):
        return None, conflicts
    raw = base.files.get(contract.path, as_csv([header]))
    if changed:
        raw = as_csv([header, *([row.get(name, "") for name in header] for row in rows)])
    return revision.behind(raw, header, new), conflicts


def _key(table: schema.TableSchema, row: Mapping[str, str]) -> tuple[object, ...]:
    values = _values(table, row)
    return tuple(values[name] for name in table.primary_key)


def _values(table: schema.TableSchema, row: Mapping[str, str]) -> dict[str, object]:
    """Return the cells of a row in their columns' types, so that `+1` is 1."""
    found: dict[str, object] = {}
    for column in table.columns:
        text = plain(row.get(column.name, ""))
        value = cell(text, column)
        found[column.name] = text if isinstance(value, Fault) else value
    return found


def _conflict(table: schema.TableSchema, there: Row, row: Row) -> Problem:
    mine, theirs = _values(table, row), _values(table, there)
    column = next(name for name in mine if mine[name] != theirs[name])
    return Problem(
        ERROR, table.path, 0, 0, column, "conflict", row.get(column, ""),
        f"{' / '.join(str(part) for part in _key(table, row))} has {there.get(column, '')!r} "
        "already",
        "correct one of the two, or hand in with --replace",
    )  # fmt: skip
