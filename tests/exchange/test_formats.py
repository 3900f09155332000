"""Whatever stands in another tool's file, an import ends with a verdict and a whole study."""

import random

import dnamade
import polismade
import pytest
import small
import village
from damage import damaged, damaged_inside

from positions.exchange import formats, merge
from positions.exchange.coder_files import CoderOptions
from positions.exchange.formats import ImportOptions
from positions.exchange.imported import lost_table
from positions.exchange.mapping import read_declarations
from positions.exchange.refi_qda import exporter as refi_exporter
from positions.study import load
from positions.study.problems import as_text


def files(tmp_path):
    """One sound file of every kind, for a study that has it all already."""
    loaded = load.read(village.write(tmp_path / "study"))
    texts = {name: village.text(name).encode() for name in village.DATES}
    project = refi_exporter.project(loaded, texts)
    return {
        ("coder", "c.csv"): (formats.codings_csv(loaded.codings), damaged),
        ("dna", "x.dna"): (dnamade.write(tmp_path / "x.dna").read_bytes(), damaged),
        ("refi-qda", "p.qdpx"): (project, damaged),
        ("refi-qda", "q.qdpx"): (project, damaged_inside),
        ("refi-qda", "b.qdc"): (refi_exporter.codebook(loaded), damaged),
    }


def declared():
    return read_declarations({}, {}, ["codings.basis=stated"],
                ["yes=1", "no=-1", "agree=1", "disagree=-1", "pass=0"])  # fmt: skip


def judged(kind, file, folder, **choices):
    """Import the file; what is accepted is written into a copy that the reader takes."""
    taken, _ = formats.bring(kind, file, folder, declared(), ImportOptions(**choices))
    as_text([*taken.problems, *taken.lost, *taken.to_fill, *taken.conflicts])
    lost_table(taken.lost).decode()
    if not (taken.problems or taken.conflicts or taken.to_fill):
        merge.write(folder, taken)
        load.read(folder)
    return taken


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))]
)
def test_a_damaged_file_is_refused_or_taken_and_never_half(seed, tmp_path):
    chance = random.Random(seed)
    for (kind, name), (raw, damage) in files(tmp_path).items():
        for _ in range(4):
            (tmp_path / name).write_bytes(damage(raw, chance))
            judged(kind, tmp_path / name, tmp_path / "study")
    sound = {**polismade.ADMIN, "votes.csv": polismade.VOTES}
    for name in sound:
        folder = tmp_path / f"polis-{name}"
        folder.mkdir()
        for other, text in sound.items():
            raw = text.encode()
            (folder / other).write_bytes(damaged(raw, chance) if other == name else raw)
        judged("polis", folder, tmp_path / "study", as_bodies=bool(seed % 2))


def test_a_byte_that_is_no_utf_8_is_named_with_its_place(tmp_path):
    folder = small.write(tmp_path / "study")
    (tmp_path / "ann.csv").write_bytes(
        b"body_id,proposition_id,source_id,stance,basis,quote\n"
        b"nhsp,voice,nhsp-brief,-1,stated,a \x93seat\x94\n"
    )
    taken = judged("coder", tmp_path / "ann.csv", folder, coder=CoderOptions("ann"))
    assert "ann.csv:2 [quote]: error: encoding" in as_text(taken.problems)
    export = tmp_path / "export"
    export.mkdir()
    for name, text in polismade.ADMIN.items():
        (export / name).write_bytes(text.encode().replace(b"bridge", b"br\x93dge"))
    assert "comments.csv:2: error: encoding: 0x93: not UTF-8" in (
        as_text(judged("polis", export, folder).problems)
    )
