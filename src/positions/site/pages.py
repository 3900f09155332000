"""Pages of the static site: from executed notebooks and checked tables to HTML.

No page holds script or asks for anything outside itself; every string of the study is escaped
by the templates.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import urllib.parse
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import jinja2
import mistune
import pandas as pd
from markupsafe import Markup

from positions.present.display import Chart
from positions.site import html_policy, layout
from positions.site.links import anchor
from positions.words import dated, listed


@dataclasses.dataclass(frozen=True)
class Page:
    """One page in the navigation: its file, its short label and its title."""

    file: str
    label: str
    title: str

    @property
    def address(self) -> str:
        """The file as a link has it."""
        return urllib.parse.quote(self.file)


@dataclasses.dataclass(frozen=True)
class Site:
    """What every page says of the site.

    `since` is what moved since an earlier state of the study; `readers`, who read it; `checked`,
    how many codes a person checked; `as_of`, the last day whose sources count; `created`, the day
    of the version; and `contact`, whom to write to. Each may be empty.
    """

    title: str
    description: str
    version: str
    software: str
    fingerprint: str
    licence: str
    notice: str
    pages: tuple[Page, ...]
    since: str = ""
    readers: str = ""
    checked: str = ""
    as_of: str = ""
    created: str = ""
    contact: str = ""

    @property
    def byline(self) -> str:
        """Of what state a page is, who read, what a person checked, and whom to write to."""
        said = [
            self.edition,
            f"Sources up to {dated(self.as_of)}." if self.as_of else "",
            self.readers,
            self.checked,
            f"Write to: {self.contact}" if self.contact else "",
        ]
        return " ".join(part for part in said if part)

    @property
    def edition(self) -> str:
        """Which version of the study it is, and of what day."""
        day = dated(self.created[: len("2021-02-11")]) if self.created else ""
        if not self.version:
            return f"As of {day}." if day else ""
        return f"Version {self.version}{f' of {day}' if day else ''}."

    @property
    def css(self) -> Markup:
        """The one style sheet, inlined."""
        return Markup(text_of("style.css"))


def licence(names: Sequence[str]) -> str:
    """Under which terms coded tables are given, as the study's data package names them.

    >>> licence(["CC0 1.0"])
    "Coded tables: CC0 1.0. The phrases quoted are their authors'."
    """
    tables = f"Coded tables: {' and '.join(names)}." if names else (
        "The study names no licence for its tables.")  # fmt: skip
    return f"{tables} The phrases quoted are their authors'."


def readers(coders: pd.DataFrame) -> str:
    """Say who read a study, people apart from programs; empty where nobody is described.

    Parameters
    ----------
    coders
        One row per coder: `kind` (`person` or `model`), `name`.

    Examples
    --------
    >>> readers(pd.DataFrame([("model", "Reader 1")], columns=["kind", "name"]))
    'Read by programs: Reader 1.'
    """
    if coders.empty:
        return ""
    people, programs = (
        coders.loc[coders["kind"] == kind, "name"].tolist() for kind in ("person", "model")
    )
    who = [f"by people: {listed(people)}"] if people else []
    who += [f"by programs: {listed(programs)}"] if programs else []
    return f"Read {'; '.join(who)}."


@functools.cache
def text_of(name: str) -> str:
    """Return a file that lies with the templates."""
    return resources.files("positions").joinpath("templates", name).read_text("utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(text_of)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def render(template: str, site: Site, file: str, title: str, **content: Any) -> str:
    """Fill one template; every string in it is escaped unless it is markup we made.

    The page then gets its contents, and its long tables are folded: see `layout`.
    """
    page = _environment().get_template(template)
    return layout.laid_out(page.render(site=site, file=file, title=title, **content)) + "\n"


def fragment(notebook: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return a notebook's prose and outputs as HTML, without code, and its tables as CSV.

    Raises
    ------
    ValueError
        When a picture has no alternative text, two tables share a name, or a cell shows what no
        page may hold; the message names the cell and the element.
    """
    _admit_outputs(notebook)
    tables = _offer_tables(notebook)
    template = _environment().get_template("notebook.html.j2")
    return template.render(cells=notebook["cells"], prose=_prose, markup=Markup), tables


@functools.cache
def _markdown() -> mistune.Markdown:
    as_written = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
    plugins = ["strikethrough", "table", "url", "def_list"]
    return mistune.create_markdown(renderer=as_written, plugins=plugins)


def markdown(source: str) -> str:
    """Markdown as HTML, by the parser nbconvert has, but without formulas: no page can draw them.

    Markup and addresses are handed on as they are written, to be admitted or refused.
    """
    return str(_markdown()(source))


def _prose(source: str) -> Markup:
    """Return a Markdown cell's HTML as a page may hold it."""
    try:
        return Markup(html_policy.rewritten(markdown(source)))
    except ValueError as error:
        raise ValueError(f"no page may hold {error}: Markdown cell {source[:60]!r}") from None


def _admit_outputs(notebook: Mapping[str, Any]) -> None:
    """Refuse, by cell, what the code cells show and no page may hold."""
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, 1):
        try:
            for output in cell["outputs"]:
                html_policy.admit(output)
        except ValueError as error:
            raise ValueError(
                f"no page may hold {error}: code cell {number} of {len(code)} "
                f"({cell['source'][:60]!r}); show tables, sentences and charts with "
                "`ps.table`, `ps.say` and `ps.plot`"
            ) from None


def _offer_tables(notebook: Mapping[str, Any]) -> dict[str, str]:
    """Collect each output's CSV, and put a link to the file below its table."""
    tables: dict[str, str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            kinds, about = output.get("data", {}), output.get("metadata", {})
            if "image/png" in kinds and not _told(about, "image/png", cell).get("alt"):
                raise ValueError(f"a picture without alternative text: {cell['source'][:60]!r}")
            offered = _told(_told(about, "text/html", cell), "table", cell)
            if not offered:
                continue
            if not all(isinstance(offered.get(part), str) for part in ("name", "csv")):
                raise ValueError(f"a table without a name or its CSV: {cell['source'][:60]!r}")
            file = f"{anchor(offered['name'])}.csv"
            if file in tables:
                raise ValueError(f"two tables are named {offered['name']!r}")
            tables[file] = offered["csv"]
            kinds["text/html"] += (
                f'\n<p class="download"><a href="tables/{file}">This table as CSV</a></p>'
            )
    return tables


def _told(about: Mapping[str, Any], name: str, cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what metadata say of one thing; nothing where they say nothing."""
    told = about.get(name, {})
    if not isinstance(told, dict):
        raise ValueError(f"metadata in which {name!r} is no mapping: {cell['source'][:60]!r}")
    return told


def picture(chart: Chart) -> dict[str, str]:
    """Return a chart as a page holds it: its drawings in base 64 and its alternative text."""
    held = {"data": chart, "narrow": chart.narrow}
    drawn = {name: base64.b64encode(one.png()).decode("ascii") for name, one in held.items() if one}
    return {"narrow": "", "alt": chart.alt} | drawn
