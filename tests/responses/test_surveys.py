"""Exports of survey programs are read as they come, and a study is begun from one."""

import csv
import pathlib
import shutil

import pandas as pd
import polismade
import pytest
import surveys

from positions.cli.main import main
from positions.responses import consultation, drafts, layouts, mapping, questions, study_files
from positions.responses.backend import NotResponses
from positions.study import load

PROGRAMS = {"qualtrics": "Qualtrics", "surveymonkey": "SurveyMonkey", "google": "Google Forms",
            "microsoft": "Microsoft Forms", "limesurvey": "LimeSurvey",
            "citizenspace": "Citizen Space"}  # fmt: skip
CASES = [(name, ending) for name in surveys.EXPORTS for ending in (".csv", ".xlsx")]


def counts(found, question):
    """How often each code was given to a question; None for silence."""
    mine = found.counted[found.counted["question_id"] == question]
    return {None if pd.isna(c) else c: n for c, n in zip(mine["code"], mine["n"], strict=True)}


def by_hand(places):
    wanted = [None if place is None else surveys.CODES[place] for place in places]
    return {code: wanted.count(code) for code in set(wanted)}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "ending"), CASES)
def test_a_study_begun_from_an_export_counts_every_answer(tmp_path, capsys, name, ending):
    path = surveys.write(tmp_path / f"export{ending}", surveys.EXPORTS[name])
    study = tmp_path / "study"
    assert main(["new", str(study), "--from-survey", str(path)]) == 0
    assert main(["check", str(study)]) == 0
    if "numbers" in name:
        assert main(["responses", str(study)]) == 1
        assert "'1' (3 times, first in export" in capsys.readouterr().err
        fill_in(study / "responses" / "map.csv", dict(zip("12345", surveys.CODES, strict=True)))
    capsys.readouterr()
    assert main(["responses", str(study)]) == 0
    said = capsys.readouterr().out
    aside = surveys.ASIDE.get(name.split()[0], [])
    assert f"Of {10 + len(aside)} rows read, 10 are used" in said
    assert all(f"1 {reason}" in said for reason in aside)
    loaded = load.read(study)
    found = study_files.counted(loaded, "")
    assert list(loaded.questions["answers"]) == ["likert5"] * 2
    first, second = loaded.questions["question_id"]
    assert counts(found, first) == by_hand(surveys.FIRST_ANSWERS)
    assert counts(found, second) == by_hand(surveys.SECOND_ANSWERS)


