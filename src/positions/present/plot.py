"""Charts: a table in, a titled chart with alternative text out.

Each takes tidy tables with the columns that it names, a title (the finding) and a subtitle (the
measure, its base and date). Shares run from 0 to 1, positions from -2 to +2. Each returns a
`Chart`: its `alt` says in words what it shows, and `png()` gives its bytes. A table that lacks
a column raises a `KeyError`.
"""

from positions.present.charts.agreement import agreement, evidence, models
from positions.present.charts.by_kind import by_kind
from positions.present.charts.consensus import consensus
from positions.present.charts.contributions import contributions
from positions.present.charts.dendrogram import dendrogram
from positions.present.charts.engagement import engagement
from positions.present.charts.featured import pairs, strip, two_axes
from positions.present.charts.map import map
from positions.present.charts.matrix import matrix, phases, rows
from positions.present.charts.networks import networks
from positions.present.charts.outcome import outcome
from positions.present.charts.own import own
from positions.present.charts.responses import respondents, votes
from positions.present.charts.robustness import claims, curve, importance, spread
from positions.present.widgets import switches

__all__ = [
    "agreement", "by_kind", "claims", "consensus", "contributions", "curve", "dendrogram",
    "engagement", "evidence", "importance", "map", "matrix", "models", "networks",
    "outcome", "own", "pairs", "phases", "respondents", "rows", "spread", "strip", "switches",
    "two_axes", "votes",
]  # fmt: skip
