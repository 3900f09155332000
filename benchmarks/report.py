"""A whole report, and the run that checks stored outputs, beside what else could make them.

First the outputs are compared, cell by cell, and the verdicts, sabotaged ones included; then each
way is timed as a whole process, one after another in each round, and the medians are printed.
The floor is the least that any way could take: an interpreter, the imports, and the work of the
cells as plain Python in two forked processes, with no Jupyter and no page.

    .venv/bin/python benchmarks/report.py [--rounds 3] [--skip nbval] [--write]

`--write` puts the table into docs/benchmarks.md.
"""

import argparse
import ast
import importlib.util
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import document

ROOT = pathlib.Path(__file__).parent.parent
BIN = pathlib.Path(sys.executable).parent
WARM = {"JUPYTER_DEFAULT_PROVISIONER_NAME": "positions"}
PACKAGES = ("nbconvert", "nbclient", "nbval", "papermill", "matplotlib", "pandas", "scikit-learn")
HEADING = "The report, and the run that checks stored outputs"


# --- the floor, run as `report.py --floor FOLDER` ---------------------------------------------


def floor(folder):
    """Run the notebooks of a folder as plain Python: libraries imported once, two processes."""
    from positions.site import warm

    os.environ["MPLBACKEND"] = "agg"
    notebooks = sorted(folder.glob("*.ipynb"))
    for name in warm.imports(notebooks):
        if importlib.util.find_spec(name.partition(".")[0]):
            try:
                importlib.import_module(name)
            except ImportError:
                continue
    running, failed = set(), 0
    for notebook in notebooks:
        if len(running) == 2:
            pid, status = os.wait()
            running.remove(pid)
            failed += bool(status)
        if not (pid := os.fork()):
            os.chdir(folder)
            _cells(notebook)
            os._exit(0)
        running.add(pid)
    while running:
        pid, status = os.wait()
        running.remove(pid)
        failed += bool(status)
    return failed


def _cells(notebook):
    """The work of a notebook's cells: its statements, and what would be shown of each value."""
    import IPython.display

    shown, names = [], {}
    IPython.display.display = lambda *values: shown.extend(values)
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] != "code":
            continue
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)
        if last:
            shown.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
        for value in shown:
            if hasattr(value, "_repr_mimebundle_"):
                value._repr_mimebundle_()
        shown.clear()


# --- equal results ------------------------------------------------------------------------------


def run(command, folder, **given):
    """Run a command; return how it ended, what it printed, and how long it took."""
    # Compiled modules are kept, as they are by default: else every way compiles them each time.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | given
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True,
                          env=environment)  # fmt: skip
    return done, time.perf_counter() - begun


def check_outputs(folder):
    """Every output of our run is that of plain kernels."""
    import nbformat

    from positions.site import notebooks as execute

    plain = folder / "plain"
    done, _ = run([BIN / "jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir",
                   plain, "--log-level", "ERROR", *sorted((folder / "notebooks").glob("*.ipynb"))],
                  folder / "notebooks")  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    ours = execute.run_all(sorted((folder / "notebooks").glob("*.ipynb")), {})
    count = 0
    for stem, notebook in ours.items():
        for here, there in zip(
            notebook["cells"], nbformat.read(plain / f"{stem}.ipynb", 4)["cells"], strict=True
        ):
            if here.get("outputs") != there.get("outputs"):
                sys.exit(f"{stem}: the outputs differ of {here['source']!r}")
            count += len(here.get("outputs", []))
    return f"{count} outputs of {len(ours)} notebooks"


def nbval(folder, warm):
    """How nbval is run, and its environment."""
    early = ["-n", "2", "--dist", "loadfile", "-p", "positions.site.late"] if warm else []
    command = [sys.executable, "-m", "pytest", "-rA", *early, "-p", "no:cacheprovider", "--nbval",
               "--nbval-current-env", "--nbval-cell-timeout", "300", "-o", "addopts=",
               str(folder / "notebooks")]  # fmt: skip
    return command, WARM if warm else {}


def verdicts(folder, warm):
    """What nbval says of each cell."""
    command, given = nbval(folder, warm)
    done, _ = run(command, folder, **given)
    found = re.findall(r"^(PASSED|FAILED|ERROR)\b.*?(\S+\.ipynb::Cell \d+)", done.stdout, re.M)
    return sorted((name, outcome) for outcome, name in found)


