"""The widget keeps nothing of a study, and the command opens it and brings work back."""

import importlib.util
import json
import os

import bench
import pytest
import village

import positions as ps
from positions.cli import workbench as command
from positions.cli.main import main
from positions.reading.desk import Desk
from positions.reading.desk_view import Screen
from positions.reading.own_files import CHECKS
from positions.study import load


@pytest.fixture
def widget(tmp_path):
    pytest.importorskip("anywidget")
    made, texts = bench.write(tmp_path)
    study = load.read(made)
    found = ps.workbench(study, texts=texts, coder="cleo", folder=tmp_path / "own")
    found.sent = []
    found.send = lambda content, buffers=None: found.sent.append(content)
    yield found
    found.close()


def ask(widget, act):
    """Send an act as the page does; return the answer."""
    said = {"data": {"method": "custom", "content": act}}
    widget.comm.handle_msg({"content": said, "buffers": []})
    return widget.sent[-1]


def held(widget):
    """All that is in the widget's state, but for its script and style."""
    state = widget.get_state()
    assert {"_esm", "_css"} <= set(state)
    return {name: value for name, value in state.items() if name not in ("_esm", "_css")}


def test_the_state_of_the_widget_never_holds_anything_of_the_study(widget):
    before = held(widget)
    cell = ask(widget, {"act": "show", "n": "1"})["view"]["cell"]
    told = ask(widget, {"act": "lock", "n": "2", "cell": cell, "stance": 2})
    assert bench.SECRET in json.dumps(told)  # on the screen, once it is locked
    after = held(widget)
    assert after == before
    written = json.dumps(after, default=str)
    words = [bench.SECRET, "bridge", "alpha", "Alpha", "cleo", "brief"]
    assert not [word for word in words if word in written]


def test_what_a_notebook_stores_of_the_widget_is_a_sentence(widget):
    (stored, *_) = widget._repr_mimebundle_()
    assert stored["text/plain"] == "The workbench: open this notebook in JupyterLab and run it."
    assert set(stored) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_every_answer_is_plain_json_with_the_number_of_its_act(widget):
    for act in ({"act": "show"}, {"act": "queue", "queue": "decide"}, {"act": "nonsense"}, {},
                {"act": "queue", "queue": "code"}, {"act": "find", "words": "bridge"}):  # fmt: skip
        answer = ask(widget, act | {"n": "7"})
        assert json.loads(json.dumps(answer, allow_nan=False))["n"] == "7"
    assert ask(widget, "no mapping")["tone"] == "bad"


def test_a_text_and_the_codebook_are_sent_once(tmp_path):
    screen = Screen(bench.desk(tmp_path))
    first = screen.answer({"act": "show"})
    again = screen.answer({"act": "show", "has": [first["text"]["id"], "codebook"]})
    assert "text" not in again and "codebook" not in again
    assert first["text"]["text"] == village.text(first["view"]["source"]["id"])


def test_without_anywidget_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    made, texts = bench.write(tmp_path)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r'run: pip install "positions\[lab\]"'):
        ps.workbench(load.read(made), texts=texts, coder="cleo")


def test_with_nobody_at_it_a_sentence_says_how_to_begin():
    assert ps.workbench(ps.read("data")).text.startswith("Nobody sits at the workbench yet.")


def test_a_folder_of_texts_that_is_none_is_refused(tmp_path):
    made, _ = bench.write(tmp_path)
    wrong = "is not a folder; name the folder of the stored texts"
    with pytest.raises(ValueError, match=wrong):
        ps.workbench(load.read(made), texts=tmp_path / "none", coder="cleo")


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch):
    found = []
    monkeypatch.setattr(command, "_open", lambda options, path: found.append(path) or 0)
    return found


