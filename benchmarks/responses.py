"""Agreement by type of respondent over millions of rows, against other engines: equal, then timed.

    python benchmarks/responses.py [--rows 10000000] [--repeats 3] [--folder DIR] [--write]

Each engine is a process of its own, so that time and memory are of the whole of it, imports and
all. Every engine's numbers are compared with the others' before any is timed; then they run in
turns. In that first run Python also keeps what it compiles, as any installation does. `scan` only
decodes the file and adds up each column: no engine can be faster. `positions` is the command's own
way: rows judged, all read, counted by answer. Data are seeded and kept in the folder. `--write`
puts the tables into docs/benchmarks.md. Needs the extras `report` and `benchmarks`; engines that
are not installed are named, not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import document

QUESTIONS = [f"q{i:02}" for i in range(20)]
REFERENCE = dict(zip(QUESTIONS, [2, -2, 1, 2, 0, -1, 2, 2, -2, 1] * 2, strict=True))
FURTHEST = {name: 2 + abs(position) for name, position in REFERENCE.items()}
"""How far from the model an answer can be."""
PARQUET = ("scan", "positions", "duckdb", "polars", "dask", "pandas")
CSV = ("positions", "duckdb", "duckdb-levels", "polars")
PACKAGES = ("pandas", "duckdb", "narwhals", "numpy", "pyarrow", "polars", "dask", "pyspark")
HEADING = "Agreement by type of respondent, over millions of responses"


# --- data ----------------------------------------------------------------------------------


def make(path: pathlib.Path, rows: int) -> None:
    """Seeded answers: half of them one of a thousand templates, 8% silent, five types."""
    import duckdb

    if path.exists():
        return
    columns = ", ".join(
        f"case when hash(i * 41 + {j}) % 100 < 8 then null else "
        f"(hash((case when hash(i) % 2 = 0 then hash(i + 7) % 1000 else i end) * 31 + {j}) % 5)"
        f"::tinyint - 2::tinyint end as {name}"
        for j, name in enumerate(QUESTIONS)
    )
    form = "format parquet, compression zstd" if path.suffix == ".parquet" else "format csv, header"
    beside = path.with_suffix(".new")
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as connection:
        connection.execute(
            f"copy (select 'type ' || hash(i + 3) % 5 as type, {columns} from range({rows}) t(i)) "
            f"to '{beside}' ({form})"
        )
    beside.rename(path)


# --- engines: each gives the agreement of each type ------------------------------------------


def scan(path: str) -> dict[str, float]:
    """No answer: each column decoded and added up, as a limit."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    total = 0
    for batch in pq.ParquetFile(path).iter_batches(1_000_000):
        total += sum(pc.sum(batch.column(name)).as_py() for name in QUESTIONS)
    return {"": float(total)}


def positions(path: str) -> dict[str, float]:
    """The package, from the files to the scores, as its extra `report` installs it: no pyarrow."""
    sys.modules["pyarrow"] = None  # type: ignore[assignment]
    import pandas as pd

    from positions.responses import agreement as response_agreement
    from positions.responses import counts, database, files, questions

    asked = pd.DataFrame(
        {"question_id": QUESTIONS, "proposition_id": QUESTIONS, "answers": "codes", "reversed": ""}
    )
    items = pd.DataFrame(
        {"item_id": QUESTIONS, "asks": QUESTIONS, "label": QUESTIONS, "weight": 1.0, "asked": True}
    )
    models = pd.DataFrame(
        {"model_id": "m", "proposition_id": QUESTIONS, "position": list(REFERENCE.values())}
    )
    with database.workspace() as space:
        survey = questions.survey(asked)
        judged, damaged, _ = files.judged(space, files.found([path]), survey)
        assert not judged.rejects and not damaged and judged.unknown.empty
        assert judged.read == counts.respondents(judged.answers)
        scores = response_agreement.scores(
            judged.answers.assign(campaign=0, weight=judged.answers["n"]), items, models
        )
    kept = scores[scores["body_id"] != response_agreement.ALL]
    return dict(zip(kept["name"], kept["agreement"], strict=True))


