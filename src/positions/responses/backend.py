"""Any table that narwhals knows, kept and counted by the engine that it belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

if TYPE_CHECKING:
    import narwhals as nw

Frame: TypeAlias = "nw.LazyFrame[Any]"

MILLION = 1_000_000
"""A weight is counted in millionths."""
MOST_COMBINATIONS = 2_000_000


class NotResponses(ValueError):
    """The table cannot be read as responses to these questions; the message says why."""


def as_frame(table: Any) -> Frame:
    """Take any table that narwhals knows, to be read lazily."""
    import narwhals as nw

    frame: Frame = nw.from_native(table).lazy()
    return frame


def gathered(frame: Frame) -> pd.DataFrame:
    """Return a small result as a pandas table."""
    found: pd.DataFrame = frame.collect(backend="pandas").to_native()
    return found


def number(frame: Frame) -> int:
    """Count the rows of a frame."""
    import narwhals as nw

    return int(gathered(frame.select(nw.len().alias("n")))["n"].iloc[0])


def counted_by(frame: Frame, by: Sequence[str]) -> Frame:
    """Count rows by some columns: `n`, and their weight in millionths as `units`."""
    import narwhals as nw

    weighted = "units" in frame.collect_schema().names()
    units = nw.col("units").sum() if weighted else nw.len().alias("units")
    found = frame.group_by(list(by)).agg(nw.len().alias("n"), units)
    scale = 1 if weighted else MILLION
    return found.with_columns(nw.col("n").cast(nw.Int64), nw.col("units").cast(nw.Int64) * scale)


class Engine:
    """An engine of which nothing is known: rows are read again at each pass.

    `in_csv`: whether rows lie in CSV, of which each pass must read every line.
    """

    in_csv = False

    def settle(self, frame: Frame) -> Frame:
        """Keep rows aside where reading them again would cost more."""
        return frame

    def combinations(self, frame: Frame, parts: Sequence[Sequence[str]]) -> Iterator[pd.DataFrame]:
        """Count each combination of values, in each of some sets of columns.

        Parameters
        ----------
        frame
            Rows with `units`, their weight in millionths, where they have weights.
        parts
            Sets of columns, each with `type`.

        Yields
        ------
        DataFrame
            Per set, one row per combination: the columns, `n`, `units`. At most one more than
            `MOST_COMBINATIONS`.
        """
        for columns in parts:
            yield gathered(counted_by(frame, columns).head(MOST_COMBINATIONS + 1))

    def recoded(self, frame: Frame, meant: Mapping[str, Mapping[object, int]], rest: int) -> Frame:
        """Return the rows with a number for each answer.

        `meant` has, by column, the number of each answer as it is written; `rest` is that of all
        other answers, and of none.
        """
        import narwhals as nw

        columns = []
        for name, numbers in meant.items():
            found = nw.lit(rest)
            for number in sorted(set(numbers.values())):
                some = [answer for answer, its in numbers.items() if its == number]
                found = nw.when(nw.col(name).is_in(some)).then(nw.lit(number)).otherwise(found)
            columns.append(found.cast(nw.Int8).alias(name))
        return frame.with_columns(columns) if columns else frame


ANY = Engine()
