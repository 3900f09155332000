"""How far scores move and on what, against numbers worked by hand; every part adds up.

Agreement with the plan at first, as `village` works it out: alpha 2.75/3, beta 0.5/4, gamma 3/4
on p1 alone, maker 2/2.
"""

import random

import editions
import pytest
import village
from editions import coding, compared, parts, value, with_cell

from positions.compare import comparison


def test_a_stance_that_moves_takes_score_and_bounds_with_it(tmp_path):
    # alpha on p3: +1 to -1, nearness 3/4 to 1/4: 2.25/3; bounds 2.25/4 and 3.25/4
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    assert value(found, "agreement", "alpha", side="old") == pytest.approx(2.75 / 3)
    assert value(found, "agreement", "alpha") == pytest.approx(2.25 / 3)
    assert value(found, "agreement", "alpha", side="difference") == pytest.approx(-1 / 6)
    assert value(found, "lower", "alpha") == pytest.approx(2.25 / 4)
    assert value(found, "upper", "alpha") == pytest.approx(3.25 / 4)
    assert set(found.numbers["body_id"]) == {"alpha"}
    assert parts(found, "alpha") == {"p3": pytest.approx(-1 / 6)}


def test_a_new_source_brings_a_position_and_its_part_is_the_whole_movement(tmp_path):
    # alpha on p4: +2 against -2, nearness 0: 2.75/4; it lies 2.75/3 below the three others
    found = compared(tmp_path, editions.with_source())
    assert value(found, "agreement", "alpha") == pytest.approx(2.75 / 4)
    assert (value(found, "spoke", "alpha", side="old"), value(found, "spoke", "alpha")) == (3, 4)
    assert value(found, "upper", "alpha") == pytest.approx(2.75 / 4)
    assert parts(found, "alpha") == {"p4": pytest.approx(-2.75 / 3 / 4)}
    assert value(found, "positions", "", "") == 11
    assert value(found, "positions", "", "", side="old") == 10


def test_a_cell_that_is_struck_leaves_the_score(tmp_path):
    # beta on p3 decided 0, then struck: (0 + 0 + 1/2 + 0) / 4 to 0 / 3
    found = compared(tmp_path, editions.read_twice(""), editions.read_twice(0))
    assert value(found, "agreement", "beta", side="old") == pytest.approx(0.5 / 4)
    assert value(found, "agreement", "beta") == 0
    assert (value(found, "spoke", "beta", side="old"), value(found, "spoke", "beta")) == (4, 3)
    assert parts(found, "beta") == {"p3": pytest.approx(-0.5 / 4)}
    # no reading changed: the interval over readers and the reliability stand
    assert not found.numbers["number"].isin(["coder_lower", "coder_upper", "alpha"]).any()


def test_another_weight_moves_every_score_that_rests_on_it_and_only_those(tmp_path):
    # p3 weighs 3: alpha (1 + 1 + 3 * 3/4) / 5, beta (3 * 1/2) / 6; gamma and maker are silent on it
    found = compared(tmp_path, with_cell("propositions", ("p3",), "weight", 3))
    moved = found.numbers[found.numbers["number"] == "agreement"]
    assert dict(zip(moved["body_id"], moved["new"], strict=True)) == {
        "alpha": pytest.approx(4.25 / 5), "beta": pytest.approx(1.5 / 6)
    }  # fmt: skip
    assert parts(found, "alpha") == {"p3": pytest.approx(4.25 / 5 - 2.75 / 3)}
    assert parts(found, "beta") == {"p3": pytest.approx(1 / 8)}
    # gamma's bounds move, for the silent p3 weighs more: 0.75/6 and 5.75/6
    assert value(found, "lower", "gamma") == pytest.approx(0.75 / 6)
    assert value(found, "upper", "gamma") == pytest.approx(5.75 / 6)


