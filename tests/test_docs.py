"""What the documents and the settings say is true."""

import ast
import pathlib
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement

from positions import agreement, stances, study
from positions.present import percent

SOURCE = pathlib.Path("src/positions")

# What each module may import of the package: the arrows of the architecture.
MAY_IMPORT = {
    "__init__": set(),
    "problems": {"characters"},
    "characters": set(),
    "records": {"characters", "problems"},
    "schema": {"cells", "characters"},
    "cells": {"characters"},
    "rows": {"cells", "characters", "problems", "records", "schema"},
    "folder": {"characters", "problems", "records", "rows", "schema"},
    "workbook": {"archives", "problems", "records"},
    "keys": {"characters", "problems", "records", "rows", "schema"},
    "lint": {"problems", "records", "rows", "schema"},
    "phrases": {"problems", "records", "rows"},
    "rules": {"lint", "phrases", "problems", "records", "rows", "schema"},
    "study": {"folder", "keys", "problems", "records", "rows", "rules", "schema", "workbook"},
    "evidence": set(),
    "stances": {"schema"},
    "reliability": {"schema", "stances"},
    "resampling": {"schema", "stances"},
    "agreement": {"schema"},
    "addresses": set(),
    "subjects": set(),
    "present": {"subjects"},
    "layout": {"present", "schema", "subjects"},
    "wording": {"agreement", "layout", "present"},
    "evidencewording": {"present", "stances"},
    "engagementwording": {"present"},
    "canvas": {"layout", "present"},
    "figures": {"canvas", "layout", "present"},
    "matrixfigures": {"canvas", "layout", "present"},
    "fieldfigures": {"canvas", "layout", "present"},
    "distances": {"schema"},
    "partitions": {"distances"},
    "stability": {"distances", "partitions"},
    "chance": {"distances", "partitions", "stability"},
    "groups": {"chance", "distances", "partitions", "stability"},
    "maps": {"distances", "groups", "stability"},
    "consensus": {"schema"},
    "relations": set(),
    "groupwording": {"chance", "consensus", "distances", "groups", "maps", "present", "stability"},
    "groupfigures": {"consensus", "canvas", "groups", "layout", "present", "schema"},
    "mapfigures": {"canvas", "maps", "present"},
    "choices": {"agreement", "schema", "stances", "study"},
    "variants": {"choices"},
    "readings": {"choices", "nearness", "schema", "stances", "variants"},
    "nearness": {"schema"},
    "multiverse": {"agreement", "choices", "nearness", "readings", "schema", "variants"},
    "robustness": {"choices", "multiverse", "readings", "variants"},
    "sensitivity": {"agreement", "choices", "multiverse", "schema", "variants"},
    "robustwording": {"present"},
    "robustfigures": {"canvas", "layout", "present", "robustwording", "variants"},
    "panel": {
        "agreement",
        "choices",
        "figures",
        "layout",
        "multiverse",
        "present",
        "robustness",
        "robustwording",
        "variants",
        "wording",
    },
    "late": set(),
    "warm": set(),
    "kernel": set(),
    "runner": {"kernel", "late", "warm"},
    "nursery": {"late", "warm"},
    "provisioner": {"warm"},
    "execute": {"warm"},
    "skeleton": {"characters", "schema"},
    "progress": set(),
    "questions": set(),
    "engines": set(),
    "database": {"engines"},
    "counting": {"engines", "patterns", "questions", "schema"},
    "responses": {"counting", "engines", "longform", "questions"},
    "longform": {"counting", "engines", "questions", "responses"},
    "numbered": set(),
    "answerfiles": {"database", "engines", "numbered", "progress", "questions", "responses"},
    "campaigns": {"engines"},
    "patterns": {"schema"},
    "medians": {"patterns"},
    "crowdmap": {"patterns"},
    "crowds": {"chance", "distances", "groups", "medians", "patterns", "schema", "stability"},
    "public": {"agreement", "campaigns", "consensus", "consultation", "questions"},
    "consultation": {
        "campaigns",
        "counting",
        "answerfiles",
        "database",
        "engines",
        "progress",
        "public",
        "questions",
        "responses",
        "study",
    },
    "publicwording": {
        "chance",
        "consultation",
        "crowds",
        "groupwording",
        "present",
        "public",
        "stability",
        "wording",
    },
    "publicfigures": {"canvas", "present"},
    "publicreport": {
        "crowdmap",
        "consultation",
        "crowds",
        "public",
        "publicwording",
        "questions",
        "stances",
        "study",
    },
    "switch": set(),
    "pages": {"addresses", "admission", "present"},
    "dossier": {"agreement", "consensus", "present", "schema", "stances", "study"},
    "sheets": {
        "addresses",
        "consensus",
        "dossier",
        "layout",
        "pages",
        "present",
        "schema",
        "wording",
    },
    "unchanged": {"switch"},
    "revisions": {"problems", "records", "study"},
    "changes": {"schema", "study"},
    "published": {
        "agreement",
        "analysis",
        "groups",
        "multiverse",
        "reliability",
        "study",
        "variants",
    },
    "analysis": {
        "agreement",
        "choices",
        "multiverse",
        "resampling",
        "robustness",
        "stances",
        "study",
        "variants",
    },
    "answer": {
        "addresses",
        "agreement",
        "analysis",
        "dossier",
        "figures",
        "layout",
        "pages",
        "present",
        "robustwording",
        "sheets",
        "study",
        "wording",
    },
    "movements": {"published"},
    "reasons": {"present", "published", "schema", "stances"},
    "comparison": {
        "analysis",
        "changes",
        "movements",
        "published",
        "reasons",
        "revisions",
        "study",
    },
    "changewording": {"changes", "comparison", "layout", "present"},
    "changetables": {
        "changes",
        "changewording",
        "comparison",
        "movements",
        "present",
        "published",
        "reasons",
        "schema",
    },
    "changetext": {
        "changes",
        "changetables",
        "changewording",
        "characters",
        "comparison",
        "present",
    },
    "changepage": {
        "addresses",
        "changetables",
        "changewording",
        "comparison",
        "pages",
        "present",
        "study",
    },
    "archives": {"records"},
    "carried": {"problems", "records"},
    "declared": {"carried", "problems", "records", "schema"},
    "naming": {"carried", "declared"},
    "spans": {"evidence", "phrases"},
    "holdings": {"carried", "folder", "problems", "records", "rows", "schema"},
    "intake": {
        "carried",
        "cells",
        "declared",
        "holdings",
        "naming",
        "problems",
        "records",
        "schema",
        "study",
        "switch",
    },
    "coderfiles": {"carried", "problems", "records", "schema", "workbook"},
    "sqlitefile": {"records"},
    "dnafile": {"records", "sqlitefile"},
    "dna": {"carried", "declared", "dnafile", "naming", "records", "spans", "sqlitefile"},
    "refifile": {"archives", "records", "spans"},
    "refiexport": {"refifile", "schema", "study"},
    "refiqda": {"carried", "declared", "naming", "records", "refiexport", "refifile", "spans"},
    "polisfile": {"carried", "characters", "problems", "records"},
    "polis": {"carried", "declared", "naming", "polisfile", "records"},
    "polisexport": {"carried", "polisfile"},
    "exchange": {
        "carried",
        "coderfiles",
        "declared",
        "dna",
        "evidence",
        "holdings",
        "intake",
        "naming",
        "polis",
        "polisexport",
        "polisfile",
        "problems",
        "records",
        "refiexport",
        "refiqda",
        "relations",
        "stances",
        "study",
    },
    "exchange_command": {
        "carried",
        "declared",
        "dna",
        "evidence",
        "exchange",
        "intake",
        "problems",
        "study",
        "switch",
    },
    "admission": set(),
    "spreadsheet": {"present", "schema", "study"},
}
ABOVE = {
    "assurance",
    "report",
    "command",
    "report_command",
    "diff_command",
    "responses_command",
    "__main__",
}
"""These may import any module below them."""


