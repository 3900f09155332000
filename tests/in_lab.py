"""A real JupyterLab with the workbench in it, and a study whose texts are hard to count in."""

import contextlib
import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

import bench
import village

from positions.auditing.drawing import Draw, draw
from positions.cli import workbench as command
from positions.measures.analysis import analyse
from positions.study import load

BODIES, POINTS = "abcde", "12345"
SECRET = bench.SECRET
# Emoji of one and of several code points, accents apart from their letters, line ends of CR LF,
# a word from right to left: each before the phrases whose places must be right.
STRANGE = (
    "\U0001f68c\u200d\U0001f468\U0001f3fd cafe\u0301 \u05e9\u05dc\u05d5\u05dd: we hold that the "
    "{what} of {body} \U0001f44d\U0001f3fe matters\r\n\r\n"
)
WHAT = ["bridge", "market", "mill", "toll", "ferry"]


def text(body: str) -> str:
    """The text of a body: a paragraph a point, and one that says nothing."""
    said = "".join(STRANGE.format(what=what, body=body.upper()) for what in WHAT)
    return f"To the council \U0001f3f4\u200d\u2620\ufe0f\r\n\r\n{said}Yours, {body.upper()}.\r\n"


def phrase(body: str, point: int) -> str:
    """The phrase that carries a body's code on a point."""
    return f"{WHAT[point]} of {body.upper()} \U0001f44d\U0001f3fe matters"


def write(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """Write the study, read by a program alone but for the last body's blanks, and its texts."""
    tables = village.tables()
    raw = {body: text(body).encode() for body in BODIES}
    tables["bodies"] = [tables["bodies"][0], *([b, f"Body {b.upper()}", "guild", "", ""]
                                              for b in BODIES)]  # fmt: skip
    tables["sources"] = [tables["sources"][0], *(
        [f"s-{b}", f"Letter of {b.upper()}", f"Body {b.upper()}", "2021-03-01", "shown", "letter",
         "combined", "", "whole", len(text(b)), hashlib.sha256(raw[b]).hexdigest(), ""]
        for b in BODIES)]  # fmt: skip
    tables["propositions"] = [tables["propositions"][0], *(
        [f"p{n}", "works", f"Keep the {what}", f"The {what} should be kept.", "",
         f"Not coded on other towns' {what}s.", "", "", ""]
        for n, what in zip(POINTS, WHAT, strict=True))]  # fmt: skip
    tables["model_positions"] = [tables["model_positions"][0], *(
        ["plan", f"p{n}", 2, "inferred", "", "", "By its terms."] for n in POINTS),
        ["still", "p1", -2, "inferred", "", "", "By its terms."]]  # fmt: skip
    tables["codings"] = [tables["codings"][0], *(
        [b, f"p{n + 1}", f"s-{b}", "robo", 2 - (n % 3), "stated", phrase(b, n),
         text(b).index(phrase(b, n)), text(b).index(phrase(b, n)) + len(phrase(b, n)),
         f"{SECRET} of {b}{n}"]
        for b in BODIES for n in range(5) if (b, n) not in {("d", 4), ("e", 4)})]  # fmt: skip
    made = village.write(folder / "study", {**tables, "coders": bench.CODERS, "engagement":
                                            tables["engagement"][:1]})  # fmt: skip
    texts = folder / "texts"
    texts.mkdir(exist_ok=True)
    for body, bytes_ in raw.items():
        (texts / f"s-{body}.txt").write_bytes(bytes_)
    rows = draw(analyse(load.read(made)), Draw(18, 7, 0, 2), bench.DAY)
    rows.to_csv(made / "samples.csv", index=False, lineterminator="\n")
    return made, texts


def notebook(study: pathlib.Path, texts: pathlib.Path, coder: str) -> pathlib.Path:
    """The notebook of a coder, as `positions workbench` puts it among the coder's own files."""
    from positions.cli.main import main

    opened = []
    kept, command._open = command._open, lambda options, path: opened.append(path) or 0
    try:
        assert main(["workbench", str(study), "--texts", str(texts), "--coder", coder]) == 0
    finally:
        command._open = kept
    return opened[0]


@contextlib.contextmanager
def running(folder: pathlib.Path, theme: str = "JupyterLab Light"):
    """JupyterLab on a folder; its address."""
    settings = folder / ".settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"theme": theme}))
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / f".{name.lower()}")
           for name in ("CONFIG", "RUNTIME", "DATA")}  # fmt: skip
    environment = {**os.environ, **own, "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"),
                   "JUPYTERLAB_WORKSPACES_DIR": str(folder / ".workspaces")}  # fmt: skip
    asked = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--port",
             str(port), "--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}",
             "--ServerApp.disable_check_xsrf=True"]  # fmt: skip
    with (folder / ".lab.log").open("w") as log:
        lab = subprocess.Popen(asked, env=environment, stdout=log, stderr=log, cwd=folder)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api?token=t", timeout=5)
                break
            assert lab.poll() is None, (folder / ".lab.log").read_text()
            time.sleep(0.1)
        yield address
    finally:
        lab.terminate()
        lab.wait(30)


def opened(page, address: str, path: pathlib.Path, folder: pathlib.Path, run: bool = True):
    """Open a notebook, run all of it, and return the workbench in it."""
    page.goto(f"{address}/lab/tree/{path.relative_to(folder).as_posix()}?token=t&reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.get_by_text("(ipykernel) | Idle").wait_for(timeout=60_000)
    if run:
        run_all(page)
    return page.locator(".positions-desk")


def run_all(page):
    """Run all cells by JupyterLab's menu."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_selector(".positions-desk .text div", timeout=90_000)


def kernels(address: str) -> list[str]:
    """The ids of the kernels at work."""
    with urllib.request.urlopen(f"{address}/api/kernels?token=t") as found:
        return [one["id"] for one in json.load(found)]


def processes(folder: pathlib.Path) -> list[int]:
    """The process ids of the kernels of this JupyterLab, by their connection files."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"{folder}/.runtime/kernel-".encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found
