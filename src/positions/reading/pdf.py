"""The text of a PDF, page by page. What a page draws as a picture has no text."""

from __future__ import annotations

import contextlib
import io
import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from positions.reading.extracts import (
    Extract,
    NotRead,
    joined,
    lacks,
    lost_characters,
    tidy,
    too_much,
)
from positions.study.csv_reader import ReadLimits
from positions.words import plural, some

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


def extract(raw: bytes, limits: ReadLimits, encoding: str = "") -> Extract:
    """Read the text of every page, in the order in which the file draws it."""
    try:
        import pypdf
    except ImportError:
        raise lacks("pypdf") from None
    with _quiet():
        reader = _opened(raw)
        count = len(reader.pages)
        if count > limits.document_pages:
            has = f"it has {plural(count, 'page')}"
            raise too_much("document_pages", has, limits.document_pages)
        until = time.monotonic() + limits.seconds
        pages, pictures, painted, notes, left = [], [], [], 0, limits.document_characters
        for number in range(1, count + 1):
            page, text, paints = _page(reader, number, until)
            pages.append(tidy(text))
            painted.append(paints)
            left -= len(text)
            if left < 0:
                most = limits.document_characters
                raise too_much("document_characters", f"its first {plural(number, 'page')} hold "
                               f"more than {most:,} characters", most)  # fmt: skip
            pictures.append(_pictures(page))
            notes += _notes(page)
        title = _title(reader)
    unread = tuple(
        number for number, (text, paints) in enumerate(zip(pages, painted, strict=True), 1)
        if not text and paints
    )  # fmt: skip
    if not any(pages):
        what = "a scan or drawings, without a text layer" if unread else "blank"
        raise NotRead(f"it holds no text ({plural(count, 'page')}: {what}); have a program "
                      "recognise the text, and look that through")  # fmt: skip
    text = joined(pages)
    drawn = sum(number for number, page in zip(pictures, pages, strict=True) if page)
    lost = (*_lost(unread, drawn, notes), *lost_characters(text))
    return Extract(text, "PDF", f"pypdf {pypdf.__version__}", lost, unread, title)


def _lost(unread: tuple[int, ...], pictures: int, notes: int) -> Iterator[str]:
    if unread:
        pages = some([str(number) for number in unread], 12)
        yield f"pages without a text layer (scans, drawings), not read: {pages}"
    if pictures:
        yield f"{plural(pictures, 'picture')} not in the text, nor words in them"
    if notes:
        what = "1 comment or form field" if notes == 1 else f"{notes} comments or form fields"
        yield f"{what} not in the text"
    yield (
        "tables, columns and footnotes stand as the pages draw them, with running heads and page "
        "numbers"
    )


# --- a file from a stranger ----------------------------------------------------------------


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's remarks on odd files off the terminal; say what is damaged in one way."""
    log, deaf = logging.getLogger("pypdf"), logging.NullHandler()
    before, log.propagate = log.propagate, False
    log.addHandler(deaf)
    try:
        yield
    except NotRead:
        raise
    except (TimeoutError, MemoryError, RecursionError) as error:
        raise NotRead(f"it takes too long or too much to read ({_named(error)}); print it to a new "
                      "PDF, and add that") from None  # fmt: skip
    except Exception as error:  # a damaged file can raise anything: the library promises no list
        raise NotRead(f"this PDF is damaged ({_named(error)}); get it again, or print it to a new "
                      "PDF") from None  # fmt: skip
    finally:
        log.removeHandler(deaf)
        log.propagate = before


def _named(error: BaseException) -> str:
    said = " ".join(str(error).split())[:80]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _opened(raw: bytes) -> PdfReader:
    """Open a PDF; one that anybody may open without a password is opened so."""
    import pypdf
    from pypdf.errors import DependencyError

    reader = pypdf.PdfReader(io.BytesIO(raw))
    if reader.is_encrypted:
        try:
            opened = bool(reader.decrypt(""))
        except (DependencyError, NotImplementedError):
            opened = False
        if not opened:
            raise NotRead("it is encrypted; open it with its password, and print it to a new PDF")
    return reader


_PAINTS = {b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"INLINE IMAGE"}
"""Operators by which a page draws lines, areas and pictures: letters may be drawn so, too."""


def _page(reader: PdfReader, number: int, until: float) -> tuple[PageObject, str, bool]:
    """Read one page, and whether it draws anything; one that draws without end is given up."""
    paints = False

    def look(operator: Any = b"", *_: Any) -> None:
        nonlocal paints
        paints = paints or operator in _PAINTS
        if time.monotonic() > until:
            raise TimeoutError(f"page {number}")

    look()
    page = reader.pages[number - 1]
    return page, page.extract_text(visitor_operand_before=look), paints


def _pictures(page: PageObject) -> int:
    """Count the pictures that a page may draw; none of them is unpacked."""
    drawn = _of(_of(page, "/Resources"), "/XObject")
    inner = [_of(drawn, name) for name in drawn] if isinstance(drawn, dict) else []
    return sum(1 for one in inner if _of(one, "/Subtype") == "/Image")


def _notes(page: PageObject) -> int:
    """Count comments and form fields: what people wrote onto a page."""
    listed = _of(page, "/Annots")
    kinds = ("/Text", "/FreeText", "/Widget")
    found = [_direct(one) for one in listed] if isinstance(listed, list) else []
    return sum(1 for one in found if _of(one, "/Subtype") in kinds)


def _of(found: Any, key: str) -> Any:
    return _direct(found.get(key)) if isinstance(found, dict) else None


def _direct(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _title(reader: PdfReader) -> str:
    title = reader.metadata.title if reader.metadata else ""
    return " ".join(tidy(title).split()) if isinstance(title, str) else ""
