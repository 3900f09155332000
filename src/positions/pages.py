"""Pages of the static site: from executed notebooks and checked tables to HTML.

No page holds script or asks for anything outside itself; every string of the study is escaped
by the templates.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from positions import admission
from positions.addresses import anchor
from positions.present import Chart, Table


@dataclasses.dataclass(frozen=True)
class Page:
    """One page in the navigation: its file, its short label and its title."""

    file: str
    label: str
    title: str


@dataclasses.dataclass(frozen=True)
class Site:
    """What every page says of the site; `since`, what moved since an earlier state of the study."""

    title: str
    description: str
    version: str
    software: str
    fingerprint: str
    licence: str
    notice: str
    pages: tuple[Page, ...]
    since: str = ""

    @property
    def css(self) -> Markup:
        """The one style sheet, inlined."""
        return Markup(_template_text("style.css"))


@functools.cache
def _template_text(name: str) -> str:
    return resources.files("positions").joinpath("templates", name).read_text("utf-8")


@functools.cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FunctionLoader(_template_text)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def render(template: str, site: Site, file: str, title: str, **content: Any) -> str:
    """Fill one template; every string in it is escaped unless it is markup we made."""
    page = _environment().get_template(template)
    return page.render(site=site, file=file, title=title, **content) + "\n"


def fragment(notebook: Any) -> tuple[str, dict[str, str]]:
    """A notebook's prose and outputs as HTML, and the CSV files its tables offer.

    Raises
    ------
    ValueError
        When a picture has no alternative text, two tables share a name, or a cell shows what no
        page may hold; the message names the cell and the element.
    """
    _admit_outputs(notebook)
    tables = _offer_tables(notebook)
    html, _ = _exporter().from_notebook_node(notebook)
    return html, tables


@functools.cache
def _exporter() -> Any:
    """The exporter of all pages: to make one, with its templates, takes longer than a page."""
    from nbconvert.exporters import HTMLExporter

    folder = resources.files("positions").joinpath("templates", "nbconvert")
    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="positions",
        extra_template_basedirs=[str(folder)],
        exclude_anchor_links=True,
    )
    exporter.register_filter("admitted", _prose)
    return exporter


def _prose(html: str, source: str) -> str:
    """A Markdown cell's HTML as a page may hold it."""
    try:
        return admission.rewritten(html)
    except ValueError as error:
        raise ValueError(f"no page may hold {error}: Markdown cell {source[:60]!r}") from None


def _admit_outputs(notebook: Any) -> None:
    """Refuse, by cell, what the code cells show and no page may hold."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        try:
            for output in cell.outputs:
                admission.admit(output)
        except ValueError as error:
            raise ValueError(
                f"no page may hold {error}: code cell {number} of {len(code)} "
                f"({cell.source[:60]!r}); show tables, sentences and charts with positions.present"
            ) from None


def _offer_tables(notebook: Any) -> dict[str, str]:
    """Collect each output's CSV, and put a link to the file below its table."""
    tables: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            kinds = output.get("data", {})
            if "image/png" in kinds and not output.metadata.get("image/png", {}).get("alt"):
                raise ValueError(f"a picture without alternative text: {cell.source[:60]!r}")
            offered = output.get("metadata", {}).get("text/html", {}).get("table")
            if not offered:
                continue
            file = f"{anchor(offered['name'])}.csv"
            if file in tables:
                raise ValueError(f"two tables are named {offered['name']!r}")
            tables[file] = offered["csv"]
            kinds["text/html"] += (
                f'\n<p class="download"><a href="tables/{file}">This table as CSV</a></p>'
            )
    return tables


def picture(chart: Chart) -> dict[str, str]:
    """A chart as a page holds it: the picture in base 64 and its alternative text."""
    return {"data": base64.b64encode(chart.png()).decode("ascii"), "alt": chart.alt}


def markup(table: Table) -> Markup:
    """A captioned table as markup that templates take as it is."""
    return Markup(table.html())