def imported(path: pathlib.Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "positions":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("positions."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("positions.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", sorted(SOURCE.glob("*.py")), ids=lambda path: path.stem)
def test_a_module_imports_only_what_its_place_allows(path):
    if path.stem in ABOVE:
        assert "__main__" not in imported(path)
    else:
        assert imported(path) <= MAY_IMPORT[path.stem]


def test_only_the_reader_opens_study_tables():
    for path in SOURCE.glob("*.py"):
        text = path.read_text("utf-8")
        if path.stem != "answerfiles":  # files of responses are no tables of the study
            assert "read_csv" not in text, path
        if path.stem not in {"records", "evidence", "numbered"}:
            assert "csv.reader" not in text, path


def test_the_conda_environment_names_the_same_packages_and_ranges():
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = list(project["dependencies"])
    for extra in ("big", "exchange", "lab", "report", "test"):
        wanted += extras[extra]
    environment = yaml.safe_load(pathlib.Path("environment.yml").read_text("utf-8"))
    given = [line for line in environment["dependencies"] if isinstance(line, str)]
    conda = {
        "matplotlib-base": "matplotlib",
        "seaborn-base": "seaborn",
        "python-duckdb": "duckdb",
    }

    def ranges(lines: list[str]) -> dict[str, str]:
        parsed = [Requirement(line) for line in lines]
        return {conda.get(r.name, r.name): str(r.specifier) for r in parsed}

    (last,) = (line["pip"] for line in environment["dependencies"] if not isinstance(line, str))
    assert last[0] == "-e ."
    found = ranges([line for line in given if line != "pip"] + last[1:])
    assert found.pop("python") == project["requires-python"]
    assert found == ranges(wanted)
    assert environment["channels"] == ["conda-forge"]


def test_the_readmes_answer_table_is_what_the_study_gives():
    loaded = study.read("data")
    positions = stances.positions(
        stances.resolve(loaded.codings, loaded.adjudications),
        stances.independent(loaded.sources),
    )
    scores = agreement.agreement(
        positions, loaded.model_positions, loaded.propositions, loaded.bodies
    )
    scores = scores[scores["model_id"] == "combined"]
    ranked = scores[scores["standing"] == "ranked"]
    more = (ranked["agreement"] > 0.5).sum()
    scores = ranked[ranked["body_id"].isin(loaded.featured)]
    wanted = [
        f"| {r['name']} | {percent(r['agreement'])} | {percent(r['lower'])} to "
        f"{percent(r['upper'])} | {r['spoke']} of {r['of']} |"
        for _, r in scores.iterrows()
    ]
    text = pathlib.Path("README.md").read_text("utf-8")
    assert re.findall(r"^\| [A-Z].*%.*\|$", text, re.MULTILINE) == wanted
    assert (
        f"Of {len(loaded.bodies)} bodies {len(ranked)} spoke on enough to be ranked; {more} of "
        "them agree by more than half."
    ) in " ".join(text.split())


def test_the_readme_names_every_module_and_no_other():
    text = pathlib.Path("README.md").read_text("utf-8")
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", text, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == {p.stem for p in SOURCE.glob("*.py")} - {"__init__"}


def test_make_help_names_every_command_of_the_readme():
    makefile = pathlib.Path("Makefile").read_text("utf-8")
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    used = set(re.findall(r"`make ([a-z]+)", pathlib.Path("README.md").read_text("utf-8")))
    assert used <= explained | {"help"}
    assert {"report", "test", "lab", "check", "notebooks", "lint"} <= explained


def test_the_version_stands_once():
    from positions import __version__

    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == __version__
    assert f"## {__version__}" in pathlib.Path("CHANGELOG.md").read_text("utf-8")


def test_what_the_readme_says_of_speed_is_what_was_measured():
    (said,) = re.findall(
        r"\nHow long it takes.*?\n\n", pathlib.Path("README.md").read_text("utf-8"), re.S
    )
    rows = re.findall(r"(?m)^\| (.*) \|$", pathlib.Path("docs/benchmarks.md").read_text("utf-8"))
    cells = {cell for row in rows for cell in row.split(" | ")}
    figures = re.findall(r"\d+\.\d+|\d+(?= times| MB)", said)
    assert len(figures) == 7 and set(figures) <= cells
