"""The command `positions export`: a study in another tool's format."""

from __future__ import annotations

import argparse
import pathlib
from typing import Any

from positions.cli.common import DATA, GOOD, command, complain, folder, reason, say, study_of
from positions.cli.writing import write_file, write_folder

FORMATS = ("csv", "graphml", "refi-qda", "codebook", "polis")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "export", "a study in another tool's format", run)
    made.add_argument("format", choices=FORMATS)
    made.add_argument("study", nargs="?", default="data", metavar="STUDY",
                      help="study folder (data)")  # fmt: skip
    made.add_argument("--out", type=pathlib.Path, required=True, metavar="PATH",
                      help="file to write; a folder for graphml and polis")  # fmt: skip
    made.add_argument("--texts", type=folder, metavar="DIR",
                      help="folder of stored texts, for refi-qda")  # fmt: skip
    made.add_argument("--replace", action="store_true", help="write over other files")
    made.add_argument("--allow-unresolved", action="store_true",
                      help="leave out cells on which coders disagree")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError
    from positions.auditing import sentences
    from positions.auditing.audit import audit
    from positions.exchange import formats
    from positions.study import quotes

    loaded = study_of(options)
    texts = quotes.texts(options.texts, loaded.sources) if options.texts else {}
    files = formats.export(loaded, options.format, texts)
    try:
        if "" in files:
            write_file(options.out, files[""], options.replace)
        else:
            write_folder(options.out, files, options.replace)
    except (SwitchError, OSError) as error:
        complain(f"positions: nothing was written: {reason(error)}")
        return DATA
    say(sentences.checked(audit(loaded)))
    if options.texts:
        whole = formats.coded(loaded, texts)
        say(f"{len(whole)} of {len(loaded.sources)} sources with their texts.")
    say(f"{options.out}: written. Not carried: {formats.LEFT_OUT[options.format]}")
    return GOOD
