"""Codings from NVivo, ATLAS.ti, MAXQDA, QualCoder and others, by way of REFI-QDA.

Those programs put codes on stretches of text. The codes on one stretch make a coding when
together they name one body, one stance and one proposition; who speaks may also be told by the
case or the variable that the text belongs to.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

from positions.exchange import offsets, statements
from positions.exchange.ids import Ids, Name, distinct
from positions.exchange.imported import Carried, Place, one_line, tidy
from positions.exchange.mapping import VARIABLES
from positions.exchange.offsets import UNDECLARED, DeclaredCounting, Ruler, Stretch
from positions.exchange.refi_qda import codes as refi_codes
from positions.exchange.refi_qda import reader as refi_reader
from positions.exchange.refi_qda.codes import Codebook, Meaning, Speakers
from positions.exchange.refi_qda.exporter import PHRASES_ONLY
from positions.exchange.refi_qda.reader import Selection, TextSource
from positions.exchange.statements import Stated
from positions.study.csv_reader import allowed, reporter

_NEEDED = {"body_id": "body", "proposition_id": "proposition", "stance": "stance"}


@dataclasses.dataclass(frozen=True)
class ProjectOptions:
    """How a project is read: who its bodies are, and how its offsets count.

    `cases`: every case is a body. `variable`: its value, on a case or a source, is the body.
    """

    cases: bool = False
    variable: str = ""
    counts: DeclaredCounting = UNDECLARED


DEFAULT = ProjectOptions()


@dataclasses.dataclass(frozen=True)
class _Unit:
    """One user's codes on one stretch, with what they mean."""

    source: TextSource
    selection: Selection
    user: str
    meanings: tuple[Meaning, ...]


@dataclasses.dataclass
class _Import:
    book: Codebook
    speakers: Speakers
    names: dict[str, Name]
    users: dict[str, Name]
    spans: dict[Spot, tuple[int, int] | str] = dataclasses.field(default_factory=dict)
    said: set[str] = dataclasses.field(default_factory=set)

    @property
    def ids(self) -> Ids:
        """The ids of names, with what was declared."""
        return self.book.ids

    @property
    def carried(self) -> Carried:
        """Where rows, losses and faults go."""
        return self.book.carried

    @functools.cached_property
    def sources(self) -> dict[str, TextSource]:
        """The text sources by guid."""
        return {source.guid: source for source in self.book.project.sources}

    def speaking(self, unit: _Unit) -> frozenset[str]:
        """Return the bodies that speak on a stretch: of the selection, else of its source."""
        source = unit.source
        name = self.names[source.guid].name
        if body := self.ids.declared.own("sources", "body_id", name, source.guid):
            # What the file does not say of a body is asked for, as of any other row.
            refi_codes.say_body(self.book, Name(body, ""), self.book.place(source.guid), body)
            return frozenset({body})
        for guid in (unit.selection.guid, source.guid, source.within):
            if found := self.speakers.get(guid):
                return found
        return frozenset()

    def lose(self, guid: str, column: str, value: str, why: str, fix: str = "") -> None:
        """List something that stays behind."""
        self.carried.lose(self.book.place(guid).at(column), value, why, fix)


def import_project(
    file: str,
    raw: bytes,
    ids: Ids,
    options: ProjectOptions = DEFAULT,
) -> None:
    """Carry a `.qdpx` project's codings, or a `.qdc` codebook, over to the tables of a study.

    What it says, what is lost and what is wrong goes to `ids.carried`.
    """
    report = reporter(file, ids.carried.problems)
    project = refi_reader.read_project(file, raw, report, allowed())
    if project is None:
        return
    book = refi_codes.read_codes(file, project, ids)
    speakers = refi_codes.read_cases(book, options.cases, options.variable)
    names = distinct({one.guid: one.name for one in project.sources})
    users = distinct({guid: name or guid for guid, name in project.users.items()})
    work = _Import(book, speakers, names, users)
    _left_behind(work, options)
    units = [unit for source in project.sources for unit in _units(work, source)]
    work.spans = _spans(work, options, units)
    for one in statements.settle(_stated(work, units), ids.carried):
        _say(work, one)


