"""The same notebooks on a study that lacks nearly everything: one body, one coder, no claim."""

import re

import pytest
import village

from positions.cli.main import main

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of one body that spoke on one proposition, as one coder read it."""
    root = tmp_path_factory.mktemp("least")
    tables = village.tables()
    kept = {name: rows[:1] for name, rows in tables.items()}
    kept["bodies"] += [row for row in tables["bodies"] if row[0] == "gamma"]
    kept["codings"] += [row for row in tables["codings"] if row[0] == "gamma"]
    kept["sources"] += [row for row in tables["sources"] if row[0] == "news"]
    for row in kept["sources"][1:]:
        row[kept["sources"][0].index("phase")] = "proposal"
    least = {name: kept[name] for name in ("bodies", "codings", "sources", "engagement")}
    folder = village.write(root / "study", least, licenses=[{"name": "CC0-1.0"}, {"path": "x"}])
    assert main(["report", str(folder), "--out", str(root / "site")]) == 0
    return root / "site"


def test_it_has_its_report(site):
    made = {path.name for path in site.glob("*.html")}
    assert made == {
        "index.html", "scores.html", "1-evidence.html", "2-agreement.html", "3-groups.html",
        "4-robustness.html", "assurance.html", "contents.html", "body-gamma.html",
        "source-news.html", *(f"proposition-p{number}.html" for number in (1, 2, 3, 4)),
    }  # fmt: skip


def test_it_says_what_it_lacks(site):
    answer = (site / "scores.html").read_text("utf-8")
    assert "No body is ranked: that takes 3 propositions spoken on" in answer
    assert "No score rests on texts that two coders read" in answer
    assert "Coded tables: CC0-1.0. The phrases quoted" in answer
    evidence = (site / "1-evidence.html").read_text("utf-8")
    assert "No text was read by two coders: how far they agree is not known." in evidence
    assert "read more than once, each reading blind" not in evidence
    robustness = (site / "4-robustness.html").read_text("utf-8")
    assert "The study makes no claim on scores." in robustness
    assert "The scores of no body by analysis: none." in robustness


def test_it_speaks_of_no_other_study(site):
    for path in site.glob("*.html"):
        text = re.sub(r"data:image/png;base64,[\w+/=]+", "", path.read_text("utf-8"))
        others = r"NHS|\bICS\b|CCG|ntegrated care|[Cc]ombined model|England|Parliament|White Paper"
        assert re.findall(others, text) == [], path.name
