"""The page on what changed: linked to the sheets, well formed, and free of what others wrote."""

import re

import editions
import pytest
import village
import village_report
from editions import with_cell
from folders import contents
from site_pages import SITE, Page, assert_links_resolve, assert_policy, assert_sound, parsed

from positions.cli.main import main
from positions.compare import comparison
from positions.site import changes_page

MARKUP = "<script>alert(1)</script> \"'><b>&amp; $x$"


def test_the_page_links_each_row_of_a_body_to_its_sheet(tmp_path):
    found = editions.compared(tmp_path, with_cell("codings", ("alpha", "p3"), "stance", -1))
    page = Page(changes_page.page(SITE, found))
    assert page.unclosed == []
    links = [a["href"] for a in page.of("a") if a["href"].startswith("body-")]
    # its score, what moved it, its position, and its coding
    assert links == ["body-alpha.html"] * 4
    assert [a["id"] for a in page.of("h2")] == ["numbers", "positions", "records"]


def test_a_body_that_is_gone_has_no_sheet_to_lead_to(tmp_path):
    changed = {**editions.without("bodies", "gamma"), **editions.without("codings", "gamma")}
    text = changes_page.page(SITE, editions.compared(tmp_path, changed))
    assert '<th scope="row">Gamma</th>' in text
    assert "body-gamma" not in text


def test_where_nothing_differs_the_page_says_so_and_has_no_table(tmp_path):
    page = Page(changes_page.page(SITE, editions.compared(tmp_path)))
    assert "Nothing differs" in page.text
    assert page.of("table") == []


def test_every_table_has_a_caption_scoped_headers_and_a_region(tmp_path):
    changed = {**editions.with_source(), **with_cell("propositions", ("p3",), "weight", 3)}
    text = changes_page.page(SITE, editions.compared(tmp_path, changed))
    tables = re.findall(r"<div class=\"scroll\".*?</div>", text, re.S)
    assert len(tables) == text.count("<table") >= 6
    for table in tables:
        caption = re.search(r"<caption[^>]*>(.*?)</caption>", table).group(1)
        assert f'role="region" tabindex="0" aria-label="{caption}"' in table
        heads = len(re.findall(r'<th scope="col">', table))
        for row in re.findall(r"<tr>.*?</tr>", table.partition("<tbody>")[2], re.S):
            assert (row.count('<th scope="row">'), row.count("<td>")) == (1, heads - 1)


def hostile(stance):
    """The made-up study with markup wherever a comparison prints what others wrote."""
    tables = village.tables()
    for row in tables["bodies"][1:]:
        row[1], row[3] = f"{row[0]} {MARKUP}", f"{MARKUP} {stance}"
    for row in tables["propositions"][1:]:
        row[2] = f"{row[0]} {MARKUP}"
    for row in tables["models"][1:]:
        row[1] = f"{row[0]} {MARKUP}"
    tables["sources"][1][1] = f"{MARKUP} {stance}"
    tables["codings"][1][4], tables["codings"][1][9] = stance, f"{MARKUP} {stance}"
    tables["claims"] = [["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
                        ["c", "above", "alpha", "", 0.9, MARKUP]]  # fmt: skip
    return tables


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    return village_report.notebooks(tmp_path_factory.mktemp("notebooks"))


@pytest.fixture(scope="module")
def site(tmp_path_factory, notebooks):
    """A site of a study full of markup, since an earlier one that is full of it, too."""
    home = tmp_path_factory.mktemp("since")
    old = village.write(home / "old <b>", hostile(2), title=MARKUP, version=f"{MARKUP} 1")
    new = village.write(home / "new", hostile(-2), title=MARKUP, version=f"{MARKUP} 2")
    assert main(["report", str(new), "--out", str(home / "site"), "--notebooks", str(notebooks),
                 "--since", str(old)]) == 0  # fmt: skip
    return contents(home / "site")


@pytest.mark.slow
def test_no_markup_of_either_study_or_of_a_folders_name_reaches_the_page(site):
    found = parsed(site)
    assert_sound(found)
    assert_policy(found["changes.html"])
    page = found["changes.html"]
    assert not {"b", "script"} & {tag for tag, _, _ in page.elements}
    assert b"<script" not in site["changes.html"].lower()
    assert page.text.count(MARKUP) > 10
    assert "What changed since old <b>" in page.text


def test_every_page_leads_to_it_and_the_index_says_how_many_numbers_moved(site):
    found = parsed(site)
    assert_links_resolve(found, site)
    for name, page in found.items():
        labels = [a for a in page.of("a") if a["href"] == "changes.html"]
        assert labels, name
    assert found["changes.html"].of("a")[2].get("aria-current") is None
    # alpha on p1 from +2 to -2: agreement and both bounds against two models, and in how many
    # analyses the claim holds
    moved = re.search(
        r"Since old <b>, version .* 1: (\d+) published numbers moved\.", found["index.html"].text
    )
    assert int(moved.group(1)) == 7


def test_the_page_tells_no_path_of_the_machine(site):
    for name in ("changes.html", "index.html"):
        assert not re.search(rb"/(tmp|home|root|Users|usr|var)/", site[name]), name


@pytest.mark.slow
def test_without_since_there_is_no_such_page(tmp_path, notebooks):
    folder = village.write(tmp_path / "study")
    assert main(["report", str(folder), "--out", str(tmp_path / "site"), "--notebooks",
                 str(notebooks)]) == 0  # fmt: skip
    files = contents(tmp_path / "site")
    assert "changes.html" not in files
    assert not any(b"changes.html" in raw for raw in files.values())


@pytest.mark.slow
def test_the_options_of_the_report_decide_what_counts_on_both_sides(tmp_path, notebooks):
    old = village.write(tmp_path / "old")
    new = village.write(tmp_path / "new", editions.with_source())
    out = tmp_path / "site"
    assert main(["report", str(new), "--out", str(out), "--notebooks", str(notebooks),
                 "--since", str(old), "--as-of", "2021-04"]) == 0  # fmt: skip
    page = Page((out / "changes.html").read_text("utf-8"))
    assert "No published number moved." in page.text  # the leaflet is of May


@pytest.mark.slow
def test_the_page_is_the_same_whatever_was_built_before(tmp_path):
    changed = editions.with_source()
    sides = [editions.edition(tmp_path / n, given) for n, given in (("a", None), ("b", changed))]
    first, second = (changes_page.page(SITE, comparison.compare(*sides)) for _ in range(2))
    assert first == second


def test_a_notebook_whose_page_would_take_its_place_is_refused(tmp_path, capsys):
    home = village_report.notebooks(tmp_path / "notebooks", name="changes")
    folder = str(village.write(tmp_path / "study"))
    assert main(["report", folder, "--out", str(tmp_path / "site"), "--notebooks", str(home),
                 "--since", folder]) == 3  # fmt: skip
    assert "a notebook's page is named changes.html" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
