"""Why is there no position? Four kinds of blank, which are not one another, and none neutrality."""

from __future__ import annotations

import numpy as np
import pandas as pd

from positions.study.fields import dates

SILENT, UNSEEN, REPORTED, COULD_NOT = "silent", "not seen", "reported only", "could not"
ABOUT = {
    SILENT: "a text of its own was read whole and does not address it",
    UNSEEN: "only part of its texts was seen",
    REPORTED: "nobody read the body itself: others report it",
    COULD_NOT: "all its documents predate what the proposition speaks of",
}
"""What each kind of blank means, in words."""


def blanks(
    positions: pd.DataFrame,
    resolved: pd.DataFrame,
    sources: pd.DataFrame,
    bodies: pd.DataFrame,
    propositions: pd.DataFrame,
) -> pd.DataFrame:
    """Say of each body and proposition without a position which kind of blank it is.

    Only silence is the body's own. The other kinds say what was not read, or could not be said.

    Parameters
    ----------
    positions
        One row per body and proposition with a position.
    resolved
        One row per body, proposition and source: `basis`. A source with a code in the body's own
        words (`stated` or `implied`) is a text of its own.
    sources
        One row per source that counts: `text_seen`, `latest`.
    bodies
        One row per body.
    propositions
        One row per proposition: `since`, the day on which what it speaks of was first proposed
        (ISO; empty where bodies could always speak of it).

    Returns
    -------
    DataFrame
        One row per body and proposition without a position, in the order of the two tables:
        `blank`, one of `silent`, `not seen`, `reported only`, `could not`.
    """
    read = resolved[["body_id", "source_id", "basis"]].merge(
        sources[["source_id", "text_seen", "latest"]], on="source_id"
    )
    grid = bodies[["body_id"]].merge(propositions[["proposition_id", "since"]], how="cross")
    key = ["body_id", "proposition_id"]
    said = pd.MultiIndex.from_frame(positions[key])
    grid = grid[~pd.MultiIndex.from_frame(grid[key]).isin(said)]
    since = pd.Series([_first_day(text) for text in grid["since"]], index=grid.index)
    own = read[read["basis"] != "reported"]
    newest, heard = (
        rows.groupby("body_id")["latest"].max().reindex(grid["body_id"]).set_axis(grid.index)
        for rows in (read, own[own["text_seen"] == "whole"])
    )
    kinds = np.select(
        [
            newest < since,
            grid["body_id"].isin(set(read["body_id"]) - set(own["body_id"])),
            heard.notna() & ~(heard < since),
        ],
        [COULD_NOT, REPORTED, SILENT],
        UNSEEN,
    )
    return grid[key].assign(blank=pd.array(kinds, dtype="str")).reset_index(drop=True)


def _first_day(text: str) -> pd.Timestamp:
    """Return the first day that an ISO date, month or year can mean; NaT for no text."""
    span = dates(text) if text else None
    return pd.Timestamp(span[0]) if isinstance(span, tuple) else pd.NaT