def duckdb(path: str) -> dict[str, float]:
    """One query by hand, for this model alone."""
    import duckdb as engine

    connection = engine.connect(config={"threads": 2, "memory_limit": "200MB"})
    near = " + ".join(
        f"sum({FURTHEST[q]} - abs({q} - {r})) / {FURTHEST[q]}.0" for q, r in REFERENCE.items()
    )
    of = " + ".join(f"count({q})" for q in QUESTIONS)
    rows = connection.execute(f"select type, ({near}) / ({of}) from '{path}' group by type")
    return {name: float(share) for name, share in rows.fetchall()}


def duckdb_levels(path: str) -> dict[str, float]:
    """How often each answer was given, from which agreement with any model follows."""
    import duckdb as engine

    connection = engine.connect(config={"threads": 2, "memory_limit": "1GB"})
    rows = connection.execute(
        f"select type, name, value, count(*) from (unpivot '{path}' on {', '.join(QUESTIONS)}) "
        "group by all"
    ).fetchall()
    near: dict[str, float] = {}
    of: dict[str, int] = {}
    for kind, name, value, number in rows:
        share = 1 - abs(value - REFERENCE[name]) / FURTHEST[name]
        near[kind] = near.get(kind, 0) + number * share
        of[kind] = of.get(kind, 0) + number
    return {kind: near[kind] / of[kind] for kind in near}


def polars(path: str) -> dict[str, float]:
    """One lazy query, streamed."""
    import polars as pl

    rows = pl.scan_csv(path) if path.endswith(".csv") else pl.scan_parquet(path)
    near = sum(
        (FURTHEST[q] - (pl.col(q).cast(pl.Int32) - r).abs()).sum() / FURTHEST[q]
        for q, r in REFERENCE.items()
    )
    of = sum(pl.col(q).count() for q in QUESTIONS)
    found = (
        rows.group_by("type").agg(near.alias("near"), of.alias("of")).collect(engine="streaming")
    )
    return {kind: near / of for kind, near, of in found.iter_rows()}


def _by_pandas(table, agg):
    near = sum((1 - (table[q] - r).abs() / FURTHEST[q]).fillna(0) for q, r in REFERENCE.items())
    of = sum((~table[q].isna()).astype("int64") for q in QUESTIONS)
    return agg(table[["type"]].assign(near=near, of=of))


def pandas(path: str) -> dict[str, float]:
    """The whole table in memory."""
    import pandas as pd

    table = pd.read_parquet(path)
    sums = _by_pandas(table, lambda t: t.groupby("type").sum())
    return (sums["near"] / sums["of"]).to_dict()


def dask(path: str) -> dict[str, float]:
    """Row groups on two threads."""
    import dask
    import dask.dataframe as dd

    dask.config.set(scheduler="threads", num_workers=2)
    table = dd.read_parquet(path, split_row_groups=True)
    sums = _by_pandas(table, lambda t: t.groupby("type").sum()).compute()
    return (sums["near"] / sums["of"]).to_dict()


def spark(path: str) -> dict[str, float]:
    """The same call on a Spark table as on any other."""
    import pandas as pd
    from pyspark.sql import SparkSession

    from positions.responses import questions, validate

    session = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    )
    asked = pd.DataFrame(
        {"question_id": QUESTIONS, "proposition_id": QUESTIONS, "answers": "codes", "reversed": ""}
    )
    judged = validate.of_table(session.read.parquet(path), questions.survey(asked))
    counted = judged.answers.dropna(subset=["code"])
    off = (counted["code"] - counted["question_id"].map(REFERENCE)).abs()
    share = 1 - off / counted["question_id"].map(FURTHEST)
    near = (share * counted["n"]).groupby(counted["type"]).sum()
    return (near / counted.groupby("type")["n"].sum()).astype(float).to_dict()


ENGINES = {
    "scan": scan, "positions": positions, "duckdb": duckdb, "duckdb-levels": duckdb_levels,
    "polars": polars, "pandas": pandas, "dask": dask, "spark": spark,
}  # fmt: skip


