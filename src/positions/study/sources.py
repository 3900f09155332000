"""A study's folder: its data package, and the bytes of each table; nothing outside it."""

from __future__ import annotations

import dataclasses
import difflib
import os
import pathlib
import stat
from collections.abc import Iterable, Mapping
from typing import Any

from positions.study import schema, unicode_checks
from positions.study.csv_reader import Parsed, Record, decode, exceeded, parse, reporter
from positions.study.problems import ERROR, WARNING
from positions.study.validate import Reading

OPTIONAL = (
    "coders", "adjudications", "engagement", "assumptions", "claims", "questions", "checks",
    "samples", "outcomes",
)  # fmt: skip
"""Tables a study may do without; each is then empty."""


@dataclasses.dataclass(frozen=True)
class RawStudy:
    """What a study was read from: its settings, its tables and their text."""

    settings: dict[str, Any]
    settings_file: str
    tables: dict[str, schema.TableSchema]
    parsed: dict[str, Parsed]

    def with_rows(self, name: str, rows: Iterable[Mapping[str, object]]) -> RawStudy:
        """Return the same with more records at the end of one table, each cell as text.

        Raises
        ------
        ValueError
            When there is no such table, or a row has a column that the table lacks.
        """
        if name not in self.tables:
            raise ValueError(f"no table {name!r}; a study has {', '.join(self.tables)}")
        columns, known = self.tables[name].column_names, self.parsed.get(name, Parsed())
        header = known.header or Record(1, 1, columns)
        last = known.records[-1] if known.records else header
        records = list(known.records)
        for at, row in enumerate(rows, 1):
            if unknown := [column for column in row if column not in columns]:
                raise ValueError(
                    f"{name} has no column {unknown[0]!r}; its columns are {', '.join(columns)}"
                )
            fields = [_text(row.get(column)) for column in header.fields]
            records.append(Record(last.line + at, last.number + at, fields))
        parsed = self.parsed | {name: Parsed(header, records, known.misfits)}
        return dataclasses.replace(self, parsed=parsed)


def _text(cell: object) -> str:
    """Return a value as a file would hold it: nothing where it is missing, no needless decimals."""
    if cell is None or str(cell) == "<NA>" or cell != cell:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def read_folder(folder: pathlib.Path, reading: Reading) -> RawStudy | None:
    """Read a study's folder: its data package, and the text of each table."""
    found = _contract(folder, reading)
    if found is None:
        return None
    settings, tables, listed = found
    _strays(folder, tables, reading)
    parsed = {}
    for name, table in tables.items():
        if name in OPTIONAL and not _there(folder / table.path):
            if name in listed:
                reading.add(
                    table.path, "table-missing", f"{schema.DATAPACKAGE} lists it; it is read as "
                    "empty", "add the file, or take it off the list", severity=WARNING,
                )  # fmt: skip
            continue
        raw = contents(folder, table.path, reading)
        if raw is not None:
            parsed[name], problems = parse(raw, table.path, table.column_names, reading.limits)
            reading.problems += problems
    return RawStudy(settings, schema.DATAPACKAGE, tables, parsed)


def _contract(
    folder: pathlib.Path, reading: Reading
) -> tuple[dict[str, Any], dict[str, schema.TableSchema], set[str]] | None:
    """Read the study's settings, its tables with those it leaves out, and which it lists."""
    file = schema.DATAPACKAGE
    raw = contents(folder, file, reading)
    text = None if raw is None else decode(raw, reporter(file, reading.problems), reading.limits)
    if text is None:
        return None
    if found := unicode_checks.damage(text):
        reading.add(file, *found)
        return None
    base = schema.contract()
    try:
        settings = schema.package(text)
        tables = schema.tables(settings)
    except schema.NotAContract as error:
        reading.add(file, "contract", str(error), "start from the file `positions` ships")
        return None
    for sentence in schema.loosened(tables, base):
        reading.add(file, "contract-loosened", sentence, "a study may tighten, never loosen")
    for name in base.keys() - tables.keys():
        if name not in OPTIONAL:
            reading.add(file, "table-missing", f"no resource {name!r}", "add the table")
    for table in tables.values():
        for key in table.foreign_keys:
            if key.table not in base:
                reading.add(file, "contract", f"{table.name}: no resource {key.table!r}",
                            "take the foreign key out", value=key.column)  # fmt: skip
    if reading.problems:
        return None
    return (
        settings,
        {
            name: schema.without(tables[name], base[name]) if name in tables else base[name]
            for name in base
        },
        set(tables),
    )


def _there(path: pathlib.Path) -> bool:
    return path.is_symlink() or path.exists()


def contents(folder: pathlib.Path, name: str, reading: Reading) -> bytes | None:
    """Read the bytes of one file of the study; follow no link, wait for no pipe."""
    path = folder / name
    try:
        about = path.lstat()
        if stat.S_ISLNK(about.st_mode):
            reading.add(name, "link", "the file is a symbolic link", "put the file itself there")
            return None
        if not stat.S_ISREG(about.st_mode):
            reading.add(name, "file-unreadable", "not a regular file", "put a file there")
            return None
        if about.st_size > reading.limits.bytes_per_file:
            report, most = reporter(name, reading.problems), reading.limits.bytes_per_file
            exceeded(report, "bytes_per_file", f"the file has {about.st_size} bytes", most)
            return None
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if folder.is_file():
            reading.add(name, "file-unreadable", f"{folder} is a file, and no folder",
                        "name a study's folder, or save the spreadsheet as .xlsx")  # fmt: skip
            return None
        what, fix = f"the folder does not exist ({folder})", "name a study folder with it"
        if folder.is_dir():
            what = f"the file is missing ({path})"
            near = [other for other in os.listdir(folder) if other.casefold() == name.casefold()]
            fix = f"rename {near[0]!r}" if near else f"put it there, or {fix}"
        reading.add(name, "file-missing", what, fix)
        return None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or str(error)
        reading.add(name, "file-unreadable", f"{what} ({path})", "make it readable")
        return None
    return raw


def _strays(folder: pathlib.Path, tables: dict[str, schema.TableSchema], reading: Reading) -> None:
    """Name the tables that lie in the folder and that nobody reads."""
    paths = {table.path for table in tables.values()}
    folded = {path.casefold() for path in paths if not _there(folder / path)}
    absent = [
        table.path for name, table in tables.items()
        if name in OPTIONAL and not _there(folder / table.path)
    ]  # fmt: skip
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        reading.add(".", "file-unreadable", f"{error.strerror} ({folder})", "make it readable")
        return
    for path in found:
        if path.suffix.lower() not in (".csv", ".tsv", ".xlsx", ".xls") or path.name in paths:
            continue
        if path.name.casefold() in folded - {name.casefold() for name in absent}:
            continue  # `contents` says how to name it
        near = difflib.get_close_matches(path.name.lower(), absent, 1, 0.8)
        reading.add(
            path.name, "unread-file", "no table of the study is read from this file",
            f"name it {near[0]!r}" if near else "take it out of the folder",
            severity=ERROR if near else WARNING,
        )  # fmt: skip
