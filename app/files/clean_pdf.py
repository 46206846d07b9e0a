"""PDF without metadata: information, XMP, identifiers, authors of remarks, signatures, and what its pictures carry."""

from __future__ import annotations

from io import BytesIO

from pikepdf import Dictionary, Name, Object, Pdf, Stream

from app.files import pdf
from app.files.segments import bare_jpeg, bare_jpeg2000

_EVERYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/CreatorInfo", "/Thumb", "/CIDSystemInfoAuthor")
_OF_REMARKS = ("/T", "/M", "/CreationDate", "/NM", "/RC", "/Subj")
_OF_SIGNATURES = ("/V", "/Lock", "/SV")


def clean(data: bytes) -> bytes:
    """The document as it looks, and nothing of where it comes from. Raises Invalid."""
    with pdf.opened(data) as document:
        for one in pdf.dictionaries(document):
            _strip(one)
        for key in ("/Info", "/ID"):
            if key in document.trailer:
                del document.trailer[key]
        for key in ("/Perms", "/DSS", "/Legal"):
            if key in document.Root:
                del document.Root[key]
        return _written(document)


def _strip(one: Object) -> None:
    for key in _EVERYWHERE:
        if key in one:
            del one[key]
    subtype = one.get("/Subtype")
    if subtype is not None and "/Rect" in one and subtype != Name.Widget:
        _drop(one, _OF_REMARKS)
    if one.get("/FT") == Name.Sig:
        _drop(one, (*_OF_SIGNATURES, "/M"))
    if isinstance(one, Stream) and subtype == Name.Image:
        _strip_picture(one)


def _drop(one: Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in one:
            del one[key]


def _strip_picture(picture: Stream) -> None:
    """A photograph in a PDF is still the camera's file."""
    filters = picture.get("/Filter")
    names = [str(one) for one in filters] if filters is not None and not isinstance(filters, Name) else [str(filters)]
    if names == ["/DCTDecode"]:
        parms = picture.get("/DecodeParms")
        bare = bare_jpeg(picture.read_raw_bytes())
        picture.write(bare, filter=Name.DCTDecode, decode_parms=parms if isinstance(parms, Dictionary) else None)
    elif names == ["/JPXDecode"]:
        picture.write(bare_jpeg2000(picture.read_raw_bytes()), filter=Name.JPXDecode)


def _written(document: Pdf) -> bytes:
    target = BytesIO()
    document.save(target, deterministic_id=True, fix_metadata_version=False)
    return target.getvalue()
