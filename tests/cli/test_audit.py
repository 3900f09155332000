"""The command `audit`: the plan, the draw and what the checks certify, from the shell."""

import any_study
import audited
import pytest
from small import problems

from positions.cli.main import main


@pytest.fixture
def folder(tmp_path):
    return any_study.write(tmp_path / "study", audited.STANCES, audited.MODEL)


def printed(capsys, *arguments):
    assert main(["audit", *map(str, arguments)]) == 0
    found = capsys.readouterr()
    return found.out, found.err


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main(["audit", *map(str, arguments)])
    assert left.value.code == 2
    return capsys.readouterr().err


def test_without_checks_it_says_none_and_what_it_would_take(folder, capsys):
    out, _ = printed(capsys, folder)
    assert out.startswith("0 of 16 codes checked by a person. It takes 16 clean checks")
    assert "The above claim on north: the checks do not certify it (none of its 6 codes" in out


def test_the_plan_names_the_checks_for_shares_and_claims(folder, capsys):
    out, _ = printed(capsys, folder, "--plan")
    assert out.startswith("16 codes behind the scores of 3 bodies; 2 blanks in texts")
    assert "more than 20% wrong (each code is drawn with probability" in out
    assert "of 6;" in out


def test_a_draw_is_written_gone_on_with_and_not_written_twice(folder, capsys):
    out, _ = printed(capsys, folder, "--draw", 4, "--seed", 7, "--blanks", 1)
    assert out.startswith("4 codes and 1 blank drawn into samples.csv.")
    first = (folder / "samples.csv").read_bytes()
    _, err = printed(capsys, folder, "--draw", 4, "--seed", 7, "--blanks", 1)
    assert err == "samples.csv: this sample was drawn already (5 cells); nothing was written\n"
    out, _ = printed(capsys, folder, "--draw", 20, "--seed", 7, "--blanks", 1)
    assert out.startswith("12 codes and 0 blanks drawn into samples.csv. The study has 16 codes to "
                          "draw, not 20.")  # fmt: skip
    assert (folder / "samples.csv").read_bytes().startswith(first)
    assert not [p for p in problems(folder) if p.file == "samples.csv"]
    assert "was drawn with seed 7" in refused(capsys, folder, "--draw", 4, "--seed", 8)


@pytest.mark.parametrize("given", [["--draw", 4], ["--draw", 0, "--seed", 1],
                                   ["--draw", 4, "--seed", -1]])  # fmt: skip
def test_a_draw_needs_a_number_and_a_seed(folder, capsys, given):
    assert "--draw N --seed S: N from 1 up" in refused(capsys, folder, *given)
    assert not (folder / "samples.csv").exists()


def test_checks_that_do_not_count_are_named_with_their_place(folder, capsys):
    printed(capsys, folder, "--draw", 16, "--seed", 7)
    with open(folder / "coders.csv", "a", encoding="utf-8", newline="") as file:
        file.write("cleo,person,Cleo,,,,\n")
    (folder / "checks.csv").write_text(
        "body_id,proposition_id,source_id,checker,stance,seen_blind,checked,mark,note\n"
        "north,p0,s-north,cleo,2,no,2024-05-02,,\nnorth,p1,s-north,cleo,2,yes,2024-05-02,,\n",
        encoding="utf-8",
    )
    out, _ = printed(capsys, folder)
    assert "checks.csv:2 [source_id]: note: not-blind: «north / p0 / s-north»" in out
    assert "1 of 16 codes checked by a person." in out
    assert "15 of those drawn are not settled yet, and count as wrong until they are." in out
