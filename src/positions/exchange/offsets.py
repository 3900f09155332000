"""Where a phrase stands: other tools' offsets as code points, and the phrase they cut out.

A study counts code points. Programs written in Java or .NET count UTF-16 units, of which an
emoji or a rare ideograph takes two. A statement of another tool may run over paragraphs; a
study quotes at most 25 words, so the words that carry the code must then be chosen by a person.
"""

from __future__ import annotations

import dataclasses

from positions.study.codebook_rules import LONGEST_CHARACTERS, LONGEST_QUOTE
from positions.study.quotes import places


@dataclasses.dataclass(frozen=True)
class Phrase:
    """A phrase and its code-point offsets into its text."""

    quote: str
    start: int
    end: int

    def cells(self) -> dict[str, str]:
        """Return the phrase as cells of a coding."""
        return {"quote": self.quote, "start": str(self.start), "end": str(self.end)}


def from_utf16(text: str, offset: int) -> int | None:
    r"""Turn an offset in UTF-16 units into code points; None where there is no such place.

    An offset between the two halves of a character, or behind the text, is none.

    >>> from_utf16("a\U0001f600b", 3), from_utf16("a\U0001f600b", 2)
    (2, None)
    """
    units = text.encode("utf-16-le", "surrogatepass")
    if not 0 <= 2 * offset <= len(units):
        return None
    before = units[: 2 * offset].decode("utf-16-le", "surrogatepass")
    # Half a pair decodes alone, and then is no prefix of the text.
    return len(before) if text.startswith(before) else None


def phrase(text: str, start: int, end: int, chosen: str = "") -> Phrase | str:
    """Cut the phrase of a statement, or say in words why there is none.

    Parameters
    ----------
    text
        The stored text.
    start, end
        Where the statement stands in it, in code points.
    chosen
        The words that carry the code, where a person chose them from a long statement: they
        must stand in it exactly once.
    """
    if not 0 <= start < end <= len(text):
        return f"it stands at {start}-{end}, in a text of {len(text)} characters"
    if chosen:
        found = places(chosen, text[start:end])
        if len(found) != 1:
            times = "nowhere" if not found else f"{len(found)} times"
            return f"the phrase chosen stands {times} in the statement"
        start, end = start + found[0][0], start + found[0][1]
    cut = text[start:end]
    quote = " ".join(cut.split())
    if not quote:
        return "it holds only white space"
    words = len(quote.split())
    if words > LONGEST_QUOTE or len(quote) > LONGEST_CHARACTERS:
        return (
            f"it has {words} words, {len(quote)} characters; at most {LONGEST_QUOTE} and "
            f"{LONGEST_CHARACTERS} may be quoted"
        )
    start += len(cut) - len(cut.lstrip())
    return Phrase(quote, start, start + len(cut.strip()))
