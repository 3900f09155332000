"""The folder that Polis exports: its comments, its votes, and which way the signs point.

Inside Polis agreeing is -1. The export of the administration (`participants-votes.csv`) turns
the sign round, to +1. The report page did not at first, and counted `agrees` and `n-agree` by
the sign as it stood, so that its files agree with each other and are all wrong; it did later,
and of late says so in a line of `summary.csv`. So the sign is taken from that line, else from
the counts of the first file alone, else it must be declared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from positions.exchange.imported import Carried, Place
from positions.study import unicode_checks
from positions.study.csv_reader import ReadLimits, Record, parse
from positions.study.problems import ERROR

MATRIX = ("participants-votes.csv", "participant-votes.csv")
VOTES, COMMENTS, SUMMARY = "votes.csv", "comments.csv", "summary.csv"
WORDS = {1: "agree", -1: "disagree", 0: "pass"}
_READ = ("participant", "n-agree", "n-disagree", "n-votes", "moderated")
_BEFORE = ("participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree")
MOST_COMMENTS = 100_000
"""A conversation has a column a comment, and hundreds of comments."""
_MILLISECONDS = 10**11
"""Timestamps from here on count milliseconds: in seconds it is the year 5138."""
_LAST = 253_402_300_799
"""The last second of the year 9999."""


@dataclasses.dataclass(frozen=True)
class Comment:
    """A comment that was voted on."""

    number: str
    body: str
    line: int


@dataclasses.dataclass(frozen=True)
class Vote:
    """What a participant last said on a comment: `agree`, `disagree` or `pass`, and where."""

    voter: str
    comment: str
    word: str
    file: str
    line: int


@dataclasses.dataclass
class Conversation:
    """What a folder holds; `first` and `last` are the seconds between which votes were cast."""

    topic: str = ""
    url: str = ""
    comments: dict[str, Comment] = dataclasses.field(default_factory=dict)
    votes: list[Vote] = dataclasses.field(default_factory=list)
    first: int | None = None
    last: int | None = None


def read_conversation(
    files: Mapping[str, bytes], agree: int | None, carried: Carried, limits: ReadLimits
) -> Conversation:
    """Read the files of an export, by their names.

    Parameters
    ----------
    files
        The bytes of each file of the folder.
    agree
        The sign of an agreeing vote in the files, 1 or -1, as declared; None to have the counts
        of `participants-votes.csv` tell.
    carried
        Where losses and faults go.
    """
    limits = dataclasses.replace(limits, columns=MOST_COMMENTS)
    found = Conversation()
    summary = dict(_summary(files, carried, limits))
    found.topic, found.url = summary.get("topic", ""), summary.get("url", "")
    for record, cells in _table(files, COMMENTS, ("comment-id", "comment-body"), carried, limits):
        number, body = cells["comment-id"], " ".join(cells["comment-body"].split())
        if cells.get("moderated") == "-1":
            carried.lose(
                Place(COMMENTS, record.line, "moderated"), body, "the comment was moderated out"
            )
        elif number in found.comments:
            carried.fault(
                "duplicate",
                Place(COMMENTS, record.line, "comment-id"),
                number,
                "the comment stands there twice",
                "keep one of them",
            )
        else:
            found.comments[number] = Comment(number, body, record.line)
    matrix = next((name for name in MATRIX if name in files), "")
    cast = _history(files, found, carried, limits) if VOTES in files or not matrix else []
    if matrix:
        cast = _matrix(files, matrix, carried, limits)
    told = _convention(summary, carried)
    if told is None and matrix == MATRIX[0]:
        told = _counted(files, carried, limits)
    sign = _settled(told, agree, matrix or VOTES, carried) if cast else None
    if sign is not None:
        found.votes = [
            Vote(voter, comment, WORDS[value * sign], file, line)
            for voter, comment, value, file, line in cast
        ]
    return found


Cast = tuple[str, str, int, str, int]


def _table(
    files: Mapping[str, bytes], file: str, needed: tuple[str, ...], carried: Carried,
    limits: ReadLimits,
) -> list[tuple[Record, dict[str, str]]]:  # fmt: skip
    """Return the records of one file as cells by column; a missing one is a fault."""
    if file not in files:
        carried.fault(
            "polis-file",
            Place(file),
            "",
            "the file is not in the folder",
            "name the folder of a Polis export",
        )
        return []
    parsed, problems = parse(files[file], file, needed, limits)
    carried.problems += [problem for problem in problems if problem.severity == ERROR]
    if parsed.header is None:
        return []
    header = parsed.header.fields
    for record in (parsed.header, *parsed.records):
        _sound(file, record, carried)
    for name in header:
        if name not in (*needed, *_READ) and not name.isdecimal():
            carried.lose(Place(file, 1, name), name, "the column is not read")
    for name in needed:
        if header.count(name) != 1:
            carried.fault(
                "header",
                Place(file, 1, name),
                "",
                "the column must stand there once",
                f"the columns are: {', '.join(needed)}",
            )
            return []
    return [(r, dict(zip(header, r.fields, strict=True))) for r in parsed.records]


def _sound(file: str, record: Record, carried: Carried) -> None:
    """Report bytes that are no UTF-8, and characters that no text needs."""
    if damage := unicode_checks.damage("".join(record.fields)):
        carried.fault(damage[0], Place(file, record.line), "", *damage[1:])


def _summary(
    files: Mapping[str, bytes], carried: Carried, limits: ReadLimits
) -> list[tuple[str, str]]:
    """Return the pairs of `summary.csv`, which has no header; none without the file."""
    if SUMMARY not in files:
        return []
    parsed, problems = parse(files[SUMMARY], SUMMARY, ("topic",), limits)
    carried.problems += [problem for problem in problems if problem.severity == ERROR]
    records = [parsed.header, *parsed.records] if parsed.header else []
    for record in records:
        _sound(SUMMARY, record, carried)
        if record.fields[0] not in ("topic", "url", "vote-convention"):
            carried.lose(
                Place(SUMMARY, record.line, record.fields[0]),
                ",".join(record.fields[1:]),
                "the line is not read",
            )
    return [(r.fields[0], " ".join(r.fields[1].split())) for r in records if len(r.fields) == 2]


def _history(
    files: Mapping[str, bytes], found: Conversation, carried: Carried, limits: ReadLimits
) -> list[Cast]:
    """Return the last vote of each participant on each comment; list those before it."""
    needed = ("timestamp", "comment-id", "voter-id", "vote")
    last: dict[tuple[str, str], tuple[int, Cast]] = {}
    if any(name in files for name in MATRIX):
        carried.lose(Place(VOTES, 1, "vote"), "",
                     "the votes are read from the other file, their times "
                     "from this one")  # fmt: skip
    for record, cells in _table(files, VOTES, needed, carried, limits):
        when = cells["timestamp"]
        value = _value(cells["vote"], VOTES, record.line, "vote", carried)
        if not when.isdecimal() or len(when) > 15:
            carried.fault(
                "polis-time",
                Place(VOTES, record.line, "timestamp"),
                when,
                "no timestamp",
                "export the file again",
            )
            continue
        if value is None:
            continue
        moment = int(when) // 1000 if int(when) >= _MILLISECONDS else int(when)
        if moment > _LAST:
            carried.fault(
                "polis-time",
                Place(VOTES, record.line, "timestamp"),
                when,
                "a time after the year 9999",
                "export the file again",
            )
            continue
        found.first = moment if found.first is None else min(found.first, moment)
        found.last = moment if found.last is None else max(found.last, moment)
        key = (cells["voter-id"], cells["comment-id"])
        cast = (*key, value, VOTES, record.line)
        before = last.get(key)
        if before is None or before[0] <= moment:
            last[key] = (moment, cast)
        older = before[1] if before and before[0] <= moment else cast if before else None
        if older and not any(name in files for name in MATRIX):
            carried.lose(
                Place(VOTES, older[4], "vote"),
                str(older[2]),
                f"participant {key[0]} voted on comment {key[1]} again later",
            )
    return [cast for _, cast in last.values()]


def _matrix(
    files: Mapping[str, bytes], file: str, carried: Carried, limits: ReadLimits
) -> list[Cast]:
    cast: list[Cast] = []
    seen: set[str] = set()
    for record, cells in _table(files, file, ("participant",), carried, limits):
        voter = cells["participant"]
        if voter in seen:
            carried.fault(
                "duplicate",
                Place(file, record.line, "participant"),
                voter,
                "the participant stands there twice",
                "keep one of them",
            )
            continue
        seen.add(voter)
        for column, text in cells.items():
            if column in _BEFORE or not text:
                continue
            value = _value(text, file, record.line, column, carried)
            if value is not None:
                cast.append((voter, column, value, file, record.line))
    return cast


def _value(text: str, file: str, line: int, column: str, carried: Carried) -> int | None:
    if text in ("1", "-1", "0"):
        return int(text)
    carried.fault(
        "polis-vote",
        Place(file, line, column),
        text,
        "a vote is 1, -1 or 0",
        "export the file again",
    )
    return None


def _convention(summary: Mapping[str, str], carried: Carried) -> int | None:
    """Return the sign of an agreeing vote, where the export declares it."""
    declared = summary.get("vote-convention")
    if declared is None:
        return None
    signs = dict(part.partition("=")[::2] for part in declared.split(";"))
    if (signs.get("agree"), signs.get("disagree")) in (("+1", "-1"), ("-1", "+1")):
        return int(signs["agree"])
    carried.fault(
        "polis-sign",
        Place(SUMMARY, 0, "vote-convention"),
        declared,
        "not a declaration such as agree=+1;disagree=-1;pass=0",
        "export the folder again",
    )
    return None


def _counted(files: Mapping[str, bytes], carried: Carried, limits: ReadLimits) -> int | None:
    """Tell the sign of an agreeing vote by the counts; None where they are mute."""
    fits = {1: True, -1: True}
    counted = False
    for _, cells in _table(files, MATRIX[0], ("participant",), Carried(), limits):
        if "n-agree" not in cells or "n-disagree" not in cells:
            return None
        votes = [text for column, text in cells.items() if column not in _BEFORE]
        counts = (cells["n-agree"], cells["n-disagree"])
        counted = counted or counts[0] != counts[1]
        for sign in fits:
            fits[sign] &= counts == (str(votes.count(str(sign))), str(votes.count(str(-sign))))
    if not any(fits.values()):
        carried.lose(Place(MATRIX[0], 1, "n-agree"), "",
                     "the counts do not add up with the votes, and "
                     "do not tell their sign")  # fmt: skip
    told = [sign for sign, right in fits.items() if right and counted]
    return told[0] if len(told) == 1 else None


def _settled(told: int | None, agree: int | None, file: str, carried: Carried) -> int | None:
    """Settle the sign, told or declared; a fault where neither is, or the two differ."""
    if told is not None and agree in (None, told):
        return told
    if told is None and agree is not None:
        return agree
    what = (
        "the file does not say whether agreeing is +1 or -1" if told is None else
        f"the export says that agreeing is {told:+d}"
    )  # fmt: skip
    carried.fault("polis-sign", Place(file, 1, "vote"),
                  "" if agree is None else f"{agree:+d}", what,
                  "declare it, from a vote you know: --agree 1, or --agree -1 (the report page "
                  "of 2024 and before)")  # fmt: skip
    return None
