"""What a model is asked, and that nothing else is in it."""

import itertools
import json

import model_answers as made
import pytest
from jsonschema import Draft202012Validator

from positions.reading import requests
from positions.reading.pieces import pieces
from positions.study import load


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made.study(tmp_path_factory.mktemp("asked") / "study")


def test_a_request_is_made_of_each_source_and_theme_with_all_that_the_answer_rests_on(folder):
    asked = made.asked(folder)
    pairs = [(r.source_id, r.theme) for r in asked.values()]
    assert sorted(pairs) == [
        (s, t) for s in ("brief", "letter", "news") for t in ("trade", "works")
    ]
    request = asked[made.of(asked, "brief", "works")]
    line = json.loads(request.line("some-model", {"temperature": 0, "seed": 3}))
    body = line["body"]
    assert (line["method"], line["url"]) == ("POST", "/v1/chat/completions")
    assert (body["model"], body["temperature"], body["seed"]) == ("some-model", 0, 3)
    system, user = (message["content"] for message in body["messages"])
    assert system == requests.shipped_prompt()
    assert "p1: A bridge should be built." in user and "p2" not in user
    assert "-1: concerned" in user and "implied: it follows" in user and "beta: Beta" in user
    assert made.TEXT in user
    schema = body["response_format"]["json_schema"]["schema"]
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema).is_valid
    assert valid({"codes": [made.code()]}) and valid({"codes": []})
    assert not valid({"codes": [made.code("p2")]}) and not valid({"codes": [made.code(stance=3)]})


def test_no_reading_of_anybody_is_in_a_request(tmp_path):
    import village

    study = village.write(tmp_path / "study")
    village.write_texts(study / "texts")
    before = set(made.asked(study))
    tables = village.tables()
    village.write(study, {"codings": tables["codings"][:1]})
    assert set(made.asked(study)) == before


@pytest.mark.parametrize(
    "asking", [{"prompt": "Other words."}, {"rulings": "A ruling."}, {"owners": {"brief": "alpha"}}]
)
def test_an_id_changes_with_every_letter_of_what_was_asked_and_with_nothing_else(folder, asking):
    plain = made.asked(folder)
    assert set(made.asked(folder, parameters={"temperature": 1})) == set(plain)
    other = made.asked(folder, **asking)
    assert made.of(other, "brief", "works") not in plain


def test_a_text_cannot_forge_the_line_that_ends_it(folder):
    request = next(iter(made.asked(folder).values()))
    line = request.document.splitlines()[-1]
    assert request.document.count(line) == 2


def test_rulings_of_the_codebook_are_sent_with_the_propositions():
    study = load.read("data")
    rows = study.propositions[study.propositions["theme"] == study.propositions["theme"].iloc[0]]
    book = requests.codebook(rows, study.bodies, "A motion is its mover's.\n")
    assert book.endswith("# Rulings\nA motion is its mover's.")
    assert all(f"{row.proposition_id}: {row.statement}" in book for row in rows.itertuples())


# --- pieces --------------------------------------------------------------------------------


def test_a_text_is_cut_between_paragraphs_with_those_that_fit_coming_again():
    text = "aaaa.\n\nbb.\n\ncccc.\n\ndd."  # paragraphs from 0, 7, 12 and 19
    assert pieces(text, longest=16, overlap=8) == [(0, 12), (7, 22)]
    assert pieces(text, longest=16, overlap=0) == [(0, 12), (12, 22)]
    assert pieces(text, longest=22, overlap=8) == [(0, 22)]


def test_a_long_paragraph_is_cut_between_sentences_else_words():
    text = "One is here. Two is there. Three is gone. Four stays here."
    found = pieces(text, longest=30, overlap=15)
    assert next(text[start:end] for start, end in found) == "One is here. Two is there. "
    assert all(end - start <= 30 for start, end in found)
    assert [text[start - 1] for start, _ in found[1:]] == [" "] * len(found[1:])


@pytest.mark.parametrize("seed", range(20))
def test_pieces_hold_all_of_a_text_in_order_and_no_more_than_they_may(seed):
    import random

    draw = random.Random(seed)
    for _ in range(50):
        parts = draw.choices(
            ["a", "bb ", "c. ", "\n\n", "\n", "\f", "dddddddd"], k=draw.randrange(99)
        )
        text, longest = "".join(parts), draw.randrange(2, 80)
        overlap = draw.randrange(longest // 2 + 1)
        found = pieces(text, longest, overlap)
        assert (found[0][0], found[-1][1]) == (0, len(text))
        assert all(end - start <= longest for start, end in found)
        for (start, end), (after, later) in itertools.pairwise(found):
            assert start < after <= end < later
            assert end - after <= overlap


def test_offsets_of_a_piece_are_those_of_the_whole_text(folder):
    asked = made.asked(folder, longest=200, overlap=60)
    mine = [r for r in asked.values() if (r.source_id, r.theme) == ("brief", "works")]
    assert len(mine) > 3
    for request in mine:
        assert f"\n{made.TEXT[request.start : request.end]}\n" in request.document
        assert f"Part: characters {request.start} to {request.end}" in request.document
