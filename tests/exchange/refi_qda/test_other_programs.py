"""Projects as NVivo, ATLAS.ti, MAXQDA and others write them: what was read wrongly, and is not."""

import csv
import io

import pytest
from refimade import project

from positions.exchange import formats
from positions.exchange.formats import ImportOptions
from positions.exchange.mapping import read_declarations
from positions.exchange.offsets import UNDECLARED, DeclaredCounting
from positions.exchange.refi_qda.importer import ProjectOptions
from positions.study.problems import as_text

CODES = """
<Code guid="c1" name="Parking" isCodable="true"><Description>{described}</Description>
  <Code guid="c2" name="for" isCodable="true"/><Code guid="c3" name="against" isCodable="true"/>
</Code><Code guid="c4" name="Buses" isCodable="true"><Code guid="c5" name="for"/></Code>"""
TEXT = "We want parking kept. Please do not close it."
FACTS = ["codings.basis=stated", "sources.published=2021", "sources.published_basis=shown",
         "sources.kind=letter", "sources.phase=one", "bodies.kind=guild",
         "propositions.theme=x"]  # fmt: skip
GUILD = (
    '<Cases><Case guid="k0" name="Guild"><SourceRef targetGUID="s1"/><SourceRef targetGUID="s2"/>'
    "</Case></Cases>"
)


def source(guid="s1", name="Letter", path="internal://a.txt", start=0, end=21, words="", code="c2",
           more=""):  # fmt: skip
    return (
        f'<TextSource guid="{guid}" name="{name}" plainTextPath="{path}">{more}<PlainTextSelection '
        f'guid="g{guid}" startPosition="{start}" endPosition="{end}" name="{words}" '
        f'creatingUser="u1"><Coding guid="k{guid}" creatingUser="u1"><CodeRef '
        f'targetGUID="{code}"/></Coding></PlainTextSelection></TextSource>'
    )


def brought(tmp_path, sources, texts=None, *, maps=(), described="", counts=UNDECLARED,
            besides=GUILD, cases=True, variable=""):  # fmt: skip
    texts = {"sources/a.txt": TEXT} if texts is None else texts
    raw = project(sources, CODES.format(described=described), entries=texts, besides=besides)
    file = tmp_path / "p.qdpx"
    file.write_bytes(raw)
    lines = "\n".join(["table,name,column,value", *maps]) + "\n"
    declared = read_declarations({"m.csv": lines.encode()}, {}, FACTS, ["for=2", "against=-2"])
    options = ImportOptions(project=ProjectOptions(cases, variable), counts=counts)
    taken, _ = formats.bring("refi-qda", file, tmp_path / "study", declared, options)
    assert as_text([*taken.problems, *taken.conflicts]) == ""
    return taken


def rows(taken, table="codings"):
    return list(csv.DictReader(io.StringIO(taken.files[f"{table}.csv"].decode())))


def quotes(taken):
    return [(row["source_id"], row["quote"], row["start"], row["end"]) for row in rows(taken)]


def test_a_code_named_by_a_declared_word_is_a_stance_on_what_the_code_above_it_names(tmp_path):
    taken = brought(tmp_path, source())
    (coding,) = rows(taken)
    assert (coding["body_id"], coding["proposition_id"], coding["stance"]) == (
        "guild", "parking", "2")  # fmt: skip
    assert {row["label"]: row["statement"] for row in rows(taken, "propositions")} == {
        "Parking": "Parking", "Buses": "Buses"}  # fmt: skip


NVIVO = "\ufeff\U0001f600\U0001f600 Hello.\r\nWe want parking kept.\r\n"


def test_units_of_utf_16_are_found_out_from_the_ends_of_words_and_said(tmp_path):
    taken = brought(tmp_path, source(start=13, end=34), {"Sources/a.txt": NVIVO})
    assert quotes(taken) == [("letter", "We want parking kept.", "11", "32")]
    assert as_text(taken.notes).startswith(
        "p.qdpx: note: offsets: offsets count UTF-16 units, CR LF as two: of 1 statements 0 are "
        "what their names say and 1 begin and end with whole words, against 0 and 0 if they "
        "counted code points, CR LF as two\n"
    )


