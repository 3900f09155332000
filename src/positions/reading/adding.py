"""A document into the study from the workbench: what `positions add` does, by a form.

Rules and sentences are those of `intake`; here is only what a form sends.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from typing import Any

from positions._files import SwitchError
from positions.reading import documents, extracts, intake
from positions.reading.facts import ASKED, MAY_SAY
from positions.reading.own_files import DeskError, one_line
from positions.study import load
from positions.study.csv_reader import allowed
from positions.study.load import Study

MOST = 8_000_000
"""Bytes that come from a browser: Jupyter's server drops a message of more than 10 MiB."""
PASTED = "pasted text"


class Adding:
    """Documents into one study.

    Parameters
    ----------
    study
        The study, as it was read from its folder.
    texts
        The folder of stored texts; made with the first text.
    """

    def __init__(self, study: Study, texts: pathlib.Path):
        self._folder, self._texts = study.folder, texts
        self._sources = study.folder / study.places["sources"][0]
        self._known = self._version()

    def add(self, asked: Mapping[str, Any]) -> tuple[str, str]:
        """Make a document a source, or the text of one that has none.

        Parameters
        ----------
        asked
            `raw`, a file's bytes, with its `name`; or `text`, which was pasted. `body_id`; and
            `text_of`, the source that has no text yet, or the columns of a new source.

        Returns
        -------
        The source, and what was added and lost.

        Raises
        ------
        DeskError
            Why nothing was added.
        """
        try:
            return self._added({name: one_line(asked.get(name)) for name in _SAID}, asked)
        except (extracts.NotRead, intake.NotAdded, SwitchError) as error:
            raise DeskError(f"nothing was added: {error}") from None

    def _added(self, facts: dict[str, str], asked: Mapping[str, Any]) -> tuple[str, str]:
        body, source_id = facts["body_id"], facts.pop("text_of")
        if not body:
            raise intake.NotAdded("choose the body that the document is by, or about")
        base = intake.opened(self._folder, body)
        document = _document(asked)
        if source_id:
            addition = intake.text_of(base, document, source_id, body, self._texts)
        elif lack := intake.missing(facts, document):
            needs = "; ".join(f"{_name(one)}: {intake.hint(one, base, document)}" for one in lack)
            raise intake.NotAdded(f"say what the file does not. {needs}")
        else:
            addition = intake.prepared(base, document, facts, self._texts)
        if addition.problems:
            said = (f"{_name(p.column)} {p.value!r}: {p.message}; {p.fix}"
                    for p in addition.problems)  # fmt: skip
            raise intake.NotAdded("\n".join(said))
        told = intake.told(addition, document, self._texts)
        if addition.known:
            raise DeskError("\n".join(told))
        intake.write(self._folder, addition, self._texts)
        return addition.source_id, "\n".join(told)

    def changed(self) -> bool:
        """Say whether the study's sources are others than they were when this was last asked."""
        known, self._known = self._known, self._version()
        return known != self._known

    def study(self) -> Study:
        """Read the study as it is now.

        Raises
        ------
        DeskError
            When it cannot be read as it is.
        """
        found, _ = load.check(self._folder, allow_unresolved=True)
        if found is None:
            raise DeskError(
                "the study's sources were changed, and it cannot be read as it is now; `positions "
                "check` says why"
            )
        return found

    def _version(self) -> bytes:
        return self._sources.read_bytes() if self._sources.is_file() else b""


_SAID = ("body_id", "text_of", "source_id", *ASKED, *MAY_SAY)


def _name(column: str) -> str:
    """Return what the form calls a column."""
    return column.replace("_", " ")


def _document(asked: Mapping[str, Any]) -> intake.Document:
    """Return the document that was sent, and its text."""
    raw, pasted = asked.get("raw"), asked.get("text")
    name = one_line(asked.get("name"))[:200] or "the file"
    if not isinstance(raw, bytes):
        raw = b""
    if isinstance(pasted, str) and pasted.strip():
        if raw:
            raise intake.NotAdded("choose a file or paste a text, not both")
        name, raw = PASTED, pasted.encode("utf-8", "surrogatepass")
    if not raw:
        raise intake.NotAdded("choose a file that is not empty, or paste a text")
    if len(raw) > MOST:
        raise intake.NotAdded(
            f"{name} has {len(raw):,} bytes, and at most {MOST:,} come through the browser; "
            "`positions add` in a terminal takes more"
        )
    return intake.Document(name, raw, documents.extract(raw, allowed()))
