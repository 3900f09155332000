"""One sheet for each body, proposition and source: every number beside the phrases it rests on.

A body's sheet is made to be sent to that body, on paper too. What the sheets show is laid out
once; no sheet goes through a table again.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from positions.measures import consensus
from positions.measures.blanks import ABOUT
from positions.present import sentences
from positions.site.links import CONTENTS, Places, both, page_of, within
from positions.site.pages import Site, render
from positions.site.profiles import Code, Dossier, Row
from positions.study.rules import overlaps
from positions.study.schema import CLAIM, CONTEXT, DESIGN, PROCESS, SCALE
from positions.words import BLANKS, attainment, percent, plural, signed

SCALE_NOTE = (
    f"Codes run from {SCALE[0]} (opposes, rejects) over 0 (explicitly takes no side) to "
    f"{signed(SCALE[1])} (supports without reservation). Stated: in the body's own terms; implied: "
    "it follows from its own words; reported: the source tells what the body said."
)
KINDS = {
    DESIGN: "The design: it asks for something that a model provides. It counts in the scores.",
    CLAIM: "A claim: what the proposer says the design will do. It stands beside the scores, and "
    "counts in none of them.",
    PROCESS: "The process: how and when the design is brought about. It stands beside the scores, "
    "and counts in none of them.",
    CONTEXT: "Context: no model speaks to it, and it counts in no score.",
}
"""What each kind of proposition is, in words."""


def pages(site: Site, of: Dossier) -> Iterator[tuple[str, str]]:
    """Every sheet and the page of contents: file name and HTML."""
    for key, body in of.bodies.items():
        file, title = page_of("body", key), f"How we read {body['name']}"
        yield file, render("body.html.j2", site, file, title, **body_sheet(of, key))
    for key, row in of.propositions.items():
        file, title = page_of("proposition", key), f"Who said what on “{row['label']}”"
        yield file, render("proposition.html.j2", site, file, title, **proposition_sheet(of, key))
    for key, row in of.sources.items():
        file, title = page_of("source", key), f"What “{row['title']}” carries ({key})"
        yield file, render("source.html.j2", site, file, title, **source_page(of, key))
    shown = contents(of)
    yield CONTENTS, render("contents.html.j2", site, CONTENTS, "All sheets", **shown)


def places(of: Dossier) -> Places:
    """Every address on the sheets that a table may lead to."""
    known = {page_of(kind, key) for kind, rows in _kinds(of) for key in rows}
    for body_id, codes in of.codes["body"].items():
        page = page_of("body", body_id)
        for code in codes:
            known.add(f"{page}#{within('on', code.proposition_id)}")
            known.add(f"{page}#{within('source', code.source_id)}")
            known.add(f"{page}#{both(code.proposition_id, code.source_id)}")
    return Places(frozenset(known))


def _kinds(of: Dossier) -> tuple[tuple[str, Mapping[str, Row]], ...]:
    return (("body", of.bodies), ("proposition", of.propositions), ("source", of.sources))


# --- what a sheet shows ----------------------------------------------------------------------


def body_sheet(of: Dossier, body_id: str) -> Row:
    """How a body was read: its score, each code with its phrase, and where nothing was found."""
    codes = sorted(
        of.codes["body"].get(body_id, []),
        key=lambda code: (of.propositions[code.proposition_id]["theme"], code.proposition_id,
                          *_time(of, code.source_id)),
    )  # fmt: skip
    groups = _grouped(of, codes, "proposition_id")
    blank = {key: of.blanks[body_id, key] for key in of.propositions if (body_id, key) in of.blanks}
    return {
        "body": of.bodies[body_id],
        "overlaps": _links(of, "body", _overlaps(of, body_id)),
        "overlapped": _links(of, "body", [b for b in of.bodies if body_id in _overlaps(of, b)]),
        "answer": [
            *sentences.one_body(of.scores[body_id], of.model),
            sentences.beside(of.trust.get(body_id)),
        ],
        "rests": rests(of, body_id),
        "attained": _attained(of, body_id),
        "groups": [
            {
                "anchor": within("on", key),
                "href": page_of("proposition", key),
                "proposition": of.propositions[key],
                "line": _line(of, body_id, key),
                "codes": rows,
            }
            for key, rows in groups.items()
        ],
        "blanks": _blanks(of, "proposition", blank),
        "blank_on": f"{len(blank)} of {plural(len(of.propositions), 'proposition')}",
        "found_on": f"{len(groups)} of {plural(len(of.propositions), 'proposition')}",
        "sources": [_source(of, key) for key in _in_time(of, codes)],
        "scale": SCALE_NOTE,
    }


def proposition_sheet(of: Dossier, key: str) -> Row:
    """Who spoke on a proposition, with codes and phrases, who did not, and the models on it."""
    codes = of.codes["proposition"].get(key, [])
    names = {body_id: row["name"] for body_id, row in of.bodies.items()}

    def order(code: Code) -> tuple[Any, ...]:
        position = of.positions.get((code.body_id, key))
        first = -position["position"] if position else SCALE[1] + 1
        return (first, names[code.body_id], code.body_id, *_time(of, code.source_id))

    groups = _grouped(of, sorted(codes, key=order), "body_id")
    blank = {body_id: of.blanks[body_id, key] for body_id in names if (body_id, key) in of.blanks}
    return {
        "proposition": of.propositions[key],
        "kind": KINDS[of.propositions[key]["kind"]],
        "models": [_model(of, row) for row in of.models.get(key, [])],
        "standing": _standing(of.standings[key]),
        "vocabulary": consensus.vocabulary(),
        "asked": [_answer(of, answer) for answer in of.asked.get(key, [])],
        "outcomes": [_outcome(of, row) for row in of.outcomes.get(key, [])],
        "unread": of.unread,
        "groups": [
            {
                "anchor": within("by", body_id),
                "href": f"{page_of('body', body_id)}#{within('on', key)}",
                "name": names[body_id],
                "line": _line(of, body_id, key),
                "codes": rows,
            }
            for body_id, rows in groups.items()
        ],
        "blanks": _blanks(of, "body", blank),
        "scale": SCALE_NOTE,
    }


def source_page(of: Dossier, key: str) -> Row:
    """Return what a source is, and every code that it carries."""
    source = of.sources[key]
    codes = of.codes["source"].get(key, [])
    ordered = sorted(codes, key=lambda c: (of.bodies[c.body_id]["name"], c.body_id,
                                           c.proposition_id))  # fmt: skip
    followers = [other for other, row in of.sources.items() if row["follows"] == key]
    return {
        "source": source,
        "source_id": key,
        "line": _source(of, key)["line"],
        "characters": "" if pd.isna(source["characters"]) else f"{source['characters']:,.0f}",
        "follows": _links(of, "source", [source["follows"]] if source["follows"] else []),
        "followers": _links(of, "source", followers),
        "codes": [
            _row(of, code)
            | {
                "anchor": both(code.body_id, code.proposition_id),
                "name": of.bodies[code.body_id]["name"],
                "body_href": page_of("body", code.body_id),
                "label": of.propositions[code.proposition_id]["label"],
                "proposition_href": page_of("proposition", code.proposition_id),
            }
            for code in ordered
        ],
        "models": [_model(of, row) for row in _carried(of.models, key)],
        "asked": [_answer(of, answer) for answer in _carried(of.asked, key)],
        "outcomes": [_outcome(of, row) for row in _carried(of.outcomes, key)],
        "scale": SCALE_NOTE,
    }


def _carried(by_proposition: Mapping[str, list[Row]], source_id: str) -> list[Row]:
    """Return the rows that rest on a source."""
    every = itertools.chain.from_iterable(by_proposition.values())
    return [row for row in every if row["source_id"] == source_id]


def contents(of: Dossier) -> Row:
    """Every sheet, so that none is an orphan."""
    themes: dict[str, list[str]] = {}
    for key, row in of.propositions.items():
        themes.setdefault(row["theme"], []).append(key)
    bodies = sorted(of.bodies, key=lambda key: (of.bodies[key]["name"].casefold(), key))
    return {
        "bodies": _links(of, "body", bodies),
        "themes": [(theme, _links(of, "proposition", keys)) for theme, keys in sorted(
            themes.items())],
        "sources": [_source(of, key) for key in sorted(of.sources, key=lambda k: _time(of, k))],
    }  # fmt: skip


# --- their parts -----------------------------------------------------------------------------


def _time(of: Dossier, source_id: str) -> tuple[Any, ...]:
    source = of.sources[source_id]
    return source["latest"], source["earliest"], source_id


def _in_time(of: Dossier, codes: list[Code]) -> list[str]:
    return sorted({code.source_id for code in codes}, key=lambda key: _time(of, key))


def _links(of: Dossier, kind: str, keys: list[str]) -> list[Row]:
    """Names with their addresses."""
    rows = dict(_kinds(of))[kind]
    named = {"body": "name", "proposition": "label", "source": "title"}[kind]
    return [{"href": page_of(kind, key), "name": rows[key][named]} for key in keys]


def _overlaps(of: Dossier, body_id: str) -> list[str]:
    """Return the bodies that a body is a branch, a member or a signatory of."""
    return overlaps(of.bodies[body_id]["overlaps"])


def _blanks(of: Dossier, kind: str, blank: Mapping[str, str]) -> list[Row]:
    """Where there is no position, each kind of blank apart: its mark, what it means, and links."""
    return [
        {"mark": mark, "name": name, "about": ABOUT[name], "links": _links(of, kind, keys)}
        for name, mark in BLANKS.items()
        if (keys := [key for key, found in blank.items() if found == name])
    ]


def _model(of: Dossier, row: Row) -> Row:
    """Return what a model says on a proposition, with its own phrase where one carries it."""
    return row | {
        "position": signed(row["position"]),
        "proposition": of.propositions[row["proposition_id"]]["label"],
        "proposition_href": page_of("proposition", row["proposition_id"]),
        "source": _dated_link(of, row["source_id"]) if row["source_id"] else None,
    }


def _source(of: Dossier, key: str) -> Row:
    source = of.sources[key]
    publisher = source["publisher"] or "publisher not named in the text"
    whole = source["text_seen"] == "whole"
    seen = "whole text read" if whole else "only the opening was seen"
    return {
        "anchor": within("source", key),
        "href": page_of("source", key),
        "title": source["title"],
        "line": f"{source['kind'].capitalize()}, {publisher}, {source['published']} "
        f"({source['published_basis']}); {seen}",
    }


def _attained(of: Dossier, body_id: str) -> str:
    """Say how much nearer to a body's positions things ended; nothing where nothing moved."""
    row = of.attainment.get(body_id)
    if not row or not row["of"]:
        return ""
    said = f"{attainment(row)} This says where things ended, not who brought them there."
    return f"{said} {of.unread}".strip()


