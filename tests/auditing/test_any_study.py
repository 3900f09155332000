"""Whatever a study holds, its audit ends in ranges that hold the scores, and in sentences."""

import datetime as dt

import any_study
import pytest

from positions.auditing import sentences
from positions.auditing.audit import audit
from positions.auditing.drawing import Draw, draw
from positions.auditing.notices import notices
from positions.measures.analysis import analyse
from positions.study import load

RANDOM = {"bodies": 6, "propositions": 7, "sources": 5, "coders": 2}


def studies():
    yield from any_study.EDGES.items()
    for seed in range(4):
        yield f"random {seed}", lambda to, seed=seed: any_study.random(to, seed, **RANDOM)


def read(made, folder):
    study, problems = load.check(made(folder), allow_unresolved=True)
    assert study, problems
    return study


@pytest.mark.slow
@pytest.mark.parametrize(("name", "made"), list(studies()))
def test_ranges_hold_the_scores_before_and_after_a_draw_and_every_claim_has_its_words(
    tmp_path, name, made
):
    study = read(made, tmp_path / "study")
    rows = draw(analyse(study), Draw(5, 7, blanks=2), dt.date(2024, 5, 1))
    for of in (study, study.with_rows("samples", rows, allow_unresolved=True)):
        found = audit(of)
        scores = found.scores
        assert (scores["lower"] <= scores["agreement"] + 1e-9).all()
        assert (scores["agreement"] <= scores["upper"] + 1e-9).all()
        assert (scores["missed_lower"] <= scores["lower"] + 1e-9).all()
        assert (scores["upper"] <= scores["missed_upper"] + 1e-9).all()
        assert scores[["missed_lower", "missed_upper"]].stack().between(0, 1).all()
        assert (found.pairs["lower"] <= found.pairs["lead"] + 1e-9).all()
        assert not found.claims["certified"].fillna(False).any()
        said = sentences.claims(found)
        assert set(said) == set(study.claims["claim_id"])
        assert f"0 of {found.codes} code" in sentences.checked(found)
        assert sentences.certified(found) or not len(found.cells)
        assert notices(found) == []
        assert found.estimates.empty
        assert found.annotators["may"].isna().all()
        assert len(found.plan.claims) == len(study.claims)
