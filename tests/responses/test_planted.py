"""Every separator, quotation mark and line end, added and removed at every field of 80 rows."""

import planted_answers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.responses import database

pytestmark = pytest.mark.slow


def check(bases, every):
    verdicts, amiss = planted_answers.count(bases, every)
    assert amiss == []
    assert verdicts["told"] > 0 < verdicts["refused"]
    assert verdicts["(read quickly)"] > 0


def test_no_answer_is_read_wrongly_without_a_word_in_a_sample_of_planted_faults():
    check(list(planted_answers.BASES), 1499)


@pytest.mark.exhaustive
@pytest.mark.parametrize("base", planted_answers.BASES)
def test_no_answer_is_read_wrongly_without_a_word_whatever_the_fault(base):
    check([base], 1)


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    """A database in which every file is read, and a folder for the files."""
    with database.workspace() as opened:
        yield opened, tmp_path_factory.mktemp("quick")


CELL = st.sampled_from(
    ["", "agree", " Agree ", '"agree"', '"neutral"', '""', '"two\nlines"', '"say ""no"""', '","',
     "\u00e9\u2019", '"\r\n"', '"""\r\n,"""', "=1+1", "#agree", "\\N", "NULL", "'x'", " "]
)  # fmt: skip


@given(
    st.lists(st.lists(CELL, min_size=9, max_size=9), min_size=1, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_the_quick_way_gives_what_the_careful_way_gives(space, rows, end, cut):
    path = space[1] / "a.csv"
    head = ",".join(planted_answers.FIELDS)
    below = end.join(",".join(row) for row in rows) + ("" if cut else end)
    found = []
    for other in ("\n", "\r\n"):
        path.write_bytes((head + other + below).encode())
        found.append(planted_answers.read(space[0], path))
    assert found[0] == found[1]
