"""Whether a report must be built anew: what went into the last one, against what is there now.

Beside the site lies a list of all that it was made from, each with its SHA-256: the study, the
notebooks and what lies beside them, the stored texts, this package, the versions of what it runs
on, and the options. Where the list is the same and the site is whole, a new build would give the
same bytes. The list is no part of the site: tables in another order are other inputs, and give
the same site. A notebook that reads files from elsewhere is not seen through: `--force` builds
anew.

Only the standard library is imported here, so that the answer comes at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping

from positions._files import MANIFEST

MANY = 20_000
"""Of more files than this it is not asked whether they changed: the report is built."""

_Entry = tuple[str, str]


class _Unsure(Exception):
    """Something among the inputs cannot be compared, such as a symbolic link."""


def listing(
    folders: Mapping[str, pathlib.Path], options: Mapping[str, object], site: pathlib.Path
) -> str | None:
    """All that a report is made from, one line each, as `sha256sum` writes it.

    Parameters
    ----------
    folders
        Folders, or single files, of inputs by what each is: the study, the notebooks, the texts.
    options
        Options that decide what the report says.
    site
        Where it is built. If that lies within a folder of inputs, it is none of them.

    Returns
    -------
    The lines, without a path of this machine; None where the inputs hold a symbolic link or
    cannot be read. The build then says what is wrong with them.
    """
    try:
        lines = [
            *_package(),
            *_environment(),
            *((f"option {name}", _of(repr(value))) for name, value in options.items()),
            *(line for name, folder in folders.items() for line in _files(name, folder, site)),
        ]
    except (OSError, _Unsure):
        return None
    return "".join(f"{digest}  {label}\n" for label, digest in sorted(lines))


def remember(site: pathlib.Path, inputs: str | None) -> None:
    """Keep beside a site what it was made from. What cannot be kept is not known next time."""
    if inputs is None:
        return
    with contextlib.suppress(OSError):
        handle, name = tempfile.mkstemp(prefix=f"{_record(site).name}-", dir=site.parent)
        with open(handle, "w", encoding="utf-8") as file:
            file.write(_sealed(site, inputs))
        os.replace(name, _record(site))


def _record(site: pathlib.Path) -> pathlib.Path:
    return site.with_name(f".{site.name}.inputs")


def _sealed(site: pathlib.Path, inputs: str) -> str:
    """The list under the hash of the one site that it speaks of."""
    return f"{hashlib.sha256((site / MANIFEST).read_bytes()).hexdigest()}  {MANIFEST}\n{inputs}"


def still(site: pathlib.Path, inputs: str | None) -> bool:
    """Whether a site was made from these inputs and every file of it is as it was built."""
    if inputs is None:
        return False
    try:
        if _record(site).read_text("utf-8") != _sealed(site, inputs):
            return False
        listed = (site / MANIFEST).read_text("utf-8")
        found = [entry for entry in _files("", site, None) if entry[0] != MANIFEST]
    except (OSError, ValueError, _Unsure):
        return False
    return sorted(listed.splitlines()) == sorted(f"{digest}  {name}" for name, digest in found)


def _of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _files(name: str, folder: pathlib.Path, site: pathlib.Path | None) -> Iterator[_Entry]:
    """Each file below a folder, or the file itself; hidden ones and compiled code are left out."""
    site = site and site.absolute()
    if folder.is_file():
        yield name, hashlib.sha256(folder.read_bytes()).hexdigest()
        return
    count = 0
    for place, below, files in os.walk(folder, onerror=_refuse):
        below[:] = [
            each
            for each in below
            if not each.startswith(".")
            and each != "__pycache__"
            and pathlib.Path(place, each).absolute() != site
        ]
        for file in (*files, *below):
            path = pathlib.Path(place, file)
            if path.is_symlink():
                raise _Unsure(path)
            if file in below or (file.startswith(".") and name):
                continue
            count += 1
            if count > MANY:
                raise _Unsure(folder)
            label = "/".join(filter(None, (name, path.relative_to(folder).as_posix())))
            yield label, hashlib.sha256(path.read_bytes()).hexdigest()


def _refuse(error: OSError) -> None:
    raise error


def _package() -> Iterator[_Entry]:
    """The source and the templates of this package."""
    yield from _files("package", pathlib.Path(__file__).parents[1], None)


def _environment() -> Iterator[_Entry]:
    """Python, the installed versions of all that a report needs, and the date it is told."""
    yield "python", _of(f"{sys.implementation.name} {sys.version_info}")
    yield "SOURCE_DATE_EPOCH", _of(os.environ.get("SOURCE_DATE_EPOCH", ""))
    for name, version in _needed(_installed()).items():
        yield f"library {name}", _of(version)


def _installed() -> dict[str, tuple[str, pathlib.Path]]:
    """The version and the metadata of each installed distribution, by its plain name."""
    found: dict[str, tuple[str, pathlib.Path]] = {}
    for place in sys.path:
        if not place or not os.path.isdir(place):
            continue
        for entry in sorted(os.listdir(place)):
            if entry.endswith(".dist-info"):
                name, _, version = entry.removesuffix(".dist-info").partition("-")
                found.setdefault(_plain(name), (version, pathlib.Path(place, entry, "METADATA")))
    return found


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(installed: Mapping[str, tuple[str, pathlib.Path]]) -> dict[str, str]:
    """The versions of the distributions that a report needs, followed from need to need.

    What else is installed, such as the tools of the tests, is none of a report's inputs.
    """
    waiting, seen, versions = [("positions", "report")], set(), {}
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen or name not in installed:
            continue
        seen.add((name, extra))
        versions[name], metadata = installed[name]
        for need in re.findall(r"^Requires-Dist: (.*)$", metadata.read_text("utf-8"), re.M):
            waiting += _needs(need, extra)
    return versions


_NEED = re.compile(r"([\w.-]+)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?")


def _needs(need: str, extra: str) -> Iterator[_Entry]:
    """The distribution a line of metadata asks for, once bare and once for each of its extras."""
    match = _NEED.match(need)
    if match is None:
        return
    name, extras, marker = match.groups()
    asked = re.search(r"extra\s*==\s*['\"]([^'\"]*)['\"]", marker or "")
    if asked and _plain(asked[1]) != _plain(extra):
        return
    for wanted in ("", *(extras or "").split(",")):
        yield _plain(name), wanted.strip()
