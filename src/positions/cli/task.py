"""What `positions read` works on: a study with its texts, what can be asked, what was answered."""

from __future__ import annotations

import argparse
import json
import pathlib
from typing import TYPE_CHECKING, Any

from positions.cli.common import CommandRefused, complain, study_of

if TYPE_CHECKING:
    from positions.reading.answers import Answer
    from positions.reading.requests import Task
    from positions.study.load import Study


def task_of(options: argparse.Namespace) -> Task:
    """Read the study and its texts, or say what is wrong with them and end."""
    from positions.reading import intake
    from positions.reading.requests import Asking, Task, requests, shipped_prompt
    from positions.study import quotes

    study = study_of(options)
    if not study.folder.is_dir():
        options.parser.error("read needs a study's folder, not an .xlsx file")
    folder = options.texts or study.folder / "texts"
    stored = quotes.texts(folder, study.sources)
    _same_texts(study, stored, folder)
    owners = {
        name: str(found["body_id"])
        for name in stored if (found := intake.about(folder, name)).get("body_id")
    }  # fmt: skip
    try:
        asking = Asking(
            prompt=options.prompt.read_text("utf-8") if options.prompt else shipped_prompt(),
            rulings=options.codebook.read_text("utf-8") if options.codebook else "",
            owners=owners, parameters=_parameters(options),
            longest=options.longest, overlap=options.overlap,
        )  # fmt: skip
        texts = {name: raw.decode("utf-8") for name, raw in stored.items()}
        asked = requests(study, texts, asking)
    except ValueError as error:
        options.parser.error(f"{error}")
    return Task(study, texts, asking, asked)


def _same_texts(study: Study, stored: dict[str, bytes], folder: pathlib.Path) -> None:
    """Refuse stored texts that are not those that the study measured."""
    from positions.study import quotes

    if not stored:
        complain(f"{folder}: no stored text of the study's sources lies there, as <source_id>.txt; "
                 "positions add puts them there, --texts names another folder.")  # fmt: skip
        raise CommandRefused
    whole = quotes.verify_texts(study.sources, stored)
    if changed := list(whole.loc[whole["result"] == "changed", "source_id"]):
        complain(f"{folder}: not the text that the study measured: {', '.join(changed)}; positions "
                 "verify says what to do.")  # fmt: skip
        raise CommandRefused


def _parameters(options: argparse.Namespace) -> dict[str, Any]:
    """Read `temperature=0.5` as JSON, else as text."""
    found: dict[str, Any] = {"temperature": 0}
    for said in options.parameter:
        name, equals, value = said.partition("=")
        if (
            not equals
            or not name
            or name in ("model", "messages", "response_format", "n", "stream")
        ):
            raise ValueError(f"--parameter {said}: write NAME=VALUE, such as temperature=0.5")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def answered(path: pathlib.Path, task: Task) -> list[Answer]:
    """Read a file of answers.

    Raises
    ------
    OSError
        When it cannot be read, or is too long.
    """
    from positions.reading import answers
    from positions.study.csv_reader import allowed

    raw = path.read_bytes()
    if len(raw) > (most := allowed().bytes_per_file):
        raise OSError(f"{path}: {len(raw):,} bytes; the limit is {most:,} (allow more with --limit "
                      "bytes_per_file=NUMBER)")  # fmt: skip
    return answers.read_answers(raw, task.requests)
