"""A study goes out as REFI-QDA and comes back the same; other programs' projects come in."""

import pathlib
import re

import pytest
import small
import village
from hypothesis import event, given
from hypothesis import strategies as st
from refimade import NUMBERS, project, selection, source

from positions.exchange import coder_files, formats, merge
from positions.exchange import ids as naming
from positions.exchange.formats import ImportOptions
from positions.exchange.imported import Carried
from positions.exchange.mapping import Declared, read_declarations
from positions.exchange.offsets import UNDECLARED
from positions.exchange.refi_qda import exporter as refi_exporter
from positions.exchange.refi_qda import importer as refi_importer
from positions.exchange.refi_qda.importer import ProjectOptions
from positions.exchange.refi_qda.reader import read_project as project_of
from positions.study import holdings, load, quotes
from positions.study.csv_reader import ReadLimits, reporter
from positions.study.problems import as_text


def brought(folder, raw, name="p.qdpx", declared=None, *, counts=UNDECLARED, **project):
    file = folder.parent / name
    file.write_bytes(raw)
    options = ImportOptions(project=ProjectOptions(**project), counts=counts)
    return formats.bring("refi-qda", file, folder, declared or Declared(), options)


@pytest.mark.slow
def test_the_shipped_study_goes_out_and_comes_back_the_same():
    loaded = load.read("data")
    raw = refi_exporter.project(loaded, {})
    carried = Carried()
    ids = naming.Ids(holdings.known(pathlib.Path("data")).rows, Declared(), carried)
    refi_importer.import_project("p.qdpx", raw, ids)
    assert as_text(carried.problems) == ""
    taken = merge.take(pathlib.Path("data"), carried, Declared())
    assert taken.same["codings"] == len(loaded.codings)
    assert (taken.conflicts, taken.problems, taken.lost) == ([], [], [])
    assert taken.files == taken.base


@pytest.mark.parametrize("whole", [False, True])
def test_codings_taken_out_of_a_study_come_back_with_phrases_and_notes(whole, tmp_path):
    folder = village.write(tmp_path / "study")
    loaded = load.read(folder)
    texts = {name: village.text(name).encode() for name in village.DATES} if whole else {}
    raw = refi_exporter.project(loaded, texts)
    emptied = village.write(tmp_path / "empty", {"codings": village.tables()["codings"][:1]})
    taken, found = brought(emptied, raw)
    assert as_text(taken.problems) == ""
    if not whole:
        assert {p.column for p in taken.to_fill} == {"start"}
        assert found == {}
        return
    assert found == texts
    merge.write(emptied, taken)
    small_codings = load.read(emptied).codings
    assert small_codings.equals(loaded.codings)
    again, _ = brought(emptied, raw)
    assert again.files == again.base
    assert again.same["codings"] == 10


def test_a_new_study_gets_bodies_propositions_and_sources_and_asks_for_the_rest(tmp_path):
    raw = refi_exporter.project(load.read(small.write(tmp_path / "study")), {})
    taken, _ = brought(tmp_path / "new", raw)
    assert as_text(taken.problems) == ""
    assert taken.added == {"bodies": 3, "sources": 4, "propositions": 3, "codings": 7}
    asked = {(p.rule, p.column) for p in taken.to_fill}
    assert asked == {
        ("required", "kind"), ("required", "published"), ("required", "published_basis"),
        ("required", "phase"), ("reference-model", "reference_model"), ("unadjudicated", "stance"),
    }  # fmt: skip
    assert "footing,legal form,Statutory footing,Systems should be put on a statutory footing." in (
        taken.files["propositions.csv"].decode()
    )


def test_another_library_reads_what_is_written(tmp_path):
    pyrefiqda = pytest.importorskip("pyrefiqda")
    loaded = load.read(small.write(tmp_path / "study"))
    (tmp_path / "p.qdpx").write_bytes(refi_exporter.project(loaded, {}))
    found = pyrefiqda.RefiProject.load(tmp_path / "p.qdpx", tmp_path / "unpacked")
    assert [user.name for user in found.users.user] == ["ann", "ben"]
    said = []
    for one in found.sources.text_source:
        path = pyrefiqda.RefiProject.resolve_source_path(one.plain_text_path, tmp_path / "unpacked")
        text = path.read_text("utf-8")
        said += [text[s.start_position : s.end_position] for s in one.plain_text_selection]
    assert sorted(said) == sorted(loaded.codings["quote"])
    (tmp_path / "c.qdc").write_bytes(refi_exporter.codebook(loaded))
    codes = pyrefiqda.RefiCodebook.load(tmp_path / "c.qdc").codes.code
    assert [code.name for code in codes] == ["Proposition", "Body", "Basis"]
    assert [code.is_codable for code in codes[1].code] == [True] * 3


