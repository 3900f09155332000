import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from positions.measures import stances


def codings(*rows: tuple[str, str, str, str, int, str]) -> pd.DataFrame:
    columns = ["body_id", "proposition_id", "source_id", "coder", "stance", "basis"]
    return pd.DataFrame(rows, columns=columns)


def adjudications(*rows: tuple[str, str, str, int | None, str]) -> pd.DataFrame:
    columns = ["body_id", "proposition_id", "source_id", "stance", "reason"]
    return pd.DataFrame(rows, columns=columns).astype({"stance": "Int64"})


def sources(whole: tuple[str, ...] = (), **dates: str) -> pd.DataFrame:
    seen = {True: "whole", False: "opening"}
    rows = [(name, seen[name in whole], *stances.dates(text)) for name, text in dates.items()]
    table = pd.DataFrame(rows, columns=["source_id", "text_seen", "earliest", "latest"])
    return table.astype({"earliest": "datetime64[s]", "latest": "datetime64[s]"})


def only(table: pd.DataFrame) -> dict:
    assert len(table) == 1
    return table.iloc[0].to_dict()


def test_a_stance_both_coders_gave_is_agreed():
    read = codings(("a", "p", "s", "one", 1, "stated"), ("a", "p", "s", "two", 1, "stated"))
    cell = only(stances.resolve(read, adjudications()))
    assert (cell["stance"], cell["status"], cell["coders"]) == (1, "agreed", 2)


def test_a_disagreement_takes_the_adjudicated_stance_never_the_mean():
    read = codings(("a", "p", "s", "one", 2, "stated"), ("a", "p", "s", "two", -2, "stated"))
    cell = only(stances.resolve(read, adjudications(("a", "p", "s", -1, "why"))))
    assert (cell["stance"], cell["status"]) == (-1, "adjudicated")


def test_a_disagreement_that_nobody_decided_has_no_stance():
    read = codings(("a", "p", "s", "one", 2, "stated"), ("a", "p", "s", "two", -2, "stated"))
    resolved = stances.resolve(read, adjudications())
    assert resolved["stance"].isna().all()
    assert list(resolved["status"]) == ["unresolved"]
    assert stances.positions(resolved, sources(s="2021")).empty


def test_a_row_that_only_one_of_two_readers_has_is_a_disagreement_on_presence():
    read = codings(
        ("a", "p", "s", "one", 2, "stated"),
        ("a", "q", "s", "one", 1, "stated"),
        ("a", "q", "s", "two", 1, "stated"),
    )
    found = only(stances.disagreements(read))
    assert (found["proposition_id"], found["kind"], found["coders"], found["of"]) == (
        "p",
        "presence",
        1,
        2,
    )


def test_an_adjudication_without_a_stance_strikes_the_cell():
    read = codings(
        ("a", "p", "s", "one", 2, "stated"),
        ("a", "q", "s", "one", 1, "stated"),
        ("a", "q", "s", "two", 1, "stated"),
    )
    resolved = stances.resolve(read, adjudications(("a", "p", "s", None, "not said")))
    assert dict(zip(resolved["proposition_id"], resolved["status"], strict=True)) == {
        "p": "struck",
        "q": "agreed",
    }
    kept = stances.positions(resolved, sources(s="2021"))
    assert list(kept["proposition_id"]) == ["q"]


def test_one_coder_is_enough_for_a_stance():
    cell = only(stances.resolve(codings(("a", "p", "s", "one", -2, "implied")), adjudications()))
    assert (cell["stance"], cell["status"]) == (-2, "single")


def test_three_coders_agree_only_when_all_three_do():
    rows = [("a", "p", "s", coder, 1, "stated") for coder in ("one", "two")]
    read = codings(*rows, ("a", "p", "s", "three", 2, "stated"))
    assert only(stances.resolve(read, adjudications()))["status"] == "unresolved"


def test_the_basis_is_the_most_cautious_that_a_coder_gave():
    read = codings(("a", "p", "s", "one", 1, "stated"), ("a", "p", "s", "two", 1, "implied"))
    assert only(stances.resolve(read, adjudications()))["basis"] == "implied"


