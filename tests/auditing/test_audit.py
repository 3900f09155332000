"""What people checked, and what that certifies, on a study small enough to count by hand."""

import audited
import pandas as pd
import pytest

from positions.auditing import sentences
from positions.auditing.audit import audit
from positions.auditing.bounds import most_wrong
from positions.auditing.notices import notices


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return audited.study(tmp_path_factory.mktemp("audit") / "study")


def claim(found, claim_id):
    return found.claims.set_index("claim_id").loc[claim_id]


def test_nobody_has_checked_and_nothing_is_certified(study):
    found = audit(study)
    assert (found.codes, found.checked) == (16, 0)
    assert found.strata[["stratum", "cells", "drawn", "most"]].to_numpy().tolist() == [
        ["coded", 16, 0, 16], ["blank", 2, 0, 2],
    ]  # fmt: skip
    assert found.scores[["lower", "upper"]].to_numpy().tolist() == [[0, 1]] * 3
    assert not found.claims["certified"].fillna(False).any()
    assert sentences.checked(found) == "0 of 16 codes checked by a person."
    assert sentences.certified(found) == (
        "It takes 16 clean checks of the 16 codes behind the scores, drawn at random, to exclude "
        "that more than 5% of them are wrong."
    )


def test_every_code_checked_and_clean_leaves_the_scores_as_they_are(study):
    found = audit(audited.all_checked(study, 16, blanks=2))
    scores = found.scores
    for end in ("lower", "upper", "missed_lower", "missed_upper"):
        assert scores[end].tolist() == pytest.approx(scores["agreement"].tolist())
    assert claim(found, "c-closest")[["certified", "certified_missed"]].all()
    assert sentences.checked(found) == "16 of 16 codes checked by a person."
    assert found.pairs["certified"].all()


def test_the_range_of_a_score_puts_the_wrong_codes_where_they_move_it_most(study):
    """North: 6 codes at 1, 1, 1, 3/4, 1, 1; so many can be wrong as the draw allows."""
    of = audited.drawn(study, 9)
    mine = audit(of).cells.query("body_id == 'north' and stratum == 'coded'")
    checked = int(mine["drawn"].sum())
    assert 0 < checked < 6
    found = audit(audited.checked(of, audited.verdicts(of)))
    row = found.scores.set_index("body_id").loc["north"]
    wrong = most_wrong(6, checked, 0)
    assert (row["codes"], row["checked"], row["wrong"], row["most"]) == (6, checked, 0, wrong)
    open_ = mine.loc[~mine["drawn"], "proposition_id"].map(lambda p: 0.75 if p == "p3" else 1.0)
    lost = open_.sort_values(ascending=False).head(wrong).sum()
    assert row["lower"] == pytest.approx((5.75 - lost) / 6)
    assert row["upper"] == pytest.approx(1 if "p3" in set(mine.loc[~mine["drawn"],
                                         "proposition_id"]) else 5.75 / 6)  # fmt: skip


def test_a_verdict_takes_the_place_of_the_code_and_of_nothing_to_code(study):
    clean = audited.drawn(study, 16, blanks=2)
    said = audited.verdicts(clean, {("north", "p0"): -2, ("east", "p1"): None})
    found = audit(audited.checked(clean, said))
    scores = found.scores.set_index("body_id")
    # North loses one of its six points; of east's five one is struck: 1, 1/2, 3/4, 1 are left.
    assert scores.loc["north", ["lower", "upper"]].tolist() == pytest.approx([4.75 / 6] * 2)
    assert scores.loc["east", ["lower", "upper"]].tolist() == pytest.approx([3.25 / 4] * 2)
    assert scores["wrong"].sum() == 2


def test_a_stance_found_in_a_blank_is_added_to_the_score(study):
    clean = audited.drawn(study, 16, blanks=2)
    found = audit(audited.checked(clean, audited.verdicts(clean, {("south", "p5"): -2})))
    row = found.scores.set_index("body_id").loc["south"]
    before = audit(study).scores.set_index("body_id").loc["south", "agreement"]
    assert row[["lower", "missed_upper"]].tolist() == pytest.approx([(5 * before + 1) / 6] * 2)
    assert (row["blanks"], row["blanks_checked"]) == (1, 1)


def test_a_blank_in_which_a_person_finds_nothing_either_was_right(study):
    found = audit(audited.all_checked(study, 4, blanks=2))
    blank = found.strata.set_index("stratum").loc["blank"]
    assert blank[["cells", "drawn", "checked", "wrong", "most"]].tolist() == [2, 2, 2, 0, 0]


def test_a_drawn_code_that_nobody_settled_counts_as_wrong(study):
    of = audited.drawn(study, 8)
    said = audited.verdicts(of)
    last = sorted(said)[-1]
    found = audit(audited.checked(of, {cell: v for cell, v in said.items() if cell != last}))
    row = found.strata.iloc[0]
    assert (row["drawn"], row["checked"], row["wrong"]) == (8, 7, 1)
    assert "1 of those drawn are not settled yet" in sentences.certified(found)


def test_people_who_differ_settle_nothing(study):
    of = audited.all_checked(study, 16)
    cell = ("north", "p0")
    found = audit(audited.checked(of, {cell: 1}, "dan"))
    assert found.cells.set_index(["body_id", "proposition_id"]).loc[cell, "why"] == (
        "checkers differ"
    )
    assert [(p.rule, p.line) for p in notices(found)] == [
        ("checkers-differ", 7), ("checkers-differ", 18),
    ]  # fmt: skip
    assert found.scores.set_index("body_id").loc["north", "lower"] == pytest.approx(4.75 / 6)


