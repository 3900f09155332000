"""One cell of a workbook: its text, and why it may not be what it shows.

A cell can hold a formula, a date or a number that looks like something else. What is not plain
text or a plain number is an error; what is struck through, or shows another number than it
holds, is a warning.
"""

from __future__ import annotations

import datetime as dt
import decimal
import re
from typing import Any

Finding = tuple[str, str, str]
"""Rule, what is wrong, and the fix."""
_DECIMALS = re.compile(r"[#0,]*0(?:\.(0+|0*#+))?")
"""A number format that shows digits and no more: `0`, `0.00`, `#,##0.0`."""


def text(value: object) -> str:
    """Return the text of a cell's value, with the line ends of a file."""
    return "" if value is None else str(value).replace("_x000D_\n", "\n").replace("\r\n", "\n")


FORMULA = ("formula-cell", "a formula, not a value", "paste it as a value")


def plain(cell: Any) -> str | None:
    """Return what a number or a day shows, where nothing is lost by taking it as text.

    Zeros in front may be lost all the same: only where a list of ids says so can that be told.
    """
    value = cell.value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float) or cell.data_type != "n":
        return None
    return None if _number_fault(cell, "number") or doubt(cell) else str(value)


def fault(cell: Any, kind: str) -> Finding | None:
    """Say why a cell is no plain text or number of its column.

    The `kind` of its column is `string`, `integer` or `number`.
    """
    value, held = cell.value, cell.data_type
    if held == "e":
        return "error-cell", "an error of the spreadsheet", "correct the cell"
    if isinstance(value, bool):
        return "boolean-cell", "TRUE or FALSE, not a value of the table", "type it as text"
    if held == "s":
        if re.search("_x(?!000D_\n)[0-9A-Fa-f]{4}_", str(value)):
            return "escaped-character", "a character that a workbook cannot hold", "delete it"
        return None
    if not isinstance(value, int | float):
        return (
            "date-cell", "a spreadsheet's date, not the text of one",
            "format the cell as text and type it as 2021-02-11",
        )  # fmt: skip
    return _number_fault(cell, kind)


def _number_fault(cell: Any, kind: str) -> Finding | None:
    value = cell.value
    if kind == "string":
        return (
            "number-cell", "a number where text belongs: zeros in front may be lost (007)",
            "format the column as text and type the value afresh",
        )  # fmt: skip
    if "%" in cell.number_format:
        return "percent-cell", "a percentage holds a hundredth of what it shows", "type the number"
    if isinstance(value, float) and len(repr(value).lstrip("-0.").replace(".", "")) > 15:
        return (
            "calculated-cell", f"{value!r} has more digits than can be typed",
            "type the number as published",
        )  # fmt: skip
    return None


def doubt(cell: Any) -> Finding | None:
    """Say what a reader of a number would not see: its format shows another one."""
    value, shape = cell.value, cell.number_format
    if isinstance(value, bool) or not isinstance(value, int | float) or shape in ("General", "@"):
        return None
    fix = "format the cell as General, and look at the number"
    plain = _DECIMALS.fullmatch(shape)
    if plain is None:
        return "number-format", f"the format {shape!r} may show another number than {value!r}", fix
    places = len(plain[1] or "")
    held = decimal.Decimal(repr(value))
    shown = held.quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP)
    if shown != held:
        return "number-format", f"the cell shows {shown} and holds {value!r}", fix
    return None


def struck(cell: Any) -> bool:
    """Say whether a cell, or some of its words, is struck through."""
    if cell.font is not None and cell.font.strike:
        return True
    runs = cell.value if isinstance(cell.value, list) else ()
    return any(run.font.strike for run in runs if hasattr(run, "font"))