def test_the_standard_s_counting_can_be_declared(tmp_path):
    counts = DeclaredCounting(utf16=False, crlf_as_one=False, mark=False)
    taken = brought(tmp_path, source(start=13, end=34), {"Sources/a.txt": NVIVO},
                    counts=counts)  # fmt: skip
    assert quotes(taken) == [("letter", "want parking kept.", "14", "32")]
    assert taken.notes == []


def test_a_byte_order_mark_that_counts_is_found_out_from_the_selection_s_name(tmp_path):
    one = source(start=1, end=22, words="We want parking kept.")
    taken = brought(tmp_path, one, {"sources/a.txt": "\ufeff" + TEXT})
    assert quotes(taken) == [("letter", "We want parking kept.", "0", "21")]
    assert "the byte-order mark as the first: of 1 statements 1 are what their names say" in (
        as_text(taken.notes)
    )


def test_a_name_that_contradicts_the_offsets_is_reported_and_not_imported(tmp_path):
    taken = brought(tmp_path, source(start=3, end=24, words="We want parking kept."))
    assert quotes(taken) == []
    (lost,) = [p for p in taken.lost if p.column == "quote"]
    assert lost.message == (
        "its name holds words that stand at 0-21, its offsets 3-24 hold «want parking kept. Pl»: "
        "one of the two is wrong"
    )


def test_two_sources_of_one_name_are_two(tmp_path):
    both = source() + source("s2", path="internal://b.txt", end=27, code="c5")
    taken = brought(tmp_path, both, {"sources/a.txt": TEXT, "sources/b.txt":
                    "Close the car park at last."})  # fmt: skip
    assert quotes(taken) == [
        ("letter-s2", "Close the car park at last.", "0", "27"),
        ("letter-s1", "We want parking kept.", "0", "21"),
    ]
    assert [(row["source_id"], row["title"]) for row in rows(taken, "sources")] == [
        ("letter-s1", "Letter"), ("letter-s2", "Letter")]  # fmt: skip


@pytest.mark.parametrize("path", [
    "a.txt", "sources/a.txt", "relative:///sources/a.txt", "absolute:///C:\\project\\a.txt",
])  # fmt: skip
def test_a_text_that_is_in_the_archive_is_read_however_its_path_is_written(path, tmp_path):
    assert len(rows(brought(tmp_path, source(path=path)))) == 1


def test_blanks_around_a_name_or_behind_a_description_block_nothing(tmp_path):
    taken = brought(tmp_path, source(name=" Letter  "), described="They want it. \n")
    assert len(rows(taken)) == 1
    assert rows(taken, "sources")[0]["title"] == "Letter"
    assert rows(taken, "propositions")[1]["statement"] == "They want it."


def test_a_note_that_a_study_could_not_hold_stays_behind_and_its_coding_comes(tmp_path):
    noted = source().replace('creatingUser="u1"><Coding', 'creatingUser="u1"><Description>a,b,c\n'
                             "d,e,f</Description><Coding", 1)  # fmt: skip
    taken = brought(tmp_path, noted)
    assert [row["note"] for row in rows(taken)] == [""]
    assert [(p.column, p.value) for p in taken.lost if p.column == "note"] == [
        ("note", "a,b,c\nd,e,f")]  # fmt: skip


# --- who speaks ----------------------------------------------------------------------------

VARIABLES = (
    '<Variables><Variable guid="v1" name="Organisation"/><Variable guid="v2" name="Type"/>'
    '<Variable guid="v3" name="Interviewed"/></Variables>'
)


def value(variable, text):
    return (
        f'<VariableValue><VariableRef targetGUID="{variable}"/><TextValue>{text}</TextValue>'
        "</VariableValue>"
    )


