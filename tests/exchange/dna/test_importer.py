"""Statements of Discourse Network Analyzer become codings, and what does not is listed."""

import contextlib
import csv
import hashlib
import io
import sqlite3
from collections import Counter

import dnamade
import pytest

from positions.exchange import formats, merge
from positions.exchange.dna.importer import Variables
from positions.exchange.dna.reader import days
from positions.exchange.formats import ImportOptions
from positions.exchange.ids import id_from
from positions.exchange.mapping import read_declarations
from positions.exchange.offsets import DeclaredCounting
from positions.study import load, quotes
from positions.study.problems import as_text

FACTS = ["sources.phase=one", "sources.kind=speech", "codings.basis=stated",
         "propositions.theme=trade", "bodies.kind=guild"]  # fmt: skip
YES_NO = ["yes=2", "no=-1"]


def brought(path, folder, *, facts=FACTS, stances=YES_NO, maps=None, phrases=None, **choices):
    declared = read_declarations(maps or {}, phrases or {}, facts, stances)
    return formats.bring("dna", path, folder, declared, ImportOptions(**choices))


CHOSEN = f"source,what,quote\nSpeech,{dnamade.LONG},w7 w8\n".encode()


def lost(taken):
    return [(f"{p.file}:{p.line}", p.column, p.value, p.message) for p in taken.lost]


@pytest.mark.parametrize("version", [2, 3])
def test_both_versions_give_the_same_study(version, tmp_path):
    taken, texts = brought(dnamade.write(tmp_path / "x.dna", version), tmp_path / "study")
    assert as_text(taken.problems) == ""
    assert taken.files["codings.csv"].decode() == (
        "body_id,proposition_id,source_id,coder,stance,basis,quote,start,end,note\n"
        "the-guild,bridge,letter,Ann,2,stated,we back the bridge,9,27,person: Jo\n"
        "the-guild,mill,letter,Ann,-1,stated,The mill must go.,29,46,\n"
        "the-guild,toll,letter,Ben,-1,stated,No toll!,47,55,\n"
    )
    digest = hashlib.sha256(dnamade.TEXT.encode()).hexdigest()
    assert taken.files["sources.csv"].decode().splitlines()[1:] == [
        "letter,Letter,The Guild,2021-03-01,inferred: the date entered in Discourse Network "
        f"Analyzer,letter,one,,whole,55,{digest},"
    ]
    assert taken.files["bodies.csv"].decode().splitlines()[1:] == ["the-guild,The Guild,traders,,"]
    assert taken.files["propositions.csv"].decode().splitlines()[1:] == [
        "bridge,works,Bridge,Bridge,,,,,",
        "mill,trade,Mill,Mill,,,,,",
        "toll,trade,Toll,Toll,,,,,",
    ]
    assert texts == {"letter": dnamade.TEXT.encode()}


def test_everything_that_is_left_behind_is_listed_with_its_place_and_reason(tmp_path):
    taken, _ = brought(dnamade.write(tmp_path / "x.dna"), tmp_path / "study")
    assert lost(taken) == [
        ("x.dna#STATEMENTS:4", "quote", "w0 w1 w2 w3 w4 w5 …",
         "it has 40 words, 149 characters; at most 25 and 500 may be quoted"),
        ("x.dna#DOCUMENTS:1", "Author", "A. Writer", "a source has no column for it"),
        ("x.dna#DOCUMENTS:2", "Title", "Speech", "no coding of it was carried"),
        ("x.dna#DOCUMENTS:3", "Title", "Unread", "no coding of it was carried"),
        ("x.dna#VARIABLES:0", "organization: Alias", "TG",
         "bodies has no column for it (The Guild)"),
    ]  # fmt: skip


