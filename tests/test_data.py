"""The shipped study, and the numbers published from it, against values worked by hand."""

import csv
import itertools
import json
import pathlib
import re
import subprocess
import sys

import pandas as pd
import pytest

from positions.measures import outcomes, reliability, stances
from positions.measures.analysis import analyse
from positions.study import load, schema


@pytest.fixture(scope="module")
def shipped():
    return load.read("data")


@pytest.fixture(scope="module")
def analysed(shipped):
    return analyse(shipped)


@pytest.fixture(scope="module")
def scores(analysed):
    return analysed.scores.set_index(["model_id", "body_id"])


# Against the design of the combined model. Worked by hand: each body's positions, and the nearness
# 1 - |s - r| / f of each, f being the furthest from r that the scale reaches. The model is at -2 or
# +2 on 13 of the 19 propositions of the design (f = 4), at +1 on decide-at-place, and at -1 on
# binding-plan, end-market, equal-weight, local-democracy and no-private-seats (f = 3).
WORKED = {
    # both-bodies 1; collaboration 2 in the briefing read whole and 1 in a later opening, whose
    # evidence is weaker: both count, 1.5; nhs-ics-body 0, permissive-membership 2,
    # place-flexibility 2, provider-accountability 2, statutory-footing 0
    "nhs-providers": [3 / 4, 7 / 8, 1 / 2, 1, 1, 1, 1 / 2],
    # both-bodies 1; collaboration 1 in the text read whole, 2 and 1 in two openings that are not
    # surely earlier, or weaker: 4/3; common-plan 1, decide-at-place 2, equal-weight 2,
    # nhs-ics-body -1, place-flexibility 2, statutory-footing 2, statutory-partnership 2
    "lga": [3 / 4, 5 / 6, 3 / 4, 2 / 3, 0, 1 / 4, 1, 1, 1],
    # binding-plan -2, decide-at-place 1; end-market 2 in the letter and 1 in a statement that may
    # be later: 1.5; equal-weight, local-democracy and no-private-seats 2, nhs-ics-body -1,
    # statutory-footing -2
    "konp": [2 / 3, 1, 1 / 6, 0, 0, 0, 1 / 4, 0],
    # collaboration and decide-at-place 1.5, end-market and local-democracy 1, place-flexibility 2
    "kings-fund": [7 / 8, 5 / 6, 1 / 3, 1 / 3, 1],
    # collaboration 2, nhs-ics-body -1, providers-off-board 1 (the model is at -2),
    # statutory-partnership 1
    "local-government-adviser": [1, 1 / 4, 1 / 4, 3 / 4],
    # collaboration 1, further-seats 2 (the model is at -2), nhs-ics-body -1
    "bma": [3 / 4, 0, 1 / 4],
    # collaboration 1, further-seats 2, no-private-seats 2
    "labour": [3 / 4, 0, 0],
    # end-market, equal-weight and local-democracy 2, no-private-seats 1, statutory-footing -2
    "doctors-in-unite": [0, 0, 0, 1 / 3, 0],
    # decide-at-place, end-market and no-private-seats 1
    "pollock-roderick": [1, 1 / 3, 1 / 3],
    # local-democracy and no-private-seats 2, statutory-footing -2
    "campaigns-joint-14": [0, 0, 0],
}
# Claims and process, against the same model.
TRUST = {
    # clear-division -1 and provider-voice -1 (the model is at +1 on both); engagement -1, go-ahead
    # 1, timing -1
    "nhs-providers": [1 / 3, 1 / 3, 1 / 4, 3 / 4, 1 / 4],
    # local-authority-voice 1 (at +1), public-involvement 2, go-ahead 1
    "lga": [1, 1, 3 / 4],
    # at -2: clear-division, local-accountability, local-authority-voice,
    # local-government-functions and universal-care (the model is at +1); stays-public, go-ahead
    # and timing (at +2); and engagement -1
    "konp": [0] * 8 + [1 / 4],
}


@pytest.mark.parametrize("body", WORKED)
def test_each_score_with_its_base_and_bounds_is_the_one_worked_by_hand(scores, body):
    row, near = scores.loc[("combined", body)], WORKED[body]
    assert (row["spoke"], row["of"]) == (len(near), 19)
    assert row["agreement"] == pytest.approx(sum(near) / len(near), abs=1e-12)
    assert row["lower"] == pytest.approx(sum(near) / 19, abs=1e-12)
    assert row["upper"] == pytest.approx((sum(near) + 19 - len(near)) / 19, abs=1e-12)
    assert row["standing"] == ("ranked" if len(near) >= 7 else "too few")


