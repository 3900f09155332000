"""What codes and cases in other programs stand for: declared, or told by the order we write.

Which code means which proposition, body or stance is known to its user alone. Codes in the order
that `exporter` writes are understood; any other code is declared: by its path or guid, or all at
once where codes of one name are a stance on what the code above them names.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import Counter
from collections.abc import Mapping

from positions.exchange.ids import Ids, Name, distinct
from positions.exchange.imported import Carried, Place, one_line, tidy
from positions.exchange.mapping import CASES, CODES, NONE, VARIABLES
from positions.exchange.refi_qda.exporter import BASIS, BODY, PROPOSITION, guid
from positions.exchange.refi_qda.reader import Case, Project, QdaCode

_STANCE = re.compile(r"(.+) ([+-][12]|0)")
_COLUMNS = ("body_id", "proposition_id", "stance", "basis")
_CONTAINERS = {(BODY, 1), (BASIS, 1), (PROPOSITION, 1), (PROPOSITION, 2)}
Meaning = Mapping[str, str]
"""What a code says: some of `body_id`, `proposition_id`, `stance`, `basis`."""


@dataclasses.dataclass
class Codebook:
    """The codes of a project, with their meanings by guid."""

    file: str
    project: Project
    ids: Ids
    meanings: dict[str, Meaning] = dataclasses.field(default_factory=dict)
    names: dict[str, Name] = dataclasses.field(default_factory=dict)
    guids: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)

    @property
    def carried(self) -> Carried:
        """Where rows, losses and faults go."""
        return self.ids.carried

    @functools.cached_property
    def above_stances(self) -> set[str]:
        """The guids of codes under which a code has the name of a declared stance."""
        codes, words = self.project.codes.values(), self.ids.declared.stances
        return {code.above for code in codes if code.path[-1] in words}

    def place(self, guid: str) -> Place:
        """Say where something stands in the file."""
        return Place(f"{self.file}#{guid}")


def read_codes(file: str, project: Project, ids: Ids) -> Codebook:
    """Tell what every code stands for; say the bodies and propositions that codes are."""
    book = Codebook(file, project, ids)
    book.guids = {(table, guid(table, one)): one for table, known in ids.ids.items()
                  for one in known}  # fmt: skip
    book.names = distinct({one.guid: one.path[-1] for one in project.codes.values()})
    shared = Counter("/".join(one.path) for one in project.codes.values())
    for code in sorted(project.codes.values(), key=lambda code: (code.path, code.guid)):
        path = "/".join(code.path)
        if shared[path] > 1 and any(ids.declared.own(CODES, c, path) for c in _COLUMNS):
            book.carried.fault("code-shared", book.place(code.guid), path,
                               f"{shared[path]} codes have this path",
                               f"declare each by its guid: {CODES},{code.guid},...")  # fmt: skip
        book.meanings[code.guid] = _meaning(book, code)
    return book


def _meaning(book: Codebook, code: QdaCode) -> Meaning:
    """Tell what a code stands for: as declared, by its place, or as a stance on the code above."""
    path, last, top = "/".join(code.path), code.path[-1], (code.path[0], len(code.path))
    declared = book.ids.declared
    if found := {c: v for c in _COLUMNS if (v := declared.own(CODES, c, path, code.guid))}:
        _say_named(book, code, found)
        return found
    if top == (BODY, 2):
        return _body(book, code)
    if top == (BASIS, 2):
        return {"basis": last}
    if top == (PROPOSITION, 3):
        _proposition(book, code)
        return {}
    if top == (PROPOSITION, 4) and (match := _STANCE.fullmatch(last)):
        return {"proposition_id": match[1], "stance": match[2]}
    if last in declared.stances:
        return _stance_on(book, code, declared.stances[last])
    if top not in _CONTAINERS and code.guid not in book.above_stances:
        book.carried.lose(
            book.place(code.guid).at("code"), path, "nobody said what the code stands for",
            f"declare it: {CODES},{path},proposition_id,<id> (body_id, stance, basis)",
        )  # fmt: skip
    return {}


def _body(book: Codebook, code: QdaCode) -> Meaning:
    found = {"body_id": _id(book, "bodies", code)}
    about = {"about": tidy(code.description)} if code.description.strip() else {}
    book.carried.say("bodies", {**found, "name": code.path[-1], **about}, book.place(code.guid),
                     name=book.names[code.guid].name, key=code.guid)  # fmt: skip
    return found


def _stance_on(book: Codebook, code: QdaCode, stance: str) -> Meaning:
    """Take a code as a declared stance on the proposition that the code above it names."""
    if stance == NONE:
        book.carried.lose(book.place(code.guid).at("code"), "/".join(code.path),
                          "declared to be no stance")  # fmt: skip
        return {}
    above = book.project.codes.get(code.above)
    if above is None:
        return {"stance": stance}
    declared = book.ids.declared.own(CODES, "proposition_id", "/".join(above.path), above.guid)
    found = declared or _id(book, "propositions", above)
    _say_named(book, above, {"proposition_id": found})
    return {"proposition_id": found, "stance": stance}


def _say_named(book: Codebook, code: QdaCode, found: Meaning) -> None:
    """Say the body or proposition that a code stands for, where nobody has said it."""
    name, description = code.path[-1], tidy(code.description)
    rows: dict[str, dict[str, str]] = {
        "bodies": {"name": name},
        "propositions": {"label": name, "statement": one_line(description) or name},
    }
    if len(code.path) > 1:
        rows["propositions"]["theme"] = code.path[-2]
    for table, key in (("bodies", "body_id"), ("propositions", "proposition_id")):
        said = {row.cells[key] for row in book.carried.rows.get(table, [])}
        if found.get(key) and not book.ids.known(table, found[key]) and found[key] not in said:
            book.carried.say(table, {key: found[key], **rows[table]}, book.place(code.guid),
                             name=book.names[code.guid].name, key=code.guid)  # fmt: skip


def _proposition(book: Codebook, code: QdaCode) -> None:
    """Say a proposition: its theme above it, its id in the names of the stances below it."""
    below = [other.path[-1] for other in book.project.codes.values() if other.above == code.guid]
    named = {match[1] for name in below if (match := _STANCE.fullmatch(name))}
    found = next(iter(named)) if len(named) == 1 else _id(book, "propositions", code)
    cells = {"proposition_id": found, "theme": code.path[1], "label": code.path[2],
             "statement": one_line(code.description)}  # fmt: skip
    book.carried.say("propositions", cells, book.place(code.guid))


def _id(book: Codebook, table: str, code: QdaCode) -> str:
    found = book.guids.get((table, code.guid))
    return found or book.ids.of(table, book.names[code.guid], book.place(code.guid))


# --- cases ---------------------------------------------------------------------------------


Speakers = Mapping[str, frozenset[str]]
"""Who speaks in which source or selection, by guid: the bodies that cases stand for."""


def read_cases(book: Codebook, every: bool, variable: str) -> Speakers:
    """Tell who speaks where: cases, or the value of one of their variables.

    With `every`, every case is a body; else only those that are declared. The value of `variable`
    names the body; without one, the case itself is the body.
    """
    found: dict[str, set[str]] = {}
    names = distinct({case.guid: case.name for case in book.project.cases})
    for case in book.project.cases:
        if body := _speaker(book, case, names[case.guid], every, variable):
            for referred in case.refers_to:
                found.setdefault(referred, set()).add(body)
    for source in book.project.sources:
        if variable and (name := one_line(source.values.get(variable, ""))):
            body = say_body(book, Name(name, name), book.place(source.guid))
            found.setdefault(source.guid, set()).add(body)
    return {where: frozenset(bodies) for where, bodies in found.items()}


def _speaker(book: Codebook, case: Case, name: Name, every: bool, variable: str) -> str:
    """Return the body that a case stands for; "" where it stands for none, which is listed."""
    place, cells = book.place(case.guid), dict[str, str]()
    declared = book.ids.declared.own(CASES, "body_id", name.name, case.guid)
    if variable:
        value = one_line(case.values.get(variable, ""))
        name = Name(value, value)
    if declared == NONE or not name.name or not (every or declared or variable):
        book.carried.lose(place.at("Case"), case.name, "not declared to be a body",
                          f"import with --cases, or declare it: {CASES},{case.name},body_id,<id>"
                          )  # fmt: skip
        return ""
    if case.description.strip():
        cells["about"] = tidy(case.description)
    for which, value in sorted(case.values.items()):
        if column := book.ids.declared.own(VARIABLES, "bodies", which):
            cells[column] = one_line(value)
        elif which != variable:
            book.carried.lose(place.at(f"variable {which}"), value, "a body has no column for it",
                              f"declare one: {VARIABLES},{which},bodies,kind")  # fmt: skip
    return say_body(book, name, place, declared, cells)


def say_body(
    book: Codebook, name: Name, place: Place, declared: str = "",
    more: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """Say a body once; return its id."""
    found = declared or book.ids.of("bodies", name, place)
    said = {row.cells["body_id"] for row in book.carried.rows.get("bodies", [])}
    if found and found not in said:
        cells = {"body_id": found, "name": name.shown, **(more or {})}
        if book.ids.known("bodies", found) or not name.shown:
            cells.pop("name")
        book.carried.say("bodies", cells, place, name=name.name, key=name.key)
    return found
