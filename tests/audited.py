"""A small made-up study whose cells are drawn and checked in memory."""

import dataclasses
import datetime as dt

import any_study

from positions.auditing.audit import audit
from positions.auditing.drawing import Draw, draw
from positions.measures.analysis import analyse
from positions.study import load

MODEL = [2, 2, 2, 2, -2, -2]
STANCES = {
    "north": [2, 2, 2, 1, -2, -2],
    "south": [-2, -1, 2, -2, 2, None],
    "east": [2, 1, None, 0, -1, -2],
}
"""Seventeen codes; south and east are silent on one point each."""
DAY = dt.date(2024, 5, 1)
CELL = ["body_id", "proposition_id", "source_id"]


def study(folder, stances=STANCES, model=MODEL, people=("cleo", "dan")):
    """The study, with people who have coded nothing."""
    made = load.read(any_study.write(folder, stances, model))
    return made.with_rows(
        "coders", [{"coder": who, "kind": "person", "name": who.title()} for who in people]
    )


def drawn(of, codes, seed=7, **more):
    """The study with a sample."""
    return of.with_rows("samples", draw(analyse(of), Draw(codes, seed, **more), DAY))


def checked(of, cells, checker="cleo", **more):
    """The study with checks: `cells` are of bodies and points, with the verdict (None: nothing)."""
    rows = [
        {"body_id": body, "proposition_id": point, "source_id": f"s-{body}", "checker": checker,
         "stance": verdict, "seen_blind": "yes", "checked": "2024-05-02", **more}
        for (body, point), verdict in cells.items()
    ]  # fmt: skip
    return of.with_rows("checks", rows)


def verdicts(of, wrong=()):
    """What people find in the cells drawn: the codes, but for those in `wrong`."""
    cells = audit(of).cells
    mine = cells[cells["drawn"]]
    pairs = zip(mine["body_id"], mine["proposition_id"], strict=True)
    found = dict(zip(pairs, mine["stance"], strict=True))
    return found | dict(wrong)


def all_checked(of, codes, wrong=(), seed=7, **more):
    """The study drawn and checked by one person, all clean but for what is `wrong`."""
    sample = drawn(of, codes, seed, **more)
    return checked(sample, verdicts(sample, wrong))


def recoded(of, body, point, stance):
    """The study, read anew with another code in one cell."""
    raw, table = of.raw, of.raw.parsed["codings"]
    at = {name: table.header.fields.index(name) for name in (*CELL[:2], "stance")}
    records = []
    for record in table.records:
        fields = list(record.fields)
        if (fields[at["body_id"]], fields[at["proposition_id"]]) == (body, point):
            fields[at["stance"]] = str(stance)
        records.append(dataclasses.replace(record, fields=fields))
    parsed = raw.parsed | {"codings": dataclasses.replace(table, records=records)}
    changed = dataclasses.replace(of, raw=dataclasses.replace(raw, parsed=parsed))
    return changed.with_rows("checks", [])
