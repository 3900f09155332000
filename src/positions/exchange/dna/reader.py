"""A file of Discourse Network Analyzer: its documents and statements, from version 2 or 3.

Both versions are SQLite. Version 3 keeps short texts once, in ENTITIES, and dates in seconds;
version 2 keeps them in each statement, with three fixed attributes, and dates in milliseconds of
the computer that wrote it. Version 1 was XML, and is not read.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Mapping

from positions.exchange import safe_sqlite
from positions.exchange.safe_sqlite import Cell, Refused
from positions.study.csv_reader import ReadLimits

_NEEDED = {
    "DOCUMENTS": ("ID", "Title", "Text", "Author", "Source", "Section", "Notes", "Type", "Date"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "CODERS": ("ID", "Name"),
    "DATABOOLEAN": ("ID", "StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("ID", "StatementId", "VariableId", "Value"),
    "DATALONGTEXT": ("ID", "StatementId", "VariableId", "Value"),
}
_THREE = {
    "DATASHORTTEXT": ("ID", "StatementId", "VariableId", "Entity"),
    "ENTITIES": ("ID", "VariableId", "Value"),
    "ATTRIBUTEVARIABLES": ("ID", "VariableId", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("ID", "EntityId", "AttributeVariableId", "AttributeValue"),
}
_TWO = {
    "DATASHORTTEXT": ("ID", "StatementId", "VariableId", "Value"),
    "ATTRIBUTES": ("ID", "VariableId", "Value", "Type", "Alias", "Notes"),
}
_ELSEWHERE = ("REGEXES", "STATEMENTLINKS", "VARIABLELINKS")
"""What a study has no place for, and is only counted."""
_BOOLEAN = {"0": "no", "1": "yes"}
Rows = Mapping[str, list[dict[str, Cell]]]


@dataclasses.dataclass(frozen=True)
class DnaDocument:
    """A document: its text, and what was entered about it; `published` as an ISO date."""

    number: int
    title: str
    text: str
    published: str
    about: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Statement:
    """A stretch of a document, in UTF-16 units, with the value of each variable as text."""

    number: int
    kind: str
    document: int
    start: int
    stop: int
    coder: str
    values: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Contents:
    """What a file holds.

    `variables` are the names of each kind of statement's variables; `entities` the attributes
    of each short text, by variable and value; `elsewhere` how many rows each table has that is
    not read.
    """

    documents: dict[int, DnaDocument]
    statements: list[Statement]
    variables: dict[str, list[str]]
    entities: dict[tuple[str, str], dict[str, str]]
    elsewhere: dict[str, int]


def read_dna(path: pathlib.Path, limits: ReadLimits) -> Contents:
    """Read a `.dna` file.

    Raises
    ------
    safe_sqlite.Refused
        When the file is no database of DNA 2 or 3, or may not be read.
    """
    with safe_sqlite.opened(path, limits) as connection:
        found = safe_sqlite.tables(connection)
        version = 3 if "ENTITIES" in found else 2
        needed = _NEEDED | (_THREE if version == 3 else _TWO)
        rows: dict[str, list[dict[str, Cell]]] = {}
        for table, columns in needed.items():
            missing = set(columns) - set(found.get(table, []))
            if missing:
                raise Refused(
                    f"not a database of DNA 2 or 3: {table} lacks {', '.join(sorted(missing))}"
                )
            grouped = ("ChildOf",) if "ChildOf" in found[table] else ()
            rows[table] = safe_sqlite.rows(connection, table, (*columns, *grouped), limits)
        elsewhere = {
            table: len(safe_sqlite.rows(connection, table, found[table][:1], limits))
            for table in _ELSEWHERE
            if table in found
        }
    return _contents(version, rows, elsewhere)


def _contents(version: int, rows: Rows, elsewhere: dict[str, int]) -> Contents:
    variables = {_number(r, "ID"): r for r in rows["VARIABLES"]}
    names = {number: _text(r, "Variable") for number, r in variables.items()}
    kinds = {_number(r, "ID"): _text(r, "Label") for r in rows["STATEMENTTYPES"]}
    of_kind: dict[str, list[str]] = {label: [] for label in kinds.values()}
    for number, row in variables.items():
        of_kind.setdefault(kinds.get(_number(row, "StatementTypeId"), ""), []).append(names[number])
    coders = {_number(r, "ID"): _text(r, "Name") for r in rows["CODERS"]}
    values = _values(version, rows, names)
    statements = [
        Statement(
            number := _number(r, "ID"), kinds.get(_number(r, "StatementTypeId"), ""),
            _number(r, "DocumentId"), _number(r, "Start"), _number(r, "Stop"),
            coders.get(_number(r, "Coder"), ""), values.get(number, {}),
        )
        for r in rows["STATEMENTS"]
    ]  # fmt: skip
    documents = {_number(r, "ID"): _document(version, r) for r in rows["DOCUMENTS"]}
    entities = _entities(version, rows, names)
    return Contents(documents, statements, of_kind, entities, elsewhere)


def _values(version: int, rows: Rows, names: Mapping[int, str]) -> dict[int, dict[str, str]]:
    """Return the value of each variable, by statement: a boolean is yes or no."""
    found: dict[int, dict[str, str]] = {}
    entities = {_number(r, "ID"): _text(r, "Value") for r in rows.get("ENTITIES", [])}
    for table in ("DATASHORTTEXT", "DATALONGTEXT", "DATAINTEGER", "DATABOOLEAN"):
        for row in rows[table]:
            if version == 3 and table == "DATASHORTTEXT":
                value = entities.get(_number(row, "Entity"), "")
            else:
                value = _text(row, "Value")
            if table == "DATABOOLEAN":
                value = _BOOLEAN.get(value, value)
            variable = names.get(_number(row, "VariableId"), "")
            found.setdefault(_number(row, "StatementId"), {})[variable] = value
    return found


def _entities(
    version: int, rows: Rows, names: Mapping[int, str]
) -> dict[tuple[str, str], dict[str, str]]:
    """Return the attributes of each short text; `ChildOf` is the one it is grouped under."""
    if version == 2:
        return {
            (names.get(_number(r, "VariableId"), ""), _text(r, "Value")): {
                name: _text(r, name) for name in ("Type", "Alias", "Notes", "ChildOf") if name in r
            }
            for r in rows["ATTRIBUTES"]
        }
    kinds = {_number(r, "ID"): _text(r, "AttributeVariable") for r in rows["ATTRIBUTEVARIABLES"]}
    of_entity: dict[int, dict[str, str]] = {}
    for r in rows["ATTRIBUTEVALUES"]:
        name = kinds.get(_number(r, "AttributeVariableId"), "")
        of_entity.setdefault(_number(r, "EntityId"), {})[name] = _text(r, "AttributeValue")
    values = {_number(r, "ID"): _text(r, "Value") for r in rows["ENTITIES"]}
    for r in rows["ENTITIES"]:
        if above := values.get(_number(r, "ChildOf") if "ChildOf" in r else -1):
            of_entity.setdefault(_number(r, "ID"), {})["ChildOf"] = above
    return {
        (names.get(_number(r, "VariableId"), ""), _text(r, "Value")): of_entity.get(
            _number(r, "ID"), {}
        )
        for r in rows["ENTITIES"]
    }


def _document(version: int, row: Mapping[str, Cell]) -> DnaDocument:
    about = {name: _text(row, name) for name in ("Author", "Source", "Section", "Notes", "Type")}
    date = _number(row, "Date")
    published = day(date) if version == 3 else days(date)
    return DnaDocument(
        _number(row, "ID"), _text(row, "Title"), _text(row, "Text"), published, about
    )


def day(seconds: int) -> str:
    """Return the day of a date of version 3, in seconds of UTC; "" beyond the calendar.

    >>> day(1106697600)
    '2005-01-26'
    """
    try:
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:
        return ""


def days(milliseconds: int) -> str:
    """Return the days that a date of version 2 can mean: it is in a computer's own time.

    Midnight UTC is taken as that day; any other moment is a day somewhere from 12 hours behind
    UTC to 14 ahead of it.

    >>> days(1106697600000), days(1106694000000)
    ('2005-01-26', '2005-01-25/2005-01-26')
    """
    seconds = milliseconds // 1000
    if milliseconds % 86_400_000 == 0:
        return day(seconds)
    first, last = day(seconds - 12 * 3600), day(seconds + 14 * 3600)
    return first if first == last else f"{first}/{last}"


def _number(row: Mapping[str, Cell], column: str) -> int:
    value = row[column]
    if value is None:
        return -1
    if not isinstance(value, int):
        raise Refused(f"{column} must be a whole number, not {value!r:.80}")
    return value


def _text(row: Mapping[str, Cell], column: str) -> str:
    value = row[column]
    if isinstance(value, bytes | float):
        raise Refused(f"{column} must be text, not {value!r:.80}")
    return "" if value is None else str(value)
