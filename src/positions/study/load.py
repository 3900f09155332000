"""Read a study into checked tables: the only reader of study tables.

A study is a folder of CSV files with a `datapackage.json`, or one `.xlsx` file with a sheet per
table. Bytes, then records of text, then each column by its own rule, then keys within and
between tables, then the codebook's rules; only then pandas. All problems are found in one run.
`NA`, `None`, `007` and `1-2` stay text in text columns.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pathlib
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from positions.study import keys, rules, schema, xlsx_reader
from positions.study.csv_reader import Parsed, ReadLimits, allowed
from positions.study.fields import dates
from positions.study.problems import ERROR, WARNING, Problem, StudyError, in_order
from positions.study.sources import OPTIONAL, RawStudy, contents, read_folder
from positions.study.validate import Reading, read_rows

UNADJUDICATED = "unadjudicated"
"""The rule that `allow_unresolved` turns from an error into a warning."""
MEASURED = (UNADJUDICATED, "whole-text", "offset")
"""The rules that are only warnings while a study is verified: what verifying finds out, and
decisions that it does not need."""


@dataclasses.dataclass(frozen=True)
class Study:
    """A study that passed its checks: one DataFrame a table, rows sorted by primary key.

    Attributes
    ----------
    bodies, sources, propositions, models, model_positions, codings, adjudications, engagement, \
