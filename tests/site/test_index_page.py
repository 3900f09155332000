"""The first page is short, plain, and true of any study."""

import functools
import html
import pathlib
import re
import tempfile

import any_study
import pytest
import readability
from site_pages import SITE, Page, assert_sound

import positions as ps
from positions.site import index_page, pages

DATA = pathlib.Path(__file__).parents[2] / "data"


def page_of(study):
    """The first page of a study, made without its notebooks."""
    content = index_page.content(ps.audit(ps.analyse(study)))
    return pages.render("index.html.j2", SITE, index_page.FILE, index_page.TITLE, **content)


@functools.cache
def shipped():
    return page_of(ps.read(DATA))


def texts(page, *tags):
    """The text of each element of these tags in what is to be read before the way on."""
    said = page[page.index("<main") : page.index('id="pages"')]
    found = re.findall(rf"<({'|'.join(tags)})\b[^>]*>(.*?)</\1>", said, re.S)
    return [html.unescape(re.sub("<[^>]*>", "", text)).strip() for _, text in found]


def test_it_is_read_in_a_minute():
    prose = len(" ".join(texts(shipped(), "h1", "h2", "p")).split())
    tables = len(" ".join(texts(shipped(), "td", "th", "caption")).split())
    print(f"the first page: {prose} words, and {tables} in its tables")
    assert 200 <= prose <= 330
    assert tables <= 160
    assert shipped().count("<img") == 1


def test_who_reads_a_tabloid_can_read_it(capsys):
    ease, grade = readability.flesch(" ".join(texts(shipped(), "p")))
    with capsys.disabled():
        print(f" reading ease {ease:.0f}, grade {grade:.1f} ", end="")
    assert ease >= 60
    assert grade <= 9
    longest = max(len(sentence.split()) for text in texts(shipped(), "p")
                  for sentence in re.split(r"[.!?](?= )", text))  # fmt: skip
    assert longest <= 34


def test_it_says_everything_in_its_order():
    assert texts(shipped(), "h2") == [
        "What is proposed?", "Who supports what?", "Who stands together?",
        "Where is the trouble?", "What did the engagement say?", "How sure is this?",
    ]  # fmt: skip


def test_its_figure_is_drawn_for_a_telephone_too():
    page = Page(shipped())
    (source,) = page.of("source")
    assert source["media"] == "(max-width: 40rem)"
    (image,) = page.of("img")
    assert source["srcset"] != image["src"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", any_study.EDGES)
def test_it_holds_of_a_study_of_every_kind(kind):
    with tempfile.TemporaryDirectory() as folder:
        found = page_of(ps.read(any_study.EDGES[kind](pathlib.Path(folder) / "study")))
    assert_sound({"index.html": Page(found)})
    text = Page(found).text
    assert not re.search(r"\b(nan|None|NaN|inf|NaT)\b|<NA>|of \.|[“(][”)]|  of ", text), text


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_it_holds_of_random_studies(seed):
    with tempfile.TemporaryDirectory() as folder:
        made = any_study.random(pathlib.Path(folder) / "study", seed, bodies=7, propositions=6,
                                sources=4, coders=2)  # fmt: skip
        text = Page(page_of(ps.read(made, allow_unresolved=True))).text
    assert not re.search(r"\b(nan|None|NaN|inf|NaT)\b|<NA>|of \.|[“(][”)]", text), text
