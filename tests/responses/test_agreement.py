"""The public beside the bodies: worked by hand; campaigns, the command, progress and the figure."""

import io
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import positions as ps
from positions.cli.main import main
from positions.measures import agreement, consensus
from positions.present import plot, response_sentences
from positions.responses import agreement as response_agreement
from positions.responses import (
    backend,
    campaigns,
    database,
    progress,
    questions,
    study_files,
)
from positions.study import load
from positions.study.sources import OPTIONAL

ROOT = pathlib.Path(__file__).parents[2]
ITEMS = pd.DataFrame(
    {
        "item_id": ["Q1", "Q2", "z (not asked)"],
        "asks": ["a", "b", "z"],
        "label": ["A", "B", "Z"],
        "weight": [1.0, 2.0, 1.0],
        "asked": [True, True, False],
    }
)
MODELS = pd.DataFrame({"model_id": "m", "proposition_id": ["a", "b", "z"], "position": [2, -1, 2]})


def counted(*rows):
    table = pd.DataFrame(rows, columns=["type", "campaign", "question_id", "code", "n"])
    return table.astype({"code": "Int64"}).assign(weight=table["n"].astype(float))


# Three patients: Q1 +2, +2, silent; Q2 -1, +1, silent. One of staff: Q1 -2, silent on Q2.
FOUR = counted(
    ("p", 0, "Q1", 2, 2), ("p", 0, "Q1", None, 1), ("p", 0, "Q2", -1, 1), ("p", 0, "Q2", 1, 1),
    ("p", 0, "Q2", None, 1), ("s", 0, "Q1", -2, 1), ("s", 0, "Q2", None, 1),
)  # fmt: skip


def test_agreement_coverage_and_bounds_of_types_are_worked_by_hand():
    found = response_agreement.scores(FOUR, ITEMS, MODELS).set_index("body_id")
    assert found.index.tolist() == ["all", "type: p", "type: s"]
    # Patients: near 1 + 1 (weight 1) and 2 x 1 + 2 x 1/3 (weight 2; +1 is two of the three steps
    # from -1 to the furthest end): 14/3 of 6. All that could be: 3 x 4 = 12.
    assert found.loc["type: p", "agreement"] == pytest.approx(14 / 18)
    assert found.loc["type: p", "coverage"] == pytest.approx(6 / 12)
    # The silent: Q1 once, Q2 once (weight 2), z three times; at worst 0 each, at best 1.
    assert found.loc["type: p", "lower"] == pytest.approx(14 / 3 / 12)
    assert found.loc["type: p", "upper"] == pytest.approx((14 / 3 + 1 + 2 + 3) / 12)
    assert found.loc["type: p", "answered"] == pytest.approx(4 / 6)
    assert found.loc["type: s", "agreement"] == 0
    assert found.loc["all", "agreement"] == pytest.approx(14 / 3 / 7)
    assert found["respondents"].tolist() == [4, 3, 1]


def test_one_respondent_a_body_has_the_scores_of_that_body():
    positions = pd.DataFrame(
        {"body_id": ["b", "b"], "proposition_id": ["Q1", "Q2"], "position": [1.0, -2.0]}
    )
    bodies = pd.DataFrame({"body_id": ["b"], "name": ["B"], "kind": ["campaign"]})
    tables = (questions.on_items(MODELS, ITEMS), questions.as_propositions(ITEMS), bodies)
    body = agreement.agreement(positions, *tables).iloc[0]
    one = counted(("p", 0, "Q1", 1, 1), ("p", 0, "Q2", -2, 1))
    crowd = response_agreement.scores(one, ITEMS, MODELS).iloc[0]
    for column in ("agreement", "lower", "upper", "coverage"):
        assert crowd[column] == body[column]


