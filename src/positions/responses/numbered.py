"""CSV files of responses, record by record: which records hold, and in which line each begins.

The slow way through a file, taken only where the quick one found something amiss: strict UTF-8,
strict quoting, a field count per record. What it sets aside is listed with file and line.
"""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Callable, Iterator, Sequence

LONGEST = 1_000_000
"""Characters a field may have; a quotation mark that is never closed swallows the rest."""
FAULTS = ("file", "line", "reason", "column", "value")
_SHOWN = 200


def header(path: pathlib.Path) -> list[str]:
    """Return the names in the first line of a CSV file.

    Raises
    ------
    ValueError
        When there is none, or it is not UTF-8, or a name is empty or stands there twice.
    """
    try:
        with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
            names = next(csv.reader(handle, strict=True), [])
        if not all(map(_sound, names)):
            raise csv.Error("it is not UTF-8")
    except csv.Error as error:
        why = f"{path}:1: the header cannot be read: {error}; save it as UTF-8 CSV"
        raise ValueError(why) from None
    names = [name.strip() for name in names]
    if not any(names):
        raise ValueError(f"{path}:1: no header; the first line must name the columns")
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise ValueError(f"{path}:1: the columns must be separated by commas")
    for name in names:
        if names.count(name) > 1 or not name:
            raise ValueError(f"{path}:1: the column {name!r} is empty or stands there twice")
    return names


def records(
    path: pathlib.Path, width: int, read: Callable[[float], None]
) -> Iterator[tuple[int, list[str], str]]:
    """Yield each record below the header: its first line, its fields, and its fault.

    Blank lines are no records. A record that is damaged has one reason: `not UTF-8`, `quotes`
    or `field count`.

    Parameters
    ----------
    path
        A CSV file.
    width
        How many fields a record has.
    read
        Told how many lines more were read.
    """
    csv.field_size_limit(LONGEST)
    with open(path, encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        lines = csv.reader(handle, strict=True)
        next(lines)
        while True:
            begins = lines.line_num + 1
            try:
                fields, why = next(lines), ""
            except StopIteration:
                return
            except csv.Error as error:
                fields, why = [str(error)], "quotes"
            read(lines.line_num + 1 - begins)
            if not fields:
                continue
            if not why and not all(map(_sound, fields)):
                why = "not UTF-8"
            elif not why and len(fields) != width:
                why = "field count"
            yield begins, fields, why


def _sound(text: str) -> bool:
    """Tell whether a text was UTF-8: bytes that are not were read as lone surrogates."""
    return text.isascii() or not any("\ud800" <= mark <= "\udfff" for mark in text)


def copy(
    files: Sequence[pathlib.Path],
    columns: Sequence[str],
    folder: pathlib.Path,
    read: Callable[[float], None] = lambda lines: None,
) -> tuple[pathlib.Path, pathlib.Path, dict[str, int]]:
    """Copy the sound records of files with the place of each; list the others.

    Parameters
    ----------
    files
        CSV files with the same columns.
    columns
        These columns.
    folder
        Where the two files are written.

    Returns
    -------
    good, bad, reasons
        A CSV file with `_file` and `_line` before the columns; one with the columns `FAULTS`;
        and how many records each reason set aside.
    """
    good, bad = folder / "sound.csv", folder / "damaged.csv"
    reasons: dict[str, int] = {}
    with (
        open(good, "w", encoding="utf-8", newline="") as out,
        open(bad, "w", encoding="utf-8", newline="") as aside,
    ):
        sound, damaged = (csv.writer(h, lineterminator="\n") for h in (out, aside))
        sound.writerow(["_file", "_line", *columns])
        damaged.writerow(FAULTS)
        for path in files:
            for line, fields, why in records(path, len(columns), read):
                if not why:
                    sound.writerow([path.name, line, *fields])
                    continue
                reasons[why] = reasons.get(why, 0) + 1
                damaged.writerow([path.name, line, why, "", _shown(fields)])
    return good, bad, reasons


def _shown(fields: Sequence[str]) -> str:
    """Return the beginning of a damaged record; bytes that are no text as `?`."""
    text = ",".join(fields)[:_SHOWN]
    return text.encode("utf-8", "replace").decode("utf-8")
