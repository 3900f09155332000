"""What the commands share: exit codes, complaints, and a study read or its errors printed."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from positions.compare.git import Edition
    from positions.study.load import Study

GOOD, DATA, USAGE, BUILD, DIFFER = 0, 1, 2, 3, 4


def complain(text: str) -> None:
    """Say it on standard error."""
    print(text, file=sys.stderr)


def colour() -> bool:
    """Whether what is printed may be coloured."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def study_of(options: argparse.Namespace) -> Study | None:
    """The study, or None once its errors are printed."""
    from positions.study import load
    from positions.study.problems import ERROR, as_text

    loaded, problems = load.check(options.study, allow_unresolved=options.allow_unresolved)
    if loaded is None:
        errors = [problem for problem in problems if problem.severity == ERROR]
        complain(as_text(errors, colour=sys.stderr.isatty()))
        complain(f"{options.study}: the study is refused; nothing was done.")
    return loaded


def edition(options: argparse.Namespace, given: str, beside: str) -> Edition | None:
    """One side of a comparison, or None once its errors are printed."""
    from positions.compare import git
    from positions.study.problems import ERROR, StudyError, as_text
    from positions.study.unicode_checks import visible

    try:
        return git.read(given, beside, allow_unresolved=options.allow_unresolved)
    except git.RevisionError as error:
        return options.parser.error(visible(str(error), 1_000))  # type: ignore[no-any-return]
    except StudyError as error:
        errors = [problem for problem in error.problems if problem.severity == ERROR]
        complain(as_text(errors, colour=sys.stderr.isatty()))
        complain(f"{given}: the study is refused; nothing was compared.")
        return None


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """Let garbage be looked for once in a while only.

    Imports and tables make many objects and hardly any garbage: by Python's own thresholds a
    tenth of a report's time went to looking for it.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def progress() -> Callable[[str], None]:
    """A line a step on a terminal; quiet where no one looks on."""
    if sys.stderr.isatty():
        return complain
    return lambda line: None
