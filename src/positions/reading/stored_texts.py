"""The stored text of a source, and phrases of it at their exact place in code points."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
import unicodedata

from positions.reading.own_files import DeskError
from positions.study import quotes
from positions.study.codebook_rules import LONGEST_CHARACTERS, LONGEST_QUOTE
from positions.study.load import Study

_JOINS = "\u200d\ufe0e\ufe0f"
"""A joiner and the selectors of an emoji's style: part of the sign that they stand beside."""
_SKINS = range(0x1F3FB, 0x1F400)


@dataclasses.dataclass(frozen=True)
class StoredText:
    """A source's text as it is stored: every character counts, line ends of CR LF as two.

    Attributes
    ----------
    source_id
        The source.
    text
        The text; empty where none is stored.
    sha256
        The SHA-256 of its bytes; empty where none is stored.
    problem
        Why nothing can be coded in it, and what to do; empty where it can.
    """

    source_id: str
    text: str
    sha256: str
    problem: str


def stored(study: Study, folder: pathlib.Path | None, source_id: str) -> StoredText:
    """Read the text of a source as it is stored now."""
    row = study.sources[study.sources["source_id"] == source_id]
    if row.empty:
        return StoredText(source_id, "", "", f"the study has no source {source_id!r} any more")
    raw = quotes.texts(folder, row).get(source_id) if folder else None
    if raw is None:
        url = row["url"].iloc[0]
        where = f"; read what can be seen of it at {url}" if url else ""
        return StoredText(source_id, "", "", f"no text {source_id}.txt is stored here{where}")
    digest, known = hashlib.sha256(raw).hexdigest(), row["sha256"].iloc[0]
    problem = ""
    if known and known != digest:
        problem = (
            f"{source_id}.txt is not the text that the study was coded from (its SHA-256 is "
            f"{digest[:12]}…, sources.csv has {known[:12]}…); put that text back, or correct "
            "sources.csv"
        )
    return StoredText(source_id, raw.decode("utf-8", "replace"), digest, problem)


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A phrase of a text: from `start` to `end` in code points; `quote` with white space folded."""

    start: int
    end: int
    quote: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.quote.split())

    @property
    def problem(self) -> str:
        """Say why it cannot carry a code; nothing where it can."""
        if not self.quote:
            return "select a phrase of the text"
        if self.words > LONGEST_QUOTE or len(self.quote) > LONGEST_CHARACTERS:
            return (
                f"the phrase has {self.words} words, {len(self.quote)} characters; at most "
                f"{LONGEST_QUOTE} and {LONGEST_CHARACTERS} may be quoted"
            )
        return ""


def phrase(text: str, start: object, end: object) -> Phrase:
    r"""Return the phrase that was selected, without the white space around it.

    A sign is never cut: an accent stays with its letter, an emoji is whole.

    Parameters
    ----------
    text
        The stored text.
    start, end
        Code points from the text's beginning.

    Raises
    ------
    DeskError
        When they are no place of the text.

    Examples
    --------
    >>> phrase("We\r\n back it.", 0, 10)
    Phrase(start=0, end=9, quote='We back')
    """
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= len(text):
        raise DeskError(f"{start!r}-{end!r} is no place of a text of {len(text)} characters")
    first, last = start, end
    if first < last:
        while first and _belongs(text, first):
            first -= 1
        while last < len(text) and _belongs(text, last):
            last += 1
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    return Phrase(first, last, " ".join(text[first:last].split()))


def typed(words: object) -> Phrase:
    r"""Return a phrase that was typed or pasted, as its text is not stored: it has no place.

    >>> typed("We\nback  it.").quote
    'We back it.'
    """
    quote = " ".join(words.split()) if isinstance(words, str) else ""
    if not quote:
        raise DeskError("type a phrase of the document")
    return Phrase(0, 0, quote)


def _belongs(text: str, at: int) -> bool:
    """Say whether a character is part of the sign that begins before it."""
    char = text[at]
    return (
        unicodedata.combining(char) > 0
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
        or char in _JOINS
        or ord(char) in _SKINS
        or text[at - 1] == "\u200d"
    )


def find(text: str, words: str, behind: int) -> Phrase | None:
    """Return the next place of some words in a text; from the beginning again after the last.

    White space and quotation marks fold, as in every comparison of phrases; capitals do not
    matter.

    >>> find("No plan. A plan.", "PLAN", 4)
    Phrase(start=11, end=15, quote='plan')
    """
    places = quotes.places(words, text) or _any_case(words, text)
    after = [place for place in places if place[0] >= behind]
    return phrase(text, *(after or places)[0]) if places else None


def _any_case(words: str, text: str) -> list[tuple[int, int]]:
    """Find words in whatever capitals, where small letters keep every place."""
    small = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return quotes.places(words.lower(), small)
