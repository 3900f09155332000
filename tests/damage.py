"""Files with faults: sound bytes with some of them changed, cut out or put in."""

import io
import zipfile

PIECES = (
    b"\x00", b"-1", b"9" * 30, b'"', b"<", b"\xff\xff\xff\xff", b"\r", b"\xf0\x9f\x98\x80",
    b"&#x1b;", b"&#xD800;", b"\\ud800", b"\xed\xa0\x80", b"A1:XFD1048576", b"1e999", b"]]>", b",",
)  # fmt: skip


def damaged(raw, chance):
    """The bytes with some of them changed, cut out or put in."""
    raw = bytearray(raw)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        at = chance.randrange(len(raw) + 1)
        what = chance.randrange(4)
        if what == 0:
            raw[at : at + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del raw[at : at + chance.choice((1, 2, 20, 1000))]
        elif what == 2:
            raw[at:at] = chance.randbytes(chance.randrange(8))
        else:
            raw[at : at + 1] = chance.choice(PIECES)
    return bytes(raw)


def damaged_inside(raw, chance):
    """An archive that is sound, with an entry that is not."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(held, "w") as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            inside = old.read(name)
            new.writestr(name, damaged(inside, chance) if name == chosen else inside)
    return held.getvalue()
