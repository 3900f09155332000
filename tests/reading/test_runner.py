"""A model is asked over the network: what is sent, when it is tried again, when it stops."""

import json
import os
import subprocess
import sys

import model_answers as made
import pytest
from folders import contents
from model_server import Model, serving

from positions.cli.main import main
from positions.reading import address, runner
from positions.reading.address import NoAddress

CODES = [made.code(), made.code("p3", 0, "we take no side on the old mill"),
         made.code("p2", 1, "A market is\nwelcome"),
         made.code("p3", 0, "we take no side on the mill", body_id="beta")]  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return made.study(tmp_path / "study")


def asking(folder, url, manners_wait=None, **changed):
    """Ask everything; return the waits between tries and the lines of the answers."""
    waits = [] if manners_wait is None else manners_wait
    manner = runner.Manner("m", {"temperature": 0}, 0.6, waits.append)
    path = folder.parent / "answers.jsonl"
    to = address.address(url, **changed)
    waiting = runner.unanswered(list(made.asked(folder).values()), path)
    try:
        runner.run(waiting, path, to, manner, lambda progress: None)
    finally:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return waits, lines


def command(folder, url, *more):
    return ["read", str(folder), "--run", url, "--model", "m", "--answers",
            str(folder.parent / "answers.jsonl"), *more]  # fmt: skip


# --- from a model to codes -----------------------------------------------------------------


def test_a_model_is_asked_and_its_answers_become_a_reading(folder, capsys):
    model = Model(codes=CODES)
    with serving(model) as url:
        assert main(command(folder, url, "--yes")) == 0
    out = capsys.readouterr()
    assert f"To be sent to {url}/chat/completions, for the model m: 6 requests, " in out.out
    assert "the stored texts of 3 sources" in out.out
    assert "no key (POSITIONS_API_KEY is not set)" in out.out
    assert "6 answers, 0 failed; 6000 tokens in, 120 out." in out.out
    assert "6 of 6 asked, 0 failed" in out.err
    assert [body["model"] for body in model.asked] == ["m"] * 6
    answers = str(folder.parent / "answers.jsonl")
    assert main(["read", str(folder), "--accept", answers, "--coder", "reader-1"]) == 0
    told = json.loads((folder / "readings" / "reader-1.json").read_text("utf-8"))
    assert told["model"] == ["m-2021"]
    assert told["parameters"] == [{"model": "m", "temperature": 0}]
    assert told["provider"] == [url.split("/")[2]]
    assert told["counts"]["codes_taken"] == 4
    assert told["missing"] == []


def test_nothing_is_sent_before_somebody_agrees(folder, capsys):
    model = Model(codes=CODES)
    with serving(model) as url:
        assert main(command(folder, url)) == 2
    assert model.asked == []
    assert "nothing was sent. To send without being asked, say --yes." in capsys.readouterr().err
    assert not (folder.parent / "answers.jsonl").exists()


def test_what_is_answered_is_not_asked_again(folder, capsys):
    model = Model(codes=CODES)
    with serving(model) as url:
        assert main([*command(folder, url, "--yes"), "--theme", "works"]) == 0
        assert main(command(folder, url, "--yes")) == 0
        assert len(model.asked) == 6
        assert main(command(folder, url, "--yes")) == 0
    assert len(model.asked) == 6
    assert "every request is answered already; nothing was sent" in capsys.readouterr().out


def test_a_run_that_was_killed_goes_on_behind_the_last_whole_line(folder):
    model, path = Model(codes=CODES), folder.parent / "answers.jsonl"
    with serving(model) as url:
        _, whole = asking(folder, url)
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:2]) + lines[2][:50])
        _, again = asking(folder, url)
    assert again == whole
    assert len(model.asked) == 6 + 4


# --- a server that is not as it should be --------------------------------------------------


