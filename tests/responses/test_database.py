"""What DuckDB counts in its own way is what any engine counts, set by set."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.responses import backend, consultation, database

TYPES = st.sampled_from([None, "", "staff", "it's", 'a "b"', "a, b", "é\u2019"])
ROW = st.tuples(
    TYPES, st.integers(0, 1), *[st.sampled_from([None, -2.0, 0.0, 1.0])] * 4, st.integers(0, 9)
)
COLUMNS = ["type", "campaign", "q1", 'q"2', "q3", "q4", "units"]
PARTS = [["type", "campaign", "q1", 'q"2'], ["type", "campaign", "q3"], ["type", "campaign", "q4"]]


def counts(tables):
    """Each table as a sorted list of its rows, missing as None."""
    return [
        sorted(
            (tuple(None if pd.isna(v) else v for v in row) for row in table.to_numpy().tolist()),
            key=repr,
        )
        for table in tables
    ]


@pytest.mark.slow
@given(st.lists(ROW, min_size=1, max_size=12), st.booleans(), st.booleans(), st.booleans())
def test_combinations_are_those_that_any_engine_counts(rows, weighted, words, in_csv):
    table = pd.DataFrame(rows, columns=COLUMNS)
    table["type"] = table["type"].astype("object")
    if words:
        table["q1"] = table["q1"].map({-2.0: "no", 1.0: "yes it's"})
    if not weighted:
        table = table.drop(columns="units")
    plain = backend.ANY.combinations(backend.as_frame(table), PARTS)
    with database.workspace() as space:
        frame = backend.as_frame(space.connection.from_df(table))
        space.in_csv = in_csv
        found = list(space.combinations(frame, PARTS))
    assert counts(found) == counts(plain)
    assert [list(part) for part in found] == [[*part, "n", "units"] for part in PARTS]


@pytest.mark.parametrize("number", [255, 256])
def test_types_too_many_for_a_byte_are_counted_as_they_are(number):
    with database.workspace() as space:
        rows = space.connection.sql(f"select 't' || i as type, 1 as q from range({number}) t(i)")
        (found,) = space.combinations(backend.as_frame(rows), [["type", "q"]])
    assert sorted(found["type"]) == sorted(f"t{i}" for i in range(number))
    assert found["n"].tolist() == [1] * number


def test_more_sets_than_one_pass_takes_are_counted_in_several():
    names = [f"q{i:02}" for i in range(45)]
    table = pd.DataFrame({"type": ["a", "b"], **{name: [i, None] for i, name in enumerate(names)}})
    with database.workspace() as space:
        space.in_csv = True
        frame = backend.as_frame(space.connection.from_df(table))
        found = list(space.combinations(frame, [["type", name] for name in names]))
    assert counts(found) == [
        [("a", float(i), 1, 1_000_000), ("b", None, 1, 1_000_000)] for i in range(45)
    ]


@pytest.mark.parametrize("last", ["1", "+1", "1.5", "nan", "n/a", "0x1", "1_0", "7", "é"])
def test_a_file_of_numbers_counted_where_it_lies_gives_what_the_table_gives(tmp_path, last):
    asked = pd.DataFrame(
        {"question_id": ["a", "b"], "proposition_id": ["p", "q"], "answers": "codes",
         "reversed": ["", "yes"]}
    )  # fmt: skip
    reference = asked[["question_id"]].assign(position=[2, 1], weight=1.0)
    table = pd.DataFrame({"type": ["x", " x", ""], "a": ["2", "", last], "b": ["-1", "0.0", "2"]})
    table.to_csv(tmp_path / "a.csv", index=False)
    options = consultation.CountOptions(tolerated=0.5)
    found = consultation.count_files([tmp_path / "a.csv"], asked, reference, options)
    whole = consultation.count(table, asked, reference, options)
    for part in ("accounts", "counted", "spread", "patterns"):
        assert getattr(found, part).to_csv() == getattr(whole, part).to_csv(), part


@pytest.mark.slow
@given(
    st.lists(st.sampled_from([None, "agree", " Agree", "it's no", "", "unknown"]), min_size=1),
    st.lists(st.sampled_from([None, 1.0, -2.0, 7.0]), min_size=1),
    st.integers(1, 60),
)
def test_answers_are_recoded_as_on_any_engine(words, numbers, spellings):
    rows = min(len(words), len(numbers))
    table = pd.DataFrame({"w": words[:rows], "x": numbers[:rows]}, dtype="object")
    table["x"] = table["x"].astype("float64")
    meant = {
        "w": {"agree": 2, " Agree": 2, "it's no": -2, **{f"w{i}": 1 for i in range(spellings)}},
        "x": {1.0: 1, -2.0: -2},
    }
    plain = backend.gathered(backend.ANY.recoded(backend.as_frame(table), meant, 9))
    with database.workspace() as space:
        frame = backend.as_frame(space.connection.from_df(table))
        found = backend.gathered(space.recoded(frame, meant, 9))
    assert found.to_numpy().tolist() == plain.to_numpy().tolist()


def test_a_type_with_a_null_byte_is_counted():
    table = pd.DataFrame({"type": ["a\0b", "a"], "q": [1, 1]})
    with database.workspace() as space:
        frame = backend.as_frame(space.connection.from_df(table))
        (found,) = space.combinations(frame, [["type", "q"]])
    assert sorted(found["type"]) == ["a", "a\0b"]
