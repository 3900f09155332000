"""Rows from elsewhere into a study: what is new, what is there already, what contradicts it.

A row whose key the study has is compared cell by cell, as far as the other tool speaks. A
coding that the study has with another code or phrase is a conflict. It is listed, and nothing is
written unless asked for.
The study with its new rows is checked by the study's own reader before it takes the old one's
place, all files at once; a fault in a new row is named where it stands in the other tool's file.
"""

from __future__ import annotations

import dataclasses
import pathlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from positions.exchange.ids import KEYS, Ids
from positions.exchange.imported import Carried, Place, Said, fault, loss
from positions.exchange.mapping import Declared
from positions.study import holdings, load, revision, schema
from positions.study.csv_cells import as_csv
from positions.study.csv_reader import parse
from positions.study.fields import Column, Fault, cell
from positions.study.holdings import TABLES, Holdings
from positions.study.problems import ERROR, Problem

UNFILLED = (
    "required", "reference-model", "model-without-positions", "whole-text", "implied-without-note",
)  # fmt: skip
"""Rules that say what is still to be filled in, not what is wrong."""


@dataclasses.dataclass
class Taken:
    """What became of an import: rows added, replaced and already there, by table.

    `to_fill` are errors of the study as it would be that only more facts can mend; `notes` what
    was found out about the file; `written` says whether the study was changed.
    """

    added: dict[str, int]
    same: dict[str, int]
    replaced: dict[str, int]
    problems: list[Problem]
    conflicts: list[Problem]
    to_fill: list[Problem]
    lost: list[Problem]
    notes: list[Problem]
    base: dict[str, bytes]
    files: dict[str, bytes]
    written: bool = False


# --- taking in -----------------------------------------------------------------------------


def take(
    path: pathlib.Path, carried: Carried, declared: Declared, *,
    besides: Mapping[str, list[list[str]]] | None = None, replace: bool = False,
    unresolved: bool = False,
) -> Taken:  # fmt: skip
    """Lay what was carried beside the study; nothing is written yet.

    Parameters
    ----------
    path
        The study's folder; one that is not there is begun.
    carried
        What the other tool's file says.
    declared
        Facts for cells the file leaves empty.
    besides
        Tables of the study that are not of its contract, header first, by path.
    replace
        Let the file's codings take the place of the study's where the two differ.
    unresolved
        Accept cells on which coders now disagree and nobody adjudicated.
    """
    base = holdings.known(path)
    taken = Taken({}, {}, {}, [*base.problems], [], [], [*carried.lost], [*carried.notes],
                  dict(base.files), dict(base.files))  # fmt: skip
    taken.problems += carried.problems + declared.problems
    if taken.problems:
        return taken
    places: dict[str, dict[int, Said]] = {}
    for name in TABLES:
        table = base.tables[name]
        rows = [(said, _filled(name, said, declared)) for said in carried.rows.get(name, [])]
        places[table.path] = _merge(table, rows, base, taken, replace)
    for name, table_rows in (besides or {}).items():
        _beside(path, name, table_rows, taken, replace)
    taken.lost += declared.unused()
    strangers = list(_strangers(base, carried))
    if not taken.problems and not (taken.conflicts and not replace):
        _judge(path, base, taken, places, unresolved)
    taken.problems += strangers
    return taken


def _strangers(base: Holdings, carried: Carried) -> Iterator[Problem]:
    """Find codings of what neither the study nor the file has."""
    ids = Ids(base.rows, Declared(), Carried())
    for table, key in KEYS.items():
        known = {row[key] for row in base.rows[table]}
        known |= {said.cells.get(key, "") for said in carried.rows.get(table, [])}
        for said in carried.rows.get("codings", []):
            value = unicodedata.normalize("NFC", said.cells.get(key, ""))
            if value and value not in known:
                what = f"no such {key} in the study, nor in the file"
                fix = f"add it to the study's {base.tables[table].path}"
                if meant := ids.meant(table, value):
                    what += f"; did you mean {meant}?"
                    fix = f"write {meant}, or declare it: {table},{value},{key},{meant}"
                yield fault("foreign-key", said.place.at(key), value, what, fix)


