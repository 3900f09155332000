"""Pages hold only what was escaped, and names that are safe in a file and in an address."""

import pathlib
import re
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
import village
from markupsafe import Markup
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from positions import pages, stances, study
from positions.present import Chart, table

SITE = pages.Site(
    title="Village", description="", version="1.0", software="0", fingerprint="f" * 16,
    licence="", notice="", pages=(pages.Page("index.html", "Answer", "The answer"),),
)  # fmt: skip


@pytest.mark.parametrize("name", ["alpha", "nhs-providers", "q1"])
def test_a_plain_name_is_its_own_anchor(name):
    assert pages.anchor(name) == name


@pytest.mark.parametrize(
    "name", ["a/b", "..", ".", "A", "é", "a b", "-a", "<script>", "a" * 61, " "]
)
def test_any_other_name_becomes_plain_and_keeps_a_hash(name):
    made = pages.anchor(name)
    assert re.fullmatch(r"[a-z0-9-]{8,69}", made)
    assert not made.startswith("-")
    assert made != name


def test_names_that_look_alike_keep_anchors_of_their_own():
    names = ["lga", "LGA", "l-g-a", "l_g_a", "l/g/a", "l.g.a", "l g a"]
    assert len({pages.anchor(name) for name in names}) == len(names)


def test_the_file_of_a_body_stays_in_its_folder():
    for body_id in ("a/b", "..", "../../etc/passwd", "C:\\x"):
        file = pages.body_file(body_id)
        assert pathlib.PurePosixPath(file).name == file
        assert re.fullmatch(r"body-[a-z0-9-]+\.html", file)


def test_strings_are_escaped_and_only_markup_we_made_is_not():
    page = pages.render("page.html.j2", SITE, "index.html", "<b>", content="<i>&")
    assert "<title>&lt;b&gt; " in page
    assert "&lt;i&gt;&amp;" in page
    page = pages.render("page.html.j2", SITE, "index.html", "t", content=Markup("<i>ours</i>"))
    assert "<i>ours</i>" in page


def test_the_page_one_is_on_is_marked_in_the_navigation():
    assert '<a href="index.html" aria-current="page">Answer</a>' in pages.render(
        "page.html.j2", SITE, "index.html", "t", content=""
    )
    assert ' aria-current="page"' not in pages.render(
        "page.html.j2", SITE, "else.html", "t", content=""
    )


def test_a_content_that_is_not_given_is_an_error_and_not_a_blank():
    with pytest.raises(Exception, match="'body' is undefined"):
        pages.render("body.html.j2", SITE, "b.html", "t")


# --- notebooks -----------------------------------------------------------------------------


PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
"""A picture of one white point."""


def notebook(*outputs, source="1"):
    cells = [new_markdown_cell("# Title\n\nProse with **weight**.")]
    cells += [new_code_cell(source, outputs=[output]) for output in outputs]
    return new_notebook(cells=cells)


def shown(thing):
    data, metadata = thing._repr_mimebundle_()
    if "image/png" in data:
        data = {**data, "image/png": PICTURE}
    return new_output("execute_result", data, metadata=metadata, execution_count=1)


def test_a_notebook_page_holds_prose_and_outputs_and_no_code():
    html, tables = pages.fragment(notebook(shown(table(pd.DataFrame({"a": ["x"]}), "Cap")),
                                           source="secret_code = 1"))  # fmt: skip
    assert "<strong>weight</strong>" in html
    assert "<caption>Cap</caption>" in html
    assert "secret_code" not in html
    assert tables == {}


def test_a_named_table_becomes_a_file_with_a_link_below_the_table():
    named = shown(table(pd.DataFrame({"a": ["x"]}), "Cap", name="../Odd name"))
    html, tables = pages.fragment(notebook(named))
    ((file, text),) = tables.items()
    assert re.fullmatch(r"odd-name-[0-9a-f]{8}\.csv", file)
    assert text == "a\nx\n"
    assert html.index("</table>") < html.index(f'<a href="tables/{file}">')


def test_two_tables_of_one_name_are_refused():
    one = table(pd.DataFrame({"a": ["x"]}), "Cap", name="same")
    with pytest.raises(ValueError, match="two tables are named 'same'"):
        pages.fragment(notebook(shown(one), shown(one)))


def test_a_picture_keeps_its_alternative_text_escaped():
    html, _ = pages.fragment(notebook(shown(Chart(Figure(), "T", '<a> "b" & c'))))
    found = []
    reader = HTMLParser()
    reader.handle_startendtag = lambda tag, attributes: found.append((tag, dict(attributes)))
    reader.feed(html)
    ((tag, attributes),) = found
    assert (tag, attributes["alt"]) == ("img", '<a> "b" & c')
    assert "<pre>" not in html  # the plain twin is not shown beside it


def test_a_picture_without_alternative_text_is_refused_by_its_cell():
    bare = new_output("display_data", {"image/png": PICTURE})
    with pytest.raises(ValueError, match="a picture without alternative text: 'draw_it"):
        pages.fragment(notebook(bare, source="draw_it()"))


@pytest.mark.parametrize("kind", [
    "application/javascript", "text/vnd.mermaid", "image/svg+xml", "image/jpeg", "text/markdown",
    "text/latex", "application/vnd.jupyter.widget-view+json", "application/pdf",
])  # fmt: skip
def test_outputs_of_other_kinds_are_refused_by_kind_and_cell_though_they_have_a_plain_twin(kind):
    output = new_output("display_data", {kind: "graph TD; A-->B", "text/plain": "a diagram"})
    with pytest.raises(ValueError, match=rf"kind {re.escape(kind)}: code cell 1 of 1 \('draw_it"):
        pages.fragment(notebook(output, source="draw_it()"))


