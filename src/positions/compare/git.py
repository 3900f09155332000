"""Read one state of a study: from a folder, from a workbook, or from a git revision.

`git archive` takes a revision out of git's store. It runs in an empty repository that borrows
the objects of the real one: no setting, hook, filter or replacement of that one applies, nothing
is checked out, and the network is never asked.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import os
import pathlib
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator

from positions.study import load
from positions.study.csv_reader import ReadLimits, allowed
from positions.study.load import Study
from positions.study.problems import StudyError

DEFAULT_STUDY = "data"
"""Where a study lies in its repository when nothing else says so."""
_ATTRIBUTES = """\
* export-ignore -text -eol -ident -filter -export-subst -working-tree-encoding
*.csv -export-ignore
*.json -export-ignore
*.xlsx -export-ignore
"""
"""Has git give each file as it was committed, and only those that a study is read from."""


class RevisionError(Exception):
    """What was named is neither a study nor a revision that holds one; the message says why."""


@dataclasses.dataclass(frozen=True)
class Edition:
    """One state of a study and what to call it.

    `label` is for the person who named it. `public` is fit to be published: it holds no path of
    this machine.
    """

    label: str
    public: str
    study: Study


def find_edition(
    given: str,
    beside: str = DEFAULT_STUDY,
    *,
    allow_unresolved: bool = False,
    limits: ReadLimits | None = None,
) -> Edition:
    """Find the study that a name means, and read it.

    A path that exists is meant as a path, whatever else bears the name. `REV:path` or a full
    name such as `refs/heads/data` always means a revision, and `./name` always a path.

    Parameters
    ----------
    given
        A study's folder, its workbook, `REV`, or `REV:path/of/study` from the top of the
        repository.
    beside
        The study that is compared with it. Its repository is asked for the revision. Its place
        there is where the study is looked for when `given` names no path.
    allow_unresolved, limits
        As for `load.read`. All the tables of a revision together may have no more bytes than
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
    if os.path.lexists(given):
        loaded = load.read(given, allow_unresolved=allow_unresolved, limits=limits)
        version = f", version {loaded.version}" if loaded.version else ""
        return Edition(given, os.path.basename(os.path.abspath(given)) + version, loaded)
    with _taken_out(given, pathlib.Path(beside).absolute(), limits or allowed()) as (
        label,
        study,
    ):
        try:
            loaded = load.read(study, allow_unresolved=allow_unresolved, limits=limits)
        except StudyError as error:
            named = [dataclasses.replace(p, file=f"{label}: {p.file}") for p in error.problems]
            raise StudyError(named) from None
    return Edition(label, label, loaded)


@contextlib.contextmanager
def _taken_out(
    given: str, beside: pathlib.Path, limits: ReadLimits
) -> Iterator[tuple[str, pathlib.Path]]:
    """Hold the study of a revision as a folder or workbook for a while."""
    revision, colon, place = given.partition(":")
    top, inside, commit = _found(given, revision, beside)
    place = place.strip("/") if colon else inside
    named = f"{revision}:{place}" if colon else revision
    with tempfile.TemporaryDirectory(prefix="positions-revision-") as held:
        study = pathlib.Path(held) / (pathlib.PurePosixPath(place).name or "study")
        is_book = place.endswith(".xlsx")
        folder, of = (study.parent, os.path.dirname(place)) if is_book else (study, place)
        folder.mkdir(exist_ok=True)
        try:
            archive = _archive(top, f"{commit}:{of}", [study.name] if is_book else [], limits)
            _extract(archive, folder, limits)
        except RevisionError as error:
            raise RevisionError(
                f"no study can be read from {revision}:{place}: {error} (write REV:path/of/study "
                "from the top of the repository, without dots; fetch the files that a clone lacks)"
            ) from None
        yield commit[:12] if commit.startswith(named) else f"{named} ({commit[:12]})", study


