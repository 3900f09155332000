"""The command `positions new`: begin a study."""

from __future__ import annotations

import argparse
import pathlib
import shlex
from typing import Any

from positions.cli.common import GOOD, command, say

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


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.study import scaffold

    if options.example and (options.title or options.name):
        options.parser.error("--example has a title and a name; change them in datapackage.json")
    try:
        if options.example:
            scaffold.copy_example(options.folder)
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
