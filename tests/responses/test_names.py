"""Columns and respondents by any name: nothing that is counted depends on what it is called."""

import numpy as np
import pandas as pd
import pytest

from positions.responses import consultation, groups, pca

NAMES = ["Q1.a", "n", "units", "reason", "value", "column", "campaign", "TYPE", "q0", "_line",
         "code", "text0", 'it\'s "so"', "answer "]  # fmt: skip


def asked(names):
    return pd.DataFrame(
        {"question_id": names, "proposition_id": names, "answers": "codes", "reversed": ""}
    )


def reference(names):
    return pd.DataFrame({"question_id": names, "position": 2, "weight": 1.0})


def table(names, rows=12):
    draw = np.random.Generator(np.random.PCG64(1))
    found = pd.DataFrame(draw.integers(-2, 3, (rows, len(names))).astype(str), columns=names)
    return found.assign(respondent=[f"r{i}" for i in range(rows)])


def plainly(found, names, new):
    """What was counted, with the questions under other names."""
    other = dict(zip(names, new, strict=True))
    counted = found.counted.assign(question_id=found.counted["question_id"].map(other))
    keys = ["type", "question_id", "code"]
    patterns = found.patterns.rename(columns=other)[list(new)]
    return (
        counted.sort_values(keys)[[*keys, "n"]].to_csv(index=False),
        sorted(patterns.to_numpy().tolist()),
        found.spread.to_csv(index=False),
    )


@pytest.mark.parametrize("way", ["pandas", "csv", "long"])
def test_any_names_of_questions_give_what_plain_names_give(tmp_path, way):
    plain = [f"p{place:02}" for place in range(len(NAMES))]
    results = []
    for names in (NAMES, plain):
        rows = table(plain).rename(columns=dict(zip(plain, names, strict=True)))
        if way == "long":
            rows = rows.melt(id_vars="respondent", var_name="question_id", value_name="answer")
        path = tmp_path / "a.csv"
        rows.to_csv(path, index=False)
        count = consultation.count if way == "pandas" else consultation.count_files
        given = rows if way == "pandas" else [path]
        found = count(given, asked(names), reference(names))
        assert len(groups.find(found.patterns, names).labels) == len(found.patterns)
        assert len(pca.plane(found.patterns, names).mean) == len(names)
        results.append(plainly(found, names, plain))
    assert results[0] == results[1]


@pytest.mark.parametrize("again", ["r-1 ", "R-1", "r-1\u00a0", "\u200br-1", "r-1\t"])
@pytest.mark.parametrize("way", ["pandas", "csv"])
def test_a_respondent_written_in_another_way_is_the_same_one(tmp_path, again, way):
    names = ["a", "b", "c"]
    rows = table(names, 40)
    rows["respondent"] = ["r-1", again, *(f"r{i}" for i in range(38))]
    rows.to_csv(tmp_path / "a.csv", index=False)
    count = consultation.count if way == "pandas" else consultation.count_files
    given = rows if way == "pandas" else [tmp_path / "a.csv"]
    found = count(given, asked(names), reference(names))
    assert found.accounts.to_numpy().tolist() == [["used", 38], ["respondent repeated", 2]]


def test_types_that_read_alike_are_one_type_in_its_most_frequent_spelling():
    rows = table(["a"], 6)
    rows["type"] = ["resident", "Resident", "Resident ", "RESIDENT", "shop", None]
    found = consultation.count(rows, asked(["a"]), reference(["a"]))
    assert found.counted.groupby("type")["n"].sum().to_dict() == {"Resident": 4, "shop": 1, "": 1}
    assert found.spread.groupby("type")["n"].sum().to_dict() == {"Resident": 4, "shop": 1, "": 1}


def test_a_row_that_adds_up_the_others_is_no_respondent(tmp_path):
    rows = table(["a"], 30)
    rows.loc[29, "respondent"] = "Grand Total"
    rows.to_csv(tmp_path / "a.csv", index=False)
    listed = tmp_path / "rejects.csv"
    options = consultation.CountOptions(rejects=listed)
    found = consultation.count_files([tmp_path / "a.csv"], asked(["a"]), reference(["a"]), options)
    assert found.accounts.to_numpy().tolist() == [["used", 29], ["a total, no respondent", 1]]
    assert listed.read_text().splitlines()[1] == (
        'a.csv,31,"a total, no respondent",respondent,Grand Total'
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [206, 300])
def test_many_questions_are_grouped(number):
    draw = np.random.Generator(np.random.PCG64(2))
    names = [f"q{i}" for i in range(number)]
    side = draw.integers(0, 2, 500)
    codes = np.where(side[:, None] == 1, 2, -2) * draw.choice([1, -1], number)
    frame = pd.DataFrame(codes, columns=names).drop_duplicates()
    frame.index = pd.MultiIndex.from_arrays(
        [["x"] * len(frame), [250] * len(frame), [250.0] * len(frame)],
        names=["type", "n", "weight"],
    )
    found = groups.find(frame, names, rules=groups.Grouping(draws=3))
    assert sorted(found.labels.tolist()) == [0, 1]
