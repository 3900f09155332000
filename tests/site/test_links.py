"""An address is made of ids alone: a link printed with one release works in the next."""

import pathlib
import re

import pytest

from positions.site import links
from positions.site.links import Places, address, linked, within


@pytest.mark.parametrize("name", ["alpha", "nhs-providers", "q1"])
def test_a_plain_name_is_its_own_anchor(name):
    assert links.anchor(name) == name


@pytest.mark.parametrize(
    "name", ["a/b", "..", ".", "A", "é", "a b", "-a", "<script>", "a" * 61, " "]
)
def test_any_other_name_becomes_plain_and_keeps_a_hash(name):
    made = links.anchor(name)
    assert re.fullmatch(r"[a-z0-9-]{8,69}", made)
    assert not made.startswith("-")
    assert made != name


def test_names_that_look_alike_keep_anchors_of_their_own():
    names = ["lga", "LGA", "l-g-a", "l_g_a", "l/g/a", "l.g.a", "l g a"]
    assert len({links.anchor(name) for name in names}) == len(names)


def test_the_file_of_a_body_stays_in_its_folder():
    for body_id in ("a/b", "..", "../../etc/passwd", "C:\\x"):
        file = links.page_of("body", body_id)
        assert pathlib.PurePosixPath(file).name == file
        assert re.fullmatch(r"body-[a-z0-9-]+\.html", file)


# --- the scheme ----------------------------------------------------------------------------

# Worked by hand from docs/addresses.md; the eight digits are what `sha256sum` gives for the id.
SCHEME = [
    ({"body": "lga"}, "body-lga.html"),
    ({"body": "A&b"}, "body-a-b-598ab24c.html"),
    ({"proposition": "two-bodies"}, "proposition-two-bodies.html"),
    ({"source": "hct-2020-12"}, "source-hct-2020-12.html"),
    ({"body": "lga", "proposition": "two-bodies"}, "body-lga.html#on-two-bodies"),
    ({"body": "lga", "source": "lga-2021"}, "body-lga.html#source-lga-2021"),
    (
        {"body": "lga", "proposition": "two-bodies", "source": "lga-2021"},
        "body-lga.html#two-bodies--lga-2021",
    ),
    (
        {"body": "NHS Providers", "proposition": "p 1", "source": "x'y=z"},
        "body-nhs-providers-5738f971.html#p-1-85051de8--x-y-z-0f376221",
    ),
    ({"proposition": "two-bodies", "source": "lga-2021"}, "source-lga-2021.html"),
]


@pytest.mark.parametrize(("about", "wanted"), SCHEME)
def test_an_address_is_the_one_that_was_printed(about, wanted):
    assert address(about) == wanted


def test_what_stands_within_a_page_has_the_id_that_was_printed():
    assert within("on", "two-bodies") == "on-two-bodies"
    assert within("by", "lga") == "by-lga"
    assert within("claim", "lga-above-half") == "claim-lga-above-half"
    assert within("question", "Q1") == "question-q1-32d833f3"


def test_the_document_shows_an_address_that_the_scheme_gives():
    text = pathlib.Path("docs/addresses.md").read_text("utf-8")
    assert f"`A&b` becomes `{links.anchor('A&b')}`" in text
    for name in ("body-B.html#on-P", "body-B.html#P--S", "body-B.html#source-S"):
        assert f"`{name}`" in text


# --- tables that lead there ----------------------------------------------------------------


def places(*known):
    return Places(frozenset(known))


def test_a_cell_leads_to_what_it_is_about_and_keeps_its_scope():
    page = '<tr><th scope="row" data-body="lga">LGA &amp; co</th><td>2</td></tr>'
    assert linked(page, "x.html", places("body-lga.html")) == (
        '<tr><th scope="row"><a href="body-lga.html">LGA &amp; co</a></th><td>2</td></tr>'
    )


def test_a_cell_of_two_ids_leads_to_the_codes_whatever_the_order_they_are_told_in():
    wanted = '<td class="number"><a href="body-lga.html#on-voice">+2</a></td>'
    for cell in (
        '<td class="number" data-proposition="voice" data-body="lga">+2</td>',
        '<td data-body="lga" class="number" data-proposition="voice">+2</td>',
    ):
        assert linked(cell, "x.html", places("body-lga.html#on-voice")) == wanted


def test_an_id_that_was_escaped_is_read_as_it_was():
    cell = '<td data-body="A&amp;b">1</td>'
    assert 'href="body-a-b-598ab24c.html"' in linked(
        cell, "x.html", places("body-a-b-598ab24c.html")
    )


def row(*cells):
    return f"<tr>{''.join(cells)}</tr>"


def led(page):
    """The addresses that a page's cells lead to, each with the text that leads there."""
    return re.findall(r'<a href="(.*?)">(.*?)</a>', page)


def test_a_row_about_one_body_has_one_link_at_its_head():
    page = row('<th scope="row" data-body="lga">LGA</th>', '<td data-body="lga">69%</td>')
    assert led(linked(page, "x.html", places("body-lga.html"))) == [("body-lga.html", "LGA")]


def test_a_row_about_one_code_leads_to_that_code():
    page = row(
        '<th scope="row" data-body="lga">LGA</th>', '<td data-proposition="voice">Voice</td>',
        '<td data-body="lga" data-proposition="voice" data-source="l-1">+2</td>',
    )  # fmt: skip
    known = places("body-lga.html", "proposition-voice.html", "body-lga.html#voice--l-1")
    assert led(linked(page, "x.html", known)) == [("body-lga.html#voice--l-1", "+2")]


def test_a_row_of_a_matrix_leads_to_the_sheet_that_holds_all_its_cells_and_heads_keep_theirs():
    heads = row("<th>Body</th>", '<th scope="col" data-proposition="a">A</th>',
                '<th scope="col" data-proposition="b">B</th>')  # fmt: skip
    cells = row('<th scope="row" data-body="lga">LGA</th>',
                '<td data-body="lga" data-proposition="a">+2</td>',
                '<td data-body="lga" data-proposition="b">-1</td>')  # fmt: skip
    known = places("body-lga.html", "body-lga.html#on-a", "body-lga.html#on-b",
                   "proposition-a.html", "proposition-b.html")  # fmt: skip
    assert led(linked(heads + cells, "x.html", known)) == [
        ("proposition-a.html", "A"), ("proposition-b.html", "B"), ("body-lga.html", "LGA"),
    ]  # fmt: skip


def test_a_cell_about_something_without_a_sheet_is_an_error_that_names_it():
    cell = '<td data-body="lga" data-proposition="voice">+2</td>'
    with pytest.raises(ValueError, match="about body 'lga', proposition 'voice', which no sheet"):
        linked(cell, "x.html", places("body-lga.html"))


def test_the_first_row_about_a_claim_is_where_it_is_examined_and_later_ones_lead_there():
    known = places()
    row = '<th scope="row" data-claim="c1">It holds</th>'
    assert linked(row + row, "4.html", known) == (
        '<th scope="row" id="claim-c1">It holds</th>'
        '<th scope="row"><a href="4.html#claim-c1">It holds</a></th>'
    )
    assert known.claims == {"c1": "4.html#claim-c1"}
    assert '<a href="4.html#claim-c1">' in linked(row, "5.html", known)


def test_cells_about_nothing_and_markup_of_other_kinds_are_left_as_they_are():
    page = '<td>1</td><td class="x">2</td><p data-body="lga">3</p><td data-body="lga"><b>4</b></td>'
    assert linked(page, "x.html", places()) == page
