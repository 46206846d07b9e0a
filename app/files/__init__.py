"""Uploaded files: what may come in, where its bytes lie, and what leaves to whom."""

from app.files.blobs import path_of
from app.files.clean_images import thumbnail
from app.files.copies import CLEANABLE, Made, copy_of
from app.files.intake import Checked, Upload, check
from app.files.kinds import KINDS, MOST_BYTES, USUAL, endings, kind_of_media
from app.files.orphans import sweep
from app.files.quota import Quota, case_is_full
from app.files.store import bind, keep, names_of, take_in

__all__ = [
    "CLEANABLE", "KINDS", "MOST_BYTES", "USUAL", "Checked", "Made", "Quota", "Upload", "bind", "case_is_full", "check",
    "copy_of", "endings", "keep", "kind_of_media", "names_of", "path_of", "sweep", "take_in", "thumbnail",
]  # fmt: skip
