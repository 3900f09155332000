"""Respondents beside the bodies of an analysis: a consultation small enough to work by hand."""

import dataclasses

import pandas as pd
import pytest
import village

import positions as ps

QUESTIONS = [
    ["question_id", "proposition_id", "question", "answers", "reversed"],
    ["Q1", "p1", "Should a bridge be built?", "agree3", ""],
    ["Q2", "p4", "Should the toll be kept?", "agree3", ""],
]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Three respondents: one at the plan on both questions, one opposed, one half silent."""
    folder = village.write(tmp_path_factory.mktemp("asked"), {"questions": QUESTIONS})
    (folder / "responses").mkdir()
    (folder / "responses" / "a.csv").write_text(
        "Q1,Q2,type\nagree,disagree,miller\ndisagree,agree,trader\nagree,,trader\n", "utf-8"
    )
    return ps.read(folder)


def test_all_respondents_and_each_type_are_measured_as_bodies_are(study):
    found = ps.respondents(ps.analyse(study))
    assert (found.number, found.asked) == (3, 2)
    # 1 and 1 of the first, 0 and 0 of the second, 1 of the third: three of five answers of six.
    assert found.agreement[["name", "agreement", "answered"]].to_numpy().tolist() == [
        ["All respondents", pytest.approx(3 / 5), pytest.approx(5 / 6)],
        ["miller", 1.0, 1.0],
        ["trader", pytest.approx(1 / 3), pytest.approx(3 / 4)],
    ]
    assert found.agreement["each_text_once"].equals(found.agreement["agreement"])


def test_who_answered_both_questions_is_placed_and_the_bodies_among_them(study):
    found = ps.respondents(ps.analyse(study))
    assert found.distribution[["permille", "n"]].to_numpy().tolist() == [[0, 1], [1000, 1]]
    assert found.quantile(0.5) == 0
    assert found.bars["n"].sum() == 2
    bodies = found.bodies.set_index("body_id")
    assert bodies["agreement"].to_dict() == {"alpha": 1, "maker": 1, "gamma": 0.75, "beta": 0}
    assert bodies.loc["gamma", ["below", "above"]].tolist() == [0.5, 0.5]


def test_the_bodies_are_those_of_the_analysis(study):
    stated = ps.respondents(ps.analyse(study, evidence=("stated",)))
    assert sorted(stated.bodies["body_id"]) == ["alpha", "beta"]


def test_without_a_reference_model_answers_are_counted_and_nothing_is_compared(study):
    found = ps.respondents(ps.analyse(dataclasses.replace(study, reference_model="")))
    assert found.number == 3
    assert found.consensus.set_index("question_id")["spoke"].to_dict() == {"Q1": 3, "Q2": 2}
    for table in (found.agreement, found.distribution, found.bodies):
        assert isinstance(table, pd.DataFrame)
        assert table.empty


def test_a_study_without_responses_has_no_respondents(tmp_path):
    found = ps.respondents(ps.analyse(ps.read(village.write(tmp_path / "study"))))
    assert found.number == 0
    assert found.groups.verdict == "too few"
    assert len(found.agreement) == len(found.consensus) == len(found.bodies) == 0