@pytest.mark.parametrize("body", TRUST)
def test_agreement_with_claims_and_process_is_the_one_worked_by_hand(analysed, body):
    row = analysed.trust.set_index(["model_id", "body_id"]).loc[("combined", body)]
    assert (row["spoke"], row["of"]) == (len(TRUST[body]), 13)
    assert row["agreement"] == pytest.approx(sum(TRUST[body]) / len(TRUST[body]), abs=1e-12)


def test_who_is_not_ranked_and_why(scores):
    standing = scores.loc["combined"]["standing"]
    assert set(standing[standing == "calibration"].index) == {"government", "nhse"}
    assert set(standing[standing == "ranked"].index) == {"nhs-providers", "lga", "konp"}
    assert standing["think-tanks"] == "too few"
    assert set(scores.loc["combined"]["spoke"][standing == "too few"]) == {0, 1, 2, 3, 4, 5}


def test_two_bodies_are_compared_over_what_both_address_worked_by_hand(analysed):
    found = analysed.pairs.set_index(["body_id", "other_id"])
    # both-bodies 3/4, collaboration 7/8 and 5/6, nhs-ics-body 1/2 and 1/4, place-flexibility 1,
    # statutory-footing 1/2 and 1. A change of one code is worth up to 1/5.
    row = found.loc[("nhs-providers", "lga")]
    assert (row["shared"], row["codes"]) == (5, 1)
    assert row["agreement"] == pytest.approx((3 / 4 + 7 / 8 + 1 / 2 + 1 + 1 / 2) / 5)
    assert row["other_agreement"] == pytest.approx((3 / 4 + 5 / 6 + 1 / 4 + 1 + 1) / 5)
    # decide-at-place 2/3 and 1, equal-weight 0, nhs-ics-body 1/4, statutory-footing 1 and 0
    row = found.loc[("lga", "konp")]
    assert (row["shared"], row["codes"]) == (4, 1)
    assert row["agreement"] == pytest.approx((2 / 3 + 0 + 1 / 4 + 1) / 4)
    assert row["other_agreement"] == pytest.approx((1 + 0 + 1 / 4 + 0) / 4)
    # nhs-ics-body and statutory-footing alone
    assert found.loc[("nhs-providers", "konp"), "shared"] == 2
    assert pd.isna(found.loc[("nhs-providers", "konp"), "codes"])


def test_no_body_is_nearest_to_a_model_by_more_than_one_code(analysed):
    assert len(analysed.nearest) == 9
    assert set(analysed.nearest["model_id"]) == {""}


def test_the_proposer_calibrates_the_scale(scores):
    assert scores.loc[("combined", "nhse"), "agreement"] == 1
    assert scores.loc[("combined", "nhse"), "spoke"] == 14


def test_the_coder_interval_of_nhs_providers_worked_by_hand(scores):
    # One reader found collaboration in the opening of July 2021 and one did not: 1.5 or 2, nearness
    # 7/8 or 1; the other six add up to 4 3/4.
    row = scores.loc[("combined", "nhs-providers")]
    assert row["coder_lower"] == pytest.approx(5.625 / 7, abs=1e-8)
    assert row["coder_upper"] == pytest.approx(5.75 / 7, abs=1e-8)
    assert row["unsure"] == 1


def test_the_coder_interval_of_keep_our_nhs_public_worked_by_hand(scores):
    # The readers part on nhs-ics-body, -2 or -1 (0 or 1/4), and on end-market in the statement of
    # July 2021, 2 or 1: with the letter 2 or 1.5 (0 or 1/6). The other six: 2/3 + 1.
    row = scores.loc[("combined", "konp")]
    assert row["coder_lower"] == pytest.approx(5 / 3 / 8, abs=1e-8)
    assert row["coder_upper"] == pytest.approx((5 / 3 + 1 / 4 + 1 / 6) / 8, abs=1e-8)
    assert row["unsure"] == 2


def test_the_readers_part_on_ten_cells_of_the_texts_read_whole(shipped):
    whole = shipped.sources.loc[shipped.sources["text_seen"] == "whole", "source_id"]
    codings = shipped.codings[shipped.codings["source_id"].isin(whole)]
    found = stances.disagreements(codings)
    assert found["kind"].value_counts().to_dict() == {"code": 5, "presence": 5}
    row = reliability.summary(codings).iloc[0]
    assert (row["cells"], row["both"], row["same"]) == (86, 81, 76)


def test_every_disagreement_was_decided_with_a_reason(shipped):
    found = stances.disagreements(shipped.codings)
    decided = set(shipped.adjudications[schema.CELL].itertuples(index=False, name=None))
    assert set(found[schema.CELL].itertuples(index=False, name=None)) <= decided
    assert len(decided) == 58
    assert (shipped.adjudications["reason"].str.len() > 10).all()


