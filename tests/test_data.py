"""The shipped study, and the numbers published from it, against values worked by hand."""

import csv
import json
import pathlib
import re
import subprocess
import sys

import pandas as pd
import pytest

from positions.measures import agreement, coder_uncertainty, reliability, stances
from positions.study import load, schema


@pytest.fixture(scope="module")
def shipped():
    return load.read("data")


@pytest.fixture(scope="module")
def scores(shipped):
    resolved = stances.resolve(shipped.codings, shipped.adjudications)
    positions = stances.positions(resolved, stances.independent(shipped.sources))
    return agreement.agreement(
        positions, shipped.model_positions, shipped.propositions, shipped.bodies
    ).set_index(["model_id", "body_id"])


# Against the combined model, which is at +2 on 17 propositions and at +1 on sector-voice and
# system-plan. Worked by hand: each body's positions, the nearness 1 - |s - r| / 4 of each.
WORKED = {
    # collaboration 2, engagement -1, legislate-now -1, nhs-ics-body 0, permissive-membership 1,
    # place-flexibility 2, provider-accountability 2, sector-voice -1 (model +1),
    # statutory-footing 1, statutory-partnership 1, two-bodies -1
    "nhs-providers": [1, 1 / 4, 1 / 4, 1 / 2, 3 / 4, 1, 1, 1 / 2, 3 / 4, 3 / 4, 1 / 4],
    # accountability-line 1, collaboration 2, local-authority-voice -1, local-government-functions
    # -1, nhs-ics-body 1, statutory-footing 1, statutory-partnership 1
    "local-government-adviser": [3 / 4, 1, 1 / 4, 1 / 4, 3 / 4, 3 / 4, 3 / 4],
    # collaboration 2, local-authority-voice 1, nhs-ics-body -1, permissive-membership 2,
    # public-accountability 1, statutory-footing 2, statutory-partnership 2
    "lga": [1, 3 / 4, 1 / 4, 1, 3 / 4, 1, 1],
    # ten at -2: nine against +2, system-plan against +1; two-bodies -1
    "konp": [0] * 9 + [1 / 4, 1 / 4],
    # five at -2, all against +2
    "ynny": [0] * 5,
    # collaboration, permissive-membership and procurement-reform 2, place-flexibility 1
    "kings-fund": [1, 1, 1, 3 / 4],
    # legislate-now -2, permissive-membership -1, public-accountability 1, public-hands -1,
    # sector-voice -2 (model +1), statutory-footing 1
    "bma": [0, 1 / 4, 3 / 4, 1 / 4, 1 / 4, 3 / 4],
}
# The model's propositions at +1 that a body is silent on keep a quarter at the worst.
QUARTERS = {
    "nhs-providers": 1,
    "local-government-adviser": 2,
    "lga": 2,
    "konp": 1,
    "ynny": 2,
    "kings-fund": 2,
    "bma": 1,
}


@pytest.mark.parametrize("body", WORKED)
def test_each_ranked_score_with_its_base_and_bounds_is_the_one_worked_by_hand(scores, body):
    row, near = scores.loc[("combined", body)], WORKED[body]
    assert (row["spoke"], row["of"]) == (len(near), 19)
    assert row["agreement"] == pytest.approx(sum(near) / len(near), abs=1e-12)
    assert row["lower"] == pytest.approx((sum(near) + QUARTERS[body] / 4) / 19, abs=1e-12)
    assert row["upper"] == pytest.approx((sum(near) + 19 - len(near)) / 19, abs=1e-12)
    assert row["standing"] == "ranked"


def test_who_is_not_ranked_and_why(scores):
    standing = scores.loc["combined"]["standing"]
    assert set(standing[standing == "calibration"].index) == {"government", "nhse"}
    assert (standing == "ranked").sum() == 17
    assert standing["think-tanks"] == "too few"
    assert set(scores.loc["combined"]["spoke"][standing == "too few"]) == {0, 1, 2}


def test_the_proposer_calibrates_the_scale(scores):
    assert scores.loc[("combined", "nhse"), "agreement"] == 1
    assert scores.loc[("combined", "nhse"), "spoke"] == 17


def intervals(shipped, **options):
    ends = coder_uncertainty.coder_intervals(
        shipped.codings,
        stances.independent(shipped.sources),
        shipped.model_positions,
        shipped.propositions,
        **options,
    )
    return ends.set_index(["model_id", "body_id"])


def test_the_coder_interval_of_nhs_providers_worked_by_hand(shipped):
    # The readers part on one cell that counts: permissive-membership in the letter of March 2021,
    # +2 or +1, nearness 1 or 3/4; the other ten add up to 6 1/4.
    row = intervals(shipped).loc[("combined", "nhs-providers")]
    assert row["coder_lower"] == pytest.approx(7 / 11, abs=1e-8)
    assert row["coder_upper"] == pytest.approx(7.25 / 11, abs=1e-8)
    assert row["unsure"] == 1


