"""A Polis conversation: participants as individual responses, or as bodies where asked.

A participant is a person, no organisation. Votes become answers to questions, one a comment, in
the form that responses have; only on request does each participant become a body, with the vote
itself as the phrase. How strong an agreeing vote is, and what a pass is, is declared.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from positions.exchange.ids import Ids, distinct, id_from
from positions.exchange.imported import Carried, Place
from positions.exchange.mapping import NONE, Declared
from positions.exchange.polis.files import COMMENTS, SUMMARY, VOTES, Export
from positions.exchange.polis.reader import Conversation, Vote, read_conversation

QUESTIONS = ("question_id", "proposition_id", "question", "answers", "reversed")
ANSWERS = ("respondent", "question_id", "answer")
_VOCABULARY = {("2", "-2"): "agree3", ("1", "-1"): "lean3"}
_SAID = {"agree": "agree", "disagree": "disagree", "pass": "neutral"}
CODER = "polis"


def import_conversation(
    files: Mapping[str, bytes], ids: Ids, *,
    agree: int | None = None, as_bodies: bool = False,
) -> dict[str, list[list[str]]]:  # fmt: skip
    """Carry a Polis export over to a study.

    Parameters
    ----------
    files
        The files of the folder by name.
    ids
        The ids of names, with what was declared (the stances of `agree`, `disagree` and `pass`),
        and where rows, losses and faults go.
    agree
        The sign of an agreeing vote, where the files do not tell it.
    as_bodies
        Make each participant a body with codings, instead of a respondent.

    Returns
    -------
    The tables of responses, header first, by path: `questions.csv` and one file of answers.
    """
    carried = ids.carried
    export = Export(files, carried)
    found = read_conversation(export, agree)
    if not id_from(found.topic):
        carried.fault(
            "polis-topic",
            Place(SUMMARY, 0, "topic"),
            found.topic,
            "the conversation has no name to number participants and questions under",
            "write a line topic,<name> into the file",
        )
    codes = _codes(found, ids.declared, carried)
    if carried.problems or not codes:
        return {}
    propositions = _propositions(found, ids)
    kept = list(_kept(found, codes, carried))
    if as_bodies:
        _bodies(found, kept, propositions, codes, carried)
        return {}
    return _responses(found, kept, propositions, codes, carried)


def _propositions(found: Conversation, ids: Ids) -> dict[str, str]:
    """Say each comment as a proposition; return their ids by comment-id.

    The id is the conversation's name and the comment-id: comments may begin alike, or be alike.
    """
    topic = id_from(found.topic)
    names = distinct({number: comment.body for number, comment in found.comments.items()})
    propositions = {}
    for number, comment in sorted(found.comments.items()):
        place = Place(COMMENTS, comment.line)
        name = dataclasses.replace(names[number], made=f"{topic}-{number}")
        propositions[number] = made = ids.of("propositions", name, place)
        cells = {"proposition_id": made, "label": comment.body, "statement": comment.body}
        if not ids.known("propositions", made):
            ids.carried.say("propositions", cells, place, name=name.name, key=number)
    return propositions


def _codes(found: Conversation, declared: Declared, carried: Carried) -> dict[str, str]:
    """Return the code of each vote that was cast; a word without one is a fault."""
    codes = {}
    for word in sorted({vote.word for vote in found.votes}):
        code = declared.stances.get(word)
        if code is None:
            carried.fault(
                "stance-undeclared", Place(VOTES, 0, "vote"), word,
                "Polis does not say how strong this is" if word != "pass" else
                "a pass can mean neither, or unsure: Polis does not say which",
                f"declare its code: --stance {word}=CODE, from -2 to 2, or {word}={NONE}",
            )  # fmt: skip
        else:
            codes[word] = code.removeprefix("+")
    return codes


def _kept(found: Conversation, codes: Mapping[str, str], carried: Carried) -> Iterable[Vote]:
    """Yield the votes that are carried, in order; list the others."""
    for vote in sorted(found.votes, key=lambda v: (_number(v.voter), _number(v.comment))):
        if vote.comment not in found.comments:
            why = "a vote on a comment that is not there, or was moderated out"
            carried.lose(vote.place.at(vote.comment), vote.word, why)
        elif codes[vote.word] == NONE:
            carried.lose(vote.place.at(vote.comment), vote.word, "declared to be no stance")
        else:
            yield vote


def _number(text: str) -> tuple[int, str]:
    """Sort numbers by size, and whatever else there is behind them."""
    return (int(text), "") if text.isdecimal() and len(text) < 15 else (10**15, text)


def _responses(
    found: Conversation, kept: list[Vote], propositions: Mapping[str, str],
    codes: Mapping[str, str], carried: Carried,
) -> dict[str, list[list[str]]]:  # fmt: skip
    """Make votes answers: one question a comment, one row an answer."""
    ends = (codes.get("agree", codes.get("disagree", "").removeprefix("-")),
            codes.get("disagree", f"-{codes.get('agree', '')}"))  # fmt: skip
    vocabulary = _VOCABULARY.get(ends)
    if vocabulary is None or codes.get("pass", "0") not in ("0", NONE):
        said = ", ".join(f"{word}={code}" for word, code in codes.items())
        carried.fault("polis-answers", Place(VOTES, 0, "vote"), said,
                      "responses have agree at +2 and disagree at -2, or +1 and -1, and a pass "
                      "at 0 or nothing", "declare such codes, or import --as-bodies")  # fmt: skip
        return {}
    name = id_from(found.topic)
    voted = {vote.comment for vote in kept}
    for number, comment in sorted(found.comments.items()):
        if number not in voted:
            carried.lose(
                Place(COMMENTS, comment.line, "comment-body"),
                comment.body,
                "no vote on it was carried: it is a question without answers",
            )
    questions = [
        [f"{name}-{number}", propositions[number], found.comments[number].body, vocabulary, ""]
        for number in sorted(found.comments, key=_number)
    ]
    answers = [[f"{name}-{v.voter}", f"{name}-{v.comment}", _SAID[v.word]] for v in kept]
    return {
        "questions.csv": [[*QUESTIONS], *questions],
        f"responses/polis-{name}.csv": [[*ANSWERS], *answers],
    }


def _bodies(
    found: Conversation, kept: list[Vote], propositions: Mapping[str, str],
    codes: Mapping[str, str], carried: Carried,
) -> None:  # fmt: skip
    """Make each participant a body, each vote a coding, the conversation their source."""
    name = id_from(found.topic)
    source = {"source_id": name, "title": found.topic,
              "text_seen": "opening"}  # fmt: skip
    if found.url.startswith(("http://", "https://")):
        source["url"] = found.url
    if found.first is not None and found.last is not None:
        first, last = (dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
                       for at in (found.first, found.last))  # fmt: skip
        source["published"] = first if first == last else f"{first}/{last}"
        source["published_basis"] = "inferred: from the first and the last vote"
    carried.say("sources", source, Place(SUMMARY))
    for voter in sorted({vote.voter for vote in kept}, key=_number):
        cells = {"body_id": f"{name}-{voter}", "name": f"Participant {voter}"}
        carried.say("bodies", cells, Place(kept[0].place.file))
    for vote in kept:
        carried.say("codings", {
            "body_id": f"{name}-{vote.voter}", "proposition_id": propositions[vote.comment],
            "source_id": name, "coder": CODER, "stance": codes[vote.word], "basis": "stated",
            "quote": vote.word,
        }, vote.place)  # fmt: skip
