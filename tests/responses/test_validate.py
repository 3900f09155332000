"""Responses judged and counted: by hand, against plain Python, and alike on every engine."""

import collections
import os
import pathlib
from fractions import Fraction

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.responses import backend, consultation, counts, database, questions, validate
from positions.responses.backend import NotResponses

WITH_TEXT = pd.DataFrame(
    [("Q1", "a", "agree3", ""), ("Q2", "b", "likert5", "yes"), ("Q3", "c", "codes", ""),
     ("Q4", "d", "codes", ""), ("why", "", "text", "")],
    columns=["question_id", "proposition_id", "answers", "reversed"],
)  # fmt: skip
ASKED = WITH_TEXT.head(4)
REFERENCE = pd.DataFrame(
    {"question_id": ["Q1", "Q2", "Q4"], "position": [2, -1, 1], "weight": [1.0, 0.5, 2.0]}
)
PARTS = ("accounts", "counted", "campaigns", "spread", "patterns")


def as_bytes(found):
    """Everything that was counted, as one text."""
    head = f"{found.read} {found.respondents} {found.step} {found.weighted} {found.unread}\n"
    return head + "\n".join(getattr(found, name).to_csv(index=False) for name in PARTS)


def wide(number, seed, weighted=True):
    """Random responses; text columns as they would be typed."""
    draw = np.random.Generator(np.random.PCG64(seed))
    pick = lambda words: draw.choice(words, number)  # noqa: E731
    table = pd.DataFrame(
        {
            "respondent": [f"r{i}" for i in range(number)],
            "type": pick(["patient", "staff", ""]),
            "weight": pick(["1", "0.5", "2.25", "0.000001"]),
            "Q1": pick(["agree", "Agree", "neutral", "disagree", ""]),
            "Q2": pick(["strongly agree", "agree", "neutral", "disagree", ""]),
            "Q3": pick(["-2", "-1", "0", "1", "2", ""]),
            "Q4": pick(["-2", "2", "", "0"]),
        }
    )
    return table if weighted else table.drop(columns="weight")


def write(table, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)
    return path


def relation(frame):
    return duckdb.sql("select * from frame")


def as_parquet(table, path):
    relation(table).write_parquet(str(path))
    return path


def as_long(table):
    names = list(ASKED["question_id"])
    kept = [c for c in ("respondent", "type", "weight") if c in table]
    found = table.melt(id_vars=kept, value_vars=names, var_name="question_id", value_name="answer")
    return found


# --- against plain Python -------------------------------------------------------------------


def plainly(table):
    """Patterns, levels and scores of sound rows by loops over rows."""
    how = list(ASKED["question_id"])
    patterns, levels = collections.Counter(), collections.Counter()
    weights, spread = collections.Counter(), collections.Counter()
    for row in table.to_dict("records"):
        kind, weight = row["type"], Fraction(row.get("weight", "1"))
        codes = tuple(
            asked.code(row[asked.question_id]) for asked in questions.survey(ASKED).questions
        )
        patterns[kind, codes] += 1
        weights[kind, codes] += weight
        for name, code in zip(how, codes, strict=True):
            levels[kind, name, code] += 1
        near, of, spoke = Fraction(0), Fraction(0), 0
        for name, r, w in REFERENCE.itertuples(index=False):
            code = codes[how.index(name)]
            if code is not None:
                near += Fraction(w) * (1 - Fraction(abs(code - r), max(r + 2, 2 - r)))
                of, spoke = of + Fraction(w), spoke + 1
        if of:
            spread[kind, spoke, int(near / of * 1000)] += 1
    return patterns, weights, levels, spread


def none(value):
    return None if pd.isna(value) else int(value)


