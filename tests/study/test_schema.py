"""The contract is read strictly, and a study may tighten it, never loosen it."""

import copy
import dataclasses
import json

import pytest
from small import package

from positions.study import schema
from positions.study.fields import Column
from positions.study.schema import ForeignKey, NotAContract, loosened, tables
from positions.words import signed

BASE = schema.contract()


def changed(path: list, value) -> dict:
    """The small study's package with one value changed; None takes it out."""
    found = copy.deepcopy(package())
    at = found
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return found


BODIES = ["resources", 0]
FIELD = ["resources", 0, "schema", "fields", 0]
CODES = ["resources", 5, "schema"]
INSIDE = "must be a file name in the study's own folder"
KEPT = "is not kept by this reader; leave it out"


def below(place, said, cases):
    """Changes below one place, by name: where, the value put there, and what is said of it."""
    return {
        name: ([*place, *path], value, said + message)
        for name, (path, value, message) in cases.items()
    }


REFUSED = {
    "no resources": (["resources"], None, "the data package: resources must be a list of objects"),
    "resources as text": (
        ["resources"], "all", "the data package: resources must be a list of objects"),
    "a resource as text": (
        ["resources", 0], "bodies", "the data package: resources must be a list of objects"),
    "no name": (["resources", 0, "name"], None, "a resource: name must be text, not None"),
    "a path there twice": (
        ["resources", 0, "path"], "codings.csv",
        "codings: another resource has the path 'codings.csv' too"),
    "a name there twice": (
        ["resources", 0, "name"], "codings", "the resource 'codings' stands there twice"),
} | below(BODIES, "bodies: ", {
    "a path of several files": (["path"], ["a.csv"], "path must be text, not ['a.csv']"),
    "a path out of the folder": (
        ["path"], "../bodies.csv", f"path '../bodies.csv' {INSIDE}"),
    "a hidden path": (["path"], ".bodies.csv", f"path '.bodies.csv' {INSIDE}"),
    "an address as a path": (
        ["path"], "https://example.org/a.csv", f"path 'https://example.org/a.csv' {INSIDE}"),
    "another delimiter": (["dialect"], {"delimiter": ";"}, f"'dialect' {KEPT}"),
    "compression": (["compression"], "gz", f"'compression' {KEPT}"),
    "a control": (["control"], {"limit": 1}, f"'control' {KEPT}"),
    "a layout": (["layout"], {"header": False}, f"'layout' {KEPT}"),
    "another encoding": (["encoding"], "cp1252", "encoding must be utf-8"),
    "no schema": (["schema"], None, "schema must be an object"),
    "missing values": (["schema", "missingValues"], ["", "NA"], 'missingValues must be [""]'),
    "a setting of the schema": (
        ["schema", "fieldsMatch"], "subset", f"schema: 'fieldsMatch' {KEPT}"),
    "fields as an object": (["schema", "fields"], {}, "fields must be a list of objects"),
    "no primary key": (
        ["schema", "primaryKey"], None, "primaryKey must be a name or a list of names"),
    "an empty primary key": (
        ["schema", "primaryKey"], [], "primaryKey must name columns of the table"),
    "a primary key of no column": (
        ["schema", "primaryKey"], ["id"], "primaryKey must name columns of the table"),
    "a field without a name": (
        ["schema", "fields", 0, "name"], 7, "a field: name must be text, not 7"),
}) | below(FIELD, "bodies: body_id: ", {
    "a type that is no text": (["type"], 7, "type must be text, not 7"),
    "a format": (["format"], "email", f"'format' {KEPT}"),
    "constraints as a list": (["constraints"], [], "constraints must be an object"),
    "a constraint that is not kept": (["constraints", "maxLength"], 5, f"'maxLength' {KEPT}"),
    "a type that is not kept": (["type"], "date", "type must be one of string, integer, number"),
    "required as text": (["constraints", "required"], "false", "required must be true or false"),
    "a minimum as text": (["constraints", "minimum"], "0", "minimum must be a number"),
    "a maximum that is true": (["constraints", "maximum"], True, "maximum must be a number"),
    "codes that are no text": (
        ["constraints", "enum"], [1, 2], "enum must be a name or a list of names"),
    "a pattern that is no text": (["constraints", "pattern"], 5, "pattern must be text, not 5"),
    "a description that is no text": (
        ["description"], ["x"], "description must be text, not ['x']"),
}) | below(CODES, "codings: ", {
    "a foreign key without a reference": (
        ["foreignKeys", 0, "reference"], None, "a foreign key: reference must be an object"),
    "a foreign key of two columns": (
        ["foreignKeys", 0, "fields"], ["body_id", "coder"], "a foreign key must be of one column"),
    "a foreign key to two columns": (
        ["foreignKeys", 0, "reference", "fields"], ["body_id", "name"],
        "a foreign key must be of one column"),
    "a foreign key of a column that is not there": (
        ["foreignKeys", 0, "fields"], ["who"], "a foreign key's column 'who' is not there"),
    "a foreign key to a column that is no key": (
        ["foreignKeys", 0, "reference", "fields"], ["name"],
        "the foreign key of 'body_id' must name the primary key of 'bodies'"),
    "foreign keys as an object": (["foreignKeys"], {}, "foreignKeys must be a list of objects"),
})  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_data_package_that_cannot_be_kept_is_refused_by_its_words(name):
    path, value, message = REFUSED[name]
    with pytest.raises(NotAContract) as refused:
        tables(changed(path, value))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "the key 'a' stands there twice in one object"),
        ('{"b": {"a": 1, "a": 1}}', "the key 'a' stands there twice in one object"),
        ('{"a": NaN}', "NaN is no value of JSON"),
        ('{"a": -Infinity}', "-Infinity is no value of JSON"),
        ('{"a":\n 1,}', "not JSON: Expecting property name enclosed in double quotes in line 2, "
         "column 4"),
        ("", "not JSON: Expecting value in line 1, column 1"),
        ("[]", "not a data package: the file must hold one JSON object"),
        ('{"title": ["a"]}', "title must be text"),
        ('{"title": "a\\ud800"}', "title: U+D800: a control character or no character"),
        ('{"a\\u001b": ""}', "a key: U+001B: a control character or no character"),
        ('{"licenses": [{"title": "a\\u0000"}]}', "licenses[0].title: U+0000: a NUL character"),
        ('{"resources": [{"x": [{"y": "\\ud800"}]}]}',
         "resources[0].x[0].y: U+D800: a control character or no character"),
        ('{"licenses": [{"title": "' + "a" * 20_001 + '"}]}',
         "licenses[0].title: a text of 20001 characters; at most 20000"),
        ('{"version": "1\\u0007"}', "version: U+0007: a control character or no character"),
        ('{"name": 1}', "name must be text"),
        ('{"description": {}}', "description must be text"),
        ('{"version": 0.1}', "version must be text"),
        ('{"reference_model": ["a"]}', "reference_model must be text"),
        ("[" * 100_000, "not JSON of a data package: it is nested too deeply"),
    ],
)  # fmt: skip
def test_json_that_is_not_a_data_package_is_refused_by_its_words(text, message):
    with pytest.raises(NotAContract) as refused:
        schema.package(text)
    assert str(refused.value) == message