def _left_behind(work: _Import, options: ProjectOptions) -> None:
    """List what a study has no place for."""
    for kind, number, name in work.book.project.elsewhere:
        work.lose(number, kind, name, "a study has no place for it")
    for source in work.book.project.sources:
        if source.description.strip() not in ("", PHRASES_ONLY):
            work.lose(source.guid, "Description", source.description,
                      "a source has no column for it")  # fmt: skip
        for name, value in sorted(source.values.items()):
            if name != options.variable and not work.ids.declared.own(VARIABLES, "sources", name):
                work.lose(source.guid, f"variable {name}", value, "a source has no column for it",
                          f"declare one: {VARIABLES},{name},sources,kind")  # fmt: skip


# --- selections ----------------------------------------------------------------------------


def _units(work: _Import, source: TextSource) -> list[_Unit]:
    """Gather each user's codes on each selection; list codes without meaning."""
    found = []
    for selection in source.selections:
        if not selection.codings:
            work.lose(selection.guid, "selection", "", "no code is applied to it")
        users: dict[str, list[Meaning]] = {}
        for user, target in selection.codings:
            if meaning := work.book.meanings.get(target):
                users.setdefault(user, []).append(meaning)
            else:
                code = work.book.project.codes.get(target)
                work.lose(selection.guid, "code", "/".join(code.path) if code else target,
                          "the code says nothing on a body, proposition or stance")  # fmt: skip
        found += [_Unit(source, selection, user, tuple(codes)) for user, codes in users.items()]
    return found


Spot = tuple[str, str, str, str]
"""A stretch of a source: programs write one selection a code, so guids do not tell it."""


def _spot(unit: _Unit) -> Spot:
    one = unit.selection
    return unit.source.guid, one.start, one.end, one.name


def _spans(
    work: _Import, options: ProjectOptions, units: Iterable[_Unit]
) -> dict[Spot, tuple[int, int] | str]:
    """Tell where each selection stands in its text, or why that cannot be told."""
    rulers = {
        source.guid: Ruler(source.text, source.marked)
        for source in work.book.project.sources
        if source.text is not None
    }
    spans: dict[Spot, tuple[int, int] | str] = {}
    stretches: dict[Spot, Stretch] = {}
    for unit in units:
        spot, ruler = _spot(unit), rulers.get(unit.source.guid)
        _, start, end, name = spot
        if ruler is None:
            spans[spot] = unit.source.why
        elif not all(re.fullmatch("[0-9]{1,12}", one) for one in (start, end)):
            spans[spot] = f"its offsets are no numbers: {start[:20]}-{end[:20]}"
        else:
            stretches[spot] = Stretch(ruler, int(start), int(end), name)
    found = offsets.find_counting(list(stretches.values()), options.counts)
    if found.said:
        work.carried.note("offsets", Place(work.book.file), found.said,
                          "declare it with --offsets, --crlf and --bom if it is wrong")  # fmt: skip
    return spans | {spot: offsets.place(one, found) for spot, one in stretches.items()}


# --- codings -------------------------------------------------------------------------------


def _stated(work: _Import, units: Sequence[_Unit]) -> list[Stated]:
    """Return what the codes on each stretch state.

    Where a program splits a selection code by code, the codes of one user on one stretch are
    taken together; what is still no coding is listed.
    """
    found: list[Stated] = []
    waiting: dict[tuple[str, ...], list[_Unit]] = {}
    for unit in units:
        rows = _rows(work, unit, unit.meanings)
        if isinstance(rows, str):
            key = (unit.source.guid, unit.selection.start, unit.selection.end, unit.user)
            waiting.setdefault(key, []).append(unit)
        else:
            found += [_one(work, unit, row) for row in rows]
    for together in waiting.values():
        rows = _rows(work, together[0], [one for unit in together for one in unit.meanings])
        if not isinstance(rows, str):
            found += [_one(work, together[0], row) for row in rows]
            continue
        for unit in together:
            shown = "; ".join(" ".join(m.values()) for m in unit.meanings)
            work.lose(unit.selection.guid, "codes", shown, rows,
                      "add the code in the program, or declare what its codes mean")  # fmt: skip
    return found


