"""What the columns and words of a survey's file mean: a small file that an analyst fills in.

`map.csv` has a row a column of the survey, which says what the column is used for, and under it a
row for each word that was answered there, with its code. It is begun by `begun`, which fills in
what names and vocabularies already say.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping, Sequence

from positions.responses.backend import NotResponses
from positions.responses.layouts import FINISHED, RESPONDENT, STATUS, TYPE, USES, WEIGHT, Layout
from positions.responses.questions import Own, Survey, folded
from positions.study import csv_cells, csv_reader

FILE = "map.csv"
"""Its name among a study's files of answers."""
COLUMNS = ("column", "asked", "use", "answer", "code", "times")
SILENCE = "none"
"""The code of a word that is no answer."""
_CODES = {"-2": -2, "-1": -1, "0": 0, "1": 1, "2": 2, "+1": 1, "+2": 2, SILENCE: None}


@dataclasses.dataclass(frozen=True)
class SurveyMap:
    """What a map says: the use of columns, by their names, and words by question."""

    path: pathlib.Path
    uses: Mapping[str, str]
    words: Own


@dataclasses.dataclass(frozen=True)
class Columns:
    """Where in a record each column of use stands, by the plain name that it is counted under.

    `long` says that a row is one answer. `aside` are the columns that say which rows are no
    answers. `unread` are the names of the other columns.
    """

    places: Mapping[str, int]
    long: bool
    aside: Mapping[str, int]
    unread: tuple[str, ...]


def read_map(path: pathlib.Path, survey: Survey) -> SurveyMap:
    """Read a map that an analyst filled in.

    Raises
    ------
    NotResponses
        When a row of it means nothing; the message names file, line, column, value and fix.
    """
    raw = path.read_bytes()
    parsed, problems = csv_reader.parse(raw, path.name, COLUMNS, csv_reader.allowed())
    header = [folded(name) for name in parsed.header.fields] if parsed.header else []
    if wrong := [p for p in problems if p.severity == "error"]:
        first = wrong[0]
        raise NotResponses(f"{path}:{first.line}: {first.message}; {first.fix}")
    if missing := [
        name for name in COLUMNS if name not in header and name not in ("asked", "times")
    ]:
        raise NotResponses(f"{path}:1: no column {missing[0]!r}; add it to the header")
    places = {name: header.index(name) for name in COLUMNS if name in header}
    uses: dict[str, str] = {}
    words: dict[str, dict[str, int | None]] = {}
    for record in parsed.records:
        row = {
            name: csv_cells.plain(record.fields[place].strip()) for name, place in places.items()
        }
        try:
            _taken_in(row, uses, words, survey)
        except ValueError as error:
            raise NotResponses(f"{path}:{record.line}: {error}") from None
    return SurveyMap(path, uses, words)


def _taken_in(
    row: Mapping[str, str],
    uses: dict[str, str],
    words: dict[str, dict[str, int | None]],
    survey: Survey,
) -> None:
    """Take in one row of a map: a column, or a word of the column above."""
    column, use, answer = row["column"], row["use"], row["answer"]
    if not answer:
        known = {*USES, *survey.ids}
        if use and use not in known:
            raise ValueError(
                f"use {use!r} is neither a question of questions.csv nor one of {', '.join(USES)}"
            )
        if column in uses:
            raise ValueError(f"the column {column!r} has a row above; delete one of the two")
        if use and use in uses.values():
            raise ValueError(f"use {use!r} is given twice; leave it empty for one of the columns")
        uses[column] = use
        return
    if column not in uses:
        raise ValueError(f"the column {column!r} has no row of its own above its answers")
    code = row["code"].casefold()
    if code and code not in _CODES:
        raise ValueError(
            f"code {row['code']!r} of the answer {answer!r} is none of -2, -1, 0, 1, 2 and "
            f"{SILENCE} (no answer); write one of them"
        )
    if code and uses[column]:
        words.setdefault(uses[column], {})[folded(answer)] = _CODES[code]


