"""What a study that was read holds: what became of each record, and one hash over its tables."""

from __future__ import annotations

import hashlib

import pandas as pd

from positions.study import schema
from positions.study.load import UNADJUDICATED, Study


def accounts(study: Study) -> pd.DataFrame:
    """Count what became of the records that were read.

    A study that loads uses every record of every table. The one exception is asked for:
    with `allow_unresolved`, rows on which coders disagree are set aside.

    Returns
    -------
    DataFrame
        One row per table: `table`, `read`, `used`, `set_aside` (`read` = `used` + `set_aside`)
        and `why`, which lists the cells set aside.
    """
    cells: dict[str, list[str]] = {}
    aside = {name: 0 for name in study.records}
    for table, key in (("codings", schema.CELL), ("outcomes", ["proposition_id", "state"])):
        file, _ = study.places[table]
        cells[table] = sorted(
            {p.value for p in study.problems if p.rule == UNADJUDICATED and p.file == file}
        )
        named = map(" / ".join, getattr(study, table)[key].itertuples(index=False, name=None))
        aside[table] = sum(name in cells[table] for name in named)
    rows = [
        {
            "table": table,
            "read": read,
            "used": read - aside[table],
            "set_aside": aside[table],
            "why": f"coders disagree on {'; '.join(cells[table])}" if aside[table] else "",
        }
        for table, read in study.records.items()
    ]
    return pd.DataFrame(rows).astype({"table": "str", "why": "str"})


def fingerprint(study: Study) -> str:
    """Return one hash over the study's tables, for people to compare."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in study.digests.items())
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
