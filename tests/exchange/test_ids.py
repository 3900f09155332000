"""Names become ids by one rule, and two names never share one."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from positions.exchange import ids as naming
from positions.exchange.imported import Carried, Place
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
    assert found.of("bodies", "Local  Government Association", Place("f")) == "lga"
    assert found.of("bodies", "lga", Place("f")) == "lga"
    assert found.of("bodies", "NHS Providers", Place("f")) == "nhs-providers"
    assert carried.problems == []


def test_what_is_declared_comes_before_all():
    declared = read_declarations({"m": b"table,name,column,value\nbodies,LGA,body_id,lga\n"}, {})
    found, carried = ids(declared)
    assert found.of("bodies", "LGA", Place("f")) == "lga"
    assert carried.problems == declared.unused() == []


def test_two_names_of_one_id_are_an_error_that_names_both():
    found, carried = ids()
    assert found.of("bodies", "Tax-Payers", Place("f", 3)) == "tax-payers"
    assert found.of("bodies", "Tax Payers!", Place("f", 4)) == ""
    (problem,) = carried.problems
    assert problem.where() == "f:4 [body_id]"
    assert problem.message == "the id made from it, tax-payers, is also made from 'Tax-Payers'"
    assert problem.fix == "declare it: bodies,<name>,body_id,<id>"


def test_a_name_that_makes_the_id_of_another_body_of_the_study_is_an_error():
    found, carried = ids()
    assert found.of("bodies", "L.G.A", Place("f")) == "l-g-a"
    assert found.of("bodies", "LGA", Place("f")) == ""
    assert "is another row's in the study" in carried.problems[0].message


def test_a_name_that_several_rows_of_the_study_have_is_an_error():
    found, carried = ids()
    assert found.of("bodies", "The Twins", Place("f")) == ""
    assert carried.problems[0].message == "the study has several of this name: twin-1, twin-2"


def test_a_name_without_letters_is_an_error():
    found, carried = ids()
    for name in ("???", "COM1", "LG\u0410"):
        assert found.of("bodies", name, Place("f")) == ""
    assert carried.problems[0].message == "no id can be made from it"


def test_what_shares_a_name_is_told_apart_by_its_key_and_found_again():
    names = naming.distinct({"5ed9a0f4-92": "Interview", "77aa": " Interview", "x": "Letter"})
    assert {key: (one.name, one.made) for key, one in names.items()} == {
        "5ed9a0f4-92": ("Interview [5ed9a0f4]", "interview-5ed9a0f4"),
        "77aa": ("Interview [77aa]", "interview-77aa"), "x": ("Letter", ""),
    }  # fmt: skip
    carried = Carried()
    known = {"sources": [{"source_id": "interview-77aa", "title": "Interview"}]}
    found = naming.Ids(known, Declared(), carried)
    assert [found.of("sources", one, Place("f")) for one in names.values()] == [
        "interview-5ed9a0f4", "interview-77aa", "letter"]  # fmt: skip
    assert carried.problems == []


def test_keys_that_begin_alike_are_written_out():
    names = naming.distinct({"00000000-1": "A", "00000000-2": "A"})
    assert [one.name for one in names.values()] == ["A [00000000-1]", "A [00000000-2]"]
    long = naming.distinct({"1": "word " * 30, "2": "word " * 30})
    assert [one.made[-7:] for one in long.values()] == ["-word-1", "-word-2"]


def test_a_name_of_one_source_of_the_study_is_not_given_to_one_of_two_in_the_file():
    carried = Carried()
    known = {"sources": [{"source_id": "interview", "title": "Interview"}]}
    found = naming.Ids(known, Declared(), carried)
    names = naming.distinct({"s1": "Interview", "s2": "Interview"})
    assert found.of("sources", names["s1"], Place("f")) == ""
    (problem,) = carried.problems
    assert problem.message == "the file has several of this name, and the study has interview"
    assert problem.fix == "declare it: sources,s1,source_id,<id>"


def test_a_key_in_the_file_declares_as_a_name_does():
    rows = b"table,name,column,value\nsources,s1,source_id,first\n"
    found, _ = ids(read_declarations({"m": rows}, {}))
    name = naming.distinct({"s1": "Interview", "s2": "Interview"})["s1"]
    assert found.of("sources", name, Place("f")) == "first"


def test_the_id_that_is_meant_is_found_for_a_name_a_label_or_a_slip():
    found, _ = ids()
    for slip in ("lag", "LGA", "local government association", "Local Goverment Association"):
        assert found.meant("bodies", slip) == "lga"
    assert found.meant("bodies", "The Twins") == ""
    assert found.meant("bodies", "something else") == ""
    assert found.exactly("bodies", "local government  association") == "lga"
    assert found.exactly("bodies", "lag") == ""
