"""What a document's text is, and what is said of what it has lost."""

import dataclasses

import documents_made as made
import pytest

from positions.reading.documents import extract
from positions.reading.extracts import NotRead
from positions.study import quotes
from positions.study.csv_reader import ReadLimits

LIMITS = ReadLimits()
W = made.W
PAGE = """<!doctype html><html><head><title>Our
 answer</title><style>p {}</style></head><body><nav>Home About</nav><h1>Site</h1><main>
<p>We support <b>the bridge</b><sup><a href="#n1">1</a></sup>,
   but not option 2<sup><a href="#n2">[2]</a></sup>.</p>
<ul><li>Keep the market out.</li><li>The toll must stay: 10<sup>2</sup> pence.</li></ul>
<table><tr><th>Question</th><th>Answer</th></tr><tr><td>Agree?</td><td>No.</td></tr></table>
<figure><img src="x.png"><figcaption>The mill.</figcaption></figure>
<p hidden>unseen</p><script>let a = "script"</script><div>caf\u00e9<br>Signed</div></main>
<footer>Cookies</footer></body></html>"""


def read(raw, **limits):
    return extract(raw, dataclasses.replace(LIMITS, **limits))


def refusal(raw, encoding="", **limits):
    with pytest.raises(NotRead) as refused:
        extract(raw, dataclasses.replace(LIMITS, **limits), encoding)
    assert "\n" not in str(refused.value)
    return str(refused.value)


# --- pages ---------------------------------------------------------------------------------


def test_the_pages_of_a_pdf_are_parted_by_a_form_feed_that_a_phrase_may_run_across():
    found = read(made.pdf("Dear all,\nthe mill", "has (its) uses.", "", "End", title="An answer"))
    assert found.text == "Dear all,\nthe mill\n\fhas (its) uses.\n\f\fEnd\n"
    assert (found.pages, found.title, found.form) == (4, "An answer", "PDF")
    (place,) = quotes.places("the mill has (its) uses", found.text)
    assert [found.text[:at].count("\f") for at in place] == [0, 1]
    assert found.text[: found.text.index("End")].count("\f") == 3


def test_a_page_without_a_text_layer_is_named_and_a_pdf_of_such_pages_refused():
    found = read(made.pdf("one", None, "three", None))
    assert found.unread == (2, 4)
    assert "pages without a text layer (scans, drawings), not read: 2 and 4" in found.lost
    assert refusal(made.pdf(None, None)).startswith("it holds no text (2 pages: a scan or")
    outlines = made.pdf("", extra=b"\n0 0 m 9 9 l 9 0 l f")
    assert refusal(outlines).startswith("it holds no text (1 page: a scan or drawings,")
    assert refusal(made.pdf("", "")).startswith("it holds no text (2 pages: blank)")


def test_ligatures_are_letters_and_hyphens_at_line_ends_are_counted():
    found = read(made.pdf("an inte-\ngrated of\u00adfice"))
    assert "1 line ends with a hyphen: a phrase across it keeps the hyphen" in found.lost
    from positions.reading.extracts import tidy

    assert tidy("\ufb01nd \ud83d \x00x") == "find \ufffd x"


def test_the_pages_of_a_word_file_are_those_that_word_laid_out():
    broken = "<w:p><w:r><w:t>the toll </w:t></w:r><w:r><w:lastRenderedPageBreak/>"
    broken += "<w:t>must stay</w:t></w:r></w:p>"
    found = read(made.word("First", body=broken))
    assert found.text == "First\n\nthe toll\n\fmust stay\n"
    assert "pages as Word last laid them out" in found.lost
    assert len(quotes.places("the toll must stay", found.text)) == 1
    untold = read(made.word("First"))
    assert untold.pages == 1
    assert untold.lost == ("pages not told apart: the file does not say where they begin",)


# --- Word and HTML -------------------------------------------------------------------------


def test_a_word_file_gives_all_that_its_reader_sees():
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in "ab")
    body = f"""<w:p><w:r><w:t>We </w:t></w:r><w:ins><w:r><w:t>now </w:t></w:r></w:ins>
      <w:del><w:r><w:delText>never </w:delText></w:r></w:del>
      <w:moveFrom><w:r><w:t>moved </w:t></w:r></w:moveFrom>
      <w:hyperlink><w:r><w:t>agree</w:t></w:r></w:hyperlink></w:p>
      <w:sdt><w:sdtContent><w:p><w:r><w:t>Controlled</w:t></w:r></w:p></w:sdtContent></w:sdt>
      <w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>
      <w:p><w:r><w:t>Anchor</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Boxed</w:t></w:r>
      </w:p></w:txbxContent></w:pict></w:r><w:r><w:drawing/></w:r></w:p>"""
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>A note.</w:t></w:r></w:p></w:footnote>"
    line = "<w:footnote w:type='separator'><w:p><w:r><w:t>line</w:t></w:r></w:p></w:footnote>"
    notes = f"<w:footnotes xmlns:w='{W}'>{line}{note}</w:footnotes>"
    found = read(made.word("Start", body=body, parts=[("footnotes", notes)]))
    assert found.text == (
        "Start\n\nWe now agree\n\nControlled\n\na\tb\na\tb\n\nAnchor\n\nBoxed\n\nA note.\n"
    )
    assert found.lost[:5] == (
        "1 table: a line a row, a tab between two cells",
        "1 footnote behind the text, without marks in it",
        "1 text box behind the paragraph that it is tied to",
        "1 picture not in the text",
        "tracked changes: what was inserted is in the text, what was deleted is not",
    )


