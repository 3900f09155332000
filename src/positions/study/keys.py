"""Keys within and between tables: rows are told apart, and name rows that are there."""

from __future__ import annotations

from typing import Any

from positions.study import schema, suggestions
from positions.study.csv_reader import Record
from positions.study.problems import ERROR, NOTE, WARNING
from positions.study.unicode_checks import skeleton
from positions.study.validate import Reading


def check_keys(tables: dict[str, schema.TableSchema], reading: Reading) -> None:
    """Check that keys are unique, that references name a row, and that names truly differ."""
    for table in tables.values():
        _unique(table, reading)
        if len(table.primary_key) == 1:
            _confusable(table, table.primary_key[0], "confusable-id", ERROR, reading)
    _confusable(tables["codings"], "coder", "confusable-id", ERROR, reading)
    for name, column in (("propositions", "theme"), ("bodies", "kind"), ("bodies", "name")):
        _confusable(tables[name], column, "confusable-name", WARNING, reading)
    _same_name(tables["bodies"], reading)
    _reserved(tables["bodies"], reading)
    for table in tables.values():
        for link in table.foreign_keys:
            _foreign_key(table, link, tables[link.table], reading)


def _unique(table: schema.TableSchema, reading: Reading) -> None:
    """Report rows of one key; of a key that may be empty in part, also those that lack the part.

    Not of checks: a mark that is empty is that of the sample, a mark like any other.
    """
    needed = [c.name for c in table.columns if c.required and c.name in table.primary_key]
    seen: dict[tuple[Any, ...], Record] = {}
    some: dict[tuple[Any, ...], Record] = {}
    bare: dict[tuple[Any, ...], Record] = {}
    for row, record in reading.pairs(table):
        key, short = (tuple(row[name] for name in names) for names in (table.primary_key, needed))
        lacks = len(key) > len(short) and None in key and table.name != "checks"
        first = seen.get(key) or (some if lacks else bare).get(short)
        if first is not None:
            named = table.primary_key if key in seen and not lacks else needed
            or_place = "" if named == table.primary_key else ", or write where each phrase begins"
            if table.name == "checks" and "mark" not in table.primary_key:
                or_place = (
                    "; a verdict on a code that has changed since may stay beside the newer one "
                    f"once mark is in the primaryKey of checks in {schema.DATAPACKAGE}"
                )
            reading.add(
                table.path, "duplicate", f"the same {', '.join(named)} as in line {first.line}",
                f"delete one of the two rows, or correct its key{or_place}",
                record, table.primary_key[0], " / ".join(map(str, short)),
            )  # fmt: skip
            continue
        seen[key] = record
        some.setdefault(short, record)
        if lacks:
            bare[short] = record


def _confusable(
    table: schema.TableSchema, column: str, rule: str, severity: str, reading: Reading
) -> None:
    """Report values of a column that a reader cannot tell apart."""
    seen: dict[str, tuple[str, Record]] = {}
    told = set()
    for row, record in reading.pairs(table):
        value = row[column]
        other, first = seen.setdefault(skeleton(value), (value, record))
        if other != value and value not in told:
            told.add(value)
            reading.add(
                table.path, rule, f"looks like {other!r} in line {first.line}",
                "use one spelling, or values that differ in more than look-alike letters",
                record, column, value, severity,
            )  # fmt: skip


def _same_name(table: schema.TableSchema, reading: Reading) -> None:
    """Report bodies of one name: no page could tell them apart."""
    seen: dict[str, Record] = {}
    for row, record in reading.pairs(table):
        first = seen.setdefault(row["name"], record)
        if first is not record:
            reading.add(
                table.path, "same-name", f"the same name as in line {first.line}",
                "make the names differ, or the bodies one", record, "name", row["name"], WARNING,
            )  # fmt: skip


def _reserved(table: schema.TableSchema, reading: Reading) -> None:
    """Report a kind that only looks like the reserved one: it would be ranked unnoticed."""
    for row, record in reading.pairs(table):
        kind = row["kind"]
        if kind != schema.PROPOSER and skeleton(kind).rstrip("s") == schema.PROPOSER:
            reading.add(
                table.path, "reserved-kind", f"looks like the reserved kind {schema.PROPOSER!r}",
                f"write {schema.PROPOSER!r}, or another word", record, "kind", kind,
            )  # fmt: skip


def _foreign_key(
    table: schema.TableSchema, key: schema.ForeignKey, target: schema.TableSchema, reading: Reading
) -> None:
    """Check that every value names a row of the other table; leave out rows that do not."""
    # A row that broke a rule of its own still names its id: one fault is not reported as two.
    known = reading.known.get(target.name, set())
    if not known and reading.faulty(target):
        return
    perhaps = reading.perhaps.get(target.name, set())
    names = suggestions.by_name(target.name, known, key.reference, reading.rows[target.name])
    fixes: dict[str, str] = {}
    rows, lines, lost = [], [], list[Record]()
    for row, record in reading.pairs(table):
        value = row[key.column]
        if value == "" or value in known:
            rows.append(row)
            lines.append(record)
        elif reading.cut(target):
            lost.append(record)
            reading.partial.add(table.name)
        elif value in perhaps:
            reading.partial.add(table.name)
        else:
            if value not in fixes:
                fixes[value] = _fix(value, names, target, key.column)
            reading.add(
                table.path, "foreign-key", f"no such {key.reference} in {target.path}",
                fixes[value], record, key.column, value,
            )  # fmt: skip
    if lost:
        number = f"{len(lost)} row names an id" if len(lost) == 1 else f"{len(lost)} rows name ids"
        reading.add(
            table.path, "unread-id", f"{number} that the rows read of {target.path} do not have",
            f"mend {target.path} first, and check again", lost[0], key.column, severity=NOTE,
        )  # fmt: skip
    reading.rows[table.name], reading.lines[table.name] = rows, lines


def _fix(value: str, names: dict[str, str], target: schema.TableSchema, column: str) -> str:
    """Say which id to write: the one of the row with this name, or one that is near."""
    if found := suggestions.exactly(value, names):
        return f"write {found!r}, the {column} of the row with this name"
    near = suggestions.nearest(value, names)
    return f"{f'write {near!r}, or ' if near else ''}add it to {target.path}"
