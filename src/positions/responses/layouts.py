"""How a file of answers is laid out: its separator, its rows of headers, the program it is from.

Survey programs write more than one row above the answers, columns of their own, and rows that are
no answers. Each program is known by the names of its columns, whatever their case.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from positions.responses import records, workbooks
from positions.responses.backend import NotResponses
from positions.responses.questions import folded
from positions.responses.records import Record

RESPONDENT, TYPE, WEIGHT, FINISHED, STATUS = "respondent", "type", "weight", "finished", "status"
USES = (RESPONDENT, TYPE, WEIGHT, FINISHED, STATUS)
"""What a column may be used for that is no question."""
_SEPARATORS = (",", ";", "\t", "|")
_ABOVE = 10
"""Rows at the beginning of a file among which its header is looked for."""


@dataclasses.dataclass(frozen=True)
class Layout:
    """How one file is laid out.

    `names` tell its columns apart: those that stand there twice or not at all are numbered.
    `titles` are what was asked, as the program wrote it. `begins` is the line (of a workbook the
    row) of the first answers. `uses` are the columns of the program's own that are of use.
    """

    program: str
    delimiter: str
    names: tuple[str, ...]
    titles: tuple[str, ...]
    begins: int
    uses: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class _Program:
    """A survey program: columns it always writes, those of use, and how its headers stand."""

    name: str
    marks: tuple[str, ...]
    uses: Mapping[str, str]
    two_rows: bool = False


_PROGRAMS = (
    _Program("Qualtrics", ("startdate", "enddate", "finished", "responseid"),
             {"responseid": RESPONDENT, "finished": FINISHED, "status": STATUS}),
    _Program("SurveyMonkey", ("respondent id", "collector id"), {"respondent id": RESPONDENT},
             two_rows=True),
    _Program("LimeSurvey", ("id", "submitdate", "lastpage"),
             {"id": RESPONDENT, "submitdate": FINISHED}),
    _Program("LimeSurvey", ("response id", "date submitted", "last page"),
             {"response id": RESPONDENT, "date submitted": FINISHED}),
    _Program("LimeSurvey", ("id. response id", "submitdate. date submitted"),
             {"id. response id": RESPONDENT, "submitdate. date submitted": FINISHED}),
    _Program("Microsoft Forms", ("id", "start time", "completion time"), {"id": RESPONDENT}),
    _Program("Citizen Space", ("response id",), {"response id": RESPONDENT}),
    _Program("Google Forms", ("timestamp",), {}),
)  # fmt: skip
_ANSWERS = ("response", "open-ended response")
"""What SurveyMonkey writes under a question that has one column."""


def find_layout(path: pathlib.Path) -> Layout:
    """Find out how a file is laid out.

    Raises
    ------
    NotResponses
        When it has no header, or cannot be read at all.
    """
    if path.suffix.lower() == ".xlsx":
        return _laid_out("", list(itertools.islice(workbooks.rows(path), _ABOVE)), path)
    first = _first_line(path)
    named = first.lower().startswith("sep=") and len(first) == 5
    delimiter = first[4] if named else max(_SEPARATORS, key=lambda mark: _count(first, mark))
    rows = itertools.islice(records.records(path, delimiter), _ABOVE)
    return _laid_out(delimiter, [row for row in rows if not (named and row[0] == 1)], path)


def rows(
    path: pathlib.Path, layout: Layout, read: records.Read = records.unseen
) -> Iterator[Record]:
    """Yield the records of a file below its header, each with its line and its fault."""
    if layout.delimiter:
        every = records.records(path, layout.delimiter, read)
    else:
        every = workbooks.rows(path, read)
    for line, fields, fault in every:
        if line >= layout.begins:
            if not fault and len(fields) != len(layout.names):
                fault = records.FIELD_COUNT
            yield line, fields, fault


def _first_line(path: pathlib.Path) -> str:
    with open(path, "rb") as handle:
        raw = handle.readline(records.LONGEST)
    if what := records.no_csv(raw):
        raise NotResponses(f"{path}:1: {what}")
    return raw.decode("utf-8-sig", "replace").strip("\r\n")


def _count(line: str, mark: str) -> int:
    """Count a separator outside quotation marks."""
    return sum(part.count(mark) for part in line.split('"')[::2])


def _laid_out(delimiter: str, above: Sequence[Record], path: pathlib.Path) -> Layout:
    if not above or not any(name.strip() for name in above[0][1]):
        raise NotResponses(f"{path}:1: no header; the first line must name the columns")
    line, header, fault = above[0]
    if fault:
        raise NotResponses(
            f"{path}:{line}: the header cannot be read: {fault}; save it as UTF-8 CSV"
        )
    header = [" ".join(name.split()) for name in header]
    program = _program(header)
    below = [fields for _, fields, _ in above[1:]]
    titles, rows = header, 1
    if program and program.two_rows:
        titles, rows = _under_each_other(header, below[0] if below else []), 2
        header = titles
    elif program and program.name == "Qualtrics":
        rows = _rows_of_qualtrics(header, below)
        asked = rows > 1 and len(below[0]) == len(header) and not _is_import_id(below[0])
        titles = [" ".join(text.split()) for text in below[0]] if asked else header
    begins = above[rows][0] if len(above) > rows else above[-1][0] + 1
    uses = {name: use for name in header if program and (use := program.uses.get(folded(name)))}
    return Layout(program.name if program else "", delimiter, tuple(_told_apart(header)),
                  tuple(titles), begins, uses)  # fmt: skip


def _program(header: Sequence[str]) -> _Program | None:
    names = {folded(name) for name in header}
    return next((program for program in _PROGRAMS if names >= set(program.marks)), None)


def _rows_of_qualtrics(header: Sequence[str], below: Sequence[Sequence[str]]) -> int:
    """Count the rows above the answers: names, questions, and what the program calls them."""
    rows = 1
    if below and len(below[0]) == len(header) and folded(below[0][0]) != "":
        start = [folded(name) for name in header].index("startdate")
        rows += folded(below[0][start]) == "start date"
    if len(below) >= rows and _is_import_id(below[rows - 1]):
        rows += 1
    return rows


def _is_import_id(fields: Sequence[str]) -> bool:
    try:
        return "ImportId" in json.loads(fields[0])
    except (ValueError, TypeError, RecursionError):
        return False


def _under_each_other(header: Sequence[str], second: Sequence[str]) -> list[str]:
    """Put two rows of headers together: a question stands above the first of its columns only."""
    titles, above = [], ""
    for first, under in itertools.zip_longest(header, second, fillvalue=""):
        above, under = first or above, " ".join(under.split())
        alone = not under or folded(under) in _ANSWERS
        titles.append(above if alone else f"{above} [{under}]")
    return titles


def _told_apart(header: Iterable[str]) -> Iterator[str]:
    """Tell columns apart by a number, where they have no name or that of an earlier one."""
    seen: set[str] = set()
    for place, name in enumerate(header, 1):
        name = name or f"column {place}"
        if name in seen:
            name = f"{name} ({place})"
        seen.add(name)
        yield name
