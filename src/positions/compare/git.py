"""Two states of a study: the one in a folder or a workbook, and the one a git revision holds.

A revision is read out of git's store with plumbing commands. Nothing is checked out, so no hook,
filter or line-ending rule of the repository runs, and the network is never asked. Only the files
that a study is read from are written, into a temporary folder that is removed in any case.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import tempfile
from collections.abc import Iterator

from positions.study import load
from positions.study.csv_reader import Limits
from positions.study.load import Study
from positions.study.problems import StudyError

DEFAULT_STUDY = "data"
"""Where a study lies in its repository when nothing else says so."""
_READ = (".csv", ".tsv", ".json", ".xlsx", ".xls")
"""What the reader opens or names; the other files of a folder stay in the store."""
_SECONDS = 60
_FILE, _PROGRAM, _FOLDER, _LINK, _MODULE = "100644", "100755", "040000", "120000", "160000"


class RevisionError(ValueError):
    """What was named is neither a study nor a revision that holds one; the message says why."""


@dataclasses.dataclass(frozen=True)
class Edition:
    """One state of a study and what to call it.

    `label` is for who named it; `public` is fit to be published: it holds no path of this machine.
    """

    label: str
    public: str
    study: Study


@dataclasses.dataclass(frozen=True)
class _Entry:
    """One entry of a tree in git's store: `size` in bytes, 0 for what is no file."""

    mode: str
    hash: str
    size: int
    name: str


def read(
    given: str,
    beside: str = DEFAULT_STUDY,
    *,
    allow_unresolved: bool = False,
    limits: Limits | None = None,
) -> Edition:
    """Which study is meant, and what does it hold?

    A path that exists is meant as a path, whatever else bears the name; `REV:path` or a full
    name such as `refs/heads/data` always means a revision, and `./name` always a path.

    Parameters
    ----------
    given
        A study's folder, its workbook, `REV`, or `REV:path/of/study` from the top of the
        repository.
    beside
        The study that is compared with it: its repository is asked for the revision, and its
        place there is where the study is looked for when `given` names no path.
    allow_unresolved, limits
        As for `load.read`; all the tables of a revision together may have no more bytes than
        one file.

    Returns
    -------
    Edition
        The study, called by its revision and commit, or by the name and version of its folder.

    Raises
    ------
    RevisionError
        When `given` is neither; it says what was tried.
    StudyError
        When the reader refuses the study; it holds every problem.
    """
    if "\0" in given or not given:
        raise RevisionError(f"{given!r} is neither a path nor a revision")
    path = pathlib.Path(given)
    if os.path.lexists(path):
        loaded = load.read(path, allow_unresolved=allow_unresolved, limits=limits)
        version = f", version {loaded.version}" if loaded.version else ""
        return Edition(given, os.path.basename(os.path.abspath(path)) + version, loaded)
    with _taken_out(given, pathlib.Path(beside), limits or Limits()) as (label, folder):
        try:
            loaded = load.read(folder, allow_unresolved=allow_unresolved, limits=limits)
        except StudyError as error:
            named = [dataclasses.replace(p, file=f"{label}: {p.file}") for p in error.problems]
            raise StudyError(named) from None
    return Edition(label, label, loaded)


@contextlib.contextmanager
def _taken_out(
    given: str, beside: pathlib.Path, limits: Limits
) -> Iterator[tuple[str, pathlib.Path]]:
    """The study of a revision as a folder or workbook that is there for a while."""
    revision, colon, place = given.partition(":")
    top, inside = _repository(given, beside)
    commit = _commit(top, given, revision)
    place = place.strip("/") if colon else inside
    what = f"{revision}:{place}"
    found = _Entry(_FOLDER, commit, 0, "") if place == "" else _at(top, commit, place, what)
    files = _files(top, found.hash, what) if found.mode == _FOLDER else [found]
    _bounded(files, what, limits)
    with tempfile.TemporaryDirectory(prefix="positions-revision-") as held:
        home = pathlib.Path(held) / (pathlib.PurePosixPath(place).name or "study")
        if found.mode == _FOLDER:
            home.mkdir()
        for entry in files:
            path = home / entry.name if found.mode == _FOLDER else home
            with open(path, "xb") as file:
                file.write(_git(top, "cat-file", "blob", entry.hash))
        short = commit[:12]
        named = what if colon else revision
        yield short if commit.startswith(named) else f"{named} ({short})", home


