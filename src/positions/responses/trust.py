"""How much of the answers may go unread before no number of the rest may be printed."""

from __future__ import annotations

import pandas as pd

from positions.responses.backend import NotResponses

DAMAGED = ("NUL", "blank line", "field count", "not UTF-8", "quotes")
"""Reasons that say something of the file, and nothing of the respondent."""
_SHOWN = 5


def check(
    accounts: pd.DataFrame, answers: pd.DataFrame, unknown: pd.DataFrame, tolerated: float
) -> None:
    """Refuse answers of which no row counts, or more goes unread than is tolerated.

    Parameters
    ----------
    accounts
        One row per fate of the rows read, `used` first: `fate`, `rows`.
    answers
        What was answered: `question_id`, `code`, `known`, `n`.
    unknown
        Answers that are none of their question's words: `question_id`, `answer`, `rows`, `file`,
        `line`.
    tolerated
        The share of rows that may be damaged, and of the answers to a question that may be
        unknown.

    Raises
    ------
    NotResponses
        With what is unread, where it stands, and what can be done.
    """
    read, used = int(accounts["rows"].sum()), int(accounts["rows"].iloc[0])
    if not read:
        raise NotResponses("there is a header, and no answer below it")
    if not used:
        raise NotResponses(f"not one row counts: of {read:,} rows read {_reasons(accounts)}")
    damaged = accounts[accounts["fate"].isin(DAMAGED)]
    share = damaged["rows"].sum() / read
    if share > tolerated:
        raise NotResponses(
            f"of {read:,} rows read {_reasons(damaged)}: {share:.0%} of them are damaged, and at "
            f"most {tolerated:.0%} may be (--tolerate); mend the file"
        )
    shares = unknown_shares(answers)
    if len(over := shares[shares > tolerated]):
        raise NotResponses("\n".join(_unknown(over, unknown, tolerated)))


def unknown_shares(answers: pd.DataFrame) -> pd.Series:
    """Return what share of the answers given to each question is none of its words."""
    given = answers[answers["code"].notna() | ~answers["known"]]
    unknown = given["n"].where(~given["known"], 0).groupby(given["question_id"]).sum()
    return (unknown / given.groupby("question_id")["n"].sum()).sort_index()


def _reasons(accounts: pd.DataFrame) -> str:
    parts = [
        f"{row['rows']:,} {'was' if row['rows'] == 1 else 'were'} rejected for {row['fate']!r}"
        for _, row in accounts.iterrows()
        if row["fate"] != "used"
    ]
    return ", ".join(parts)


def _unknown(over: pd.Series, unknown: pd.DataFrame, tolerated: float) -> list[str]:
    """Say which answers to which questions are unknown, and what to do."""
    lines = [
        f"at most {tolerated:.0%} of the answers to a question may be none of its words "
        "(--tolerate), and more are:"
    ]
    for name, share in over.items():
        mine = unknown[unknown["question_id"] == name]
        words = [
            f"{row['answer']!r} ({row['rows']:,} times{_place(row)})"
            for _, row in mine.head(_SHOWN).iterrows()
        ]
        more = ", …" if len(mine) > _SHOWN else ""
        lines.append(f"  {name}: {share:.0%}: {', '.join(words)}{more}")
    return [
        *lines,
        "Name the vocabulary they are of in questions.csv, or say what they mean: --map map.csv, "
        "which is written for you to fill in.",
    ]


def _place(row: pd.Series) -> str:
    return f", first in {row['file']}:{row['line']}" if row["line"] else ""
