"""Print what `pooling.R` reads: the nearness of each body on each proposition, of two studies."""

from __future__ import annotations

import sys

import pandas as pd

import positions as ps

FOLDERS = {"shipped": "data", "senate-109": "examples/senate-109"}
tables = [
    ps.analyse(ps.read(folder)).pooling_table.assign(study=study)
    for study, folder in FOLDERS.items()
]
pd.concat(tables)[["study", "body_id", "proposition_id", "nearness"]].to_csv(
    sys.stdout, index=False, lineterminator="\n"
)
