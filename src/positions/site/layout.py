"""What every page gets once its words stand: contents, and long tables folded.

Works on the HTML that our own templates and the strict writer of notebooks' outputs made, in
which a table stands in a region of its own.
"""

from __future__ import annotations

import html
import re

from positions.site.links import anchor
from positions.words import plural

LONG = 12
"""A table of more rows is folded: its summary says what it holds and how much."""
LONGEST = 24
"""A table with a word of more letters may break words on paper, where it would be cut off."""
WORDY = 80
"""A table with a cell of more letters is moved under the thumb on a telephone, not crushed."""
FEWEST = 4
"""With so many parts a page lists them."""
_TABLE = re.compile(r'<div class="scroll"[^>]*>\s*<table(?P<attributes>[^>]*)>.*?</table>\s*</div>',
                    re.DOTALL)  # fmt: skip
_CELL = re.compile(r"<(t[dh])\b[^>]*>(.*?)</\1>", re.DOTALL)
_PART = re.compile(r"<h2([^>]*)>(.*?)</h2>", re.DOTALL)
_LABEL = re.compile(r'aria-label="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')


def laid_out(page: str) -> str:
    """Return a page with its long tables folded and, where it has several parts, a list of them.

    A table of the class `sheet` or `sheet-open` is what its page is for: it is not folded. A page
    of the class `brief` is short enough without a list.
    """
    head, opening, rest = page.partition("<main")
    main, closing, foot = rest.partition("</main>")
    main = _TABLE.sub(_folded, _TABLE.sub(_marked, main))
    if main.partition(">")[0].count('class="brief"'):
        return f"{head}{opening}{main}{closing}{foot}"
    main, parts = _with_places(main, set(_ID.findall(page)))
    listed = _contents(parts) if len(parts) >= FEWEST else ""
    return f"{head}{listed}{opening}{main}{closing}{foot}"


def _marked(region: re.Match[str]) -> str:
    """Mark a table that holds a word too long for paper, or a cell too long for a telephone."""
    longest = max(map(len, re.split(r"[\s-]+", _words(region[0]))))
    cells = [len(_words(cell)) for _, cell in _CELL.findall(region[0])]
    marks = ["splits"] * (longest > LONGEST) + ["wordy"] * (max(cells, default=0) > WORDY)
    if not marks or region["attributes"]:
        return region[0]
    return region[0].replace("<table>", f'<table class="{" ".join(marks)}">', 1)


def _words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))


def _folded(region: re.Match[str]) -> str:
    """Fold one table, if it is long; its size stands in the summary."""
    rows = region[0].partition("</thead>")[2].count("<tr")
    if rows <= LONG or 'class="sheet' in region["attributes"]:
        return region[0]
    called = _LABEL.search(region[0])
    return (
        f"<details><summary>{called[1] if called else 'Table'} ({plural(rows, 'row')})</summary>\n"
        f"{region[0]}\n</details>"
    )


def _with_places(main: str, taken: set[str]) -> tuple[str, list[tuple[str, str]]]:
    """Give each part an id, if it has none; return the page and each part's id and title."""
    parts: list[tuple[str, str]] = []

    def placed(heading: re.Match[str]) -> str:
        attributes, title = heading.groups()
        words = html.unescape(re.sub(r"<[^>]*>", "", title)).strip()
        if known := _ID.search(attributes):
            parts.append((known[1], words))
            return heading[0]
        key = anchor(f"part {words.lower()}") if words else "part"
        while key in taken:
            key += "-more"
        taken.add(key)
        parts.append((key, words))
        return f'<h2 id="{key}"{attributes}>{title}</h2>'

    return _PART.sub(placed, main), parts


def _contents(parts: list[tuple[str, str]]) -> str:
    lines = "".join(f'<li><a href="#{key}">{html.escape(title)}</a></li>\n' for key, title in parts)
    return f'<nav class="contents" aria-label="On this page"><ul>\n{lines}</ul></nav>\n'
