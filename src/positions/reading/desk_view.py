"""What the workbench shows of a desk: plain values that become JSON, and nothing else.

Of a cell that is still to be checked it holds the text, the statement and the rulings. A test
plants a secret in every reading of a study and looks for it here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from positions.auditing.frame import Cell
from positions.reading import codebook
from positions.reading.adding import MOST
from positions.reading.coding import key
from positions.reading.desk import CHECK, CODE, DECIDE, Desk
from positions.reading.facts import ASKED, MAY_SAY
from positions.reading.queues import CellQueue
from positions.reading.stored_texts import StoredText
from positions.words import plural

View = dict[str, Any]
_ABOUT = ("title", "publisher", "published", "kind", "text_seen", "url")


class Screen:
    """The views of one desk; names and codebook are looked up once."""

    def __init__(self, desk: Desk):
        self._desk, study = desk, desk.study
        self._sources: pd.DataFrame | None = None
        self._bodies = dict(zip(study.bodies["body_id"], study.bodies["name"], strict=True))
        self._entries = codebook.entries(study)
        self._labels = {entry.proposition_id: entry.label for entry in self._entries}
        self._general = codebook.general(study)

    def answer(self, asked: Mapping[str, Any]) -> View:
        """Do an act on the desk; return what became of it and what is to be shown.

        Parameters
        ----------
        asked
            The act, its number `n`, and in `has` the ids of the text and the codebook that the
            screen has already.

        Returns
        -------
        dict
            What `Desk.act` returns; `n`; `view`; and `text` and `codebook`, each with its `id`,
            unless the screen has them.
        """
        desk = self._desk
        found = desk.act(asked)
        shown = {"n": asked.get("n"), **found}
        if "phrase" in found:
            return shown
        text = desk.text
        there = asked.get("has")
        has = there if isinstance(there, list) else []
        shown["view"] = self._view(text)
        if (name := _text_id(text)) not in has:
            shown["text"] = {"id": name, "text": text.text}
        if "codebook" not in has:
            shown["codebook"] = self._codebook()
        return shown

    def _codebook(self) -> View:
        return {
            "id": "codebook",
            "general": self._general,
            "bodies": [[name, told] for name, told in self._bodies.items()],
            "propositions": [
                {"id": e.proposition_id, "theme": e.theme, "label": e.label, "kind": e.kind,
                 "statement": e.statement, "rulings": list(e.rulings)}
                for e in self._entries
            ],
        }  # fmt: skip

    def _view(self, text: StoredText) -> View:
        desk = self._desk
        queue = {CODE: self._code, CHECK: self._check, DECIDE: self._decide}[desk.queue]
        return {
            "coder": desk.coder, "study": desk.study.title, "queue": desk.queue,
            "queues": self._queues(), "text_id": _text_id(text), "source": self._source(text),
            "folder": str(desk.own.folder), **queue(),
        }  # fmt: skip

    def _queues(self) -> list[View]:
        desk = self._desk
        checks, decisions = desk.checks.waiting, desk.deciding.waiting
        # How many cells are in dispute says something of those that are still to be checked.
        undecided = "" if checks else plural(len(decisions), "cell")
        return [
            {"id": CODE, "label": "Code", "left": plural(len(desk.coding.waiting), "text")},
            {"id": CHECK, "label": "Check", "left": plural(len(checks), "cell")},
            {"id": DECIDE, "label": "Decide", "left": undecided},
        ]

    def _source(self, text: StoredText) -> View:
        told = self._about(text.source_id)
        coding = self._desk.queue == CODE and text.source_id
        problem = (coding and self._desk.coding.lacks(text.source_id)) or text.problem
        typed = bool(coding) and self._desk.coding.types(text.source_id)
        return {"id": text.source_id, "problem": problem, "typed": typed, **told}

    def _about(self, source_id: str) -> dict[str, str]:
        """Return what is known of a source; its columns are empty where there is none."""
        mine = self._desk.study.sources
        if mine is not self._sources:  # sources may be added while the desk is open
            self._sources = mine
            self._rows = mine.set_index("source_id")[list(_ABOUT)].to_dict("index")
        about = self._rows.get(source_id, {})
        return {name: str(about.get(name, "")) for name in _ABOUT}

    def _adding(self) -> View:
        """Return the form by which a document is added: its fields, and what the study has so far.

        Each field has its column, what it is to be, and values to choose from.
        """
        study = self._desk.study
        known = {
            "published_basis": ["shown", "inferred: "],
            "kind": sorted(set(study.sources["kind"])),
            "phase": list(study.phases) or sorted(set(study.sources["phase"])),
            "text_seen": ["whole", "opening"],
            "follows": list(study.sources["source_id"]),
        }
        said = {**ASKED, **MAY_SAY, "source_id": "its id in the study (body and date)"}
        return {
            "most": MOST,
            "fields": [
                {"name": name, "label": name.replace("_", " ").capitalize(), "what": what,
                 "needed": name in ASKED, "known": known.get(name, [])}
                for name, what in said.items()
            ],
        }  # fmt: skip

    # --- the three queues ------------------------------------------------------------------

    def _code(self) -> View:
        coding = self._desk.coding
        here, finished = coding.source, coding.finished
        rows = coding.rows(here) if here else []
        known = set(coding.pieces)
        every = [row for row in self._desk.own.rows("codings") if row["source_id"] in known]
        of = Counter(row["source_id"] for row in every)
        per = Counter((row["proposition_id"], row["source_id"]) for row in every)
        told = Counter(name for name, _ in per)
        notices = []
        if lack := len(known) - len(coding.stored):
            notices.append(f"{plural(lack, 'source')} of the study without a stored text: behind "
                           "the others in this queue.")  # fmt: skip
        return {
            "items": [
                {"id": name, "label": f"{name}: {self._about(name)['title']}",
                 "done": name in finished, "here": name == here}
                for name in coding.pieces
            ],
            "progress": (
                f"{len(finished & known)} of {plural(len(known), 'text')} finished; "
                f"{plural(len(every), 'phrase')} coded, {len(rows)} in this text."
            ),
            "by_source": [
                [name, plural(of[name], "phrase") + (", finished" if name in finished else "")]
                for name in coding.pieces if name in coding.stored or of[name]
            ],
            "by_proposition": [
                [label, plural(told[name], "text")] for name, label in self._labels.items()
            ],
            "agreement": coding.agreement(), "left": coding.left(), "notices": notices,
            "finished": here in finished, "body": self._body(here, rows),
            "rows": [
                {"key": list(key(row)), "body": self._bodies[row["body_id"]],
                 "label": self._labels[row["proposition_id"]],
                 **{name: row[name] for name in
                    ("body_id", "proposition_id", "stance", "basis", "quote", "note")}}
                for row in rows
            ],
            "marks": _marks(rows), "adding": self._adding(),
        }  # fmt: skip

    def _body(self, source: str, rows: list[dict[str, str]]) -> str:
        """Return the body whose stance is likely coded next: of nobody's reading but one's own."""
        if rows:
            mine = [r for r in self._desk.own.rows("codings") if r["source_id"] == source]
            return mine[-1]["body_id"]
        if (by := self._desk.coding.by(source)) in self._bodies:
            return by
        publisher = self._about(source)["publisher"]
        return next((b for b, name in self._bodies.items() if name and name == publisher), "")

    def _check(self) -> View:
        checks = self._desk.checks
        notices = [said for said in (checks.refused, checks.skipped) if said]
        if stale := checks.stale():
            notices.append(
                f"{plural(stale, 'cell')} that you checked before: the code or the text has "
                "changed since. You were shown its readings: a new verdict of yours is on record, "
                "that of another person counts."
            )
        told = checks.told(checks.here) if checks.here else {}
        shown = self._cells(checks, set(checks.locked), told)
        return {**shown, "agreement": checks.agreement(), "notices": notices}

    def _decide(self) -> View:
        deciding = self._desk.deciding
        notices = []
        if self._desk.checks.waiting:
            notices.append("Cells that you are still to check blind are not shown here.")
        if missed := deciding.missed():
            notices.append(
                f"{plural(missed, 'cell')} where a check found a stance and nothing is coded: "
                "code a phrase for it first, under a coder's name."
            )
        shown = self._cells(deciding, set(deciding.decided), deciding.show())
        return {**shown, "agreement": "", "notices": notices}

    def _cells(self, queue: CellQueue, done: set[Cell], told: View) -> View:
        """Return the list of a queue, how much of it is done, and what is told of its cell."""
        cells, here = queue.pieces, queue.here
        verb = "locked" if self._desk.queue == CHECK else "decided"
        place = ""
        cell: View = {"cell": None}
        if here:
            place = f"Cell {cells.index(here) + 1} of {len(cells)}; "
            cell = {"cell": list(here), "body": self._bodies[here[0]], "proposition": here[1]}
        return {
            **cell, **told, "left": queue.left(), "marks": _marks(told.get("readings", ())),
            "items": [
                {"id": list(cell), "label": f"{cell[2]}: {self._bodies[cell[0]]}, "
                 f"{self._labels[cell[1]]}", "done": cell in done, "here": cell == here}
                for cell in cells
            ],
            "progress": f"{place}{len(done & set(cells))} of {len(cells)} {verb}.",
            "by_source": _counted((cell[2], cell in done) for cell in cells),
            "by_proposition": _counted((self._labels[cell[1]], cell in done) for cell in cells),
        }  # fmt: skip


def _text_id(text: StoredText) -> str:
    return f"{text.source_id} {text.sha256[:16]}"


def _counted(pieces: Iterable[tuple[str, bool]]) -> list[list[str]]:
    """Count what is done, by name."""
    of: Counter[str] = Counter()
    done: Counter[str] = Counter()
    for name, is_done in pieces:
        of[name] += 1
        done[name] += is_done
    return [[name, f"{done[name]} of {number}"] for name, number in of.items()]


def _marks(rows: Iterable[Mapping[str, Any]]) -> list[list[int]]:
    """Return the places of phrases that are to be marked in the text."""
    places = [(row["start"], row["end"]) for row in rows]
    return sorted(
        [int(a), int(b)] for a, b in places if a not in ("", None) and b not in ("", None)
    )
