"""Codings from Discourse Network Analyzer: who agrees with which concept, in which document.

A statement there marks a stretch of a document and gives it an organisation, a concept and a
yes or no. Whether a yes is a +1 or a +2 is not in the file: it is declared. A stretch of more
than 25 words is not quoted; its words are chosen by a person, or it stays behind.
"""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections.abc import Iterable

from positions.exchange import offsets, statements
from positions.exchange.dna import reader as dna_reader
from positions.exchange.dna.reader import Contents, DnaDocument, Statement
from positions.exchange.ids import Ids, Name, distinct
from positions.exchange.imported import Carried, Place, one_line, tidy
from positions.exchange.mapping import NONE
from positions.exchange.offsets import UNDECLARED, DeclaredCounting, Ruler, Stretch
from positions.exchange.safe_sqlite import Refused
from positions.exchange.statements import Stated
from positions.study.csv_reader import allowed

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
    names: dict[str, Name]
    undeclared: set[str] = dataclasses.field(default_factory=set)

    @property
    def carried(self) -> Carried:
        """Where rows, losses and faults go."""
        return self.ids.carried

    def place(self, statement: Statement) -> Place:
        """Say where a statement stands."""
        return Place(f"{self.file}#STATEMENTS", statement.number)

    def source(self, document: int) -> str:
        """Return a document's id."""
        return self.ids.of("sources", self.names[str(document)],
                           Place(f"{self.file}#DOCUMENTS", document))  # fmt: skip


def import_dna(
    path: pathlib.Path,
    variables: Variables,
    ids: Ids,
    *,
    counts: DeclaredCounting = UNDECLARED,
) -> None:
    """Carry the statements of a `.dna` file over to the tables of a study.

    DNA counts UTF-16 units; whether it counts a line end of CR LF as one is not known, unless
    `counts` declares it. What is said, lost and wrong goes to `ids.carried`.
    """
    try:
        found = dna_reader.read_dna(path, allowed())
    except Refused as error:
        ids.carried.fault("dna-file", Place(path.name), "", str(error),
                          "name a .dna file of Discourse Network Analyzer 2 or 3")  # fmt: skip
        return
    for table, number in sorted(found.elsewhere.items()):
        if number:
            ids.carried.lose(Place(f"{path.name}#{table}"), f"{number} rows",
                             "a study has no place for it")  # fmt: skip
    titles = {str(number): one.title for number, one in found.documents.items()}
    work = _Import(path.name, found, variables, ids, distinct(titles))
    if kind := _kind(work):
        coded = [
            (statement, stance)
            for statement in found.statements
            if (stance := _stance(work, statement, kind)) is not None
        ]
        used = [one for one in statements.settle(_stated(work, coded, counts), work.carried)
                if _say(work, one)]  # fmt: skip
        _documents(work, {int(one.cell[2]) for one in used})
        _entities(work, variables.body, "bodies", {one.cell[0] for one in used})
        _entities(work, variables.proposition, "propositions", {one.cell[1] for one in used})


def _kind(work: _Import) -> str:
    """Return the type of statement to read; "" where none can be told, which is a fault."""
    wanted = {work.variables.body, work.variables.proposition, work.variables.stance}
    fit = [kind for kind, names in work.found.variables.items() if wanted <= set(names)]
    if work.variables.kind in fit or (len(fit) == 1 and not work.variables.kind):
        return work.variables.kind or fit[0]
    held = "; ".join(f"{k}: {', '.join(v)}" for k, v in work.found.variables.items())
    work.carried.fault(
        "dna-variables", Place(f"{work.file}#VARIABLES"), ", ".join(sorted(wanted)),
        "several types of statement have these variables" if fit else
        "no type of statement has these variables",
        f"name a type and its variables; the file has {held}",
    )  # fmt: skip
    return ""


def _stance(work: _Import, statement: Statement, kind: str) -> str | None:
    """Return a statement's code as declared; None where it stays behind, which is listed."""
    names, place = work.variables, work.place(statement)
    if statement.kind != kind:
        work.carried.lose(place, statement.kind, f"a statement of another type than {kind!r}")
        return None
    for name in (names.body, names.proposition, names.stance):
        if not one_line(statement.values.get(name, "")):
            work.carried.lose(place.at(name), "", f"the statement has no {name}", "code it in DNA")
            return None
    if statement.document not in work.found.documents:
        work.carried.lose(place.at("DocumentId"), str(statement.document),
                          "there is no such document")  # fmt: skip
        return None
    word = statement.values[names.stance]
    code = work.ids.declared.stances.get(word)
    if code is None and word not in work.undeclared:
        work.undeclared.add(word)
        work.carried.fault(
            "stance-undeclared", place.at(names.stance), word,
            "the file does not say how strong this is",
            f"declare its code: --stance {word}=CODE, from -2 to 2, or {word}={NONE}",
        )  # fmt: skip
    if code == NONE:
        work.carried.lose(place.at(names.stance), word, "declared to be no stance")
    return None if code == NONE else code


# --- statements ----------------------------------------------------------------------------


