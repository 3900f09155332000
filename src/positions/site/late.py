"""Put off an import that costs a second and is not used.

`jsonschema`, which `nbformat` checks notebooks with, imports `rfc3987_syntax` for a format of
addresses (IRI) that no notebook schema asks for; that module builds three dozen parsers as it is
imported. Here a stand-in takes its name, and imports the real module at the first question put
to it: every answer is the real module's own, only later.

Importing this module is enough, before `nbformat` or `jsonschema`: as it is done by whatever
builds a report, and by `pytest -p positions.site.late`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types

NAME = "rfc3987_syntax"


def _is_valid_syntax(term: str, value: str) -> bool:
    """Ask the real module, which takes its own name back at the first question."""
    if isinstance(sys.modules.get(NAME), _StandIn):
        del sys.modules[NAME]
    return bool(importlib.import_module(NAME).is_valid_syntax(term, value))


class _StandIn(types.ModuleType):
    """Holds what `jsonschema` takes from the module, and imports the real one for the rest."""

    is_valid_syntax = staticmethod(_is_valid_syntax)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


if NAME not in sys.modules and importlib.util.find_spec(NAME) is not None:
    sys.modules[NAME] = _StandIn(NAME)
