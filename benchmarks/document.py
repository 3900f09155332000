"""docs/benchmarks.md: a section a benchmark, written in place of its last one."""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Iterable, Sequence

DOCUMENT = pathlib.Path(__file__).parent.parent / "docs" / "benchmarks.md"
HEAD = """# Measured side by side

Written by the scripts in `benchmarks/`. Each first checks that all sides give the same results,
then times them in one run on one machine. Read the ratios: seconds are of that machine.

"""


def machine(packages: Iterable[str]) -> str:
    """What was measured on: cores, and versions of what was measured."""
    import importlib.metadata  # not at the top: each engine's process loads this module

    cores = len(os.sched_getaffinity(0))
    named = {1: "One core", 2: "Two cores"}.get(cores, f"{cores} cores")
    versions = []
    for package in packages:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return f"{named}; {', '.join(versions)}."


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as lines of a Markdown table."""
    lines = ["| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows)]
    return [*lines, ""]


def write(heading: str, lines: Sequence[str], path: pathlib.Path = DOCUMENT) -> None:
    """Put a section under its heading, and leave the other sections as they are."""
    text = path.read_text("utf-8") if path.exists() else HEAD
    head, *sections = re.split(r"(?m)^(?=## )", text)
    mine = f"## {heading}\n\n" + "\n".join(lines).strip() + "\n"
    found = {section.partition("\n")[0]: section.rstrip() + "\n" for section in sections}
    found[f"## {heading}"] = mine
    path.write_text(head + "\n".join(found.values()), encoding="utf-8", newline="\n")
