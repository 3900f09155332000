"""Read a study folder into checked tables: the only reader of study tables.

Bytes, then strict UTF-8, strict CSV with a field count per record, then each column by its own
rule, then keys within and between tables, then the codebook's rules; only then pandas. All
problems are found in one run. `NA`, `None`, `007` and `1-2` stay text in text columns.
"""

from __future__ import annotations

import dataclasses
import difflib
import hashlib
import json
import pathlib
import unicodedata
from collections import Counter
from typing import Any

import pandas as pd

from positions import rules, schema
from positions.problems import ERROR, Problem, StudyError, in_order
from positions.records import Limits, Record, parse

OPTIONAL = ("adjudications", "engagement", "assumptions", "claims")
"""Tables a study may do without; each is then empty."""


@dataclasses.dataclass(frozen=True)
class Study:
    """A study that passed its checks: one DataFrame a table, rows sorted by primary key.

    `sources` has two further columns, `earliest` and `latest`: the days between which it was
    published. `reference_model` is the model agreement is measured against by default.
    `problems` are the warnings and notes it loaded with; `hashes` the SHA-256 of each file read;
    `records` how many records each table's file held.
    """

    folder: pathlib.Path
    title: str
    description: str
    version: str
    reference_model: str
    bodies: pd.DataFrame
    sources: pd.DataFrame
    propositions: pd.DataFrame
    models: pd.DataFrame
    model_positions: pd.DataFrame
    codings: pd.DataFrame
    adjudications: pd.DataFrame
    engagement: pd.DataFrame
    assumptions: pd.DataFrame
    claims: pd.DataFrame
    problems: tuple[Problem, ...]
    hashes: dict[str, str]
    records: dict[str, int]


@dataclasses.dataclass
class _Reading:
    """What has been read so far: rows with their lines, and problems."""

    problems: list[Problem]
    hashes: dict[str, str]
    records: dict[str, int]
    lines: dict[str, list[Record]]
    rows: dict[str, list[dict[str, Any]]]
    ids: dict[tuple[str, str], set[str]]

    def add(
        self, file: str, rule: str, message: str, fix: str, record: Record | None = None,
        column: str = "", value: str = "",
    ) -> None:  # fmt: skip
        line, number = (record.line, record.number) if record else (0, 0)
        self.problems.append(Problem(ERROR, file, line, number, column, rule, value, message, fix))


def read(
    folder: str | pathlib.Path, *, allow_unresolved: bool = False, limits: Limits | None = None
) -> Study:
    """Read and check a study folder.

    Parameters
    ----------
    folder
        The study's folder, with `datapackage.json` and its tables.
    allow_unresolved
        Load although coders disagree on cells that nobody adjudicated; `stances` sets those
        cells aside and counts them.
    limits
        What a table may be at most.

    Raises
    ------
    StudyError
        With every error found, when there is any. A study with warnings loads.
    """
    study, problems = check(folder, allow_unresolved=allow_unresolved, limits=limits)
    if study is None:
        raise StudyError(problems)
    return study


def check(
    folder: str | pathlib.Path, *, allow_unresolved: bool = False, limits: Limits | None = None
) -> tuple[Study | None, list[Problem]]:
    """Read a study folder; the study (None where refused) and every problem, in order."""
    folder = pathlib.Path(folder)
    reading = _Reading([], {}, {}, {}, {}, {})
    package, tables = _contract(folder, reading)
    if not tables:
        return None, in_order(reading.problems)
    for table in tables.values():
        _read_table(folder, table, reading, limits or Limits())
    _keys(tables, reading)
    faulty = {t.name for t in tables.values() for p in reading.problems if p.file == t.path}
    reading.problems += rules.check(
        reading.rows, reading.lines, package, faulty, allow_unresolved=allow_unresolved
    )
    problems = in_order(reading.problems)
    if any(problem.severity == ERROR for problem in problems):
        return None, problems
    return _study(folder, package, tables, reading), problems


# --- the contract --------------------------------------------------------------------------


