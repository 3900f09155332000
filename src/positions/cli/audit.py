"""The command `positions audit`: plan checks, draw them, and say what they certify."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Any

from positions.cli.common import GOOD, command, complain, say, show, study_of, study_options

if TYPE_CHECKING:
    import pandas as pd

    from positions.auditing.audit import Audit
    from positions.auditing.drawing import Draw

TEXT = "plan and draw what people check, and say what their checks certify"
EPILOG = """\
docs/checking.md is a guide of one page for the person who checks.

examples:
  positions audit --plan                              how many checks certify which claim
  positions audit --draw 40 --blanks 15 --seed 7      draw 40 codes and 15 blanks
  positions audit --draw 60 --blanks 15 --seed 7      go on: 20 more codes
  positions audit                                     what the checks certify"""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "audit", TEXT, run, epilog=EPILOG)
    study_options(made)
    made.add_argument("--plan", action="store_true",
                      help="say how many clean checks certify what")  # fmt: skip
    made.add_argument("--draw", type=int, metavar="N",
                      help="draw until N codes are in the sample; add to samples.csv")  # fmt: skip
    made.add_argument("--seed", type=int, metavar="S", help="the number a draw begins with")
    made.add_argument("--heaviest", type=int, default=0, metavar="M",
                      help="take the M heaviest of the N for certain (0)")  # fmt: skip
    made.add_argument("--blanks", type=int, default=0, metavar="B",
                      help="draw B cells of whole texts where nothing was coded (0)")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions.auditing.audit import audit

    found = audit(study_of(options))
    if options.draw is not None:
        return _draw(options, found)
    if options.plan:
        _say_plan(found)
        return GOOD
    _say_audit(found)
    return GOOD


def _draw(options: argparse.Namespace, found: Audit) -> int:
    """Add what is still missing of a sample to the study's table."""
    from positions.auditing.drawing import CannotDraw, Draw, appended, draw
    from positions.cli.writing import write_file

    study = found.analysis.study
    if options.seed is None or options.seed < 0 or options.draw < 1:
        options.parser.error("--draw N --seed S: N from 1 up, and a whole number S from 0 up")
    if not study.folder.is_dir():
        options.parser.error("--draw writes samples.csv into a study's folder, not into .xlsx")
    wanted = Draw(options.draw, options.seed, options.heaviest, options.blanks)
    try:
        rows = draw(found.analysis, wanted, dt.date.today())
    except CannotDraw as error:
        options.parser.error(str(error))
    file, _ = study.places["samples"]
    if rows.empty:
        complain(f"{file}: this sample was drawn already ({len(study.samples)} cells); nothing was "
                 "written")  # fmt: skip
        return GOOD
    path = study.folder / file
    before = path.read_bytes() if path.exists() else b""
    write_file(path, appended(study, before, rows), replace=True)
    say(_drawn(rows, found, wanted, file))
    return GOOD


def _drawn(rows: pd.DataFrame, found: Audit, wanted: Draw, file: str) -> str:
    """Say what was drawn, and what was not there to be drawn."""
    from positions.auditing.frame import BLANK
    from positions.words import plural

    blank = int((rows["stratum"] == BLANK).sum())
    said = f"{plural(len(rows) - blank, 'code')} and {plural(blank, 'blank')} drawn into {file}."
    cells = found.cells["stratum"].eq(BLANK)
    for there, asked, what in (
        (int((~cells).sum()), wanted.codes, "code"), (int(cells.sum()), wanted.blanks, "blank"),
    ):  # fmt: skip
        if asked > there:
            said += f" The study has {plural(there, what)} to draw, not {asked}."
    return said + " docs/checking.md says how to check them."


def _say_plan(found: Audit) -> None:
    """Print how many checks certify what."""
    from positions.auditing.frame import BLANK, scored
    from positions.words import percent, plural

    plan = found.plan
    blanks = int(plan.cells["stratum"].eq(BLANK).sum())
    say(f"{plural(len(plan.codes), 'code')} behind the scores of "
        f"{plural(len(scored(found.analysis)), 'body')}; {plural(blanks, 'blank')} in texts "
        "of theirs that were read whole.\n\nClean checks, drawn at random, that exclude a share of "
        "wrong codes:")  # fmt: skip
    for _, row in plan.exclusions.iterrows():
        say(f"  {int(row['checks'])} of {int(row['of'])}: more than {percent(row['share'])} wrong "
            f"(each code is drawn with probability {row['probability']:.2f})")  # fmt: skip
    say("\nClean checks that certify a claim, one claim at a time: of its own codes at random; of "
        "all codes,\nso that as many fall to it on average; or of its own codes, heaviest "
        "first:")  # fmt: skip
    for _, row in plan.claims.iterrows():
        say(f"  {_planned(row)}  {row['wording']}")


def _planned(row: pd.Series) -> str:
    import pandas as pd

    if pd.isna(row["codes"]):
        return "cannot be judged".ljust(36)
    if pd.isna(row["checks"]):
        return "does not hold as coded".ljust(36)
    own = f"{row['checks']} of {row['codes']}"
    return f"{own:>9}; {row['in_all']:>4} of all; heaviest {row['heaviest']:>3}".ljust(36)


def _say_audit(found: Audit) -> None:
    """Print what people checked, what it certifies, and what does not count."""
    from positions.auditing import sentences
    from positions.auditing.notices import notices

    show(notices(found))
    say(f"{sentences.checked(found)} {sentences.certified(found)}")
    said = sentences.claims(found)
    for _, row in found.claims.iterrows():
        say(f"  {row['wording']}: {said[row['claim_id']]}.")
