"""A matrix of answers in memory, from agreement to a map, against red-dwarf's pipeline.

    python benchmarks/respondents.py [--rows 20000] [--questions 40] [--million] [--write]

Both sides must find the planted groups: the same number, and the same respondents in them
(adjusted Rand index from 0.9), in the smallest table before any is timed, and in each. Each side
is a process of its own: its peak memory is read from the system; its time is that of the
processor, as other work on the machine would disturb any other, and leaves imports out; one thread
for linear algebra. `--million` runs this package alone on a million rows by twenty
questions. `--write` puts the table into docs/benchmarks.md. Needs the extra `benchmarks`.
"""

from __future__ import annotations

import argparse
import json
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import subprocess
import sys
import time

import document
import numpy as np
import pandas as pd

REPEATS = 5
"""The shorter side is run so often, and its median counts: one disturbance would double it."""
PACKAGES = ("pandas", "numpy", "red-dwarf", "scikit-learn")
HEADING = "A matrix of answers in memory, from agreement to groups and a map"


def planted(rows: int, questions: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Three opinions, half of the answers random, a fifth silent: -1, 0 or 1, as votes are."""
    draw = np.random.Generator(np.random.PCG64(seed))
    profiles = draw.choice([-1, 1], (3, questions))
    group = draw.choice(3, rows, p=(0.5, 0.3, 0.2))
    votes = profiles[group].astype(float)
    other = draw.random(votes.shape) < 0.4
    votes[other] = draw.integers(-1, 2, other.sum())
    votes[draw.random(votes.shape) < 0.2] = np.nan
    return votes, group


def answers(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Count who gave which answer to each question, as DuckDB does where answers are in a file."""
    from positions.responses import patterns

    rows, number = patterns.levels(table[names].to_numpy()), table.index.get_level_values("n")
    levels = patterns.SILENT + 1
    each = [np.bincount(column, number, minlength=levels) for column in rows.T]
    codes = patterns.codes(np.arange(levels, dtype=np.int8))
    found = pd.DataFrame(
        {"question_id": np.repeat(names, levels), "code": np.tile(codes, len(names)),
         "n": np.concatenate(each).astype("int64")}
    )  # fmt: skip
    return found[found["n"] > 0].assign(type="", weight=found["n"].astype(float), campaign=0)


def positions(votes: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """Agreement, groups with their verdict, consensus and map: patterns, and their groups."""
    from positions.responses import agreement as response_agreement
    from positions.responses import groups as response_groups
    from positions.responses import patterns, pca

    names = [f"q{i:02}" for i in range(votes.shape[1])]
    table = patterns.counted(votes * 2, names)
    items = pd.DataFrame(
        {"item_id": names, "asks": names, "label": names, "weight": 1.0, "asked": True}
    )
    models = pd.DataFrame({"model_id": "m", "proposition_id": names, "position": 2})
    counted = answers(table, names)
    scores = response_agreement.scores(counted, items, models)
    standings = response_agreement.standings(counted, items)
    found = response_groups.find(table, names)
    plane = pca.plane(table, names)
    places = pca.on_plane(plane, table[names].to_numpy())
    assert len(scores) and len(standings) == len(names) and len(places) == len(table)
    assert found.verdict == "groups", found.verdict
    return table, found.labels


def of_respondents(table: pd.DataFrame, labels: np.ndarray, votes: np.ndarray) -> np.ndarray:
    """The group of each respondent, from that of its pattern."""
    from positions.responses import patterns

    names = [name for name in table.columns if name.startswith("q")]
    keys = patterns.keys(patterns.levels(table[names].to_numpy()))
    group = {key.tobytes(): label for key, label in zip(keys, labels, strict=True)}
    return np.array([group[key.tobytes()] for key in patterns.keys(patterns.levels(votes * 2))])


def reddwarf(votes: np.ndarray) -> np.ndarray:
    """The published pipeline for Polis conversations."""
    from reddwarf.implementations.base import run_pipeline

    listed = [
        {"participant_id": int(i), "statement_id": int(j), "vote": int(votes[i, j])}
        for i, j in zip(*np.nonzero(~np.isnan(votes)), strict=True)
    ]
    begun = time.process_time()
    found = run_pipeline(votes=listed, random_state=1)
    reddwarf.seconds = time.process_time() - begun  # type: ignore[attr-defined]
    return found.participants_df["cluster_id"].sort_index().to_numpy()


def once(side: str, rows: int, questions: int) -> None:
    """One side in this process: imports first, then the job, then what it found."""
    from sklearn.metrics import adjusted_rand_score

    votes, group = planted(rows, questions)
    if side == "positions":
        pd.set_option("mode.string_storage", "python")  # as the extra `report` has it: no pyarrow
        positions(votes[:2000])  # what is imported on first use
        took = []
        for _ in range(REPEATS):
            begun = time.process_time()
            table, found = positions(votes)
            took.append(time.process_time() - begun)
        seconds = statistics.median(took)
        labels = of_respondents(table, found, votes)
    else:
        labels = reddwarf(votes)
        seconds = reddwarf.seconds  # type: ignore[attr-defined]
    index = adjusted_rand_score(group, labels)
    print(json.dumps({"seconds": seconds, "index": index, "groups": len(set(labels.tolist()))}))


def run(side: str, rows: int, questions: int) -> dict[str, float]:
    """One side in a process of its own: seconds, peak memory, what it found."""
    command = [sys.executable, __file__, "--side", side, "--rows", str(rows),
               "--questions", str(questions)]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    text = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, side
    return {**json.loads(text), "mb": used.ru_maxrss / 1024}


def both(rows: int, questions: int) -> tuple[dict[str, float], dict[str, float]]:
    """Both sides on one table, in which they must find the planted groups."""
    ours, theirs = run("positions", rows, questions), run("reddwarf", rows, questions)
    assert ours["groups"] == theirs["groups"] == 3, (ours, theirs)
    assert min(ours["index"], theirs["index"]) > 0.9, (ours, theirs)
    return ours, theirs


def main() -> None:
    """Compare the two, or run as one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--million", action="store_true", help="this package on 1,000,000 x 20")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--side", choices=("positions", "reddwarf"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        once(options.side, options.rows, options.questions)
        return
    sizes = sorted({1000, 3000, options.rows // 2, options.rows})
    both(sizes[0], options.questions)
    rows = []
    for size in sizes:
        ours, theirs = both(size, options.questions)
        rows.append(
            [f"{size:,} x {options.questions}", f"{ours['seconds']:.3f}", f"{ours['mb']:.0f}",
             f"{theirs['seconds']:.2f}", f"{theirs['mb']:.0f}",
             f"{theirs['seconds'] / ours['seconds']:.0f}", f"{theirs['mb'] / ours['mb']:.1f}"]
        )  # fmt: skip
    if options.million:
        ours = run("positions", 1_000_000, 20)
        rows.append(
            ["1,000,000 x 20", f"{ours['seconds']:.2f}", f"{ours['mb']:.0f}", "", "", "", ""]
        )
    text = [
        "Agreement, groups with their verdict, consensus and a map, against red-dwarf's pipeline. "
        f"{document.machine(PACKAGES)} Seconds of processor, imports left out, one thread; of "
        f"`positions` the median of {REPEATS} rounds.",
        "",
        *document.table(
            ["rows x questions", "`positions` s", "MB", "red-dwarf s", "MB", "times faster",
             "times smaller"],
            rows,
        ),
    ]  # fmt: skip
    print("\n".join(text))
    if options.write:
        document.write(HEADING, text)


if __name__ == "__main__":
    main()