def test_a_markdown_cell_with_what_no_page_may_hold_is_refused_by_its_words():
    made = notebook()
    made.cells[0].source = "# Title\n\n[press here](javascript:go())"
    with pytest.raises(
        ValueError, match=r"href='javascript:go\(\)' of <a>: Markdown cell '# Title"
    ):
        pages.fragment(made)


def test_a_table_that_pandas_shows_is_refused_and_the_way_to_show_it_is_named():
    bare = pd.DataFrame({"a": ["x"]})
    data = {"text/plain": "a", "text/html": bare._repr_html_()}
    with pytest.raises(ValueError, match=r"element <style>: code cell 1 of 1 .'bare'.; show "):
        pages.fragment(notebook(new_output("display_data", data), source="bare"))


def test_plain_and_printed_outputs_are_escaped():
    html, _ = pages.fragment(
        notebook(
            new_output("execute_result", {"text/plain": "<b>plain</b>"}, execution_count=1),
            new_output("stream", name="stdout", text="<b>printed</b>"),
        )
    )
    assert "<pre>&lt;b&gt;plain&lt;/b&gt;</pre>" in html
    assert "<pre>&lt;b&gt;printed&lt;/b&gt;</pre>" in html
    assert "<b>" not in html


def test_reading_a_notebook_for_its_page_leaves_no_stored_code_behind():
    made = notebook(new_output("stream", name="stdout", text="x"))
    made.cells.append(nbformat.v4.new_raw_cell("<script>raw</script>"))
    assert "script" not in pages.fragment(made)[0]


# --- body sheets ---------------------------------------------------------------------------


@pytest.fixture
def read(tmp_path):
    def with_changes(**changed):
        return study.read(village.write(tmp_path / "study", changed), allow_unresolved=True)

    return with_changes


def sheet(loaded, body_id):
    return pages.sheet(loaded, stances.resolve(loaded.codings, loaded.adjudications), body_id)


def test_a_sheet_holds_every_code_with_its_phrase_source_and_coder(read):
    shown = sheet(read(), "alpha")
    assert shown["body"]["name"] == "Alpha"
    (source,) = shown["sources"]
    assert source["title"] == "The brief"
    assert source["caption"] == "3 codes from this source"
    assert source["line"] == "Briefing, Brief, 2021-03-01 (shown); whole text read."
    # by theme (trade before works), then by proposition
    assert [
        (cell["anchor"], cell["statement"], cell["code"], cell["readings"], cell["decided"])
        for cell in source["cells"]
    ] == [
        ("p2--brief", "A market should be opened.", "+2",
         [{"quote": "a market is welcome", "line": "ann, stated"}], ""),
        ("p1--brief", "A bridge should be built.", "+2",
         [{"quote": "we support the bridge", "line": "ann, stated"}], ""),
        ("p3--brief", "The mill should be mended.", "+1",
         [{"quote": "the mill has its uses", "line": "ann, implied: It follows."}], ""),
    ]  # fmt: skip


def test_the_sources_of_a_sheet_stand_in_the_order_of_their_dates(read):
    tables = village.tables()
    for row in tables["sources"]:
        if row[0] == "brief":
            row[3] = "2021-06"  # later than the news, which come after it in the alphabet
    (row,) = [row for row in tables["codings"] if row[:2] == ["alpha", "p3"]]
    tables["codings"].append(["alpha", "p4", "news", *row[3:6], "it is said", *[60, 70, "So."]])
    sources = sheet(read(**tables), "alpha")["sources"]
    assert [source["anchor"] for source in sources] == ["source-news", "source-brief"]
    assert [source["caption"] for source in sources] == [
        "1 code from this source",
        "3 codes from this source",
    ]


def test_a_sheet_names_where_nothing_was_found(read):
    loaded = read()
    assert sheet(loaded, "alpha")["silent"] == (
        "On 1 proposition of 4 we found nothing that can be coded: “Keep the toll”. Silence is "
        "not counted for or against."
    )
    assert sheet(loaded, "beta")["silent"] == "Every one of the 4 propositions is addressed."


@pytest.mark.parametrize(
    ("decided", "code", "reason"),
    [
        (["gamma", "p1", "news", 2, "It is plain."], "+2", "It is plain."),
        (["gamma", "p1", "news", "", "Not on the bridge."], "struck", "Not on the bridge."),
        (None, "not decided", ""),
    ],
)
def test_a_disputed_cell_shows_each_reading_and_what_was_decided(read, decided, code, reason):
    codings = village.tables()["codings"]
    (row,) = [row for row in codings if row[:2] == ["gamma", "p1"]]
    codings.append([*row[:3], "ben", 2, *row[5:]])
    # ben read the news, so what he passed over is in dispute as well, and decided
    passed = [["maker", p, "news", 2, "It says so."] for p in ("p1", "p2")]
    rows = [["body_id", "proposition_id", "source_id", "stance", "reason"], *passed]
    shown = sheet(
        read(codings=codings, adjudications=[*rows, *([decided] if decided else [])]), "gamma"
    )
    ((cell,),) = [source["cells"] for source in shown["sources"]]
    assert (cell["code"], cell["decided"]) == (code, reason)
    assert [reading["line"] for reading in cell["readings"]] == [
        "ann +1, reported",
        "ben +2, reported",
    ]


def test_the_sheet_of_a_body_that_is_silent_everywhere_has_no_source(read):
    bodies = [*village.tables()["bodies"], ["delta", "Delta", "guild", ""]]
    shown = sheet(read(bodies=bodies), "delta")
    assert shown["sources"] == []
    assert shown["silent"].startswith("On 4 propositions of 4 we found nothing")
