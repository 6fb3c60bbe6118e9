"""Files as people and attackers send them, built from their bytes: no fixture is stored."""

import io
import shutil
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFont

import node.documents

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONTS = Path(node.documents.__file__).parent / "fonts"
"""Letters with French accents, whatever the machine has."""

_FONT = FONTS / "SourceSans3-Regular.ttf"


@cache
def can_read_pictures() -> bool:
    """Whether tesseract and its French words are on this machine."""
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "fra" in listed.stdout.split()


def pdf(contents: Sequence[bytes], trailer: str = "", filters: str = "") -> bytes:
    """A PDF with one page a content stream, in Helvetica. `filters` goes into every stream's dictionary."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(contents)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for index, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            + f"/Contents {5 + 2 * index} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(content)} {filters} >>\nstream\n".encode() + content + b"\nendstream")
    return numbered(dict(enumerate(objects, start=1)), trailer)


def pdf_text(lines: Sequence[str]) -> bytes:
    """One page's content: the lines one below the other."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 11 Tf 14 TL 50 790 Td\n{shown}ET".encode("cp1252")


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


Matrix = tuple[float, float, float, float, float, float]


def pdf_scan(
    pictures: Sequence[tuple[Image.Image, Matrix]], rotate: int = 0, inherited: int = 0, form: Matrix | None = None
) -> bytes:
    """A page of pictures, each drawn under a matrix, on a page of 600 by 400. `rotate` is the page's, `inherited` its
    parent's parent's; with `form`, they are drawn by a form under that matrix."""
    names = " ".join(f"/Im{number} {10 + number} 0 R" for number in range(len(pictures)))
    drawn = "\n".join(
        f"q {' '.join(map(str, matrix))} cm /Im{number} Do Q" for number, (_, matrix) in enumerate(pictures)
    ).encode()
    inside = f"<< /XObject << {names} >> >>"
    contents = b"q /Fm0 Do Q" if form else drawn
    resources = "<< /XObject << /Fm0 6 0 R >> >>" if form else inside
    of_form = f"/Type /XObject /Subtype /Form /BBox [-999 -999 999 999] /Resources {inside} "
    of_form += f"/Matrix [{' '.join(map(str, form or (1, 0, 0, 1, 0, 0)))}]"
    turned, above = f"/Rotate {rotate}" if rotate else "", f"/Rotate {inherited}" if inherited else ""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [3 0 R] /Count 1 {above} >>".encode(),
        3: b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 /MediaBox [0 0 600 400] >>",
        4: f"<< /Type /Page /Parent 3 0 R /Contents 5 0 R /Resources {resources} {turned} >>".encode(),
        5: f"<< /Length {len(contents)} >>\nstream\n".encode() + contents + b"\nendstream",
        6: f"<< {of_form} /Length {len(drawn)} >>\nstream\n".encode() + drawn + b"\nendstream",
    }
    for number, (picture, _) in enumerate(pictures):
        data = encoded(picture.convert("L"), "JPEG", quality=90)
        kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode"
        head = f"<< {kind} /Width {picture.width} /Height {picture.height} /Length {len(data)} >>"
        objects[10 + number] = f"{head}\nstream\n".encode() + data + b"\nendstream"
    return numbered(objects)


def numbered(objects: Mapping[int, bytes], trailer: str = "") -> bytes:
    """A PDF of these objects; the first is its catalog, and numbers between them are nothing's."""
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number in range(1, max(objects) + 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + objects.get(number, b"null") + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def pdf_bomb(inflated: int = 300_000_000) -> bytes:
    """A few kilobytes of PDF whose only stream is zeros, compressed twice."""
    # One block of the inner stream, over and over (RFC 1950, RFC 1951): to compress them all takes two seconds.
    times, chunk = inflated >> 24, bytes(1 << 24)
    deflate = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = deflate.compress(chunk) + deflate.flush(zlib.Z_FULL_FLUSH)
    adler32 = (times << 24) % 65521 << 16 | 1
    inner = b"\x78\xda" + block * times + b"\x03\x00" + adler32.to_bytes(4, "big")
    return pdf([zlib.compress(inner, 9)], filters="/Filter [/FlateDecode /FlateDecode]")


def archive(members: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def paragraph(text: str) -> str:
    """A Word paragraph; a tab in the text is a tab on the page."""
    runs = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(run)}</w:t>' for run in text.split("\t"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Word table; a line break in a cell begins a paragraph."""
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc>{''.join(map(paragraph, cell.split(chr(10))))}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{cells}</w:tbl>"


def text_box(lines: Sequence[str]) -> str:
    """A Word text box as Word writes it: the drawing, then the same again for older readers."""
    content = f"<w:txbxContent>{''.join(map(paragraph, lines))}</w:txbxContent>"
    return (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:Choice Requires="wps"><w:drawing><wps:wsp '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"<wps:txbx>{content}</wps:txbx></wps:wsp></w:drawing></mc:Choice>"
        f'<mc:Fallback><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{content}</v:textbox></w:pict>'
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )


def docx(body: str, header: str = "", prologue: str = "") -> bytes:
    """A Word file from the XML of its body."""
    document = f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<w:document {W}><w:body>{body}</w:body></w:document>'
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "word/document.xml": document,
    }
    if header:
        members["word/header1.xml"] = f"<w:hdr {W}>{header}</w:hdr>"
        members["word/_rels/document.xml.rels"] = _related({"header1.xml": "header"}, "transitional")
    return archive(members)


