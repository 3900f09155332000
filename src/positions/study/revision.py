"""A study with new rows: judged before anything is written, then put in place as a whole.

Rows go behind those that are there, so that no byte changes that nobody meant to change.
"""

from __future__ import annotations

import pathlib
import tempfile
from collections.abc import Iterable, Mapping

from positions import _files
from positions.study import holdings, load
from positions.study.csv_cells import as_csv
from positions.study.problems import Problem, in_order


def behind(raw: bytes, header: list[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    r"""Return a table's bytes with rows behind those it has; cells not given are empty.

    >>> behind(b"a,b\n1,2", ["a", "b"], [{"b": "4"}])
    b'a,b\n1,2\n,4\n'
    """
    cells = [[row.get(name, "") for name in header] for row in rows]
    if not cells:
        return raw
    return raw + (b"" if raw.endswith(b"\n") else b"\n") + as_csv(cells)


def new_problems(
    base: Mapping[str, bytes], files: Mapping[str, bytes], unresolved: bool
) -> list[Problem]:
    """List what the study would have wrong that it has not now; nothing is written.

    Parameters
    ----------
    base, files
        The study's files by name, as they are and as they would be. Without a `base` the study
        is begun, and all that is wrong with it is new.
    unresolved
        Accept cells on which coders disagree and nobody adjudicated.
    """
    with tempfile.TemporaryDirectory() as held:
        candidate = pathlib.Path(held)
        before: list[Problem] = []
        if base:
            holdings.put(candidate, base)
            _, before = load.check(candidate, allow_unresolved=unresolved)
        holdings.put(candidate, files)
        _, after = load.check(candidate, allow_unresolved=unresolved)
    return in_order(set(after) - set(before))


def write(path: pathlib.Path, base: Mapping[str, bytes], files: Mapping[str, bytes]) -> bool:
    """Put changed files of a study in place: every one, or none.

    Returns
    -------
    Whether anything was changed. Where all is there already, nothing is touched.

    Raises
    ------
    positions._files.SwitchError
        When the folder is a link or a file, when it was changed since `base` was read, or when
        another change of it is under way.
    """
    if path.exists() and all(_holds(path / name, raw) for name, raw in files.items()):
        return False
    with _files.revising(path) as fresh:
        for name, raw in base.items():
            if (fresh / name).exists() and not _holds(fresh / name, raw):
                raise _files.SwitchError(f"{path / name} was changed meanwhile; run it again")
        for name, raw in files.items():
            if not _holds(fresh / name, raw):
                holdings.put(fresh, {name: raw})
    return True


def _holds(path: pathlib.Path, raw: bytes) -> bool:
    return path.is_file() and path.read_bytes() == raw
