"""The whole site: accessible, offline, free of script, the same bytes, and all or nothing."""

import csv
import hashlib
import html
import io
import itertools
import pathlib
import re
import shutil
import socket
import sys
import zipfile

import openpyxl
import pytest
import village
from folders import contents
from nbformat.v4 import new_code_cell, new_markdown_cell
from site_pages import Page, assert_links_resolve, assert_policy, assert_sound, parsed
from village_report import QUICK, notebooks

from positions.cli.main import main
from positions.site import build
from positions.site import pages as pages_of
from positions.site.notebook_files import BuildError
from positions.study import load

ROOT = pathlib.Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


def build_village(folder, name, *cells):
    """Build a report on the made-up study with one notebook, of this name."""
    loaded = load.read(village.write(folder / "study"))
    build.build(loaded, folder / "site", notebooks=notebooks(folder / "notebooks", cells, name))


@pytest.fixture(scope="module")
def files(built):
    return contents(built)


@pytest.fixture(scope="module")
def pages(files):
    return parsed(files)


# --- what every page keeps ------------------------------------------------------------------


def table(name):
    """A table of the shipped study, read by the standard library."""
    with open(ROOT / "data" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_site_has_a_page_for_each_notebook_body_proposition_and_source(files):
    stems = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    stems -= {"0-workbench"}  # for a person at work: no page
    stems.remove("7-responses")  # the shipped study asked no respondents
    assert {name for name in files if name.endswith(".html")} == (
        {"index.html", "scores.html", "assurance.html", "contents.html"}
        | {f"{stem}.html" for stem in stems}
        | {f"body-{row['body_id']}.html" for row in table("bodies")}
        | {f"proposition-{row['proposition_id']}.html" for row in table("propositions")}
        | {f"source-{row['source_id']}.html" for row in table("sources")}
    )


def test_every_page_is_well_formed_and_free_of_script(pages):
    assert_sound(pages)


def test_every_page_forbids_script_and_requests(pages):
    for page in pages.values():
        assert_policy(page)
        # the policy comes before anything that it governs
        assert [tag for tag, _, _ in page.elements[:4]] == ["html", "head", "meta", "meta"]


def without_pictures(raw):
    return re.sub(rb"data:image/png;base64,[A-Za-z0-9+/=]+", b"", raw)


def unpacked(name, raw):
    """What a file says: a spreadsheet is an archive of texts."""
    if not name.endswith(".xlsx"):
        return raw
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return b"\n".join(archive.read(member) for member in archive.namelist())


def test_no_page_or_table_refers_to_an_outside_address(files):
    for name, raw in files.items():
        if name.endswith(".xlsx"):
            continue  # test_spreadsheet looks into it: no link leads out of it
        if name.endswith(".graphml"):
            raw = raw.replace(b"http://graphml.graphdrawing.org/xmlns", b"")  # a name, no link
        if name == "tables/sources.csv":
            continue  # the sources' own addresses are data
        if name.startswith("source-"):  # and a source's page shows its own, as text
            raw = re.sub(rb'<dd class="address">[^<]*</dd>', b"", raw)
        raw = without_pictures(raw)
        assert not re.search(rb"(https?:)?//[a-z]", raw), name
        assert not re.search(rb"url\(|@import", raw), name


def test_every_link_leads_to_a_file_and_an_anchor_of_the_site(pages, files):
    assert_links_resolve(pages, files)


def test_every_picture_has_alternative_text(pages):
    pictures = [image for page in pages.values() for image in page.of("img")]
    assert len(pictures) >= 7
    for image in pictures:
        assert len(image["alt"].strip()) > 40
        assert re.search(r"\d", image["alt"])  # the numbers, not only what it shows


def test_every_table_has_a_caption_and_scoped_headers(files):
    tables = 0
    for name, raw in files.items():
        if not name.endswith(".html"):
            continue
        for table in re.findall(r"<table.*?</table>", raw.decode(), re.S):
            tables += 1
            assert re.search(r"<caption[^>]*>\s*\S", table), name
            heads = re.findall(r"<th\b[^>]*>", table)
            assert all(re.search(r'scope="(col|row|rowgroup)"', head) for head in heads), name
            body = table.partition("</thead>")[2]
            for row in re.findall(r"<tr.*?</tr>", body, re.S):
                assert row.count('scope="row"') + row.count('scope="rowgroup"') == 1, name
    assert tables >= 200


def test_every_table_stands_in_a_region_one_can_reach_by_keyboard(pages):
    for name, page in pages.items():
        regions = [a for a in page.of("div") if a.get("class") == "scroll"]
        assert len(regions) == len(page.of("table")), name
        for region in regions:
            assert (region["role"], region["tabindex"]) == ("region", "0")
            assert region["aria-label"].strip()


def test_every_page_has_language_title_one_main_heading_and_a_skip_link(pages):
    titles = []
    for name, page in pages.items():
        assert page.of("html") == [{"lang": "en"}], name
        assert len(page.of("h1")) == len(page.of("main")) == 1, name
        first = next(a for a in page.of("a"))
        assert (first["class"], first["href"]) == ("skip", "#main"), name
        assert page.of("main")[0]["id"] == "main", name
        levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), name
        titles.append(page.text.strip().splitlines()[0])
    assert len(set(titles)) == len(titles)