# --- side by side --------------------------------------------------------------------------


def run(engine: str, path: pathlib.Path) -> tuple[dict[str, float] | None, float, float, float]:
    """One process: what it found (None where it is not installed), seconds, CPU seconds, MB."""
    command = [sys.executable, __file__, "--engine", engine, "--path", str(path)]
    settings = {**os.environ, "OMP_NUM_THREADS": "2"}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, env=settings)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        out.seek(0)
        found = json.loads(out.read()) if process.returncode == 0 else None
    return found, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def compare(engines: tuple[str, ...], path: pathlib.Path, repeats: int, base: str) -> list[str]:
    """Check that all agree, time them in turns, and lay the medians out as a table."""
    first = {engine: run(engine, path) for engine in engines}
    there = [engine for engine in engines if first[engine][0] is not None]
    for engine in set(engines) - set(there):
        print(f"{engine}: not installed, or it failed; not counted", file=sys.stderr)
    reference = first["positions"][0]
    assert reference is not None and len(reference) == 5
    for engine in there:
        found = first[engine][0]
        if engine != "scan":
            assert found is not None and found.keys() == reference.keys(), engine
            for kind, share in found.items():
                assert abs(share - reference[kind]) < 1e-9, (engine, kind)
    timed: dict[str, list[tuple[float, float, float]]] = {engine: [] for engine in there}
    for _ in range(repeats):
        for engine in there:
            timed[engine].append(run(engine, path)[1:])
    middle = {
        e: [statistics.median(part) for part in zip(*t, strict=True)] for e, t in timed.items()
    }
    rows = []
    for engine, (seconds, cpu, size) in middle.items():
        ratios = [f"{seconds / middle[of][0]:.2f}" for of in (base, "positions")]
        rows.append([f"`{engine}`", f"{seconds:.2f}", f"{cpu:.2f}", f"{size:.0f}", *ratios])
    header = ["engine", "seconds", "processor seconds", "peak MB"]
    return document.table([*header, f"times `{base}`", "times `positions`"], rows)


def growth(folder: pathlib.Path, rows: int) -> list[str]:
    """Time and memory of this package alone on growing tables, each of which it counts whole."""
    lines = []
    for size in (rows // 100, rows // 20, rows // 4, rows):
        path = folder / f"{size}.parquet"
        make(path, size)
        found, seconds, cpu, peak = run("positions", path)
        assert found is not None and len(found) == 5
        lines.append([f"{size:,}", f"{seconds:.2f}", f"{cpu:.2f}", f"{peak:.0f}"])
    return document.table(["rows", "seconds", "processor seconds", "peak MB"], lines)


def main() -> None:
    """Compare the engines, or run as one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/benchmarks"))
    parser.add_argument("--spark", action="store_true", help="Spark, too (extra `spark`)")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--path", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(ENGINES[options.engine](options.path)))
        return
    options.folder.mkdir(parents=True, exist_ok=True)
    text = [
        f"{options.rows:,} responses to {len(QUESTIONS)} questions, from five types of respondent. "
        f"{document.machine(PACKAGES)} Whole processes, imports and all; medians of "
        f"{options.repeats} rounds in turns. `scan` decodes the file with pyarrow and adds up each "
        "column; `duckdb` is one query by hand, for one model; `duckdb-levels` counts each answer, "
        "from which agreement with any model follows, as `positions` does.",
        "",
    ]
    for kind, engines, base in (("parquet", PARQUET, "scan"), ("csv", CSV, "duckdb-levels")):
        path = options.folder / f"{options.rows}.{kind}"
        make(path, options.rows)
        also = ("spark",) if options.spark and kind == "parquet" else ()
        size = path.stat().st_size / 1024**2
        text += [f"From {kind} ({size:.0f} MB):", "",
                 *compare((*engines, *also), path, options.repeats, base)]  # fmt: skip
    text += ["Growth, from parquet:", "", *growth(options.folder, options.rows)]
    print("\n".join(text))
    if options.write:
        document.write(HEADING, text)


if __name__ == "__main__":
    main()
