"""What `positions read --run` does: say what will go where, then ask, one request after another."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from positions.cli.common import DATA, GOOD, USAGE, complain, escaped, say
from positions.words import plural

if TYPE_CHECKING:
    from positions.reading.address import Address
    from positions.reading.requests import Asking, Request
    from positions.reading.runner import Progress

KEY = "POSITIONS_API_KEY"
"""The environment variable that holds a key; it is never printed or stored."""


def ask(options: argparse.Namespace, asking: Asking, chosen: Sequence[Request]) -> int:
    """Ask what was not answered yet; return the exit code."""
    from positions.reading import address, runner

    try:
        to = address.address(options.run_at, os.environ.get(KEY, ""))
    except address.NoAddress as error:
        options.parser.error(f"--run: {error}")
    waiting = runner.unanswered(chosen, options.answers)
    if not waiting:
        say(f"{options.answers}: every request is answered already; nothing was sent.")
        return GOOD
    say(_announced(options, waiting, to))
    if not (options.yes or _agreed()):
        complain("positions: nothing was sent. To send without being asked, say --yes.")
        return USAGE
    manner = runner.Manner(options.model, asking.parameters, options.seconds)
    try:
        done = runner.run(waiting, options.answers, to, manner, _tell)
    except runner.Stopped as stopped:
        complain(f"positions: {stopped}. What was answered is in {options.answers}; the same "
                 "command goes on from there.")  # fmt: skip
        return DATA
    say(f"{options.answers}: {plural(done.done, 'answer')}, {done.failed} failed; "
        f"{plural(done.tokens_in, 'token')} in, {done.tokens_out:,} out. Next: positions read "
        f"{options.study} --accept {options.answers} --coder NAME")  # fmt: skip
    return DATA if done.failed else GOOD


def _announced(options: argparse.Namespace, waiting: Sequence[Request], to: Address) -> str:
    """Say what will be sent, and where."""
    sources = {request.source_id for request in waiting}
    sent = sum(
        len(request.prompt) + len(request.codebook) + len(request.document) for request in waiting
    )
    key = f"the key in {KEY}" if to.key else f"no key ({KEY} is not set)"
    return (
        f"To be sent to {to.url}, for the model {options.model}: "
        f"{plural(len(waiting), 'request')}, {sent:,} characters, with the stored texts of "
        f"{plural(len(sources), 'source')}, the codebook and the names of all bodies; {key}.\n"
        "The texts are other people's. What the server does with them is for its terms to say."
    )


def _agreed() -> bool:
    """Ask on a terminal whether to send; elsewhere nobody can agree."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print("Send it? [y/N]", end=" ", file=sys.stderr, flush=True)
    try:
        return input().strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _tell(progress: Progress) -> None:
    """Show how far it is: on a terminal in one line, elsewhere now and then."""
    at = progress.done + progress.failed
    said = (f"{at} of {progress.asked} asked, {progress.failed} failed, {progress.tokens_in:,} "
            f"tokens in, {progress.tokens_out:,} out")  # fmt: skip
    if sys.stderr.isatty():
        end = "\n" if at == progress.asked else "\r"
        print(escaped(said), end=end, file=sys.stderr, flush=True)
    elif at % 25 == 0 or at == progress.asked:
        print(escaped(said), file=sys.stderr, flush=True)
