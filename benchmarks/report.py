"""A whole report beside nbconvert on the same notebooks: one after another, and two at a time.

First the outputs are compared with those of plain kernels, cell by cell. Then each way is timed
as a whole process, all ways in turn in each round, and the medians are printed. What uses both
processors stands beside what uses both; of two ways to share the notebooks out, the faster counts.
nbconvert makes no pages but those of notebooks: one row runs and writes what it does, and no more.

    .venv/bin/python benchmarks/report.py [--rounds 5] [--write]

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

import document
import nbformat

from positions.site.notebook_files import prepare
from positions.site.notebooks import kernels

ROOT = pathlib.Path(__file__).parent.parent
BIN = pathlib.Path(sys.executable).parent
PACKAGES = ("nbconvert", "nbclient", "ipykernel", "matplotlib", "pandas", "scikit-learn")
HEADING = "The report beside nbconvert"
OURS, ONE = "positions report", "nbconvert, one after another"
ALONE = "its notebooks alone, run as the report runs them"
EACH, HALF = "nbconvert, xargs -P2, a notebook each", "nbconvert, xargs -P2, half of them each"


NOTEBOOKS_ALONE = """
import pathlib
import tempfile

import nbformat

from positions.site.notebook_files import prepare
from positions.site.notebooks import kernels

paths = sorted(pathlib.Path("notebooks").glob("*.ipynb"))
with tempfile.TemporaryDirectory() as home, kernels(pathlib.Path(home), len(paths)) as run:
    from nbconvert import HTMLExporter

    page = HTMLExporter()
    pathlib.Path("html").mkdir(exist_ok=True)
    for path, notebook in run(prepare(paths, {})):
        body, _ = page.from_notebook_node(nbformat.from_dict(notebook))
        pathlib.Path("html", f"{path.stem}.html").write_text(body, "utf-8")
"""


def ways(folder):
    """Each way by its name: the command, run in `folder`."""
    notebooks = sorted(f"notebooks/{path.name}" for path in (folder / "notebooks").iterdir())
    convert = [str(BIN / "jupyter"), "nbconvert", "--execute", "--to", "html", "--output-dir",
               "html", "--log-level", "ERROR"]  # fmt: skip

    def two(each):
        shared = 'names=$1 each=$2; shift 2; echo "$names" | xargs -P2 -n"$each" "$@"'
        return ["sh", "-c", shared, "sh", "\n".join(notebooks), str(each), *convert]

    return {
        "import positions": [sys.executable, "-c", "import positions"],
        "positions --help": [sys.executable, "-m", "positions", "--help"],
        OURS: [sys.executable, "-m", "positions", "report", "data", "--out", "site"],
        ALONE: [sys.executable, "-c", NOTEBOOKS_ALONE],
        ONE: [*convert, *notebooks],
        EACH: two(1),
        HALF: two(-(-len(notebooks) // 2)),
    }


def run(command, folder):
    """Run a command that must succeed; return its seconds, by the clock and of processors."""
    # Compiled modules are kept, as they are by default: else every way compiles them each time.
    given = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=given)
    after = os.times()
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    worked = sum(getattr(after, what) - getattr(before, what)
                 for what in ("children_user", "children_system"))  # fmt: skip
    return after.elapsed - before.elapsed, worked


def leave_out_what_is_not_run(folder):
    """Delete the notebooks that the report passes over, so that all ways run the same ones."""
    run(ways(folder)[OURS], folder)
    for path in (folder / "notebooks").iterdir():
        if not (folder / "site" / f"{path.stem}.html").exists():
            path.unlink()


def check_outputs(folder):
    """Compare every output of our run with that of plain kernels; say how many there are."""
    paths = sorted((folder / "notebooks").glob("*.ipynb"))
    plain = folder / "plain"
    run([BIN / "jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", plain,
         "--log-level", "ERROR", *paths], folder / "notebooks")  # fmt: skip
    count = 0
    with kernels(folder / "kernels", len(paths)) as run_all:
        executed = dict(run_all(prepare(paths, {})))
    for path, notebook in executed.items():
        alone = nbformat.read(plain / path.name, 4)
        for here, there in zip(notebook["cells"], alone["cells"], strict=True):
            if here.get("outputs") != there.get("outputs"):
                sys.exit(f"{path.name}: the outputs differ of {here['source']!r}")
            count += len(here.get("outputs", []))
    return f"{count} outputs of {len(paths)} notebooks"


def measure(folder, rounds):
    """Return the median seconds of each way, by the clock and of processors."""
    found = ways(folder)
    taken = {name: [] for name in found}
    for _ in range(rounds):
        for name, command in found.items():
            taken[name].append(run(command, folder))
    return {
        name: tuple(map(statistics.median, zip(*each, strict=True))) for name, each in taken.items()
    }


def lines(seconds, rounds, equal):
    """Each way beside those that do the same work, as lines of Markdown."""
    whole = (OURS, ALONE, ONE, EACH, HALF)
    two = min(seconds[EACH][0], seconds[HALF][0])
    rows = [
        [f"`{name}`", f"{clock:.2f}", f"{worked:.2f}",
         *(f"{base / clock:.2f}" if name in whole else "" for base in (seconds[ONE][0], two))]
        for name, (clock, worked) in seconds.items()
    ]  # fmt: skip
    return [
        f"The notebooks of a report on `data/`. {document.machine(PACKAGES)} Each way is a whole "
        f"process; medians of {rounds} rounds in turns. `positions report` makes the pages of "
        "bodies, propositions and sources, the tables and the workbook, too.",
        "",
        f"Equal to the outputs of plain kernels: {equal}.",
        "",
        *document.table(["way", "seconds", "processor seconds",
                         "times as fast as one after another",
                         "times as fast as two at a time"], rows),
    ]  # fmt: skip


def main():
    """Compare, then time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each way is timed (5)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in ("data", "notebooks"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns(".*")
            )  # what JupyterLab keeps
        leave_out_what_is_not_run(folder)
        equal = check_outputs(folder)
        text = lines(measure(folder, options.rounds), options.rounds, equal)
    print("\n".join(text))
    if options.write:
        document.write(HEADING, text)


if __name__ == "__main__":
    main()
