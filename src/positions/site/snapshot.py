"""The study of a report, kept as it was read: a change of it meanwhile cannot tear the report."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
from collections.abc import Collection
from importlib import resources
from typing import Any

from positions.study import schema
from positions.study.csv_cells import as_csv
from positions.study.load import Study
from positions.study.sources import RawStudy

ANSWERS = "responses"
"""The folder of individual answers within a study's."""


def take(study: Study, place: pathlib.Path) -> pathlib.Path:
    """Write what a study was read from into a folder of its own; return what to read it from.

    Tables and settings are written as they were read, with the rows that were added in memory.
    Files beside them and the folder of answers are copied as they are now, for notebooks that
    read them too. Other folders, links and what cannot be read are left out.

    Parameters
    ----------
    study
        The study. One that was not read from files has nothing to write: its folder is returned.
    place
        A folder that is not there yet; one of the study's name is made in it.
    """
    if study.raw is None:
        return study.folder.absolute()
    is_folder, full = study.folder.is_dir(), study.folder.absolute()
    kept = place / (full.name if is_folder else full.stem)
    kept.mkdir(parents=True)
    _write_tables(study.raw, kept)
    folder = full if is_folder else full.parent
    beside = folder.iterdir() if is_folder else []
    for path in [*beside, *(folder / ANSWERS).glob("*")]:
        copy = kept / path.relative_to(folder)
        readable = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
        if readable and not copy.exists():
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)
    return kept


def _write_tables(raw: RawStudy, folder: pathlib.Path) -> None:
    """Write the data package and each table; a workbook's become those of a folder."""
    package, paths = raw.settings, {name: table.path for name, table in raw.tables.items()}
    if "resources" not in package:
        shipped = resources.files("positions").joinpath(schema.DATAPACKAGE).read_text("utf-8")
        package = json.loads(shipped) | package
        for resource in package["resources"]:
            _without(resource["schema"], raw.tables[resource["name"]].column_names)
        paths = {name: table.path for name, table in schema.contract().items()}
    (folder / schema.DATAPACKAGE).write_text(json.dumps(package), encoding="utf-8", newline="\n")
    for name, table in raw.parsed.items():
        if table.header is not None:
            path = folder / paths[name]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_csv(one.fields for one in [table.header, *table.records]))


def _without(described: dict[str, Any], columns: Collection[str]) -> None:
    """Leave out of a table's description the columns that the study does without."""
    described["fields"] = [field for field in described["fields"] if field["name"] in columns]
    keys = described.get("foreignKeys", [])
    described["foreignKeys"] = [key for key in keys if set(key["fields"]) <= set(columns)]
