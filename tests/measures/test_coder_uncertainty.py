import itertools

import pandas as pd
import pytest

from positions.measures import agreement, coder_uncertainty, stances
from positions.study import load


def tables(rows, asked):
    columns = ["body_id", "proposition_id", "source_id", "coder", "stance"]
    codings = pd.DataFrame(rows, columns=columns).assign(basis="stated")
    sources = pd.DataFrame({"source_id": sorted(set(codings["source_id"]))})
    sources["text_seen"] = "whole"
    sources["earliest"] = sources["latest"] = pd.Timestamp("2021-02-11")
    models = pd.DataFrame(
        [("m", p, r) for p, r in asked.items()], columns=["model_id", "proposition_id", "position"]
    )
    weights = pd.DataFrame({"proposition_id": sorted(asked), "weight": 1.0})
    return codings, sources, models, weights


def test_the_interval_of_one_body_worked_by_hand():
    # p: both +2. q: one says +2, two says -2. Against +2, +2 the score is 1 or 1/2, each in half
    # of the draws: 95% of them lie between 1/2 and 1.
    rows = [("a", "p", "s", "one", 2), ("a", "p", "s", "two", 2)]
    rows += [("a", "q", "s", "one", 2), ("a", "q", "s", "two", -2)]
    found = coder_uncertainty.coder_intervals(*tables(rows, {"p": 2, "q": 2})).iloc[0]
    assert (found["coder_lower"], found["coder_upper"], found["unsure"]) == (0.5, 1.0, 1)


def test_a_row_that_one_reader_lacks_is_silent_in_half_of_the_draws():
    # p: both -2. q: only one has +2. The score is 0 over p alone, or 1/2 over both.
    rows = [("a", "p", "s", "one", -2), ("a", "p", "s", "two", -2), ("a", "q", "s", "one", 2)]
    found = coder_uncertainty.coder_intervals(*tables(rows, {"p": 2, "q": 2})).iloc[0]
    assert (found["coder_lower"], found["coder_upper"], found["unsure"]) == (0.0, 0.5, 1)


def test_readers_who_agree_leave_no_interval():
    rows = [("a", "p", "s", coder, 1) for coder in ("one", "two")]
    found = coder_uncertainty.coder_intervals(*tables(rows, {"p": 2})).iloc[0]
    assert (found["coder_lower"], found["coder_upper"], found["unsure"]) == (0.75, 0.75, 0)


def test_every_draw_is_a_score_that_some_choice_of_readers_gives():
    rows = []
    codes = {"p": (2, -1), "q": (0, 1), "r": (-2, None), "t": (1, 2)}
    for p, said in codes.items():
        rows += [("a", p, p, c, s) for c, s in zip("xy", said, strict=True) if s is not None]
    rows += [("b", "p", "r", c, 0) for c in "xy"]  # y read source r and has no row on a there
    asked = dict.fromkeys(codes, 2)
    found = coder_uncertainty.coder_intervals(*tables(rows, asked)).iloc[0]
    possible = []
    for chosen in itertools.product(*codes.values()):
        near = [1 - (2 - s) / 4 for s in chosen if s is not None]
        possible.append(sum(near) / len(near))
    assert min(possible) - 1e-9 <= found["coder_lower"] < found["coder_upper"]
    assert found["coder_upper"] <= max(possible) + 1e-9


def test_what_only_one_coder_read_has_no_interval():
    rows = [("a", "p", "s", "one", 2), ("b", "p", "t", "one", 2), ("b", "p", "t", "two", 2)]
    codings, sources, models, weights = tables(rows, {"p": 2})
    found = coder_uncertainty.coder_intervals(codings, sources, models, weights)
    assert found["body_id"].tolist() == ["b"]
    alone = codings[codings["coder"] == "one"]
    assert coder_uncertainty.coder_intervals(alone, sources, models, weights).empty