def test_every_navigation_marks_the_page_one_is_on_and_no_other(pages):
    for name, page in pages.items():
        here = [a["href"] for a in page.of("a") if a.get("aria-current") == "page"]
        assert here == ([] if name.startswith(("body-", "proposition-", "source-")) else [name])


def test_no_page_shows_what_python_prints_for_nothing(pages):
    for name, page in pages.items():
        for word in (r"\bnan\b", r"\bNaN\b", r"\bNone\b", r"\bNaT\b", "<NA>", r"\binf\b", "dtype"):
            assert not re.search(word, page.text), (name, word)


def test_no_file_tells_where_or_by_whom_it_was_made(files, built):
    told = [str(built.parent), str(ROOT), sys.prefix, sys.base_prefix]
    for name, raw in files.items():
        raw = without_pictures(unpacked(name, raw))
        for word in told:
            assert word.encode() not in raw, (name, word)
        assert not re.search(rb"\b%s\b" % re.escape(socket.gethostname().encode()), raw), name
        assert not re.search(rb"/(tmp|home|root|Users|usr|var)/", raw), name


# --- the numbers ----------------------------------------------------------------------------


def rows(raw):
    return list(csv.DictReader(io.StringIO(raw.decode(), newline="")))


def test_the_two_tables_for_programs_have_exactly_their_columns(files):
    for name, columns in (
        ("agreement", "body_id,model_id,agreement,lower,upper,spoke,of,codes,checked"),
        ("positions", "body_id,proposition_id,position,basis,source_id,flagged,codes,checked"),
    ):
        assert files[f"tables/{name}.csv"].decode().partition("\n")[0] == columns
        assert b"\r" not in files[f"tables/{name}.csv"]


def percent(text):
    """A number of a CSV file as a page prints it, by decimal arithmetic of its own."""
    if text == "":
        return "[x]"
    whole, _, part = f"{float(text):.6f}".partition(".")
    points = int(whole) * 1_000_000 + int(part)  # millionths
    down, rest = divmod(points, 10_000)
    return f"{down + (rest > 5_000 or (rest == 5_000 and down % 2 == 1))}%"


