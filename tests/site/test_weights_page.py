"""The page on which weights are moved reckons as Python does, and is the only one with a script."""

import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import any_study
import browser as chromium
import numpy as np
import pytest
import village
from site_pages import SITE, Page
from village_report import notebooks

import positions as ps
from positions.cli.main import main
from positions.measures import _kernel
from positions.measures._kernel import Pairs
from positions.site import pages, weights_page

DATA = pathlib.Path(__file__).parents[2] / "data"
SCRIPT = pathlib.Path("src/positions/templates/weights.js")
node = pytest.mark.skipif(not shutil.which("node"), reason="there is no node: JS was NOT run")
in_browser = pytest.mark.skipif(
    "POSITIONS_BROWSER" not in os.environ, reason="POSITIONS_BROWSER names no browser"
)


def run(code, given):
    """What JavaScript code returns of what is given, with the functions of the script."""
    whole = (
        f"const {{scores, order, address, read}} = require({json.dumps(str(SCRIPT.resolve()))});"
        "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        f"process.stdout.write(JSON.stringify((() => {{ {code} }})()));"
    )
    done = subprocess.run(["node", "-e", whole], input=json.dumps(given), capture_output=True,
                          text=True, encoding="utf-8", timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def shipped():
    return ps.analyse(ps.read(DATA))


@pytest.fixture(scope="module")
def given(shipped):
    """What the script is given of the shipped study, as JSON hands it over."""
    return json.loads(json.dumps(weights_page.study(shipped)))


def laid_out(given):
    """Positions as a table of bodies by points, NaN for a blank."""
    wide = np.full((len(given["bodies"]), len(given["points"])), np.nan)
    for body, point, position in given["positions"][given["evidence"]]:
        wide[body, point] = position
    return wide


def by_python(wide, references, weights, silent):
    """Agreement by the kernel of the package: (weights, bodies)."""
    body, point = np.nonzero(~np.isnan(wide))
    pairs = Pairs.of(body, point, len(wide))
    far = _kernel.distance(wide[body, point], references[point])
    far = np.broadcast_to(far, (len(weights), len(far)))
    with np.errstate(invalid="ignore"):
        return 1 - _kernel.mean_distance(far, weights, pairs, silent)


@pytest.mark.slow
@node
def test_its_scores_and_ranges_are_pythons_on_ten_thousand_random_weights(given):
    draw = np.random.Generator(np.random.PCG64(20))
    wide = laid_out(given)
    references = np.array([point["reference"] for point in given["points"]], dtype=float)
    weights = draw.random((10_000, len(references))) * 5
    weights[draw.random(weights.shape) < 0.2] = 0.0
    weights[0] = 1.0
    bodies = np.argsort(-np.isfinite(wide).sum(axis=1), kind="stable")[:20]  # who said most
    rows = [[None if np.isnan(x) else x for x in row] for row in wide[bodies]]
    found = run(
        "return given.weights.map((w, at) => scores(given.references, w, given.rows, "
        "['out', 'neutral', 'against', 'for'][at % 4]).map("
        "one => [one.agreement, one.lower, one.upper]));",
        {"weights": weights.tolist(), "references": references.tolist(), "rows": rows},
    )
    found = np.array(found, dtype=float)
    ends = [None, _kernel.distance(np.zeros_like(references), references),
            np.ones_like(references), np.zeros_like(references)]  # fmt: skip
    for kind, silent in enumerate(ends):
        wanted = by_python(wide[bodies], references, weights[kind::4], silent)
        np.testing.assert_allclose(found[kind::4, :, 0], wanted, rtol=0, atol=1e-12)
    for side, silent in ((1, ends[2]), (2, ends[3])):
        wanted = by_python(wide[bodies], references, weights, silent)
        np.testing.assert_allclose(found[:, :, side], wanted, rtol=0, atol=1e-12)


@node
def test_at_the_studys_own_weights_it_says_what_the_table_says(given, shipped):
    code = """
      const w = given.points.map(p => p.weight * given.kinds[p.kind].weight);
      const wide = given.bodies.map(() => w.map(() => null));
      for (const [b, p, s] of given.positions[given.evidence]) wide[b][p] = s;
      const found = scores(given.points.map(p => p.reference), w, wide, "out");
      return [found.map(one => [one.agreement, one.lower, one.upper, one.spoke, one.of]),
              order(found, given.least)[0]];"""
    found, first = run(code, given)
    wanted = shipped.ranking[shipped.ranking["kind"] != "proposer"]
    columns = ["agreement", "lower", "upper", "spoke", "of"]
    np.testing.assert_allclose(np.array(found, dtype=float), wanted[columns].astype(float),
                               rtol=0, atol=1e-12)  # fmt: skip
    assert [given["bodies"][at] for at in first] == shipped.ranked["name"].tolist()


@node
def test_a_score_worked_by_hand():
    # against +2 and -1: -2 is as far as one can be, +2 as well; +1 is a quarter away; a blank left
    # out, put at no side (half and a third away), at its worst, at its best
    code = """return ["out", "neutral", "against", "for"].map(blank =>
      scores([2, -1], [1, 3], [[1, null], [-2, 2]], blank).map(one => one.agreement));"""
    found = run(code, {})
    assert found == [
        [pytest.approx(0.75), 0],
        [pytest.approx((0.75 + 3 * (1 - 1 / 3)) / 4), 0],
        [pytest.approx(0.75 / 4), 0],
        [pytest.approx((0.75 + 3) / 4), 0],
    ]


@node
def test_an_address_brings_back_what_was_chosen_and_takes_nothing_that_is_not_there():
    own = {"blank": "out", "evidence": "stated_implied", "kinds": [1, 0], "points": [1, 1, 2.5]}
    chosen = own | {"blank": "against", "evidence": "stated", "kinds": [1, 0.4],
                    "points": [0, 1, 2.5]}  # fmt: skip
    code = """const classes = ["stated_implied", "stated"];
      const hash = address(given.chosen, given.own);
      return [hash, read("#" + hash, given.own, 5, classes), address(given.own, given.own),
              read("#point0=9&point7=1&kind0=x&blank=maybe&evidence=all&<b>=1&points=3",
                   given.own, 5, classes)];"""
    hash_, back, nothing, wrong = run(code, {"own": own, "chosen": chosen})
    assert hash_ == "blank=against&evidence=stated&kind1=0.4&point0=0"
    assert back == chosen
    assert nothing == ""
    assert wrong == own


def test_its_policy_allows_this_script_and_no_other(shipped):
    text = weights_page.page(SITE, shipped)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
    assert text.count("<script") == 1
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', text)
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "</" not in script and "http" not in script
    assert not re.search(r"\b(fetch|eval|innerHTML|XMLHttpRequest|Function|import)\b", script)


def test_the_still_table_holds_every_body_but_who_proposed_it(shipped):
    page = Page(weights_page.page(SITE, shipped))
    assert page.unclosed == []
    assert len([row for row in page.of("tr") if "data-body" in row]) == 83
    assert "How much each point counts is a choice" in page.text


def test_a_study_that_breaks_pages_stays_text_and_data():
    with tempfile.TemporaryDirectory() as folder:
        tables = village.tables()
        tables["bodies"][1][1] = "</script><script>alert(1)</script>\"'&"
        found = ps.analyse(ps.read(village.write(pathlib.Path(folder) / "study", tables)))
        text = weights_page.page(SITE, found)
    assert text.count("<script") == 1
    (home,) = [a for a in Page(text).of("div") if "data-study" in a]
    assert tables["bodies"][1][1] in json.loads(home["data-study"])["bodies"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", any_study.EDGES)
def test_it_is_made_of_a_study_of_every_kind(kind):
    with tempfile.TemporaryDirectory() as folder:
        study = ps.read(any_study.EDGES[kind](pathlib.Path(folder) / "study"))
        page = Page(weights_page.page(SITE, ps.analyse(study)))
    assert page.unclosed == []
    assert not re.search(r"\b(nan|None|NaN)\b", page.text)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The page, in a folder of its own, as a browser opens it."""
    path = tmp_path_factory.mktemp("weights") / weights_page.FILE
    site = pages.Site(**{**vars(SITE), "title": "Shipped"})
    path.write_text(weights_page.page(site, ps.analyse(ps.read(DATA))), "utf-8")
    return path.as_uri()


def places(page):
    """The bodies that have a place, in order, with their scores."""
    return page.evaluate("""() => [...document.querySelectorAll("tbody tr")]
      .filter(row => row.cells[0].textContent !== "-")
      .map(row => row.cells[1].textContent + " " + row.cells[2].textContent)""")


@in_browser
@pytest.mark.slow
def test_a_key_moves_a_weight_and_order_address_and_what_is_read_out_follow(built):
    with chromium.playwright() as browser:
        page = browser.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(built)
        own = ["NHS Providers 80%", "Local Government Association 69%", "Keep Our NHS Public 26%"]
        assert places(page) == own
        assert not page.locator("#still").is_visible()
        page.locator("#kind1").focus()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        assert page.locator("#kind1-said").text_content() == "1"
        moved = places(page)
        assert len(moved) > 3 and moved[:3] != own
        assert page.evaluate("location.hash") == "#kind1=1"
        assert page.locator("[role=status]").text_content().startswith(f"Order: {moved[0]}")
        page.select_option("#blank", "against")
        address = page.evaluate("location.href")
        seen = places(page)
        other = browser.new_page()
        other.goto(address)  # another reader sees the same
        assert places(other) == seen
        page.locator("#own").focus()
        page.keyboard.press("Enter")
        assert places(page) == own and page.evaluate("location.hash") == ""
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert chromium.audit(page)[0] == {}, width
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        assert faults == []


@in_browser
@pytest.mark.slow
def test_without_script_the_table_stands_still_and_says_so(built):
    with chromium.playwright() as browser:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(built)
        assert page.locator("#still").is_visible()
        assert not page.locator("#blank").is_visible()
        assert page.locator("tbody tr").first.text_content().count("80%") == 1


@pytest.mark.slow
def test_only_a_report_that_is_asked_for_it_has_it(tmp_path):
    folder = village.write(tmp_path / "study")
    given = ["report", str(folder), "--out", str(tmp_path / "site"), "--notebooks",
             str(notebooks(tmp_path / "notebooks"))]  # fmt: skip
    assert main(given) == 0
    assert not (tmp_path / "site" / weights_page.FILE).exists()
    assert main([*given, "--interactive"]) == 0
    scripted = [path.name for path in sorted((tmp_path / "site").glob("*.html"))
                if "<script" in path.read_text("utf-8")]  # fmt: skip
    assert scripted == [weights_page.FILE]
    assert 'href="weights.html"' in (tmp_path / "site" / "index.html").read_text("utf-8")
