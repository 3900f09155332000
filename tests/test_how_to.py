"""What docs/how-to.md and docs/api.md say is what the package does."""

import doctest
import importlib.util
import inspect
import pathlib
import re

import pandas as pd
import pytest

import positions as ps

DOCS = pathlib.Path(__file__).parent.parent / "docs"
NAMES = [name for name in ps.__all__ if callable(getattr(ps, name)) and name != "__version__"]


def test_every_answer_of_how_to_runs_as_it_stands():
    done = doctest.testfile(str(DOCS / "how-to.md"), module_relative=False, encoding="utf-8")
    assert done.attempted > 20
    assert done.failed == 0


@pytest.mark.slow
def test_every_example_of_the_page_of_public_names_runs_as_it_stands():
    done = doctest.testfile(str(DOCS / "api.md"), module_relative=False, encoding="utf-8",
                            globs={"pd": pd, "ps": ps})  # fmt: skip
    assert done.attempted > 80
    assert done.failed == 0


def test_the_page_sends_nobody_to_what_lies_behind_the_public_names():
    said = (DOCS / "api.md").read_text("utf-8")
    rooms = r"`(measures|robustness|compare|study|stances|outcomes|networks|consensus|claims)\."
    assert re.findall(rooms, said) == []


def test_the_page_of_public_names_is_what_the_docstrings_say():
    spec = importlib.util.spec_from_file_location("make_api", DOCS / "make_api.py")
    make_api = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_api)
    assert (DOCS / "api.md").read_text("utf-8") == make_api.page(), "run `make api`"


def test_each_function_of_a_public_module_says_what_it_takes():
    functions = [found for module in (ps.plot, ps.robustness) for name in module.__all__
                 if inspect.isfunction(found := getattr(module, name))]  # fmt: skip
    assert len(functions) > 30
    without = [f.__name__ for f in functions if "Parameters\n---" not in inspect.getdoc(f)]
    assert without == []


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_has_an_example_and_says_what_it_takes_and_gives(name):
    found = getattr(ps, name)
    said = inspect.getdoc(found)
    assert ">>> " in said
    if inspect.isfunction(found):
        assert "Parameters\n---" in said
        assert "Returns\n---" in said
