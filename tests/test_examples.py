"""The studies under `examples/`: sound, made again from their record, their scores by hand."""

import csv
import datetime as dt
import hashlib
import pathlib
import re
import runpy

import pytest

from positions.measures import agreement, coder_uncertainty, stances
from positions.measures import reliability as reliability_of
from positions.present import sentences
from positions.study import load, quotes
from positions.study.problems import as_text

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"
SENATE = EXAMPLES / "senate-109"
STUDIES = sorted(path.parent for path in EXAMPLES.glob("*/datapackage.json"))


def record(name):
    with (SENATE / "record" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def senate():
    return load.read(SENATE)


@pytest.fixture(scope="module")
def scores(senate):
    resolved = stances.resolve(senate.codings, senate.adjudications)
    positions = stances.positions(resolved, senate.sources)
    yardstick = (senate.model_positions, senate.propositions, senate.bodies)
    found = agreement.agreement(positions, *yardstick)
    return found.set_index(["model_id", "body_id"])


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_example_passes_without_a_word(folder):
    loaded, problems = load.check(folder)
    assert loaded is not None and problems == [], as_text(problems)


def test_there_is_an_example():
    assert SENATE in STUDIES


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_phrase_of_an_example_stands_in_its_texts(folder):
    loaded = load.read(folder)
    texts = quotes.texts(folder / "texts", loaded.sources)
    assert set(quotes.verify_texts(loaded.sources, texts)["result"]) == {"same"}
    assert set(quotes.verify(loaded.codings, texts)["result"]) == {"found"}


def test_the_conversion_makes_the_same_bytes_again(tmp_path):
    runpy.run_path(str(SENATE / "convert.py"))["main"](tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 6 + 24
    for path in made:
        assert (tmp_path / path).read_bytes() == (SENATE / path).read_bytes(), path


def test_the_readme_names_the_hashes_of_the_record():
    text = (SENATE / "README.md").read_text("utf-8")
    named = dict(re.findall(r"`(record/\w+\.csv)`.*`([0-9a-f]{64})`", text))
    assert set(named) == {"record/rollcalls.csv", "record/votes.csv"}
    for path, digest in named.items():
        assert hashlib.sha256((SENATE / path).read_bytes()).hexdigest() == digest


def test_the_votes_add_up_to_the_totals_that_the_record_gives():
    members = [row for row in record("votes") if row["member"] != "BUSH (R USA)"]
    assert len(members) == 101
    for call in record("rollcalls"):
        cast = [row[call["roll_call"]] for row in members]
        assert cast.count("1") == int(call["yeatotal"]), call["roll_call"]
        assert cast.count("6") == int(call["naytotal"]), call["roll_call"]
        assert set(cast) <= {"0", "1", "6", "9"}


def test_every_final_contested_vote_and_no_other_is_a_proposition(senate):
    dated = set()
    for call in record("rollcalls"):
        yeas, nays = int(call["yeatotal"]), int(call["naytotal"])
        decides = re.fullmatch(
            "On the Nomination|On Passage of the Bill|On the Joint Resolution"
            "|On the Conference Report",
            call["question"],
        )
        if decides and 4 * min(yeas, nays) >= yeas + nays:
            year = dt.date.fromisoformat(call["date"]).year
            dated.add((f"roll-call-{year}-{int(call['number']):03d}", call["date"]))
    published = senate.sources.set_index("source_id")["published"]
    assert set(published.items()) == dated
    assert len(dated) == len(senate.propositions) == 24


CALLS = [
    "1-3", "1-9", "1-19", "1-128", "1-131", "1-133", "1-170", "1-198", "1-213", "1-219", "1-225",
    "1-303", "2-2", "2-91", "2-118", "2-157", "2-159", "2-189", "2-206", "2-213", "2-216", "2-250",
    "2-251", "2-259",
]  # fmt: skip
"""The roll calls of the study, in order; below, what the record has on them: 1 yea, 6 nay, 9 did
not vote, 0 was no member."""
PRESIDENT = "116111111161111111611111"
DECIDED = "111111111161111116111111"
CAST = {
    # the same as the President's on 12 of 24, as the Senate's on 13 of 24
    "CHAFEE (R RI)": ("116616116616616116116116", (12, 13, 24)),
    # 3, 4 and 16 are not the President's; 4, 16, 18 and 19 not the Senate's
    "NELSON (D NE)": ("111611111161111611611111", (21, 20, 24)),
    # 10, 16, 18 and 21 are the President's; 3, 10, 16, 19 and 21 the Senate's
    "REID (D NV)": ("661666666116666161161666", (4, 5, 24)),
    # of the eleven votes cast none is the President's; the seat's next holder cast the rest
    "CORZINE (D NJ)": ("661666666619000000000000", (0, None, 11)),
}


@pytest.mark.parametrize("member", CAST)
def test_a_score_is_the_share_of_votes_on_the_models_side_counted_by_hand(member, scores):
    cast, (with_president, with_senate, spoke) = CAST[member]
    (row,) = [row for row in record("votes") if row["member"] == member]
    assert "".join(row[call] for call in CALLS) == cast
    body = "-".join(re.findall(r"[a-z]+", member.lower()))
    for model, same in (("president", with_president), ("senate", with_senate)):
        if same is not None:
            found = scores.loc[(model, body)]
            assert found["agreement"] == pytest.approx(same / spoke, abs=1e-12)
            assert (found["spoke"], found["of"]) == (spoke, 24)


def test_the_yardsticks_are_the_presidents_side_and_what_was_decided(senate):
    (row,) = [row for row in record("votes") if row["member"] == "BUSH (R USA)"]
    assert "".join(row[call] for call in CALLS) == PRESIDENT
    results = {call["roll_call"]: call["result"] for call in record("rollcalls")}
    assert "".join("6" if results[call] == "Rejected" else "1" for call in CALLS) == DECIDED
    labels = {row["roll_call"]: row["label"] for row in record("labels")}
    ids = senate.propositions.set_index("label")["proposition_id"]
    stands = senate.model_positions.set_index(["model_id", "proposition_id"])["position"]
    for model, sides in (("president", PRESIDENT), ("senate", DECIDED)):
        for call, side in zip(CALLS, sides, strict=True):
            assert stands[model, ids[labels[call]]] == {"1": 2, "6": -2}[side]


def test_of_one_coder_no_reliability_and_no_interval_is_claimed(senate):
    overall = reliability_of.summary(senate.codings)
    assert overall["alpha"].isna().all()
    arguments = (senate.sources, senate.model_positions, senate.propositions)
    ends = coder_uncertainty.coder_intervals(senate.codings, *arguments, draws=10)
    assert ends.empty
    assert sentences.coder_effect(ends.assign(name="")) == (
        "No score rests on texts that two coders read."
    )