def test_standings_of_counted_positions_are_those_of_the_positions_repeated():
    draw = np.random.Generator(np.random.PCG64(1))
    said = pd.DataFrame(
        {"body_id": [f"b{i}" for i in range(60)], "proposition_id": np.repeat(["a", "b"], 30),
         "position": draw.integers(-2, 3, 60).astype(float)}
    )  # fmt: skip
    propositions = pd.DataFrame({"proposition_id": ["a", "b", "c"], "label": ["A", "B", "C"]})
    keys = ["proposition_id", "position"]
    few = said.groupby(keys).size().rename("count").reset_index()
    pd.testing.assert_frame_equal(
        consensus.standings(few, propositions), consensus.standings(said, propositions),
        check_dtype=False, atol=1e-12,
    )  # fmt: skip


def test_every_text_once_counts_a_campaign_as_one_response():
    # Four sent one text, three ticked +2 and one -2; one other is at -2.
    rows = counted(("", 1, "Q1", 2, 3), ("", 1, "Q1", -2, 1), ("", 0, "Q1", -2, 1),
                   ("", 1, "Q2", None, 4), ("", 0, "Q2", None, 1))  # fmt: skip
    assert response_agreement.scores(rows, ITEMS, MODELS)["agreement"].iloc[0] == pytest.approx(
        3 / 5
    )
    once = response_agreement.scores(rows, ITEMS, MODELS, once=True)
    assert once["agreement"].iloc[0] == pytest.approx(0.75 / 2)


def test_texts_are_one_whatever_their_case_quotes_and_white_space():
    table = pd.DataFrame(
        {"type": "x", "why": ["\u201cStop\u201d the  BILL", '"stop" the\nbill ', "stop the bill",
                              "Stop it", None, "'stop' the bill"]}
    )  # fmt: skip
    rows, found = campaigns.told_apart(backend.as_frame(table), ["why"], least=2, shortest=9)
    assert found.to_numpy().tolist() == [[1, 2, '"stop" the bill']]
    assert backend.gathered(rows)["campaign"].tolist() == [1, 1, 0, 0, 0, 0]


@pytest.mark.slow
@given(st.lists(st.text(" \t\n\r\f.ab", max_size=9), min_size=1, max_size=6))
def test_white_space_is_folded_as_a_loop_would_on_duckdb_and_on_pandas(written):
    table = pd.DataFrame({"why": pd.Series(written, dtype="object")})
    with database.workspace() as space:
        for rows in (table, space.connection.from_df(table)):
            found = backend.gathered(campaigns.worded(backend.as_frame(rows), ["why"], 1))
            assert found["_text"].tolist() == [" ".join(text.split()) for text in written]


def test_quantiles_bins_and_places_are_worked_by_hand():
    spread = pd.DataFrame(
        {"type": "x", "spoke": [3, 3, 3, 2, 3], "permille": [0, 500, 833, 999, 1000],
         "n": [1, 2, 1, 7, 1], "weight": [1.0, 2.0, 1.0, 7.0, 1.0]}
    )  # fmt: skip
    placed = response_agreement.placed(spread, 5)
    assert placed["n"].sum() == 5
    assert [response_agreement.quantile(placed, q) for q in (0.2, 0.25, 0.5, 0.8, 1)] == [
        0.0, 0.5, 0.5, 0.833, 1.0,
    ]  # fmt: skip
    bars = response_agreement.bins(placed)
    assert bars.loc[bars["n"] > 0, ["low", "share"]].to_numpy().tolist() == pytest.approx(
        np.array([[0.0, 0.2], [0.5, 0.4], [0.8, 0.2], [0.95, 0.2]])
    )
    bodies = pd.DataFrame(
        {"body_id": ["b", "c"], "name": ["B", "C"], "agreement": [0.5, 5 / 6], "spoke": 3, "of": 3,
         "standing": "ranked"}
    )  # fmt: skip
    beside = response_agreement.beside(placed, bodies)
    assert beside[["name", "below", "above"]].to_numpy().tolist() == [
        ["C", 0.6, 0.2], ["B", 0.2, 0.4],
    ]  # fmt: skip
    assert response_sentences.between(placed, beside).endswith(
        "the median is 50%: between B (50%) and C (83%)."
    )


