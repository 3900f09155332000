"""Put a finished folder in the place of the last one, so that a reader never sees half.

The new folder is built beside the old one, flushed to disk, and exchanged with it in one
rename. A build that dies, or a disk that fails, leaves the last good folder as it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import glob
import hashlib
import os
import pathlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent import futures

MANIFEST = "manifest.sha256"
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


class SwitchError(Exception):
    """The finished folder cannot be put in place; the message says why and what to do."""


@contextlib.contextmanager
def building(out: pathlib.Path) -> Iterator[pathlib.Path]:
    """A fresh folder to build in; it takes the place of `out` if the block ends well.

    Raises
    ------
    SwitchError
        When `out` is a link or a file, holds something that no build made, or another build is
        at work on it.
    """
    out = pathlib.Path(os.path.abspath(out))  # not resolved: a link must be seen as one
    _may_replace(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with _lock(out):
        _sweep(out)
        fresh = pathlib.Path(tempfile.mkdtemp(prefix=_fresh(out), dir=out.parent))
        try:
            yield fresh
            _seal(fresh)
            _may_replace(out)  # again: a build takes time, and someone may have put a folder there
            _exchange(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


@contextlib.contextmanager
def revising(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """A copy of a folder to change; it takes the folder's place if the block ends well.

    For a change of several files that must come together or not at all. A folder that is not
    there yet is made.

    Raises
    ------
    SwitchError
        When `folder` is a link or a file, or another change of it is under way.
    """
    folder = pathlib.Path(os.path.abspath(folder))
    _is_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _lock(folder):
        _sweep(folder)
        fresh = pathlib.Path(tempfile.mkdtemp(prefix=_fresh(folder), dir=folder.parent))
        try:
            if folder.exists():
                shutil.copytree(folder, fresh, symlinks=True, dirs_exist_ok=True)
            else:
                os.chmod(fresh, 0o755)
            yield fresh
            _flush([path for path in fresh.rglob("*") if not path.is_symlink()] + [fresh])
            _exchange(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _may_replace(out: pathlib.Path) -> None:
    _is_folder(out)
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
        raise SwitchError(
            f"{out} holds files that no build made (it has no {MANIFEST}); name another folder"
        )


def _is_folder(out: pathlib.Path) -> None:
    if out.is_symlink():
        raise SwitchError(f"{out} is a symbolic link; name a folder, or delete the link")
    if out.exists() and not out.is_dir():
        raise SwitchError(f"{out} is a file; name a folder")


@contextlib.contextmanager
def _lock(out: pathlib.Path) -> Iterator[None]:
    """Hold the folder against a second build; the lock goes with the process."""
    path = out.parent / f".{out.name}.lock"
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644), "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SwitchError(f"another build is at work on {out}; wait for it") from None
        yield


def _fresh(out: pathlib.Path) -> str:
    return f".{out.name}-new-"


def _aside(out: pathlib.Path) -> pathlib.Path:
    return out.with_name(f"{_fresh(out)}aside")


def _sweep(out: pathlib.Path) -> None:
    """Delete what builds that died left behind. Only the holder of the lock does this."""
    aside = _aside(out)
    if aside.is_dir() and not out.exists():
        os.rename(aside, out)  # a build died between its two renames: the last good one is back
    for left in out.parent.glob(f"{glob.escape(_fresh(out))}*"):
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


def _seal(folder: pathlib.Path) -> None:
    """Write the manifest of hashes, make files readable, and flush everything to disk."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    (folder / MANIFEST).write_text("".join(lines), encoding="utf-8")
    sealed = [*files, folder / MANIFEST, *folder.rglob("*/"), folder]
    for path in sealed:
        os.chmod(path, 0o755 if path.is_dir() else 0o644)
    _flush(sealed)


def _flush(paths: Iterable[pathlib.Path]) -> None:
    """Flush to disk, many at a time: a disk writes down together what waits at once."""
    with futures.ThreadPoolExecutor(max_workers=16) as pool:
        for _ in pool.map(_flush_one, paths):
            pass


def _flush_one(path: pathlib.Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(fresh: pathlib.Path, out: pathlib.Path) -> None:
    """One rename puts the new folder in place; the old one ends up under the other name."""
    if not out.exists():
        os.rename(fresh, out)
    elif not _exchanged(fresh, out):
        _in_two_steps(fresh, out)
    with contextlib.suppress(OSError):  # the site is in place; not every system can flush this
        _flush([out.parent])


def _exchanged(fresh: pathlib.Path, out: pathlib.Path) -> bool:
    """Whether the system exchanged the two names at once; False where it cannot."""
    exchange = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if exchange is None:
        return False
    if exchange(_AT_FDCWD, os.fsencode(fresh), _AT_FDCWD, os.fsencode(out), _RENAME_EXCHANGE) == 0:
        return True
    if (code := ctypes.get_errno()) in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(out))


def _in_two_steps(fresh: pathlib.Path, out: pathlib.Path) -> None:
    """For a moment there is no folder, never half of one; a failure brings the old one back."""
    aside = _aside(out)
    os.rename(out, aside)
    try:
        os.rename(fresh, out)
    except OSError:
        os.rename(aside, out)
        raise
    shutil.rmtree(aside, ignore_errors=True)