def test_the_numbers_of_the_answer_are_those_of_the_table(files, pages):
    scores = [row for row in rows(files["tables/agreement.csv"]) if row["model_id"] == "combined"]
    index = files["scores.html"].decode()
    featured, body = re.findall(r"<tbody>.*?</tbody>", index, re.S)
    assert featured.count("<tr>") == 4
    shown = {}
    for row in re.findall(r"<tr>.*?</tr>", body, re.S):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        body_id = re.search(r'href="body-(.*?)\.html"', cells[0]).group(1)
        shown[body_id] = [re.sub(r"<.*?>", "", cell) for cell in (cells[1], cells[2], cells[4])]
    assert shown == {
        row["body_id"]: [
            percent(row["agreement"]),
            f"{percent(row['lower'])} to {percent(row['upper'])}",
            f"{row['spoke']} of {row['of']}",
        ]
        for row in scores
    }
    alt = pages["scores.html"].of("img")[0]["alt"]
    for row in scores:
        if int(row["spoke"]) < 7:
            continue
        name = re.search(rf'href="body-{row["body_id"]}\.html">(.*?)<', index).group(1)
        assert f"{html.unescape(name)} {percent(row['agreement'])} (bounds" in alt


@pytest.mark.slow
def test_the_scores_of_a_study_worked_by_hand_reach_the_page_and_the_table(hostile_site):
    scores = {
        (row["body_id"], row["model_id"]): list(row.values())[2:7]
        for row in rows(hostile_site["tables/agreement.csv"])
    }
    assert scores == {
        ("A&b", "plan"): ["0.916667", "0.6875", "0.9375", "3", "4"],
        ("beta", "plan"): ["0.125", "0.125", "0.125", "4", "4"],
        ("x'y=z", "plan"): ["0.75", "0.1875", "0.9375", "1", "4"],
        ("maker", "plan"): ["1.0", "0.5", "1.0", "2", "4"],
        ("A&b", "still"): ["0.0", "0.0", "0.0", "1", "1"],
        ("beta", "still"): ["1.0", "1.0", "1.0", "1", "1"],
        ("x'y=z", "still"): ["0.25", "0.25", "0.25", "1", "1"],
        ("maker", "still"): ["0.0", "0.0", "0.0", "1", "1"],
    }
    text = Page(hostile_site["scores.html"].decode()).text
    assert "agrees on most of it: 92%, spoke on 3 of 4; 69% to 94% if unaddressed" in text
    assert "disagrees with most of it: 12%, spoke on 4 of 4; 12% to 12%" in text


# --- what a person checked ------------------------------------------------------------------


def test_every_page_the_workbook_and_the_tables_say_how_many_codes_a_person_checked(files):
    codes = sum(int(row["codes"]) for row in rows(files["tables/agreement.csv"])
                if row["model_id"] == "combined")  # fmt: skip
    said = f"0 of {codes} codes checked by a person."
    pages = [name for name in files if name.endswith(".html")]
    assert len(pages) > 100
    for name in pages:
        assert said in files[name].decode(), name
    assert files["tables/about.txt"].decode().splitlines()[0] == said
    book = openpyxl.load_workbook(io.BytesIO(files["tables/positions.xlsx"]))
    for sheet in book:
        shown = [str(cell.value) for row in sheet.iter_rows(max_row=12) for cell in row]
        assert any(said in text for text in shown), sheet.title
    tables = {name: rows(raw) for name, raw in files.items() if name.endswith(".csv")}
    named = [
        name for name, found in tables.items() if found and {"body_id", "claim_id"} & {*found[0]}
    ]
    assert len(named) > 20
    for name in set(named) - {"tables/models-compared.csv"}:  # it has codes of its own
        assert {"codes", "checked"} <= set(tables[name][0]), name
        assert {row["checked"] for row in tables[name]} == {"0"}, name


def test_each_claim_says_beside_the_scores_whether_the_checks_certify_it(files):
    scores = files["scores.html"].decode()
    claims = scores[scores.index('id="claims"') : scores.index('id="read"')]
    lines = re.findall(r"<li>.*?</li>", claims)
    assert len(lines) > 5
    # the two bodies of one claim share too few points for any number of checks
    assert sum("checks cannot certify it" in line for line in lines) == 1
    assert sum("the checks do not certify it (none of its" in line for line in lines) == (
        len(lines) - 1
    )
    assert "It takes" in claims and "clean checks of the" in claims


