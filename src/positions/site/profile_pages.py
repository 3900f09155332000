"""One sheet for each body, proposition and source: every number beside the phrases it rests on.

A body's sheet is made to be sent to that body, on paper too. What the sheets show is laid out
once; no sheet goes through a table again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from positions.measures import consensus
from positions.present import sentences
from positions.site.links import CONTENTS, Places, both, page_of, within
from positions.site.pages import Site, render
from positions.site.profiles import Code, Dossier, Row
from positions.study.schema import SCALE
from positions.words import MISSING, UNSEEN, percent, plural, signed

SCALE_NOTE = (
    f"Codes run from {SCALE[0]} (opposes, rejects) over 0 (explicitly takes no side) to "
    f"{signed(SCALE[1])} (supports without reservation). Stated: in the body's own terms; implied: "
    "it follows from its own words; reported: the source tells what the body said."
)


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
                          *_date(of, code)),
    )  # fmt: skip
    groups = _grouped(of, codes, "proposition_id")
    silent = [key for key in of.propositions if key not in groups]
    return {
        "body": of.bodies[body_id],
        "answer": sentences.one_body(of.scores[body_id], of.model),
        "rests": rests(of, body_id),
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
        "silent": _links(of, "proposition", silent),
        "found_on": f"{len(groups)} of {plural(len(of.propositions), 'proposition')}",
        "mark": MISSING if _whole(of, body_id) else UNSEEN,
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
        return (first, names[code.body_id], code.body_id, *_date(of, code))

    groups = _grouped(of, sorted(codes, key=order), "body_id")
    rest = [body_id for body_id in of.bodies if body_id not in groups]
    return {
        "proposition": of.propositions[key],
        "models": [row | {"position": signed(row["position"])} for row in of.models.get(key, [])],
        "standing": _standing(of.standings[key]),
        "vocabulary": consensus.vocabulary(),
        "asked": [_answer(of, answer) for answer in of.asked.get(key, [])],
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
        "silent": _links(of, "body", [b for b in rest if _whole(of, b)]),
        "unseen": _links(of, "body", [b for b in rest if not _whole(of, b)]),
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
        "asked": [
            _answer(of, answer)
            for answers in of.asked.values()
            for answer in answers
            if answer["source_id"] == key
        ],
        "scale": SCALE_NOTE,
    }  # fmt: skip


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


def _date(of: Dossier, code: Code) -> tuple[Any, ...]:
    return _time(of, code.source_id)


def _in_time(of: Dossier, codes: list[Code]) -> list[str]:
    return sorted({code.source_id for code in codes}, key=lambda key: _time(of, key))


def _whole(of: Dossier, body_id: str) -> bool:
    return bool(of.bodies[body_id]["seen"] == "whole")


def _seen(source: Row) -> str:
    return "whole text read" if source["text_seen"] == "whole" else "only the opening was seen"


def _links(of: Dossier, kind: str, keys: list[str]) -> list[Row]:
    """Names with their addresses."""
    rows = dict(_kinds(of))[kind]
    named = {"body": "name", "proposition": "label", "source": "title"}[kind]
    return [{"href": page_of(kind, key), "name": rows[key][named]} for key in keys]


def _source(of: Dossier, key: str) -> Row:
    source = of.sources[key]
    publisher = source["publisher"] or "publisher not named in the text"
    return {
        "anchor": within("source", key),
        "href": page_of("source", key),
        "title": source["title"],
        "line": f"{source['kind'].capitalize()}, {publisher}, {source['published']} "
        f"({source['published_basis']}); {_seen(source)}",
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
    source = of.sources[code.source_id]
    return {
        "code": code.code,
        "basis": code.basis,
        "phrases": code.phrases,
        "decided": code.decided,
        "apart": code.apart,
        "title": source["title"],
        "source_href": page_of("source", code.source_id),
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
        said += f"Range across coders: {ends}. "
    read = (
        "Every text we coded was read whole."
        if _whole(of, body_id)
        else "Of at least one text only the opening, or a phrase of it, was seen."
    )
    return (said if spoke else "") + read


def _line(of: Dossier, body_id: str, proposition_id: str) -> str:
    """Say what became of a body's codes on a proposition: its position, beside the model's."""
    position = of.positions.get((body_id, proposition_id))
    if position is None:
        return "no position"
    said = f"position {signed(position['position'])}"
    if position["flagged"]:
        said += ", the mean: its sources may be of one day and differ"
    near = of.near.get((body_id, proposition_id))
    if near is None:
        return f"{said}; the model takes none"
    weight = f", weight {near['weight']:g}" if near["weight"] != 1 else ""
    return f"{said}, the model {signed(near['reference'])}: {percent(near['nearness'])}{weight}"


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
