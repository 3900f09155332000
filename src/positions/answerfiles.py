"""Files of responses through DuckDB: larger than memory, within a stated bound, nothing to start.

Parquet is read where it lies. CSV is read once and kept as Parquet while the work lasts, since
each measure needs its own columns only.
"""

from __future__ import annotations

import contextlib
import glob
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions import numbered
from positions.counting import NotResponses, as_frame
from positions.questions import closed
from positions.responses import no_reasons

if TYPE_CHECKING:
    from positions.counting import Frame

MEMORY = "128MB"
"""What DuckDB may hold; the rest goes to disk. Measured on ten million
rows, the whole process held 134 MB to count answers and 300 MB to hold patterns as well."""
THREADS = 2
ROWS_TOGETHER = 30_720
"""Rows that are held to be written at once: of twenty answers in words, a few megabytes."""
READ_TOGETHER = 8_000_000
"""Bytes of CSV that are held at once, several times over; the longest line may have a fourth."""
FORMATS = (".csv", ".parquet")


class Workspace:
    """A database without tables of its own, and a folder for what does not fit in memory."""

    def __init__(self, connection: Any, folder: pathlib.Path):
        self.connection = connection
        self.folder = folder
        self.stored = 0

    def settle(self, frame: Frame) -> Frame:
        """Store rows as Parquet and read them from there."""
        path = self.folder / f"kept-{self.stored}.parquet"
        self.stored += 1
        self.write(frame, path, f"format parquet, row_group_size {ROWS_TOGETHER}")
        return as_frame(self.connection.sql(f"select * from read_parquet({_text(path)})"))

    def write(self, frame: Frame, path: pathlib.Path, form: str) -> None:
        """Write rows to a file in one of the forms DuckDB's `copy` knows."""
        query = frame.to_native().sql_query()
        self.connection.execute(f"copy ({query}) to {_text(path)} ({form})")


@contextlib.contextmanager
def workspace(
    memory: str = MEMORY, threads: int = THREADS, folder: pathlib.Path | None = None
) -> Iterator[Workspace]:
    """Open a database that holds at most so much, and delete what it wrote when done.

    Parameters
    ----------
    memory
        DuckDB's limit, as `128MB`; what needs more goes to `folder`.
    threads
        How many may work at once. No result depends on it.
    folder
        Where to keep what does not fit; the system's temporary folder by default.

    Raises
    ------
    NotResponses
        When DuckDB or narwhals is not installed, or what is done needs more memory.
    """
    try:
        import duckdb
        import narwhals  # noqa: F401
    except ImportError as error:
        raise NotResponses(
            f"responses need the package {error.name}: install positions with its extra `big`"
        ) from None
    with tempfile.TemporaryDirectory(prefix="positions-", dir=folder) as place:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": place,
            "preserve_insertion_order": False,
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield Workspace(connection, pathlib.Path(place))
        except duckdb.OutOfMemoryException as error:
            raise NotResponses(
                f"{memory} of memory are too few ({_first(error)}); give it more with --memory"
            ) from None
        finally:
            connection.close()


def found(given: Sequence[str | os.PathLike[str]]) -> list[pathlib.Path]:
    """The files that paths and patterns name, sorted, each once.

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


def _text(value: object) -> str:
    """A value as a string of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def _name(value: str) -> str:
    """A name of a column in SQL."""
    return '"' + value.replace('"', '""') + '"'


def _listed(values: Sequence[object]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"


def parquet(space: Workspace, files: Sequence[pathlib.Path]) -> Frame:
    """Parquet files as rows, each with its file and its number (from 1) in it.

    Raises
    ------
    NotResponses
        When a file is no Parquet, or the files have other columns.
    """
    import duckdb

    layouts = {}
    try:
        for path in files:
            about = space.connection.execute(f"describe from read_parquet({_text(path)})")
            layouts[path] = [(row[0], row[1]) for row in about.fetchall()]
    except duckdb.Error as error:
        raise NotResponses(f"{path}: cannot be read as Parquet: {_first(error)}") from None
    _alike(layouts)
    return as_frame(
        space.connection.sql(
            "select * exclude (filename, file_row_number), parse_filename(filename) as _file, "
            f"file_row_number + 1 as _line from read_parquet({_listed(files)}, filename=true, "
            "file_row_number=true)"
        )
    )


def _alike(layouts: dict[pathlib.Path, list[Any]]) -> None:
    """Refuse files that do not have the same columns in the same order."""
    first, *others = layouts
    for path in others:
        if layouts[path] != layouts[first]:
            raise NotResponses(f"{path}: its columns are not those of {first}")


def csv(space: Workspace, files: Sequence[pathlib.Path], questions: pd.DataFrame) -> Frame | None:
    """Sound CSV files as rows; None where something in them is amiss, and `placed` must tell.

    Numbers are read as numbers, since that is quicker: a word among them shows up as amiss.
    """
    import duckdb

    columns = headers(files)
    codes = closed(questions).query("answers == 'codes'")["question_id"]
    for numbers in ({*codes}, set()):
        types = {name: "DOUBLE" if name in numbers else "VARCHAR" for name in columns}
        try:
            return space.settle(_read(space, files, types))
        except duckdb.OutOfMemoryException:
            raise  # says nothing about the file
        except duckdb.Error:
            if not numbers:
                break
    return None


def headers(files: Sequence[pathlib.Path]) -> list[str]:
    """The columns of CSV files, which must be the same in all."""
    try:
        layouts = {path: numbered.header(path) for path in files}
    except ValueError as error:
        raise NotResponses(str(error)) from None
    _alike(dict(layouts))
    return layouts[files[0]]


def _read(space: Workspace, files: Sequence[pathlib.Path], types: dict[str, str]) -> Frame:
    columns = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in types.items())
    return as_frame(
        space.connection.sql(
            f"select * from read_csv({_listed(files)}, header=true, auto_detect=false, delim=',', "
            f"quote='\"', escape='\"', strict_mode=true, buffer_size={READ_TOGETHER}, "
            f"columns={{{columns}}})"
        )
    )


def placed(
    space: Workspace,
    files: Sequence[pathlib.Path],
    read: Callable[[float], None] = lambda lines: None,
) -> tuple[Frame, Frame, pd.DataFrame]:
    """CSV files with something amiss: sound rows with their places, damaged ones, and a count."""
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


def _first(error: Exception) -> str:
    """The first line of an error: the others are advice on DuckDB."""
    return str(error).splitlines()[0]