# --- the study's table, the command and the figure ------------------------------------------


@pytest.fixture
def asked(tmp_path):
    """A copy of the shipped study with four questions and 400 respondents."""
    folder = tmp_path / "study"
    shutil.copytree(ROOT / "data", folder)
    (folder / "questions.csv").write_text(
        "question_id,proposition_id,question,answers,reversed\n"
        "Q1,statutory-footing,Footing?,likert5,\nQ2,nhs-ics-body,Body?,likert5,\n"
        "Q3,permissive-membership,Members?,likert5,\nQ4,no-private-seats,Private?,likert5,yes\n"
        "Q5,local-authority-voice,Voice?,likert5,\nwhy,,Why?,text,\n"
    )
    draw = np.random.Generator(np.random.PCG64(2))
    words = np.array(["strongly disagree", "disagree", "neutral", "agree", "strongly agree"])
    side = draw.random(400) < 0.6
    base = np.where(side[:, None], [4, 3, 3, 1, 4], [1, 0, 1, 4, 0])
    level = np.clip(base + draw.integers(-1, 2, base.shape), 0, 4)
    table = pd.DataFrame(words[level], columns=["Q1", "Q2", "Q3", "Q4", "Q5"])
    table["why"] = np.where(side, "", "Halt the Bill: it hands the NHS to private companies!")
    table.loc[3, "Q1"] = "perhaps"
    (folder / "responses").mkdir()
    table.to_csv(folder / "responses" / "a.csv", index=False)
    return folder


