"""Make the study of this folder out of `record/`: the same bytes whenever it is run.

    python examples/senate-109/convert.py [FOLDER]

`record/rollcalls.csv` and `record/votes.csv` are facts, as the package `pscl` gives them
(README.md says how they were taken); `record/labels.csv` is ours: a theme, a label and a
statement for each roll call that `wanted` chooses. What is not a fact of the record (the data
package, models, claims, assumptions) is written by hand and left alone. FOLDER is this folder
unless another is named.
"""

from __future__ import annotations

import csv
import hashlib
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
PRESIDENT = "BUSH (R USA)"
FINAL = ("On the Nomination", "On Passage of the Bill", "On the Joint Resolution",
         "On the Conference Report")  # fmt: skip
CONTESTED = 0.25
"""The least share of the yeas and nays that the smaller side must have had."""
CAST = {
    "1": ("yea", 2), "2": ("paired yea", 2), "3": ("announced yea", 2), "4": ("announced nay", -2),
    "5": ("paired nay", -2), "6": ("nay", -2), "7": ("present", 0), "8": ("present", 0),
}  # fmt: skip
"""What each of Voteview's codes says, and the stance it is. 0 (no member) and 9 (did not vote)
are silence and have no row."""
NOT_CAST = {"0", "9"}
PARTY = {"R": "Republican", "D": "Democrat", "Indep": "independent"}
SPELT = {
    "Mccain": "McCain", "Mcconnell": "McConnell", "Demint": "DeMint", "Dewine": "DeWine",
}  # fmt: skip
SESSION = {"1": "2005 session", "2": "2006 session"}
DECIDED = {"Confirmed": 2, "Passed": 2, "Agreed to": 2, "Rejected": -2}
CODER = "voteview"

Row = dict[str, str]


