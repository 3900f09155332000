"""Codings from NVivo, ATLAS.ti, MAXQDA, QualCoder and others, by way of REFI-QDA.

Those programs put codes on stretches of text; which code means which proposition, body or stance
is known to their users alone. Codes in the order that `exporter` writes are understood; any
other code is declared: `codes`, its path, and what it means. Nothing is read out of a code's
wording.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence

from positions.exchange.ids import Ids
from positions.exchange.imported import Carried
from positions.exchange.mapping import CODES
from positions.exchange.offsets import phrase
from positions.exchange.refi_qda import reader as refi_reader
from positions.exchange.refi_qda.exporter import BASIS, BODY, PHRASES_ONLY, PROPOSITION, guid
from positions.exchange.refi_qda.reader import Code, Project, Selection, TextSource
from positions.study.csv_reader import ReadLimits, reporter

_STANCE = re.compile(r"(.+) ([+-][12]|0)")
_NEEDED = {"body_id": "body", "proposition_id": "proposition", "stance": "stance"}


@dataclasses.dataclass(frozen=True)
class _Unit:
    """One user's codes on one stretch, with what they mean."""

    source: TextSource
    selection: Selection
    user: str
    meanings: tuple[Mapping[str, str], ...]


@dataclasses.dataclass
class _Import:
    file: str
    project: Project
    ids: Ids
    carried: Carried
    trust: bool
    meanings: dict[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    said: set[str] = dataclasses.field(default_factory=set)
    codings: list[tuple[int, str, dict[str, str]]] = dataclasses.field(default_factory=list)
    guids: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)

    def lose(self, guid: str, column: str, value: str, why: str, fix: str = "") -> None:
        """List something that stays behind."""
        self.carried.lose(f"{self.file}#{guid}", 0, column, value, why, fix)


def import_project(
    file: str,
    raw: bytes,
    ids: Ids,
    *,
    trust_offsets: bool = False,
    limits: ReadLimits | None = None,
) -> None:
    """Carry a `.qdpx` project's codings, or a `.qdc` codebook, over to the tables of a study.

    A selection's codes make a coding when together they name one body, one stance and one
    proposition, or one or more codes that stand for a proposition and a stance. Where a program
    splits a selection code by code, the codes of one user on one stretch are taken together.

    Parameters
    ----------
    file, raw
        The file's name and bytes.
    ids
        The ids of names, with what was declared, and where rows, losses and faults go.
    trust_offsets
        Count offsets as the standard says where nothing in the file confirms them.
    """
    carried = ids.carried
    project = refi_reader.read_project(
        file, raw, reporter(file, carried.problems), limits or ReadLimits()
    )
    if project is None:
        return
    work = _Import(file, project, ids, carried, trust_offsets)
    work.guids = {(table, guid(table, one)): one for table, known in ids.ids.items()
                  for one in known}  # fmt: skip
    for code in sorted(project.codes.values(), key=lambda code: code.path):
        work.meanings[code.guid] = _meaning(work, code)
    for kind, number, name in project.elsewhere:
        work.lose(number, kind, name, "a study has no place for it")
    for source in project.sources:
        if source.description not in ("", PHRASES_ONLY):
            work.lose(source.guid, "Description", source.description,
                      "a source has no column for it")  # fmt: skip
    units = [unit for source in project.sources for unit in _units(work, source)]
    waiting = []
    for unit in units:
        rows = _rows(work, unit, unit.meanings)
        if isinstance(rows, str):
            waiting.append(unit)
        else:
            _say(work, unit, rows)
    _pooled(work, waiting)
    _settle(work)


# --- codes ---------------------------------------------------------------------------------


