"""An archive or an XML text from a stranger is judged before anything of it is used."""

import io
import stat
import struct
import zipfile

import pytest

from positions.study import safe_archives
from positions.study.csv_reader import ReadLimits, reporter
from positions.study.problems import as_text


def made(entries, compression=zipfile.ZIP_STORED):
    """An archive of these entries: pairs of a name, or its description, and bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return held.getvalue()


def unpacked(raw, **limits):
    problems = []
    found = safe_archives.unpack(
        raw, reporter("a.qdpx", problems), ReadLimits(**limits), "send it again"
    )
    assert (found is None) == bool(problems)
    return found, as_text(problems)


def test_a_plain_archive_is_unpacked_in_memory():
    raw = made([("project.qde", b"<a/>"), ("sources/", b""), ("sources/one.txt", b"text")])
    assert unpacked(raw) == ({"project.qde": b"<a/>", "sources/one.txt": b"text"}, "")


def test_what_is_no_archive_is_said_to_be_none():
    assert "the archive cannot be read: File is not a zip file" in unpacked(b"PK")[1]


@pytest.mark.parametrize(
    "name",
    ["../a", "sources/../../a", "/etc/a", "\\a", "sources\\a", "C:a", "C:\\a", "..", "a/.."],
)
def test_an_entry_that_leads_out_of_the_archive_is_refused(name):
    said = unpacked(made([(name, b"x")]))[1]
    assert said == (
        f"a.qdpx: error: archive: «{name}» an entry leads out of the archive\n"
        "    fix: send it again"
    )


def test_a_name_with_a_nul_is_refused_although_it_looks_plain_up_to_there():
    raw = made([("aXb.txt", b"x")]).replace(b"aXb.txt", b"a\x00b.txt")
    assert "«a<U+0000>b.txt» an entry's name holds a NUL character" in unpacked(raw)[1]


def test_a_link_is_refused():
    entry = zipfile.ZipInfo("sources/a.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "«sources/a.txt» an entry is a link" in unpacked(made([(entry, b"/etc/passwd")]))[1]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("one", "two"),
    [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("straße", "STRASSE"), ("a", "a/")],
)
def test_two_entries_that_some_system_takes_for_one_are_refused(one, two):
    said = unpacked(made([(one, b"1"), (two, b"2" if not two.endswith("/") else b"")]))[1]
    assert said.count("two entries have the same name") == 2


def test_an_encrypted_entry_is_refused():
    raw = bytearray(made([("a.txt", b"x")]))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert "«a.txt» the file is encrypted" in unpacked(bytes(raw))[1]


def test_two_entries_that_share_their_bytes_are_refused():
    raw = bytearray(made([("a.txt", b"xyz"), ("b.txt", b"xyz")]))
    second = raw.index(b"PK\x01\x02", raw.index(b"PK\x01\x02") + 4)
    raw[second + 42 : second + 46] = struct.pack("<I", 0)
    assert "«b.txt» two entries share the same bytes" in unpacked(bytes(raw))[1]


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size_before_it_is_unpacked():
    raw = made([("a.txt", b"0" * 5_000_000)], zipfile.ZIP_DEFLATED)
    assert len(raw) < 10_000
    said = unpacked(raw, archive_inflated=1_000_000)[1]
    assert "limit-archive-ratio" in said
    assert "limit-archive-inflated: the file has 5000000 bytes unpacked; the limit is 1000000" in (
        said
    )


def test_an_entry_that_lies_about_its_size_is_never_unpacked_beyond_what_it_says():
    raw = bytearray(made([("a.txt", b"0" * 1000)], zipfile.ZIP_DEFLATED))
    listed = raw.index(b"PK\x01\x02")
    raw[listed + 24 : listed + 28] = struct.pack("<I", 10)
    assert "the archive cannot be read: Bad CRC-32 for file 'a.txt'" in unpacked(bytes(raw))[1]


def test_too_many_entries_and_too_large_a_file_are_refused_by_the_limit():
    raw = made([(f"{n}.txt", b"x") for n in range(5)])
    assert (
        "limit-archive-entries: the file has 5 entries; the limit is 4"
        in (unpacked(raw, archive_entries=4)[1])
    )
    assert "limit-archive-bytes" in unpacked(raw, archive_bytes=100)[1]


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_an_archive_cut_anywhere_is_a_problem_and_no_crash(cut):
    raw = made([("project.qde", b"<a/>"), ("sources/one.txt", b"text" * 9)])
    assert unpacked(raw[:cut])[0] is None


# --- XML -----------------------------------------------------------------------------------


def parsed(raw):
    problems = []
    root = safe_archives.xml(raw, reporter("a.qde", problems))
    assert (root is None) == bool(problems)
    return root, as_text(problems)


def test_plain_xml_is_parsed():
    root, _ = parsed(b"<a><b c='1'>text</b></a>")
    assert root.tag == "a"
    assert root[0].text == "text"


@pytest.mark.parametrize(
    "raw",
    [
        b"<!DOCTYPE a><a/>",
        b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        b"<!DOCTYPE a SYSTEM 'http://localhost/a.dtd'><a/>",
        b"<!DOCTYPE a [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]><a/>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>".encode("utf-16"),
        b"<!DOCTYPE a [<!ENTITY b 'ha'><!ENTITY c '"
        + b"&b;" * 50
        + b"'><!ENTITY d '"
        + b"&c;" * 50
        + b"'>]><a>&d;</a>",
    ],
)
def test_a_document_type_is_refused_whatever_stands_in_it(raw):
    root, said = parsed(raw)
    assert root is None
    assert "a document type or an entity, which are not read" in said


def test_elements_nest_a_hundred_deep_and_no_deeper():
    def nested(times):
        return b"<a>" * times + b"</a>" * times

    assert parsed(nested(safe_archives.DEEPEST))[0] is not None
    assert "more than 100 elements in each other" in parsed(nested(safe_archives.DEEPEST + 1))[1]
    assert "more than 100 elements in each other" in parsed(nested(500_000))[1]


@pytest.mark.parametrize("raw", [b"", b"<a>", b"<a></b>", b"\xff\xfe<", b"<a b='1' b='2'/>"])
def test_what_is_no_xml_is_said_to_be_none(raw):
    assert "not well-formed XML" in parsed(raw)[1]
