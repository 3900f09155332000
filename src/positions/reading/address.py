"""One address that takes OpenAI's chat completions, and one question sent there.

Only what the user named is ever reached: no redirect is followed, and a key goes over an encrypted
line or stays on this machine. Reading an answer is bounded in bytes and in seconds.
"""

from __future__ import annotations

import dataclasses
import http.client
import ipaddress
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

MOST_BYTES = 8 * 1024**2
"""Bytes of an answer at most."""
_PATH = "/chat/completions"


class NoAddress(ValueError):
    """The address cannot be used; the message says why and what to write."""


@dataclasses.dataclass(frozen=True)
class Address:
    """Where questions go: the full `url`, and the `host` with its port."""

    url: str
    host: str
    key: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True)
class Reply:
    """What came back: a status and bytes, or (`status` 0) why nothing did."""

    status: int
    raw: bytes = b""
    problem: str = ""
    wait: float = 0.0


def address(url: str, key: str = "") -> Address:
    """Read an address such as `http://localhost:11434/v1`.

    Raises
    ------
    NoAddress
        When it is no web address, holds a password, or would send a key in the clear.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NoAddress(f"{url!r}: {error}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise NoAddress(f"{url!r} is no web address; write one such as http://localhost:11434/v1")
    if parts.username or parts.query or parts.fragment:
        raise NoAddress("write the address without user, question mark or #; a key stands in the "
                        "environment")  # fmt: skip
    if key and parts.scheme == "http" and not _is_here(host):
        raise NoAddress(f"the key would go to {host} in the clear; write https://")
    path = parts.path.rstrip("/")
    path = path if path.endswith(_PATH) else path + _PATH
    where = parts.netloc
    return Address(f"{parts.scheme}://{where}{path}", where if port or ":" in host else host, key)


def _is_here(host: str) -> bool:
    """Say whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: the text goes where the user said, or nowhere."""

    def redirect_request(self, *_: Any) -> None:
        """Decline every redirect."""
        return


def post(to: Address, body: bytes, seconds: float) -> Reply:
    """Send one question and read the answer, in bounded time and memory; errors are a `Reply`."""
    head = {"Content-Type": "application/json", "Accept": "application/json"}
    if to.key:
        head["Authorization"] = f"Bearer {to.key}"
    request = urllib.request.Request(to.url, data=body, headers=head, method="POST")
    until = time.monotonic() + seconds
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=seconds) as response:
            return _reply(response.status, response, until)
    except urllib.error.HTTPError as error:
        with error:
            reply = _reply(error.code, error, until)
            return dataclasses.replace(reply, wait=_wait(error.headers.get("Retry-After")))
    except (OSError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or error
        return Reply(0, problem=" ".join(f"{why}".split())[:200] or type(error).__name__)


def _reply(status: int, response: Any, until: float) -> Reply:
    """Read the body in parts, so that a server that drips cannot hold us."""
    parts, left = [], MOST_BYTES
    while part := response.read1(min(65_536, left + 1)):
        parts.append(part)
        left -= len(part)
        if left < 0:
            return Reply(0, problem=f"an answer of more than {MOST_BYTES:,} bytes")
        if time.monotonic() > until:
            return Reply(0, problem="the answer came too slowly")
    return Reply(status, b"".join(parts))


def _wait(said: str | None) -> float:
    """Return the seconds that a server asks to wait; nothing where it says none."""
    return float(said) if said and said.isdigit() else 0.0