@pytest.mark.parametrize(
    "raw",
    [PAGE.encode(), PAGE.encode("utf-16"), b"\xef\xbb\xbf" + PAGE.encode(),
     PAGE.replace("<head>", "<head><meta charset='iso-8859-1'>").encode("cp1252")],
    ids=["utf-8", "utf-16", "mark", "latin-1"],
)  # fmt: skip
def test_a_page_gives_its_main_part_and_says_what_it_left_out(raw):
    found = read(raw)
    assert found.text == (
        "We support the bridge, but not option 2.\n\nKeep the market out.\n"
        "The toll must stay: 102 pence.\n\nQuestion\tAnswer\nAgree?\tNo.\n\nThe mill.\n\n"
        "café\nSigned\n"
    )
    assert found.title == "Our answer"
    assert found.lost == (
        "20 characters outside <main> or in navigation left out",
        "1 table: a line a row, a tab between two cells",
        "2 marks of footnotes not in the text",
        "1 picture not in the text",
    )


def test_a_page_without_a_main_part_gives_all_but_navigation():
    page = "<body><header>Top</header><p>One</p><article>Two</article><article>Three</article>"
    found = read(page.encode())
    assert found.text == "One\n\nTwo\n\nThree\n"
    assert found.lost == ("3 characters in navigation left out",)


# --- text ----------------------------------------------------------------------------------


def test_a_text_is_stored_as_it_is_but_for_a_mark_in_front():
    raw = "\ufeff# Title\r\n\r\n![x](y.png) e\u0301 \U0001f600 \u05d0\n\fpage two".encode()
    found = read(raw)
    assert found.text.encode() == raw[3:]
    assert (found.pages, found.lost) == (2, ("1 picture not in the text",))


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [("caf\u00e9 \u201cyes\u201d".encode("cp1252"), "windows-1252"),
     ("caf\u00e9".encode("utf-16"), "utf-16"), (b"c\x00a\x00f\x00", "utf-16-le")],
)  # fmt: skip
def test_a_text_in_another_encoding_names_it_and_is_converted_where_asked(raw, encoding):
    assert refusal(raw).endswith(f"or convert it with --encoding {encoding}") or (
        encoding == "utf-16-le" and "control character" in refusal(raw)
    )
    assert extract(raw, LIMITS, encoding).text == raw.decode(encoding)


def test_an_encoding_that_is_none_or_is_not_the_files_is_said():
    assert "no encoding is called 'latin9000'" in refusal(b"x\xe9", "latin9000")
    assert refusal(b"a\nb\xe9", "ascii").startswith("line 2 is not ASCII (byte 0xe9)")


# --- what is no document -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"\x00" * 40, "line 1 holds U+0000, a control character"),
        (b"text \x07 bell", "line 1 holds U+0007"),
        (b"{\\rtf1 hello}", "a Rich Text file (.rtf); save it as .docx or PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a file of Word 97-2003, or protected by a password"),
        (b"PK\x03\x04 mimetype", "an archive, a spreadsheet or an OpenDocument"),
        (b"\x89PNG\r\n", "a picture; have a program recognise its text"),
        (b"<html><body><script>1</script>", "this HTML holds no text"),
        (made.encrypted(made.pdf("secret"), "x"), "it is encrypted; open it with its password"),
        (made.pdf("a")[:400], "this PDF is damaged"),
        (b"%PDF-1.7\n%%EOF", "this PDF is damaged"),
        (made.word("a")[:-500], "this Word document cannot be opened"),
        (made.bomb(), "times its size unpacked; the limit is 100"),
        (made.word(), "this Word holds no text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_one_sentence(raw, said):
    assert said in refusal(raw)


def test_a_pdf_that_anybody_may_open_is_read():
    assert read(made.encrypted(made.pdf("open to all"), "")).text == "open to all\n"


def test_what_is_too_much_is_refused_by_the_name_of_its_limit():
    assert "it has 3 pages; the limit is 2 (allow more with --limit document_pages=NUMBER)" in (
        refusal(made.pdf("a", "b", "c"), document_pages=2)
    )
    assert "--limit document_bytes=NUMBER" in refusal(b"abcdef", document_bytes=5)
    assert "--limit document_characters=NUMBER" in refusal(b"abcdef", document_characters=5)
    assert "its first 2 pages hold more than 5" in (
        refusal(made.pdf("abc", "def", "ghi"), document_characters=5)
    )


@pytest.mark.slow
def test_a_page_that_draws_without_end_is_given_up():
    drawn = made.pdf("a", extra=b"\n0 0 m 1 1 l S" * 20_000)
    assert "it takes too long or too much to read (TimeoutError: page 1)" in (
        refusal(drawn, seconds=0.05)
    )


def test_remarks_of_the_library_do_not_reach_the_terminal(capfd):
    assert read(made.pdf("a") + b"trailing").text == "a\n"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("place", range(0, 1200, 97))
def test_a_damaged_file_gives_its_text_or_one_sentence(place):
    raw = bytearray(made.pdf("We support the bridge", "and the market"))
    raw[place % len(raw)] ^= 0xFF
    try:
        read(bytes(raw))
    except NotRead as refused:
        assert "\n" not in str(refused)
