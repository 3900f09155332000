"""Build the static site of a study: notebooks run, pages rendered, switched in at once."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from positions import __version__ as software
from positions._files import building
from positions.measures import networks, stances
from positions.measures.analysis import Analysis, Counting, analyse
from positions.site import (
    assurance_page,
    index_page,
    links,
    notebooks,
    pages,
    profile_pages,
    profiles,
    snapshot,
    workbook,
)
from positions.site.kernels import Limits
from positions.site.notebook_files import BuildError, Notebook, code_cells, prepare, shipped
from positions.study.csv_cells import table_csv
from positions.study.load import Study, fingerprint
from positions.words import plural

if TYPE_CHECKING:
    from positions.compare.git import Edition


@dataclasses.dataclass(frozen=True)
class Options:
    """How a report is made.

    `notebooks`: their folder (those of the working folder, else those of the package). `model`:
    the reference model (None: the study's own). `as_of`: ISO date; later sources do not count.
    `evidence`: which of stated, implied, reported count. `texts`: the folder of stored texts to
    check phrases against, if there is one. `allow_unresolved`: the study was read with cells that
    nobody decided. `independent`: leave out sources that repeat another's wording. `limits`: what
    the notebooks may take. `since`: the edition whose changes a page shows.
    """

    notebooks: pathlib.Path = dataclasses.field(default_factory=shipped)
    model: str | None = None
    as_of: str | None = None
    evidence: Collection[str] = stances.BASES
    texts: pathlib.Path | None = None
    allow_unresolved: bool = False
    independent: bool = True
    limits: Limits = dataclasses.field(default_factory=Limits)
    since: Edition | None = None


@dataclasses.dataclass(frozen=True)
class Results:
    """What a study comes to, laid out for its sheets, each of which has its place."""

    found: Analysis
    dossier: profiles.Dossier
    places: links.Places


class OptionsError(ValueError):
    """The options name what the study lacks; the message says what it has."""


def build(
    study: Study,
    out: str | pathlib.Path,
    *,
    progress: Callable[[str], None] = lambda line: None,
    **options: Any,
) -> None:
    """Build the site of a study into a folder, all or nothing.

    Parameters
    ----------
    study
        The study. Notebooks read a copy of it as it was read, whatever becomes of its files.
    out
        The folder of the site. What no build made there stays.
    progress
        Is told a line a step.
    **options
        How the report is made: `notebooks`, their folder (those of the working folder, else those
        of the package); `model`, `as_of`, `evidence` and `independent` as for `analyse`;
        `allow_unresolved` as for `read`; `texts`, a folder of stored texts to check phrases in.

    Returns
    -------
    None
        The site is in the folder when the function returns.

    Raises
    ------
    BuildError
        When a notebook fails, hangs or hides something. The last good site stays.
    SwitchError
        When the folder may not be replaced.
    OptionsError
        When the options name a model or a class of evidence that the study lacks.

    Examples
    --------
    A report with one notebook of your own:

    >>> import pathlib, tempfile
    >>> import nbformat
    >>> import positions as ps
    >>> why = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Why?")])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nbformat.write(why, f"{folder}/1-why.ipynb")
    ...     ps.build(ps.read("data"), f"{folder}/site", notebooks=pathlib.Path(folder))
    ...     print(*sorted(path.name for path in pathlib.Path(folder, "site").glob("[1i]*.html")))
    1-why.html index.html
    """
    build_read(lambda: study, out, Options(**options), progress)


def build_read(
    read: Callable[[], Study],
    out: str | pathlib.Path,
    options: Options,
    progress: Callable[[str], None],
) -> None:
    """Build the site of the study that `read` returns, read while kernels load libraries."""
    found = sorted(options.notebooks.glob("*.ipynb"))
    with (
        building(out) as folder,
        notebooks.kernels(folder.with_name("kernels"), len(found), options.limits) as run,
    ):
        study = read()
        _known(study, options)
        kept = snapshot.take(study, folder.with_name("study"))
        prepared = prepare(_about(found, study, options), _parameters(kept, options))
        titles = {path.stem: _title(path.stem, notebook) for path, notebook in prepared.items()}
        running = run(prepared)
        progress(f"{plural(len(titles), 'notebook')} of {options.notebooks} at work")
        site, places, index = _beside(folder, study, options, titles)
        progress("the pages of bodies, propositions and sources are made")
        executed = {}
        for path, notebook in running:
            executed[path.stem] = _told_of(study, kept, notebook)
            progress(f"{path.stem}: {plural(len(code_cells(notebook)), 'cell')} ran")
        executed = {stem: executed[stem] for stem in titles}  # whichever was done first
        for stem, notebook in executed.items():
            _notebook_page(folder, site, stem, notebook, places)
        index |= {"examined": places.claims}
        page = pages.render("index.html.j2", site, "index.html", "The answer", **index)
        _write(folder, "index.html", page)
        page = assurance_page.page(site, study, executed, options.texts)
        _write(folder, "assurance.html", page)
        _all_distinct(folder)
        progress(f"every page is made; {out} is put in place")


def _told_of(study: Study, kept: pathlib.Path, notebook: Notebook) -> Notebook:
    """A notebook that speaks of the study's folder, where it was given a copy to read."""
    text, name = json.dumps(notebook), json.dumps(study.folder.absolute().name)
    return dict(json.loads(text.replace(json.dumps(kept.as_posix())[1:-1], name[1:-1])))


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


ABOUT = {"engagement": "engagement", "responses": "questions"}
"""The optional table that a notebook of this name is about."""


def _about(found: list[pathlib.Path], study: Study, options: Options) -> list[pathlib.Path]:
    """The notebooks in order; without rows in the table that one is about, it says nothing."""
    if not found:
        raise BuildError(f"no notebooks in {options.notebooks}")
    for path in found:
        if not re.fullmatch(r"\w[\w .,()+-]*", path.stem):
            raise BuildError(f"{path.name}: no page can have this name; rename the notebook with "
                             "letters, digits, spaces and . , ( ) + - _ only")  # fmt: skip
    unasked = [name for name, table in ABOUT.items() if getattr(study, table).empty]
    return [path for path in found if path.stem.partition("-")[2] not in unasked]


def _parameters(study: pathlib.Path, options: Options) -> dict[str, object]:
    """What is set in each notebook's first cell."""
    return {
        "STUDY": study.as_posix(),
        "MODEL": options.model,
        "AS_OF": options.as_of,
        "EVIDENCE": tuple(options.evidence),
        "ALLOW_UNRESOLVED": options.allow_unresolved,
        "INDEPENDENT": options.independent,
    }


def _beside(
    folder: pathlib.Path, study: Study, options: Options, titles: dict[str, str]
) -> tuple[pages.Site, links.Places, dict[str, Any]]:
    """Write all that needs no notebook, while they run; return what the other pages need."""
    results = results_of(study, options)
    found = results.found
    site = _site(study, titles, found.notice)
    site = _since(folder, site, study, options)
    (folder / "tables").mkdir()
    _tables(folder, found, study.bodies)
    book = workbook.xlsx(study, found.scores, found.positions)
    _write(folder, f"tables/{workbook.NAME}", book)
    for file, page in profile_pages.pages(site, results.dossier):
        _write(folder, file, page)
    index = index_page.content(found, results.dossier)
    return site, results.places, index


def _known(study: Study, options: Options) -> None:
    """Refuse a model that the study lacks, one without positions, and a date that is none."""
    model = options.model or study.reference_model
    if not model and study.models.empty:
        return  # a study of answers alone
    if model not in set(study.models["model_id"]):
        known = ", ".join(study.models["model_id"])
        raise OptionsError(f"no model {model!r}; the study has {known}")
    if model not in set(study.model_positions["model_id"]):
        raise OptionsError(f"the model {model!r} takes no position; nothing can agree with it")
    try:
        stances.as_of_day(options.as_of)
    except ValueError as error:
        raise OptionsError(str(error)) from None


def results_of(study: Study, options: Options) -> Results:
    """Resolve, position and score a study once, for everything outside the notebooks."""
    found = analyse(study, **vars(_counting(options)))
    counting = profiles.Counting(
        found.resolved, found.positions, found.sources, options.as_of, options.evidence
    )
    gathered = profiles.gather(study, counting, found.bodies, found.scores, found.model)
    return Results(found, gathered, profile_pages.places(gathered))


def _counting(options: Options) -> Counting:
    return Counting(
        model=options.model, as_of=options.as_of, evidence=options.evidence,
        independent=options.independent,
    )  # fmt: skip


def _title(stem: str, notebook: Notebook) -> str:
    """A notebook's first heading."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["source"].startswith("# "):
            return str(cell["source"].splitlines()[0][2:].strip())
    raise BuildError(f"{stem}.ipynb: no heading; begin with a Markdown cell `# Title`")


def _site(study: Study, titles: dict[str, str], notice: str) -> pages.Site:
    navigation = [pages.Page("index.html", "Answer", "The answer")]
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
        notice=notice,
        pages=tuple(navigation),
    )


OWN_PAGES = ("index.html", "assurance.html", links.CONTENTS)


def _since(folder: pathlib.Path, site: pages.Site, study: Study, options: Options) -> pages.Site:
    """The page on what changed since an earlier edition, and the site that leads to it."""
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


def _notebook_page(
    folder: pathlib.Path, site: pages.Site, stem: str, notebook: Notebook, places: links.Places
) -> None:
    """Write the page of a notebook, and its tables as CSV."""
    file = f"{stem}.html"
    if file in OWN_PAGES or file in places.known:
        raise BuildError(f"{stem}.ipynb: the report has a page {file} of its own; rename it")
    try:
        content, tables = pages.fragment(notebook)
        content = links.linked(content, file, places)
    except ValueError as error:
        raise BuildError(f"{stem}.ipynb: {error}") from None
    for name, text in tables.items():
        path = folder / "tables" / name
        if not path.exists():
            _write(folder, f"tables/{name}", text)
        elif path.read_text("utf-8") != text:
            raise BuildError(f"{stem}.ipynb: another notebook has a table named {name}")
    title = _title(stem, notebook)
    _write(folder, file, pages.render("page.html.j2", site, file, title, content=Markup(content)))


def _tables(folder: pathlib.Path, found: Analysis, bodies: pd.DataFrame) -> None:
    """The two tidy tables that other programs read, and the network of bodies."""
    for name, table, columns in (
        ("agreement", found.scores, AGREEMENT_COLUMNS),
        ("positions", found.positions, POSITIONS_COLUMNS),
    ):
        _write(folder, f"tables/{name}.csv", table_csv(table[columns].round(6)))

    graph = networks.graphml(networks.relations(found.positions), bodies)
    _write(folder, "tables/relations.graphml", graph)


AGREEMENT_COLUMNS = ["body_id", "model_id", "agreement", "lower", "upper", "spoke", "of"]
POSITIONS_COLUMNS = ["body_id", "proposition_id", "position", "basis", "source_id", "flagged"]
