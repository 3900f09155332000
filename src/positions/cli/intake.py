"""The command `positions add`: a document into a study, as a source with its text."""

from __future__ import annotations

import argparse
import pathlib
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, GOOD, USAGE, command, complain, reason, refuse, say

if TYPE_CHECKING:
    from positions.reading.intake import Document
    from positions.study.holdings import Holdings

TEXT = "a PDF, Word, HTML, Markdown or text file into a study, as a source with its text"
EPILOG = """\
What a file cannot say is asked for on a terminal; elsewhere it is named in one error.

examples:
  positions add STUDY answer.pdf --body alpha
  positions add STUDY answer.pdf --body alpha --title "Our answer" --published 2021-03-05 \\
    --published-basis shown --kind letter --phase proposal
  pdftotext answer.pdf - | positions add STUDY - --body alpha --title ..."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    from positions.reading import facts

    made = command(commands, "add", TEXT, run, epilog=EPILOG)
    made.add_argument("study", type=pathlib.Path, metavar="STUDY", help="the study's folder")
    made.add_argument("file", metavar="FILE", help="the document; - reads standard input")
    made.add_argument("--body", required=True, metavar="ID", help="whom it is by, or about")
    made.add_argument("--id", default="", metavar="ID",
                      help="the source's id (body and date)")  # fmt: skip
    made.add_argument("--text-of", default="", metavar="ID",
                      help="it is the text of this source, which the study has without "
                      "one")  # fmt: skip
    for name, text in {**facts.ASKED, **facts.MAY_SAY}.items():
        made.add_argument(f"--{name.replace('_', '-')}", default="", metavar="TEXT", help=text)
    made.add_argument("--texts", type=pathlib.Path, metavar="DIR",
                      help="folder of stored texts (STUDY/texts)")  # fmt: skip
    made.add_argument("--encoding", default="", metavar="NAME",
                      help="convert a text from this encoding to UTF-8")  # fmt: skip
    made.add_argument("--dry-run", action="store_true", help="say what would be, write nothing")


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError
    from positions.reading import intake
    from positions.reading.extracts import NotRead

    texts = options.texts or options.study / "texts"
    try:
        base = intake.opened(options.study, options.body)
        document = _document(options)
        if options.text_of:
            addition = intake.text_of(base, document, options.text_of, options.body, texts)
        else:
            facts = _facts(options, base, document)
            if facts is None:
                return USAGE
            addition = intake.prepared(base, document, facts, texts)
        if addition.problems:
            refuse(addition.problems, f"{options.study}: nothing was added.")
        if not (addition.known or options.dry_run):
            intake.write(options.study, addition, texts)
    except NotRead as error:
        complain(f"positions: {_name(options)}: {error}")
        return DATA
    except (intake.NotAdded, SwitchError, OSError) as error:
        complain(f"positions: nothing was added: {reason(error)}")
        return DATA
    lines = intake.told(addition, document, texts)
    if options.dry_run:
        lines.append("Nothing was written: --dry-run.")
    say("\n".join(lines))
    return GOOD


def _name(options: argparse.Namespace) -> str:
    return "standard input" if options.file == "-" else pathlib.Path(options.file).name


def _document(options: argparse.Namespace) -> Document:
    """Read the file, no more of it than may be read, and its text."""
    from positions.reading import documents, intake
    from positions.study.csv_reader import allowed

    limits = allowed()
    most = limits.document_bytes + 1  # one more tells that it is too many
    if options.file == "-":
        raw = sys.stdin.buffer.read(most)
    else:
        with open(options.file, "rb") as file:
            raw = file.read(most)
    return intake.Document(_name(options), raw, documents.extract(raw, limits, options.encoding))


# --- what the file cannot say --------------------------------------------------------------


def _facts(
    options: argparse.Namespace, base: Holdings, document: Document
) -> Mapping[str, str] | None:
    """Gather the facts; None once those that nobody said are named."""
    from positions.reading import intake
    from positions.reading.facts import ASKED, MAY_SAY

    facts = {name: getattr(options, name) for name in (*ASKED, *MAY_SAY)}
    facts |= {"body_id": options.body, "source_id": options.id}
    lack = intake.missing(facts, document)
    if lack and options.file != "-" and sys.stdin.isatty() and sys.stderr.isatty():
        facts |= _asked(lack, base, document)
        lack = intake.missing(facts, document)
    if lack:
        needs = "\n".join(
            f"  {_option(name)}  {intake.hint(name, base, document)}" for name in lack
        )
        complain(f"positions: {_name(options)}: nothing was added; say what the file does "
                 f"not:\n{needs}")  # fmt: skip
        return None
    return facts


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}".ljust(18)


def _asked(lack: Sequence[str], base: Holdings, document: Document) -> dict[str, str]:
    """Ask on the terminal for what is missing; an empty answer leaves it missing."""
    from positions.cli.common import escaped
    from positions.reading import intake

    answers = {}
    for name in lack:
        print(escaped(f"{name}: {intake.hint(name, base, document)}"), file=sys.stderr)
        try:
            answers[name] = input("> ").strip()
        except EOFError:
            break
    return answers
