"""A whole report, and the run that checks stored outputs, beside what else could make them.

First the outputs are compared with those of plain kernels, cell by cell. Then each way is timed
as a whole process, all ways in turn in each round, and the medians are printed. Like stands
beside like: what uses both processors beside what uses both.

    .venv/bin/python benchmarks/report.py [--rounds 3] [--skip nbval] [--write]

`--write` puts the table into docs/benchmarks.md.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import document
import nbformat

from positions.site.notebooks import run_all

ROOT = pathlib.Path(__file__).parent.parent
BIN = pathlib.Path(sys.executable).parent
PACKAGES = ("nbconvert", "nbclient", "ipykernel", "nbval", "matplotlib", "pandas", "scikit-learn")
HEADING = "The report, and the run that checks stored outputs"
OURS, ONE, EACH = "positions report", "nbconvert, one after another", "nbconvert, xargs -P2"
NBVAL, NBVAL_TWO = "pytest --nbval", "pytest --nbval -n 2"


def ways(folder, out):
    """Each way by its name: the command."""
    notebooks = sorted(map(str, (folder / "notebooks").glob("*.ipynb")))
    convert = [str(BIN / "jupyter"), "nbconvert", "--execute", "--to", "html", "--output-dir", out,
               "--log-level", "ERROR"]  # fmt: skip
    check = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval",
             "--nbval-current-env", "--nbval-cell-timeout", "300", "-o", "addopts=",
             str(folder / "notebooks")]  # fmt: skip
    return {
        "import positions": [sys.executable, "-c", "import positions"],
        "positions --help": [sys.executable, "-m", "positions", "--help"],
        OURS: [sys.executable, "-m", "positions", "report", "data", "--out", "site"],
        ONE: [*convert, *notebooks],
        EACH: ["sh", "-c", 'notebooks=$1; shift; echo "$notebooks" | xargs -P2 -n1 "$@"', "sh",
               "\n".join(notebooks), *convert],
        NBVAL: check,
        NBVAL_TWO: [*check, "-n", "2", "--dist", "loadfile"],
    }  # fmt: skip


def run(command, folder):
    """Run a command that must succeed; return how long it took."""
    # Compiled modules are kept, as they are by default: else every way compiles them each time.
    given = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=given)
    taken = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return taken


def check_outputs(folder):
    """Compare every output of our run with that of plain kernels; say how many there are."""
    paths = sorted((folder / "notebooks").glob("*.ipynb"))
    plain = folder / "plain"
    run([BIN / "jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", plain,
         "--log-level", "ERROR", *paths], folder / "notebooks")  # fmt: skip
    count = 0
    for stem, notebook in run_all(paths, {}).items():
        alone = nbformat.read(plain / f"{stem}.ipynb", 4)
        for here, there in zip(notebook["cells"], alone["cells"], strict=True):
            if here.get("outputs") != there.get("outputs"):
                sys.exit(f"{stem}: the outputs differ of {here['source']!r}")
            count += len(here.get("outputs", []))
    return f"{count} outputs of {len(paths)} notebooks"


def measure(folder, rounds, skipped):
    """Return the median seconds of each way."""
    with tempfile.TemporaryDirectory() as out:
        found = ways(folder, out)
        seconds = {name: [] for name in found if not any(word in name for word in skipped)}
        for _ in range(rounds):
            for name, taken in seconds.items():
                taken.append(run(found[name], folder))
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def lines(seconds, rounds, equal):
    """Each way beside those that do the same work, as lines of Markdown."""

    def times(name, base):
        same = ("nbval" in name) == ("nbval" in base)
        whole = name in (OURS, ONE, EACH, NBVAL, NBVAL_TWO)
        return f"{seconds[base] / seconds[name]:.1f}" if same and whole and base in seconds else ""

    rows = [
        [f"`{name}`", f"{taken:.2f}",
         times(name, ONE) or times(name, NBVAL), times(name, EACH) or times(name, NBVAL_TWO)]
        for name, taken in seconds.items()
    ]  # fmt: skip
    return [
        f"The notebooks on the study in `data/`. {document.machine(PACKAGES)} Each way is a whole "
        f"process; medians of {rounds} rounds in turns. Only the report has the other pages too.",
        "",
        f"Equal to the outputs of plain kernels: {equal}.",
        "",
        *document.table(["way", "seconds", "times as fast as one after another",
                         "times as fast as two at a time"], rows),
    ]  # fmt: skip


def main():
    """Compare, then time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed (3)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--skip", nargs="+", default=[], help="ways to leave out, by a word")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in ("data", "notebooks"):
            shutil.copytree(ROOT / part, folder / part)
        equal = check_outputs(folder)
        text = lines(measure(folder, options.rounds, options.skip), options.rounds, equal)
    print("\n".join(text))
    if options.write:
        document.write(HEADING, text)


if __name__ == "__main__":
    main()