# --- every number one step from its phrase --------------------------------------------------


def element(files, address):
    """The HTML of the element that an address leads to; the whole page where it names none."""
    file, _, anchor = address.partition("#")
    raw = files[file].decode()
    if not anchor:
        return raw
    ((tag, rest),) = re.findall(rf'<(\w+)[^>]* id="{re.escape(anchor)}"[^>]*>(.*)', raw, re.S)
    return rest.partition(f"</{tag}>")[0]


def cells_of(raw, caption):
    """The rows of the table with this caption: texts, and the address each cell leads to."""
    (body,) = re.findall(
        rf"<caption[^>]*>{re.escape(caption)}.*?</caption>.*?<tbody>(.*?)</table>",
        raw.decode(),
        re.S,
    )
    for row in re.findall(r"<tr.*?</tr>", body, re.S):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        yield [
            (html.unescape(re.sub(r"<[^>]+>", "", cell)),
             html.unescape("".join(re.findall(r'<a href="(.*?)"', cell))))
            for cell in cells
        ]  # fmt: skip


@pytest.fixture(scope="module")
def phrases():
    """The phrases of each body, and of each body and proposition, as a page prints them."""
    found = {}
    for row in table("codings"):
        for key in (row["body_id"], (row["body_id"], row["proposition_id"])):
            quoted = html.escape(row["quote"]).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            found.setdefault(key, set()).add(f"<q>{quoted}</q>")
    return found


@pytest.mark.parametrize(
    ("page", "caption", "silent"),
    [
        ("scores.html", "Every body: agreement with", 7),
        ("2-agreement.html", "Agreement with “", 7),
        ("2-agreement.html", "Agreement with each model", 0),
    ],
)
def test_every_row_of_an_agreement_table_is_one_step_from_all_the_phrases_of_its_body(
    files, phrases, page, caption, silent
):
    ids = {row["name"]: row["body_id"] for row in table("bodies")}
    for (name, own), *cells in cells_of(files[page], caption):
        assert own == f"body-{ids[name]}.html"
        assert any(re.search(r"\d", text) for text, _ in cells)
        for text, address in cells:  # one link a row, or one a number
            assert address in ("", own), (name, text)
        assert all(quote in element(files, own) for quote in phrases.get(ids[name], ()))


def test_every_cell_of_the_matrix_is_one_step_from_the_phrases_that_carry_it(files, phrases):
    bodies = {row["name"]: row["body_id"] for row in table("bodies")}
    by_label = {row["label"]: row["proposition_id"] for row in table("propositions")}
    matrix = files["1-evidence.html"].decode().partition(">Position of each body")[2]
    heads = re.findall(
        r'<th scope="col"[^>]*><a href="(.*?)">(.*?)</a></th>', matrix.partition("</thead>")[0]
    )
    assert [file for file, _ in heads] == [
        f"proposition-{by_label[html.unescape(label)]}.html" for _, label in heads
    ]
    spoken = 0
    for (name, sheet), *cells in cells_of(files["1-evidence.html"], "Position of each body"):
        alone = [cell for cell in cells if cell[1]]  # of a body with one position, that leads on
        assert sheet == ("" if alone else f"body-{bodies[name]}.html")
        for (_, label), (text, address) in zip(heads, cells, strict=True):
            key = bodies[name], by_label[html.unescape(label)]
            assert address == (f"body-{key[0]}.html#on-{key[1]}" if address else "")
            if text not in ("[x]", "[u]", "[o]", "[z]"):
                spoken += 1
                assert not alone or alone == [(text, address)]  # one link a row
                shown = element(files, address or f"{sheet}#on-{key[1]}")
                assert all(quote in shown for quote in phrases[key])
    assert spoken == len(rows(files["tables/positions.csv"])) > 100


