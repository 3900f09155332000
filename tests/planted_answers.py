"""One fault at a time in a file of answers: every mark, added and removed, at every field.

    python tests/planted_answers.py [--every N] [--base NAME ...]

Each faulty file is read twice: as it is, and with another line end after its header, for which the
careful reader is always taken. Both must give the same. Against the sound file, each is *right*
(nothing was lost), *told* (what was lost is said, row by row or word by word), *refused*, or
*wrong without a word*.
"""

from __future__ import annotations

import argparse
import collections
import pathlib
import sys
import tempfile
from collections.abc import Iterator

import pandas as pd

from positions.responses import backend, database, files, plain, questions
from positions.responses.backend import NotResponses

ROWS = 80
FIELDS = ["respondent", "type", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "comment"]
CLOSED = FIELDS[2:8]
SURVEY = questions.survey(
    pd.DataFrame(
        {"question_id": [*CLOSED, "comment"], "proposition_id": "p",
         "answers": ["likert5"] * 6 + ["text"], "reversed": ""}
    )
)  # fmt: skip
_WORDS = ("agree", "strongly agree", "neutral", "", "disagree", "strongly disagree")
_COMMENTS = (
    "", "", "Thank you.", "Buses, trams and trains", 'He said "no", twice', "Two\nlines, of text",
    "", "a,agree,agree,agree,agree,agree,agree,agree,b",
)  # fmt: skip


def rows() -> list[list[str]]:
    """Return the sound answers: with silence, commas, quotation marks and line ends in them."""
    return [
        [f"r-{i}", ("resident", "trader", "")[i % 3],
         *(_WORDS[(i * (j + 2) + j) % 6] for j in range(6)), _COMMENTS[i % 8]]
        for i in range(1, ROWS + 1)
    ]  # fmt: skip


def written(quote_all: bool) -> list[list[str]]:
    """Write each field of the file as CSV has it, the header first."""

    def one(text: str) -> str:
        if quote_all or any(mark in text for mark in ',"\n'):
            return '"' + text.replace('"', '""') + '"'
        return text

    return [[one(text) for text in row] for row in [FIELDS, *rows()]]


BASES = {"lf": (False, "\n"), "crlf": (False, "\r\n"), "quoted": (True, "\n")}


def planted(base: str) -> Iterator[tuple[str, str]]:
    """Yield each faulty file with the name of its fault."""
    quote_all, end = BASES[base]
    sound = written(quote_all)
    for place, row in enumerate(sound):
        for column, field in enumerate(row):
            for fault, separator, text in _faults(field, column == len(row) - 1, end):
                line = [*row[:column], text, *row[column + 1 :]]
                ends = ["," for _ in line[:-1]] + [end]
                ends[column] = separator
                lines = [",".join(other) + end for other in sound]
                lines[place] = "".join(a + b for a, b in zip(line, ends, strict=True))
                yield f"{base} row {place} {FIELDS[column]}: {fault}", "".join(lines)


def _faults(field: str, last: bool, end: str) -> Iterator[tuple[str, str, str]]:
    """Yield the faults of a field: what it is, what follows the field, and the field."""
    follows = end if last else ","
    middle, behind = len(field) // 2, len(field)
    for mark, places in (
        (",", (middle, behind)), ('"', (0, middle, behind)), ("\n", (middle, behind)),
        ("\r\n", (middle,)), ("\r", (middle,)),
    ):  # fmt: skip
        for at in sorted(set(places)):
            yield f"{mark!r} added at {at}", follows, field[:at] + mark + field[at:]
    for mark in (",", '"', "\n"):
        for at, found in enumerate(field):
            if found == mark:
                yield f"{mark!r} removed at {at}", follows, field[:at] + field[at + 1 :]
    yield f"{follows!r} removed", "", field
    if follows == "\r\n":
        yield "'\\r' removed", "\n", field
        yield "'\\n' removed", "\r", field


# --- what a reader makes of it -------------------------------------------------------------

Found = tuple[str, object]


def read(space: database.Workspace, path: pathlib.Path) -> Found:
    """Read a file: `refused`, or what is used and what is said of the rest."""
    try:
        judged, damaged, reasons = files.judged(space, [path], SURVEY)
    except NotResponses as error:
        return "refused", str(error)
    rejects = [
        row
        for frame in (*judged.rejects, *damaged)
        for row in backend.gathered(frame)[["line", "reason"]].itertuples(index=False, name=None)
    ]
    used = backend.gathered(judged.used)[["type", *SURVEY.columns.values()]]
    codes = {
        q.column: {word: _code(q, word) for word in used[q.column].unique()}
        for q in SURVEY.questions
    }
    for name, code in codes.items():
        used[name] = used[name].map(code, na_action=None)
    used["text0"] = used["text0"].fillna("").str.replace("\r\n", "\n")
    kept = collections.Counter(used.astype("object").itertuples(index=False, name=None))
    told = int(judged.reasons["rows"].sum() + reasons["rows"].sum())
    read = judged.read + int(reasons["rows"].sum())
    unknown = judged.unknown[["question_id", "answer", "rows", "line"]].to_numpy().tolist()
    return "read", (read, told, sorted(rejects), kept, unknown, judged.unread)


