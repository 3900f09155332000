"""Pages hold only what was escaped, and names that are safe in a file and in an address."""

import dataclasses
import re
from html.parser import HTMLParser

import nbformat
import pandas as pd
import pytest
from markupsafe import Markup
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from site_pages import PICTURE, SITE

from positions.present.display import Chart, table
from positions.site import pages


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
    assert ">Cap</caption>" in html
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
    reader.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    reader.feed(html)
    ((tag, attributes),) = [(t, a) for t, a in found if t not in ("h1", "p", "strong", "figure")]
    assert (tag, attributes["alt"]) == ("img", '<a> "b" & c')
    assert "<pre>" not in html  # the plain twin is not shown beside it


def test_a_chart_with_a_drawing_for_a_telephone_is_shown_there_by_it_and_else_is_scrolled():
    small = Figure(figsize=(1, 1))
    both = Chart(Figure(), "T", "Said. More", again=lambda: Chart(small, "T", "Said. More"))
    html, _ = pages.fragment(notebook(shown(both)))
    assert '<source media="(max-width: 40rem)" srcset="data:image/png;base64,' in html
    assert 'class="scroll"' not in html
    html, _ = pages.fragment(notebook(shown(Chart(Figure(), "T", "Said. More"))))
    assert "<source" not in html
    assert 'class="scroll" role="group" tabindex="0" aria-label="Figure: Said"' in html


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


def test_a_table_that_pandas_shows_is_a_table_of_the_page_without_its_style():
    bare = pd.DataFrame({"a": ["x < y"]})
    data = {"text/plain": "a", "text/html": bare._repr_html_()}
    shown, _ = pages.fragment(notebook(new_output("display_data", data), source="bare"))
    assert '<th scope="col">a</th>' in shown
    assert "<td>x &lt; y</td>" in shown
    assert "style" not in shown


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"text/html": {"table": "map"}}, "metadata in which 'table' is no mapping: 'shown'"),
        ({"text/html": "map"}, "metadata in which 'text/html' is no mapping: 'shown'"),
        ({"text/html": {"table": {"name": "map"}}}, "a table without a name or its CSV: 'shown'"),
    ],
)
def test_metadata_of_another_shape_are_refused_by_the_cells_words(metadata, told):
    output = new_output("display_data", {"text/html": "<p>x</p>"}, metadata=metadata)
    with pytest.raises(ValueError, match=re.escape(told)):
        pages.fragment(notebook(output, source="shown"))


def test_an_element_that_no_page_holds_is_refused_and_the_way_to_show_it_is_named():
    data = {"text/plain": "a", "text/html": "<style>p {color: red}</style>"}
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


@pytest.mark.parametrize(
    ("coders", "said"),
    [
        ([], ""),
        ([("person", "Ann"), ("person", "Ben")], "Read by people: Ann and Ben."),
        (
            [("model", "Reader 1"), ("model", "Reader 2")],
            "Read by programs: Reader 1 and Reader 2.",
        ),
        (
            [("model", "Reader 1"), ("person", "Ann")],
            "Read by people: Ann; by programs: Reader 1.",
        ),
    ],
)
def test_people_who_read_are_told_from_programs(coders, said):
    assert pages.readers(pd.DataFrame(coders, columns=["kind", "name"])) == said


def test_every_page_names_the_readers_the_last_day_and_whom_to_write_to():
    site = dataclasses.replace(
        SITE,
        readers="Read by people: Ann.",
        checked="3 of 9 codes checked by a person.",
        as_of="2021-04",
        created="2021-04-19T09:30:00Z",
        contact="<ann@example.org>",
    )
    page = pages.render("page.html.j2", site, "a.html", "A", content="")
    assert (
        '<p class="byline">Version 1.0 of 19 April 2021. Sources up to April 2021. Read by people: '
        "Ann. 3 of 9 codes checked by a person. Write to: &lt;ann@example.org&gt;</p>"
    ) in page
    assert "Sources that may be later than 2021-04 do not count." in page
    assert "Write to" not in pages.render("page.html.j2", SITE, "a.html", "A", content="")
