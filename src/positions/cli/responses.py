"""The command `positions responses`: individual responses, counted and set beside the bodies."""

from __future__ import annotations

import argparse
import pathlib
from typing import TYPE_CHECKING, Any

from positions.cli.common import DATA, GOOD, command, complain, reason, say, study_of, study_options

if TYPE_CHECKING:
    from positions.study.load import Study


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "responses", "count individual responses beside the bodies", run,
                   extra="report")  # fmt: skip
    study_options(made)
    made.add_argument("--from", dest="files", nargs="+", default=[], metavar="FILE",
                      help="CSV or Parquet files, or patterns (the study's own)")  # fmt: skip
    made.add_argument("--out", type=pathlib.Path, metavar="DIR",
                      help="folder for the tables and the rejected rows")  # fmt: skip
    made.add_argument("--model", metavar="ID", help="reference model (the study's own)")
    made.add_argument("--campaign-from", type=_count, default=10, metavar="N",
                      help="responses of one wording that make a campaign (10)")  # fmt: skip
    made.add_argument("--shortest", type=_count, default=40, metavar="N",
                      help="characters a text must have to be compared (40)")  # fmt: skip
    made.add_argument("--memory", default="128MB", metavar="SIZE",
                      help="what the database may hold in memory (128MB)")  # fmt: skip
    made.add_argument("--threads", type=_count, default=2, metavar="N",
                      help="threads of the database (2)")  # fmt: skip


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError, building
    from positions.responses.backend import NotResponses

    study = study_of(options)
    if study is None:
        return DATA
    model = options.model or study.reference_model
    if model not in set(study.model_positions["model_id"]):
        options.parser.error(f"--model: the study has no model {model!r} that takes positions")
    try:
        if options.out is None:
            return _counted(study, model, options, None)
        with building(options.out) as folder:
            return _counted(study, model, options, folder)
    except (NotResponses, SwitchError, OSError) as error:
        complain(f"positions: {reason(error)}")
        return DATA


def _counted(
    study: Study, model: str, options: argparse.Namespace, folder: pathlib.Path | None
) -> int:
    """Count the responses, print what they say, and write the tables into the folder."""
    from positions.present import response_summary
    from positions.responses import consultation
    from positions.responses.backend import NotResponses

    wanted = consultation.Counting(
        campaign_from=options.campaign_from,
        shortest=options.shortest,
        memory=options.memory,
        threads=options.threads,
        rejects=folder / "rejects.csv" if folder else None,
    )
    found = consultation.of_study(study, model, options.files, wanted)
    if found is None:
        raise NotResponses(
            f"{options.study}: no individual responses; questions.csv must say what was asked, and "
            "the answers lie in responses/ or are named by --from"
        )
    summary = response_summary.summary(study, model, found, wanted)
    say("\n".join(summary.sentences))
    if folder:
        response_summary.write(summary, folder)
        say(f"Tables and rejected rows: {options.out}")
    return GOOD
