"""The command `positions report`: run the notebooks on a study and build its static site."""

from __future__ import annotations

import argparse
import pathlib
from typing import TYPE_CHECKING, Any

from positions.cli.common import (
    BUILD,
    GOOD,
    CommandRefused,
    command,
    complain,
    edition,
    folder,
    reason,
    refuse,
    say,
    study_of,
    study_options,
)

if TYPE_CHECKING:
    from positions.compare.git import Edition
    from positions.site.options import Options
    from positions.study.load import Study


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "report", "run the notebooks on a study and build its static site",
                   run, extra="report")  # fmt: skip
    study_options(made)
    made.add_argument("--out", type=pathlib.Path, default=pathlib.Path("site"), metavar="DIR",
                      help="folder for the site (site)")  # fmt: skip
    made.add_argument("--notebooks", type=pathlib.Path, metavar="DIR",
                      help="folder of the notebooks (notebooks)")  # fmt: skip
    made.add_argument("--texts", type=folder, metavar="DIR",
                      help="folder of stored texts to check the phrases against")  # fmt: skip
    made.add_argument("--model", metavar="ID", help="reference model (the study's own)")
    made.add_argument("--as-of", metavar="DATE", help="count sources up to this date only")
    made.add_argument("--evidence", nargs="+", metavar="CLASS",
                      choices=["stated", "implied", "reported"],
                      default=["stated", "implied", "reported"],
                      help="classes that count: stated implied reported")  # fmt: skip
    made.add_argument("--all-sources", action="store_true",
                      help="count sources that repeat another's wording, too")  # fmt: skip
    made.add_argument("--since", metavar="OLD",
                      help="show what changed since OLD: a folder, a workbook, REV or "
                      "REV:path/of/study")  # fmt: skip
    made.add_argument(
        "--interactive",
        action="store_true",
        help="add a page on which a reader moves the weights: the one with a script",
    )
    made.add_argument("--cell-seconds", type=int, default=120, metavar="N",
                      help="time limit of a notebook cell (120)")  # fmt: skip
    made.add_argument("--build-seconds", type=int, default=1800, metavar="N",
                      help="time limit of all notebooks together (1800)")  # fmt: skip
    made.add_argument("--output-megabytes", type=int, default=50, metavar="N",
                      help="how much a notebook may put out (50)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.site.notebook_files import BuildError, shipped

    options.notebooks = options.notebooks or shipped()
    if not options.notebooks.is_dir():
        options.parser.error(f"--notebooks: {options.notebooks} is not a folder")
    complain(f"{options.study} is read, and libraries are loaded")
    from positions._files import SwitchError
    from positions.site import build
    from positions.site.options import OptionsError
    from positions.study.problems import StudyError

    since = edition(options, options.since, options.study) if options.since else None
    try:
        build.build_read(lambda: _study(options), options.out, _wanted(options, since), complain)
    except OptionsError as error:
        options.parser.error(str(error))
    except StudyError as error:
        refuse(error.problems, f"{options.study}: not all stands in the texts as the tables say; "
               "nothing was done.")  # fmt: skip
    except (BuildError, SwitchError, OSError) as error:
        complain(f"positions: the report was not built: {reason(error)}")
        if (options.out / "index.html").exists():
            complain(f"{options.out} holds the last good report, as it was")
        return BUILD
    page = options.out / "index.html"
    say(f"{page} is the report. To open it: {page.absolute().as_uri()}")
    return GOOD


def _answered(study: Study) -> bool:
    """Say whether a study has answers of individual respondents, be they readable or not."""
    from positions.responses import study_files
    from positions.responses.backend import NotResponses

    try:
        return bool(study_files.files_of(study))
    except NotResponses:
        return True  # the notebook on responses says why not


def _study(options: argparse.Namespace) -> Study:
    """Read the study, or print why it cannot be reported on and end."""
    study = study_of(options)
    if study.codings.empty and not _answered(study):
        complain(f"{options.study}: nothing is coded yet, so there is nothing to report: add the "
                  "readings to codings.csv, or answers to responses/.\n`positions check` names "
                  "every table that is still empty; `positions new` writes a README with the "
                  "order.")  # fmt: skip
        raise CommandRefused
    return study


def _wanted(options: argparse.Namespace, since: Edition | None) -> Options:
    """Gather how the report is to be made."""
    from positions.site.kernels import Limits
    from positions.site.options import Options

    return Options(
        notebooks=options.notebooks,
        model=options.model,
        as_of=options.as_of,
        evidence=options.evidence,
        texts=options.texts,
        allow_unresolved=options.allow_unresolved,
        independent=not options.all_sources,
        interactive=options.interactive,
        limits=Limits(
            cell_seconds=options.cell_seconds,
            build_seconds=options.build_seconds,
            output_bytes=options.output_megabytes * 1_000_000,
        ),
        since=since,
    )
