"""The tables of a study as they lie in its folder: text and bytes, before any rule is applied.

An import compares its rows with these, and writes behind them, so that no byte that it does not
mean to change is changed. A folder that is not there yet is a study without rows.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
import tempfile
from collections.abc import Mapping
from importlib import resources

from positions.study import schema, sources
from positions.study.csv_cells import as_csv
from positions.study.csv_reader import allowed
from positions.study.problems import ERROR, Problem
from positions.study.validate import Reading

TABLES = ("bodies", "sources", "propositions", "codings")
"""The tables an import may add to, in the order they are written."""


@dataclasses.dataclass
class Holdings:
    """The study as it lies in its folder: its files, tables and rows as text."""

    files: dict[str, bytes]
    tables: dict[str, schema.TableSchema]
    headers: dict[str, list[str]]
    rows: dict[str, list[dict[str, str]]]
    problems: list[Problem]


def known(path: pathlib.Path) -> Holdings:
    """Read a study's tables as text; a folder that is not there is an empty study."""
    if not path.exists():
        with tempfile.TemporaryDirectory() as held:
            put(pathlib.Path(held), _blank(path.name))
            return _known(pathlib.Path(held))
    return _known(path)


def _known(path: pathlib.Path) -> Holdings:
    reading = Reading(allowed())
    source = sources.read_folder(path, reading)
    if source is None or _errors(reading):
        return Holdings({}, {}, {}, {}, _errors(reading))
    files = {schema.DATAPACKAGE: (path / schema.DATAPACKAGE).read_bytes()}
    headers, rows = {}, {}
    for name, table in source.tables.items():
        parsed = source.parsed.get(name)
        if parsed is None or parsed.header is None:
            continue
        files[table.path] = (path / table.path).read_bytes()
        headers[name] = parsed.header.fields
        rows[name] = [
            dict(zip(headers[name], record.fields, strict=True)) for record in parsed.records
        ]
        if name in TABLES and set(headers[name]) != set(table.column_names):
            reading.add(table.path, "header", "not the columns of the table",
                        f"the columns are: {', '.join(table.column_names)}")  # fmt: skip
    return Holdings(files, source.tables, headers, rows, _errors(reading))


def _errors(reading: Reading) -> list[Problem]:
    return [problem for problem in reading.problems if problem.severity == ERROR]


def _blank(name: str) -> dict[str, bytes]:
    """Return the files of a study without a row: the contract, and a header a table."""
    text = resources.files("positions").joinpath(schema.DATAPACKAGE).read_text("utf-8")
    package = {**schema.package(text), "name": name.lower(), "title": name,
               "description": "", "version": "0.1.0", "reference_model": ""}  # fmt: skip
    text = json.dumps(package, indent=1, ensure_ascii=False) + "\n"
    tables = {table.path: as_csv([table.column_names]) for table in schema.contract().values()}
    return {schema.DATAPACKAGE: text.encode(), **tables}


def put(path: pathlib.Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, by name, and nowhere else.

    Raises
    ------
    OSError
        When a name leads out of the folder, or a link stands where a file or folder is to be.
    """
    for name, raw in files.items():
        parts = pathlib.PurePosixPath(name).parts
        if not parts or ".." in parts or any(re.search(r"[\\/:]", part) for part in parts):
            raise OSError(f"{name!r} is no name of a file in {path}")
        for depth in range(len(parts)):
            if (there := path.joinpath(*parts[: depth + 1])).is_symlink():
                raise OSError(f"{there} is a link; put a file there, or delete the link")
        path.joinpath(*parts[:-1]).mkdir(exist_ok=True)
        path.joinpath(*parts).write_bytes(raw)
