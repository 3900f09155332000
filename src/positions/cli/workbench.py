"""The command `positions workbench`: JupyterLab on one person's three queues, and back."""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from positions.cli.common import (
    DATA,
    GOOD,
    USAGE,
    command,
    complain,
    folder,
    lacking,
    say,
    study_of,
)

if TYPE_CHECKING:
    from positions.reading.desk import Desk
    from positions.reading.own_files import OwnFiles

TEXT = "code, check and decide in JupyterLab; bring what was saved into the study"
EPILOG = """\
docs/workbench.md explains the three queues and their keys.

examples:
  positions workbench --texts texts --coder cleo     open JupyterLab on cleo's queues
  positions workbench --coder cleo --hand-in         bring what cleo saved into the study"""
NAME = "0-workbench.ipynb"


def add(commands: Any) -> None:
    """Add the command to the parser."""
    made = command(commands, "workbench", TEXT, run, epilog=EPILOG)
    made.set_defaults(allow_unresolved=True)
    made.add_argument("study", nargs="?", default="data", metavar="STUDY",
                      help="study folder (data)")  # fmt: skip
    made.add_argument("--texts", type=folder, metavar="DIR",
                      help="folder of stored texts, one <source_id>.txt a source "
                      "(STUDY/texts)")  # fmt: skip
    made.add_argument("--coder", required=True, metavar="NAME", help="who sits at the workbench")
    made.add_argument("--own", type=pathlib.Path, metavar="DIR",
                      help="folder of all coders' own files (STUDY-readings)")  # fmt: skip
    made.add_argument("--no-browser", action="store_true",
                      help="print JupyterLab's address, and open nothing")  # fmt: skip
    made.add_argument("--hand-in", action="store_true",
                      help="bring what was saved into the study; open nothing")  # fmt: skip
    made.add_argument("--replace", action="store_true",
                      help="with --hand-in: let own rows take the place of rows that "
                      "differ")  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Run the command; return its exit code."""
    from positions._files import SwitchError
    from positions.reading.own_files import DeskError
    from positions.site.notebook_files import BuildError

    if not options.hand_in and (lack := lacking("lab")):
        complain(f"positions workbench: {lack}")
        return USAGE
    try:
        desk = _desk(options)
        if options.hand_in:
            return _hand_in(options, desk)
        return _open(options, _notebook(options, desk.own))
    except (DeskError, SwitchError, BuildError) as error:
        complain(f"positions workbench: {error}")
        return DATA


def _desk(options: argparse.Namespace) -> Desk:
    """Sit down at the study, to have every fault named before anything opens."""
    from positions.reading.desk import Desk

    return Desk(study_of(options), options.texts, options.coder, options.own)


def _hand_in(options: argparse.Namespace, desk: Desk) -> int:
    from positions.reading.handing_in import hand_in

    say(hand_in(desk.study.folder, desk.own, replace=options.replace).said())
    return GOOD


def _notebook(options: argparse.Namespace, own: OwnFiles) -> pathlib.Path:
    """Put the workbench's notebook among the coder's own files, with its parameters set.

    One that is there keeps what the person wrote in it; its outputs go.
    """
    import json

    from positions import _files
    from positions.site.notebook_files import prepare, shipped

    path = own.folder / NAME
    parameters = {
        "STUDY": _absolute(options.study),
        "TEXTS": _absolute(options.texts) if options.texts else None,
        "CODER": options.coder,
        "OWN": _absolute(options.own) if options.own else None,
    }
    source = path if path.exists() else shipped() / NAME
    (notebook,) = prepare([source], parameters).values()
    own.make()
    _files.put(path, (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def _absolute(path: str | pathlib.Path) -> str:
    return pathlib.Path(os.path.abspath(path)).as_posix()


def _open(options: argparse.Namespace, notebook: pathlib.Path) -> int:
    """Run JupyterLab on a notebook until it ends."""
    asked = [sys.executable, "-m", "jupyterlab", str(notebook)]
    asked += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    asked += ["--no-browser"] if options.no_browser else []
    say(f"JupyterLab opens {notebook}: run all its cells. Ctrl-C here ends it; what you did is "
        f"saved in {notebook.parent}.")  # fmt: skip
    with subprocess.Popen(asked) as lab:
        while True:
            try:
                return GOOD if lab.wait() == 0 else DATA
            except KeyboardInterrupt:  # JupyterLab hears it as well, and asks
                continue