@pytest.mark.slow
@given(st.integers(0, 60), st.integers(0, 10_000), st.booleans())
def test_what_is_counted_is_what_loops_over_rows_count(number, seed, weighted):
    table = wide(number + 1, seed, weighted)
    found = consultation.count(relation(table), ASKED, REFERENCE)
    patterns, weights, levels, spread = plainly(table)
    names = list(ASKED["question_id"])
    counted = {
        (row["type"], tuple(none(row[name]) for name in names)): (row["n"], row["weight"])
        for row in found.patterns.reset_index().to_dict("records")
    }
    assert {key: n for key, (n, _) in counted.items()} == dict(patterns)
    for key, (_, weight) in counted.items():
        assert weight == pytest.approx(float(weights[key]), abs=1e-9)
    assert {
        (r["type"], r["question_id"], none(r["code"])): r["n"]
        for r in found.counted.to_dict("records")
    } == dict(levels)
    assert {
        (r["type"], r["spoke"], r["permille"]): r["n"] for r in found.spread.to_dict("records")
    } == dict(spread)
    assert found.accounts.to_numpy().tolist() == [["used", number + 1]]


# --- one result, whatever the way -----------------------------------------------------------


def test_pandas_duckdb_csv_parquet_wide_and_long_give_the_same_bytes(tmp_path):
    table = wide(500, 1)
    first = as_bytes(consultation.count(table, ASKED, REFERENCE))
    assert as_bytes(consultation.count(relation(table), ASKED, REFERENCE)) == first
    csv = write(table, tmp_path / "a.csv")
    assert as_bytes(consultation.count_files([csv], ASKED, REFERENCE)) == first
    parquet = as_parquet(table, tmp_path / "a.parquet")
    assert as_bytes(consultation.count_files([parquet], ASKED, REFERENCE)) == first
    for long in (as_long(table), as_long(table).query("answer != ''")):
        got = consultation.count(long, ASKED, REFERENCE)
        rest = as_bytes(got).split("\n", 1)[1].split("type,", 1)[1]
        whole = first.split("\n", 1)[1].split("type,", 1)[1]
        answered = (table[ASKED["question_id"]] != "").any(axis=1).sum()
        assert got.respondents == (500 if len(long) == 2000 else answered)
        if got.respondents == 500:
            assert rest == whole


@pytest.mark.slow
def test_shuffled_rows_threads_and_files_give_the_same_bytes(tmp_path):
    table = wide(3000, 2)
    shuffled = table.sample(frac=1, random_state=3)
    write(table, tmp_path / "one" / "a.csv")
    for part in range(3):
        write(shuffled.iloc[part::3], tmp_path / "many" / f"{part}.csv")
    results = {
        as_bytes(
            consultation.count_files(
                [pattern], ASKED, REFERENCE, consultation.CountOptions(threads=n, memory=memory)
            )
        )
        for pattern in (str(tmp_path / "one" / "*.csv"), str(tmp_path / "many" / "*.csv"))
        for n, memory in ((1, "80MB"), (2, "160MB"), (4, "320MB"))
    }
    assert len(results) == 1


def spark():
    """A local Spark session; a test without one says why it was not run."""
    required = os.environ.get("POSITIONS_SPARK") == "1"
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        if required:
            raise
        pytest.skip("pyspark is not installed (extra `spark`): nothing was run on Spark")
    builder = SparkSession.builder.master("local[2]").appName("positions")
    for key, value in (("spark.ui.enabled", "false"), ("spark.sql.shuffle.partitions", "4"),
                       ("spark.driver.host", "localhost")):  # fmt: skip
        builder = builder.config(key, value)
    return builder.getOrCreate()


@pytest.mark.filterwarnings("default")
def test_spark_gives_the_same_bytes_as_pandas():
    session = spark()
    try:
        table = wide(400, 4)
        table.loc[3, "Q1"], table.loc[5, "weight"], table.loc[8, "respondent"] = "maybe", "x", "r7"
        table["why"] = np.where(table.index % 3, "", "The same text, sent by very many people.")
        whole = consultation.count(table, WITH_TEXT, REFERENCE)
        rows = session.createDataFrame(table.to_numpy().tolist(), list(table.columns))
        assert as_bytes(consultation.count(rows, WITH_TEXT, REFERENCE)) == as_bytes(whole)
        long = as_long(wide(100, 5))
        rows = session.createDataFrame(long.to_numpy().tolist(), list(long.columns))
        assert as_bytes(consultation.count(rows, ASKED, REFERENCE)) == as_bytes(
            consultation.count(long, ASKED, REFERENCE)
        )
    finally:
        session.stop()


