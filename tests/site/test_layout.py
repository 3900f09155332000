"""Long tables are folded, nothing of them is lost, and a page lists its parts."""

import re

import pytest
from markupsafe import Markup
from site_pages import SITE, Page

from positions.site import pages
from positions.site.layout import FEWEST, LONG, LONGEST, WORDY, laid_out


def table(rows, kind="", label="Scores &amp; ranks"):
    body = "".join(f"<tr><td>{number}</td></tr>" for number in range(rows))
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table{kind}>'
        f"<caption>{label}</caption><thead><tr><th>n</th></tr></thead><tbody>{body}</tbody>"
        "</table></div>"
    )


def page(main, kind=""):
    return f'<body><header></header>\n<main id="main"{kind}>{main}</main><footer></footer></body>'


def test_a_long_table_is_folded_whole_and_its_summary_says_how_long_it_is():
    made = laid_out(page(table(LONG + 1)))
    assert f"<details><summary>Scores &amp; ranks ({LONG + 1} rows)</summary>\n" in made
    assert made.count(table(LONG + 1)) == 1
    assert Page(made).unclosed == []


@pytest.mark.parametrize("left", [table(LONG), table(LONG + 9, ' class="sheet"'), table(0), "<p>x"])
def test_a_short_table_and_a_sheet_are_left_open(left):
    assert laid_out(page(left)) == page(left)


def test_a_table_with_a_word_too_long_for_paper_may_break_it():
    long, short = "x" * (LONGEST + 1), "a-word of-several-parts-is-no-long-one"
    assert '<table class="splits">' in laid_out(page(table(2, label=long)))
    assert "splits" not in laid_out(page(table(2, label=short)))


@pytest.mark.parametrize(("letters", "kind"), [(WORDY, ""), (WORDY + 1, ' class="wordy"')])
def test_a_table_with_a_long_sentence_is_not_crushed_on_a_telephone(letters, kind):
    sentence = ("by " * letters)[:letters]
    said = table(2).replace("<td>1</td>", f"<td>{sentence}</td>")
    assert f"<table{kind}>" in laid_out(page(said))


def test_each_table_is_folded_by_itself():
    made = laid_out(page(table(40) + table(2) + table(50)))
    assert re.findall(r"\((\d+) rows\)", made) == ["40", "50"]


def parts(*titles):
    return "".join(f"<h2>{title}</h2>" for title in titles)


def test_a_page_of_several_parts_lists_them_before_its_words():
    made = laid_out(page('<h2 id="one">A &amp; <q>B</q></h2>' + parts("Why?", "Why?", "Who")))
    listed = re.findall(r'<li><a href="#(.*?)">(.*?)</a></li>', made.partition("<main")[0])
    assert [title for _, title in listed] == ["A &amp; B", "Why?", "Why?", "Who"]
    ids = re.findall(r'<h2 id="(.*?)"', made)
    assert [key for key, _ in listed] == ids == list(dict.fromkeys(ids))
    assert ids[0] == "one"


def test_a_page_of_few_parts_and_a_brief_one_have_no_list():
    few = page(parts(*"abcdefg"[: FEWEST - 1]))
    assert "On this page" not in laid_out(few)
    brief = page(parts(*"abcdefg"), ' class="brief"')
    assert laid_out(brief) == brief


def test_what_a_study_says_can_neither_fold_nor_close_anything():
    said = '</main><h2>x</h2><div class="scroll"><table></table></div>'
    made = pages.render("page.html.j2", SITE, "a.html", "A", content=said)
    assert "<details" not in made and "On this page" not in made
    ours = pages.render("page.html.j2", SITE, "a.html", "A", content=Markup(table(40)))
    assert "(40 rows)" in ours
