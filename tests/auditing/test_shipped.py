"""The shipped study: nobody has checked it, its plan is printed as it is, its draw is sound."""

import pathlib

import audited
import pytest

from positions.auditing.audit import audit
from positions.auditing.drawing import Draw, draw
from positions.auditing.notices import notices
from positions.cli.main import main
from positions.measures.analysis import analyse
from positions.study import load

GUIDE = pathlib.Path("docs/checking.md")


@pytest.fixture(scope="module")
def study():
    return load.read("data")


def test_nobody_has_checked_it(study):
    assert study.checks.empty
    assert notices(audit(study)) == []


def test_the_guide_prints_the_plan_as_the_command_does(capsys):
    assert main(["audit", "data", "--plan"]) == 0
    plan = GUIDE.read_text("utf-8").partition("```text\n")[2].partition("```")[0]
    assert capsys.readouterr().out == plan


def test_the_draw_is_that_of_its_seed(study):
    wanted = Draw(codes=46, seed=20210211, blanks=20)
    assert draw(analyse(study), wanted, audited.DAY).empty
    assert study.samples["stratum"].value_counts().to_dict() == {"coded": 46, "blank": 20}


def test_if_all_drawn_are_clean_it_certifies_what_the_guide_says(study):
    """A person is made up here, in memory: the study's own table of checks stays empty."""
    of = study.with_rows("coders", [{"coder": "cleo", "kind": "person", "name": "Cleo"}])
    cells = audit(of).cells
    rows = cells.loc[cells["drawn"], [*audited.CELL, "stance"]]
    found = audit(
        of.with_rows("checks", rows.assign(checker="cleo", seen_blind="yes", checked="2026-12-01"))
    )
    said = " ".join(GUIDE.read_text("utf-8").split())
    codes, certified = found.strata.iloc[0], int(found.claims["certified"].sum())
    assert (
        f"at most {codes['most']} of the {codes['cells']} codes are wrong, and {certified} of the "
        f"{len(found.claims)} claims are certified"
    ) in said
