"""Several phrases may carry one code: each is checked, verified and shown as the first is."""

import csv

import pytest
import village
from small import TABLES, problems, write

from positions.cli.main import main
from positions.measures.analysis import analyse
from positions.site import profiles
from positions.study import load
from positions.study.problems import as_text

HEAD = TABLES["phrases.csv"]
VOICE = "lga,voice,lga-view,ann"


def told(tmp_path, rows):
    found = problems(write(tmp_path / "s", {"phrases.csv": HEAD + rows}))
    return as_text([p for p in found if p.file == "phrases.csv"])


def test_a_further_phrase_with_its_place_has_no_problem(tmp_path):
    assert told(tmp_path, f"{VOICE},one voice only,100,114\n{VOICE},too few seats,200,213\n") == ""
    one = load.read(tmp_path / "s")
    assert (len(one.codings), len(one.phrases), len(one.every_phrase)) == (7, 2, 9)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            f"{VOICE},one voice only,,\n",
            "phrases.csv:2 [start]: error: offset (record 1): a phrase from a text seen whole "
            "needs its place\n    fix: `positions verify --texts` says where the phrase stands",
        ),
        (
            f"{VOICE},one voice only,100,105\n",
            "phrases.csv:2 [end]: error: offset (record 1): «100-105» 5 characters cannot hold a "
            "phrase of 14\n    fix: `positions verify --texts` says where the phrase stands",
        ),
        (
            "lga,body,lga-view,ann,one voice only,100,114\n",
            "phrases.csv:2 [coder]: error: phrase-without-code (record 1): «lga / body / lga-view "
            "/ ann» this coder has no code in this cell\n"
            "    fix: add the code to codings.csv, or correct the key",
        ),
        (
            f'{VOICE},"questionable, in its form",40,65\n',
            "phrases.csv:2 [quote]: error: phrase-twice (record 1): «questionable, in its form» "
            "the same phrase stands in codings.csv\n    fix: delete the row",
        ),
    ],
)  # fmt: skip
def test_each_fault_of_a_further_phrase_is_named_with_its_fix(tmp_path, row, said):
    assert told(tmp_path, row) == said


@pytest.fixture
def folder(tmp_path):
    """The village study, where a second phrase of the same source carries alpha's first code."""
    made = village.write(tmp_path / "study")
    other = village.QUOTES["alpha", "p2"][3]
    head = HEAD.strip().split(",")
    village.write(tmp_path / "study", {"phrases": [head, _row(other)]})
    return made


def _row(quote):
    at = village.text("brief").index(quote) + 1  # one off: it has moved
    return ["alpha", "p1", "brief", "ann", quote, at, at + len(quote)]


def test_a_phrase_that_moved_is_named_and_its_new_place_can_be_written(tmp_path, folder, capsys):
    texts = village.write_texts(tmp_path / "texts")
    assert main(["verify", str(folder), "--texts", str(texts)]) == 1
    out = capsys.readouterr().out
    assert "phrases.csv:2 [start]: error: phrase-moved" in out
    assert "10 of 11 phrases stand in the stored texts at their offsets." in out
    before = (folder / "codings.csv").read_bytes()
    assert main(["verify", str(folder), "--texts", str(texts), "--accept-moves"]) == 0
    assert (folder / "codings.csv").read_bytes() == before
    with open(folder / "phrases.csv", encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert village.text("brief")[int(row["start"]) : int(row["end"])] == row["quote"]


def test_a_page_shows_every_phrase_that_carries_a_code(folder):
    first, other = village.QUOTES["alpha", "p1"][3], village.QUOTES["alpha", "p2"][3]
    codes = profiles.codes(analyse(load.read(folder)))
    (mine,) = [c for c in codes if (c.body_id, c.proposition_id) == ("alpha", "p1")]
    assert [quote for quote, _ in mine.phrases] == [first, other]