STATES = {"status_quo": "Before", "bill": "As introduced", "act": "In the end"}


def _outcome(of: Dossier, row: Row) -> Row:
    """Return where a proposition stood in one state, with its phrase, as a model is shown."""
    why = f" {row['reason']}" if row["reason"] else ""
    return row | {
        "label": STATES[row["state"]],
        "position": row["status"] if pd.isna(row["stance"]) else signed(row["stance"]),
        "basis": "" if pd.isna(row["stance"]) else row["status"],
        "proposition": of.propositions[row["proposition_id"]]["label"],
        "proposition_href": page_of("proposition", row["proposition_id"]),
        "source": _dated_link(of, row["source_id"]) if row["source_id"] else None,
        "reason": f"{row['readings']}.{why}",
    }


def _answer(of: Dossier, answer: Row) -> Row:
    """Return the published answers to one question, which carry no phrase but their source."""
    shares = {side: f"{answer[side]:g}" for side in ("agree", "disagree", "neutral")}
    return answer | shares | {
        "anchor": within("question", answer["question_id"]),
        "label": of.propositions[answer["proposition_id"]]["label"],
        "proposition_href": page_of("proposition", answer["proposition_id"]),
        "source_href": page_of("source", answer["source_id"]),
    }  # fmt: skip


def _grouped(of: Dossier, codes: list[Code], by: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for code in codes:
        key = getattr(code, by)
        row = _row(of, code) | {"anchor": both(key, code.source_id)}
        groups.setdefault(key, []).append(row)
    return groups


def _row(of: Dossier, code: Code) -> Row:
    """One code as a sheet shows it, whatever the sheet."""
    return _dated_link(of, code.source_id) | {
        "code": code.code,
        "basis": code.basis,
        "phrases": code.phrases,
        "decided": code.decided,
        "apart": code.apart,
        "replaced_by": _dated_link(of, code.replaced_by) if code.replaced_by else None,
    }


def _dated_link(of: Dossier, source_id: str) -> Row:
    source = of.sources[source_id]
    return {
        "title": source["title"],
        "source_href": page_of("source", source_id),
        "dated": source["published"],
    }


def between(lower: float, upper: float) -> str:
    """Write an interval: one number where both ends are the same."""
    return " to ".join(dict.fromkeys((percent(lower), percent(upper))))


def rests(of: Dossier, body_id: str) -> str:
    """Say what the score of a body rests on: whose words, from when, and how far read."""
    score = of.scores[body_id]
    spoke = score["spoke"]
    if body_id not in of.codes["body"]:
        return "Nothing that can be coded was found."
    said = f"In its own words: {of.own.get(body_id, 0)} of {spoke} positions. "
    if of.proposed:
        said += f"From before the model was proposed: {of.early.get(body_id, 0)} of {spoke}. "
    if pd.isna(score["coder_lower"]):
        said += "One coder read: what another would find is not known. "
    else:
        ends = between(score["coder_lower"], score["coder_upper"])
        said += f"Between the readers: {ends}. "
    read = (
        "Every text we coded was read whole."
        if of.bodies[body_id]["seen"] == "whole"
        else "Of at least one text only the opening, or a phrase of it, was seen."
    )
    return (said if spoke else "") + read


def _line(of: Dossier, body_id: str, proposition_id: str) -> str:
    """Say what became of a body's codes on a proposition: its position, beside the model's."""
    position = of.positions.get((body_id, proposition_id))
    if position is None:
        return f"no position, {BLANKS[of.blanks[body_id, proposition_id]]}"
    said = f"position {signed(position['position'])}"
    if position["flagged"]:
        said += ", the mean: its sources differ, and none takes the place of another"
    near = of.near.get((body_id, proposition_id))
    if near is None:
        return f"{said}; the model takes none"
    weight = f", weight {near['weight']:g}" if near["weight"] != 1 else ""
    said += f", the model {signed(near['reference'])}: {percent(near['nearness'])}"
    if of.propositions[proposition_id]["kind"] != DESIGN:
        return f"{said}, beside the score"
    return f"{said}{weight}"


def _standing(standing: Row) -> list[str]:
    """Where those who spoke stand, with the base."""
    if not standing["spoke"]:
        return ["No body spoke on it."]
    said = (
        f"{plural(standing['spoke'], 'body')} spoke on it: {standing['supports']} for, "
        f"{standing['neither']} neither, {standing['opposes']} against; mean position "
        f"{standing['mean']:+.2f}"
    )
    if pd.notna(standing["agreement"]):
        said += (
            f", agreement A {standing['agreement']:+.2f}, mean difference of two bodies "
            f"{standing['apart']:.2f} steps"
        )
    return [f"{said}.", f"In a word: {standing['word']}."]
