"""Pages of the static site: from executed notebooks and checked tables to HTML.

No page holds script or asks for anything outside itself; every string of the study is escaped
by the templates.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import re
from importlib import resources
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from positions import admission
from positions.present import Chart, Table, listed, plural
from positions.schema import SCALE, signed
from positions.stances import CELL
from positions.study import Study


@dataclasses.dataclass(frozen=True)
class Page:
    """One page in the navigation: its file, its short label and its title."""

    file: str
    label: str
    title: str


@dataclasses.dataclass(frozen=True)
class Site:
    """What every page says of the site."""

    title: str
    description: str
    version: str
    software: str
    fingerprint: str
    licence: str
    notice: str
    pages: tuple[Page, ...]

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


def anchor(name: str) -> str:
    """A stable id for a page address: the name itself where that is plain, else with a hash.

    >>> anchor("nhs-providers"), anchor("a/b")
    ('nhs-providers', 'a-b-c14cddc0')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if plain == name:
        return name
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")


def body_file(body_id: str) -> str:
    """The file name of a body's sheet."""
    return f"body-{anchor(body_id)}.html"


def fragment(notebook: Any) -> tuple[str, dict[str, str]]:
    """A notebook's prose and outputs as HTML, and the CSV files its tables offer.

    Raises
    ------
    ValueError
        When a picture has no alternative text, two tables share a name, or a cell shows what no
        page may hold; the message names the cell and the element.
    """
    from nbconvert.exporters import HTMLExporter

    _admit_outputs(notebook)
    tables = _offer_tables(notebook)
    folder = resources.files("positions").joinpath("templates", "nbconvert")
    exporter: Any = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="positions",
        extra_template_basedirs=[str(folder)],
        exclude_anchor_links=True,
    )
    exporter.register_filter("admitted", _prose)
    html, _ = exporter.from_notebook_node(notebook)
    return html, tables


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


# --- body sheets ---------------------------------------------------------------------------


def sheet(study: Study, resolved: pd.DataFrame, body_id: str) -> dict[str, Any]:
    """What a body's sheet shows: each source, each cell, each reading, and the silence."""
    mine = resolved[resolved["body_id"] == body_id]
    order = study.sources.set_index("source_id")[["latest", "earliest"]]
    dated = mine[["source_id"]].drop_duplicates().join(order, on="source_id")
    dated = dated.sort_values(["latest", "earliest", "source_id"])
    spoken = set(mine.loc[mine["stance"].notna(), "proposition_id"])
    labels = study.propositions.set_index("proposition_id")["label"]
    silent = [f"“{label}”" for key, label in labels.items() if key not in spoken]
    return {
        "body": study.bodies.set_index("body_id").loc[body_id].to_dict(),
        "sources": [
            _source(study, mine[mine["source_id"] == source_id], source_id)
            for source_id in dated["source_id"]
        ],
        "silent": f"On {plural(len(silent), 'proposition')} of {len(labels)} we found nothing that "
        f"can be coded: {listed(silent)}. Silence is not counted for or against."
        if silent
        else f"Every one of the {len(labels)} propositions is addressed.",
        "scale": f"Codes run from {SCALE[0]} (opposes, rejects) over 0 (explicitly takes no side) "
        f"to {signed(SCALE[1])} (supports without reservation). “Reported” means that the source "
        "tells what the body said.",
    }


def _source(study: Study, cells: pd.DataFrame, source_id: str) -> dict[str, Any]:
    source = study.sources.set_index("source_id").loc[source_id]
    publisher = source["publisher"] or "publisher not named in the text"
    seen = "whole text read" if source["text_seen"] == "whole" else "only the opening was seen"
    order = study.propositions.set_index("proposition_id")
    rows = cells.assign(theme=cells["proposition_id"].map(order["theme"]))
    rows = rows.sort_values(["theme", "proposition_id"])
    return {
        "anchor": f"source-{anchor(source_id)}",
        "title": source["title"],
        "line": f"{source['kind'].capitalize()}, {publisher}, {source['published']} "
        f"({source['published_basis']}); {seen}.",
        "caption": f"{plural(len(cells), 'code')} from this source",
        "cells": [_cell(study, row, order) for _, row in rows.iterrows()],
    }


def _cell(study: Study, cell: pd.Series, propositions: pd.DataFrame) -> dict[str, Any]:
    key = cell[CELL].tolist()
    readings = study.codings[(study.codings[CELL] == key).all(axis=1)]
    decided = study.adjudications[(study.adjudications[CELL] == key).all(axis=1)]
    said = {"struck": "struck", "unresolved": "not decided"}.get(cell["status"])
    together = len(set(readings["stance"])) == 1 and cell["status"] in ("agreed", "single")
    return {
        "anchor": f"{anchor(cell['proposition_id'])}--{anchor(cell['source_id'])}",
        "statement": propositions.loc[cell["proposition_id"], "statement"],
        "code": said or signed(cell["stance"]),
        "readings": [
            {"quote": row["quote"], "line": _reading(row, together)}
            for _, row in readings.iterrows()
        ],
        "decided": decided["reason"].iloc[0] if len(decided) else "",
    }


def _reading(row: pd.Series, together: bool) -> str:
    code = "" if together else f" {signed(row['stance'])}"
    return f"{row['coder']}{code}, {row['basis']}: {row['note']}".rstrip(": ")
