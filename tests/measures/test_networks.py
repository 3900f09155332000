"""Congruence and conflict, and GraphML that another tool reads back."""

from __future__ import annotations

import io

import networkx
import numpy as np
import pandas as pd

from positions.measures import networks

SAID = pd.DataFrame(
    [
        ("a", "p0", 2.0), ("a", "p1", -1.0), ("a", "p2", 0.0), ("a", "p3", 1.0),
        ("b", "p0", 1.0), ("b", "p1", 2.0), ("b", "p2", 2.0),
        ("c", "p3", 0.5),
        ("d", "p9", 1.0),
    ],
    columns=["body_id", "proposition_id", "position"],
)  # fmt: skip
BODIES = pd.DataFrame(
    {
        "body_id": ["d", "a", "b", "c"],
        "name": ["D & <co>", "A", "B", "C"],
        "reach": [1.5, np.nan, 2.0, 3.0],
    }
)


def test_who_sides_with_whom_by_hand():
    # a and b: same side on p0, opposite on p1; on p2 a takes no side.
    found = networks.relations(SAID)
    assert found.to_dict("records") == [
        {"first": "a", "second": "b", "both_spoke": 3, "agree": 1, "disagree": 1},
        {"first": "a", "second": "c", "both_spoke": 1, "agree": 1, "disagree": 0},
    ]


def test_networkx_reads_the_graphml_with_every_attribute():
    text = networks.graphml(networks.relations(SAID), BODIES)
    graph = networkx.read_graphml(io.BytesIO(text.encode()))
    assert list(graph.nodes) == ["a", "b", "c", "d"]
    assert graph.nodes["d"] == {"name": "D & <co>", "reach": 1.5}
    assert graph.nodes["a"] == {"name": "A"}
    assert graph.edges["a", "b"] == {"both_spoke": 3, "agree": 1, "disagree": 1}
    assert not graph.is_directed()


def test_the_graphml_is_the_same_in_any_order_of_rows():
    pairs = networks.relations(SAID)
    text = networks.graphml(pairs, BODIES)
    assert networks.graphml(networks.relations(SAID[::-1]), BODIES[::-1]) == text
    assert networks.graphml(pairs[::-1], BODIES) == text
