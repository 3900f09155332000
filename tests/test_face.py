"""The public names of the package: all there, each explained, none loaded before it is used."""

import inspect
import subprocess
import sys

import pytest

import positions as ps


@pytest.mark.parametrize("name", [name for name in ps.__all__ if name != "__version__"])
def test_every_public_name_is_there_and_explained(name):
    found = getattr(ps, name)
    assert inspect.getdoc(found), name


def test_every_public_function_has_an_example():
    modules = [found for name in ps.__all__ if inspect.ismodule(found := getattr(ps, name))]
    functions = [f for found in (ps, *modules) for name in found.__all__
                 if inspect.isfunction(f := getattr(found, name))]  # fmt: skip
    assert len(functions) > 60
    assert [f.__qualname__ for f in functions if ">>> " not in inspect.getdoc(f)] == []


def test_the_import_alone_loads_no_library():
    heavy = {"pandas", "numpy", "matplotlib"}
    asked = f"import sys, positions; print(*sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(("name", "needs"), [("respondents", "tqdm"), ("build", "jupyter_client")])
def test_a_name_whose_extra_is_missing_says_what_to_install(name, needs):
    asked = f"import sys, positions; sys.modules['{needs}'] = None; positions.{name}"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    last = done.stderr.strip().splitlines()[-1]
    assert last == (
        f'ModuleNotFoundError: ps.{name} needs {needs}; run: pip install "positions[report]"'
    )


def test_the_first_name_used_keeps_dollars_in_dataframes_from_being_a_formula():
    asked = "import pandas, positions; positions.words; print(pandas.DataFrame()._repr_html_())"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "mathjax_ignore" in done.stdout


def test_a_name_that_is_not_public_is_refused_by_name():
    with pytest.raises(AttributeError, match="has no attribute 'opinions'"):
        getattr(ps, "opinions")  # noqa: B009


def test_a_table_of_an_analysis_is_computed_once():
    analysis = ps.analyse(ps.read("data"))
    assert analysis.scores is analysis.scores
    assert analysis.positions is analysis.positions


def test_options_that_a_study_cannot_meet_are_refused_with_what_it_has():
    study = ps.read("data")
    with pytest.raises(ValueError, match="no model 'third-way'; the study has combined"):
        ps.analyse(study, model="third-way")
    with pytest.raises(ValueError, match="the classes are stated, implied, reported"):
        ps.analyse(study, evidence=("rumoured",))
    with pytest.raises(ValueError, match="as-of date 'soon'"):
        ps.analyse(study, as_of="soon")


@pytest.mark.slow
def test_no_public_name_is_hidden_by_a_room_once_that_is_imported():
    asked = (
        "import pkgutil, importlib, positions as ps\n"
        "for room in pkgutil.iter_modules(ps.__path__):\n"
        "    if room.name != '__main__': importlib.import_module(f'positions.{room.name}')\n"
        "for name, place in ps._FACE.items():\n"
        "    found, inner = getattr(ps, name), place.partition(':')[2]\n"
        "    assert not inner or found.__name__ == inner, name\n"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)
