"""The workbench in JupyterLab: a desk behind a widget that keeps nothing of it in the notebook.

Acts come as messages and answers go as messages. The widget has no trait with content, so neither
its state nor a saved notebook can hold a reading.
"""

from __future__ import annotations

import importlib.util
import pathlib
from importlib import resources
from typing import TYPE_CHECKING, Any

from positions.present.display import Prose
from positions.reading.desk import Desk
from positions.reading.desk_view import Screen
from positions.study.load import Study

if TYPE_CHECKING:
    from anywidget import AnyWidget

INSTALL = 'the workbench needs anywidget and JupyterLab; run: pip install "positions[lab]"'
NOBODY = (
    "Nobody sits at the workbench yet. "
    "`positions workbench STUDY --texts DIR --coder NAME` opens it; or write your name, as it "
    "stands in coders.csv, as CODER above and run this notebook."
)


def workbench(
    study: Study,
    *,
    texts: str | pathlib.Path | None = None,
    coder: str = "",
    folder: str | pathlib.Path | None = None,
) -> AnyWidget | Prose:
    """Code, check and decide in JupyterLab: three queues of one person, saved act by act.

    A person who checks sees the text, the statement and the rulings, and nothing of any reading
    until the verdict is locked. What is saved stands in the person's own files, which
    `positions workbench STUDY --coder NAME --hand-in` brings into the study.

    Parameters
    ----------
    study
        The study; read it with `allow_unresolved=True` to decide what coders differ on.
    texts
        The folder of stored texts, `<source_id>.txt` each; by default `texts` in the study's
        folder. A text is never changed.
    coder
        The person's name, as in `coders`.
    folder
        The folder of all coders' own files; `<study>-readings` beside the study by default.

    Returns
    -------
    AnyWidget or Prose
        The workbench; without a coder a sentence that says how to begin.

    Raises
    ------
    ModuleNotFoundError
        Where anywidget is not installed; the message says what to install.
    ValueError
        When the coder's name or the folder of texts is none, or the own files cannot be read.

    Examples
    --------
    >>> import positions as ps
    >>> print(ps.workbench(ps.read("data")).text.split(".")[0])
    Nobody sits at the workbench yet
    """
    if not coder:
        return Prose(NOBODY)
    screen = Screen(Desk(study, texts, coder, folder))
    if importlib.util.find_spec("anywidget") is None:
        raise ModuleNotFoundError(INSTALL)
    return _widget(screen)


def _widget(screen: Screen) -> AnyWidget:
    """Return a widget that answers acts from a screen; its state is its script and style alone."""
    import anywidget

    class Workbench(anywidget.AnyWidget):
        _esm = _beside("workbench.js")
        _css = _beside("workbench.css")

        def __repr__(self) -> str:
            return "The workbench: open this notebook in JupyterLab and run it."

    made = Workbench()

    def heard(widget: AnyWidget, asked: Any, files: list[memoryview | bytes]) -> None:
        act = dict(asked) if isinstance(asked, dict) else {}
        widget.send(screen.answer({**act, "raw": bytes(files[0]) if files else b""}))

    made.on_msg(heard)
    return made


def _beside(name: str) -> str:
    return resources.files("positions.reading").joinpath(name).read_text("utf-8")
