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
    made.add_argument("--map", type=pathlib.Path, metavar="FILE",
                      help="what columns and words mean; written to fill in where it is not "
                      "there (the study's own, responses/map.csv)")  # fmt: skip
    made.add_argument("--tolerate", type=_share, default=0.05, metavar="SHARE",
                      help="rows that may be damaged, and answers to a question that may be "
                      "unknown, before the run stops (0.05)")  # fmt: skip
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


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError, building
    from positions.responses.backend import NotResponses

    study = study_of(options)
    model = options.model or study.reference_model
    if model and model not in set(study.model_positions["model_id"]):
        options.parser.error(f"--model: the study has no model {model!r} that takes positions")
    try:
        if options.map is not None and not options.map.exists():
            return _map_begun(study, options)
        if options.out is None:
            return _counted(study, model, options, None)
        with building(options.out) as folder:
            return _counted(study, model, options, folder)
    except (NotResponses, SwitchError, OSError) as error:
        complain(f"positions: {reason(error)}")
        return DATA


def _map_begun(study: Study, options: argparse.Namespace) -> int:
    """Write a map of the files for the analyst to fill in."""
    from positions.responses import drafts, files, layouts, mapping, questions

    if not options.files:
        options.parser.error(f"--map: {options.map} is not there; name by --from what to map")
    path = files.found(options.files)[0]
    rows = drafts.begun(path, layouts.find_layout(path), questions.survey(study.questions))
    drafts.write(options.map, rows)
    say(
        f"{options.map} is written, with the columns and words of {path}. Fill in `use` (a "
        f"question_id, or one of {', '.join(layouts.USES)}) and `code` (-2 to 2, or "
        f"{mapping.SILENCE}), and run the command again; nothing was counted."
    )
    return DATA


def _counted(
    study: Study, model: str, options: argparse.Namespace, folder: pathlib.Path | None
) -> int:
    """Count the responses, print what they say, and write the tables into the folder."""
    from positions.measures.analysis import analyse
    from positions.present import response_summary
    from positions.responses import consultation
    from positions.responses.backend import NotResponses
    from positions.responses.respondents import respondents

    wanted = consultation.CountOptions(
        campaign_from=options.campaign_from,
        shortest=options.shortest,
        memory=options.memory,
        threads=options.threads,
        tolerated=options.tolerate,
        map=options.map,
        rejects=folder / "rejects.csv" if folder else None,
    )
    found = respondents(analyse(study, model=model or None), options.files, wanted)
    if not found.number:
        raise NotResponses(
            f"{options.study}: no individual responses; questions.csv must say what was asked, and "
            "the answers lie in responses/ or are named by --from"
        )
    summary = response_summary.summary(found, wanted.campaign_from)
    say("\n".join(summary.sentences))
    if folder:
        response_summary.write(summary, folder)
        say(f"Tables and rejected rows: {options.out}")
    return GOOD