def test_the_latest_source_counts():
    read = codings(("a", "p", "old", "one", -2, "stated"), ("a", "p", "new", "one", 1, "stated"))
    resolved = stances.resolve(read, adjudications())
    found = only(stances.positions(resolved, sources(old="2020-11-26", new="2021-02-11")))
    assert (found["position"], found["source_id"], found["flagged"]) == (1, "new", "")


def test_the_position_as_of_a_date_is_that_of_the_sources_up_to_it():
    read = codings(("a", "p", "old", "one", -2, "stated"), ("a", "p", "new", "one", 1, "stated"))
    resolved = stances.resolve(read, adjudications())
    dated = sources(old="2020-11-26", new="2021-02-11")
    assert only(stances.positions(resolved, dated, as_of="2021-02-10"))["position"] == -2
    assert only(stances.positions(resolved, dated, as_of="2021-02-11"))["position"] == 1
    assert stances.positions(resolved, dated, as_of="2020-11-25").empty


def test_a_source_that_may_be_later_than_the_date_does_not_count():
    read = codings(("a", "p", "s", "one", 1, "stated"))
    resolved = stances.resolve(read, adjudications())
    assert stances.positions(resolved, sources(s="2021-02"), as_of="2021-02-27").empty
    assert len(stances.positions(resolved, sources(s="2021-02"), as_of="2021-02-28")) == 1


def test_sources_of_one_day_that_differ_give_their_mean_flagged_mixed():
    read = codings(("a", "p", "x", "one", 2, "stated"), ("a", "p", "y", "one", -1, "reported"))
    resolved = stances.resolve(read, adjudications())
    found = only(stances.positions(resolved, sources(x="2021-02-11", y="2021-02-11")))
    assert (found["position"], found["flagged"], found["sources"]) == (0.5, "mixed", 2)
    assert (found["source_id"], found["basis"]) == ("x y", "reported")


def test_a_source_is_superseded_only_by_one_that_is_surely_later():
    read = codings(("a", "p", "x", "one", 2, "stated"), ("a", "p", "y", "one", 0, "stated"))
    resolved = stances.resolve(read, adjudications())
    # x may be of any day in 2021, so y of February may be earlier or later.
    found = only(stances.positions(resolved, sources(x="2021", y="2021-02-11")))
    assert (found["position"], found["flagged"]) == (1.0, "mixed")


@pytest.mark.parametrize(
    ("early", "late", "whole", "position"),
    [
        ("stated", "stated", (), -2.0),  # as strong, and later
        ("stated", "implied", (), 0.0),  # weaker: both stand, and the position is their mean
        ("implied", "stated", (), -2.0),
        ("reported", "implied", (), -2.0),
        ("stated", "stated", ("x",), 0.0),  # the earlier text was read whole, the later in part
        ("stated", "reported", ("y",), -2.0),  # a whole text comes before a part
        ("implied", "implied", ("x", "y"), -2.0),
    ],
)
def test_a_later_source_supersedes_only_if_its_evidence_is_as_strong(early, late, whole, position):
    read = codings(("a", "p", "x", "one", 2, early), ("a", "p", "y", "one", -2, late))
    resolved, dated = stances.resolve(read, adjudications()), sources(whole, x="2020", y="2021")
    assert only(stances.positions(resolved, dated))["position"] == position
    gone = stances.superseded(resolved, dated)
    assert gone[["source_id", "replaced_by"]].to_numpy().tolist() == (
        [["x", "y"]] if position else []
    )


def test_a_stronger_source_of_old_still_gives_way_to_one_as_strong():
    # z is later than y, but weaker: y stands beside it, and x gives way to y alone.
    read = codings(*(("a", "p", s, "one", c, b) for s, c, b in
                     (("x", 2, "stated"), ("y", 1, "stated"), ("z", -1, "reported"))))  # fmt: skip
    resolved = stances.resolve(read, adjudications())
    dated = sources(x="2019", y="2020", z="2021")
    assert only(stances.positions(resolved, dated))["source_id"] == "y z"
    assert stances.superseded(resolved, dated)[
        ["source_id", "replaced_by"]
    ].to_numpy().tolist() == [["x", "y"]]


