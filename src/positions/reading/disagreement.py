"""Which cells readers disagree on most: what to look at first.

The order tells something of the codes. So it is for deciding, and for a look at a reading; not for
checks that are made blind, which stand in an order of their own.
"""

from __future__ import annotations

import itertools

import pandas as pd

from positions.measures.stances import by_coder
from positions.study.schema import CELL, SCALE

ONE_SILENT = 0.5
"""How far apart two readers are of whom one has a code and the other, who read the text, none."""


def by_disagreement(codings: pd.DataFrame) -> pd.DataFrame:
    """Order cells by how far their readers are apart, the furthest first.

    Disagreement is the mean over all pairs of readers of the source: the distance of their stances
    as a share of the scale; half of it where one of the two has no code; nothing where neither
    has. A reader whose phrases differ in stance counts with their mean. A reader without any code
    in a source leaves no trace there, and is not counted.

    Parameters
    ----------
    codings
        One row per body, proposition, source, coder and phrase: `stance`.

    Returns
    -------
    DataFrame
        One row per cell: the cell, `readers` with a code, `of` who read the source, and
        `disagreement` from 0 to 1; equals in the order of their ids.
    """
    columns = [*CELL, "readers", "of", "disagreement"]
    if codings.empty:
        return pd.DataFrame(columns=columns)
    means = codings.groupby([*CELL, "coder"])["stance"].mean()
    read = by_coder(codings).groupby("source_id")["coder"].nunique()
    rows = []
    for cell, stances in means.groupby(level=CELL):
        values, of = stances.tolist(), int(read[cell[2]])
        silent = of - len(values)
        apart = sum(abs(a - b) for a, b in itertools.combinations(values, 2))
        total = apart / (SCALE[1] - SCALE[0]) + ONE_SILENT * len(values) * silent
        pairs = of * (of - 1) / 2
        rows.append((*cell, len(values), of, total / pairs if pairs else 0.0))
    found = pd.DataFrame(rows, columns=columns).round({"disagreement": 9})
    return found.sort_values(
        ["disagreement", *CELL], ascending=[False, True, True, True], ignore_index=True
    )
