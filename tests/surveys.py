"""Made-up exports of survey programs, each in its real layout, of the same twelve answers.

Ten people answer two questions on a scale and one in their own words; one more has not finished,
and one is a preview, where a program knows of such.
"""

import csv
import datetime as dt
import io
import json

import openpyxl

FIRST = "The high street should be closed to cars"
SECOND = "A bus lane should run along the quay"
WHY = "Why do you think so?"
WORDS = ["Strongly agree", "Somewhat agree", "Neither agree nor disagree", "Somewhat disagree",
         "Strongly disagree"]  # fmt: skip
FIRST_ANSWERS = [0, 0, 1, 1, 1, 2, 3, 4, 4, None]
SECOND_ANSWERS = [4, 3, 3, 2, 1, 1, 0, None, 0, 0]
COMMENTS = ["", "Buses, please", 'A "trial" first', "", "Two\nlines", *[""] * 5]
CODES = [2, 1, 0, -1, -2]
DAY = dt.datetime(2024, 5, 1, 9, 30)


def answers(numbers=False):
    """The three answers of each of the ten, in words or in numbers from 1 to 5."""

    def one(place):
        return "" if place is None else str(place + 1) if numbers else WORDS[place]

    return [
        [one(a), one(b), c] for a, b, c in zip(FIRST_ANSWERS, SECOND_ANSWERS, COMMENTS, strict=True)
    ]


def qualtrics(numbers=False):
    names = ["StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)",
             "Finished", "RecordedDate", "ResponseId", "RecipientLastName", "UserLanguage", "Q1",
             "Q2_1", "Q3", "", ""]  # fmt: skip
    asked = ["Start Date", "End Date", "Response Type", "IP Address", "Progress",
             "Duration (in seconds)", "Finished", "Recorded Date", "Response ID",
             "Recipient Last Name", "User Language", FIRST, f"Do you agree?\n - {SECOND}", WHY, "",
             ""]  # fmt: skip
    ids = [json.dumps({"ImportId": name or "x"}) for name in names]
    normal, preview = ("0", "1") if numbers else ("IP Address", "Survey Preview")
    yes, no = ("1", "0") if numbers else ("True", "False")

    def row(number, three, status=normal, finished=yes):
        day = f"{DAY:%Y-%m-%d %H:%M:%S}"
        return [day, day, status, "203.0.113.9", "100", "60", finished, day, f"R_{number:03}", "",
                "EN", *three, "", ""]  # fmt: skip

    rows = [row(number, three) for number, three in enumerate(answers(numbers))]
    rows.append(row(10, answers(numbers)[0], finished=no))
    rows.append(row(11, answers(numbers)[0], status=preview))
    return [names, asked, ids, *rows]


def surveymonkey():
    names = ["Respondent ID", "Collector ID", "Date Created", "Date Modified", "IP Address",
             "Email Address", "First Name", "Last Name", "Custom Data 1",
             "How far do you agree with each?", "", WHY]  # fmt: skip
    under = ["", "", "", "", "", "", "", "", "", FIRST, SECOND, "Open-Ended Response"]
    own = [["118400000" + str(n), "44", "05/01/2024", "05/01/2024", "", "", "", "", ""]
           for n in range(10)]  # fmt: skip
    return [names, under, *(a + b for a, b in zip(own, answers(), strict=True))]


def microsoft():
    names = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time",
             f"{FIRST}\u00a0", SECOND, WHY]  # fmt: skip
    own = [[n + 1, DAY, DAY, "anonymous", None, None] for n in range(10)]
    return [names, *(a + b for a, b in zip(own, answers(), strict=True))]


def google():
    names = [
        "Timestamp",
        f"How far do you agree? [{FIRST}]",
        f"How far do you agree? [{SECOND}]",
        WHY,
    ]
    return [names, *(["2024/05/01 9:30:00 am GMT+1", *three] for three in answers())]


def limesurvey(heads="code"):
    heads = {
        "code": ["id", "submitdate", "lastpage", "startlanguage", "seed", "Q1[SQ001]", "Q1[SQ002]",
                 "Q2"],
        "text": ["Response ID", "Date submitted", "Last page", "Start language", "Seed",
                 f"Do you agree? [{FIRST}]", f"Do you agree? [{SECOND}]", WHY],
    }[heads]  # fmt: skip
    own = [[str(n + 1), "2024-05-01 09:30:00", "2", "en", "77"] for n in range(10)]
    rows = [a + b for a, b in zip(own, answers(), strict=True)]
    return [heads, *rows, ["11", "", "1", "en", "77", *answers()[0]]]


def citizenspace():
    names = ["Response ID", "Date Submitted", f"1. {FIRST}?", f"2. {SECOND}?", f"3. {WHY}"]
    own = [[f"ANON-{n:04}-X", "2024-05-01 09:30"] for n in range(10)]
    return [names, *(a + b for a, b in zip(own, answers(), strict=True))]


EXPORTS = {
    "qualtrics": qualtrics(),
    "qualtrics in numbers": qualtrics(numbers=True),
    "surveymonkey": surveymonkey(),
    "microsoft": microsoft(),
    "google": google(),
    "limesurvey": limesurvey(),
    "limesurvey in full text": limesurvey("text"),
    "citizenspace": citizenspace(),
}
ASIDE = {"qualtrics": ["not finished", "preview or test"], "limesurvey": ["not finished"]}


def write(path, rows, delimiter=",", quoting=csv.QUOTE_MINIMAL):
    """Write an export as CSV or as a workbook, as the ending of the name says."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append([_typed(value) for value in row])
        book.save(path)
        return path
    text = io.StringIO()
    made = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    made.writerows(rows)
    path.write_text("\ufeff" + text.getvalue(), encoding="utf-8", newline="")
    return path


def _typed(value):
    """A number as a number and an empty text as no cell, as spreadsheets have them."""
    if isinstance(value, str):
        return int(value) if value.isdigit() and len(value) < 9 else value or None
    return value
