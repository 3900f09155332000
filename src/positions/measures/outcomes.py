"""Where things stood before, where the bill began and where the act ended, once readers are heard.

As with codings: what all readers read alike stands, what was decided overrules them, and where
they differ and nothing was decided the state is open and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from positions.study.schema import CLAIM
from positions.words import signed

STATES = ("status_quo", "bill", "act")
"""The states of things, in the order of time."""
AGREED, DECIDED, STRUCK, OPEN = "agreed", "decided", "struck", "unresolved"
COLUMNS = ["proposition_id", "state", "stance", "status", "readings", "source_id", "quote",
           "reason"]  # fmt: skip


def resolve(
    outcomes: pd.DataFrame, names: Mapping[str, str] = MappingProxyType({})
) -> pd.DataFrame:
    """Resolve the readings of each proposition's states.

    Parameters
    ----------
    outcomes
        The study's table: one row per proposition, state and reader, and one without a reader
        where something was decided.
    names
        What each reader is called, by its id.

    Returns
    -------
    DataFrame
        One row per proposition and state that anyone read, in order: `stance`, -2 to 2, missing
        where it is struck or open; `status`: `agreed`, `decided`, `struck` or `unresolved`;
        `readings`, who read what, as text; `source_id`, `quote` and `reason` of the row that
        stands (the first reader's where they agree).
    """
    everyone = set(outcomes["coder"]) - {""}
    rows = []
    for (proposition, state), found in outcomes.groupby(["proposition_id", "state"], sort=True):
        read, decided = found[found["coder"] != ""], found[found["coder"] == ""]
        agreed = set(read["coder"]) == everyone and len(set(read["stance"])) == 1
        standing = (decided if len(decided) else read).iloc[0]
        stance = standing["stance"]
        if len(decided):
            status = STRUCK if pd.isna(stance) else DECIDED
        else:
            status = AGREED if agreed else OPEN
        said = ", ".join(
            f"{names.get(coder, coder)} {signed(value)}"
            for coder, value in zip(read["coder"], read["stance"], strict=True)
        )
        known = pd.NA if status == OPEN else stance
        about = ("", "", "") if status == OPEN else (
            standing["source_id"], standing["quote"], standing["reason"])  # fmt: skip
        rows.append((proposition, state, known, status, said, *about))
    made = pd.DataFrame(rows, columns=COLUMNS)
    made = made.astype({name: "str" for name in COLUMNS if name != "stance"})
    made["stance"] = pd.array(made["stance"], dtype="Int64")
    order = made["state"].map({state: place for place, state in enumerate(STATES)})
    made = made.assign(_order=order).sort_values(["proposition_id", "_order"], ignore_index=True)
    return made.drop(columns="_order")


def moves(resolved: pd.DataFrame, propositions: pd.DataFrame) -> pd.DataFrame:
    """Lay out how far things moved on each proposition of which the end is known.

    Claims are left out: that a body denies what a proposer claims does not say what it wants.

    Parameters
    ----------
    resolved
        As `resolve` returns it.
    propositions
        One row per proposition: `label`, `weight`, `kind`.

    Returns
    -------
    DataFrame
        One row per proposition, in the order of `propositions`: `status_quo`, `bill`, `act`
        (missing where nothing stands), `moved` (act less status quo; missing without the latter),
        with `label`, `kind` and `weight`.
    """
    known = resolved.dropna(subset=["stance"])
    wide = known.set_index(["proposition_id", "state"])["stance"].astype("float64").unstack()
    wide = wide.reindex(columns=list(STATES))
    found = propositions[["proposition_id", "label", "kind", "weight"]]
    found = found[found["kind"] != CLAIM].merge(
        wide.rename_axis(columns=None).reset_index(), on="proposition_id"
    )
    found = found.dropna(subset=["act"]).reset_index(drop=True)
    return found.assign(moved=found["act"] - found["status_quo"])
