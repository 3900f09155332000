"""The measures of Polis, on a conversation worked by hand."""

import math
import pathlib

import numpy as np
import pandas as pd
import pytest

import positions as ps
from positions.cli.main import main
from positions.responses import patterns, votes

ROOT = pathlib.Path(__file__).parents[2]

# Two groups: five voters and three. Of the statements one divides them, one unites them.
ANSWERS = np.array(
    [
        [1, 1, 1], [1, 1, 0], [1, 1, -1], [1, 0, np.nan], [1, 1, 1],
        [-1, 1, 1], [-1, 1, 1], [-1, 1, np.nan],
    ]
)  # fmt: skip
NAMES = ["park", "bus", "tax"]
TABLE = patterns.counted(2 * ANSWERS, NAMES)
LABELS = (TABLE["park"].to_numpy() < 0).astype(int)


def test_the_votes_of_each_group_are_counted_and_a_group_that_did_not_vote_has_no_share():
    found = votes.shares(TABLE, NAMES, LABELS)
    assert found.drop(columns="share").to_numpy().tolist() == [
        ["park", 0, 5, 0, 5], ["park", 1, 0, 3, 3],
        ["bus", 0, 4, 0, 5], ["bus", 1, 3, 0, 3],
        ["tax", 0, 2, 1, 4], ["tax", 1, 2, 0, 2],
    ]  # fmt: skip
    assert found["share"].tolist() == pytest.approx([1, 0, 4 / 5, 1, 2 / 4, 1])
    nobody = TABLE.assign(tax=TABLE["tax"].where(LABELS == 0))
    assert math.isnan(votes.shares(nobody, NAMES, LABELS)["share"].iloc[-1])


def test_group_aware_consensus_is_the_product_of_the_groups_shares():
    found = votes.consensus(TABLE, NAMES, LABELS).set_index("question_id")
    # Park: (5 + 1)/(5 + 2) x (0 + 1)/(3 + 2). Bus: 5/7 x 4/5. Tax: (2 + 1)/(4 + 2) x 3/4.
    assert found.index.tolist() == ["bus", "tax", "park"]
    assert found["agree"].tolist() == pytest.approx([4 / 7, 3 / 8, 6 / 35])
    # Against: bus 1/7 x 1/5, tax 2/6 x 1/4, park 1/7 x 4/5.
    assert found["disagree"].tolist() == pytest.approx([1 / 35, 1 / 12, 4 / 35])


def test_a_statement_represents_the_group_that_votes_on_it_unlike_the_others():
    found = votes.representative(TABLE, NAMES, LABELS)
    assert found[["group", "question_id", "vote", "votes", "of"]].to_numpy().tolist() == [
        [0, "park", "agree", 5, 5],
        [1, "park", "disagree", 3, 3],
    ]
    # Agreeing: 6/7 in the group, 1/5 in the other; against half 2 sqrt(6) (6/6 - 1/2).
    assert found["share"].tolist() == pytest.approx([6 / 7, 4 / 5])
    assert found["ratio"].tolist() == pytest.approx([(6 / 7) / (1 / 5), (4 / 5) / (1 / 7)])
    assert found["z_share"].tolist() == pytest.approx([math.sqrt(6), 2.0])
    # 6/6 against 1/4, pooled 7/10; 4/4 against 1/6, pooled 5/10.
    spread = math.sqrt(0.7 * 0.3 * (1 / 6 + 1 / 4)), math.sqrt(0.25 * (1 / 4 + 1 / 6))
    assert found["z_ratio"].tolist() == pytest.approx([0.75 / spread[0], (5 / 6) / spread[1]])


def test_who_is_in_no_group_does_not_vote():
    labels = np.where(TABLE["bus"].to_numpy() == 0, -1, LABELS)
    found = votes.consensus(TABLE, NAMES, labels).set_index("question_id")
    # Without the one who passed on the bus: (4 + 1)/(4 + 2) x 4/5.
    assert found.loc["bus", "agree"] == pytest.approx(2 / 3)


def test_a_pattern_counts_as_many_votes_as_gave_it():
    rows = patterns.counted(np.repeat(2 * ANSWERS, 3, axis=0), NAMES)
    found = votes.representative(rows, NAMES, (rows["park"].to_numpy() < 0).astype(int))
    assert found["of"].tolist()[0] == 15


def test_no_more_than_five_statements_represent_a_group():
    names = [f"q{at}" for at in range(8)]
    rows = patterns.counted(np.repeat([[2.0] * 8, [-2.0] * 8], 20, axis=0), names)
    found = votes.representative(rows, names, (rows["q0"].to_numpy() < 0).astype(int))
    assert found.groupby("group").size().tolist() == [5, 5]


@pytest.mark.parametrize(
    ("answers", "they_are"), [([2, 0, -2], True), ([2, 1, -2], False), ([0, 0, np.nan], False)]
)
def test_answers_of_one_strength_are_votes(answers, they_are):
    table = pd.DataFrame([answers], columns=list("abc"))
    assert votes.are_votes(table, list("abc")) is they_are


def test_an_imported_conversation_has_every_table_of_votes(tmp_path):
    found = conversation(tmp_path, 10)
    assert found.votes["group"].tolist() == ["A", "B"] * 5
    assert found.votes["agree"].tolist() == [200, 0, 200, 0, 200, 0, 200, 100, 0, 100]
    assert found.united["question_id"].iloc[0].endswith("-3")
    assert found.united["agree"].iloc[0] == pytest.approx(201 / 202 * 101 / 102)
    assert set(found.representative["group"]) == {"A", "B"}


def test_where_too_few_voted_for_groups_nothing_is_called_united(tmp_path):
    found = conversation(tmp_path, 1)
    assert found.are_votes
    assert found.votes.empty
    assert found.united.empty
    assert found.representative.empty


def conversation(tmp_path, times):
    """Two camps, of 20 and of 10 times so many: they part on four statements of five."""
    cast = [[1, 1, 1, 1, -1]] * 20 * times + [[-1, -1, -1, 1, 1]] * 10 * times
    folder = tmp_path / "export"
    folder.mkdir()
    head = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body"
    tally = [(column.count(1), column.count(-1)) for column in zip(*cast, strict=True)]
    (folder / "comments.csv").write_text("\n".join(
        [head, *(f"0,x,{at},1,{agree},{against},1,Statement {at}"
                 for at, (agree, against) in enumerate(tally)), ""]
    ))  # fmt: skip
    head = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2,3,4"
    (folder / "participants-votes.csv").write_text("\n".join(
        [head, *(f"{at},0,0,5,{row.count(1)},{row.count(-1)}," + ",".join(map(str, row))
                 for at, row in enumerate(cast)), ""]
    ))  # fmt: skip
    (folder / "summary.csv").write_text("topic,The bridge\nurl,https://example.org/1\nvoters,30\n")
    study = tmp_path / "study"
    assert main(["new", str(study)]) == 0
    votes_as = ["--stance", "agree=1", "--stance", "disagree=-1"]
    facts = ["--fact", "propositions.theme=works"]
    assert main(["import", "polis", str(folder), str(study), *votes_as, *facts]) == 0
    return ps.respondents(ps.analyse(ps.read(study)))


def test_a_study_without_answers_has_no_row_of_votes():
    silent = ps.respondents(ps.analyse(ps.read(ROOT / "data")))
    assert silent.votes.empty
    assert silent.united.empty
    assert silent.representative.empty
