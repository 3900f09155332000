"""A coder's own file: codings as CSV, or as a workbook with one sheet a coder.

The columns are those of `codings`. Offsets and notes may be left out; who coded may be said by a
column, by whoever imports the file, or by a sheet's name where the study knows it. Other columns,
names and words are declared, or taken where the import is lenient and leaves no doubt.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Mapping

from positions.exchange.ids import KEYS, Ids
from positions.exchange.imported import Place
from positions.exchange.mapping import COLUMN_NAMES, WORDS
from positions.study import safe_archives, schema, xlsx_reader
from positions.study.csv_cells import plain
from positions.study.csv_reader import Parsed, allowed, parse
from positions.study.problems import ERROR, Problem

OPTIONAL = ("coder", "start", "end", "note")
TABLE = "codings"


@dataclasses.dataclass(frozen=True)
class CoderOptions:
    """How a coder's file is read.

    `coder`: who coded, where neither a column nor a sheet says so. `sheets`: each sheet is named
    by its coder. `lenient`: take headers in other capitals or with other signs between words,
    names and labels for ids, numbers and days as they show; leave further columns, listed.
    Without it these are errors: a column misspelt would be lost.
    """

    coder: str = ""
    sheets: bool = False
    lenient: bool = False


DEFAULT = CoderOptions()


def read_coder_file(
    file: str,
    raw: bytes,
    ids: Ids,
    options: CoderOptions = DEFAULT,
) -> None:
    """Carry the codings of a coder's file over to a study.

    A `file` whose name ends in `.xlsx` is read as a workbook. What it says, what is lost and what
    is wrong goes to `ids.carried`.
    """
    kinds = {column.name: column.type for column in schema.contract()[TABLE].columns}
    if file.lower().endswith(".xlsx"):
        book = xlsx_reader.read_like_sheets(raw, file, kinds, allowed(), lenient=options.lenient)
        for sheet, parsed in book.sheets.items():
            place = f"{file}#{sheet}"
            found = [problem for problem in book.problems if problem.file == place]
            _table(_Table(place, sheet, parsed, found), ids, options)
        ids.carried.problems += [p for p in book.problems if p.file == file]
    elif stranger := safe_archives.stranger(raw):
        ids.carried.fault("workbook-kind", Place(file), "", stranger[0], stranger[1])
    else:
        parsed, problems = parse(raw, file, list(kinds))
        _table(_Table(file, "", parsed, problems), ids, options)


@dataclasses.dataclass(frozen=True)
class _Table:
    """One table of a coder: where it stands, its sheet, its text and what is wrong with it."""

    place: str
    sheet: str
    parsed: Parsed
    problems: list[Problem]


def _table(table: _Table, ids: Ids, options: CoderOptions) -> None:
    header = table.parsed.header
    names = {} if header is None else _columns(table.place, header.fields, ids, options)
    unread = set() if header is None else set(header.fields) - {header.fields[i] for i in names}
    for problem in table.problems:
        # What is wrong with a column that nobody reads keeps no one from reading the others.
        if options.lenient and problem.column in unread and problem.column:
            continue
        kind = ids.carried.problems if problem.severity == ERROR else ids.carried.notes
        kind.append(problem)
    if header is None or not _named(table, names, ids, options):
        return
    sheet = options.coder or ids.declared.own("coders", "coder", table.sheet) or table.sheet
    for record in table.parsed.records:
        place = Place(table.place, record.line)
        cells = {names[i]: plain(text) for i, text in enumerate(record.fields) if i in names}
        cells = {column: _cell(column, text, ids, options) for column, text in cells.items()}
        said = cells.setdefault("coder", sheet)
        if options.coder and said != options.coder:
            ids.carried.fault("coder", place.at("coder"), said, f"--coder says {options.coder!r}",
                              "correct one of the two")  # fmt: skip
            continue
        ids.carried.say(TABLE, cells, place)


def _named(table: _Table, names: Mapping[int, str], ids: Ids, options: CoderOptions) -> bool:
    """Say whether it is known who coded: `Sheet1` is nobody's name unless somebody says so."""
    told = options.sheets or table.sheet in ids.coders
    told = told or bool(ids.declared.own("coders", "coder", table.sheet))
    if "coder" in names.values() or options.coder or (table.sheet and told):
        return True
    fix = "add a column `coder`, or import with --coder NAME"
    if table.sheet:
        fix += "; if the sheets are named by their coders, with --sheets or --map: "
        fix += f"coders,{table.sheet},coder,<name>"
    ids.carried.fault("coder", Place(table.place, 1, "coder"), table.sheet,
                      "nobody says who coded", fix)  # fmt: skip
    return False


def _columns(place: str, header: list[str], ids: Ids, options: CoderOptions) -> dict[int, str]:
    """Find which place holds which column; say what is no column, and what is missing."""
    wanted = schema.contract()[TABLE].column_names
    names: dict[int, str] = {}
    for at, field in enumerate(header):
        name = ids.declared.own(COLUMN_NAMES, "column", field, field.strip()) or field
        if options.lenient and name not in wanted:
            name = re.sub(r"[\W_]+", "_", field.strip().casefold())
        where = Place(place, 1, field)
        if name in wanted and name not in names.values():
            names[at] = name
        elif name in wanted:
            ids.carried.fault("header", where, field, "the column stands there twice",
                              "keep one of them")  # fmt: skip
        else:
            _no_column(where, wanted, ids, options)
    for name in wanted:
        if name not in names.values() and name not in OPTIONAL:
            ids.carried.fault("header", Place(place, 1, name), "", "the column is missing",
                              f"add it, or declare which it is: {COLUMN_NAMES},<header>,column,"
                              f"{name}")  # fmt: skip
    return names


def _no_column(where: Place, wanted: list[str], ids: Ids, options: CoderOptions) -> None:
    field = where.column
    near = difflib.get_close_matches(field.strip().casefold(), wanted, 1, 0.6)
    fix = f"declare it: {COLUMN_NAMES},{field},column,{near[0]}" if near else (
        f"declare which it is: {COLUMN_NAMES},{field},column,<one of {', '.join(wanted)}>"
    )  # fmt: skip
    if options.lenient:
        ids.carried.lose(where, field, "no column of codings: none of its cells is read", fix)
        return
    what = "no column of codings" + (f"; did you mean {near[0]}?" if near else "")
    ids.carried.fault("header", where, field, what, f"{fix}, or leave it with --lenient")


def _cell(column: str, text: str, ids: Ids, options: CoderOptions) -> str:
    """Return a cell as the study has it: what is declared of the word or name; else as it is."""
    word = text.strip() if options.lenient else text
    if column == "stance" and word in ids.declared.stances:
        return ids.declared.stances[word]
    if column in ("stance", "basis"):
        return ids.declared.own(WORDS, column, text, word) or word
    if column == "coder":
        return ids.coder(word)
    for table, key in KEYS.items():
        if column == key:
            if declared := ids.declared.own(table, key, text, word):
                return declared
            if options.lenient and not ids.known(table, word):
                return ids.exactly(table, word) or word
    return text
