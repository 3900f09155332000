"""A study as a REFI-QDA project or codebook, for NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

Codes carry a coding: one for the proposition with its stance, one for the body, one for the
basis. The sources are other people's texts and no part of a study, so a source holds the phrases
alone, a line each, unless the texts are at hand.
"""

from __future__ import annotations

import io
import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping

import pandas as pd

from positions.exchange.refi_qda.reader import CODEBOOK, PROJECT
from positions.study import schema
from positions.study.load import Study
from positions.words import signed

PROPOSITION, BODY, BASIS = "Proposition", "Body", "Basis"
"""The codes at the top, under which all others stand."""
PHRASES_ONLY = "Phrases only, a line each; not the text of the source."
"""The description of a source that holds no more than the phrases coded in it."""
_NAMESPACE = uuid.UUID("5ed9a0f4-92d6-5a4e-8f0a-6a2f7d1c3b58")
_WHEN = (1980, 1, 1, 0, 0, 0)


def guid(table: str, *key: str) -> str:
    """Return the guid of a row: always the same for the same id."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((table, *key))))


def codebook(study: Study) -> bytes:
    """Write propositions with their stances, bodies and bases as a `.qdc` codebook."""
    root = ET.Element("CodeBook", {"xmlns": CODEBOOK, "origin": "positions"})
    _codes(root, study)
    return _written(root)


def project(study: Study, texts: Mapping[str, bytes]) -> bytes:
    """Write the codings as a `.qdpx` project.

    A source has its whole text where `texts` has it, by source_id, and it is the one coded; any
    other source holds its phrases alone.

    Returns
    -------
    bytes
        An archive of `project.qde` and the sources; the same bytes for the same study.
    """
    root = ET.Element(
        "Project", {"xmlns": PROJECT, "name": study.title, "origin": "positions"}
    )  # fmt: skip
    users = ET.SubElement(root, "Users")
    for coder in sorted(set(study.codings["coder"])):
        ET.SubElement(users, "User", {"guid": guid("coders", coder), "name": coder})
    _codes(ET.SubElement(root, "CodeBook"), study)
    sources = ET.SubElement(root, "Sources")
    entries: dict[str, bytes] = {}
    for source_id, codings in study.codings.groupby("source_id", sort=True):
        _source(sources, str(source_id), codings, texts.get(str(source_id)), entries)
    return _archive({"project.qde": _written(root), **entries})


def _codes(parent: ET.Element, study: Study) -> None:
    codes = ET.SubElement(parent, "Codes")
    top = _code(codes, guid("top", PROPOSITION), PROPOSITION, codable=False)
    themes: dict[str, ET.Element] = {}
    for _, row in study.propositions.iterrows():
        theme = row["theme"]
        if theme not in themes:
            themes[theme] = _code(top, guid("themes", theme), theme, codable=False)
        number = row["proposition_id"]
        own = _code(themes[theme], guid("propositions", number), row["label"], row["statement"],
                    codable=False)  # fmt: skip
        for stance in range(schema.SCALE[1], schema.SCALE[0] - 1, -1):
            name = f"{number} {signed(stance)}"
            _code(own, guid("stances", number, str(stance)), name)
    top = _code(codes, guid("top", BODY), BODY, codable=False)
    for _, row in study.bodies.iterrows():
        _code(top, guid("bodies", row["body_id"]), row["name"], row["about"])
    top = _code(codes, guid("top", BASIS), BASIS, codable=False)
    for basis in ("stated", "implied", "reported"):
        _code(top, guid("bases", basis), basis)


def _code(
    parent: ET.Element, number: str, name: str, description: str = "", codable: bool = True
) -> ET.Element:
    code = ET.SubElement(
        parent, "Code", {"guid": number, "name": name, "isCodable": str(codable).lower()}
    )
    if description:
        ET.SubElement(code, "Description").text = description
    return code


def _source(
    parent: ET.Element, source_id: str, codings: pd.DataFrame, raw: bytes | None,
    entries: dict[str, bytes],
) -> None:  # fmt: skip
    """Add a source with a selection a coding; its text goes to the archive's entries."""
    number = guid("sources", source_id)
    source = ET.SubElement(parent, "TextSource", {
        "guid": number, "name": source_id, "plainTextPath": f"internal://{number}.txt",
    })  # fmt: skip
    whole = raw is not None and codings[["start", "end"]].notna().all(axis=None)
    lines: dict[str, int] = {}
    if not whole:
        ET.SubElement(source, "Description").text = PHRASES_ONLY
        at = 0
        for quote in sorted(set(codings["quote"])):
            lines[quote] = at
            at += len(quote) + 1
        raw = "".join(f"{quote}\n" for quote in lines).encode()
    for _, row in codings.iterrows():
        start = int(row["start"]) if whole else lines[row["quote"]]
        end = int(row["end"]) if whole else start + len(row["quote"])
        _selection(source, row, start, end)
    entries[f"sources/{number}.txt"] = raw or b""


def _selection(source: ET.Element, row: pd.Series, start: int, end: int) -> None:
    columns = schema.contract()["codings"].primary_key
    key = [str(row[column]) for column in columns if not pd.isna(row[column])]
    user = guid("coders", row["coder"])
    selection = ET.SubElement(source, "PlainTextSelection", {
        "guid": guid("codings", *key), "name": row["quote"], "startPosition": str(start),
        "endPosition": str(end), "creatingUser": user,
    })  # fmt: skip
    if row["note"]:
        ET.SubElement(selection, "Description").text = row["note"]
    codes = (
        guid("stances", row["proposition_id"], str(row["stance"])),
        guid("bodies", row["body_id"]),
        guid("bases", row["basis"]),
    )
    for code in codes:
        coding = ET.SubElement(
            selection, "Coding", {"guid": guid("applied", *key, code), "creatingUser": user}
        )
        ET.SubElement(coding, "CodeRef", {"targetGUID": code})


def _written(root: ET.Element) -> bytes:
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _archive(entries: Mapping[str, bytes]) -> bytes:
    """Pack an archive whose bytes depend on its entries alone: no clock, no compressor."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for name, raw in entries.items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw)
    return held.getvalue()