def test_the_command_writes_tables_that_add_up_and_says_what_it_found(asked, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["responses", str(asked), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Of 400 rows read, 400 are used: 400 respondents." in said
    assert (
        "1 answer is no word of its question, and is missing: “perhaps” to Q1 (1 time, first in "
        "a.csv:5)."
    ) in said
    assert "Groups: A" in said
    assert (out / "unknown.csv").read_text() == (
        "question_id,answer,rows,file,line\nQ1,perhaps,1,a.csv,5\n"
    )
    accounts = pd.read_csv(out / "accounts.csv")
    assert accounts["rows"].sum() == 400
    answers = pd.read_csv(out / "answers.csv")
    assert answers.groupby("question_id")["n"].sum().tolist() == [400] * 5
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert main(["responses", str(asked), "--out", str(out), "--threads", "1"]) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_the_command_says_which_columns_it_did_not_read(asked, tmp_path, capsys):
    path = asked / "responses" / "a.csv"
    answers = pd.read_csv(path, keep_default_na=False)
    answers.assign(**{"ty,pe": "resident"}).to_csv(path, index=False)
    assert main(["responses", str(asked), "--out", str(tmp_path / "out")]) == 0
    assert "Columns that were not read: ty,pe." in capsys.readouterr().out


@pytest.mark.slow
def test_answers_on_a_claim_of_the_proposer_are_no_agreement_with_the_design(asked):
    # Q5 is on a claim; the other four are on the design.
    first = ps.respondents(ps.analyse(ps.read(asked)))
    assert first.asked == 4
    path = asked / "responses" / "a.csv"
    answers = pd.read_csv(path, keep_default_na=False)
    answers.assign(Q5="strongly disagree").to_csv(path, index=False)
    second = ps.respondents(ps.analyse(ps.read(asked)))
    for name in ("scores", "distribution", "bodies"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    assert not first.consensus.equals(second.consensus)
    answers.assign(Q2="strongly disagree").to_csv(path, index=False)
    third = ps.respondents(ps.analyse(ps.read(asked)))
    assert third.agreement["agreement"].iloc[0] < first.agreement["agreement"].iloc[0]


def test_a_study_without_responses_and_a_wrong_model_are_said(asked, capsys):
    assert main(["responses", str(ROOT / "data")]) == 1
    assert "no individual responses; questions.csv must say what was asked" in (
        capsys.readouterr().err
    )
    with pytest.raises(SystemExit):
        main(["responses", str(asked), "--model", "none"])
    assert "the study has no model 'none'" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_that_is_killed_leaves_the_last_good_tables(asked, tmp_path):
    out = tmp_path / "out"
    assert main(["responses", str(asked), "--out", str(out)]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    source = asked / "responses" / "a.csv"
    rows = source.read_text().splitlines(keepends=True)
    source.write_text(rows[0] + "".join(rows[1:]) * 1500)
    process = subprocess.Popen(
        [sys.executable, "-m", "positions", "responses", str(asked), "--out", str(out)]
    )
    fresh = out.with_name(f".{out.name}.build")
    while not fresh.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ("why,nhs-ics-body,Why?,text,", "question-proposition", "a free text is on no proposition"),
        ("Q9,,What?,codes,", "question-proposition", "the question is on no proposition"),
        ("type,nhs-ics-body,What?,codes,", "reserved-column", "that is no question"),
        ("Q9,nothing,What?,codes,", "foreign-key", "no such proposition_id in propositions.csv"),
        ("Q9,nhs-ics-body,What?,words,", "enum", "not one of the codes"),
        ("Q9,nhs-ics-body,What?,codes,no", "enum", "not one of the codes"),
    ],
)
def test_a_question_that_cannot_be_mapped_is_refused(asked, row, rule, words):
    path = asked / "questions.csv"
    path.write_text(path.read_text().splitlines()[0] + "\n" + row + "\n")
    _, found = load.check(asked)
    errors = [p for p in found if p.file == "questions.csv"]
    assert [(p.rule, p.line) for p in errors] == [(rule, 2)]
    assert words in errors[0].message
    assert "questions" in OPTIONAL


@pytest.mark.slow
def test_the_figure_is_the_same_bytes_again_and_says_all_in_words(asked):
    loaded = load.read(asked)
    found = study_files.counted(loaded, "combined")
    spread = response_agreement.placed(found.spread, 4)  # the fifth is on a claim
    bodies = pd.DataFrame(
        {"body_id": ["b"], "name": ["A $body"], "agreement": [0.4], "spoke": [3], "of": [5],
         "standing": ["ranked"]}
    )  # fmt: skip
    charts = [
        plot.respondents(
            response_agreement.bins(spread), response_agreement.beside(spread, bodies), "T", "Sub"
        )
        for _ in range(2)
    ]
    assert charts[0].png() == charts[1].png()
    assert charts[0].alt == charts[1].alt
    below = spread.loc[spread["permille"] < 400, "weight"].sum() / spread["weight"].sum()
    assert f"A $body at 40%, {below:.0%} of respondents below it" in charts[0].alt
    (axes,) = charts[0].figure.axes
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(1)


# --- progress -------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self):
        return True


def shown_by(out, quiet_for):
    """What a job of ten parts writes, of which each takes a moment."""
    with progress.shown("counting", 10, out, quiet_for) as done:
        for _ in range(11):  # one more than was foreseen
            time.sleep(0.12)
            done(1)
    return out.getvalue()


@pytest.mark.slow
def test_progress_is_shown_on_a_terminal_and_cleared():
    told = shown_by(Terminal(), quiet_for=0)
    assert re.findall(r"counting: (\d+)%, 00:0\d left", told)[-1] == "100"
    assert told.split("\r")[-2].strip() == "" and told.endswith("\r")


@pytest.mark.slow
def test_progress_is_quiet_where_no_one_looks_on_and_while_nothing_takes_long():
    assert shown_by(io.StringIO(), quiet_for=0) == ""
    assert shown_by(Terminal(), quiet_for=60) == ""
