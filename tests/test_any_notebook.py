"""Every notebook runs on any valid study, and says nothing empty."""

import functools
import pathlib
import re
import tempfile

import any_study
import cells
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import positions as ps

pytestmark = pytest.mark.slow

NOTEBOOKS = [
    "1-evidence", "2-agreement", "3-groups", "4-robustness", "5-outcome", "6-engagement",
    "7-responses",
]  # fmt: skip


def run(stem, folder):
    """What a notebook shows, as plain text; the study must be one that loads."""
    study = ps.read(folder, allow_unresolved=True)
    shown = cells.run(stem, STUDY=str(study.folder), ALLOW_UNRESOLVED=True, DRAWS=50)
    return "\n".join(str(one.get("text/plain", "")) for one in shown)


def says_nothing_empty(text):
    assert not re.search(r"\b(nan|None|NaN|inf|NaT)\b|<NA>|of \.|[“(][”)]", text), text


@functools.cache
def run_on(kind, stem):
    """What a notebook shows of the study of this kind; each is run once."""
    with tempfile.TemporaryDirectory() as folder:
        return run(stem, any_study.EDGES[kind](pathlib.Path(folder) / "study"))


@pytest.mark.parametrize("stem", NOTEBOOKS)
@pytest.mark.parametrize("kind", any_study.EDGES)
def test_it_runs_on_a_study_of_every_kind(kind, stem):
    says_nothing_empty(run_on(kind, stem))


MOST = {"bodies": 9, "propositions": 8, "sources": 4, "coders": 3}
SIZES = st.fixed_dictionaries({name: st.integers(1, most) for name, most in MOST.items()})


def runs(seed, sizes):
    """Run every notebook on a random study."""
    with tempfile.TemporaryDirectory() as folder:
        study = any_study.random(pathlib.Path(folder) / "study", seed, **sizes)
        for stem in NOTEBOOKS:
            says_nothing_empty(run(stem, study))


@settings(max_examples=20)
@given(st.integers(0), SIZES)
def test_it_runs_on_random_studies(seed, sizes):
    runs(seed, sizes)


@pytest.mark.exhaustive
@settings(max_examples=150)
@given(st.integers(0), SIZES)
def test_it_runs_on_many_random_studies(seed, sizes):
    runs(seed, sizes)


@pytest.mark.parametrize(
    ("kind", "stem", "sentence"),
    [
        ("one body", "3-groups", "Too few bodies for groups: 1 can be compared with one another"),
        ("one body", "3-groups", "No two bodies have a place that is more than a guess"),
        ("one body", "4-robustness", "The closest claim on a cannot be judged: it holds in 0 of"),
        (
            "all at the model",
            "3-groups",
            "All bodies with a place that is no guess stand at one place",
        ),
        ("all at the model", "3-groups", "No two bodies take opposite sides"),
        ("all opposed", "3-groups", "No groups among 6 bodies"),
        ("a group of one", "3-groups", "No groups among 6 bodies"),
        ("two groups", "3-groups", "2 groups hold 16 of 16 bodies"),
        ("two groups", "3-groups", "(Jaccard 1.000: comes back)"),
        ("two groups", "3-groups", "With 2, 4 and 5 instead, the verdict is the same."),
        ("no coding", "3-groups", "Too few bodies spoke on any proposition"),
        ("no coding", "4-robustness", "No body is ranked in any analysis"),
        ("no coding", "5-outcome", "The study codes no outcome"),
        ("things moved", "5-outcome", "the end is known on 3: things moved on 2, on 1 they stayed"),
        # a: at 2, from 0 to 1: 1/4; at -1, from 2 to -2: (3 - 1) / 4. b: -1/4 and (0 - 4) / 4
        (
            "things moved",
            "5-outcome",
            "nearer to its position on 2 and further from it on 0. Attainment +0.38.",
        ),
        ("things moved", "5-outcome", "further from it on 2. Attainment -0.62."),
        ("no claims", "4-robustness", "The study makes no claim on scores."),
    ],
)
def test_it_says_what_a_study_holds(kind, stem, sentence):
    assert sentence in run_on(kind, stem).replace("“", "").replace("”", "")
