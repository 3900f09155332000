"""DuckDB within a bound of memory: nothing to start, and what does not fit goes to disk."""

from __future__ import annotations

import contextlib
import pathlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from positions.responses.backend import (
    MILLION,
    MOST_COMBINATIONS,
    Engine,
    Frame,
    NotResponses,
    as_frame,
)

MEMORY = "128MB"
"""What DuckDB may hold; the rest goes to disk. Measured on ten million
rows, the whole process held 138 MB to count answers and 300 MB to hold patterns as well."""
THREADS = 2
ROWS_TOGETHER = 30_720
"""Rows that are held to be written at once: of twenty answers in words, a few megabytes."""
_FEW_TYPES = 255
"""Types that one byte can number, and nobody."""
_FEW_WORDS = 50
_SETS = 20
"""Sets of columns that are counted at once: `grouping_id` has 63 bits."""


class Workspace(Engine):
    """A database without tables of its own, and a folder for what does not fit in memory."""

    def __init__(self, connection: Any, folder: pathlib.Path):
        self.connection = connection
        self.folder = folder
        self._kept = 0

    def settle(self, frame: Frame) -> Frame:
        """Store rows as Parquet and read them from there."""
        self.in_csv, self._kept = False, self._kept + 1
        path = self.folder / f"kept-{self._kept}.parquet"
        self.write(frame, path, f"format parquet, row_group_size {ROWS_TOGETHER}")
        return as_frame(self.connection.sql(f"select * from read_parquet({as_text(path)})"))

    def write(self, frame: Frame, path: pathlib.Path, form: str) -> None:
        """Write rows to a file in one of the forms DuckDB's `copy` knows."""
        self.connection.execute(f"copy ({_query(frame)}) to {as_text(path)} ({form})")

    def csv(
        self,
        files: Sequence[pathlib.Path],
        types: Mapping[str, str],
        options: str,
        columns: Iterable[str],
    ) -> Frame:
        """Read some columns of CSV files without a guess: every name and type is given."""
        listed = ", ".join(f"{as_text(name)}: {as_text(kind)}" for name, kind in types.items())
        query = (
            f"select {as_names(columns)} from read_csv({as_list(files)}, auto_detect=false, "
            f"header=false, quote='\"', escape='\"', strict_mode=true, {options}, "
            f"columns={{{listed}}})"
        )
        return as_frame(self.connection.sql(query))

    def combinations(self, frame: Frame, parts: Sequence[Sequence[str]]) -> Iterator[pd.DataFrame]:
        """Count combinations in few passes over CSV, in quick ones over Parquet."""
        counts = "count(*) as n, "
        weighted = "units" in frame.collect_schema().names()
        counts += f"{'sum(units)' if weighted else f'count(*) * {MILLION}'}::bigint as units"
        if self.in_csv:
            for start in range(0, len(parts), _SETS):
                yield from self._in_one_pass(frame, parts[start : start + _SETS], counts)
        else:
            yield from self._by_number(frame, parts, counts)

    def _in_one_pass(
        self, frame: Frame, parts: Sequence[Sequence[str]], counts: str
    ) -> Iterator[pd.DataFrame]:
        """Count all sets in one reading of the rows."""
        own = [next(name for name in part if not any(name in o for o in parts if o is not part))
               for part in parts]  # fmt: skip
        every = dict.fromkeys(name for part in parts for name in part)
        sets = ", ".join(f"({as_names(part)})" for part in parts)
        found = self._first_rows(
            f"select {as_names(every)}, {counts}, grouping_id({as_names(own)}) as _without "
            f"from ({_query(frame)}) group by grouping sets ({sets})", len(parts)
        )  # fmt: skip
        for place, part in enumerate(parts):
            # A bit is set for each column that a set is without; the first column's is highest.
            others = (1 << len(parts)) - 1 - (1 << (len(parts) - 1 - place))
            mine = found[found["_without"] == others]
            yield mine[[*part, "n", "units"]].reset_index(drop=True)

    def _by_number(
        self, frame: Frame, parts: Sequence[Sequence[str]], counts: str
    ) -> Iterator[pd.DataFrame]:
        """Set by set, with types as numbers: of small numbers DuckDB counts without hashing."""
        query = _query(frame)
        some = f"select distinct type from ({query}) where type is not null limit {_FEW_TYPES + 1}"
        kinds = [kind for (kind,) in self.connection.execute(some).fetchall()]
        few = 0 < len(kinds) <= _FEW_TYPES and all(isinstance(kind, str) for kind in kinds)
        kind = f"list_position({as_list(kinds)}, type)::utinyint as type" if few else "type"
        for part in parts:
            rest = as_names([name for name in part if name != "type"])
            found = self._first_rows(
                f"select {kind}, {rest}, {counts} from ({query}) group by all", 1
            )
            if few:
                named = dict(enumerate(kinds, start=1))
                found["type"] = found["type"].astype("object").map(named)
            yield found

    def recoded(self, frame: Frame, meant: Mapping[str, Mapping[object, int]], rest: int) -> Frame:
        """Look words up in a list: of a column with few, DuckDB does that once for each word."""
        few = {
            name: numbers
            for name, numbers in meant.items()
            if 0 < len(numbers) <= _FEW_WORDS and all(isinstance(word, str) for word in numbers)
        }
        columns = ", ".join(
            f"coalesce({list(numbers.values())}[list_position({as_list(list(numbers))}, "
            f"{as_names([name])})], {rest})::tinyint as {as_names([name])}"
            for name, numbers in few.items()
        )
        if few:
            query = f"select * replace ({columns}) from ({_query(frame)})"
            frame = as_frame(self.connection.sql(query))
        others = {name: numbers for name, numbers in meant.items() if name not in few}
        return super().recoded(frame, others, rest)

    def _first_rows(self, query: str, times: int) -> pd.DataFrame:
        limited = f"{query} limit {(MOST_COMBINATIONS + 1) * times}"
        found: pd.DataFrame = self.connection.execute(limited).df()
        return found


