"""What a notebook shows is read strictly and written anew, or refused by name."""

import json
import pathlib
import re

import pandas as pd
import pytest
from nbformat.v4 import new_output

from positions.site import html_policy, pages

PNG = "iVBORw0KGgo="  # a PNG file's first eight bytes


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("plain", "plain"),
        ("a < b && c", "a &lt; b &amp;&amp; c"),
        ("<p>a<br/>b<BR>c</p>", "<p>a<br>b<br>c</p>"),
        ("<P CLASS=note>x</P>", '<p class="note">x</p>'),
        ("<p title='\"<b>'>x</p>", '<p title="&quot;&lt;b&gt;">x</p>'),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("a<!-- aside -->b", "ab"),
        ("<a href='#x'>x</a>", '<a href="#x">x</a>'),
        ("<a href=tables/map.csv>x</a>", '<a href="tables/map.csv">x</a>'),
        ("<a href=2-a.html#claims>x</a>", '<a href="2-a.html#claims">x</a>'),
        ("<a href='https://example.org/?a=1&b'>x</a>",
         '<a href="https://example.org/?a=1&amp;b">x</a>'),
        ("<td style='text-align:right'>1</td>", '<td style="text-align:right">1</td>'),
    ],
)  # fmt: skip
def test_what_a_page_may_hold_is_written_anew(given, written):
    assert html_policy.rewritten(given) == written
    assert html_policy.rewritten(written) == written


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("<script>1</script>", "the element <script>"),
        ("<SCRIPT SRC=//e.org>", "the element <script>"),
        ("<img src=x onerror=go()>", "the element <img>"),
        ("<svg/onload=go()>", "the element <svg>"),
        ("<math><mi>x</mi></math>", "the element <math>"),
        ("<iframe src='data:text/html,x'></iframe>", "the element <iframe>"),
        ("<object data=x></object>", "the element <object>"),
        ("<meta http-equiv=refresh content='0;url=//e.org'>", "the element <meta>"),
        ("<base href=//e.org>", "the element <base>"),
        ("<link rel=stylesheet href=//e.org>", "the element <link>"),
        ("<style>@import '//e.org'</style>", "the element <style>"),
        ("<form action=//e.org></form>", "the element <form>"),
        ("<input autofocus onfocus=go()>", "the element <input>"),
        ("<template><p></template>", "the element <template>"),
        ("<video src=x></video>", "the element <video>"),
        ("<noscript><p title='</noscript><img src=x>'>", "the element <noscript>"),
        ("<x-y>", "the element <x-y>"),
        ("<p onclick=go()>x</p>", "the attribute 'onclick' of <p>"),
        ("<p style='color:red'>x</p>", "the attribute 'style' of <p>"),
        ("<td style='background:url(//e.org)'>1</td>", "style='background:url(//e.org)' of <td>"),
        ("<td background=//e.org>1</td>", "the attribute 'background' of <td>"),
        ("<a ping=//e.org href=#x>x</a>", "the attribute 'ping' of <a>"),
        ("<a target=_blank>x</a>", "the attribute 'target' of <a>"),
        ("<p class=a class=b>x</p>", "an attribute twice in <p>"),
        ("<p>x", "<p>, which is never closed"),
        ("<p/>", "<p/>, which is never closed"),
        ("</main>", "</main> where it closes nothing"),
        ("<p><em></p></em>", "</p> where it closes nothing"),
        ("<!DOCTYPE html>", "the declaration <!DOCTYPE html>"),
        ("<?php x ?>", "the instruction <?php x ?>"),
    ],
)
def test_what_no_page_may_hold_is_refused_by_name(given, told):
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        html_policy.rewritten(given)


@pytest.mark.parametrize("address", [
    "javascript:go()", "JaVaScRiPt:go()", "java\tscript:go()", " javascript:go()",
    "\x01javascript:x", "java&#115;cript:go()", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "//example.org",
    "/\\example.org", "\\\\example.org", "../up.html", "a/../../up.html", "blob:x", "", "x:y", ":x",
    "ftp://example.org", "https:example.org", "about:blank",
])  # fmt: skip
def test_an_address_is_a_file_of_the_site_a_web_address_or_refused(address):
    with pytest.raises(ValueError, match=r"^href=.* of <a>$"):
        html_policy.rewritten(f'<a href="{address}">x</a>')


def test_prose_as_people_write_it_is_admitted_whole():
    html = pages.markdown(
        "# A *b* `c`\n\n1. a\n2. b\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n> said\n\nline  \nbreak, "
        "~~gone~~ **so**\n\n---\n\n```python\nx = 'y' < 1\n```\n\n[more](2-more.html#a) "
        "<https://example.org/b?c=d&e=f> 5 < 6 & 7"
    )
    assert html_policy.rewritten(html).replace("&#x27;", "'") == (
        html.replace("<br />", "<br>").replace("<hr />", "<hr>").replace("&#39;", "'")
    )


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"image/png": '"><script>go()</script>'}, "a picture that is not base 64"),
        ({"image/png": "abcd"}, "a picture that is no PNG"),
        ({"image/png": ""}, "a picture that is no PNG"),
        ({"text/html": "<b>x</b>"}, "the element <b>"),
        ({"text/html": "<p>x</p>", "text/latex": "$x$"}, "an output of the kind text/latex"),
        ({"TEXT/HTML": "<p>x</p>"}, "an output of the kind TEXT/HTML"),
    ],
)
def test_an_output_with_what_no_page_may_hold_is_refused(data, told):
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        html_policy.admit(new_output("display_data", data))


