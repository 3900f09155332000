"""One cell: the rule of its column, the value it holds, or why it holds none.

Text stays text: nothing is guessed, trimmed or turned into another type. Ids alone are put into
one Unicode form (NFC), so that the same name typed twice is the same name.
"""

from __future__ import annotations

import calendar
import dataclasses
import datetime as dt
import difflib
import functools
import re
import unicodedata

from positions.study import unicode_checks


@dataclasses.dataclass(frozen=True)
class Column:
    """One column of a table and the rule its cells must keep."""

    name: str
    type: str
    required: bool = False
    enum: tuple[str, ...] = ()
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    description: str = ""

    @functools.cached_property
    def is_id(self) -> bool:
        """Whether the cells name something: ids are compared exactly, after NFC."""
        return self.name.endswith("_id") or self.name in ("coder", "follows")

    @functools.cached_property
    def is_date(self) -> bool:
        """Whether the cells are dates: ISO day, month, year or interval."""
        return self.name in ("published", "proposed")

    @functools.cached_property
    def is_label(self) -> bool:
        """Whether the cells are names or codes: white space around them is a fault."""
        return (
            self.is_id
            or self.is_date
            or bool(self.enum)
            or self.name in ("name", "kind", "theme", "label", "title", "publisher", "statement")
        )


@dataclasses.dataclass(frozen=True)
class Fault:
    """Why a cell does not keep its column's rule, and what to write instead."""

    rule: str
    message: str
    fix: str


def cell(text: str, column: Column) -> str | int | float | Fault | None:
    """Return a cell's value in its column's type; a `Fault` where it breaks the column's rule.

    An empty cell of an optional column is "" in text columns and None in number columns.
    """
    if text == "":
        if column.required:
            return Fault("required", "the cell is empty", f"write the {column.name}")
        return "" if column.type == "string" else None
    if found := unicode_checks.damage(text):
        return Fault(*found)
    return _number(text, column) if column.type in _NUMBERS else _string(text, column)


# --- numbers -------------------------------------------------------------------------------

_NOTHING = ("na", "n/a", "n.a.", "nan", "none", "null", "nil", "-", "–", "?", "tbc", "x", "[x]")  # noqa: RUF001


_NUMBERS = {
    "integer": (re.compile("0|[+-]?[1-9][0-9]{0,17}"), int, "not a whole number"),
    "number": (re.compile(r"[+-]?(0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?"), float, "not a number"),
}


def _number(text: str, column: Column) -> int | float | Fault:
    form, kind, wrong = _NUMBERS[column.type]
    if form.fullmatch(text):
        return _ranged(kind(text), column)
    return Fault(column.type, wrong, _number_fix(text, column))


def _number_fix(text: str, column: Column) -> str:
    """Say which plain number to write, where one can be told that the column takes."""
    if text.strip().casefold() in _NOTHING:
        return "silence has no row: delete the row" if column.required else "leave the cell empty"
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("–", "-")  # noqa: RUF001
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    number, words = _number_meant(plain, column)
    if number and number != text:
        fault = _ranged(float(number), column)
        return fault.fix if isinstance(fault, Fault) else f"write {number}{words}"
    return "write it in plain digits: no words, thousands marks, exponents or units"


def _number_meant(plain: str, column: Column) -> tuple[str, str]:
    """Return the number that digits and signs stand for, and what was wrong; "" if none is."""
    if column.type == "number" and re.fullmatch(r"[+-]?\d+,\d+", plain):
        return plain.replace(",", "."), " (a point, no comma)"
    if re.fullmatch(r"[+-]?\d+\.0*", plain):
        return _bare(plain.split(".")[0]), ""
    if re.fullmatch(r"[+-]?\d+(\.\d+)?%", plain):
        return _bare(plain[:-1]), ""
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain) and len(plain) < 19:
        return _bare(plain), " in plain digits, without spaces or zeros in front"
    return "", ""


def _bare(number: str) -> str:
    """Return a number without zeros in front, and without a sign before zero."""
    sign, digits = re.fullmatch(r"([+-]?)0*(\d.*)", number).groups()  # type: ignore[union-attr]
    return str(digits) if float(digits) == 0 else f"{sign}{digits}"


def _ranged(value: int | float, column: Column) -> int | float | Fault:
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"from {low} to {high}"
        if low is None or high is None:
            bounds = f"at least {low}" if high is None else f"at most {high}"
        return Fault("range", "out of range", f"write a number {bounds}")
    return value


# --- text ----------------------------------------------------------------------------------

