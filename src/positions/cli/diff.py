"""The command `positions diff`: what changed between two states of a study."""

from __future__ import annotations

import argparse
import contextlib
import os
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, DIFFER, GOOD, CommandRefused, command, edition, say

if TYPE_CHECKING:
    from positions.compare.git import Edition

EPILOG = """\
A path that exists is read as a path, whatever revision bears its name; REV:path and full names
such as refs/heads/data always mean a revision, ./name always a path. REV alone means the other
study's place in its repository, or data.
"""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    text = "compare two states of a study: what changed, and which published numbers moved"
    made = command(commands, "diff", text, run, epilog=EPILOG)
    made.add_argument("old", metavar="OLD", help="folder, workbook, REV or REV:path/of/study")
    made.add_argument("new", nargs="?", default="data", metavar="NEW",
                      help="the same (data)")  # fmt: skip
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="write the comparison as JSON")
    form.add_argument("--markdown", action="store_true", help="write lines for a changelog")
    made.add_argument("--exit-code", action="store_true",
                      help="exit with 4 where the studies differ")  # fmt: skip
    made.add_argument("--allow-unresolved", action="store_true",
                      help="load although coders disagree on cells that nobody "
                      "adjudicated")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.compare import comparison
    from positions.compare import text as change_text

    beside = next((path for path in (options.new, options.old) if os.path.lexists(path)), "data")
    sides: list[Edition] = []
    for given in (options.old, options.new):
        with contextlib.suppress(CommandRefused):  # the errors of the other are printed, too
            sides.append(edition(options, given, beside))
    if len(sides) < 2:
        return DATA
    old, new = sides
    found = comparison.compare(old, new)
    form = (
        comparison.as_json
        if options.json
        else change_text.as_markdown if options.markdown else change_text.as_text
    )  # fmt: skip
    say(form(found))
    return DIFFER if options.exit_code and not found.same else GOOD
