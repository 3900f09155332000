import os
import pathlib

import pytest
from hypothesis import settings

from positions.cli.main import main

ROOT = pathlib.Path(__file__).parent.parent
# Whoever imports it, as pytest does to look for doctests, hides Linux from the package.
collect_ignore = ["elsewhere"]

# The same examples in every run, and no limit on time: the machine is not what is tested.
settings.register_profile("many", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("few", settings.get_profile("many"), max_examples=12)


def pytest_configure(config):
    """Draw few random examples where the slow tests are left out, and many beside them."""
    settings.load_profile("few" if "not slow" in config.option.markexpr else "many")


@pytest.fixture(autouse=True, scope="session")
def at_the_root():
    """Tests name the shipped study as users do, `data`, whatever folder they are run from."""
    os.chdir(ROOT)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The site of the shipped study, built once."""
    out = tmp_path_factory.mktemp("shipped") / "site"
    assert main(["report", str(ROOT / "data"), "--out", str(out), "--notebooks",
                 str(ROOT / "notebooks")]) == 0  # fmt: skip
    return out


@pytest.fixture(scope="session")
def thorough():
    """Whether to break every single write, kill a hundred builds and build twenty times."""
    return "POSITIONS_THOROUGH" in os.environ


@pytest.fixture(scope="session")
def hostile_built(tmp_path_factory):
    """A site of the made-up study with markup in every string that may hold any."""
    import hostile  # it needs notebooks; most tests do not

    home = tmp_path_factory.mktemp("hostile")
    folder = hostile.write(home / "study")
    out = home / "site"
    arguments = ["report", str(folder), "--out", str(out), "--notebooks", str(ROOT / "notebooks")]
    assert main(arguments) == 1  # for the cell in dispute
    assert main([*arguments, "--allow-unresolved"]) == 0
    assert {path.name for path in home.iterdir()} == {"study", "site", ".site.lock"}
    return out


def pytest_terminal_summary(terminalreporter):
    """Say aloud that no browser looked at the pages, where none did."""
    if any(
        "test_browser" in skipped.nodeid for skipped in terminalreporter.stats.get("skipped", ())
    ):
        terminalreporter.write_line(
            "NOT CHECKED: accessibility and security in a browser. To check them, install chromium "
            "and the extra `browser`, and set POSITIONS_BROWSER to chromium's path.",
            bold=True,
        )
