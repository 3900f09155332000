"""The folder that Polis exports: its comments, and the last vote of each participant on each.

The votes are read from the file that has a row a participant and a column a comment, where it is
there, else from the list of all votes; which way their signs point is told by `signs`.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from positions.exchange.imported import Carried, Place
from positions.exchange.polis import signs
from positions.exchange.polis.files import COMMENTS, VOTES, Export

WORDS = {1: "agree", -1: "disagree", 0: "pass"}
_MILLISECONDS = 10**11
"""Timestamps from here on count milliseconds: in seconds it is the year 5138."""
_LAST = 253_402_300_799
"""The last second of the year 9999."""


@dataclasses.dataclass(frozen=True)
class Comment:
    """A comment that was voted on."""

    body: str
    line: int


@dataclasses.dataclass(frozen=True)
class Vote:
    """What a participant last said on a comment: `agree`, `disagree` or `pass`, and where."""

    voter: str
    comment: str
    word: str
    place: Place


@dataclasses.dataclass
class Conversation:
    """What a folder holds; `first` and `last` are the seconds between which votes were cast."""

    topic: str = ""
    url: str = ""
    comments: dict[str, Comment] = dataclasses.field(default_factory=dict)
    votes: list[Vote] = dataclasses.field(default_factory=list)
    first: int | None = None
    last: int | None = None


class _Cast(NamedTuple):
    """A vote as it stands in a file: with its sign, and when it was cast, if the file says so."""

    voter: str
    comment: str
    value: int
    place: Place
    moment: int = 0


def read_conversation(export: Export, agree: int | None) -> Conversation:
    """Read the files of an export.

    The sign of an agreeing vote, 1 or -1, is declared as `agree`; None has the files tell it.
    """
    summary = export.summary()
    found = Conversation(summary.get("topic", ""), summary.get("url", ""))
    found.comments = _comments(export)
    matrix = export.matrix
    cast = _history(export) if VOTES in export.files or not matrix else []
    if cast:
        moments = [one.moment for one in cast]
        found.first, found.last = min(moments), max(moments)
    cast = _matrix(export, matrix) if matrix else _latest(cast, export.carried)
    sign = signs.of_agreeing(export, summary, agree) if cast else None
    if sign is not None:
        found.votes = [
            Vote(one.voter, one.comment, WORDS[one.value * sign], one.place) for one in cast
        ]
    return found


def _comments(export: Export) -> dict[str, Comment]:
    """Return the comments by number, without those that were moderated out."""
    found: dict[str, Comment] = {}
    for record, cells in export.table(COMMENTS, ("comment-id", "comment-body")):
        number, body = cells["comment-id"], " ".join(cells["comment-body"].split())
        place = Place(COMMENTS, record.line)
        if cells.get("moderated") == "-1":
            export.carried.lose(place.at("moderated"), body, "the comment was moderated out")
        elif number in found:
            export.carried.fault("duplicate", place.at("comment-id"), number,
                                 "the comment stands there twice", "keep one of them")  # fmt: skip
        else:
            found[number] = Comment(body, record.line)
    return found


# --- votes ---------------------------------------------------------------------------------


def _history(export: Export) -> list[_Cast]:
    """Return every vote of the list of votes, with its time."""
    if export.matrix:
        export.carried.lose(Place(VOTES, 1, "vote"), "", "the votes are read from the other file, "
                            "their times from this one")  # fmt: skip
    found = []
    for record, cells in export.table(VOTES, ("timestamp", "comment-id", "voter-id", "vote")):
        place = Place(VOTES, record.line)
        moment = _moment(cells["timestamp"], place.at("timestamp"), export.carried)
        value = _value(cells["vote"], place.at("vote"), export.carried)
        if moment is not None and value is not None:
            found.append(_Cast(cells["voter-id"], cells["comment-id"], value, place, moment))
    return found


def _latest(cast: list[_Cast], carried: Carried) -> list[_Cast]:
    """Return the last vote of each participant on each comment; list those before it."""
    last: dict[tuple[str, str], _Cast] = {}
    for one in cast:
        before = last.setdefault((one.voter, one.comment), one)
        if before is one:
            continue
        older, newer = (before, one) if before.moment <= one.moment else (one, before)
        last[one.voter, one.comment] = newer
        why = f"participant {one.voter} voted on comment {one.comment} again later"
        carried.lose(older.place.at("vote"), str(older.value), why)
    return list(last.values())


def _matrix(export: Export, file: str) -> list[_Cast]:
    """Return the votes of the file with a row a participant and a column a comment."""
    cast: list[_Cast] = []
    seen: set[str] = set()
    for record, cells in export.table(file, ("participant",)):
        voter, place = cells["participant"], Place(file, record.line)
        if voter in seen:
            export.carried.fault("duplicate", place.at("participant"), voter,
                                 "the participant stands there twice",
                                 "keep one of them")  # fmt: skip
            continue
        seen.add(voter)
        for column, text in cells.items():
            if not column.isdecimal() or not text:
                continue
            value = _value(text, place.at(column), export.carried)
            if value is not None:
                cast.append(_Cast(voter, column, value, place))
    return cast


def _moment(text: str, place: Place, carried: Carried) -> int | None:
    """Return the second of a timestamp, in seconds or milliseconds; None where it is none."""
    what = "no timestamp"
    if text.isdecimal() and len(text) <= 15:
        moment = int(text) // 1000 if int(text) >= _MILLISECONDS else int(text)
        if moment <= _LAST:
            return moment
        what = "a time after the year 9999"
    carried.fault("polis-time", place, text, what, "export the file again")
    return None


def _value(text: str, place: Place, carried: Carried) -> int | None:
    if text in ("1", "-1", "0"):
        return int(text)
    carried.fault("polis-vote", place, text, "a vote is 1, -1 or 0", "export the file again")
    return None