def test_the_same_study_gives_the_same_bytes(tmp_path):
    one = load.read(small.write(tmp_path / "one"))
    text = small.TABLES["codings.csv"].splitlines()
    turned = "\n".join([text[0], *text[6:], *text[1:6]]) + "\n"
    two = load.read(small.write(tmp_path / "two", {"codings.csv": turned}))
    assert refi_exporter.project(one, {}) == refi_exporter.project(two, {})


def test_a_codebook_becomes_propositions_and_bodies(tmp_path):
    raw = refi_exporter.codebook(load.read(small.write(tmp_path / "study")))
    taken, _ = brought(tmp_path / "new", raw, "c.qdc")
    assert taken.added == {"bodies": 3, "sources": 0, "propositions": 3, "codings": 0}
    assert taken.lost == []
    assert "konp," not in taken.files["bodies.csv"].decode()
    assert "keep-our-nhs-public,Keep Our NHS Public,," in taken.files["bodies.csv"].decode()


def test_an_id_with_a_space_comes_back_from_the_name_of_its_stance(tmp_path):
    tables = {name: text.replace("footing,", "on foot,") for name, text in small.TABLES.items()}
    loaded = load.read(small.write(tmp_path / "study", tables))
    assert "on foot" in set(loaded.propositions["proposition_id"])
    taken, _ = brought(tmp_path / "new", refi_exporter.project(loaded, {}))
    assert taken.files["codings.csv"].decode().count(",on foot,lga-view,") == 2


# --- other programs ------------------------------------------------------------------------

MEANT = read_declarations(
    {"m.csv": b"table,name,column,value\ncodes,Merger,proposition_id,merger\n"
              b"codes,For,stance,2\ncodes,Against,stance,-1\ncodes,The Guild,body_id,guild\n"},
    {}, ["codings.basis=stated", "sources.published=2021", "sources.published_basis=shown",
         "sources.kind=letter", "sources.phase=one", "bodies.kind=guild", "propositions.theme=x"],
)  # fmt: skip
TEXT = "We back the merger of old."


def codings(taken):
    return taken.files["codings.csv"].decode().splitlines()[1:]


def lost(taken):
    return [(p.file.partition("#")[2][-2:], p.value, p.message) for p in taken.lost]


def test_codes_mean_what_was_declared_and_nothing_else(tmp_path):
    raw = project(source(TEXT, selection("s1", 0, 18, "merge", "for", "guild", note="Firm.")))
    taken, _ = brought(tmp_path / "new", raw, declared=MEANT)
    assert as_text(taken.problems) == ""
    assert codings(taken) == ["guild,merger,letter,Ann,2,stated,We back the merger,0,18,Firm."]
    assert {p.rule for p in taken.to_fill} == {"reference-model"}
    bare, _ = brought(tmp_path / "bare", raw)
    assert codings(bare) == []
    assert [row[1] for row in lost(bare)[:4]] == ["Against", "For", "Merger", "The Guild"]
    assert bare.lost[0].fix == (
        "declare it: codes,Against,proposition_id,<id> (body_id, stance, basis)"
    )


def test_codes_that_a_program_puts_on_copies_of_a_selection_are_taken_together(tmp_path):
    parts = [selection("s1", 0, 18, "merge"), selection("s2", 0, 18, "for"),
             selection("s3", 0, 18, "guild")]  # fmt: skip
    taken, _ = brought(tmp_path / "new", project(source(TEXT, *parts)), declared=MEANT)
    assert codings(taken) == ["guild,merger,letter,Ann,2,stated,We back the merger,0,18,"]
    assert taken.lost == []


def test_a_selection_whose_codes_make_no_coding_is_listed_with_the_reason(tmp_path):
    parts = [
        selection("s1", 0, 7, "merge", "for"),
        selection("s2", 8, 18, "merge", "for", "against", "guild"),
        selection("s3", 0, 2),
    ]
    taken, _ = brought(tmp_path / "new", project(source(TEXT, *parts)), declared=MEANT)
    assert codings(taken) == []
    assert lost(taken) == [
        ("08", "", "no code is applied to it"),
        ("06", "merger; 2", "no code says the body"),
        ("07", "merger; 2; -1; guild", "two codes differ on the stance: 2, -1"),
    ]


