"""The text of a Word document (.docx): body, tables, text boxes, foot- and endnotes.

python-docx opens the package; its own lists of paragraphs leave out what was inserted as a
tracked change, content controls and text boxes, so the text is read from the document's tree.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from positions.reading.extracts import (
    PAGE,
    Extract,
    NotRead,
    joined,
    lacks,
    lost_characters,
    tidy,
)
from positions.study.csv_reader import ReadLimits
from positions.study.safe_archives import unpack
from positions.words import plural

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", _FALLBACK}
"""What a reader of the document does not see, or sees twice."""
_BLOCKS = {f"{_W}p", f"{_W}tbl", f"{_W}txbxContent"}
_CHARACTERS = {f"{_W}tab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}br": "\n"}
_PICTURES = {f"{_W}drawing", f"{_W}pict", f"{_W}object"}
_FIX = "save it again in Word"


def extract(raw: bytes, limits: ReadLimits, encoding: str = "") -> Extract:
    """Read the text of a document in its order; notes stand behind it."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise lacks("python-docx") from None
    _unpackable(raw, limits)
    try:
        document = docx.Document(io.BytesIO(raw))
        parts = _parts(document)
        seen: Counter[str] = Counter()
        text = _text(document.element.body, parts, seen)
        lost = list(_lost(document.element.body, parts, seen, PAGE in text))
        title = " ".join(document.core_properties.title.split())
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        # lxml's errors of syntax are Python's
        said = " ".join(str(error).split())[:80]
        raise NotRead(f"this Word document is damaged ({said}); {_FIX}") from None
    text = joined([tidy(page) for page in text.split(PAGE)])
    lost += lost_characters(text)
    return Extract(text, "Word", f"python-docx {docx.__version__}", tuple(lost), title=title)


def _parts(document: Any) -> dict[str, Any]:
    """Return the parts of the package by kind, such as `footnotes`."""
    found: dict[str, Any] = {}
    for relation in document.part.rels.values():
        if not relation.is_external:
            found.setdefault(relation.reltype.rpartition("/")[2], relation.target_part)
    return found


def _text(body: Any, parts: dict[str, Any], seen: Counter[str]) -> str:
    """Put the body and the notes behind it together."""
    text = "\n\n".join(_paragraphs(body, seen))
    for name in ("footnotes", "endnotes"):
        notes = _notes(parts.get(name))
        seen[name] = len(notes)
        text = "\n\n".join([text, *notes])
    return text


def _unpackable(raw: bytes, limits: ReadLimits) -> None:
    """Refuse an archive that is not safe to unpack."""
    found: list[str] = []

    def report(rule: str, message: str, fix: str, **_: Any) -> None:
        found.append(f"{message}; {fix}")

    if unpack(raw, report, limits, _FIX) is None:
        raise NotRead(f"this Word document cannot be opened: {found[0]}")


# --- the tree ------------------------------------------------------------------------------


def _paragraphs(parent: Any, seen: Counter[str]) -> Iterator[str]:
    """Give the paragraphs and tables below an element, in the order of the document."""
    for element in parent.iterchildren():
        if element.tag == f"{_W}p":
            yield "".join(_characters(element, seen))
            for box in _boxes(element):
                seen["boxes"] += 1
                yield from _paragraphs(box, seen)
        elif element.tag == f"{_W}tbl":
            seen["tables"] += 1
            yield "\n".join(_rows(element, seen))
        elif element.tag not in _GONE and isinstance(element.tag, str):
            yield from _paragraphs(element, seen)


def _rows(table: Any, seen: Counter[str]) -> Iterator[str]:
    """Give the rows of a table, a line each, with a tab between two cells."""
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue  # the row of a table in a cell: its cell gives it
        cells = [cell for cell in row.iter(f"{_W}tc") if next(cell.iterancestors(f"{_W}tr")) is row]
        yield "\t".join(
            " ".join(" ".join(_paragraphs(cell, seen)).replace(PAGE, "").split()) for cell in cells
        )


def _boxes(paragraph: Any) -> list[Any]:
    """List the text boxes that are anchored in a paragraph, each once."""
    return [
        box for box in paragraph.iter(f"{_W}txbxContent")
        if next(box.iterancestors(f"{_W}p")) is paragraph
        and not any(above.tag == _FALLBACK for above in box.iterancestors())
    ]  # fmt: skip


def _characters(element: Any, seen: Counter[str]) -> Iterator[str]:
    """Give the characters of a paragraph, with a form feed where Word last began a page."""
    for child in element.iterchildren():
        if child.tag in _GONE or child.tag in _BLOCKS:
            continue
        if child.tag in _PICTURES:
            seen["pictures"] += not any(True for _ in child.iter(f"{_W}txbxContent"))
        elif child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}lastRenderedPageBreak":
            yield PAGE
        elif child.tag == f"{_W}br" and child.get(f"{_W}type") == "page":
            yield "\n"  # Word marks the page that follows where it lays it out
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == f"{_W}sym":
            yield "\ufffd"
        elif child.tag == _MATH:
            seen["formulas"] += 1
        elif isinstance(child.tag, str):
            yield from _characters(child, seen)


def _notes(part: Any) -> list[str]:
    """List the foot- or endnotes, without the lines that Word draws above them."""
    if part is None:
        return []
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(part.blob, parser)
    notes = [note for note in root.iterchildren() if not note.get(f"{_W}type")]
    texts = [" ".join(" ".join(_paragraphs(note, Counter())).split()) for note in notes]
    return [text for text in texts if text]


def _lost(body: Any, parts: dict[str, Any], seen: Counter[str], paged: bool) -> Iterator[str]:
    """Say what the text lacks or shows differently."""
    if number := seen["tables"]:
        yield f"{plural(number, 'table')}: a line a row, a tab between two cells"
    for name in ("footnotes", "endnotes"):
        if number := seen[name]:
            yield f"{plural(number, name[:-1])} behind the text, without marks in it"
    if number := seen["boxes"]:
        boxes = "1 text box" if number == 1 else f"{number} text boxes"
        yield f"{boxes} behind the paragraph that it is tied to"
    for name, what in (("pictures", "picture"), ("formulas", "formula")):
        if number := seen[name]:
            yield f"{plural(number, what)} not in the text"
    if "comments" in parts:
        yield "comments not in the text"
    if any(True for _ in body.iter(f"{_W}del", f"{_W}ins", f"{_W}moveFrom")):
        yield "tracked changes: what was inserted is in the text, what was deleted is not"
    if any(True for _ in body.iter(f"{_W}numPr")):
        yield "numbers and bullets that Word sets itself not in the text"
    for name in ("header", "footer"):
        if name in parts and re.search(rb"<w:t[ >]", parts[name].blob):
            yield f"{name}s of pages not in the text"
    if paged:
        yield "pages as Word last laid them out"
    else:
        yield "pages not told apart: the file does not say where they begin"