def test_only_the_classes_of_evidence_asked_for_count():
    read = codings(
        ("a", "p", "s", "one", 2, "stated"),
        ("a", "q", "s", "one", 1, "implied"),
        ("a", "r", "s", "one", 0, "reported"),
    )
    resolved = stances.resolve(read, adjudications())
    dated = sources(s="2021")
    for evidence, kept in (
        (("stated",), ["p"]),
        (("stated", "implied"), ["p", "q"]),
        (("reported",), ["r"]),
    ):
        found = stances.positions(resolved, dated, evidence=evidence)
        assert list(found["proposition_id"]) == kept


def test_an_unknown_class_of_evidence_is_refused_by_name():
    resolved = stances.resolve(codings(("a", "p", "s", "one", 2, "stated")), adjudications())
    with pytest.raises(ValueError, match=r"evidence \['heard'\]: the classes are stated, implied"):
        stances.positions(resolved, sources(s="2021"), evidence=["heard"])


def test_a_date_that_is_none_is_refused_with_its_fix():
    with pytest.raises(ValueError, match="as-of date '11 Feb 2021': not a date in ISO form"):
        stances.as_of_day("11 Feb 2021")


def test_sources_before_the_day_asked_for_do_not_count():
    read = codings(("a", "p", "old", "one", -2, "stated"), ("a", "q", "new", "one", 1, "stated"))
    resolved = stances.resolve(read, adjudications())
    dated = sources(old="2020-11-26/2021-02-11", new="2021-02-11")
    found = stances.positions(resolved, dated, since="2021-02-11")
    assert list(found["proposition_id"]) == ["q"]


READINGS = st.dictionaries(
    st.tuples(*(st.sampled_from(letters) for letters in ("ab", "pq", "stu", "xyz"))),
    st.tuples(st.integers(-2, 2), st.sampled_from(stances.BASES)),
)
DECISIONS = st.dictionaries(
    st.tuples(*(st.sampled_from(letters) for letters in ("ab", "pq", "stu"))),
    st.sampled_from([-2, 0, 1, None]),
)


def resolved_by_hand(readings: dict, decisions: dict) -> list[tuple]:
    """The rule of `resolve`, cell by cell."""
    found = []
    for cell in sorted({key[:3] for key in readings}):
        given = [reading for key, reading in readings.items() if key[:3] == cell]
        of = len({key[3] for key in readings if key[2] == cell[2]})
        stance, status = given[0][0], "agreed" if len(given) > 1 else "single"
        if cell in decisions or len({code for code, _ in given}) > 1 or len(given) < of:
            stance = decisions.get(cell)
            status = "unresolved" if cell not in decisions else "adjudicated"
            status = "struck" if status == "adjudicated" and stance is None else status
        basis = max((basis for _, basis in given), key=stances.BASES.index)
        found.append((*cell, stance, basis, len(given), status))
    return found


@given(READINGS, DECISIONS)
def test_cells_are_resolved_as_the_rule_says_one_by_one(readings, decisions):
    read = codings(*((*key, *reading) for key, reading in readings.items()))
    decided = adjudications(*((*cell, stance, "why") for cell, stance in decisions.items()))
    found = stances.resolve(read.astype({"stance": "int64"}), decided)
    rows = found.astype(object).where(found.notna(), None).itertuples(index=False, name=None)
    assert list(rows) == resolved_by_hand(readings, decisions)