@contextlib.contextmanager
def workspace(memory: str = MEMORY, threads: int = THREADS) -> Iterator[Workspace]:
    """Open a database that holds at most so much, and delete what it wrote when done.

    Parameters
    ----------
    memory
        DuckDB's limit, as `128MB`; what needs more goes to the system's temporary folder.
    threads
        How many may work at once. No result depends on it.

    Raises
    ------
    NotResponses
        When DuckDB is not installed, or what is done needs more memory.
    """
    try:
        import duckdb
    except ImportError as error:
        raise NotResponses(
            f'responses need {error.name}; run: pip install "positions[report]"'
        ) from None
    with tempfile.TemporaryDirectory(prefix="positions-") as place:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": place,
            "preserve_insertion_order": False,
            # Bits of a key that is looked up, not hashed: a type and three answers have 18.
            "perfect_ht_threshold": 18,
        }
        connection = duckdb.connect(":memory:", config=settings)
        try:
            yield Workspace(connection, pathlib.Path(place))
        except duckdb.OutOfMemoryException as error:
            raise NotResponses(
                f"{memory} of memory are too few ({first_line(error)}); give it more with --memory"
            ) from None
        finally:
            connection.close()


def first_line(error: Exception) -> str:
    """Return the first line of an error: the others are advice on DuckDB."""
    return str(error).splitlines()[0]


# --- SQL -----------------------------------------------------------------------------------


def as_text(value: object) -> str:
    """Write a value as a string of SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def as_list(values: Sequence[object]) -> str:
    """Write values as a list of strings in SQL."""
    return "[" + ", ".join(map(as_text, values)) + "]"


def as_names(columns: Iterable[str]) -> str:
    """Write names of columns in SQL."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in columns)


def _query(frame: Frame) -> str:
    """Return what a frame stands for, in SQL."""
    query: str = frame.to_native().sql_query()
    return query
