"""The command `positions import`: codings from another tool's file into a study."""

from __future__ import annotations

import argparse
import pathlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, GOOD, command, complain, reason, say, show
from positions.cli.writing import write_file, write_folder

if TYPE_CHECKING:
    from positions.exchange.formats import ImportOptions
    from positions.exchange.mapping import Declared
    from positions.exchange.merge import Taken
    from positions.study.problems import Problem

FORMATS = ("coder", "dna", "refi-qda", "polis")
_SHOWN = 20
"""Things not carried that are printed; a file lists them all."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "import", "codings from another tool's file into a study", run)
    made.add_argument("format", choices=FORMATS)
    made.add_argument("file", type=pathlib.Path, metavar="FILE",
                      help="the file; for polis, the folder of its CSV files")  # fmt: skip
    made.add_argument("study", nargs="?", type=pathlib.Path, default=pathlib.Path("data"),
                      metavar="STUDY", help="study folder (data), made if absent")  # fmt: skip
    _declarations(made)
    _manner(made)


def _declarations(command: argparse.ArgumentParser) -> None:
    """Add the options for what the file does not say."""
    for option, metavar, text in (
        ("--stance", "WORD=CODE", "the code, -2 to 2 or none, of a word such as yes, no, agree"),
        ("--fact", "TABLE.COLUMN=VALUE", "what every empty cell of a column is to hold"),
    ):
        command.add_argument(option, action="append", default=[], metavar=metavar, help=text)
    for option, text in (
        ("--map", "CSV of table,name,column,value: ids, facts, what codes mean"),
        ("--phrases", "the list of --lost with words chosen in its column quote"),
    ):
        command.add_argument(option, action="append", default=[], type=pathlib.Path,
                             metavar="FILE", help=text)  # fmt: skip


def _manner(command: argparse.ArgumentParser) -> None:
    """Add the options for how the file is read and what becomes of it."""
    for option, metavar, text in (
        ("--coder", "NAME", "coder: who coded, where the file does not say"),
        ("--body", "VARIABLE", "dna, refi-qda: the variable that holds the body (organization)"),
        ("--proposition", "VARIABLE", "dna: the variable that holds the proposition (concept)"),
        ("--agreement", "VARIABLE", "dna: the variable that holds the stance (agreement)"),
        ("--statement-type", "NAME", "dna: the type of statement to read"),
    ):
        command.add_argument(option, default="", metavar=metavar, help=text)
    command.add_argument("--offsets", choices=("code-points", "utf-16"),
                         help="refi-qda, dna: how offsets count, if it is known")  # fmt: skip
    for option, numbers, text in (
        ("--crlf", (1, 2), "refi-qda, dna: what a line end of CR LF counts as"),
        ("--bom", (0, 1), "refi-qda: what a byte-order mark in front of a text counts as"),
    ):
        command.add_argument(option, type=int, choices=numbers, help=text)
    command.add_argument("--agree", type=int, choices=(1, -1),
                         help="polis: the sign of an agreeing vote in votes.csv")  # fmt: skip
    for option, text in (
        ("--lenient", "coder: headers in any case, names for ids, numbers and days as they show"),
        ("--sheets", "coder: each sheet is named by its coder"),
        ("--cases", "refi-qda: each case is a body"),
        ("--as-bodies", "polis: make each participant a body"),
        ("--replace", "let the file's codings take the place of the study's"),
        ("--incomplete", "write although cells must still be filled in"),
        ("--allow-unresolved", "write although coders now disagree"),
        ("--dry-run", "say what would happen, and write nothing"),
        ("--all", "write every problem out, however many of a kind there are"),
    ):
        command.add_argument(option, action="store_true", help=text)
    command.add_argument("--lost", type=pathlib.Path, metavar="FILE",
                         help="write what was not carried, whole, to this CSV file")  # fmt: skip
    command.add_argument("--texts", type=pathlib.Path, metavar="DIR",
                         help="write the texts that the file holds into this folder")  # fmt: skip


# --- what is done --------------------------------------------------------------------------


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError
    from positions.exchange import formats, merge
    from positions.exchange.imported import lost_table

    taken, texts = formats.bring(
        options.format, options.file, options.study, _declared(options), _options(options)
    )
    try:
        if options.lost:
            write_file(options.lost, lost_table(taken.lost), replace=True)
        refused = _refused(options, taken)
        if not refused and not options.dry_run:
            if options.texts:
                named = {f"{source_id}.txt": raw for source_id, raw in texts.items()}
                write_folder(options.texts, named, options.replace)
            merge.write(options.study, taken)
    except (SwitchError, OSError) as error:
        complain(f"positions: nothing was written: {reason(error)}")
        return DATA
    show(taken.notes)
    _lost(taken.lost, options.lost)
    say(_verdict(options, taken, refused))
    return DATA if refused else GOOD


def _declared(options: argparse.Namespace) -> Declared:
    from positions.exchange import mapping

    def contents(paths: Sequence[pathlib.Path], option: str) -> dict[str, bytes]:
        try:
            return {path.name: path.read_bytes() for path in paths}
        except OSError as error:
            options.parser.error(f"{option}: {error.filename}: {error.strerror}")
            raise

    maps, phrases = contents(options.map, "--map"), contents(options.phrases, "--phrases")
    return mapping.read_declarations(maps, phrases, options.fact, options.stance)


def _options(options: argparse.Namespace) -> ImportOptions:
    from positions.exchange.coder_files import CoderOptions
    from positions.exchange.dna.importer import Variables
    from positions.exchange.formats import ImportOptions
    from positions.exchange.offsets import DeclaredCounting
    from positions.exchange.refi_qda.importer import ProjectOptions

    named = {"body": options.body, "proposition": options.proposition,
             "stance": options.agreement, "kind": options.statement_type}  # fmt: skip
    return ImportOptions(
        coder=CoderOptions(options.coder, options.sheets, options.lenient),
        project=ProjectOptions(options.cases, options.body),
        counts=DeclaredCounting(
            utf16=None if options.offsets is None else options.offsets == "utf-16",
            crlf_as_one=None if options.crlf is None else options.crlf == 1,
            mark=None if options.bom is None else options.bom == 1,
        ),
        variables=Variables(**{name: value for name, value in named.items() if value}),
        agree=options.agree,
        as_bodies=options.as_bodies,
        replace=options.replace,
        unresolved=options.allow_unresolved,
    )


def _refused(options: argparse.Namespace, taken: Taken) -> bool:
    """Say whether nothing may be written, and why."""
    from positions.study.problems import in_order

    conflicts = [] if options.replace else taken.conflicts
    for problems in (taken.problems, conflicts):
        show(in_order(problems), errors=True, whole=options.all, hint=" (--all lists them)")
    if taken.to_fill:
        complain("Still to be filled in:")
        show(in_order(taken.to_fill), errors=True, whole=options.all, hint=" (--all lists them)")
    return bool(taken.problems or conflicts or (taken.to_fill and not options.incomplete))


def _lost(lost: Sequence[Problem], file: pathlib.Path | None) -> None:
    show(lost[:_SHOWN])
    if len(lost) > _SHOWN:
        where = f"{file} lists all {len(lost)}" if file else "--lost FILE lists them all"
        say(f"... and {len(lost) - _SHOWN} more: {where}")


def _verdict(options: argparse.Namespace, taken: Taken, refused: bool) -> str:
    def listed(numbers: Mapping[str, int]) -> str:
        return ", ".join(f"{number} {name}" for name, number in numbers.items() if number)

    left = f"{len(taken.lost)} things were not carried"
    if refused:
        wait = " (--incomplete writes all the same)" if taken.to_fill and not (
            taken.problems or (taken.conflicts and not options.replace)) else ""  # fmt: skip
        return f"{options.study}: nothing was written{wait}; {left}."
    said = [f"{listed(numbers)} {what}" for numbers, what in (
        (taken.added, "added"), (taken.replaced, "replaced"), (taken.same, "there already"),
    ) if listed(numbers)]  # fmt: skip
    if options.dry_run:
        said.append("nothing was written: --dry-run")
    return f"{options.study}: {'; '.join([*said, left])}."
