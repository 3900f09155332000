"""May a reader stand in for a person? Worked by hand where people agree, or never do."""

import audited
import numpy as np
import pandas as pd
import pytest

from positions.auditing.annotators import test as stands_in
from positions.auditing.audit import audit

PEOPLE = ["ann", "ben", "cay"]


def table(columns):
    return pd.DataFrame(columns, index=range(len(next(iter(columns.values())))), dtype="float64")


def test_a_reader_that_says_what_all_people_say_may_stand_in():
    said = [n % 5 - 2 for n in range(40)]
    found = stands_in(table(dict.fromkeys(PEOPLE, said)), pd.Series(said, dtype="float64"))
    assert found == {"people": 3, "items": 40, "winning": 1.0, "advantage": 1.0, "may": True}


def test_a_reader_that_never_says_what_people_say_may_not():
    said = [n % 5 - 2 for n in range(40)]
    reader = pd.Series([n + 5 for n in said], dtype="float64")
    found = stands_in(table(dict.fromkeys(PEOPLE, said)), reader)
    assert (found["winning"], found["advantage"], found["may"]) == (0.0, 0.0, False)


def test_the_share_of_items_where_the_reader_fits_as_well_is_counted_by_hand():
    """Of 40 items the reader misses 10 where all people agree: it fits as well on 30 of 40."""
    said = np.array([n % 5 - 2 for n in range(40)], dtype=float)
    reader = np.where(np.arange(40) < 10, said + 5, said)
    found = stands_in(table(dict.fromkeys(PEOPLE, said)), pd.Series(reader))
    assert found["advantage"] == pytest.approx(0.75)
    # Worse on 10 of 40: 0.25 on average, which is not below 0.1.
    assert (found["winning"], found["may"]) == (0.0, False)


def test_the_chance_is_that_of_a_one_sided_t_test():
    """Worse on 1 of 100 items: mean 0.01, standard error 0.01, nine of them below 0.1."""
    said = np.zeros(100)
    reader = said.copy()
    reader[0] = 1
    found = stands_in(table(dict.fromkeys(PEOPLE, said)), pd.Series(reader))
    assert (found["winning"], found["may"]) == (1.0, True)


def test_fewer_than_30_items_or_two_people_decide_nothing():
    said = [0.0] * 29
    found = stands_in(table(dict.fromkeys(PEOPLE, said)), pd.Series(said))
    assert found["people"] == 0 and found["may"] is pd.NA
    alone = table({"ann": [0.0] * 40, "ben": [np.nan] * 40})
    assert stands_in(alone, pd.Series([0.0] * 40))["items"] == 0


def test_the_codes_of_a_study_are_tested_where_two_people_checked_the_same(tmp_path):
    stances = {f"body-{n}": [2, 1, -1, 2, -2, 0] for n in range(6)}
    of = audited.drawn(audited.study(tmp_path / "s", stances), 36)
    said = audited.verdicts(of)
    found = audit(audited.checked(audited.checked(of, said), said, "dan")).annotators
    assert found.iloc[0].tolist() == ["the study's codes", 2, 36, 1.0, 1.0, True]
