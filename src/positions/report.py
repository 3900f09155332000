"""Build the static site of a study: notebooks run, pages rendered, switched in at once."""

from __future__ import annotations

import dataclasses
import hashlib
import pathlib
from collections.abc import Callable, Collection

import pandas as pd
from markupsafe import Markup

from positions import __version__ as software
from positions import (
    agreement,
    assurance,
    choices,
    figures,
    layout,
    multiverse,
    pages,
    present,
    relations,
    resampling,
    robustness,
    robustwording,
    stances,
    variants,
    wording,
)
from positions.execute import BuildError, run_all
from positions.study import Study
from positions.switch import building


@dataclasses.dataclass(frozen=True)
class Options:
    """How a report is made.

    `model`: the reference model (None: the study's own). `as_of`: ISO date; later sources do not
    count. `evidence`: which of stated, implied, reported count. `texts`: the folder of stored
    texts to check phrases against, if there is one. `allow_unresolved`: the study was read with
    cells that nobody decided. `independent`: leave out sources that repeat another's wording.
    `cell_seconds`: time limit of a cell.
    """

    notebooks: pathlib.Path
    model: str | None = None
    as_of: str | None = None
    evidence: Collection[str] = stances.BASES
    texts: pathlib.Path | None = None
    allow_unresolved: bool = False
    independent: bool = True
    cell_seconds: int = 120
    workers: int = 2


@dataclasses.dataclass(frozen=True)
class Results:
    """The tables that the index, the sheets and the CSV files are made of."""

    resolved: pd.DataFrame
    positions: pd.DataFrame
    scores: pd.DataFrame
    predates: pd.DataFrame
    model: pd.Series
    whole: frozenset[str]
    sources: pd.DataFrame


def build(
    study: Study,
    out: pathlib.Path,
    options: Options,
    progress: Callable[[str], None] = lambda line: None,
) -> None:
    """Build the site of a study into a folder, all or nothing.

    Raises
    ------
    BuildError
        When a notebook fails, hangs or hides something. The last good site stays.
    SwitchError
        When the folder may not be replaced.
    ValueError
        When the options name a model or a class of evidence that the study lacks.
    """
    results = analyse(study, options)
    with building(out) as folder:
        found = applicable(sorted(options.notebooks.glob("*.ipynb")), study)
        if not found:
            raise BuildError(f"no notebooks in {options.notebooks}")
        executed = run_all(
            found,
            {
                "STUDY": str(study.folder.absolute()),
                "MODEL": options.model,
                "AS_OF": options.as_of,
                "EVIDENCE": tuple(options.evidence),
                "ALLOW_UNRESOLVED": options.allow_unresolved,
                "INDEPENDENT": options.independent,
            },
            cell_seconds=options.cell_seconds,
            workers=options.workers,
            progress=progress,
        )
        titles = {stem: _title(stem, notebook) for stem, notebook in executed.items()}
        site = _site(study, titles, wording.unresolved(results.resolved))
        (folder / "tables").mkdir()
        for stem, notebook in executed.items():
            _notebook_page(folder, site, stem, titles[stem], notebook)
        _tables(folder, results, study.bodies)
        _index(folder, site, study, results, options)
        for body_id in study.bodies["body_id"]:
            _sheet(folder, site, study, results, body_id)
        page = assurance.page(site, study, executed, options.texts)
        (folder / "assurance.html").write_text(page, encoding="utf-8")
    progress(f"{out / 'index.html'}")


ABOUT_RESPONSES = "6-responses"
"""The notebook that a study without individual responses has no use for."""


def applicable(notebooks: list[pathlib.Path], study: Study) -> list[pathlib.Path]:
    """The notebooks that a study has something to show in.

    A page on individual responses of a study that asked nobody would hold one sentence.
    """
    if len(study.questions):
        return notebooks
    return [path for path in notebooks if path.stem != ABOUT_RESPONSES]


