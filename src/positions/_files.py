"""Put a finished folder in the place of the last one, so that a reader never sees half.

The new folder is made in a sibling of the old one, and takes its place by renaming. A build that
fails or is killed leaves the last good folder whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator

MANIFEST = "manifest.sha256"


class SwitchError(Exception):
    """The finished folder cannot be put in place; the message says why and what to do."""


@contextlib.contextmanager
def building(out: str | pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a fresh folder to build in, which takes the place of `out` if the block ends well.

    What a manifest in `out` does not name, such as `.git`, is no build's: it stays. The fresh
    folder's parent is deleted with all it holds, and is a place for what only the build needs.

    Raises
    ------
    SwitchError
        When `out` is a link or a file, or was made by no build, or would lose a file that no
        build made, or another build is at work on it.
    """
    out = pathlib.Path(os.path.abspath(out))  # not resolved: a link must be seen as one
    with _replacing(out) as fresh:
        _refuse_to_replace(out, fresh)
        fresh.mkdir()
        yield fresh
        _write_manifest(fresh)
        _refuse_to_replace(out, fresh)  # again: a build takes time


@contextlib.contextmanager
def revising(folder: str | pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a copy of a folder to change, which takes its place if the block ends well.

    For a change of several files that must come together or not at all. A folder that is not
    there yet is made.

    Raises
    ------
    SwitchError
        When `folder` is a link or a file, or another change of it is under way.
    """
    folder = pathlib.Path(os.path.abspath(folder))
    with _replacing(folder) as fresh:
        if folder.exists():
            shutil.copytree(folder, fresh, symlinks=True)
        else:
            fresh.mkdir()
        yield fresh


@contextlib.contextmanager
def _replacing(out: pathlib.Path) -> Iterator[pathlib.Path]:
    """Hold a folder against others; give the path of what takes its place."""
    if out.is_symlink():
        raise SwitchError(f"{out} is a symbolic link; name a folder, or delete the link")
    if out.exists() and not out.is_dir():
        raise SwitchError(f"{out} is a file; name a folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    place = out.with_name(f".{out.name}.build")
    with alone(out):
        _clear(place, out)
        place.mkdir(exist_ok=True)
        try:
            yield place / "new"
            for path in (place / "new").rglob("*"):
                _flush(path)
            if out.exists():
                os.rename(out, place / "old")
            os.rename(place / "new", out)
        finally:
            _clear(place, out)


@contextlib.contextmanager
def alone(out: pathlib.Path, wait: float = 0.0, who: str = "build") -> Iterator[None]:
    """Lock a file beside a file or folder: one writer at a time.

    SQLite can lock on every system, and the lock goes with the process.

    Parameters
    ----------
    out
        What is to be written, by its absolute path. Its folder must be there.
    wait
        Seconds to wait for another writer.
    who
        What the other writer is called.

    Raises
    ------
    SwitchError
        When another is still at work.
    """
    path = out.with_name(f".{out.name}.lock")
    with contextlib.ExitStack() as stack:
        try:
            path.touch()  # fails where SQLite would only read, and not lock
            lock = sqlite3.connect(f"{path.as_uri()}?mode=rw", wait, isolation_level=None, uri=True)
            stack.callback(lock.close)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise SwitchError(f"another {who} is at work on {out}; wait for it") from None
            raise OSError(f"{path} cannot be locked: {error}") from None
        yield


def put(path: pathlib.Path, raw: bytes) -> None:
    """Write one file in one step: whoever reads it finds all of the old, or all of the new.

    Raises
    ------
    OSError
        When a link or a folder stands there, or the disk is full; the old file stays.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise OSError(f"{path} is not a regular file")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as beside:
        fresh = pathlib.Path(beside, path.name)
        fresh.write_bytes(raw)
        _flush(fresh)
        os.replace(fresh, path)


def _clear(place: pathlib.Path, out: pathlib.Path) -> None:
    """Delete what a build left beside a folder, once all that is no build's is back in it."""
    old = place / "old"
    if old.exists() and not out.exists():
        os.rename(old, out)  # the build failed or died between its two renames
    for name in sorted(_names(old) - _named(old) - _names(out)):
        if os.path.lexists(old / name):  # else it went with its folder
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            os.rename(old / name, out / name)
    shutil.rmtree(place, ignore_errors=True)  # what cannot go now is tried again by the next


def _refuse_to_replace(out: pathlib.Path, fresh: pathlib.Path) -> None:
    """Refuse to replace a folder that no build made, or a file in it."""
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise SwitchError(
            f"{out} holds files that no build made (it has no {MANIFEST}); name another folder"
        )
    if both := _names(fresh) & (_names(out) - _named(out)):
        raise SwitchError(
            f"no build made these files of {out}, and this one would write over them: "
            f"{', '.join(sorted(both))}; move them"
        )


def _names(folder: pathlib.Path) -> set[str]:
    """All that a folder holds, by path; nothing where it is not there."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def _named(folder: pathlib.Path) -> set[str]:
    """Return what a folder's manifest names, the folders around each, and the manifest."""
    if not (folder / MANIFEST).is_file():
        return set()
    lines = (folder / MANIFEST).read_text("utf-8").splitlines()
    files = [pathlib.PurePosixPath(line.partition("  ")[2]) for line in lines]
    return {MANIFEST}.union(*([file.as_posix(), *map(str, file.parents)] for file in files))


def _write_manifest(folder: pathlib.Path) -> None:
    """List every file with its hash, as `sha256sum` does."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8", newline="\n")


def _flush(path: pathlib.Path) -> None:
    """Have the disk keep a file, whatever happens to the power."""
    if path.is_file() and not path.is_symlink():
        mode = os.O_RDWR if os.name == "nt" else os.O_RDONLY  # Windows flushes what it may write
        handle = os.open(path, mode)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
