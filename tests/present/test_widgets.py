"""Switches for the choices of an analysis, and the page they redraw."""

import subprocess
import sys

import pandas as pd
import pytest
from made import random_study, study

from positions.measures.analysis import Analysis
from positions.measures.evidence import Counting
from positions.present import widgets as panel
from positions.robustness import analysis as robustness
from positions.robustness import specifications


@pytest.fixture
def made():
    """The model is at +2 on four propositions.

    Near: 1, 1, 3/4 and silent, so 92%; at its worst 69%. Mid: 3/4 four times. Far: 6%.
    """
    return analysed(study(
        [("near", "p", "s", 2), ("near", "q", "s", 2), ("near", "r", "s", 1)]
        + [("mid", p, "s", 1) for p in "pqrt"]
        + [("far", p, "s", -2) for p in "pqt"]
        + [("far", "r", "s", -1)],
        dict.fromkeys("pqrt", 2),
        claims=[("c", "closest", "near", "", None, "<b>Near</b> & closest")],
    ))  # fmt: skip


def analysed(made):
    return Analysis(made, Counting(), "m")


@pytest.mark.slow
def test_importing_the_panel_does_not_import_widgets():
    code = "import sys, positions.present.widgets; sys.exit('ipywidgets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_ipywidgets_one_sentence_says_what_to_install(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ModuleNotFoundError) as refused:
        panel.switches(made, made.study.claims)
    assert str(refused.value) == (
        'ps.plot.switches needs ipywidgets; run: pip install "positions[lab]"'
    )


def test_each_choice_has_a_switch_that_redraws_figure_and_claims(made):
    widgets = pytest.importorskip("ipywidgets")
    *switches, page = panel.switches(made, made.study.claims).children
    levels = robustness.choices(made).groupby("choice", sort=False).size()
    several = levels.index[levels > 1]
    assert [type(switch) for switch in switches] == [widgets.Dropdown] * len(several)
    assert "Near 92% (bounds 69% to 94%, spoke on 3 of 4)" in page.value
    assert "&lt;b&gt;Near&lt;/b&gt; &amp; closest: holds" in page.value
    dict(zip(several, switches, strict=True))["silence"].value = "worst"
    assert "Near 69% (bounds 69% to 94%, spoke on 3 of 4)" in page.value
    assert "&lt;b&gt;Near&lt;/b&gt; &amp; closest: fails" in page.value


def test_a_choice_of_one_level_has_no_switch_and_no_claim_makes_no_list():
    pytest.importorskip("ipywidgets")
    alone = analysed(random_study(1, coders=1))
    shown = panel.switches(alone, alone.study.claims)
    levels = robustness.choices(alone).groupby("choice").size()
    assert levels["coder"] == 1
    assert len(shown.children) == (levels > 1).sum() + 1
    assert "<ul" not in shown.children[-1].value


def test_the_figure_of_a_variant_has_its_scores_and_bounds(made):
    chosen = specifications.one(
        robustness.choices(made), {"metric": "same sign", "drop": "body far"}
    )
    alt = panel.chart(made, chosen).alt
    assert "Near 100% (bounds 75% to 100%, spoke on 3 of 4)" in alt
    assert "Far" not in alt
    scores = robustness.multiverse(made, chosen).set_index("body_id")
    assert pd.isna(scores.loc["far", "agreement"])
    assert scores.loc["far", "standing"] == "left out"