def test_several_passages_are_a_coding_each_and_of_two_stances_a_decision_is_asked_for(tmp_path):
    same = [selection("s1", 12, 18, "merge", "for", "guild"),
            selection("s2", 0, 7, "merge", "for", "guild")]  # fmt: skip
    taken, _ = brought(tmp_path / "new", project(source(TEXT, *same)), declared=MEANT)
    assert as_text(taken.problems) == ""
    assert codings(taken) == [
        "guild,merger,letter,Ann,2,stated,We back,0,7,",
        "guild,merger,letter,Ann,2,stated,merger,12,18,",
    ]
    assert lost(taken) == []
    other = [same[0], selection("s2", 0, 7, "merge", "against", "guild")]
    taken, _ = brought(tmp_path / "new", project(source(TEXT, *other)), declared=MEANT)
    assert len(codings(taken)) == 2
    assert "unadjudicated" in {p.rule for p in taken.to_fill}


def test_a_source_can_speak_for_one_body(tmp_path):
    lines = (b"table,name,column,value\ncodes,Merger,proposition_id,merger\n"
             b"codes,For,stance,2\nsources,Letter,body_id,guild\n")  # fmt: skip
    declared = read_declarations({"m.csv": lines}, {})
    raw = project(source(TEXT, selection("s1", 0, 18, "merge", "for")))
    taken, _ = brought(tmp_path / "new", raw, declared=declared)
    assert as_text(taken.problems) == ""
    asked = {(p.file.partition("#")[2][-2:], p.column) for p in taken.to_fill}
    assert {("05", "name"), ("05", "kind")} <= asked
    assert taken.files["bodies.csv"].decode().endswith("\nguild,,,,\n")
    named = read_declarations({"m.csv": lines + b"bodies,guild,name,The Guild\n"}, {})
    taken, _ = brought(tmp_path / "new", raw, declared=named)
    assert taken.files["bodies.csv"].decode().endswith("\nguild,The Guild,,,\n")
    assert codings(taken) == ["guild,merger,letter,Ann,2,,We back the merger,0,18,"]


def test_what_a_study_has_no_place_for_is_listed(tmp_path):
    more = (f'<PDFSource guid="{NUMBERS["s1"]}" name="Scan"><PDFSelection guid="{NUMBERS["s2"]}" '
            f'name="part"/><Coding guid="{NUMBERS["s3"]}"/></PDFSource>')  # fmt: skip
    taken, _ = brought(tmp_path / "new", project(more))
    assert [(p.column, p.value) for p in taken.lost if p.column != "code"] == [
        ("PDFSource", "Scan"),
        ("coding of a whole source", "Scan"),
        ("PDFSelection", "part"),
    ]


def test_the_text_that_stands_for_a_pdf_is_read_like_any_other(tmp_path):
    inside = source(TEXT, selection("s1", 0, 18, "merge", "for", "guild"))
    inside = inside.replace("TextSource", "Representation").replace('name="Letter"', "")
    raw = project(f'<PDFSource guid="{NUMBERS["s2"]}" name="Scan">{inside}</PDFSource>')
    taken, _ = brought(tmp_path / "new", raw, declared=MEANT)
    assert codings(taken) == ["guild,merger,scan,Ann,2,stated,We back the merger,0,18,"]


def test_a_text_that_is_not_in_the_archive_is_not_fetched_from_anywhere(tmp_path):
    for path in ("relative:///etc/passwd", "file:///etc/passwd", "/etc/passwd", "internal://no.txt",
                 "internal://../../etc/passwd"):  # fmt: skip
        text = (f'<TextSource guid="{NUMBERS["letter"]}" name="L" plainTextPath="{path}">'
                f'{selection("s1", 0, 2, "merge", "for", "guild")}</TextSource>')  # fmt: skip
        taken, texts = brought(tmp_path / "new", project(text), declared=MEANT)
        assert codings(taken) == []
        assert texts == {}
        assert re.match("the archive has no sources/|no path to its text", taken.lost[-1].message)


def test_sources_lie_in_the_archive_under_any_spelling_of_their_folder(tmp_path):
    text = (f'<TextSource guid="{NUMBERS["letter"]}" name="L" plainTextPath="internal://A.txt">'
            f'{selection("s1", 0, 18, "merge", "for", "guild")}</TextSource>')  # fmt: skip
    raw = project(text, entries={"Sources/a.TXT": b"\xef\xbb\xbf" + TEXT.encode()})
    taken, texts = brought(tmp_path / "new", raw, declared=MEANT)
    assert codings(taken) == ["guild,merger,l,Ann,2,stated,We back the merger,0,18,"]
    assert texts == {"l": TEXT.encode()}


