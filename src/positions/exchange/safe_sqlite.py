"""A SQLite file from a stranger, read and nothing else: no write, no code, no end without limit.

A database can carry views, triggers, virtual tables and generated columns that run functions
when a plain row is read. So the file is opened read-only and unchanging, only plain tables are
read, column by column, and everything else is refused by the engine itself.
"""

from __future__ import annotations

import contextlib
import pathlib
import sqlite3
import time
from collections.abc import Iterator, Sequence

from positions.study.csv_reader import ReadLimits

Cell = str | int | float | bytes | None
SIGNATURE = b"SQLite format 3\x00"
_STEPS = 10_000
"""Steps of the engine between two looks at the clock."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 20,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 1,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}


class Refused(Exception):
    """The database may not be read, or cannot be; the message says why."""


@contextlib.contextmanager
def opened(path: pathlib.Path, limits: ReadLimits) -> Iterator[sqlite3.Connection]:
    """Open a database that can be read and not changed.

    Raises
    ------
    Refused
        When the file is no database, a link or too large, is damaged, or takes too long.
    """
    if path.is_symlink() or not path.is_file():
        raise Refused("not a regular file")
    size = path.stat().st_size
    if size > limits.bytes_per_file:
        raise Refused(
            f"the file has {size} bytes; the limit is {limits.bytes_per_file}; --limit "
            "bytes_per_file=NUMBER allows more"
        )
    for pending in ("-wal", "-journal"):
        beside = path.with_name(path.name + pending)
        if beside.is_symlink() or (beside.is_file() and beside.stat().st_size):
            raise Refused(
                f"changes of it still lie in {beside.name}: open it in its program and close that, "
                "or delete the file if it belongs to nothing"
            )
    with open(path, "rb") as handle:
        if handle.read(len(SIGNATURE)) != SIGNATURE:
            raise Refused("not a SQLite file")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            _restrict(connection, limits)
            yield connection
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        raise Refused(f"the database cannot be read: {error}") from None


def _restrict(connection: sqlite3.Connection, limits: ReadLimits) -> None:
    for pragma in ("trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}").close()
    for name, most in _LIMITS.items():
        connection.setlimit(name, most)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.archive_inflated)
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    ends = time.monotonic() + limits.seconds
    connection.set_progress_handler(lambda: time.monotonic() > ends, _STEPS)
    connection.set_authorizer(_allowed)


def _allowed(action: int, first: str | None, *rest: str | None) -> int:
    """Allow the engine to read, and to say what columns a table has."""
    reads = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    asks = action == sqlite3.SQLITE_PRAGMA and first == "table_xinfo"
    return sqlite3.SQLITE_OK if reads or asks else sqlite3.SQLITE_DENY


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Return the plain tables by name in capitals, with their columns as spelt.

    Raises
    ------
    Refused
        When the schema holds a table that runs code.
    """
    found: dict[str, list[str]] = {}
    for name, sql in connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' LIMIT 1000"
    ).fetchall():
        if str(sql or "").upper().lstrip().startswith("CREATE VIRTUAL"):
            raise Refused(f"the table {name!r} is virtual: it runs code")
        columns = connection.execute(f"PRAGMA table_xinfo({quoted(str(name))})").fetchall()
        # The engine does not ask whether the function of a generated column may run.
        if any(hidden for *_, hidden in columns):
            raise Refused(f"the table {name!r} has a generated column: it runs code")
        found[str(name).upper()] = [str(column[1]) for column in columns]
    return found


def quoted(name: str) -> str:
    """Quote a name for SQL, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def rows(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], limits: ReadLimits
) -> list[dict[str, Cell]]:
    """Return the rows of a table, by their first column.

    Raises
    ------
    Refused
        When there are more than the limit.
    """
    listed = ", ".join(quoted(column) for column in columns)
    query = f"SELECT {listed} FROM {quoted(table)} ORDER BY 1 LIMIT {limits.records + 1}"
    found = connection.execute(query).fetchall()
    if len(found) > limits.records:
        raise Refused(
            f"{table} has more than {limits.records} rows; --limit records=NUMBER allows more"
        )
    return [dict(zip(columns, row, strict=True)) for row in found]
