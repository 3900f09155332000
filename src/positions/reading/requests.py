"""What a model is asked: one request a source, theme and piece of text, in OpenAI's batch form.

A request holds all that the answer rests on: instructions, codebook, text, and the JSON Schema of
the answer. Its id is the SHA-256 of these. So an answer can be given back weeks later, from any
machine, and what it answers is known; where one letter of what was asked has changed, it is not.
No reading is ever in a request.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import pandas as pd

from positions.measures.stances import BASES
from positions.reading import pieces
from positions.study.codebook_rules import LONGEST_QUOTE
from positions.study.load import Study
from positions.study.schema import SCALE
from positions.words import signed

STANCES = tuple(range(SCALE[1], SCALE[0] - 1, -1))
PHRASE = f"Exact phrase of the text, at most {LONGEST_QUOTE} words"
_SCALE = {
    2: "supports, without reservation on this point",
    1: "supports with reservations or conditions, or leans towards",
    0: "addresses the point and explicitly takes no side",
    -1: "concerned, sceptical, leans against, or would accept only with major change",
    -2: "opposes, rejects, or calls for the opposite",
}
_BASES = {
    "stated": "the source says it in its own voice",
    "implied": "it follows from something stated; the note says from what",
    "reported": "the source tells what another body thinks; the code is that other body's",
}


@dataclasses.dataclass(frozen=True)
class Asking:
    """How a study is read: all that is the same in every request.

    `prompt` are the instructions, `rulings` what a codebook says beyond the tables; `owners` by or
    about whom a source is, where that is known; `parameters` go to the model as they are and are no
    part of an id.
    """

    prompt: str
    rulings: str = ""
    owners: Mapping[str, str] = dataclasses.field(default_factory=dict)
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=lambda: {"temperature": 0})
    longest: int = pieces.LONGEST
    overlap: int = pieces.OVERLAP


@dataclasses.dataclass(frozen=True)
class Request:
    """One thing that is asked: a theme, of a piece of one source's text, from `start` to `end`."""

    source_id: str
    theme: str
    start: int
    end: int
    codebook: str
    prompt: str
    document: str
    schema: Mapping[str, Any]

    @property
    def custom_id(self) -> str:
        """The SHA-256 of codebook, prompt, text and schema."""
        asked = [self.codebook, self.prompt, self.document, self.schema]
        return hashlib.sha256(canonical(asked).encode()).hexdigest()

    def body(self, model: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is sent to `/v1/chat/completions`."""
        schema = {"name": "reading", "strict": True, "schema": self.schema}
        return {
            "model": model,
            "messages": [
                {"role": "system", "content": self.prompt},
                {"role": "user", "content": f"{self.codebook}\n\n{self.document}"},
            ],
            "response_format": {"type": "json_schema", "json_schema": schema},
            **parameters,
        }

    def line(self, model: str, parameters: Mapping[str, Any]) -> str:
        """Return the request as a line of a batch."""
        return canonical({
            "custom_id": self.custom_id, "method": "POST", "url": "/v1/chat/completions",
            "body": self.body(model, parameters),
        })  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Task:
    """A study with its texts by source_id, and all that can be asked of them, by its id."""

    study: Study
    texts: Mapping[str, str]
    asking: Asking
    requests: Mapping[str, Request]


def shipped_prompt() -> str:
    """Return the instructions that the package ships."""
    return (
        resources.files("positions")
        .joinpath("templates", "reading", "prompt.md")
        .read_text("utf-8")
    )


def requests(study: Study, texts: Mapping[str, str], asking: Asking) -> dict[str, Request]:
    """Return all that can be asked of a study's texts, by its id: by source, theme and place.

    Parameters
    ----------
    study
        The study; its readings play no part.
    texts
        The stored texts by source_id.
    asking
        How it is read.
    """
    themes = [(str(theme), rows) for theme, rows in study.propositions.groupby("theme", sort=True)]
    bodies = study.bodies.sort_values("body_id")
    books = {
        theme: (codebook(rows, bodies, asking.rulings), schema(rows, bodies))
        for theme, rows in themes
    }
    found = []
    for _, source in study.sources.sort_values("source_id").iterrows():
        text = texts.get(source["source_id"])
        if text is None:
            continue
        owner = asking.owners.get(source["source_id"], "")
        for start, end in pieces.pieces(text, asking.longest, asking.overlap):
            document = _document(source, owner, text, (start, end))
            found += [
                Request(
                    source["source_id"], theme, start, end, book, asking.prompt, document, shape
                )
                for theme, (book, shape) in books.items()
            ]
    found.sort(key=lambda each: (each.source_id, each.theme, each.start))
    return {each.custom_id: each for each in found}


# --- what is asked -------------------------------------------------------------------------


def codebook(propositions: pd.DataFrame, bodies: pd.DataFrame, rulings: str = "") -> str:
    """Write the codebook of some propositions: scale, bases, propositions, bodies, rulings."""
    return "\n".join(_codebook(propositions, bodies, rulings)).rstrip()


def _codebook(propositions: pd.DataFrame, bodies: pd.DataFrame, rulings: str) -> Iterator[str]:
    yield "# Stance on the statement"
    yield from (f"{signed(stance)}: {_SCALE[stance]}" for stance in STANCES)
    yield "\n# Basis"
    yield from (f"{basis}: {_BASES[basis]}" for basis in BASES)
    yield "\n# Propositions"
    for _, row in propositions.sort_values("proposition_id").iterrows():
        yield f"{row['proposition_id']}: {row['statement']}"
        if row["terms"]:
            yield f"    Words for its object: {row['terms']}"
        if row["note"]:
            yield f"    {row['note']}"
    yield "\n# Bodies"
    yield from (f"{row['body_id']}: {row['name']}" for _, row in bodies.iterrows())
    if rulings.strip():
        yield f"\n# Rulings\n{rulings.strip()}"


def schema(propositions: pd.DataFrame, bodies: pd.DataFrame) -> dict[str, Any]:
    """Return the JSON Schema of an answer: codes, each in the scale and on what was asked.

    Lengths are left out: some servers refuse a schema that names them. They are judged here.
    """
    properties = {
        "body_id": {"type": "string", "enum": sorted(bodies["body_id"])},
        "proposition_id": {"type": "string", "enum": sorted(propositions["proposition_id"])},
        "stance": {"type": "integer", "enum": list(STANCES)},
        "basis": {"type": "string", "enum": list(BASES)},
        "quote": {"type": "string", "description": PHRASE},
        "note": {"type": "string"},
    }
    code = {"type": "object", "additionalProperties": False, "required": list(properties),
            "properties": properties}  # fmt: skip
    codes = {"type": "array", "items": code}
    return {"type": "object", "additionalProperties": False, "required": ["codes"],
            "properties": {"codes": codes}}  # fmt: skip


def _document(source: pd.Series, owner: str, text: str, place: tuple[int, int]) -> str:
    """Put a piece of a text between two lines that it cannot forge: they hold its own hash."""
    start, end = place
    piece = text[start:end]
    line = f"----- text {hashlib.sha256(piece.encode()).hexdigest()[:16]} -----"
    part = "whole text" if (start, end) == (0, len(text)) else f"characters {start} to {end}"
    head = [f"# Document {source['source_id']}", f"Title: {source['title']}",
            f"Date: {source['published']}", f"Part: {part}"]  # fmt: skip
    if owner:
        head.append(f"By or about: {owner}")
    return "\n".join([*head, line, piece, line])


def canonical(value: object) -> str:
    """Return JSON in the one form that is hashed: names in order, no blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
