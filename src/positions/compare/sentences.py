"""The changes between two editions in words: names, movements, a summary in sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from positions import __version__ as software
from positions.compare import records as record_changes
from positions.compare.comparison import Comparison, moved
from positions.words import MISSING, listed, plural, some

NOTHING = "Nothing differs: both hold the same records, and every published number is the same."


def share(value: float) -> str:
    """Print a share as a percentage with one decimal.

    >>> share(0.9166667), share(0.125)
    ('91.7%', '12.5%')
    """
    return f"{round(100 * value, 9):.1f}%"


def points(difference: float) -> str:
    """Print a movement in percentage points, with as many decimals as it takes to show it.

    >>> points(-1 / 6), points(0.0002)
    ('-16.7', '+0.02')
    """
    for decimals in range(1, 7):
        printed = f"{round(100 * difference, 9):+.{decimals}f}"
        if float(printed):
            return printed
    return "0.0"


def was(old: object, new: object, form: Callable[[Any], str] = str) -> str:
    """Print the new value, with the old one in brackets where that was printed differently.

    >>> was(1, 2), was("a", "a")
    ('2 (was 1)', 'a')
    """
    before, after = ("" if pd.isna(value) else form(value) for value in (old, new))
    if before == after:
        return after or MISSING
    return f"{after or MISSING} ({f'was {before}' if before else 'new'})"


def names(found: Comparison, name: str, key: str, label: str) -> dict[str, str]:
    """Return the names of a table's rows by id: the new ones, else the old."""
    called: dict[str, str] = {}
    for edition in (found.old, found.new):
        rows = getattr(edition.study, name)
        called |= dict(zip(rows[key], rows[label], strict=True))
    return called


def bodies(found: Comparison) -> dict[str, str]:
    """Return the names of bodies by id."""
    return names(found, "bodies", "body_id", "name")


def propositions(found: Comparison) -> dict[str, str]:
    """Return the labels of propositions by id."""
    return names(found, "propositions", "proposition_id", "label")


def models(found: Comparison) -> list[tuple[str, str]]:
    """Return the models that both editions hold, the reference model first: id and label."""
    known = set(found.old.study.models["model_id"])
    listed_models = found.new.study.models.sort_values("model_id")
    pairs = zip(listed_models["model_id"], listed_models["label"], strict=True)
    ordered = sorted(pairs, key=lambda pair: pair[0] != found.model_id)
    return [(key, label) for key, label in ordered if key in known]


# --- sentences -----------------------------------------------------------------------------


def headline(found: Comparison) -> str:
    """Say in a sentence how many published numbers moved, are new and are gone."""
    counted = moved(found)
    said = (
        f"{plural(counted['moved'], 'published number')} moved"
        if counted["moved"]
        else "No published number moved"
    )
    more = [f"{counted[word]} {'is' if counted[word] == 1 else 'are'} {word}"
            for word in ("new", "gone") if counted[word]]  # fmt: skip
    return f"{listed([said, *more])}."


def summary(found: Comparison) -> list[str]:
    """Return the findings, the most important first; one sentence where nothing differs."""
    if found.same:
        return [NOTHING, software_note()]
    return [headline(found), agreement(found), *further(found)]


def further(found: Comparison) -> list[str]:
    """Return what follows the scores: verdicts, positions, records and their meaning."""
    said = [
        *verdicts(found), _positions(found), _records(found), *meanings(found), *_renamed(found),
        software_note(),
    ]  # fmt: skip
    return [sentence for sentence in said if sentence]


def agreement(found: Comparison) -> str:
    """Say for how many bodies agreement with the reference model moved, and for whom most."""
    model_id, rows = scores_moved(found)
    if model_id is None:
        return "The reference model is not in both, so no score can be compared with it."
    label = dict(models(found))[model_id]
    if rows.empty:
        return f"Agreement with “{label}” moved for no body."
    first, ranked = rows.iloc[0], int(rows["ranked"].sum())
    most = (
        f"{bodies(found)[first['body_id']]}, from {share(first['old'])} to {share(first['new'])} "
        f"({points(first['difference'])} points)"
    )
    if len(rows) == 1:
        return f"Agreement with “{label}” moved for one body: {most}."
    among = f"{ranked or 'none'} of them ranked"
    return (
        f"Agreement with “{label}” moved for {len(rows)} bodies, {among}; most"
        f"{' among these' if ranked and ranked < len(rows) else ''} for {most}."
    )


