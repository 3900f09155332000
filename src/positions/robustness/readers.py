"""Count for how many readers a claim holds.

A reader is a coder: a person, or a model with its prompt. A claim is judged as each reader alone
read the texts; where a reader read nothing, what is resolved counts, so that who is heard does not
change with who read. That readers agree is no accuracy: readers of one make can err alike.
"""

from __future__ import annotations

import pandas as pd

from positions.measures.analysis import Analysis
from positions.robustness.analysis import choices, verdicts
from positions.robustness.claims import FAILS, HOLDS, NOT_JUDGED
from positions.robustness.specifications import one
from positions.words import plural


def by_reader(analysis: Analysis, claims: pd.DataFrame | None = None) -> pd.DataFrame:
    """Judge each claim on scores as each reader alone read the texts.

    Parameters
    ----------
    analysis
        As `analyse` returns it. With one coder that coder is the only reader.
    claims
        Rows of the study's `claims`; by default all of them. Claims on groups are left out.

    Returns
    -------
    DataFrame
        One row per claim and reader, in the order of both: `claim_id`, `wording`, `reader`,
        `kind` (`person`, `model`, or empty where `coders` does not say), `sources` (how many the
        reader read) and `verdict`: `holds`, `fails` or `not judged`.

    Examples
    --------
    >>> import positions as ps
    >>> analysis = ps.analyse(ps.read("src/positions/example"))
    >>> judged = by_reader(analysis)
    >>> judged.loc[judged["claim_id"] == "league-closest", ["reader", "kind", "verdict"]]
      reader    kind verdict
    2    ann  person   holds
    3    ben  person   holds
    """
    study = analysis.study
    asked = study.claims if claims is None else claims
    asked = asked[asked["kind"] != "same-group"]
    readers = sorted(study.codings["coder"].unique())
    columns = ["claim_id", "wording", "reader", "kind", "sources", "verdict"]
    if not readers or asked.empty:
        return pd.DataFrame(columns=columns)
    levels = choices(analysis)
    alone = {reader: {"coder": reader} if len(readers) > 1 else {} for reader in readers}
    variants = pd.concat([one(levels, alone[reader]) for reader in readers], ignore_index=True)
    found = verdicts(analysis, asked, variants)
    found["reader"] = found["variant_id"].map(
        dict(zip(variants["variant_id"], readers, strict=True))
    )
    kinds = study.coders.set_index("coder")["kind"]
    read = study.codings.groupby("coder")["source_id"].nunique()
    return found.assign(
        wording=found["claim_id"].map(asked.set_index("claim_id")["wording"]),
        kind=found["reader"].map(kinds).fillna("").astype("str"),
        sources=found["reader"].map(read),
    )[columns]


def across(judged: pd.DataFrame) -> pd.DataFrame:
    """Count for how many readers each claim holds.

    Parameters
    ----------
    judged
        One row per claim and reader, as `by_reader` gives it.

    Returns
    -------
    DataFrame
        One row per claim, in their order: `claim_id`, `wording`, `readers`, `holds`, `fails`,
        `not_judged` and `words`: "holds for 2 of 3 readers".

    Examples
    --------
    >>> judged = pd.DataFrame({"claim_id": "c", "wording": "Ann agrees most",
    ...                        "verdict": ["holds", "fails", "holds"]})
    >>> across(judged)[["wording", "words"]]
               wording                     words
    0  Ann agrees most  holds for 2 of 3 readers
    """
    rows = [
        {"claim_id": claim, "wording": mine["wording"].iloc[0], "readers": len(mine),
         "holds": int((mine["verdict"] == HOLDS).sum()),
         "fails": int((mine["verdict"] == FAILS).sum()),
         "not_judged": int((mine["verdict"] == NOT_JUDGED).sum())}
        for claim, mine in judged.groupby("claim_id", sort=False)
    ]  # fmt: skip
    columns = ["claim_id", "wording", "readers", "holds", "fails", "not_judged"]
    found = pd.DataFrame(rows, columns=columns)
    words = [_words(row) for _, row in found.iterrows()]
    return found.assign(words=pd.Series(words, index=found.index, dtype="str"))


def _words(counts: pd.Series) -> str:
    """Say it in words; a claim that nobody's reading can test does not hold for none of them."""
    of = plural(counts["readers"], "reader")
    if not counts["holds"] + counts["fails"]:
        return f"cannot be judged for any of {of}"
    return f"holds for {counts['holds']} of {of}"
