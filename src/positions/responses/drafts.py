"""A map begun for the analyst: the columns and words of a file, with what is known filled in."""

from __future__ import annotations

import pathlib
from collections import Counter
from collections.abc import Mapping, Sequence

from positions.responses import layouts, mapping
from positions.responses.layouts import USES, Layout
from positions.responses.questions import SCALES, SILENT, Survey, folded
from positions.study import csv_cells

MOST_WORDS = 30
"""Different answers in a column from which it is taken for free text."""
LONGEST_WORD = 80
GUESSES = {
    "tend to agree": 1, "somewhat agree": 1, "slightly agree": 1, "mostly agree": 1,
    "tend to disagree": -1, "somewhat disagree": -1, "slightly disagree": -1,
    "mostly disagree": -1, "completely agree": 2, "completely disagree": -2,
    "strongly support": 2, "support": 1, "tend to support": 1, "somewhat support": 1,
    "oppose": -1, "tend to oppose": -1, "somewhat oppose": -1, "strongly oppose": -2,
    "unsure": 0, "undecided": 0, "neither support nor oppose": 0, "neither": 0,
    "no opinion": None, "not sure": None, "no answer": None,
}  # fmt: skip
"""Codes that `begun` proposes for words of no vocabulary; the analyst decides."""


def begun(
    path: pathlib.Path, layout: Layout, survey: Survey, known: Mapping[str, str] | None = None
) -> list[list[str]]:
    """Begin a map of a file: its columns and words, with what is known of them filled in.

    The use of each column, by its name, is `known`; by default, what names and titles say.

    Returns
    -------
    list
        The rows of `map.csv`, the header first.
    """
    if known is None:
        known = {layout.names[at]: use for use, at in mapping.uses_of(layout, survey, None).items()}
    rows = [list(mapping.COLUMNS)]
    for place, words in enumerate(counted_words(path, layout)):
        use = known.get(layout.names[place], "")
        rows.append([layout.names[place], layout.titles[place], use, "", "", ""])
        if words is not None and use not in (*USES, *survey.texts):
            rows += [
                [layout.names[place], "", "", word, proposed(word, use, survey), str(times)]
                for word, times in sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
            ]
    return rows


def counted_words(path: pathlib.Path, layout: Layout) -> list[Counter[str] | None]:
    """Count the answers in each column; None where they are no words to choose from."""
    found: list[Counter[str] | None] = [Counter() for _ in layout.names]
    for _, fields, fault in layouts.rows(path, layout):
        for place, text in enumerate(fields if not fault else ()):
            words, word = found[place], " ".join(text.split())
            if words is None or not word:
                continue
            words[word] += 1
            if len(words) > MOST_WORDS or len(word) > LONGEST_WORD:
                found[place] = None
    return found


def proposed(word: str, use: str, survey: Survey) -> str:
    """Propose the code of a word: by its question's vocabulary, else by plain English."""
    plain = folded(word)
    mine = next((q for q in survey.questions if q.question_id == use), None)
    if plain in SILENT:
        return mapping.SILENCE
    if mine is not None:
        try:
            code = mine.code(word)
        except KeyError:
            return _written(GUESSES.get(plain, ""))
        return _written(-code if mine.reversed and code else code)
    return _written(GUESSES.get(plain, SCALES["likert5"].get(plain, "")))


def _written(code: object) -> str:
    return mapping.SILENCE if code is None else str(code)


def write(path: pathlib.Path, rows: Sequence[Sequence[str]]) -> None:
    """Write a map as CSV, where there is none yet."""
    with open(path, "xb") as handle:
        handle.write(csv_cells.inert_csv(rows))