def _meaning(work: _Import, code: Code) -> Mapping[str, str]:
    """Tell what a code stands for: declared, or by its place; say bodies and propositions."""
    path = "/".join(code.path)
    columns = ("body_id", "proposition_id", "stance", "basis")
    found = {c: v for c in columns if (v := work.ids.declared.own(CODES, path, c))}
    last = code.path[-1]
    if found:
        _named(work, code, found)
    elif code.path[0] == BODY and len(code.path) == 2:
        found = {"body_id": _id(work, "bodies", code, last)}
        about = {"about": code.description} if code.description else {}
        work.carried.say("bodies", found | {"name": last} | about, f"{work.file}#{code.guid}")
    elif code.path[0] == BASIS and len(code.path) == 2:
        found = {"basis": last}
    elif code.path[0] == PROPOSITION and len(code.path) == 3:
        _proposition(work, code)
    elif code.path[0] == PROPOSITION and len(code.path) == 4:
        if match := _STANCE.fullmatch(last):
            found = {"proposition_id": match[1], "stance": match[2]}
    elif (code.path[0], len(code.path)) not in {(BODY, 1), (BASIS, 1), (PROPOSITION, 1),
                                                (PROPOSITION, 2)}:  # fmt: skip
        work.lose(
            code.guid,
            "code",
            path,
            "nobody said what the code stands for",
            f"declare it: {CODES},{path},proposition_id,<id> (body_id, stance, basis)",
        )
    return found


def _named(work: _Import, code: Code, found: Mapping[str, str]) -> None:
    """Say the body or proposition that a declared code stands for, where the study has none."""
    place = f"{work.file}#{code.guid}"
    for table, key in (("bodies", "body_id"), ("propositions", "proposition_id")):
        if key in found and not work.ids.known(table, found[key]):
            name = code.path[-1]
            more = {"name": name} if table == "bodies" else {
                "label": name, "statement": code.description or name}  # fmt: skip
            said = work.carried.rows.get(table, [])
            if found[key] not in {row.cells[key] for row in said}:
                work.carried.say(table, {key: found[key], **more}, place)


def _proposition(work: _Import, code: Code) -> None:
    """Say a proposition: its theme above it, its id in the names of the stances below it."""
    below = [other.path[-1] for other in work.project.codes.values()
             if other.path[:-1] == code.path]  # fmt: skip
    named = {match[1] for name in below if (match := _STANCE.fullmatch(name))}
    found = next(iter(named)) if len(named) == 1 else _id(work, "propositions", code, code.path[2])
    cells = {"proposition_id": found, "theme": code.path[1], "label": code.path[2],
             "statement": code.description}  # fmt: skip
    work.carried.say("propositions", cells, f"{work.file}#{code.guid}")


def _id(work: _Import, table: str, code: Code, name: str) -> str:
    found = work.guids.get((table, code.guid))
    return found or work.ids.of(table, name, f"{work.file}#{code.guid}")


# --- selections ----------------------------------------------------------------------------


def _units(work: _Import, source: TextSource) -> list[_Unit]:
    """Gather each user's codes on each selection; list codes without meaning."""
    found = []
    for selection in source.selections:
        if not selection.codings:
            work.lose(selection.guid, "selection", "", "no code is applied to it")
        users: dict[str, list[Mapping[str, str]]] = {}
        for user, target in selection.codings:
            meaning = work.meanings.get(target)
            if meaning:
                users.setdefault(user, []).append(meaning)
            else:
                code = work.project.codes.get(target)
                work.lose(selection.guid, "code", "/".join(code.path) if code else target,
                          "the code says nothing on a body, proposition or stance")  # fmt: skip
        found += [_Unit(source, selection, user, tuple(codes)) for user, codes in users.items()]
    return found


def _rows(
    work: _Import, unit: _Unit, meanings: Sequence[Mapping[str, str]]
) -> list[dict[str, str]] | str:
    """Return the codings that codes on one stretch make together, or why they make none."""
    common: dict[str, str] = {}
    if body := work.ids.declared.own("sources", unit.source.name, "body_id"):
        common["body_id"] = body
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