def _code(question: questions.Question, word: object) -> int:
    try:
        code = question.code(word)
    except KeyError:
        return 9
    return 9 if code is None else code


def records(text: str) -> int:
    """Count the records below the header, byte by byte: lines that end outside quotation marks."""
    inside, ends, last = False, 0, "\n"
    for place, mark in enumerate(text):
        inside ^= mark == '"'
        lone = mark == "\r" and text[place + 1 : place + 2] != "\n"
        ends += not inside and (mark == "\n" or lone)
        last = mark
    return ends + (last not in "\r\n") - 1


def verdict(found: Found, sound: Found, text: str, fault: str) -> str:
    """Say what became of the answers, against those of the sound file."""
    if found[0] == "refused":
        return "refused"
    read, told, rejects, kept, unknown, unread = found[1]  # type: ignore[misc]
    _, _, _, whole, _, aside = sound[1]  # type: ignore[misc]
    if read != records(text) or read != told + kept.total() or told != len(rejects):
        return "wrong without a word"
    # A mark within the quoted name of a column that may lack: the command lists it as not read.
    if set(unread) - set(aside) and _untyped(kept) == _untyped(whole) and not (told or unknown):
        return "told among the columns"
    lost, new = whole - kept, kept - whole
    if not (new or told or unknown) or _only_text(lost, new):
        return "right" if not lost or _only_text(lost, new) else "wrong without a word"
    # Two rows on one line are one record, which is rejected for both.
    rows = told + fault.endswith(("\\n' removed", "\\r' removed"))
    if lost.total() - new.total() > rows:
        return "wrong without a word"
    cells = sum(times for _, _, times, _ in unknown)
    blank = sum(sum(a != b for a, b in zip(row, _nearest(row, lost), strict=True)) for row in new)
    if blank <= cells and all(any(_is_emptied(row, other) for other in lost) for row in new):
        return "told"
    # A comma within a quoted type makes another type: it is printed among the types.
    kinds = {row[0] for row in new} - {row[0] for row in whole}
    if new.total() == len(kinds) == 1 and not told:
        return "told among the types"
    return "wrong without a word"


def _untyped(rows: collections.Counter) -> list[tuple[object, ...]]:
    return sorted(row[1:] for row in rows.elements())


def _is_emptied(row: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Tell whether a row is a sound one with some answers missing."""
    return row[0] == other[0] and all(
        a in (b, 9) for a, b in zip(row[1:-1], other[1:-1], strict=True)
    )


def _nearest(row: tuple[object, ...], some: collections.Counter) -> tuple[object, ...]:
    return min(some, key=lambda other: sum(a != b for a, b in zip(row, other, strict=True)))


def _only_text(lost: collections.Counter, new: collections.Counter) -> bool:
    """Tell whether only free text has changed: no mark in it can be known to be wrong."""
    return sorted(row[:-1] for row in lost.elements()) == sorted(row[:-1] for row in new.elements())


def count(bases: list[str], every: int = 1) -> tuple[collections.Counter, list[str]]:
    """Count the verdicts on all faulty files, or on one in so many; and list what went wrong."""
    verdicts: collections.Counter = collections.Counter()
    amiss = []
    with tempfile.TemporaryDirectory() as place, database.workspace() as space:
        path = pathlib.Path(place) / "a.csv"
        for base in bases:
            end = BASES[base][1]
            text = "".join(",".join(row) + end for row in written(BASES[base][0]))
            path.write_bytes(text.encode())
            sound = read(space, path)
            for number, (fault, text) in enumerate(planted(base)):
                if number % every:
                    continue
                path.write_bytes(text.encode())
                found = read(space, path)
                head, _, rest = text.partition(end)
                if plain.proof(path, ",", 1, len(FIELDS)) is not None:
                    verdicts["(read quickly)"] += 1
                    other = {"\n": "\r\n"}.get(end, "\n")
                    path.write_bytes((head + other + rest).encode())
                    if read(space, path) != found:
                        amiss.append(f"{fault}: the careful reader finds something else")
                said = verdict(found, sound, text, fault)
                verdicts[said] += 1
                if said.startswith("wrong"):
                    amiss.append(f"{fault}: {said}: {found}")
    return verdicts, amiss


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="one file in so many (1)")
    parser.add_argument("--base", nargs="+", choices=BASES, default=list(BASES))
    options = parser.parse_args()
    for name in options.base:
        verdicts, amiss = count([name], options.every)
        print(f"{name}: {dict(sorted(verdicts.items()))}", flush=True)
        print(*amiss[:10], sep="\n", file=sys.stderr)
