"""How a reading was made: everything that is needed to judge it, and to make it again.

All of it comes from what was asked and what was answered. What neither says stays empty, and is
named as missing; the day comes from the server's own clock, not from ours.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from positions.reading import answers as of_answers
from positions.reading.answers import Answer
from positions.reading.judging import Reject, TakenCode
from positions.reading.requests import Request, Task, canonical, codebook, digest
from positions.words import listed

FORMAT = 1
"""The version of this file's form."""
_SHORT = 12
"""Characters of a hash that name a version."""


@dataclasses.dataclass(frozen=True)
class Reader:
    """Who read: the coder's id, the name as printed, and what the answers do not say."""

    coder: str
    name: str = ""
    provider: str = ""
    prompt_name: str = ""


def manifest(
    task: Task,
    found: Sequence[Answer],
    judged: tuple[Sequence[TakenCode], Sequence[Reject]],
    reader: Reader,
) -> dict[str, Any]:
    """Gather how a reading was made.

    Returns
    -------
    dict
        `reader`; `model`, `provider`, `parameters`, `fingerprints`: as the answers give them, else
        as said, else empty; `prompt`, `codebook`, `schemas`: their hashes; `sources`, which were
        read; `requests`: per id what was asked, with the hash of the piece of text, and the hash
        of its answer; `time`, `tokens`, `counts`, `rejects`, `missing`.
    """
    requests, asking = task.requests, task.asking
    book = codebook(task.study.propositions, task.study.bodies, asking.rulings)
    known = [answer for answer in found if answer.custom_id in requests]
    about = [answer.about for answer in known]
    codes, rejects = judged
    read = {answer.custom_id: requests[answer.custom_id] for answer in known}
    sources = {request.source_id for request in read.values()}
    made: dict[str, Any] = {
        "format": FORMAT,
        "reader": reader.coder,
        "model": _values(about, "model"),
        "provider": _values(about, "provider") or ([reader.provider] if reader.provider else []),
        "fingerprints": _values(about, "fingerprint"),
        "parameters": _values(about, "parameters"),
        "parameters_as_prepared": dict(asking.parameters),
        "prompt": {"name": reader.prompt_name, "sha256": digest(asking.prompt)},
        "codebook": {"version": digest(book)[:_SHORT], "sha256": digest(book)},
        "schemas": sorted({digest(canonical(r.schema)) for r in read.values()}),
        "sources": sorted(sources),
        "requests": {
            answer.custom_id: _request(requests[answer.custom_id], answer) for answer in known
        },
        "time": _time(about),
        "tokens": {
            "in": sum(each.get("tokens_in", 0) for each in about),
            "out": sum(each.get("tokens_out", 0) for each in about),
        },
        "counts": {
            "asked": sum(request.source_id in sources for request in requests.values()),
            "answered": sum(not answer.reason for answer in known),
            "refused": sum(answer.reason == of_answers.REFUSED for answer in known),
            "codes_taken": len(codes),
            "rejected": len(rejects),
        },
        "rejects": dict(sorted(Counter(reject.reason for reject in rejects).items())),
    }
    of_a_whole_trail = ("model", "provider", "parameters", "time")
    return {**made, "missing": [name for name in of_a_whole_trail if not made[name]]}


def coder_row(made: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    """Return the row of `coders` for a reading."""
    named = listed(made["model"]) if made["model"] else ""
    what = f"Model as returned: {named}." if named else "The name of the model was not returned."
    by = f" Provider: {listed(made['provider'])}." if made["provider"] else ""
    return {
        "coder": reader.coder,
        "kind": "model",
        "name": reader.name or f"{named or reader.coder} (automated)",
        "read_from": made["time"].get("first", "")[:10],
        "read_to": made["time"].get("last", "")[:10],
        "codebook": made["codebook"]["version"],
        "about": f"{what}{by} Prompt {made['prompt']['sha256'][:_SHORT]}. How it was made: "
        f"readings/{reader.coder}.json.",
    }


def _values(about: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """Return the different values that the answers give, in order."""
    found = {canonical(each[name]): each[name] for each in about if each.get(name)}
    return [found[key] for key in sorted(found)]


def _request(request: Request, answer: Answer) -> dict[str, Any]:
    return {
        "source_id": request.source_id, "theme": request.theme, "start": request.start,
        "end": request.end, "document": digest(request.document),
        "answer": answer.digest,
    }  # fmt: skip


def _time(about: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return when the first and the last answer was made, by the server's clock, in UTC."""
    days = sorted(each["created"] for each in about if 0 < each.get("created", 0) < 1 << 33)
    if not days:
        return {}
    first, last = (
        dt.datetime.fromtimestamp(day, dt.UTC).isoformat() for day in (days[0], days[-1])
    )
    return {"first": first, "last": last}
