"""Five hundred hostile answers: not one code is taken that should not be, and none is lost.

What each answer deserves is known from how it was made. Beside that an oracle, which shares no code
with what it judges, tries every place of the text for every phrase that was taken.
"""

import json
import random
from collections import Counter

import model_answers as made
import pytest
from folders import rows

from positions.cli.main import main

COUNTED = made.TEXT[made.TEXT.index("One two") : made.TEXT.rindex(".")].split()
"""Thirty words in a row."""
GOOD = {
    "works": [("p1", 2, "we support the bridge without any doubt"),
              ("p3", -2, "a mill at the ford"),
              ("p1", 2, "without any doubt"), ("p3", -2, "We disagree with a mill")],
    "trade": [("p2", 1, "A market is\nwelcome, if the toll goes"), ("p4", -2, "no toll"),
              ("p4", -2, 'accept a toll for "every cart"'), ("p2", 1, "caf\u00e9s may open")],
}  # fmt: skip
BAD_PHRASES = {
    "phrase nearly right": [
        "We support the bridge without any doubt", "we support the bridge, without any doubt",
        "we support the brigde without any doubt", "a market is welcome, if the toll goes",
        "we support the bridge without a doubt", "cafe\u0301s may open",
        "we \u0455upport the bridge without any doubt", "we support\u200b the bridge without doubt",
    ],
    "phrase not there": ["the moon is made of cheese", "p1", "\u2026", "-", " ", "Gamma leans to"],
    "phrase there twice": ["We say again", "a", "toll", "and"],
    "phrase begins or ends within a word": [
        "agree with a mill", "We can", "statutory one", "e support the bridge", "caf", "arket is",
        "council", "disagree with a mil",
    ],
    "phrase too long": [" ".join(COUNTED[at:]) for at in range(5)],
}  # fmt: skip
BAD_VALUES = {
    "not in the scale": [
        {"stance": s} for s in (3, -3, 1.5, "2", "+2", True, None, [2], 10**400, 1e9)
    ],
    "unknown basis": [{"basis": b} for b in ("quoted", "", "Stated", None, 1)],
    "unknown body": [{"body_id": b} for b in ("Alpha", "omega", "", None, "alpha ", "al\u200bpha")],
    "unknown proposition": [{"proposition_id": p} for p in ("p9", "", "P1", None, "p1,p3")],
    "implied without a note": [{"basis": "implied"}, {"basis": "implied", "note": " \t"}],
    "unfit for a table": [{"note": "x\x00"}, {"note": "\ud800"}, {"note": "a\x1b[2J"}],
    "not the schema": [{"note": None}, {"quote": 3}, {"note": "n" * 999}, {"confidence": 0.9}],
}  # fmt: skip


def a_good(draw, theme):
    """Some good codes: no cell with two stances, no phrase twice."""
    chosen = draw.sample(GOOD[theme], draw.randint(1, 3))
    return [made.code(p, s, q) for p, s, q in chosen]


def a_bad(draw, theme):
    """A bad code and why it is bad."""
    p, s, q = draw.choice(GOOD[theme])
    kind = draw.choice([*BAD_PHRASES, *BAD_VALUES])
    if kind in BAD_PHRASES:
        return made.code(p, s, draw.choice(BAD_PHRASES[kind])), kind
    return {**made.code(p, s, q), **draw.choice(BAD_VALUES[kind])}, kind


