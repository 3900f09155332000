"""The page of a site that shows what changed since an earlier state of the study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from positions.compare import sentences as change_sentences
from positions.compare import tables as change_tables
from positions.compare.comparison import Comparison
from positions.present.display import Table
from positions.site import links, pages
from positions.study.accounts import fingerprint

FILE = "changes.html"
LABEL = "Changes"


def entry(found: Comparison) -> pages.Page:
    """Return the page's entry in the navigation."""
    return pages.Page(FILE, LABEL, f"What changed since {found.old.public}")


def line(found: Comparison) -> str:
    """Say on the index how many published numbers moved."""
    return f"Since {found.old.public}: {change_sentences.headline(found)}"


def page(site: pages.Site, found: Comparison) -> str:
    """Return the page as HTML: the findings, then numbers, positions and records in tables.

    Parameters
    ----------
    site
        What every page says.
    found
        The comparison; every body of its new study has a sheet on the site.
    """
    sheets = set(found.new.study.bodies["body_id"])
    parts = [
        ("numbers", "Which numbers moved", change_tables.numbers(found)),
        ("positions", "Which positions changed", [change_tables.positions(found)]),
        ("records", "Which records changed", change_tables.records(found)),
    ]
    return pages.render(
        "changes.html.j2",
        site,
        FILE,
        entry(found).title,
        base=_base(found),
        summary=change_sentences.summary(found),
        parts=[
            {"anchor": anchor, "title": title, "tables": [_table(t, sheets) for t in shown]}
            for anchor, title, tables in parts
            if (shown := [table for table in tables if len(table.data)])
        ],
    )


def _base(found: Comparison) -> str:
    """Which two states are compared, by their fingerprints."""
    return (
        f"Compared: {found.old.study.title} as of {found.old.public}, with fingerprint "
        f"{fingerprint(found.old.study)}, and this report's study, with fingerprint "
        f"{fingerprint(found.new.study)}."
    )


def _table(shown: Table, sheets: set[str]) -> dict[str, Any]:
    """Lay a table out for the template; a row of a body that has a sheet leads to it."""
    keys = shown.data.get("body_id", pd.Series("", index=shown.data.index)).tolist()
    return {
        "caption": shown.caption,
        "headings": list(shown.headings.values()),
        "note": shown.note,
        "rows": [
            {"file": links.page_of("body", key) if key in sheets else "", "cells": cells}
            for key, cells in zip(keys, shown.cells(), strict=True)
        ],
    }