def _filled(name: str, said: Said, declared: Declared) -> Said:
    label = {"bodies": "name", "sources": "title", "propositions": "label"}.get(name)
    return declared.filled(name, said.name or (said.cells.get(label, "") if label else ""), said)


def _merge(
    table: schema.TableSchema, incoming: list[tuple[Said, Said]], base: Holdings, taken: Taken,
    replace: bool,
) -> dict[int, Said]:  # fmt: skip
    """Lay rows beside the table's own; return each new or replaced row by its record number.

    Each row comes as the file says it and with its facts. A row of the study is compared with
    what the file says alone: a fact declared for all does not contradict it.
    """
    rows = base.rows[table.name]
    columns = {column.name: column for column in table.columns}
    key_of = _keys(table, [rows, [said.cells for said, _ in incoming]])
    index = {key_of(row): place for place, row in enumerate(rows)}
    new: dict[tuple[object, ...], Said] = {}
    changed: dict[int, Said] = {}
    for said, filled in incoming:
        key = key_of(said.cells)
        if key in index:
            mine = rows[index[key]]
            differs = _differences(columns, mine, said.cells)
            if not differs:
                taken.same[table.name] = taken.same.get(table.name, 0) + 1
            elif table.name in KEYS:
                _keep(said, mine, differs, taken)
            else:
                taken.conflicts += _conflicts(said, mine, differs, key)
                if replace:
                    changed[index[key]] = said
        elif key in new and (differs := _differences(columns, new[key].cells, filled.cells)):
            taken.problems.append(_twice(said, new[key], key))
        elif key in new:
            same = f"the same as {new[key].place}"
            taken.lost.append(loss(said.place, "", same, "nothing to do"))
        else:
            new[key] = filled
    added = [new[key] for key in sorted(new, key=str)]
    taken.added[table.name] = len(added)
    taken.replaced[table.name] = len(changed)
    return _written(table, base, taken, added, changed)


def _keys(
    table: schema.TableSchema, sides: Sequence[Sequence[Mapping[str, str]]]
) -> Callable[[Mapping[str, str]], tuple[object, ...]]:
    """Return a function that gives a row its key.

    A coder may have several phrases for one cell, told apart by where they begin. Where neither
    the study nor the file has more than one, the two are one coding, wherever it begins.
    """
    columns = {column.name: column for column in table.columns}
    needed = [name for name in table.primary_key if columns[name].required]

    def key(row: Mapping[str, str], names: Sequence[str] = needed) -> tuple[object, ...]:
        return tuple(_value(columns[name], row.get(name, "")) for name in names)

    where = {(key(row), row.get("quote", "")): key(row, table.primary_key) for row in sides[0]}
    several = set[tuple[object, ...]]()
    for rows in sides:
        wholes = {(key(row), key(row, table.primary_key)) for row in rows}
        times = Counter(short for short, _ in wholes)
        several |= {short for short in times if times[short] > 1}

    def told(row: Mapping[str, str]) -> tuple[object, ...]:
        short = key(row)
        if short not in several:
            return short
        whole = key(row, table.primary_key)
        # A file that does not say where a phrase begins still says which it is.
        says = all(name in row for name in table.primary_key)
        return whole if says else where.get((short, row.get("quote", "")), whole)

    return told


def _value(column: Column, text: str) -> object:
    value = cell(text, column)
    return text if isinstance(value, Fault) else value


def _differences(
    columns: Mapping[str, Column], mine: Mapping[str, str], said: Mapping[str, str]
) -> list[str]:
    """Name the columns in which two rows differ, among those the first speaks of."""
    return [
        name
        for name in said
        if _value(columns[name], said[name]) != _value(columns[name], mine.get(name, ""))
    ]


def _keep(said: Said, mine: Mapping[str, str], differs: list[str], taken: Taken) -> None:
    """Keep a fact of the study where the file has a different one, which is listed."""
    for name in differs:
        why = f"the study has {mine.get(name, '')!r}, which stays"
        taken.lost.append(loss(said.place.at(name), said.cells[name], why,
                               "change it in the study"))  # fmt: skip


def _conflicts(
    said: Said, mine: Mapping[str, str], differs: list[str], key: tuple[object, ...]
) -> list[Problem]:
    return [
        fault("conflict", said.place.at(name), said.cells[name],
              f"{' / '.join(map(str, key))} has {mine.get(name, '')!r} already",
              "correct one of the two, or import with --replace")
        for name in differs
    ]  # fmt: skip