def generated(seed, asked, count):
    """Hostile answers: the request, its lines, the codes to take, the reasons to give."""
    draw = random.Random(seed)
    works, trade = (made.of(asked, "brief", theme) for theme in ("works", "trade"))
    for _ in range(count):
        theme, key, other = draw.choice([("works", works, trade), ("trade", trade, works)])
        kept, bad = a_good(draw, theme), [a_bad(draw, theme) for _ in range(draw.randint(0, 4))]
        reasons, answer = [kind for _, kind in bad], {}
        codes = kept + [code for code, _ in bad]
        draw.shuffle(codes)
        shape = draw.random()
        if shape < 0.2:  # nothing of this answer can be used
            answer, reason = draw.choice(made.BAD_ANSWERS)
            kept, reasons = [], [reason]
        elif shape < 0.3:  # the answer to one request under the id of the other
            key, kept = other, []
            codes = [made.code(p, s, q) for p, s, q in GOOD[theme]]
            reasons = ["unknown proposition"] * len(codes)
        lines = [made.line(key, *codes, **answer)]
        if 0.3 <= shape < 0.37:  # two different answers to one request
            lines.append(made.line(key, *codes, created=1_616_000_001))
            kept, reasons = [], ["two answers"]
        elif 0.37 <= shape < 0.44:  # a contradiction on one cell
            code = kept[0]
            lines = [made.line(key, *codes, {**code, "stance": 0, "quote": "the old mill"})]
            cell = [each for each in kept if each["proposition_id"] == code["proposition_id"]]
            kept = [each for each in kept if each not in cell]
            reasons += ["two codes for one cell"] * (len(cell) + 1)
        elif 0.44 <= shape < 0.5:  # garbage beside a good answer
            lines += ["\x00\xff", "{}", made.line("f" * 64, *codes)]
            reasons += ["not JSON", "unknown request", "unknown request"]
        yield key, lines, kept, reasons


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made.study(tmp_path_factory.mktemp("hostile") / "study")


@pytest.mark.parametrize("seed", range(5))
def test_of_500_hostile_answers_no_code_is_taken_that_should_not_be(folder, seed):
    from positions.reading import answers, judging

    asked = made.asked(folder)
    texts = {path.stem: path.read_bytes().decode() for path in (folder / "texts").glob("*.txt")}
    seen, taken = Counter(), 0
    for _, lines, kept, reasons in generated(seed, asked, 100):
        raw = "\n".join(lines).encode("utf-8", "surrogatepass")
        codes, rejects = judging.judge(answers.read_answers(raw, asked), asked, texts)
        found = [(c.row["proposition_id"], int(c.row["stance"]), made.naive(c.row["quote"]))
                 for c in codes]  # fmt: skip
        assert sorted(found) == sorted(
            (c["proposition_id"], c["stance"], made.naive(c["quote"])) for c in kept
        )
        assert Counter(reject.reason for reject in rejects) == Counter(reasons)
        for code in codes:
            quote = code.row["quote"]
            assert made.stands_once(quote, made.TEXT)
            assert len(quote.split()) <= 25
            place = made.TEXT[code.start : int(code.row["end"])]
            assert made.naive(place) == made.naive(quote)
        seen.update(reasons)
        taken += len(codes)
    assert taken > 50
    assert len(seen) >= 18, "the generator no longer makes what it should"


def test_the_oracle_itself_tells_what_stands_once_from_word_to_word():
    for phrases in GOOD.values():
        assert all(made.stands_once(quote, made.TEXT) for _, _, quote in phrases)
    assert [len(COUNTED[at:]) for at in range(5)] == [30, 29, 28, 27, 26]
    bad = [quote for kind, quotes in BAD_PHRASES.items() if kind != "phrase too long"
           for quote in quotes]  # fmt: skip
    assert not any(made.stands_once(quote, made.TEXT) for quote in bad)


def test_a_file_of_hostile_answers_leaves_a_sound_study_and_a_readable_list_of_rejects(
    folder, tmp_path
):
    asked = made.asked(folder)
    lines = {}
    for key, each, _, _ in generated(99, asked, 100):
        lines.setdefault(key, each[0])
    extra = [line for _, each, _, _ in generated(98, asked, 40) for line in each[1:]]
    good = made.line(made.of(asked, "letter", "works"),
                     made.code("p3", 0, "we take no side on the mill", body_id="beta"))  # fmt: skip
    path = tmp_path / "answers.jsonl"
    path.write_bytes("\n".join([*lines.values(), *extra, good]).encode("utf-8", "surrogatepass"))
    assert main(["read", str(folder), "--accept", str(path), "--coder", "reader-1"]) == 0
    assert main(["check", str(folder)]) == 0
    assert main(["verify", str(folder), "--texts", str(folder / "texts"), "--require"]) == 0
    for row in rows(folder / "readings" / "reader-1-rejects.csv"):
        assert all(len(cell.split()) <= 25 + 5 for cell in row.values())
        assert not any(char in cell for cell in row.values() for char in "\x00\x1b\x07")
    assert json.loads((folder / "readings" / "reader-1.json").read_text("utf-8"))["rejects"]
