import os
import pathlib

import pytest
from hypothesis import settings

ROOT = pathlib.Path(__file__).parent.parent

# The same examples in every run, and no limit on time: the machine is not what is tested.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("same")


@pytest.fixture(autouse=True, scope="session")
def at_the_root():
    """Tests name the shipped study as users do, `data`, whatever folder they are run from."""
    os.chdir(ROOT)
