"""The command `positions`: begin, check, verify and compare studies, and build their report."""

from __future__ import annotations

import argparse
import hashlib
import pathlib
import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, GOOD, colour, study_of

if TYPE_CHECKING:
    import pandas as pd

    from positions.study.load import Study

BEGIN = "begin a study: a folder that passes check, with a README of what to fill in"

EPILOG = """\
examples:
  positions new water                   begin a study in the new folder water/
  positions new water --example         the same, with a small complete one to learn from
  positions check                       check the study in data/
  positions check STUDY --json          the same, for machines
  positions verify --texts texts        compare every phrase with the stored texts
  positions report --out site           build the report of data/ into site/
  positions responses --from 'answers/*.parquet' --out counted
  positions report STUDY --out site --as-of 2021-02-11 --evidence stated implied
  positions diff v0.1.0                 what changed in data/ since a git revision
  positions diff OLD NEW --markdown     lines for a changelog: which numbers moved, and why
  positions import dna debate.dna STUDY --stance yes=1 --stance no=-1
  positions export refi-qda STUDY --out study.qdpx

exit codes: 0 good, 1 a problem in the data, 2 wrong usage, 3 the report could not be built,
4 the studies differ (diff --exit-code)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        sys.stderr.close()
        return GOOD


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="positions",
        description="How far does each body agree with a reference model, and on what evidence?",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    from positions import __version__
    from positions.cli import diff as diff_command
    from positions.cli import exchange as exchange_command
    from positions.cli import report as report_command
    from positions.cli import responses as responses_command

    parser.add_argument("--version", action="version", version=f"positions {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    begin = commands.add_parser("new", help=BEGIN, description=BEGIN)
    begin.set_defaults(run=_new, parser=begin)
    _new_options(begin)
    for name, run, text in (
        ("check", _check, "check a study: every problem with its place and its fix"),
        ("verify", _verify, "compare every phrase with the stored source texts"),
        ("report", report_command.run, "run the notebooks on a study and build its static site"),
        (
            "responses",
            responses_command.run,
            "count individual responses beside the bodies",
        ),
    ):
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(run=run, parser=command)
        command.add_argument(
            "study", nargs="?", default="data", metavar="STUDY", help="study folder (data)"
        )
        command.add_argument(
            "--allow-unresolved",
            action="store_true",
            help="load although coders disagree on cells that nobody adjudicated",
        )
        {
            "check": _check_options,
            "verify": _verify_options,
            "report": report_command.add_options,
            "responses": responses_command.add_options,
        }[name](command)
    diff_command.add(commands)
    exchange_command.add(commands)
    return parser


def _new_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=pathlib.Path, metavar="DIR", help="a folder not there yet")
    command.add_argument("--title", default="", metavar="TEXT", help="the title (DIR's name)")
    command.add_argument("--name", default="", metavar="NAME",
                         help="the data package's name, in small letters (from DIR's)")  # fmt: skip
    command.add_argument("--example", action="store_true",
                         help="copy a small complete study, made up, with its texts")  # fmt: skip


def _check_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="write the problems as JSON")
    command.add_argument(
        "--digests",
        action="store_true",
        help="print the SHA-256 of each table's rows in order of key, as the assurance page does",
    )


def _verify_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--texts",
        type=pathlib.Path,
        metavar="DIR",
        help="folder of stored texts, one <source_id>.txt a source",
    )
    command.add_argument("--require", action="store_true", help="fail where a text is not there")
    command.add_argument(
        "--accept-moves",
        action="store_true",
        help="write new offsets for phrases that moved and stand in their text exactly once",
    )


def _new(options: argparse.Namespace) -> int:
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
    print(f"{options.folder} holds a study. {folder}/README.md says {shown}. Then:")
    print(f"  positions check {folder}\n  positions report {folder} --out site{when}")
    return GOOD


def _check(options: argparse.Namespace) -> int:
    from positions.study import load
    from positions.study.problems import as_json, as_text, count

    loaded, problems = load.check(options.study, allow_unresolved=options.allow_unresolved)
    if options.json:
        print(as_json(problems))
    else:
        if problems:
            print(as_text(problems, colour=colour()))
        verdict = "passes" if loaded else "is refused"
        print(f"{options.study}: the study {verdict}; {count(problems)}.")
        if options.digests and loaded:
            print(*(f"{digest}  {name}" for name, digest in loaded.digests.items()), sep="\n")
    return GOOD if loaded else DATA


def _verify(options: argparse.Namespace) -> int:
    from positions.study import quotes

    loaded = study_of(options)
    if loaded is None:
        return DATA
    if options.texts is not None and not options.texts.is_dir():
        options.parser.error(f"--texts: {options.texts} is not a folder")
    stored = quotes.texts(options.texts, loaded.sources) if options.texts else {}
    whole = quotes.verify_texts(loaded.sources, stored)
    phrases = quotes.verify(loaded.codings, stored)
    for source_id in whole.loc[whole["result"] == "changed", "source_id"]:
        print(_changed(source_id, stored[source_id]))
    if options.accept_moves:
        changed = quotes.accept_moves(pathlib.Path(options.study) / "codings.csv", phrases)
        print(f"{changed} phrases have new offsets in codings.csv; look at the difference.")
        phrases = quotes.verify(_again(options).codings, stored)
    for _, row in phrases[phrases["result"].isin(["moved", "gone"])].iterrows():
        print(_amiss(row))
    seen = phrases["source_id"].map(whole.set_index("source_id")["text_seen"])
    only = (phrases["result"] == "absent") & (seen != "whole")
    if only.any():
        print(f"{only.sum()} phrases come from texts of which only the opening was seen: no text "
              "to check them against.")  # fmt: skip
    return _verdict(options, whole[whole["text_seen"] == "whole"], phrases[~only]["result"])


def _changed(source_id: str, raw: bytes) -> str:
    """A stored text that is not the one that was coded, and what to write if it is to be."""
    return (
        f"{source_id}: the stored text is not the one that was coded. If the new text is the right "
        f"one, write characters {len(raw.decode('utf-8', 'replace'))} and sha256 "
        f"{hashlib.sha256(raw).hexdigest()} in sources.csv"
    )


def _again(options: argparse.Namespace) -> Study:
    """The study as it now stands in its folder."""
    from positions.study import load

    return load.read(options.study, allow_unresolved=options.allow_unresolved)


def _amiss(row: Mapping[str, Any]) -> str:
    cell = " / ".join(row[c] for c in ("body_id", "proposition_id", "source_id", "coder"))
    place = f"{row['start']}-{row['end']}"
    if row["result"] == "moved":
        return f"{cell}: moved: not at {place} but at {row['found_at']}: «{row['quote']}»"
    return f"{cell}: gone: nowhere in the text (was at {place}): «{row['quote']}»"


def _verdict(options: argparse.Namespace, texts: pd.DataFrame, phrases: pd.Series) -> int:
    """Print what was verified and what was not; return the exit code.

    `texts` are the sources that were read whole: only their texts can be asked for.
    """
    whole = texts["result"]
    absent, found = int((phrases == "absent").sum()), int((phrases == "found").sum())
    checked = len(phrases) - absent
    if checked:
        print(f"{found} of {checked} phrases stand in the stored texts at their offsets.")
    if absent:
        missing = int((whole == "absent").sum())
        print(
            f"{absent} phrases not verified here: texts absent ({missing} of {len(whole)} "
            "sources).\nThe texts are other people's and are not shipped. Get them from their "
            "publishers\n(title, publisher and date stand in sources.csv), store each as "
            "<source_id>.txt in one\nfolder, and run: positions verify --texts FOLDER"
        )
    required = options.require and bool(absent or (whole == "absent").any())
    if checked > found or (whole == "changed").any() or required:
        return DATA
    return GOOD


if __name__ == "__main__":
    sys.exit(main())
