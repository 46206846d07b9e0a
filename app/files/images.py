"""Pictures: decoded by their own decoder within a bound of pixels, and by no other."""

from __future__ import annotations

import re
import warnings
from io import BytesIO

import pi_heif  # type: ignore[import-untyped]
from PIL import Image, UnidentifiedImageError

from app.errors import words
from app.files import faults

MOST_PIXELS = 100_000_000
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "heic": "HEIF"}
_CODE = re.compile(rb"<\s*(script|html|svg|iframe|\?php|!doctype)", re.IGNORECASE)
pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def inspect(data: bytes, kind: str) -> None:
    """Refuse a picture that is damaged, has too many pixels, or is a page or script as well. Raises Invalid."""
    if _CODE.search(data):
        raise faults.two_faced()
    opened(data, kind)


def opened(data: bytes, kind: str) -> Image.Image:
    """The decoded picture, its first frame. Raises Invalid."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(data), formats=[FORMATS[kind]])
            if picture.width * picture.height > MOST_PIXELS:
                raise too_large()
            picture.load()
    except Image.DecompressionBombError:
        raise too_large() from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError, RuntimeError):
        raise faults.damaged() from None
    return picture


def too_large() -> Exception:
    """More pixels than may be unpacked."""
    return faults.fault(
        words("This picture has more than {count} million pixels. Save it smaller.", count=MOST_PIXELS // 1_000_000),
        "file.pixels",
    )
