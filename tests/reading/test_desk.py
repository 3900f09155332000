"""Whatever a page sends, the desk answers in a sentence and its files stay whole."""

import json

import bench
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from positions.reading.desk_view import Screen

PLAIN = st.none() | st.booleans() | st.integers(-3, 99) | st.floats(allow_nan=True) | st.text()
CELLS = st.sampled_from([["alpha", "p1", "brief"], ["alpha", "p4", "brief"], ["x", "y", "z"]])
KNOWN = st.sampled_from(["alpha", "p1", "brief", "letter", "stated", "implied", "check", "next"])
ANY = st.recursive(
    PLAIN | KNOWN | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner,
                                                                max_size=2),
    max_leaves=5,
)  # fmt: skip
ACTS = st.sampled_from(["show", "queue", "go", "code", "remove", "undo", "finish", "lock", "decide",
                        "add", "measure", "find", "other"])  # fmt: skip
FIELDS = ("queue", "to", "source_id", "body_id", "proposition_id", "stance", "basis", "start",
          "end", "note", "key", "cell", "reason", "words", "behind", "has", "n",
          "quote", "text", "text_of", "raw", "name", "title")  # fmt: skip
ASKED = st.fixed_dictionaries({"act": ACTS | ANY}, optional=dict.fromkeys(FIELDS, ANY))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("desk")
    bench.write(made)
    return made


@pytest.mark.slow
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ASKED, min_size=1, max_size=4))
def test_any_act_is_answered_and_the_files_can_be_read_again(folder, acts):
    screen = Screen(bench.desk(folder))
    for asked in acts:
        answer = screen.answer(asked)
        json.dumps(answer | {"n": 0}, allow_nan=False)
        assert answer["tone"] in ("good", "bad")
        assert answer["tone"] == "good" or answer["said"]
    again = bench.desk(folder)
    assert again.own.rows("codings") == screen._desk.own.rows("codings")
    assert again.own.rows("checks") == screen._desk.own.rows("checks")
