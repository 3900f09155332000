"""Ask a model one request after another: tried again within bounds, gone on with after a break.

Every answer is written at once, in the form of a batch's output, so that a run that was stopped
goes on where it ended, and that it makes no difference who asked.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from positions.reading.address import Address, Reply, post
from positions.reading.answers import FAILED, of_the_server, read_answers, strict_json
from positions.reading.requests import Request, canonical

TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds between two tries at most, whatever the server asks for."""
IN_A_ROW = 3
"""Requests that may fail one after another before the run stops."""
_AGAIN = {0, 408, 409, 425, 429, 500, 502, 503, 504}
_HOPELESS = {
    **dict.fromkeys((301, 302, 307, 308), "it sends elsewhere; name that address yourself"),
    **dict.fromkeys((401, 403), "it does not take the key"),
    404: "there is no such address or model",
    405: "it takes no questions",
}


class Stopped(Exception):
    """The run ended early; what was answered is kept. The message says why."""


@dataclasses.dataclass
class Progress:
    """How far a run is: requests answered, failed and to be asked; tokens in and out."""

    asked: int
    done: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0


@dataclasses.dataclass(frozen=True)
class Manner:
    """How a model is asked: its name and parameters, seconds for an answer, and how to wait."""

    model: str
    parameters: Mapping[str, Any]
    seconds: float = 300.0
    pause: Callable[[float], None] = time.sleep


def unanswered(requests: Sequence[Request], path: pathlib.Path) -> list[Request]:
    """Return the requests that a file of answers has no answer to; what failed is asked anew.

    A last line that was cut off by a crash is taken off the file.
    """
    if not path.exists():
        return list(requests)
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if whole != raw:
        with open(path, "r+b") as file:
            file.truncate(len(whole))
    known = {request.custom_id for request in requests}
    done = {answer.custom_id for answer in read_answers(whole, known) if answer.reason != FAILED}
    return [request for request in requests if request.custom_id not in done]


def run(
    requests: Sequence[Request], path: pathlib.Path, to: Address, manner: Manner,
    tell: Callable[[Progress], None],
) -> Progress:  # fmt: skip
    """Ask what was not answered yet, and add each answer to the file.

    Raises
    ------
    Stopped
        When the address cannot answer, or several requests in a row have failed.
    """
    progress, in_a_row = Progress(len(requests)), 0
    with open(path, "ab") as file:
        for request in requests:
            reply, body = _ask(request, to, manner)
            file.write((_line(request, to, manner, reply, body) + "\n").encode())
            file.flush()
            _count(progress, body)
            tell(progress)
            if why := _HOPELESS.get(reply.status):
                raise Stopped(f"{to.host} answers {reply.status}: {why}")
            in_a_row = 0 if body is not None else in_a_row + 1
            if in_a_row >= IN_A_ROW:
                why = reply.problem or f"status {reply.status}"
                raise Stopped(f"{to.host}: {in_a_row} requests in a row have failed ({why})")
    return progress


def _ask(request: Request, to: Address, manner: Manner) -> tuple[Reply, dict[str, Any] | None]:
    """Ask once, and again where that may help; the body is None where no answer came."""
    sent = canonical(request.body(manner.model, manner.parameters)).encode()
    reply = Reply(0)
    for attempt in range(TRIES):
        reply = post(to, sent, manner.seconds)
        if reply.status == 200:
            try:
                body = strict_json(reply.raw.decode("utf-8"))
            except ValueError:
                body = None
            if isinstance(body, dict):
                return reply, body
            reply = Reply(0, problem="the answer is no JSON object")
        if reply.status not in _AGAIN:
            break
        if attempt + 1 < TRIES:
            manner.pause(min(LONGEST_WAIT, max(reply.wait, 2.0**attempt)))
    return reply, None


def _line(
    request: Request, to: Address, manner: Manner, reply: Reply, body: dict[str, Any] | None
) -> str:
    """Write an answer as a line of a batch's output, with whom was asked and how."""
    error = None
    if body is None:
        said = reply.problem or " ".join(reply.raw[:500].decode("utf-8", "replace").split())
        error = {"code": str(reply.status or "none"), "message": said}
    line = json.dumps({
        "custom_id": request.custom_id, "error": error, "provider": to.host,
        "request": {"model": manner.model, **manner.parameters},
        "response": {"status_code": reply.status, "body": body},
    }, sort_keys=True)  # fmt: skip
    return line.replace(json.dumps(to.key)[1:-1], "***") if to.key else line


def _count(progress: Progress, body: dict[str, Any] | None) -> None:
    if body is None:
        progress.failed += 1
        return
    progress.done += 1
    told = of_the_server(body, {})
    progress.tokens_in += told.get("tokens_in", 0)
    progress.tokens_out += told.get("tokens_out", 0)