def _twice(said: Said, first: Said, key: tuple[object, ...]) -> Problem:
    return fault("duplicate", said.place, " / ".join(map(str, key)),
                 f"the file says this twice, differently: also in {first.place}",
                 "keep one of the two in the file")  # fmt: skip


def _beside(
    path: pathlib.Path, name: str, rows: list[list[str]], taken: Taken, replace: bool
) -> None:
    """Add to a further table: rows with a new key come behind those that are there."""
    there = path / name
    if not there.exists():
        taken.files[name] = as_csv(rows)
        taken.added[name] = len(rows) - 1
        return
    raw = taken.base[name] = taken.files[name] = there.read_bytes()
    parsed, problems = parse(raw, name, rows[0])
    taken.problems += [problem for problem in problems if problem.severity == ERROR]
    mine = [record.fields for record in parsed.records]
    listed = Counter(map(tuple, mine))
    new = [row for row in rows[1:] if not listed[tuple(row)]]
    width = 2 if rows[0][0] == "respondent" else 1
    keys = {tuple(row[:width]) for row in mine}
    for row in new:
        if tuple(row[:width]) in keys:
            taken.conflicts.append(_other(name, row))
    same = parsed.header is not None and parsed.header.fields == rows[0]
    if not same:
        taken.problems.append(_other(name, rows[0]))
    elif new and not (taken.conflicts and not replace):
        said = {tuple(row[:width]) for row in new}
        kept = [row for row in mine if tuple(row[:width]) not in said]
        taken.files[name] = as_csv([rows[0], *kept, *new])
    taken.added[name], taken.same[name] = len(new), len(rows) - 1 - len(new)


def _other(name: str, row: list[str]) -> Problem:
    return fault("conflict", Place(name), ",".join(row), f"{name} has a different row of this key",
                 "correct one of the two, or import with --replace")  # fmt: skip


# --- writing -------------------------------------------------------------------------------


def _written(
    table: schema.TableSchema, base: Holdings, taken: Taken,
    added: list[Said], changed: Mapping[int, Said],
) -> dict[int, Said]:  # fmt: skip
    """Put new rows behind the old ones, whose bytes stay unless a row of them is replaced."""
    header, rows = base.headers[table.name], base.rows[table.name]
    raw = base.files[table.path]
    if changed:
        merged = [{**row, **(changed[i].cells if i in changed else {})}
                  for i, row in enumerate(rows)]  # fmt: skip
        raw = as_csv([header, *([row[name] for name in header] for row in merged)])
    taken.files[table.path] = revision.behind(raw, header, [said.cells for said in added])
    numbered = {len(rows) + 1 + place: said for place, said in enumerate(added)}
    return numbered | {place + 1: said for place, said in changed.items()}


def _judge(
    path: pathlib.Path, base: Holdings, taken: Taken, places: Mapping[str, Mapping[int, Said]],
    unresolved: bool,
) -> None:  # fmt: skip
    """Check the study as it would be; sort what is new into wrong and still to be filled in."""
    base_files = base.files if path.exists() else {}
    for problem in revision.new_problems(base_files, taken.files, unresolved):
        if problem.severity != ERROR:
            continue
        said = places.get(problem.file, {}).get(problem.record)
        if said is not None:
            what = f"{problem.message} (in the study's {problem.file})"
            problem = dataclasses.replace(problem, file=said.place.file, line=said.place.line,
                                          record=0, message=what)  # fmt: skip
        if problem.rule == "foreign-key" and said is not None:
            continue  # `_strangers` has said so, and also of rows that have other faults
        mend = problem.rule in UNFILLED or problem.rule == load.UNADJUDICATED or (
            problem.rule == "offset" and not problem.value
        )  # fmt: skip
        (taken.to_fill if mend else taken.problems).append(problem)


def write(path: pathlib.Path, taken: Taken) -> None:
    """Put the study with its new rows in place: every file, or none.

    An import that adds nothing touches nothing.

    Raises
    ------
    positions._files.SwitchError
        When the folder is a link or a file, or another import of it is under way.
    """
    taken.written = revision.write(path, taken.base, taken.files)
