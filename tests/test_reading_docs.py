"""What docs/reading-with-a-model.md shows is what the commands print."""

import pathlib
import re
import shlex

import model_server
import pytest
import three_documents

from positions.cli.main import main
from positions.reading import answers as of_answers
from positions.reading import judging

DOCS = pathlib.Path(__file__).parent.parent / "docs"
PAGE = (DOCS / "reading-with-a-model.md").read_text("utf-8")


def transcript(block):
    """The commands of a console block, each with what it prints as far as the page shows it."""
    parts = re.split(r"(?m)^\$ ", block)[1:]
    return [(part.split("\n", 1)[0], part.split("\n", 1)[1]) for part in parts]


def test_the_claims_across_readers_are_what_the_page_shows(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (block,) = (b for b in re.findall(r"```console\n(.*?)```", PAGE, re.S) if "--across" in b)
    for command, shown in transcript(block):
        capsys.readouterr()
        assert main(shlex.split(command)[1:]) == 0
        assert not shown or capsys.readouterr().out == shown


def as_shown(text, url):
    """What was printed, with the address of the page, and without versions of libraries."""
    text = text.replace(url.removesuffix("/v1"), "http://localhost:11434")
    return re.sub(r"read by ([\w-]+) [\d.]+", r"read by \1", text)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_three_documents_become_a_report_as_the_page_shows(tmp_path, monkeypatch, capsys, whole):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("POSITIONS_API_KEY", raising=False)
    three_documents.write(tmp_path)
    (block,) = (b for b in re.findall(r"```console\n(.*?)```", PAGE, re.S) if "alpha.pdf" in b)
    *commands, (report, _) = transcript(block)
    assert len(commands) == 7 and report.startswith("positions report")
    with model_server.serving(three_documents.Reader()) as url:
        for command, shown in commands:
            capsys.readouterr()
            assert main(shlex.split(command.replace("http://localhost:11434/v1", url))[1:]) == 0
            assert as_shown(capsys.readouterr().out, url) == as_shown(shown, url)
    if whole:
        notebooks = str(DOCS.parent / "notebooks")
        assert main([*shlex.split(report)[1:], "--notebooks", notebooks]) == 0
        page = pathlib.Path("site", "body-alpha.html").read_text("utf-8")
        assert "The mill, on balance, should be mended" in page
        every = [p.read_text("utf-8") for p in pathlib.Path("site").glob("*.html")]
        assert any("NAME-2021 (automated)" in text for text in every)
        assert not any("The toll has to stay" in text for text in every)


@pytest.mark.parametrize("module", [judging, of_answers])
def test_every_reason_for_which_something_is_not_taken_is_explained(module):
    table = PAGE[PAGE.index("| reason |") : PAGE.index("All codes of a reading")]
    named = set(re.findall(r"`([^`]+)`", table))
    words = [value for name, value in vars(module).items() if re.fullmatch("[A-Z][A-Z_]+", name)]
    reasons = {word for word in words if isinstance(word, str)}
    assert reasons and reasons <= named
