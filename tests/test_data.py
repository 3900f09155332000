"""The shipped study, and the numbers published from it, against values worked by hand."""

import csv
import json
import pathlib
import re
import subprocess
import sys

import pandas as pd
import pytest

from positions import agreement, reliability, resampling, schema, stances, study


@pytest.fixture(scope="module")
def shipped():
    return study.read("data")


@pytest.fixture(scope="module")
def scores(shipped):
    resolved = stances.resolve(shipped.codings, shipped.adjudications)
    positions = stances.positions(resolved, shipped.sources)
    return agreement.agreement(
        positions, shipped.model_positions, shipped.propositions, shipped.bodies
    ).set_index(["model_id", "body_id"])


# Against the combined model, which is at +2 on 17 propositions and at +1 on sector-voice and
# system-plan. Worked by hand: each body's codes, the nearness 1 - |s - r| / 4 of each, their sum.
WORKED = {
    # collaboration 2, engagement -1, legislate-now -1, nhs-ics-body 0, permissive-membership 2,
    # place-flexibility 2, provider-accountability 2, sector-voice -1 (model +1),
    # statutory-footing 1, statutory-partnership 1, two-bodies -1
    "nhs-providers": [1, 1 / 4, 1 / 4, 1 / 2, 1, 1, 1, 1 / 2, 3 / 4, 3 / 4, 1 / 4],
    # accountability-line 1, collaboration 2, local-authority-voice -1, local-government-functions
    # -1, nhs-ics-body 1, statutory-footing 1, statutory-partnership 1
    "local-government-adviser": [3 / 4, 1, 1 / 4, 1 / 4, 3 / 4, 3 / 4, 3 / 4],
    # collaboration 1, local-authority-voice 1, nhs-ics-body -1
    "lga": [3 / 4, 3 / 4, 1 / 4],
    # ten at -2: nine against +2, system-plan against +1; two-bodies -1
    "konp": [0] * 9 + [1 / 4, 1 / 4],
    # five at -2, all against +2
    "ynny": [0] * 5,
}
# The model's propositions at +1 that a body is silent on keep a quarter at the worst.
QUARTERS = {"nhs-providers": 1, "local-government-adviser": 2, "lga": 2, "konp": 1, "ynny": 2}


@pytest.mark.parametrize("body", WORKED)
def test_each_ranked_score_with_its_base_and_bounds_is_the_one_worked_by_hand(scores, body):
    row, near = scores.loc[("combined", body)], WORKED[body]
    assert (row["spoke"], row["of"]) == (len(near), 19)
    assert row["agreement"] == pytest.approx(sum(near) / len(near), abs=1e-12)
    assert row["lower"] == pytest.approx((sum(near) + QUARTERS[body] / 4) / 19, abs=1e-12)
    assert row["upper"] == pytest.approx((sum(near) + 19 - len(near)) / 19, abs=1e-12)
    assert row["standing"] == "ranked"


def test_who_is_not_ranked_and_why(scores):
    apart = scores.loc["combined"]["standing"].pipe(lambda s: s[s != "ranked"])
    assert apart.to_dict() == {
        "government": "calibration",
        "nhse": "calibration",
        "local-authorities": "too few",
        "nhs-respondents": "too few",
        "voluntary-sector": "too few",
        "think-tanks": "too few",
    }


def test_the_proposer_calibrates_the_scale(scores):
    assert scores.loc[("combined", "nhse"), "agreement"] == 1
    assert scores.loc[("combined", "nhse"), "spoke"] == 17


def test_the_coder_interval_of_the_proposer_against_option_2_worked_by_hand(shipped):
    # On option 2's eleven propositions one cell that counts is in doubt: none. The readers part
    # on three cells of older sources, which the briefing of 11 February supersedes; so every
    # draw gives 11 cells: ten at +2 and system-plan at +1, statutory-partnership against -1.
    # Nearness: system-plan |1 - 2| -> 3/4, statutory-partnership |2 + 1| -> 1/4,
    # local-authority-voice |2 - 1| -> 3/4, the other eight 1: 9.75 / 11.
    ends = resampling.coder_intervals(
        shipped.codings, shipped.sources, shipped.model_positions, shipped.propositions
    ).set_index(["model_id", "body_id"])
    row = ends.loc[("option-2", "nhse")]
    assert row["coder_lower"] == row["coder_upper"] == pytest.approx(9.75 / 11, abs=1e-8)


def test_as_of_january_the_coder_interval_of_the_proposer_worked_by_hand(shipped):
    # Up to 8 January 2021 only the adviser's note counts: collaboration (+2, or no row by
    # reader-2), nhs-ics-body (+1 or +2), permissive-membership, statutory-footing, system-plan and
    # transfer-commissioning +2. Against option 2 (all +2): 1, or with the +1 at the least
    # 4.75 / 5 without the row on collaboration, 5.75 / 6 with it.
    ends = resampling.coder_intervals(
        shipped.codings,
        shipped.sources,
        shipped.model_positions,
        shipped.propositions,
        as_of="2021-01-08",
    ).set_index(["model_id", "body_id"])
    row = ends.loc[("option-2", "nhse")]
    assert row["coder_lower"] == pytest.approx(4.75 / 5, abs=1e-8)
    assert row["coder_upper"] == 1
    assert row["unsure"] == 2


def test_the_readers_part_on_three_cells_of_79(shipped):
    found = stances.disagreements(shipped.codings)
    assert sorted(zip(found["body_id"], found["proposition_id"], found["kind"], strict=True)) == [
        ("nhse", "collaboration", "presence"),
        ("nhse", "nhs-ics-body", "code"),
        ("nhse", "nhs-ics-body", "code"),
    ]
    row = reliability.summary(shipped.codings).iloc[0]
    assert (row["cells"], row["both"], row["same"]) == (79, 78, 76)


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
