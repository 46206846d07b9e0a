"""Pictures without metadata: decoded, turned upright, brought to sRGB, written anew; nothing else is carried over."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from app.files import images

JPEG_QUALITY = 92
MODES = {"jpg": ("L", "RGB"), "png": ("1", "L", "LA", "RGB", "RGBA", "I;16"), "webp": ("RGB", "RGBA")}


def clean(data: bytes, kind: str) -> tuple[bytes, str]:
    """The picture and its kind: HEIC becomes JPEG, which every reader opens. Raises Invalid."""
    target = "jpg" if kind == "heic" else kind
    picture = _in_srgb(ImageOps.exif_transpose(images.opened(data, kind)))
    if picture.mode not in MODES[target]:
        picture = picture.convert("RGBA" if "A" in picture.getbands() and target != "jpg" else "RGB")
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    return written(bare, target), target


def thumbnail(data: bytes, kind: str, *, side: int) -> bytes:
    """A small JPEG of the picture, upright and bare. Raises Invalid."""
    picture = ImageOps.exif_transpose(images.opened(data, kind)).convert("RGB")
    picture.thumbnail((side, side))
    return written(Image.frombytes(picture.mode, picture.size, picture.tobytes()), "jpg")


def written(picture: Image.Image, kind: str) -> bytes:
    """The bytes of a bare picture."""
    target = BytesIO()
    more = {"quality": JPEG_QUALITY} if kind in ("jpg", "webp") else {}
    picture.save(target, format=images.FORMATS[kind], **more)
    return target.getvalue()


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Colours as they look with the picture's own profile; a profile names its device and its maker."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGB" if picture.mode == "CMYK" else picture.mode
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