def scores_moved(found: Comparison) -> tuple[str | None, pd.DataFrame]:
    """Return the reference model, if both editions hold it, and the scores that moved.

    The ranked come first, and of them who moved most.
    """
    model_id, standings = found.model_id, found.after.standings
    if model_id not in dict(models(found)):
        return None, found.numbers.head(0)
    rows = agreements_moved(found, model_id)
    among = standings[(standings["model_id"] == model_id) & (standings["standing"] == "ranked")]
    rows = rows.assign(ranked=rows["body_id"].isin(among["body_id"]), size=rows["difference"].abs())
    order = ["ranked", "size", "body_id"]
    return model_id, rows.sort_values(order, ascending=[False, False, True], ignore_index=True)


def agreements_moved(found: Comparison, model_id: str) -> pd.DataFrame:
    """Return the rows of `numbers` with the scores against a model that moved."""
    numbers = found.numbers
    return numbers[
        (numbers["number"] == "agreement")
        & (numbers["model_id"] == model_id)
        & (numbers["change"] == "moved")
    ]


def verdicts(found: Comparison) -> list[str]:
    """Say which standings against the reference model, groups and claims changed."""
    model_id = found.model_id
    changed = found.standings[found.standings["model_id"] == model_id]
    said = [
        f"{bodies(found)[row['body_id']]}: {row['new']} now, {row['old']} before."
        for row in changed.to_dict("records")
    ]
    verdict = found.grouping[found.grouping["what"] == "verdict"]
    said += [f"Verdict on groups: {new} now, {old} before." for old, new in
             zip(verdict["old"], verdict["new"], strict=True)]  # fmt: skip
    if len(found.grouping) > len(verdict):
        said.append("The groups that are reported are not the same.")
    return said + _claims(found.claims)


def _claims(rows: pd.DataFrame) -> list[str]:
    """Say each claim that turned; count those that are new or gone."""
    turned = rows[(rows["old"] != "") & (rows["new"] != "")]
    said = [
        f"Claim “{wording}”: {new} now, {old} before."
        for wording, old, new in zip(turned["wording"], turned["old"], turned["new"], strict=True)
    ]
    made, dropped = rows[rows["old"] == ""], rows[rows["new"] == ""]
    if len(made):
        hold = int((made["new"] == "holds").sum())
        said.append(f"New claims: {len(made)}; holding by default: {hold}.")
    if len(dropped):
        said.append(f"Claims no longer made: {len(dropped)}.")
    return said


def _positions(found: Comparison) -> str:
    if found.positions.empty:
        return "No position changed."
    counted = found.positions["change"].value_counts()
    said = [f"{counted[word]} {word}" for word in sorted(counted.index)]
    return f"{plural(len(found.positions), 'position')} changed: {listed(said)}."


def _records(found: Comparison) -> str:
    if found.records.empty:
        return "The records are the same."
    said = [f"{title(table).lower()} {words}" for table, words in counted_records(found).items()]
    return f"Records: {'; '.join(said)}."


def counted_records(found: Comparison) -> dict[str, str]:
    """Say by table how many records were added, taken out and changed."""
    order = (record_changes.ADDED, record_changes.REMOVED, record_changes.CHANGED)
    return {
        row["table"]: ", ".join(f"{row[word]} {word}" for word in order if row[word])
        for row in record_changes.counts(found.records).to_dict("records")
    }


def title(table: str) -> str:
    """Print the name of a study's table as a heading.

    >>> title("model_positions")
    'Model positions'
    """
    return table.replace("_", " ").capitalize()


def meanings(found: Comparison) -> list[str]:
    """Say what changes alter the measure itself, a sentence for each kind."""
    marked = record_changes.meanings(found.records)
    said = []
    for (opening, consequence), rows in marked.groupby(["opening", "consequence"], sort=False):
        said.append(f"{opening}: {some([*dict.fromkeys(rows['key'])])}. {consequence}")
    return said


def _renamed(found: Comparison) -> list[str]:
    return [
        f"In {title(table).lower()} “{old}” was taken out and “{new}” added, alike in all but "
        "the id: if it was renamed, every link to it and every number under it is new."
        for table, old, new in found.renamed.itertuples(index=False, name=None)
    ]


def software_note() -> str:
    """Say what a comparison cannot see."""
    return (
        f"Both sides were computed with positions {software}: what a change of the software moved "
        "does not show here."
    )
