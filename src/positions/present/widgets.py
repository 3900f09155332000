"""Switches for the choices of the analysis, in a live JupyterLab; elsewhere the table of variants.

Notebooks are committed executed: nothing of a widget may enter them. So the panel shows itself
only where a live lab runs the kernel, and can be told not to.
"""

from __future__ import annotations

import base64
import html
import importlib.util
import os
from typing import TYPE_CHECKING

import pandas as pd

from positions.present.charts import agreement as agreement_charts
from positions.present.display import Chart, Table, table
from positions.present.sentences.agreement import headline
from positions.present.sentences.robustness import NAMES
from positions.robustness import claims as robustness
from positions.robustness import multiverse
from positions.robustness import specifications as of_study
from positions.study.load import Study
from positions.words import listed, percent

if TYPE_CHECKING:
    from ipywidgets import VBox

SESSION = "JPY_SESSION_NAME"
"""What a Jupyter server sets for the kernel of a notebook that somebody has open."""


def is_live() -> bool:
    """Whether a live lab runs this kernel and can draw switches.

    A notebook executed by a command has no session: it is not live, whatever is installed.
    """
    return bool(os.environ.get(SESSION)) and importlib.util.find_spec("ipywidgets") is not None


def show(
    tables: Study,
    model_id: str,
    *,
    claims: pd.DataFrame | None = None,
    live: bool | None = None,
) -> VBox | Table:
    """Let the reader make the choices, and see the scores they make.

    Parameters
    ----------
    tables
        The study's tables.
    model_id
        The reference model.
    claims
        Claims to judge in the analysis chosen, as the study holds them.
    live
        Whether to show switches; by default where a live lab runs the kernel.

    Returns
    -------
    VBox or Table
        Switches with the agreement figure; where they cannot be shown, the table of all single
        departures.
    """
    available = of_study.available(tables, model_id)
    wanted = is_live() if live is None else live
    if not wanted or importlib.util.find_spec("ipywidgets") is None:
        return static(tables, model_id, available)
    return _switches(tables, model_id, available, claims)


def static(tables: Study, model_id: str, available: pd.DataFrame) -> Table:
    """Every single departure, who is then closest and who furthest: a table of what is printed.

    Parameters
    ----------
    tables, model_id
        As for `show`.
    available
        As `specifications.available` returns it.
    """
    each = of_study.singles(available)
    names = tables.bodies.set_index("body_id")["name"]
    found = multiverse.ends(multiverse.scores(tables, model_id, each))
    for column in ("closest", "furthest"):
        found[column] = found[column].map(
            lambda tied: listed([names[key] for key in tied]), na_action="ignore"
        )
    label = tables.models.set_index("model_id").loc[model_id, "label"]
    return table(
        found,
        f"Closest to and furthest from “{label}” in the default analysis and each single departure",
        name="variants",
        headings={
            "variant_id": "Departure", "ranked": "Ranked", "closest": "Closest",
            "most": "Agreement", "furthest": "Furthest", "least": "Agreement of the furthest",
        },
        formats={"most": percent, "least": percent},
    )  # fmt: skip


def chart(tables: Study, model_id: str, variant: pd.DataFrame) -> Chart:
    """The agreement figure of one variant, with its bounds.

    Parameters
    ----------
    tables, model_id
        As for `show`.
    variant
        One row, as `of_study.one` returns it.
    """
    three = pd.concat([variant, variant.assign(silence="worst"), variant.assign(silence="best")])
    three = three.assign(variant_id=["chosen", "lower", "upper"])
    scores = multiverse.scores(tables, model_id, three).set_index(["variant_id", "body_id"])
    drawn = scores.loc["chosen"].assign(
        lower=scores.loc["lower", "agreement"], upper=scores.loc["upper", "agreement"]
    )
    drawn = drawn.reset_index().merge(tables.bodies[["body_id", "name"]], on="body_id")
    drawn = drawn.sort_values("agreement", ascending=False, kind="stable", ignore_index=True)
    label = tables.models.set_index("model_id").loc[model_id, "label"]
    departs = variant["variant_id"].iloc[0]
    ranked = (drawn["standing"] == "ranked").sum()
    subtitle = f"Agreement with “{label}”; {ranked} ranked; analysis: {departs}"
    return agreement_charts.agreement(drawn, headline(drawn), subtitle)


def page(tables: Study, model_id: str, variant: pd.DataFrame, claims: pd.DataFrame | None) -> str:
    """One variant as HTML: the figure with its alternative text, and what becomes of the claims.

    Parameters
    ----------
    tables, model_id, claims
        As for `show`.
    variant
        One row, as `of_study.one` returns it.
    """
    picture = chart(tables, model_id, variant)
    encoded = base64.b64encode(picture.png(dpi=96)).decode("ascii")
    alt = html.escape(picture.alt, quote=True)
    parts = [f'<img src="data:image/png;base64,{encoded}" alt="{alt}">']
    if claims is not None and len(claims):
        verdicts = robustness.verdicts(claims, multiverse.scores(tables, model_id, variant))
        verdicts = verdicts.merge(claims[["claim_id", "wording"]], on="claim_id")
        items = "".join(
            f"<li>{html.escape(row['wording'])}: {row['verdict']}</li>"
            for _, row in verdicts.iterrows()
        )
        parts.append(f"<ul>{items}</ul>")
    return "\n".join(parts)


def _switches(
    tables: Study,
    model_id: str,
    available: pd.DataFrame,
    claims: pd.DataFrame | None,
) -> VBox:
    """A drop-down for each choice; whenever one is changed, the page below is made anew."""
    import ipywidgets

    switches = {}
    for choice, rows in available.groupby("choice", sort=False):
        if len(rows) > 1:
            told = [(f"{r['level']}: {r['about']}", r["level"]) for _, r in rows.iterrows()]
            switches[str(choice)] = ipywidgets.Dropdown(
                options=told, value=rows["level"].iloc[0], description=NAMES[str(choice)],
                style={"description_width": "10em"}, layout={"width": "46em"},
            )  # fmt: skip
    shown = ipywidgets.HTML()

    def redraw(_: object = None) -> None:
        chosen = {choice: switch.value for choice, switch in switches.items()}
        shown.value = page(tables, model_id, of_study.one(available, chosen), claims)

    for switch in switches.values():
        switch.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*switches.values(), shown])
