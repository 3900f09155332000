"""Plain text and Markdown: stored as they are, byte for byte, once they are strict UTF-8."""

from __future__ import annotations

import re

from positions.reading.extracts import Extract, NotRead
from positions.study.csv_reader import ReadLimits
from positions.words import plural

_GUESSES = ("windows-1252", "mac-roman")
_MARKS = {b"\xff\xfe\x00\x00": "utf-32", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DAMAGE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_PICTURES = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")


def extract(raw: bytes, limits: ReadLimits, encoding: str = "") -> Extract:
    """Take a text as it is; a byte-order mark in front of it goes."""
    text = decoded(raw, encoding).removeprefix("\ufeff")
    if found := _DAMAGE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise NotRead(f"line {line} holds U+{ord(found.group()):04X}, a control character: it is "
                      "no text, or damaged")  # fmt: skip
    lost = []
    if number := len(_PICTURES.findall(text)):
        lost.append(f"{plural(number, 'picture')} not in the text")
    if encoding:
        lost.append(f"converted from {encoding} to UTF-8")
    return Extract(text, "text", lost=tuple(lost))


def decoded(raw: bytes, encoding: str = "") -> str:
    r"""Decode bytes strictly.

    Raises
    ------
    NotRead
        When they are not UTF-8, or not what was said; it names an encoding that they may be in.

    >>> decoded(b"caf\xc3\xa9")
    'café'
    """
    named = encoding or "utf-8"
    try:
        return raw.decode(named)
    except LookupError:
        raise NotRead(
            f"no encoding is called {encoding!r}; write one such as windows-1252"
        ) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"line {line} is not {named.upper()} (byte 0x{raw[error.start]:02x})"
    except UnicodeError as error:
        what = f"it is not {named} ({error})"
    if encoding:
        raise NotRead(f"{what}; name the encoding that it is in")
    raise NotRead(f"{what}; save it as UTF-8, or convert it with --encoding {_guess(raw)}")


def _guess(raw: bytes) -> str:
    """Name the encoding that bytes which are no UTF-8 are most likely in."""
    for mark, name in _MARKS.items():
        if raw.startswith(mark):
            return name
    if raw[:1000].count(0) * 4 > len(raw[:1000]):
        return "utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"
    for name in _GUESSES:
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "NAME"