def _found(given: str, revision: str, beside: pathlib.Path) -> tuple[pathlib.Path, str, str]:
    """Find a folder of the repository, the study's place from its top, and the commit.

    The repository is that of the study that is compared, else that of the working folder.
    """
    tried = f"'{given}' is no folder or workbook that is there, and '{revision}' no revision"
    if not revision or revision.startswith("-"):
        raise RevisionError(f"{tried}: a revision has a name, which does not begin with '-'")
    for place in (beside, pathlib.Path(DEFAULT_STUDY).absolute()):
        top = next(folder for folder in (place, *place.parents) if folder.is_dir())
        try:
            prefix = _answer(top, "rev-parse", "--show-prefix")
            break
        except RevisionError as error:
            why = error
    else:
        raise RevisionError(f"{tried}: {why}")
    inside = pathlib.PurePosixPath(prefix, *place.relative_to(top).parts).as_posix()
    wanted = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    try:
        return top, "" if inside == "." else inside, _answer(top, *wanted)
    except RevisionError:
        raise RevisionError(f"{tried} of the repository at {top}") from None


def _archive(top: pathlib.Path, tree: str, only: list[str], limits: ReadLimits) -> bytes:
    """Have git write the tables of one folder as a tar archive."""
    with tempfile.TemporaryDirectory(prefix="positions-git-") as held:
        bare = pathlib.Path(held)
        form = _answer(top, "rev-parse", "--show-object-format")
        objects = top / _answer(top, "rev-parse", "--git-path", "objects")
        _git(bare, "init", "--quiet", "--bare", "--template=", f"--object-format={form}")
        for file, text in (
            ("info/attributes", _ATTRIBUTES),
            ("objects/info/alternates", f"{objects.absolute().as_posix()}\n"),
        ):
            (bare / file).parent.mkdir(exist_ok=True)
            (bare / file).write_text(text, encoding="utf-8", newline="\n")
        return _git(bare, "--git-dir=.", "--literal-pathspecs", "archive", "--format=tar", tree,
                    "--", *only, most=limits.bytes_per_file)  # fmt: skip


def _extract(archive: bytes, folder: pathlib.Path, limits: ReadLimits) -> None:
    """Write the files of an archive into a folder; each must be a plain file at its top."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as entries:
        for number, entry in enumerate(entries):
            if not entry.isfile() or {"/", "\\"} & set(entry.name):
                raise RevisionError(f"{entry.name!r} is a link, a folder or a module, and no table")
            if number >= limits.archive_entries:
                raise RevisionError(f"more than {limits.archive_entries} tables")
            file = entries.extractfile(entry)
            (folder / entry.name).write_bytes(file.read() if file else b"")


def _answer(folder: pathlib.Path, *arguments: str) -> str:
    return os.fsdecode(_git(folder, *arguments)).removesuffix("\n")


def _git(folder: pathlib.Path, *arguments: str, most: int = 1_000_000) -> bytes:
    """Ask git: no shell, no prompt, no network, none of the caller's git variables.

    Raises
    ------
    RevisionError
        With git's own words, where git is missing or refuses, or says more bytes than `most`.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    calm = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1",
            "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C"}  # fmt: skip
    command = ["git", "--no-replace-objects", "-c", "core.fsmonitor=false", *arguments]
    try:
        with tempfile.TemporaryFile() as said, subprocess.Popen(
            command, cwd=folder, env=kept | calm, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=said,
        ) as run:  # fmt: skip
            answer = run.stdout.read(most + 1) if run.stdout else b""
            if len(answer) > most:
                run.kill()
                raise RevisionError(f"more than {most} bytes of tables")
            if run.wait():
                said.seek(0)
                lines = said.read(10_000).decode("utf-8", "replace").strip().splitlines()
                raise RevisionError(lines[0].partition(": ")[2] if lines else "git refused")
            return answer
    except FileNotFoundError:
        raise RevisionError("git is not installed, or not on the path") from None
    except (OSError, ValueError) as error:
        raise RevisionError(f"git could not be asked: {error}") from None
