"""The queue Code: a coder's own readings, text by text, each carried by a phrase at its place.

No reading of anybody else is asked for here. How often the coder agrees with others is told of
texts that the coder has finished, which are closed.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Any

import pandas as pd

from positions.measures.stances import by_coder
from positions.reading.intake import about
from positions.reading.own_files import CODINGS, FINISHED, DeskError, OwnFiles, Row, one_line
from positions.reading.pace import Clock, Pace
from positions.reading.queues import Queue
from positions.reading.stored_texts import StoredText, phrase, stored, typed
from positions.study import quotes
from positions.study.codebook_rules import misplaced
from positions.study.load import Study
from positions.study.schema import CELL, SCALE
from positions.words import listed, plural, signed

BASES = ("stated", "implied", "reported")
Key = tuple[str, ...]
_KEY = ("body_id", "proposition_id", "source_id", "start")


def key(row: Mapping[str, str]) -> Key:
    """Return what names a phrase among a coder's own."""
    return tuple(row[name] for name in _KEY)


class Coding(Queue[str]):
    """Codes of one coder, text by text.

    Parameters
    ----------
    study
        The study; of its codings only the coder's own are looked at.
    texts
        The folder of stored texts.
    own
        The coder's own files.
    clock
        Tells the time.
    """

    def __init__(self, study: Study, texts: pathlib.Path, own: OwnFiles, clock: Clock):
        self._texts, self._own, self._clock = texts, own, clock
        self._past: list[tuple[Key, Row | None, Row | None]] = []
        self.pace = Pace(clock, "text")
        self.here = ""
        self.see(study)

    def see(self, study: Study) -> None:
        """Take up a study: those of its sources whose text is stored come first."""
        self.study = study
        names = study.sources["source_id"]
        lengths = {name: len(self.text(name).text) for name in names}
        self.stored = {name: length for name, length in lengths.items() if length}
        """The sources whose text is stored, and how long it is."""
        self.pieces = [*self.stored, *(name for name in names if name not in self.stored)]
        if self.here not in self.pieces:
            self.here = next(iter(self.waiting or self.pieces), "")

    @property
    def source(self) -> str:
        """The source that is read now; empty where the study has none."""
        return self.here or ""

    def text(self, source_id: str) -> StoredText:
        """Return the stored text of a source, as it is now."""
        return stored(self.study, self._texts, source_id)

    def types(self, source_id: str) -> bool:
        """Say whether phrases of a source are typed: only its opening was seen, and is not kept."""
        seen = self.study.sources.set_index("source_id")["text_seen"]
        return seen[source_id] == "opening" and not self.text(source_id).text

    def lacks(self, source_id: str) -> str:
        """Say what it means that the text of a source is not stored; nothing where it is."""
        if self.text(source_id).text:
            return ""
        lacks = f"The text of {source_id} is not stored here. "
        if not self.types(source_id):
            return lacks + "It was read whole, so a phrase needs its place in it: add the text."
        return lacks + (
            "Type or paste a phrase as it stands in the document: it has no place, and cannot be "
            "verified. Or add the text."
        )

    def by(self, source_id: str) -> str:
        """Return the body that a source was added as by or about; empty where nobody said it."""
        return str(about(self._texts, source_id).get("body_id", ""))

    @property
    def finished(self) -> set[str]:
        """The texts that the coder has finished."""
        return {row["source_id"] for row in self._own.rows(FINISHED)}

    @property
    def waiting(self) -> list[str]:
        """The texts that the coder has not finished, in order."""
        finished = self.finished
        return [name for name in self.pieces if name not in finished]

    def rows(self, source_id: str) -> list[Row]:
        """Return the coder's own rows of a source, as they stand in the text."""
        mine = [row for row in self._own.rows(CODINGS) if row["source_id"] == source_id]
        return sorted(mine, key=lambda row: (int(row["start"] or 0), key(row)))

    def go(self, source_id: object) -> None:
        """Take up a text.

        Raises
        ------
        DeskError
            When there is no such source.
        """
        self.here = self._known(source_id)

    # --- acts ------------------------------------------------------------------------------

    def code(self, asked: Mapping[str, Any]) -> str:
        """Code a phrase; the same phrase coded anew takes the place of what it was.

        Parameters
        ----------
        asked
            `source_id`, `body_id`, `proposition_id`, `stance` (an integer), `basis`, `start` and
            `end` (code points), `note`; `quote` in place of them where the text is not stored.

        Returns
        -------
        What was saved, in a sentence.

        Raises
        ------
        DeskError
            When a part is missing or breaks a rule of the codebook. Nothing was saved.
        """
        row = self._row(asked)
        before = self._put(key(row), row)
        done = "coded anew" if before else "coded"
        return f"{_told(row)} {done} and saved. {self._torn(row)}".strip()

    def remove(self, named: object) -> str:
        """Take out one of one's own phrases; `named` is its key."""
        wanted = tuple(map(str, named)) if isinstance(named, list | tuple) else ()
        if not any(key(row) == wanted for row in self._own.rows(CODINGS)):
            raise DeskError("that phrase is not among your codes any more")
        self._open(wanted[2])
        before = self._put(wanted, None)
        return f"{_told(before or {})} taken out and saved."

    def undo(self) -> str:
        """Take back the last act that this window did, and save that."""
        if not self._past:
            raise DeskError("nothing to undo in this window")
        named, before, after = self._past[-1]
        self._open(named[2])
        self._replace(named, after, before)
        self._past.pop()
        return f"Undone and saved: {_told(after or before or {})}."

    def place(self, source_id: str) -> str:
        """Give the typed phrases of a source their place, now that its text is stored.

        Returns
        -------
        What was saved, in a sentence. A phrase that does not stand in the text exactly once stays
        without a place.
        """
        text = self.text(source_id).text
        bare = [row for row in self.rows(source_id) if not row["start"]]
        found = {row["quote"]: quotes.places(row["quote"], text) for row in bare}
        once = {quote: places[0] for quote, places in found.items() if len(places) == 1}
        if not bare or source_id in self.finished:
            return ""

        def placed(row: Row) -> Row:
            if row["source_id"] != source_id or row["start"] or row["quote"] not in once:
                return row
            start, end = once[row["quote"]]
            return {**row, "start": str(start), "end": str(end)}

        self._own.change(CODINGS, lambda rows: [placed(row) for row in rows])
        self._past = [past for past in self._past if past[0][2] != source_id]
        told = sum(row["quote"] in once for row in bare)
        return (
            f"{told} of {plural(len(bare), 'phrase')} that you typed before stand in it once, "
            "and have their place."
        )

    def finish(self, source_id: object) -> str:
        """Close a text: its codes stay as they are, and their agreement with others is told."""
        name = self._known(source_id)
        if name in self.finished:
            return f"{name} is finished already."
        row = {"source_id": name, "finished": self._clock().date().isoformat()}
        self._own.change(FINISHED, lambda rows: [*(r for r in rows if r["source_id"] != name), row])
        self._past = [past for past in self._past if past[0][2] != name]
        if name in self.stored:
            self.pace.finish(name, self.stored[name])
        self.here = next(iter(self.waiting), name)
        return f"{name} is finished, with {plural(len(self.rows(name)), 'phrase')}."

    def _row(self, asked: Mapping[str, Any]) -> Row:
        """Return the row that was asked for; refuse what the codebook does not allow."""
        source = str(asked.get("source_id", ""))
        self._open(source)
        text = self.text(source)
        if text.problem and not self.types(source):
            raise DeskError(self.lacks(source) or text.problem)
        for table, column in (("bodies", "body_id"), ("propositions", "proposition_id")):
            if asked.get(column) not in getattr(self.study, table)[column].tolist():
                raise DeskError(f"choose a {column.removesuffix('_id')} of the study")
        stance, basis = asked.get("stance"), asked.get("basis")
        if type(stance) is not int or not SCALE[0] <= stance <= SCALE[1]:
            raise DeskError("choose a stance, from -2 (opposes) to +2 (supports)")
        if basis not in BASES:
            raise DeskError(f"choose a basis: {', '.join(BASES)}")
        place, quote = self._phrase(text, asked)
        note = one_line(asked.get("note"))
        if basis == "implied" and not note:
            raise DeskError("an implied stance needs a note that says from what it follows")
        return {
            "body_id": asked["body_id"], "proposition_id": asked["proposition_id"],
            "source_id": source, "coder": self._own.coder, "stance": str(stance), "basis": basis,
            "quote": quote, **place, "note": note,
        }  # fmt: skip

    def _phrase(self, text: StoredText, asked: Mapping[str, Any]) -> tuple[dict[str, str], str]:
        """Return where a phrase stands, nowhere if its text is not stored, and the phrase."""
        if not text.text:
            found = typed(asked.get("quote"))
            if found.problem:
                raise DeskError(found.problem)
            return {"start": "", "end": ""}, found.quote
        found = phrase(text.text, asked.get("start"), asked.get("end"))
        known = self.study.sources.set_index("source_id").loc[text.source_id, "characters"]
        whole = None if pd.isna(known) else int(known)
        if wrong := found.problem or misplaced(found.start, found.end, found.quote, whole):
            raise DeskError(wrong)
        return {"start": str(found.start), "end": str(found.end)}, found.quote

    def _known(self, source_id: object) -> str:
        if source_id not in self.pieces:
            raise DeskError(f"the study has no source {source_id!r}")
        return str(source_id)

    def _open(self, source_id: str) -> None:
        if self._known(source_id) in self.finished:
            raise DeskError(f"you have finished {source_id}: readings are not changed afterwards")

    def _put(self, named: Key, after: Row | None) -> Row | None:
        """Save a row at its key, and note what was there; return that."""
        before = next((row for row in self._own.rows(CODINGS) if key(row) == named), None)
        self._replace(named, before, after)
        self._past.append((named, before, after))
        return before

    def _replace(self, named: Key, before: Row | None, after: Row | None) -> None:
        """Put `after` where `before` stands, unless another window has changed it."""

        def act(rows: list[Row]) -> list[Row]:
            there = next((row for row in rows if key(row) == named), None)
            if there != before:
                raise DeskError(
                    "another window of yours changed this phrase meanwhile; nothing was saved "
                    "here: look at what it wrote"
                )
            if before is None:
                return [*rows, after] if after else rows
            return [row for row in (after if r is there else r for r in rows) if row]

        self._own.change(CODINGS, act)

    # --- what is told ----------------------------------------------------------------------

    def _torn(self, row: Row) -> str:
        """Say that the coder's own phrases on a cell say different things."""
        mine = [r for r in self.rows(row["source_id"]) if all(r[c] == row[c] for c in CELL)]
        codes = sorted({int(r["stance"]) for r in mine})
        if len(codes) < 2:
            return ""
        return (
            f"Your phrases on this point differ ({listed([signed(code) for code in codes])}): it "
            "stays open until they agree."
        )

    def agreement(self) -> str:
        """Say how often the coder and each other coder gave the same code, in finished texts."""
        done = self.finished
        others = self.study.codings
        others = others[others["source_id"].isin(done) & (others["coder"] != self._own.coder)]
        mine = [row for row in self._own.rows(CODINGS) if row["source_id"] in done]
        if others.empty or not mine:
            return ""
        frame = pd.DataFrame(mine).astype({"stance": "int64"})
        own = by_coder(frame).set_index(CELL)["stance"].astype("Int64")
        said = []
        for coder, rows in by_coder(others).groupby("coder"):
            theirs = rows.set_index(CELL)["stance"].astype("Int64")
            read = set(rows["source_id"])
            both = pd.concat([own, theirs], axis=1, keys=["own", "theirs"])
            both = both[both.index.get_level_values("source_id").isin(read)]
            same = int((both["own"] == both["theirs"]).fillna(False).sum())
            said.append(f"{coder} in {same} of {len(both)}")
        return f"In the texts you finished, you gave the same code as {listed(said)} cells."

    def left(self) -> str:
        """Say how long the unfinished texts take at the coder's own pace."""
        return self.pace.left(sum(self.stored.get(name, 0) for name in self.waiting))


def _told(row: Mapping[str, str]) -> str:
    if not row:
        return "a phrase"
    return f"{row['body_id']} / {row['proposition_id']} {signed(int(row['stance']))}"