def test_every_coding_stands_once_on_its_bodys_sheet_with_all_that_was_recorded_of_it(files):
    cells = {}
    for row in table("codings"):
        key = row["body_id"], row["proposition_id"], row["source_id"]
        cells.setdefault(key, []).append(row)
    reasons = {tuple(list(row.values())[:3]): row["reason"] for row in table("adjudications")}
    sources = {row["source_id"]: row for row in table("sources")}
    called = {row["coder"]: row["name"] for row in table("coders")}
    for (body, proposition, source), readings in cells.items():
        address = f"body-{body}.html#{proposition}--{source}"
        assert files[f"body-{body}.html"].decode().count(f'id="{proposition}--{source}"') == 1
        shown = html.unescape(element(files, address))
        assert f"source-{source}.html" in shown
        assert sources[source]["published"] in shown
        assert shown.count("<q>") == len({row["quote"] for row in readings})
        for row in readings:
            assert f"<q>{row['quote']}</q>" in shown
            assert called[row["coder"]] in shown
            assert row["basis"] in shown
            assert row["note"] in shown
        assert reasons.get((body, proposition, source), "") in shown
    shown = sum(raw.decode().count("<q>") for name, raw in files.items() if name[:5] == "body-")
    assert shown == sum(len({row["quote"] for row in of}) for of in cells.values())


def test_a_disputed_cell_is_one_step_from_the_reason_of_its_decision(files):
    found = 0
    for row in cells_of(files["1-evidence.html"], "Every disagreement"):
        (decision, address), (reason, _) = row[-2:]
        assert decision
        assert reason in html.unescape(element(files, address))
        found += 1
    readers = {}
    for row in table("codings"):
        readers.setdefault(row["source_id"], set()).add(row["coder"])
    # Where one of two readers found nothing in a source, nobody is known to differ from the other.
    differ = [row for row in table("adjudications") if len(readers[row["source_id"]]) > 1]
    assert found == len(differ) > 20


def test_every_reading_of_the_evidence_leads_to_its_row_on_the_bodys_sheet(files):
    ids = {row["name"]: row["body_id"] for row in table("bodies")}
    by_label = {row["label"]: row["proposition_id"] for row in table("propositions")}
    read = 0
    for (name, _), (label, _), *cells in cells_of(
        files["1-evidence.html"], "Every reading, with the phrase"
    ):
        ((_, coding),) = [cell for cell in cells if cell[1]]  # one link a row
        assert coding.startswith(f"body-{ids[name]}.html#{by_label[label]}--")
        shown = html.unescape(element(files, coding))
        assert f"<q>{cells[1][0]}</q>" in shown
        read += 1
    assert read == len(table("codings"))


def test_every_claim_leads_to_where_it_is_examined(files):
    claims = files["scores.html"].decode().partition('<h2 id="claims">')[2].partition("<h2")[0]
    wanted = {row["claim_id"]: row["wording"] for row in table("claims")
              if row["kind"] != "same-group"}  # fmt: skip
    found = dict(re.findall(r'<li><a href="4-robustness.html#claim-(.*?)">(.*?)</a>', claims))
    assert {key: html.unescape(text) for key, text in found.items()} == wanted
    for key, wording in wanted.items():
        assert html.unescape(element(files, f"4-robustness.html#claim-{key}")) == wording


def test_no_page_is_an_orphan(pages):
    reached, waiting = set(), {"index.html"}
    while waiting:
        reached |= waiting
        waiting = {
            link["href"].partition("#")[0]
            for name in waiting for link in pages[name].of("a")
            if link["href"].partition("#")[0] in pages
        } - reached  # fmt: skip
    assert reached == set(pages)


