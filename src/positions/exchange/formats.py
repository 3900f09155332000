"""To and from other tools' formats: what comes in, what goes out, what neither can carry.

An import is a reader of the format, then `merge`; an export is a function of a study. What an
export leaves behind is the same for every study, and is said in a sentence.
"""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Mapping

import pandas as pd

from positions.exchange import coder_files, merge
from positions.exchange.coder_files import CoderOptions
from positions.exchange.dna import importer as dna_importer
from positions.exchange.dna.importer import Variables
from positions.exchange.ids import Ids
from positions.exchange.imported import Carried, Place
from positions.exchange.mapping import Declared
from positions.exchange.merge import Taken
from positions.exchange.offsets import UNDECLARED, DeclaredCounting
from positions.exchange.polis import exporter as polis_exporter
from positions.exchange.polis import importer as polis_importer
from positions.exchange.polis.files import COMMENTS, MATRIX, SUMMARY, VOTES
from positions.exchange.refi_qda import exporter as refi_exporter
from positions.exchange.refi_qda import importer as refi_importer
from positions.exchange.refi_qda.importer import ProjectOptions
from positions.measures import networks, stances
from positions.study import holdings, quotes
from positions.study.csv_cells import inert_csv
from positions.study.csv_reader import allowed
from positions.study.load import Study

LEFT_OUT = {
    "csv": "Only the table of codings: what bodies, sources and propositions are stands in the "
    "study.",
    "graphml": "Positions as of the latest sources that speak in words of their own: no phrases, "
    "coders, dates or notes; no weights.",
    "refi-qda": "Codings with their phrases and notes: nothing of when, where and by whom a source "
    "was published, of weights, models, adjudications or claims. Sources whose texts are not "
    "at hand hold their phrases alone, and offsets count in those.",
    "codebook": "Propositions, stances, bodies and bases as codes: no codings; no weights, models "
    "or kinds of bodies.",
    "polis": "The side of each position, not how far it goes; bodies without their names' kinds, "
    "phrases, sources or coders; a position of 0 becomes a pass.",
}
"""What each export cannot carry."""


@dataclasses.dataclass(frozen=True)
class ImportOptions:
    """How a file is to be read, format by format."""

    coder: CoderOptions = dataclasses.field(default_factory=CoderOptions)
    variables: Variables = dataclasses.field(default_factory=Variables)
    project: ProjectOptions = dataclasses.field(default_factory=ProjectOptions)
    counts: DeclaredCounting = UNDECLARED
    agree: int | None = None
    as_bodies: bool = False
    replace: bool = False
    unresolved: bool = False


def bring(
    kind: str, file: pathlib.Path, folder: pathlib.Path, declared: Declared, options: ImportOptions
) -> tuple[Taken, dict[str, bytes]]:
    """Read another tool's file and lay it beside a study; nothing is written.

    The `kind` is `coder`, `dna`, `refi-qda` or `polis`; of Polis, `file` is the folder of its
    files. The study's folder need not be there yet.

    Returns
    -------
    What the study would be, and the texts that the file holds, by source_id.
    """
    mine = holdings.known(folder)
    carried = Carried()
    ids = Ids(mine.rows, declared, carried)
    besides: dict[str, list[list[str]]] = {}
    if kind == "dna":
        dna_importer.import_dna(file, options.variables, ids, counts=options.counts)
    elif kind == "polis":
        besides = polis_importer.import_conversation(
            _folder(file, carried), ids, agree=options.agree, as_bodies=options.as_bodies
        )
    elif (raw := _bytes(file, carried)) is not None:
        if kind == "coder":
            coder_files.read_coder_file(file.name, raw, ids, options.coder)
        else:
            project = dataclasses.replace(options.project, counts=options.counts)
            refi_importer.import_project(file.name, raw, ids, project)
    taken = merge.take(folder, carried, declared, besides=besides, replace=options.replace,
                        unresolved=options.unresolved)  # fmt: skip
    return taken, carried.texts


def _bytes(file: pathlib.Path, carried: Carried) -> bytes | None:
    """Read a regular file; a link, a pipe or a giant is a fault."""
    try:
        if file.is_symlink() or not file.is_file():
            what = "no such file" if not file.exists() else "not a regular file"
        elif file.stat().st_size > (most := allowed().bytes_per_file):
            what = f"more than {most} bytes"
        else:
            return file.read_bytes()
    except OSError as error:
        what = error.strerror or str(error)
    carried.fault("file-unreadable", Place(file.name), "", what, "name the file itself")
    return None


def _folder(path: pathlib.Path, carried: Carried) -> dict[str, bytes]:
    """Read the CSV files of a folder by name; list the files of other kinds."""
    found: dict[str, bytes] = {}
    if path.is_symlink() or not path.is_dir():
        carried.fault("file-unreadable", Place(path.name), "", "not a folder",
                      "name the unpacked folder of a Polis export")  # fmt: skip
        return found
    known = {VOTES, COMMENTS, SUMMARY, *MATRIX}
    for file in sorted(path.iterdir()):
        if file.name not in known:
            carried.lose(Place(file.name), "", "not read: votes, comments and the summary are")
        elif (raw := _bytes(file, carried)) is not None:
            found[file.name] = raw
    return found


# --- out -----------------------------------------------------------------------------------


def export(study: Study, kind: str, texts: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """Write a study in another tool's format: files by name; a single file has the name "".

    The `kind` is a key of `LEFT_OUT`. Of the stored `texts` by source_id, which `refi-qda` takes,
    those that are not the texts coded are left out.
    """
    if kind == "csv":
        return {"": codings_csv(study.codings)}
    if kind == "codebook":
        return {"": refi_exporter.codebook(study)}
    if kind == "refi-qda":
        return {"": refi_exporter.project(study, coded(study, texts or {}))}
    positions = stances.positions(
        stances.resolve(study.codings, study.adjudications), stances.independent(study.sources)
    )
    if kind == "polis":
        return polis_exporter.export(positions, study.bodies, study.propositions, study.title)
    edges, nodes = networks.affiliations(positions, study.bodies, study.propositions)
    pairs = networks.relations(positions)
    return {
        "affiliations.graphml": networks.graphml(edges, nodes).encode(),
        "relations.graphml": networks.graphml(pairs, study.bodies).encode(),
    }


def codings_csv(codings: pd.DataFrame) -> bytes:
    """Write the codings as a study holds them, rows by key, with no cell a spreadsheet runs."""
    rows = codings.astype(object).where(codings.notna(), "").to_numpy().tolist()
    return inert_csv([list(codings.columns), *(map(str, row) for row in rows)])


def coded(study: Study, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the stored texts in which every phrase stands at its offsets."""
    checked = quotes.verify(study.codings, dict(texts))
    wrong = set(checked.loc[checked["result"] != "found", "source_id"])
    return {name: raw for name, raw in texts.items() if name not in wrong}
