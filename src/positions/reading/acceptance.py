"""A reading into the study: its codes, who read, what was rejected, and how it was made.

All of it or none. The same answers a second time change nothing; other answers under the same name
are refused, for a reading is never changed afterwards.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
from collections.abc import Sequence
from typing import Any

from positions.exchange.ids import id_from
from positions.reading import judging, manifest, transparency
from positions.reading.answers import Answer
from positions.reading.judging import Reject, TakenCode
from positions.reading.manifest import Reader
from positions.reading.requests import Task
from positions.study import holdings, revision
from positions.study.codebook_rules import LONGEST_QUOTE
from positions.study.csv_cells import as_csv, inert
from positions.study.holdings import Holdings
from positions.study.load import UNADJUDICATED
from positions.study.problems import ERROR, Problem
from positions.study.unicode_checks import visible

FOLDER = "readings"
COLUMNS = (
    "reason", "source_id", "theme", "body_id", "proposition_id", "stance", "basis", "quote",
    "detail", "custom_id",
)  # fmt: skip


class NotAccepted(ValueError):
    """A reading cannot be taken in; the message says why and what to do."""


@dataclasses.dataclass
class Accepted:
    """A reading that is ready to be written, or why it is not.

    `files` are those of the study that would change or come; `problems` the errors that the study
    would then have, `opened` how many cells would wait for a decision.
    """

    coder: str
    codes: list[TakenCode]
    rejects: list[Reject]
    manifest: dict[str, Any]
    base: dict[str, bytes]
    files: dict[str, bytes]
    problems: list[Problem] = dataclasses.field(default_factory=list)
    opened: int = 0
    written: bool = False


def reading(task: Task, found: Sequence[Answer], reader: Reader) -> Accepted:
    """Judge answers and lay the reading beside the study; nothing is written yet.

    Parameters
    ----------
    task
        A study in its folder, and all that can be asked of it.
    found
        The answers, as `answers.read_answers` gives them.
    reader
        Who read.

    Raises
    ------
    NotAccepted
        When the name does not do, or has read already with other answers.
    """
    if id_from(reader.coder) != reader.coder:
        near = id_from(reader.coder) or "reader-1"
        raise NotAccepted(f"{reader.coder!r} is to name a file: write --coder with small letters, "
                          f"figures and hyphens, such as {near}")  # fmt: skip
    study = task.study
    codes, rejects = judging.judge(found, task.requests, task.texts)
    told = manifest.manifest(task, found, (codes, rejects), reader)
    base = holdings.known(study.folder)
    made = Accepted(reader.coder, codes, rejects, told, dict(base.files), dict(base.files))
    _same_reader(study.folder, base, made)
    _add_codes(base, made)
    _add_coder(base, made, reader)
    home = f"{FOLDER}/{reader.coder}"
    made.files[f"{home}.json"] = _json(told)
    made.files[f"{home}-rejects.csv"] = rejected(rejects)
    made.files[f"{home}-record.md"] = transparency.record(study, told).encode()
    problems = revision.new_problems(base.files, made.files, unresolved=True)
    made.problems = [problem for problem in problems if problem.severity == ERROR]
    made.opened = sum(problem.rule == UNADJUDICATED for problem in problems)
    return made


def write(study: pathlib.Path, made: Accepted) -> None:
    """Put a reading in place, whole or not at all; one that is there already touches nothing."""
    made.written = revision.write(study, made.base, made.files)


# --- the study's tables --------------------------------------------------------------------


def _same_reader(folder: pathlib.Path, base: Holdings, made: Accepted) -> None:
    """Refuse another reading under a name that has read already; more answers may join."""
    path = folder / FOLDER / f"{made.coder}.json"
    coder = made.coder
    theirs = any(
        row["coder"] == coder for row in base.rows["codings"] + base.rows.get("coders", [])
    )
    if not path.exists():
        if theirs:
            raise NotAccepted(f"the study has a coder {coder!r} who is no reading of this kind; "
                              "name another with --coder")  # fmt: skip
        return
    try:
        before = json.loads(path.read_text("utf-8"))["requests"]
        answered = {key: each["answer"] for key, each in before.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NotAccepted(f"{path} is damaged; put the one back that was written") from None
    now = {key: each["answer"] for key, each in made.manifest["requests"].items()}
    if changed := sum(now.get(key) != answer for key, answer in answered.items()):
        raise NotAccepted(f"{coder} has read already: {changed} of its {len(answered)} answers are "
                          "missing here or differ, or what was asked has changed; a reading is "
                          "never changed: name another with --coder")  # fmt: skip


def _add_codes(base: Holdings, made: Accepted) -> None:
    """Put the codes behind those of the study that are not there already."""
    table = base.tables["codings"]
    header = base.headers["codings"]
    key = ("body_id", "proposition_id", "source_id", "coder", "start")
    there = {tuple(row[name] for name in key) for row in base.rows["codings"]}
    rows = [{**code.row, "coder": made.coder} for code in made.codes]
    new = [row for row in rows if tuple(row[name] for name in key) not in there]
    made.files[table.path] = revision.behind(made.files[table.path], header, new)


def _add_coder(base: Holdings, made: Accepted, reader: Reader) -> None:
    """Say in `coders` who read; a reading that has grown has a new row in the old one's place."""
    table = base.tables["coders"]
    header = base.headers.get("coders", table.column_names)
    row = manifest.coder_row(made.manifest, reader)
    rows = base.rows.get("coders", [])
    raw = made.files.get(table.path, as_csv([header]))
    before = next((each for each in rows if each["coder"] == reader.coder), None)
    if before is None:
        made.files[table.path] = revision.behind(raw, header, [row])
    elif any(before.get(name, "") != row.get(name, "") for name in header):
        rows = [row if each is before else each for each in rows]
        cells = ([each.get(name, "") for name in header] for each in rows)
        made.files[table.path] = as_csv([header, *cells])


# --- what is not taken ---------------------------------------------------------------------


def rejected(rejects: Sequence[Reject]) -> bytes:
    """Write what was not taken, a row each, with its reason; phrases cut to 25 words."""
    rows = [_row(reject) for reject in rejects]
    return as_csv([COLUMNS, *sorted(rows)])


def _row(reject: Reject) -> list[str]:
    request = reject.request
    said = {name: _shown(reject.said.get(name, "")) for name in judging.FIELDS}
    cells = {
        **said, "reason": reject.reason, "custom_id": reject.custom_id,
        "detail": _shown(reject.detail), "source_id": request.source_id if request else "",
        "theme": request.theme if request else "",
    }  # fmt: skip
    return [inert(cells[name]) for name in COLUMNS]


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return visible(" ".join(text.split()[:LONGEST_QUOTE]), 500)


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
