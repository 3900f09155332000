"""Which codes of an answer are taken: valid, on what was asked, with a phrase that stands there.

A quarter of the phrases that models give do not stand in the text; a tool that stores them unseen,
or takes what is nearly right, publishes words that nobody wrote. Here a phrase must stand in the
text exactly once, white space and quotation marks folded as in `verify`, from word to word, and
in the part that was sent. Everything else is kept apart, with its reason.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from positions.reading.answers import Answer
from positions.reading.requests import Request
from positions.study import quotes, schema
from positions.study.codebook_rules import LONGEST_CHARACTERS, LONGEST_QUOTE
from positions.study.fields import Fault, cell

SCHEMA = "not the schema"
SCALE, BASIS = "not in the scale", "unknown basis"
BODY, PROPOSITION = "unknown body", "unknown proposition"
TOO_LONG = "phrase too long"
ABSENT, NEARLY, TWICE = "phrase not there", "phrase nearly right", "phrase there twice"
WITHIN, OUTSIDE = "phrase begins or ends within a word", "phrase not in the part sent"
NO_NOTE, UNFIT = "implied without a note", "unfit for a table"
CONTRADICTS, REPEATED = "two codes for one cell", "the same again"
_BY_FIELD = {
    "stance": SCALE, "basis": BASIS, "body_id": BODY, "proposition_id": PROPOSITION,
}  # fmt: skip
MOST_CODES, LONGEST_NOTE = 200, 300
"""Codes that one answer may give, and characters that a note may have."""
_NEAR = 0.8
"""Share of letters in common from which a phrase counts as nearly right."""
FIELDS = ("body_id", "proposition_id", "stance", "basis", "quote", "note")


class Wrong(Exception):
    """A code is not taken; its arguments are the reason and what there is to it."""


@dataclasses.dataclass(frozen=True)
class TakenCode:
    """A code that is taken: its row of `codings` but for the coder, and whose answer it is of."""

    row: Mapping[str, str]
    start: int
    custom_id: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """Body, proposition and source."""
        return self.row["body_id"], self.row["proposition_id"], self.row["source_id"]


@dataclasses.dataclass(frozen=True)
class Reject:
    """What is not taken: an answer, or one code of it (`said`), and why."""

    reason: str
    custom_id: str
    detail: str = ""
    request: Request | None = None
    said: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def judge(
    answers: Sequence[Answer], requests: Mapping[str, Request], texts: Mapping[str, str]
) -> tuple[list[TakenCode], list[Reject]]:
    """Sort what was answered into codes that are taken and what is not, with its reason.

    Parameters
    ----------
    answers
        As `answers.read_answers` gives them.
    requests
        What was asked, by id.
    texts
        The stored texts by source_id.

    Returns
    -------
    codes, rejects
        Codes in order of their key, none twice: two pieces of one text can give the same. Where
        one reader gives a cell two different stances, all its codes for that cell are rejected.
    """
    codes: list[TakenCode] = []
    rejects: list[Reject] = []
    for answer in answers:
        request = requests.get(answer.custom_id)
        if answer.reason or request is None:
            rejects.append(Reject(answer.reason, answer.custom_id, answer.detail, request))
            continue
        found = _listed(answer.content, request)
        if isinstance(found, str):
            rejects.append(Reject(SCHEMA, answer.custom_id, found, request))
            continue
        for said in found:
            try:
                codes.append(_judged(said, request, texts[request.source_id]))
            except Wrong as wrong:
                reason, detail = wrong.args
                shown = said if isinstance(said, dict) else {}
                rejects.append(Reject(reason, answer.custom_id, detail, request, shown))
    kept, others = _settled(codes, requests)
    return kept, rejects + others


def _listed(content: Any, request: Request) -> list[Any] | str:
    """Return the codes of an answer; where its outer form is wrong, how."""
    from jsonschema import Draft202012Validator

    if not isinstance(content, dict):
        return "the answer is no object"
    validator = Draft202012Validator(request.schema)
    if error := next(validator.iter_errors({**content, "codes": []}), None):
        return str(error.message)[:200]
    codes = content.get("codes")
    if not isinstance(codes, list):
        return "codes is no list"
    return codes if len(codes) <= MOST_CODES else f"{len(codes)} codes; at most {MOST_CODES}"


def _judged(said: Any, request: Request, text: str) -> TakenCode:
    """Judge one code; raise what is wrong with it."""
    _shape(said, request)
    start, end = _place(said["quote"], text, request)
    row = {
        **{name: str(said[name]) for name in FIELDS},
        "stance": str(int(said["stance"])),
        "source_id": request.source_id,
        "quote": _passage(text, start, end),
        "note": " ".join(said["note"].split()),
        "start": str(start),
        "end": str(end),
    }
    if row["basis"] == "implied" and not row["note"]:
        raise Wrong(NO_NOTE, "it does not say from what it follows")
    for column in schema.contract()["codings"].columns:
        fault = cell(row.get(column.name, "-"), column)
        if isinstance(fault, Fault):
            raise Wrong(UNFIT, f"{column.name}: {fault.message}")
    return TakenCode(row, start, request.custom_id)


def _shape(said: Any, request: Request) -> None:
    """Refuse a code that is not of its schema.

    What is wrong with its form comes before what is wrong with a value.
    """
    from jsonschema import Draft202012Validator

    inner = request.schema["properties"]["codes"]["items"]
    errors = list(Draft202012Validator(inner).iter_errors(said))
    fields = [str(error.path[0]) if error.path else "" for error in errors]
    for field, error in zip(fields, errors, strict=True):
        if field not in _BY_FIELD:
            raise Wrong(SCHEMA, f"{field} {error.message}".strip()[:200])
    for field, reason in _BY_FIELD.items():
        if field in fields:
            raise Wrong(reason, f"{field} {said[field]!r}"[:200])
    if len(said["note"]) > LONGEST_NOTE:
        raise Wrong(SCHEMA, f"a note of {len(said['note'])} characters; at most {LONGEST_NOTE}")
    if len(said["quote"]) > 4 * LONGEST_CHARACTERS:  # white space of it may fold
        raise Wrong(TOO_LONG, f"{len(said['quote'])} characters")


# --- the phrase ----------------------------------------------------------------------------


def _place(quote: str, text: str, request: Request) -> tuple[int, int]:
    """Find where a phrase stands; else raise why that is no place, and what is nearest."""
    if not any(char.isalnum() for char in quote):
        raise Wrong(ABSENT, "it holds no word")
    found = quotes.places(quote, text)
    if not found:
        raise _absent(quote, text[request.start : request.end])
    if len(found) > 1:
        raise Wrong(TWICE, ", ".join(f"{start}-{end}" for start, end in found[:10]))
    start, end = found[0]
    passage = _passage(text, start, end)
    words = len(passage.split())
    if words > LONGEST_QUOTE or len(passage) > LONGEST_CHARACTERS:
        raise Wrong(TOO_LONG, f"{words} words, {len(passage)} characters")
    if within_word(text, start) or within_word(text, end):
        raise Wrong(WITHIN, f"{start}-{end}")
    if not request.start <= start < end <= request.end:
        raise Wrong(OUTSIDE, f"it stands at {start}-{end}, outside {request.start}-{request.end}")
    return start, end


def _passage(text: str, start: int, end: int) -> str:
    """Return the words of the text itself, white space folded; not what the model made of them."""
    return " ".join(text[start:end].replace("\u00ad", "").split())


def _absent(quote: str, piece: str) -> Wrong:
    """Tell a phrase that is nearly right from one that is not there."""
    if _loose(quote) in _loose(piece):
        return Wrong(NEARLY, "it differs in case or punctuation")
    near = quotes.nearest(quote, piece)
    passage = _passage(piece, *near) if near else ""
    alike = difflib.SequenceMatcher(None, quotes.fold(quote), quotes.fold(passage), autojunk=False)
    shown = " ".join(passage.split()[:LONGEST_QUOTE])
    if passage and alike.ratio() >= _NEAR:
        return Wrong(NEARLY, f"nearest: {shown}")
    return Wrong(ABSENT, f"nearest: {shown}" if shown else "")


@functools.lru_cache(maxsize=64)
def _loose(text: str) -> str:
    """Return the words of a text alone, in small letters, between spaces."""
    words = re.findall(r"\w+", quotes.fold(text).casefold())
    return f" {' '.join(words)} "


_JOINS_WORDS = "'\u2019-\u2010\u2011"
_JOINS_FIGURES = ".,"


def within_word(text: str, at: int) -> bool:
    """Say whether a place of a text lies within a word: "agree" is not said by "disagree".

    A hyphen or apostrophe between letters is part of the word, so that "can" is not cut from
    "can't", nor "statutory" from "non-statutory"; likewise a point or comma between figures.

    >>> within_word("we can't", 6), within_word("we can't", 2)
    (True, False)
    """
    before, after = text[:at].rstrip("\u00ad")[-2:], text[at:].lstrip("\u00ad")[:2]
    if not before or not after:
        return False
    if _is_word(before[-1]) and _is_word(after[0]):
        return True
    if _joins(before[-1:], before[:-1], after[0]) or _joins(after[0], before[-1], after[1:]):
        return True
    return unicodedata.category(after[0])[0] == "M"


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.category(char)[0] == "M"


def _joins(mark: str, before: str, after: str) -> bool:
    if not before or not after:
        return False
    if mark in _JOINS_FIGURES:
        return before.isdigit() and after.isdigit()
    return mark in _JOINS_WORDS and before.isalnum() and after.isalnum()


# --- the codes of one reader together ------------------------------------------------------


def _settled(
    codes: Sequence[TakenCode], requests: Mapping[str, Request]
) -> tuple[list[TakenCode], list[Reject]]:
    """Keep each code once, and none of a cell on which the reader contradicts itself."""
    stances: dict[tuple[str, str, str], set[str]] = {}
    for code in codes:
        stances.setdefault(code.cell, set()).add(code.row["stance"])
    kept: dict[tuple[object, ...], TakenCode] = {}
    rejects = []
    for code in sorted(codes, key=lambda code: (code.cell, code.start, code.custom_id)):
        said = sorted(stances[code.cell], key=int)
        key = (*code.cell, code.start)
        if len(said) > 1:
            rejects.append(_reject(CONTRADICTS, code, requests, " and ".join(said)))
        elif key in kept:
            rejects.append(_reject(REPEATED, code, requests, ""))
        else:
            kept[key] = code
    return list(kept.values()), rejects


def _reject(reason: str, code: TakenCode, requests: Mapping[str, Request], detail: str) -> Reject:
    return Reject(reason, code.custom_id, detail, requests[code.custom_id], code.row)