def _contract(
    folder: pathlib.Path, reading: _Reading
) -> tuple[dict[str, Any], dict[str, schema.Table]]:
    """The study's data package, and its tables with those it leaves out."""
    raw = _bytes(folder, schema.DATAPACKAGE, reading)
    if raw is None:
        return {}, {}
    file = schema.DATAPACKAGE
    try:
        package = json.loads(raw.decode("utf-8-sig"))
        tables = schema.tables(package)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        reading.add(file, "json", f"cannot be read: {error}", "repair the file's JSON")
        return {}, {}
    except schema.NotAContract as error:
        reading.add(file, "contract", str(error), "start from the file `positions` ships")
        return {}, {}
    base = schema.contract()
    for sentence in schema.loosened(tables, base):
        reading.add(file, "contract-loosened", sentence, "a study may tighten, never loosen")
    for name in base.keys() - tables.keys():
        if name not in OPTIONAL:
            reading.add(file, "table-missing", f"no resource {name!r}", "add the table")
    if reading.problems:
        return {}, {}
    return package, {name: tables.get(name, base[name]) for name in base}


def _bytes(folder: pathlib.Path, name: str, reading: _Reading) -> bytes | None:
    """The bytes of one file of the study; links are not followed."""
    path = folder / name
    if path.is_symlink():
        reading.add(name, "link", "the file is a symbolic link", "put the file itself there")
        return None
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        what = "the folder does not exist" if not folder.is_dir() else "the file is missing"
        reading.add(name, "file-missing", f"{what} ({folder})", "name a study folder with it")
        return None
    except OSError as error:
        reading.add(name, "file-unreadable", error.strerror or str(error), "make it readable")
        return None
    reading.hashes[name] = hashlib.sha256(raw).hexdigest()
    return raw


# --- one table -----------------------------------------------------------------------------


def _read_table(
    folder: pathlib.Path, table: schema.Table, reading: _Reading, limits: Limits
) -> None:
    """Read one table's file into values and lines; what is wrong goes to the problems."""
    reading.rows[table.name], reading.lines[table.name] = [], []
    reading.records[table.name] = 0
    if table.name in OPTIONAL and not (folder / table.path).exists():
        return
    raw = _bytes(folder, table.path, reading)
    if raw is None:
        return
    records, problems = parse(raw, table.path, table.column_names, limits)
    reading.problems += problems
    if not records or not _header(table, records[0], reading):
        return
    header = records[0].fields
    columns = {column.name: column for column in table.columns}
    key = table.primary_key[0]
    reading.ids[table.name, key] = {
        unicodedata.normalize("NFC", record.fields[header.index(key)]) for record in records[1:]
    }
    for record in records[1:]:
        row = _row(table, record, [columns[name] for name in header], reading)
        if row is not None:
            reading.rows[table.name].append(row)
            reading.lines[table.name].append(record)
    reading.records[table.name] = len(records) - 1


def _header(table: schema.Table, record: Record, reading: _Reading) -> bool:
    """Whether the header names each column of the contract once, in any order."""
    wanted, found = table.column_names, record.fields
    sound = True
    for name, times in Counter(found).items():
        if name in wanted and times == 1:
            continue
        sound = False
        if times > 1:
            message, fix = f"the column stands there {times} times", "keep one of them"
        else:
            near = difflib.get_close_matches(name.strip().lower(), wanted, 1, 0.7)
            message = "no column of this table"
            fix = f"write {near[0]!r}" if near else f"the columns are: {', '.join(wanted)}"
        reading.add(table.path, "header", message, fix, record, name.strip(), name)
    for name in wanted:
        if name not in found:
            sound = False
            fix = f"add the column; the columns are: {', '.join(wanted)}"
            reading.add(table.path, "header", "the column is missing", fix, record, name)
    return sound


def _row(
    table: schema.Table, record: Record, columns: list[schema.Column], reading: _Reading
) -> dict[str, Any] | None:
    """The values of one record by column; None where a cell breaks its rule."""
    if record.fields[0].strip().casefold() in ("total", "totals", "grand total", "sum"):
        reading.add(table.path, "totals-row", "a row of totals", "delete it; totals are computed",
                    record, columns[0].name, record.fields[0])  # fmt: skip
        return None
    row: dict[str, Any] = {}
    sound = True
    for text, column in zip(record.fields, columns, strict=True):
        value = schema.cell(text, column)
        if isinstance(value, schema.Fault):
            sound = False
            reading.add(table.path, value.rule, value.message, value.fix, record, column.name, text)
        else:
            row[column.name] = value
    return row if sound else None


# --- keys ----------------------------------------------------------------------------------


