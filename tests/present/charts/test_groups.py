"""Figures of groups and maps on the shipped study and on sixty bodies."""

from __future__ import annotations

import io
import itertools
import pathlib
import re
import textwrap

import numpy as np
import pandas as pd
import pytest
from matplotlib import image

from positions.measures import consensus, groups, mds, networks, stances
from positions.present import plot
from positions.study import load

DATA = pathlib.Path(__file__).parents[3] / "data"


def shipped():
    found = load.read(DATA)
    resolved = stances.resolve(found.codings, found.adjudications)
    labels = found.models.rename(columns={"model_id": "body_id", "label": "name"})
    names = pd.concat([found.bodies[["body_id", "name"]], labels[["body_id", "name"]]])
    positions = stances.positions(resolved, found.sources)
    return positions, found.propositions, found.model_positions, found.bodies, names


def sixty():
    random = np.random.Generator(np.random.PCG64(1))
    ids = [f"b{n:02d}" for n in range(60)]
    rows = [
        (body, f"p{p:02d}", float(random.integers(-2, 3)))
        for body in ids
        for p in range(12)
        if random.random() < 0.8
    ]
    positions = pd.DataFrame(rows, columns=["body_id", "proposition_id", "position"])
    asked = [f"p{p:02d}" for p in range(12)]
    propositions = pd.DataFrame({"proposition_id": asked, "label": asked, "weight": 1.0})
    models = pd.DataFrame({"model_id": "m", "proposition_id": asked, "position": 2})
    bodies = pd.DataFrame({"body_id": ids, "name": [f"A body $called$ {body}" for body in ids]})
    names = pd.concat([bodies, pd.DataFrame({"body_id": ["m"], "name": ["Model"]})])
    return positions, propositions, models, bodies, names


def blank(positions, found):
    """Every cell of the tree without a position, as silent."""
    asked = pd.DataFrame({"proposition_id": found.cells.columns})
    grid = pd.DataFrame({"body_id": found.order}).merge(asked, how="cross")
    key = ["body_id", "proposition_id"]
    said = pd.MultiIndex.from_frame(positions[key])
    return grid[~pd.MultiIndex.from_frame(grid[key]).isin(said)].assign(blank="silent")


@pytest.fixture(scope="module", params=[shipped, pytest.param(sixty, marks=pytest.mark.slow)],
                ids=["shipped", "sixty bodies"])  # fmt: skip
def drawn(request):
    positions, propositions, models, bodies, names = request.param()
    rules = groups.GroupRules(draws=19)
    found = groups.find(positions, propositions, rules)
    placed = mds.place(positions, models, propositions, (), groups.GroupRules(draws=3))
    words = ("A finding in a few words", "measure, base and date")
    charts = {
        "tree": plot.dendrogram(found, bodies, propositions, blank(positions, found), *words),
        "map": plot.map(placed, names, *words),
        "network": plot.networks(networks.relations(positions), bodies, *words),
        "consensus": plot.consensus(consensus.standings(positions, propositions), *words),
    }
    return charts, found, placed, bodies


def test_every_figure_says_its_title_first_and_holds_no_nan(drawn):
    for chart in drawn[0].values():
        assert chart.alt.startswith("A finding in a few words. ")
        assert not re.search(r"\bnan\b", chart.alt)
        assert len(chart.alt) < 6000


def test_nothing_is_drawn_on_the_edge_of_the_picture(drawn):
    for name, chart in drawn[0].items():
        pixels = image.imread(io.BytesIO(chart.png(40)))[..., :3]
        for edge in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]):
            assert (edge > 0.98).all(), name


def test_no_two_texts_of_the_map_overlap(drawn):
    axes = drawn[0]["map"].figure.axes[0]
    boxes = [text.get_window_extent() for text in axes.texts]
    assert len(boxes) > 0.8 * len(drawn[2].points)
    for one, two in itertools.combinations(boxes, 2):
        assert not one.overlaps(two)