@pytest.mark.slow
def test_a_code_corrected_after_its_check_stays_one_that_was_found_wrong(study):
    """Else a study that mends its sample would seem to have mended what nobody looked at."""
    of = audited.all_checked(study, 8)
    cell = sorted(audited.verdicts(of))[0]
    wrong = audited.all_checked(study, 8, {cell: 0})
    before = audit(wrong)
    assert before.strata.iloc[0]["wrong"] == 1
    mended = audit(audited.recoded(wrong, *cell, 0))
    assert mended.checks.set_index(["body_id", "proposition_id"]).loc[cell, "result"] == (
        "the code changed"
    )
    assert [p.rule for p in notices(mended)] == ["check-stale"]
    assert mended.strata.iloc[0]["wrong"] == 1
    assert mended.checked == before.checked - 1
    mark = mended.cells.set_index(["body_id", "proposition_id"]).loc[cell, "mark"]
    again = audited.drawn(study, 8)
    said = audited.verdicts(again)
    again = audited.checked(again, {c: v for c, v in said.items() if c != cell})
    again = audited.checked(again, {cell: 0}, mark=mark)
    settled = audit(audited.recoded(again, *cell, 0))
    assert settled.checked == 8
    assert settled.strata.iloc[0][["checked", "wrong"]].tolist() == [8, 1]


def test_checks_that_do_not_count_are_shown_with_the_reason(study):
    of = audited.drawn(study, 16)
    said = audited.verdicts(of)
    (first, v), (second, w), *_ = sorted(said.items())
    of = audited.checked(of, {first: v}, seen_blind="no")
    of = audited.checked(of, {second: w}, "ann")
    found = audit(audited.checked(of, {second: w}, mark="0" * 16))
    assert sorted(found.checks["result"]) == ["coded it", "not blind", "the text changed"]
    assert {p.rule for p in notices(found)} == {"own-code", "not-blind", "text-moved"}
    assert found.checked == 0


def test_a_check_that_nobody_drew_counts_for_its_cell_alone(study):
    found = audit(audited.checked(study, {("north", "p0"): 2, ("south", "p0"): 2}))
    assert set(found.checks["result"]) == {"counts for its cell alone"}
    row = found.strata.iloc[0]
    assert (row["drawn"], row["checked"], row["wrong"], row["most"]) == (0, 2, 1, 16)
    scores = found.scores.set_index("body_id")
    assert scores.loc["north", "lower"] == pytest.approx(1 / 6)  # five codes may be wrong, one not
    assert found.checked == 2


def test_a_pair_is_certified_where_the_wrong_codes_cannot_turn_it(study):
    """Both speak on p0 to p4: north at 1, 1, 1, 3/4, 1 and south at 0, 1/4, 1, 0, 0."""
    found = audit(audited.all_checked(study, 16, blanks=2))
    pairs = found.pairs.set_index(["body_id", "other_id"])
    row = pairs.loc[("north", "south")]
    assert (row["shared"], row["codes"], row["checked"]) == (5, 10, 10)
    assert row[["lead", "lower", "upper"]].tolist() == pytest.approx([3.5 / 5] * 3)
    assert row["certified"]
    assert claim(found, "c-more-than")["certified"]
    alone = audit(study).pairs.set_index(["body_id", "other_id"]).loc[("north", "south")]
    assert alone[["lower", "upper"]].tolist() == [-1, 1] and not alone["certified"]


def test_what_a_check_finds_does_not_choose_the_codes_it_is_counted_among(study):
    """A code that is struck leaves the points that two bodies share, and stays in their base."""
    clean = audited.drawn(study, 16)
    found = audit(audited.checked(clean, audited.verdicts(clean, {("north", "p0"): None})))
    row = found.pairs.set_index(["body_id", "other_id"]).loc[("north", "south")]
    assert (row["shared"], row["codes"], row["checked"]) == (4, 10, 10)
    assert found.scores.set_index("body_id").loc["north", ["codes", "wrong"]].tolist() == [6, 1]


def test_groups_and_what_rests_on_too_little_cannot_be_judged(tmp_path):
    stances = audited.STANCES | {"west": [1, None, None, None, None, None]}
    found = audit(audited.study(tmp_path / "s", stances))
    assert "west" not in set(found.scores["body_id"])
    rests = found.claims.set_index("claim_id")
    assert rests.loc["c-same-group", "certified"] is pd.NA
    assert "checks cannot certify it" in sentences.claims(found).values()


def test_alpha_must_be_a_share(study):
    with pytest.raises(ValueError, match="alpha 5: a share between 0 and 1"):
        audit(study, alpha=5)


def test_the_plan_says_what_certifies_a_claim_and_heaviest_first_takes_no_more_than_all(study):
    plans = audit(study).plan.claims.set_index("claim_id")
    held = plans.dropna(subset=["checks"])
    assert len(held)
    for claim_id, row in held.iterrows():
        assert row["checks"] <= row["codes"] and row["heaviest"] <= row["codes"]
        assert most_wrong(row["codes"], row["checks"], 0) <= row["tolerates"]
        if row["checks"]:
            assert most_wrong(row["codes"], row["checks"] - 1, 0) > row["tolerates"], claim_id
