"""Small files of every kind, honest ones and liars, made in memory."""

import io
import struct
import zipfile
import zlib

from PIL import Image

from documents.models import StoredFile
from documents.states import ScanStatus

GPS_IFD, MAKE, COMMENT = 0x8825, 0x010F, b"home of the photographer"


def picture(kind="JPEG", *, size=(64, 48), mode="RGB", gps=False, colour="#0b5c7a"):
    """Make a picture; with `gps` it says where it was taken."""
    target = io.BytesIO()
    image = Image.new(mode, size, colour)
    options = {}
    if gps:
        exif = Image.Exif()
        exif[MAKE] = "CameraMaker"
        exif.get_ifd(GPS_IFD).update({1: "N", 2: (31.0, 14.0, 5.5), 3: "E", 4: (121.0, 29.0, 1.5)})
        options["exif"] = exif
        if kind == "JPEG":
            options["comment"] = COMMENT
    image.save(target, kind, **options)
    return target.getvalue()


def box(name, body=b""):
    return struct.pack(">I", 8 + len(body)) + name + body


def heic():
    brands = b"heic" + b"\0\0\0\0" + b"mif1heic"
    return box(b"ftyp", brands) + box(b"meta", b"\0" * 40) + box(b"mdat", b"\1" * 64)


def film(major=b"isom", others=b"isomavc1"):
    head = box(b"ftyp", major + b"\0\0\2\0" + others)
    return head + box(b"moov", b"\0" * 64) + box(b"mdat", b"\2" * 256)


def pdf(extra=b"", *, end=b"\n%%EOF\n"):
    return (
        b"%PDF-1.4\n1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type /Pages /Kids [3 0 R] /Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]" + extra + b">>\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\nstartxref\n0" + end
    )