def check_verdicts(folder):
    """Each cell has the verdict that plain kernels give it, also when a stance is changed."""
    table = folder / "data" / "codings.csv"
    kept, said = table.read_bytes(), []
    for what in ("the study as it is", "a study in which a stance is turned round"):
        plain, warm = verdicts(folder, False), verdicts(folder, True)
        if plain != warm or not plain:
            sys.exit(f"the verdicts differ on {what}: {set(plain) ^ set(warm)}")
        failed = sum(outcome != "PASSED" for _, outcome in plain)
        said.append(f"verdicts of {len(plain)} cells on {what}, {failed} of them against it")
        # A cell that two readers gave the same code: were one turned, the study would be refused.
        agreed = rb"^(([^,]*,){3})[^,]*,2,stated,.*\n\1[^,]*,2,stated,"
        turned = re.search(agreed, kept, re.M)[0].replace(b",2,stated,", b",-2,stated,")
        table.write_bytes(re.sub(agreed, turned.replace(b"\\", rb"\\"), kept, count=1, flags=re.M))
    table.write_bytes(kept)
    return said


# --- the ways -----------------------------------------------------------------------------------


def ways(folder, out):
    """Each way by its name: the command, and its environment."""
    notebooks = sorted(map(str, (folder / "notebooks").glob("*.ipynb")))
    ours = [BIN / "positions", "report", "data", "--out", "site"]
    found = {
        "floor": ([sys.executable, __file__, "--floor", folder / "notebooks"], {}),
        "import positions": ([sys.executable, "-c", "import positions"], {}),
        "positions --help": ([BIN / "positions", "--help"], {}),
        "positions report --force": ([*ours, "--force"], {}),
        "positions report, nothing changed": (ours, {}),
        "jupyter nbconvert --execute": (
            [BIN / "jupyter", "nbconvert", "--execute", "--to", "html", "--output-dir", out,
             "--log-level", "ERROR", *notebooks], {}),
        "pytest --nbval": nbval(folder, False),
        "pytest --nbval, kernels forked, two workers": nbval(folder, True),
    }  # fmt: skip
    if importlib.util.find_spec("papermill"):
        each = "".join(f"'{BIN}/papermill' '{n}' '{out}/{pathlib.Path(n).name}' --cwd notebooks -k "
                       "python3 && " for n in notebooks)  # fmt: skip
        script = f"{each} '{BIN}/jupyter' nbconvert --to html --log-level ERROR '{out}'/*.ipynb"
        found["papermill, then nbconvert"] = (["sh", "-c", script], {})
    else:
        print("papermill is not installed (extra `benchmarks`): left out")
    return found


def measure(folder, rounds, skipped):
    """The seconds of each way, round by round."""
    with tempfile.TemporaryDirectory() as out:
        found = ways(folder, out)
        seconds = {name: [] for name in found if not any(word in name for word in skipped)}
        for _ in range(rounds):
            for name, taken in seconds.items():
                command, given = found[name]
                done, wall = run(command, folder, **given)
                if done.returncode:
                    sys.exit(f"{name} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
                taken.append(wall)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def lines(seconds, rounds, equal):
    """Each way beside the floor and beside its plain counterpart, as lines of Markdown."""
    rows = []
    for name, taken in seconds.items():
        plain = "pytest --nbval" if "nbval" in name else "jupyter nbconvert --execute"
        whole = "nb" in name or "report" in name
        faster = f"{seconds[plain] / taken:.1f}" if whole and plain in seconds else ""
        rows.append([f"`{name}`", f"{taken:.2f}", f"{taken / seconds['floor']:.2f}", faster])
    return [
        f"The notebooks on the study in `data/`. {document.machine(PACKAGES)} Each way is a whole "
        f"process; medians of {rounds} rounds. The floor is an interpreter, the imports and the "
        "cells' own work as plain Python in two forked processes: no Jupyter and no page.",
        "",
        *(f"Equal: {words}." for words in equal),
        "",
        *document.table(["way", "seconds", "/ floor", "times as fast as plain"], rows),
    ]


def main():
    """Compare, then time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--floor", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed (3)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--skip", nargs="+", default=[], help="ways to leave out, by a word")
    options = parser.parse_args()
    if options.floor:
        sys.exit(floor(options.floor))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part in ("data", "notebooks"):
            shutil.copytree(ROOT / part, folder / part)
        equal = [check_outputs(folder)]
        if "nbval" not in options.skip:
            equal += check_verdicts(folder)
        text = lines(measure(folder, options.rounds, options.skip), options.rounds, equal)
    print("\n".join(text))
    if options.write:
        document.write(HEADING, text)


if __name__ == "__main__":
    main()
