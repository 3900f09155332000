"""Identical wording: responses that are one text, sent many times.

A campaign's supporters are people, and its text is one text. Both countings are shown: every
response once, and every text once.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from positions.responses.backend import ANY, Engine, Frame, gathered

FROM = 10
"""Responses of one wording from which they are called a campaign."""
SHORTEST = 40
"""Characters from which equal wording is no coincidence: "no comment" is no campaign."""
MOST = 1_000
"""The largest campaigns are told apart up to this many."""
BETWEEN = " / "


def worded(frame: Frame, texts: Sequence[str], shortest: int = SHORTEST) -> Frame:
    """Add `_text`: a response's free texts as one, in the form they are compared in.

    Runs of white space are one space, case does not count, typographic quote marks and
    apostrophes are plain ones; nothing else is changed. Empty where it is too short to be
    compared.
    """
    parts = []
    for name in texts:
        text = nw.col(name).cast(nw.String).fill_null("").str.to_lowercase()
        text = text.str.replace_all("[\u2018\u2019\u201a\u2032]", "'")
        text = text.str.replace_all("[\u201c\u201d\u201e\u00ab\u00bb\u2033]", '"')
        # A run of white space, or one that is no space: to replace single spaces by themselves
        # takes longer than all else.
        text = text.str.replace_all(r"\s\s+|[^\S ]", " ")
        parts.append(text.str.strip_chars().alias(f"_text_{name}"))
    frame = frame.with_columns(*parts)
    whole = nw.concat_str([nw.col(f"_text_{name}") for name in texts], separator=BETWEEN)
    frame = frame.with_columns(whole.alias("_text"))
    long = nw.col("_text").str.len_chars() >= shortest + len(BETWEEN) * (len(texts) - 1)
    frame = frame.with_columns(
        nw.when(long).then(nw.col("_text")).otherwise(nw.lit("")).alias("_text")
    )
    return frame.drop([f"_text_{name}" for name in texts])


def told_apart(
    frame: Frame,
    texts: Sequence[str],
    least: int = FROM,
    shortest: int = SHORTEST,
    engine: Engine = ANY,
) -> tuple[Frame, pd.DataFrame]:
    """Tell the responses of campaigns from the others, and list the campaigns.

    Responses of one wording make a campaign from `least` up; a text is compared from `shortest`
    characters up.

    Returns
    -------
    frame, campaigns
        The rows without their texts, with `campaign`, a number from 1 up, 0 where it is none. One
        row per campaign, largest first, then by its text: `campaign`, `responses`, `text`.
    """
    if not texts:
        columns = {"campaign": "int64", "responses": "int64", "text": "str"}
        return frame.with_columns(nw.lit(0).alias("campaign")), pd.DataFrame(
            {name: pd.Series(dtype=kind) for name, kind in columns.items()}
        )
    frame = engine.settle(worded(frame, texts, shortest).drop(texts))
    counts = frame.filter(nw.col("_text") != "").group_by("_text").agg(nw.len().alias("_n"))
    counts = counts.filter(nw.col("_n") >= least)
    counts = counts.with_columns((nw.lit(0) - nw.col("_n").cast(nw.Int64)).alias("_order"))
    ranked = counts.with_row_index("_row", order_by=["_order", "_text"])
    ranked = ranked.filter(nw.col("_row") < MOST).select(
        "_text", (nw.col("_row").cast(nw.Int64) + 1).alias("campaign"), "_n"
    )
    ranked = engine.settle(ranked)
    table = gathered(ranked).sort_values("campaign", ignore_index=True)
    table = table.rename(columns={"_n": "responses", "_text": "text"})
    joined = frame.join(ranked.select("_text", "campaign"), on="_text", how="left")
    joined = joined.with_columns(nw.col("campaign").fill_null(0).cast(nw.Int64)).drop("_text")
    return joined, table[["campaign", "responses", "text"]]


def each_text_once(counted: pd.DataFrame) -> pd.DataFrame:
    """Count all responses of a campaign together as one response.

    Those who sent one text may have ticked different answers: each answer counts by its share
    among them.

    Parameters
    ----------
    counted
        One row per `type`, `campaign`, question and answer: `n`, `weight`.

    Returns
    -------
    DataFrame
        The same rows with `n` and `weight` divided by the number of the campaign's responses.
    """
    first = counted[counted["question_id"] == counted["question_id"].min()]
    sizes = first.groupby("campaign")["n"].sum()
    size = counted["campaign"].map(sizes).where(counted["campaign"] > 0, 1)
    return counted.assign(n=counted["n"] / size, weight=counted["weight"] / size)
