"""Where everything of a study stands on its site: addresses that last from release to release.

An address is made of the study's own ids and of nothing else: no number, no order, no wording, so
that a link in a printed memo still works after rows were added or texts corrected. The scheme is
written down in `docs/addresses.md`. Knows no table and no page.
"""

from __future__ import annotations

import dataclasses
import hashlib
import html
import re
import urllib.parse
from collections.abc import Mapping, Sequence

CONTENTS = "contents.html"
"""The page that lists every body, proposition and source."""


def anchor(name: str) -> str:
    """Return a stable id for a page address: the name where it is plain, else with a hash.

    >>> anchor("nhs-providers"), anchor("a/b")
    ('nhs-providers', 'a-b-c14cddc0')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if plain == name:
        return name
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def page_of(kind: str, key: str) -> str:
    """Return the file of the sheet of a body, a proposition or a source.

    >>> page_of("body", "lga")
    'body-lga.html'
    """
    return f"{kind}-{anchor(key)}.html"


def both(first: str, second: str) -> str:
    """Return the id of what two ids name together; no plain id holds two hyphens in a row.

    >>> both("two-bodies", "lga-2021")
    'two-bodies--lga-2021'
    """
    return f"{anchor(first)}--{anchor(second)}"


def within(kind: str, key: str) -> str:
    """Return the id, within a page, of a thing of one kind.

    A body sheet has `on-` a proposition and `source-` a source, a proposition sheet `by-` a body,
    the page of robustness `claim-` a claim.
    """
    return f"{kind}-{anchor(key)}"


def address(about: Mapping[str, str]) -> str:
    """Return the address of a body, a proposition or a source, or of what several name.

    >>> address({"body": "lga"})
    'body-lga.html'
    >>> address({"body": "lga", "proposition": "two-bodies"})
    'body-lga.html#on-two-bodies'
    >>> address({"body": "lga", "proposition": "two-bodies", "source": "lga-2021"})
    'body-lga.html#two-bodies--lga-2021'
    """
    body, proposition, source = (about.get(kind, "") for kind in ("body", "proposition", "source"))
    if body:
        page = page_of("body", body)
        if proposition and source:
            return f"{page}#{both(proposition, source)}"
        if proposition:
            return f"{page}#{within('on', proposition)}"
        return f"{page}#{within('source', source)}" if source else page
    return page_of("source", source) if source else page_of("proposition", proposition)


# --- tables that say what their cells are about ----------------------------------------------


@dataclasses.dataclass
class Places:
    """Every address the sheets have, and where each claim is examined, once a page did so."""

    known: frozenset[str]
    claims: dict[str, str] = dataclasses.field(default_factory=dict)


_ROW = re.compile(r"<tr.*?</tr>|<t[hd](?:(?!<tr).)+", re.DOTALL)
_CELL = re.compile(r'<(t[hd])((?: [a-z-]+="[^"]*")+)>([^<]+)</\1>')
_ABOUT = re.compile(r' data-(body|proposition|source|claim)="([^"]*)"')


def linked(page: str, file: str, places: Places) -> str:
    """Give each row of a page's tables one link, to what the row is about; and each heading its.

    A row leads to the most particular thing that its cells are about: to a code, where one cell
    is about a body, a proposition and a source. Where several are as particular, as in a matrix,
    it leads to what its first cell is about, whose sheet holds them all. The first cell about a
    claim becomes the place where that claim is examined.

    Parameters
    ----------
    page
        HTML whose cells carry `data-body` and so on, as `subjects` writes them.
    file
        The page's own file name.
    places
        What can be linked to. Claims that this page examines are added to it.

    Raises
    ------
    ValueError
        When a cell is about something that no sheet shows.
    """
    return _ROW.sub(lambda row: _row(row[0], file, places), page)


def _row(row: str, file: str, places: Places) -> str:
    """Return one row with its link; of a row of headings every cell keeps its own."""
    found = [_read(cell, file, places) for cell in _CELL.finditer(row)]
    leads = [one for one in found if one.target and not one.place]
    heading = [one for one in leads if 'scope="col"' in one.attributes]
    chosen = heading or _chosen(leads)
    cells = iter(found)
    return _CELL.sub(lambda _: _written(one := next(cells), one in chosen), row)


@dataclasses.dataclass(frozen=True, eq=False)
class _Cell:
    """A cell as it was read: where it leads, if anywhere, and the place that it is, if it is one.

    `depth` counts the ids that it is about.
    """

    tag: str
    attributes: str
    text: str
    target: str = ""
    depth: int = 0
    place: str = ""


def _read(cell: re.Match[str], file: str, places: Places) -> _Cell:
    tag, attributes, text = cell.groups()
    about = {kind: html.unescape(key) for kind, key in _ABOUT.findall(attributes)}
    rest = _ABOUT.sub("", attributes)
    if not about:
        return _Cell(tag, rest, text)
    if (claim := about.get("claim")) and claim not in places.claims:
        here = within("claim", claim)
        places.claims[claim] = f"{urllib.parse.quote(file)}#{here}"
        return _Cell(tag, rest, text, places.claims[claim], 1, here)
    target = places.claims[claim] if claim else _target(about, places)
    return _Cell(tag, rest, text, target, len(about))


def _chosen(cells: Sequence[_Cell]) -> Sequence[_Cell]:
    """Return the one cell of a row that leads on, in a list; none where no cell does."""
    most = max((cell.depth for cell in cells), default=0)
    deepest = [cell for cell in cells if cell.depth == most]
    return deepest[:1] if len({cell.target for cell in deepest}) == 1 else cells[:1]


def _written(cell: _Cell, leads: bool) -> str:
    here = f' id="{cell.place}"' if cell.place else ""
    text = f'<a href="{cell.target}">{cell.text}</a>' if leads else cell.text
    return f"<{cell.tag}{cell.attributes}{here}>{text}</{cell.tag}>"


def _target(about: Mapping[str, str], places: Places) -> str:
    target = address(about)
    if target not in places.known:
        named = ", ".join(f"{kind} {key!r}" for kind, key in about.items())
        raise ValueError(f"a table is about {named}, which no sheet shows")
    return target
