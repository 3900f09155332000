"""Which markup of a notebook a page may hold; anything else is refused by name.

What a notebook shows was made by code that this package did not write. It is not cleaned but
read strictly and written anew: known elements, known attributes, every string escaped, every
element closed. So no browser can read it in another way than it was read here.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

VOID = frozenset({"br", "hr"})
ELEMENTS = VOID | {
    "a", "abbr", "blockquote", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "kbd", "li", "ol", "p", "pre", "q", "s", "span", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ABOUT = {f"data-{kind}": r"[\s\S]*" for kind in ("body", "claim", "proposition", "source")}
"""What a cell is about: ids, which `links` turns into links."""
_WORDS, _NUMBER, _ASIDE = r"[\w -]*", r"\d{1,4}", r"text-align: ?(left|center|right);?"
_LINK = (
    r"#[\w.%-]+|https?://[\w.-]+[^\s\\]*|mailto:[\w.@+-]+|(?:[\w-]+/)*[\w-][\w.-]*(?:#[\w.%-]+)?"
)
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "": {"class": _WORDS, "id": r"\S+", "aria-label": r".*", "title": r".*"},
    "a": {"href": _LINK},
    "caption": {"style": _ASIDE},
    "div": {"role": "region|group", "tabindex": "0", "style": "overflow-x: auto"},
    "ol": {"start": _NUMBER},
    "td": _ABOUT | {"colspan": _NUMBER, "rowspan": _NUMBER, "style": _ASIDE},
    "th": _ABOUT
    | {"colspan": _NUMBER, "rowspan": _NUMBER, "style": _ASIDE, "scope": "(col|row)(group)?"},
}
"""Per element (and for all of them under `""`) its attributes, and what each may be, in full."""

KINDS = frozenset({"text/html", "image/png", "text/plain"})
"""The kinds of output that reach a page."""

LONGEST = 20_000_000
"""Characters of one output up to which it is read."""
_FRAME_STYLE = re.compile(r"<style scoped>[^<]{0,2000}</style>")
"""What pandas puts before a table: its style, which a page has of its own."""
_FIGURE = re.compile(r"[-+]?[\d,]*\.?\d+(e[-+]?\d+)?%?")
_MISSING = {"NaN", "NaT", "None", "&lt;NA&gt;", "...", "</td>"}
"""What stands in a DataFrame's cell that holds no value; `</td>` follows one without a word."""

_PNG = b"\x89PNG\r\n\x1a\n"


