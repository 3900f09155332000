"""What a notebook shows is escaped, headed, and has a plain form beside it."""

import base64

import pandas as pd
import pytest
from matplotlib.figure import Figure

from positions.present.display import Chart, say, table
from positions.words import percent

AS_WRITTEN = 'class="mathjax_ignore tex2jax_ignore"'
HOSTILE = "<b>\"x\" & 'y'</b>"
ESCAPED = "&lt;b&gt;&quot;x&quot; &amp; &#x27;y&#x27;&lt;/b&gt;"


def test_every_string_of_a_table_is_escaped():
    shown = table(
        pd.DataFrame({"who": [HOSTILE], "what": [HOSTILE]}),
        HOSTILE,
        headings={"who": HOSTILE, "what": HOSTILE},
        note=HOSTILE,
    )
    html = shown.html()
    assert "<b>" not in html
    # caption and its label for the scrolling region, two headings, two cells, the note
    assert html.count(ESCAPED) == 7
    assert f'aria-label="{ESCAPED}"' in html


def test_formats_cannot_bring_markup_in():
    shown = table(pd.DataFrame({"a": [1]}), "c", formats={"a": lambda value: f"<i>{value}</i>"})
    assert "<i>" not in shown.html()
    assert "&lt;i&gt;1&lt;/i&gt;" in shown.html()


def test_numbers_stand_right_and_words_left_whatever_else_a_page_says():
    html = table(pd.DataFrame({"who": ["Ann", "Ben"], "age": ["3", "[x]"]}), "Ages").html()
    assert '<th scope="col" style="text-align: left">who</th>' in html
    assert '<th scope="row" style="text-align: left">Ann</th>' in html
    assert '<th scope="col" style="text-align: right">age</th>' in html
    assert '<td style="text-align: right">[x]</td>' in html


def test_columns_and_rows_have_scoped_headers():
    html = table(pd.DataFrame({"who": ["Ann", "Ben"], "age": [3, 4]}), "Ages").html()
    assert html.count('<th scope="col"') == html.count('<th scope="row"') == html.count("<td") == 2
    assert '<caption style="text-align: left">Ages</caption>' in html


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_what_is_missing_is_printed_as_an_x_and_never_reaches_the_format(missing):
    data = pd.DataFrame({"who": ["Ann"], "share": pd.Series([missing], dtype="object")})
    shown = table(data, "c", formats={"share": lambda value: f"{float(value):.1f}"})
    assert shown.cells() == [["Ann", "[x]"]]
    assert ">[x]</td>" in shown.html()
    assert "[x]" in shown.plain()


def test_only_the_columns_with_a_heading_are_printed_in_that_order():
    data = pd.DataFrame({"a": [1], "b": [2], "c": [3]})
    assert table(data, "t", headings={"c": "C", "a": "A"}).cells() == [["3", "1"]]


def test_csv_rounds_floats_to_six_decimals_and_leaves_all_else_alone():
    data = pd.DataFrame(
        {
            "id": ["007", "NA"],
            "count": [1, 10_000_000],
            "share": [2 / 3, 0.5],
            "text": ["0.123456789", "a,b"],
        }
    )
    assert table(data, "t").csv() == (
        'id,count,share,text\n007,1,0.666667,0.123456789\nNA,10000000,0.5,"a,b"\n'
    )


def test_csv_leaves_a_missing_number_blank():
    assert table(pd.DataFrame({"id": ["a"], "share": [float("nan")]}), "t").csv() == (
        "id,share\na,\n"
    )


def test_a_named_table_carries_its_csv_and_an_unnamed_one_does_not():
    data = pd.DataFrame({"id": ["a"]})
    shown, metadata = table(data, "t", name="ids")._repr_mimebundle_()
    assert metadata == {"text/html": {"table": {"name": "ids", "csv": "id\na\n"}}}
    assert set(shown) == {"text/plain", "text/html"}
    assert table(data, "t")._repr_mimebundle_()[1] == {}


def test_the_plain_twin_of_a_table_holds_caption_headings_cells_and_note():
    data = pd.DataFrame({"who": ["Ann"], "share": [0.25]})
    shown = table(data, "Shares", formats={"share": percent}, note="Of all.")
    lines = shown.plain().splitlines()
    assert lines[0] == "Shares"
    assert lines[1].split() == ["who", "share"]
    assert lines[2].split() == ["Ann", "25%"]
    assert lines[3] == "Of all."


def test_sentences_are_escaped_in_html_and_plain_beside_it():
    shown, _ = say("One & two.", "", "<b>.")._repr_mimebundle_()
    assert shown == {
        "text/plain": "One & two. <b>.",
        "text/html": f"<p {AS_WRITTEN}>One &amp; two. &lt;b&gt;.</p>",
    }


