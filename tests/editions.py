"""Two states of the made-up study, written and compared; and how to change its tables."""

import village

from positions.compare import comparison, git

LEAFLET = ["leaflet", "The leaflet", "Alpha", "2021-05-01", "shown", "statement", "combined", "",
           "opening", "", "", ""]  # fmt: skip


LATER = ["later", "The later text", "Alpha", "2021-05-01", "shown", "statement", "combined", "",
         "whole", 20, "a" * 64, ""]  # fmt: skip


def edition(folder, changed=None, **named):
    """The made-up study with some tables changed, read as an edition."""
    return git.find_edition(str(village.write(folder, changed, **named)))


def compared(home, changed=None, before=None, counting=None, **named):
    """The made-up study (with the tables of `before`) compared with one that has others."""
    old = edition(home / "old", before)
    new = edition(home / "new", {**(before or {}), **(changed or {})}, **named)
    return comparison.compare(old, new, counting)


def with_cell(table, key, column, value):
    """A table of the made-up study with one cell changed, in the row that begins with the key."""
    rows = village.tables()[table]
    (row,) = [row for row in rows[1:] if row[: len(key)] == list(key)]
    row[rows[0].index(column)] = value
    return {table: rows}


def without(table, *key):
    """A table of the made-up study without the rows that begin with the key."""
    rows = village.tables()[table]
    return {table: [row for row in rows if row[: len(key)] != list(key)]}


def coding(body, proposition, source, stance, coder="ann"):
    """A row of codings; its phrase needs a place where the source was seen whole."""
    quote = "as it was said there"
    place = ["", ""] if source == "leaflet" else [0, len(quote)]
    return [body, proposition, source, coder, stance, "stated", quote, *place, ""]


def with_source():
    """Alpha speaks on the toll as well, in a leaflet of its own: +2, where the plan has -2."""
    tables = village.tables()
    return {
        "sources": [*tables["sources"], LEAFLET],
        "codings": [*tables["codings"], coding("alpha", "p4", "leaflet", 2)],
    }


def with_later(stance=-2, source_id="later"):
    """Alpha speaks on the bridge again, in a later text that was seen whole, as the brief was."""
    tables = village.tables()
    return {
        "sources": [*tables["sources"], [source_id, *LATER[1:]]],
        "codings": [*tables["codings"], coding("alpha", "p1", source_id, stance)],
    }


def read_twice(decision):
    """A second reader reads Beta's letter as the first did, but for p3; that is decided."""
    tables = village.tables()
    second = [
        [*row[:3], "ben", -1 if row[1] == "p3" else row[4], *row[5:]]
        for row in tables["codings"]
        if row[0] == "beta"
    ]
    return {
        "codings": [*tables["codings"], *second],
        "adjudications": [
            ["body_id", "proposition_id", "source_id", "stance", "reason"],
            ["beta", "p3", "letter", decision, "The letter takes no side."],
        ],
    }


def value(found, number, body_id, model_id="plan", side="new"):
    """One number of a comparison's table of numbers."""
    rows = found.numbers[
        (found.numbers["number"] == number)
        & (found.numbers["body_id"] == body_id)
        & (found.numbers["model_id"] == model_id)
    ]
    assert len(rows) == 1, rows
    return rows[side].iloc[0]


def parts(found, body_id, model_id="plan"):
    """The parts of one body's movement by proposition."""
    rows = found.parts[(found.parts["body_id"] == body_id) & (found.parts["model_id"] == model_id)]
    return dict(zip(rows["proposition_id"], rows["part"], strict=True))