@pytest.mark.slow
def test_a_notebook_that_is_about_something_without_a_sheet_stops_the_build(tmp_path):
    code = ("from positions.present.display import table\nimport pandas as pd\n"
            "table(pd.DataFrame({'body_id': ['nobody'], 'name': ['Nobody']}), 'c')")  # fmt: skip
    with pytest.raises(BuildError, match=r"1-odd\.ipynb: a table is about body 'nobody', which no"):
        build_village(tmp_path, "1-odd", new_markdown_cell("# T"), new_code_cell(code))


# --- its list of files -------------------------------------------------------------------------


def test_the_manifest_of_the_site_matches_its_files(files):
    listed = dict(
        reversed(line.split("  ")) for line in files["manifest.sha256"].decode().splitlines()
    )
    assert listed == {
        name: hashlib.sha256(raw).hexdigest()
        for name, raw in files.items()
        if name != "manifest.sha256"
    }


# --- options --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    return notebooks(tmp_path_factory.mktemp("quick"))


@pytest.mark.slow
def test_a_date_and_a_class_of_evidence_change_what_counts_on_every_page(tmp_path):
    out = tmp_path / "site"
    (tmp_path / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / "1-evidence.ipynb", tmp_path / "notebooks")
    arguments = ["report", str(ROOT / "data"), "--out", str(out), "--notebooks",
                 str(tmp_path / "notebooks")]  # fmt: skip
    assert main([*arguments, "--as-of", "2021-02-11", "--evidence", "stated"]) == 0
    files = contents(out)
    found = rows(files["tables/positions.csv"])
    assert {row["basis"] for row in found} == {"stated"}
    latest = load.read(ROOT / "data").sources.set_index("source_id")["latest"]
    cited = {source for row in found for source in row["source_id"].split()}
    assert "nhs-providers-briefing-2021-02-11" in cited
    # the letter may be later than the day, the petition is
    assert not {"konp-letter", "petition-news-2021-11-08"} & cited
    assert (latest[list(cited)] <= "2021-02-11").all()
    pages = parsed(files)
    assert_sound(pages)
    assert_links_resolve(pages, files)
    assert f"took {len(found)} of {85 * 40} possible positions" in pages["1-evidence.html"].text
    assert "It spoke on none of the 19 points of the design" in pages["body-ynny.html"].text


@pytest.mark.slow
def test_the_options_reach_the_notebooks_and_before_the_first_source_nothing_is_claimed(
    quick, tmp_path
):
    out = tmp_path / "site"
    assert main(["report", str(ROOT / "data"), "--out", str(out), "--notebooks", str(quick),
                 "--model", "option-1", "--as-of", "1999", "--evidence", "implied",
                 "stated"]) == 0  # fmt: skip
    pages = parsed(contents(out))
    assert "option-1 1999 implied stated" in pages["1-quick.html"].text
    assert "No body is ranked: that takes 7 propositions spoken on" in pages["scores.html"].text
    assert "[x]" in pages["scores.html"].text
    assert "No body spoke on enough of the design to be ranked" in pages["index.html"].text
    assert not re.search(r"\bnan\b", pages["index.html"].text + pages["scores.html"].text)


@pytest.mark.slow
def test_the_texts_given_decide_what_the_assurance_page_says(quick, tmp_path):
    folder = village.write(tmp_path / "study")
    texts = village.write_texts(tmp_path / "texts")
    (texts / "news.txt").unlink()
    out = tmp_path / "site"
    before = contents(folder), contents(quick), contents(texts)
    arguments = ["report", str(folder), "--out", str(out), "--notebooks", str(quick)]
    assert main([*arguments, "--texts", str(texts)]) == 0
    assert (
        contents(folder),
        contents(quick),
        contents(texts),
    ) == before  # what is read is left alone
    page = parsed(contents(out))["assurance.html"].text
    assert "7 of 7 phrases stand in the stored texts at their offsets." in page
    assert "3 phrases not verified here: texts absent." in page
    # 4 bodies, 3 sources, 4 propositions, 2 models, 5 positions of models, 2 coders, 10 codings,
    # 1 question
    assert "31 records in 15 tables, every one used" in page
    assert main(arguments) == 0
    page = parsed(contents(out))["assurance.html"].text
    assert "10 phrases not verified here: texts absent." in page
    assert "phrases stand" not in page
    for digest in load.read(folder).digests.values():
        assert digest in page