@given(READINGS, st.dictionaries(st.sampled_from("stu"), st.sampled_from(["2021", "2021-03"])))
def test_positions_are_means_of_what_no_later_source_supersedes(readings, days):
    cells = {key[:3]: reading for key, reading in readings.items() if key[2] in days}
    read = codings(*((*cell, "x", *reading) for cell, reading in cells.items()))
    resolved = stances.resolve(read.astype({"stance": "int64"}), adjudications())
    found = stances.positions(resolved, sources(**days))
    # No source is surely later than another here: a month lies within its year.
    pairs = sorted({cell[:2] for cell in cells})
    there = [{cell[2]: cells[cell] for cell in sorted(cells) if cell[:2] == pair} for pair in pairs]
    codes = [[code for code, _ in said.values()] for said in there]
    expected = [sum(said) / len(said) for said in codes]
    assert found["position"].tolist() == pytest.approx(expected)
    assert found["source_id"].tolist() == [" ".join(said) for said in there]
    assert found["flagged"].eq("mixed").tolist() == [len(set(said)) > 1 for said in codes]


def test_a_body_was_seen_whole_only_if_every_text_of_it_was():
    cells = pd.DataFrame({"body_id": ["a", "a", "b"], "source_id": ["x", "y", "x"]})
    texts = pd.DataFrame({"source_id": ["x", "y"], "text_seen": ["whole", "opening"]})
    bodies = pd.DataFrame({"body_id": ["a", "b", "c"]})
    assert stances.seen(cells, texts, bodies)["seen"].tolist() == ["opening", "whole", "opening"]


def test_a_phase_counts_its_own_sources_alone():
    read = codings(("a", "p", "old", "one", -2, "stated"), ("a", "p", "new", "one", 1, "stated"))
    resolved = stances.resolve(read, adjudications())
    dated = sources(old="2020-11-26", new="2021-02-11").assign(phase=["late", "early"])
    dated["phase"] = dated["source_id"].map({"old": "early", "new": "late"})
    found = stances.by_phase(resolved, dated).set_index("phase")["position"]
    assert found.to_dict() == {"early": -2, "late": 1}
    assert stances.phases(dated) == ["early", "late"]
    assert stances.phases(dated, ["late", "never"]) == ["late", "early"]


def test_a_source_that_follows_another_is_not_independent():
    table = pd.DataFrame({"source_id": ["x", "y"], "follows": ["", "x"]})
    assert stances.independent(table)["source_id"].tolist() == ["x"]


def several(*rows):
    """Phrases of coders for one cell: coder, stance, basis and where each begins."""
    table = pd.DataFrame(rows, columns=["coder", "stance", "basis", "start"])
    return table.assign(body_id="b", proposition_id="p", source_id="s")


def test_phrases_of_one_coder_that_say_the_same_are_one_code_with_the_strongest_basis():
    phrases = several(("ann", 1, "implied", 5), ("ann", 1, "stated", 40), ("ben", 1, "implied", 5))
    one = stances.by_coder(phrases)
    assert one[["coder", "stance", "basis", "start"]].to_numpy().tolist() == [
        ["ann", 1, "stated", 40], ["ben", 1, "implied", 5]
    ]  # fmt: skip
    found = only(stances.resolve(phrases, adjudications()))
    assert (found["stance"], found["status"], found["coders"]) == (1, "agreed", 2)
    assert found["basis"] == "implied"
    assert stances.disagreements(phrases).empty


def test_phrases_of_one_coder_that_differ_leave_the_cell_open_until_it_is_decided():
    phrases = several(("ann", 1, "stated", 5), ("ann", -2, "stated", 40))
    assert stances.by_coder(phrases)["stance"].isna().tolist() == [True]
    assert only(stances.resolve(phrases, adjudications()))["status"] == "unresolved"
    assert stances.disagreements(phrases)[["kind", "coders", "of"]].to_numpy().tolist() == [
        ["code", 1, 1]
    ]
    decided = only(stances.resolve(phrases, adjudications(("b", "p", "s", 1, "The first stands."))))
    assert (decided["stance"], decided["status"]) == (1, "adjudicated")


def test_one_phrase_a_coder_is_left_as_it_is():
    phrases = several(("ann", 1, "stated", 5), ("ben", -2, "stated", 5))
    assert stances.by_coder(phrases) is phrases