# --- what is rejected -----------------------------------------------------------------------

DAMAGED = (
    b"respondent,type,weight,Q1,Q2,Q3,Q4,why,extra\r\n"
    b'1,x,1,agree,agree,1,0,"a, ""text""",\r\n'
    b"2,x,1,agree\n\n"
    b'3,y,0.5,Disagree,,2,,"two\nlines",\n'
    b"4,\xff,1,,,,,,\n5,y,1,maybe,,,,,\n6,y,-1,agree,,,,,\n7,y,1,agree,,,,,\n7,z,1,agree,,,,,\n"
    b'8,z,1,"agr"ee,,,,,\n,z,1,agree,,,,,\n9,z,1,agree,,1.5,,,'
)


def rejects(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False).to_numpy().tolist()


def test_each_bad_row_is_listed_with_its_line_and_reason_and_the_counts_add_up(tmp_path):
    file = tmp_path / "w.csv"
    file.write_bytes(DAMAGED)
    listed = tmp_path / "rejects.csv"
    options = consultation.CountOptions(rejects=listed, tolerated=1)
    found = consultation.count_files([file], WITH_TEXT, REFERENCE, options)
    assert [row[:4] for row in rejects(listed)] == [
        ["w.csv", "3", "field count", ""],
        ["w.csv", "4", "blank line", ""],
        ["w.csv", "7", "not UTF-8", ""],
        ["w.csv", "9", "no weight", "weight"],
        ["w.csv", "10", "respondent repeated", "respondent"],
        ["w.csv", "11", "respondent repeated", "respondent"],
        ["w.csv", "12", "quotes", ""],
        ["w.csv", "13", "no respondent", "respondent"],
    ]
    assert [row[4] for row in rejects(listed)][3:6] == ["-1", "7", "7"]
    assert found.accounts.to_numpy().tolist() == [
        ["used", 4], ["blank line", 1], ["field count", 1], ["no respondent", 1],
        ["no weight", 1], ["not UTF-8", 1], ["quotes", 1], ["respondent repeated", 2],
    ]  # fmt: skip
    assert found.read == found.accounts["rows"].sum() == 12
    assert found.unknown.to_numpy().tolist() == [
        ["Q1", "maybe", 1, "w.csv", 8], ["Q3", "1.5", 1, "w.csv", 14],
    ]  # fmt: skip
    assert found.unread == ("extra",)


def test_the_list_of_rejected_rows_holds_no_cell_that_a_spreadsheet_runs(tmp_path):
    table = pd.DataFrame(
        {"respondent": ["=1+1", "=1+1", "a", "b"], "weight": ["1", "1", "@SUM(A1)", "1"]}
    )
    file = tmp_path / "=w.csv"
    table.assign(**{f"Q{n}": "agree" for n in range(1, 5)}).to_csv(file, index=False)
    listed = tmp_path / "rejects.csv"
    consultation.count_files(
        [file], ASKED, REFERENCE, consultation.CountOptions(rejects=listed, tolerated=1)
    )
    assert rejects(listed) == [
        ["'=w.csv", "2", "respondent repeated", "respondent", "'=1+1"],
        ["'=w.csv", "3", "respondent repeated", "respondent", "'=1+1"],
        ["'=w.csv", "4", "no weight", "weight", "'@SUM(A1)"],
    ]


def test_rows_of_parquet_are_listed_by_their_number(tmp_path):
    table = wide(6, 1)
    table.loc[4, "Q1"], table.loc[3, "weight"] = "perhaps", "heavy"
    as_parquet(table, tmp_path / "a.parquet")
    listed = tmp_path / "rejects.csv"
    options = consultation.CountOptions(rejects=listed, tolerated=1)
    found = consultation.count_files([tmp_path / "a.parquet"], ASKED, REFERENCE, options)
    assert rejects(listed) == [["a.parquet", "4", "no weight", "weight", "heavy"]]
    assert found.unknown.to_numpy().tolist() == [["Q1", "perhaps", 1, "a.parquet", 5]]