# A line inside a cell that looks like a row: a first field that is one word and no number, then
# commas with no space after them. Prose puts a space there.
_ROW = re.compile(r"\n[^\s,]*[^\W\d][^\s,]*,(?!\s)[^,\n]*,(?!\s)")
SWALLOWED = Fault(
    "swallowed-rows",
    "the cell holds what looks like further rows (an unclosed quotation mark?)",
    "close the quotation mark where the cell ends; in prose, put a space after a comma",
)
_SPREADSHEET = re.compile(
    r"\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(-\d\d(\d\d)?)?"
    r"|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d\d"
    r"|\d(\.\d+)?E[+-]\d{2,3}|#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)"
)
_NOT_IN_ADDRESS = re.compile(r'[/\\:*?"<>|#%]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE | re.ASCII)
"""Names that Windows keeps for devices: no file there can have one, whatever its ending."""
LONGEST_ID = 100
"""Characters an id may have: it becomes a file name and part of page addresses."""


def _string(text: str, column: Column) -> str | Fault:
    if unicode_checks.is_blank(text):
        what = unicode_checks.named(text.replace(" ", "")) or "white space"
        return Fault("required", f"the cell shows nothing ({what})", "empty it, or write a value")
    if column.is_label and text != text.strip():
        return Fault("white-space", "white space around the value", f"write {text.strip()!r}")
    if _ROW.search(text):
        return SWALLOWED
    if column.is_id or column.enum or column.is_date:
        fault = _code(text, column)
        if fault:
            return fault
    if column.pattern and not re.fullmatch(column.pattern, text):
        return Fault("pattern", f"not of the form {column.pattern}", column.description)
    return unicodedata.normalize("NFC", text) if column.is_id else text


def holds_rows(text: str, width: int) -> bool:
    r"""Say whether a line of a cell has the fields of a whole row, with no space after a comma.

    >>> holds_rows("open\n2 b,Second,council,more", 4), holds_rows("of\n1,234,567 people", 3)
    (True, False)
    """
    lines = re.sub(r"\d{1,3}(,\d{3})+(?!\d)", "0", text).split("\n")[1:]
    return width > 2 and any(
        line.count(",") == width - 1 and not re.search(r",\s", line) for line in lines
    )


def _code(text: str, column: Column) -> Fault | None:
    """Say what is wrong with an id, a code of a list or a date; None if nothing is."""
    if hidden := unicode_checks.hidden(text):
        what = f"{unicode_checks.named(hidden)}: invisible in {column.name}"
        return Fault("hidden-character", what, "type the value afresh")
    if column.enum and text not in column.enum:
        near = difflib.get_close_matches(text.casefold(), column.enum, 1, 0.7)
        first = f"write {near[0]}; " if near else ""
        return Fault(
            "enum", "not one of the codes", f"{first}the codes are: {', '.join(column.enum)}"
        )
    if column.is_date:
        found = dates(text)
        return found if isinstance(found, Fault) else None
    return _id(text, column) if column.is_id else None


def _id(text: str, column: Column) -> Fault | None:
    """Say what is wrong with an id: it must be told apart, and stand in a file name."""
    if scripts := unicode_checks.mixed_scripts(text):
        return Fault(
            "mixed-scripts",
            f"letters of {' and '.join(scripts)} that look alike, in one id",
            "type the id afresh, in one script",
        )
    if "\ufffd" in text:
        return Fault("replacement-character", "U+FFFD: a character was lost", "type the id afresh")
    if _SPREADSHEET.fullmatch(text):
        return Fault(
            "spreadsheet-value", "a spreadsheet made a date, number or error of this id",
            "type the id afresh, in a column formatted as text",
        )  # fmt: skip
    if column.name == "coder":
        return None
    if found := _NOT_IN_ADDRESS.findall(text):
        what = f"{' '.join(sorted(set(found)))} cannot stand in an id"
    elif text.startswith("."):
        what = "an id cannot begin with a point"
    elif _DEVICE.fullmatch(text):
        what = "a name that Windows keeps for a device"
    elif len(text) > LONGEST_ID:
        what = f"an id of {len(text)} characters; at most {LONGEST_ID}"
    else:
        return None
    return Fault(
        "id-form", what, "ids become file names and page addresses: use letters, digits, -"
    )


# --- dates ---------------------------------------------------------------------------------

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
YEARS = (1800, 2199)
"""The years a document may be of: 0021 and 2921 are slips of the key."""


def dates(text: str) -> tuple[dt.date, dt.date] | Fault:
    """Return the first and the last day that an ISO date, month, year or interval can mean.

    >>> dates("2021-02")
    (datetime.date(2021, 2, 1), datetime.date(2021, 2, 28))
    """
    ends = text.split("/")
    spans = [span for span in map(_span, ends) if span]
    if len(ends) > 2 or len(spans) < len(ends):
        return Fault(
            "date",
            "not a date in ISO form",
            "write 2021-02-11, 2021-02, 2021 or an interval 2020-11-26/2021-01-08"
            + (" (the number looks like a spreadsheet's date)" if text.isdigit() else ""),
        )
    first, last = spans[0], spans[-1]
    if first[0] > last[1]:
        return Fault("date", "the interval ends before it begins", "swap its two ends")
    if first[0].year < YEARS[0] or last[1].year > YEARS[1]:
        return Fault("date", f"a year outside {YEARS[0]}-{YEARS[1]}", "correct the year")
    return first[0], last[1]


def _span(text: str) -> tuple[dt.date, dt.date] | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return dt.date(year, 1, 1), dt.date(year, 12, 31)
        if day is None:
            days = calendar.monthrange(year, month)[1]
            return dt.date(year, month, 1), dt.date(year, month, days)
        return dt.date(year, month, day), dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None
