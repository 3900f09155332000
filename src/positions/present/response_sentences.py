"""Findings on individual responses in words, computed from their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from positions.measures import cluster_validation
from positions.measures.cluster_validation import (
    DIVISION,
    INDEPENDENCE,
    ONE_DIMENSION,
    SIDES,
)
from positions.responses.agreement import quantile
from positions.responses.groups import FEWEST_RESPONDENTS
from positions.words import cut, degree, listed, percent, plural, told_apart

if TYPE_CHECKING:
    from positions.responses.consultation import Consultation
    from positions.responses.groups import RespondentGroups

SHOWN = 8
"""Types, and unknown answers, that a sentence names."""


def thousands(number: float) -> str:
    """Print a number of respondents.

    >>> thousands(1234567)
    '1,234,567'
    """
    return f"{number:,.0f}"


def many(number: float, noun: str) -> str:
    """Count a noun of which there may be millions."""
    return f"{thousands(number)} {plural(round(number), noun).split(' ', 1)[1]}"


def accounts(found: Consultation) -> str:
    """Say what became of every row that was read."""
    used = int(found.accounts["rows"].iloc[0])
    rejected = found.read - used
    said = f"Of {many(found.read, 'row')} read, {thousands(used)} are used"
    if rejected:
        why = listed(
            [f"{thousands(row['rows'])} {row['fate']}" for _, row in found.accounts[1:].iterrows()]
        )
        said += f" and {thousands(rejected)} {'was' if rejected == 1 else 'were'} rejected ({why})"
    said += f": {many(found.respondents, 'respondent')}."
    if found.unread:
        said += f" Columns that were not read: {', '.join(found.unread)}."
    return said


def unknown(found: Consultation) -> list[str]:
    """Say which answers are none of their question's words, and so are missing."""
    if found.unknown.empty:
        return []
    some = [
        f"“{row['answer']}” to {row['question_id']} ({many(row['rows'], 'time')}"
        f"{place(row['file'], row['line'])})"
        for _, row in found.unknown.head(SHOWN).iterrows()
    ]
    more = len(found.unknown) - len(some)
    rest = [f"{thousands(more)} more"] if more else []
    number = int(found.unknown["rows"].sum())
    are = "is no word of its question, and is" if number == 1 else (
        "are no words of their questions, and are"
    )  # fmt: skip
    return [f"{many(number, 'answer')} {are} missing: {listed(some + rest)}."]


def place(file: str, line: int) -> str:
    """Say where an answer stands first, as far as that is known."""
    return f", first in {file}:{line}" if line else ""


def types(found: Consultation) -> list[str]:
    """Say which types of respondent there are, and how many are of each, most first."""
    first = found.counted[found.counted["question_id"] == found.counted["question_id"].min()]
    sizes = first.groupby("type")["n"].sum().sort_values(ascending=False, kind="stable")
    if list(sizes.index) == [""]:
        return []
    some = [f"{kind or 'not given'} {thousands(n)}" for kind, n in sizes.head(SHOWN).items()]
    rest = [f"{len(sizes) - len(some)} more"] if len(sizes) > len(some) else []
    return [f"Types of respondent: {listed(some + rest)}."]


def widest(standings: pd.DataFrame) -> list[str]:
    """Say what is supported and opposed most widely, where no model says what to agree with."""
    spoke = standings[standings["spoke"] > 0]
    found = []
    for column, noun in (("supports", "support"), ("opposes", "opposition")):
        share = spoke[column] / spoke["spoke"]
        if len(share) and share.max() > 0:
            row = spoke.loc[share.idxmax()]
            found.append(
                f"The widest {noun} is on “{row['label']}”: {percent(share.max())} of "
                f"{thousands(row['spoke'])} who answered."
            )
    return found


def answer(row: pd.Series, label: str, weighted: bool) -> str:
    """Say how far all respondents agree with a model, in both countings, and on what base.

    Parameters
    ----------
    row
        The first row of `Respondents.agreement`.
    label
        The model's name.
    weighted
        Whether responses carry weights.
    """
    said = (
        f"“{label}”: taken as one body, the public {degree(row['agreement'])}, with "
        f"{percent(row['agreement'])} agreement{' (weighted)' if weighted else ''}. Respondents "
        f"gave {percent(row['answered'])} of the answers asked for. The range is "
        f"{percent(row['lower'])} to {percent(row['upper'])} if unaddressed points were all "
        "against / for."
    )
    if round(row["agreement"], 9) == round(row["each_text_once"], 9):
        return said + " Counting every text once gives the same."
    return said + f" Counting every text once, it is {percent(row['each_text_once'])}."


