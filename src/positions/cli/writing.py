"""What the commands write: one file in one step, or several into a folder, all or none."""

from __future__ import annotations

import os
import pathlib
import tempfile
from collections.abc import Mapping


def write_file(path: pathlib.Path, raw: bytes, replace: bool) -> None:
    """Write one file in one step; a file that holds anything else stays, unless asked for."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is not a regular file")
    if path.exists() and path.read_bytes() != raw and not replace:
        raise OSError(f"{path} is there already, and differs; name another, or say --replace")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as beside:
        fresh = pathlib.Path(beside, path.name)
        fresh.write_bytes(raw)
        os.replace(fresh, path)


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
