"""Who checks is a person, one seed draws, and what is gone is named and kept."""

import json

import pytest
from small import TABLES, problems, write

from positions.study import load
from positions.study.problems import as_text

CHECKS, SAMPLES = TABLES["checks.csv"], TABLES["samples.csv"]
MARK = "0123456789abcdef"
VOICE = "lga,voice,lga-view"
DRAWN = f"{VOICE},coded,0.5,7,2021-05-01,{MARK}\n"
KONP = f"konp,body,konp-letter,coded,0.5,7,2021-05-01,{MARK}\n"


def told(tmp_path, checks="", samples=""):
    found = problems(
        write(tmp_path / "s", {"checks.csv": CHECKS + checks, "samples.csv": SAMPLES + samples})
    )
    return as_text([p for p in found if p.file in ("checks.csv", "samples.csv")])


def test_a_check_of_a_drawn_cell_by_a_person_has_no_problem(tmp_path):
    assert told(tmp_path, f"{VOICE},ann,-1,yes,2021-05-02,,\n", DRAWN) == ""
    one = load.read(tmp_path / "s")
    assert one.checks[["stance", "seen_blind"]].values.tolist() == [[-1, "yes"]]
    assert one.samples["probability"].tolist() == [0.5]


def test_an_empty_verdict_says_that_there_is_nothing_to_code(tmp_path):
    assert told(tmp_path, f"{VOICE},ann,,yes,2021-05-02,,\n", DRAWN) == ""
    assert load.read(tmp_path / "s").checks["stance"].isna().tolist() == [True]


@pytest.mark.parametrize(
    ("checks", "samples", "said"),
    [
        (
            f"{VOICE},ann,-1,yes,2021-05-02,,\n{VOICE},ann,1,yes,2021-05-03,,\n", DRAWN,
            "checks.csv:3 [body_id]: error: duplicate (record 2): «lga / voice / lga-view / ann» "
            "the same body_id, proposition_id, source_id, checker, mark as in line 2\n"
            "    fix: delete one of the two rows, or correct its key",
        ),
        (  # what was drawn has that mark: the two are of one code
            f"{VOICE},ann,-1,yes,2021-05-02,,\n{VOICE},ann,1,yes,2021-05-03,{MARK},\n", DRAWN,
            "checks.csv:3 [checker]: error: two-verdicts (record 2): «lga / voice / lga-view» ann "
            "has a verdict on this code and this text in line 2\n"
            "    fix: keep the one that was made blind",
        ),
        (  # nobody drew it: of what code the first is nobody knows
            f"{VOICE},ann,-1,yes,2021-05-02,,\n{VOICE},ann,1,yes,2021-05-03,{MARK},\n", "",
            "checks.csv:3 [checker]: error: two-verdicts (record 2): «lga / voice / lga-view» ann "
            "has a verdict on this code and this text in line 2\n"
            "    fix: keep the one that was made blind",
        ),
        (
            f"{VOICE},cat,-1,yes,2021-05-02,,\n", DRAWN,
            "checks.csv:2 [checker]: error: foreign-key (record 1): «cat» no such coder in "
            "coders.csv\n    fix: add it to coders.csv",
        ),
        (
            f"{VOICE},ann,-1,perhaps,2021-05-02,,\n", DRAWN,
            "checks.csv:2 [seen_blind]: error: enum (record 1): «perhaps» not one of the codes\n"
            "    fix: the codes are: yes, no",
        ),
        (
            "lg,voice,lga-view,ann,-1,yes,2021-05-02,,\n", "",
            "checks.csv:2 [body_id]: error: check-unknown (record 1): «lg» no such body_id in "
            "bodies.csv, and no such cell was drawn\n    fix: write 'lga'",
        ),
        (
            "konp,footing,lga-view,ann,1,yes,2021-05-02,,\n", "",
            "checks.csv:2 [source_id]: warning: cell-gone (record 1): «konp / footing / lga-view» "
            "the cell was checked, and the study has no code there\n"
            "    fix: leave the row: the audit shows it and does not count it; or correct its key",
        ),
        (
            "", DRAWN + KONP.replace(",7,", ",8,"),
            "samples.csv:3 [seed]: error: two-seeds (record 2): «8» line 2 was drawn with seed 7; "
            "cells of two draws have no common probability\n"
            "    fix: keep the rows of the draw that was checked",
        ),
        (
            "", DRAWN + DRAWN,
            "samples.csv:3 [body_id]: error: duplicate (record 2): «lga / voice / lga-view» the "
            "same body_id, proposition_id, source_id as in line 2\n"
            "    fix: delete one of the two rows, or correct its key",
        ),
    ],
)  # fmt: skip
def test_each_fault_of_a_check_or_a_sample_is_named_with_its_fix(tmp_path, checks, samples, said):
    assert told(tmp_path, checks, samples) == said


def test_a_verdict_on_a_code_that_changed_and_a_new_one_stand_beside_each_other(tmp_path):
    first, second = (
        f"{VOICE},ann,-1,yes,2021-05-02,,\n",
        f"{VOICE},ann,1,yes,2021-05-03,f{MARK[1:]},\n",
    )
    assert told(tmp_path, first + second, DRAWN) == ""
    assert load.read(tmp_path / "s").checks["stance"].tolist() == [-1, 1]


def test_a_study_whose_key_of_checks_has_no_mark_is_told_how_to_keep_both(tmp_path):
    both = f"{VOICE},ann,-1,yes,2021-05-02,,\n{VOICE},ann,1,yes,2021-05-03,f{MARK[1:]},\n"
    assert told(tmp_path, both, DRAWN) == ""
    path = tmp_path / "s" / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    (table,) = (one for one in package["resources"] if one["name"] == "checks")
    table["schema"]["primaryKey"].remove("mark")
    path.write_text(json.dumps(package), "utf-8")
    _, found = load.check(tmp_path / "s")
    (problem,) = (one for one in found if one.rule == "duplicate")
    assert problem.fix.endswith("once mark is in the primaryKey of checks in datapackage.json")


def test_a_program_cannot_check(tmp_path):
    coders = TABLES["coders.csv"].replace("ben,person", "ben,model")
    found = problems(
        write(
            tmp_path / "s",
            {"coders.csv": coders, "checks.csv": CHECKS + f"{VOICE},ben,-1,yes,2021-05-02,,\n",
             "samples.csv": SAMPLES + DRAWN},
        )
    )  # fmt: skip
    assert as_text(found[:1]) == (
        "checks.csv:2 [checker]: error: checker-no-person (record 1): «ben» only a person can "
        "check; this reader is a program\n    fix: put what a program read into codings.csv"
    )


def test_a_drawn_cell_whose_code_or_body_is_gone_is_a_warning_and_its_check_is_kept(tmp_path):
    gone = f"lost,voice,lga-view,coded,0.5,7,2021-05-01,{MARK}\n"
    said = told(tmp_path, "lost,voice,lga-view,ann,1,yes,2021-05-02,,\n", DRAWN + gone)
    assert [line.split(": «")[0] for line in said.split("\n")[::2]] == [
        "checks.csv:2 [source_id]: warning: cell-gone (record 1)",
        "samples.csv:3 [source_id]: warning: cell-gone (record 2)",
    ]
    assert len(load.read(tmp_path / "s").checks) == 1


def test_a_drawn_blank_has_no_code_and_is_not_gone(tmp_path):
    blank = f"konp,footing,konp-letter,blank,0.1,7,2021-05-01,{MARK}\n"
    assert told(tmp_path, "konp,footing,konp-letter,ann,,yes,2021-05-02,,\n", blank) == ""
