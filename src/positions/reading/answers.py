"""What a model answered, line by line of a batch's output: read strictly, nothing mended.

Of each request there is one answer, or a reason why there is none. The order of the lines plays no
part.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NoReturn

NOT_JSON = "not JSON"
UNKNOWN = "unknown request"
FAILED = "failed"
REFUSED = "refused"
CUT_OFF = "cut off"
TWO_ANSWERS = "two answers"
NO_ANSWER = "no answer"
_FENCE = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n\s*```\s*", re.DOTALL)
_STRANGE = "it was not asked, or codebook, prompt, text or schema have changed since"
DEEPEST = 64
"""Brackets that an answer may nest."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """What came back for one request.

    `reason` says why there is nothing to use; empty where there is `content`, the parsed JSON of
    the answer. `digest` is the SHA-256 of the line, however its keys were ordered. `about` is what
    the server said of itself: model, time, tokens.
    """

    custom_id: str
    digest: str
    reason: str = ""
    detail: str = ""
    content: Any = None
    about: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def strict_json(text: str) -> Any:
    """Parse JSON that says one thing only: no name twice, no NaN, no nesting without end.

    Raises
    ------
    ValueError
        When it does not.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            raise ValueError("a name stands twice in one object")
        return found

    def no(word: str) -> NoReturn:
        raise ValueError(f"{word} is no JSON")

    if _depth(text) > DEEPEST:
        raise ValueError(f"more than {DEEPEST} brackets in each other")
    try:
        return json.loads(text, object_pairs_hook=once, parse_constant=no)
    except RecursionError:
        raise ValueError("brackets in each other without end") from None


def _depth(text: str) -> int:
    """Count how deep brackets nest, those within strings as well: it can only be too many."""
    depth = deepest = 0
    for char in re.findall(r"[\[\]{}]", text):
        depth += 1 if char in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def read_answers(raw: bytes, known: Collection[str]) -> list[Answer]:
    """Read a file of answers, in OpenAI's batch form.

    Parameters
    ----------
    raw
        JSON Lines: `custom_id`, and `response` with `status_code` and the body of a chat
        completion, or `error`.
    known
        The ids of what was asked.

    Returns
    -------
    list
        One answer a request that has any line, by id; lines that answer nothing that was asked
        come last, each for itself, in the order of their digests.
    """
    of: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    strays = []
    for line in raw.split(b"\n"):
        if not line.strip():
            continue
        digest = hashlib.sha256(line.strip()).hexdigest()
        try:
            found = strict_json(line.decode("utf-8"))
        except ValueError as error:  # UnicodeDecodeError is one
            strays.append(Answer("", digest, NOT_JSON, str(error)))
            continue
        custom_id = found.get("custom_id") if isinstance(found, dict) else None
        digest = hashlib.sha256(_canonical(found)).hexdigest()
        if not isinstance(custom_id, str) or custom_id not in known:
            strays.append(Answer(str(custom_id or "")[:64], digest, UNKNOWN, _STRANGE))
        else:
            of[custom_id][digest] = found
    answers = [_of_request(custom_id, lines) for custom_id, lines in sorted(of.items())]
    return answers + sorted(strays, key=lambda stray: (stray.digest, stray.reason))


def _of_request(custom_id: str, lines: Mapping[str, Mapping[str, Any]]) -> Answer:
    """Return the one answer among the lines of a request; a try that failed gives way to it."""
    found = [_answer(custom_id, digest, line) for digest, line in sorted(lines.items())]
    usable = [answer for answer in found if answer.reason != FAILED] or found[:1]
    if len(usable) == 1:
        return usable[0]
    digest = hashlib.sha256("".join(answer.digest for answer in usable).encode()).hexdigest()
    return Answer(custom_id, digest, TWO_ANSWERS, f"{len(usable)} different answers to one request")


def _answer(custom_id: str, digest: str, line: Mapping[str, Any]) -> Answer:
    """Read one line of which the request is known."""
    response = line.get("response")
    body = response.get("body") if isinstance(response, dict) else None
    status = response.get("status_code") if isinstance(response, dict) else None
    if line.get("error") or status != 200 or not isinstance(body, dict):
        why = line.get("error") or (body or f"status {status}")
        return Answer(custom_id, digest, FAILED, _short(why))
    about = of_the_server(body, line)
    reason, said = _said(body)
    if reason:
        return Answer(custom_id, digest, reason, said, about=about)
    fenced = _FENCE.fullmatch(said)
    try:
        content = strict_json(fenced.group(1) if fenced else said)
    except ValueError as error:
        return Answer(custom_id, digest, NOT_JSON, _short(str(error)), about=about)
    return Answer(custom_id, digest, content=content, about=about)


def _said(body: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the model said, or a reason why that cannot be used and what there is to it."""
    choices = body.get("choices")
    if not isinstance(choices, list) or len(choices) != 1 or not isinstance(choices[0], dict):
        return NO_ANSWER, "the answer has not exactly one choice"
    message, ended = choices[0].get("message"), choices[0].get("finish_reason")
    if not isinstance(message, dict):
        return NO_ANSWER, "the choice has no message"
    if message.get("refusal") or ended == "content_filter":
        return REFUSED, _short(message.get("refusal") or "content filter")
    if ended == "length":
        return CUT_OFF, "the model ran out of room; ask in shorter pieces, or allow more tokens"
    content = message.get("content")
    if isinstance(content, str) and content.strip():
        return "", content
    return NO_ANSWER, "the message is empty"


def of_the_server(body: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what the server said of itself, each thing only in the form that it should have."""
    usage = body.get("usage") if isinstance(body.get("usage"), dict) else {}
    wanted: Iterable[tuple[str, Any, type]] = (
        ("model", body.get("model"), str),
        ("fingerprint", body.get("system_fingerprint"), str),
        ("created", body.get("created"), int),
        ("tokens_in", usage.get("prompt_tokens"), int),  # type: ignore[union-attr]
        ("tokens_out", usage.get("completion_tokens"), int),  # type: ignore[union-attr]
        ("provider", line.get("provider"), str),
        ("parameters", line.get("request"), dict),
    )
    return {
        name: value for name, value, kind in wanted
        if isinstance(value, kind) and not isinstance(value, bool)
    }  # fmt: skip


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return " ".join(text.split())[:200]
