"""The sentences of a comparison say what its tables hold, and no more."""

import editions
import pytest
import village
from editions import coding, compared, with_cell

from positions.compare import sentences as change_sentences
from positions.measures.evidence import Counting


def said(*arguments, **named):
    return change_sentences.summary(compared(*arguments, **named))


SOFTWARE = "what a change of the software moved does not show here."


def test_where_nothing_differs_that_is_all_that_is_said(tmp_path):
    first, last = said(tmp_path)
    assert first.startswith("Nothing differs: ")
    assert last.endswith(SOFTWARE)


def test_a_moved_score_is_told_with_both_ends_and_the_points(tmp_path):
    sentences = said(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    assert sentences[:4] == [
        "3 published numbers moved.",
        "Agreement with “The plan” moved for one body: Alpha, from 91.7% to 75.0% (-16.7 points).",
        "1 position changed: 1 moved.",
        "Records: codings 1 changed.",
    ]
    assert sentences[-1].endswith(SOFTWARE)


def test_the_body_that_moved_most_is_named_where_several_moved(tmp_path):
    # alpha 2.75/3 to 4.25/5: -6.7; beta 0.5/4 to 1.5/6: +12.5
    sentences = said(tmp_path, with_cell("propositions", ("p3",), "weight", 3))
    assert sentences[1] == (
        "Agreement with “The plan” moved for 2 bodies, 2 of them ranked; most for Beta, from "
        "12.5% to 25.0% (+12.5 points)."
    )
    assert (
        "Propositions with another weight: p3. Scores that rest on them move although no reading "
        "changed."
    ) in sentences
    assert "No position changed." in sentences


def test_the_ranked_are_spoken_of_before_who_moved_further_on_less(tmp_path):
    # gamma on p1: +1 to -2, from 75% to 0%, on one proposition; alpha on p3: 91.7% to 75%
    codings = with_cell("codings", ("alpha", "p3"), "stance", -1)
    (row,) = [row for row in codings["codings"] if row[0] == "gamma"]
    row[4] = -2
    assert said(tmp_path, codings)[1] == (
        "Agreement with “The plan” moved for 2 bodies, 1 of them ranked; most among these for "
        "Alpha, from 91.7% to 75.0% (-16.7 points)."
    )


def test_a_statement_that_was_changed_is_said_to_change_the_meaning_of_its_codes(tmp_path):
    sentences = said(tmp_path, with_cell("propositions", ("p1",), "statement", "A ford, rather."))
    assert sentences[0] == "No published number moved."
    assert (
        "Propositions with another wording: p1. Every code on them, old or new, now answers a "
        "different sentence."
    ) in sentences


def test_numbers_that_are_new_or_gone_are_counted_apart(tmp_path):
    old = editions.edition(tmp_path / "a")
    new = editions.edition(tmp_path / "b", {
        "bodies": [*village.tables()["bodies"], ["delta", "Delta", "parish", "", ""]]
    })  # fmt: skip
    there, back = (editions.comparison.compare(*pair) for pair in ((old, new), (new, old)))
    # against two models each: both bounds, spoke, of; and there is one body more
    assert change_sentences.headline(there) == "1 published number moved and 8 are new."
    assert change_sentences.headline(back) == "1 published number moved and 8 are gone."


@pytest.mark.slow
def test_a_body_that_is_ranked_now_is_named(tmp_path):
    more = [coding("gamma", p, "news", -2) for p in ("p2", "p3")]
    sentences = said(tmp_path, {"codings": [*village.tables()["codings"], *more]})
    assert "Gamma: ranked now, too few before." in sentences


CLAIM = [["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
         ["most", "above", "alpha", "", 0.8, "Alpha agrees on most"]]  # fmt: skip


@pytest.mark.slow
def test_a_claim_that_turned_has_a_sentence_and_new_ones_are_counted(tmp_path):
    turned = said(
        tmp_path / "a", with_cell("codings", ("alpha", "p3"), "stance", -1), {"claims": CLAIM}
    )
    assert "Claim “Alpha agrees on most”: fails now, holds before." in turned
    assert "New claims: 1; holding by default: 1." in said(tmp_path / "b", {"claims": CLAIM})
    assert "Claims no longer made: 1." in said(
        tmp_path / "c", {"claims": CLAIM[:1]}, {"claims": CLAIM}
    )


def test_a_renamed_body_is_said_to_be_one_taken_out_and_one_added(tmp_path):
    tables = village.tables()
    for name in ("bodies", "codings"):
        for row in tables[name]:
            row[0] = "delta" if row[0] == "gamma" else row[0]
    sentences = said(tmp_path, {name: tables[name] for name in ("bodies", "codings")})
    assert (
        "In bodies “gamma” was taken out and “delta” added, alike in all but the id: if it was "
        "renamed, every link to it and every number under it is new."
    ) in sentences


def test_another_reference_model_is_said_to_be_another_and_one_that_is_new_not_compared(tmp_path):
    sentences = said(tmp_path / "a", reference_model="still")
    assert sentences[1] == "Agreement with “Standstill” moved for no body."
    assert (
        "The study's settings: reference_model. The report now speaks first of agreement with a "
        "different model."
    ) in sentences
    models = [*village.tables()["models"], ["third", "Third", "", ""]]
    rows = [*village.tables()["model_positions"], ["third", "p1", 2, "inferred", "", "", "So."]]
    sentences = said(
        tmp_path / "b", {"models": models, "model_positions": rows}, reference_model="third"
    )
    assert sentences[1] == (
        "The reference model is not in both, so no score can be compared with it."
    )


def test_the_model_that_was_asked_for_is_spoken_of_first(tmp_path):
    # alpha on p1: +2 to +1: against standstill (-2) from 0 to 1/4
    changed = with_cell("codings", ("alpha", "p1"), "stance", 1)
    sentences = said(tmp_path, changed, counting=Counting(model="still"))
    assert sentences[1] == (
        "Agreement with “Standstill” moved for one body: Alpha, from 0.0% to 25.0% (+25.0 points)."
    )


@pytest.mark.parametrize(
    ("difference", "printed"),
    [(0.125, "+12.5"), (-1 / 3, "-33.3"), (0.0004, "+0.04"), (-0.000002, "-0.0002"), (0.0, "0.0")],
)
def test_points_have_as_many_decimals_as_it_takes_to_be_seen(difference, printed):
    assert change_sentences.points(difference) == printed
