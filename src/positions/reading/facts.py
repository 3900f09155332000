"""What a person says of a document, as no file says it: columns of `sources`."""

ASKED = {
    "title": "the title as shown",
    "published": "ISO date, month, year, or interval earliest/latest",
    "published_basis": "shown (the document carries its date), or 'inferred: WHY'",
    "kind": "letter, briefing, article, ...",
    "phase": "the phase of the proposals that it speaks to",
}
"""Columns of `sources` that every row has and that no file says, and what each is to be."""
MAY_SAY = {
    "publisher": "who published it",
    "url": "its public address",
    "text_seen": "whole or opening (whole, unless pages could not be read)",
    "follows": "the source whose wording it repeats",
}
"""Columns that a person may say besides."""
