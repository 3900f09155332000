"""A document into a study: its text stored, its row written, both or neither.

What the file cannot say (who published it, when, in which phase) is asked for, never guessed: a
PDF's own date is that of its making. Beside the text lies what is known of its making: the file
it came from, whom it is by or about, what the text has lost.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
from collections.abc import Iterator, Mapping

from positions.exchange.ids import id_from
from positions.reading.extracts import Extract
from positions.reading.facts import ASKED
from positions.study import holdings, revision, suggestions
from positions.study.csv_cells import as_csv
from positions.study.holdings import Holdings
from positions.study.problems import ERROR, Problem
from positions.words import plural, some

WHOLE = "whole"


class NotAdded(ValueError):
    """A document cannot become a source; the message says why and what to do."""


@dataclasses.dataclass(frozen=True)
class Document:
    """A file and the text that was read from it."""

    name: str
    raw: bytes
    extract: Extract

    @property
    def stored(self) -> bytes:
        """The text's bytes as they are stored and hashed."""
        return self.extract.text.encode()


@dataclasses.dataclass
class Addition:
    """A source that is ready to be added, or why it is not.

    `change` says what its row is to be; `files` are the study's with that row; `texts` what is to
    lie in the folder of texts, by name; `known` is the source that has this text already;
    `problems` are the errors that the study would have.
    """

    source_id: str
    change: str
    base: Holdings
    files: dict[str, bytes]
    texts: dict[str, bytes]
    known: str = ""
    problems: list[Problem] = dataclasses.field(default_factory=list)


def opened(study: pathlib.Path, body: str) -> Holdings:
    """Read the study's tables as they lie there, and see that it has the body.

    Raises
    ------
    NotAdded
        When there is no such study, it cannot be read, or it has no such body.
    """
    if not study.is_dir():
        what = "is a file" if study.exists() else "is not there"
        raise NotAdded(f"{study} {what}; name a study's folder (positions new begins one)")
    base = holdings.known(study)
    if base.problems:
        first = base.problems[0]
        raise NotAdded(f"{first.where()}: {first.message}; {first.fix}")
    rows = base.rows.get("bodies", [])
    ids = [row["body_id"] for row in rows]
    if body not in ids:
        names = suggestions.by_name("bodies", ids, "body_id", rows)
        near = suggestions.nearest(body, names)
        fix = f"write {near}, or add it" if near else "add it"
        raise NotAdded(f"the study has no body {body!r}; {fix} to {base.tables['bodies'].path}")
    return base


def missing(facts: Mapping[str, str], document: Document) -> list[str]:
    """Name the columns that nobody has said yet.

    What was seen of the text goes without saying where the whole file has become text.
    """
    asked = [name for name in ASKED if not facts.get(name, "").strip()]
    if document.extract.unread and not facts.get("text_seen"):
        asked.append("text_seen")
    return asked


def hint(name: str, base: Holdings, document: Document) -> str:
    """Say what a fact is to be, and what the study has so far or the file says."""
    if name == "text_seen":
        return "opening, as pages could not be read; whole, if you read them elsewhere"
    extra = so_far(base, name) if name in ("kind", "phase") else ""
    if name == "title" and document.extract.title:
        extra = f"the file calls itself «{document.extract.title[:200]}»"
    return ASKED[name] + (f" ({extra})" if extra else "")


def so_far(base: Holdings, column: str) -> str:
    """Say what a column may hold: the codes of its list, else what the study has so far."""
    (found,) = (each for each in base.tables["sources"].columns if each.name == column)
    values = found.enum or tuple(
        sorted({row[column] for row in base.rows["sources"] if row.get(column)})
    )
    return some(values, 6) if values else ""


def prepared(
    base: Holdings,
    document: Document,
    facts: Mapping[str, str],
    texts: pathlib.Path,
) -> Addition:
    """Lay a document beside the study as a new source; nothing is written yet.

    Parameters
    ----------
    base
        What `opened` gave of the study.
    document
        The file with its text.
    facts
        Columns of `sources`, with `body_id`, whom it is by or about. Without a `source_id` it is
        the body and the day: `alpha-2021-03-05`.
    texts
        The folder of texts.

    Raises
    ------
    NotAdded
        When the id is taken, or a file of that name is there.
    """
    digest = hashlib.sha256(document.stored).hexdigest()
    source_id = facts.get("source_id") or id_from(f"{facts['body_id']} {facts['published']}")
    row = {name: facts.get(name, "").strip() for name in base.headers["sources"]}
    row |= {
        "source_id": source_id,
        "text_seen": row["text_seen"] or WHOLE,
        "characters": str(len(document.extract.text)),
        "sha256": digest,
    }
    change = f"a row {source_id}, text_seen {row['text_seen']}."
    known = _known(base, document, digest, texts)
    if known and known != row["follows"]:
        return Addition(source_id, change, base, {}, {}, known)
    _free(base, source_id, texts)
    table = base.tables["sources"]
    raw = revision.behind(base.files[table.path], base.headers["sources"], [row])
    return _judged(source_id, change, base, raw, _beside(source_id, facts["body_id"], document))


