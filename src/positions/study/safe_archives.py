"""Archives and XML from strangers: what may be unpacked, and what may be parsed.

An archive can name files outside itself, hold one file twice under names that only look
different, or unpack to a thousand times its size; an XML text can call for other files or grow
without end. All of that is told from the list of entries, or while the text is parsed, before
anything of it is used. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from positions.study.csv_reader import ReadLimits, Report, exceeded

DAMAGED = (
    zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError,
    RuntimeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What a damaged or hostile archive can raise while it is read."""
_OPEN_DOCUMENTS = {
    b"opendocument.spreadsheet": "spreadsheet (.ods)", b"opendocument.text": "text (.odt)",
}  # fmt: skip
DEEPEST = 100
"""Elements an XML text may nest."""
MOST_ELEMENTS = 1_000_000
Wanted = Callable[[str], bool]
_LOCAL_HEADER = struct.Struct("<4s22xHH")


def unpack(
    raw: bytes, report: Report, limits: ReadLimits, fix: str, wanted: Wanted = lambda name: True
) -> dict[str, bytes] | None:
    """Unpack the wanted entries by name, in memory; None where that is not safe."""
    if len(raw) > limits.archive_bytes:
        exceeded(report, "archive_bytes", f"the file has {len(raw)} bytes", limits.archive_bytes)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if list(faults(archive, raw, report, limits, fix, wanted)):
                return None
            return {
                entry.filename: archive.read(entry)
                for entry in archive.infolist()
                if not entry.is_dir() and wanted(entry.filename)
            }
    except DAMAGED as error:
        report("archive", f"the archive cannot be read: {error}", fix)
        return None


def stranger(raw: bytes) -> tuple[str, str] | None:
    """Name a file that is no workbook or archive read here, and what to do; else None."""
    again = "open it in a spreadsheet program, and save it as .xlsx"
    if raw.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in raw:
            return "it is protected by a password", "take the password off, and save it again"
        return "it is a file of Excel 97-2003 (.xls), Word or PowerPoint", again
    for mark, what in _OPEN_DOCUMENTS.items():
        if raw.startswith(b"PK") and mark in raw[:120]:
            return f"it is an OpenDocument {what}", again
    if raw.startswith(b"PK") and b"xl/workbook.bin" in raw:
        return "it is a binary workbook of Excel (.xlsb)", again
    if raw.startswith(b"PK") and b"Index/Document.iwa" in raw:
        return "it is a file of Numbers, Pages or Keynote", "export it from there as .xlsx"
    if raw.startswith(b"%PDF"):
        return "it is a PDF", "type its table into a spreadsheet, and save it as .xlsx"
    return None


def faults(
    archive: zipfile.ZipFile, raw: bytes, report: Report, limits: ReadLimits, fix: str,
    wanted: Wanted = lambda name: True,
) -> Iterator[bool]:  # fmt: skip
    """Report what the archive's own list of entries gives away; each fault yields True.

    Only entries that are wanted are judged: nothing else is unpacked, to memory or to disk. What
    an entry says of its own size binds: no more of it is ever unpacked.
    """
    listed = archive.infolist()
    entries = [entry for entry in listed if wanted(entry.filename)]
    inflated = sum(entry.file_size for entry in entries)
    for limit, what, value, most in (
        ("archive_entries", "entries", len(listed), limits.archive_entries),
        ("archive_inflated", "bytes unpacked", inflated, limits.archive_inflated),
        ("archive_ratio", "times its size unpacked", inflated // len(raw), limits.archive_ratio),
    ):
        if value > most:
            exceeded(report, limit, f"the file has {value} {what}", most)
            yield True
    times = Counter(_folded(entry.filename) for entry in entries)
    for entry in entries:
        if wrong := _misplaced(entry) or (
            "two entries have the same name" if times[_folded(entry.filename)] > 1 else ""
        ):
            report("archive", wrong, fix, value=entry.orig_filename)
            yield True
    if not any(times[name] > 1 for name in times) and (second := _overlapping(entries, raw)):
        report("archive", "two entries share the same bytes", fix, value=second.filename)
        yield True


def _misplaced(entry: zipfile.ZipInfo) -> str:
    """Say why an entry has no place in an archive that is read; "" where it has."""
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    if "\x00" in name:
        return "an entry's name holds a NUL character"
    if ".." in parts or parts[0] == "" or ":" in name or "\\" in name:
        return "an entry leads out of the archive"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "an entry is a link"
    if entry.flag_bits & 1:
        return "the file is encrypted"
    return ""


def _folded(name: str) -> str:
    """Return the name as a file system sees it that does not tell capitals apart."""
    return name.casefold().rstrip("/")


def _overlapping(entries: list[zipfile.ZipInfo], raw: bytes) -> zipfile.ZipInfo | None:
    """Find the first entry whose bytes begin before those of the one before it end."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            return entry
        mark, name, extra = _LOCAL_HEADER.unpack_from(raw, entry.header_offset)
        if mark != b"PK\x03\x04":
            raise zipfile.BadZipFile(f"no entry where the list says {entry.filename!r} begins")
        end = entry.header_offset + _LOCAL_HEADER.size + name + extra + entry.compress_size
    return None


# --- XML -----------------------------------------------------------------------------------


def xml(raw: bytes, report: Report, fix: str = "export the file again") -> Any:
    """Parse an XML text to its root; None where that may not be done, or cannot.

    No document type, no entity, nothing from elsewhere; at most `DEEPEST` elements in each
    other.
    """
    try:
        from defusedxml import DefusedXmlException, ElementTree
    except ImportError:
        report("extra-missing", "XML cannot be read without defusedxml",
               'run: pip install "positions[exchange]"')  # fmt: skip
        return None
    try:
        return _grown(ElementTree.iterparse(
            io.BytesIO(raw), events=("start", "end"), forbid_dtd=True
        ))  # fmt: skip
    except DefusedXmlException as error:
        what = re.sub(r"\(.*", "", type(error).__name__)
        report("xml", f"a document type or an entity, which are not read ({what})", fix)
    except OverflowError as error:
        report("xml", str(error), fix)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        report("xml", f"not well-formed XML: {error}", fix)
    return None


def _grown(events: Any) -> Any:
    """Return the root, once every element was seen to nest no deeper than it may."""
    root, depth, count = None, 0, 0
    for event, element in events:
        if event == "end":
            depth -= 1
            continue
        root = element if root is None else root
        depth, count = depth + 1, count + 1
        if depth > DEEPEST:
            raise OverflowError(f"more than {DEEPEST} elements in each other")
        if count > MOST_ELEMENTS:
            raise OverflowError(f"more than {MOST_ELEMENTS} elements")
    return root
