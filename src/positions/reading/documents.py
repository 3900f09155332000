"""A document to its text: PDF, Word, HTML, Markdown and plain text, told apart by their bytes.

A code rests on an offset into the stored text, so a text is made once and kept. Pages are parted
by a form feed, as `pdftotext` does it: the page of an offset can be counted in the text itself,
and white space folds when phrases are compared, so that a phrase may run across two pages.
Nothing is left out in silence: what a text has lost is said.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

from positions.study.csv_reader import ReadLimits

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


def page_of(text: str, offset: int) -> int:
    r"""Return the page, from 1, on which a code point of a stored text stands.

    >>> page_of("first\n\fsecond", 7), page_of("first\n\fsecond", 2)
    (2, 1)
    """
    return text.count(PAGE, 0, offset) + 1


def extract(raw: bytes, limits: ReadLimits, encoding: str = "") -> Extract:
    """Read the text of a document.

    Parameters
    ----------
    raw
        Its bytes; they tell what it is, its name does not.
    limits
        What a document may be at most: `document_bytes`, `document_pages`,
        `document_characters`, and what an archive may unpack to.
    encoding
        The encoding of a text or HTML page that is not UTF-8.

    Raises
    ------
    NotRead
        When there is no text, or none that may be read.
    """
    if not raw.strip():
        raise NotRead("the file is empty")
    if len(raw) > limits.document_bytes:
        raise too_much("document_bytes", f"it has {len(raw):,} bytes", limits.document_bytes)
    found = _reader(raw)(raw, limits, encoding)
    if not found.text.strip():
        raise NotRead(f"this {found.form} holds no text")
    if len(found.text) > limits.document_characters:
        has = f"it has {len(found.text):,} characters of text"
        raise too_much("document_characters", has, limits.document_characters)
    return found


def too_much(limit: str, found: str, most: int) -> NotRead:
    """Return the refusal of what is more than a limit, which it names."""
    return NotRead(f"{found}; the limit is {most:,} (allow more with --limit {limit}=NUMBER)")


def lacks(library: str) -> NotRead:
    """Return the refusal of a kind of document whose library is not installed."""
    return NotRead(f'it cannot be read without {library}; run: pip install "positions[reading]"')


Reader = Callable[[bytes, ReadLimits, str], Extract]


def _reader(raw: bytes) -> Reader:
    """Tell by its bytes what a document is."""
    from positions.reading import html, pdf, plain, word

    if b"%PDF-" in raw[:1024]:
        return pdf.extract
    if raw.startswith(b"PK\x03\x04") and b"word/" in raw:
        return word.extract
    for marks, what, fix in _STRANGERS:
        if raw.startswith(marks):
            raise NotRead(f"it is {what}; {fix}")
    if _HTML.search(raw[:2000].replace(b"\x00", b"")):
        return html.extract
    return plain.extract


_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body)\b|^\s*<(p|div|main|article|section|h[1-6]|table|ul)\b",
    re.IGNORECASE,
)
_AGAIN = "save it as .docx or PDF"
_STRANGERS = (
    ((b"\xd0\xcf\x11\xe0",), "a file of Word 97-2003, or protected by a password", _AGAIN),
    ((b"PK\x03\x04",), "an archive, a spreadsheet or an OpenDocument", _AGAIN),
    ((b"{\\rtf",), "a Rich Text file (.rtf)", _AGAIN),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*"), "a picture",
     "have a program recognise its text, and look that through"),
    ((b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "compressed", "unpack it"),
)  # fmt: skip


# --- what all readers share ----------------------------------------------------------------

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
    from positions.words import plural

    said = []
    if number := text.count("\ufffd"):
        said.append(f"{plural(number, 'character')} could not be told (U+FFFD)")
    if number := len(re.findall(r"\w[-\u2010]\n[a-z]", text)):
        lines = "1 line ends" if number == 1 else f"{number} lines end"
        said.append(f"{lines} with a hyphen: a phrase across it keeps the hyphen")
    return said
