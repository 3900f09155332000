"""A study begun from the file of a survey: its questions, the answers, and a map to fill in."""

from __future__ import annotations

import pathlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from positions.responses import drafts, layouts, mapping, questions, study_files
from positions.responses.backend import NotResponses
from positions.responses.layouts import Layout
from positions.responses.questions import SCALES, SILENT, folded
from positions.study import csv_cells, schema

MAP = mapping.FILE
LABEL, SLUG = 30, 40
"""Characters of a label, and of an id that is made from a question."""
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,19}")
_NUMBERS = frozenset("1234567")
"""Answers that may be steps of a scale: what each stands for, only the analyst can say."""
_METADATA = frozenset({
    "startdate", "enddate", "status", "ipaddress", "progress", "duration (in seconds)", "finished",
    "recordeddate", "distributionchannel", "userlanguage", "locationlatitude",
    "locationlongitude", "collector id", "date created", "date modified", "ip address",
    "submitdate", "lastpage", "startlanguage", "seed", "last page", "start language", "timestamp",
    "start time", "completion time", "email", "email address", "name", "last modified time",
})  # fmt: skip
"""Columns that survey programs write of their own, and that ask nothing."""


def tables(path: pathlib.Path) -> dict[str, bytes]:
    """Return the files of a study of one survey, beside those that every study has.

    A column is a question where most of its answers are words of a vocabulary, or steps of a
    scale. Each question is a proposition of its own, to be reworded. Free text is left out, since
    it may hold names and addresses.

    Parameters
    ----------
    path
        An export of a survey program, CSV or `.xlsx`.

    Returns
    -------
    dict
        By path in the study: `propositions.csv`, `questions.csv`, the answers as they are, and
        `responses/map.csv`.

    Raises
    ------
    NotResponses
        When the file cannot be read, or has no column that may be a question.
    """
    layout = layouts.find_layout(path)
    found = _questions(layout, drafts.counted_words(path, layout))
    if not found:
        raise NotResponses(
            f"{path}: no column has answers such as agree, yes or 1 to 5: its columns are "
            f"{', '.join(layout.names[:20])}"
        )
    uses = {**layout.uses, **{row["column"]: row["question_id"] for row in found}}
    survey = questions.survey(pd.DataFrame(found).assign(reversed=""))
    name = path.name if path.name.casefold() != MAP else "answers.csv"
    header, *rows = drafts.begun(path, layout, survey, uses)
    return {
        "propositions.csv": _table("propositions", found),
        "questions.csv": _table("questions", found),
        f"{study_files.FOLDER}/{MAP}": csv_cells.inert_csv(
            [header, *(row for row in rows if row[0] in uses or not row[3])]
        ),
        f"{study_files.FOLDER}/{name}": path.read_bytes(),
    }


def _questions(layout: Layout, words: Sequence[Counter[str] | None]) -> list[dict[str, str]]:
    """Describe each column that may be a question, as rows of the study's tables."""
    found: list[dict[str, str]] = []
    for place, given in enumerate(words):
        name, asked = layout.names[place], layout.titles[place]
        if given is None or name in layout.uses or folded(name) in _METADATA:
            continue
        vocabulary = _vocabulary(given)
        if vocabulary:
            number = len(found) + 1
            taken = {row["proposition_id"] for row in found}
            found.append({
                "column": name, "question_id": name if _ID.fullmatch(name) else f"Q{number}",
                "question": asked, "answers": vocabulary, "theme": "survey", "kind": "design",
                "proposition_id": _slug(asked, taken), "statement": asked,
                "label": asked if len(asked) <= LABEL else f"{asked[: LABEL - 1].rstrip()}\u2026",
            })  # fmt: skip
    return found


def _vocabulary(words: Counter[str]) -> str:
    """Return the vocabulary that most of the answers are of; empty where they are of none."""
    given = {folded(word): times for word, times in words.items() if folded(word) not in SILENT}
    if not given:
        return ""
    if given.keys() <= _NUMBERS:
        return "likert5" if len(given) > 1 else ""
    known = {name: sum(given[word] for word in given if word in SCALES[name]) for name in SCALES}
    best = max(known, key=lambda name: (known[name], name == "likert5"))
    guessed = sum(times for word, times in given.items() if word in drafts.GUESSES)
    if known[best] == sum(given.values()):
        return best
    return "likert5" if 2 * (known["likert5"] + guessed) > sum(given.values()) else ""


def _slug(text: str, taken: set[str]) -> str:
    """Make an id of a question's words that no other has."""
    words = "-".join(re.findall(r"[a-z0-9]+", text.casefold()))[:SLUG].strip("-") or "question"
    number, found = 1, words
    while found in taken:
        number += 1
        found = f"{words}-{number}"
    return found


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> bytes:
    columns = schema.contract()[name].column_names
    return csv_cells.as_csv(
        [columns, *([row.get(column, "") for column in columns] for row in rows)]
    )