def _pooled(work: _Import, waiting: Sequence[_Unit]) -> None:
    """Take the codes of one user on one stretch together; what is still no coding is listed."""
    places: dict[tuple[str, ...], list[_Unit]] = {}
    for unit in waiting:
        key = (unit.source.guid, unit.selection.start, unit.selection.end, unit.user)
        places.setdefault(key, []).append(unit)
    for units in places.values():
        meanings = [meaning for unit in units for meaning in unit.meanings]
        found = _rows(work, units[0], meanings)
        if isinstance(found, str):
            for unit in units:
                shown = "; ".join(" ".join(m.values()) for m in unit.meanings)
                work.lose(
                    unit.selection.guid,
                    "codes",
                    shown,
                    found,
                    "add the code in the program, or declare what its codes mean",
                )
        else:
            _say(work, units[0], found)


def _say(work: _Import, unit: _Unit, rows: list[dict[str, str]]) -> None:
    """Say the codings of a unit, with their phrase and their source."""
    selection, source = unit.selection, unit.source
    place = f"{work.file}#{selection.guid}"
    where: tuple[int, int] | str = source.why
    if source.text is not None:
        where = refi_reader.span(source.text, selection, work.trust)
    if isinstance(where, str) or source.text is None:
        work.lose(selection.guid, "selection", str(where), "its words are not known",
                  "correct it in the program, or import with --trust-offsets")  # fmt: skip
        return
    cut = phrase(source.text, *where, work.ids.declared.phrases.get(place, ""))
    if isinstance(cut, str):
        opening = " ".join(source.text[where[0] : where[1]].split()[:6])
        work.lose(
            selection.guid,
            "quote",
            f"{opening} …",
            cut,
            f"choose the words that carry the code in a file for --phrases: {place},<words>",
        )
        return
    cells = cut.cells()
    if source.description == PHRASES_ONLY:
        cells = {"quote": cut.quote}
    source_id = _source(work, source)
    coder = work.ids.coder(work.project.users.get(unit.user) or unit.user)
    if not source_id:
        return
    for row in rows:
        note = {"note": selection.description} if selection.description else {}
        said = row | cells | note | {"source_id": source_id, "coder": coder}
        work.codings.append((cut.start, selection.guid, said))


def _settle(work: _Import) -> None:
    """Say each coding once: the first of a coder's selections that say the same carries it.

    Where a coder has two stances on one proposition by one body in one source there is no one
    stance, and all are listed.
    """
    cells: dict[tuple[str, ...], list[tuple[str, dict[str, str]]]] = {}
    for _, number, said in sorted(work.codings, key=lambda coding: coding[:2]):
        key = tuple(said[c] for c in ("body_id", "proposition_id", "source_id", "coder"))
        cells.setdefault(key, []).append((number, said))
    for key, group in cells.items():
        if len({said["stance"].removeprefix("+") for _, said in group}) > 1:
            for number, said in group:
                work.lose(number, "stance", f"{' / '.join(key)}: {said['stance']}",
                          "the coder has another stance on this in the same source",
                          "decide in the program which of the selections holds")  # fmt: skip
            continue
        work.carried.say("codings", group[0][1], f"{work.file}#{group[0][0]}")
        for number, said in group[1:]:
            if said != group[0][1]:
                work.lose(number, "quote", said["quote"],
                          "an earlier selection says the same, and carries the coding")  # fmt: skip


def _source(work: _Import, source: TextSource) -> str:
    """Return a source's id; say the source once, with its text where the file holds it."""
    place = f"{work.file}#{source.guid}"
    found = work.guids.get(("sources", source.guid))
    found = found or work.ids.of("sources", source.name, place)
    if not found or found in work.said:
        return found
    work.said.add(found)
    cells = {"source_id": found}
    if not work.ids.known("sources", found):
        cells["title"] = source.name
    if source.description == PHRASES_ONLY:
        if "title" in cells:
            cells["text_seen"] = "opening"
    elif source.text is not None:
        raw = source.text.encode()
        work.carried.texts[found] = raw
        cells |= {"text_seen": "whole", "characters": str(len(source.text)),
                  "sha256": hashlib.sha256(raw).hexdigest()}  # fmt: skip
    work.carried.say("sources", cells, place, name=source.name)
    return found
