"""What a valid study is, read from `datapackage.json`: tables, columns, codes and keys.

The contract ships with the package. A study's own `datapackage.json` may describe and tighten
it, never loosen it. This module opens no study table.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from positions.study import unicode_checks
from positions.study.fields import Column

DATAPACKAGE = "datapackage.json"
SCALE = (-2, 2)
"""The coded scale: from opposes to supports without reservation."""
CELL = ["body_id", "proposition_id", "source_id"]
"""What names a cell: a body on a proposition in a source."""
DESIGN, CLAIM, PROCESS, CONTEXT = "design", "claim", "process", "context"
"""Kinds of propositions; a study that names none has designs alone."""
MAY_BE_LEFT_OUT = {
    "bodies": ("overlaps",),
    "propositions": ("kind", "since", "terms"),
    "model_positions": ("source_id", "quote", "reason"),
}
"""Columns that a study may do without; it then does not describe them, either."""
FIRST = {("model_positions", "basis"): ("provides", "claims")}
"""Codes of the first contract, in a table that has none of the columns the second brought."""
PROPOSER = "proposer"
"""The kind of body that is shown apart, as calibration, and never ranked."""


@dataclasses.dataclass(frozen=True)
class ForeignKey:
    """`column` must name a row of `table` by its column `reference`."""

    column: str
    table: str
    reference: str


@dataclasses.dataclass(frozen=True)
class TableSchema:
    """One table: its file, columns in order, primary key and foreign keys.

    `left_out` are columns of the contract that a study does without; they are read as empty.
    """

    name: str
    path: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    left_out: tuple[Column, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


class NotAContract(ValueError):
    """A `datapackage.json` cannot be used; the message says where and why."""


@functools.cache
def contract() -> Mapping[str, TableSchema]:
    """Return the tables that every study has, as shipped with the package. It is read once."""
    text = resources.files("positions").joinpath(DATAPACKAGE).read_text("utf-8")
    return types.MappingProxyType(tables(package(text)))


def package(text: str) -> dict[str, Any]:
    """Read a data package's JSON, strictly: a repeated key or a NaN is a fault.

    Raises
    ------
    NotAContract
        The text is not JSON, or not an object with title, description and version as text.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names: set[str] = set()
        for name, _ in pairs:
            if name in names:
                raise NotAContract(f"the key {name!r} stands there twice in one object")
            names.add(name)
        return dict(pairs)

    def no_constant(name: str) -> None:
        raise NotAContract(f"{name} is no value of JSON")

    try:
        found = json.loads(text, object_pairs_hook=once, parse_constant=no_constant)
        _sound(found, "")
    except NotAContract:
        raise
    except json.JSONDecodeError as error:
        raise NotAContract(
            f"not JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise NotAContract("not JSON of a data package: it is nested too deeply") from None
    except ValueError as error:
        raise NotAContract(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise NotAContract("not a data package: the file must hold one JSON object")
    for name in TEXTS:
        if not isinstance(found.get(name, ""), str):
            raise NotAContract(f"{name} must be text")
    return found


TEXTS = (
    "name", "title", "description", "version", "created", "reference_model", "as_of", "contact",
)  # fmt: skip
"""The settings of a data package that are text."""
RANKED_FROM = 7
"""Propositions of a model that a body must have spoken on to have a rank, if a study says none."""
LONGEST_TEXT = 20_000
"""Characters that a text of a data package may have: a title of 5 MB is no title."""


def _sound(value: Any, where: str) -> None:
    """Refuse text that no page and no table could hold, wherever it stands."""
    if isinstance(value, dict):
        for name, inside in value.items():
            _sound(name, where or "a key")
            _sound(inside, f"{where}.{name}"[:200] if where else name[:200])
    elif isinstance(value, list):
        for place, inside in enumerate(value):
            _sound(inside, f"{where}[{place}]")
    elif isinstance(value, str):
        if damage := unicode_checks.damage(value):
            raise NotAContract(f"{unicode_checks.visible(where)}: {damage[1]}")
        if len(value) > LONGEST_TEXT:
            raise NotAContract(f"{unicode_checks.visible(where)}: a text of {len(value)} "
                               f"characters; at most {LONGEST_TEXT}")  # fmt: skip


# --- tables --------------------------------------------------------------------------------


def tables(package: Mapping[str, Any]) -> dict[str, TableSchema]:
    """Read the tables out of a data package.

    What this reader would pass over in silence, another reader would act on: delimiters,
    encodings, formats and constraints that the contract does not know are refused.

    Raises
    ------
    NotAContract
        A resource or a field lacks what the format requires, or asks for what is not kept.
    """
    found: dict[str, TableSchema] = {}
    for resource in _list(package, "resources", "the data package"):
        table = _table(resource)
        if table.name in found:
            raise NotAContract(f"the resource {table.name!r} stands there twice")
        if table.path in {other.path for other in found.values()}:
            raise NotAContract(f"{table.name}: another resource has the path {table.path!r} too")
        found[table.name] = table
    for table in found.values():
        for key in table.foreign_keys:
            _linked(table, key, found)
    return found


def without(table: TableSchema, base: TableSchema) -> TableSchema:
    """Return a table that knows which columns of the contract it does without."""
    absent = tuple(c for c in base.columns if c.name not in table.column_names)
    return dataclasses.replace(table, left_out=absent)


def narrowed(table: TableSchema, header: Sequence[str]) -> TableSchema:
    """Return a table without those columns that it may do without and a header leaves out."""
    free = MAY_BE_LEFT_OUT.get(table.name, ())
    kept = tuple(c for c in table.columns if c.name in header or c.name not in free)
    return without(dataclasses.replace(table, columns=kept), table)


def _list(thing: Mapping[str, Any], name: str, where: str) -> list[dict[str, Any]]:
    """Return a list of objects, which every data package must have here."""
    value = thing.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise NotAContract(f"{where}: {name} must be a list of objects")
    return value


def _text(thing: Mapping[str, Any], name: str, where: str, default: str | None = None) -> str:
    value = thing.get(name, default)
    if not isinstance(value, str):
        raise NotAContract(f"{where}: {name} must be text, not {value!r:.80}")
    return value


def _names(value: object, where: str) -> tuple[str, ...]:
    """Return one name, or several in a list, as a tuple: the format allows both."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise NotAContract(f"{where} must be a name or a list of names")
    return tuple(names)


def _known(thing: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Refuse what changes how a table is read and is not kept here."""
    for name in thing:
        if name not in known:
            raise NotAContract(f"{where}: {name!r} is not kept by this reader; leave it out")


def _table(resource: Mapping[str, Any]) -> TableSchema:
    name = _text(resource, "name", "a resource")
    path = _text(resource, "path", name)
    if not re.fullmatch(r"[\w-][\w.-]*", path):
        raise NotAContract(f"{name}: path {path!r} must be a file name in the study's own folder")
    for setting in ("dialect", "compression", "control", "layout"):
        if resource.get(setting):
            raise NotAContract(f"{name}: {setting!r} is not kept by this reader; leave it out")
    if _text(resource, "encoding", name, "utf-8").lower() not in ("utf-8", "utf8"):
        raise NotAContract(f"{name}: encoding must be utf-8")
    schema = resource.get("schema")
    if not isinstance(schema, dict):
        raise NotAContract(f"{name}: schema must be an object")
    _known(schema, _SCHEMA, f"{name}: schema")
    if schema.get("missingValues", [""]) != [""]:
        raise NotAContract(f'{name}: missingValues must be [""]')
    keys = _list(schema, "foreignKeys", name) if "foreignKeys" in schema else []
    fields = tuple(_column(field, name) for field in _list(schema, "fields", name))
    primary = _names(schema.get("primaryKey"), f"{name}: primaryKey")
    if not primary or not set(primary) <= {column.name for column in fields}:
        raise NotAContract(f"{name}: primaryKey must name columns of the table")
    return TableSchema(name, path, fields, primary, tuple(_foreign_key(key, name) for key in keys))


_SCHEMA = ("fields", "primaryKey", "foreignKeys", "missingValues", "title", "description")
_FIELD = ("name", "type", "title", "description", "constraints", "example")
_CONSTRAINTS = ("required", "enum", "pattern", "minimum", "maximum")
_TYPES = ("string", "integer", "number")


def _foreign_key(key: Mapping[str, Any], table: str) -> ForeignKey:
    where = f"{table}: a foreign key"
    reference = key.get("reference")
    if not isinstance(reference, dict):
        raise NotAContract(f"{where}: reference must be an object")
    here = _names(key.get("fields"), f"{where}: fields")
    there = _names(reference.get("fields"), f"{where}: fields of the reference")
    if len(here) != 1 or len(there) != 1:
        raise NotAContract(f"{where} must be of one column")
    target = _text(reference, "resource", where, "") or table
    return ForeignKey(here[0], target, there[0])


def _linked(table: TableSchema, key: ForeignKey, found: Mapping[str, TableSchema]) -> None:
    """Refuse a foreign key whose two ends are not a column and a primary key."""
    target = found.get(key.table)
    if key.column not in table.column_names:
        raise NotAContract(f"{table.name}: a foreign key's column {key.column!r} is not there")
    if target and target.primary_key != (key.reference,):
        raise NotAContract(
            f"{table.name}: the foreign key of {key.column!r} must name the primary key of "
            f"{key.table!r}"
        )


def _column(field: Mapping[str, Any], table: str) -> Column:
    name = _text(field, "name", f"{table}: a field")
    where = f"{table}: {name}"
    _known(field, _FIELD, where)
    rules = field.get("constraints", {})
    if not isinstance(rules, dict):
        raise NotAContract(f"{where}: constraints must be an object")
    _known(rules, _CONSTRAINTS, where)
    kind = _text(field, "type", where, "string")
    if kind not in _TYPES:
        raise NotAContract(f"{where}: type must be one of {', '.join(_TYPES)}")
    required = rules.get("required", False)
    if not isinstance(required, bool):
        raise NotAContract(f"{where}: required must be true or false")
    for bound in ("minimum", "maximum"):
        if type(rules.get(bound)) not in (int, float, type(None)):
            raise NotAContract(f"{where}: {bound} must be a number")
    return Column(
        name,
        kind,
        required,
        _names(rules.get("enum", []), f"{where}: enum"),
        _text(rules, "pattern", where, ""),
        rules.get("minimum"),
        rules.get("maximum"),
        _text(field, "description", where, ""),
    )


# --- loosening -----------------------------------------------------------------------------


def loosened(study: Mapping[str, TableSchema], base: Mapping[str, TableSchema]) -> list[str]:
    """Say where a study's contract asks for less than the shipped one, a sentence each.

    Tables the study does not list are not compared; the reader says which of them it needs.
    """
    found = []
    for name, table in study.items():
        if name not in base:
            found.append(f"{name}: not a table of the contract")
            continue
        found += [f"{name}: {what}" for what in _looser(table, base[name])]
    return found


def _looser(table: TableSchema, base: TableSchema) -> Iterator[str]:
    kept = [name for name in base.column_names if name in table.column_names]
    if table.column_names != kept:
        yield f"fields must be of {', '.join(base.column_names)}, in this order"
        return
    for column in base.columns:
        if column.name not in (*kept, *MAY_BE_LEFT_OUT.get(base.name, ())):
            yield f"the field {column.name} is missing"
    # Of the key a study may do without what may be empty: it then holds one row for each.
    needed = [c.name for c in base.columns if c.required and c.name in base.primary_key]
    if list(table.primary_key) not in (list(base.primary_key), needed):
        yield f"primaryKey must be {list(base.primary_key)}"
    for key in base.foreign_keys:
        if key not in table.foreign_keys and key.column in kept:
            yield f"foreign key {key.column} -> {key.table}.{key.reference} is missing"
    shipped_of = {column.name: column for column in base.columns}
    for mine, shipped in ((mine, shipped_of[mine.name]) for mine in table.columns):
        if not set(kept) & set(MAY_BE_LEFT_OUT.get(base.name, ())):
            enum = shipped.enum + FIRST.get((base.name, mine.name), ())
            shipped = dataclasses.replace(shipped, enum=enum)
        for what in _looser_column(mine, shipped):
            yield f"{mine.name}: {what}"


def _looser_column(mine: Column, shipped: Column) -> Iterator[str]:
    if mine.type != shipped.type:
        yield f"type must be {shipped.type}, not {mine.type}"
    if shipped.required and not mine.required:
        yield "must be required"
    if shipped.enum and not (mine.enum and set(mine.enum) <= set(shipped.enum)):
        yield f"enum may only hold {', '.join(shipped.enum)}"
    # A pattern of the study's own is not run: a short one can keep the reader busy for ever.
    if mine.pattern != shipped.pattern:
        yield "pattern must be the contract's"
    if shipped.minimum is not None and (mine.minimum is None or mine.minimum < shipped.minimum):
        yield f"minimum may not be below {shipped.minimum}"
    if shipped.maximum is not None and (mine.maximum is None or mine.maximum > shipped.maximum):
        yield f"maximum may not be above {shipped.maximum}"