def test_entries_that_nobody_reads_do_not_keep_a_project_from_being_read(tmp_path):
    text = source(TEXT, selection("s1", 0, 18, "merge", "for", "guild"))
    entries = {
        "sources/10:30 meeting.docx": b"x",
        "../x": b"x",
        "sources/A.pdf": b"",
        "sources/a.pdf": b"",
    }
    taken, _ = brought(tmp_path / "new", project(text, entries=entries), declared=MEANT)
    assert as_text(taken.problems) == ""
    assert len(codings(taken)) == 1


def test_a_recording_makes_a_project_large_and_is_not_unpacked(tmp_path):
    text = source(TEXT, selection("s1", 0, 18, "merge", "for", "guild"))
    raw = project(text, entries={"sources/a.mp4": b"0" * 40_000_000})
    taken, _ = brought(tmp_path / "new", raw, declared=MEANT)
    assert as_text(taken.problems) == ""
    assert len(codings(taken)) == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x05\x06" + bytes(18), "the archive holds 0 projects (*.qde)"),
        (project("", name="sub/project.qde"), "the archive holds 0 projects (*.qde)"),
        (project("", entries={"other.qde": "<a/>"}), "the archive holds 2 projects (*.qde)"),
        (project("", entries={"x\\\\..\\\\y.qde": "x"}), "an entry leads out of the archive"),
        (project("</Sources>"), "not well-formed XML"),
        (b"no archive", "the archive cannot be read"),
    ],
)
def test_what_is_no_project_is_refused(raw, words, tmp_path):
    taken, _ = brought(tmp_path / "new", raw)
    assert words in as_text(taken.problems)
    assert not taken.written


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"<!DOCTYPE CodeBook [<!ENTITY x 'y'>]><CodeBook/>", "a document type or an entity"),
        (b"<CodeBook/>", "not a REFI-QDA project or codebook of version 1.0"),
    ],
)
def test_what_is_no_codebook_is_refused(raw, words, tmp_path):
    assert words in as_text(brought(tmp_path / "new", raw, "c.qdc")[0].problems)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@pytest.mark.slow
@given(quote=st.lists(WORDS, min_size=1, max_size=8).map(" ".join), note=st.text(
    st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20), stance=st.integers(-2, 2),
    basis=st.sampled_from(["stated", "reported"]))  # fmt: skip
def test_any_coding_goes_out_and_comes_back(quote, note, stance, basis, tmp_path_factory):
    changed = village.tables()["codings"][:2]
    changed[1] = ["alpha", "p1", "brief", "ann", stance, basis, quote, "", "", note]
    sources = village.tables()["sources"]
    sources[1][8:11] = ["opening", "", ""]
    folder = village.write(tmp_path_factory.mktemp("s") / "study",
                           {"codings": changed, "sources": sources})  # fmt: skip
    loaded, problems = load.check(folder)
    event("sound" if loaded else "refused by the study")
    if loaded is None:
        assert {p.column for p in problems if p.severity == "error"} <= {"quote", "note"}
        return
    carried = Carried()
    ids = naming.Ids(holdings.known(folder).rows, Declared(), carried)
    refi_importer.import_project("p.qdpx", refi_exporter.project(loaded, {}), ids)
    plain = Carried()
    coder_files.read_coder_file(
        "c.csv", formats.codings_csv(loaded.codings), naming.Ids({}, Declared(), plain)
    )
    for came in (carried, plain):
        taken = merge.take(folder, came, Declared())
        assert taken.same["codings"] == 1
        assert (taken.conflicts, taken.problems, taken.lost) == ([], [], [])


def test_texts_that_are_not_the_ones_coded_are_not_exported(tmp_path):
    loaded = load.read(village.write(tmp_path / "study"))
    texts = {name: village.text(name).encode() for name in village.DATES}
    texts["letter"] = b"Another text."
    assert set(formats.coded(loaded, texts)) == {"brief", "news"}
    assert (quotes.verify(loaded.codings, texts)["result"] == "found").sum() == 6
    problems = []
    found = project_of("p.qdpx", formats.export(loaded, "refi-qda", texts)[""],
                       reporter("p", problems), ReadLimits())  # fmt: skip
    assert {s.name for s in found.sources if s.description} == {"letter"}
