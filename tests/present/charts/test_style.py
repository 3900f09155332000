"""The house sets every setting of a picture: a user's own file changes nothing."""

import pathlib
import re
import subprocess
import sys

import matplotlib
import pytest

from positions.present.charts import style
from positions.present.display import house

DRAW = """
import hashlib
import pandas as pd
import positions as ps
answers = pd.DataFrame({"question_id": ["Q"], "question": ["Why?"], "agree": [60.0],
                        "disagree": [30.0], "neutral": [10.0]})
print(hashlib.sha256(ps.plot.engagement(answers, "Title", "Subtitle").png()).hexdigest())
"""
RC = """\
font.size: 30
font.family: monospace
axes.facecolor: black
axes.linewidth: 9
hatch.linewidth: 5
savefig.bbox: tight
text.usetex: True
"""


def drawn_in(folder: pathlib.Path) -> str:
    done = subprocess.run([sys.executable, "-c", DRAW], cwd=folder, capture_output=True, text=True,
                          check=True)  # fmt: skip
    return done.stdout


@pytest.mark.slow
def test_a_matplotlibrc_in_the_working_folder_changes_no_picture(tmp_path, capsys):
    (tmp_path / "matplotlibrc").write_text(RC, encoding="utf-8")
    exec(DRAW)
    assert drawn_in(tmp_path) == capsys.readouterr().out


def test_what_an_analyst_set_holds_again_after_a_picture():
    with matplotlib.rc_context({"font.size": 30}):
        with house():
            assert matplotlib.rcParams["font.size"] == 10
        assert matplotlib.rcParams["font.size"] == 30


def test_no_figure_has_a_colour_of_its_own():
    for path in pathlib.Path(style.__file__).parent.glob("*.py"):
        own = re.findall(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
        assert path.name == "style.py" or not own, path.name
