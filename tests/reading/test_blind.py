"""Blind is enforced: before a verdict is locked, nothing shown depends on any reading."""

import json

import bench
import pandas as pd
import pytest
import village

from positions.reading.desk_view import Screen
from positions.reading.own_files import CHECKS

TURNED = {"stated": "implied", "implied": "reported", "reported": "stated"}


def turned(rows):
    """Other readings of the same texts: other stances, phrases, coders; one cell swapped."""
    header, *codings = rows
    found = [header]
    for body, proposition, source, _, stance, basis, _, _, _, _ in codings:
        if (body, proposition) == ("alpha", "p1"):
            proposition = "p4"  # what was coded is blank, and the other way round
        quote = village.text(source).split("\n")[2][:9]
        start = village.text(source).index(quote)
        found.append([body, proposition, source, "robo", 1 if stance == -2 else -2, TURNED[basis],
                      quote, start, start + len(quote), "another note"])  # fmt: skip
    return found


@pytest.fixture
def two(tmp_path):
    """Two studies with the same texts and the same cells drawn, whose readings are all different.

    Each with its place, which alone may differ.
    """
    apart = bench.coded({("gamma", "p1", "ben"): -1})  # in dispute, and not drawn
    one, _ = bench.write(tmp_path / "one", apart)
    sample = pd.read_csv(one / "samples.csv")
    drawn = tmp_path / "other"
    other, _ = bench.write(drawn, turned(bench.coded(by=("ann",))), sample=None)
    strata = {"coded": "blank", "blank": "coded"}
    swap = (sample["body_id"] == "alpha") & sample["proposition_id"].isin(["p1", "p4"])
    sample["stratum"] = sample["stratum"].mask(swap, sample["stratum"].map(strata))
    sample.assign(mark="0" * 16, probability=0.5).to_csv(other / "samples.csv", index=False)
    return tmp_path / "one", drawn


def shown(folder, acts):
    """All that a desk answers to some acts, as it goes over the wire, without its place."""
    screen = Screen(bench.desk(folder))
    told = [json.dumps(screen.answer(act), sort_keys=True) for act in acts]
    return [one.replace(str(folder), "") for one in told]


def test_what_is_shown_before_a_lock_is_the_same_whatever_was_read(two):
    cells = bench.desk(two[0]).checks.pieces
    acts = [
        {"act": "show"}, {"act": "measure", "start": 0, "end": 9},
        {"act": "find", "words": "bridge", "behind": 0}, {"act": "go", "to": "next"},
        *({"act": "go", "to": list(cell)} for cell in cells),
        *({"act": "lock", "cell": list(cell), "stance": 7} for cell in cells),
        {"act": "undo"}, {"act": "queue", "queue": "code"}, {"act": "go", "to": 1},
        {"act": "queue", "queue": "check"},
    ]  # fmt: skip
    one, other = (shown(folder, acts) for folder in two)
    assert one == other
    assert len(cells) == 8 and any("A market should be opened" in told for told in one)


def test_after_a_lock_the_readings_of_that_cell_alone_are_shown(two):
    one, other = (Screen(bench.desk(folder)) for folder in two)
    cell = bench.desk(two[0]).checks.pieces[1]
    lock = {"act": "lock", "cell": list(cell), "stance": 0}
    for screen in (one, other):
        screen.answer({"act": "go", "to": list(cell)})
    told = [screen.answer(lock)["view"]["readings"] for screen in (one, other)]
    assert told[0] != told[1]
    assert {r["who"] for r in told[0]} == {"ann", "ben"}
    for screen in (one, other):
        assert "readings" not in screen.answer({"act": "go", "to": "next"})["view"]


def test_no_secret_of_a_reading_is_told_until_its_cell_is_locked(tmp_path):
    desk = bench.desk(tmp_path)
    screen = Screen(desk)
    for cell in desk.checks.pieces:
        before = json.dumps(screen.answer({"act": "go", "to": list(cell)}))
        assert bench.SECRET not in before
        assert 'mark"' not in before and "stratum" not in before and "probability" not in before
        after = screen.answer({"act": "lock", "cell": list(cell), "stance": None})
        coded = cell != ("alpha", "p4", "brief")
        assert (bench.SECRET in json.dumps(after)) == coded


def test_the_own_files_hold_nothing_of_a_cell_that_is_not_locked(tmp_path):
    desk = bench.desk(tmp_path)
    screen = Screen(desk)
    screen.answer({"act": "lock", "cell": list(desk.checks.pieces[0]), "stance": 2})
    held = b"".join(path.read_bytes() for path in desk.own.folder.rglob("*") if path.is_file())
    assert held.count(b"\n") == 2  # a header and a row
    assert len(desk.own.rows(CHECKS)) == 1
    assert bench.SECRET.encode() not in held
