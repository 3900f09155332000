"""A coder's own files: a folder a coder, a file a table, every act saved before it is shown.

Two windows may write at once. Each act is done on the file as it is then: what another window
wrote stays, and is told. The files are laid out as the study's tables are.
"""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from positions import _files
from positions.study.csv_cells import inert_csv, plain
from positions.study.csv_reader import parse
from positions.study.fields import Column, Fault, cell
from positions.study.problems import ERROR, Problem, as_text
from positions.study.schema import CELL, SCALE, contract

if TYPE_CHECKING:
    from positions.auditing.frame import Cell

Row = dict[str, str]
Act = Callable[[list[Row]], list[Row]]
"""What is done to a table: its rows as they are, and as they are to be."""

CODINGS, CHECKS, DECISIONS, FINISHED, SEEN = (
    "codings", "checks", "adjudications", "finished", "seen",
)  # fmt: skip
WHO = {CODINGS: "coder", CHECKS: "checker"}
"""The column that holds the coder's own name."""
_DAY = r"\d{4}-\d{2}-\d{2}"
_IDS = tuple(Column(name, "string", required=True) for name in CELL)
OWN = {
    FINISHED: (_IDS[2], Column("finished", "string", required=True, pattern=_DAY)),
    SEEN: (*_IDS, Column("seen", "string", required=True, pattern=_DAY)),
}
"""Tables that no study has: texts that the coder has finished, cells whose readings were seen."""
_WAIT = 10.0
"""Seconds that a window waits while another one writes."""
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "123")}


class DeskError(ValueError):
    """The workbench refuses; the message says why and what to do."""


def columns(table: str) -> Sequence[Column]:
    """Return the columns of a table, in order."""
    return OWN[table] if table in OWN else contract()[table].columns


def folder_of(study: pathlib.Path) -> pathlib.Path:
    """Return where coders' own files are kept by default: beside the study, not in it.

    A study is copied, reported and replaced as a whole; half a day's work must not hang on that.

    >>> folder_of(pathlib.Path("work/data")).as_posix()
    'work/data-readings'
    """
    whole = pathlib.Path(os.path.abspath(study))
    beside = whole.with_name(f"{whole.stem if whole.suffix == '.xlsx' else whole.name}-readings")
    return beside if study.is_absolute() else pathlib.Path(os.path.relpath(beside))