def analyse(study: Study, options: Options) -> Results:
    """Resolve, position and score a study once, for everything outside the notebooks."""
    model = options.model or study.reference_model
    known = study.models.set_index("model_id")
    if model not in known.index:
        raise ValueError(f"no model {model!r}; the study has {', '.join(known.index)}")
    if model not in set(study.model_positions["model_id"]):
        raise ValueError(f"the model {model!r} takes no position; nothing can agree with it")
    resolved = stances.resolve(study.codings, study.adjudications)
    sources = stances.independent(study.sources) if options.independent else study.sources
    positions = stances.positions(resolved, sources, as_of=options.as_of, evidence=options.evidence)
    scores = agreement.agreement(positions, study.model_positions, study.propositions, study.bodies)
    ends = resampling.coder_intervals(
        study.codings,
        sources,
        study.model_positions,
        study.propositions,
        as_of=options.as_of,
        evidence=options.evidence,
    )
    scores = scores.merge(ends, on=["model_id", "body_id"], how="left", validate="one_to_one")
    predates = agreement.predating(positions, study.models, study.model_positions)
    seen = stances.seen(resolved, sources, study.bodies)
    whole = frozenset(seen.loc[seen["seen"] == "whole", "body_id"])
    return Results(resolved, positions, scores, predates, known.loc[model], whole, sources)


def _title(stem: str, notebook: object) -> str:
    """A notebook's first heading."""
    for cell in notebook.cells:  # type: ignore[attr-defined]
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            return str(cell.source.splitlines()[0][2:].strip())
    raise BuildError(f"{stem}.ipynb: no heading; begin with a Markdown cell `# Title`")


def fingerprint(study: Study) -> str:
    """One hash over the study's files, for people to compare."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in study.hashes.items())
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def _site(study: Study, titles: dict[str, str], notice: str) -> pages.Site:
    navigation = [pages.Page("index.html", "Answer", "The answer")]
    for stem, title in titles.items():
        label = stem.partition("-")[2].replace("-", " ").capitalize() or stem
        navigation.append(pages.Page(f"{stem}.html", label, title))
    navigation.append(pages.Page("assurance.html", "Assurance", "What this report rests on"))
    return pages.Site(
        title=study.title,
        description=study.description,
        version=study.version,
        software=software,
        fingerprint=fingerprint(study),
        licence="Coded tables: CC BY 4.0. The phrases quoted are their authors'.",
        notice=notice,
        pages=tuple(navigation),
    )


def _notebook_page(
    folder: pathlib.Path, site: pages.Site, stem: str, title: str, notebook: object
) -> None:
    try:
        content, tables = pages.fragment(notebook)
    except ValueError as error:
        raise BuildError(f"{stem}.ipynb: {error}") from None
    for name, text in tables.items():
        path = folder / "tables" / name
        if path.exists() and path.read_text("utf-8") != text:
            raise BuildError(f"{stem}.ipynb: another notebook has a table named {name}")
        path.write_text(text, encoding="utf-8")
    file = f"{stem}.html"
    page = pages.render("page.html.j2", site, file, title, content=Markup(content))
    (folder / file).write_text(page, encoding="utf-8")


def _tables(folder: pathlib.Path, results: Results, bodies: pd.DataFrame) -> None:
    """The two tidy tables that other programs read, and the network of bodies."""
    for name, table, columns in (
        ("agreement", results.scores, AGREEMENT_COLUMNS),
        ("positions", results.positions, POSITIONS_COLUMNS),
    ):
        text = table[columns].round(6).to_csv(index=False, lineterminator="\n")
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")

    graph = relations.graphml(relations.relations(results.positions), bodies)
    (folder / "tables" / "relations.graphml").write_text(graph, encoding="utf-8")


AGREEMENT_COLUMNS = ["body_id", "model_id", "agreement", "lower", "upper", "spoke", "of"]
POSITIONS_COLUMNS = ["body_id", "proposition_id", "position", "basis", "source_id", "flagged"]


def _index(
    folder: pathlib.Path, site: pages.Site, study: Study, results: Results, options: Options
) -> None:
    label = results.model["label"]
    scores = results.scores[results.scores["model_id"] == results.model.name]
    drawn = layout.foreground(scores, study.featured)
    chart = figures.agreement(
        drawn,
        wording.headline(scores, study.featured),
        wording.subtitle(scores, label, options.as_of),
    )
    own = results.positions[results.positions["basis"] != "reported"]
    own = own.merge(
        study.model_positions.query("model_id == @results.model.name")["proposition_id"]
    )
    page = pages.render(
        "index.html.j2",
        site,
        "index.html",
        "The answer",
        model=label,
        answer=wording.answer(scores, agreement.overlapping(scores), study.featured),
        figure=pages.picture(chart),
        first=[_row(row, own, results) for row in _named(scores, study.featured)],
        rows=[_row(row, own, results) for _, row in layout.in_order(scores).iterrows()],
        vocabulary=wording.vocabulary(),
        coder_effect=wording.coder_effect(scores),
        claims=_claims(study, results),
        claims_vocabulary=robustwording.vocabulary(),
        ranked_from=agreement.RANKED_FROM,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")


def _claims(study: Study, results: Results) -> list[str]:
    """Each claim of the study on scores, and in how many single departures it holds."""
    asked = study.claims[study.claims["kind"] != "same-group"]
    if asked.empty:
        return []
    counted = dataclasses.replace(study, sources=results.sources)
    model_id = str(results.model.name)
    each = variants.singles(choices.available(counted, model_id))
    scores = multiverse.scores(counted, model_id, each)
    counts = robustness.tally(asked, robustness.verdicts(asked, scores), each)
    return [
        f"{row['wording']}: {row['words']} ({row['holds']} of {row['holds'] + row['fails']} "
        f"analyses that can judge it, of {row['of']})."
        for _, row in robustwording.degrees(counts).iterrows()
    ]


def _named(scores: pd.DataFrame, featured: Collection[str]) -> list[pd.Series]:
    """The featured bodies' rows, where there are so many bodies that they might be lost."""
    if len(scores) <= layout.MANY:
        return []
    return [row for _, row in scores[scores["body_id"].isin(list(featured))].iterrows()]


