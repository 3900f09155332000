"""Files of responses through DuckDB: larger than memory, within a stated bound, nothing to start.

Parquet is read where it lies. So is CSV that is proved to be plain; any other CSV, and a workbook,
is first copied, record by record. CSV is kept as Parquet while the work lasts, since each measure
needs its own columns only.
"""

from __future__ import annotations

import csv
import glob
import os
import pathlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions.responses import layouts, mapping, plain, records
from positions.responses.backend import NotResponses, as_frame
from positions.responses.database import Workspace, as_list, as_names, as_text, first_line
from positions.responses.layouts import FINISHED, STATUS, Layout
from positions.responses.mapping import Map, Plan
from positions.responses.progress import shown
from positions.responses.questions import Survey, folded
from positions.responses.validate import Judged, judge, no_reasons

if TYPE_CHECKING:
    from positions.responses.backend import Frame

READ_TOGETHER = 8_000_000
"""Bytes of CSV that are held at once, several times over."""
FORMATS = (".csv", ".parquet", ".xlsx")
FAULTS = ("file", "line", "reason", "column", "value")
_UNFINISHED = frozenset({"", "0", "false", "no", "incomplete", "partial", "in progress"})
_TRIALS = frozenset({"1", "2", "8", "9", "17", "survey preview", "survey test", "spam",
                     "possible spam", "offline survey preview"})  # fmt: skip
"""What survey programs write of a response that is unfinished, a trial, or spam."""
Rows = tuple["Frame", tuple["Frame", ...], pd.DataFrame]
"""Sound rows, the damaged ones as rejects are listed, and how many each kind of damage has."""


def found(given: Sequence[str | os.PathLike[str]]) -> list[pathlib.Path]:
    """Return the files that paths and patterns name, sorted, each once.

    Raises
    ------
    NotResponses
        When one names no file, or they are of several kinds, or two have one name.
    """
    files: set[pathlib.Path] = set()
    for name in given:
        pattern = os.fspath(name)
        named = [pattern] if os.path.exists(pattern) else glob.glob(pattern, recursive=True)
        some = {pathlib.Path(path) for path in named if os.path.isfile(path)}
        if not some:
            raise NotResponses(f"{pattern}: no such file")
        files |= some
    kinds = {path.suffix.lower() for path in files}
    if len(kinds) > 1 or not kinds <= set(FORMATS):
        raise NotResponses(
            f"the files end in {', '.join(sorted(kinds))}; they must all end in one of "
            f"{', '.join(FORMATS)}"
        )
    names = [path.name for path in files]
    if twice := [name for name in names if names.count(name) > 1]:
        raise NotResponses(f"{twice[0]}: two files have this name; rejects could not name theirs")
    return sorted(files)


def judged(
    space: Workspace, files: Sequence[pathlib.Path], survey: Survey, given: Map | None = None
) -> tuple[Judged, tuple[Frame, ...], pd.DataFrame]:
    """Judge the rows of files, and set those aside that are too damaged.

    Parameters
    ----------
    space
        The database.
    files
        Files of one kind, with the same columns.
    survey
        What was asked.
    given
        What columns and words mean, where names do not say it.

    Returns
    -------
    Judged, tuple, DataFrame
        As `responses.validate.judge` returns it; the damaged rows, listed as its rejects are;
        how many rows each kind of damage set aside: `reason`, `rows`.

    Raises
    ------
    NotResponses
        When the files cannot be read as responses to these questions.
    """
    if files[0].suffix.lower() == ".parquet":
        return judge(_parquet(space, files, survey, given), survey, space), (), no_reasons()
    laid = {path: layouts.read(path) for path in files}
    _alike({path: layout.names for path, layout in laid.items()})
    wanted = mapping.plan(laid[files[0]], survey, given)
    quick = _quickly(space, laid, survey, wanted)
    if quick is not None:
        return quick, (), no_reasons()
    size = sum(path.stat().st_size for path in files)
    with shown("reading line by line", max(size / 40, 1)) as lines:
        rows, faults, reasons = _carefully(space, laid, wanted, lines)
    return judge(rows, survey, space, wanted.unread), faults, reasons


def _alike(columns: Mapping[pathlib.Path, Any]) -> None:
    """Refuse files that do not have the same columns in the same order."""
    first, *others = columns
    for path in others:
        if columns[path] != columns[first]:
            raise NotResponses(f"{path}: its columns are not those of {first}")


# --- Parquet -------------------------------------------------------------------------------


def _parquet(
    space: Workspace, files: Sequence[pathlib.Path], survey: Survey, given: Map | None
) -> Frame:
    """Read Parquet files as rows, each with its file and its number (from 1) in it."""
    import duckdb

    columns = {}
    try:
        for path in files:
            about = space.connection.execute(f"describe from read_parquet({as_text(path)})")
            columns[path] = [(row[0], row[1]) for row in about.fetchall()]
    except duckdb.Error as error:
        raise NotResponses(f"{path}: cannot be read as Parquet: {first_line(error)}") from None
    _alike(columns)
    names = tuple(name for name, _ in columns[files[0]])
    wanted = mapping.plan(Layout("", "", names, names, 1, {}), survey, given)
    chosen = ", ".join(
        f"{as_names([names[place]])} as {plain_name}" for plain_name, place in wanted.places.items()
    )
    return as_frame(
        space.connection.sql(
            f"select {chosen}, parse_filename(filename) as _file, file_row_number + 1 as _line "
            f"from read_parquet({as_list(files)}, filename=true, file_row_number=true)"
        )
    )


