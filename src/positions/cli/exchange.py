"""The commands `positions import` and `positions export`."""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from positions.exchange.formats import Choices
    from positions.exchange.mapping import Declared
    from positions.exchange.merge import Taken
    from positions.study.problems import Problem

GOOD, DATA = 0, 1
IMPORTS = ("coder", "dna", "refi-qda", "polis")
EXPORTS = ("csv", "graphml", "refi-qda", "codebook", "polis")
_SHOWN = 20
"""Things not carried that are printed; a file lists them all."""


def add(commands: Any) -> None:
    """Add both commands to the parser."""
    text = "codings from another tool's file into a study"
    command = commands.add_parser("import", help=text, description=text)
    command.set_defaults(run=_import, parser=command)
    command.add_argument("format", choices=IMPORTS)
    command.add_argument("file", type=pathlib.Path, metavar="FILE",
                         help="the file; for polis, the folder of its CSV files")  # fmt: skip
    command.add_argument("study", nargs="?", type=pathlib.Path, default=pathlib.Path("data"),
                         metavar="STUDY", help="study folder (data), made if absent")  # fmt: skip
    _declarations(command)
    _manner(command)
    text = "a study in another tool's format"
    command = commands.add_parser("export", help=text, description=text)
    command.set_defaults(run=_export, parser=command)
    command.add_argument("format", choices=EXPORTS)
    command.add_argument("study", nargs="?", default="data", metavar="STUDY",
                         help="study folder (data)")  # fmt: skip
    command.add_argument("--out", type=pathlib.Path, required=True, metavar="PATH",
                         help="file to write; a folder for graphml and polis")  # fmt: skip
    command.add_argument("--texts", type=pathlib.Path, metavar="DIR",
                         help="folder of stored texts, for refi-qda")  # fmt: skip
    command.add_argument("--replace", action="store_true", help="write over other files")
    command.add_argument("--allow-unresolved", action="store_true",
                         help="leave out cells on which coders disagree")  # fmt: skip


def _declarations(command: argparse.ArgumentParser) -> None:
    """Add the options for what the file does not say."""
    for option, metavar, text in (
        ("--stance", "WORD=CODE", "the code, -2 to 2 or none, of a word such as yes, no, agree"),
        ("--fact", "TABLE.COLUMN=VALUE", "what every empty cell of a column is to hold"),
    ):
        command.add_argument(option, action="append", default=[], metavar=metavar, help=text)
    for option, text in (
        ("--map", "CSV of table,name,column,value: ids, facts, what codes mean"),
        ("--phrases", "CSV of where,quote: words chosen from statements too long to quote"),
    ):
        command.add_argument(option, action="append", default=[], type=pathlib.Path,
                             metavar="FILE", help=text)  # fmt: skip


def _manner(command: argparse.ArgumentParser) -> None:
    """Add the options for how the file is read and what becomes of it."""
    for option, metavar, text in (
        ("--coder", "NAME", "coder: who coded, where the file does not say"),
        ("--body", "VARIABLE", "dna: the variable that holds the body (organization)"),
        ("--proposition", "VARIABLE", "dna: the variable that holds the proposition (concept)"),
        ("--agreement", "VARIABLE", "dna: the variable that holds the stance (agreement)"),
        ("--statement-type", "NAME", "dna: the type of statement to read"),
    ):
        command.add_argument(option, default="", metavar=metavar, help=text)
    command.add_argument("--agree", type=int, choices=(1, -1),
                         help="polis: the sign of an agreeing vote in votes.csv")  # fmt: skip
    for option, text in (
        ("--lenient", "coder: headers in any case; further columns are left, and listed"),
        ("--trust-offsets", "refi-qda: count as the standard says where nothing confirms it"),
        ("--as-bodies", "polis: make each participant a body"),
        ("--replace", "let the file's codings take the place of the study's"),
        ("--incomplete", "write although cells must still be filled in"),
        ("--allow-unresolved", "write although coders now disagree"),
        ("--dry-run", "say what would happen, and write nothing"),
    ):
        command.add_argument(option, action="store_true", help=text)
    command.add_argument("--lost", type=pathlib.Path, metavar="FILE",
                         help="write what was not carried to this CSV file")  # fmt: skip
    command.add_argument("--texts", type=pathlib.Path, metavar="DIR",
                         help="write the texts that the file holds into this folder")  # fmt: skip


# --- import --------------------------------------------------------------------------------


