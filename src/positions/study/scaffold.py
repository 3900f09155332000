"""Begin a study: a folder that passes `check` as it is, with a README that says what comes next.

The tables are the contract's, with their headers and no rows: a placeholder that stays behind
would be published as a finding. With `example`, a small complete study that is made up.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import shutil
import string
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from positions.study import schema, unicode_checks
from positions.study.csv_cells import as_csv

LONGEST = 200
"""Characters a title may have; a name half as many."""
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


class CannotBegin(ValueError):
    """No study can be begun there, or under that name; the message says why and what to do."""


def write(
    folder: pathlib.Path,
    title: str = "",
    name: str = "",
    filled: Mapping[str, bytes] = MappingProxyType({}),
) -> None:
    """Write the skeleton of a study into a new or empty folder, whole or not at all.

    Parameters
    ----------
    folder
        Where the study is to stand. Nothing that is there is ever overwritten.
    title
        The title as the report prints it; without one, the folder's name.
    name
        The data package's name: small letters, figures and `.`, `-`, `_` between them; without
        one, the folder's name as far as it has such letters.
    filled
        Files that are not to be empty, by their path in the study.

    Raises
    ------
    CannotBegin
        When the folder cannot be taken, or the title or name is not fit.
    """
    own = pathlib.Path(os.path.abspath(folder)).name
    title = _title(title or own)
    name = _name(name or "-".join(re.findall(r"[a-z0-9]+", own.lower()))[: LONGEST // 2])
    with _whole(folder) as fresh:
        for file, raw in {**_files(title, name), **filled}.items():
            (fresh / file).parent.mkdir(exist_ok=True)
            (fresh / file).write_bytes(raw)


def copy_example(folder: pathlib.Path) -> None:
    """Copy the made-up example, texts included, into a new or empty folder, whole or not at all.

    Raises
    ------
    CannotBegin
        When the folder cannot be taken.
    """
    with _whole(folder) as fresh:
        _copy(resources.files("positions").joinpath("example"), fresh)


def package(name: str, title: str, description: str = "") -> dict[str, Any]:
    """Return the contract as a study's own data package, to be described and tightened further."""
    shipped = resources.files("positions").joinpath(schema.DATAPACKAGE).read_text("utf-8")
    contract = schema.package(shipped)
    named = {"name": name, "title": title, "description": description, "version": "0.0.1"}
    return {**named, "reference_model": "", "featured": [], "resources": contract["resources"]}


# --- what stands in it ---------------------------------------------------------------------


def _files(title: str, name: str) -> dict[str, bytes]:
    """Return every file of the skeleton by its name."""
    description = "What this study asks, of whom, and what was read: a sentence or two."
    readme = resources.files("positions").joinpath("templates", "study", "README.md")
    filled = string.Template(readme.read_text("utf-8")).substitute(title=title)
    about = json.dumps(package(name, title, description), indent=1, ensure_ascii=False) + "\n"
    tables = {table.path: as_csv([table.column_names]) for table in schema.contract().values()}
    return {"README.md": filled.encode(), schema.DATAPACKAGE: about.encode(), **tables}


def _title(title: str) -> str:
    if not title.strip() or title != title.strip() or len(title.splitlines()) != 1:
        raise CannotBegin(f"the title {title!r} is not one line of text; write --title 'A title'")
    if len(title) > LONGEST:
        raise CannotBegin(
            f"the title has {len(title)} characters; at most {LONGEST} can be printed"
        )
    if found := unicode_checks.damage(title):
        raise CannotBegin(f"the title {title!r}: {found[1]}; write it again with --title")
    return title


def _name(name: str) -> str:
    if not _NAME.fullmatch(name) or len(name) > LONGEST // 2:
        raise CannotBegin(
            f"{name!r} is no name for a data package; write --name with small letters and figures, "
            "such as --name water-supply"
        )
    return name


# --- whole or not at all -------------------------------------------------------------------


@contextlib.contextmanager
def _whole(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    """Give a fresh folder; if all goes well, one rename puts it where it was wanted."""
    target = pathlib.Path(os.path.abspath(folder))  # not resolved: a link must be seen as one
    _free(target)
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    try:
        yield fresh
        fresh.chmod(0o777 & ~_umask())
        if target.is_dir():
            target.rmdir()  # only an empty one goes; not every system renames onto a folder
        os.rename(fresh, target)
    except OSError as error:
        raise CannotBegin(f"{folder}: {error.strerror}; nothing was written") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _free(target: pathlib.Path) -> None:
    """Refuse a place that is taken, or that a rename would pull from under the caller's feet."""
    if target.is_symlink():
        raise CannotBegin(f"{target} is a symbolic link; name a folder that is not there yet")
    if target.exists() and not target.is_dir():
        raise CannotBegin(f"{target} is a file; name a folder that is not there yet")
    if target.is_dir() and any(target.iterdir()):
        raise CannotBegin(f"{target} is not empty; name a folder that is not there yet")
    if not target.parent.is_dir():
        raise CannotBegin(f"{target.parent} is not there; make it first, or name another folder")
    if target == pathlib.Path.cwd():
        raise CannotBegin("this is the folder you stand in; name a folder that is not there yet")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _copy(shipped: Traversable, folder: pathlib.Path) -> None:
    for item in shipped.iterdir():
        if item.is_dir():
            (folder / item.name).mkdir()
            _copy(item, folder / item.name)
        else:
            (folder / item.name).write_bytes(item.read_bytes())