def test_each_answer_of_a_long_table_is_judged_by_itself():
    rows = [
        ("1", "x", "Q1", "agree"), ("1", "x", "Q2", "agree"), ("1", "x", "Q2", "disagree"),
        ("2", "y", "Q3", "1"), ("2", "z", "Q1", "agree"),
        ("3", "x", "Q9", "agree"), ("3", "x", "Q1", "never"), ("3", "x", "Q3", "2"),
        (None, "x", "Q1", "agree"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["respondent", "type", "question_id", "answer"])
    found = consultation.count(table, ASKED, REFERENCE, consultation.CountOptions(tolerated=1))
    assert found.accounts.to_numpy().tolist() == [
        ["used", 3], ["answer repeated", 2], ["no respondent", 1], ["types differ", 2],
        ["unknown question", 1],
    ]  # fmt: skip
    assert found.unknown.to_numpy().tolist() == [["Q1", "never", 1, "", 0]]
    assert (found.read, found.respondents) == (9, 2)
    patterns = found.patterns[["Q1", "Q2", "Q3", "Q4"]].fillna(9).astype(int).to_numpy().tolist()
    assert patterns == [[2, 9, 9, 9], [9, 9, 2, 9]]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("respondent,Q1,Q2,Q3\n", "no column 'Q4'; questions.csv has a question of that name"),
        ("Q5,Q1,Q2,Q3,Q 4\n", "no column 'Q4'"),
        ("Q1,Q2,Q3,Q4\n", "there is a header, and no answer below it"),
        ("Q1,Q2,Q3,Q4\n1\n1,2\n", "not one row counts: of 2 rows read 2 were rejected for"),
        ("q4,Q1,Q2,Q3,Q4 \u200b,q4\n", "both read as 'Q4'; rename one of them"),
        ("", "no header; the first line must name the columns"),
        ("question_id,answer\nQ1,agree\n", "a long table needs a column 'respondent'"),
    ],
)
def test_a_file_that_is_no_table_of_responses_is_refused_in_words(tmp_path, header, message):
    file = tmp_path / "a.csv"
    file.write_text(header)
    with pytest.raises(NotResponses) as refused:
        consultation.count_files([file], ASKED, REFERENCE)
    assert message in str(refused.value)


def test_files_of_two_kinds_or_none_or_other_columns_are_refused(tmp_path):
    write(wide(3, 1), tmp_path / "a.csv")
    as_parquet(wide(3, 1), tmp_path / "b.parquet")
    write(wide(3, 1)[::-1].iloc[:, ::-1], tmp_path / "c.csv")
    (tmp_path / "d.parquet").write_bytes(b"PAR1 no")
    for given_files, words in (
        (["a.csv", "b.parquet"], "must all end in one of .csv, .parquet, .xlsx"),
        (["z*.csv"], "no such file"),
        (["a.csv", "c.csv"], "its columns are not those of"),
        (["d.parquet"], "cannot be read as Parquet"),
    ):
        with pytest.raises(NotResponses, match=words):
            consultation.count_files(
                [str(tmp_path / name) for name in given_files], ASKED, REFERENCE
            )


def test_a_fraction_is_not_rounded_to_an_answer_in_either_reading(tmp_path):
    table = wide(4, 1)
    table["Q3"] = ["1", "1.5", "2.0", "1e0"]
    options = consultation.CountOptions(tolerated=0.25)
    found = consultation.count_files([write(table, tmp_path / "a.csv")], ASKED, REFERENCE, options)
    assert found.unknown[["answer", "rows", "line"]].to_numpy().tolist() == [["1.5", 1, 3]]
    codes = found.counted.query("question_id == 'Q3'").groupby("code", dropna=False)["n"].sum()
    assert codes.tolist() == [2, 1, 1]
    table["Q3"] = ["1", "1.0", "2.0", "1e0"]
    found = consultation.count_files([write(table, tmp_path / "b.csv")], ASKED, REFERENCE)
    codes = found.counted.query("question_id == 'Q3'").groupby("code")["n"].sum()
    assert codes.to_dict() == {1: 3, 2: 1}


