"""Files of responses through DuckDB: larger than memory, within a stated bound, nothing to start.

Parquet is read where it lies. So is CSV that is proved to be plain; any other CSV, and a workbook,
is first copied, record by record. CSV is kept as Parquet while the work lasts, since each measure
needs its own columns only.
"""

from __future__ import annotations

import glob
import os
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from positions.responses import careful, layouts, mapping, quick
from positions.responses.backend import Frame, NotResponses, as_frame
from positions.responses.database import Workspace, as_list, as_names, as_text, first_line
from positions.responses.layouts import Layout
from positions.responses.mapping import SurveyMap
from positions.responses.progress import shown
from positions.responses.questions import Survey
from positions.responses.validate import Judged, judge, no_reasons

FORMATS = (".csv", ".parquet", ".xlsx")


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
    space: Workspace, files: Sequence[pathlib.Path], survey: Survey, given: SurveyMap | None = None
) -> tuple[Judged, tuple[Frame, ...], pd.DataFrame]:
    """Judge the rows of files, and set those aside that are too damaged.

    The files are of one kind and have the same columns.

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
    laid = {path: layouts.find_layout(path) for path in files}
    _alike({path: layout.names for path, layout in laid.items()})
    wanted = mapping.plan(laid[files[0]], survey, given)
    found = quick.judged(space, laid, survey, wanted)
    if found is not None:
        return found, (), no_reasons()
    size = sum(path.stat().st_size for path in files)
    with shown("reading line by line", max(size / 40, 1)) as lines:
        rows, faults, reasons = careful.copied(space, laid, wanted, lines)
    return judge(rows, survey, space, wanted.unread), faults, reasons


def _alike(columns: Mapping[pathlib.Path, Any]) -> None:
    """Refuse files that do not have the same columns in the same order."""
    first, *others = columns
    for path in others:
        if columns[path] != columns[first]:
            raise NotResponses(f"{path}: its columns are not those of {first}")


# --- Parquet -------------------------------------------------------------------------------


def _parquet(
    space: Workspace, files: Sequence[pathlib.Path], survey: Survey, given: SurveyMap | None
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
