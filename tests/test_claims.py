"""The table of claims: what the reader accepts and what it refuses, with words."""

import pathlib
import shutil

import pytest

from positions.study import load

DATA = pathlib.Path(__file__).parent.parent / "data"
HEADER = "claim_id,kind,body_id,other_id,threshold,wording"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def problems(folder, *rows):
    (folder / "claims.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    _, found = load.check(folder)
    return [p for p in found if p.file == "claims.csv"]


def test_claims_are_read_sorted_by_id_with_thresholds_as_numbers(folder):
    assert problems(folder, "b,above,lga,,0.5,B", "a,more-than,lga,konp,,A") == []
    claims = load.read(folder).claims
    assert claims["claim_id"].tolist() == ["a", "b"]
    assert claims["other_id"].tolist() == ["konp", ""]
    assert claims["threshold"].fillna(-1).tolist() == [-1, 0.5]


def test_a_study_without_claims_has_an_empty_table(folder):
    (folder / "claims.csv").unlink()
    claims = load.read(folder).claims
    assert claims.empty
    assert list(claims.columns) == HEADER.split(",")


@pytest.mark.parametrize(
    ("row", "rule", "column", "words"),
    [
        ("c,more-than,lga,,,C", "claim-other", "other_id", "kind more-than needs the other body"),
        ("c,same-group,lga,,,C", "claim-other", "other_id", "kind same-group needs the other body"),
        ("c,more-than,lga,lga,,C", "claim-other", "other_id", "compares a body with itself"),
        ("c,above,lga,,,C", "claim-threshold", "threshold", "kind above needs a threshold"),
        ("c,below,lga,,,C", "claim-threshold", "threshold", "kind below needs a threshold"),
        ("c,nearest,lga,,,C", "enum", "kind", "not one of the codes"),
        ("c,closest,nobody,,,C", "foreign-key", "body_id", "no such body_id in bodies.csv"),
        ("c,more-than,lga,nobody,,C", "foreign-key", "other_id", "no such body_id in bodies.csv"),
        ("c,above,lga,,1.5,C", "range", "threshold", "out of range"),
        ("c,closest,lga,,,", "required", "wording", "the cell is empty"),
    ],
)
def test_a_claim_that_cannot_be_asked_is_refused(folder, row, rule, column, words):
    found = problems(folder, "a,closest,lga,,,A", row)
    assert [(p.rule, p.column, p.line, p.severity) for p in found] == [(rule, column, 3, "error")]
    assert words in found[0].message


def test_a_threshold_of_nought_is_a_threshold(folder):
    assert problems(folder, "c,above,lga,,0,C") == []
