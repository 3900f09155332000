"""From statements in another tool's file to codings: a phrase each.

A statement may run over paragraphs; a study quotes at most 25 words, so the words that carry the
code of a longer one are chosen by a person. A coder may mark several statements of one body on
one proposition in one source: each carries a coding of its own, told apart by where its phrase
begins. Where they contradict each other, the study's reader asks for a decision.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from positions.exchange.imported import Carried, Place, loss
from positions.exchange.mapping import Declared
from positions.study.codebook_rules import LONGEST_CHARACTERS, LONGEST_QUOTE
from positions.study.quotes import places

CHOOSE = "write the words that carry the code into the column quote of --lost, for --phrases"


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A phrase and its code-point offsets into its text."""

    quote: str
    start: int
    end: int

    def cells(self) -> dict[str, str]:
        """Return the phrase as cells of a coding."""
        return {"quote": self.quote, "start": str(self.start), "end": str(self.end)}


@dataclasses.dataclass(frozen=True)
class Stated:
    """A stance that a statement gives: by whom, on what, in which source, by which coder.

    `phrase` is what can be quoted of it, or says why nothing can; `statement` is the whole.
    `placed` says that the study will know where the phrase begins.
    """

    cell: tuple[str, ...]
    stance: str
    place: Place
    source: str
    statement: str
    phrase: Phrase | str
    at: int = 0
    placed: bool = True
    cells: dict[str, str] = dataclasses.field(default_factory=dict)


def cut(text: str, start: int, end: int, source: str, declared: Declared) -> Phrase | str:
    """Cut the phrase of a statement, or say in words why there is none.

    It stands from `start` to `end`, in code points. Words that were chosen from it, under the name
    of its `source`, must stand in it exactly once.
    """
    if not 0 <= start < end <= len(text):
        return f"it stands at {start}-{end}, in a text of {len(text)} characters"
    if chosen := declared.chosen(source, text[start:end]):
        found = places(chosen, text[start:end])
        if len(found) != 1:
            times = "nowhere" if not found else f"{len(found)} times"
            return f"the phrase chosen stands {times} in the statement"
        start, end = start + found[0][0], start + found[0][1]
    words = text[start:end]
    quote = " ".join(words.split())
    if not quote:
        return "it holds only white space"
    number = len(quote.split())
    if number > LONGEST_QUOTE or len(quote) > LONGEST_CHARACTERS:
        return (
            f"it has {number} words, {len(quote)} characters; at most {LONGEST_QUOTE} and "
            f"{LONGEST_CHARACTERS} may be quoted"
        )
    start += len(words) - len(words.lstrip())
    return Phrase(quote, start, start + len(words.strip()))


def opening(statement: str) -> str:
    """Quote enough of a statement to know it by."""
    words = statement.split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")


def settle(stated: Iterable[Stated], carried: Carried) -> list[Stated]:
    """Return the statements that carry a coding each; list every other one with the reason."""
    groups: dict[tuple[object, ...], list[Stated]] = {}
    for one in sorted(stated, key=lambda one: (one.at, one.place.line, one.place.file)):
        begins = one.at if isinstance(one.phrase, str) else one.phrase.start
        groups.setdefault((*one.cell, begins if one.placed else 0), []).append(one)
    found = []
    for group in groups.values():
        if len({one.stance.removeprefix("+") for one in group}) > 1:
            _contradicted(group, carried)
        elif first := _first(group, carried):
            found.append(first)
    return found


def _contradicted(group: list[Stated], carried: Carried) -> None:
    stances = ", ".join(sorted({one.stance for one in group}, key=int))
    for one in group:
        _lose(carried, one, "stance", f"{' / '.join(one.cell[:2])}: {one.stance}",
              f"the coder has several stances on this in the same place: {stances}",
              "decide in the program which of the statements holds")  # fmt: skip


def _first(group: list[Stated], carried: Carried) -> Stated | None:
    """Return the first statement that can be quoted; list the others, whole."""
    first = None
    for one in group:
        if isinstance(one.phrase, str):
            _lose(carried, one, "quote", opening(one.statement), one.phrase, CHOOSE)
        elif first is None:
            first = one
        elif (one.cells, one.phrase) != (first.cells, first.phrase):
            _lose(carried, one, "quote", one.phrase.quote,
                  "an earlier statement says the same, and carries the coding")  # fmt: skip
    return first


def _lose(carried: Carried, one: Stated, column: str, value: str, why: str, fix: str = "") -> None:
    found = loss(one.place.at(column), value, why, fix)
    carried.lost.append(dataclasses.replace(found, source=one.source, statement=one.statement))