class OwnFiles:
    """The files of one coder.

    Parameters
    ----------
    folder
        The folder of all coders' folders; made when something is first saved.
    coder
        The name, as `codings` and `checks` hold it.
    begun
        Codings to begin with, where the coder has no file of them yet.

    Raises
    ------
    DeskError
        When the name cannot be a folder's, or a file cannot be read.
    """

    def __init__(self, folder: pathlib.Path, coder: str, begun: Iterable[Row] = ()):
        if not re.fullmatch(r"\w[\w.-]{0,62}\w|\w", coder) or coder.lower() in _RESERVED:
            raise DeskError(
                f"coder {coder!r}: write a name of letters, digits, `-`, `_` and `.`, such as cleo"
            )
        self.coder = coder
        self.folder = pathlib.Path(os.path.abspath(folder)) / coder
        tables = (CODINGS, CHECKS, DECISIONS, FINISHED, SEEN)
        self._rows: dict[str, list[Row]] = {table: [] for table in tables}
        self._rows[CODINGS] += begun
        self._held: dict[str, bytes | None] = dict.fromkeys(tables)
        self.refresh()

    def make(self) -> None:
        """Make the coder's folder; git takes nothing of a folder of all coders that this begins.

        What is not handed in is nobody else's to read, least of all another coder's.
        """
        begins = not self.folder.parent.exists()
        self.folder.mkdir(parents=True, exist_ok=True)
        if begins:
            _files.put(self.folder.parent / ".gitignore", b"*\n")

    def path(self, table: str) -> pathlib.Path:
        """Return where a table is kept."""
        return self.folder / f"{table}.csv"

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table, as they were last read or written."""
        return [dict(row) for row in self._rows[table]]

    def refresh(self) -> list[str]:
        """Read what another window has written since; return the tables that it changed."""
        return [table for table in self._rows if self._reread(table)]

    def change(self, table: str, act: Act) -> bool:
        """Do an act on a table as it is now, and save it.

        Returns
        -------
        Whether another window had written meanwhile. What it wrote stays.

        Raises
        ------
        DeskError
            When the act refuses, a row breaks a rule of its table, or another window is still
            writing. Nothing was saved.
        OSError
            When the file cannot be written. The file that was there stays.
        """
        self.make()
        try:
            with _files.alone(self.folder, _WAIT, "window of the workbench"):
                changed = self._reread(table)
                rows = act(self.rows(table))
                for row in rows:
                    self._judge(table, row, "")
                raw = _written(table, rows)
                if raw != self._raw(table):
                    _files.put(self.path(table), raw)
                self._rows[table], self._held[table] = rows, raw
        except _files.SwitchError as error:
            raise DeskError(f"nothing was saved: {error}") from None
        return changed

    def _reread(self, table: str) -> bool:
        """Read a table if its file is another than the one known; say whether it was."""
        raw = self._raw(table)
        if raw == self._held[table]:
            return False
        if raw is None:
            raise DeskError(
                f"{self.path(table)} was moved or deleted while you worked; put it back, or start "
                "the workbench again to begin a new one"
            )
        self._rows[table] = self._parsed(table, raw)
        self._held[table] = raw
        return True

    def _raw(self, table: str) -> bytes | None:
        path = self.path(table)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise DeskError(f"{path} is not a regular file; put the file itself there")
        try:
            return path.read_bytes() if path.exists() else None
        except OSError as error:
            raise DeskError(f"{path}: {error.strerror or error}") from None

    def _parsed(self, table: str, raw: bytes) -> list[Row]:
        path = self.path(table)
        names = [column.name for column in columns(table)]
        parsed, problems = parse(raw, str(path), names)
        errors = [problem for problem in problems if problem.severity == ERROR]
        header = parsed.header.fields if parsed.header else []
        if not errors and sorted(header) != sorted(names):
            errors.append(Problem(
                ERROR, str(path), 1, 0, "", "header", ",".join(header),
                "not the columns of the table", f"the columns are: {', '.join(names)}",
            ))  # fmt: skip
        if errors:
            raise DeskError(f"your own file cannot be read\n{as_text(errors)}")
        rows = []
        for record in parsed.records:
            cells = map(plain, record.fields)
            row = dict(zip(header, cells, strict=True))
            self._judge(table, row, f"{path}:{record.line} ")
            rows.append({name: row[name] for name in names})
        return rows

    def _judge(self, table: str, row: Row, place: str) -> None:
        """Refuse a row with a cell that breaks the rule of its column, or by another coder."""
        for column in columns(table):
            found = cell(row.get(column.name, ""), column)
            if isinstance(found, Fault):
                raise DeskError(f"{place}[{column.name}] {found.message}; {found.fix}")
        who = WHO.get(table)
        if who and row[who] != self.coder:
            raise DeskError(
                f"{place}[{who}] {row[who]!r}: this file is {self.coder}'s own; move the row to "
                "the file of its coder"
            )


def as_rows(table: pd.DataFrame) -> list[Row]:
    """Return rows of a study's table as text; what is missing is empty."""
    filled = table.astype(object).where(table.notna(), "")
    return [{str(name): str(value) for name, value in row.items()}
            for row in filled.to_dict("records")]  # fmt: skip


def cell_of(row: Mapping[str, str]) -> Cell:
    """Return the cell of a row: body, proposition and source."""
    return row["body_id"], row["proposition_id"], row["source_id"]


def code_text(code: Any) -> str:
    """Return a code as a table holds it; empty where there is none."""
    return "" if pd.isna(code) else str(int(code))


def code_of(asked: object, refusal: str) -> str:
    """Return a code that was asked for as a table holds it: a stance, or None for no code.

    Raises
    ------
    DeskError
        With the refusal, when it is neither.
    """
    if asked is None:
        return ""
    if type(asked) is not int or not SCALE[0] <= asked <= SCALE[1]:
        raise DeskError(refusal)
    return str(asked)


def one_line(text: object) -> str:
    """Return what a person typed with its white space folded."""
    return " ".join(str(text or "").split())


def _written(table: str, rows: Iterable[Row]) -> bytes:
    names = [column.name for column in columns(table)]
    return inert_csv([names, *([row.get(name, "") for name in names] for row in rows)])
