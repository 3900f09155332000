"""What another tool does not say is declared; a slip in a declaration is named."""

import pytest

from positions.exchange.mapping import read_declarations
from positions.study.problems import as_text


def test_a_file_an_option_and_a_stance_are_read():
    declared = read_declarations(
        {"m.csv": b"table,name,column,value\ncodes,A/B,stance,-1\ncoders,Ann,coder,ann\n"},
        {"p.csv": b"where,quote\nf#1,a phrase\n"},
        ["sources.phase=options", "sources.publisher=a=b"],
        ["yes=+1", "no=-2", "a=b=none"],
    )
    assert declared.problems == []
    assert declared.own("codes", "A/B", "stance") == "-1"
    assert declared.value("sources", "any", "phase") == "options"
    assert declared.value("sources", "any", "publisher") == "a=b"
    assert declared.stances == {"yes": "+1", "no": "-2", "a=b": "none"}
    assert declared.phrases == {"f#1": "a phrase"}


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
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_place(maps, facts, stances, words):
    files = {"m.csv": f"table,name,column,value\n{maps}".encode()} if maps else {}
    assert words in as_text(read_declarations(files, {}, facts, stances).problems)


def test_a_file_of_other_columns_is_refused():
    assert "m.csv:1: error: declaration" in as_text(
        read_declarations({"m.csv": b"table,value\na,b\n"}, {}).problems
    )
    twice = read_declarations({}, {"p.csv": b"where,quote\na,b\na,c\n"})
    assert "p.csv:3: error: declaration: «a» two phrases for one place" in as_text(twice.problems)
