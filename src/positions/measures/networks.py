"""Who sides with whom, and who against whom: the networks of congruence and conflict.

Two bodies are congruent on a proposition on which both take a side and it is the same side, in
conflict where they take opposite sides (Leifeld 2016, "Discourse network analysis", in The
Oxford Handbook of Political Networks).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"


def relations(positions: pd.DataFrame) -> pd.DataFrame:
    """Count the propositions on which two bodies stand on the same side, or on opposite ones.

    A position of 0 takes no side: it is neither congruence nor conflict, and is counted in
    `both_spoke` alone. How far a body goes does not matter here; `distances` measures that.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2].

    Returns
    -------
    DataFrame
        One row per pair that spoke on some proposition both, sorted by `first` and `second`
        (body ids): `both_spoke`, `agree`, `disagree` (propositions).
    """
    table = positions.set_index(["body_id", "proposition_id"])["position"].unstack()
    signs = np.sign(table.to_numpy(dtype="float64"))
    spoke, sides = (~np.isnan(signs)).astype(float), np.nan_to_num(signs)
    both, net, sided = spoke @ spoke.T, sides @ sides.T, np.abs(sides) @ np.abs(sides).T
    first, second = np.triu_indices(len(table), 1)
    ids = table.index.to_numpy()
    found = pd.DataFrame(
        {
            "first": pd.Series(ids[first], dtype="str"),
            "second": pd.Series(ids[second], dtype="str"),
            "both_spoke": np.rint(both[first, second]).astype("int64"),
            "agree": np.rint((sided + net)[first, second] / 2).astype("int64"),
            "disagree": np.rint((sided - net)[first, second] / 2).astype("int64"),
        }
    )
    return found[found["both_spoke"] > 0].reset_index(drop=True)


def affiliations(
    positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link each body to the propositions it takes a position on.

    Bodies and propositions are both nodes; their ids are told apart by `body:` and
    `proposition:`. A position of 0 is an edge too, of `side` 0: it is not silence.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2], `basis`, `sources`.
    bodies, propositions
        One row each: `body_id`, `name`, `kind`; `proposition_id`, `label`, `theme`.

    Returns
    -------
    Edges (one row per position: `first`, `second`, `position`, `side`, `basis`, `sources`) and
    nodes (`body_id`, `mode`, `name`, `kind`), as `graphml` takes them.
    """
    edges = pd.DataFrame({
        "first": "body:" + positions["body_id"],
        "second": "proposition:" + positions["proposition_id"],
        "position": positions["position"],
        "side": np.sign(positions["position"]).astype("int64"),
        "basis": positions["basis"],
        "sources": positions["sources"],
    })  # fmt: skip
    first = pd.DataFrame({
        "body_id": "body:" + bodies["body_id"], "mode": "body",
        "name": bodies["name"], "kind": bodies["kind"],
    })  # fmt: skip
    second = pd.DataFrame({
        "body_id": "proposition:" + propositions["proposition_id"], "mode": "proposition",
        "name": propositions["label"], "kind": propositions["theme"],
    })  # fmt: skip
    return edges, pd.concat([first, second], ignore_index=True)


def graphml(pairs: pd.DataFrame, bodies: pd.DataFrame) -> str:
    """Write a network as GraphML text; the same text every time.

    Parameters
    ----------
    pairs
        One row per pair, as `relations` returns it; each is one undirected edge.
    bodies
        One row per body, each a node, also one without an edge: `body_id`, `name`, and any
        further columns.

    Returns
    -------
    str
        A GraphML document: every column of `bodies` is an attribute of the nodes, every number
        of `pairs` one of the edges. A missing value is left out.

    Notes
    -----
    Brandes and others (2002), "GraphML progress report", Graph Drawing 2001, 501-512.
    """
    root = ET.Element("graphml", {"xmlns": NAMESPACE})
    nodes, edges = bodies.drop(columns="body_id"), pairs.drop(columns=["first", "second"])
    for domain, table in (("node", nodes), ("edge", edges)):
        for column in table.columns:
            ET.SubElement(root, "key", {
                "id": f"{domain}-{column}", "for": domain, "attr.name": str(column),
                "attr.type": _type(table[column]),
            })  # fmt: skip
    graph = ET.SubElement(root, "graph", {"edgedefault": "undirected"})
    for body, row in sorted(zip(bodies["body_id"], nodes.to_dict("records"), strict=True),
                            key=lambda node: str(node[0])):  # fmt: skip
        _data(ET.SubElement(graph, "node", {"id": str(body)}), "node", row)
    ends = zip(pairs["first"], pairs["second"], edges.to_dict("records"), strict=True)
    for first, second, row in sorted(ends, key=lambda edge: (str(edge[0]), str(edge[1]))):
        ends_of = {"source": str(first), "target": str(second)}
        _data(ET.SubElement(graph, "edge", ends_of), "edge", row)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _type(column: pd.Series) -> str:
    if pd.api.types.is_integer_dtype(column):
        return "long"
    return "double" if pd.api.types.is_float_dtype(column) else "string"


def _data(element: ET.Element, domain: str, row: dict[str, object]) -> None:
    for column, value in row.items():
        if not pd.isna(value):
            ET.SubElement(element, "data", {"key": f"{domain}-{column}"}).text = str(value)
