"""The command `positions verify`: every phrase of a study against the stored source texts."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, GOOD, command, folder, refuse, say, show

if TYPE_CHECKING:
    import pandas as pd

    from positions.study.load import Study

TEXT = "compare every phrase with the stored source texts"
ABSENT = """\
{phrases} phrases not verified here: texts absent ({missing} of {sources} sources).
The texts are other people's and are not shipped. Get them from their publishers
(title, publisher and date stand in sources.csv), store each as <source_id>.txt in one
folder, and run: positions verify --texts FOLDER"""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "verify", TEXT, run)
    made.add_argument("study", nargs="?", default="data", metavar="STUDY",
                      help="study folder or .xlsx file (data)")  # fmt: skip
    made.add_argument("--texts", type=folder, metavar="DIR",
                      help="folder of stored texts, one <source_id>.txt a source")  # fmt: skip
    made.add_argument("--all", action="store_true",
                      help="write every problem out, however many of a kind there are")  # fmt: skip
    made.add_argument("--require", action="store_true", help="fail where a text is not there")
    made.add_argument("--accept-moves", action="store_true",
                      help="write new offsets for phrases that moved and stand in their text "
                      "exactly once")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.study import quotes, verification

    study = _study(options)
    stored = quotes.texts(options.texts, study.sources) if options.texts else {}
    if options.accept_moves:
        study = _accepted(options, study, quotes.verify(study.codings, stored))
    found = verification.problems(study, stored)
    show(found, whole=options.all, hint=" (--all lists them)")
    models, outcomes = verification.models(study, stored), verification.outcomes(study, stored)
    for whose, results in (("the models", models["result"]), ("the outcomes", outcomes["result"])):
        if checked := int(results.isin(["found", "gone"]).sum()):
            stand = int((results == "found").sum())
            say(f"{stand} of {checked} phrases of {whose} stand in the stored texts.")
    told = outcomes.merge(study.sources, on="source_id")
    if opening := int(((told["result"] == "absent") & (told["text_seen"] == "opening")).sum()):
        say(f"{opening} phrases of the outcomes come from texts of which only the opening was "
            "seen: no text to check them against.")  # fmt: skip
    whole = quotes.verify_texts(study.sources, stored)
    absent = _counted(whole, quotes.verify(study.codings, stored))
    return DATA if found or (options.require and absent) else GOOD


def _study(options: argparse.Namespace) -> Study:
    """Read the study, whatever of its lengths, hashes and places is still to be found out."""
    from positions.study import load

    loaded, problems = load.check(options.study, verifying=True)
    if loaded is None:
        refuse(problems, f"{options.study}: the study is refused; nothing was verified.")
    return loaded


def _accepted(options: argparse.Namespace, study: Study, phrases: pd.DataFrame) -> Study:
    """Write the offsets of phrases that moved, and read the study again."""
    from positions.study import quotes

    if not study.folder.is_dir():
        options.parser.error("--accept-moves writes into a folder's codings.csv, not into .xlsx")
    file, _ = study.places["codings"]
    changed = quotes.accept_moves(study.folder / file, phrases)
    say(f"{changed} phrases have new offsets in {file}; look at the difference.")
    return _study(options)


def _counted(whole: pd.DataFrame, phrases: pd.DataFrame) -> bool:
    """Say how many phrases were verified and how many not; tell whether a text is missing.

    Only the texts of sources that were read whole can be asked for.
    """
    seen = phrases["source_id"].map(whole.set_index("source_id")["text_seen"])
    absent = phrases["result"] == "absent"
    if opening := int((absent & (seen != "whole")).sum()):
        say(f"{opening} phrases come from texts of which only the opening was seen: no text to "
            "check them against.")  # fmt: skip
    if checked := int((~absent).sum()):
        found = int((phrases["result"] == "found").sum())
        say(f"{found} of {checked} phrases stand in the stored texts at their offsets.")
    asked = whole[whole["text_seen"] == "whole"]
    missing = int((asked["result"] == "absent").sum())
    if unverified := int((absent & (seen == "whole")).sum()):
        say(ABSENT.format(phrases=unverified, missing=missing, sources=len(asked)))
    return bool(missing or unverified)
