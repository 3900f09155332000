"""The first page in plain words: what is proposed, who supports it, where trouble lies, how sure.

Short sentences for a reader who has one minute. Each is computed, and stays true of a study that
lacks nearly everything: what a study does not hold is said, or left out.
"""

from __future__ import annotations

import pandas as pd

from positions.auditing import sentences as of_checks
from positions.auditing.audit import Audit
from positions.auditing.frame import CODED
from positions.measures.analysis import Analysis
from positions.measures.comparisons import JUDGED_FROM
from positions.present import sentences
from positions.study.schema import DESIGN
from positions.words import dated, percent, plural

MOST = 3
"""Of the points that most bodies are against, so many of the design and so many of the rest."""


def proposed(found: Analysis) -> list[str]:
    """Say what the reference model is, when it was proposed, and what it says yes and no to."""
    if not found.model:
        return ["The study names no model to compare the bodies with."]
    row = found.study.models.set_index("model_id").loc[found.model]
    when = f" It was put forward on {dated(found.proposed)}." if found.proposed else ""
    said = [f"The model is called “{found.label}”.{when}", str(row["about"] or "")]
    held = found.study.model_positions
    mine = held[(held["model_id"] == found.model)].merge(found.design[["proposition_id"]])
    if not mine.empty:
        yes, no = int((mine["position"] > 0).sum()), int((mine["position"] < 0).sum())
        said.append(
            f"Its design has {plural(len(mine), 'point')}: the model says yes to {yes} and no to "
            f"{no}."
        )
    return [sentence for sentence in said if sentence]


def support(found: Analysis) -> list[str]:
    """Say how many bodies spoke on enough, and how many of them agree with more than half."""
    ranked, bodies = found.ranked, plural(len(found.ranking), "body")
    if not found.model or found.ranking.empty:
        return []
    if ranked.empty:
        return [f"We read {bodies}. No body spoke on enough of the design to be ranked."]
    more = sentences.above_half(ranked)
    return [
        f"We read {bodies}. {len(ranked)} of them spoke on enough of the design to be ranked, and "
        f"{more} of these {'agrees' if more == 1 else 'agree'} with more than half of it."
    ]


def together(found: Analysis) -> list[str]:
    """Say whether there are groups, and which of the featured bodies go together and which clash.

    Two bodies are named only if both spoke on as many points as a comparison must rest on.
    """
    compared, verdict = len(found.groups.members), found.groups.verdict
    firm = int((found.groups.members["group"] != "").sum()) if verdict == "groups" else 0
    number = found.groups.members["group"].replace("", pd.NA).nunique()
    said = {
        "groups": f"{plural(number, 'group')} can be told apart. They hold {firm} of "
        f"{plural(compared, 'body')}.",
        "none": f"We found no firm groups among the {plural(compared, 'body')} that can be "
        "compared.",
        "too few": "Too few bodies spoke on the same points to look for groups.",
    }.get(verdict, f"The {plural(compared, 'body')} that can be compared form no firm groups: they "
          "may lie on one line.")  # fmt: skip
    pairs = _pairs(found)
    near = _most(pairs, "agree", "stand together most often: on the same side on")
    return [said, near, _most(pairs, "disagree", "clash most often: on opposite sides on")]


def _pairs(found: Analysis) -> pd.DataFrame:
    """Return the pairs of featured bodies that may be compared; proposers are in none."""
    shown = found.without_proposers(found.featured).set_index("body_id")["name"]
    pairs = found.relations[found.relations["both_spoke"] >= JUDGED_FROM]
    pairs = pairs[pairs["first"].isin(shown.index) & pairs["second"].isin(shown.index)]
    return pairs.assign(one=pairs["first"].map(shown), other=pairs["second"].map(shown))


def _most(pairs: pd.DataFrame, side: str, words: str) -> str:
    """Name the pair that is most often on one side, as a share of what both spoke on."""
    found = pairs[pairs[side] > 0]
    if found.empty:
        return ""
    share = found[side] / found["both_spoke"]
    order = found.assign(share=share).sort_values(
        ["share", side, "first", "second"], ascending=[False, False, True, True]
    )
    row = order.iloc[0]
    return f"{row['one']} and {row['other']} {words} {row[side]} of {row['both_spoke']} points."


def trouble(found: Analysis, most: int = MOST) -> pd.DataFrame:
    """List the points of the model that most bodies are against, without its proposers.

    Returns
    -------
    DataFrame
        One row per point, the design first: `proposition_id`, `label`, `kind`, `reference` (the
        model's position), and how many bodies are `against` the model's side and `with_it`. At
        most `most` rows of the design and as many of the claims and the process.
    """
    study = found.study
    held = study.model_positions
    mine = held.loc[held["model_id"] == found.model, ["proposition_id", "position"]]
    mine = mine.rename(columns={"position": "reference"})
    both = found.without_proposers(found.positions).merge(mine, on="proposition_id")
    side = both["position"] * both["reference"]
    counts = (
        both.assign(against=side < 0, with_it=side > 0)
        .groupby("proposition_id", as_index=False)[["against", "with_it"]].sum()
        .merge(study.propositions[["proposition_id", "label", "kind"]], on="proposition_id")
        .merge(mine, on="proposition_id")
    )  # fmt: skip
    counts = counts[counts["against"] > 0]
    order = counts.sort_values(["against", "proposition_id"], ascending=[False, True])
    design = order["kind"] == DESIGN
    return pd.concat([order[design].head(most), order[~design].head(most)], ignore_index=True)


def asked(found: Analysis) -> list[str]:
    """Say what the engagement answered, in counts of questions; empty where none was held."""
    answers = found.study.engagement
    if answers.empty:
        return []
    more = int((answers["agree"] > answers["disagree"]).sum())
    most = int((answers["agree"] > 50).sum())
    if len(answers) == 1:
        lead = "more answers were for than against" if more else "no more were for than against"
        half = "More than half were for." if most else "Half or less were for."
        return [f"It asked 1 question, and {lead}. {half}"]
    return [
        f"It asked {len(answers)} questions. On {more} of them more answers were for than against."
        f" On {most} more than half of all answers were for."
    ]


def sure(audited: Audit) -> list[str]:
    """Say whether an order is settled, what silence counts for, and what a person checked."""
    found = audited.analysis
    return [
        _settled(found.ranked),
        "Where a body was silent we do not guess: it counts neither for nor against."
        if found.model else "",
        of_checks.checked(audited),
        _to_check(audited),
    ]  # fmt: skip


def _to_check(audited: Audit) -> str:
    """Say what it takes to be sure of the codes; once people checked some, what that excludes."""
    codes = audited.strata.set_index("stratum").loc[CODED]
    if not codes["cells"] or codes["checked"]:
        return of_checks.certified(audited)
    least = audited.plan.exclusions.to_dict("records")[-1]
    return (
        f"To be sure that at most {percent(least['share'])} of the {least['of']} codes behind the "
        f"scores are wrong, people would have to check {least['checks']} of them and find no fault."
    )


def _settled(ranked: pd.DataFrame) -> str:
    """Say in plain words how many ranks are settled."""
    if len(ranked) < 2:
        return ""
    alone = int((ranked["overlaps"] == 0).sum())
    if alone == len(ranked):
        return "The order is settled, whatever the bodies think of the other points."
    settled = "No place in the order" if not alone else f"{alone} of {len(ranked)} places"
    verb = "is" if alone < 2 else "are"
    return (
        f"{settled} {verb} settled: what a body did not speak on could move it past "
        f"{'the next' if len(ranked) > 2 else 'the other'}."
    )
