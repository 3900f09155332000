"""A made-up study at the workbench: two coders, a drawn sample, a person who has seen nothing."""

import datetime as dt

import village

from positions.auditing.drawing import Draw, draw
from positions.measures.analysis import analyse
from positions.reading.desk import Desk
from positions.study import load

DAY = dt.date(2024, 5, 1)
SECRET = "zq-secret"
"""Stands in every note, reason and name that a reading brings."""


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.now = dt.datetime(2024, 5, 2, 9, 0)

    def __call__(self):
        return self.now

    def pass_seconds(self, seconds):
        self.now += dt.timedelta(seconds=seconds)


def coded(changed=(), by=("ann", "ben"), without=()):
    """The codings of the village by two coders; `changed` are (cell, coder): stance."""
    changed = dict(changed)
    header, *rows = village.tables()["codings"]
    found = [header]
    for coder in by:
        for body, proposition, source, _, stance, basis, quote, start, end, _ in rows:
            named = (body, proposition, coder)
            if named in without:
                continue
            found.append([body, proposition, source, coder, changed.get(named, stance), basis,
                          quote, start, end, f"{SECRET} note of {coder}"])  # fmt: skip
    return found


CODERS = [
    ["coder", "kind", "name", "read_from", "read_to", "codebook", "about"],
    ["ann", "person", "Ann", "2021-04-01", "", "1", ""],
    ["ben", "person", "Ben", "2021-04-01", "", "1", ""],
    ["robo", "model", "Robo", "2021-04-01", "", "1", ""],
    ["cleo", "person", "Cleo", "", "", "1", ""],
    ["dan", "person", "Dan", "", "", "1", ""],
]


DRAWN = {}
"""The samples of studies that were made before: a draw takes a tenth of a second."""


def write(folder, codings=None, sample=(7, 1), **tables):
    """The study's folder with a drawn sample, and the folder of its texts."""
    made = village.write(folder / "study", {"codings": codings or coded(), "coders": CODERS,
                                            **tables})  # fmt: skip
    texts = village.write_texts(folder / "texts")
    if sample:
        known = repr((codings, sample, sorted(tables.items())))
        if known not in DRAWN:
            study = load.read(made, allow_unresolved=True)
            rows = draw(analyse(study), Draw(sample[0], 7, 0, sample[1]), DAY)
            DRAWN[known] = rows.to_csv(index=False, lineterminator="\n").encode()
        (made / "samples.csv").write_bytes(DRAWN[known])
    return made, texts


def desk(folder, coder="cleo", clock=None, **more):
    """The desk of a coder over the study that `write` makes."""
    made, texts = folder / "study", folder / "texts"
    if not made.exists():
        write(folder, **more)
    return Desk(load.read(made, allow_unresolved=True), texts, coder, clock=clock or Clock())


def code(desk, source, body, proposition, stance, words, basis="stated", note=""):
    """Code the first place of some words in a text."""
    desk.queue = "code"
    text = desk.coding.text(source).text
    start = text.index(words)
    return desk.act({
        "act": "code", "source_id": source, "body_id": body, "proposition_id": proposition,
        "stance": stance, "basis": basis, "start": start, "end": start + len(words), "note": note,
    })  # fmt: skip
