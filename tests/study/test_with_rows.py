"""Rows added in memory are judged as rows of a file are: taken whole, or refused by name."""

import pandas as pd
import pytest
from small import TABLES, assert_same_tables, said, write

import positions as ps
from positions.study.problems import as_text

BODY = {"body_id": "nalc", "name": "Parish councils", "kind": "local government"}
CODING = {
    "body_id": "lga", "proposition_id": "body", "source_id": "lga-view", "coder": "ann",
    "stance": -1, "basis": "stated", "quote": "not a body of this kind", "start": 70, "end": 93,
}  # fmt: skip


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return ps.read(write(tmp_path_factory.mktemp("small") / "study"), allow_unresolved=True)


def line(row):
    columns = TABLES["codings.csv"].splitlines()[0].split(",")
    return ",".join(str(row.get(column, "")) for column in columns) + "\n"


def test_a_row_added_gives_the_study_that_a_file_with_it_gives(study, tmp_path):
    more = study.with_rows("codings", [CODING], allow_unresolved=True)
    written = write(tmp_path / "s", {"codings.csv": TABLES["codings.csv"] + line(CODING)})
    wanted = ps.read(written, allow_unresolved=True)
    assert_same_tables(more, wanted)
    assert more.digests == wanted.digests
    assert len(study.codings) == len(more.codings) - 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"stance": 5}, "stance"),
        ({"body_id": "nalc"}, "no such body_id in bodies.csv"),
        ({"quote": ""}, "quote"),
        # the coder has read that cell, and that very phrase
        ({"proposition_id": "footing", "stance": 1, "start": 10, "end": 35}, "ann"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused_as_in_a_file(study, tmp_path, changed, words):
    row = CODING | changed
    with pytest.raises(ps.StudyError) as refused:
        study.with_rows("codings", [row], allow_unresolved=True)
    written = write(tmp_path / "s", {"codings.csv": TABLES["codings.csv"] + line(row)})
    told = as_text(refused.value.problems)
    assert told == said(written, allow_unresolved=True)
    assert f"codings.csv:{len(TABLES['codings.csv'].splitlines()) + 1}" in told
    assert words in told


def test_a_body_its_source_and_its_code_are_added_one_table_after_the_other(study):
    source = study.sources.query("source_id == 'lga-view'").drop(columns=["earliest", "latest"])
    more = (
        study.with_rows("bodies", pd.DataFrame([BODY]), allow_unresolved=True)
        .with_rows("sources", source.assign(source_id="nalc-view"), allow_unresolved=True)
        .with_rows("codings", [CODING | {"body_id": "nalc", "source_id": "nalc-view"}],
                   allow_unresolved=True)
    )  # fmt: skip
    found = ps.analyse(more).positions.set_index(["body_id", "proposition_id"])
    assert found.loc[("nalc", "body"), "position"] == -1


def test_missing_cells_are_empty_and_numbers_keep_no_needless_decimals(study):
    rows = pd.DataFrame([CODING, CODING | {"proposition_id": "voice", "coder": "cat"}])
    rows.loc[1, ["start", "end", "stance"]] = [40, 65, None]
    with pytest.raises(ps.StudyError, match="stance") as refused:
        study.with_rows("codings", rows)
    assert {problem.rule for problem in refused.value.problems} >= {"required"}
    assert not [problem for problem in refused.value.problems if problem.column == "start"]


def test_a_table_that_the_study_does_without_is_begun(tmp_path):
    without = ps.read(write(tmp_path / "s", {"claims.csv": None}), allow_unresolved=True)
    claim = {"claim_id": "c", "kind": "closest", "body_id": "lga", "wording": "The LGA is closest"}
    more = without.with_rows("claims", [claim], allow_unresolved=True)
    assert more.claims["claim_id"].tolist() == ["c"]


def test_a_table_or_a_column_that_no_study_has_is_named(study):
    with pytest.raises(ValueError, match="no table 'body'; a study has bodies, sources"):
        study.with_rows("body", [BODY])
    with pytest.raises(ValueError, match="bodies has no column 'label'; its columns are body_id"):
        study.with_rows("bodies", [BODY | {"label": "Parishes"}])
