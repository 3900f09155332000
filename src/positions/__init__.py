"""Measure how far each body agrees with a reference model, on what evidence, how surely.

``import positions as ps`` gives the names below. Each is loaded when it is first used, so the
import itself is instant. `docs/api.md` explains them; `docs/how-to.md` uses them.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.7.1"

_FACE = {
    "read": "study.load:read",
    "check": "study.load:check",
    "Study": "study.load:Study",
    "Problem": "study.problems:Problem",
    "StudyError": "study.problems:StudyError",
    "analyse": "measures.analysis:analyse",
    "Analysis": "measures.analysis:Analysis",
    "agreement": "measures.agreement:agreement",
    "reliability": "measures.reliability:summary",
    "consensus": "measures.consensus:standings",
    "find_groups": "measures.groups:find",
    "mds": "measures.mds:place",
    "specifications": "robustness.analysis:specifications",
    "multiverse": "robustness.analysis:multiverse",
    "test_claims": "robustness.analysis:test_claims",
    "robustness": "robustness",
    "audit": "auditing.audit:audit",
    "workbench": "reading.workbench:workbench",
    "respondents": "responses.respondents:respondents",
    "table": "present.display:table",
    "say": "present.display:say",
    "words": "words",
    "vocabulary": "present.vocabulary:vocabulary",
    "plot": "present.plot",
    "diff": "compare.comparison:compare",
    "build": "site.build:build",
}
"""Each public name, and the module (and the name in it) that it is loaded from."""

_OF_REPORT = ("build", "respondents")
"""The names that need the extra `report`."""

__all__ = ["__version__", *_FACE]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used."""
    if name not in _FACE:
        raise AttributeError(f"module 'positions' has no attribute {name!r}")
    importlib.import_module("positions.present.display")  # how DataFrames are shown, from the start
    module, _, inner = _FACE[name].partition(":")
    try:
        loaded = importlib.import_module(f"positions.{module}")
    except ModuleNotFoundError as error:
        if name not in _OF_REPORT:
            raise
        lacks = (error.name or "").partition(".")[0]
        told = f'ps.{name} needs {lacks}; run: pip install "positions[report]"'
        raise ModuleNotFoundError(told, name=error.name) from None
    found = getattr(loaded, inner) if inner else loaded
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
