"""A REFI-QDA project or codebook: its codes, users, cases, text sources and their selections.

The exchange format of programs for qualitative analysis (REFI-QDA standard 1.5): `.qdpx` is an
archive of `project.qde` and the sources, `.qdc` a codebook. Everything has a guid, and guids are
what tells things apart: names may be shared.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from positions.study import safe_archives
from positions.study.csv_reader import ReadLimits, Report

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SELECTIONS = re.compile(r"(PDF|Picture|Audio|Video|Transcript)Selection")
_READ = re.compile(r"[^/]+\.qde|sources/[^/]+\.txt", re.IGNORECASE)
_ELSEWHERE = ("Set", "Graph", "Link", "Note")
_TEXTS = ("TextSource", "Representation", "TextDescription")
"""A text source, the text of a PDF, and that of a picture: one type in the format."""
_FIX = "export it again as a REFI-QDA project (.qdpx) or codebook (.qdc)"


@dataclasses.dataclass(frozen=True)
class QdaCode:
    """A code, by the names of the codes above it and its own; `above` is the guid of the next."""

    guid: str
    path: tuple[str, ...]
    description: str
    above: str = ""


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
    """A text source; `text` is None where the file does not hold it, and `why` says why.

    `within` is the guid of the PDF or picture whose text it is; `marked` says whether its file
    begins with a byte-order mark; `values` are its variables.
    """

    guid: str
    within: str
    name: str
    description: str
    text: str | None
    why: str
    marked: bool
    values: Mapping[str, str]
    selections: tuple[Selection, ...]


@dataclasses.dataclass(frozen=True)
class Case:
    """A case: whom or what the sources and selections that it refers to belong to."""

    guid: str
    name: str
    description: str
    refers_to: tuple[str, ...]
    values: Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class Project:
    """What a file holds, and what of it is no selection in a text: kind, guid and name."""

    codes: dict[str, QdaCode]
    users: dict[str, str]
    cases: list[Case]
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
    variables = {_guid(one): one.get("name") or "" for one in _all(root, "Variable")}
    sources = [
        _source(element, parent, entries, variables)
        for parent in root.iter()
        for element in parent
        if _local(element) in _TEXTS
    ]
    users = {_guid(user): user.get("name") or user.get("id") or "" for user in _all(root, "User")}
    cases = [_case(element, variables) for element in _all(root, "Case")]
    return Project(dict(_codes(root)), users, cases, sources, list(_elsewhere(root)))


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


# --- elements ------------------------------------------------------------------------------


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


def _codes(root: Any) -> Iterator[tuple[str, QdaCode]]:
    """Yield every code with the names above it."""
    waiting: list[tuple[Any, tuple[str, ...], str]]
    waiting = [(c, (), "") for codes in _all(root, "Codes") for c in _children(codes, "Code")]
    while waiting:
        element, names, above = waiting.pop()
        path = (*names, " ".join(str(element.get("name") or "").split()))
        yield _guid(element), QdaCode(_guid(element), path, _description(element), above)
        waiting += [(child, path, _guid(element)) for child in _children(element, "Code")]


def _values(element: Any, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the value of each variable of a case or a source, by the variable's name."""
    found = {}
    for value in _children(element, "VariableValue"):
        parts = list(value)
        name = [variables.get(_guid(p, "targetGUID"), "") for p in parts
                if _local(p) == "VariableRef"]  # fmt: skip
        text = [p.text or "" for p in parts if _local(p).endswith("Value")]
        if name and text and text[0].strip():
            found[name[0]] = text[0].strip()
    return found


def _case(element: Any, variables: Mapping[str, str]) -> Case:
    referred = [
        _guid(ref, "targetGUID")
        for kind in ("SourceRef", "SelectionRef")
        for ref in _children(element, kind)
    ]
    return Case(_guid(element), str(element.get("name") or ""), _description(element),
                tuple(referred), _values(element, variables))  # fmt: skip


def _source(
    element: Any, parent: Any, stored: Mapping[str, bytes], variables: Mapping[str, str]
) -> TextSource:
    text, why, marked = _text(element, stored)
    own = _local(element) == "TextSource"
    values = _values(element, variables) | ({} if own else _values(parent, variables))
    return TextSource(
        _guid(element), "" if own else _guid(parent),
        str(element.get("name") or parent.get("name") or ""), _description(element),
        text, why, marked, values,
        tuple(_selection(child) for child in _children(element, "PlainTextSelection")),
    )  # fmt: skip


def _text(element: Any, stored: Mapping[str, bytes]) -> tuple[str | None, str, bool]:
    """Return a source's text, or why there is none, and whether a byte-order mark is in front.

    Whatever the path, the text is looked for among the archive's own and nowhere else.
    """
    for inline in _children(element, "PlainTextContent"):
        return inline.text or "", "", False
    path = str(element.get("plainTextPath") or "")
    name = re.split(r"[/\\]", path)[-1]
    raw = stored.get(name.casefold()) if name else None
    if raw is None:
        what = f"the archive has no sources/{name}" if name else "no path to its text is given"
        return None, what, False
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None, f"sources/{name} is not UTF-8", False
    return text.removeprefix("\ufeff"), "", text.startswith("\ufeff")


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