def test_the_coder_interval_of_keep_our_nhs_public_is_a_point(shipped):
    row = intervals(shipped).loc[("combined", "konp")]
    assert row["coder_lower"] == row["coder_upper"] == pytest.approx(0.5 / 11, abs=1e-8)


def test_the_readers_part_on_three_cells_of_the_texts_read_whole(shipped):
    whole = shipped.sources.loc[shipped.sources["text_seen"] == "whole", "source_id"]
    codings = shipped.codings[shipped.codings["source_id"].isin(whole)]
    found = stances.disagreements(codings)
    assert sorted(zip(found["body_id"], found["proposition_id"], found["kind"], strict=True)) == [
        ("nhse", "collaboration", "presence"),
        ("nhse", "nhs-ics-body", "code"),
        ("nhse", "nhs-ics-body", "code"),
    ]
    row = reliability.summary(codings).iloc[0]
    assert (row["cells"], row["both"], row["same"]) == (79, 78, 76)


def test_every_disagreement_was_decided_with_a_reason(shipped):
    found = stances.disagreements(shipped.codings)
    assert len(found) == len(shipped.adjudications) == 16
    assert (shipped.adjudications["reason"].str.len() > 10).all()


def test_a_text_that_repeats_another_is_not_counted_twice(shipped):
    follows = shipped.sources.set_index("source_id")["follows"]
    assert follows[follows != ""].to_dict() == {
        "latuc-2021": "konp-model-motion",
        "sheff-2021": "lga-2021-07",
    }


def test_an_opening_is_never_taken_for_a_whole_text(shipped):
    openings = shipped.sources[shipped.sources["text_seen"] == "opening"]
    assert (openings["sha256"] == "").all()
    read = stances.seen(shipped.codings, shipped.sources, shipped.bodies).set_index("body_id")
    assert read.loc["local-government-adviser", "seen"] == "whole"
    assert read.loc["konp", "seen"] == "opening"


def test_every_table_has_the_columns_of_the_contract_in_order():
    for table in schema.contract().values():
        with open(pathlib.Path("data") / table.path, encoding="utf-8", newline="") as handle:
            assert next(csv.reader(handle)) == table.column_names


def test_the_studys_contract_keeps_the_shipped_one():
    mine = schema.tables(json.loads(pathlib.Path("data/datapackage.json").read_text("utf-8")))
    assert schema.loosened(mine, schema.contract()) == []
    assert list(mine) == list(schema.contract())


def test_frictionless_finds_the_study_valid():
    command = [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], report


def test_21_propositions_and_the_codebooks_models_are_there(shipped):
    assert len(shipped.propositions) == 21
    spoken = shipped.model_positions.groupby("model_id").size()
    assert spoken.to_dict() == {"combined": 19, "option-1": 12, "option-2": 11, "voluntary": 11}


def test_the_engagement_is_as_published(shipped):
    published = shipped.engagement.set_index("question_id")[["agree", "disagree", "neutral"]]
    assert published.to_numpy().tolist() == [
        [49.2, 43.0, 7.8],
        [48.0, 39.9, 12.1],
        [54.5, 37.3, 8.2],
        [42.5, 43.7, 13.9],
    ]


def test_no_phrase_is_longer_than_25_words(shipped):
    assert shipped.codings["quote"].str.split().str.len().max() <= 25


def test_the_news_report_is_coded_as_reported_throughout(shipped):
    news = shipped.codings[shipped.codings["source_id"] == "petition-news-2021-11-08"]
    assert set(news["basis"]) == {"reported"}


def test_every_file_is_utf_8_with_lf_and_a_final_newline():
    for path in pathlib.Path("data").iterdir():
        raw = path.read_bytes()
        assert raw.decode("utf-8")
        assert b"\r" not in raw, path
        assert raw.endswith(b"\n"), path


def test_the_readme_names_every_code_and_every_proposition(shipped):
    text = pathlib.Path("data/README.md").read_text("utf-8")
    for proposition in shipped.propositions["proposition_id"]:
        assert f"`{proposition}`" in text
    assert re.search(r"automated", text)
    assert isinstance(shipped.codings, pd.DataFrame)


def test_the_order_of_the_featured_bodies_stands_among_the_claims(shipped, scores):
    # The first agrees more than each of the others, and each of the others more than the last.
    combined = scores.loc["combined"].reset_index()
    order = combined.loc[combined["body_id"].isin(shipped.featured), "body_id"].tolist()
    pairs = shipped.claims[shipped.claims["kind"] == "more-than"]
    stated = set(zip(pairs["body_id"], pairs["other_id"], strict=True))
    for other in order[1:]:
        assert (order[0], other) in stated
    for other in order[:-1]:
        assert (other, order[-1]) in stated
