"""A REFI-QDA project or codebook: its codes, users, text sources and the selections in them.

The exchange format of programs for qualitative analysis (REFI-QDA standard 1.5): `.qdpx` is an
archive of `project.qde` and the sources, `.qdc` a codebook. Selections in plain text count code
points from 0, the end not included. Some programs count otherwise where a text has characters
beyond the basic plane, or lines that end in CR LF; there the selection's own name, if it holds
the words selected, decides.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from positions.exchange.offsets import from_utf16
from positions.study import safe_archives
from positions.study.csv_reader import ReadLimits, Report

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SELECTIONS = re.compile(r"(PDF|Picture|Audio|Video|Transcript)Selection")
_READ = re.compile(r"[^/]+\.qde|sources/[^/]+\.txt", re.IGNORECASE)
_ELSEWHERE = ("Case", "Set", "Graph", "Link", "Note", "Variable", "VariableValue")
_TEXTS = ("TextSource", "Representation", "TextDescription")
"""A text source, the text of a PDF, and that of a picture: one type in the format."""


_FIX = "export it again as a REFI-QDA project (.qdpx) or codebook (.qdc)"


@dataclasses.dataclass(frozen=True)
class Code:
    """A code, by the names of the codes above it and its own."""

    guid: str
    path: tuple[str, ...]
    description: str


@dataclasses.dataclass(frozen=True)
class Selection:
    """A stretch of a text source to which users applied codes: pairs of user and code, by guid."""

    guid: str
    start: str
    end: str
    name: str
    description: str
    codings: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True)
class TextSource:
    """A text source; `text` is None where the file does not hold it, and `why` says why."""

    guid: str
    name: str
    description: str
    text: str | None
    why: str
    selections: tuple[Selection, ...]


@dataclasses.dataclass(frozen=True)
class Project:
    """What a file holds, and what of it is no selection in a text: kind, guid and name."""

    codes: dict[str, Code]
    users: dict[str, str]
    sources: list[TextSource]
    elsewhere: list[tuple[str, str, str]]


def read_project(file: str, raw: bytes, report: Report, limits: ReadLimits) -> Project | None:
    """Read a `.qdpx` or `.qdc` file; None where it may not be read or is none."""
    entries: Mapping[str, bytes] | None = {"": raw}
    if not file.lower().endswith(".qdc"):
        entries = _unpacked(raw, report, limits)
    if entries is None:
        return None
    root = safe_archives.xml(entries[""], report, _FIX)
    if root is None:
        return None
    if root.tag not in (f"{{{PROJECT}}}Project", f"{{{CODEBOOK}}}CodeBook"):
        report("refi-project", "not a REFI-QDA project or codebook of version 1.0", _FIX,
               value=str(root.tag))  # fmt: skip
        return None
    sources = [
        _source(element, parent, entries)
        for parent in root.iter()
        for element in parent
        if _local(element) in _TEXTS
    ]
    users = {_guid(user): user.get("name") or user.get("id") or "" for user in _all(root, "User")}
    return Project(dict(_codes(root)), users, sources, list(_elsewhere(root)))


def _unpacked(raw: bytes, report: Report, limits: ReadLimits) -> dict[str, bytes] | None:
    """Return the project's XML under the name "", its texts under theirs in small letters."""
    # Scans and recordings make projects large; they are neither read nor unpacked.
    roomy = dataclasses.replace(limits, archive_bytes=limits.bytes_per_file)
    entries = safe_archives.unpack(
        raw, report, roomy, _FIX, lambda name: _READ.fullmatch(name) is not None
    )
    if entries is None:
        return None
    projects = [name for name in entries if "/" not in name]
    if len(projects) != 1:
        report("refi-project", f"the archive holds {len(projects)} projects (*.qde)", _FIX)
        return None
    texts = {name.rpartition("/")[2].casefold(): data for name, data in entries.items()}
    return {**texts, "": entries[projects[0]]}


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(root: Any, name: str) -> Iterator[Any]:
    return (element for element in root.iter() if _local(element) == name)


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if _local(child) == name]


def _guid(element: Any, name: str = "guid") -> str:
    """Return a guid in one form: programs write it with and without braces, in any case."""
    return str(element.get(name) or "").strip("{}").casefold()


def _description(element: Any) -> str:
    return "\n".join(child.text or "" for child in _children(element, "Description"))


