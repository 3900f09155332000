"""Ids for what other tools only name: the same name gives the same id, wherever and whenever.

First what the analyst declared, then the study's own row of that name, then the name itself,
by rule. Two names that would share an id are an error, never one body; what shares a name, and
is told apart by a key of its own in the file, keeps its own id.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

from positions.exchange.imported import Carried, Place
from positions.exchange.mapping import CODERS, Declared
from positions.study import suggestions
from positions.study.fields import Column, Fault, cell

LONGEST = 60
"""Characters an id made from a name may have; it is cut between words."""
_ID = Column("body_id", "string", required=True)
_SHORT = 8
"""Characters of a key that tell apart what shares a name."""
KEYS = {"bodies": "body_id", "sources": "source_id", "propositions": "proposition_id"}


def id_from(name: str) -> str:
    """Make an id from a name: small letters and digits, everything else a hyphen.

    Letters of every script stay; accents go where a letter can do without (NFKD). A name that
    leaves no id which a study takes gives "". The rule is part of the format: changing it would
    give an old name a new id.

    >>> id_from("  NHS Providers (England) ")
    'nhs-providers-england'
    >>> id_from("Société d'Énergie")
    'societe-d-energie'
    """
    spread = unicodedata.normalize("NFKD", name)
    bare = "".join(char for char in spread if not unicodedata.combining(char)).casefold()
    plain = unicodedata.normalize("NFC", "".join(c if c.isalnum() else "-" for c in bare))
    words = [word for word in plain.split("-") if word]
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        found = longer
    return "" if isinstance(cell(found, _ID), Fault) else found


@dataclasses.dataclass(frozen=True)
class Name:
    """What another tool calls something.

    `name` tells it apart from all others of its table in the file; `shown` is what the study
    calls it; `key` its key in the file, by which it can be declared, too; `made` the id it gets
    where nobody knows it.
    """

    name: str
    shown: str
    key: str = ""
    made: str = ""


def distinct(names: Mapping[str, str]) -> dict[str, Name]:
    """Tell apart what shares a name: by the beginning of its key, in brackets.

    >>> distinct({"1": "Letter", "2": "Letter", "3": "Speech"})["2"].name
    'Letter [2]'
    """
    plain = {key: suggestions.plain(name) for key, name in names.items()}
    times = Counter(plain.values())
    short = Counter((name, key[:_SHORT]) for key, name in plain.items())
    found = {}
    for key, name in plain.items():
        if times[name] == 1:
            found[key] = Name(name, name, key)
            continue
        part = key[:_SHORT] if short[name, key[:_SHORT]] == 1 else key
        made = id_from(name)[: LONGEST - len(part)].rstrip("-")
        found[key] = Name(f"{name} [{part}]", name, key, f"{made}-{id_from(part)}".strip("-"))
    return found


class Ids:
    """The ids of one import: `of` gives each name's, and remembers who has which.

    Parameters
    ----------
    known
        The study's own rows, by table.
    declared
        What the analyst declared: `bodies`, a name, `body_id`, the id.
    carried
        Where faults go.
    """

    def __init__(
        self,
        known: Mapping[str, Iterable[Mapping[str, str]]],
        declared: Declared,
        carried: Carried,
    ):
        self.declared = declared
        self.carried = carried
        self.coders = {
            row["coder"] for table in ("codings", "coders") for row in known.get(table, ())
        }
        self.named: dict[str, dict[str, set[str]]] = {table: {} for table in KEYS}
        self.ids: dict[str, set[str]] = {table: set() for table in KEYS}
        self.rows = {table: list(known.get(table, ())) for table in KEYS}
        self.made: dict[tuple[str, str], str] = {}
        self.given: dict[tuple[str, str], str] = {}
        for table, key in KEYS.items():
            for row in self.rows[table]:
                self.ids[table].add(row[key])
                for column in suggestions.NAMES[table]:
                    name = suggestions.plain(row[column])
                    self.named[table].setdefault(name, set()).add(row[key])

    def of(self, table: str, name: Name | str, place: Place) -> str:
        """Return the id of a name; "" where there can be none, which is then a fault."""
        if isinstance(name, str):
            name = Name(name, name)
        if (table, name.name) not in self.given:
            self.given[table, name.name] = self._find(table, name, place.at(KEYS[table]))
        return self.given[table, name.name]

    def known(self, table: str, found: str) -> bool:
        """Say whether the study has a row of this id already."""
        return found in self.ids[table]

    def coder(self, name: str) -> str:
        """Return a coder's name in the study: declared, or as it is."""
        return self.declared.own(CODERS, "coder", name) or name

    def _find(self, table: str, name: Name, place: Place) -> str:
        key = KEYS[table]
        if declared := self.declared.own(table, key, name.name, name.key):
            return declared
        if name.name in self.ids[table]:
            return name.name
        made = name.made or id_from(name.name)
        if name.shown and made in self._owners(table, name.shown):
            return made
        what = self._shared(table, name)
        owners = self._owners(table, name.name)
        if owners and not what:
            return next(iter(owners))
        first = self.made.setdefault((table, made), name.name)
        if what:
            pass
        elif not made:
            what = "no id can be made from it"
        elif made in self.ids[table]:
            what = f"the id made from it, {made}, is another row's in the study"
        elif first != name.name:
            what = f"the id made from it, {made}, is also made from {first!r}"
        else:
            return made
        self.carried.fault("id-collision", place, name.name, what,
                           f"declare it: {table},{name.key or '<name>'},{key},<id>")  # fmt: skip
        return ""

    def _shared(self, table: str, name: Name) -> str:
        """Say why a name does not tell which row of the study it is; "" where it does."""
        owners = self._owners(table, name.name)
        if len(owners) > 1:
            return f"the study has several of this name: {', '.join(sorted(owners))}"
        one = id_from(name.shown)
        if name.name != name.shown and one in self._owners(table, name.shown):
            return f"the file has several of this name, and the study has {one}"
        return ""

    def _owners(self, table: str, name: str) -> set[str]:
        """Return the ids of the study's rows of this name."""
        return self.named[table].get(suggestions.plain(name), set())

    def exactly(self, table: str, value: str) -> str:
        """Return the id whose name or label this is, whatever its capitals; "" for none or two."""
        return suggestions.exactly(value, self._by_name(table))

    def meant(self, table: str, value: str) -> str:
        """Return the id that a name, or a slip of the key, stands for; "" where none is near.

        >>> Ids({"bodies": [{"body_id": "lga", "name": "L.G.A."}]}, Declared(), Carried()).meant(
        ...     "bodies", "l.g.a")
        'lga'
        """
        return suggestions.nearest(value, self._by_name(table))

    def _by_name(self, table: str) -> dict[str, str]:
        return suggestions.by_name(table, self.ids[table], KEYS[table], self.rows[table])
