"""Numbers, lists and scores in words: the vocabulary that tables, sentences and pages share."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

__all__ = [
    "BLANKS", "attainment", "cut", "dated", "degree", "degrees", "listed", "mark", "marks",
    "percent", "plural", "shift", "short", "signed", "some", "told_apart",
]  # fmt: skip

MISSING = "[x]"
"""What stands where nothing was said. Never zero, never blank."""
UNSEEN = "[u]"
"""What stands where nothing was found in the part of the texts that was seen: not silence."""
BLANKS = {
    "silent": MISSING, "not seen": UNSEEN, "reported only": "[o]", "could not": "[z]",
}  # fmt: skip
"""The four kinds of blank, and how each is printed: see `measures.blanks`."""
DEGREES = (
    (0.80, "agrees on most of it"),
    (0.60, "agrees more than it disagrees"),
    (0.40, "is divided on it"),
    (0.20, "disagrees more than it agrees"),
    (0.00, "disagrees with most of it"),
)
"""The vocabulary of agreement: from each share upwards, the words."""
_BASIS = {"stated": "", "implied": "i", "reported": "r"}


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = words or [""]
    return f"{', '.join(most)} and {last}" if most else last


def some(words: Sequence[str], most: int = 6) -> str:
    """Join words as a sentence does; of many, the first and how many others.

    >>> some(["a", "b", "c"], 2)
    'a, b and 1 other'
    """
    known = list(words)
    if len(known) <= most:
        return listed(known)
    return f"{', '.join(known[:most])} and {plural(len(known) - most, 'other')}"


def short(name: str, most: int = 36) -> str:
    """Cut a long name for a title, between words where it can be.

    >>> short("Local Government Association"), short("Local Government Association", 20)
    ('Local Government Association', 'Local Government…')
    """
    cut = textwrap.shorten(name, most, placeholder="…")
    return cut if cut != "…" else f"{name[: most - 1]}…"


def plural(number: int, noun: str) -> str:
    """Count a noun.

    >>> plural(1, "body"), plural(2, "body")
    ('1 body', '2 bodies')
    """
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{number} {noun}"


def percent(share: float) -> str:
    """Print a share as a whole percentage, halves to the even; missing is `[x]`.

    >>> percent(0.659), percent(23 / 40), percent(float("nan"))
    ('66%', '58%', '[x]')
    """
    # 100 * 0.575 is 57.49999999999999: rounded first, lest a half be taken for less.
    return MISSING if pd.isna(share) else f"{round(100 * share, 9):.0f}%"


def cut(number: float) -> str:
    """Print three decimals, cut off: what is below a threshold never seems to have reached it.

    >>> cut(0.7499999), cut(0.75), cut(float("nan"))
    ('0.749', '0.750', '[x]')
    """
    if pd.isna(number):
        return MISSING
    # 0.29 * 1000 is 289.99999999999994: raised by less than a decimal that is kept.
    return f"{math.floor(round(number, 9) * 1000 + 1e-6) / 1000:.3f}"


def told_apart(one: float, two: float) -> tuple[str, str]:
    """Print two numbers with three decimals, or with as many as tell them apart.

    >>> told_apart(0.5, 0.25), told_apart(0.50004, 0.5)
    (('0.500', '0.250'), ('0.50004', '0.50000'))
    """
    for decimals in range(3, 10):
        printed = (f"{one + 0.0:.{decimals}f}", f"{two + 0.0:.{decimals}f}")
        if printed[0] != printed[1] or one == two:
            return printed
    return printed


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def dated(iso: str) -> str:
    """Print an ISO date, month, year or interval as people write it, in any locale.

    >>> dated("2021-02-11"), dated("2021-02"), dated("2021"), dated("2020-11-26/2021-01-08")
    ('11 February 2021', 'February 2021', '2021', '26 November 2020 to 8 January 2021')
    """
    ends = []
    for end in iso.split("/"):
        year, *rest = end.split("-")
        month = [_MONTHS[int(rest[0]) - 1]] if rest else []
        ends.append(" ".join([*(str(int(day)) for day in rest[1:]), *month, year]))
    return " to ".join(ends)


def signed(stance: float) -> str:
    """Print a stance or position with its sign, to one decimal: +2, -1, 0, +0.5.

    >>> [signed(s) for s in (2, 0, -1, 0.5)]
    ['+2', '0', '-1', '+0.5']
    """
    return f"{round(stance, 1):+g}" if round(stance, 1) else "0"


def shift(value: float) -> str:
    """Print an attainment: signed, to two decimals.

    >>> [shift(a) for a in (0.25, -1, 0.001)]
    ['+0.25', '-1.00', '0.00']
    """
    return f"{value:+.2f}" if round(value, 2) else "0.00"


def attainment(body: Mapping[Any, Any]) -> str:
    """Say how much nearer to a body's positions things ended, on what base, within which bounds.

    Parameters
    ----------
    body
        A row of `Analysis.attainment`.

    Examples
    --------
    >>> attainment({"name": "The League", "spoke": 0, "of": 3})
    'The League spoke on none of the 3 points that moved.'
    """
    points = plural(int(body["of"]), "point")
    if not body["of"]:
        return "On no point is it known that anything moved."
    if not body["spoke"]:
        return f"{body['name']} spoke on none of the {points} that moved."
    level = int(body["spoke"] - body["nearer"] - body["further"])
    rest = f"; on {level} it is as near as before" if level else ""
    ends = f"; {shift(body['lower'])} to {shift(body['upper'])} whatever it might have said on the "
    return (
        f"{body['name']} spoke on {body['spoke']} of {points} that moved: things ended nearer to "
        f"its position on {body['nearer']} and further from it on {body['further']}{rest}. "
        f"Attainment {shift(body['attainment'])}"
        f"{ends + 'others' if body['spoke'] < body['of'] else ''}."
    )


def degree(share: float) -> str:
    """Say how far a body agrees, in the published words for its score.

    >>> degree(0.66), degree(0.05), degree(float("nan"))
    ('agrees more than it disagrees', 'disagrees with most of it', 'has no score')
    """
    if pd.isna(share):
        return "has no score"
    return next(words for least, words in DEGREES if round(share, 9) >= least)


def degrees() -> str:
    """Say from which score on `degree` uses which words.

    >>> degrees()[:43]
    'Words used: from 80% “agrees on most of it”'
    """
    each = "; ".join(f"from {least:.0%} “{words}”" for least, words in DEGREES)
    return f"Words used: {each}."


def mark(position: float, basis: str, flagged: str) -> str:
    """Print a position with its sign, its kind of evidence, and a star where sources differ.

    >>> mark(2.0, "reported", ""), mark(-0.5, "stated", "mixed")
    ('+2r', '-0.5*')
    """
    return f"{signed(position)}{_BASIS[basis]}{'*' if flagged else ''}"


def marks(cells: pd.DataFrame) -> pd.Series:
    """Print the position of each cell of a table, or what stands in its place.

    Parameters
    ----------
    cells
        One row per cell: `position` (missing where none was found), `basis`, `flagged`; and
        `blank`, the kind of blank of each cell without a position.

    Returns
    -------
    Series
        Text with the index of `cells`: such as `+2` (own words), `-1i` (implied by them), `+1r`
        (reported by others), `+0.5*` (sources differ: their mean), `[x]` (silent), `[u]` (not in
        the part seen), `[o]` (only reported by others) or `[z]` (could not speak of it yet).

    Examples
    --------
    >>> columns = ["position", "basis", "flagged", "blank"]
    >>> rows = [(2, "implied", "", ""), (None,) * 3 + ("silent",), (None,) * 3 + ("not seen",)]
    >>> marks(pd.DataFrame(rows, columns=columns)).tolist()
    ['+2i', '[x]', '[u]']
    """
    empty = pd.Series(MISSING, index=cells.index, dtype="str")
    if "blank" in cells:
        empty[:] = cells["blank"].map(BLANKS).fillna(MISSING)
    found = cells["position"].notna()
    columns = (cells.loc[found, name] for name in ("position", "basis", "flagged"))
    empty[found] = [mark(*cell) for cell in zip(*columns, strict=True)]
    return empty