def plan(layout: Layout, survey: Survey, given: SurveyMap | None = None) -> Columns:
    """Say which column of a file is counted as what.

    Without a map, a column is the question of its name, or of the words it asks.

    Raises
    ------
    NotResponses
        When a question has no column, or a map names a column that is not there.
    """
    if {"question_id", "answer"} <= {folded(name) for name in layout.names} and given is None:
        return _long(layout)
    uses = uses_of(layout, survey, given)
    if missing := [name for name in survey.ids if name not in uses]:
        raise NotResponses(_without(missing, layout, given))
    places = {plain: uses[name] for name, plain in survey.columns.items()}
    places |= {name: uses[name] for name in (RESPONDENT, TYPE, WEIGHT) if name in uses}
    aside = {name: uses[name] for name in (FINISHED, STATUS) if name in uses}
    read = {*places.values(), *aside.values()}
    unread = [name for place, name in enumerate(layout.names) if place not in read]
    return Columns(places, False, aside, tuple(sorted(unread)))


def _long(layout: Layout) -> Columns:
    """Plan a file of which each row is one answer."""
    wanted = (RESPONDENT, "question_id", "answer", TYPE, WEIGHT)
    places = {name: place for name in wanted if (place := _place(layout.names, name)) is not None}
    if RESPONDENT not in places:
        raise NotResponses("a long table needs a column 'respondent': whose answer is each row?")
    unread = [n for place, n in enumerate(layout.names) if place not in places.values()]
    return Columns(places, True, {}, tuple(sorted(unread)))


def uses_of(layout: Layout, survey: Survey, given: SurveyMap | None) -> dict[str, int]:
    """Return the place of the column of each use."""
    if given is None:
        return _by_name(layout, survey)
    uses = {}
    for column, use in given.uses.items():
        place = _place(layout.names, column)
        if place is None:
            raise NotResponses(
                f"{given.path}: the column {column!r} is not in the file of answers, whose columns "
                f"are {', '.join(layout.names)}; write one of these, or delete its rows"
            )
        if use:
            uses[use] = place
    return uses


def _by_name(layout: Layout, survey: Survey) -> dict[str, int]:
    """Return the place of the column of each use, as far as names and titles say it."""
    wanted = [*survey.ids, RESPONDENT, TYPE, WEIGHT]
    found = {name: layout.names.index(name) for name in wanted if name in layout.names}
    rest = [
        *((name, layout.names, name) for name in wanted),
        *((use, layout.names, name) for name, use in layout.uses.items()),
        *((name, layout.titles, asked) for name, asked in survey.ids.items()),
    ]
    for use, names, text in rest:
        if use not in found:
            taken = set(found.values())
            free = ["" if place in taken else name for place, name in enumerate(names)]
            if (place := _place(free, text)) is not None:
                found[use] = place
    return found


def _place(names: Sequence[str], wanted: str) -> int | None:
    """Return where a column stands: by its very name, or by one that is read alike."""
    if wanted in names:
        return names.index(wanted)
    alike = [place for place, name in enumerate(names) if folded(name) == folded(wanted)]
    if len(alike) > 1:
        both = " and ".join(repr(names[place]) for place in alike[:2])
        raise NotResponses(f"the columns {both} both read as {wanted!r}; rename one of them")
    return alike[0] if alike else None


def _without(missing: Sequence[str], layout: Layout, given: SurveyMap | None) -> str:
    shown = ", ".join(map(repr, missing[:5])) + (", …" if missing[5:] else "")
    start = f"no column {shown}; questions.csv has a question of that name"
    if given is not None:
        return f"{given.path}: {start}; write its id as the use of a column"
    source = f" (an export of {layout.program})" if layout.program else ""
    return (
        f"{start}, and the file{source} has the columns {', '.join(layout.names[:20])}. To say "
        "which column is which question: --map map.csv, which is written for you to fill in"
    )