def _import(options: argparse.Namespace) -> int:
    from positions._files import SwitchError
    from positions.exchange import formats, merge
    from positions.exchange.imported import lost_table

    taken, texts = formats.bring(
        options.format, options.file, options.study, _declared(options), _choices(options)
    )
    try:
        if options.lost:
            _file(options.lost, lost_table(taken.lost), replace=True)
        refused = _refused(options, taken)
        if not refused and not options.dry_run:
            if options.texts:
                _folder(options.texts, {f"{k}.txt": v for k, v in texts.items()}, options.replace)
            merge.write(options.study, taken)
    except (SwitchError, OSError) as error:
        print(f"positions: nothing was written: {error}", file=sys.stderr)
        return DATA
    _lost(taken.lost, options.lost)
    print(_verdict(options, taken, refused))
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


def _choices(options: argparse.Namespace) -> Choices:
    from positions.exchange.dna.importer import Variables
    from positions.exchange.formats import Choices

    named = {"body": options.body, "proposition": options.proposition,
             "stance": options.agreement, "kind": options.statement_type}  # fmt: skip
    return Choices(
        coder=options.coder,
        lenient=options.lenient,
        variables=Variables(**{name: value for name, value in named.items() if value}),
        trust_offsets=options.trust_offsets,
        agree=options.agree,
        as_bodies=options.as_bodies,
        replace=options.replace,
        unresolved=options.allow_unresolved,
    )


def _refused(options: argparse.Namespace, taken: Taken) -> bool:
    """Say whether nothing may be written, and why."""
    conflicts = [] if options.replace else taken.conflicts
    _complain(taken.problems)
    _complain(conflicts)
    if taken.to_fill:
        print("Still to be filled in:", file=sys.stderr)
        _complain(taken.to_fill)
    return bool(taken.problems or conflicts or (taken.to_fill and not options.incomplete))


def _complain(problems: Sequence[Problem]) -> None:
    from positions.study.problems import as_text, in_order

    if problems:
        print(as_text(in_order(problems), colour=sys.stderr.isatty()), file=sys.stderr)


def _lost(lost: Sequence[Problem], file: pathlib.Path | None) -> None:
    from positions.study.problems import as_text

    if lost:
        print(as_text(lost[:_SHOWN]))
    if len(lost) > _SHOWN:
        where = f"{file} lists all {len(lost)}" if file else "--lost FILE lists them all"
        print(f"... and {len(lost) - _SHOWN} more: {where}")


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


# --- export --------------------------------------------------------------------------------


def _export(options: argparse.Namespace) -> int:
    from positions._files import SwitchError
    from positions.exchange import formats
    from positions.study import load, quotes
    from positions.study.problems import ERROR

    loaded, problems = load.check(options.study, allow_unresolved=options.allow_unresolved)
    if loaded is None:
        _complain([problem for problem in problems if problem.severity == ERROR])
        print(f"{options.study}: the study is refused; nothing was done.", file=sys.stderr)
        return DATA
    if options.texts is not None and not options.texts.is_dir():
        options.parser.error(f"--texts: {options.texts} is not a folder")
    texts = quotes.texts(options.texts, loaded.sources) if options.texts else {}
    files = formats.export(loaded, options.format, texts)
    try:
        if "" in files:
            _file(options.out, files[""], options.replace)
        else:
            _folder(options.out, files, options.replace)
    except (SwitchError, OSError) as error:
        print(f"positions: nothing was written: {error}", file=sys.stderr)
        return DATA
    if options.texts:
        whole = formats.coded(loaded, texts)
        print(f"{len(whole)} of {len(loaded.sources)} sources with their texts.")
    print(f"{options.out}: written. Not carried: {formats.LEFT_OUT[options.format]}")
    return GOOD


# --- writing -------------------------------------------------------------------------------


def _file(path: pathlib.Path, raw: bytes, replace: bool) -> None:
    """Write one file in one step; a file that holds anything else stays, unless asked for."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is not a regular file")
    if path.exists() and path.read_bytes() != raw and not replace:
        raise OSError(f"{path} is there already, and differs; name another, or say --replace")
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as new:
        new.write(raw)
    os.chmod(new.name, 0o644)
    os.replace(new.name, path)


def _folder(path: pathlib.Path, files: Mapping[str, bytes], replace: bool) -> None:
    """Write files into a folder, all or none; whatever else is there stays."""
    from positions._files import revising

    for name, raw in files.items():
        there = path / name
        if there.exists() and not replace and there.read_bytes() != raw:
            raise OSError(f"{there} is there already, and differs; name another, or say --replace")
    with revising(path) as fresh:
        for name, raw in files.items():
            (fresh / name).write_bytes(raw)
