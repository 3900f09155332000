"""Codebook lint: propositions that are hard to code, or that tell bodies apart no more."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from positions.study.problems import ERROR, NOTE, WARNING, Problem
from positions.study.validate import Tables
from positions.words import signed

_VERBS = (
    "is|are|was|were|has|have|should|must|will|shall|may|can|leaves?|makes?|gives?|keeps?|does|do"
)
_LINTS = (
    (
        re.compile(rf"\band ({_VERBS})\b|\band/or\b|;|\bas well as\b", re.IGNORECASE),
        "double-barrelled",
        "it says two things; a body may hold one of them",
        "split it in two",
    ),
    (
        re.compile(
            r"\b(should|must|do|does|did|is|are|was|were|will|can|could|has|have)"
            r"(n['\u2019]t| not\b)"
            r"|\b(never|cannot|neither|no longer|nobody|no one)\b|^No\b",
            re.IGNORECASE,
        ),
        "reversed",
        "it is put in the negative; support is easily coded as opposition",
        "turn it round",
    ),
)


def check(tables: Tables) -> Iterator[Problem]:
    """Warnings on the wording of propositions, notes on what the codings make of them."""
    for row, record in tables.rows("propositions"):
        for pattern, rule, message, fix in _LINTS:
            if found := pattern.search(row["statement"]):
                yield tables.problem(
                    WARNING, "propositions", record, "statement", rule, found.group(),
                    f"{row['proposition_id']}: {message}", fix,
                )  # fmt: skip
    if tables.whole("codings", "propositions"):
        yield from _addressed(tables)
    weights = [row["weight"] for row in tables.of["propositions"]]
    if weights and all(weight == 0 for weight in weights):
        yield tables.problem(
            ERROR, "propositions", None, "weight", "no-weight", "0",
            "every proposition has weight 0", "give one of them a weight",
        )  # fmt: skip


def _addressed(tables: Tables) -> Iterator[Problem]:
    stances: dict[str, set[int]] = defaultdict(set)
    for row in tables.of["codings"]:
        stances[row["proposition_id"]].add(row["stance"])
    for row, record in tables.rows("propositions"):
        named = row["proposition_id"]
        said = stances[named]
        if not said:
            yield tables.problem(
                NOTE, "propositions", record, "proposition_id", "never-addressed", named,
                "nobody addresses it", "leave it out, or look again",
            )  # fmt: skip
        elif len(said) == 1 and len(tables.of["codings"]) > 1:
            yield tables.problem(
                NOTE, "propositions", record, "proposition_id", "constant", named,
                f"every code on it is {signed(min(said))}", "it tells no bodies apart",
            )  # fmt: skip
