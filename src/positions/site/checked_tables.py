"""Tables for programs say, row by row, how many codes a person checked."""

from __future__ import annotations

import csv
import io

from positions.auditing.audit import Audit
from positions.study.csv_cells import plain
from positions.study.schema import CELL

COLUMNS = ("codes", "checked")
Counts = dict[tuple[str, ...], tuple[int, int]]


def with_checks(text: str, audited: Audit) -> str:
    """Add two columns to a table whose rows name a body or a claim.

    `codes` counts the codes of the body (on the proposition, in the source, that the row names
    with it), or those that the claim rests on; `checked` those of them that a person checked.
    Other tables, and those with codes of their own, stay as they are.

    Parameters
    ----------
    text
        The table as CSV.
    audited
        What people checked.
    """
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    named = [name for name in CELL if name in head] if CELL[0] in head else []
    if not named and "claim_id" in head:
        named, counts = ["claim_id"], _of_claims(audited)
    else:
        counts = _of_cells(audited, named)
    if not named or set(COLUMNS) & set(head):
        return text
    places = [head.index(name) for name in named]
    written = io.StringIO(newline="")
    table = csv.writer(written, lineterminator="\n")
    table.writerow([*head, *COLUMNS])
    for row in rows:
        table.writerow([*row, *counts.get(tuple(plain(row[at]) for at in places), (0, 0))])
    return written.getvalue()


def _of_cells(audited: Audit, named: list[str]) -> Counts:
    if not named:
        return {}
    found = audited.per(named)
    keys = found[named].itertuples(index=False, name=None)
    return dict(zip(keys, found[list(COLUMNS)].itertuples(index=False, name=None), strict=True))


def _of_claims(audited: Audit) -> Counts:
    rows = audited.claims[["claim_id", *COLUMNS]].itertuples(index=False, name=None)
    return {(name,): (codes, checked) for name, codes, checked in rows}
