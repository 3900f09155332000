"""The command `positions check`: every problem of a study, with its place and its fix."""

from __future__ import annotations

import argparse
from typing import Any

from positions.cli.common import DATA, GOOD, command, say, show, study_options

TEXT = "check a study: every problem with its place and its fix"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "check", TEXT, run)
    study_options(made)
    made.add_argument("--json", action="store_true", help="write the problems as JSON")
    made.add_argument("--all", action="store_true",
                      help="write every problem out, however many of a kind there are")  # fmt: skip
    made.add_argument(
        "--look-again",
        action="store_true",
        help="list the codes whose phrase shares no word with their proposition",
    )
    made.add_argument("--digests", action="store_true",
                      help="print the SHA-256 of each table's rows in order of key, as the "
                      "assurance page does")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.study import load, objects
    from positions.study.problems import as_json, count

    loaded, problems = load.check(options.study, allow_unresolved=options.allow_unresolved)
    if options.look_again and loaded:
        problems = [*problems, *objects.look_again(loaded)]
    if options.json:
        print(as_json(problems))
        return GOOD if loaded else DATA
    show(problems, whole=options.all or options.look_again, hint=" (--all lists them)")
    if loaded and not loaded.contact:
        say(
            "The study names nobody to write to: every page of a report would print a `contact` "
            "of the data package."
        )
    verdict = "passes" if loaded else "is refused"
    say(f"{options.study}: the study {verdict}; {count(problems)}.")
    if options.digests and loaded:
        say("\n".join(f"{digest}  {name}" for name, digest in loaded.digests.items()))
    return GOOD if loaded else DATA