def test_words_chosen_from_a_long_statement_carry_it(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    taken, texts = brought(path, tmp_path / "study",
                           phrases={"p": CHOSEN})  # fmt: skip
    assert (
        "the-guild,mill,speech,Ann,2,stated,w7 w8,21,26,\n" in taken.files["codings.csv"].decode()
    )
    assert dnamade.LONG[21:26] == "w7 w8"
    assert set(texts) == {"letter", "speech"}


def test_offsets_behind_an_emoji_are_code_points_and_verify_finds_every_phrase(tmp_path):
    folder = tmp_path / "study"
    taken, texts = brought(dnamade.write(tmp_path / "x.dna"), folder)
    assert {p.rule for p in taken.to_fill} == {"reference-model", "unadjudicated"}
    taken.files["models.csv"] += b"m,M,,\n"
    taken.files["model_positions.csv"] += b"m,bridge,2,inferred,,,So.\n"
    taken.files["datapackage.json"] = taken.files["datapackage.json"].replace(
        b'"reference_model": ""', b'"reference_model": "m"'
    )
    merge.write(folder, taken)
    codings = load.read(folder, allow_unresolved=True).codings
    assert quotes.verify(codings, texts)["result"].tolist() == ["found"] * 3


def test_a_yes_has_no_code_until_one_is_declared(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    taken, _ = brought(path, tmp_path / "study", stances=["no=-1"])
    assert as_text(taken.problems) == (
        "x.dna#STATEMENTS:1 [agreement]: error: stance-undeclared: «yes» the file does not say how "
        "strong this is\n    fix: declare its code: --stance yes=CODE, from -2 to 2, or yes=none"
    )
    assert taken.files == taken.base
    taken, _ = brought(path, tmp_path / "study", stances=["no=-1", "yes=none"])
    assert as_text(taken.problems) == ""
    assert taken.added["codings"] == 2
    assert lost(taken)[0] == ("x.dna#STATEMENTS:1", "agreement", "yes", "declared to be no stance")


def test_facts_that_dna_does_not_know_are_asked_for_by_place(tmp_path):
    taken, _ = brought(dnamade.write(tmp_path / "x.dna"), tmp_path / "study", facts=[])
    empty = {p.where() for p in taken.to_fill if p.rule == "required"}
    assert empty == {
        "x.dna#DOCUMENTS:1 [phase]",
        "x.dna#STATEMENTS:1 [basis]",
        "x.dna#STATEMENTS:2 [basis]",
        "x.dna#STATEMENTS:3 [basis]",
        "x.dna#VARIABLES [theme]",
    }


def test_a_coder_who_says_yes_and_no_is_asked_for_a_decision(tmp_path):
    both = [dnamade.said("we back", "Bridge", 1), dnamade.said("the bridge", "Bridge", 0)]
    taken, _ = brought(dnamade.write(tmp_path / "x.dna", statements=both), tmp_path / "study")
    assert taken.added["codings"] == 2
    (asked,) = [p for p in taken.to_fill if p.rule == "unadjudicated"]
    assert asked.message.startswith("phrases of one coder disagree: Ann -1 (line 2), Ann +2 (line")


def test_each_statement_that_can_be_quoted_carries_a_coding(tmp_path):
    twice = [dnamade.said("The mill must go.", "Mill", 0), dnamade.said("No toll!", "Mill", 0),
             dnamade.said(dnamade.LONG, "Mill", 0, document=2),
             dnamade.said("w3 w4", "Mill", 0, document=2)]  # fmt: skip
    taken, _ = brought(dnamade.write(tmp_path / "x.dna", statements=twice), tmp_path / "study")
    assert taken.added["codings"] == 3
    assert [row[:3] for row in lost(taken)[:1]] == [
        ("x.dna#STATEMENTS:3", "quote", "w0 w1 w2 w3 w4 w5 …"),
    ]
    assert not [row for row in lost(taken) if row[0] == "x.dna#STATEMENTS:2"]


NETWORK = """
SELECT o.Value, c.Value, COUNT(*), SUM(2 * b.Value - 1) FROM STATEMENTS s
JOIN DATASHORTTEXT od ON od.StatementId = s.ID AND od.VariableId = 2
JOIN DATASHORTTEXT cd ON cd.StatementId = s.ID AND cd.VariableId = 3
JOIN ENTITIES o ON o.ID = od.Entity JOIN ENTITIES c ON c.ID = cd.Entity
JOIN DATABOOLEAN b ON b.StatementId = s.ID GROUP BY 1, 2
"""
"""The program's own network of organisations and concepts: how often, and yes less no."""


SAID = [
    dnamade.said("we back the bridge", "Bridge", 1), dnamade.said("back the", "Bridge", 1),
    dnamade.said("The mill must go.", "Mill", 0), dnamade.said("No toll!", "Toll", 0),
    dnamade.said("toll", "Toll", 1), dnamade.said("w3 w4", "Mill", 0, document=2),
    dnamade.said("No toll!", "Toll", 0, coder=3),
    dnamade.said("mill", "Bridge", 0, organization="The Union"),
]  # fmt: skip


def in_network(tmp_path, made):
    """What is brought of these statements: the codings, all of it, and the program's network."""
    path = dnamade.write(tmp_path / "x.dna", statements=made)
    taken, _ = brought(path, tmp_path / "study")
    with contextlib.closing(sqlite3.connect(path)) as file:
        own = {(id_from(o), id_from(c)): (n, s) for o, c, n, s in file.execute(NETWORK)}
    return list(csv.DictReader(io.StringIO(taken.files["codings.csv"].decode()))), taken, own


def test_sums_over_codings_are_those_of_the_program_s_own_network(tmp_path):
    carried, _, own = in_network(tmp_path, SAID)
    counts = Counter((row["body_id"], row["proposition_id"]) for row in carried)
    sums = Counter()
    for row in carried:
        sums[row["body_id"], row["proposition_id"]] += 1 if int(row["stance"]) > 0 else -1
    assert {key: (counts[key], sums[key]) for key in counts} == own == {
        ("the-guild", "bridge"): (2, 2), ("the-guild", "mill"): (2, -2),
        ("the-guild", "toll"): (3, -1), ("the-union", "bridge"): (1, -1),
    }  # fmt: skip


def test_sums_over_codings_and_what_is_listed_are_those_of_the_program_s_own_network(tmp_path):
    made = [*SAID, dnamade.said(dnamade.LONG, "Mill", 0, document=2)]
    carried, taken, own = in_network(tmp_path, made)
    sums = Counter((row["body_id"], row["proposition_id"]) for row in carried)
    for p in taken.lost:
        if p.file == "x.dna#STATEMENTS":
            texts = made[p.line - 1][1]
            sums[id_from(texts["organization"]), id_from(texts["concept"])] += 1
    assert sums == {key: n for key, (n, _) in own.items()} == {
        ("the-guild", "bridge"): 2, ("the-guild", "mill"): 3, ("the-guild", "toll"): 3,
        ("the-union", "bridge"): 1,
    }  # fmt: skip


def test_statements_of_other_types_or_without_a_value_are_listed(tmp_path):
    path = dnamade.write(
        tmp_path / "x.dna", statements=[dnamade.said("No toll!", "", 1)],
        more="INSERT INTO STATEMENTS VALUES (9, 2, 1, 0, 4, 1);",
    )  # fmt: skip
    taken, _ = brought(path, tmp_path / "study")
    assert lost(taken)[:2] == [
        ("x.dna#STATEMENTS:1", "concept", "", "the statement has no concept"),
        (
            "x.dna#STATEMENTS:9",
            "",
            "Annotation",
            "a statement of another type than 'DNA Statement'",
        ),
    ]


@pytest.mark.parametrize("version", [2, 3])
def test_groups_of_organisations_and_other_tables_are_listed(version, tmp_path):
    more = "CREATE TABLE REGEXES(Label TEXT); INSERT INTO REGEXES VALUES ('a'), ('b');"
    more += ("UPDATE ATTRIBUTES SET ChildOf = 'Bridge' WHERE Value = 'The Guild';" if version == 2
             else "UPDATE ENTITIES SET ChildOf = (SELECT ID FROM ENTITIES WHERE Value = 'Bridge') "
             "WHERE Value = 'The Guild';")  # fmt: skip
    taken, _ = brought(dnamade.write(tmp_path / "x.dna", version, more=more), tmp_path / "study")
    found = {(p.file, p.column, p.value) for p in taken.lost}
    assert ("x.dna#REGEXES", "", "2 rows") in found
    assert ("x.dna#VARIABLES", "organization: ChildOf", "Bridge") in found


def test_an_agreement_on_a_scale_is_read_by_its_numbers(tmp_path):
    path = dnamade.write(tmp_path / "x.dna", more="""
        UPDATE VARIABLES SET DataType = 'integer' WHERE ID = 4;
        INSERT INTO DATAINTEGER SELECT ID, StatementId, VariableId, Value * 5 FROM DATABOOLEAN;
        DELETE FROM DATABOOLEAN;""")  # fmt: skip
    taken, _ = brought(path, tmp_path / "study", stances=["5=1", "0=0"])
    assert taken.files["codings.csv"].decode().count(",0,stated,") == 2


def test_another_variable_can_hold_the_body(tmp_path):
    path = dnamade.write(tmp_path / "x.dna")
    taken, _ = brought(path, tmp_path / "study", variables=Variables(body="person"))
    assert "jo,bridge,letter,Ann,2,stated,we back the bridge,9,27,organization: The Guild" in (
        taken.files["codings.csv"].decode()
    )
    assert taken.added["codings"] == 1
    taken, _ = brought(path, tmp_path / "study", variables=Variables(body="organisation"))
    assert "no type of statement has these variables" in as_text(taken.problems)
    assert "person, organization, concept, agreement" in as_text(taken.problems)


LINES = "One.\r\nTwo.\r\nWe back the bridge. No toll!"


def with_line_ends(tmp_path, counted_as):
    """A document with line ends of two characters, its offsets as a program counts them."""
    shown = LINES if counted_as == 2 else LINES.replace("\r\n", "\n")
    at = shown.index("No toll!")
    statement = ((1, at, at + 8, 2), {"organization": "The Guild", "concept": "Toll"}, 1)
    documents = [(*dnamade.DOCUMENTS[0][:2], LINES, *dnamade.DOCUMENTS[0][3:])]
    return dnamade.write(tmp_path / "x.dna", documents=documents, statements=[statement])


@pytest.mark.parametrize(("counted_as", "ends"), [(2, "CR LF as two"), (1, "CR LF as one")])
def test_how_line_ends_count_is_found_out_from_the_ends_of_words_and_said(
    counted_as, ends, tmp_path
):
    taken, _ = brought(with_line_ends(tmp_path, counted_as), tmp_path / "study")
    assert ",No toll!,32,40,\n" in taken.files["codings.csv"].decode()
    assert as_text(taken.notes).startswith(
        f"x.dna: note: offsets: offsets count UTF-16 units, {ends}"
    )


def test_how_line_ends_count_can_be_declared(tmp_path):
    path = with_line_ends(tmp_path, 1)
    taken, _ = brought(path, tmp_path / "study", counts=DeclaredCounting(crlf_as_one=False))
    assert ",. No tol,30,38,\n" in taken.files["codings.csv"].decode()
    assert taken.notes == []


def test_documents_of_one_title_are_told_apart_and_found_again(tmp_path):
    documents = [dnamade.DOCUMENTS[0], (2, "Letter", *dnamade.DOCUMENTS[1][2:])]
    statements = [
        dnamade.said("No toll!", "Toll", 1),
        dnamade.said("w1 w2", "Toll", 1, document=2),
    ]
    path = dnamade.write(tmp_path / "x.dna", documents=documents, statements=statements)
    taken, _ = brought(path, tmp_path / "study")
    assert [row.split(",")[0] for row in taken.files["sources.csv"].decode().splitlines()[1:]] == [
        "letter-1", "letter-2"]  # fmt: skip
    merge.write(tmp_path / "study", taken)
    again, _ = brought(path, tmp_path / "study")
    assert as_text(again.problems) == ""
    assert again.files == again.base


@pytest.mark.parametrize("version", [2, 3])
def test_the_same_file_twice_gives_the_same_study(version, tmp_path):
    path = dnamade.write(tmp_path / "x.dna", version)
    one, _ = brought(path, tmp_path / "study")
    merge.write(tmp_path / "study", one)
    two, _ = brought(path, tmp_path / "study")
    assert two.files == two.base == one.files
    assert two.same == {"bodies": 1, "sources": 1, "propositions": 3, "codings": 3}
    assert [p.value for p in two.lost] == [p.value for p in one.lost]


def test_ids_facts_and_coders_are_taken_from_a_map(tmp_path):
    rows = (b"table,name,column,value\nbodies,The Guild,body_id,guild\nsources,Letter,phase,two\n"
            b"coders,Ann,coder,a\nsources,Letter,published,2021\n")  # fmt: skip
    taken, _ = brought(dnamade.write(tmp_path / "x.dna"), tmp_path / "study", maps={"m": rows})
    assert "guild,bridge,letter,a,2," in taken.files["codings.csv"].decode()
    assert (
        ",letter,Letter,The Guild,2021,"
        in "," + taken.files["sources.csv"].decode().splitlines()[1]
    )
    assert ",letter,two," in taken.files["sources.csv"].decode()


def test_a_date_of_version_2_is_a_day_or_the_days_it_may_be():
    assert days(1614556800_000) == "2021-03-01"
    assert days(1614556800_000 - 3600_000) == "2021-02-28/2021-03-01"
    assert days(1614556800_000 + 3600_000) == "2021-02-28/2021-03-01"