def _keys(tables: dict[str, schema.Table], reading: _Reading) -> None:
    """Primary keys are unique; foreign keys name a row; ids do not only look different."""
    for table in tables.values():
        seen: dict[tuple[Any, ...], Record] = {}
        for row, record in zip(reading.rows[table.name], reading.lines[table.name], strict=True):
            key = tuple(row[name] for name in table.primary_key)
            if key in seen:
                reading.add(
                    table.path, "duplicate",
                    f"the same {', '.join(table.primary_key)} as in line {seen[key].line}",
                    "delete one of the two rows, or correct its key",
                    record, table.primary_key[0], " / ".join(map(str, key)),
                )  # fmt: skip
            else:
                seen[key] = record
        if len(table.primary_key) == 1:
            _confusable(table, reading)
    for table in tables.values():
        for link in table.foreign_keys:
            _foreign_key(table, link, tables[link.table], reading)


def _foreign_key(
    table: schema.Table, key: schema.ForeignKey, target: schema.Table, reading: _Reading
) -> None:
    # A row that broke a rule of its own still names its id: one fault is not reported as two.
    known = reading.ids.get((target.name, key.reference), set())
    if not known and any(problem.file == target.path for problem in reading.problems):
        return
    kept_rows, kept_lines = [], []
    for row, record in zip(reading.rows[table.name], reading.lines[table.name], strict=True):
        value = row[key.column]
        if value == "" or value in known:
            kept_rows.append(row)
            kept_lines.append(record)
            continue
        near = difflib.get_close_matches(value, sorted(known), 1, 0.6)
        fix = f"write {near[0]!r}, or " if near else ""
        reading.add(
            table.path, "foreign-key", f"no such {key.reference} in {target.path}",
            f"{fix}add it to {target.path}", record, key.column, value,
        )  # fmt: skip
    reading.rows[table.name], reading.lines[table.name] = kept_rows, kept_lines


# Cyrillic and Greek small letters that look Latin, and zero, which looks like o.
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
    "\u0456\u0458\u0455\u0501\u03bf\u03b1\u03bd\u03c1\u03c4\u03c5\u03b9\u03ba0",
    "abekmhopctyxijsdoavptuiko",
)


def skeleton(text: str) -> str:
    """What an id looks like: case, accents of width, and look-alike letters folded."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LOOKALIKES)
    return folded.replace("1", "l").replace("_", "-").replace(" ", "-")


def _confusable(table: schema.Table, reading: _Reading) -> None:
    column = table.primary_key[0]
    seen: dict[str, tuple[str, Record]] = {}
    for row, record in zip(reading.rows[table.name], reading.lines[table.name], strict=True):
        looks = skeleton(row[column])
        other, line = seen.setdefault(looks, (row[column], record))
        if other != row[column]:
            reading.add(
                table.path, "confusable-id", f"looks like {other!r} in line {line.line}",
                "use one spelling, or ids that differ in more than look-alike letters",
                record, column, row[column],
            )  # fmt: skip


# --- into pandas ---------------------------------------------------------------------------


def _study(
    folder: pathlib.Path,
    package: dict[str, Any],
    tables: dict[str, schema.Table],
    reading: _Reading,
) -> Study:
    frames = {name: _frame(table, reading.rows[name]) for name, table in tables.items()}
    sources = frames["sources"]
    spans = [schema.dates(text) for text in sources["published"]]
    for place, name in enumerate(("earliest", "latest")):
        days = [span[place] for span in spans if isinstance(span, tuple)]
        sources[name] = pd.Series(pd.to_datetime(days), index=sources.index, dtype="datetime64[s]")
    frames["propositions"]["weight"] = frames["propositions"]["weight"].fillna(1.0)
    return Study(
        folder=folder,
        title=package.get("title") or package.get("name") or folder.name,
        description=package.get("description", ""),
        version=package.get("version", ""),
        reference_model=package["reference_model"],
        problems=tuple(in_order(reading.problems)),
        hashes=dict(sorted(reading.hashes.items())),
        records=reading.records,
        **frames,
    )


def _frame(table: schema.Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """One table as a DataFrame in canonical order: columns of the contract, rows by key."""
    rows = sorted(rows, key=lambda row: tuple(row[name] for name in table.primary_key))
    dtypes = {"string": "str", "integer": "int64", "number": "float64"}
    columns = {}
    for column in table.columns:
        dtype = dtypes[column.type]
        if dtype == "int64" and not column.required:
            dtype = "Int64"
        columns[column.name] = pd.Series([row[column.name] for row in rows], dtype=dtype)
    return pd.DataFrame(columns)
