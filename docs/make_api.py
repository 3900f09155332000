"""Write docs/api.md from the docstrings of the public names: `python docs/make_api.py`."""

from __future__ import annotations

import inspect
import pathlib
import re
import types
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import positions as ps

ORDER = ["Attributes", "Parameters", "Returns", "Raises", "Notes", "References", "Examples"]
PAGE = pathlib.Path(__file__).with_name("api.md")
HEAD = """\
# The public names

`import positions as ps` gives these names, each loaded when it is first used. `docs/how-to.md`
puts them to use. Everything behind them may change between releases. `make api` writes this page
from the docstrings.
"""


def page() -> str:
    """Return the page: every public name with its docstring."""
    names = [name for name in ps.__all__ if name != "__version__"]
    parts = [HEAD, *(part for name in names for part in about(f"ps.{name}", getattr(ps, name), 2))]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts))


def about(name: str, found: Any, level: int) -> Iterator[str]:
    """Yield the heading and the text of one name, and of what is public in it."""
    called = signature(found) if callable(found) else ""
    yield f"{'#' * level} `{name}{called}`\n"
    yield text(inspect.getdoc(found) or "")
    for member, what in members(found):
        if isinstance(what, (property, cached_property)):
            yield f"- `.{member}`: {' '.join((inspect.getdoc(what) or '').split())}"
        else:
            yield from about(f"{name}.{member}", what, level + 1)
    yield ""


def members(found: Any) -> list[tuple[str, Any]]:
    """Return what is public in a module or a class: properties first, then functions."""
    listed = (getattr(found, "__all__", None) or _names(found)) if _holds(found) else []
    inside = [(name, inspect.getattr_static(found, name)) for name in listed if name[0] != "_"]
    shown = [(n, w) for n, w in inside if inspect.getdoc(w) and _is_shown(found, w)]
    return sorted(shown, key=lambda member: inspect.isfunction(member[1]))


def _names(found: Any) -> list[str]:
    """Return the names in a module or a class, what it inherits first."""
    holders = reversed(found.__mro__) if inspect.isclass(found) else [found]
    return list(dict.fromkeys(name for holder in holders for name in vars(holder)))


def _holds(found: Any) -> bool:
    return isinstance(found, types.ModuleType) or inspect.isclass(found)


def _is_shown(found: Any, what: Any) -> bool:
    if isinstance(found, types.ModuleType):
        return inspect.isfunction(what)
    return inspect.isfunction(what) or isinstance(what, (property, cached_property))


def signature(found: Callable[..., Any]) -> str:
    """Return the parameters of a function with their defaults, without types."""
    if inspect.isclass(found):
        return ""
    bare = inspect.signature(found)
    kept = [
        p.replace(
            annotation=p.empty, default=_Shown(p.default) if p.default != p.empty else p.empty
        )
        for p in bare.parameters.values()
        if p.name != "self"
    ]
    return str(bare.replace(parameters=kept, return_annotation=bare.empty))


class _Shown:
    """A default value as it is printed: what no literal can say is an ellipsis."""

    def __init__(self, value: object):
        self.value = value

    def __repr__(self) -> str:
        literal = isinstance(self.value, str | int | float | tuple | None)
        return repr(self.value) if literal else "..."


def text(docstring: str) -> str:
    """Return a docstring in numpy's style as Markdown."""
    first, *sections = re.split(r"(?m)^(\w+)\n-+\n", docstring)
    parts, found = [_fenced(first)], dict(zip(sections[::2], sections[1::2], strict=True))
    for heading in sorted(found, key=ORDER.index):
        body = found[heading]
        prose = heading in ("Examples", "Notes", "References")
        parts += [f"**{heading}**\n", _fenced(body) if prose else _entries(body)]
    return "\n".join(parts)


def _entries(body: str) -> str:
    """Return terms and what they mean as a list."""
    lines = []
    for term, meaning in re.findall(
        r"(?m)^(\S.*)\n((?:[ ]+\S.*\n?|\n(?=[ ]))*)", f"{body.strip()}\n"
    ):
        lines.append(f"- `{term}`: {' '.join(meaning.split())}")
    return "\n".join(lines) + "\n"


def _fenced(body: str) -> str:
    """Return prose as it is, and examples as code."""
    parts = re.split(r"\n\s*\n", body.strip())
    shown = [f"```pycon\n{part}\n```" if part.startswith(">>>") else part for part in parts]
    return "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
