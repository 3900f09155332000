"""What the commands write: one file in one step, or several into a folder, all or none."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping


def write_file(path: pathlib.Path, raw: bytes, replace: bool) -> None:
    """Write one file in one step; a file that holds anything else stays, unless asked for."""
    from positions._files import put

    if path.is_file() and path.read_bytes() != raw and not replace:
        raise OSError(f"{path} is there already, and differs; name another, or say --replace")
    put(path, raw)


def write_folder(path: pathlib.Path, files: Mapping[str, bytes], replace: bool) -> None:
    """Write files into a folder, all or none; whatever else is there stays."""
    from positions._files import revising
    from positions.study.holdings import put

    for name, raw in files.items():
        there = path / name
        if there.exists() and not replace and there.read_bytes() != raw:
            raise OSError(f"{there} is there already, and differs; name another, or say --replace")
    with revising(path) as fresh:
        put(fresh, files)