def _rows(work: _Import, unit: _Unit, meanings: Sequence[Meaning]) -> list[dict[str, str]] | str:
    """Return the codings that codes on one stretch make together, or why they make none."""
    speakers = work.speaking(unit)
    if len(speakers) > 1:
        return f"several bodies speak here: {', '.join(sorted(speakers))}"
    common = {"body_id": next(iter(speakers))} if speakers else dict[str, str]()
    for meaning in meanings:
        if "proposition_id" in meaning:
            continue
        for column, value in meaning.items():
            if common.setdefault(column, value) != value:
                return f"two codes differ on the {column}: {common[column]}, {value}"
    propositions = [meaning for meaning in meanings if "proposition_id" in meaning]
    if len(propositions) > 1 and any("stance" not in meaning for meaning in propositions):
        return "several propositions, and which of them the stance is on cannot be told"
    rows = [common | dict(meaning) for meaning in propositions]
    missing = [name for column, name in _NEEDED.items()
               if not rows or any(not row.get(column) for row in rows)]  # fmt: skip
    return f"no code says the {', '.join(missing)}" if missing else rows


def _one(work: _Import, unit: _Unit, row: Mapping[str, str]) -> Stated:
    where, text = work.spans[_spot(unit)], unit.source.text or ""
    start, end = (0, 0) if isinstance(where, str) else where
    name = work.names[unit.source.guid].name
    user = work.users[unit.user].name if unit.user in work.users else unit.user
    note = tidy(unit.selection.description)
    return Stated(
        cell=(row["body_id"], row["proposition_id"], unit.source.guid, work.ids.coder(user)),
        stance=row["stance"], place=work.book.place(unit.selection.guid), source=name,
        statement=text[start:end],
        phrase=where if isinstance(where, str) else
        statements.cut(text, start, end, name, work.ids.declared),
        at=start, placed=unit.source.description.strip() != PHRASES_ONLY,
        cells={**row, **({"note": note} if note else {})},
    )  # fmt: skip


def _say(work: _Import, stated: Stated) -> None:
    """Say a coding, and its source where nobody has said it."""
    assert not isinstance(stated.phrase, str)
    source = work.sources[stated.cell[2]]
    if source_id := _source(work, source):
        cells = stated.phrase.cells()
        if source.description.strip() == PHRASES_ONLY:
            cells = {"quote": stated.phrase.quote}
        said = {**stated.cells, **cells, "source_id": source_id, "coder": stated.cell[3]}
        work.carried.say("codings", said, stated.place)


def _source(work: _Import, source: TextSource) -> str:
    """Return a source's id; say the source once, with its text where the file holds it."""
    place, name = work.book.place(source.guid), work.names[source.guid]
    found = work.book.guids.get(("sources", source.guid)) or work.ids.of("sources", name, place)
    if not found or found in work.said:
        return found
    work.said.add(found)
    cells = {"source_id": found}
    if not work.ids.known("sources", found):
        cells["title"] = name.shown
    if source.description.strip() == PHRASES_ONLY:
        if "title" in cells:
            cells["text_seen"] = "opening"
    elif source.text is not None:
        raw = source.text.encode()
        work.carried.texts[found] = raw
        cells |= {"text_seen": "whole", "characters": str(len(source.text)),
                  "sha256": hashlib.sha256(raw).hexdigest()}  # fmt: skip
    for which, value in sorted(source.values.items()):
        if column := work.ids.declared.own(VARIABLES, "sources", which):
            cells[column] = one_line(value)
    work.carried.say("sources", cells, place, name=name.name, key=source.guid)
    return found