def fill_in(path, codes):
    """Write the code of each word, as an analyst would."""
    with open(path, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["code"] = codes.get(row["answer"], row["code"])
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize(("name", "ending"), CASES)
def test_each_program_is_known_by_its_columns(tmp_path, name, ending):
    path = surveys.write(tmp_path / f"a{ending}", surveys.EXPORTS[name])
    layout = layouts.find_layout(path)
    assert layout.program == PROGRAMS[name.split()[0]]
    assert len(set(layout.names)) == len(layout.names) == len(surveys.EXPORTS[name][0])
    rows = list(layouts.rows(path, layout))
    assert [fault for _, _, fault in rows] == [""] * len(rows)
    assert len(rows) == 10 + len(surveys.ASIDE.get(name.split()[0], []))


@pytest.mark.parametrize("spoilt", [["R", "x"], ["[" * 100_000]])
def test_rows_of_headers_that_are_damaged_are_no_questions(tmp_path, spoilt):
    names, _, ids, *rows = surveys.qualtrics()
    for above in ([names, spoilt, ids], [names, ids], [names, spoilt]):
        found = layouts.find_layout(surveys.write(tmp_path / "a.csv", [*above, *rows]))
        assert len(found.titles) == len(found.names)
        assert found.titles[11] == "Q1"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_separators_are_found_and_may_be_named_in_the_first_line(tmp_path, delimiter):
    path = surveys.write(tmp_path / "a.csv", surveys.limesurvey(), delimiter, csv.QUOTE_ALL)
    assert layouts.find_layout(path).delimiter == delimiter
    rows = list(layouts.rows(path, layouts.find_layout(path)))
    text = path.read_text("utf-8-sig")
    path.write_text(f"sep={delimiter}\r\n" + text, encoding="utf-8", newline="")
    named = layouts.find_layout(path)
    assert (named.delimiter, named.begins) == (delimiter, 3)
    below = [(line + 1, fields, fault) for line, fields, fault in rows]
    assert list(layouts.rows(path, named)) == below


ASKED = pd.DataFrame(
    {"question_id": ["close", "lane", "why"], "proposition_id": ["a", "b", ""],
     "question": [surveys.FIRST, "Lane?", "Why?"], "answers": ["likert5", "likert5", "text"],
     "reversed": ["", "yes", ""]}
)  # fmt: skip
REFERENCE = pd.DataFrame({"question_id": ["close"], "position": [2], "weight": [1.0]})


def test_the_command_writes_a_map_to_fill_in_and_then_reads_it(tmp_path, capsys):
    example = tmp_path / "study"
    main(["new", str(example), "--example"])
    questions_file = example / "questions.csv"
    lines = questions_file.read_text().splitlines()
    questions_file.write_text("\n".join([lines[0], lines[1], lines[2], lines[7]]) + "\n")
    export = surveys.write(tmp_path / "export.csv", surveys.google())
    base = ["responses", str(example), "--from", str(export)]
    assert main(base) == 1
    assert "no column 'Q1', 'Q2', 'comment'" in capsys.readouterr().err
    made = tmp_path / "map.csv"
    assert main([*base, "--map", str(made)]) == 1
    assert "is written, with the columns and words of" in capsys.readouterr().out
    rows = list(csv.DictReader(made.read_text().splitlines()))
    assert [row["code"] for row in rows if row["answer"] == "Somewhat agree"] == ["1", "1"]
    text = made.read_text()
    for title, use in ((surveys.FIRST, "Q1"), (surveys.SECOND, "Q2")):
        text = text.replace(
            f"? [{title}],How far do you agree? [{title}],,", f"? [{title}],,{use},"
        )
    made.write_text(text.replace(f"{surveys.WHY},{surveys.WHY},,", f"{surveys.WHY},,comment,"))
    assert main([*base, "--map", str(made)]) == 0
    assert "Of 10 rows read, 10 are used" in capsys.readouterr().out


def test_a_question_may_declare_what_its_words_mean(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,close,lane,why\n1,Yes please,agree,x\n2,Hmm,agree,\n3,agree,no way,\n")
    made = tmp_path / "map.csv"
    made.write_text(
        "column,use,answer,code\nid,respondent,,\nclose,close,,\nclose,,YES  please,2\n"
        "close,,hmm,none\nlane,lane,,\nlane,,No way,-2\nwhy,why,,\n"
    )
    options = consultation.CountOptions(map=made)
    found = consultation.count_files([path], ASKED, REFERENCE, options)
    assert counts(found, "close") == {2: 1, None: 1, 1: 1}
    assert counts(found, "lane") == {-1: 2, 2: 1}
    assert found.unknown.empty


@pytest.mark.parametrize(
    ("rows", "line", "message"),
    [
        ("close,close,,\nclose,,agree,3\n", 3, "code '3' of the answer 'agree' is none of -2, -1"),
        ("close,closed,,\n", 2, "use 'closed' is neither a question of questions.csv nor one of"),
        ("close,close,,\nlane,close,,\n", 3, "use 'close' is given twice"),
        ("close,close,,\nclose,lane,,\n", 3, "the column 'close' has a row above"),
        ("close,,agree,1\n", 2, "the column 'close' has no row of its own above its answers"),
        ("close,close\n", 2, "the row has 2 fields, the header has 4"),
    ],
)
def test_a_map_that_means_nothing_is_refused_with_its_line(tmp_path, rows, line, message):
    path = tmp_path / "map.csv"
    path.write_text("column,use,answer,code\n" + rows)
    with pytest.raises(NotResponses) as refused:
        mapping.read_map(path, questions.survey(ASKED))
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert message in str(refused.value)


def test_a_map_holds_no_cell_that_a_spreadsheet_runs_and_means_what_was_answered(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("=close,lane,why\n=1+1,agree,x\n-2,agree,x\n@yes,agree,x\n")
    survey = questions.survey(ASKED)
    rows = drafts.begun(path, layouts.find_layout(path), survey, {"=close": "close"})
    for row in rows:
        if row[3] in ("=1+1", "@yes"):
            row[4] = "1"
    drafts.write(tmp_path / "map.csv", rows)
    written = list(csv.reader((tmp_path / "map.csv").read_text().splitlines()))
    assert {row[0] for row in written} == {"column", "'=close", "lane", "why"}
    assert {row[3] for row in written if row[0] == "'=close"} == {"", "'=1+1", "-2", "'@yes"}
    found = mapping.read_map(tmp_path / "map.csv", survey)
    assert found.uses["=close"] == "close"
    assert found.words["close"] == {"=1+1": 1, "@yes": 1}


def test_a_map_names_columns_that_are_there(tmp_path):
    made = tmp_path / "map.csv"
    made.write_text("column,use,answer,code\nclosing,close,,\nlane,lane,,\nwhy,why,,\n")
    path = tmp_path / "a.csv"
    path.write_text("id,close,lane,why\n1,agree,agree,x\n")
    with pytest.raises(NotResponses, match="the column 'closing' is not in the file of answers"):
        consultation.count_files([path], ASKED, REFERENCE, consultation.CountOptions(map=made))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda sheet: sheet.row_dimensions.__getitem__(3).__setattr__("hidden", True),
         "row 3 is hidden or filtered out"),
        (lambda sheet: sheet.__setitem__("B4", "=1+1"), "row 4, column 2: a formula"),
        (lambda sheet: sheet.merge_cells("B5:B6"), "the cells B5:B6 are one"),
        (lambda sheet: sheet.parent.create_sheet("More").append(["x"]), "'Sheet', 'More'"),
    ],
)  # fmt: skip
def test_a_workbook_that_shows_something_else_than_it_holds_is_refused(tmp_path, spoil, message):
    import openpyxl

    path = surveys.write(tmp_path / "a.xlsx", surveys.citizenspace())
    book = openpyxl.load_workbook(path)
    spoil(book.active)
    book.save(path)
    with pytest.raises(NotResponses) as refused:
        consultation.count_files([path], ASKED, REFERENCE)
    assert message in str(refused.value)


