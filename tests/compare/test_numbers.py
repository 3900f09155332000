"""The numbers gathered for a comparison are those that the report publishes."""

import pandas as pd
import pytest
import village

from positions.auditing.audit import audit
from positions.compare import numbers
from positions.measures.analysis import analyse
from positions.measures.evidence import Counting
from positions.site import scores_page
from positions.study import load


@pytest.fixture(scope="module")
def shipped():
    return load.read("data")


@pytest.mark.slow
@pytest.mark.parametrize(
    "counting",
    [Counting(), Counting(as_of="2021-03"),
     Counting(evidence=("stated",)), Counting(independent=False)],
)  # fmt: skip
def test_every_score_of_every_body_is_among_the_numbers_and_no_other(shipped, counting):
    found = numbers.published(shipped, counting)
    results = analyse(shipped, **vars(counting))
    scores = results.scores.set_index(["model_id", "body_id"])
    for name in (*numbers.SHARES, "spoke", "of"):
        mine = found.numbers[(found.numbers["number"] == name) & (found.numbers["body_id"] != "")]
        values = mine.set_index(["model_id", "body_id"])["value"].sort_index()
        theirs = scores[name].dropna().astype("float64").sort_index()
        pd.testing.assert_series_equal(values, theirs, check_names=False)
    assert len(found.standings) == len(scores)


def test_the_rank_is_that_among_the_ranked_and_bodies_with_one_score_share_it(tmp_path):
    # alpha 2.75/3; beta, and gamma who is given beta's codes: 0.5/4 each
    tables = village.tables()
    codings = [row for row in tables["codings"] if row[0] != "gamma"]
    codings += [["gamma", *row[1:]] for row in codings if row[0] == "beta"]
    found = numbers.published(load.read(village.write(tmp_path / "s", {"codings": codings})))
    ranks = found.numbers[(found.numbers["number"] == "rank")
                          & (found.numbers["model_id"] == "plan")]  # fmt: skip
    assert dict(zip(ranks["body_id"], ranks["value"], strict=True)) == {
        "alpha": 1, "beta": 2, "gamma": 2
    }  # fmt: skip


@pytest.mark.slow
def test_every_number_is_told_apart_from_every_other(shipped):
    found = numbers.published(shipped).numbers
    assert not found.duplicated(["number", "model_id", "body_id", "scope"]).any()
    assert found["value"].notna().all()


def test_a_study_in_which_nothing_is_coded_has_no_scores(tmp_path):
    tables = village.tables()
    folder = village.write(tmp_path / "s", {"codings": tables["codings"][:1]})
    found = numbers.published(load.read(folder))
    assert set(found.numbers["number"]) == {
        "lower", "upper", "spoke", "of", "bodies", "positions", "groups", "ranked"
    }  # fmt: skip
    assert found.grouped == "too few"


def test_an_unknown_class_of_evidence_is_refused(shipped):
    with pytest.raises(ValueError, match="rumoured"):
        numbers.published(shipped, Counting(evidence=("rumoured",)))


@pytest.mark.slow
def test_a_claim_on_scores_is_counted_in_the_analyses_that_can_judge_it(shipped):
    found = numbers.published(shipped).claims.set_index("claim_id")
    # as the page of scores prints it
    printed = scores_page.claims(audit(shipped))
    told = " ".join(f"{claim['wording']}: {claim['holds']}" for claim in printed)
    scores = found.dropna(subset=["holds"])
    assert len(scores) == len(found) == 9  # the rows of claims.csv: no claim is on a group
    for claim in scores.itertuples():
        assert f"{claim.wording}: " in told
        assert f"({claim.holds:.0f} of {claim.judged:.0f} analyses that can judge it" in told
