"""What unites groups of voters, and what each group stands for, as Polis measures it.

Small, Bjorkegren, Erkkilä, Shaw and Megill (2021), "Polis: Scaling deliberation by mapping high
dimensional opinion spaces", Recerca 26(2). Shares have pseudocounts, so that a group of few
voters claims little. An answer for is agreement, against is disagreement, neither is a pass.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from positions.responses.patterns import Floats, Ints

PASSES = 1.2816
"""The z value that both tests of a representative statement must exceed: one-sided, 90%."""
SHOWN = 5
"""Representative statements of a group, as Polis shows them."""


def are_votes(patterns: pd.DataFrame, names: Sequence[str]) -> bool:
    """Whether all answers are votes: for, against or neither, of one strength."""
    answers = np.abs(patterns[list(names)].to_numpy(dtype="float64"))
    return len(np.unique(answers[answers > 0])) == 1


def _tallies(patterns: pd.DataFrame, names: Sequence[str], labels: Ints) -> tuple[Floats, Floats]:
    """Count votes for and against, and all votes with passes: 2 by groups by questions; groups."""
    answers = patterns[list(names)].to_numpy(dtype="float64")
    number = patterns.index.get_level_values("n").to_numpy(dtype="float64")
    inside = (labels == np.arange(labels.max(initial=-1) + 1)[:, None]) * number
    votes = np.stack([inside @ (answers > 0), inside @ (answers < 0)])
    return votes, inside @ ~np.isnan(answers)


def shares(patterns: pd.DataFrame, names: Sequence[str], labels: Ints) -> pd.DataFrame:
    """Count how each group voted on each question.

    Parameters
    ----------
    patterns
        One row per pattern, as `patterns.counted` returns them.
    names
        The questions.
    labels
        Per pattern: its group from 0 up, -1 in none.

    Returns
    -------
    DataFrame
        One row per question and group: `question_id`, `group` (from 0 up), `agree` and
        `disagree` (votes), `of` (votes and passes), `share` of `of` that agrees, without
        pseudocounts; missing where nobody of the group voted.
    """
    votes, voted = _tallies(patterns, names, labels)
    index = pd.MultiIndex.from_product(
        [list(names), range(len(voted))], names=["question_id", "group"]
    )
    agree, disagree, of = (part.T.ravel().astype("int64") for part in (*votes, voted))
    table = pd.DataFrame({"agree": agree, "disagree": disagree, "of": of}, index=index)
    return table.assign(share=table["agree"] / table["of"].where(table["of"] > 0)).reset_index()


def consensus(patterns: pd.DataFrame, names: Sequence[str], labels: Ints) -> pd.DataFrame:
    """Measure on which questions all groups agree: the group-aware consensus.

    The product, over groups, of the share of each group that agrees: (votes for + 1) / (votes
    and passes + 2). One group against it brings it down, however small the group is.

    Takes what `shares` takes.

    Returns
    -------
    DataFrame
        One row per question, most agreed on first: `question_id`, `agree`, `disagree`.
    """
    votes, voted = _tallies(patterns, names, labels)
    agree, disagree = ((votes + 1) / (voted + 2)).prod(axis=1)
    asked = pd.Series(list(names), dtype="str")
    table = pd.DataFrame({"question_id": asked, "agree": agree, "disagree": disagree})
    return table.sort_values("agree", ascending=False, kind="stable", ignore_index=True)


def representative(patterns: pd.DataFrame, names: Sequence[str], labels: Ints) -> pd.DataFrame:
    """List what each group stands for: statements it votes on unlike all others.

    Of a group's two votes on a statement the one more unlike the others' counts. Both its tests
    must exceed 1.2816: that more than half of the group vote so, and that more of the group do
    than of the others. The five with the highest product of shares, ratios and tests are listed.

    Takes what `shares` takes.

    Returns
    -------
    DataFrame
        One row per group and statement, best first: `group` (from 0 up), `question_id`, `vote`,
        `votes` and `of` (those who voted or passed), `share` and its ratio to that of the
        others (both with pseudocounts), `z_share`, `z_ratio`.
    """
    votes, voted = _tallies(patterns, names, labels)
    others, voted_by_others = votes.sum(axis=1, keepdims=True) - votes, voted.sum(axis=0) - voted
    share = (votes + 1) / (voted + 2)
    ratio = share / ((others + 1) / (voted_by_others + 2))
    z_share = 2 * np.sqrt(voted + 1) * ((votes + 1) / (voted + 1) - 0.5)
    z_ratio = _two_shares(votes + 1, voted + 1, others + 1, voted_by_others + 1)
    side = z_ratio.argmax(axis=0)
    group, question = np.indices(side.shape)
    at = (side, group, question)
    table = pd.DataFrame(
        {
            "group": group.ravel(),
            "question_id": np.asarray(names, dtype=object)[question.ravel()],
            "vote": np.where(side.ravel() == 0, "agree", "disagree"),
            "votes": votes[at].ravel().astype("int64"),
            "of": voted.ravel().astype("int64"),
            "share": share[at].ravel(),
            "ratio": ratio[at].ravel(),
            "z_share": z_share[at].ravel(),
            "z_ratio": z_ratio[at].ravel(),
        }
    )
    passing = table[(table["z_share"] > PASSES) & (table["z_ratio"] > PASSES)]
    worth = -passing[["share", "ratio", "z_share", "z_ratio"]].prod(axis=1).round(9)
    ranked = passing.assign(_worth=worth).sort_values(["group", "_worth"], kind="stable")
    return ranked.groupby("group").head(SHOWN).drop(columns="_worth").reset_index(drop=True)


def _two_shares(votes: Floats, voted: Floats, others: Floats, by_others: Floats) -> Floats:
    """Return z of the difference of two shares, pooled; 0 where all vote alike."""
    pooled = (votes + others) / (voted + by_others)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / voted + 1 / by_others))
    found: Floats = np.divide(
        votes / voted - others / by_others, spread, out=np.zeros_like(spread), where=spread > 0
    )
    return found
