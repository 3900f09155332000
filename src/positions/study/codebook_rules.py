"""The codebook's own rules: short phrases at their place, and propositions that can be coded."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from positions.study.csv_reader import Record
from positions.study.problems import ERROR, NOTE, WARNING, Problem
from positions.study.validate import Row, Tables
from positions.words import signed

LONGEST_QUOTE = 25
"""Words a phrase may have: other people's texts are quoted, not copied."""
LONGEST_CHARACTERS = 500
"""Characters a phrase may have: not every script puts spaces between words."""
_SOFT_HYPHEN = "\u00ad"
_PAGE_BREAK, _PER_GAP = 40, 4
"""Characters by which a stored text may be longer than its phrase: white space folds."""


def check_phrases(tables: Tables) -> Iterator[Problem]:
    """Check each coding's phrase: its length, its white space, its place, its note."""
    sources = tables.by_id("sources", "source_id")
    for row, record in tables.rows("codings"):
        yield from check_quote(tables, "codings", row, record)
        if row["source_id"] in sources:
            yield from _offsets(tables, row, record, sources[row["source_id"]])
        if row["basis"] == "implied" and not row["note"].strip():
            yield tables.problem(
                ERROR, "codings", record, "note", "implied-without-note", row["proposition_id"],
                "an implied stance needs a note", "say from what it follows",
            )  # fmt: skip


def check_quote(tables: Tables, table: str, row: Row, record: Record) -> Iterator[Problem]:
    """Check that a phrase is short and has its white space folded."""
    quote = row["quote"]
    words = len(quote.split())
    if re.search(r"\s\s|[^\S ]", quote) or quote != quote.strip():
        yield tables.problem(
            ERROR, table, record, "quote", "quote-white-space", quote,
            "white space in a phrase is folded to one plain space",
            f"write {' '.join(quote.split())!r}",
        )  # fmt: skip
    if words > LONGEST_QUOTE or len(quote) > LONGEST_CHARACTERS:
        yield tables.problem(
            ERROR, table, record, "quote", "quote-length", quote,
            f"the phrase has {words} words, {len(quote)} characters; "
            f"at most {LONGEST_QUOTE} and {LONGEST_CHARACTERS} may be quoted",
            "keep the words that carry the code",
        )  # fmt: skip


def _offsets(tables: Tables, row: Row, record: Record, source: Row) -> Iterator[Problem]:
    start, end = row["start"], row["end"]
    if start is None and end is None:
        if source["text_seen"] == "whole":
            yield tables.problem(
                ERROR, "codings", record, "start", "offset", "",
                "a phrase from a text seen whole needs its place",
                "`positions verify --texts` says where the phrase stands",
            )  # fmt: skip
        return
    if wrong := misplaced(start, end, row["quote"], source["characters"]):
        yield tables.problem(
            ERROR, "codings", record, "end" if start is not None else "start", "offset",
            f"{'' if start is None else start}-{'' if end is None else end}", wrong,
            "`positions verify --texts` says where the phrase stands",
        )  # fmt: skip


def misplaced(start: int | None, end: int | None, quote: str, whole: int | None) -> str:
    """Say why offsets cannot be the phrase's; "" where they can.

    White space is folded and soft hyphens are dropped from a phrase, so its place in the text
    is never shorter than the phrase; longer, only by what white space and hyphens can hold.
    """
    if start is None or end is None:
        return "only one end of the phrase's place is given"
    least = len(quote) - quote.count(_SOFT_HYPHEN)
    gaps = quote.count(" ")
    most = len(quote) + (_PAGE_BREAK + _PER_GAP * gaps if gaps else len(quote) // 2)
    if end - start < least:
        return f"{end - start} characters cannot hold a phrase of {len(quote)}"
    if end - start > most:
        return f"{end - start} characters are too many for a phrase of {len(quote)}"
    if whole is not None and end > whole:
        return f"the phrase ends at {end}, the text at {whole}"
    return ""


# --- propositions ---------------------------------------------------------------------------

_VERBS = (
    "is|are|was|were|has|have|should|must|will|shall|may|can|leaves?|makes?|gives?|keeps?|does|do"
)
_LINTS = (
    (
        re.compile(rf"\band ({_VERBS})\b|\band/or\b|;|\bas well as\b", re.IGNORECASE),
        "double-barrelled",
        "it says two things; a body may hold one of them",
        "split it in two",
    ),
    (
        re.compile(
            r"\b(should|must|do|does|did|is|are|was|were|will|can|could|has|have)"
            r"(n['\u2019]t| not\b)"
            r"|\b(never|cannot|neither|no longer|nobody|no one)\b|^No\b",
            re.IGNORECASE,
        ),
        "reversed",
        "it is put in the negative; support is easily coded as opposition",
        "turn it round",
    ),
)


def check_propositions(tables: Tables) -> Iterator[Problem]:
    """Check the wording of propositions, and whether they tell bodies apart."""
    for row, record in tables.rows("propositions"):
        for pattern, rule, message, fix in _LINTS:
            if found := pattern.search(row["statement"]):
                yield tables.problem(
                    WARNING, "propositions", record, "statement", rule, found.group(),
                    f"{row['proposition_id']}: {message}", fix,
                )  # fmt: skip
    if tables.whole("codings", "propositions"):
        yield from _addressed(tables)
    weights = [row["weight"] for row in tables.of["propositions"]]
    if weights and all(weight == 0 for weight in weights):
        yield tables.problem(
            ERROR, "propositions", None, "weight", "no-weight", "0",
            "every proposition has weight 0", "give one of them a weight",
        )  # fmt: skip


def _addressed(tables: Tables) -> Iterator[Problem]:
    stances: dict[str, set[int]] = defaultdict(set)
    for row in tables.of["codings"]:
        stances[row["proposition_id"]].add(row["stance"])
    for row, record in tables.rows("propositions"):
        named = row["proposition_id"]
        said = stances[named]
        if not said:
            yield tables.problem(
                NOTE, "propositions", record, "proposition_id", "never-addressed", named,
                "nobody addresses it", "leave it out, or look again",
            )  # fmt: skip
        elif len(said) == 1 and len(tables.of["codings"]) > 1:
            yield tables.problem(
                NOTE, "propositions", record, "proposition_id", "constant", named,
                f"every code on it is {signed(min(said))}",
                "it does not discriminate between bodies",
            )  # fmt: skip
