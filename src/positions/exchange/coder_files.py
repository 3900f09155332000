"""A coder's own file: codings as CSV, or as a workbook with one sheet a coder.

The columns are those of `codings`. Where a file has no column `coder`, its sheet, or whoever
imports it, says who coded; offsets and notes may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from positions.exchange.imported import Carried
from positions.study import schema, xlsx_reader
from positions.study.csv_reader import Parsed, ReadLimits, parse
from positions.study.problems import ERROR

OPTIONAL = ("coder", "start", "end", "note")
TABLE = "codings"


def read_coder_file(
    file: str,
    raw: bytes,
    *,
    coder: str = "",
    lenient: bool = False,
    limits: ReadLimits | None = None,
) -> Carried:
    """Read the codings of a coder's file.

    Parameters
    ----------
    file
        The file's name; `.xlsx` is read as a workbook.
    raw
        Its bytes.
    coder
        Who coded, where neither a column nor a sheet says so.
    lenient
        Take headers in capitals or with spaces round them, and leave further columns behind,
        listed. Without it, both are errors: a column misspelt would be lost.
    """
    carried = Carried()
    limits = limits or ReadLimits()
    columns = schema.contract()[TABLE].columns
    kinds = {column.name: column.type for column in columns}
    if file.lower().endswith(".xlsx"):
        book = xlsx_reader.read_like_sheets(raw, file, kinds, limits)
        carried.problems += [p for p in book.problems if p.severity == ERROR]
        for sheet, parsed in book.sheets.items():
            _rows(f"{file}#{sheet}", parsed, coder or sheet, lenient, carried)
        return carried
    parsed, problems = parse(raw, file, list(kinds), limits)
    carried.problems += [problem for problem in problems if problem.severity == ERROR]
    _rows(file, parsed, coder, lenient, carried)
    return carried


def _rows(file: str, parsed: Parsed, coder: str, lenient: bool, carried: Carried) -> None:
    if parsed.header is None:
        return
    names = _header(file, parsed.header.fields, lenient, carried)
    if "coder" not in names.values() and not coder:
        carried.fault("coder", file, 1, "coder", "", "nobody says who coded",
                      "add a column `coder`, or import with --coder NAME")  # fmt: skip
        return
    for record in parsed.records:
        cells = {names[i]: text for i, text in enumerate(record.fields) if i in names}
        said = cells.setdefault("coder", coder)
        if coder and said != coder:
            carried.fault(
                "coder", file, record.line, "coder", said, f"the sheet or --coder says {coder!r}",
                "correct one of the two",
            )  # fmt: skip
            continue
        carried.say(TABLE, cells, file, record.line)


def _header(file: str, header: list[str], lenient: bool, carried: Carried) -> Mapping[int, str]:
    """Find which place holds which column; say what is no column, and what is missing."""
    wanted = schema.contract()[TABLE].column_names
    names: dict[int, str] = {}
    for place, field in enumerate(header):
        name = field.strip().casefold() if lenient else field
        if name in wanted and name not in names.values():
            names[place] = name
        elif name in wanted:
            carried.fault("header", file, 1, field, field, "the column stands there twice",
                          "keep one of them")  # fmt: skip
        elif lenient:
            carried.lose(file, 1, field, field, "no column of codings: none of its cells is read",
                         f"name it one of: {', '.join(wanted)}")  # fmt: skip
        else:
            carried.fault("header", file, 1, field, field, "no column of codings",
                          "delete it, or import with --lenient")  # fmt: skip
    for name in wanted:
        if name not in names.values() and name not in OPTIONAL:
            carried.fault("header", file, 1, name, "", "the column is missing", "add it")
    return names
