"""Draw the cells that a person is to check; a later draw goes on with the first.

Each cell has a number that depends on the seed and on the cell alone. A draw takes the cells
with the smallest numbers, which is a simple random sample, and the same on every machine.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd

from positions.auditing.frame import BLANK, CODED, HEAVIEST, among, frame, keys, ticket
from positions.measures.analysis import Analysis
from positions.study.load import Study
from positions.study.schema import CELL, contract

_FIRST = "the heaviest codes are taken before any is drawn at random"


class CannotDraw(ValueError):
    """No such sample can be drawn; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Draw:
    """How many cells are wanted in all, those of earlier draws included.

    Attributes
    ----------
    codes
        How many codes.
    seed
        What the draw begins with. A study has one seed.
    heaviest
        How many of the codes are the heaviest ones; the others are drawn at random.
    blanks
        How many cells where a whole text was read and nothing was coded.
    """

    codes: int
    seed: int
    heaviest: int = 0
    blanks: int = 0


def draw(analysis: Analysis, wanted: Draw, day: dt.date) -> pd.DataFrame:
    """Draw what is still missing of a sample.

    Parameters
    ----------
    analysis
        The study; what was drawn before stands in its table `samples`.
    wanted
        The sample.
    day
        The day of the draw.

    Returns
    -------
    DataFrame
        The rows to add to `samples`, sorted by cell; none where all was drawn before.

    Raises
    ------
    CannotDraw
        When the study was drawn with another seed, or the sample cannot be.
    """
    before = analysis.study.samples
    _possible(before, wanted)
    cells = frame(analysis)
    cells["ticket"] = tickets(cells, wanted.seed)
    codes = cells[cells["stratum"] == CODED]
    top = codes.sort_values(["pull", *CELL], ascending=[False, True, True, True])
    first = codes[among(codes, before[before["stratum"] == HEAVIEST])]
    heavy = first if len(before) else top.head(wanted.heaviest)
    rest = codes.drop(heavy.index)
    parts = [
        heavy.assign(stratum=HEAVIEST, probability=1.0),
        _taken(rest, wanted.codes - len(heavy)),
        _taken(cells[cells["stratum"] == BLANK], wanted.blanks),
    ]
    found = pd.concat(parts)
    found = found[~among(found, before)].assign(seed=wanted.seed, drawn=day.isoformat())
    return found[contract()["samples"].column_names].sort_values(CELL, ignore_index=True)


def _possible(before: pd.DataFrame, wanted: Draw) -> None:
    seeds = set(before["seed"])
    if seeds - {wanted.seed}:
        known = ", ".join(map(str, sorted(seeds)))
        raise CannotDraw(
            f"the sample of this study was drawn with seed {known}; go on with --seed {known}, or "
            "move samples.csv away and keep it beside the report that it belongs to"
        )
    if not 0 <= wanted.heaviest <= wanted.codes or wanted.blanks < 0:
        raise CannotDraw(f"--heaviest {wanted.heaviest} of --draw {wanted.codes} cannot be")
    heavy = int((before["stratum"] == HEAVIEST).sum())
    if len(before) and wanted.heaviest != heavy:
        raise CannotDraw(
            f"{_FIRST}: this sample has {heavy}; go on with --heaviest {heavy}, or, if nobody has "
            "checked yet, move samples.csv away and draw anew, heaviest first"
        )


def _taken(cells: pd.DataFrame, number: int) -> pd.DataFrame:
    """Return the cells with the smallest numbers, and with what probability they are in."""
    found = cells.sort_values("ticket").head(max(number, 0))
    return found.assign(probability=round(len(found) / max(len(cells), 1), 6))


def tickets(cells: pd.DataFrame, seed: int) -> list[str]:
    """Return the number of each cell; the smallest are drawn."""
    return [ticket(seed, cell) for cell in keys(cells)]


def appended(study: Study, raw: bytes, rows: pd.DataFrame) -> bytes:
    """Return the bytes of `samples.csv` with rows added; what stands there stays as it is.

    Parameters
    ----------
    study
        The study as it was read: its table's header says in which order the columns stand.
    raw
        The file's bytes; none where there is no file.
    rows
        What `draw` returned.
    """
    parsed = study.raw.parsed.get("samples") if study.raw else None
    header = parsed.header.fields if parsed and parsed.header else rows.columns.tolist()
    if not len(rows):
        return raw
    added = str(rows[header].to_csv(index=False, header=not raw.strip(), lineterminator="\n"))
    return raw + (b"" if not raw or raw.endswith(b"\n") else b"\n") + added.encode("utf-8")