def rows(name: str) -> list[Row]:
    """One table of the record, a dictionary a row."""
    with (HERE / "record" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def wanted(roll_calls: list[Row], members: list[Row]) -> list[Row]:
    """The roll calls of the study: final votes that were contested, in order of date.

    A final vote decides a nomination or a whole measure. Votes on amendments and on cloture are
    left out: a nay there may be a tactic, and says less of where a senator stands.
    """
    chosen = []
    for call in roll_calls:
        cast = [CAST[m[call["roll_call"]]][1] for m in members if said(m, call)]
        smaller = min(cast.count(2), cast.count(-2))
        if call["question"] in FINAL and smaller >= CONTESTED * (cast.count(2) + cast.count(-2)):
            chosen.append(call)
    return sorted(chosen, key=lambda call: (call["date"], int(call["number"])))


def said(member: Row, call: Row) -> bool:
    """Whether the record holds a side for the member; an unknown code stops the conversion."""
    code = member[call["roll_call"]]
    if code not in CAST and code not in NOT_CAST:
        raise SystemExit(f"votes.csv: {member['member']}, {call['roll_call']}: no code {code!r}")
    return code in CAST


def key(text: str) -> str:
    """A lasting id: the plain letters and figures of a name."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def called(member: str) -> str:
    """A member's name as people write it: NELSON (D NE) is Nelson (D NE)."""
    name, place = member.split(" (")
    return f"{SPELT.get(name.title(), name.title())} ({place}"


def source_id(call: Row) -> str:
    """The id of a roll call's record."""
    return f"roll-call-{call['date'][:4]}-{int(call['number']):03d}"


def decided(call: Row) -> str:
    """What was decided, and by how many."""
    return f"{asked(call)}: {call['result']}, {call['yeatotal']} to {call['naytotal']}"


def asked(call: Row) -> str:
    """What was put to the vote."""
    return f"{call['question']}, {call['bill']}"


def text(call: Row, members: list[Row]) -> str:
    """The record of one roll call as a text: what was decided, then a line a member."""
    head = (
        f"United States Senate, roll call {call['number']} of {call['date'][:4]}, {call['date']}\n"
        f"{decided(call)}\n{call['description']}\n\n"
    )
    lines = [f"{m['member']}: {CAST[m[call['roll_call']]][0]}\n" for m in members if said(m, call)]
    return head + "".join(lines)


def bodies(senators: list[Row]) -> list[list[object]]:
    """The senators by party, and the President, who is shown apart."""
    found = [
        [key(m["member"]), called(m["member"]), PARTY[m["party"]], "Senator"] for m in senators
    ]
    president = [key(PRESIDENT), "The President (Bush)", "proposer", "His announced positions"]
    return [["body_id", "name", "kind", "about"], *sorted([*found, president])]


def sources(calls: list[Row], texts: dict[str, str]) -> list[list[object]]:
    """One source a roll call: its record, dated by the day of the vote."""
    made: list[list[object]] = [
        ["source_id", "title", "publisher", "published", "published_basis", "kind", "phase", "url",
         "text_seen", "characters", "sha256", "follows"],
    ]  # fmt: skip
    for call in calls:
        name = source_id(call)
        title = f"Senate roll call {call['number']} of {call['date'][:4]}: {call['description']}"
        hashed = hashlib.sha256(texts[name].encode()).hexdigest()
        made.append(
            [name, title, "Voteview", call["date"], "shown", "roll call", SESSION[call["session"]],
             "", "whole", len(texts[name]), hashed, ""]
        )  # fmt: skip
    return made


def propositions(calls: list[Row], labels: dict[str, Row]) -> list[list[object]]:
    """What a yea on each roll call supports."""
    made: list[list[object]] = [["proposition_id", "theme", "label", "statement", "weight", "note"]]
    for call in calls:
        label = labels[call["roll_call"]]
        made.append(
            [key(label["label"]), label["theme"], label["label"], label["statement"], "",
             decided(call)]
        )  # fmt: skip
    return made


def codings(
    calls: list[Row], members: list[Row], labels: dict[str, Row], texts: dict[str, str]
) -> list[list[object]]:
    """One row a vote. The President's side is what the record reports that he announced."""
    made: list[list[object]] = []
    for call in calls:
        name, proposition = source_id(call), key(labels[call["roll_call"]]["label"])
        for member in members:
            if not said(member, call):
                continue
            word, stance = CAST[member[call["roll_call"]]]
            quote = f"{member['member']}: {word}"
            start = texts[name].index(quote)
            own = member["member"] != PRESIDENT and word in ("yea", "nay", "present")
            made.append(
                [key(member["member"]), proposition, name, CODER, stance,
                 "stated" if own else "reported", quote, start, start + len(quote), ""]
            )  # fmt: skip
    header: list[object] = ["body_id", "proposition_id", "source_id", "coder", "stance", "basis",
                            "quote", "start", "end", "note"]  # fmt: skip
    return [header, *sorted(made)]  # type: ignore[type-var]


def model_positions(calls: list[Row], president: Row, labels: dict[str, Row]) -> list[list[object]]:
    """Where the two yardsticks stand: the President, and what the Senate decided."""
    made: list[list[object]] = []
    for call in calls:
        name, proposition = source_id(call), key(labels[call["roll_call"]]["label"])
        word, side = CAST[president[call["roll_call"]]]
        made.append(["president", proposition, side, "reported", name, f"{PRESIDENT}: {word}", ""])
        made.append(
            ["senate", proposition, DECIDED[call["result"]], "stated", name, decided(call), ""]
        )
    header = ["model_id", "proposition_id", "position", "basis", "source_id", "quote", "reason"]
    return [header, *sorted(made)]  # type: ignore[list-item,type-var]


def outcomes(calls: list[Row], labels: dict[str, Row]) -> list[list[object]]:
    """What each motion asked for was not in force before the vote; after it, if it was agreed to.

    Both stand in the line that says what was decided: the question put, and its answer.
    """
    made: list[list[object]] = []
    for call in calls:
        proposition, name = key(labels[call["roll_call"]]["label"]), source_id(call)
        before = "What was put to the vote was not in force."
        made.append([proposition, "status_quo", CODER, -2, name, asked(call), before])
        end = DECIDED[call["result"]]
        made.append([proposition, "act", CODER, end, name, decided(call), ""])
    header = ["proposition_id", "state", "coder", "stance", "source_id", "quote", "reason"]
    return [header, *sorted(made)]  # type: ignore[list-item,type-var]


def main(folder: pathlib.Path = HERE) -> None:
    """Write the tables that are facts of the record, and the texts their phrases stand in."""
    members, labels = rows("votes"), {row["roll_call"]: row for row in rows("labels")}
    (president,) = [m for m in members if m["member"] == PRESIDENT]
    senators = [m for m in members if m is not president]
    calls = wanted(rows("rollcalls"), senators)
    texts = {source_id(call): text(call, members) for call in calls}
    tables = {
        "bodies": bodies(senators),
        "sources": sources(calls, texts),
        "propositions": propositions(calls, labels),
        "model_positions": model_positions(calls, president, labels),
        "codings": codings(calls, members, labels, texts),
        "outcomes": outcomes(calls, labels),
    }
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for name, made in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(made)
    for name, content in texts.items():
        (folder / "texts" / f"{name}.txt").write_text(content, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
