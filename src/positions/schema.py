"""What a valid study is, read from `datapackage.json`: tables, columns, codes and keys.

The contract ships with the package. A study's own `datapackage.json` may describe and tighten
it, never loosen it. This module opens no study table.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from typing import Any

DATAPACKAGE = "datapackage.json"
SCALE = (-2, 2)
"""The coded scale: from opposes to supports without reservation."""
MISSING = ("",)


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table and the rule its cells must keep."""

    name: str
    type: str
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""

    @property
    def is_id(self) -> bool:
        """Whether the cells name something: ids are compared exactly, after NFC."""
        return self.name.endswith("_id") or self.name in ("coder", "follows")

    @property
    def is_date(self) -> bool:
        """Whether the cells are dates: ISO day, month, year or interval."""
        return self.name in ("published", "proposed")


@dataclasses.dataclass(frozen=True)
class ForeignKey:
    """`column` must name a row of `table` by its column `reference`."""

    column: str
    table: str
    reference: str


@dataclasses.dataclass(frozen=True)
class Table:
    """One table: its file, columns in order, primary key and foreign keys."""

    name: str
    path: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


def signed(stance: float) -> str:
    """A stance or position as printed: +2, -1, 0, +0.5.

    >>> [signed(s) for s in (2, 0, -1, 0.5)]
    ['+2', '0', '-1', '+0.5']
    """
    return f"{stance:+g}" if stance else "0"


class NotAContract(ValueError):
    """A `datapackage.json` cannot be used; the message says where and why."""


def contract() -> dict[str, Table]:
    """The tables every study has, as shipped with the package."""
    text = resources.files("positions").joinpath(DATAPACKAGE).read_text("utf-8")
    return tables(json.loads(text))


def tables(package: Mapping[str, Any]) -> dict[str, Table]:
    """Read the tables out of a data package.

    Raises
    ------
    NotAContract
        A resource or a field lacks what the format requires.
    """
    found: dict[str, Table] = {}
    try:
        for resource in package["resources"]:
            table = _table(resource)
            if table.name in found:
                raise NotAContract(f"the resource {table.name!r} stands there twice")
            found[table.name] = table
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise NotAContract(f"not a data package of tables: {error!r}") from None
    return found


def _table(resource: Mapping[str, Any]) -> Table:
    path = resource["path"]
    if not isinstance(path, str) or not re.fullmatch(r"[\w-][\w.-]*", path):
        raise NotAContract(f"path {path!r} must be a file name in the study's own folder")
    schema = resource["schema"]
    if tuple(schema.get("missingValues", MISSING)) != MISSING:
        raise NotAContract(f"{resource['name']}: missingValues must be {list(MISSING)}")
    return Table(
        resource["name"],
        path,
        tuple(_column(field) for field in schema["fields"]),
        tuple(schema["primaryKey"]),
        tuple(
            ForeignKey(
                key["fields"][0],
                key["reference"]["resource"] or resource["name"],
                key["reference"]["fields"][0],
            )
            for key in schema.get("foreignKeys", ())
        ),
    )


def _column(field: Mapping[str, Any]) -> Column:
    rules = field.get("constraints", {})
    pattern = rules.get("pattern", "")
    try:
        re.compile(pattern)
    except (re.error, TypeError) as error:
        raise NotAContract(f"{field['name']}: pattern {pattern!r} is not valid: {error}") from None
    return Column(
        field["name"],
        field.get("type", "string"),
        bool(rules.get("required", False)),
        tuple(rules.get("enum", ())),
        pattern,
        rules.get("minimum"),
        rules.get("maximum"),
        field.get("description", ""),
    )


def loosened(study: Mapping[str, Table], base: Mapping[str, Table]) -> list[str]:
    """Where a study's contract asks for less than the shipped one, a sentence each.

    Tables the study does not list are not compared; the reader says which of them it needs.
    """
    found = []
    for name, table in study.items():
        if name not in base:
            found.append(f"{name}: not a table of the contract")
            continue
        found += [f"{name}: {what}" for what in _looser(table, base[name])]
    return found


def _looser(table: Table, base: Table) -> list[str]:
    found = []
    if table.column_names != base.column_names:
        found.append(f"fields must be {', '.join(base.column_names)}, in this order")
        return found
    if table.primary_key != base.primary_key:
        found.append(f"primaryKey must be {list(base.primary_key)}")
    if missing := set(base.foreign_keys) - set(table.foreign_keys):
        found += [f"foreign key {k.column} -> {k.table}.{k.reference} is missing" for k in missing]
    for mine, shipped in zip(table.columns, base.columns, strict=True):
        found += [f"{mine.name}: {what}" for what in _looser_column(mine, shipped)]
    return found


