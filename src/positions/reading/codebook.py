"""The codebook as a coder needs it: statements, what is ruled of each, and the general rulings.

The rulings stand in the study's own README.md, as points below a heading that names them.
"""

from __future__ import annotations

import dataclasses
import pathlib
import re

from positions.study.load import Study

_MOST = 1_000_000
"""Bytes of a README that are read."""
_HEADINGS = re.compile(r"ruling|how to code", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class Entry:
    """A proposition: its statement, and the rulings that name it."""

    proposition_id: str
    theme: str
    label: str
    kind: str
    statement: str
    rulings: tuple[str, ...]


def entries(study: Study) -> list[Entry]:
    """Return the propositions in the order of the study, each with its rulings."""
    said = rulings(study.folder)
    return [
        Entry(
            row["proposition_id"], row["theme"], row["label"], row["kind"], row["statement"],
            tuple(filter(None, [
                _plain(row["note"]),
                *(_plain(line) for line in said if f"`{row['proposition_id']}`" in line),
            ])),
        )
        for row in _in_order(study)
    ]  # fmt: skip


def general(study: Study) -> list[str]:
    """Return every ruling of the study's README, as plain text."""
    return [_plain(line) for line in rulings(study.folder)]


def _in_order(study: Study) -> list[dict[str, str]]:
    """Return the propositions in the order of their file, which is that of the codebook."""
    _, lines = study.places["propositions"]
    rows = study.propositions.to_dict("records")
    return [row for _, row in sorted(zip(lines, rows, strict=True), key=lambda pair: pair[0])]


def rulings(folder: pathlib.Path) -> list[str]:
    """Return the points below the headings on rulings and on how to code, in a README.md."""
    path = folder / "README.md"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST:
        return []
    found: list[str] = []
    inside = False
    for line in path.read_text("utf-8", "replace").splitlines():
        if line.startswith("#"):
            inside = bool(_HEADINGS.search(line))
        elif inside and line.startswith("- "):
            found.append(line[2:].strip())
        elif inside and line.startswith("  ") and found:
            found[-1] += f" {line.strip()}"
    return found


def _plain(markdown: str) -> str:
    return re.sub(r"\*\*|`", "", markdown).strip()