def _stated(
    work: _Import, coded: list[tuple[Statement, str]], counts: DeclaredCounting
) -> list[Stated]:
    """Return what each statement states, with the phrase that can be quoted of it."""
    rulers = {
        number: Ruler(work.found.documents[number].text)
        for number in {statement.document for statement, _ in coded}
    }
    stretches = [Stretch(rulers[s.document], s.start, s.stop) for s, _ in coded]
    # The program is written in Java: its strings are UTF-16, and a text has no mark in front.
    known = dataclasses.replace(
        counts, utf16=True if counts.utf16 is None else counts.utf16, mark=False
    )
    found = offsets.find_counting(stretches, known)
    if found.said:
        work.carried.note("offsets", Place(work.file), found.said,
                          "declare it with --offsets and --crlf if it is wrong")  # fmt: skip
    return [
        _one(work, statement, stance, offsets.place(stretch, found))
        for (statement, stance), stretch in zip(coded, stretches, strict=True)
    ]


def _one(work: _Import, statement: Statement, stance: str, where: tuple[int, int] | str) -> Stated:
    text = work.found.documents[statement.document].text
    source = work.names[str(statement.document)].name
    start, end = (0, 0) if isinstance(where, str) else where
    names = work.variables
    value = {name: one_line(text) for name, text in statement.values.items()}
    return Stated(
        cell=(value[names.body], value[names.proposition], str(statement.document),
              work.ids.coder(one_line(statement.coder))),
        stance=stance, place=work.place(statement), source=source, statement=text[start:end],
        phrase=where if isinstance(where, str) else
        statements.cut(text, start, end, source, work.ids.declared),
        at=start, cells=_note(statement, {names.body, names.proposition, names.stance}),
    )  # fmt: skip


def _note(statement: Statement, read: set[str]) -> dict[str, str]:
    """Return the other variables of a statement as its note."""
    rest = [f"{n}: {tidy(v)}" for n, v in sorted(statement.values.items()) if n not in read and v]
    return {"note": "; ".join(rest)} if rest else {}


def _say(work: _Import, stated: Stated) -> bool:
    """Say the coding that a statement carries; whether all its ids can be told."""
    body, concept, document, coder = stated.cell
    assert not isinstance(stated.phrase, str)
    cells = {
        "body_id": work.ids.of("bodies", body, stated.place),
        "proposition_id": work.ids.of("propositions", concept, stated.place),
        "source_id": work.source(int(document)),
    }
    if not all(cells.values()):
        return False
    cells |= {"coder": coder, "stance": stated.stance, **stated.phrase.cells(), **stated.cells}
    work.carried.say("codings", cells, stated.place)
    return True


# --- documents, organisations, concepts ----------------------------------------------------


def _documents(work: _Import, used: set[int]) -> None:
    for number, document in sorted(work.found.documents.items()):
        place = Place(f"{work.file}#DOCUMENTS", number)
        if number not in used:
            work.carried.lose(place.at("Title"), document.title, "no coding of it was carried")
            continue
        try:
            raw = document.text.encode("utf-8")
        except UnicodeEncodeError:
            work.carried.fault("encoding", place.at("Text"), document.title, "not UTF-8",
                               "export the file again")  # fmt: skip
            continue
        work.carried.texts[work.source(number)] = raw
        _document(work, document, raw, place)


def _document(work: _Import, document: DnaDocument, raw: bytes, place: Place) -> None:
    name = work.names[str(document.number)]
    cells = {
        "source_id": work.source(document.number), "title": name.shown,
        "published": document.published, "published_basis": BASIS_OF_DATE, "text_seen": "whole",
        "characters": str(len(document.text)), "sha256": hashlib.sha256(raw).hexdigest(),
    }  # fmt: skip
    for column, about in (("publisher", "Source"), ("kind", "Type")):
        if value := one_line(document.about[about]):
            cells[column] = value
    for about in ("Author", "Section", "Notes"):
        if document.about[about]:
            work.carried.lose(place.at(about), document.about[about],
                              "a source has no column for it")  # fmt: skip
    work.carried.say("sources", cells, place, name=name.name)


_ENTITIES = {
    "bodies": ("body_id", {"Type": "kind", "Notes": "about"}),
    "propositions": ("proposition_id", {"Type": "theme", "Notes": "note"}),
}
"""The key of a table, and the columns that hold what DNA's attributes say."""


def _entities(work: _Import, variable: str, table: str, used: Iterable[str]) -> None:
    """Say the organisations or concepts that are coded, with their attributes."""
    key, columns = _ENTITIES[table]
    place = Place(f"{work.file}#VARIABLES")
    attributes = {
        one_line(name): v for (of, name), v in work.found.entities.items() if of == variable
    }
    for name in sorted(set(attributes) - set(used)):
        if name:
            work.carried.lose(place.at(variable), name, "no coding of it was carried")
    for name in sorted(used):
        names = {"name": name} if table == "bodies" else {"label": name, "statement": name}
        cells = {key: work.ids.of(table, name, place), **names}
        for attribute, value in sorted(attributes.get(name, {}).items()):
            if value and attribute in columns:
                free = columns[attribute] in ("about", "note")
                cells[columns[attribute]] = tidy(value) if free else one_line(value)
            elif value:
                work.carried.lose(place.at(f"{variable}: {attribute}"), value,
                                  f"{table} has no column for it ({name})")  # fmt: skip
        work.carried.say(table, cells, place)