def _repository(given: str, beside: pathlib.Path) -> tuple[pathlib.Path, str]:
    """The top of the repository to ask, and the study's place in it.

    It is the repository of the study that is compared, else that of the working folder.
    """
    for place in (beside, pathlib.Path(DEFAULT_STUDY)):
        start = place.absolute()
        while not start.is_dir():
            start = start.parent
        try:
            said = _git(start, "rev-parse", "--show-toplevel")
        except RevisionError as error:
            why = str(error)
            continue
        top = pathlib.Path(os.fsdecode(said).removesuffix("\n"))
        inside = pathlib.PurePath(os.path.relpath(os.path.realpath(place), os.path.realpath(top)))
        return top, "" if inside.as_posix() == "." else inside.as_posix()
    raise RevisionError(
        f"{given!r} is no folder or workbook that is there, and there is no repository to ask for "
        f"a revision: {why}"
    )


def _commit(top: pathlib.Path, given: str, revision: str) -> str:
    """The full hash of the commit that a revision names."""
    tried = f"{given!r} is no folder or workbook that is there, and {revision!r} no revision of"
    if not revision or revision.startswith("-"):
        raise RevisionError(f"{tried} the repository: its name may not be empty or begin with '-'")
    try:
        said = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options",
                    f"{revision}^{{commit}}")  # fmt: skip
    except RevisionError as error:
        why = f" ({error})" if str(error) else ""
        raise RevisionError(f"{tried} the repository {top}{why}") from None
    return said.decode("ascii").strip()


def _at(top: pathlib.Path, commit: str, place: str, what: str) -> _Entry:
    """The one entry of a commit at a path."""
    if {"", ".", ".."} & set(place.split("/")):
        raise RevisionError(f"{what}: write the path from the top of the repository, without dots")
    found = [entry for entry in _entries(top, commit, place) if entry.name == place]
    if not found:
        raise RevisionError(
            f"the revision holds nothing at {what}; name the study's place as REV:path"
        )
    if found[0].mode not in (_FOLDER, _FILE, _PROGRAM):
        raise RevisionError(f"{what} is {_unwanted(found[0])}; it is not followed")
    if found[0].mode != _FOLDER and not place.lower().endswith(".xlsx"):
        raise RevisionError(f"{what} is a file; name a study's folder, or its .xlsx file")
    return found[0]


def _entries(top: pathlib.Path, tree: str, *paths: str) -> list[_Entry]:
    """What a tree lists: all of it, or what stands at a path from its root."""
    raw = _git(top, "--literal-pathspecs", "ls-tree", "-z", "--long", "--full-tree", tree, "--",
               *paths)  # fmt: skip
    found = []
    for line in raw.split(b"\0")[:-1]:
        about, _, name = line.partition(b"\t")
        mode, _, digest, size = about.decode("ascii").split()
        found.append(_Entry(mode, digest, int(size) if size != "-" else 0, os.fsdecode(name)))
    return found


def _unwanted(entry: _Entry) -> str:
    return {_LINK: "a symbolic link", _MODULE: "a submodule"}.get(entry.mode, "no regular file")


def _files(top: pathlib.Path, tree: str, what: str) -> list[_Entry]:
    """The files of a folder that a study is read from; folders in it are no part of a study."""
    files = []
    for entry in _entries(top, tree):
        name = entry.name
        if name in (".", "..", "") or {"/", "\\"} & set(name):
            raise RevisionError(f"{what} holds an entry that is no file name: {name!r}")
        if entry.mode not in (_FOLDER, _FILE, _PROGRAM):
            raise RevisionError(f"{what}/{name} is {_unwanted(entry)}; it is not followed")
        if entry.mode != _FOLDER and name.lower().endswith(_READ):
            files.append(entry)
    return files


def _bounded(files: list[_Entry], what: str, limits: Limits) -> None:
    """Refuse what is too large before a byte of it is taken out of the store."""
    if len(files) > limits.archive_entries:
        raise RevisionError(f"{what} holds {len(files)} tables; at most {limits.archive_entries}")
    if (size := sum(entry.size for entry in files)) > limits.bytes_per_file:
        raise RevisionError(f"{what} has {size} bytes of tables; at most {limits.bytes_per_file}")


def _git(folder: pathlib.Path, *arguments: str) -> bytes:
    """What git prints: no shell, no prompt, no network, none of the caller's git settings.

    Raises
    ------
    RevisionError
        With git's own words, where git is missing or refuses.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    calm = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C"}  # fmt: skip
    command = ["git", "--no-replace-objects", "-c", "core.fsmonitor=false", *arguments]
    try:
        run = subprocess.run(
            command, cwd=folder, env={**kept, **calm}, stdin=subprocess.DEVNULL,
            capture_output=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the path") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise RevisionError(f"git could not be asked: {error}") from None
    if run.returncode:
        said = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise RevisionError(said[0].removeprefix("fatal: ") if said else "")
    return run.stdout