def case(guid, name, refers, values=""):
    return (
        f'<Case guid="{guid}" name="{name}"><Description>Of the town.</Description>{values}'
        f"{refers}</Case>"
    )


CASES = VARIABLES + "<Cases>{}</Cases>"
SOURCE, SELECTION = '<SourceRef targetGUID="s1"/>', '<SelectionRef targetGUID="gs1"/>'


@pytest.mark.parametrize("refers", [SOURCE, SELECTION])
def test_a_case_is_the_body_that_speaks_in_its_sources_and_selections(refers, tmp_path):
    cases = CASES.format(case("k1", "Town  Guild ", refers, value("v2", "traders")))
    taken = brought(tmp_path, source(), maps=["variables,Type,bodies,kind"], besides=cases)
    assert [row["body_id"] for row in rows(taken)] == ["town-guild"]
    assert rows(taken, "bodies") == [
        {"body_id": "town-guild", "name": "Town Guild", "kind": "traders", "about": "Of the town.",
         "overlaps": ""}
    ]  # fmt: skip


def test_a_selection_s_case_comes_before_that_of_its_source(tmp_path):
    cases = CASES.format(case("k1", "Guild", SOURCE) + case("k2", "Union", SELECTION))
    taken = brought(tmp_path, source(), besides=cases)
    assert [row["body_id"] for row in rows(taken)] == ["union"]


def test_a_variable_of_a_case_or_of_a_source_can_name_the_body(tmp_path):
    cases = CASES.format(case("k1", "Interview 7", SOURCE, value("v1", "The Guild")))
    taken = brought(tmp_path, source(), variable="Organisation", besides=cases)
    assert [row["body_id"] for row in rows(taken)] == ["the-guild"]
    own = source(more=value("v1", "The Union") + value("v3", "2021-02-11"))
    taken = brought(tmp_path, own, maps=["variables,Interviewed,sources,published"],
                    variable="Organisation", besides=VARIABLES)  # fmt: skip
    assert [row["body_id"] for row in rows(taken)] == ["the-union"]
    assert rows(taken, "sources")[0]["published"] == "2021-02-11"


def test_two_bodies_that_speak_in_one_place_make_no_coding_and_are_named(tmp_path):
    cases = CASES.format(case("k1", "Guild", SOURCE) + case("k2", "Union", SOURCE))
    taken = brought(tmp_path, source(), besides=cases)
    assert rows(taken) == []
    assert "several bodies speak here: guild, union" in [p.message for p in taken.lost]
    one = brought(tmp_path, source(), maps=["cases,Union,body_id,none"], besides=cases)
    assert [row["body_id"] for row in rows(one)] == ["guild"]


def test_cases_and_variables_that_nobody_declared_are_listed(tmp_path):
    cases = CASES.format(case("k1", "Guild", SOURCE, value("v2", "traders")))
    taken = brought(tmp_path, source(), besides=cases, cases=False)
    (lost,) = [p for p in taken.lost if p.column == "Case"]
    assert lost.value == "Guild"
    assert lost.fix == "import with --cases, or declare it: cases,Guild,body_id,<id>"
    declared = ["cases,Guild,body_id,guild"]
    taken = brought(tmp_path, source(), maps=declared, besides=cases, cases=False)
    assert [row["body_id"] for row in rows(taken)] == ["guild"]
    assert [(p.column, p.value) for p in taken.lost if "variable" in p.column] == [
        ("variable Type", "traders")]  # fmt: skip


def test_two_users_of_one_name_are_two_coders(tmp_path):
    users = '<Users><User guid="u1" name="Ann"/><User guid="u2" name="Ann"/></Users>'
    other = source("s1").replace("u1", "u2").replace("gs1", "gs2")
    selections = source().replace("</TextSource>", "") + other.partition(">")[2]
    taken = brought(tmp_path, selections, besides=users + GUILD)
    assert [row["coder"] for row in rows(taken)] == ["Ann [u1]", "Ann [u2]"]