class _Writer(HTMLParser):
    """Reads HTML and writes it anew; a `ValueError` names the first thing that may not be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.unclosed: list[str] = []
        self.in_frame = False
        self.rows: list[list[int]] = []  # of a DataFrame: where its cells begin

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ELEMENTS:
            raise ValueError(f"the element <{tag}>")
        if tag == "table":
            self.in_frame = "dataframe" in (dict(attrs).get("class") or "").split()
        if self.in_frame:
            attrs = self._as_a_page_has_it(tag, attrs)
            self._note_place(tag)
        allowed = {**ATTRIBUTES[""], **ATTRIBUTES.get(tag, {})}
        parts = [tag]
        for name, value in attrs:
            text = value or ""
            if name not in allowed:
                raise ValueError(f"the attribute {name!r} of <{tag}>")
            if not re.fullmatch(allowed[name], text, re.DOTALL):
                raise ValueError(f"{name}={text[:60]!r} of <{tag}>")
            parts.append(f'{name}="{html.escape(text)}"')
        if len({name for name, _ in attrs}) < len(attrs):
            raise ValueError(f"an attribute twice in <{tag}>")
        self.written.append(f"<{' '.join(parts)}>")
        if tag not in VOID:
            self.unclosed.append(tag)

    def _as_a_page_has_it(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> list[tuple[str, str | None]]:
        """Return the attributes of a DataFrame's element: no looks, and what each header heads."""
        kept = [(k, v) for k, v in attrs if k not in ("border", "style", "valign", "halign")]
        if tag == "th" and "scope" not in dict(kept):
            several = any(name in ("colspan", "rowspan") for name, _ in kept)
            scope = "col" if "thead" in self.unclosed else "row"
            kept.append(("scope", scope + "group" * several))
        return kept

    def _note_place(self, tag: str) -> None:
        """Note where a DataFrame's table, rows and cells begin in what is written."""
        if tag == "table":
            self.rows = []
            self.written.append("")  # for the region around it
            self.region = len(self.written) - 1
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append(len(self.written))

    def _finish_frame(self) -> None:
        """Set a DataFrame's numbers to the right; make it a region that keys can reach."""
        self.in_frame = False
        written, rows = self.written, self.rows
        plain = [row for row in rows if not any("colspan" in written[at] for at in row)]
        for place in range(1, max(map(len, plain), default=0) + 1):  # from the right
            column = [row[-place] for row in plain if len(row) >= place]
            said = {written[at + 1] for at in column if written[at].startswith("<td")} - _MISSING
            if said and all(map(_FIGURE.fullmatch, said)):
                for at in column:
                    written[at] = f'{written[at][:-1]} class="number">'
        heads = [written[at + 1] for row in rows[:1] for at in row if written[at + 1][0] != "<"]
        label = f"Table of {', '.join(heads[:5])}" if heads else "Table"
        written[self.region] = (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">'
        )
        written.append("</div>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ELEMENTS and tag not in VOID:
            raise ValueError(f"<{tag}/>, which is never closed")
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.unclosed or self.unclosed[-1] != tag:
            raise ValueError(f"</{tag}> where it closes nothing")
        self.unclosed.pop()
        self.written.append(f"</{tag}>")
        if tag == "table" and self.in_frame:
            self._finish_frame()

    def handle_data(self, data: str) -> None:
        self.written.append(html.escape(data))

    def handle_decl(self, decl: str) -> None:
        raise ValueError(f"the declaration <!{decl[:30]}>")

    def unknown_decl(self, data: str) -> None:
        raise ValueError(f"the declaration <![{data[:30]}]>")

    def handle_pi(self, data: str) -> None:
        raise ValueError(f"the instruction <?{data[:30]}>")


def rewritten(text: str) -> str:
    r"""HTML read strictly and written anew; comments are left out.

    Raises
    ------
    ValueError
        Names the first element, attribute, address or unclosed element that a page may not hold.

    >>> rewritten("<p class=note>5 < 6 &amp; 7</p>")
    '<p class="note">5 &lt; 6 &amp; 7</p>'
    >>> rewritten("<a href='javascript:go()'>go</a>")
    Traceback (most recent call last):
        ...
    ValueError: href='javascript:go()' of <a>
    """
    if len(text) > LONGEST:
        raise ValueError(f"markup of {len(text)} characters; at most {LONGEST}")
    if _never_ends(text):
        raise ValueError("a tag, a comment or a declaration <...> that never ends")
    writer = _Writer()
    try:
        writer.feed(_FRAME_STYLE.sub("", text))
        writer.close()
    except AssertionError:  # how Python's reader ends on some damaged declarations
        raise ValueError("a damaged declaration <!...>") from None
    if writer.unclosed:
        raise ValueError(f"<{writer.unclosed[-1]}>, which is never closed")
    # A header without words heads nothing: the corner above a DataFrame's index.
    return re.sub(r'<th scope="\w+"( class="number")?></th>', "<td></td>", "".join(writer.written))


def _never_ends(text: str) -> bool:
    """Tell whether something in the markup has no end: Python's reader seeks one to the last byte.

    It does so once for each of them, so that a few thousand would keep it busy for minutes.
    """
    open_tag = re.search(r"<[A-Za-z/!?]", text[text.rfind(">") + 1 :])
    return bool(open_tag) or text.rfind("<!--") > text.rfind("-->") or "<![" in text


def admit(output: Any) -> None:
    """Rewrite one output of a notebook in place, or refuse it.

    An output of a kind that no page shows (a diagram, a script, a widget, a formula) is refused
    even where it has a plain twin: a page that shows the twin would hide what the analyst saw.

    Raises
    ------
    ValueError
        Names what a page may not hold.
    """
    data = output.get("data", {})
    if "image/png" in data:  # what else stands for it is for other readers of the notebook
        data.pop("text/html", None)
    if odd := sorted(set(data) - KINDS):
        raise ValueError(f"an output of the kind {odd[0]}")
    for kind, held in data.items():  # a notebook's file may hold a text as a list of lines
        lines = held if isinstance(held, list) else [held]
        if not all(isinstance(line, str) for line in lines):
            raise ValueError(f"an output of the kind {kind} that is no text")
        data[kind] = "".join(lines)
    if "text/html" in data:
        data["text/html"] = rewritten(data["text/html"])
    if "image/png" in data:
        data["image/png"] = _picture(data["image/png"])
        about = output.get("metadata", {}).get("image/png")
        if isinstance(about, dict) and "narrow" in about:  # the drawing for a telephone
            about["narrow"] = _picture(str(about["narrow"]))


def _picture(text: str) -> str:
    """Return a picture as base 64 text, and as nothing else."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        raise ValueError("a picture that is not base 64") from None
    if not raw.startswith(_PNG):
        raise ValueError("a picture that is no PNG")
    return base64.b64encode(raw).decode("ascii")