def campaign_sentence(found: Consultation, least: int, free: bool) -> str:
    """How many responses are of campaigns, and of how many."""
    if not free:
        return "No free text was asked for: identical wording cannot be seen."
    if found.campaigns.empty:
        return f"No text was sent {least} times or more: no campaign."
    sent = int(found.campaigns["responses"].sum())
    share = percent(sent / found.respondents)
    return (
        f"{many(sent, 'response')} ({share}) share {plural(len(found.campaigns), 'text')} that "
        f"came {least} times or more."
    )


def between(distribution: pd.DataFrame, marked: pd.DataFrame) -> str:
    """Where the public's distribution lies between the bodies.

    Parameters
    ----------
    distribution
        As `response_agreement.placed` returns it.
    marked
        The bodies to speak of, as `response_agreement.beside` returns them.
    """
    if distribution.empty:
        return "No respondent answered enough to be placed."
    middle = quantile(distribution, 0.5)
    said = (
        f"Half of the respondents agree by {percent(quantile(distribution, 0.25))} to "
        f"{percent(quantile(distribution, 0.75))}, the median is {percent(middle)}"
    )
    over, under = marked[marked["agreement"] > middle], marked[marked["agreement"] <= middle]
    if marked.empty:
        return said + "."
    if over.empty or under.empty:
        side = "at or above" if over.empty else "below"
        return said + f": {side} every body shown."
    high, low = over.iloc[-1], under.iloc[0]
    return said + (
        f": between {low['name']} ({percent(low['agreement'])}) and {high['name']} "
        f"({percent(high['agreement'])})."
    )


def crowd_sentences(found: RespondentGroups, step: int) -> list[str]:
    """Say the verdict on groups of respondents, and what it rests on."""
    if found.verdict == "too few":
        return [
            f"Too few: {many(found.compared, 'respondent')} answered {found.rules.addressed} "
            f"questions or more and differ; groups are looked for among {FEWEST_RESPONDENTS}."
        ]
    parts = "; ".join(
        f"{row['group']} {percent(row['share'])} (Jaccard {cut(row['jaccard'])}, {row['standing']})"
        for _, row in found.groups.iterrows()
    )
    opening = {"groups": "Groups", DIVISION: "A division, perhaps of a continuum"}
    said = [f"{opening.get(found.verdict, 'No groups; the sharpest cut')}: {parts}."]
    return [*said, *compared_sentences(found.tests), _rests_on(found), _taken(found, step)]


def compared_sentences(tests: pd.DataFrame) -> list[str]:
    """Say what the sharpest division reaches, beside what tables without groups reach.

    Parameters
    ----------
    tests
        As `cluster_validation.comparisons` returns it.
    """
    without = {
        INDEPENDENCE: "Where nobody has to do with another",
        SIDES: "The same by sides alone: where nobody has to do with another",
        ONE_DIMENSION: "Where all stand on one dimension",
    }
    said = []
    for test in tests.itertuples():
        reached, bar = told_apart(test.reached, test.bar)
        sharper = "" if test.sharper else "not "
        said.append(
            f"{without[test.against]}, {percent(test.share)} of tables reach a mean silhouette of "
            f"no more than {bar}; the sharpest division here reaches {reached} and is {sharper}"
            "sharper."
        )
    return said


def _rests_on(found: RespondentGroups) -> str:
    best = found.choice[found.choice["chosen"]].iloc[0]
    return (
        f"The sharpest cut of a sample is into {int(best['groups'])}. Over all who were grouped "
        f"its mean silhouette is {found.silhouette + 0.0:.3f}. What comes back was measured in "
        f"{found.rules.draws} resamples of the questions, with a mean Jaccard from "
        f"{cluster_validation.COMES_BACK:.2f}."
    )


def _taken(found: RespondentGroups, step: int) -> str:
    said = (
        f"{many(found.compared, 'respondent')} were grouped, {thousands(found.aside)} answered "
        f"fewer than {found.rules.addressed} questions; the number of groups rests on "
        f"{thousands(found.sampled)} of them, taken evenly by weight."
    )
    if step > 1:
        said += f" There are too many patterns to hold: one respondent in {step} stands for all."
    return said
