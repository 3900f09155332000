"""How a report is made, and whether its study can be reported on so."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Collection
from typing import TYPE_CHECKING

from positions.site.kernels import Limits
from positions.site.notebook_files import shipped

# What needs pandas is imported where it is used: see `build`.
if TYPE_CHECKING:
    from positions.compare.git import Edition
    from positions.study.load import Study


def _all_evidence() -> Collection[str]:
    from positions.measures.stances import BASES

    return BASES


@dataclasses.dataclass(frozen=True)
class Options:
    """How a report is made.

    `notebooks`: their folder (those of the working folder, else those of the package). `model`:
    the reference model (None: the study's own). `as_of`: ISO date; later sources do not count.
    `evidence`: which of stated, implied, reported count. `texts`: the folder of stored texts to
    check phrases against, if there is one. `allow_unresolved`: the study was read with cells that
    nobody decided. `independent`: leave out sources that repeat another's wording. `limits`: what
    the notebooks may take. `since`: the edition whose changes a page shows.
    """

    notebooks: pathlib.Path = dataclasses.field(default_factory=shipped)
    model: str | None = None
    as_of: str | None = None
    evidence: Collection[str] = dataclasses.field(default_factory=_all_evidence)
    texts: pathlib.Path | None = None
    allow_unresolved: bool = False
    independent: bool = True
    limits: Limits = dataclasses.field(default_factory=Limits)
    since: Edition | None = None
    interactive: bool = False


class OptionsError(ValueError):
    """The options name what the study lacks; the message says what it has."""


def check(study: Study, options: Options) -> None:
    """Refuse a model that the study lacks, one without positions, and a date that is none."""
    from positions.measures.stances import as_of_day

    model = options.model or study.reference_model
    if not model and study.models.empty:
        return  # a study of answers alone
    if model not in set(study.models["model_id"]):
        known = ", ".join(study.models["model_id"])
        raise OptionsError(f"no model {model!r}; the study has {known}")
    if model not in set(study.model_positions["model_id"]):
        raise OptionsError(f"the model {model!r} takes no position; nothing can agree with it")
    try:
        as_of_day(options.as_of)
    except ValueError as error:
        raise OptionsError(str(error)) from None