def test_a_position_that_comes_nearer_has_a_positive_part_whatever_enters_beside_it(tmp_path):
    # alpha: p3 +1 to +2 and p4 enters at nearness 0. The others' mean is (1 + 1 + 7/8) / 3.
    changed = editions.with_source()
    (row,) = [row for row in changed["codings"] if row[:2] == ["alpha", "p3"]]
    row[4] = 2
    found = compared(tmp_path, changed)
    assert value(found, "agreement", "alpha") == pytest.approx(3 / 4)
    assert parts(found, "alpha") == {
        "p3": pytest.approx((1 / 3 + 1 / 4) / 2 * 1 / 4),
        "p4": pytest.approx(-(1 / 4) * (1 + 1 + 7 / 8) / 3),
    }
    assert sum(parts(found, "alpha").values()) == pytest.approx(3 / 4 - 2.75 / 3, abs=1e-12)


def test_where_nothing_stays_the_parts_are_taken_from_the_middle_of_the_two_scores(tmp_path):
    # gamma spoke on p1 alone at 3/4, now on p2 alone at 0: the middle is 3/8
    rows = [row for row in village.tables()["codings"] if row[0] != "gamma"]
    found = compared(tmp_path, {"codings": [*rows, coding("gamma", "p2", "news", -2)]})
    assert parts(found, "gamma") == {"p1": pytest.approx(-3 / 8), "p2": pytest.approx(-3 / 8)}


def test_a_model_that_moves_moves_scores_although_no_reading_changed(tmp_path):
    # the plan on p1: +2 to -2: alpha (0 + 1 + 3/4) / 3, gamma 1/4
    found = compared(tmp_path, with_cell("model_positions", ("plan", "p1"), "position", -2))
    assert value(found, "agreement", "alpha") == pytest.approx(1.75 / 3)
    assert value(found, "agreement", "gamma") == pytest.approx(1 / 4)
    assert parts(found, "alpha") == {"p1": pytest.approx(-1 / 3)}
    assert found.positions.empty


def test_a_proposition_that_is_no_longer_of_the_design_leaves_the_scores(tmp_path):
    # p3 becomes a claim: alpha from 2.75/3 to 2/2, beta from 0.5/4 to 0/3
    found = compared(tmp_path, with_cell("propositions", ("p3",), "kind", "claim"))
    assert (value(found, "agreement", "alpha"), value(found, "agreement", "beta")) == (1, 0)
    assert parts(found, "alpha") == {"p3": pytest.approx(1 - 2.75 / 3)}
    assert parts(found, "beta") == {"p3": pytest.approx(-1 / 8)}
    assert found.positions.empty


def test_a_claim_that_is_read_anew_moves_no_score(tmp_path):
    before = with_cell("propositions", ("p3",), "kind", "claim")
    found = compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1), before)
    assert found.positions["change"].tolist() == ["moved"]
    assert found.parts.empty
    assert not (found.numbers["number"] == "agreement").any()


def test_a_body_without_a_score_before_has_new_numbers_and_no_parts(tmp_path):
    tables = editions.with_source()
    tables["bodies"] = [*village.tables()["bodies"], ["delta", "Delta", "parish", "", ""]]
    tables["codings"][-1][0] = "delta"
    found = compared(tmp_path, tables)
    mine = found.numbers[found.numbers["body_id"] == "delta"]
    assert set(mine["change"]) == {"new"}
    assert parts(found, "delta") == {}
    assert value(found, "agreement", "delta") == 0


def test_ranks_and_standings_follow(tmp_path):
    # gamma speaks on p2 and p3, too: (3/4 + 0 + 0) / 3 = 25%, now ranked, before beta
    found = compared(tmp_path, {"codings": [
        *village.tables()["codings"],
        coding("gamma", "p2", "news", -2), coding("gamma", "p3", "news", -2),
    ]})  # fmt: skip
    assert found.standings.to_numpy().tolist() == [["plan", "gamma", "too few", "ranked"]]
    assert (value(found, "rank", "beta", side="old"), value(found, "rank", "beta")) == (2, 3)
    assert value(found, "rank", "gamma") == 2
    assert (value(found, "ranked", "", side="old"), value(found, "ranked", "")) == (2, 3)


