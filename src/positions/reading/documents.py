"""A document to its text: PDF, Word, HTML, Markdown and plain text, told apart by their bytes.

A code rests on an offset into the stored text, so a text is made once and kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from positions.reading import html, pdf, plain, word
from positions.reading.extracts import Extract, NotRead, too_much
from positions.study.csv_reader import ReadLimits


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


Reader = Callable[[bytes, ReadLimits, str], Extract]


def _reader(raw: bytes) -> Reader:
    """Tell by its bytes what a document is."""
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
