"""Make the study of this folder out of `record/`: the same bytes whenever it is run.

    python examples/senate-109/convert.py [FOLDER]

`record/rollcalls.csv` and `record/votes.csv` are facts, as the package `pscl` gives them
(README.md says how they were taken); `record/labels.csv` is ours: a theme, a label and a
statement for each roll call that `wanted` chooses. FOLDER is this folder unless another is named.
"""

from __future__ import annotations

import csv
import hashlib
import json
import pathlib
import sys
from collections.abc import Collection

from positions import schema, skeleton

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
CARRIED = ("Confirmed", "Passed", "Agreed to")
CODER = "voteview"
FEATURED = ["chafee-r-ri", "frist-r-tn", "nelson-d-ne", "reid-d-nv"]
"""The two floor leaders, and of each party one who often votes with the other."""
LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}

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


def text(call: Row, members: list[Row]) -> str:
    """The record of one roll call as a text: what was decided, then a line a member."""
    head = (
        f"United States Senate, roll call {call['number']} of {call['date'][:4]}, {call['date']}\n"
        f"{call['question']}, {call['bill']}: {call['result']}, "
        f"{call['yeatotal']} to {call['naytotal']}\n{call['description']}\n\n"
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
        made.append([name, title, "Voteview", call["date"], "shown", "roll call",
                     SESSION[call["session"]], "", "whole", len(texts[name]), hashed, ""])  # fmt: skip
    return made


def propositions(calls: list[Row], labels: dict[str, Row]) -> list[list[object]]:
    """What a yea on each roll call supports."""
    made: list[list[object]] = [
        ["proposition_id", "theme", "label", "statement", "weight", "note"]
    ]
    for call in calls:
        label = labels[call["roll_call"]]
        note = f"{call['question']}, {call['bill']}: {call['result']}, {call['yeatotal']} to {call['naytotal']}"
        made.append([key(label["label"]), label["theme"], label["label"], label["statement"], "",
                     note])  # fmt: skip
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
            made.append([key(member["member"]), proposition, name, CODER, stance,
                         "stated" if own else "reported", quote, start, start + len(quote), ""])  # fmt: skip
    header: list[object] = ["body_id", "proposition_id", "source_id", "coder", "stance", "basis",
                            "quote", "start", "end", "note"]  # fmt: skip
    return [header, *sorted(made)]  # type: ignore[type-var]


def model_positions(
    calls: list[Row], president: Row, labels: dict[str, Row]
) -> list[list[object]]:
    """Where the two yardsticks stand: the President, and what the Senate decided."""
    made: list[list[object]] = []
    for call in calls:
        proposition = key(labels[call["roll_call"]]["label"])
        made.append(["president", proposition, CAST[president[call["roll_call"]]][1], "provides"])
        made.append(["senate", proposition, 2 if call["result"] in CARRIED else -2, "provides"])
    return [["model_id", "proposition_id", "position", "basis"], *sorted(made)]


MODELS: list[list[object]] = [
    ["model_id", "label", "proposed", "about"],
    ["president", "The President's positions", "",
     "The side the President had announced before each vote, as the record has it."],
    ["senate", "The Senate's decisions", "", "What the Senate decided by each vote."],
]  # fmt: skip
CLAIMS: list[list[object]] = [
    ["claim_id", "kind", "body_id", "other_id", "threshold", "wording"],
    ["frist-over-half", "above", "frist-r-tn", "", 0.5,
     "The majority leader agrees with the President by more than half"],
    ["reid-under-half", "below", "reid-d-nv", "", 0.5,
     "The minority leader agrees with the President by less than half"],
    ["nelson-over-chafee", "more-than", "nelson-d-ne", "chafee-r-ri", "",
     "Nelson of Nebraska, a Democrat, agrees with the President more than Chafee, a Republican"],
    ["leaders-apart", "same-group", "frist-r-tn", "reid-d-nv", "",
     "The two floor leaders stand in one group"],
]  # fmt: skip
ASSUMPTIONS: list[list[object]] = [
    ["assumption_id", "assumption", "effect", "quality", "impact"],
    ["equal-votes", "Every roll call weighs the same.",
     "Nine nominations weigh more than five votes on rights and security.", "medium", "medium"],
    ["ends-only", "A yea is full support, a nay full opposition.",
     "Scores are coarser than the views behind them: a vote shows no reservation.", "medium", "high"],
    ["presidents-choice", "Only votes on which the President took a side are counted.",
     "What the Senate decided without him is not seen.", "high", "high"],
]  # fmt: skip


def package(tables: Collection[str]) -> str:
    """The study's data package: the contract of its tables, with its phases in order."""
    named = skeleton.package(
        "senate-109", "The 109th Senate: who votes with the President?",
        "How 101 senators voted in 2005 and 2006 on 24 contested final votes on which the "
        "President had taken a side.",
    )  # fmt: skip
    kept = [resource for resource in named["resources"] if resource["name"] in tables]
    (source,) = [resource for resource in kept if resource["name"] == "sources"]
    (phase,) = [field for field in source["schema"]["fields"] if field["name"] == "phase"]
    phase["constraints"]["enum"] = list(SESSION.values())
    own = {"version": "1.0.0", "reference_model": "president", "featured": FEATURED}
    return json.dumps({**named, **own, "licenses": [LICENCE], "resources": kept}, indent=1) + "\n"


def main(folder: pathlib.Path = HERE) -> None:
    """Write the study's tables, its data package and the texts its phrases stand in."""
    members, labels = rows("votes"), {row["roll_call"]: row for row in rows("labels")}
    (president,) = [m for m in members if m["member"] == PRESIDENT]
    senators = [m for m in members if m is not president]
    calls = wanted(rows("rollcalls"), senators)
    texts = {source_id(call): text(call, members) for call in calls}
    tables = {
        "bodies": bodies(senators),
        "sources": sources(calls, texts),
        "propositions": propositions(calls, labels),
        "models": MODELS,
        "model_positions": model_positions(calls, president, labels),
        "codings": codings(calls, members, labels, texts),
        "claims": CLAIMS,
        "assumptions": ASSUMPTIONS,
    }
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    for name, made in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(made)
    for name, content in texts.items():
        (folder / "texts" / f"{name}.txt").write_text(content, encoding="utf-8", newline="\n")
    (folder / schema.DATAPACKAGE).write_text(package(tables), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*map(pathlib.Path, sys.argv[1:2]))
