"""A public name has one meaning in the whole package."""

import ast
import pathlib
from collections import defaultdict

SOURCE = pathlib.Path("src/positions")
SAME = {
    "Phrase": "words of a text with their place in code points",
    "Refused": "what may not be opened, or not be shown",
    "Sheet": "a sheet of a workbook",
}
"""Classes that stand in more than one module, and the one thing that they mean there."""


def places(kind):
    """Where each public function or class of a module is defined, by its name."""
    found = defaultdict(list)
    for path in sorted(SOURCE.rglob("[!_]*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, kind) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(SOURCE).as_posix())
    return found


def test_one_class_has_a_name_or_all_that_have_it_mean_the_same():
    found = places(ast.ClassDef)
    assert len(found) > 100
    assert {name for name, where in found.items() if len(where) > 1} == set(SAME)


def test_read_reads_a_study_and_nothing_else():
    assert places(ast.FunctionDef)["read"] == ["study/load.py"]
