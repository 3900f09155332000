import math

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.measures import reliability

X = float("nan")
# Krippendorff (2011), "Computing Krippendorff's alpha-reliability": 4 observers, 12 units.
FOUR_BY_TWELVE = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
    [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
]
# The example of the encyclopaedia article on the coefficient: 3 coders, 15 units.
THREE_BY_FIFTEEN = [
    [X, X, X, X, X, 3, 4, 1, 2, 1, 1, 3, 3, X, 3],
    [1, X, 2, 1, 3, 3, 4, 3, X, X, X, X, X, X, X],
    [X, X, 2, 1, 3, 4, 4, X, 2, 1, 1, 3, 3, X, 4],
]


@pytest.mark.parametrize(
    ("level", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_equals_the_published_example_of_four_observers(level, published):
    assert reliability.alpha(np.array(FOUR_BY_TWELVE).T, level) == pytest.approx(
        published, abs=5e-4
    )


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.691), ("interval", 0.811)])
def test_alpha_equals_the_published_example_of_three_coders(level, published):
    found = reliability.alpha(np.array(THREE_BY_FIFTEEN).T, level)
    assert found == pytest.approx(published, abs=5e-4)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([[1], [2]], "one coder"),
        ([[1, X], [X, 2]], "no cell was coded by two coders"),
        ([[1, 2], [X, 2]], "one cell only"),
        ([[2, 2], [2, 2]], "every code is the same"),
    ],
)
def test_where_there_is_no_alpha_it_says_why(table, words):
    assert words in reliability.alpha(np.array(table, dtype=float))


def test_perfect_agreement_that_varies_is_one():
    assert reliability.alpha(np.array([[1.0, 1], [2, 2], [-2, -2]])) == 1.0


def codings(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["proposition_id", "source_id", "coder", "stance"])
    return table.assign(body_id="a", quote="words")


READ = codings(
    ("p", "s", "one", 2),
    ("p", "s", "two", 2),
    ("q", "s", "one", -1),
    ("q", "s", "two", -2),
    ("r", "s", "one", 1),
    ("t", "s", "two", 0),
)


def test_presence_is_counted_apart_from_the_code():
    row = reliability.summary(READ).iloc[0]
    # Four cells any coded; p and q by both; of these only p alike.
    assert (row["cells"], row["both"], row["same"]) == (4, 2, 1)
    assert (row["presence"], row["agreement"]) == (0.5, 0.5)


def test_a_source_that_one_coder_read_says_nothing_of_reliability():
    alone = codings(("p", "x", "one", 2), ("q", "x", "one", 1))
    row = reliability.summary(pd.concat([READ, alone])).iloc[0]
    assert row["cells"] == 4
    only = reliability.summary(alone).iloc[0]
    assert math.isnan(only["alpha"])
    assert "one coder" in only["remark"]


def test_the_summary_apart_has_a_row_per_value_and_never_a_bare_nan():
    found = reliability.summary(READ, "proposition_id")
    assert list(found["proposition_id"]) == ["p", "q", "r", "t"]
    assert (found["alpha"].notna() | (found["remark"] != "")).all()


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("pqr"), st.sampled_from("st"), st.sampled_from("xyz")),
        st.integers(-2, 2),
        min_size=1,
    )
)
def test_each_source_has_the_summary_of_its_codings_alone(codes):
    read = codings(*((*key, code) for key, code in codes.items()))
    apart = reliability.summary(read, "source_id")
    for source, row in apart.set_index("source_id").iterrows():
        alone = reliability.summary(read[read["source_id"] == source])
        pd.testing.assert_series_equal(row, alone.iloc[0, 1:], check_names=False)


def test_the_summary_does_not_depend_on_row_order():
    first = reliability.summary(READ)
    again = reliability.summary(READ.iloc[::-1])
    pd.testing.assert_frame_equal(first, again)


# Standard errors and 95% intervals of the four observers above that irrCAC publishes: the overview
# of the R package (nominal) and the tests of its translation to Python.
@pytest.mark.parametrize(
    ("level", "error", "lower"),
    [("nominal", 0.14557, 0.419), ("interval", 0.129, 0.561), ("ratio", 0.140, 0.484)],
)
def test_the_standard_error_and_the_interval_are_those_that_irrcac_publishes(level, error, lower):
    found = reliability.interval(np.array(FOUR_BY_TWELVE).T, level)
    assert found[0] == pytest.approx(error, abs=5e-6 if level == "nominal" else 5e-4)
    assert found[1] == pytest.approx(lower, abs=5e-4)
    assert found[2] == 1


def test_the_standard_error_under_the_ordinal_weights_of_gwet_is_the_published_one():
    # Gwet's ordinal weights of two values n apart, of five: 1 - n (n + 1) / (5 x 4).
    apart = np.abs(np.subtract.outer(range(5), range(5)))
    counts, _ = reliability._counts(np.array(FOUR_BY_TWELVE).T)
    error = reliability.standard_error(counts, 1 - apart * (apart + 1) / 20)
    assert error == pytest.approx(0.131, abs=5e-4)


@given(
    st.lists(
        st.lists(st.sampled_from([X, 1, 2, 3, 4, 5]), min_size=3, max_size=3),
        min_size=2,
        max_size=8,
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
)
def test_alpha_by_the_weights_of_the_standard_error_is_the_librarys(rows, level):
    table = np.array(rows, dtype=float)
    paired = table[(~np.isnan(table)).sum(axis=1) >= 2]
    if len(paired) == 0 or len(np.unique(paired[~np.isnan(paired)])) < 2:
        return
    counts, values = reliability._counts(table)
    weights = reliability.agreement_weights(counts, values, level)
    coders, total = counts.sum(axis=1), counts.sum()
    alike = ((counts * (counts @ weights - 1)).sum(axis=1) / (coders - 1)).sum() / total
    share = counts.sum(axis=0)
    chance = (share @ weights @ share - total) / (total * (total - 1))
    theirs = krippendorff.alpha(paired.T, level_of_measurement=level)
    assert (alike - chance) / (1 - chance) == pytest.approx(theirs, abs=1e-9)


def test_the_interval_holds_the_estimate_and_narrows_with_more_cells():
    few = np.array([[2, 2], [-2, -2], [1, 2], [-1, -1], [0, 1]], dtype=float)
    many = np.tile(few, (20, 1))
    wide, narrow = reliability.interval(few), reliability.interval(many)
    assert wide[1] <= reliability.alpha(few) <= wide[2]
    assert narrow[0] < wide[0]
    assert narrow[2] - narrow[1] < wide[2] - wide[1]


def test_disagreements_stand_side_by_side_with_phrase_decision_and_reason():
    decided = pd.DataFrame(
        [("a", "q", "s", -2, "clear"), ("a", "r", "s", None, "not said")],
        columns=["body_id", "proposition_id", "source_id", "stance", "reason"],
    ).astype({"stance": "Int64"})
    found = reliability.side_by_side(READ, decided).set_index("proposition_id")
    assert found.loc["q", ["coder one", "coder two", "decision", "reason"]].tolist() == [
        "-1: “words”",
        "-2: “words”",
        "-2",
        "clear",
    ]
    assert pd.isna(found.loc["r", "coder two"])
    assert found["decision"].to_dict() == {"q": "-2", "r": "struck", "t": "not decided"}


def test_merging_coders_on_a_key_that_is_not_unique_names_the_rows():
    twice = pd.concat([READ, READ.iloc[[0]]])
    with pytest.raises(ValueError, match="these rows stand there twice: a / p / s / one"):
        reliability.summary(twice)