# --- CSV that is proved to be plain --------------------------------------------------------


def _quickly(
    space: Workspace, laid: Mapping[pathlib.Path, Layout], survey: Survey, wanted: Plan
) -> Judged | None:
    """Judge plain CSV files; None where the careful way must be taken, or must tell places.

    Numbers are read as numbers, since that is quicker: a word among them shows itself as an
    error. Where there are only numbers and a type, they are counted where they lie, in one pass:
    to judge anything else takes several, which a copy as Parquet is quicker for.
    """
    import duckdb

    proofs = _proofs(laid) if not wanted.aside else None
    if proofs is None:
        return None
    codes = set() if wanted.long else {q.column for q in survey.questions if q.plain_numbers}
    for numbers in (codes, set[str]()) if codes else (codes,):
        rows = _read(space, laid, wanted, (numbers, any(p.several_lines for p in proofs)))
        space.in_csv = set(wanted.places) <= {"type", *numbers}
        try:
            found = judge(
                rows if space.in_csv else space.settle(rows), survey, space, wanted.unread
            )
        except duckdb.OutOfMemoryException:
            raise  # says nothing about the file
        except duckdb.Error:
            continue
        clean = not found.rejects and found.unknown.empty
        return found if clean and found.read == sum(p.records for p in proofs) else None
    return None


def _proofs(laid: Mapping[pathlib.Path, Layout]) -> list[plain.Proof] | None:
    """Return the proof that each file is plain; None where one is not, or they differ."""
    first = next(iter(laid.values()))
    found = []
    for path, layout in laid.items():
        if not layout.delimiter or layout != first:
            return None
        proof = plain.proof(path, layout.delimiter, layout.begins - 1, len(layout.names))
        if proof is None:
            return None
        found.append(proof)
    return found


def _read(
    space: Workspace,
    laid: Mapping[pathlib.Path, Layout],
    wanted: Plan,
    how: tuple[set[str], bool],
) -> Frame:
    """Read plain CSV files: columns of numbers as numbers, in one thread where lines are cut."""
    numbers, several = how
    layout = next(iter(laid.values()))
    by_place = {place: name for name, place in wanted.places.items()}
    names = [by_place.get(place, f"unread{place}") for place in range(len(layout.names))]
    types = {name: "DOUBLE" if name in numbers else "VARCHAR" for name in names}
    options = (
        f"delim={as_text(layout.delimiter)}, skip={layout.begins - 1}, header=false, "
        f"buffer_size={READ_TOGETHER}, max_line_size={records.LONGEST}, "
        f"parallel={str(not several).lower()}"
    )
    return _csv(space, list(laid), types, options, wanted.places)


def _csv(
    space: Workspace,
    files: Sequence[pathlib.Path],
    types: Mapping[str, str],
    options: str,
    columns: Iterable[str],
) -> Frame:
    listed = ", ".join(f"{as_text(name)}: {as_text(kind)}" for name, kind in types.items())
    return as_frame(
        space.connection.sql(
            f"select {as_names(columns)} from read_csv({as_list(files)}, auto_detect=false, "
            f"quote='\"', escape='\"', strict_mode=true, {options}, columns={{{listed}}})"
        )
    )


# --- any file, record by record ------------------------------------------------------------


def _carefully(
    space: Workspace,
    laid: Mapping[pathlib.Path, Layout],
    wanted: Plan,
    read: Callable[[float], None],
) -> Rows:
    """Copy the sound records of files with the place of each; list the others."""
    good, bad = space.folder / "sound.csv", space.folder / "damaged.csv"
    reasons: Counter[str] = Counter()
    with (
        open(good, "w", encoding="utf-8", newline="") as out,
        open(bad, "w", encoding="utf-8", newline="") as aside,
    ):
        sound, damaged = (
            csv.writer(h, quoting=csv.QUOTE_ALL, lineterminator="\n") for h in (out, aside)
        )
        for path, layout in laid.items():
            for line, fields, fault in layouts.rows(path, layout, read):
                if reason := fault or _aside(fields, wanted.aside):
                    reasons[reason] += 1
                    value = records.shown(fields) if fault else ""
                    damaged.writerow([path.name, line, reason, "", value])
                else:
                    kept = (fields[place] for place in wanted.places.values())
                    sound.writerow([path.name, line, *kept])
    place = {"_file": "VARCHAR", "_line": "BIGINT"}
    types = {**place, **dict.fromkeys(wanted.places, "VARCHAR")}
    rows = space.settle(_csv(space, [good], types, _COPIED, types))
    listed = {name: "BIGINT" if name == "line" else "VARCHAR" for name in FAULTS}
    faults = _csv(space, [bad], listed, _COPIED, listed)
    counted = pd.DataFrame(sorted(reasons.items()), columns=["reason", "rows"])
    return rows, (faults,), pd.concat([no_reasons(), counted], ignore_index=True)


_COPIED = f"delim=',', header=false, parallel=false, max_line_size={4 * records.LONGEST}, " \
          f"buffer_size={8 * records.LONGEST}"  # fmt: skip


def _aside(fields: Sequence[str], columns: Mapping[str, int]) -> str:
    """Say why a survey program's row is no answer; empty where it is one."""
    if STATUS in columns and folded(fields[columns[STATUS]]) in _TRIALS:
        return "preview or test"
    if FINISHED in columns and folded(fields[columns[FINISHED]]) in _UNFINISHED:
        return "not finished"
    return ""
