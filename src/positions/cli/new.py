"""The command `positions new`: begin a study."""

from __future__ import annotations

import argparse
import pathlib
import shlex
from typing import Any

from positions.cli.common import DATA, GOOD, command, complain, reason, say

TEXT = "begin a study: a folder that passes check, with a README of what to fill in"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "new", TEXT, run)
    made.add_argument("folder", type=pathlib.Path, metavar="DIR", help="a folder not there yet")
    made.add_argument("--title", default="", metavar="TEXT", help="the title (DIR's name)")
    made.add_argument("--name", default="", metavar="NAME",
                      help="the data package's name, in small letters (from DIR's)")  # fmt: skip
    made.add_argument("--example", action="store_true",
                      help="copy a small complete study, made up, with its texts")  # fmt: skip
    made.add_argument("--from-survey", type=pathlib.Path, metavar="FILE",
                      help="with the questions and answers of a survey program's export, CSV or "
                      ".xlsx")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.study import scaffold

    if options.example and (options.title or options.name or options.from_survey):
        options.parser.error("--example has a title and a name; change them in datapackage.json")
    try:
        if options.example:
            scaffold.copy_example(options.folder)
        elif options.from_survey:
            return _from_survey(options)
        else:
            scaffold.write(options.folder, options.title, options.name)
    except scaffold.CannotBegin as error:
        options.parser.error(str(error))
    folder = shlex.quote(str(options.folder))
    shown, when = ("what it shows", "") if options.example else (
        "what to fill in, in order", "   # once there are codes")  # fmt: skip
    say(f"{options.folder} holds a study. {folder}/README.md says {shown}. Then:")
    say(f"  positions check {folder}\n  positions report {folder} --out site{when}")
    return GOOD


def _from_survey(options: argparse.Namespace) -> int:
    """Begin a study with the questions and answers of a survey."""
    from positions.responses import begin
    from positions.responses.backend import NotResponses
    from positions.study import scaffold

    try:
        filled = begin.tables(options.from_survey)
    except (NotResponses, OSError) as error:
        complain(f"positions: {reason(error)}")
        return DATA
    scaffold.write(options.folder, options.title, options.name, filled)
    folder = shlex.quote(str(options.folder))
    say(
        f"{options.folder} holds a study of the survey. Look at its questions.csv and "
        f"propositions.csv, and fill in the codes that are empty in responses/{begin.MAP}. Then:"
    )
    say(f"  positions responses {folder}\n  positions report {folder} --out site")
    return GOOD
