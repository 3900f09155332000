"""Codings from Discourse Network Analyzer: who agrees with which concept, in which document.

A statement there marks a stretch of a document and gives it an organisation, a concept and a
yes or no. Whether a yes is a +1 or a +2 is not in the file: it is declared. A stretch of more
than 25 words is not quoted; its words are chosen by a person, or it stays behind.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections import Counter
from collections.abc import Iterable

from positions.exchange.dna import reader as dna_reader
from positions.exchange.dna.reader import Contents, Document, Statement
from positions.exchange.ids import Ids
from positions.exchange.imported import Carried
from positions.exchange.mapping import NONE
from positions.exchange.offsets import Phrase, from_utf16, phrase
from positions.exchange.safe_sqlite import Refused
from positions.study.csv_reader import ReadLimits

BASIS_OF_DATE = "inferred: the date entered in Discourse Network Analyzer"


@dataclasses.dataclass(frozen=True)
class Variables:
    """Which variables of a statement hold the body, the proposition and the stance."""

    body: str = "organization"
    proposition: str = "concept"
    stance: str = "agreement"
    kind: str = ""
    """The type of statement, where several have all three variables."""


@dataclasses.dataclass
class _Import:
    """One import under way: the file's name and contents, and where it is carried to."""

    file: str
    found: Contents
    variables: Variables
    ids: Ids
    carried: Carried
    titles: Counter[str]
    undeclared: set[str] = dataclasses.field(default_factory=set)

    def place(self, statement: Statement) -> tuple[str, int]:
        """Say where a statement stands."""
        return f"{self.file}#STATEMENTS", statement.number

    def lose(self, statement: Statement, column: str, value: str, why: str, fix: str = "") -> None:
        """List a statement that stays behind."""
        self.carried.lose(*self.place(statement), column, value, why, fix)


Key = tuple[str, str, int, str]


def import_dna(
    path: pathlib.Path, variables: Variables, ids: Ids, limits: ReadLimits | None = None
) -> None:
    """Carry the statements of a `.dna` file over to the tables of a study.

    Two statements of one coder on one concept by one body in one document are one coding here:
    the first that can be quoted carries it, the others are listed. Where they contradict each
    other there is no one stance, and all are listed.

    Parameters
    ----------
    path
        The file, of version 2 or 3.
    variables
        What holds the body, the proposition and the stance.
    ids
        The ids of names, with what was declared, and where rows, losses and faults go.
    """
    carried = ids.carried
    try:
        found = dna_reader.read_dna(path, limits or ReadLimits())
    except Refused as error:
        carried.fault("dna-file", path.name, 0, "", "", str(error),
                      "name a .dna file of Discourse Network Analyzer 2 or 3")  # fmt: skip
        return
    titles = Counter(document.title for document in found.documents.values())
    for table, number in sorted(found.elsewhere.items()):
        if number:
            carried.lose(f"{path.name}#{table}", 0, "", f"{number} rows",
                         "a study has no place for it")  # fmt: skip
    work = _Import(path.name, found, variables, ids, carried, titles)
    kind = _kind(work)
    if not kind:
        return
    groups: dict[Key, list[tuple[Statement, str]]] = {}
    for statement in found.statements:
        if statement.kind != kind:
            work.lose(statement, "", statement.kind, f"a statement of another type than {kind!r}")
        elif (stance := _stance(work, statement)) is not None:
            value = statement.values
            key = (value[variables.body], value[variables.proposition], statement.document,
                   statement.coder)  # fmt: skip
            groups.setdefault(key, []).append((statement, stance))
    used = [key for key, group in groups.items() if _coding(work, key, group)]
    _documents(work, {key[2] for key in used})
    _entities(work, variables.body, "bodies", {key[0] for key in used})
    _entities(work, variables.proposition, "propositions", {key[1] for key in used})


def _kind(work: _Import) -> str:
    """Return the type of statement to read; "" where none can be told, which is a fault."""
    wanted = {work.variables.body, work.variables.proposition, work.variables.stance}
    fit = [kind for kind, names in work.found.variables.items() if wanted <= set(names)]
    if work.variables.kind in fit or (len(fit) == 1 and not work.variables.kind):
        return work.variables.kind or fit[0]
    held = "; ".join(f"{k}: {', '.join(v)}" for k, v in work.found.variables.items())
    work.carried.fault(
        "dna-variables", f"{work.file}#VARIABLES", 0, "", ", ".join(sorted(wanted)),
        "several types of statement have these variables" if fit else
        "no type of statement has these variables",
        f"name a type and its variables; the file has {held}",
    )  # fmt: skip
    return ""


def _stance(work: _Import, statement: Statement) -> str | None:
    """Return a statement's code as declared; None where it stays behind, which is listed."""
    names = work.variables
    for name in (names.body, names.proposition, names.stance):
        if not statement.values.get(name):
            work.lose(statement, name, "", f"the statement has no {name}", "code it in DNA")
            return None
    if statement.document not in work.found.documents:
        work.lose(statement, "DocumentId", str(statement.document), "there is no such document")
        return None
    word = statement.values[names.stance]
    code = work.ids.declared.stances.get(word)
    if code is None:
        if word not in work.undeclared:
            work.undeclared.add(word)
            work.carried.fault(
                "stance-undeclared", *work.place(statement), names.stance, word,
                "the file does not say how strong this is",
                f"declare its code: --stance {word}=CODE, from -2 to 2, or {word}={NONE}",
            )  # fmt: skip
        return None
    if code == NONE:
        work.lose(statement, names.stance, word, "declared to be no stance")
        return None
    return code