@pytest.mark.parametrize("raw", [b"not a workbook", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_workbook_or_text_is_refused(tmp_path, raw):
    for name in ("a.xlsx", "a.csv"):
        path = pathlib.Path(tmp_path / name)
        path.write_bytes(raw)
        with pytest.raises(NotResponses):
            consultation.count_files([path], ASKED, REFERENCE)


def test_answers_in_utf_16_are_named_as_such(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id\tclose\n1\tagree\n", encoding="utf-16")
    with pytest.raises(NotResponses, match="the file is UTF-16; save it as UTF-8"):
        consultation.count_files([path], ASKED, REFERENCE)


@pytest.mark.slow
def test_a_study_of_a_survey_alone_has_a_report(tmp_path):
    path = surveys.write(tmp_path / "export.csv", surveys.qualtrics())
    study = tmp_path / "study"
    assert main(["new", str(study), "--from-survey", str(path)]) == 0
    (tmp_path / "notebooks").mkdir()
    shutil.copy("notebooks/7-responses.ipynb", tmp_path / "notebooks")
    assert main(["report", str(study), "--out", str(tmp_path / "site"), "--notebooks",
                 str(tmp_path / "notebooks")]) == 0  # fmt: skip
    table = pd.read_csv(tmp_path / "site" / "tables" / "responses-consensus.csv")
    assert table["spoke"].tolist() == [9, 9]
    assert table["supports"].tolist() == [5, 5]
    page = (tmp_path / "site" / "7-responses.html").read_text("utf-8")
    assert "Of 12 rows read, 10 are used" in page


@pytest.mark.slow
def test_a_study_of_votes_or_a_survey_alone_has_a_report_of_all_notebooks(tmp_path):
    path = surveys.write(tmp_path / "export.csv", surveys.qualtrics())
    assert main(["new", str(tmp_path / "survey"), "--from-survey", str(path)]) == 0
    (tmp_path / "polis").mkdir()
    for name, text in polismade.ADMIN.items():
        (tmp_path / "polis" / name).write_text(text, encoding="utf-8")
    declared = ["--stance", "agree=1", "--stance", "disagree=-1", "--stance", "pass=none",
                "--fact", "propositions.theme=works", "--fact",
                "propositions.kind=design"]  # fmt: skip
    votes = str(tmp_path / "votes")
    assert main(["import", "polis", str(tmp_path / "polis"), votes, *declared]) == 0
    for study in ("survey", "votes"):
        site = tmp_path / f"{study}-site"
        assert main(["report", str(tmp_path / study), "--out", str(site)]) == 0
        assert (site / "7-responses.html").exists()