def test_too_many_types_are_no_types():
    table = wide(1001, 1)
    table["type"] = table["respondent"]
    with pytest.raises(NotResponses, match="`type` has 1001 values, over 1000"):
        consultation.count(table, ASKED, REFERENCE)


def test_the_temporary_files_are_gone_when_reading_ends_or_fails(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    consultation.count_files([write(wide(9, 1), tmp_path / "a.csv")], ASKED, REFERENCE)
    with pytest.raises(NotResponses):
        consultation.count_files(
            [tmp_path / "a.csv"], ASKED.assign(question_id=list("wxyz")), REFERENCE
        )
    assert list((tmp_path / "t").iterdir()) == []


def test_the_database_is_bounded_as_asked():
    with database.workspace("70MB", 1) as space:
        settings_ = dict(
            space.connection.execute("select name, value from duckdb_settings()").fetchall()
        )
    assert settings_["threads"] == "1"
    assert settings_["memory_limit"] == "66.7 MiB"
    assert pathlib.Path(settings_["temp_directory"]).name.startswith("positions-")


def test_rows_are_kept_in_groups_small_enough_for_the_bound():
    with database.workspace() as space:
        space.settle(backend.as_frame(space.connection.sql("select i from range(100000) t(i)")))
        groups = "select distinct row_group_num_rows from parquet_metadata(?)"
        kept = [str(path) for path in space.folder.glob("*.parquet")]
        sizes = [size for (size,) in space.connection.execute(groups, kept).fetchall()]
    assert max(sizes) <= database.ROWS_TOGETHER < sum(sizes)


def test_too_little_memory_is_said_with_the_option_that_helps(tmp_path):
    file = write(wide(20_000, 1), tmp_path / "a.csv")
    with pytest.raises(NotResponses, match=r"1MB of memory are too few .*--memory"):
        consultation.count_files([file], ASKED, REFERENCE, consultation.CountOptions(memory="1MB"))


# --- patterns and samples -------------------------------------------------------------------


@pytest.mark.parametrize("step", [4, 7, 50])
def test_a_sample_of_patterns_keeps_of_each_its_share_rounded_up_or_down(step):
    table = wide(2000, 6, weighted=False)
    survey, found = questions.survey(ASKED), set()
    names = [question.column for question in survey.questions]
    for rows in (table, table.sample(frac=1, random_state=1), relation(table)):
        judged = validate.of_table(rows, survey)
        coded = counts.coded(judged.used, judged.answers, survey.questions)
        whole, one = counts.patterns(coded, names, 10_000)
        some, taken = counts.patterns(coded, names, -(-2000 // step))
        assert (one, taken) == (1, step)
        found.add(some.to_csv())
    assert len(found) == 1
    keys = ["type", *names]
    both = whole.merge(some, on=keys, how="left", suffixes=("", "_kept")).fillna({"n_kept": 0})
    kept = both["n_kept"] / taken
    assert (kept >= both["n"] // taken).all()
    assert (kept <= -(-both["n"] // taken)).all()
    # Unbiased: each pattern is off by a Bernoulli variable of variance at most 1/4.
    assert abs(some["n"].sum() - 2000) < 4 * taken * np.sqrt(len(whole) / 4)
    assert (some["units"] == some["n"] * 1_000_000).all()


def test_weights_are_summed_as_whole_numbers():
    table = wide(1000, 7).assign(type="x", Q1="agree", weight="0.1")
    counted = consultation.count(table, ASKED, REFERENCE).counted
    assert counted.query("question_id == 'Q1'")["weight"].tolist() == [100.0]
