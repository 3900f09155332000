"""Whatever a file holds, reading it ends with a verdict in words, never in a traceback."""

import random

import dnamade
import polismade
import pytest
import small
import surveys
import village
import workbooks
from damage import damaged, damaged_inside

from positions.exchange import coder_files, formats
from positions.exchange.coder_files import CoderOptions
from positions.exchange.dna.importer import Variables, import_dna
from positions.exchange.ids import Ids
from positions.exchange.imported import Carried, lost_table
from positions.exchange.mapping import read_declarations
from positions.exchange.polis.importer import import_conversation
from positions.exchange.refi_qda import exporter
from positions.exchange.refi_qda.importer import ProjectOptions, import_project
from positions.responses import drafts, layouts, mapping, questions
from positions.responses.backend import NotResponses
from positions.study import load
from positions.study.csv_cells import as_csv, inert_csv
from positions.study.problems import as_text

pytestmark = pytest.mark.slow

DECLARED = read_declarations({}, {}, ["codings.basis=stated"],
                             ["yes=1", "no=-1", "agree=1", "disagree=-1", "pass=0"])  # fmt: skip


def carried(read):
    """What an import says, written out."""
    found = Carried()
    read(Ids({}, DECLARED, found))
    as_text([*found.problems, *found.lost, *found.notes])
    lost_table(found.lost).decode()


def of_a_study(path):
    """What the reader of studies says, written out."""
    as_text(load.check(path)[1])


def of_answers(path):
    """What the reader of answers says, or the map that it begins."""
    survey = questions.survey(load.read(path.parent / "small").questions)
    try:
        if path.suffix == ".map":
            mapping.read_map(path, survey)
        else:
            drafts.begun(path, layouts.find_layout(path), survey)
    except NotResponses as refused:
        assert str(path) in str(refused)


def sound(folder):
    """A sound file of every kind: its name, its bytes, and how it is read."""
    workbook = workbooks.saved(workbooks.book(), folder).read_bytes()
    loaded = load.read(village.write(folder / "village"))
    texts = {name: village.text(name).encode() for name in village.DATES}
    project, table = exporter.project(loaded, texts), formats.codings_csv(loaded.codings)
    answers = surveys.write(folder / "answers.xlsx", surveys.microsoft())
    begun = drafts.begun(answers, layouts.find_layout(answers), questions.survey(loaded.questions))
    package = small.write(folder / "small") / "datapackage.json"
    coder, cases = CoderOptions(lenient=True, sheets=True), ProjectOptions(cases=True)

    def codings(name):
        return lambda path: carried(
            lambda ids: coder_files.read_coder_file(name, path.read_bytes(), ids, coder)
        )

    def refi(path):
        carried(lambda ids: import_project(path.name, path.read_bytes(), ids, cases))

    def dna(path):
        carried(lambda ids: import_dna(path, Variables(), ids))

    return {
        "a workbook": ("w.xlsx", workbook, damaged, of_a_study),
        "a part of a workbook": ("v.xlsx", workbook, damaged_inside, of_a_study),
        "a coder's workbook": ("c.xlsx", workbook, damaged_inside, codings("c.xlsx")),
        "a coder's table": ("c.csv", table, damaged, codings("c.csv")),
        "a project": ("p.qdpx", project, damaged, refi),
        "a part of a project": ("q.qdpx", project, damaged_inside, refi),
        "a codebook": ("b.qdc", exporter.codebook(loaded), damaged, refi),
        "a database": ("x.dna", dnamade.write(folder / "x.dna").read_bytes(), damaged, dna),
        "a workbook of answers": ("a.xlsx", answers.read_bytes(), damaged, of_answers),
        "a part of a workbook of answers": ("b.xlsx", answers.read_bytes(), damaged_inside,
                                            of_answers),
        "a table of answers": ("a.csv", as_csv(surveys.qualtrics()), damaged, of_answers),
        "a map of answers": ("a.map", inert_csv(begun), damaged, of_answers),
        "a data package": ("small/datapackage.json", package.read_bytes(), damaged,
                           lambda path: of_a_study(path.parent)),
    }  # fmt: skip


KINDS = ("a workbook", "a part of a workbook", "a coder's workbook", "a coder's table", "a project",
         "a part of a project", "a codebook", "a database", "a data package",
         "a workbook of answers", "a part of a workbook of answers", "a table of answers",
         "a map of answers")  # fmt: skip


def spoil(kind, folder, times, seed):
    """Spoil a file of a kind in as many ways, and read each."""
    name, raw, damage, read = sound(folder)[kind]
    chance = random.Random(f"{kind} {seed}")
    for _ in range(times):
        (folder / name).write_bytes(damage(raw, chance))
        read(folder / name)


def spoil_polis(times, seed):
    """Spoil one file of a conversation in as many ways, and read each."""
    chance = random.Random(f"polis {seed}")
    files = {name: text.encode() for name, text in polismade.ADMIN.items()}
    files["votes.csv"] = polismade.VOTES.encode()
    for _ in range(times):
        name = chance.choice(sorted(files))
        spoilt = {**files, name: damaged(files[name], chance)}
        carried(lambda ids, spoilt=spoilt: import_conversation(
            spoilt, ids, as_bodies=chance.random() < 0.5))  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_file_ends_with_a_verdict(kind, tmp_path):
    spoil(kind, tmp_path, 25, 0)


def test_a_spoilt_conversation_ends_with_a_verdict():
    spoil_polis(25, 0)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_spoilt_files_end_with_a_verdict(kind, seed, tmp_path):
    spoil(kind, tmp_path, 260, seed + 1)


@pytest.mark.exhaustive
def test_a_thousand_spoilt_conversations_end_with_a_verdict():
    spoil_polis(1_000, 1)
