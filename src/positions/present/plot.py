"""Charts: a table in, a titled chart with alternative text out."""

from positions.present.charts.agreement import agreement, engagement, evidence, models
from positions.present.charts.by_kind import field as by_kind
from positions.present.charts.by_kind import phases, rows
from positions.present.charts.groups import consensus, dendrogram, networks
from positions.present.charts.map import scatter as map
from positions.present.charts.matrix import contributions, matrix
from positions.present.charts.own import own
from positions.present.charts.responses import between as respondents
from positions.present.charts.robustness import claims, curve, importance, spread
from positions.present.widgets import switches

__all__ = [
    "agreement", "by_kind", "claims", "consensus", "contributions", "curve", "dendrogram",
    "engagement", "evidence", "importance", "map", "matrix", "models", "networks", "own", "phases",
    "respondents", "rows", "spread", "switches",
]  # fmt: skip