def test_a_text_that_repeats_another_is_not_counted_twice(shipped):
    follows = shipped.sources.set_index("source_id")["follows"]
    assert follows[follows != ""].to_dict() == {
        "bevanbrittan-2020": "adviser-note-local-government",
        "diu-2020-11": "diu-2020-11-viasha",
        "hf-2021-02b": "hf-2021-02",
        "latuc-2021": "konp-model-motion",
        "lga-2022-01": "lga-2021-11",
        "lga-2022-03": "lga-2021-11",
        "sheff-2021": "lga-2021-07",
    }


def test_an_opening_is_never_taken_for_a_whole_text(shipped):
    openings = shipped.sources[shipped.sources["text_seen"] == "opening"]
    assert (openings["sha256"] == "").all()
    read = stances.seen(shipped.codings, shipped.sources, shipped.bodies).set_index("body_id")
    assert read.loc["local-government-adviser", "seen"] == "whole"
    assert read.loc["konp", "seen"] == "opening"


def _law() -> dict[tuple[str, str], str]:
    """Where each proposition stands in each state: what was decided, else what was read alike."""
    with open("data/outcomes.csv", encoding="utf-8", newline="") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["coder"] == "")
    return {(row["proposition_id"], row["state"]): row["stance"] for row in rows}


def test_the_lgas_attainment_is_that_of_its_four_points_by_hand(shipped, analysed):
    law = _law()
    stood = {
        "statutory-footing": (2, -2, 2),  # it wanted it, and all of the way was gone: 4/4
        "statutory-partnership": (2, 1, 2),  # one step of four: 1/4
        "collaboration": (4 / 3, 0, 2),  # 4/3 away before, 2/3 in the end: 1/6
        "nhs-ics-body": (-1, -2, 2),  # 1 away before, 3 in the end: -1/2
    }
    mine = analysed.positions.query("body_id == 'lga'").set_index("proposition_id")["position"]
    for key, (position, before, end) in stood.items():
        assert mine[key] == pytest.approx(position)
        assert (law[key, "status_quo"], law[key, "act"]) == (str(before), str(end))
    moved = {
        key: abs(int(law[key, "act"]) - int(law[key, "status_quo"]))
        for key, state in law
        if state == "act" and law[key, "act"] and law.get((key, "status_quo"))
    }
    silent = sorted((step / 4 for key, step in moved.items() if step and key not in stood))
    assert silent == [1 / 4, 1 / 2, 3 / 4, 3 / 4, 3 / 4, 3 / 4, 1, 1]
    assert not set(mine.index) & {key for key, step in moved.items() if step} - set(stood)
    row = analysed.attainment.set_index("body_id").loc["lga"]
    four = 1 + 1 / 4 + 1 / 6 - 1 / 2
    assert row["attainment"] == pytest.approx(four / 4)
    assert row["upper"] == pytest.approx((four + 5) / 10)  # with a half more the mean would fall
    assert row["lower"] == pytest.approx((four - 5.5) / 11)
    assert row[["spoke", "of", "nearer", "further"]].tolist() == [4, 12, 3, 1]


def test_what_one_point_and_one_reader_do_to_attainment_is_told_as_it_is_by_hand():
    shown = json.loads(pathlib.Path("notebooks/5-outcome.ipynb").read_text("utf-8"))
    texts = [
        "".join(output["data"]["text/plain"])
        for cell in shown["cells"] for output in cell.get("outputs", [])
    ]  # fmt: skip
    (table,) = [text for text in texts if text.startswith("Attainment of the featured bodies, wit")]
    (lga,) = [line.split() for line in table.splitlines() if "Local Government" in line]
    # (1/4 + 1/6 - 1/2) / 3 without the footing, (1 + 1/4 + 1/6) / 3 without the NHS body. Reader 6
    # saw the law before lean against collaboration (-1): 7/3 away before, 2/3 in the end, 5/12.
    six = (1 + 1 / 4 + 5 / 12 - 1 / 2) / 4
    assert lga[-6:] == ["+0.23", "4", "-0.03", "+0.47", "+0.23", f"{six:+.2f}"]