def archive(entries, *, comment=b"", compression=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as made:
        for name, data in entries.items():
            made.writestr(name, data)
        made.comment = comment
    return target.getvalue()


TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006"/>'


def docx(**more):
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": b"<w:document/>"}
    return archive({**parts, **{name.replace("__", "/"): data for name, data in more.items()}})


def office(main, **changes):
    """Make a Word or Excel file with further or changed entries, by full name."""
    return archive({"[Content_Types].xml": TYPES, main: b"<xml/>", **changes.get("entries", {})})


def xlsx():
    return office("xl/workbook.xml")


def png_claiming(width, height):
    """Make a tiny PNG whose header claims any size (the pixels are all zero)."""
    raw = b"".join(b"\0" + b"\0" * ((width + 7) // 8) for _ in range(min(height, 64)))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(raw, 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def jpg_claiming(width, height):
    """Change the size in the frame header of a real JPEG."""
    data = bytearray(picture())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def gif_claiming(width, height):
    data = bytearray(picture("GIF", mode="P", colour=0))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def webp_claiming(width, height):
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0"
    body += struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def zip_bomb(megabytes=400):
    """Make a Word file whose one part unpacks to hundreds of megabytes."""
    target = io.BytesIO()
    block = b"\0" * (1024 * 1024)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", TYPES)
        with made.open("word/document.xml", "w") as part:
            for _ in range(megabytes):
                part.write(block)
    return target.getvalue()


HONEST = {
    "照片.jpg": picture(),
    "photo.JPEG": picture(),
    "scan.png": picture("PNG"),
    "sticker.webp": picture("WEBP"),
    "clip.gif": picture("GIF", mode="P", colour=0),
    "iphone.HEIC": heic(),
    "invoice.pdf": pdf(),
    "film.mp4": film(),
    "film.mov": film(b"qt  ", b"qt  "),
    "letter.docx": office("word/document.xml"),
    "list.xlsx": xlsx(),
    "chat.txt": "客服：您好\n我：水壶冒烟了\n".encode(),
    "gbk.txt": "客服：您好".encode("gb18030"),
    "wide.txt": "客服：您好".encode("utf-16"),
}
MEDIA_TYPES = {
    "照片.jpg": "image/jpeg",
    "photo.JPEG": "image/jpeg",
    "scan.png": "image/png",
    "sticker.webp": "image/webp",
    "clip.gif": "image/gif",
    "iphone.HEIC": "image/heic",
    "invoice.pdf": "application/pdf",
    "film.mp4": "video/mp4",
    "film.mov": "video/quicktime",
    "letter.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "list.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "chat.txt": "text/plain",
    "gbk.txt": "text/plain",
    "wide.txt": "text/plain",
}

HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"
PHP = b"<?php system($_GET['c']); ?>"
EXE = b"MZ\x90\0\3\0\0\0" + b"\0" * 200
ELF = b"\x7fELF\2\1\1" + b"\0" * 200
ZIP = archive({"a.txt": b"hello"})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MACRO_TYPES = TYPES.replace(b"/>", b' x="application/vnd.ms-word.document.macroEnabled.main+xml"/>')

LIARS = [
    ("html as jpg", "a.jpg", HTML, "type_mismatch"),
    ("html as png", "a.png", HTML, "type_mismatch"),
    ("html as pdf", "a.pdf", HTML, "type_mismatch"),
    ("html as txt", "a.txt", HTML, "type_mismatch"),
    ("html with a mark and spaces as txt", "a.txt", b"\xef\xbb\xbf \n" + HTML, "type_mismatch"),
    ("html as itself", "a.html", HTML, "type_not_allowed"),
    ("svg as itself", "a.svg", SVG, "type_not_allowed"),
    ("svg as png", "a.png", SVG, "type_mismatch"),
    ("svg as txt", "a.txt", SVG, "type_mismatch"),
    ("xml as txt", "a.txt", b"<?xml version='1.0'?>" + SVG, "type_mismatch"),
    ("eps as itself", "a.eps", EPS, "type_not_allowed"),
    ("eps as jpg", "a.jpg", EPS, "type_mismatch"),
    ("eps as txt", "a.txt", EPS, "type_mismatch"),
    ("eps as pdf", "a.pdf", EPS, "type_mismatch"),
    ("php as gif", "a.gif", b"GIF89a" + PHP, "damaged"),
    ("php as itself", "a.php", PHP, "type_not_allowed"),
    ("php in a jpg", "a.jpg", picture() + PHP, "hidden_content"),
    ("shell as txt", "a.txt", b"#!/bin/sh\nrm -rf /\n", "type_mismatch"),
    ("exe as jpg", "a.jpg", EXE, "type_mismatch"),
    ("exe as txt", "a.txt", EXE, "type_mismatch"),
    ("elf as mp4", "a.mp4", ELF, "type_mismatch"),
    ("zip as docx", "a.docx", ZIP, "type_mismatch"),
    ("zip as jpg", "a.jpg", ZIP, "type_mismatch"),
    ("zip as itself", "a.zip", ZIP, "type_not_allowed"),
    ("old doc as docx", "a.docx", OLE, "type_mismatch"),
    ("docx as xlsx", "a.xlsx", office("word/document.xml"), "type_mismatch"),
    ("docx as pdf", "a.pdf", office("word/document.xml"), "type_mismatch"),
    ("pdf as docx", "a.docx", pdf(), "type_mismatch"),
    ("pdf as jpg", "a.jpg", pdf(), "type_mismatch"),
    ("jpg as pdf", "a.pdf", picture(), "type_mismatch"),
    ("jpg as mp4", "a.mp4", picture(), "type_mismatch"),
    ("mp4 as jpg", "a.jpg", film(), "type_mismatch"),
    ("mp4 as mov", "a.mov", film(), "type_mismatch"),
    ("binary as txt", "a.txt", bytes(range(256)), "type_mismatch"),
    ("mail as txt", "a.txt", b"MIME-Version: 1.0\nContent-Type: text/html\n\n", "type_mismatch"),
    ("rtf as txt", "a.txt", b"{\\rtf1 x}", "type_mismatch"),
    ("jpg and html", "a.jpg", picture() + HTML, "hidden_content"),
    ("jpg and zip", "a.jpg", picture() + ZIP, "hidden_content"),
    ("png and zip", "a.png", picture("PNG") + ZIP, "hidden_content"),
    ("gif and html", "a.gif", picture("GIF", mode="P", colour=0) + HTML, "hidden_content"),
    ("gif that is a script", "a.gif", b"GIF89a=1;/*" + b"\0" * 80 + b"*/alert(1)", "damaged"),
    ("jpg and rar", "a.jpg", picture() + b"Rar!\x1a\x07\0" + b"x" * 50, "hidden_content"),
    ("jpg and phar", "a.jpg", picture() + b"__HALT_COMPILER(); ?>", "hidden_content"),
    ("jpg and svg", "a.jpg", picture() + SVG, "hidden_content"),
    ("jpg and eps", "a.jpg", picture() + EPS, "hidden_content"),
    ("pdf and html", "a.pdf", pdf() + HTML + b"%%EOF", "hidden_content"),
    ("pdf and zip", "a.pdf", pdf() + ZIP, "hidden_content"),
    ("pdf with a script", "a.pdf", pdf(b"/AA <</O <</S /JavaScript>>>>"), "active_content"),
    ("pdf that starts a program", "a.pdf", pdf(b"/A <</S /Launch /F (x)>>"), "active_content"),
    ("pdf with a film player", "a.pdf", pdf(b"/Subtype /RichMedia"), "active_content"),
    ("pdf without an end", "a.pdf", pdf(end=b""), "damaged"),
    ("pdf after a prefix", "a.pdf", b"junk" + pdf(), "type_mismatch"),
    ("jpg of three bytes", "a.jpg", b"\xff\xd8\xff", "damaged"),
    ("jpg without a frame", "a.jpg", b"\xff\xd8\xff\xe0\0\x04ab\xff\xd9", "damaged"),
    ("png cut short", "a.png", picture("PNG")[:40], "damaged"),
    ("png with a wrong sum", "a.png", picture("PNG")[:-20] + b"\0" * 20, "damaged"),
    ("webp of nothing", "a.webp", b"RIFF\4\0\0\0WEBP", "damaged"),
    ("avif as heic", "a.heic", box(b"ftyp", b"avif\0\0\0\0avifmif1"), "type_mismatch"),
    ("heic without a picture", "a.heic", box(b"ftyp", b"heic\0\0\0\0mif1heic"), "damaged"),
    ("film without an index", "a.mp4", box(b"ftyp", b"isom\0\0\0\0isom"), "damaged"),
    ("film cut short", "a.mp4", film()[:-9], "damaged"),
    ("macros in docx", "a.docx", docx(word__vbaProject=b"x"), "macros"),
    ("macros by type", "a.docx", docx(**{"[Content_Types].xml": MACRO_TYPES}), "macros"),
    (
        "entity bomb in docx",
        "a.docx",
        docx(**{"[Content_Types].xml": b"<!DOCTYPE x>"}),
        "hidden_content",
    ),
    ("path out of docx", "a.docx", docx(**{"../../evil.sh": b"x"}), "hidden_content"),
    ("absolute path in docx", "a.docx", docx(**{"/etc/cron.d/x": b"x"}), "hidden_content"),
    ("archive in docx", "a.docx", docx(**{"word/embeddings/a.zip": ZIP}), "archive_nested"),
    ("sheet in docx", "a.docx", docx(**{"word/embeddings/a.xlsx": ZIP}), "archive_nested"),
    ("docx with a broken directory", "a.docx", b"PK\3\4" + b"\0" * 60, "damaged"),
    ("nothing", "a.jpg", b"", "empty"),
    ("no extension", "photo", picture(), "no_extension"),
    ("only an extension", ".jpg", picture(), "no_extension"),
    ("double extension", "a.jpg.exe", picture(), "type_not_allowed"),
    ("hidden extension", "a.jpg\u200b.php", picture(), "type_not_allowed"),
    ("turned extension", "a\u202egpj.exe", picture(), "type_not_allowed"),
]


def quarantined(row):
    """A stored file that a scanner has set apart."""
    StoredFile.objects.filter(pk=row.pk).update(scan_status=ScanStatus.QUARANTINED)
    row.refresh_from_db()
    return row
