"""Pages of a site as tests look at them: their elements, their text, and what all must keep."""

import re
import urllib.parse
from collections import Counter
from html.parser import HTMLParser

from positions.site import pages

SITE = pages.Site(
    title="Village", description="", version="1.0", software="0", fingerprint="f" * 16,
    licence="", notice="", pages=(pages.Page("index.html", "Answer", "The answer"),),
)  # fmt: skip
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
"""A picture of one white point."""
VOID = {"meta", "img", "br", "link", "hr", "input", "source"}


class Page(HTMLParser):
    """A page as its elements: (tag, attributes), and the text in each."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.open, self.unclosed, self.text = [], [], [], ""
        self.feed(text)
        self.close()
        self.unclosed += self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), list(self.open)))
        assert len(dict(attrs)) == len(attrs), f"an attribute twice: {tag} {attrs}"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), list(self.open)))

    def handle_endtag(self, tag):
        if tag in self.open:
            while (last := self.open.pop()) != tag:
                self.unclosed.append(last)
        else:
            self.unclosed.append(f"/{tag}")

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text += data

    def of(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]


def parsed(files):
    return {name: Page(raw.decode()) for name, raw in files.items() if name.endswith(".html")}


STYLES = {"", "text-align: left", "text-align: right", "overflow-x: auto"}
"""Every style that an element of a page may have of its own."""


def assert_sound(pages):
    """Well formed, no script, nothing from outside, and every link leads somewhere."""
    for name, page in pages.items():
        assert page.unclosed == [], name
        for tag, attributes, _ in page.elements:
            assert tag not in {"script", "iframe", "object", "embed", "base", "form", "svg"}, name
            assert not any(key.startswith("on") for key in attributes), (name, attributes)
            assert "background" not in attributes, (name, attributes)
            assert attributes.get("style", "") in STYLES, (name, attributes)
            for source in (attributes[key] for key in ("src", "srcset") if key in attributes):
                assert re.fullmatch(r"data:image/png;base64,[\w+/]+=*", source), name
            if "href" in attributes:
                assert tag == "a", name
        ids = Counter(attributes["id"] for _, attributes, _ in page.elements if "id" in attributes)
        assert [key for key, times in ids.items() if times > 1] == [], name


def assert_policy(page):
    policies = [m["content"] for m in page.of("meta")
                if m.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    ]


def assert_links_resolve(pages, files):
    for name, page in pages.items():
        for link in page.of("a"):
            file, _, anchor = link["href"].partition("#")
            target = urllib.parse.unquote(file) or name
            assert target in files, (name, link)
            if anchor:
                ids = {a["id"] for _, a, _ in pages[target].elements if "id" in a}
                assert anchor in ids, (name, link)
