"""The assurance page: what the report rests on, which checks were made and which were not."""

from __future__ import annotations

import pathlib
import platform
from collections.abc import Collection
from importlib import metadata
from typing import Any

import pandas as pd
from markupsafe import Markup

from positions import __version__ as software
from positions.auditing import sentences
from positions.auditing.audit import Audit
from positions.auditing.notices import notices
from positions.present import display
from positions.site.notebook_files import Notebook, code_cells
from positions.study import accounts, load, quotes
from positions.study.problems import as_table, count
from positions.words import plural

TITLE = "What this report rests on"
ENVIRONMENT = (
    "pandas", "numpy", "scipy", "scikit-learn", "matplotlib", "seaborn", "krippendorff",
    "nbclient", "mistune", "jinja2",
)  # fmt: skip


def content(
    audited: Audit, notebooks: Collection[Notebook], texts: pathlib.Path | None
) -> dict[str, Any]:
    """Return what the page says, once the notebooks have run.

    Parameters
    ----------
    audited
        The study, and what people checked of it.
    notebooks
        The notebooks of the report.
    texts
        The folder of stored texts to check phrases against, if there is one.
    """
    loaded = audited.analysis.study
    verified, not_verified = verification(loaded, texts)
    rows = accounts.accounts(loaded)
    cells = sum(len(code_cells(notebook)) for notebook in notebooks)
    used = (
        "every one used"
        if not rows["set_aside"].sum()
        else f"{rows['set_aside'].sum()} of them set aside"
    )
    made = [
        f"The study was read strictly: {plural(int(rows['read'].sum()), 'record')} in "
        f"{len(rows)} tables, {used}; {count(loaded.problems)}, listed below.",
        f"{plural(len(notebooks), 'notebook')} with {cells} code cells ran afresh, without "
        "an error, a warning or a cell left out.",
        *verified,
    ]
    checks = f"{sentences.checked(audited)} {sentences.certified(audited)}".strip()
    made += [checks] if audited.checked else []
    not_made = [
        *([] if audited.checked else [checks]),
        *not_verified,
        "Whether the documents are all that the bodies said is not known.",
    ]
    tables = [Markup(table.html()) for table in _tables(audited, rows)]
    return {"made": made, "not_made": not_made, "tables": tables}


def verification(loaded: load.Study, texts: pathlib.Path | None) -> tuple[list[str], list[str]]:
    """Say in sentences which phrases the stored texts bear out, and which were not checked."""
    stored = quotes.texts(texts, loaded.sources) if texts else {}
    checked = quotes.verify(loaded.codings, stored)["result"].value_counts()
    absent = int(checked.get("absent", 0))
    found = int(checked.get("found", 0))
    made, not_made = [], []
    if found:
        made.append(f"{found} of {found} phrases stand in the stored texts at their offsets.")
    if absent:
        not_made.append(
            f"{plural(absent, 'phrase')} not verified here: texts absent. They are other "
            "people's; store them as <source_id>.txt and run `positions verify --texts DIR`."
        )
    return made, not_made


def _tables(audited: Audit, rows: pd.DataFrame) -> list[display.Table]:
    loaded = audited.analysis.study
    digests = pd.DataFrame(loaded.digests.items(), columns=["table", "sha256"])
    # Lines and numbers of records change when a table is sorted; the value names the row.
    problems = as_table([*loaded.problems, *notices(audited)]).drop(columns=["line", "record"])
    problems = problems.sort_values(list(problems.columns[1:]), kind="stable")
    problems = problems.sort_values("severity", ascending=False, kind="stable")  # warnings first
    versions = [("python", platform.python_version()), ("positions", software)]
    versions += [(name, metadata.version(name)) for name in ENVIRONMENT]
    return [
        display.table(problems, "Warnings and notes the study loaded with"),
        display.table(rows, "Records read, used and set aside"),
        display.table(
            loaded.coders.drop(columns="coder"),
            "Who read the texts: people, and models (programs)",
            headings={
                "name": "Name",
                "kind": "Kind",
                "read_from": "Read from",
                "read_to": "to",
                "codebook": "Codebook",
                "about": "About",
            },
        ),
        *_checks(audited),
        display.table(
            loaded.assumptions,
            "What is assumed",
            headings={
                "assumption": "Assumption",
                "effect": "What it does to the numbers",
                "quality": "How well founded",
                "impact": "How much depends on it",
            },
        ),
        display.table(
            digests,
            "The tables read, by the SHA-256 of their rows in order of key "
            "(`positions check --digests` prints the same)",
        ),
        display.table(pd.DataFrame(versions, columns=["package", "version"]), "Made with"),
    ]


def _checks(audited: Audit) -> list[display.Table]:
    """Every check with what became of it, and the ranges that they certify; none without checks."""
    if audited.checks.empty:
        return []
    columns = ["body_id", "proposition_id", "source_id", "checker", "checked", "result"]
    return [
        display.table(audited.checks[columns], "What people checked, and which checks count"),
        display.table(audited.scores, "What the checks certify of each score"),
    ]
