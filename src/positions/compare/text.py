"""A comparison of two editions as plain text for a terminal, and as lines for a changelog."""

from __future__ import annotations

import re

import pandas as pd

from positions.compare import records as record_changes
from positions.compare.comparison import Comparison
from positions.compare.sentences import (
    NOTHING,
    agreements_moved,
    bodies,
    further,
    headline,
    models,
    points,
    scores_moved,
    share,
    summary,
    title,
)
from positions.compare.tables import EMPTY, numbers, parts, positions
from positions.present.display import Table
from positions.study.unicode_checks import visible
from positions.words import some

_CELL, _VALUE, _SHORT, _WHOLE = 48, 400, 40, 1_000_000
"""Characters that are printed of a cell, of a value on a line of its own, and of one that has
another beside it; a sentence is printed whole."""


def as_text(found: Comparison) -> str:
    """Write the comparison for people: a summary, then numbers, positions and records.

    What shows nothing is printed as U+XXXX, and long values are cut in the middle: the whole of
    each stands in the JSON form.
    """
    old, new = (visible(edition.label, _VALUE) for edition in (found.old, found.new))
    blocks = [f"From {old} to {new}:", *(f"- {visible(line, _WHOLE)}" for line in summary(found))]
    for each in (*numbers(found), positions(found)):
        if len(each.data):
            blocks += ["", _plain(each)]
    return "\n".join([*blocks, *_records(found.records)])


def _plain(shown: Table) -> str:
    """Lay a table out in columns as wide as their widest cell."""
    rows = [list(shown.headings.values()), *shown.cells()]
    rows = [[*(visible(cell, _CELL) for cell in row), visible(last, _VALUE)] for *row, last in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    rule = "  ".join("-" * min(width, _CELL) for width in widths)
    note = [shown.note] if shown.note else []
    return "\n".join([visible(shown.caption, _VALUE), lines[0], rule, *lines[1:], *note])


def _records(rows: pd.DataFrame) -> list[str]:
    """List every record that differs, table by table, with what differs in it."""
    lines: list[str] = []
    table = None
    for (name, key, change), cells in rows.groupby(["table", "key", "change"], sort=False):
        if name != table:
            lines += ["", f"{title(name)}:"]
            table = name
        lines.append(f"  {change} {visible(key, _VALUE)}")
        for cell in cells.itertuples(index=False):
            lines += _cell(cell.column, cell.old, cell.new, change)
    return lines


def _cell(column: str, old: str, new: str, change: str) -> list[str]:
    was, now = visible(old, _VALUE), visible(new, _VALUE)
    if change != record_changes.CHANGED:
        return [f"    {column}: {now or was}"]
    if max(len(was), len(now)) <= _SHORT:
        return [f"    {column}: {was or EMPTY} -> {now or EMPTY}"]
    return [f"    {column}:", f"      - {was or EMPTY}", f"      + {now or EMPTY}"]


# --- for a changelog -----------------------------------------------------------------------


def as_markdown(found: Comparison) -> str:
    """Write lines for a changelog: which published numbers moved, and why.

    One line per body whose agreement with the reference model moved, with what moved it; one per
    other model; then the sentences of the summary. Every string of the study is escaped.
    """
    if found.same:
        return f"- {escaped(NOTHING)}"
    lines = [escaped(headline(found)), *_scores(found), *_other_models(found)]
    return "\n".join(f"- {line}" for line in [*lines, *map(escaped, further(found))])


def escaped(text: str) -> str:
    r"""Escape a text so that Markdown prints it as it stands.

    >>> escaped("[a](b) <c> *d*")
    '\\[a\\](b) \\<c\\> \\*d\\*'
    """
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(visible(text, _WHOLE).split()))


def _scores(found: Comparison) -> list[str]:
    model_id, rows = scores_moved(found)
    if model_id is None:
        return [escaped("The reference model is not in both, so no score can be compared.")]
    label = dict(models(found))[model_id]
    made = parts(found).data
    lines = []
    for row in rows.to_dict("records"):
        mine = made[(made["body_id"] == row["body_id"]) & (made["model_id"] == model_id)]
        why = some([f"“{each['Proposition']}” {each['Points']} ({each['What changed']}; "
                    f"{each['Why']})" for each in mine.to_dict("records")])  # fmt: skip
        lines.append(escaped(
            f"{bodies(found)[row['body_id']]}, agreement with “{label}”: {share(row['old'])} to "
            f"{share(row['new'])} ({points(row['difference'])} points)"
        ) + f": {escaped(why)}.")  # fmt: skip
    return lines or [escaped(f"Agreement with “{label}” moved for no body.")]


def _other_models(found: Comparison) -> list[str]:
    lines = []
    for model_id, label in models(found)[1:]:
        rows = agreements_moved(found, model_id)
        if len(rows):
            each = [f"{bodies(found)[body]} {points(by)}" for body, by in
                    zip(rows["body_id"], rows["difference"], strict=True)]  # fmt: skip
            lines.append(escaped(f"Agreement with “{label}”, in points: {some(each)}."))
    return lines