def test_the_tree_names_every_body_in_its_order_and_prints_each_cell(drawn):
    charts, found, _, bodies = drawn
    cells = charts["tree"].figure.axes[0]
    names = dict(zip(bodies["body_id"], bodies["name"], strict=True))
    named = [text for text in cells.texts if text.get_ha() == "left"]
    shown = [text.get_text().replace(r"\$", "$") for text in named]
    assert [text.get_position()[1] for text in named] == [n + 0.5 for n in range(len(found.order))]
    # A name of more than 44 characters is cut at a word, so that it stays within the figure.
    wanted = [textwrap.shorten(names[body], 44, placeholder="…") for body in found.order]
    assert shown == wanted
    columns = found.cells.shape[1]
    heads = [text for text in cells.texts if text.get_position()[1] == 1]
    assert [text.get_text() for text in heads] == [str(n + 1) for n in range(columns)]
    spoken = int(found.cells.notna().to_numpy().sum())
    assert len(cells.texts) == spoken + len(named) + columns
    hatched = [patch for patch in cells.patches if patch.get_hatch()]
    empty = sum(len(patch.get_path().vertices) // 5 for patch in hatched)
    assert empty == int(found.cells.isna().to_numpy().sum())


def test_a_body_whose_place_is_a_guess_is_drawn_hollow(drawn):
    axes, points = drawn[0]["map"].figure.axes[0], drawn[2].points
    hollow = [line for line in axes.lines if line.get_marker() == "o"
              and line.get_markerfacecolor() == "white"]  # fmt: skip
    assert len(hollow) == int(points["hollow"].sum())
    diamonds = [line for line in axes.lines if line.get_marker() == "D"]
    assert len(diamonds) == int((points["kind"] == "model").sum())


def of(number):
    """So many bodies that said one of two things on each of twelve propositions."""
    asked = [f"p{p:02d}" for p in range(12)]
    positions = pd.DataFrame(
        [(f"b{n:03d}", asked[p], 2.0 if n % 2 else -2.0) for n in range(number) for p in range(12)],
        columns=["body_id", "proposition_id", "position"],
    )
    bodies = positions[["body_id"]].drop_duplicates().assign(name=lambda them: them["body_id"])
    propositions = pd.DataFrame({"proposition_id": asked, "label": asked, "weight": 1.0})
    return positions, bodies, propositions


@pytest.mark.slow
@pytest.mark.parametrize(("number", "named"), [(110, True), (150, False)])
def test_a_tree_of_many_bodies_is_a_page_and_a_half_at_most(number, named):
    positions, bodies, propositions = of(number)
    found = groups.find(positions, propositions, groups.GroupRules(draws=9))
    chart = plot.dendrogram(found, bodies, propositions, blank(positions, found), "T", "s")
    assert chart.figure.get_figheight() * chart.figure.dpi < 3000
    cells = chart.figure.axes[0]
    names = [text for text in cells.texts if text.get_text() in set(bodies["body_id"])]
    assert len(names) == (number if named else 0)
    boxes = sorted((text.get_window_extent() for text in names), key=lambda box: box.y0)
    for low, high in itertools.pairwise(boxes):
        assert high.y0 > low.y1 - 1


def test_the_tree_hatches_each_kind_of_blank_and_counts_it_in_words():
    positions, bodies, propositions = of(4)
    positions = positions.iloc[3:]  # b000 has no position on p00, p01, p02
    found = groups.find(positions, propositions, groups.GroupRules(draws=9))
    kinds = blank(positions, found).assign(blank=["not seen", "reported only", "could not"])
    chart = plot.dendrogram(found, bodies, propositions, kinds, "T", "s")
    cells = chart.figure.axes[0]
    row = found.order.index("b000")
    corners = {
        tuple(patch.get_path().vertices[0]): patch.get_hatch()
        for patch in cells.patches
        if len(patch.get_path().vertices) == 5
    }
    assert {at: corners[at] or "" for at in [(0, row), (1, row), (2, row)]} == {
        (0, row): "..", (1, row): "oo", (2, row): "",
    }  # fmt: skip
    assert (
        "45 cells hold a position; blank are 1 not in the part seen, 1 only reported by others and "
        "1 could not speak of it yet."
    ) in chart.alt