def text_of(
    base: Holdings, document: Document, source_id: str, body: str, texts: pathlib.Path
) -> Addition:
    """Lay a document beside a source that the study has without its text; nothing is written yet.

    What was seen of it stays as it is: who has read only the opening has not read more by this.

    Raises
    ------
    NotAdded
        When there is no such source, its text is stored, or this is not the text that was coded.
    """
    rows = [dict(row) for row in base.rows["sources"]]
    row = next((row for row in rows if row["source_id"] == source_id), None)
    if row is None:
        raise NotAdded(f"the study has no source {source_id!r}")
    if os.path.lexists(texts / f"{source_id}.txt"):
        raise NotAdded(f"the text of {source_id} is stored already; a text is never changed")
    digest = hashlib.sha256(document.stored).hexdigest()
    if row["sha256"] not in ("", digest):
        raise NotAdded(f"this is not the text that {source_id} was coded from: its SHA-256 is "
                       f"{digest[:12]}…, sources.csv has {row['sha256'][:12]}…")  # fmt: skip
    beside = _beside(source_id, body, document)
    if row["sha256"]:
        return Addition(source_id, f"the row {source_id} stays as it is.", base, {}, beside)
    change = f"the row {source_id} has its length and hash; text_seen stays {row['text_seen']}."
    known = _known(base, document, digest, texts)
    if known and known != row["follows"]:
        return Addition(source_id, change, base, {}, {}, known)
    row |= {"characters": str(len(document.extract.text)), "sha256": digest}
    header = base.headers["sources"]
    raw = as_csv([header, *([row[name] for name in header] for row in rows)])
    return _judged(source_id, change, base, raw, beside)


def _judged(
    source_id: str, change: str, base: Holdings, sources: bytes, texts: dict[str, bytes]
) -> Addition:
    """Return what is to be added, with the errors that the study would have by it."""
    files = {**base.files, base.tables["sources"].path: sources}
    found = revision.new_problems(base.files, files, unresolved=True)
    errors = [problem for problem in found if problem.severity == ERROR]
    return Addition(source_id, change, base, files, texts, problems=errors)


def _beside(source_id: str, body: str, document: Document) -> dict[str, bytes]:
    """Return what is to lie in the folder of texts, by name."""
    return {
        f"{source_id}.txt": document.stored,
        f"{source_id}.json": _about(source_id, body, document),
    }


def _known(base: Holdings, document: Document, digest: str, texts: pathlib.Path) -> str:
    """Return the source that has this text, or was made from this file; "" where none has."""
    for row in base.rows["sources"]:
        if row.get("sha256") == digest:
            return row["source_id"]
    file = hashlib.sha256(document.raw).hexdigest()
    for row in base.rows["sources"]:
        if about(texts, row["source_id"]).get("file_sha256") == file:
            return row["source_id"]
    return ""


def _free(base: Holdings, source_id: str, texts: pathlib.Path) -> None:
    """Refuse an id that a source or a stored text has, also one that differs in capitals only."""
    taken = {row["source_id"].casefold(): row["source_id"] for row in base.rows["sources"]}
    if there := taken.get(source_id.casefold()):
        raise NotAdded(f"the study has a source {there!r} with another text; give this one "
                       "another id (--id)")  # fmt: skip
    names = {path.name.casefold(): path.name for path in texts.iterdir()} if texts.is_dir() else {}
    for name in (f"{source_id}.txt", f"{source_id}.json"):
        if there := names.get(name.casefold()):
            raise NotAdded(f"{texts / there} is there already, and no source has it; move it, or "
                           "give this one another id (--id)")  # fmt: skip


# --- what lies beside a text ---------------------------------------------------------------


def _about(source_id: str, body: str, document: Document) -> bytes:
    """Write what is known of the making of a text."""
    found = document.extract
    about = {
        "source_id": source_id,
        "body_id": body,
        "file": document.name,
        "file_sha256": hashlib.sha256(document.raw).hexdigest(),
        "form": found.form,
        "read_by": found.by,
        "pages": found.pages,
        "pages_without_text": list(found.unread),
        "lost": list(found.lost),
    }
    return (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode()


def about(texts: pathlib.Path, source_id: str) -> dict[str, object]:
    """Return what is known of the making of a stored text; nothing where nobody wrote it down."""
    path = texts / f"{source_id}.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


# --- writing -------------------------------------------------------------------------------


def write(study: pathlib.Path, addition: Addition, texts: pathlib.Path) -> None:
    """Put the row and the text in place: both, or neither.

    Raises
    ------
    positions._files.SwitchError
        When the study was changed meanwhile, or another change of it is under way.
    OSError
        When a file cannot be written.
    """
    home = pathlib.Path(os.path.abspath(study))
    place = pathlib.Path(os.path.abspath(texts))
    if place.is_relative_to(home) and place != home:
        inside = place.relative_to(home).as_posix()
        files = {f"{inside}/{name}": raw for name, raw in addition.texts.items()}
        revision.write(study, addition.base.files, {**addition.files, **files})
        return
    with _placed(place, addition.texts):
        revision.write(study, addition.base.files, addition.files)


@contextlib.contextmanager
def _placed(folder: pathlib.Path, files: Mapping[str, bytes]) -> Iterator[None]:
    """Write files into a folder; take them away again if the block fails."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    try:
        for name, raw in files.items():
            with open(folder / name, "xb") as file:
                made.append(folder / name)
                file.write(raw)
        yield
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def told(addition: Addition, document: Document, texts: pathlib.Path) -> list[str]:
    """Say what was added and what the text has lost, a sentence a line."""
    if addition.known:
        return [
            f"nothing was added: the study has this text already, as {addition.known}. If it "
            f"repeats that source's words, say so: follows {addition.known}"
        ]
    found = document.extract
    paged = f" on {plural(found.pages, 'page')}" if found.pages > 1 else ""
    by = f", read by {found.by}" if found.by else ""
    return [
        f"{texts / addition.source_id}.txt: {len(found.text):,} characters{paged}, from "
        f"{document.name} ({found.form}{by}).",
        *(f"  - {sentence}" for sentence in found.lost),
        f"{addition.base.tables['sources'].path}: {addition.change}",
        "Read the text once beside the document. It is other people's: do not publish it.",
    ]
