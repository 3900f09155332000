"""A study as a Polis export: bodies as participants, propositions as comments, signs as votes.

For programs that read Polis' files. How far a body goes is lost, only its side is carried:
agreeing is +1, as in the export of Polis' administration.
"""

from __future__ import annotations

import datetime as dt
import email.utils

import numpy as np
import pandas as pd

from positions.exchange.polis.files import COMMENTS, MATRIX, SUMMARY, VOTES
from positions.study.csv_cells import as_csv


def export(
    positions: pd.DataFrame, bodies: pd.DataFrame, propositions: pd.DataFrame, title: str
) -> dict[str, bytes]:
    """Write the four files of Polis by name; `summary.csv` declares the sign of votes.

    Participants and comments are numbered from 0 in the order of their ids; the column `xid`,
    which Polis has for participants known elsewhere by another name, holds the body's id. A
    position of 0, which takes no side, is a pass.

    Parameters
    ----------
    positions
        One row per body and proposition: `position` in [-2, 2], `latest` (a day).
    bodies, propositions
        One row each: `body_id`; `proposition_id`, `statement`.
    title
        The topic of the conversation.
    """
    voters = {name: at for at, name in enumerate(sorted(bodies["body_id"]))}
    statements = propositions.sort_values("proposition_id")["statement"].tolist()
    comments = {name: at for at, name in enumerate(sorted(propositions["proposition_id"]))}
    votes = pd.DataFrame({
        "voter": positions["body_id"].map(voters),
        "comment": positions["proposition_id"].map(comments),
        "vote": np.sign(positions["position"]).astype(int),
        "when": positions["latest"],
    }).sort_values(["comment", "voter"])  # fmt: skip
    first = votes["when"].min() if len(votes) else pd.Timestamp(0)
    names = {at: name for name, at in voters.items()}
    return {
        VOTES: as_csv([
            ["timestamp", "datetime", "comment-id", "voter-id", "vote"],
            *([*_times(r.when), str(r.comment), str(r.voter), str(r.vote)]
              for r in votes.itertuples()),
        ]),
        COMMENTS: as_csv([
            ["timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees",
             "moderated", "comment-body"],
            *([*_times(first), str(at), "", *_counts(votes[votes["comment"] == at]), "1",
               statements[at]] for at in range(len(statements))),
        ]),
        MATRIX[0]: as_csv(_matrix(votes, names, len(statements))),
        SUMMARY: as_csv([
            ["topic", title], ["url", ""], ["voters", str(votes["voter"].nunique())],
            ["voters-in-conv", str(votes["voter"].nunique())], ["commenters", "0"],
            ["comments", str(len(statements))], ["groups", "0"],
            ["conversation-description", ""],
            ["vote-convention", "agree=+1;disagree=-1;pass=0"],
        ]),
    }  # fmt: skip


def _matrix(votes: pd.DataFrame, names: dict[int, str], comments: int) -> list[list[str]]:
    """One row a body, one column a proposition, empty where it is silent."""
    rows = [["participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree",
             *map(str, range(comments))]]  # fmt: skip
    for voter, name in sorted(names.items()):
        own = votes[votes["voter"] == voter]
        said = dict(zip(own["comment"], own["vote"], strict=True))
        rows.append([str(voter), name, "", "0", str(len(own)), *_counts(own),
                     *(str(said.get(at, "")) for at in range(comments))])  # fmt: skip
    return rows


def _counts(votes: pd.DataFrame) -> tuple[str, str]:
    return str(int((votes["vote"] == 1).sum())), str(int((votes["vote"] == -1).sum()))


def _times(day: pd.Timestamp) -> tuple[str, str]:
    """Write midnight UTC of a day in milliseconds and in words, as Polis does."""
    moment = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    # E-mails name days and months in English, whatever the locale: Mon, 01 Mar 2021.
    weekday, number, month, year = email.utils.format_datetime(moment).split()[:4]
    words = f"{weekday.rstrip(',')} {month} {number} 00:00:00 UTC {year}"
    return str(int(moment.timestamp()) * 1000), words
