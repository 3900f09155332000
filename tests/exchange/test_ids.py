"""Names become ids by one rule, and two names never share one."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from positions.exchange import ids as naming
from positions.exchange.imported import Carried
from positions.exchange.mapping import Declared, read_declarations
from positions.study.fields import Column, Fault, cell

KNOWN = {
    "bodies": [
        {"body_id": "lga", "name": "Local Government Association"},
        {"body_id": "twin-1", "name": "The Twins"},
        {"body_id": "twin-2", "name": "The Twins"},
    ]
}


def ids(declared=None):
    carried = Carried()
    return naming.Ids(KNOWN, declared or Declared(), carried), carried


@given(st.text())
def test_an_id_from_any_name_is_one_a_study_takes_or_is_empty(name):
    made = naming.id_from(name)
    assert len(made) <= naming.LONGEST
    assert made == "" or not isinstance(cell(made, Column("body_id", "string")), Fault)
    assert naming.id_from(unicodedata.normalize("NFD", name)) == naming.id_from(
        unicodedata.normalize("NFC", name)
    )


def test_a_long_name_is_cut_between_words():
    name = "The National Association of Very Long Names of the United Kingdom and Beyond"
    assert naming.id_from(name) == "the-national-association-of-very-long-names-of-the-united"
    assert naming.id_from("x" * 99) == "x" * naming.LONGEST


def test_the_study_s_own_row_of_a_name_or_an_id_comes_before_the_rule():
    found, carried = ids()
    assert found.of("bodies", "Local  Government Association", "f") == "lga"
    assert found.of("bodies", "lga", "f") == "lga"
    assert found.of("bodies", "NHS Providers", "f") == "nhs-providers"
    assert carried.problems == []


def test_what_is_declared_comes_before_all():
    declared = read_declarations({"m": b"table,name,column,value\nbodies,LGA,body_id,lga\n"}, {})
    found, carried = ids(declared)
    assert found.of("bodies", "LGA", "f") == "lga"
    assert carried.problems == declared.unused() == []


def test_two_names_of_one_id_are_an_error_that_names_both():
    found, carried = ids()
    assert found.of("bodies", "Tax-Payers", "f", 3) == "tax-payers"
    assert found.of("bodies", "Tax Payers!", "f", 4) == ""
    (problem,) = carried.problems
    assert problem.where() == "f:4 [body_id]"
    assert problem.message == "the id made from it, tax-payers, is also made from 'Tax-Payers'"
    assert problem.fix == "declare it: bodies,<name>,body_id,<id>"


def test_a_name_that_makes_the_id_of_another_body_of_the_study_is_an_error():
    found, carried = ids()
    assert found.of("bodies", "L.G.A", "f") == "l-g-a"
    assert found.of("bodies", "LGA", "f") == ""
    assert "is another row's in the study" in carried.problems[0].message


def test_a_name_that_several_rows_of_the_study_have_is_an_error():
    found, carried = ids()
    assert found.of("bodies", "The Twins", "f") == ""
    assert carried.problems[0].message == "the study has several of this name: twin-1, twin-2"


def test_a_name_without_letters_is_an_error():
    found, carried = ids()
    assert found.of("bodies", "???", "f") == ""
    assert carried.problems[0].message == "no letter or digit to make an id from"