def sources(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_the_command_opens_a_notebook_of_the_coders_own(tmp_path, opened):
    made, texts = bench.write(tmp_path)
    asked = ["workbench", str(made), "--texts", str(texts), "--coder", "cleo"]
    assert main(asked) == 0
    (path,) = opened
    assert path == tmp_path / "study-readings" / "cleo" / "0-workbench.ipynb"
    assert sources(path)[0].splitlines() == [
        f"STUDY = {made.as_posix()!r}", f"TEXTS = {texts.as_posix()!r}", "CODER = 'cleo'",
        "OWN = None",
    ]  # fmt: skip
    # What the person wrote beside it stays; where it points to follows the command.
    text = path.read_text("utf-8").replace("# What does this text say", "# My notes")
    path.write_text(text, "utf-8")
    os.rename(texts, tmp_path / "elsewhere")
    asked[3] = str(tmp_path / "elsewhere")
    assert main(asked) == 0
    assert "# My notes" in path.read_text("utf-8")
    assert "elsewhere" in sources(path)[0]


def test_texts_that_stand_in_the_study_are_found_unasked(tmp_path):
    made, texts = bench.write(tmp_path)
    os.rename(texts, made / "texts")
    assert Screen(Desk(load.read(made), None, "cleo")).answer({"act": "show"})["text"]["text"]


def test_what_is_wrong_is_said_before_anything_opens(tmp_path, opened, capsys):
    made, _ = bench.write(tmp_path)
    assert main(["workbench", str(made), "--coder", "../x"]) == 1
    assert "write a name of letters" in capsys.readouterr().err
    assert main(["workbench", str(tmp_path / "none"), "--coder", "cleo"]) == 1
    assert "the study is refused; nothing was done" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["workbench", str(made)])
    with pytest.raises(SystemExit):
        main(["workbench", str(made), "--coder", "cleo", "--texts", "nowhere"])
    assert opened == []


def test_what_was_saved_is_handed_in_by_the_command(tmp_path, opened, capsys):
    desk = bench.desk(tmp_path)
    desk.act({"act": "lock", "cell": list(desk.checks.here), "stance": 2})
    asked = ["workbench", str(tmp_path / "study"), "--coder", "cleo", "--hand-in"]
    assert main(asked) == 0
    assert "checks: 1 row added, 0 changed, 0 there already" in capsys.readouterr().out
    assert main(asked) == 0
    assert "checks: 0 rows added, 0 changed, 1 there already" in capsys.readouterr().out
    assert len(load.read(tmp_path / "study").checks) == len(desk.own.rows(CHECKS)) == 1
    assert opened == []


def test_a_response_of_655_words_with_two_coders_takes_seven_steps_and_none_fails(tmp_path, opened):
    made, texts = bench.write(tmp_path, sample=None)
    said = "We want the bridge built. The toll must go. "
    response = tmp_path / "answer.md"
    response.write_text(said + "word " * (655 - len(said.split())), "utf-8")
    sit = ["workbench", str(made), "--texts", str(texts), "--coder"]
    steps = [
        ["add", str(made), str(response), "--body", "gamma", "--texts", str(texts), "--id",
         "answer", "--title", "Answer", "--published", "2021-03-09",
         "--published-basis", "shown", "--kind", "letter", "--phase", "combined"],
        *([*sit, who] for who in ("cleo", "dan")),
        *([*sit, who, "--hand-in"] for who in ("cleo", "dan")),
        [*sit, "ann"],
        [*sit, "ann", "--hand-in"],
    ]  # fmt: skip
    ended = []
    for step in steps:
        ended.append(main(step))
        who = step[step.index("--coder") + 1] if "--coder" in step else ""
        if who and "--hand-in" not in step:
            desk = bench.desk(tmp_path, who)
            if who == "ann":
                desk.act({"act": "queue", "queue": "decide"})
                for cell in desk.deciding.pieces:
                    told = desk.act({"act": "decide", "cell": list(cell), "stance": 2,
                                     "reason": "It calls for it."})  # fmt: skip
                    assert told["tone"] == "good"
                continue
            stance = 2 if who == "cleo" else 1
            for point, words, code in (("p1", "We want the bridge built", stance),
                                       ("p4", "The toll must go", -2)):  # fmt: skip
                assert bench.code(desk, "answer", "gamma", point, code, words)["tone"] == "good"
    assert len(steps) == 7
    assert ended == [0] * 7
    study = load.read(made)  # nothing is left open
    mine = study.codings[study.codings["source_id"] == "answer"]
    assert sorted(mine["coder"]) == ["cleo", "cleo", "dan", "dan"]
    assert len(study.adjudications) == 1
    assert main(["verify", str(made), "--texts", str(texts), "--require"]) == 0
