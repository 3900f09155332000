"""Ids for what other tools only name: the same name gives the same id, wherever and whenever.

First what the analyst declared, then the study's own row of that name, then the name itself,
by rule. Two names that would share an id are an error, never one body.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from positions.exchange.imported import Carried
from positions.exchange.mapping import CODERS, Declared

LONGEST = 60
"""Characters an id made from a name may have; it is cut between words."""
KEYS = {"bodies": "body_id", "sources": "source_id", "propositions": "proposition_id"}
NAMES = {"bodies": ("name",), "sources": ("title",), "propositions": ("label", "statement")}


def id_from(name: str) -> str:
    """Make an id from a name: small letters and digits, everything else a hyphen.

    Letters of every script stay; accents go where a letter can do without (NFKD). The rule is
    part of the format: changing it would give an old name a new id.

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
        self.named: dict[str, dict[str, set[str]]] = {table: {} for table in KEYS}
        self.ids: dict[str, set[str]] = {table: set() for table in KEYS}
        self.names: dict[tuple[str, str], set[str]] = {}
        self.made: dict[tuple[str, str], str] = {}
        self.given: dict[tuple[str, str], str] = {}
        for table, key in KEYS.items():
            for row in known.get(table, ()):
                self.ids[table].add(row[key])
                for column in NAMES[table]:
                    name = _plain(row[column])
                    self.named[table].setdefault(name, set()).add(row[key])
                    self.names.setdefault((table, row[key]), set()).add(name)

    def of(self, table: str, name: str, file: str, line: int = 0, shown: str = "") -> str:
        """Return the id of a name; "" where there can be none, which is then a fault.

        `shown` is the name as the study has it, where several share it and `name` tells them
        apart.
        """
        if (table, name) not in self.given:
            self.given[table, name] = self._find(table, name, shown or name, (file, line))
        return self.given[table, name]

    def known(self, table: str, found: str) -> bool:
        """Say whether the study has a row of this id already."""
        return found in self.ids[table]

    def coder(self, name: str) -> str:
        """Return a coder's name in the study: declared, or as it is."""
        return self.declared.own(CODERS, name, "coder") or name

    def _find(self, table: str, name: str, shown: str, place: tuple[str, int]) -> str:
        if declared := self.declared.own(table, name, KEYS[table]):
            return declared
        fix = f"declare it: {table},<name>,{KEYS[table]},<id>"
        if name in self.ids[table]:
            return name
        owners = self.named[table].get(_plain(name), set())
        if len(owners) > 1:
            self.carried.fault(
                "name-shared", *place, KEYS[table], name,
                f"the study has several of this name: {', '.join(sorted(owners))}", fix,
            )  # fmt: skip
            return ""
        if owners:
            return next(iter(owners))
        made = id_from(name)
        first = self.made.setdefault((table, made), name)
        if not made:
            what = "no letter or digit to make an id from"
        elif _plain(shown) in self.names.get((table, made), set()):
            return made
        elif made in self.ids[table]:
            what = f"the id made from it, {made}, is another row's in the study"
        elif first != name:
            what = f"the id made from it, {made}, is also made from {first!r}"
        else:
            return made
        self.carried.fault("id-collision", *place, KEYS[table], name, what, fix)
        return ""


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