def test_a_phrase_that_does_not_stand_in_its_text_stops_the_report(quick, tmp_path, capsys):
    folder = village.write(tmp_path / "study")
    texts = village.write_texts(tmp_path / "texts")
    text = (texts / "brief.txt").read_text()
    (texts / "brief.txt").write_text(text[::-1])  # of the same length
    out = tmp_path / "site"
    arguments = ["report", str(folder), "--out", str(out), "--notebooks", str(quick)]
    assert main([*arguments, "--texts", str(texts)]) == 1
    said = capsys.readouterr().err
    assert "sources.csv:2 [sha256]: error: text-changed: «brief» " in said
    assert "error: phrase-gone: «" in said
    assert not out.exists()


# --- hostile strings ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile_site(hostile_built):
    return contents(hostile_built)


@pytest.mark.slow
def test_no_markup_of_a_study_reaches_a_page_unescaped(hostile_site):
    pages = parsed(hostile_site)
    assert_sound(pages)
    assert_links_resolve(pages, hostile_site)
    for name, page in pages.items():
        assert_policy(page)
        # headings, titles and cells hold the strings as text, not as elements
        assert not {"b", "i", "script"} & {tag for tag, _, _ in page.elements}, name
        assert b"<script" not in hostile_site[name].lower()
        assert "<script>alert(1)</script>" in page.text, name


@pytest.mark.slow
def test_ids_with_marks_in_them_become_file_names_of_their_own(hostile_site):
    sheets = sorted(name for name in hostile_site if name.startswith("body-"))
    assert len(sheets) == 4
    assert [name for name in sheets if name in ("body-beta.html", "body-maker.html")] == [
        "body-beta.html", "body-maker.html",
    ]  # fmt: skip
    assert all(re.fullmatch(r"body-[a-z0-9-]+\.html", name) for name in sheets)


@pytest.mark.slow
def test_a_cell_in_dispute_is_set_aside_and_shown_with_both_readings(hostile_site):
    found = rows(hostile_site["tables/positions.csv"])
    assert [row["proposition_id"] for row in found if row["body_id"] == "x'y=z"] == ["p1"]
    (sheet,) = [page.text for name, page in parsed(hostile_site).items()
                if "How we read $x$" in page.text]  # fmt: skip
    assert "not decided" in sheet
    assert re.search(r"Ann \+2\s*Ben -2", sheet)


@pytest.mark.slow
def test_bodies_that_share_a_name_keep_their_own_rows(hostile_site):
    head, *lines = csv.reader(io.StringIO(hostile_site["tables/matrix.csv"].decode()))
    assert head[0] == "body_id"
    assert sorted(line[0] for line in lines) == ["A&b", "beta", "maker", "x'y=z"]


def renamed(**names):
    """The made-up study's tables with other ids for its bodies."""
    tables = village.tables()
    for name in ("bodies", "codings"):
        for row in tables[name][1:]:
            row[0] = names.get(row[0], row[0])
    return tables


