"""Each row of a table for programs says how many of its codes a person checked."""

import audited
import pytest

from positions.auditing.audit import audit
from positions.site.checked_tables import with_checks


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Two codes of north (which has six) are checked, and one of south (which has five)."""
    of = audited.study(tmp_path_factory.mktemp("made") / "study")
    said = {("north", "p0"): 2, ("north", "p1"): -2, ("south", "p0"): -2}
    return audit(audited.checked(of, said))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("body_id,x\nnorth,1\nsouth,\neast,3\n",
         "body_id,x,codes,checked\nnorth,1,6,2\nsouth,,5,1\neast,3,5,0\n"),
        ("x,proposition_id,body_id\n,p0,north\n,p2,north\n,p5,south\n",
         "x,proposition_id,body_id,codes,checked\n,p0,north,1,1\n,p2,north,1,0\n,p5,south,0,0\n"),
        ("body_id,source_id\nnorth,s-north\nnorth,s-south\n",
         "body_id,source_id,codes,checked\nnorth,s-north,6,2\nnorth,s-south,0,0\n"),
        ('body_id,name\n,"a, ""b"""\nnorth,\'=x\n',
         'body_id,name,codes,checked\n,"a, ""b""",0,0\nnorth,\'=x,6,2\n'),
        ("body_id,x\n", "body_id,x,codes,checked\n"),
    ],
)  # fmt: skip
def test_the_codes_of_a_row_are_counted_and_those_that_a_person_checked(found, text, wanted):
    assert with_checks(text, found) == wanted


@pytest.mark.parametrize(
    "text", ["proposition_id,x\np0,1\n", "body_id,codes\nnorth,3\n", "a,b\n1,2\n"]
)
def test_a_table_without_bodies_or_with_codes_of_its_own_stays_as_it_is(found, text):
    assert with_checks(text, found) == text


def test_a_claim_has_the_codes_that_it_rests_on(found):
    claim = {"claim_id": "most", "kind": "above", "body_id": "north", "threshold": 0.5,
             "wording": "North agrees with more than half."}  # fmt: skip
    study = found.analysis.study.with_rows("claims", [claim])
    assert with_checks("claim_id,x\nmost,1\n", audit(study)) == (
        "claim_id,x,codes,checked\nmost,1,6,2\n"
    )
