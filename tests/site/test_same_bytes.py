"""The same study gives the same site, wherever and however it is built."""

import os
import pathlib
import random
import shutil
import subprocess
import sys

import pytest
import village
import village_report
from folders import contents, shuffled
from nbformat.v4 import new_code_cell, new_markdown_cell

from positions.cli.main import main

pytestmark = pytest.mark.slow

ROOT = pathlib.Path(__file__).parents[2]
LOCALES = ("C", "en_GB.UTF-8", "tr_TR.UTF-8")
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")


def shipped(folder):
    """Copy the shipped study."""
    shutil.copytree(ROOT / "data", folder)


def site_of(home, number, write, notebooks):
    """The files of a site that is built with rows, seed, threads, locale and zone of its own.

    A locale that the system lacks acts as C.
    """
    place = home / f"somewhere-{number}"
    write(place / "study")
    shuffled(place / "study", random.Random(number))
    shutil.copytree(notebooks, place / "notebooks")
    threads = str(1 + number % 2)
    given = {
        "PYTHONHASHSEED": str(number), "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads,
        "LC_ALL": LOCALES[number % 3], "TZ": ZONES[number // 2 % 3],
        "COLUMNS": str(40 + number), "HOME": str(place), "USER": "zaphod", "LOGNAME": "zaphod",
        "HOSTNAME": "heartofgold",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "positions", "report", "study", "--out", "site"],
                   cwd=place, check=True, timeout=300, env=os.environ | given)  # fmt: skip
    return contents(place / "site")


def assert_same(one, other):
    """Both sites hold the same files; the first that differs is named."""
    assert list(one) == list(other)
    assert [name for name, raw in one.items() if raw != other[name]] == []


def test_two_places_give_the_same_bytes(tmp_path):
    cells = [new_markdown_cell("# How many?"),
             new_code_cell("STUDY = ''", metadata={"tags": ["parameters"]}),
             new_code_cell("import positions as ps\nread = ps.read(STUDY)\n"
                           "ps.table(read.bodies, 'The bodies')\n"
                           "len(read.bodies)")]  # fmt: skip
    place = village_report.notebooks(tmp_path / "notebooks", cells)
    assert main(["report", str(village.write(tmp_path / "study")), "--out", str(tmp_path / "site"),
                 "--notebooks", str(place)]) == 0  # fmt: skip
    other = site_of(tmp_path, 2, village.write, place)
    assert_same(contents(tmp_path / "site"), other)
    assert not any(b"zaphod" in raw or b"heartofgold" in raw for raw in other.values())


def test_builds_in_many_places_give_the_same_bytes(tmp_path, thorough):
    first = site_of(tmp_path, 0, village.write, ROOT / "notebooks")
    for number in range(1, 20 if thorough else 4):
        assert_same(first, site_of(tmp_path, number, village.write, ROOT / "notebooks"))


def test_the_shipped_study_gives_the_same_bytes_elsewhere(tmp_path, built):
    other = site_of(tmp_path, 77, shipped, ROOT / "notebooks")
    assert not any(b"zaphod" in raw or b"heartofgold" in raw for raw in other.values())
    assert_same(contents(built), other)
