"""The command `positions`: begin, check, verify and compare studies, and build their report."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from positions.cli.common import Parser

EPILOG = """\
examples:
  positions new water                   begin a study in the new folder water/
  positions new water --example         the same, with a small complete one to learn from
  positions add water answer.pdf --body alpha
  positions check                       check the study in data/
  positions check STUDY --json          the same, for machines
  positions verify --texts texts        compare every phrase with the stored texts
  positions workbench --coder cleo      code, check and decide in JupyterLab
  positions audit --plan                how many checks by a person certify which claim
  positions report --out site           build the report of data/ into site/
  positions responses --from 'answers/*.parquet' --out counted
  positions report STUDY --out site --as-of 2021-02-11 --evidence stated implied
  positions diff v0.1.0                 what changed in data/ since a git revision
  positions diff OLD NEW --markdown     lines for a changelog: which numbers moved, and why
  positions import dna debate.dna STUDY --stance yes=1 --stance no=-1
  positions export refi-qda STUDY --out study.qdpx

exit codes: 0 good, 1 a problem in the data, 2 wrong usage, 3 the report could not be built,
4 the studies differ (diff --exit-code), 130 stopped by Ctrl-C
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    try:
        with _interrupts_heard():
            return _run(arguments)  # which loads all else: a Ctrl-C meanwhile is heard
    except KeyboardInterrupt:
        print("positions: stopped by Ctrl-C.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _run(arguments: Sequence[str] | None) -> int:
    from positions.cli import common

    common.utf_8(sys.stdout, sys.stderr)
    options = _parser().parse_args(arguments)
    if lack := common.lacking(options.extra):
        common.complain(f"{options.parser.prog}: {lack}")
        return common.USAGE
    try:
        with common.raised_limits(options):
            return int(options.run(options))
    except BrokenPipeError:
        raise
    except common.CommandRefused:
        return common.DATA
    except OSError as error:
        common.complain(f"positions: {common.reason(error)}")
        return common.DATA


def _parser() -> Parser:
    import argparse

    from positions import __version__
    from positions.cli import (
        audit,
        check,
        diff,
        exports,
        imports,
        intake,
        new,
        read,
        report,
        responses,
        verify,
        workbench,
    )
    from positions.cli.common import Parser

    parser = Parser(
        prog="positions",
        description="How far does each body agree with a reference model, and on what evidence?",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"positions {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    for module in (
        new, intake, read, check, verify, workbench, audit, report, responses, diff, imports,
        exports,
    ):  # fmt: skip
        module.add(commands)
    return parser


@contextlib.contextmanager
def _interrupts_heard() -> Iterator[None]:
    """Repeat a Ctrl-C that fell where Python ignores exceptions, such as a finaliser."""
    before = sys.unraisablehook

    def hook(ignored: sys.UnraisableHookArgs) -> None:
        if not issubclass(ignored.exc_type, KeyboardInterrupt):
            before(ignored)
            return
        import signal
        import threading

        threading.Timer(0.05, signal.raise_signal, [signal.SIGINT]).start()

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before
