"""Find characters that damage a table, that show nothing, or that only look like others.

Two bodies whose ids look the same would be counted apart, and a character that shows nothing
cannot be corrected by someone who does not see it. So both are named, as U+XXXX.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that show nothing although Unicode files them under letters, marks or symbols:
# fillers, joiners, variation selectors and the blank Braille cell.
_BLANKS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_DAMAGE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufeff\\ud800-\\udfff\\ufdd0-\\ufdef]"
    + "|["
    + "".join(f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17))
    + "]"
)
_BYTES = range(0xDC80, 0xDD00)
"""Code points that stand for bytes that are no UTF-8 (Python's `surrogateescape`)."""

Finding = tuple[str, str, str]
"""Rule, what is wrong, and the fix."""

_DOUBTS = (
    (
        re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
        "bidirectional",
        "characters that change the direction of reading",
        "delete them, unless the text is written from right to left",
    ),
    (
        re.compile("\ufffd"),
        "replacement-character",
        "a character that was lost when the text was converted",
        "copy the text again from its source",
    ),
    (
        re.compile("\u00e2\u20ac|\u00c3[\u0080-\u00bf]|\u00c2[\u00a0-\u00bf]|\u00ef\u00bb\u00bf"),
        "mojibake",
        "looks like UTF-8 that was read as Windows-1252",
        "copy the text again from its source",
    ),
    (
        re.compile("[\u200b\u2060\u00ad\ue000-\uf8ff]"),
        "hidden-character",
        "characters that show nothing, or differently in every font",
        "delete them, unless the source has them",
    ),
)

# Letters of other scripts that look like Latin ones: capitals by their capital form.
_CAPITALS = str.maketrans(
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0410\u0412\u0415\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0405\u0422\u0423\u0425",
    "ABEZHIKMNOPTYX" + "ABEIJKMHOPCSTYX",
)
_SMALL = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b"
    "\u03bf\u03b1\u03bd\u03c1\u03c4\u03c5\u03b9\u03ba\u0131"
    "01|_ \u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2019\u2018\u02bc",
    "aeopcyxijsdq" + "oavptuiki" + "oll--" + "-------" + "'''",
)
_LOOKALIKE_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")


def is_invisible(char: str) -> bool:
    """Return whether a character shows nothing, or only what looks like a plain space."""
    if char == " ":
        return False
    return unicodedata.category(char)[0] in "CZ" or bool(_BLANKS.match(char))


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing at all."""
    return all(char == " " or is_invisible(char) for char in text)


def code_point(char: str) -> str:
    r"""Name a character for people: U+200B, or 0x93 for a byte that is no UTF-8.

    >>> code_point("\u200b"), code_point("\udc93")
    ('U+200B', '0x93')
    """
    if ord(char) in _BYTES:
        return f"0x{ord(char) - 0xDC00:02x}"
    return f"U+{ord(char):04X}"


def visible(text: str, longest: int = 80) -> str:
    r"""Show invisible characters as U+XXXX and cut long values in the middle.

    Control, format (zero width, bidirectional), private and unassigned characters, fillers and
    every white space but the plain space are shown; so is a combining mark that stands first.

    >>> visible("LGA\u200b")
    'LGA<U+200B>'
    """
    shown = "".join(
        f"<{code_point(char)}>"
        if is_invisible(char) or (place == 0 and unicodedata.category(char)[0] == "M")
        else char
        for place, char in enumerate(text)
    )
    if len(shown) > longest:
        half = longest // 2 - 2
        shown = f"{shown[:half]} … {shown[-half:]}"
    return shown


def named(chars: str) -> str:
    r"""Name several characters by their code points, each once, in order.

    >>> named("\u200b\u200b\ufeff")
    'U+200B, U+FEFF'
    """
    return ", ".join(code_point(char) for char in sorted(set(chars)))


def hidden(text: str) -> str:
    """Return the characters of an id or a code that show nothing; none may stand there."""
    if text.isascii() and text.isprintable():
        return ""
    return "".join(char for char in text if is_invisible(char))


def damage(text: str) -> Finding | None:
    """Find characters that no text needs: the file was damaged, or its encoding mistaken."""
    found = "" if text.isascii() and text.isprintable() else "".join(_DAMAGE.findall(text))
    if not found:
        return None
    what = named(found)
    if any(ord(char) in _BYTES for char in found):
        return "encoding", f"{what}: not UTF-8 (Windows-1252 or Latin-1?)", "save the file as UTF-8"
    if "\x00" in found:
        return "nul", f"{what}: a NUL character", "delete it; the file may be damaged"
    if "\ufeff" in found:
        return "byte-order-mark", f"{what}: a byte-order mark inside the text", "delete it"
    if re.search("[\x80-\x9f]", found):
        what = f"{what}: Windows-1252 that was read as Latin-1?"
        return "control-character", what, "type the characters afresh: quotation marks, dashes"
    return "control-character", f"{what}: a control character or no character", "delete it"


def doubts(text: str) -> list[Finding]:
    """List what a reader should look at in a text without damage."""
    found = []
    for pattern, rule, message, fix in _DOUBTS:
        if chars := "".join(pattern.findall(text)):
            what = f"{named(chars)}: {message}" if rule != "mojibake" else message
            found.append((rule, what, fix))
    return found


def skeleton(text: str) -> str:
    """Fold an id to what it looks like: case, width, dashes and look-alike letters.

    >>> skeleton("LGA") == skeleton("lga") == skeleton("lg\u0430")
    True
    """
    folded = unicodedata.normalize("NFKC", text).translate(_CAPITALS).casefold()
    return folded.translate(_SMALL)


def mixed_scripts(text: str) -> tuple[str, ...]:
    """Return the scripts of an id whose letters look alike; none where it keeps to one.

    >>> mixed_scripts("lg\u0430")
    ('CYRILLIC', 'LATIN')
    """
    if text.isascii():
        return ()
    scripts = {unicodedata.name(char, " ").split()[0] for char in text if char.isalpha()}
    found = tuple(sorted(scripts & set(_LOOKALIKE_SCRIPTS)))
    return found if len(found) > 1 else ()