def test_a_claim_that_turns_is_told(tmp_path):
    claims = {"claims": [["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
                         ["most", "above", "alpha", "", 0.8, "Alpha agrees on most"]]}  # fmt: skip
    changed = with_cell("codings", ("alpha", "p3"), "stance", -1)  # 2.75/3 to 2.25/3
    found = compared(tmp_path, changed, claims)
    assert found.claims.to_numpy().tolist() == [["most", "Alpha agrees on most", "holds", "fails"]]


def test_a_claim_that_only_the_new_study_makes_is_new(tmp_path):
    header = ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"]
    claim = ["one", "same-group", "alpha", "beta", "", "They stand together"]
    found = compared(tmp_path, {"claims": [header, claim]})
    assert found.claims.to_numpy().tolist() == [["one", "They stand together", "", "not judged"]]


def test_reliability_moves_with_a_second_reader(tmp_path):
    found = compared(tmp_path, editions.read_twice(0))
    # beta's four cells, read -2, -2, 0, +2 and -2, -2, -1, +2: three of four alike
    rows = found.numbers[(found.numbers["number"] == "same") & (found.numbers["scope"] == "all")]
    assert rows[["change", "new"]].to_numpy().tolist() == [["new", 0.75]]


# --- properties -----------------------------------------------------------------------------


def drawn(seed):
    """The made-up study with stances, weights, models and sources changed at random."""
    draw, tables = random.Random(seed), village.tables()
    codings = tables["codings"][1:]
    for row in codings:
        if draw.random() < 0.3:
            row[4] = draw.randint(-2, 2)
    kept = [row for row in codings if draw.random() < 0.8]
    leaflet = [coding(b, p, "leaflet", draw.randint(-2, 2))
               for b in ("alpha", "beta", "gamma") for p in ("p1", "p2", "p3", "p4")
               if draw.random() < 0.3]  # fmt: skip
    for row in tables["propositions"][1:]:
        row[4] = draw.choice(["", "", 1, 2, 0.5])
    for row in tables["model_positions"][1:]:
        row[2] = draw.choice([row[2], row[2], draw.randint(-2, 2)])
    return {
        **tables,
        "codings": [tables["codings"][0], *kept, *leaflet],
        "sources": [*tables["sources"], *([editions.LEAFLET] if leaflet else [])],
    }


@pytest.fixture(
    scope="module", params=[0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 6))]
)
def both_ways(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("drawn")
    sides = [editions.edition(home / f"side{n}", drawn(2 * request.param + n)) for n in (0, 1)]
    return comparison.compare(*sides), comparison.compare(*sides[::-1])


def test_the_way_back_mirrors_the_way_there(both_ways):
    there, back = both_ways
    swap = {"new": "gone", "gone": "new", "moved": "moved", "added": "removed",
            "removed": "added", "changed": "changed",
            "on other evidence": "on other evidence"}  # fmt: skip
    for name in ("records", "positions", "numbers"):
        mine, theirs = getattr(there, name), getattr(back, name)
        assert len(mine), name
        assert mine["change"].map(swap).tolist() == theirs["change"].tolist()
        for column, other in (("old", "new"), ("new", "old")):
            assert mine[column].astype("object").equals(theirs[other].astype("object")), name
    assert (there.numbers["difference"].fillna(0) == -back.numbers["difference"].fillna(0)).all()
    assert (there.parts["part"] + back.parts["part"]).abs().max() < 1e-12
    for column, other in (("old", "new"), ("new", "old")):
        assert there.standings[column].tolist() == back.standings[other].tolist()


def test_the_parts_of_every_score_add_up_to_its_movement(both_ways):
    there, _ = both_ways
    key = ["model_id", "body_id"]
    old, new = (
        side.numbers[side.numbers["number"] == "agreement"].set_index(key)["value"]
        for side in (there.before, there.after)
    )
    moves = (new - old).dropna()
    sums = there.parts.groupby(key)["part"].sum().reindex(moves.index).fillna(0.0)
    assert len(moves) >= 4
    assert (sums - moves).abs().max() < 1e-12


def test_every_position_that_changed_has_a_reason(both_ways):
    there, _ = both_ways
    assert len(there.positions)
    assert not there.positions["why"].str.contains("do not tell").any()
