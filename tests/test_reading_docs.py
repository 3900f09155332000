"""What docs/reading-with-a-model.md shows is what the commands print."""

import pathlib
import re
import shlex

import pytest

from positions.cli.main import main
from positions.reading import answers as of_answers
from positions.reading import judging

PAGE = (pathlib.Path(__file__).parent.parent / "docs" / "reading-with-a-model.md").read_text(
    "utf-8"
)


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


@pytest.mark.parametrize("module", [judging, of_answers])
def test_every_reason_for_which_something_is_not_taken_is_explained(module):
    table = PAGE[PAGE.index("| reason |") : PAGE.index("All codes of a reading")]
    named = set(re.findall(r"`([^`]+)`", table))
    words = [value for name, value in vars(module).items() if re.fullmatch("[A-Z][A-Z_]+", name)]
    reasons = {word for word in words if isinstance(word, str)}
    assert reasons and reasons <= named
