"""Switches for the choices of an analysis, in a live JupyterLab.

Notebooks are committed executed, and nothing of a widget may enter them: a notebook shows the
switches only when it is told to.
"""

from __future__ import annotations

import base64
import html
from typing import TYPE_CHECKING

import pandas as pd

from positions.measures.analysis import Analysis
from positions.present.charts import agreement as agreement_charts
from positions.present.display import AS_WRITTEN, Chart
from positions.present.sentences import headline
from positions.robustness import analysis as robustness
from positions.robustness import specifications
from positions.robustness.vocabulary import NAMES

if TYPE_CHECKING:
    from ipywidgets import VBox

INSTALL = 'ps.plot.switches needs ipywidgets; run: pip install "positions[lab]"'


def switches(analysis: Analysis, claims: pd.DataFrame) -> VBox:
    """Let the reader make the choices, and see the scores and claims they make.

    Parameters
    ----------
    analysis
        As `analyse` returns it.
    claims
        Claims to judge in the analysis chosen, as the study holds them.

    Returns
    -------
    VBox
        A drop-down for each choice. Below it stands the agreement figure, made anew whenever a
        choice is changed.

    Raises
    ------
    ModuleNotFoundError
        When ipywidgets is not installed; the message says what to install.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> box = ps.plot.switches(analysis, analysis.study.claims)
    >>> weights = box.children[2]
    >>> weights.description, weights.options[1][0]
    ('weights', 'by theme: every theme weighs the same')
    """
    try:
        import ipywidgets
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(INSTALL, name=error.name) from None

    choices, made = robustness.choices(analysis), {}
    for choice, rows in choices.groupby("choice", sort=False):
        if len(rows) > 1:
            told = [(f"{r['level']}: {r['about']}", r["level"]) for _, r in rows.iterrows()]
            made[str(choice)] = ipywidgets.Dropdown(
                options=told, value=rows["level"].iloc[0], description=NAMES[str(choice)],
                style={"description_width": "10em"}, layout={"width": "46em"},
            )  # fmt: skip
    shown = ipywidgets.HTML()

    def redraw(_: object = None) -> None:
        chosen = {choice: switch.value for choice, switch in made.items()}
        shown.value = page(analysis, specifications.one(choices, chosen), claims)

    for switch in made.values():
        switch.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*made.values(), shown])


def chart(analysis: Analysis, variant: pd.DataFrame) -> Chart:
    """Draw the agreement figure of one variant, with its bounds.

    Parameters
    ----------
    analysis
        As for `switches`.
    variant
        One row, as `specifications.one` returns it.
    """
    three = pd.concat([variant, variant.assign(silence="worst"), variant.assign(silence="best")])
    three = three.assign(variant_id=["chosen", "lower", "upper"])
    scores = robustness.multiverse(analysis, three).set_index(["variant_id", "body_id"])
    drawn = scores.loc["chosen"].assign(
        lower=scores.loc["lower", "agreement"], upper=scores.loc["upper", "agreement"]
    )
    drawn = drawn.reset_index().merge(analysis.study.bodies[["body_id", "name"]], on="body_id")
    drawn = drawn.sort_values("agreement", ascending=False, kind="stable", ignore_index=True)
    ranked = (drawn["standing"] == "ranked").sum()
    departs = variant["variant_id"].iloc[0]
    subtitle = f"Agreement with “{analysis.label}”; {ranked} ranked; analysis: {departs}"
    return agreement_charts.agreement(drawn, headline(drawn), subtitle)


def page(analysis: Analysis, variant: pd.DataFrame, claims: pd.DataFrame) -> str:
    """Write one variant as HTML: the figure with its alternative text, and each claim's verdict.

    Parameters
    ----------
    analysis, claims
        As for `switches`.
    variant
        One row, as `specifications.one` returns it.
    """
    picture = chart(analysis, variant)
    encoded = base64.b64encode(picture.png(dpi=96)).decode("ascii")
    image = (
        f'<img src="data:image/png;base64,{encoded}" alt="{html.escape(picture.alt, quote=True)}">'
    )
    judged = robustness.verdicts(analysis, claims, variant)
    judged = judged.merge(claims[["claim_id", "wording"]], on="claim_id")
    items = "".join(
        f"<li>{html.escape(row.wording)}: {row.verdict}</li>" for row in judged.itertuples()
    )
    return f"{image}<ul {AS_WRITTEN}>{items}</ul>" if items else image