def test_of_two_readers_who_read_alike_the_interval_is_the_published_score():
    loaded = load.read("data")
    alone = loaded.codings[loaded.codings["coder"] == "reader-1"]
    alike = pd.concat([alone, alone.assign(coder="reader-2")])
    yardstick = (loaded.model_positions, loaded.propositions)
    ends = coder_uncertainty.coder_intervals(alike, loaded.sources, *yardstick, draws=10)
    resolved = stances.resolve(alone, loaded.adjudications.iloc[:0])
    positions = stances.positions(resolved, loaded.sources)
    scores = agreement.agreement(positions, *yardstick, loaded.bodies).dropna(subset="agreement")
    both = scores.merge(ends, on=["model_id", "body_id"], validate="one_to_one")
    assert len(both) == len(ends) == len(scores)
    assert both["coder_lower"].tolist() == pytest.approx(both["agreement"].tolist(), abs=1e-8)
    assert both["coder_upper"].tolist() == pytest.approx(both["agreement"].tolist(), abs=1e-8)


def test_readings_of_sources_outside_the_dates_asked_for_play_no_part():
    # Source s, of February, is read alike; t, of April, is read at both ends of the scale.
    rows = [("a", "p", "s", coder, 2) for coder in ("one", "two")]
    rows += [("a", "q", "t", "one", 2), ("a", "q", "t", "two", -2)]
    given = tables(rows, {"p": 2, "q": 2})
    given[1].loc[given[1]["source_id"] == "t", ["earliest", "latest"]] = pd.Timestamp("2021-04-01")
    ends = ["coder_lower", "coder_upper"]
    for dates, expected in (
        ({}, [0.5, 1.0]), ({"as_of": "2021-03"}, [1.0, 1.0]), ({"since": "2021-03-01"}, [0.0, 1.0]),
    ):  # fmt: skip
        found = coder_uncertainty.coder_intervals(*given, **dates)
        assert found[ends].iloc[0].tolist() == expected


def test_of_very_many_choices_of_readers_a_sample_is_looked_at():
    # Thirteen sources, each read at both ends: 8,192 choices; the score is the share of +2.
    keys = [f"p{n:02}" for n in range(13)]
    rows = [("a", p, p, coder, code) for p in keys for coder, code in (("one", 2), ("two", -2))]
    found = coder_uncertainty.coder_intervals(*tables(rows, dict.fromkeys(keys, 2))).iloc[0]
    # Binomial(13, 1/2): 2.5% lies at 3 of 13, 97.5% at 10 of 13.
    assert found["coder_lower"] * 13 == pytest.approx(3, abs=1e-6)
    assert found["coder_upper"] * 13 == pytest.approx(10, abs=1e-6)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_ends_whatever_the_row_order():
    loaded = load.read("data")
    arguments = (loaded.sources, loaded.model_positions, loaded.propositions)
    first = coder_uncertainty.coder_intervals(loaded.codings, *arguments, draws=50)
    again = coder_uncertainty.coder_intervals(loaded.codings.iloc[::-1], *arguments, draws=50)
    pd.testing.assert_frame_equal(first, again)


def test_no_reading_left_gives_no_row():
    loaded = load.read("data")
    arguments = (loaded.sources, loaded.model_positions, loaded.propositions)
    assert coder_uncertainty.coder_intervals(loaded.codings, *arguments, as_of="1999").empty


CODINGS = pd.DataFrame(
    [
        ("a", "p0", "s1", "anna", 2),
        ("a", "p0", "s1", "ben", -2),
        ("b", "p0", "s2", "anna", 1),
    ],
    columns=["body_id", "proposition_id", "source_id", "coder", "stance"],
)


def test_a_coder_draw_gives_every_source_one_of_its_readers():
    drawn = coder_uncertainty.coder_draws(CODINGS, 40, seed=1)
    assert {tuple(table["stance"]) for table in drawn} == {(2, 1), (-2, 1)}
    assert len(drawn) == 40


def test_with_one_coder_there_is_nothing_to_draw():
    assert coder_uncertainty.coder_draws(CODINGS[CODINGS["coder"] == "anna"], 40, seed=1) == []
