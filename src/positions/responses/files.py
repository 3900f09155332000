"""Files of responses through DuckDB: larger than memory, within a stated bound, nothing to start.

Parquet is read where it lies. CSV is kept as Parquet while the work lasts, since each measure
needs its own columns only.
"""

from __future__ import annotations

import glob
import os
import pathlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions.responses import numbered
from positions.responses.backend import NotResponses, as_frame
from positions.responses.database import Workspace, as_list, as_text, first_line
from positions.responses.progress import shown
from positions.responses.questions import closed
from positions.responses.validate import Judged, judge, no_reasons

if TYPE_CHECKING:
    from positions.responses.backend import Frame

READ_TOGETHER = 8_000_000
"""Bytes of CSV that are held at once, several times over; the longest line may have a fourth."""
FORMATS = (".csv", ".parquet")


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
            f"the files end in {', '.join(sorted(kinds))}; they must all end in .csv, or all in "
            ".parquet"
        )
    names = [path.name for path in files]
    if twice := [name for name in names if names.count(name) > 1]:
        raise NotResponses(f"{twice[0]}: two files have this name; rejects could not name theirs")
    return sorted(files)


def judged(
    space: Workspace, files: Sequence[pathlib.Path], questions: pd.DataFrame
) -> tuple[Judged, tuple[Frame, ...], pd.DataFrame]:
    """Judge the rows of files, and set those aside that are too damaged.

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
        return judge(parquet(space, files), questions, space), (), no_reasons()
    found = _sound(space, files, questions)
    if found is not None and not found.rejects:
        return found, (), no_reasons()
    size = sum(path.stat().st_size for path in files)
    with shown("looking for damaged lines", max(size / 40, 1)) as lines:
        rows, faults, reasons = placed(space, files, lines)
    return judge(rows, questions, space), (faults,), reasons


def _sound(
    space: Workspace, files: Sequence[pathlib.Path], questions: pd.DataFrame
) -> Judged | None:
    """Judge sound CSV files; None where a file has a fault that `placed` must tell.

    Numbers are read as numbers, since that is quicker: a word among them shows up as amiss. Where
    there are only numbers and a type, they are counted where they lie, in one pass: to judge
    anything else takes several, which a copy as Parquet is quicker for.
    """
    import duckdb

    columns = headers(files)
    codes = set(closed(questions).query("answers == 'codes'")["question_id"])
    for numbers in (codes, set()):
        types = {name: "DOUBLE" if name in numbers else "VARCHAR" for name in columns}
        rows = _read(space, files, types)
        space.in_csv = set(columns) <= {"type", *numbers}
        try:
            return judge(rows if space.in_csv else space.settle(rows), questions, space)
        except duckdb.OutOfMemoryException:
            raise  # says nothing about the file
        except duckdb.Error:
            if not numbers:
                break
    return None


def parquet(space: Workspace, files: Sequence[pathlib.Path]) -> Frame:
    """Read Parquet files as rows, each with its file and its number (from 1) in it.

    Raises
    ------
    NotResponses
        When a file is no Parquet, or the files have other columns.
    """
    import duckdb

    layouts = {}
    try:
        for path in files:
            about = space.connection.execute(f"describe from read_parquet({as_text(path)})")
            layouts[path] = [(row[0], row[1]) for row in about.fetchall()]
    except duckdb.Error as error:
        raise NotResponses(f"{path}: cannot be read as Parquet: {first_line(error)}") from None
    _alike(layouts)
    return as_frame(
        space.connection.sql(
            "select * exclude (filename, file_row_number), parse_filename(filename) as _file, "
            f"file_row_number + 1 as _line from read_parquet({as_list(files)}, filename=true, "
            "file_row_number=true)"
        )
    )


def _alike(layouts: dict[pathlib.Path, list[Any]]) -> None:
    """Refuse files that do not have the same columns in the same order."""
    first, *others = layouts
    for path in others:
        if layouts[path] != layouts[first]:
            raise NotResponses(f"{path}: its columns are not those of {first}")


def headers(files: Sequence[pathlib.Path]) -> list[str]:
    """Return the columns of CSV files, which must be the same in all."""
    try:
        layouts = {path: numbered.header(path) for path in files}
    except ValueError as error:
        raise NotResponses(str(error)) from None
    _alike(dict(layouts))
    return layouts[files[0]]


def _read(space: Workspace, files: Sequence[pathlib.Path], types: dict[str, str]) -> Frame:
    columns = ", ".join(f"{as_text(name)}: {as_text(kind)}" for name, kind in types.items())
    return as_frame(
        space.connection.sql(
            f"select * from read_csv({as_list(files)}, header=true, auto_detect=false, delim=',', "
            f"quote='\"', escape='\"', strict_mode=true, buffer_size={READ_TOGETHER}, "
            f"columns={{{columns}}})"
        )
    )


def placed(
    space: Workspace,
    files: Sequence[pathlib.Path],
    read: Callable[[float], None] = lambda lines: None,
) -> tuple[Frame, Frame, pd.DataFrame]:
    """Read damaged CSV files: sound rows with their places, damaged ones, and a count."""
    columns = headers(files)
    good, bad, reasons = numbered.copy(files, columns, space.folder, read)
    place = {"_file": "VARCHAR", "_line": "BIGINT"}
    rows = _read(space, [good], {**place, **dict.fromkeys(columns, "VARCHAR")})
    faults = _read(
        space, [bad],
        {name: "BIGINT" if name == "line" else "VARCHAR" for name in numbered.FAULTS},
    )  # fmt: skip
    counts = pd.DataFrame(sorted(reasons.items()), columns=["reason", "rows"])
    return space.settle(rows), faults, pd.concat([no_reasons(), counts], ignore_index=True)
