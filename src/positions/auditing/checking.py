"""What became of each check, and what each cell is known to be.

A check counts if a person made it without sight of any reading, of the code and the text as they
are now. What does not count is shown with the reason; nothing is taken out of a table.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from positions.auditing.drawing import tickets
from positions.auditing.frame import BLANK, CODED, HEAVIEST, Cell, among, frame, keys, mark
from positions.measures.analysis import Analysis
from positions.study.schema import CELL, SCALE

HEARD = COUNTS, ALONE = "counts", "counts for its cell alone"
NOT_BLIND, OWN, RECODED, NEW_TEXT, GONE = (
    "not blind", "coded it", "the code changed", "the text changed", "no such code",
)  # fmt: skip
UNKNOWN, DIFFER = "not checked", "checkers differ"
CODES = (*range(SCALE[0], SCALE[1] + 1), pd.NA)
"""All verdicts; the last: there is nothing to code."""

Row = Mapping[Hashable, Any]


def coded_as(seen: str, cell: Cell, text: str) -> object:
    """Return the code that a mark was made of; None where the text has changed.

    >>> cell = ("body", "point", "letter")
    >>> coded_as(mark(cell, -1, "a"), cell, "a"), coded_as(mark(cell, -1, "a"), cell, "b")
    (-1, None)
    """
    return next((code for code in CODES if mark(cell, code, text) == seen), None)


def checks(analysis: Analysis) -> pd.DataFrame:
    """Say of each check whether it counts, and if not, why.

    Returns
    -------
    DataFrame
        The rows of `study.checks` with `code`, what the study has there now (missing: nothing);
        `result`: `counts`, `counts for its cell alone` (nobody drew it), `not blind`, `coded it`
        (the checker coded this cell), `the code changed`, `the text changed` (since it was
        checked) or `no such code`; and `agrees`.
    """
    study = analysis.study
    texts = study.sources.set_index("source_id")["sha256"]
    held = analysis.resolved.set_index(CELL)["stance"]
    drawn = dict(zip(keys(study.samples), study.samples.to_dict("records"), strict=True))
    now = [held.get(cell, pd.NA) for cell in keys(study.checks)]
    own = set(zip(keys(study.codings), study.codings["coder"], strict=True))
    result = [
        OWN if (cell, row["checker"]) in own
        else _result(row, cell, drawn.get(cell), (code, texts.get(cell[2])))
        for row, cell, code in zip(
            study.checks.to_dict("records"), keys(study.checks), now, strict=True
        )
    ]  # fmt: skip
    found = study.checks.assign(code=pd.array(now, dtype="Int64"))
    agrees = (found["code"] == found["stance"]).fillna(False)
    agrees |= found["code"].isna() & found["stance"].isna()
    return found.assign(result=pd.array(result, dtype="str"), agrees=agrees.astype(bool))


def _result(row: Row, cell: Cell, sample: Row | None, now: tuple[object, str | None]) -> str:
    code, text = now
    blank = sample is not None and sample["stratum"] == BLANK
    if text is None or (pd.isna(code) and not blank and not row["mark"]):
        return GONE
    if row["seen_blind"] != "yes":
        return NOT_BLIND
    seen = row["mark"] or (sample["mark"] if sample else "")
    if seen and seen != mark(cell, code, text):
        return NEW_TEXT if coded_as(seen, cell, text) is None else RECODED
    return COUNTS if sample else ALONE


def cells(analysis: Analysis) -> pd.DataFrame:
    """Say of each cell that a draw can take whether it was drawn, and what a person found.

    A cell that entered the study after the draw is drawn if the draw would have taken it.

    Returns
    -------
    DataFrame
        The rows of `frame`, with `stratum` as drawn; `drawn`, whether it is in the sample;
        `known`, whether a check of it counts; `verdict` (missing: nothing to code, or not known);
        `wrong`, whether a check found the code wrong that was drawn, or did not settle it; and
        `why` it is not known.
    """
    found, samples = frame(analysis), analysis.study.samples
    rows = dict(zip(keys(samples), samples.to_dict("records"), strict=True))
    at = keys(found)
    strata = [rows[cell]["stratum"] if cell in rows else "" for cell in at]
    heavy = pd.Series(strata, dtype="str") == HEAVIEST
    found["stratum"] = found["stratum"].mask(heavy & (found["stratum"] == CODED), HEAVIEST)
    found["drawn"] = _drawn(found, samples)
    texts = analysis.study.sources.set_index("source_id")["sha256"]
    listed = checks(analysis)
    said: dict[tuple[str, ...], list[Row]] = {}
    for cell, check in zip(keys(listed), listed.to_dict("records"), strict=True):
        said.setdefault(cell, []).append(check)
    judged = [
        _judged(said.get(cell, []), (cell, rows.get(cell), texts[cell[2]]), now)
        for cell, now in zip(at, found["stance"], strict=True)
    ]
    known, verdict, wrong, why = zip(*judged, strict=True) if judged else ((), (), (), ())
    found["known"], found["why"] = pd.array(known, dtype="bool"), pd.array(why, dtype="str")
    found["verdict"] = pd.array(verdict, dtype="Int64")
    found["wrong"] = pd.array(wrong, dtype="bool") & (found["drawn"] | found["known"])
    return found


def _drawn(found: pd.DataFrame, samples: pd.DataFrame) -> pd.Series:
    """Return which cells are in the sample: those drawn, and those that would have been."""
    drawn = pd.Series(among(found, samples), index=found.index)
    if samples.empty:
        return drawn
    number = pd.Series(tickets(found, int(samples["seed"].iloc[0])), index=found.index)
    for stratum in (CODED, BLANK):
        mine = found["stratum"] == stratum
        if (mine & drawn).any():
            drawn |= mine & (number <= number[mine & drawn].max())
    return drawn


def _judged(
    said: list[Row], drawn: tuple[Cell, Row | None, str], now: object
) -> tuple[bool, object, bool, str]:
    """Return whether a cell is known, as what, whether it was wrong, and why it is not known."""
    good = [check for check in said if check["result"] in HEARD]
    if not good:
        return False, pd.NA, True, said[0]["result"] if said else UNKNOWN
    verdict = _code(good[0]["stance"])
    if any(_code(check["stance"]) != verdict for check in good):
        return False, pd.NA, True, DIFFER
    cell, sample, text = drawn
    was = coded_as(sample["mark"], cell, text) if sample else now
    return True, good[0]["stance"], was is None or _code(was) != verdict, ""


def _code(stance: Any) -> int | None:
    """Return a code as a number; None where there is nothing to code."""
    return None if pd.isna(stance) else int(stance)