_RELATIONSHIPS = {
    "transitional": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "strict": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def _related(targets: Mapping[str, str], edition: str) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONSHIPS[edition]}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def package(main: str, target: str, body: str, header: str, footer: str, edition: str) -> bytes:
    """A Word file whose parts have names of their own: its main part is `main`, which the package calls `target`;
    header and footer stand in a folder beside it. `edition`: of the standard, transitional or strict."""
    folder, _, name = main.rpartition("/")
    edges = {"edges/top.xml": "header"} if header else {}
    edges |= {"/edges/bottom.xml": "footer"} if footer else {}
    inside = f"{folder}/" if folder else ""
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Override PartName="/{main}" ContentType="{_WORD_MAIN}"/></Types>',
        "_rels/.rels": _related({"docProps/core.xml": "core-properties", target: "officeDocument"}, edition),
        f"{inside}_rels/{name}.rels": _related(edges, edition),
        main: f"<w:document {W}><w:body>{body}</w:body></w:document>",
        f"{inside}edges/top.xml": f"<w:hdr {W}>{header}</w:hdr>",
        "edges/bottom.xml": f"<w:ftr {W}>{footer}</w:ftr>",
        # A part that nothing points to is no part of the document.
        f"{inside}header9.xml": f"<w:hdr {W}>{paragraph('Brouillon')}</w:hdr>",
    }
    return archive(members)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_ODT_NAMES = " ".join(
    f'xmlns:{prefix}="{_ODF}:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
    }.items()
)


def odt_paragraph(text: str) -> str:
    """A LibreOffice paragraph."""
    return f"<text:p>{'<text:tab/>'.join(map(escape, text.split(chr(9))))}</text:p>"


def odt_table(rows: Sequence[Sequence[str]]) -> str:
    """A LibreOffice table."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell>{''.join(map(odt_paragraph, cell.split(chr(10))))}</table:table-cell>" for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    return f"<table:table>{cells}</table:table>"


def odt_box(lines: Sequence[str]) -> str:
    """A LibreOffice text frame anchored in a paragraph."""
    content = "".join(map(odt_paragraph, lines))
    return f"<text:p><draw:frame><draw:text-box>{content}</draw:text-box></draw:frame></text:p>"


def odt(body: str, header: str = "") -> bytes:
    """A LibreOffice file from the XML of its text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        content = f"<office:document-content {_ODT_NAMES}><office:body><office:text>{body}</office:text></office:body>"
        file.writestr("content.xml", content + "</office:document-content>")
        page = f"<style:master-page><style:header>{header}</style:header></style:master-page>" if header else ""
        file.writestr("styles.xml", f"<office:document-styles {_ODT_NAMES}>{page}</office:document-styles>")
    return out.getvalue()


def page_image(lines: Sequence[str], size: int = 34) -> Image.Image:
    """A page as a scanner would give it."""
    image = Image.new("RGB", (1240, max(400, int(len(lines) * size * 1.6) + 160)), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(_FONT, size)
    for index, line in enumerate(lines):
        draw.text((80, 80 + index * size * 1.6), line, fill="black", font=font)
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph_with_position(lines: Sequence[str]) -> bytes:
    """A telephone's JPEG held sideways: EXIF orientation 6, a camera's name and a GPS position."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Telephone de Nadia"
    exif.get_ifd(0x8825).update({1: "N", 2: (46.0, 20.0, 24.0), 3: "E", 4: (2.0, 36.0, 10.0)})
    sideways = page_image(lines).transpose(Image.Transpose.ROTATE_90)
    return encoded(sideways, "JPEG", quality=90, exif=exif)


def message(
    sender: str, subject: str, text: str, attachments: Sequence[tuple[str, str, bytes]] = (), inner: bytes = b""
) -> bytes:
    """An e-mail as .eml: attachments are (name, type, content); `inner` is another message, attached."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "mission.emploi@example.org", subject
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content(text)
    for name, kind, content in attachments:
        maintype, subtype = kind.split("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    if inner:
        from email import message_from_bytes, policy

        mail.add_attachment(message_from_bytes(inner, policy=policy.default))
    return mail.as_bytes()


def tnef(attachments: Sequence[tuple[str, str, bytes]]) -> bytes:
    """A winmail.dat: of each file its short name, its whole name (empty for none), and its bytes."""

    def attribute(level: int, kind: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(value)) + value + struct.pack("<H", sum(value) % 65536)

    out = b"\x78\x9f\x3e\x22\x01\x00" + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    for short, whole, content in attachments:
        out += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, short.encode("cp1252") + b"\0")
        out += attribute(2, 0x0006800F, content)
        if whole:
            name = whole.encode("utf-16-le") + b"\0\0"
            told = struct.pack("<III", 0x3707001F, 1, len(name)) + name + bytes(-len(name) % 4)
            out += attribute(2, 0x00069005, struct.pack("<IIi", 2, 0x370B0003, -1) + told)
    return out


def mail_with_pictures(cv: bytes, disposition: str, *, cid: bool = True, photographs: int = 0) -> bytes:
    """Twelve logos, photographs of a page, then the CV."""
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["To"] = "Nadia Benali <nadia@example.org>", "CV", "mission@example.org"
    mail["Message-ID"] = "<1@example.org>"
    mail.set_content("Bonjour")
    logo = encoded(Image.new("RGB", (60, 20), "red"))
    page = encoded(page_image(["Nadia Benali", "06 12 34 56 78"] * 4), "JPEG", quality=95)
    for number in range(12 + photographs):
        name, data = (f"image{number}.png", logo) if number < 12 else (f"IMG_{number}.jpg", page)
        kept = f"<{number}@x>" if cid else None
        mail.add_attachment(data, "image", "png", filename=name, cid=kept, disposition=disposition)
    mail.add_attachment(cv, "application", "octet-stream", filename="CV.docx")
    return mail.as_bytes()
