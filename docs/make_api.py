"""Write docs/api.md from the docstrings of the public names: `python docs/make_api.py`.

A docstring may refer to a function behind the public names. Readers of the page cannot look it up,
so what that function takes or gives is written out, or its public name stands in its place.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import pathlib
import re
import types
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import positions as ps

ORDER = ["Attributes", "Parameters", "Returns", "Raises", "Notes", "References", "Examples"]
ROOMS = ("", "measures.", "robustness.", "compare.", "study.")
SEE = re.compile(r":? [Ss]ee `(?P<seen>[a-z_.]+)`\.?|: `(?P<named>[a-z_]+\.[a-z_.]+)`\.?")
PAGE = pathlib.Path(__file__).with_name("api.md")
HEAD = """\
# The public names

`import positions as ps` gives these names, each loaded when it is first used. `docs/how-to.md`
puts them to use. Everything behind them may change between releases. `make api` writes this page
from the docstrings. Its examples go on from `import pandas as pd` and `import positions as ps`.
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
    said = text(inspect.getdoc(found) or "", getattr(found, "__module__", ""))
    yield as_called(said, name, found)
    inside = members(found)
    shown = [member for member in inside if isinstance(member[1], (property, cached_property))]
    for member, what in shown:
        said = " ".join((inspect.getdoc(what) or "").split())
        yield f"- `.{member}`: {explained(said, member)}"
    yield ""
    for member, what in inside[len(shown) :]:
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


def text(docstring: str, module: str) -> str:
    """Return a docstring in numpy's style as Markdown."""
    found = sections(docstring)
    parts = [named(_fenced(found.pop("")))]
    for heading in sorted(found, key=ORDER.index):
        body = found[heading]
        if heading in ("Examples", "Notes", "References"):
            parts += [f"**{heading}**\n", _fenced(body)]
            continue
        lines = [f"- `{term}`: {explained(meaning, module=module)}"
                 for term, meaning in written_out(heading, body, module)]  # fmt: skip
        parts += [f"**{heading}**\n", "\n".join(lines) + "\n"]
    return "\n".join(parts)


def sections(docstring: str) -> dict[str, str]:
    """Return the sections of a docstring by their heading, what stands before them by none."""
    first, *parted = re.split(r"(?m)^(\w+)\n-+\n", docstring)
    return {"": first, **dict(zip(parted[::2], parted[1::2], strict=True))}


def entries(body: str) -> list[tuple[str, str]]:
    """Return the terms of a section and what they mean."""
    found = re.findall(r"(?m)^(\S.*)\n((?:[ ]+\S.*\n?|\n(?=[ ]))*)", f"{body.strip()}\n")
    return [(term, " ".join(meaning.split())) for term, meaning in found]


# --- what docstrings refer to ------------------------------------------------------------------


def behind(reference: str, name: str = "", module: str = "") -> Any:
    """Return the function that a docstring refers to; of a module the one of this name, or None."""
    rooms = [f"positions.{room}" for room in ROOMS]
    for room in [f"{module}.", *rooms] if module else rooms:
        whole = f"{room}{reference}"
        for place, inner in (whole.rpartition(".")[::2], (whole, name)):
            with contextlib.suppress(ImportError, AttributeError, ValueError):
                found = getattr(importlib.import_module(place), inner)
                if inspect.isfunction(found):
                    return found
    return None


def public() -> dict[Any, str]:
    """Return the public name of each public function."""
    outer = [(f"ps.{name}", getattr(ps, name)) for name in ps.__all__ if name != "__version__"]
    inner = [(f"{name}.{member}", what) for name, found in outer
             if isinstance(found, types.ModuleType) for member, what in members(found)]  # fmt: skip
    return {found: name for name, found in [*inner, *outer] if inspect.isfunction(found)}


def explained(said: str, name: str = "", module: str = "") -> str:
    """Return what is said, with what functions behind the public names give written out."""
    called = public()
    for match in reversed(list(SEE.finditer(said))):
        found = behind(match["seen"] or match["named"], name, module)
        gives = sections(inspect.getdoc(found) or "").get("Returns") if found else None
        if found in called or not gives:
            continue
        before = re.sub(r"(^|(?<=\. ))One row per [^.]*$", "", said[: match.start()])
        start = f"{before.rstrip(' .')}. " if before else ""
        said = f"{start}{entries(gives)[0][1]}{said[match.end() :]}"
    return named(said)


def named(said: str) -> str:
    """Return what is said, with public names in place of where their functions stand."""
    called = public()
    modules = {found.__module__.removeprefix("positions."): name for found, name in called.items()}

    def put(match: re.Match[str]) -> str:
        found, last = behind(match[1]), match[1].rpartition(".")[2]
        if found in called:
            return f"`{called[found]}`"
        if found and hasattr(ps.Analysis, last):
            return f"`Analysis.{last}`"
        return f"`{modules.get(match[1], match[1])}`"

    said = re.sub(r"`([a-z_]+\.[a-z_.]+)`", put, said)
    return re.sub(r":\s+see\s+`(?!ps\.)[a-z_]+\.[a-z_.]+`", "", said)


def written_out(heading: str, body: str, module: str) -> Iterator[tuple[str, str]]:
    """Yield the entries of a section, with those of another function where it says so."""
    for term, meaning in entries(body):
        same = re.fullmatch(r"As for `([a-z_.]+)`\.", meaning)
        found = behind(same[1], module=module) if same else None
        if found is None or found in public():
            yield term, meaning
            continue
        wanted = term.split(", ")
        for other, meant in entries(sections(inspect.getdoc(found) or "")[heading]):
            if set(other.split(", ")) & set(wanted):
                yield other, meant


def as_called(page: str, name: str, found: Any) -> str:
    """Return a page whose examples call a function as its users do."""
    if not inspect.isfunction(found) or ">>> " not in page:
        return page
    lines = []
    for line in page.split("\n"):
        code = line.startswith((">>> ", "... "))
        inner = rf"(?<![\w.\"]){found.__name__}\("
        lines.append(re.sub(inner, lambda _: f"{name}(", line) if code else line)
    return "\n".join(lines)


def _fenced(body: str) -> str:
    """Return prose as it is, and examples as code."""
    parts = re.split(r"\n\s*\n", body.strip())
    shown = [f"```pycon\n{part}\n\n```" if part.startswith(">>>") else part for part in parts]
    return "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
