"""The same study gives the same site, wherever and however it is built."""

import hashlib
import os
import pathlib
import random
import shutil
import subprocess
import sys

import village
from folders import shuffled

NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"
LOCALES = ("C", "en_GB.UTF-8", "tr_TR.UTF-8")
ZONES = ("UTC", "Pacific/Kiritimati", "America/St_Johns")


def built(home, number):
    """The hash of the site's manifest, built with rows, seed, threads, locale and zone of its own.

    A locale that the system lacks acts as C.
    """
    place = home / f"somewhere-{number}"
    study = village.write(place / "study")
    shuffled(study, random.Random(number))
    shutil.copytree(NOTEBOOKS, place / "notebooks")
    threads = str(1 + number % 2)
    given = {
        "PYTHONHASHSEED": str(number), "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads,
        "LC_ALL": LOCALES[number % 3], "TZ": ZONES[number // 2 % 3],
        "COLUMNS": str(40 + number), "HOME": str(place), "USER": f"user-{number}",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "positions", "report", "study", "--out", "site"],
                   cwd=place, check=True, timeout=300, env=os.environ | given)  # fmt: skip
    return hashlib.sha256((place / "site" / "manifest.sha256").read_bytes()).hexdigest()


def test_builds_in_many_places_give_one_hash(tmp_path, thorough):
    hashes = [built(tmp_path, number) for number in range(20 if thorough else 4)]
    assert len(set(hashes)) == 1, hashes
