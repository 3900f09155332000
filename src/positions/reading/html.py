"""The text of a web page: its main part where it names one, else all that is not navigation.

The tree is lxml's, which python-docx needs anyhow. Nothing is guessed: a part that is left out is
one that the page itself calls navigation, or that stands outside what it calls its main part, and
how much that is is said.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from positions.reading.extracts import Extract, NotRead, lacks, lost_characters, tidy
from positions.reading.plain import decoded
from positions.study.csv_reader import ReadLimits
from positions.words import plural

_UNSEEN = {"script", "style", "template", "head", "noscript", "select", "button", "input",
           "textarea", "datalist"}  # fmt: skip
_OBJECTS = {"img": "picture", "svg": "picture", "picture": "picture", "canvas": "picture",
            "iframe": "frame", "object": "frame", "embed": "frame", "video": "recording",
            "audio": "recording", "math": "formula"}  # fmt: skip
_AROUND = {"aside", "header", "footer"}
"""Like navigation, unless it stands within the main part."""
_LINES = {"li", "tr", "dt", "dd", "br", "option", "summary", "caption", "legend"}
_PARAGRAPHS = {"p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6",
               "blockquote", "pre", "ul", "ol", "dl", "table", "figure", "figcaption", "form",
               "fieldset", "details", "address", "hr", "body", "header", "footer", "aside",
               "nav"}  # fmt: skip
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_LATIN = {"iso8859-1", "ascii"}
"""What every browser reads as Windows-1252."""


def extract(raw: bytes, limits: ReadLimits, encoding: str = "") -> Extract:
    """Read the text of a page as a browser would show it, without what is around it."""
    try:
        from lxml import etree, html
    except ImportError:
        raise lacks("lxml") from None
    text = _decoded(raw, encoding).removeprefix("\ufeff").replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        page = html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise NotRead(f"this page cannot be read ({error})") from None
    title = " ".join((page.findtext(".//title") or page.findtext(".//h1") or "").split())
    etree.strip_elements(page, *_UNSEEN, etree.Comment, etree.PI, with_tail=False)
    seen: Counter[str] = Counter()
    main, named = _main(page)
    found = tidy(_text(main, seen, inside=bool(named)))
    around = _length(page) - _length(main) + seen["around"]
    lost = [*_lost(seen), *lost_characters(found)]
    if around > 0:
        where = f"outside <{named}> or in navigation" if named else "in navigation"
        lost.insert(0, f"{around:,} characters {where} left out")
    version = ".".join(map(str, etree.LXML_VERSION[:3]))
    return Extract(f"{found}\n" if found else "", "HTML", f"lxml {version}", tuple(lost),
                   title=title)  # fmt: skip


def _decoded(raw: bytes, encoding: str) -> str:
    """Decode a page: by what the user says, else its mark, else what it declares, else UTF-8."""
    if not encoding and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif not encoding and not raw.startswith(b"\xef\xbb\xbf"):
        declared = _DECLARED.search(raw[:4096])
        name = declared.group(1).decode("ascii") if declared else "utf-8"
        try:
            known = codecs.lookup(name).name
        except LookupError:
            known = "utf-8"
        encoding = "windows-1252" if known in _LATIN else known
    return decoded(raw, "" if encoding == "utf-8" else encoding)


def _main(page: Any) -> tuple[Any, str]:
    """Return the part of the page that it calls its main one; the body where it names none."""
    for path, name in ((".//main|.//*[@role='main']", "main"), (".//article", "article")):
        found = [one for one in page.xpath(path) if _length(one)]
        if len(found) == 1:
            return found[0], name
    body = page.find(".//body")
    return (page if body is None else body), ""


def _text(main: Any, seen: Counter[str], inside: bool) -> str:
    """Put the text together: an empty line between paragraphs, white space folded within."""
    parts: list[str] = []
    edge = ""
    for piece in _pieces(main, seen, inside):
        if piece in ("\n", "\n\n", "\t"):
            edge = max(edge, piece, key=lambda each: (len(each), each == "\n"))
        elif folded := re.sub(r"[ \t\r\n\f]+", " ", piece):
            if edge and not (folded := folded.lstrip(" ")):
                continue
            parts += [edge, folded]
            edge = ""
    return re.sub(r" *([\t\n]+)|  +", lambda found: found.group(1) or " ", "".join(parts))


def _pieces(element: Any, seen: Counter[str], inside: bool) -> Iterator[str]:
    """Give the pieces of text below an element, and what parts them."""
    tag = element.tag
    if _is_hidden(element):
        return
    if tag in _OBJECTS:
        seen[_OBJECTS[tag]] += 1
        return
    if tag == "nav" or (tag in _AROUND and not inside):
        seen["around"] += _length(element)
        return
    if _is_mark(element):
        seen["mark"] += 1
        return
    seen["table"] += tag == "table"
    edge = "\n\n" if tag in _PARAGRAPHS else "\n" if tag in _LINES else ""
    yield edge
    yield element.text or ""
    for child in element.iterchildren():
        yield from _pieces(child, seen, inside)
        yield child.tail or ""
    if tag in ("td", "th"):
        yield "\t"
    yield edge


def _is_hidden(element: Any) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or element.get("hidden") is not None


def _is_mark(element: Any) -> bool:
    """Say whether this is the mark of a footnote: it would stand in the text like a digit of it."""
    if element.tag != "sup" or not element.xpath(".//a[starts-with(@href, '#')]"):
        return False
    return bool(re.fullmatch(r"\s*[\[(]?\s*[\w*]{1,4}\s*[\])]?\s*", element.text_content()))


def _length(element: Any) -> int:
    """Count the characters of a part that a reader may see, without white space."""
    return len("".join(element.text_content().split()))


def _lost(seen: Counter[str]) -> Iterator[str]:
    if number := seen["table"]:
        yield f"{plural(number, 'table')}: a line a row, a tab between two cells"
    if number := seen["mark"]:
        yield f"{plural(number, 'mark')} of footnotes not in the text"
    for what in ("picture", "frame", "recording", "formula"):
        if number := seen[what]:
            yield f"{plural(number, what)} not in the text"
