"""Good files of each kind, made here; the hostile ones are made of them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pikepdf
import pillow_heif
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS_OF_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN_TYPES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STREAM_SIZE = 4096
"""Shorter streams would lie in the mini stream, which is not written here."""


def pdf(size: int = 0, **root: Any) -> bytes:
    """A page; with `size` exactly so many bytes; `root`: more entries of the document's catalogue."""
    document = Pdf.new()
    document.add_blank_page(page_size=(200, 200))
    for key, value in root.items():
        document.Root[f"/{key}"] = value
    data = saved(document, deterministic_id=True)
    if size:
        rest = size - len(data) - 2
        return data[:9] + b"%" + b"0" * rest + b"\n" + data[9:] if rest >= 0 else data
    return data


def saved(document: Pdf, **how: Any) -> bytes:
    """The bytes of a document."""
    target = BytesIO()
    document.save(target, **how)
    return target.getvalue()


def with_action(action: Mapping[str, Any]) -> bytes:
    """A PDF that does this when it is opened."""
    return pdf(OpenAction=Dictionary(action))


def with_note(**note: Any) -> bytes:
    """A PDF with a remark on its page."""
    document = Pdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    about = Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], **note)
    page.obj.Annots = document.make_indirect(pikepdf.Array([document.make_indirect(about)]))
    return saved(document)


def picture(kind: str, size: tuple[int, int] = (24, 16), **how: Any) -> bytes:
    """A picture of that format."""
    target = BytesIO()
    drawn = Image.new("RGB", size, (200, 30, 30))
    if kind == "HEIF":
        pillow_heif.from_pillow(drawn).save(target, **how)
    else:
        drawn.save(target, format=kind, **how)
    return target.getvalue()


def archive(entries: Mapping[str, bytes | str], **how: Any) -> bytes:
    """A zip of these entries."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, **how) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return target.getvalue()


def office(main: str, parts: Mapping[str, bytes | str], relations: str = "", types: str = "") -> bytes:
    """An office package: its main part, others, relations of the main part, more content types."""
    folder, _, name = main.rpartition("/")
    listed = "".join(
        f'<Override PartName="/{one}" ContentType="{kind}"/>' for one, kind in MAIN_TYPES.items() if one == main
    )
    start = f'<Relationship Id="rId1" Type="{KINDS_OF_RELATIONS}/officeDocument" Target="{main}"/>'
    return archive(
        {
            "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f"{listed}{types}</Types>",
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">{start}</Relationships>',
            f"{folder}/_rels/{name}.rels": f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>',
            **parts,
        }
    )


def relation(kind: str, target: str, *, external: bool = False, number: int = 9) -> str:
    """A relation of the main part."""
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="rId{number}" Type="{KINDS_OF_RELATIONS}/{kind}" Target="{target}"{mode}/>'


def docx(
    body: str = "<w:p><w:r><w:t>笔录</w:t></w:r></w:p>", parts: Mapping[str, bytes | str] = {}, **more: str
) -> bytes:
    """A text document."""
    text = f'<w:document xmlns:w="{WORD}" xmlns:r="{KINDS_OF_RELATIONS}"><w:body>{body}</w:body></w:document>'
    return office("word/document.xml", {"word/document.xml": text, **parts}, **more)


def field(*instructions: str) -> str:
    """A field whose instruction lies in these runs."""
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def xlsx(
    cell: str = "<c r='A1'><v>1</v></c>", book: str = "", parts: Mapping[str, bytes | str] = {}, **more: str
) -> bytes:
    """A workbook with one sheet."""
    workbook = (
        f'<workbook xmlns="{SHEET}" xmlns:r="{KINDS_OF_RELATIONS}">'
        '<sheets><sheet name="表" sheetId="1" r:id="rId2"/></sheets>'
        f"{book}</workbook>"
    )
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    relations = relation("worksheet", "worksheets/sheet1.xml", number=2) + more.pop("relations", "")
    made = {"xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": sheet, **parts}
    return office("xl/workbook.xml", made, relations=relations, **more)


def ofd(parts: Mapping[str, bytes | str] = {}) -> bytes:
    """A document of the national format."""
    root = '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody/></ofd:OFD>'
    return archive({"OFD.xml": root, "Doc_0/Document.xml": "<Document/>", **parts})


def box(name: bytes, content: bytes = b"") -> bytes:
    """A box of a recording."""
    return struct.pack("!I", len(content) + 8) + name + content


def recording(brand: bytes = b"isom") -> bytes:
    """A recording of nothing."""
    return box(b"ftyp", brand + b"\0\0\0\0") + box(b"moov", box(b"mvhd", b"\0" * 100)) + box(b"mdat", b"\0" * 64)


def word_stream(text: bytes = b"", *, flags: int = 0) -> bytes:
    """The stream of an old text document."""
    return (struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, flags) + text).ljust(STREAM_SIZE, b"\0")


def doc(streams: Mapping[str, bytes] = {}, *, text: bytes = b"", flags: int = 0) -> bytes:
    """An old text document; a stream with nothing in it stands for a storage."""
    return compound({"WordDocument": word_stream(text, flags=flags), "1Table": b"\0" * STREAM_SIZE, **streams})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (version 3) with these streams side by side."""
    entries, body, fat = [], b"", []
    for name, given in streams.items():
        start = len(fat)
        content = given.ljust(STREAM_SIZE, b"\0") if given else b""
        sectors = -(-len(content) // SECTOR)
        fat += [*range(start + 1, start + sectors), END] if sectors else []
        body += content.ljust(sectors * SECTOR, b"\0")
        entries.append((name, 2 if content else 1, start if content else 0, len(content)))
    directory = _entry("Root Entry", 5, END, 0, child=1)
    for number, (name, kind, start, size) in enumerate(entries, 1):
        directory += _entry(name, kind, start, size, right=number + 1 if number < len(entries) else FREE)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    first = len(fat)
    count = len(directory) // SECTOR
    fat += [*range(first + 1, first + count), END]
    tables = -(-(len(fat) + 1) // (SECTOR // 4))
    places = list(range(len(fat), len(fat) + tables))
    fat += [FAT] * tables
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(tables * SECTOR, b"\xff")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, tables, first, 0, STREAM_SIZE, END, 0, END, 0)
    head += struct.pack(f"<{len(places)}I", *places)
    return head.ljust(SECTOR, b"\xff") + body + directory + table


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return (
        written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, FREE, right, child)
        + b"\0" * 36 + struct.pack("<IQ", start, size)
    )  # fmt: skip


GOOD: dict[str, bytes] = {
    "报告.pdf": pdf(),
    "扫描.pdf": b"\xef\xbb\xbf" + pdf(),
    "打印.pdf": b"\x1b%-12345X@PJL JOB\r\n" + pdf(),
    "照片.JPG": picture("JPEG"),
    "照片.jpeg": picture("JPEG"),
    "图.png": picture("PNG"),
    "图.webp": picture("WEBP"),
    "手机.heic": picture("HEIF"),
    "说明.docx": docx(),
    "链接.docx": docx(relations=relation("hyperlink", "https://www.gov.cn/", external=True)),
    "表.xlsx": xlsx(),
    "旧稿.doc": doc(),
    "旧稿.wps": doc(),
    "公文.ofd": ofd(),
    "笔录.txt": "笔录".encode("gb18030"),
    "记录.txt": "\ufeff记录\r\n".encode(),
    "录像.mp4": recording(),
    "录音.m4a": recording(b"M4A "),
    "材料.zip": archive({"证据/照片.jpg": picture("JPEG"), "说明.txt": "说明"}),
}
