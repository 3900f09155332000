"""JupyterLab on this project: `jupyter lab --config lab/jupyter_lab_config.py`.

It opens at the project's root, so `../data` of a notebook opens too, and saves notebooks tidily.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from tidy import tidy  # noqa: E402


def saved(model, **about):
    """Tidy a notebook that is about to be saved."""
    if model["type"] == "notebook" and model.get("content"):
        tidy(model["content"])


c = get_config()  # noqa: F821
c.ServerApp.root_dir = str(HERE.parent)
c.LabApp.default_url = "/lab/tree/notebooks"
c.FileContentsManager.pre_save_hook = saved
