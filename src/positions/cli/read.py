"""The command `positions read`: a language model as a reader, whoever runs it, wherever."""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from positions.cli.common import (
    DATA,
    GOOD,
    command,
    complain,
    folder,
    reason,
    refuse,
    say,
)
from positions.cli.task import answered, task_of
from positions.cli.writing import write_file

if TYPE_CHECKING:
    from positions.reading.acceptance import Accepted
    from positions.reading.requests import Request, Task

TEXT = "a language model as a reader: what to ask it, and which of its answers are taken"
EPILOG = """\
docs/reading-with-a-model.md goes from documents to a first reading, step by step.

examples:
  positions read STUDY --prepare requests.jsonl --model NAME
  positions read STUDY --run http://localhost:11434/v1 --model NAME --answers answers.jsonl
  positions read STUDY --accept answers.jsonl --coder reader-1
  positions read STUDY --across answers.jsonl others.jsonl

--run reads a key from the environment variable POSITIONS_API_KEY, if there is one."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "read", TEXT, run, extra="reading", epilog=EPILOG)
    made.set_defaults(allow_unresolved=True)
    made.add_argument("study", nargs="?", type=pathlib.Path, default=pathlib.Path("data"),
                      metavar="STUDY", help="the study's folder (data)")  # fmt: skip
    what = made.add_mutually_exclusive_group(required=True)
    what.add_argument("--prepare", type=pathlib.Path, metavar="OUT.jsonl",
                      help="write one request a source and theme, as a batch")  # fmt: skip
    what.add_argument("--run", dest="run_at", metavar="URL",
                      help="ask an OpenAI-compatible address, once you have agreed")  # fmt: skip
    what.add_argument("--accept", type=pathlib.Path, metavar="ANSWERS.jsonl",
                      help="take in the codes that stand up to the text")  # fmt: skip
    what.add_argument("--across", type=pathlib.Path, nargs="*", metavar="ANSWERS.jsonl",
                      help="for how many readers each claim holds: the study's, and those of these "
                      "answers; nothing is written")  # fmt: skip
    _asking(made)
    made.add_argument("--model", default="", metavar="NAME", help="the model to ask")
    made.add_argument("--answers", type=pathlib.Path, metavar="FILE.jsonl",
                      help="--run: the file that answers are added to")  # fmt: skip
    made.add_argument("--yes", action="store_true", help="--run: send without asking")
    made.add_argument("--seconds", type=float, default=300.0, metavar="N",
                      help="--run: how long to wait for an answer (300)")  # fmt: skip
    made.add_argument("--coder", default="", metavar="NAME", help="--accept: the reader's id")
    made.add_argument("--name", default="", metavar="TEXT",
                      help="--accept: the reader's name as printed (the model's)")  # fmt: skip
    made.add_argument("--provider", default="", metavar="TEXT",
                      help="--accept: who ran the model, where the answers do not say")  # fmt: skip
    made.add_argument("--dry-run", action="store_true",
                      help="--accept: say what would be, write nothing")  # fmt: skip


def _asking(made: argparse.ArgumentParser) -> None:
    """Add the options that decide what is asked: answers are taken under the same ones."""
    from positions.reading.pieces import LONGEST, OVERLAP

    made.add_argument("--texts", type=folder, metavar="DIR",
                      help="folder of stored texts (STUDY/texts)")  # fmt: skip
    made.add_argument("--source", action="append", default=[], metavar="ID",
                      help="only this source; may be said again")  # fmt: skip
    made.add_argument("--theme", action="append", default=[], metavar="NAME",
                      help="only this theme; may be said again")  # fmt: skip
    made.add_argument("--prompt", type=pathlib.Path, metavar="FILE",
                      help="instructions of your own, in the place of those shipped")  # fmt: skip
    made.add_argument("--codebook", type=pathlib.Path, metavar="FILE",
                      help="rulings to send with the propositions")  # fmt: skip
    made.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE",
                      help="a parameter of the model (temperature=0)")  # fmt: skip
    made.add_argument("--longest", type=int, default=LONGEST, metavar="N",
                      help=f"characters of a piece of text ({LONGEST})")  # fmt: skip
    made.add_argument("--overlap", type=int, default=OVERLAP, metavar="N",
                      help=f"characters that two pieces share at most ({OVERLAP})")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    if options.accept and not options.coder:
        options.parser.error("--accept needs --coder NAME: who read")
    if options.run_at and not (options.model and options.answers and options.seconds > 0):
        options.parser.error("--run needs --model NAME and --answers FILE.jsonl")
    try:
        task = task_of(options)
        if options.run_at:
            from positions.cli.asking import ask

            return ask(options, task.asking, _chosen(options, task))
        if options.across is not None:
            from positions.cli.across import across

            return across(options.across, task)
        return _prepare(options, task) if options.prepare else _accept(options, task)
    except OSError as error:
        complain(f"positions: {reason(error)}")
        return DATA


# --- what is asked -------------------------------------------------------------------------


def _chosen(options: argparse.Namespace, task: Task) -> list[Request]:
    """Return the requests of the sources and themes that were named."""
    for option, known, what in (
        ("source", set(task.texts), " with a text"),
        ("theme", set(task.study.propositions["theme"]), ""),
    ):
        for name in getattr(options, option):
            if name not in known:
                options.parser.error(f"--{option}: the study has no {option} {name!r}{what}")
    return [
        request for request in task.requests.values()
        if (not options.source or request.source_id in options.source)
        and (not options.theme or request.theme in options.theme)
    ]  # fmt: skip


def _prepare(options: argparse.Namespace, task: Task) -> int:
    """Write what to ask."""
    from positions.words import plural

    chosen = _chosen(options, task)
    lines = [request.line(options.model or "MODEL", task.asking.parameters) for request in chosen]
    write_file(options.prepare, ("\n".join(lines) + "\n").encode(), replace=True)
    sources = {request.source_id for request in chosen}
    unread = len(task.study.sources) - len(task.texts)
    say(f"{options.prepare}: {plural(len(chosen), 'request')} on {plural(len(sources), 'text')}, "
        f"{sum(map(len, lines)):,} characters. {plural(unread, 'source')} without a stored text. "
        "Nothing was sent anywhere.")  # fmt: skip
    if not options.model:
        say(
            "The model in each line is called MODEL: write its name there, or prepare with --model."
        )
    return GOOD


# --- what was answered ---------------------------------------------------------------------


def _accept(options: argparse.Namespace, task: Task) -> int:
    """Take in what stands up to the text."""
    from positions._files import SwitchError
    from positions.reading import acceptance
    from positions.reading.manifest import Reader

    found = answered(options.accept, task)
    named = options.prompt.name if options.prompt else "shipped"
    reader = Reader(options.coder, options.name, options.provider, named)
    try:
        made = acceptance.reading(task, found, reader)
        if made.problems:
            refuse(made.problems, f"{options.study}: nothing was written.")
        if not made.codes and not any(not answer.reason for answer in found):
            complain(f"{options.accept}: no answer can be used ({_counted(made)}); nothing was "
                     "written.")  # fmt: skip
            return DATA
        if not options.dry_run:
            acceptance.write(task.study.folder, made)
    except (acceptance.NotAccepted, SwitchError) as error:
        complain(f"positions: nothing was written: {error}")
        return DATA
    say("\n".join(_told(options, made)))
    return GOOD


def _counted(made: Accepted) -> str:
    return ", ".join(f"{reason}: {number}" for reason, number in made.manifest["rejects"].items())


def _told(options: argparse.Namespace, made: Accepted) -> Sequence[str]:
    """Say what was taken, what was not, what is missing, and what to do next."""
    from positions.words import listed, plural

    counts, home = made.manifest["counts"], f"readings/{made.coder}"
    lines = [f"{made.coder}: {plural(counts['codes_taken'], 'code')} taken from "
             f"{counts['answered']} of {plural(counts['asked'], 'request')}; {counts['rejected']} "
             f"not taken{f' ({_counted(made)})' if counts['rejected'] else ''}."]  # fmt: skip
    if options.dry_run:
        return [*lines, "Nothing was written: --dry-run."]
    if not made.written:
        return [*lines, f"{options.study}: all of it is there already; nothing was written."]
    lines.append(f"{options.study}/{home}.json: how it was made; -rejects.csv: what was not "
                 "taken; -record.md: a transparency record to be filled in.")  # fmt: skip
    if made.manifest["missing"]:
        lines.append(f"The answers do not say: {listed(made.manifest['missing'])}.")
    if made.opened:
        lines.append(f"{plural(made.opened, 'cell')} on which readers differ wait for a decision "
                     "in adjudications.csv (positions check lists them).")  # fmt: skip
    lines.append("No person has checked these codes: positions audit --plan.")
    return lines