def _row(row: pd.Series, own: pd.DataFrame, results: Results) -> dict[str, object]:
    predates = results.predates[
        (results.predates["model_id"] == row["model_id"])
        & (results.predates["body_id"] == row["body_id"])
    ]
    return {
        "file": pages.body_file(row["body_id"]),
        "name": row["name"],
        "agreement": present.percent(row["agreement"]),
        "coders": _between(row["coder_lower"], row["coder_upper"]),
        "lower": present.percent(row["lower"]),
        "upper": present.percent(row["upper"]),
        "spoke": row["spoke"],
        "of": row["of"],
        "own": int((own["body_id"] == row["body_id"]).sum()),
        "predates": int(predates["predates"].sum()),
        "standing": row["standing"],
        "seen": "whole" if row["body_id"] in results.whole else "opening",
    }


def _between(lower: float, upper: float) -> str:
    """An interval as printed: one number where both ends are the same."""
    ends = dict.fromkeys((present.percent(lower), present.percent(upper)))
    return " to ".join(ends)


def _sheet(
    folder: pathlib.Path, site: pages.Site, study: Study, results: Results, body_id: str
) -> None:
    shown = pages.sheet(study, results.resolved, body_id)
    scores = results.scores[
        (results.scores["model_id"] == results.model.name) & (results.scores["body_id"] == body_id)
    ]
    file = pages.body_file(body_id)
    title = f"How we read {shown['body']['name']}"
    answer = wording.one_body(scores.iloc[0], results.model["label"])
    page = pages.render("body.html.j2", site, file, title, answer=answer, **shown)
    (folder / file).write_text(page, encoding="utf-8")