def test_a_picture_is_nothing_but_base_64():
    output = new_output("display_data", {"image/png": f"{PNG[:5]}\n{PNG[5:]}\n"})
    html_policy.admit(output)
    assert output.data["image/png"] == PNG


def test_the_drawing_for_a_telephone_is_a_picture_or_is_refused():
    about = {"image/png": {"alt": "A.", "narrow": PNG}}
    drawn = new_output("display_data", {"image/png": PNG}, metadata=about)
    html_policy.admit(drawn)
    assert drawn["metadata"]["image/png"]["narrow"] == PNG
    for bad in ('"><script>', 3, "R0lGODlh"):  # markup, a number, a GIF file's first bytes
        drawn["metadata"]["image/png"]["narrow"] = bad
        with pytest.raises(ValueError, match="a picture that is no"):
            html_policy.admit(drawn)


def test_markup_that_stands_for_a_picture_elsewhere_is_left_out():
    output = new_output("display_data", {"image/png": PNG, "text/html": "<img src=x>"})
    html_policy.admit(output)
    assert output.data == {"image/png": PNG}


def test_every_output_and_all_prose_of_the_shipped_notebooks_are_admitted_as_they_are():
    outputs = 0
    for path in pathlib.Path("notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if "image/png" in output["data"]:
                    continue
                html = "".join(output["data"].get("text/html", ""))
                assert html_policy.rewritten(html) == html
                outputs += 1
    assert outputs > 50


def on_page(frame):
    """What a page holds of a DataFrame, without line ends."""
    with pd.option_context("display.html.use_mathjax", True):
        return re.sub(r"\n *", "", html_policy.rewritten(frame._repr_html_()))


def test_a_dataframe_is_a_region_for_keys_its_headers_head_and_its_numbers_stand_right():
    frame = pd.DataFrame({"Body": ["a<b", "$5 c"], "Score": [1.5, None]}, index=["x", "y"])
    assert on_page(frame) == (
        '<div><div class="scroll" role="region" tabindex="0" aria-label="Table of Body, Score">'
        '<table class="dataframe"><thead><tr><td></td><th scope="col">Body</th>'
        '<th scope="col" class="number">Score</th></tr></thead><tbody>'
        '<tr><th scope="row">x</th><td>a&lt;b</td><td class="number">1.5</td></tr>'
        '<tr><th scope="row">y</th><td>$5 c</td><td class="number">NaN</td></tr>'
        "</tbody></table></div></div>"
    )


def test_headers_over_several_rows_or_columns_head_the_group():
    index = pd.MultiIndex.from_product([["ann"], ["a", "b"]], names=["coder", "part"])
    frame = pd.DataFrame([[1, 2], [3, 4]], index=index)
    frame.columns = pd.MultiIndex.from_product([["said"], ["x", "y"]])
    found = on_page(frame)
    assert '<th colspan="2" scope="colgroup">said</th>' in found
    assert '<th rowspan="2" scope="rowgroup">ann</th><th scope="row">a</th>' in found
    assert '<th scope="col" class="number">x</th>' in found


@pytest.mark.parametrize("rows", [0, 1, 500])
def test_a_dataframe_of_any_length_is_shown_as_pandas_cuts_it(rows):
    found = on_page(pd.DataFrame({"n": range(rows)}))
    assert found.count("<tr>") == {0: 1, 1: 2, 500: 1 + 10 + 1}[rows]
    assert ("<p>500 rows" in found) == (rows == 500)


def test_what_a_header_says_cannot_end_the_name_of_its_region():
    found = on_page(pd.DataFrame({'a" onclick="go()': [1]}))
    assert 'aria-label="Table of a&quot; onclick=&quot;go()"' in found
    table = '<table class="dataframe"><tr><th><a href="#x">y</a></th></tr></table>'
    assert 'aria-label="Table">' in html_policy.rewritten(table)


@pytest.mark.parametrize(
    "text",
    ["<a " * 10_000, "<a " * 999 + "x" * 2_000_000, ">" * 999 + "<a " * 999, "<!--" * 900 + "x>",
     "<![CDATA[" * 900, "</" * 900 + "x", "<p>a</p><p", "<![>", "x" * 20_000_001],
)  # fmt: skip
def test_damaged_or_endless_markup_is_refused_at_once(text):
    with pytest.raises(ValueError):
        html_policy.rewritten(text)


def test_a_text_in_lines_is_joined_and_what_is_no_text_is_refused():
    output = {"data": {"text/html": ["<p>a</p>", "<p>b</p>"]}}
    html_policy.admit(output)
    assert output["data"]["text/html"] == "<p>a</p><p>b</p>"
    with pytest.raises(ValueError, match="text/html that is no text"):
        html_policy.admit({"data": {"text/html": [1]}})
