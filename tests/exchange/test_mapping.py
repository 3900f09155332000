"""What another tool does not say is declared; a slip in a declaration is named."""

import pytest

from positions.exchange.mapping import read_declarations
from positions.study.problems import as_text


def test_a_file_an_option_and_a_stance_are_read():
    declared = read_declarations(
        {"m.csv": b"table,name,column,value\ncodes,A/B,stance,-1\ncoders,Ann,coder,ann\n"},
        {"p.csv": b"source,what,quote\nLetter,A phrase.,a phrase\nLetter,Other.,\n"},
        ["sources.phase=options", "sources.publisher=a=b"],
        ["yes=+1", "no=-2", "a=b=none"],
    )
    assert declared.problems == []
    assert declared.own("codes", "stance", "A/B") == "-1"
    assert declared.own("codes", "stance", "guid", "A/B") == "-1"
    assert declared.own("codes", "basis", "A/B") == ""
    assert declared.value("sources", "any", "phase") == "options"
    assert declared.value("sources", "any", "publisher") == "a=b"
    assert declared.stances == {"yes": "+1", "no": "-2", "a=b": "none"}
    assert declared.phrases == {("Letter", "A phrase."): "a phrase"}


@pytest.mark.parametrize(
    ("maps", "facts", "stances", "words"),
    [
        ("", ["phase=x"], [], "--fact: error: declaration: «phase=x» not TABLE.COLUMN=VALUE"),
        ("", ["sources.fase=x"], [], "'sources' has no column 'fase' to declare"),
        ("", ["sorces.phase=x"], [], "fix: the tables are: bodies, sources"),
        ("", [], ["yes=3"], "--stance: error: declaration: «yes=3» not WORD=CODE"),
        ("", [], ["yes"], "fix: write, for example, yes=1, or yes=none"),
        ("bodies,A,kind,x\nbodies,A,kind,y\n", [], [], "m.csv:3: error: declaration: «A» "
         "bodies.kind is declared twice, differently"),
        ("bodies,A,kind\n", [], [], "m.csv:2: error: field-count"),
        ("variables,Type,bodies,sort\n", [], [], "m.csv:2: error: declaration: «sort» bodies has "
         "no such column\n    fix: it has: body_id, name, kind, about"),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(maps, facts, stances, words):
    files = {"m.csv": f"table,name,column,value\n{maps}".encode()} if maps else {}
    assert words in as_text(read_declarations(files, {}, facts, stances).problems)


def test_a_file_of_other_columns_is_refused():
    assert "m.csv:1: error: declaration" in as_text(
        read_declarations({"m.csv": b"table,value\na,b\n"}, {}).problems
    )
    twice = read_declarations({}, {"p.csv": b"source,what,quote\na,b c,b\na,b  c,c\n"})
    assert "p.csv:3: error: declaration: «c» two phrases for one statement" in (
        as_text(twice.problems)
    )
