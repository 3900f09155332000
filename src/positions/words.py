"""Numbers and lists in words: the vocabulary that tables, sentences and pages share."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pandas as pd

MISSING = "[x]"
"""What stands where nothing was said. Never zero, never blank."""


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


def signed(stance: float) -> str:
    """Print a stance or position with its sign: +2, -1, 0, +0.5.

    >>> [signed(s) for s in (2, 0, -1, 0.5)]
    ['+2', '0', '-1', '+0.5']
    """
    return f"{stance:+g}" if stance else "0"
