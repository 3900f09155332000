"""Documents made by hand: small PDFs written object by object, Word files, web pages."""

import io
import zipfile

import docx
import pypdf

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages, title="", extra=b""):
    """A PDF with a page for each text; None is a page that only draws a picture.

    The lines of a text stand below each other. Nothing is compressed.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 "
        b"/ColorSpace /DeviceGray /Length 1 >>\nstream\n0\nendstream",
    ]
    for number, text in enumerate(pages):
        if text is None:
            content = b"q 200 0 0 200 72 500 cm /Im1 Do Q"
            used = b"/XObject << /Im1 4 0 R >>"
        else:
            shown = text.encode("cp1252").replace(b"\\", b"\\\\")
            shown = shown.replace(b"(", b"\\(").replace(b")", b"\\)")
            lines = b" T* ".join(b"(%s) Tj" % line for line in shown.split(b"\n"))
            content = b"BT /F1 11 Tf 14 TL 72 720 Td %s ET" % lines
            used = b"/Font << /F1 3 0 R >>"
        content += extra
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> "
            b"/Contents %d 0 R >>" % (used, 6 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    trailer = b""
    if title:
        objects.append(b"<< /Title (%s) >>" % title.encode())
        trailer = b" /Info %d 0 R" % len(objects)
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    for number, each in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
              % (len(objects) + 1, trailer, start))  # fmt: skip
    return out.getvalue()


def encrypted(raw, password):
    """The same PDF behind a password; with "" anybody may open it."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(raw))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(*paragraphs, body="", parts=()):
    """A Word file with paragraphs, and below them what is given as WordprocessingML."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if body:
        from docx.oxml import parse_xml

        root = parse_xml(f'<w:body xmlns:w="{W}">{body}</w:body>')
        last = document.element.body.sectPr
        for element in list(root):
            last.addprevious(element)
    for name, xml in parts:
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"
        part = Part(PackURI(f"/word/{name}.xml"), "application/xml", xml.encode(), None)
        document.part.relate_to(part, kind)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def bomb():
    """A Word file whose document unpacks to a thousand times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    return out.getvalue()
