"""A report is built anew when anything it is made from has changed, and only then."""

import os
import pathlib
import shutil
import subprocess
import sys

import nbformat
import pytest
import village
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import positions
from positions.cli.main import main
from positions.site import unchanged


@pytest.fixture
def there(tmp_path):
    """A study, a notebook with a file beside it, a stored text; the arguments to build a site."""
    village.write(tmp_path / "study")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "any.txt").write_text("words")
    (tmp_path / "notebooks" / "beside.csv").write_text("a\n1\n")
    cells = [new_markdown_cell("# Sums"), new_code_cell("1 + 1")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "1-sums.ipynb")
    return tmp_path


def listing(there, **options):
    folders = {name: there / name for name in ("study", "notebooks", "texts")}
    return unchanged.listing(folders, {"model": None} | options, there / "site")


def build(there, *more):
    return main(["report", str(there / "study"), "--out", str(there / "site"), "--notebooks",
                 str(there / "notebooks"), "--texts", str(there / "texts"), *more])  # fmt: skip


def append(path, text=" "):
    path.write_text(path.read_text("utf-8") + text, "utf-8")


CHANGES = {
    "a table of the study": lambda at: append(at / "study" / "codings.csv"),
    "its data package": lambda at: append(at / "study" / "datapackage.json"),
    "a file more in the study": lambda at: (at / "study" / "stray.csv").write_text("a\n"),
    "a file less in the study": lambda at: (at / "study" / "models.csv").unlink(),
    "a notebook": lambda at: append(at / "notebooks" / "1-sums.ipynb"),
    "a notebook of another name": lambda at: (at / "notebooks" / "1-sums.ipynb").rename(
        at / "notebooks" / "2-sums.ipynb"
    ),
    "a file that a notebook may read": lambda at: append(at / "notebooks" / "beside.csv"),
    "a stored text": lambda at: append(at / "texts" / "any.txt"),
    "a stored text more": lambda at: (at / "texts" / "other.txt").write_text("more"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_list_of_inputs_changes_with(there, change):
    before = listing(there)
    assert listing(there) == before
    CHANGES[change](there)
    assert listing(there) not in (None, before)


def test_the_list_changes_with_an_option_the_date_and_an_installed_version(there, monkeypatch):
    before = listing(there)
    assert listing(there, model="plan") != before
    assert listing(there, since="old") != before
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    dated = listing(there)
    assert dated != before
    (there / "installed" / "pandas-0.0.1.dist-info").mkdir(parents=True)
    (there / "installed" / "pandas-0.0.1.dist-info" / "METADATA").write_text("Name: pandas\n")
    monkeypatch.syspath_prepend(str(there / "installed"))
    assert listing(there) != dated


def test_the_list_names_what_a_report_needs_and_no_tool_of_the_tests(there):
    names = {line.split("  ")[1] for line in listing(there).splitlines()}
    needed = {"pandas", "numpy", "matplotlib", "mistune", "ipykernel", "jinja2", "rpds-py",
              "pillow", "rfc3987-syntax"}  # fmt: skip
    assert {f"library {name}" for name in needed} <= names
    assert not {f"library {name}" for name in ("pytest", "ruff", "hypothesis", "nbval")} & names
    assert str(there) not in listing(there)


def test_the_list_changes_with_the_package_and_its_templates(there):
    shutil.copytree(pathlib.Path(positions.__file__).parent, there / "positions")
    asked = "from positions.site import unchanged as u\n" \
            "from positions import __file__ as f\nprint(f)\n" \
            "import pathlib\nprint(u.listing({}, {}, pathlib.Path('site')))"  # fmt: skip

    def said():
        given = os.environ | {"PYTHONPATH": str(there)}
        return subprocess.run([sys.executable, "-B", "-c", asked], capture_output=True, text=True,
                              check=True, env=given, cwd=there).stdout  # fmt: skip

    before = said()
    assert before.startswith(str(there)) and said() == before
    append(there / "positions" / "measures" / "agreement.py")
    after = said()
    assert after != before
    append(there / "positions" / "templates" / "style.css")
    assert said() not in (before, after)


@pytest.mark.parametrize("name", ["study/linked.csv", "notebooks/linked.ipynb", "texts/linked"])
def test_a_link_among_the_inputs_is_left_for_the_build_to_refuse(there, name):
    (there / "elsewhere").mkdir()
    (there / name).symlink_to(there / "elsewhere")
    assert listing(there) is None
    assert not unchanged.still(there / "site", None)


def test_a_site_within_a_folder_of_inputs_is_none_of_them(there):
    before = unchanged.listing({"all": there}, {}, there / "site")
    (there / "site").mkdir()
    (there / "site" / "index.html").write_text("built")
    assert unchanged.listing({"all": there}, {}, there / "site") == before


def damage_a_page(site):
    append(site / "index.html")


def lose_a_table(site):
    (site / "tables" / "agreement.csv").unlink()


def add_a_page(site):
    (site / "more.html").write_text("more")


def lose_the_manifest_line(site):
    lines = (site / "manifest.sha256").read_text().splitlines(keepends=True)
    (site / "manifest.sha256").write_text("".join(lines[1:]))


def link_a_page(site):
    (site / "index.html").rename(site.parent / "index.html")
    (site / "index.html").symlink_to(site.parent / "index.html")


def test_a_second_build_of_the_same_does_nothing_and_a_damaged_site_is_built_anew(there, capsys):
    assert build(there) == 0
    site = there / "site"
    assert capsys.readouterr().out == ""

    def built():
        before = (site / "tables").stat().st_ino
        assert build(there) == 0
        quiet = "nothing changed" not in capsys.readouterr().out
        assert quiet == ((site / "tables").stat().st_ino != before)
        return quiet

    assert not built()
    for damage in (damage_a_page, lose_a_table, add_a_page, lose_the_manifest_line, link_a_page):
        damage(site)
        assert built(), damage
        assert not built()
    append(there / "notebooks" / "beside.csv")
    assert built()
    assert not built()
    assert build(there, "--force") == 0
    assert "nothing changed" not in capsys.readouterr().out


def test_what_changes_while_a_report_is_built_is_seen_at_the_next(there, capsys):
    grows = "import pathlib\n_ = pathlib.Path('../study/README.md').write_text('grown')"
    cells = [new_markdown_cell("# Grows"), new_code_cell(grows)]
    nbformat.write(new_notebook(cells=cells), there / "notebooks" / "2-grows.ipynb")
    assert build(there) == 0
    assert build(there) == 0
    assert "nothing changed" not in capsys.readouterr().out
    assert build(there) == 0
    assert "nothing changed" in capsys.readouterr().out


def test_only_the_standard_library_is_imported_to_find_that_nothing_changed(there):
    assert build(there) == 0
    asked = """
import sys
from positions.cli.main import main
assert main(sys.argv[1:]) == 0
own = {name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(sorted(name for name in own if not name.startswith("_") and name != "positions"))
"""
    said = subprocess.run(
        [sys.executable, "-c", asked, "report", str(there / "study"), "--out", str(there / "site"),
         "--notebooks", str(there / "notebooks"), "--texts", str(there / "texts")],
        capture_output=True, text=True, check=True, cwd=pathlib.Path(__file__).parents[2],
    ).stdout.splitlines()  # fmt: skip
    assert "nothing changed" in said[0]
    assert said[1] == "[]"