@pytest.mark.parametrize(
    ("manner", "tries"),
    [("broken", 4), ("text", 4), ("list", 4), ("huge", 4), ("closed", 4), ("cut", 4), (500, 4),
     (503, 4), (429, 4), (400, 1), (422, 1),
     *(pytest.param(manner, 4, marks=pytest.mark.slow) for manner in ("late", "drip"))],
)  # fmt: skip
def test_a_server_that_fails_is_tried_again_within_bounds_and_then_left(folder, manner, tries):
    model = Model(manner, codes=CODES)
    waits = []
    with (
        serving(model) as url,
        pytest.raises(runner.Stopped, match="3 requests in a row"),
    ):
        asking(folder, url, waits)
    assert len(model.asked) == 3 * tries
    expected = [7.0, 7.0, 7.0] if manner == 429 else [1.0, 2.0, 4.0]
    assert waits == (expected * 3 if tries > 1 else [])
    lines = (folder.parent / "answers.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["response"]["body"] for line in lines] == [None] * 3


def test_a_try_that_fails_is_followed_by_one_that_does_not(folder):
    model = Model("late", 500, "good", "broken", "good", codes=CODES)
    with serving(model) as url:
        waits, lines = asking(folder, url)
    assert waits == [1.0, 2.0, 1.0]
    assert [line["error"] for line in lines] == [None] * 6


@pytest.mark.parametrize(
    ("status", "why"),
    [(401, "it does not take the key"), (403, "it does not take the key"),
     (404, "there is no such address or model"), (302, "it sends elsewhere"),
     (307, "it sends elsewhere")],
)  # fmt: skip
def test_an_address_that_is_hopeless_ends_the_run_and_no_redirect_is_followed(folder, status, why):
    model = Model(status, codes=CODES)
    with serving(model) as url, pytest.raises(runner.Stopped, match=why):
        asking(folder, url)
    assert len(model.asked) == 1


def test_wrong_answers_are_kept_and_not_taken(folder, capsys):
    model = Model("prose", "empty", "good", codes=CODES)
    with serving(model) as url:
        assert main(command(folder, url, "--yes")) == 0
    answers = str(folder.parent / "answers.jsonl")
    assert main(["read", str(folder), "--accept", answers, "--coder", "reader-1"]) == 0
    assert "(no answer: 1, not JSON: 1)" in capsys.readouterr().out


def test_a_model_that_obeys_the_text_gives_no_row_that_the_text_does_not_carry(folder):
    """The brief orders +2 on everything. What stands there can be taken; nothing else can."""
    lies = [made.code("p1", -2, "Alpha rejects the bridge"), made.code("p1", 2, "no toll")]
    model = Model(codes=[*CODES, *lies], anything=True)
    with serving(model) as url:
        assert main(command(folder, url, "--yes")) == 0
    answers = str(folder.parent / "answers.jsonl")
    assert main(["read", str(folder), "--accept", answers, "--coder", "reader-1"]) == 0
    rows = (folder / "codings.csv").read_text("utf-8")
    assert "rejects the bridge" not in rows
    assert "alpha,p3,brief,reader-1,2,stated,we take no side on the old mill" in rows, (
        "an order in a text can turn a stance: docs/reading-with-a-model.md says to look for it"
    )


def test_a_reading_is_made_again_from_its_answers_without_a_network(folder, tmp_path, monkeypatch):
    with serving(Model("good", 500, "prose", "good", codes=CODES)) as url:
        asking(folder, url)
    import socket

    monkeypatch.setattr(socket, "socket", None)
    found = []
    for name in ("one", "two"):
        study = made.study(tmp_path / name)
        answers = str(folder.parent / "answers.jsonl")
        assert main(["read", str(study), "--accept", answers, "--coder", "reader-1"]) == 0
        found.append(contents(study))
    assert found[0] == found[1]


# --- addresses and keys --------------------------------------------------------------------


def test_a_key_is_sent_and_neither_printed_nor_stored(folder, capsys, monkeypatch):
    monkeypatch.setenv("POSITIONS_API_KEY", "sk-secret-1")
    model = Model("good", "echo", codes=CODES)
    with serving(model) as url:
        assert main(command(folder, url, "--yes")) == 0
    assert model.heads[0]["Authorization"] == "Bearer sk-secret-1"
    said = capsys.readouterr()
    assert "the key in POSITIONS_API_KEY" in said.out
    kept = [*contents(folder.parent).values(), said.out.encode(), said.err.encode()]
    assert not any(b"sk-secret-1" in each for each in kept)


@pytest.mark.parametrize(
    ("url", "key", "said"),
    [
        ("file:///etc/passwd", "", "is no web address"),
        ("localhost:8000", "", "is no web address"),
        ("ftp://example.org", "", "is no web address"),
        ("http://user:word@example.org/v1", "", "without user"),
        ("https://example.org/v1?key=1", "", "without user"),
        ("http://example.org/v1", "k", "the key would go to example.org in the clear"),
        ("http://127.0.0.1.example.org/v1", "k", "in the clear"),
        ("http://[::1", "", "Invalid IPv6"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(url, key, said):
    with pytest.raises(NoAddress, match=said.replace("[", r"\[")):
        address.address(url, key)


def test_an_address_is_completed():
    full = "http://localhost:11434/v1/chat/completions"
    for url in ("http://localhost:11434/v1", "http://localhost:11434/v1/", full):
        assert address.address(url, "k").url == full
    assert "k3y" not in repr(address.address("https://example.org/v1", "k3y"))


def test_the_command_opens_no_connection_but_to_the_address_that_was_named(folder):
    """Everything but --run works where no socket can be made at all."""
    code = (
        "import socket\n"
        "def none(*a, **k): raise AssertionError('a connection')\n"
        "socket.socket.connect = none\n"
        "from positions.cli.main import main\n"
        f"assert main(['read', {str(folder)!r}, '--prepare', {str(folder / 'x.jsonl')!r}]) == 0\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                         env=dict(os.environ), encoding="utf-8")  # fmt: skip
    assert run.returncode == 0, run.stderr
