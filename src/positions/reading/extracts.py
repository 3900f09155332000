"""What a reader of one kind of document gives: the text, and what it has lost.

Pages are parted by a form feed, as `pdftotext` does it: the page of an offset can be counted in
the text itself, and white space folds when phrases are compared, so that a phrase may run across
two pages. Nothing is left out in silence: what a text has lost is said.
"""

from __future__ import annotations

import dataclasses
import re

from positions.words import plural

PAGE = "\f"
"""What parts two pages."""


class NotRead(ValueError):
    """No text can be had from a document; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Extract:
    """The text of a document.

    Attributes
    ----------
    text
        As it is to be stored; UTF-8 takes all of it.
    form
        `PDF`, `Word`, `HTML` or `text`.
    by
        The library that read it, with its version; empty for plain text.
    lost
        What the text lacks or shows differently, a sentence each.
    unread
        Pages without a text layer, from 1.
    title
        What the document calls itself; nobody has checked that.
    """

    text: str
    form: str
    by: str = ""
    lost: tuple[str, ...] = ()
    unread: tuple[int, ...] = ()
    title: str = ""

    @property
    def pages(self) -> int:
        """How many pages the text tells apart: 1 where it tells none."""
        return self.text.count(PAGE) + 1


def too_much(limit: str, found: str, most: int) -> NotRead:
    """Return the refusal of what is more than a limit, which it names."""
    return NotRead(f"{found}; the limit is {most:,} (allow more with --limit {limit}=NUMBER)")


def lacks(library: str) -> NotRead:
    """Return the refusal of a kind of document whose library is not installed."""
    return NotRead(f'it cannot be read without {library}; run: pip install "positions[reading]"')


_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")


def tidy(text: str) -> str:
    r"""Write what a library read as a text that can be stored and searched.

    Lines end with LF and without blanks, at most one empty line stands between two paragraphs,
    ligatures are letters, characters that no text needs are gone. Words stay as they are.

    >>> tidy("of\ufb01ce  \r\n\n\n\nnext\x00")
    'office\n\nnext'
    """
    text = "".join(_LIGATURES.get(char, char) for char in text)
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def joined(pages: list[str]) -> str:
    r"""Put pages together, each already tidy, with a form feed between two.

    >>> joined(["one", "", "three"])
    'one\n\x0c\x0cthree\n'
    """
    parts = [f"{page}\n" if page else "" for page in pages]
    return PAGE.join(parts)


def lost_characters(text: str) -> list[str]:
    """Say how many characters a text has lost, and how many lines end within a word."""
    said = []
    if number := text.count("\ufffd"):
        said.append(f"{plural(number, 'character')} could not be told (U+FFFD)")
    if number := len(re.findall(r"\w[-\u2010]\n[a-z]", text)):
        lines = "1 line ends" if number == 1 else f"{number} lines end"
        said.append(f"{lines} with a hyphen: a phrase across it keeps the hyphen")
    return said