def test_a_number_too_long_for_json_is_refused():
    with pytest.raises(NotAContract, match="not JSON: Exceeds the limit"):
        schema.package('{"a": ' + "9" * 5000 + "}")


def test_the_contract_names_fifteen_tables_with_their_keys():
    assert list(BASE) == [
        "bodies", "sources", "propositions", "models", "model_positions", "codings",
        "adjudications", "engagement", "assumptions", "claims", "questions", "coders",
        "checks", "samples", "outcomes",
    ]  # fmt: skip
    codings = BASE["codings"]
    assert codings.path == "codings.csv"
    assert codings.primary_key == (
        "body_id", "proposition_id", "source_id", "coder", "start",
    )  # fmt: skip
    assert codings.foreign_keys == (
        ForeignKey("body_id", "bodies", "body_id"),
        ForeignKey("proposition_id", "propositions", "proposition_id"),
        ForeignKey("source_id", "sources", "source_id"),
    )
    assert BASE["sources"].foreign_keys == (ForeignKey("follows", "sources", "source_id"),)
    assert codings.columns[4] == Column(
        "stance", "integer", True, (), "", -2, 2,
        "From -2 (opposes) to +2 (supports without reservation); 0 explicitly takes no side",
    )  # fmt: skip
    assert codings.columns[5].enum == ("stated", "implied", "reported")
    assert codings.columns[9] == Column("note", "string", description="Why this code")


