"""What the documents and the settings say is true."""

import pathlib
import re
import tomllib

import grimp
import networkx
import yaml
from importlinter.cli import lint_imports
from packaging.requirements import Requirement

from positions.measures.analysis import analyse
from positions.study import load
from positions.words import percent

SOURCE = pathlib.Path("src/positions")


def test_rooms_import_only_what_lies_below_them():
    assert lint_imports() == 0, "run lint-imports: it names each import that climbs"


def test_every_room_stands_in_the_order_of_the_rooms():
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    listed = [room for layer in contract["layers"] for room in layer.split(" | ")]
    found = {p.parent.name for p in SOURCE.glob("*/__init__.py")}
    found |= {p.stem for p in SOURCE.glob("*.py")} - {"__init__", "__main__"}
    assert sorted(listed) == sorted(found)


def test_no_module_imports_itself_by_way_of_others():
    graph = grimp.build_graph("positions", cache_dir=None)
    imports = networkx.DiGraph(
        (module, other)
        for module in graph.modules
        for other in graph.find_modules_directly_imported_by(module)
    )
    assert len(imports) > 200
    rings = [sorted(ring) for ring in networkx.strongly_connected_components(imports)]
    assert [ring for ring in rings if len(ring) > 1] == []


def test_only_the_reader_opens_study_tables():
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).with_suffix("").as_posix()
        text = path.read_text("utf-8")
        if name != "responses/database":  # files of responses are no tables of the study
            assert "read_csv" not in text, path
        own = {"responses/records", "site/checked_tables"}  # the latter reads a report's own tables
        if name not in {"study/csv_reader", "study/quotes"} | own:
            assert "csv.reader" not in text, path


def test_the_conda_environment_names_the_same_packages_and_ranges():
    project = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = list(project["dependencies"])
    for extra in ("exchange", "lab", "reading", "report", "test"):
        wanted += extras[extra]
    environment = yaml.safe_load(pathlib.Path("environment.yml").read_text("utf-8"))
    given = [line for line in environment["dependencies"] if isinstance(line, str)]
    conda = {
        "matplotlib-base": "matplotlib",
        "seaborn-base": "seaborn",
        "python-duckdb": "duckdb",
        "jupyter_client": "jupyter-client",
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
    loaded = load.read("data")
    ranked = analyse(loaded, model="combined").ranked
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
    assert len(figures) == 10 and set(figures) <= cells


def test_every_test_that_the_list_of_faults_names_is_there():
    named = set(
        re.findall(r"`(test_\w+)`", pathlib.Path("docs/faults.md").read_text(encoding="utf-8"))
    )
    written = {
        name
        for path in pathlib.Path("tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 50
    assert named - written == set()
