"""Good files with a unique string in every place where a format keeps metadata."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin

from tests.files import made

PREFIX = "Canary"
XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{}</rdf:RDF></x:xmpmeta>'


class Canaries:
    """Strings that stand nowhere else, each named after its place."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __call__(self, place: str) -> str:
        self.all.append(f"{PREFIX}{len(self.all):03d}{place}")
        return self.all[-1]

    def found_in(self, data: bytes) -> list[str]:
        """Those that stand in the bytes, packed or not, in either width of characters."""
        text = b"\0".join(unpacked(data))
        return [
            one
            for one in self.all
            if one.encode() in text or one.encode("utf-16-le") in text or one.encode("utf-16-be") in text
        ]


def unpacked(data: bytes) -> list[bytes]:
    """The bytes, those of the entries of an archive, the streams of a PDF, the packed chunks of a picture."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts += [archive.comment, *(entry.extra + entry.comment for entry in archive.infolist())]
            parts += [
                part
                for entry in archive.infolist()
                for part in (entry.filename.encode(), *unpacked(archive.read(entry)))
            ]
    elif b"%PDF-" in data[:1024]:
        with Pdf.open(BytesIO(data)) as document:
            target = BytesIO()
            document.save(target, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.specialized)
            parts.append(target.getvalue())
            parts += [one.read_raw_bytes() for one in document.objects if isinstance(one, Stream)]
            parts += [one.read_bytes() for one in document.objects if isinstance(one, Stream) and _is_text(one)]
            parts += [
                bytes(one)
                for each in document.objects
                if isinstance(each, Dictionary)
                for one in each.values()
                if isinstance(one, String)
            ]
    elif data.startswith(b"\x89PNG"):
        at = 8
        while at < len(data):
            size, name = struct.unpack("!I4s", data[at : at + 8])
            content = data[at + 8 : at + 8 + size]
            if name in (b"zTXt", b"iCCP"):
                parts.append(zlib.decompress(content.partition(b"\0")[2][1:]))
            at += size + 12
    return parts


def _is_text(one: Stream) -> bool:
    return one.get("/Filter") in (None, Name.FlateDecode)


def exif(mark: Canaries) -> bytes:
    about = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D):
        text = mark(f"Exif{tag:04x}")
        about[tag] = text.encode("utf-16-le") if tag >= 0x9C9B else text
    about[0x0112] = 6
    about[0x0132] = mark("ExifDate")
    inner = about.get_ifd(0x8769)
    inner[0x927C], inner[0x9286], inner[0xA430], inner[0xA431] = (
        mark("Maker").encode(), mark("UserComment").encode(), mark("Owner"), mark("Serial"),
    )  # fmt: skip
    about.get_ifd(0x8825)[0x001B] = mark("Gps").encode()
    return about.tobytes()


def jpeg(mark: Canaries) -> bytes:
    data = made.picture("JPEG", exif=exif(mark), comment=mark("Comment").encode())
    more = b"\xff\xe1" + _sized(b"http://ns.adobe.com/xap/1.0/\0" + XMP.format(mark("Xmp")).encode())
    more += b"\xff\xed" + _sized(b"Photoshop 3.0\x008BIM" + mark("Iptc").encode())
    return data[:2] + more + data[2:] + mark("Trailer").encode()


def _sized(content: bytes) -> bytes:
    return struct.pack("!H", len(content) + 2) + content


def png(mark: Canaries) -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", mark("Text"))
    about.add_text("Packed", mark("Ztxt") * 20, zip=True)
    about.add_itxt("XML:com.adobe.xmp", XMP.format(mark("Itxt")))
    data = made.picture("PNG", pnginfo=about, exif=exif(mark))
    return data[:33] + _chunk(b"prVt", mark("Chunk").encode()) + data[33:] + mark("Tail").encode()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("!I", len(content)) + name + content + struct.pack("!I", zlib.crc32(name + content))


def webp(mark: Canaries) -> bytes:
    return made.picture("WEBP", exif=exif(mark), xmp=XMP.format(mark("Xmp")).encode())


def heic(mark: Canaries) -> bytes:
    return made.picture("HEIF", exif=exif(mark), xmp=XMP.format(mark("Xmp")).encode())


def pdf(mark: Canaries) -> bytes:
    document = Pdf.new()
    page = document.add_blank_page(page_size=(200, 200))
    for key in ("Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate", "Company"):
        document.docinfo[f"/{key}"] = mark(f"Info{key}")
    document.Root.Metadata = _metadata(document, mark("XmpOfFile"))
    document.Root.PieceInfo = Dictionary(App=Dictionary(LastModified="x", Private=mark("Piece")))
    page.obj.Metadata = _metadata(document, mark("XmpOfPage"))
    page.obj.LastModified = mark("Modified")
    remark = Dictionary(
        Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], Contents="remark", T=mark("Remarker"), M=mark("When"),
        CreationDate=mark("Created"), NM=mark("Unique"), Subj=mark("Subject"),
    )  # fmt: skip
    signature = Dictionary(
        Type=Name.Sig, Name=mark("Signer"), Reason=mark("Reason"), Location=mark("Place"), M=mark("Signed")
    )
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T="signature",
        Rect=[0, 0, 9, 9],
        V=document.make_indirect(signature),
    )
    page.obj.Annots = Array([document.make_indirect(remark), document.make_indirect(field)])
    document.Root.AcroForm = Dictionary(Fields=Array([page.obj.Annots[1]]))
    photo = Stream(document, jpeg(mark))
    photo.update(
        Dictionary(
            Type=Name.XObject, Subtype=Name.Image, Width=24, Height=16, ColorSpace=Name.DeviceRGB, BitsPerComponent=8
        )
    )
    photo.Filter, photo.Metadata = Name.DCTDecode, _metadata(document, mark("XmpOfPicture"))
    page.obj.Resources = Dictionary(XObject=Dictionary(Im0=document.make_indirect(photo)))
    data = made.saved(document, static_id=True)
    return data.replace(b"%PDF-", b"%PDF-", 1) + b"\n% " + mark("Remains").encode() + b"\n"


def _metadata(document: Pdf, text: str) -> pikepdf.Object:
    made_ = Stream(document, XMP.format(text).encode())
    made_.Type, made_.Subtype = Name.Metadata, Name.XML
    return document.make_indirect(made_)


CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>{}</dc:creator><cp:lastModifiedBy>{}</cp:lastModifiedBy></cp:coreProperties>'
)


def _properties(mark: Canaries) -> dict[str, bytes | str]:
    return {
        "docProps/core.xml": CORE.format(mark("Creator"), mark("Modifier")),
        "docProps/app.xml": f"<Properties><Company>{mark('Company')}</Company><x>{mark('Manager')}</x></Properties>",
        "docProps/custom.xml": f"<Properties><property>{mark('Custom')}</property></Properties>",
        "docProps/thumbnail.jpeg": jpeg(mark),
        "customXml/item1.xml": f"<x>{mark('CustomXml')}</x>",
    }


def docx(mark: Canaries) -> bytes:
    body = (
        f'<!--{mark("XmlComment")}--><w:p w:rsidR="{mark("Rsid")}">'
        f'<w:ins w:id="1" w:author="{mark("Inserter")}" w:date="{mark("InsDate")}">'
        "<w:r><w:t>增</w:t></w:r></w:ins>"
        f'<w:del w:id="2" w:author="{mark("Deleter")}" w:date="{mark("DelDate")}">'
        "<w:r><w:delText>删</w:delText></w:r></w:del></w:p>"
        f'<w:p><w:fldSimple w:instr=" AUTHOR "><w:r><w:t>{mark("AuthorField")}</w:t></w:r></w:fldSimple></w:p>'
        + made.field(" LASTSAVEDBY ").replace("<w:t>1</w:t>", f"<w:t>{mark('SavedByField')}</w:t>")
        + '<w:p><w:r><w:drawing><wp:docPr xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        f' id="7" name="{mark("DrawingName")}" descr="{mark("DrawingPath")}"/></w:drawing></w:r></w:p>'
    )
    comments = (
        f'<w:comments xmlns:w="{made.WORD}">'
        f'<w:comment w:id="0" w:author="{mark("Commenter")}" w:initials="{mark("Initials")}"'
        f' w:date="{mark("CommentDate")}"><w:p><w:r><w:t>批注</w:t></w:r></w:p></w:comment></w:comments>'
    )
    settings = (
        f'<w:settings xmlns:w="{made.WORD}"><w:rsids><w:rsid w:val="{mark("RsidOf")}"/></w:rsids>'
        f'<w:docVars><w:docVar w:name="x" w:val="{mark("DocVar")}"/></w:docVars></w:settings>'
    )
    parts: dict[str, bytes | str] = {
        "word/comments.xml": comments,
        "word/settings.xml": settings,
        "word/people.xml": f"<p>{mark('Person')}</p>",
        "word/commentsExtensible.xml": f"<p>{mark('CommentTime')}</p>",
        "word/media/image1.jpg": jpeg(mark),
        "word/media/image2.png": png(mark),
        **_properties(mark),
    }
    return _marked(made.docx(body, parts), mark)


def xlsx(mark: Canaries) -> bytes:
    book = (
        f'<fileSharing userName="{mark("Sharer")}"/>'
        f'<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"'
        f' url="{mark("Path")}"/>'
    )
    authors = f"<authors><author>{mark('Commenter')}</author></authors>"
    comments = f'<comments xmlns="{made.SHEET}">{authors}<commentList/></comments>'
    parts: dict[str, bytes | str] = {
        "xl/comments1.xml": comments,
        "xl/persons/person.xml": f"<p>{mark('Person')}</p>",
        "xl/threadedComments/threadedComment1.xml": f"<p>{mark('Thread')}</p>",
        "xl/printerSettings/printerSettings1.bin": mark("Printer"),
        "xl/media/image1.jpg": jpeg(mark),
        **_properties(mark),
    }
    return _marked(made.xlsx(book=book, parts=parts), mark)


def _marked(package: bytes, mark: Canaries) -> bytes:
    """Repacked with what a packing program leaves: comments, extra fields, times."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(target, "w") as made_:
        made_.comment = mark("ZipComment").encode()
        for number, entry in enumerate(source.infolist()):
            again = zipfile.ZipInfo(entry.filename, (2024, 12, 16, 10, 11, 12))
            again.compress_type = zipfile.ZIP_DEFLATED
            if not number:
                extra = mark("ZipExtra").encode()
                again.extra, again.comment = (
                    struct.pack("<HH", 0xCAFE, len(extra)) + extra,
                    mark("EntryComment").encode(),
                )
            made_.writestr(again, source.read(entry))
    return target.getvalue()


PLANTED = {
    "照片.jpg": jpeg, "图.png": png, "图.webp": webp, "手机.heic": heic,
    "报告.pdf": pdf, "说明.docx": docx, "表.xlsx": xlsx,
}  # fmt: skip
