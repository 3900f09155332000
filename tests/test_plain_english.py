"""What users read is plain English: no turn that readers stumbled over, no endless sentence."""

import ast
import json
import pathlib
import re

import pytest

TURNS = (
    r"\bamiss\b",
    r"\botherwise\b(?<!done otherwise)",
    r"\bsilent points\b",
    r"\bhad another coder\b",
    r"\bnothing counts here\b",
    r"\bholds? wherever judged\b",
    r"\btells no \w+ apart\b",
    r"\bwould be ahead of\b",
    r"\bWho proposed\b",
    r"(\b(and|for|then|without)|;) who (cannot|is shown|proposed|reads)\b",
)
"""Turns that readers of earlier editions stumbled over, or that are no English."""
MOST = 40
"""Words of a sentence, at most."""
DOCUMENTS = [
    *map(pathlib.Path, ("README.md", "CONTRIBUTING.md", "data/README.md")),
    *sorted(pathlib.Path("docs").glob("*.md")),
    *sorted(pathlib.Path("examples").glob("*/README.md")),
    *sorted(pathlib.Path("src/positions").rglob("*.md")),
]
NOTEBOOKS = sorted(pathlib.Path("notebooks").glob("*.ipynb"))
MODULES = sorted(pathlib.Path("src/positions").rglob("*.py"))
PAGES = [
    *sorted(pathlib.Path("src/positions/templates").rglob("*.j2")),
    *(path for top in ("data", "examples", "src") for path in
      sorted(pathlib.Path(top).rglob("datapackage.json"))),
]  # fmt: skip
"""Templates of pages, and the contracts that explain the columns of a study."""


def strings(code):
    """What is written between quotation marks in Python, docstrings too; what is filled in is X."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(getattr(part, "value", "X") if isinstance(part, ast.Constant) else "X"
                          for part in node.values)  # fmt: skip
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def read(path):
    """The texts of a file that users read."""
    text = path.read_text("utf-8")
    if path.suffix == ".py":
        return list(strings(text))
    if path.suffix in (".md", ".j2", ".json"):
        return [text]
    cells = json.loads(text)["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return prose + [s for cell in cells if cell["cell_type"] == "code"
                    for s in strings("".join(cell["source"]))]  # fmt: skip


def sentences(markdown):
    """The sentences of Markdown, without code, tables and headings; each point of a list apart."""
    prose = re.sub(r"(?s)```.*?```", "\n\n", markdown)
    prose = re.sub(r"(?m)^(\||#).*$", "", prose)
    for part in re.split(r"\n\s*\n|(?m:^\s*(?:[-*]|\d+\.) )", prose):
        yield from filter(None, re.split(r"(?<=[.!?:;])\s+", " ".join(part.split())))


@pytest.mark.parametrize("path", [*DOCUMENTS, *NOTEBOOKS, *MODULES, *PAGES], ids=str)
def test_no_text_uses_a_turn_that_readers_stumbled_over(path):
    found = [(turn, text[:200]) for text in read(path) for turn in TURNS if re.search(turn, text)]
    assert not found


@pytest.mark.parametrize("path", [*DOCUMENTS, *NOTEBOOKS], ids=str)
def test_no_sentence_is_endless(path):
    prose = read(path)[: 1 if path.suffix == ".md" else None]
    found = [one for text in prose for one in sentences(text)
             if len(re.findall(r"[^\W\d_]+(?:['\u2019-]\w+)*", one)) > MOST]  # fmt: skip
    assert not found


def test_a_turn_and_an_endless_sentence_would_be_found():
    assert "X is amiss" in strings('f"{a} is amiss"')
    assert any(re.search(turn, "a file in which something is amiss") for turn in TURNS)
    assert any(re.search(turn, "in words, for who cannot see it") for turn in TURNS)
    assert not any(re.search(turn, "what could have been done otherwise") for turn in TURNS)
    assert list(sentences("# Why\n\nOne, two.\nThree:\n- four\n- five. Six\n")) == [
        "One, two.", "Three:", "four", "five.", "Six",
    ]  # fmt: skip
