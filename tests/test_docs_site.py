"""The documents are a site: every page is sound, every link leads somewhere, every command runs."""

import importlib.util
import pathlib
import re
import shlex

import pytest
from site_pages import assert_links_resolve, assert_policy, assert_sound, parsed

from positions.cli.main import main

DOCS = pathlib.Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def made():
    spec = importlib.util.spec_from_file_location("make_site", DOCS / "make_site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def files(made, tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs") / "site"
    made.build(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_document_has_a_page_of_one_kind(made, files):
    listed = [name for of in made.KINDS.values() for name in of]
    assert len(listed) == len(set(listed))
    assert set(listed) == {path.stem for path in DOCS.glob("*.md")} | {"readme"}
    assert set(files) == {"index.html", *(f"{name}.html" for name in listed)}


def test_every_page_is_sound_and_no_link_within_is_broken(files):
    pages = parsed(files)
    assert_sound(pages)
    for page in pages.values():
        assert_policy(page)
        for link in [a for a in page.of("a") if a["href"].startswith("http")]:
            page.elements.remove(next(one for one in page.elements if one[1] == link))
    assert_links_resolve(pages, files)


def test_a_document_that_is_named_is_linked(files):
    assert (
        '<a href="how-to.html"><code>docs/how-to.md</code></a>' in files["tutorial.html"].decode()
    )


def test_the_same_documents_give_the_same_bytes(made, files, tmp_path):
    made.build(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files


@pytest.mark.slow
def test_every_command_of_the_tutorial_runs(tmp_path, monkeypatch, capsys):
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "tutorial.md").read_text("utf-8"), re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) == 8
    monkeypatch.chdir(tmp_path)
    for line in lines:
        name, *given = shlex.split(line)
        assert name == "positions"
        assert main(given) == 0, line
    assert (tmp_path / "ferry-site" / "weights.html").is_file()
    assert "Nothing differs" in capsys.readouterr().out
