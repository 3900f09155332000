"""Build the static site of a study: notebooks run, pages rendered, switched in at once."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from positions._files import building
from positions.site import notebooks
from positions.site.notebook_files import BuildError, Notebook, code_cells, prepare
from positions.site.options import Options, check
from positions.words import plural

# pandas and all that needs it is imported below, once the kernels have begun to load it, too.
if TYPE_CHECKING:
    from positions.study.load import Study


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
        `allow_unresolved` as for `read`; `texts`, a folder of stored texts to check phrases in;
        `interactive`, whether to add a page on which weights are moved.

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
    there = sorted(options.notebooks.glob("*.ipynb"))
    found = [path for path in there if path.stem.partition("-")[2] != LIVE]
    with (
        building(out) as folder,
        notebooks.kernels(folder.with_name("kernels"), len(found), options.limits) as run,
    ):
        with notebooks.interrupted_later():
            from positions.measures import stances  # noqa: F401  what reading imports
            from positions.site import snapshot
            from positions.study import load, quotes, verification  # noqa: F401

        study = read()
        check(study, options)
        _quoted(study, options.texts)
        kept = snapshot.take(study, folder.with_name("study"))
        prepared = prepare(_about(found, study, options), _parameters(kept, options))
        titles = {path.stem: _title(path.stem, notebook) for path, notebook in prepared.items()}
        running = run(prepared)
        progress(f"{plural(len(titles), 'notebook')} of {options.notebooks} at work")
        with notebooks.interrupted_later():
            from positions.site import assurance_page, content

        report = content.begin(folder, study, options, titles)
        assurance = assurance_page.content(report.audited, prepared.values(), options.texts)
        progress("the pages of bodies, propositions and sources are made")
        shown = {}
        for path, notebook in running:
            shown[path.stem] = content.shown(path.stem, _told_of(study, kept, notebook))
            progress(f"{path.stem}: {plural(len(code_cells(notebook)), 'cell')} ran")
        content.finish(report, shown, assurance)
        progress(f"every page is made; {out} is put in place")


def _told_of(study: Study, kept: pathlib.Path, notebook: Notebook) -> Notebook:
    """Have a notebook speak of the study's folder, where it was given a copy to read."""
    text, name = json.dumps(notebook), json.dumps(study.folder.absolute().name)
    return dict(json.loads(text.replace(json.dumps(kept.as_posix())[1:-1], name[1:-1])))


LIVE = "workbench"
"""The notebook of this name is for a person at work; it makes no page."""
ABOUT = {"outcome": "outcomes", "engagement": "engagement", "responses": "questions"}
"""The optional table that a notebook of this name is about."""


def _about(found: list[pathlib.Path], study: Study, options: Options) -> list[pathlib.Path]:
    """Return the notebooks in order, without those whose table has no rows."""
    if not found:
        raise BuildError(f"no notebooks in {options.notebooks}")
    for path in found:
        if not re.fullmatch(r"\w[\w .,()+-]*", path.stem):
            raise BuildError(f"{path.name}: no page can have this name; rename the notebook with "
                             "letters, digits, spaces and . , ( ) + - _ only")  # fmt: skip
    unasked = [name for name, table in ABOUT.items() if getattr(study, table).empty]
    return [path for path in found if path.stem.partition("-")[2] not in unasked]


def _parameters(study: pathlib.Path, options: Options) -> dict[str, object]:
    """Return what is set in each notebook's first cell."""
    return {
        "STUDY": study.as_posix(),
        "MODEL": options.model,
        "AS_OF": options.as_of,
        "EVIDENCE": tuple(options.evidence),
        "ALLOW_UNRESOLVED": options.allow_unresolved,
        "INDEPENDENT": options.independent,
    }


def _quoted(study: Study, folder: pathlib.Path | None) -> None:
    """Refuse a study of which a phrase does not stand in the stored text of its source."""
    from positions.study import quotes, verification
    from positions.study.problems import StudyError

    stored = quotes.texts(folder, study.sources) if folder else {}
    if found := verification.problems(study, stored):
        raise StudyError(found)


def _title(stem: str, notebook: Notebook) -> str:
    """Return a notebook's first heading."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and cell["source"].startswith("# "):
            return str(cell["source"].splitlines()[0][2:].strip())
    raise BuildError(f"{stem}.ipynb: no heading; begin with a Markdown cell `# Title`")
