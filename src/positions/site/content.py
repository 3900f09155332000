"""What a report holds: its pages and tables, written into its folder."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from positions import __version__ as software
from positions.auditing import sentences
from positions.auditing.audit import Audit, audit
from positions.measures import networks
from positions.measures.analysis import Analysis, analyse
from positions.measures.evidence import Counting
from positions.site import (
    assurance_page,
    index_page,
    links,
    pages,
    profile_pages,
    profiles,
    scores_page,
    weights_page,
    workbook,
)
from positions.site.checked_tables import with_checks
from positions.site.notebook_files import BuildError, Notebook
from positions.site.options import Options
from positions.study.accounts import fingerprint
from positions.study.csv_cells import table_csv
from positions.study.load import Study
from positions.study.schema import CELL

ABOUT = "about.txt"
OWN_PAGES = (
    index_page.FILE, scores_page.FILE, weights_page.FILE, "assurance.html", links.CONTENTS,
)  # fmt: skip
AGREEMENT_COLUMNS = ["body_id", "model_id", "agreement", "lower", "upper", "spoke", "of"]
POSITIONS_COLUMNS = ["body_id", "proposition_id", "position", "basis", "source_id", "flagged"]
CHECKED_COLUMNS = ["codes", "checked"]

Shown = tuple[str, dict[str, str]]
"""What a notebook shows, as HTML, and the CSV of its tables by the file's name."""


@dataclasses.dataclass(frozen=True)
class Results:
    """What a study comes to, laid out for its sheets, each of which has its place."""

    found: Analysis
    dossier: profiles.Dossier
    places: links.Places


@dataclasses.dataclass(frozen=True)
class Report:
    """A report of which all is written that needs no notebook, and what the other pages need."""

    folder: pathlib.Path
    titles: Mapping[str, str]
    site: pages.Site
    places: links.Places
    index: dict[str, Any]
    scores: dict[str, Any]
    audited: Audit


def results_of(study: Study, options: Options) -> Results:
    """Resolve, position and score a study once, for everything outside the notebooks."""
    found = analyse(study, **vars(_counting(options)))
    gathered = profiles.gather(found)
    return Results(found, gathered, profile_pages.places(gathered))


def begin(
    folder: pathlib.Path, study: Study, options: Options, titles: Mapping[str, str]
) -> Report:
    """Write all that needs no notebook, while they run.

    Parameters
    ----------
    folder
        An empty folder for the report.
    study, options
        What the report is on, and how it is made.
    titles
        The notebooks' titles, in order, by the stems of their files.
    """
    results = results_of(study, options)
    found, audited = results.found, audit(results.found)
    site = _since(folder, _site(study, titles, audited, options), study, options)
    if options.interactive:
        _write(folder, weights_page.FILE, weights_page.page(site, found))
    (folder / "tables").mkdir()
    _tables(folder, audited, study.bodies)
    _write(folder, f"tables/{ABOUT}", _about(site))
    book = workbook.xlsx(study, found.scores, found.positions, site.checked)
    _write(folder, f"tables/{workbook.NAME}", book)
    for file, page in profile_pages.pages(site, results.dossier):
        _write(folder, file, page)
    index = index_page.content(audited)
    scores = scores_page.content(audited, results.dossier)
    return Report(folder, titles, site, results.places, index, scores, audited)


def shown(stem: str, notebook: Notebook) -> Shown:
    """Return what a page shows of an executed notebook.

    Raises
    ------
    BuildError
        When the notebook shows what no page may hold.
    """
    try:
        return pages.fragment(notebook)
    except ValueError as error:
        raise BuildError(f"{stem}.ipynb: {error}") from None


def finish(report: Report, notebooks: Mapping[str, Shown], assurance: Mapping[str, Any]) -> None:
    """Write the notebooks' pages, and those that rest on them or lead to them.

    Parameters
    ----------
    report
        What `begin` returned.
    notebooks
        What each notebook shows, by its file's stem.
    assurance
        What the page on assurance says.

    Raises
    ------
    BuildError
        When two files would have one name.
    """
    for stem in report.titles:
        _notebook_page(report, stem, *notebooks[stem])
    scores = report.scores | {"examined": report.places.claims}
    for file, title, said in (
        (index_page.FILE, index_page.TITLE, report.index),
        (scores_page.FILE, scores_page.TITLE, scores),
        ("assurance.html", assurance_page.TITLE, assurance),
    ):
        page = pages.render(f"{file}.j2", report.site, file, title, **said)
        _write(report.folder, file, page)
    _all_distinct(report.folder)