def test_what_the_format_lets_be_left_out_may_be_left_out():
    minimal = {
        "resources": [
            {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a"}], "primaryKey": "a",
             "foreignKeys": [{"fields": "a", "reference": {"fields": "a"}}]}}
        ]
    }  # fmt: skip
    assert tables(minimal) == {
        "t": schema.TableSchema("t", "t.csv", (Column("a", "string"),), ("a",),
                          (ForeignKey("a", "t", "a"),))
    }  # fmt: skip
    assert schema.package(json.dumps(minimal)) == minimal


def table(**columns) -> dict:
    """The codings table with columns changed."""
    old = BASE["codings"]
    new = tuple(dataclasses.replace(c, **columns.get(c.name, {})) for c in old.columns)
    return {"codings": dataclasses.replace(old, columns=new)}


@pytest.mark.parametrize(
    ("study", "sentence"),
    [
        (table(stance={"required": False}), "codings: stance: must be required"),
        (table(stance={"minimum": -3}), "codings: stance: minimum may not be below -2"),
        (table(stance={"minimum": None}), "codings: stance: minimum may not be below -2"),
        (table(stance={"maximum": 3}), "codings: stance: maximum may not be above 2"),
        (table(stance={"maximum": None}), "codings: stance: maximum may not be above 2"),
        (table(stance={"type": "number"}), "codings: stance: type must be integer, not number"),
        (table(basis={"enum": ()}),
         "codings: basis: enum may only hold stated, implied, reported"),
        (table(basis={"enum": ("stated", "heard")}),
         "codings: basis: enum may only hold stated, implied, reported"),
        (table(note={"pattern": "(a+)+"}), "codings: note: pattern must be the contract's"),
        (table(note={"name": "notes"}),
         "codings: fields must be of body_id, proposition_id, source_id, coder, stance, basis, "
         "quote, start, end, note, in this order"),
        ({"codings": dataclasses.replace(BASE["codings"], primary_key=("body_id",))},
         "codings: primaryKey must be ['body_id', 'proposition_id', 'source_id', 'coder', "
         "'start']"),
        ({"codings": dataclasses.replace(BASE["codings"],
                                         foreign_keys=BASE["codings"].foreign_keys[1:])},
         "codings: foreign key body_id -> bodies.body_id is missing"),
        ({"extras": BASE["codings"]}, "extras: not a table of the contract"),
    ],
)  # fmt: skip
def test_a_looser_contract_is_told_in_a_sentence(study, sentence):
    assert loosened(study, BASE) == [sentence]


@pytest.mark.parametrize(
    "study",
    [
        BASE,
        {},
        table(stance={"minimum": -1, "maximum": 1}, note={"required": True}),
        table(basis={"enum": ("stated",)}, quote={"enum": ("a",)}, coder={"minimum": 0}),
        table(note={"description": "in our own words"}),
    ],
)
def test_a_tighter_contract_is_no_looser(study):
    assert loosened(study, BASE) == []


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf8"])
def test_utf_8_may_be_written_in_three_ways(encoding):
    assert tables(changed([*BODIES, "encoding"], encoding)) == tables(package())


def test_every_looser_place_is_told():
    loose = table(stance={"minimum": None, "maximum": None, "required": False})
    assert len(loosened(loose, BASE)) == 3


def test_a_stance_is_printed_with_its_sign():
    assert [signed(s) for s in (2, 1, 0, -1, -2, 0.5, -0.25, -0.04)] == [
        "+2", "+1", "0", "-1", "-2", "+0.5", "-0.2", "0",
    ]  # fmt: skip
