"""Build the documents as a site of static pages: python docs/make_site.py FOLDER.

The pages are made as a report's are: offline, without script, with the same style and policy. A
document is of one of four kinds: to learn, to get a thing done, to look a thing up, to understand.
"""

from __future__ import annotations

import itertools
import pathlib
import re
import sys

from markupsafe import Markup

from positions import __version__
from positions.site import html_policy, pages

HERE = pathlib.Path(__file__).parent
KINDS = {
    "Learn": ["tutorial"],
    "Do": ["how-to", "workbench", "checking", "reading", "reading-with-a-model", "responses",
           "exchange"],
    "Look up": ["api", "addresses"],
    "Understand": ["readme", "architecture", "benchmarks", "faults", "mutants"],
}  # fmt: skip
"""The documents by kind; `readme` is the project's README."""


def text(name: str) -> str:
    """Return a document."""
    path = HERE.parent / "README.md" if name == "readme" else HERE / f"{name}.md"
    return path.read_text("utf-8")


def title(name: str) -> str:
    """Return the first heading of a document."""
    found = re.search(r"^# (.+)$", text(name), re.MULTILINE)
    return found[1].replace("`", "") if found else name


def linked(html: str) -> str:
    """Lead from where a document is named, such as `docs/how-to.md`, to its page."""
    known = "|".join(name for names in KINDS.values() for name in names)
    return re.sub(
        rf"<code>docs/({known})\.md</code>", r'<a href="\1.html"><code>docs/\1.md</code></a>', html
    )


def framed(html: str) -> str:
    """Put each table in a region that keys can move, and say of each heading what it heads."""
    numbers = itertools.count(1)
    html = re.sub(r"<th(?= |>)(?![^>]*scope)", '<th scope="col"', html)
    opened = re.sub(
        "<table>",
        lambda _: (
            f'<div class="scroll" role="region" tabindex="0" aria-label="Table '
            f'{next(numbers)}"><table class="sheet-open">'
        ),
        html,
    )
    return opened.replace("</table>", "</table></div>")


def build(folder: pathlib.Path) -> None:
    """Write every document as a page, and an index of them by kind."""
    names = [name for listed in KINDS.values() for name in listed]
    site = pages.Site(
        title="positions: documents", description="", version=__version__, software=__version__,
        fingerprint="", licence="", notice="",
        pages=(pages.Page("index.html", "Documents", "Documents"),
               *(pages.Page(f"{name}.html", name.replace("-", " ").capitalize(), title(name))
                 for name in names)),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        html = framed(linked(html_policy.rewritten(pages.markdown(text(name)))))
        page = pages.render("document.html.j2", site, f"{name}.html", title(name),
                            content=Markup(html))  # fmt: skip
        (folder / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    listed = "".join(
        f"<h2>{kind}</h2>\n<ul>"
        + "".join(f'<li><a href="{name}.html">{title(name)}</a></li>\n' for name in of)
        + "</ul>\n"
        for kind, of in KINDS.items()
    )
    index = pages.render("document.html.j2", site, "index.html", "Documents",
                         content=Markup(f"<h1>Documents</h1>\n{listed}"))  # fmt: skip
    (folder / "index.html").write_text(index, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    build(pathlib.Path(sys.argv[1]))
