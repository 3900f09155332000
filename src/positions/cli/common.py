"""What the commands share: exit codes, options, complaints, and a study or its errors."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import pathlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, NoReturn

from positions.study.unicode_checks import visible

if TYPE_CHECKING:
    from positions.compare.git import Edition
    from positions.study.load import Study
    from positions.study.problems import Problem

GOOD, DATA, USAGE, BUILD, DIFFER = 0, 1, 2, 3, 4
Run = Callable[[argparse.Namespace], int]


# --- the command line ----------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """A parser whose errors cannot move the cursor of the terminal."""

    def error(self, message: str) -> NoReturn:
        """Print the usage and an error, and exit with 2."""
        super().error(visible(message, 1_000))


def command(
    commands: Any, name: str, text: str, run: Run, *, extra: str = "", epilog: str = ""
) -> argparse.ArgumentParser:
    """Add a command that does `run` and needs what is in `extra`."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text, epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    made.set_defaults(run=run, parser=made, extra=extra)
    made.add_argument("--limit", action="append", default=[], metavar="NAME=NUMBER",
                      help="allow more than the limit that an error names")  # fmt: skip
    return made


@contextlib.contextmanager
def raised_limits(options: argparse.Namespace) -> Iterator[None]:
    """Raise the limits on what is read, for this run and the processes that it starts."""
    from positions.study import csv_reader

    before = os.environ.get(csv_reader.SETTING)
    try:
        if options.limit:
            os.environ[csv_reader.SETTING] = " ".join(options.limit)
        try:
            csv_reader.allowed()
        except ValueError as error:
            options.parser.error(f"--limit: {error}")
        yield
    finally:
        if before is not None:
            os.environ[csv_reader.SETTING] = before
        elif options.limit:
            del os.environ[csv_reader.SETTING]


def study_options(made: argparse.ArgumentParser) -> None:
    """Add the study that a command is about, and whether open disagreements are let pass."""
    made.add_argument("study", nargs="?", default="data", metavar="STUDY",
                      help="study folder or .xlsx file (data)")  # fmt: skip
    made.add_argument("--allow-unresolved", action="store_true",
                      help="load although coders disagree on cells that nobody "
                      "adjudicated")  # fmt: skip


def folder(named: str) -> pathlib.Path:
    """Return the folder that an option names; it must be there."""
    found = pathlib.Path(named)
    if not found.is_dir():
        raise argparse.ArgumentTypeError(f"{named} is not a folder")
    return found


def lacking(extra: str, package: str = "positions") -> str:
    """Say what to install where packages of an extra are missing; nothing where none is.

    The package's own metadata lists what an extra holds. Where it is not installed at all, as
    with `PYTHONPATH=src`, nothing can be said.
    """
    from importlib import metadata

    try:
        listed = metadata.requires(package) or []
    except metadata.PackageNotFoundError:
        return ""
    of_extra = [line for line in listed if re.search(rf"extra == ['\"]{extra}['\"]", line)]
    missing = [name for line in of_extra if not _is_there(name := re.split(r"[^\w.-]", line)[0])]
    if not missing:
        return ""
    return f'this needs {", ".join(missing)}; run: pip install "{package}[{extra}]"'


def _is_there(distribution: str) -> bool:
    from importlib import metadata

    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


# --- what is printed -----------------------------------------------------------------------


def utf_8(*streams: IO[str]) -> None:
    """Write UTF-8 into files and pipes, whatever the system's encoding."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def escaped(text: str) -> str:
    r"""Show what a terminal would obey or hide as U+XXXX; line ends stay.

    >>> escaped("a\x1b[2J\nb")
    'a<U+001B>[2J\nb'
    """
    return "\n".join(visible(line, len(line) * 12 + 1) for line in text.split("\n"))


def say(text: str) -> None:
    """Print it on standard output, with nothing that a terminal would obey."""
    print(escaped(text))


def complain(text: str) -> None:
    """Print it on standard error, with nothing that a terminal would obey."""
    print(escaped(text), file=sys.stderr)


def reason(error: Exception) -> str:
    """Say what went wrong, of a file by its name first."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def show(
    problems: Iterable[Problem], *, errors: bool = False, whole: bool = False, hint: str = ""
) -> None:
    """Print problems, many of a kind folded unless `whole`, in colour on a terminal.

    They go to standard output; with `errors` to standard error.
    """
    from positions.study.problems import as_text

    stream = sys.stderr if errors else sys.stdout
    if found := list(problems):
        colour = stream.isatty() and "NO_COLOR" not in os.environ
        print(as_text(found, colour=colour, whole=whole, hint=hint), file=stream)


# --- studies -------------------------------------------------------------------------------


class CommandRefused(Exception):
    """The command ends with a problem in the data, which was printed."""


def study_of(options: argparse.Namespace) -> Study:
    """Read the study, or print its errors and end."""
    from positions.study import load

    loaded, problems = load.check(options.study, allow_unresolved=options.allow_unresolved)
    if loaded is None:
        refuse(problems, f"{options.study}: the study is refused; nothing was done.")
    return loaded


def refuse(problems: Iterable[Problem], sentence: str) -> NoReturn:
    """Print the errors among problems and what follows from them, and end."""
    from positions.study.problems import ERROR

    show((problem for problem in problems if problem.severity == ERROR), errors=True,
         hint=" (positions check --all lists them)")  # fmt: skip
    complain(sentence)
    raise CommandRefused


def edition(options: argparse.Namespace, given: str, beside: str) -> Edition:
    """Read one side of a comparison, or print its errors and end."""
    from positions.compare import git
    from positions.study.problems import StudyError

    try:
        return git.find_edition(given, beside, allow_unresolved=options.allow_unresolved)
    except git.RevisionError as error:
        return options.parser.error(str(error))  # type: ignore[no-any-return]
    except StudyError as error:
        refuse(error.problems, f"{given}: the study is refused; nothing was compared.")