def _codes(root: Any) -> Iterator[tuple[str, Code]]:
    """Yield every code with the names above it."""
    waiting: list[tuple[Any, tuple[str, ...]]]
    waiting = [(code, ()) for codes in _all(root, "Codes") for code in _children(codes, "Code")]
    while waiting:
        element, above = waiting.pop()
        path = (*above, str(element.get("name") or ""))
        yield _guid(element), Code(_guid(element), path, _description(element))
        waiting += [(child, path) for child in _children(element, "Code")]


def _source(element: Any, parent: Any, stored: Mapping[str, bytes]) -> TextSource:
    name = str(element.get("name") or parent.get("name") or "")
    text, why = _text(element, stored)
    return TextSource(
        _guid(element), name, _description(element), text, why,
        tuple(_selection(child) for child in _children(element, "PlainTextSelection")),
    )  # fmt: skip


def _text(element: Any, stored: Mapping[str, bytes]) -> tuple[str | None, str]:
    for inline in _children(element, "PlainTextContent"):
        return inline.text or "", ""
    path = str(element.get("plainTextPath") or "")
    if not path.startswith("internal://"):
        return None, f"the text is not in the archive ({path or 'no path is given'})"
    name = path.removeprefix("internal://").rpartition("/")[2]
    raw = stored.get(name.casefold())
    if raw is None:
        return None, f"the archive has no sources/{name}"
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return None, f"sources/{name} is not UTF-8"


def _selection(element: Any) -> Selection:
    user = _guid(element, "creatingUser")
    codings = [
        (_guid(coding, "creatingUser") or user, _guid(ref, "targetGUID"))
        for coding in _children(element, "Coding")
        for ref in _children(coding, "CodeRef")
    ]
    return Selection(
        _guid(element), str(element.get("startPosition")), str(element.get("endPosition")),
        str(element.get("name") or ""), _description(element), tuple(codings),
    )  # fmt: skip


def _elsewhere(root: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what a study has no place for: kind, guid and name."""
    for element in root.iter():
        kind = _local(element)
        if kind in _ELSEWHERE or _SELECTIONS.fullmatch(kind):
            yield kind, _guid(element), str(element.get("name") or "")
        elif kind.endswith("Source"):
            if kind not in _TEXTS:
                yield kind, _guid(element), str(element.get("name") or "")
            for coding in _children(element, "Coding"):
                yield "coding of a whole source", _guid(coding), str(element.get("name") or "")


# --- offsets -------------------------------------------------------------------------------


def span(text: str, selection: Selection, trust: bool = False) -> tuple[int, int] | str:
    """Return a selection's code-point offsets, or say why they cannot be told.

    Where every way of counting gives the same words at the same place, that is the place.
    Where they differ, the one whose words are the selection's name; else none, unless the
    standard's counting is to be trusted.
    """
    if not (selection.start.isdecimal() and selection.end.isdecimal()):
        return f"its offsets are no numbers: {selection.start[:20]}-{selection.end[:20]}"
    if max(len(selection.start), len(selection.end)) > 12:
        return "its offsets lie far behind the text"
    start, end = int(selection.start), int(selection.end)
    readings = [found for found in _readings(text, start, end) if found]
    if not readings:
        return f"{start}-{end} is no place in its text"
    if len(set(readings)) == 1 or trust:
        return readings[0]
    named = " ".join(selection.name.split())
    right = {(a, b) for a, b in readings if named and " ".join(text[a:b].split()) == named}
    if len(right) == 1:
        return right.pop()
    return (
        "programs count characters beyond the basic plane, and line ends, in different ways: "
        "its place cannot be told"
    )


def _readings(text: str, start: int, end: int) -> Iterator[tuple[int, int] | None]:
    """Yield the place by the standard; then in UTF-16 units; then both with CR LF as one."""
    yield (start, end) if 0 <= start < end <= len(text) else None
    yield _pair(from_utf16(text, start), from_utf16(text, end))
    if "\r\n" in text:
        plain = text.replace("\r\n", "\n")
        for a, b in ((start, end), (from_utf16(plain, start), from_utf16(plain, end))):
            if a is not None and b is not None and b <= len(plain):
                yield _pair(_with_returns(text, a), _with_returns(text, b))


def _pair(start: int | None, end: int | None) -> tuple[int, int] | None:
    return (start, end) if start is not None and end is not None and start < end else None


def _with_returns(text: str, offset: int) -> int:
    """Return the place in a text of an offset that counts each CR LF as one."""
    returns = 0
    for match in re.finditer("\r\n", text):
        if match.start() - returns >= offset:
            break
        returns += 1
    return offset + returns
