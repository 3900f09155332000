"""For how many readers a claim holds, against each reader analysed by itself."""

import dataclasses

import pandas as pd
import pytest
import village

from positions.measures.analysis import analyse
from positions.robustness import readers
from positions.study import load

CLAIMS = [
    ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
    ["alpha-over-half", "above", "alpha", "", 0.5, "Alpha agrees by more than half"],
    ["beta-under-third", "below", "beta", "", 0.3, "Beta agrees by less than a third"],
    ["gamma-over-half", "above", "gamma", "", 0.5, "Gamma agrees by more than half"],
]


def study(folder, *others):
    """The village read by Ann, and by others who differ from her in some stances."""
    tables = village.tables()
    header, *rows = tables["codings"]
    key = [header.index(name) for name in ("body_id", "proposition_id", "coder", "stance")]
    added = []
    for coder, stances in others:
        for row in rows:
            if (stance := stances.get((row[key[0]], row[key[1]]), row[key[3]])) is not None:
                new = list(row)
                new[key[2]], new[key[3]] = coder, stance
                added.append(new)
    village.write(folder, {"codings": [header, *rows, *added], "claims": CLAIMS,
                           "coders": tables["coders"][:3]})  # fmt: skip
    return load.read(folder, allow_unresolved=True)


def test_a_claim_holds_for_the_readers_whose_own_codes_bear_it_out(tmp_path):
    # Alpha by Ben: -2, -2, -2 on three points at +2: 0%. Beta by Ben: +2, +2, +2, -2: 100%.
    ben = {("alpha", p): -2 for p in ("p1", "p2", "p3")}
    ben |= {("beta", p): 2 for p in ("p1", "p2", "p3")} | {("beta", "p4"): -2}
    found = readers.by_reader(analyse(study(tmp_path / "study", ("ben", ben))))
    assert found[["claim_id", "reader", "verdict"]].to_numpy().tolist() == [
        ["alpha-over-half", "ann", "holds"], ["alpha-over-half", "ben", "fails"],
        ["beta-under-third", "ann", "holds"], ["beta-under-third", "ben", "fails"],
        ["gamma-over-half", "ann", "not judged"], ["gamma-over-half", "ben", "not judged"],
    ]  # fmt: skip
    assert found["kind"].tolist() == ["person"] * 6
    counted = readers.across(found).set_index("claim_id")
    assert counted.loc["alpha-over-half", "words"] == "holds for 1 of 2 readers"
    assert counted.loc["gamma-over-half", "words"] == "cannot be judged for any of 2 readers"
    assert (counted[["holds", "fails", "not_judged"]].sum(axis=1) == counted["readers"]).all()


def test_one_reader_is_one_of_one(tmp_path):
    found = readers.across(readers.by_reader(analyse(study(tmp_path / "study"))))
    one = "holds for 1 of 1 reader"
    assert found["words"].tolist() == [one, one, "cannot be judged for any of 1 reader"]


def test_a_study_without_claims_or_readers_has_no_row():
    made = load.read("data")
    none = dataclasses.replace(made, claims=made.claims.head(0))
    assert readers.by_reader(analyse(none)).empty
    assert readers.across(readers.by_reader(analyse(none))).empty


@pytest.mark.parametrize("name", ["data", "src/positions/example"])
def test_each_reader_judges_as_a_study_of_that_reader_alone_does(name):
    made = load.read(name)
    found = readers.by_reader(analyse(made)).set_index(["claim_id", "reader"])["verdict"]
    for reader in made.codings["coder"].unique():
        # Both readers of these studies read every source that anybody coded.
        alone = dataclasses.replace(
            made, codings=made.codings[made.codings["coder"] == reader],
            adjudications=made.adjudications.head(0),
        )  # fmt: skip
        ranking = analyse(alone, as_of=None, independent=False).ranking.set_index("body_id")
        for _, claim in made.claims.query("kind in ('above', 'below')").iterrows():
            score, spoke = ranking.loc[claim["body_id"], ["agreement", "spoke"]]
            if spoke < 3 or pd.isna(score):
                expected = "not judged"
            else:
                above = score > claim["threshold"] if claim["kind"] == "above" else None
                below = score < claim["threshold"] if claim["kind"] == "below" else None
                expected = "holds" if above or below else "fails"
            assert found[claim["claim_id"], reader] == expected