def _write(folder: pathlib.Path, name: str, content: str | bytes) -> None:
    """Write one new file of the site; a second one of that name is refused, not written over."""
    try:
        with open(folder / name, "xb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
    except FileExistsError:
        raise BuildError(f"two files of the site would be named {name}; rename one") from None


def _all_distinct(folder: pathlib.Path) -> None:
    """Refuse names that differ in case alone: many systems keep one file for both."""
    seen: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            raise BuildError(f"two files of the site would be named {other} and {name}; rename one")


def _counting(options: Options) -> Counting:
    return Counting(
        model=options.model, as_of=options.as_of, evidence=options.evidence,
        independent=options.independent,
    )  # fmt: skip


def _site(study: Study, titles: Mapping[str, str], audited: Audit, options: Options) -> pages.Site:
    found = audited.analysis
    read = study.coders[study.coders["coder"].isin(study.codings["coder"])]
    navigation = [
        pages.Page(index_page.FILE, "Answer", index_page.TITLE),
        pages.Page(scores_page.FILE, "Scores", scores_page.TITLE),
    ]
    if options.interactive:
        navigation.append(pages.Page(weights_page.FILE, weights_page.LABEL, weights_page.TITLE))
    for stem, title in titles.items():
        label = stem.partition("-")[2].replace("-", " ").capitalize() or stem
        navigation.append(pages.Page(f"{stem}.html", label, title))
    navigation.append(pages.Page(links.CONTENTS, "Sheets", "Every body, proposition and source"))
    navigation.append(pages.Page("assurance.html", "Assurance", "What this report rests on"))
    return pages.Site(
        title=study.title,
        description=study.description,
        version=study.version,
        software=software,
        fingerprint=fingerprint(study),
        licence=pages.licence(study.licences),
        notice=found.notice,
        pages=tuple(navigation),
        readers=pages.readers(read),
        checked=sentences.checked(audited),
        as_of=found.counting.as_of or "",
        created=study.created,
        contact=study.contact,
    )


def _since(folder: pathlib.Path, site: pages.Site, study: Study, options: Options) -> pages.Site:
    """Write the page on what changed since an edition; return the site that leads to it."""
    if options.since is None:
        return site
    from positions.compare import comparison
    from positions.compare.git import Edition
    from positions.site import changes_page  # heavy, and mostly not asked for

    found = comparison.compare(options.since, Edition("", "this report", study), _counting(options))
    *others, last = site.pages
    if changes_page.FILE in {page.file for page in others}:
        raise BuildError(f"a notebook's page is named {changes_page.FILE}; name the notebook else")
    site = dataclasses.replace(
        site, pages=(*others, changes_page.entry(found), last), since=changes_page.line(found)
    )
    _write(folder, changes_page.FILE, changes_page.page(site, found))
    return site


def _notebook_page(report: Report, stem: str, content: str, tables: Mapping[str, str]) -> None:
    """Write the page of a notebook, and its tables as CSV."""
    file, folder, title = f"{stem}.html", report.folder, report.titles[stem]
    if file in OWN_PAGES or file in report.places.known:
        raise BuildError(f"{stem}.ipynb: the report has a page {file} of its own; rename it")
    for name, shown in tables.items():
        path, text = folder / "tables" / name, with_checks(shown, report.audited)
        if not path.exists():
            _write(folder, f"tables/{name}", text)
        elif path.read_text("utf-8") != text:
            raise BuildError(f"{stem}.ipynb: another notebook has a table named {name}")
    try:
        content = links.linked(content, file, report.places)
    except ValueError as error:
        raise BuildError(f"{stem}.ipynb: {error}") from None
    page = pages.render("page.html.j2", report.site, file, title, content=Markup(content))
    _write(folder, file, page)


def _about(site: pages.Site) -> str:
    """Say what the tables are of, first of all how many codes a person checked."""
    lines = [
        site.checked, site.readers, f"{site.title}, version {site.version or 'not given'}.",
        f"Made by positions {site.software} from the study with fingerprint {site.fingerprint}.",
        site.licence,
        "Where a row names a body or a claim, its last two columns count the codes on the point "
        "and in the source that it names. `codes` are all of them; `checked` are those that a "
        "person checked.",
    ]  # fmt: skip
    return "".join(f"{line}\n" for line in lines if line)


def _tables(folder: pathlib.Path, audited: Audit, bodies: pd.DataFrame) -> None:
    """Write the two tidy tables that other programs read, and the network of bodies."""
    found = audited.analysis
    for name, table, columns, of in (
        ("agreement", found.scores, AGREEMENT_COLUMNS, CELL[:1]),
        ("positions", found.positions, POSITIONS_COLUMNS, CELL[:2]),
    ):
        rows = table[columns].merge(audited.per(of), on=of, how="left", validate="many_to_one")
        rows[CHECKED_COLUMNS] = rows[CHECKED_COLUMNS].fillna(0).astype("int64")
        _write(folder, f"tables/{name}.csv", table_csv(rows.round(6)))

    graph = networks.graphml(networks.relations(found.positions), bodies)
    _write(folder, "tables/relations.graphml", graph)
