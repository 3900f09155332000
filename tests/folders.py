"""Folders as tests look at them: every file as bytes, whole or not, rows in another order."""

import csv
import hashlib

from positions._files import MANIFEST


def contents(folder):
    """Every file of a folder by its path, as bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(path):
    """The rows of a CSV file, each by the names of its columns."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def last_good(out):
    """The last good folder: in its place, or, after a death between two renames, beside it."""
    return out if out.exists() else out.with_name(f".{out.name}.build") / "old"


def assert_whole(out):
    """The manifest names every file but itself, and every hash is right."""
    listed = {}
    for line in (out / MANIFEST).read_text().splitlines():
        digest, name = line.split("  ")
        listed[name] = digest
    found = {
        name: hashlib.sha256(raw).hexdigest()
        for name, raw in contents(out).items()
        if name != MANIFEST
    }
    assert found == listed


def shuffled(folder, draw):
    """Put the rows of every table of a study into another order, and quote every field."""
    for path in folder.glob("*.csv"):
        with open(path, encoding="utf-8", newline="") as file:
            head, *records = csv.reader(file)
        draw.shuffle(records)
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
            writer.writerows([head, *records])
