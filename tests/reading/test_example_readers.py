"""The recorded answers that ship with the example: what they are, and what they show."""

import example_readers
import pytest

from positions.cli.main import main
from positions.study import load

NAMES = ("eager", "plain", "wary")
FILES = [str(example_readers.HERE / f"{name}.jsonl") for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_recorded_answers_are_those_to_what_is_asked_today(name):
    recorded = (example_readers.HERE / f"{name}.jsonl").read_bytes()
    assert recorded == example_readers.answers(name), "run tests/example_readers.py"


def test_the_claims_of_the_example_are_judged_across_five_readers(capsys):
    assert main(["read", str(example_readers.HOME), "--across", *FILES]) == 0
    out = capsys.readouterr().out
    assert out.startswith("5 readers: ann (person, 6 sources); ben (person, 6 sources); eager (mod")
    assert "The traders agree with less than half of it: holds for 4 of 5 readers; fails for eager"
    assert "  The Walkers' League is closest to the scheme: holds for 5 of 5 readers.\n" in out
    assert "the traders do: cannot be judged for any of 5 readers.\n" in out


def test_a_made_up_reader_is_taken_in_but_for_what_it_copied_badly(tmp_path, capsys):
    folder = tmp_path / "example"
    assert main(["new", str(folder), "--example"]) == 0
    before = load.read(folder)
    assert main(["read", str(folder), "--accept", FILES[2], "--coder", "wary"]) == 0
    assert "3 not taken (phrase nearly right: 2, refused: 1)." in capsys.readouterr().out
    assert load.check(folder)[0] is None
    after = load.read(folder, allow_unresolved=True)
    assert len(after.codings) - len(before.codings) == 25
    assert main(["verify", str(folder), "--texts", str(folder / "texts"), "--require"]) == 0
    assert main(["read", str(folder), "--across"]) == 0
    assert "3 readers: " in capsys.readouterr().out


def test_a_file_named_like_a_reader_of_the_study_is_refused(tmp_path, capsys):
    path = tmp_path / "ann.jsonl"
    path.write_bytes(example_readers.answers("plain"))
    assert main(["read", str(example_readers.HOME), "--across", str(path)]) == 1
    assert "the study has a reader 'ann' already; rename the file" in capsys.readouterr().err