def _coding(work: _Import, key: Key, group: list[tuple[Statement, str]]) -> bool:
    """Say the coding that a group of statements makes; whether there is one."""
    if len({stance for _, stance in group}) > 1:
        for statement, stance in group:
            work.lose(statement, work.variables.stance, stance,
                      "the coder has another stance on this in the same document",
                      "decide in DNA which of the statements holds")  # fmt: skip
        return False
    document = work.found.documents[key[2]]
    said = False
    for statement, stance in sorted(group, key=lambda pair: (pair[0].start, pair[0].number)):
        found = _phrase(work, document, statement)
        if isinstance(found, str):
            work.lose(
                statement, "quote", _opening(document, statement), found,
                "choose the words that carry the code in a file for --phrases: "
                f"{work.file}#STATEMENTS:{statement.number},<words>",
            )  # fmt: skip
        elif said:
            work.lose(statement, "quote", found.quote,
                      "an earlier statement says the same, and carries the coding")  # fmt: skip
        else:
            said = _say(work, key, statement, stance, found)
    return said


def _phrase(work: _Import, document: Document, statement: Statement) -> Phrase | str:
    text = document.text
    start, end = from_utf16(text, statement.start), from_utf16(text, statement.stop)
    if start is None or end is None:
        return f"{statement.start}-{statement.stop} is no place in the document's text"
    if "\r" in text[:end]:
        return "the text holds carriage returns: which characters DNA counted cannot be told"
    where = f"{work.file}#STATEMENTS:{statement.number}"
    return phrase(text, start, end, work.ids.declared.phrases.get(where, ""))


def _opening(document: Document, statement: Statement) -> str:
    """Quote enough of a statement to know it by."""
    text = document.text
    start, end = from_utf16(text, statement.start), from_utf16(text, statement.stop)
    words = text[start:end].split() if start is not None and end is not None else []
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")


def _say(work: _Import, key: Key, statement: Statement, stance: str, found: Phrase) -> bool:
    body, concept, number, coder = key
    document = work.found.documents[number]
    names = {work.variables.body, work.variables.proposition, work.variables.stance}
    rest = [f"{n}: {v}" for n, v in sorted(statement.values.items()) if n not in names and v]
    ids = (
        work.ids.of("bodies", body, *work.place(statement)),
        work.ids.of("propositions", concept, *work.place(statement)),
        _source(work, document),
    )
    if not all(ids):
        return False
    cells = dict(zip(("body_id", "proposition_id", "source_id"), ids, strict=True))
    cells |= {"coder": work.ids.coder(coder), "stance": stance, **found.cells()}
    if rest:
        cells["note"] = "; ".join(rest)
    work.carried.say("codings", cells, *work.place(statement))
    return True


# --- documents, organisations, concepts ----------------------------------------------------


def _name(work: _Import, document: Document) -> str:
    """Name a document by its title; where several share it, with its number."""
    shared = work.titles[document.title] > 1
    return f"{document.title} [{document.number}]" if shared else document.title


def _source(work: _Import, document: Document) -> str:
    """Return a document's id."""
    place = (f"{work.file}#DOCUMENTS", document.number)
    return work.ids.of("sources", _name(work, document), *place, shown=document.title)


def _documents(work: _Import, used: set[int]) -> None:
    for number, document in sorted(work.found.documents.items()):
        place = (f"{work.file}#DOCUMENTS", number)
        if number not in used:
            work.carried.lose(*place, "Title", document.title, "no coding of it was carried")
            continue
        source_id = _source(work, document)
        try:
            raw = document.text.encode("utf-8")
        except UnicodeEncodeError:
            work.carried.fault("encoding", *place, "Text", document.title, "not UTF-8",
                               "export the file again")  # fmt: skip
            continue
        work.carried.texts[source_id] = raw
        cells = {
            "source_id": source_id, "title": document.title, "published": document.published,
            "published_basis": BASIS_OF_DATE, "text_seen": "whole",
            "characters": str(len(document.text)), "sha256": hashlib.sha256(raw).hexdigest(),
        }  # fmt: skip
        for column, name in (("publisher", "Source"), ("kind", "Type")):
            if document.about[name]:
                cells[column] = document.about[name]
        for name in ("Author", "Section", "Notes"):
            if document.about[name]:
                work.carried.lose(*place, name, document.about[name],
                                  "a source has no column for it")  # fmt: skip
        work.carried.say("sources", cells, *place, name=_name(work, document))


def _entities(work: _Import, variable: str, table: str, used: Iterable[str]) -> None:
    """Say the organisations or concepts that are coded, with their attributes."""
    key, kind, note = {
        "bodies": ("body_id", "kind", "about"),
        "propositions": ("proposition_id", "theme", "note"),
    }[table]
    place = (f"{work.file}#VARIABLES", 0)
    attributes = {name: v for (of, name), v in work.found.entities.items() if of == variable}
    for name in sorted(set(attributes) - set(used)):
        if name:
            work.carried.lose(*place, variable, name, "no coding of it was carried")
    for name in sorted(used):
        found = attributes.get(name, {})
        names = {"name": name} if table == "bodies" else {"label": name, "statement": name}
        cells = {key: work.ids.of(table, name, *place), **names}
        for attribute, value in sorted(found.items()):
            column = {"Type": kind, "Notes": note}.get(attribute)
            if value and column:
                cells[column] = value
            elif value:
                work.carried.lose(*place, f"{variable}: {attribute}", value,
                                  f"{table} has no column for it ({name})")  # fmt: skip
        work.carried.say(table, cells, *place)