def _looser_column(mine: Column, shipped: Column) -> list[str]:
    found = []
    if mine.type != shipped.type:
        found.append(f"type must be {shipped.type}, not {mine.type}")
    if shipped.required and not mine.required:
        found.append("must be required")
    if shipped.enum and not (mine.enum and set(mine.enum) <= set(shipped.enum)):
        found.append(f"enum may only hold {', '.join(shipped.enum)}")
    if shipped.pattern and mine.pattern != shipped.pattern:
        found.append("pattern must be the contract's")
    if shipped.minimum is not None and (mine.minimum is None or mine.minimum < shipped.minimum):
        found.append(f"minimum may not be below {shipped.minimum}")
    if shipped.maximum is not None and (mine.maximum is None or mine.maximum > shipped.maximum):
        found.append(f"maximum may not be above {shipped.maximum}")
    return found


# --- cells ---------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Fault:
    """Why a cell does not keep its column's rule, and what to write instead."""

    rule: str
    message: str
    fix: str


_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def cell(text: str, column: Column) -> str | int | float | Fault | None:
    """One cell's text as its column's type; a `Fault` where it breaks the column's rule.

    An empty cell of an optional column is "" in text columns and None in number columns.
    """
    if text == "":
        if column.required:
            return Fault("required", "the cell is empty", f"write the {column.name}")
        return "" if column.type == "string" else None
    if column.type == "integer":
        return _ranged(_integer(text), column)
    if column.type == "number":
        return _ranged(_number(text), column)
    return _string(text, column)


def _integer(text: str) -> int | Fault:
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    return Fault("integer", "not a whole number", _number_fix(text))


def _number(text: str) -> float | Fault:
    if re.fullmatch(r"[+-]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)", text):
        return float(text)
    return Fault("number", "not a number", _number_fix(text))


def _number_fix(text: str) -> str:
    """The nearest plain number, where one can be told."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")  # noqa: RUF001
    if re.fullmatch(r"[+-]?\d+,\d+", plain):
        return f"write {plain.replace(',', '.')} (a point, no comma)"
    if re.fullmatch(r"[+-]?\d+\.0*", plain):
        return f"write {int(float(plain))}"
    if re.fullmatch(r"[+-]?\d+(\.\d+)?%", plain):
        return f"write {plain[:-1]}"
    if plain != text and re.fullmatch(r"[+-]?\d+(\.\d+)?", plain):
        return f"write {plain} in plain digits, without spaces"
    return "write it in plain digits: no words, thousands marks, exponents or units"


def _ranged(value: int | float | Fault, column: Column) -> int | float | Fault:
    if isinstance(value, Fault):
        return value
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"from {low} to {high}" if high is not None else f"at least {low}"
        return Fault("range", "out of range", f"write a number {bounds}")
    return value


def _string(text: str, column: Column) -> str | Fault:
    if not text.strip():
        return Fault("required", "the cell holds only white space", "empty it, or write a value")
    if column.is_id or column.enum or column.is_date:
        if text != text.strip():
            return Fault("white-space", "white space around the value", f"write {text.strip()!r}")
        hidden = [char for char in text if unicodedata.category(char) in _HIDDEN]
        if hidden or (column.is_id and re.search(r"[^\S ]", text)):
            return Fault("hidden-character", "an invisible character", "type the value afresh")
    elif any(unicodedata.category(char) in {"Cs", "Cn"} for char in text):
        return Fault("hidden-character", "a character that does not exist", "type it afresh")
    if column.enum and text not in column.enum:
        return Fault("enum", "not one of the codes", f"write one of: {', '.join(column.enum)}")
    if column.is_date and isinstance(fault := dates(text), Fault):
        return fault
    if column.pattern and not re.fullmatch(column.pattern, text):
        return Fault("pattern", f"not of the form {column.pattern}", column.description)
    return unicodedata.normalize("NFC", text) if column.is_id else text


def dates(text: str) -> tuple[dt.date, dt.date] | Fault:
    """The earliest and the latest day an ISO date, month, year or interval can mean.

    >>> dates("2021-02")
    (datetime.date(2021, 2, 1), datetime.date(2021, 2, 28))
    """
    ends = text.split("/")
    spans = [_span(end) for end in ends]
    if len(ends) > 2 or None in spans:
        return Fault(
            "date",
            "not a date in ISO form",
            "write 2021-02-11, 2021-02, 2021 or an interval 2020-11-26/2021-01-08"
            + (" (the number looks like a spreadsheet's date)" if text.isdigit() else ""),
        )
    first, last = spans[0], spans[-1]
    assert first is not None
    assert last is not None
    if first[0] > last[1]:
        return Fault("date", "the interval ends before it begins", "swap its two ends")
    return first[0], last[1]


def _span(text: str) -> tuple[dt.date, dt.date] | None:
    match = _DATE.fullmatch(text)
    if not match or not text.isascii():
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if day is None:
            days = calendar.monthrange(year, month)[1]
            return dt.date(year, month, 1), dt.date(year, month, days)
        return dt.date(year, month, day), dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None
