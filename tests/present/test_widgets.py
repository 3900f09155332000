"""The panel: switches where a live lab runs the kernel, else the table of variants."""

import subprocess
import sys

import pandas as pd
import pytest
from made import random_study, study

from positions.present import display
from positions.present import widgets as panel
from positions.robustness import multiverse, specifications


@pytest.fixture
def made():
    """The model is at +2 on four propositions.

    Near: 1, 1, 3/4 and silent, so 92%; at its worst 69%. Mid: 3/4 four times. Far: 6%.
    """
    return study(
        [("near", "p", "s", 2), ("near", "q", "s", 2), ("near", "r", "s", 1)]
        + [("mid", p, "s", 1) for p in "pqrt"]
        + [("far", p, "s", -2) for p in "pqt"]
        + [("far", "r", "s", -1)],
        dict.fromkeys("pqrt", 2),
        claims=[("c", "closest", "near", "", None, "Near is closest")],
    )


def test_without_a_live_session_the_table_of_variants_is_shown(made, monkeypatch):
    monkeypatch.delenv(panel.SESSION, raising=False)
    shown = panel.show(made, "m", claims=made.claims)
    assert isinstance(shown, display.Table)
    each = specifications.singles(specifications.available(made, "m"))
    assert shown.data["variant_id"].tolist() == each["variant_id"].tolist()
    rows = {row[0]: row[1:] for row in shown.cells()}
    assert rows["default"] == ["3", "Near", "92%", "Far", "6%"]
    assert rows["silence=worst"] == ["3", "Mid", "75%", "Far", "6%"]
    assert rows["drop=body near"] == ["2", "Mid", "75%", "Far", "6%"]


def test_bodies_that_tie_are_all_named(made):
    rows = {row[0]: row for row in panel.show(made, "m", live=False).cells()}
    assert rows["spacing=direction only"][2:4] == ["Mid and Near", "100%"]


def test_an_id_may_hold_what_joins_others():
    # a; b: (1 + 3/4 + 3/4) / 3; a: (0 + 3/4 + 3/4) / 3
    of = study([("a; b", "p", "s", 2), ("a", "p", "s", -2)]
               + [(body, p, "s", 1) for body in ("a; b", "a") for p in "qr"],
               dict.fromkeys("pqr", 2))  # fmt: skip
    rows = {row[0]: row for row in panel.show(of, "m", live=False).cells()}
    assert rows["default"][2:] == ["A; B", "83%", "A", "50%"]


def test_a_notebook_can_ask_for_the_table_even_in_a_live_session(made, monkeypatch):
    monkeypatch.setenv(panel.SESSION, "4-robustness.ipynb")
    assert isinstance(panel.show(made, "m", live=False), display.Table)


def test_importing_the_panel_does_not_import_widgets():
    code = "import sys, positions.present.widgets; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_in_a_live_session_each_choice_has_a_switch_and_redraws_the_figure(made, monkeypatch):
    widgets = pytest.importorskip("ipywidgets")
    monkeypatch.setenv(panel.SESSION, "4-robustness.ipynb")
    shown = panel.show(made, "m", claims=made.claims)
    *switches, page = shown.children
    levels = specifications.available(made, "m").groupby("choice", sort=False).size()
    several = levels.index[levels > 1]
    assert [type(switch) for switch in switches] == [widgets.Dropdown] * len(several)
    assert "Near 92% (bounds 69% to 94%, spoke on 3 of 4)" in page.value
    assert "Near is closest: holds" in page.value
    dict(zip(several, switches, strict=True))["silence"].value = "worst"
    assert "Near 69% (bounds 69% to 94%, spoke on 3 of 4)" in page.value
    assert "Near is closest: fails" in page.value


def test_what_a_study_says_is_escaped_in_the_panel(made):
    made.claims["wording"] = "<b>Near</b> & closest"
    default = specifications.one(specifications.available(made, "m"), {})
    page = panel.page(made, "m", default, made.claims)
    assert "&lt;b&gt;Near&lt;/b&gt; &amp; closest: holds" in page


def test_a_choice_of_one_level_has_no_switch():
    pytest.importorskip("ipywidgets")
    alone = random_study(1, coders=1)
    shown = panel.show(alone, "m", live=True)
    levels = specifications.available(alone, "m").groupby("choice").size()
    assert levels["coder"] == 1
    assert len(shown.children) == (levels > 1).sum() + 1


def test_the_figure_of_a_variant_has_its_scores_and_bounds(made):
    available = specifications.available(made, "m")
    chosen = specifications.one(available, {"metric": "same sign", "drop": "body far"})
    alt = panel.chart(made, "m", chosen).alt
    assert "Near 100% (bounds 75% to 100%, spoke on 3 of 4)" in alt
    assert "Far" not in alt
    scores = multiverse.scores(made, "m", chosen).set_index("body_id")
    assert pd.isna(scores.loc["far", "agreement"])
    assert scores.loc["far", "standing"] == "left out"