@pytest.mark.slow
def test_ids_that_are_odd_or_very_long_become_files_of_the_site(tmp_path, quick):
    tables = renamed(alpha="con-1", beta="B.txt", gamma="l" * 100, maker="e\u0301'&=")
    folder = village.write(tmp_path / "home" / "study", tables)
    out = tmp_path / "home" / "site"
    assert main(["report", str(folder), "--out", str(out), "--notebooks", str(quick)]) == 0
    sheets = [name for name in contents(out) if name.startswith("body-")]
    assert len(sheets) == 4
    assert all(re.fullmatch(r"body-[a-z0-9-]{3,69}\.html", name) for name in sheets)
    assert {path.name for path in tmp_path.iterdir()} == {"home"}
    assert {path.name for path in out.parent.iterdir()} == {
        "study", "site", ".site.lock",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stem", "told"),
    [
        ("index", "index.ipynb: the report has a page index.html of its own; rename it"),
        ("contents", "contents.ipynb: the report has a page contents.html of its own; rename it"),
        (
            "body-beta",
            "body-beta.ipynb: the report has a page body-beta.html of its own; rename it",
        ),
        ("Index", "two files of the site would be named Index.html and index.html; rename one"),
    ],
)
def test_a_notebook_that_would_take_the_name_of_a_page_is_refused(tmp_path, stem, told):
    with pytest.raises(BuildError, match=f"^{re.escape(told)}$"):
        build_village(tmp_path, stem, *QUICK)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("stem", ["javascript:alert(1)", "a#b", "a?b", "a%41", ".a", "a\nb", "-"])
def test_a_notebook_whose_name_cannot_be_a_pages_is_refused(tmp_path, stem):
    with pytest.raises(BuildError, match="no page can have this name; rename the notebook with"):
        build_village(tmp_path, stem, *QUICK)


@pytest.mark.slow
def test_a_link_to_a_page_with_a_space_or_an_accent_in_its_name_leads_there(tmp_path):
    build_village(tmp_path, "1-où est-ce (1)", *QUICK)
    files = contents(tmp_path / "site")
    assert "1-où est-ce (1).html" in files
    assert_links_resolve(parsed(files), files)
    assert b'href="1-o%C3%B9%20est-ce%20%281%29.html"' in files["index.html"]


def test_two_ids_made_to_share_a_file_are_refused_and_none_is_written_over(tmp_path, quick):
    twin = pages_of.anchor("LGA")  # a plain id, and so its own anchor
    loaded = load.read(village.write(tmp_path / "study", renamed(alpha="LGA", beta=twin)))
    with pytest.raises(BuildError, match=rf"would be named body-{twin}\.html; rename one$"):
        build.build(loaded, tmp_path / "site", notebooks=quick)


# --- all or nothing -------------------------------------------------------------------------


@pytest.mark.slow
def test_a_notebook_that_fails_leaves_the_last_good_site_and_says_why(tmp_path, capsys):
    folder = village.write(tmp_path / "study")
    place = notebooks(tmp_path / "notebooks")
    arguments = ["report", str(folder), "--out", str(tmp_path / "site"), "--notebooks",
                 str(place)]  # fmt: skip
    assert main(arguments) == 0
    before = contents(tmp_path / "site")
    cells = [new_markdown_cell("# Sums"), new_code_cell("a = 1"), new_code_cell("a / 0")]
    notebooks(place, cells, "2-sums")
    capsys.readouterr()
    assert main(arguments) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "the report was not built: 2-sums.ipynb: code cell 2 of 2 (a / 0) failed" in printed.err
    assert "Traceback (most recent call last)" in printed.err
    assert "ZeroDivisionError: division by zero" in printed.err
    assert "holds the last good report, as it was" in printed.err
    assert contents(tmp_path / "site") == before
    assert {path.name for path in tmp_path.iterdir()} == {
        "study",
        "notebooks",
        "site",
        ".site.lock",
    }


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["1"], r"2-odd\.ipynb: no heading; begin with a Markdown cell `# Title`"),
        (["# T", *["from positions.present.display import table\nimport pandas as pd\n"
                   "table(pd.DataFrame({'a': [1]}), 'c', name='one')"] * 2],
         r"2-odd\.ipynb: two tables are named 'one'"),
    ],
)  # fmt: skip
def test_a_notebook_that_makes_no_page_is_refused_by_name(tmp_path, cells, told):
    made = [new_markdown_cell(c) if c.startswith("#") else new_code_cell(c) for c in cells]
    with pytest.raises(BuildError, match=told):
        build_village(tmp_path, "2-odd", *made)
    assert not (tmp_path / "site").exists()