def test_a_list_of_sentences_is_shown_as_a_list():
    shown, _ = say(["One & two.", "", "Three."])._repr_mimebundle_()
    assert (
        shown["text/html"] == f"<ul {AS_WRITTEN}>\n<li>One &amp; two.</li>\n<li>Three.</li>\n</ul>"
    )
    assert shown["text/plain"] == "- One & two.\n- Three."


def test_a_chart_carries_its_alternative_text_as_metadata_and_as_plain_text():
    shown, metadata = Chart(Figure(), "Title", "Alt & text")._repr_mimebundle_()
    assert metadata == {"image/png": {"alt": "Alt & text"}}
    assert shown["text/plain"] == "Alt & text"
    assert shown["image/png"].startswith(b"\x89PNG")
    encoded = base64.b64encode(shown["image/png"]).decode()
    assert shown["text/html"] == (
        f'<img src="data:image/png;base64,{encoded}" alt="Alt &amp; text">'
    )


def test_a_picture_does_not_name_the_software_that_made_it():
    assert b"Matplotlib" not in Chart(Figure(), "Title", "Alt").png()


def test_a_table_without_rows_is_a_sentence_and_still_a_file():
    none = table(pd.DataFrame({"a": [], "b": []}), "Bodies <set> aside", name="aside", note="Why.")
    assert '<p>Bodies &lt;set&gt; aside: none.</p><p class="note">Why.</p>' in none.html()
    assert none.plain() == "Bodies <set> aside: none.\nWhy."
    assert none.csv() == "a,b\n"


def test_no_cell_of_a_table_runs_in_a_spreadsheet_and_numbers_stay_numbers():
    data = pd.DataFrame({"=name": ["=1+1", "@x", None], "share": [-0.5, 1.0, 2.0]})
    assert table(data, "t").csv() == "'=name,share\n'=1+1,-0.5\n'@x,1.0\n,2.0\n"


# --- tables with names on their axes --------------------------------------------------------


def unstacked(names=("Alpha", "Beta"), labels=("First", "Second")):
    """Two bodies by two propositions, without the second body's position on the first."""
    cells = pd.DataFrame(
        [
            ("a", names[0], "p1", labels[0], "+2"),
            ("a", names[0], "p2", labels[1], "-1i"),
            ("b", names[1], "p2", labels[1], "0"),
        ],
        columns=["body_id", "name", "proposition_id", "label", "shown"],
    )
    key = ["body_id", "name", "proposition_id", "label"]
    return cells.set_index(key)["shown"].unstack(["proposition_id", "label"])


def test_a_wide_table_prints_names_and_keeps_ids():
    shown = table(unstacked(), "Positions", headings={"name": "Body"})
    assert list(shown.headings.values()) == ["Body", "First", "Second"]
    assert shown.cells() == [["Alpha", "+2", "-1i"], ["Beta", "[x]", "0"]]
    assert shown.csv() == "body_id,name,First,Second\na,Alpha,+2,-1i\nb,Beta,,0\n"
    html = shown.html()
    assert 'data-proposition="p1">First</th>' in html
    assert 'data-body="a">Alpha</th>' in html
    assert 'data-body="a" data-proposition="p1">+2</td>' in html
    assert ">[x]</td>" in html


@pytest.mark.parametrize(
    ("labels", "heads"),
    [
        (("Twin", "Twin"), ["Twin (p1)", "Twin (p2)"]),
        (("Body", "Other"), ["Body (p1)", "Other"]),
        (("name", "body_id"), ["name (p1)", "body_id (p2)"]),
    ],
)
def test_columns_of_one_name_keep_a_column_each(labels, heads):
    shown = table(unstacked(labels=labels), "Positions", headings={"name": "Body"})
    assert list(shown.headings.values()) == ["Body", *heads]
    assert shown.cells()[0] == ["Alpha", "+2", "-1i"]


def test_a_wide_table_without_ids_is_headed_by_its_columns():
    counts = pd.DataFrame({"kind": ["a", "a", "b"], "basis": ["stated", "implied", "stated"]})
    wide = counts.groupby(["kind", "basis"]).size().unstack(fill_value=0)
    shown = table(wide, "Counts", headings={"kind": "Kind", "stated": "Stated"})
    assert list(shown.headings.values()) == ["Kind", "implied", "Stated"]
    assert shown.cells() == [["a", "1", "1"], ["b", "0", "1"]]


def test_a_named_index_is_the_first_column():
    means = pd.DataFrame({"kind": ["a", "b"], "share": [0.25, 0.5]}).groupby("kind").mean()
    shown = table(means, "Means", formats={"share": percent})
    assert shown.cells() == [["a", "25%"], ["b", "50%"]]
    assert shown.csv() == "kind,share\na,0.25\nb,0.5\n"


def test_a_wide_table_without_rows_is_a_sentence():
    none = table(unstacked().head(0), "Positions")
    assert none.plain() == "Positions: none."
