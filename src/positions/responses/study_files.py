"""The answers that lie in a study's own folder."""

from __future__ import annotations

import dataclasses
import os
import pathlib
from collections.abc import Sequence

from positions.responses import agreement, consultation, files, mapping, questions
from positions.responses.backend import NotResponses
from positions.study.load import Study

FOLDER = "responses"
"""Where a study keeps its files of answers."""
_BESIDE = (".md", ".txt", ".json")
"""Endings of what may lie beside answers and is none."""


def counted(
    study: Study,
    model_id: str,
    given: Sequence[str | os.PathLike[str]] = (),
    options: consultation.CountOptions = consultation.DEFAULT,
) -> consultation.Consultation | None:
    """Count the responses of a study; None where it asked nothing, or has no answers.

    Parameters
    ----------
    study
        A study; its files lie in its folder `responses` unless `given` names others.
    model_id
        The reference model; empty in a study without models.

    Raises
    ------
    NotResponses
        When there are answers, and they cannot be read, or not one row of them counts.
    """
    if not given:
        given, own = files_of(study), _folder(study) / mapping.FILE
        if options.map is None and own.is_file():
            options = dataclasses.replace(options, map=own)
    if not given:
        return None
    if questions.closed(study.questions).empty:
        raise NotResponses(
            f"{given[0]}: there are answers, and questions.csv asks nothing that has answers to "
            "choose from; write the questions there"
        )
    items = questions.items(study.questions, study.propositions)
    return consultation.count_files(
        given,
        study.questions,
        agreement.reference(items, agreement.on_design(study), model_id),
        options,
    )


def files_of(study: Study) -> list[pathlib.Path]:
    """Return the files of answers in a study's folder; refuse those in another form."""
    folder = _folder(study)
    if not folder.is_dir():
        return []
    some = [p for p in sorted(folder.iterdir()) if p.is_file() and not p.name.startswith(".")]
    listed = [p for p in some if p.name != mapping.FILE and p.suffix.lower() not in _BESIDE]
    if strange := [p for p in listed if p.suffix.lower() not in files.FORMATS]:
        raise NotResponses(
            f"{strange[0]}: answers are read from files in {', '.join(files.FORMATS)}; save it as "
            "one of these, or take it out of the folder"
        )
    return listed


def _folder(study: Study) -> pathlib.Path:
    place = study.folder if study.folder.is_dir() else study.folder.parent
    return place / FOLDER
