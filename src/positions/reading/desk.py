"""One coder at work: three queues over one study, and an answer to each act.

The desk decides everything and knows no screen: an act comes in as a mapping, and what may be
shown goes out as one. What is not in an answer is nowhere else.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

from positions.reading.adding import Adding
from positions.reading.blind_checks import BlindChecks
from positions.reading.coding import Coding
from positions.reading.deciding import Deciding
from positions.reading.own_files import DeskError, OwnFiles, as_rows, folder_of
from positions.reading.pace import Clock
from positions.reading.stored_texts import StoredText, find, phrase, typed
from positions.study.load import Study

Asked = Mapping[str, Any]
CODE, CHECK, DECIDE = "code", "check", "decide"
_ELSEWHERE = "Another window of yours has saved since: what it saved is shown here."


class Desk:
    """The three queues of one coder.

    Parameters
    ----------
    study
        The study, as `read` returns it.
    texts
        The folder of stored texts, `<source_id>.txt` each; by default `texts` in the study's
        folder, where there is one.
    coder
        The name, as in `coders`.
    folder
        The folder of the coders' own files; by default `<study>-readings` beside the study.
    clock
        Tells the time.

    Raises
    ------
    DeskError
        When the name or the folder of texts is none, or one's own file cannot be read.
    """

    def __init__(
        self,
        study: Study,
        texts: str | pathlib.Path | None,
        coder: str,
        folder: str | pathlib.Path | None = None,
        clock: Clock = dt.datetime.now,
    ):
        inside = study.folder / "texts"
        where = pathlib.Path(texts) if texts else inside
        if texts and not where.is_dir():
            raise DeskError(f"{where} is not a folder; name the folder of the stored texts")
        mine = study.codings[study.codings["coder"] == coder]
        self.study, self.coder = study, coder
        home = pathlib.Path(folder) if folder else folder_of(study.folder)
        self.own = OwnFiles(home, coder, as_rows(mine))
        self.coding = Coding(study, where, self.own, clock)
        self.adding = Adding(study, where)
        self.checks = BlindChecks(study, self.own, clock)
        self.deciding = Deciding(study, self.own, clock, self.checks.waiting)
        self.queue = CHECK if self.checks.waiting else CODE
        self._acts: dict[str, Callable[[Asked], str]] = {
            "show": lambda asked: "",
            "queue": self._queue,
            "go": self._go,
            "code": lambda asked: self.coding.code(asked),
            "remove": lambda asked: self.coding.remove(asked.get("key")),
            "undo": self._undo,
            "add": self._add,
            "finish": lambda asked: self.coding.finish(asked.get("source_id")),
            "lock": self._lock,
            "decide": self._decide,
        }

    @property
    def text(self) -> StoredText:
        """The text that is looked at."""
        return self.coding.text(self._mine.source)

    @property
    def _mine(self) -> Coding | BlindChecks | Deciding:
        """The queue that is worked on."""
        if self.queue == CODE:
            return self.coding
        return self.checks if self.queue == CHECK else self.deciding

    def act(self, asked: Asked) -> dict[str, Any]:
        """Do one act.

        Parameters
        ----------
        asked
            `act`, and what it needs: see the queues.

        Returns
        -------
        dict
            `said`, what became of it in a sentence; `tone`, `good` or `bad`; `elsewhere`, where
            another window had saved; and for `measure` and `find`, `phrase`: `start`, `end`,
            `quote`, `words` and `problem`.
        """
        answer: dict[str, Any] = {"said": "", "tone": "good"}
        try:
            if self.own.refresh():
                answer["elsewhere"] = _ELSEWHERE
            if self.adding.changed():
                answer["elsewhere"] = _ELSEWHERE
                self._take_up()
            name = str(asked.get("act"))
            if name in ("measure", "find"):
                answer["phrase"] = self._phrase(name, asked)
            elif name in self._acts:
                answer["said"] = self._acts[name](asked)
            else:
                raise DeskError(f"no act {name!r}")
            self._mine.pace.touch(self._mine.here)
        except DeskError as error:
            answer |= {"said": str(error), "tone": "bad"}
        except OSError as error:
            told = f"{error.filename}: {error.strerror}" if error.strerror else str(error)
            answer |= {"said": f"nothing was saved: {told}", "tone": "bad"}
        return answer

    def _add(self, asked: Asked) -> str:
        """Make a document a source, which stands in the queue Code at once."""
        if self.queue != CODE:
            raise DeskError("nothing was added: a document is added in the queue Code")
        source_id, said = self.adding.add(asked)
        self.adding.changed()  # by this act: no other window's
        self._take_up()
        self.coding.go(source_id)
        return "\n".join(filter(None, [said, self.coding.place(source_id)]))

    def _take_up(self) -> None:
        """Take up the study's sources as they are now.

        Nothing else is taken up: what is still to be checked stays as it was when it was opened.
        """
        self.study = dataclasses.replace(self.study, sources=self.adding.study().sources)
        self.coding.see(self.study)

    def _queue(self, asked: Asked) -> str:
        if asked.get("queue") not in (CODE, CHECK, DECIDE):
            raise DeskError(f"no queue {asked.get('queue')!r}")
        self.queue = str(asked["queue"])
        if self.queue == DECIDE:
            self.deciding.update(self.checks.waiting)
        return ""

    def _go(self, asked: Asked) -> str:
        """Look at another text or cell: `to` is `next`, a number of steps, or an id."""
        to, mine = asked.get("to"), self._mine
        if to == "next":
            mine.next()
        elif type(to) is int:
            mine.step(to)
        else:
            mine.go(to)
        return ""

    def _undo(self, asked: Asked) -> str:
        if self.queue == CHECK:
            raise DeskError("a verdict that is locked stays as it is")
        return self.deciding.undo() if self.queue == DECIDE else self.coding.undo()

    def _lock(self, asked: Asked) -> str:
        cell = asked.get("cell")
        named = isinstance(cell, list | tuple) and len(cell) == 3
        text = self.coding.text(str(cell[2]) if named else "")  # type: ignore[index]
        # Of a document that is not kept, what can be seen of it is read elsewhere.
        problem = text.problem if text.text else ""
        return self.checks.lock(cell, asked.get("stance", ""), asked.get("note"), problem)

    def _decide(self, asked: Asked) -> str:
        return self.deciding.decide(asked.get("cell"), asked.get("stance", ""), asked.get("reason"))

    def _phrase(self, name: str, asked: Asked) -> dict[str, Any]:
        """Measure a phrase that was selected, or find the next place of some words."""
        text = self.text.text
        if name == "measure" and "quote" in asked:
            found = typed(asked["quote"])
        elif name == "measure":
            found = phrase(text, asked.get("start"), asked.get("end"))
        else:
            words, behind = str(asked.get("words") or ""), asked.get("behind")
            place = find(text, words, behind if type(behind) is int else 0)
            if place is None:
                raise DeskError(f"“{words}” stands nowhere in this text")
            found = place
        return {**dataclasses.asdict(found), "words": found.words, "problem": found.problem}