@pytest.mark.parametrize("file", ["README.md", "data/README.md", "CHANGELOG.md"])
def test_what_is_said_of_the_law_is_what_its_table_holds(file, shipped, analysed):
    text = " ".join(pathlib.Path(file).read_text("utf-8").split())
    rows = analysed.attainment.set_index("body_id")
    moves, status = analysed.moves, analysed.outcomes["status"].value_counts()
    ended, moved = len(moves), int((moves["moved"].abs() > 0).sum())
    lga, konp = rows.loc["lga"], rows.loc["konp"]
    only = len(shipped.sources) - len(analysed.documents)
    said = {
        "README.md": [
            f"The law moved on {moved} points. It came nearer to the Local Government Association "
            f"on {lga['nearer']} of the {lga['spoke']} that it spoke on, and further from Keep Our "
            f"NHS Public on {konp['further']} of {konp['spoke']}.",
        ],
        "data/README.md": [
            f"Of {len(analysed.outcomes)} states they read {status['agreed']} alike, "
            f"{status['decided']} were decided, {status['struck']} are struck",
            f"from 45 documents of which only a part was seen, {only} of them for this alone",
            f"of {ended} propositions whose end is known, {moves['moved'].isna().sum()} lack",
            f"rests on the {moved} that moved",
        ],
        "CHANGELOG.md": [
            f"Of {ended} propositions whose end is known the law moved on {moved}.",
            *(f"{name} {rows.loc[key, 'attainment']:+.2f} ({rows.loc[key, 'spoke']})"
              for name, key in (("NHS Providers", "nhs-providers"),
                                ("Keep Our NHS Public", "konp"),
                                ("Your NHS Needs You", "ynny"))),
        ],
    }  # fmt: skip
    for sentence in said[file]:
        assert sentence in text


def test_each_state_of_the_law_was_read_twice_and_decided_where_the_readings_part(shipped):
    found = outcomes.resolve(shipped.outcomes)
    assert found["status"].value_counts().to_dict() == {"agreed": 47, "struck": 31, "decided": 7}
    assert set(shipped.outcomes["coder"]) == {"", "reader-5", "reader-6"}
    judging = shipped.propositions["statement"].str.match(
        "The proposals |It is clear |The membership proposed |The procurement regime "
    )
    judged = shipped.propositions.loc[judging, "proposition_id"]
    assert found.loc[found["proposition_id"].isin(judged), "status"].eq("struck").all()
    carried = shipped.sources[shipped.sources["source_id"].isin(shipped.outcomes["source_id"])]
    assert (len(carried), set(carried["text_seen"])) == (45, {"opening"})


def test_every_table_has_the_columns_of_the_contract_in_order():
    for table in schema.contract().values():
        with open(pathlib.Path("data") / table.path, encoding="utf-8", newline="") as handle:
            assert next(csv.reader(handle)) == table.column_names


def test_the_studys_contract_keeps_the_shipped_one():
    mine = schema.tables(json.loads(pathlib.Path("data/datapackage.json").read_text("utf-8")))
    assert schema.loosened(mine, schema.contract()) == []
    assert list(mine) == list(schema.contract())


@pytest.mark.slow
def test_frictionless_finds_the_study_valid():
    command = [sys.executable, "-m", "frictionless", "validate", "data/datapackage.json", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert report["valid"], report


def test_forty_propositions_and_the_codebooks_models_are_there(shipped):
    kinds = shipped.propositions["kind"].value_counts().to_dict()
    assert kinds == {"design": 19, "claim": 10, "process": 3, "context": 8}
    spoken = shipped.model_positions.groupby("model_id").size()
    assert spoken.to_dict() == {"combined": 32, "option-1": 16, "option-2": 14, "voluntary": 5}


def test_the_model_is_on_both_sides_of_its_design(shipped):
    held = shipped.model_positions.merge(shipped.propositions, on="proposition_id")
    held = held[(held["model_id"] == "combined") & (held["kind"] == "design")]
    assert sorted(held["position"]) == [-2] * 2 + [-1] * 5 + [1] + [2] * 11


def test_nothing_counts_that_is_later_than_the_act(analysed):
    assert analysed.counting.as_of == "2022-04-28"
    late = analysed.study.sources.set_index("source_id")["latest"]
    used = set(analysed.positions["source_id"].str.split().explode())
    assert used
    assert (late.loc[sorted(used)] <= "2022-04-28").all()


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


def test_every_pair_of_ranked_featured_bodies_stands_among_the_claims(shipped, scores):
    combined = scores.loc["combined"].reset_index()
    ranked = combined[
        combined["body_id"].isin(shipped.featured) & (combined["standing"] == "ranked")
    ]
    pairs = shipped.claims[shipped.claims["kind"] == "more-than"]
    stated = set(zip(pairs["body_id"], pairs["other_id"], strict=True))
    wanted = set(map(frozenset, itertools.combinations(ranked["body_id"], 2)))
    assert set(map(frozenset, stated)) == wanted