assumptions, claims, questions, coders, checks, samples, outcomes
        The tables of the contract; `datapackage.json` says what each column holds. `sources` has
        two further columns, `earliest` and `latest`: the days between which it was published.
    folder, title, description, version, licences
        Where it was read from, and what its settings say of it.
    created
        When this version was made (RFC 3339); empty where none is named.
    reference_model
        The model agreement is measured against by default; empty in a study that is only begun.
    featured
        The bodies to name first wherever there are many.
    as_of
        The last day (ISO) whose sources count by default; empty where all do.
    ranked_from
        On how many of a model's propositions a body must have spoken to have a rank.
    contact
        Whom to write to.
    phases
        The phases in order, where the study's contract lists them.
    problems
        The warnings and notes it loaded with.
    digests
        The SHA-256 of each table's rows in order of key, the same however its file was sorted or
        quoted, and of the settings.
    records
        How many records each table's file held; `accounts` says what became of them.
    places
        The file of each table, and the line on which each of its rows starts.
    raw
        Its text as it was read, to which `with_rows` adds.

    Examples
    --------
    >>> import positions as ps
    >>> study = ps.read("data")
    >>> study.bodies.columns.tolist(), study.featured[:2]
    (['body_id', 'name', 'kind', 'about', 'overlaps'], ('konp', 'lga'))
    """

    folder: pathlib.Path
    title: str
    description: str
    version: str
    created: str
    reference_model: str
    featured: tuple[str, ...]
    phases: tuple[str, ...]
    as_of: str
    ranked_from: int
    contact: str
    licences: tuple[str, ...]
    bodies: pd.DataFrame
    sources: pd.DataFrame
    propositions: pd.DataFrame
    models: pd.DataFrame
    model_positions: pd.DataFrame
    coders: pd.DataFrame
    codings: pd.DataFrame
    adjudications: pd.DataFrame
    engagement: pd.DataFrame
    assumptions: pd.DataFrame
    claims: pd.DataFrame
    questions: pd.DataFrame
    checks: pd.DataFrame
    samples: pd.DataFrame
    outcomes: pd.DataFrame
    problems: tuple[Problem, ...]
    digests: dict[str, str]
    records: dict[str, int]
    places: dict[str, tuple[str, list[int]]]
    raw: RawStudy | None = dataclasses.field(default=None, repr=False)

    def with_rows(
        self,
        table: str,
        rows: pd.DataFrame | Iterable[Mapping[str, object]],
        *,
        allow_unresolved: bool = False,
    ) -> Study:
        """Return the study with more rows in one of its tables, checked as if read from files.

        Nothing is written, and the study itself stays as it is. The rows are added to what was
        read: changes made to the tables since then are not in the new study.

        Parameters
        ----------
        table
            The name of the table, such as `bodies`.
        rows
            Rows of that table. A cell that is missing, or not given, is empty.
        allow_unresolved
            As for `read`.

        Raises
        ------
        StudyError
            With every error found, when a row breaks a rule: no row is dropped.
        ValueError
            When there is no such table or column, or the study was not read from files.

        Examples
        --------
        >>> import positions as ps
        >>> study = ps.read("data")
        >>> more = study.with_rows(
        ...     "bodies", [{"body_id": "parish", "name": "Millbrook", "kind": "local government"}]
        ... )
        >>> len(more.bodies) - len(study.bodies)
        1
        """
        if self.raw is None:
            raise ValueError("the study was not read from files: there is nothing to add rows to")
        added = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
        raw = self.raw.with_rows(table, added)
        study, problems = _judged(self.folder, raw, Reading(allowed()), allow_unresolved)
        if study is None:
            raise StudyError(problems)
        return study


def read(
    folder: str | pathlib.Path, *, allow_unresolved: bool = False, limits: ReadLimits | None = None
) -> Study:
    """Read and check a study.

    Parameters
    ----------
    folder
        The study's folder, with `datapackage.json` and its tables, or its `.xlsx` file.
    allow_unresolved
        Load although coders disagree on cells that nobody adjudicated; `stances` sets those
        cells aside and counts them.
    limits
        What a study may be at most.

    Raises
    ------
    StudyError
        With every error found, when there is any. A study with warnings loads.

    Returns
    -------
    Study
        One DataFrame a table; see `Study`.

    Examples
    --------
    >>> import positions as ps
    >>> study = ps.read("data")
    >>> len(study.bodies), study.reference_model
    (85, 'combined')
    """
    study, problems = check(folder, allow_unresolved=allow_unresolved, limits=limits)
    if study is None:
        raise StudyError(problems)
    return study


def check(
    folder: str | pathlib.Path,
    *,
    allow_unresolved: bool = False,
    verifying: bool = False,
    limits: ReadLimits | None = None,
) -> tuple[Study | None, list[Problem]]:
    """Read a study; return it (None where it is refused) and every problem, in order.

    Parameters
    ----------
    folder, allow_unresolved, limits
        As for `read`.
    verifying
        Load although lengths, hashes and places of phrases are missing or cannot be right, to
        compare them with the texts.

    Returns
    -------
    tuple
        The `Study`, or None where there is an error; and a list of `Problem`, errors first.

    Examples
    --------
    >>> import positions as ps
    >>> study, problems = ps.check("no-such-folder")
    >>> study is None, problems[0].message
    (True, 'the folder does not exist (no-such-folder)')
    """
    path = pathlib.Path(folder)
    reading = Reading(limits or allowed())
    one_file = path.suffix.lower() == ".xlsx" or path.is_file()
    source = (_workbook if one_file else read_folder)(path, reading)
    if source is None:
        return None, in_order(reading.problems)
    return _judged(path, source, reading, allow_unresolved, verifying)


def _judged(
    path: pathlib.Path,
    source: RawStudy,
    reading: Reading,
    allow_unresolved: bool,
    verifying: bool = False,
) -> tuple[Study | None, list[Problem]]:
    """Judge the text of a study; return the study and every problem, in order."""
    for table in source.tables.values():
        if reading.late(table.path):
            return None, in_order(reading.problems)
        read_rows(table, source.parsed.get(table.name, Parsed()), reading)
    keys.check_keys(source.tables, reading)
    faulty = {name for name, table in source.tables.items() if reading.faulty(table)}
    files = {name: table.path for name, table in source.tables.items()}
    found = rules.check_rules(
        reading.rows, reading.lines, source.settings, faulty,
        files={**files, "": source.settings_file},
    )  # fmt: skip
    allowed = MEASURED if verifying else (UNADJUDICATED,) if allow_unresolved else ()
    reading.problems += [
        dataclasses.replace(p, severity=WARNING) if p.rule in allowed else p for p in found
    ]
    reading.late(source.settings_file)
    problems = in_order(reading.problems)
    if any(problem.severity == ERROR for problem in problems):
        return None, problems
    return _study(path, source, reading, problems), problems


# --- a workbook ----------------------------------------------------------------------------


def _workbook(path: pathlib.Path, reading: Reading) -> RawStudy | None:
    """Read one `.xlsx` file: a sheet per table, and the settings in the sheet `study`."""
    raw = contents(path.parent, path.name, reading)
    if raw is None:
        return None
    base = schema.contract()
    # A sheet stands for the file: problems name it, with Excel's own row numbers.
    tables = {name: dataclasses.replace(table, path=name) for name, table in base.items()}
    kinds = {
        name: {column.name: column.type for column in table.columns}
        for name, table in tables.items()
    }
    found = xlsx_reader.read_workbook(raw, path.name, kinds, reading.limits)
    reading.problems += found.problems
    for name in tables:
        if found.opened and name not in found.sheets and name not in OPTIONAL:
            reading.add(name, "table-missing", f"the workbook has no sheet {name!r}", "add it")
    if not found.opened:
        return None
    settings: dict[str, Any] = {"title": path.stem, **found.settings}
    for name, sheet in found.sheets.items():
        if sheet.header is not None:
            tables[name] = schema.narrowed(tables[name], sheet.header.fields)
    return RawStudy(settings, xlsx_reader.SETTINGS, tables, found.sheets)


# --- into pandas ---------------------------------------------------------------------------


def _place(row: Mapping[str, Any], table: schema.TableSchema) -> list[tuple[bool, Any]]:
    """Return what rows are sorted by: their key, what is empty last."""
    return [(row[name] is None, row[name]) for name in table.primary_key]


def _study(
    folder: pathlib.Path, source: RawStudy, reading: Reading, problems: list[Problem]
) -> Study:
    base, frames, places = schema.contract(), {}, {}
    for name, table in source.tables.items():
        pairs = sorted(reading.pairs(table), key=lambda pair: _place(pair[0], table))
        frames[name] = _frame(base[name], [row for row, _ in pairs])
        places[name] = (table.path, [record.line for _, record in pairs])
    digests = {
        name: _digest(frame.to_csv(index=False, lineterminator="\n"))
        for name, frame in frames.items()
    }
    digests["settings"] = _digest(json.dumps(source.settings, sort_keys=True, ensure_ascii=False))
    sources = frames["sources"]
    spans = [dates(text) for text in sources["published"]]
    for place, name in enumerate(("earliest", "latest")):
        days = [span[place] for span in spans if isinstance(span, tuple)]
        sources[name] = pd.array(days, dtype="datetime64[s]")
    propositions = frames["propositions"]
    propositions["weight"] = propositions["weight"].fillna(1.0)
    propositions["kind"] = propositions["kind"].where(propositions["kind"] != "", schema.DESIGN)
    settings = source.settings
    return Study(
        folder=folder,
        title=settings.get("title") or settings.get("name") or folder.name,
        description=settings.get("description", ""),
        version=settings.get("version", ""),
        created=settings.get("created", ""),
        reference_model=settings.get("reference_model", ""),
        featured=tuple(settings.get("featured", ())),
        phases=next(c.enum for c in source.tables["sources"].columns if c.name == "phase"),
        as_of=settings.get("as_of", ""),
        ranked_from=settings.get("ranked_from", schema.RANKED_FROM),
        contact=settings.get("contact", ""),
        licences=_licences(settings),
        problems=tuple(problems),
        digests=dict(sorted(digests.items())),
        records=reading.read,
        places=places,
        raw=source,
        **frames,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _licences(settings: dict[str, Any]) -> tuple[str, ...]:
    """Return the titles of the licences that the data package lists."""
    listed = settings.get("licenses", [])
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    names = [one.get("title") or one.get("name") for one in found]
    return tuple(name for name in names if isinstance(name, str))


def _frame(base: schema.TableSchema, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a table as a DataFrame: the columns of the contract in order, rows as they come."""
    dtypes = {"string": "str", "integer": "int64", "number": "float64"}
    columns = {}
    for column in base.columns:
        dtype = dtypes[column.type]
        if dtype == "int64" and not column.required:
            dtype = "Int64"
        columns[column.name] = pd.array([row[column.name] for row in rows], dtype=dtype)
    return pd.DataFrame(columns)
