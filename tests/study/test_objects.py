"""The queue of codes whose phrase names no object of its proposition."""

import pandas as pd
from small import TABLES, write

from positions.cli.main import main
from positions.study import load, objects, verification

PROPOSITIONS = pd.DataFrame(
    [("membership", "A system should decide the membership of its board.", "Own members", ""),
     ("voice", "Councils have a meaningful place.", "Councils", "authority authorities seat")],
    columns=["proposition_id", "statement", "label", "terms"],
)  # fmt: skip


def queued(proposition_id, quote):
    codings = pd.DataFrame({"proposition_id": [proposition_id], "quote": [quote]})
    return len(objects.unnamed(codings, PROPOSITIONS)) == 1


def test_a_phrase_that_shares_a_word_with_the_statement_or_the_label_is_not_queued():
    assert not queued("membership", "boards vary, but membership is a local matter")
    assert not queued("membership", "Members of their choice")


def test_a_term_of_the_proposition_names_its_object():
    assert not queued("voice", "a seat at the table")


def test_flexibility_alone_is_not_membership():
    assert queued("membership", "we welcome the flexibility of the proposals")


def test_words_that_name_nothing_do_not_count():
    # "system" and "should" stand in the statement, and name nothing
    assert queued("membership", "the system should have its own way")


def test_the_command_lists_them_with_their_lines(tmp_path, capsys):
    # "halt the bill" names none of the words of its proposition; see the lines of `small`.
    folder = write(tmp_path / "study")
    assert main(["check", str(folder), "--look-again"]) == 0
    said = capsys.readouterr().out
    line = (
        TABLES["codings.csv"]
        .splitlines()
        .index("konp,body,konp-letter,ann,-2,stated,halt the bill,5,18,")
    )
    assert f"codings.csv:{line + 1} [quote]: note: object-unnamed: «halt the bill»" in said


def test_a_phrase_of_a_model_is_looked_for_in_its_text(tmp_path):
    text = "They say that it broadly supports the plan."
    study = load.read(write(tmp_path / "study"))
    found = verification.models(study, {"nhsp-brief": text.encode()})
    assert found["result"].tolist().count("found") == 1
    assert set(found["result"]) == {"found", "none"}
    gone = verification.models(study, {"nhsp-brief": b"nothing of it"})
    assert [row.proposition_id for row in gone.itertuples() if row.result == "gone"] == ["voice"]
    assert "absent" in set(verification.models(study, {})["result"])
